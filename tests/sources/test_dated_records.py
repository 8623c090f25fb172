"""Partners' dated files: police extract, council anti-social behaviour, fire incidents."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from frankpledge.sources.profiles import Profile, read_with, shipped
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.deliveries import Balance, Delivery, RowFault
from tests.sources.reading import read_one, refusal_of

POLICE_EXTRACT = shipped()["police-extract"]
COUNCIL_ASB = shipped()["council-asb"]
FIRE_INCIDENTS = shipped()["fire-incidents"]
EXTRACT = "police-extract-brackenshire-2025-03.csv"
GOOD = {
    "crime_ref": "B/1",
    "offence": "Burglary - residential",
    "hocode": "28/3",
    "from_date": "14/03/2025",
    "from_time": "22:15",
    "to_date": "15/03/2025",
    "to_time": "06:40",
    "uprn": "100000000123",
    "address": '"1 Private Street, Nowhere"',
    "postcode": "ZZ1 1ZZ",
    "easting": "458000",
    "northing": "304000",
    "lsoa": "E01025631",
    "victim_ref": "V-SECRET",
    "mo": "SECRETPERSON forced the window",
}


def _row(source: Profile = POLICE_EXTRACT, good: dict[str, str] | None = None, **changes: str) -> str:
    cells = {**(good or GOOD), **changes}
    return ",".join(cells[name] for name in source.column_names)


def _write(folder: Path, *rows: str, name: str = EXTRACT, source: Profile = POLICE_EXTRACT) -> Path:
    path = folder / name
    path.write_text("\n".join([",".join(source.column_names), *rows]) + "\n")
    return path


def test_a_burglary_has_its_span_its_home_and_nothing_of_the_people(tmp_path: Path) -> None:
    delivery = read_one(_write(tmp_path, _row()))
    assert (delivery.source, delivery.publisher, delivery.publisher_name) == (
        "police-extract",
        "brackenshire",
        "Brackenshire Constabulary",
    )
    (event,) = delivery.events.to_pylist()
    assert event == {
        "line": 2,
        "reference": "B/1",
        "crime_type": "burglary",
        "publisher_type": "Burglary - residential",
        "month": date(2025, 3, 1),
        "occurred_from": datetime(2025, 3, 14, 22, 15, tzinfo=UTC),
        "occurred_to": datetime(2025, 3, 15, 6, 40, tzinfo=UTC),
        "precision": "minute",
        "easting": 458000.0,
        "northing": 304000.0,
        "place_precision": "address",
        "small_area": "E01025631",
        "premises": "100000000123",
        "outcome": None,
    }


@pytest.mark.parametrize(
    ("day", "time", "utc"),
    [
        ("29/03/2025", "12:00", datetime(2025, 3, 29, 12, 0, tzinfo=UTC)),
        ("30/03/2025", "00:59", datetime(2025, 3, 30, 0, 59, tzinfo=UTC)),
        ("30/03/2025", "02:00", datetime(2025, 3, 30, 1, 0, tzinfo=UTC)),
        ("31/03/2025", "12:00", datetime(2025, 3, 31, 11, 0, tzinfo=UTC)),
    ],
)
def test_times_are_by_the_london_clock(tmp_path: Path, day: str, time: str, utc: datetime) -> None:
    row = _row(from_date=day, from_time=time, to_date="", to_time="")
    (event,) = read_one(_write(tmp_path, row)).events.to_pylist()
    assert event["occurred_from"] == event["occurred_to"] == utc


def test_of_an_hour_that_comes_twice_the_first_is_meant(tmp_path: Path) -> None:
    row = _row(from_date="26/10/2025", from_time="01:30", to_date="", to_time="")
    (event,) = read_one(_write(tmp_path, row, name="police-extract-brackenshire-2025-10.csv")).events.to_pylist()
    assert event["occurred_from"] == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "times",
    [{"from_time": ""}, {"to_time": ""}, {"from_time": "", "to_time": ""}],
)
def test_without_a_time_whole_days_are_meant(tmp_path: Path, times: dict[str, str]) -> None:
    (event,) = read_one(_write(tmp_path, _row(**times))).events.to_pylist()
    assert event["precision"] == "day"
    assert event["occurred_from"] == datetime(2025, 3, 14, tzinfo=UTC)
    assert event["occurred_to"] == datetime(2025, 3, 16, tzinfo=UTC)


FAULTS = [
    ({"crime_ref": ""}, RowFault.MISSING_VALUE, "crime_ref", "lacks the publisher's reference"),
    ({"offence": "Sorcery"}, RowFault.UNKNOWN_CRIME_TYPE, "offence", "“Sorcery” is not among the agreed words"),
    ({"from_date": ""}, RowFault.MISSING_VALUE, "from_date", "lacks a date"),
    ({"from_date": "31/04/2025"}, RowFault.IMPOSSIBLE_DATE, "from_date", "The date 31/04/2025 does not exist."),
    ({"from_date": "29/02/1900"}, RowFault.IMPOSSIBLE_DATE, "from_date", "does not exist"),
    ({"from_date": "03/14/2025"}, RowFault.IMPOSSIBLE_DATE, "from_date", "does not exist"),
    ({"from_date": "14/03/25"}, RowFault.IMPOSSIBLE_DATE, "from_date", "is not a date; write dd/mm/yyyy"),
    ({"from_date": "2025-03-14"}, RowFault.IMPOSSIBLE_DATE, "from_date", "is not a date"),
    ({"from_date": "45730"}, RowFault.IMPOSSIBLE_DATE, "from_date", "is not a date"),
    ({"from_date": "14/03/0001"}, RowFault.IMPOSSIBLE_DATE, "from_date", "cannot be right"),
    ({"from_date": "14/02/2025"}, RowFault.OTHER_MONTH, "from_date", "is not in March 2025"),
    ({"to_date": "31/11/2025"}, RowFault.IMPOSSIBLE_DATE, "to_date", "does not exist"),
    ({"to_date": ""}, RowFault.MISSING_VALUE, "to_date", "a time of its end but no date"),
    ({"from_time": "24:00"}, RowFault.IMPOSSIBLE_TIME, "from_time", "is not a time of day"),
    ({"to_time": "10.30"}, RowFault.IMPOSSIBLE_TIME, "to_time", "is not a time of day"),
    ({"from_date": "30/03/2025", "from_time": "01:30"}, RowFault.NO_SUCH_HOUR, "from_time", "there was no 01:30"),
    ({"to_date": "14/03/2025"}, RowFault.ENDS_BEFORE_IT_STARTS, "to_date", "ends (14/03/2025 06:40) before it starts"),
    ({"to_date": "13/03/2025", "to_time": ""}, RowFault.ENDS_BEFORE_IT_STARTS, "to_date", "before it starts"),
    ({"uprn": "12A"}, RowFault.MALFORMED_PREMISES, "uprn", "not a unique property reference number"),
    ({"uprn": "1" * 14}, RowFault.MALFORMED_PREMISES, "uprn", "up to 13 digits"),
    ({"easting": "4.58E5"}, RowFault.MALFORMED_POSITION, "easting", "is no easting in metres"),
    ({"easting": "800000"}, RowFault.MALFORMED_POSITION, "easting", "National Grid"),
    ({"northing": ""}, RowFault.MALFORMED_POSITION, "northing", "a position needs both"),
    ({"easting": "304000", "northing": "458000"}, None, "", ""),  # swapped, but still on land: cannot be told
    ({"easting": "690000", "northing": "690000"}, RowFault.POSITION_IN_THE_SEA, "easting", "is not on land"),
    ({"lsoa": "Harborough 001A"}, RowFault.MALFORMED_AREA_CODE, "lsoa", "not the code of a small area"),
]


@pytest.mark.parametrize(("changes", "fault", "column", "words"), FAULTS)
def test_a_faulty_row_is_set_aside_with_its_reason_and_without_private_cells(
    tmp_path: Path, changes: dict[str, str], fault: RowFault | None, column: str, words: str
) -> None:
    delivery = read_one(_write(tmp_path, _row(), _row(**{"crime_ref": "B/2", **changes})))
    if fault is None:
        assert delivery.balance == Balance(2, 2, 0, 0)
        return
    (row,) = delivery.rejected
    assert (row.line, row.fault, row.column) == (3, fault, column)
    assert words in row.sentence
    assert "Private" not in row.raw
    assert "SECRET" not in row.raw
    assert "ZZ1" not in row.raw
    assert row.raw.count("[withheld]") == 4
    assert delivery.balance == Balance(2, 1, 1, 0)


def test_the_same_row_again_is_a_duplicate(tmp_path: Path) -> None:
    assert read_one(_write(tmp_path, _row(), _row(), _row(crime_ref="B/2"))).balance == Balance(3, 2, 0, 1)


def test_made_up_areas_may_lie_anywhere(tmp_path: Path) -> None:
    delivery = read_one(_write(tmp_path, _row(lsoa="X01000001", easting="690000", northing="690000")))
    assert delivery.balance.stored == 1


ASB = {
    "report_ref": "R1",
    "category": "Fly-tipping",
    "reported_on": "02/06/2025",
    "reported_time": "",
    "easting": "",
    "northing": "",
    "lsoa": "X01000001",
}
FIRE = {
    "incident_no": "F1",
    "type": "Deliberate secondary fire",
    "alarm_date": "02/06/2025",
    "alarm_time": "01:05",
    "easting": "458000",
    "northing": "304000",
    "lsoa": "",
    "uprn": "",
}


def test_a_council_report(tmp_path: Path) -> None:
    path = _write(
        tmp_path, _row(COUNCIL_ASB, ASB), name="council-asb-aldercombe-borough-council-2025-06.csv", source=COUNCIL_ASB
    )
    delivery = read_one(path)
    assert (delivery.publisher, delivery.publisher_name) == ("aldercombe-borough-council", "Aldercombe Borough Council")
    (event,) = delivery.events.to_pylist()
    assert event["crime_type"] == CrimeType.ENVIRONMENTAL_CRIME
    assert (event["precision"], event["place_precision"], event["premises"]) == ("day", "area", None)
    assert (event["occurred_from"], event["occurred_to"]) == (
        datetime(2025, 6, 1, 23, tzinfo=UTC),
        datetime(2025, 6, 2, 23, tzinfo=UTC),
    )


def test_a_fire(tmp_path: Path) -> None:
    path = _write(
        tmp_path, _row(FIRE_INCIDENTS, FIRE), name="fire-incidents-brackenshire-2025-06.csv", source=FIRE_INCIDENTS
    )
    (event,) = read_one(path).events.to_pylist()
    assert event["crime_type"] == CrimeType.DELIBERATE_FIRE
    assert event["occurred_from"] == event["occurred_to"] == datetime(2025, 6, 2, 0, 5, tzinfo=UTC)
    assert event["place_precision"] == "street"


@pytest.mark.parametrize(
    "name",
    ["extract.csv", "police-extract-2025-03.csv", "police-extract-x-2025-13.csv", "council-asb-x-2025-03.csv"],
)
def test_a_file_that_does_not_say_whose_and_when_is_refused(tmp_path: Path, name: str) -> None:
    assert refusal_of(_write(tmp_path, _row(), name=name)).endswith("call it police-extract-PUBLISHER-YYYY-MM.csv.")


def test_the_readers_own_door(tmp_path: Path) -> None:
    (delivery,) = read_with(POLICE_EXTRACT, _write(tmp_path, _row()))
    assert isinstance(delivery, Delivery)


@pytest.mark.parametrize(
    "row",
    [
        _row(offence="SECRETOFFENCE"),
        # an address with a comma of its own and without quotation marks: what follows slips one column on
        _row(address="1 Private Street", postcode="Nowhere", easting="SECRETPLACE"),
        _row(crime_ref="", mo="SECRETPERSON"),
        "SECRETPERSON,1 Private Street",
    ],
)
def test_the_refusal_of_a_partners_file_quotes_none_of_its_cells(tmp_path: Path, row: str) -> None:
    """Refusals stand in the log and the report of an import, which outlive the file."""
    sentence = refusal_of(_write(tmp_path, row))
    assert "its only row cannot be used. Line 2: " in sentence
    assert "SECRET" not in sentence and "Private" not in sentence


def test_too_many_faults_are_told_without_their_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("frankpledge.sources.judging.MOST_REJECTED", 1)
    sentence = refusal_of(_write(tmp_path, *(_row(offence=f"SECRET {number}") for number in "ABC")))
    assert "unknown crime type in “offence”" in sentence and "SECRET" not in sentence


def test_a_record_where_column_names_belong_is_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / EXTRACT
    path.write_text("Secret Person,1 Private Street,ZZ1 1ZZ\n")
    sentence = refusal_of(path)
    assert "its first line does not name columns that are known" in sentence
    assert "Secret" not in sentence
