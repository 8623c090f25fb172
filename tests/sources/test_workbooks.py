"""Spreadsheets with every trap people set without meaning to, and those that mean harm."""

import tracemalloc
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from frankpledge.sources.profiles import Preview, preview, shipped
from frankpledge.sources.registry import read_any
from frankpledge.vocabulary.deliveries import Balance, Delivery, Refusal, RowFault
from tests.sources.books import Cell, SheetOf, ods, xlsx, zipped

NAME = "void-homes-mercia-homes.xlsx"
HEADER: list[Cell] = ["property_ref", "uprn", "address", "void_from", "void_to", "easting", "northing"]
GOOD: list[Cell] = ["V1", 100_000_000_123, "1 Secret Street", date(2025, 4, 1), date(2025, 5, 2), 458_000, 304_000]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _shown(data: bytes, name: str = NAME) -> Preview:
    return preview(shipped()["void-homes"], data, name=name)


def _row(**changes: Cell) -> list[Cell]:
    return [changes.get(str(name), cell) for name, cell in zip(HEADER, GOOD, strict=True)]


@pytest.mark.parametrize("make", [lambda rows: xlsx({"Voids": SheetOf(rows)}), ods])
def test_a_spreadsheet_is_read_as_what_it_shows(make: Callable[..., bytes]) -> None:
    """Notes above the header, real dates, numbers kept whole, thousands commas, blank rows, a total at the bottom."""
    rows: list[list[Cell]] = [
        ["Voids for the board, draft 3"],
        [],
        HEADER,
        GOOD,
        [],
        _row(property_ref="V2", easting="458,000", northing="304,000", void_to=None),
        _row(property_ref="V3", void_from="31/04/2025"),
        _row(property_ref="V4", void_from="August 20023"),
        _row(property_ref="V5", void_from="01/04/25"),
        _row(property_ref="V6", void_from=45_750, void_to=None),
        _row(property_ref="V7", easting="£458,000"),
        ["Total", None, None, None, None, 6],
    ]
    shown = _shown(make(rows))
    assert shown.balance == Balance(8, 2, 6, 0)
    first = dict(zip(shown.columns, shown.rows[0], strict=True))
    assert (first["line"], first["premises"], first["month"]) == (4, "100000000123", date(2025, 4, 1))
    told = {row.line: (row.fault, row.sentence) for row in shown.rejected}
    assert told[7] == (RowFault.IMPOSSIBLE_DATE, "The date 31/04/2025 does not exist.")
    assert "“August 20023” is not a date" in told[8][1]
    assert told[9][0] is RowFault.IMPOSSIBLE_DATE
    assert "may be a spreadsheet's number for 03/04/2025" in told[10][1]
    assert told[11][0] is RowFault.MALFORMED_POSITION
    assert told[12][0] is RowFault.TOTAL_ROW
    assert "Secret" not in str(shown)


def test_hidden_sheets_are_stated_and_not_read() -> None:
    book = xlsx(
        {"Lists": SheetOf([HEADER, _row(property_ref="HIDDEN")], hidden=True), "Voids": SheetOf([HEADER, GOOD])}
    )
    shown = _shown(book)
    assert shown.balance.read == 1
    assert shown.notes == ("The hidden sheet “Lists” was not read.",)
    only = _shown(xlsx({"Lists": SheetOf([HEADER, GOOD], hidden=True), "Front": SheetOf([])}))
    assert "without a filled sheet that is not hidden" in only.refusals[0]


def test_merged_cells_have_the_value_they_show() -> None:
    rows = [HEADER, GOOD, _row(property_ref=None, void_from=date(2025, 4, 9))]
    shown = _shown(xlsx({"Voids": SheetOf(rows, merged=("A2:A3",))}))
    assert [row[1] for row in shown.rows] == ["V1", "V1"]
    assert shown.notes == ("1 cell that was merged with another was given its value.",)


def test_lines_are_the_rows_of_the_spreadsheet_even_below_blank_rows_and_beside_blank_columns() -> None:
    rows: list[list[Cell]] = [[], [], [None, *HEADER], [None, *GOOD], [None, *_row(property_ref=None, uprn=9)]]
    for book in (xlsx({"Voids": SheetOf(rows, merged=("B4:B5",))}), ods(rows)):
        shown = _shown(book)
        lines = [row[0] for row in shown.rows] + [row.line for row in shown.rejected]
        assert lines == [4, 5]


def test_every_sheet_with_the_columns_is_read_and_a_front_page_is_not() -> None:
    book = xlsx(
        {
            "About": SheetOf([["Made by the housing team"], ["Ask Sam"]]),
            "April": SheetOf([HEADER, GOOD]),
            "May": SheetOf([HEADER, _row(property_ref="V9", void_from=date(2025, 5, 1), void_to=None)]),
        }
    )
    assert _shown(book).periods == ("April 2025", "May 2025")


def test_a_date_with_a_time_keeps_its_minute() -> None:
    rows: list[list[Cell]] = [
        ["Crime Reference", "Offence Code", "From", "To", "Easting", "Northing"],
        ["1", "28E", datetime(2025, 3, 14, 22, 15), datetime(2025, 3, 15, 6, 40), 458_000, 304_000],
    ]
    shown = preview(
        shipped()["police-recorded-crime"], xlsx({"S": SheetOf(rows)}), name="recorded-crime-leicestershire.xlsx"
    )
    row = dict(zip(shown.columns, shown.rows[0], strict=True))
    assert (row["precision"], row["occurred_from"].isoformat()) == ("minute", "2025-03-14T22:15:00+00:00")


def test_a_spreadsheet_is_known_by_its_bytes_plain_in_a_folder_and_in_an_archive(tmp_path: Path) -> None:
    book = xlsx({"Voids": SheetOf([HEADER, GOOD])})
    (tmp_path / "void-homes-mercia-homes.csv").write_bytes(book)
    (tmp_path / "sent.zip").write_bytes(zipped({NAME: book}))
    found = list(read_any(tmp_path))
    assert [one.file for one in found if isinstance(one, Delivery)] == [
        f"sent.zip/{NAME}",
        "void-homes-mercia-homes.csv",
    ]


def test_empty_rows_to_the_end_of_the_sheet_cost_nothing() -> None:
    rest = (
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert _shown(ods([HEADER, GOOD], after=rest)).balance == Balance(1, 1, 0, 0)


VAST_ODS = (
    '<table:table-row table:number-rows-repeated="1048570"><table:table-cell office:value-type="float" '
    'office:value="1" table:number-columns-repeated="16384"/></table:table-row>'
)
VAST_XLSX = (
    f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
).encode()
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
VOIDS = {"Voids": SheetOf([HEADER, GOOD])}
ENDLESS = '<table:table-row><table:table-cell table:number-columns-repeated="1000000000000"/></table:table-row>'
TEXTS = f'<sst xmlns="{MAIN}" count="9" uniqueCount="99999999999"><si><t>a</t></si></sst>'.encode()


def _one_cell(reference: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData><row><c r="{reference}"/></row></sheetData></worksheet>'.encode()


def _elsewhere() -> bytes:
    """A workbook whose vast sheet has another name than sheets have."""
    related = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="odd/s.bin"/>'
        "</Relationships>"
    )
    return xlsx(VOIDS, {"xl/_rels/workbook.xml.rels": related.encode(), "xl/odd/s.bin": VAST_XLSX})


HOSTILE = [
    (lambda: ods([HEADER, GOOD], after=VAST_ODS), "1,048,572 rows long and 16,384 columns wide"),
    (lambda: xlsx(VOIDS, {"xl/worksheets/sheet1.xml": VAST_XLSX}), "1,048,576 rows long and 16,384 columns wide"),
    (lambda: xlsx(VOIDS, {"xl/sharedStrings.xml": b" " * 60_000_000}), "more than 200 times its size"),
    (lambda: xlsx(VOIDS, {"xl/worksheets/sheet1.xml": LAUGHS}), "holds XML with definitions of its own"),
    (lambda: ods([HEADER, GOOD], before='<!DOCTYPE x [<!ENTITY a "b">]>'), "holds XML with definitions of its own"),
    (lambda: xlsx(VOIDS, {f"x{n}": b"" for n in range(3_000)}), "more than 2,000 parts"),
    (lambda: xlsx(VOIDS, {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}), "as a spreadsheet"),
    (lambda: xlsx(VOIDS)[:-400], "damaged"),
    # each of these makes the library ask for more memory than there is, which would end the whole process
    (lambda: xlsx(VOIDS, {"xl/worksheets/sheet1.xml": _one_cell("A99999999999")}), "damaged"),
    (lambda: xlsx(VOIDS, {"xl/worksheets/sheet1.xml": _one_cell("ZZZZZZZ1")}), "damaged"),
    (lambda: xlsx(VOIDS, {"xl/worksheets/sheet1.xml": _one_cell("A0")}), "damaged"),
    (lambda: xlsx(VOIDS, {"xl/sharedStrings.xml": TEXTS}), "damaged"),
    (lambda: ods([HEADER, GOOD], after=ENDLESS), "damaged"),
    (_elsewhere, "1,048,576 rows long and 16,384 columns wide"),
]


@pytest.mark.parametrize(("make", "words"), HOSTILE)
def test_a_spreadsheet_that_means_harm_is_refused_before_it_costs_memory(
    tmp_path: Path, make: Callable[..., bytes], words: str
) -> None:
    path = tmp_path / NAME
    path.write_bytes(make())
    tracemalloc.start()
    found = list(read_any(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == 1 and isinstance(found[0], Refusal)
    assert words in found[0].sentence
    assert peak < 250_000_000
    assert list(tmp_path.iterdir()) == [path]


def test_a_member_with_a_path_of_its_own_is_written_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "in" / NAME
    path.parent.mkdir()
    path.write_bytes(xlsx(VOIDS, {"../../escaped.xml": b"<x/>", "/tmp/escaped.xml": b"<x/>"}))
    (found,) = read_any(path)
    assert isinstance(found, Delivery)
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == [NAME]


@pytest.mark.parametrize(
    ("data", "notes"),
    [
        ("property_ref;uprn;void_from;void_to\nV1;;01/04/2025;\n".encode("utf-8-sig"), "semicolons"),
        (b"property_ref\tuprn\tvoid_from\tvoid_to\nV1\t\t01/04/2025\t\n", "tabs"),
        ("property_ref,uprn,void_from,void_to,note\nV1,,01/04/2025,,Caffè £5\n".encode("cp1252"), "Windows-1252"),
        (b"Voids of April\n\nproperty_ref,uprn,void_from,void_to,,\n V1 ,,01/04/2025,,,\n,,,,,\n", ""),
    ],
)
def test_text_in_any_sane_form(data: bytes, notes: str) -> None:
    shown = _shown(data, "void-homes-mercia-homes.csv")
    assert shown.balance == Balance(1, 1, 0, 0)
    assert shown.rows[0][1] == "V1"
    assert notes in " ".join(shown.notes)


def test_a_damaged_byte_in_a_file_that_is_utf8_spoils_only_its_line() -> None:
    text = "property_ref,uprn,void_from,void_to\nVé,,01/04/2025,\n".encode() + b"V\xe9,,02/04/2025,\n"
    shown = _shown(text, "void-homes-mercia-homes.csv")
    assert [row.fault for row in shown.rejected] == [RowFault.UNREADABLE_CHARACTERS]
