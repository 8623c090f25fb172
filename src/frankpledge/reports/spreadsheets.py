"""Tables as CSV and OpenDocument files that a spreadsheet opens without running anything in them."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from frankpledge.analysis.results import Table
from frankpledge.reports.documents import clean
from frankpledge.vocabulary.errors import CannotCompute

# A cell that begins with one of these may be taken for a formula (OWASP, "CSV Injection"); an apostrophe makes it text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: ``rows`` as wide as ``columns``, and notes that say what a reader must know of it."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                wide = len(self.columns)
                raise CannotCompute(
                    f"Row {number} of the sheet “{self.name}” has {len(row)} cells; its heading has {wide}."
                )


def to_csv(sheet: Sheet) -> str:
    """``sheet`` as CSV text: heading, rows, then an empty line and the notes, one to a line."""
    written = as_csv(Table(sheet.columns, sheet.rows))
    notes = "".join(f"{_quoted(clean(note))}\r\n" for note in sheet.notes)
    return f"{written}\r\n{notes}" if notes else written


def _quoted(note: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([safe_cell(note)])
    return out.getvalue()


def to_ods(sheets: Sequence[Sheet]) -> bytes:
    """``sheets`` as one OpenDocument spreadsheet; numbers are numbers, days days, and text is text, never a formula.

    Notes stand on a sheet of their own, by the name of the sheet they belong to. Raises CannotCompute without a sheet.
    """
    import odfdo

    if not sheets:
        raise CannotCompute("A spreadsheet needs at least one sheet.")
    made = odfdo.Document("spreadsheet")
    made.body.clear()
    names = _sheet_names([sheet.name for sheet in sheets])
    for name, sheet in zip(names, sheets, strict=True):
        made.body.append(_ods_table(name, [sheet.columns, *sheet.rows]))
    notes = [(name, note) for name, sheet in zip(names, sheets, strict=True) for note in sheet.notes]
    if notes:
        made.body.append(_ods_table(_sheet_names([*names, "Notes"])[-1], [("sheet", "note"), *notes]))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _ods_table(name: str, rows: Sequence[Sequence[Any]]) -> Any:
    import odfdo

    table = odfdo.Table(name)
    for values in rows:
        row = odfdo.Row()
        for value in values:
            row.append_cell(_ods_cell(value), clone=False)
        table.append_row(row, clone=False)
    return table


def _ods_cell(value: Any) -> Any:
    """A cell with its type stated, so that no reader guesses one (and takes text for a formula)."""
    import odfdo

    if value is None:
        return odfdo.Cell()
    if isinstance(value, bool | int | float | Decimal | date):
        return odfdo.Cell(value)
    return odfdo.Cell(clean(value), cell_type="string")


def _sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names a spreadsheet allows: no brackets or slashes, at most 31 letters, none twice."""
    taken: list[str] = []
    for name in wanted:
        plain = re.sub(r"[\\/*?:\[\]'\n]", " ", clean(name)).strip()[:31] or "Sheet"
        number, candidate = 1, plain
        while candidate.lower() in (other.lower() for other in taken):
            number += 1
            candidate = f"{plain[:27]} {number}"
        taken.append(candidate)
    return taken


def as_csv(table: Table) -> str:
    """``table`` as CSV text with a header line. Numbers stay numbers; text that looks like a formula is made text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_cell(column) for column in table.columns])
    writer.writerows([safe_cell(value) for value in row] for row in table.rows)
    return out.getvalue()


def safe_cell(value: Any) -> Any:
    """One cell: None is empty, a number is itself, text never starts a formula."""
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
