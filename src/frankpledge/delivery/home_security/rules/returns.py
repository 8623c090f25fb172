"""Returns to funders, by arithmetic: one home counts once for each measure, whatever was fitted there how often."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from frankpledge.delivery.home_security.rules.catalogue import ENERGY, FIRE
from frankpledge.delivery.home_security.vocabulary import ReturnColumn as Column
from frankpledge.vocabulary.errors import DataProblem

USUAL = (Column.MEASURE, Column.WARD, Column.HOMES, Column.QUANTITY)
DEFAULTS: Mapping[str, tuple[Column, ...]] = {
    FIRE: (Column.MEASURE, Column.SECTOR, Column.HOMES, Column.QUANTITY),
    ENERGY: (Column.MEASURE, Column.WARD, Column.TENURE, Column.MONTH, Column.HOMES, Column.QUANTITY, Column.POUNDS),
}
NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Part:
    """So many of a measure put into a home at one visit. ``price``: pounds the funder pays for one."""

    uprn: str
    measure: str
    quantity: int
    fitted_on: date
    removed_on: date | None = None
    visit: int | None = None
    price: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One home and one measure in a period. ``counts``: whether the home counts for the measure in this return."""

    uprn: str
    measure: str
    counts: bool
    quantity: int
    fitted_on: date  # the first time in the period
    pounds: Decimal

    def as_kept(self) -> list[object]:
        """What is kept of it once the return was sent: no address."""
        return [self.uprn, self.measure, int(self.counts), self.quantity]


@dataclass(frozen=True, slots=True)
class Counted:
    """A period's lines, and what was left out of them and why: numbers of homes and measures."""

    lines: tuple[Line, ...]
    twice: int  # fitted at more than one visit of the period, counted once
    before: int  # the home had the measure from an earlier period, and counted then
    removed: int  # fitted in the period and taken out again by its end

    @property
    def homes(self) -> int:
        """Homes and measures: each home once for each measure."""
        return sum(line.counts for line in self.lines)

    @property
    def quantity(self) -> int:
        """Things fitted in the period and still there at its end."""
        return sum(line.quantity for line in self.lines)


def count(parts: Iterable[Part], first: date, last: date) -> Counted:
    """What a funder's return of a period (both days in it) is made of. The order of ``parts`` does not matter."""
    held: defaultdict[tuple[str, str], list[Part]] = defaultdict(list)
    before: set[tuple[str, str]] = set()
    for part in parts:
        key = (part.uprn, part.measure)
        if first <= part.fitted_on <= last:
            held[key].append(part)
        elif part.fitted_on < first and (part.removed_on is None or part.removed_on >= first):
            before.add(key)
    lines, twice, had, removed = [], 0, 0, 0
    for (uprn, measure), fitted in sorted(held.items()):
        there = [part for part in fitted if part.removed_on is None or part.removed_on > last]
        if not there:
            removed += 1
            continue
        twice += len({(part.visit, part.fitted_on if part.visit is None else None) for part in there}) > 1
        had += (uprn, measure) in before
        lines.append(
            Line(
                uprn,
                measure,
                (uprn, measure) not in before,
                sum(part.quantity for part in there),
                min(part.fitted_on for part in there),
                sum((part.quantity * part.price for part in there), Decimal(0)),
            )
        )
    return Counted(tuple(lines), twice, had, removed)


# -- the file ---------------------------------------------------------------------------------------------------------


def columns_of(funder: str) -> tuple[Column, ...]:
    """The columns of a funder's return as installed."""
    return DEFAULTS.get(funder, USUAL)


def check_columns(columns: Sequence[Column], named_because: str) -> tuple[Column, ...]:
    """Columns in their order. Raises DataProblem without the measure or a sum, or for homes named without a reason."""
    wanted = tuple(column for column in Column if column in columns)
    if Column.MEASURE not in wanted:
        raise DataProblem("A line has to say which measure: a home counts once for each.")
    if not any(column.is_sum for column in wanted):
        raise DataProblem("Choose at least one number: homes, quantity or pounds.")
    if any(column.names_a_home for column in wanted) and not named_because.strip():
        raise DataProblem("Say why this funder may know single homes, such as the agreement that says so.")
    return wanted


Cell = str | int | Decimal
Describe = Callable[[Line, Column], str]


def rows_of(lines: Iterable[Line], columns: Sequence[Column], describe: Describe) -> list[tuple[Cell, ...]]:
    """Rows of the file: ``lines`` added up by the columns that are no sums; ``describe`` says what those hold."""
    by = [column for column in columns if not column.is_sum]
    sums: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        sums.setdefault(tuple(describe(line, column) for column in by), []).append(line)
    rows = []
    for key, group in sorted(sums.items()):
        words = dict(zip(by, key, strict=True))
        numbers: dict[Column, Cell] = {
            Column.HOMES: sum(line.counts for line in group),
            Column.QUANTITY: sum(line.quantity for line in group),
            Column.POUNDS: sum((line.pounds for line in group), Decimal(0)),
        }
        rows.append(tuple(numbers[column] if column.is_sum else words[column] for column in columns))
    return rows


def sector(postcode: str) -> str:
    """The sector of a postcode: ``AL1 2AB`` -> ``AL1 2``."""
    tidy = " ".join(postcode.upper().split())
    return tidy[:-2].strip() if len(tidy) >= 5 else NOT_KNOWN


def checksum(text: str) -> str:
    """SHA-256 of the rows of a file, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


# -- what changed since -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changed:
    """How a period counts differently now from when its return was sent: numbers of homes and measures."""

    more: int  # count now and did not
    fewer: int  # counted and do not any more
    quantities: int  # count as they did, with another quantity

    def __bool__(self) -> bool:
        return bool(self.more or self.fewer or self.quantities)


def changed(kept: Iterable[Sequence[object]], now: Iterable[Line]) -> Changed:
    """Compare what was kept of a return (``Line.as_kept``) with the same period counted again."""
    then = {(str(one[0]), str(one[1])): (bool(one[2]), one[3]) for one in kept}
    today = {(line.uprn, line.measure): (line.counts, line.quantity) for line in now}
    nothing = (False, 0)
    pairs = [(then.get(key, nothing), today.get(key, nothing)) for key in then.keys() | today.keys()]
    return Changed(
        more=sum(new[0] and not old[0] for old, new in pairs),
        fewer=sum(old[0] and not new[0] for old, new in pairs),
        quantities=sum(old[0] == new[0] and old[1] != new[1] for old, new in pairs),
    )


def last_quarter(today: date) -> tuple[date, date]:
    """The first and last day of the last quarter that is over."""
    month = 3 * ((today.month - 1) // 3) + 1
    end = date.fromordinal(date(today.year, month, 1).toordinal() - 1)
    return date(end.year, end.month - 2, 1), end
