"""The money tables as a sheet for the finance team, and back: out as rows, in with every difference shown first.

A sheet pasted from elsewhere comes with currency signs, commas, brackets for amounts below nought, footnote marks and
"t.b.c."; those are read. What cannot be read is named with its row and column, and nothing is taken.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from frankpledge.records.plan import rules
from frankpledge.records.plan.money import Line, Money, Period
from frankpledge.records.plan.vocabulary import QUARTERS, WHOLE_YEAR, Kind, Side
from frankpledge.vocabulary.errors import DataProblem

FIXED = ("Side", "Kind", "Line")
TO_CONFIRM = "t.b.c."
LARGEST_SHEET = 500_000  # characters
LONGEST_AMOUNT = 100  # characters of a cell that is an amount, footnote marks included
MOST_ROWS = 2_000

# What people write for an unknown amount and for nought, in English and as the Welsh pages ask for it.
_TBC = re.compile(r"t\.?\s?b\.?\s?[cad]\.?|to be confirmed|not yet known|i['’]w gadarnhau", re.IGNORECASE)
_NIL = re.compile(r"[-–—]|nil|none|nought|dim", re.IGNORECASE)
_FOOTNOTE = re.compile(r"(?:\s*(?:[*†‡§¹²³]|\[\w{1,3}\]|(?<=\d)\s+\(\w{1,2}\)))+$")
_NUMBER = re.compile(r"\d{1,3}(?:[, ]\d{3})*(?:\.\d+)?|\d+(?:\.\d+)?")
_YEAR = re.compile(r"(?:FY\s*)?((?:19|20)\d{2})\s*[/–-]\s*(\d{2}|\d{4})", re.IGNORECASE)
_QUARTER = re.compile(r"\bq(?:uarter)?\s*([1-4])\b", re.IGNORECASE)
_MONTHS = {"apr": 1, "jul": 2, "oct": 3, "jan": 4}
_TOTAL = re.compile(r"(?:grand |sub-?)?total\b", re.IGNORECASE)


class Blank:
    """A cell with nothing in it: nothing is planned there."""


BLANK = Blank()


def read_amount(text: str) -> Decimal | None | Blank:
    """One cell as people type it: pounds, None for *to be confirmed*, BLANK for nothing. A dash or "nil" is nought.

    Reads ``£12,345``, ``12 345.50``, ``(1,200)`` as minus, ``-1,200``, and ``12,345*`` or ``12,345 [a]`` with
    their footnotes. Raises DataProblem for anything else.
    """
    if len(text.strip()) > LONGEST_AMOUNT:
        raise DataProblem(f"“{text.strip()[:40]}…” is not an amount.", remedy="Write pounds, such as 12,345, or t.b.c.")
    plain = _FOOTNOTE.sub("", text.replace("\u00a0", " ").strip()).strip()
    if not plain:
        return BLANK
    if _TBC.fullmatch(plain):
        return None
    if _NIL.fullmatch(plain):
        return Decimal(0)
    bare = plain.replace("£", "").replace("GBP", "").replace("−", "-").strip()
    below = bare.startswith("(") and bare.endswith(")")
    bare = bare[1:-1].strip() if below else bare
    if bare.startswith("-"):
        below, bare = True, bare[1:].strip()
    if not _NUMBER.fullmatch(bare):
        raise DataProblem(f"“{text.strip()}” is not an amount.", remedy="Write pounds, such as 12,345, or t.b.c.")
    try:
        amount = Decimal(bare.replace(",", "").replace(" ", ""))
    except InvalidOperation as error:
        raise DataProblem(f"“{text.strip()}” is not an amount.") from error
    return -amount if below else amount


def column_name(period: Period) -> str:
    """``2002/03 Q1`` or ``2002/03``."""
    year = rules.year_label(period.year)
    return year if period.is_year else f"{year} Q{period.quarter}"


def read_column(text: str, default_year: int | None = None) -> Period | None:
    """A column's period from its heading; None for a heading that names none. ``Apr–Jun`` takes ``default_year``."""
    year = _YEAR.search(text)
    first = int(year[1]) if year else default_year
    quarter = _QUARTER.search(text)
    found = int(quarter[1]) if quarter else _MONTHS.get(text.strip().casefold()[:3], WHOLE_YEAR)
    if first is None or (year is None and found == WHOLE_YEAR):
        return None
    return Period(first, found)


def as_rows(found: Money) -> list[list[str | Decimal]]:
    """The tables as rows with a heading: side, kind, line, a column for each period. Totals are left to the sheet."""
    columns = [at for at in found.columns if any(at in line.cells for line in found.lines)]
    rows: list[list[str | Decimal]] = [[*FIXED, *(column_name(at) for at in columns)]]
    for line in found.lines:
        rows.append([line.side.value, line.kind.value, line.title, *(_written(line, at) for at in columns)])
    return rows


def _written(line: Line, at: Period) -> str | Decimal:
    if at not in line.cells:
        return ""
    value = line.cells[at]
    return TO_CONFIRM if value is None else value


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One row of a sheet: which line it is, and what it says of each period."""

    row: int
    side: Side
    kind: Kind
    title: str
    cells: Mapping[Period, Decimal | None | Blank]


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that the sheet would change. ``before`` and ``after``: pounds, None to be confirmed, BLANK nothing."""

    side: Side
    kind: Kind
    title: str
    period: Period
    before: Decimal | None | Blank
    after: Decimal | None | Blank
    line_key: int

    @property
    def is_new_line(self) -> bool:
        """The plan has no such line yet."""
        return not self.line_key


def read_sheet(text: str, *, years: Sequence[int]) -> list[SheetLine]:
    """The lines of a sheet: CSV, or cells pasted with tabs, under a heading with side, kind, line and periods.

    Rows of totals are passed over: the totals are worked out again. Raises DataProblem with row and column for a cell
    that is no amount, a column of a year outside the plan, a line twice, or a sheet without the heading.
    """
    rows = _rows(text)
    at, heading = _heading(rows)
    columns = _columns(heading, years, row=at + 1)
    found: list[SheetLine] = []
    seen: dict[tuple[Side, Kind, str], int] = {}
    for number, cells in enumerate(rows[at + 1 :], at + 2):
        line = _line(number, cells, columns)
        if line is None:
            continue
        key = (line.side, line.kind, line.title.casefold())
        if key in seen:
            raise DataProblem(
                f"“{line.title}” stands in the sheet twice.",
                file="the sheet",
                line=number,
                remedy=f"It was in row {seen[key]} already. Keep one.",
            )
        seen[key] = number
        found.append(line)
    if not found:
        raise DataProblem("The sheet has a heading but no line of money.", file="the sheet")
    return found


def _rows(text: str) -> list[list[str]]:
    if len(text) > LARGEST_SHEET:
        raise DataProblem("The sheet is too large to be a budget.", remedy="Paste the table alone.")
    lines = text.lstrip("\ufeff").splitlines()
    separator = "\t" if any("\t" in line for line in lines[:5]) else ","
    try:
        rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=separator))
    except csv.Error as error:
        raise DataProblem("The sheet cannot be read as a table.", remedy="Save it as CSV and try again.") from error
    if len(rows) > MOST_ROWS:
        raise DataProblem(f"The sheet has more than {MOST_ROWS:,} rows.", remedy="Paste the table alone.")
    return rows


def _heading(rows: Sequence[Sequence[str]]) -> tuple[int, Sequence[str]]:
    for at, row in enumerate(rows):
        words = [cell.strip().casefold() for cell in row[:3]]
        if words == [word.casefold() for word in FIXED]:
            return at, row
    raise DataProblem(
        "The sheet has no heading that begins with Side, Kind, Line.",
        file="the sheet",
        remedy="Export the sheet from here first and fill that in.",
    )


def _columns(heading: Sequence[str], years: Sequence[int], *, row: int) -> dict[int, Period]:
    found: dict[int, Period] = {}
    for at, text in enumerate(heading[len(FIXED) :], len(FIXED)):
        if not text.strip() or _TOTAL.search(text) or text.strip().casefold() == "all years":
            continue
        period = read_column(text)
        if period is None:
            raise DataProblem(
                f"“{text.strip()}” is no year or quarter.", file="the sheet", line=row, remedy="Write 2024/25 Q1."
            )
        if period.year not in years:
            first, last = rules.year_label(years[0]), rules.year_label(years[-1])
            raise DataProblem(
                f"“{text.strip()}” is outside the plan, which runs from {first} to {last}.",
                file="the sheet",
                line=row,
                remedy="Move the column to the right year.",
            )
        if period in found.values():
            raise DataProblem(f"“{text.strip()}” stands in the heading twice.", file="the sheet", line=row)
        found[at] = period
    return found


def _line(number: int, cells: Sequence[str], columns: Mapping[int, Period]) -> SheetLine | None:
    words = [cell.strip().removeprefix("'") for cell in cells[: len(FIXED)]]
    if len(words) < len(FIXED) or not any(words):
        return None
    if any(_TOTAL.match(word) for word in words):
        return None
    try:
        side, kind = Side(words[0].casefold()), Kind(words[1].casefold())
    except ValueError as error:
        raise DataProblem(
            f"“{words[0]}, {words[1]}” is not funding or expenditure, capital or revenue.",
            file="the sheet",
            line=number,
        ) from error
    if not words[2]:
        raise DataProblem("A line has no name.", file="the sheet", line=number)
    found: dict[Period, Decimal | None | Blank] = {}
    for at, period in columns.items():
        try:
            found[period] = read_amount(cells[at]) if at < len(cells) else BLANK
        except DataProblem as problem:
            raise DataProblem(
                f"“{words[2]}”, {column_name(period)}: {problem.problem}",
                file="the sheet",
                line=number,
                remedy=problem.remedy,
            ) from problem
    return SheetLine(number, side, kind, words[2], found)


def changes(found: Money, sheet: Iterable[SheetLine]) -> list[Change]:
    """What taking the sheet would change, cell by cell. Lines the sheet does not name stay as they are."""
    held = {(line.side, line.kind, line.title.casefold()): line for line in found.lines}
    wanted: list[Change] = []
    for row in sheet:
        line = held.get((row.side, row.kind, row.title.casefold()))
        for period, after in row.cells.items():
            before: Decimal | None | Blank = BLANK if line is None else line.cells.get(period, BLANK)
            if _same(before, after) or (line is None and after is BLANK):
                continue
            key = 0 if line is None else line.key
            wanted.append(Change(row.side, row.kind, row.title, period, before, after, key))
    return wanted


def _same(before: Decimal | None | Blank, after: Decimal | None | Blank) -> bool:
    return before is after or (isinstance(before, Decimal) and isinstance(after, Decimal) and before == after)


def quarters_of(year: int) -> list[Period]:
    """The four quarters of a year."""
    return [Period(year, quarter) for quarter in QUARTERS]
