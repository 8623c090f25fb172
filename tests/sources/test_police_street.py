"""Street-level crime files: what becomes of a row, and what is said of a row that cannot be."""

import gzip
import random
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from campaigns.mutated_police_files import street_file
from frankpledge.sources import police_uk
from frankpledge.sources.handing_over import EVENT_SCHEMA
from frankpledge.vocabulary.deliveries import Balance, Delivery, Refusal, RowFault
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.periods import Month, MonthSpan
from tests.sources.reading import NAME, STREET, read_all, read_one, refusal_of, street_row, write_street


def test_a_row_becomes_an_event(tmp_path: Path) -> None:
    delivery = read_one(write_street(tmp_path, [street_row()]))
    assert (delivery.source, delivery.publisher, delivery.publisher_name) == (
        "police-uk-street",
        "leicestershire",
        "Leicestershire Police",
    )
    assert delivery.period == MonthSpan(Month(2021, 1), Month(2021, 1))
    assert delivery.file == NAME
    assert delivery.events.schema == EVENT_SCHEMA
    (event,) = delivery.events.to_pylist()
    easting, northing = event.pop("easting"), event.pop("northing")
    assert (easting, northing) == pytest.approx((453_290, 302_960), abs=60)
    assert event == {
        "line": 2,
        "reference": "a1",
        "crime_type": "burglary",
        "publisher_type": "Burglary",
        "month": date(2021, 1, 1),
        "occurred_from": datetime(2021, 1, 1, tzinfo=UTC),
        "occurred_to": datetime(2021, 2, 1, tzinfo=UTC),
        "precision": "month",
        "place_precision": "snap",
        "small_area": "E01025631",
        "premises": None,
        "outcome": "Under investigation",
    }


def test_a_summer_month_begins_at_midnight_in_london_not_in_greenwich(tmp_path: Path) -> None:
    rows = [street_row(month="2021-07")]
    (event,) = read_one(write_street(tmp_path, rows, "2021-07-leicestershire-street.csv")).events.to_pylist()
    assert event["occurred_from"] == datetime(2021, 6, 30, 23, tzinfo=UTC)
    assert event["occurred_to"] == datetime(2021, 7, 31, 23, tzinfo=UTC)
    assert event["month"] == date(2021, 7, 1)


def test_what_a_row_does_not_say_is_unknown(tmp_path: Path) -> None:
    rows = [street_row("", place=",,No Location,,", kind="Anti-social behaviour", outcome="")]
    (event,) = read_one(write_street(tmp_path, rows)).events.to_pylist()
    unknown = {name for name, value in event.items() if value is None}
    assert unknown == {"reference", "easting", "northing", "small_area", "premises", "outcome"}
    assert event["place_precision"] == "none"


def test_a_row_with_only_a_small_area_says_so(tmp_path: Path) -> None:
    (event,) = read_one(
        write_street(tmp_path, [street_row(place=",,No Location,E01025631,Blaby 002A")])
    ).events.to_pylist()
    assert event["place_precision"] == "area"


def test_categories_before_2013_fold_into_the_nearest_later_one(tmp_path: Path) -> None:
    rows = [street_row("a", kind="Violent crime"), street_row("b", kind="Public disorder and weapons")]
    kinds = read_one(write_street(tmp_path, rows)).events["crime_type"].to_pylist()
    assert kinds == ["violence-and-sexual-offences", "public-order"]


FAULTS = [
    ({"month": "2021-13"}, RowFault.IMPOSSIBLE_MONTH, "Month", "“2021-13” is not a month"),
    ({"month": "January 2021"}, RowFault.IMPOSSIBLE_MONTH, "Month", "write YYYY-MM"),
    ({"month": "1066-10"}, RowFault.IMPOSSIBLE_MONTH, "Month", "1066-10"),
    ({"month": "２０２１-０１"}, RowFault.IMPOSSIBLE_MONTH, "Month", "is not a month"),
    (
        {"month": "2021-02"},
        RowFault.OTHER_MONTH,
        "Month",
        "The row is of February 2021, but the file's name says January",
    ),
    ({"force": "Ministry of Walks"}, RowFault.UNKNOWN_PUBLISHER, "Reported by", "“Ministry of Walks”"),
    ({"force": "Gwent Police"}, RowFault.OTHER_PUBLISHER, "Reported by", "the file's name says Leicestershire Police"),
    ({"kind": "Witchcraft"}, RowFault.UNKNOWN_CRIME_TYPE, "Crime type", "no crime type “Witchcraft”"),
    ({"kind": "burglary"}, RowFault.UNKNOWN_CRIME_TYPE, "Crime type", "“burglary”"),
    ({"place": "west,52.6,L,E01025631,N"}, RowFault.MALFORMED_POSITION, "Longitude", "“west” is not a longitude"),
    ({"place": "1e0,52.6,L,E01025631,N"}, RowFault.MALFORMED_POSITION, "Longitude", "“1e0”"),
    ({"place": "nan,nan,L,E01025631,N"}, RowFault.MALFORMED_POSITION, "Longitude", "“nan”"),
    ({"place": "-1.2,95.0,L,E01025631,N"}, RowFault.MALFORMED_POSITION, "Latitude", "“95.0” is not a latitude"),
    ({"place": "-1.2,,L,E01025631,N"}, RowFault.MALFORMED_POSITION, "Latitude", "has a longitude but no latitude"),
    ({"place": "0,0,L,E01025631,N"}, RowFault.POSITION_IN_THE_SEA, "Longitude", "is not on land"),
    ({"place": "3.0,55.0,L,E01025631,N"}, RowFault.POSITION_IN_THE_SEA, "Longitude", "is not on land"),
    ({"place": "52.62,-1.21,L,E01025631,N"}, RowFault.POSITION_IN_THE_SEA, "Longitude", "look swapped"),
    ({"place": "-1.2,52.6,L,E0102563,N"}, RowFault.MALFORMED_AREA_CODE, "LSOA code", "“E0102563”"),
    ({"place": "-1.2,52.6,L,E05005454,N"}, RowFault.MALFORMED_AREA_CODE, "LSOA code", "not the code of a small area"),
]


@pytest.mark.parametrize(("parts", "fault", "column", "words"), FAULTS)
def test_a_faulty_row_is_set_aside_with_its_reason(
    tmp_path: Path, parts: dict[str, str], fault: RowFault, column: str, words: str
) -> None:
    wrong = street_row("b2", **parts)
    delivery = read_one(write_street(tmp_path, [street_row(), wrong, street_row("c3")]))
    (row,) = delivery.rejected
    assert (row.file, row.line, row.fault, row.column) == (NAME, 3, fault, column)
    assert words in row.sentence
    assert row.raw == wrong
    assert delivery.balance == Balance(3, 2, 1, 0)
    assert delivery.events["line"].to_pylist() == [2, 4]


LINES_THAT_ARE_NO_ROWS = [
    (b"only,three,cells", RowFault.WRONG_NUMBER_OF_COLUMNS, "The row has 3 cells where the header has 12"),
    (street_row().encode() + b",", RowFault.WRONG_NUMBER_OF_COLUMNS, "13 cells"),
    (street_row().replace("Lowland", "Tywi\0n").encode(), RowFault.UNREADABLE_CHARACTERS, "control character (code 0)"),
    (street_row().encode().replace(b"Lowland", b"Caf\xe9"), RowFault.UNREADABLE_CHARACTERS, "0xe9"),
    (street_row().replace("On or", '"On or').encode(), RowFault.UNFINISHED_QUOTE, "never closed"),
    (street_row().replace("On or", '"On" or').encode(), RowFault.UNFINISHED_QUOTE, "after a closing quotation mark"),
    (street_row(outcome="x" * 1_000_001).encode(), RowFault.OVERSIZED_CELL, "more than a million characters"),
]


@pytest.mark.parametrize(("line", "fault", "words"), LINES_THAT_ARE_NO_ROWS)
def test_a_line_that_is_no_row_spoils_only_itself(tmp_path: Path, line: bytes, fault: RowFault, words: str) -> None:
    path = tmp_path / NAME
    path.write_bytes(b"\n".join([STREET.encode(), street_row("a").encode(), line, street_row("b").encode(), b""]))
    delivery = read_one(path)
    (row,) = delivery.rejected
    assert (row.line, row.fault) == (3, fault)
    assert words in row.sentence
    assert len(row.raw) <= 2_000
    assert delivery.events["reference"].to_pylist() == ["a", "b"]
    assert delivery.balance == Balance(3, 2, 1, 0)


def test_a_quoted_cell_may_hold_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    quoted = street_row("q").replace("On or near Lowland Avenue", '"On or near ""The Bell"",\nMarket Place"')
    delivery = read_one(write_street(tmp_path, [street_row("a"), quoted, street_row("b", kind="Witchcraft")]))
    assert delivery.events["line"].to_pylist() == [2, 3]
    assert delivery.rejected[0].line == 5  # the quoted row takes two lines


def test_blank_lines_are_not_rows_but_are_counted_as_lines(tmp_path: Path) -> None:
    delivery = read_one(write_street(tmp_path, [street_row("a"), "", "", street_row("b"), "", ""]))
    assert delivery.events["line"].to_pylist() == [2, 5]
    assert delivery.balance == Balance(2, 2, 0, 0)


def test_equal_rows_with_an_id_are_duplicates_and_without_one_are_not(tmp_path: Path) -> None:
    nameless = street_row("", kind="Anti-social behaviour")
    rows = [street_row("a"), nameless, street_row("a"), nameless, street_row("a", kind="Drugs"), street_row("a")]
    delivery = read_one(write_street(tmp_path, rows))
    assert delivery.balance == Balance(read=6, stored=4, quarantined=0, duplicates=2)
    assert delivery.duplicates == 2
    assert delivery.events["line"].to_pylist() == [2, 3, 5, 6]


def test_a_faulty_row_that_comes_twice_is_two_faulty_rows(tmp_path: Path) -> None:
    wrong = street_row("b", kind="Witchcraft")
    assert read_one(write_street(tmp_path, [street_row(), wrong, wrong])).balance == Balance(3, 1, 2, 0)


def test_a_file_of_several_months_and_forces_gives_a_delivery_for_each(tmp_path: Path) -> None:
    rows = [
        street_row("a", month="2021-02"),
        street_row("b"),
        street_row("c", force="Gwent Police"),
        street_row("d"),
        street_row("e", month="2021-99"),
    ]
    deliveries = read_all(write_street(tmp_path, rows, "all my crimes.csv"))
    found = [(str(d.period.first), d.publisher, d.balance) for d in deliveries if isinstance(d, Delivery)]
    assert found == [
        ("2021-01", "gwent", Balance(1, 1, 0, 0)),
        ("2021-01", "leicestershire", Balance(3, 2, 1, 0)),  # the row without a month goes with the largest
        ("2021-02", "leicestershire", Balance(1, 1, 0, 0)),
    ]


def test_a_file_of_which_nothing_can_be_used_is_refused_rather_than_delivered_empty(tmp_path: Path) -> None:
    path = write_street(tmp_path, [street_row(month="2021-02"), street_row(month="2021-03")])
    assert refusal_of(path) == (
        f"{NAME} was not taken: none of its 2 rows can be used. Line 2: The row is of February 2021, but the file's "
        "name says January 2021; one of them is wrong."
    )


# The same content however it is delivered


def _content(path: Path) -> str:
    return read_one(path).content_sha256


def test_content_is_known_whatever_the_name_packing_order_and_line_ends(tmp_path: Path) -> None:
    rows = street_file(random.Random(3)).decode().splitlines()[1:]
    original = _content(write_street(tmp_path, rows))
    assert _content(write_street(tmp_path, rows, "copy of crimes (2).csv")) == original
    assert _content(write_street(tmp_path, rows[::-1], "backwards.csv")) == original
    assert _content(write_street(tmp_path, rows, "crlf.csv", end="\r\n")) == original
    assert _content(write_street(tmp_path, rows, "oldmac.csv", end="\r")) == original
    assert _content(write_street(tmp_path, ["", *rows], "blank.csv")) == original
    quoted = [",".join(f'"{cell}"' for cell in row.split(",")) for row in rows]
    assert _content(write_street(tmp_path, quoted, "quoted.csv")) == original
    data = (tmp_path / NAME).read_bytes()
    (tmp_path / "bom.csv").write_bytes(b"\xef\xbb\xbf" + data)
    assert _content(tmp_path / "bom.csv") == original
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(data[:700]) + gzip.compress(data[700:]))
    assert _content(tmp_path / "packed.csv.gz") == original


def test_content_differs_when_a_cell_a_row_or_a_fault_does(tmp_path: Path) -> None:
    original = _content(write_street(tmp_path, [street_row("a"), street_row("b")]))
    other_rows = [
        [street_row("a"), street_row("c")],
        [street_row("a")],
        [street_row("a"), street_row("b", outcome="Local resolution")],
        [street_row("a"), street_row("b"), street_row("c", kind="Witchcraft")],
        [
            street_row("a"),
            street_row("b", month="2021-02").replace("2021-02", "2021-01").replace("Lowland", "Lowlands"),
        ],
    ]
    others = {_content(write_street(tmp_path, rows, f"{i}.csv")) for i, rows in enumerate(other_rows)}
    assert len(others) == len(other_rows)
    assert original not in others


# Files, folders and archives


def test_a_folder_is_read_in_name_order_with_nested_folders_and_archives(tmp_path: Path) -> None:
    write_street(tmp_path, [street_row()], "b/2021-01-leicestershire-street.csv")
    write_street(tmp_path, [street_row(month="2021-02")], "a/2021-02-leicestershire-street.csv")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("2021-03/2021-03-leicestershire-street.csv", f"{STREET}\n{street_row(month='2021-03')}\n")
        archive.writestr("__MACOSX/._2021-03-leicestershire-street.csv", b"\0\1\2")
    (tmp_path / ".DS_Store").write_bytes(b"\0")
    assert [outcome.file for outcome in read_all(tmp_path)] == [
        "a/2021-02-leicestershire-street.csv",
        "b/2021-01-leicestershire-street.csv",
        "c.zip/2021-03/2021-03-leicestershire-street.csv",
    ]


def test_reading_says_which_file_it_is_at(tmp_path: Path) -> None:
    said: list[str] = []
    list(police_uk.read(write_street(tmp_path, [street_row()]), progress=said.append))
    assert said == [f"Reading {NAME}"]


def test_a_path_that_does_not_exist_and_an_empty_folder_are_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(DataProblem, match="There is no such file or folder"):
        list(police_uk.read(tmp_path / "nowhere"))
    with pytest.raises(DataProblem, match="This folder holds no files"):
        list(police_uk.read(tmp_path))


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("")
    write_street(tmp_path, [street_row()])
    (tmp_path / "3.csv").write_text("<html></html>")
    kinds = [type(outcome) for outcome in read_all(tmp_path)]
    assert kinds == [Refusal, Delivery, Refusal]


def test_sniffing_knows_its_own_files(tmp_path: Path) -> None:
    assert police_uk.sniff(write_street(tmp_path, [street_row()]))
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    assert not police_uk.sniff(tmp_path / "other.csv")
    assert not police_uk.sniff(tmp_path / "nowhere")


def test_columns_in_another_order_and_extra_columns_are_fine(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text(
        "Crime type,Extra,LSOA code,Latitude,Longitude,Reported by,Month,Crime ID,Last outcome category\n"
        "Burglary,x,E01025631,52.62,-1.21,Leicestershire Police,2021-01,a1,\n"
    )
    assert read_one(path).events["crime_type"].to_pylist() == ["burglary"]
