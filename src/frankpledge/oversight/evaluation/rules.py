"""Sums of coverage, and what was found after burglaries as answers. The pace is in ``home_security.rules.pace``."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from frankpledge.oversight.evaluation.vocabulary import AlarmFound, EntryFloor, EntryRoute, Reached
from frankpledge.vocabulary.periods import Month, MonthSpan

FEW_HOMES = 10  # an area of fewer homes is shown with others: its homes could be told apart


def months_without(spans: Iterable[MonthSpan]) -> tuple[Month, ...]:
    """Months between the first and the last of ``spans`` that lie in none of them, in order."""
    known = {month for span in spans for month in span}
    return tuple(month for month in MonthSpan(min(known), max(known)) if month not in known) if known else ()


@dataclass(frozen=True, slots=True)
class ServedHome:
    """A home in the programme's area: where it counts, from which day it is protected, and whether it said no."""

    street: str
    ward: str
    neighbourhood: str
    tenure: str
    protected_on: date | None
    said_no: bool


@dataclass(frozen=True, slots=True)
class Covered:
    """Homes of one group: protected, said no (and not protected), and all."""

    name: str
    homes: int
    protected: int
    said_no: int

    @property
    def share(self) -> float:
        return self.protected / self.homes

    @property
    def left(self) -> int:
        return self.homes - self.protected


def covered(homes: Iterable[ServedHome], key: Callable[[ServedHome], str]) -> list[Covered]:
    """By group, the least covered first. Groups of fewer than ten homes are put together under an empty name."""
    counts: dict[str, list[int]] = {}
    for home in homes:
        row = counts.setdefault(key(home), [0, 0, 0])
        row[0] += 1
        row[1] += home.protected_on is not None
        row[2] += home.said_no and home.protected_on is None
    small = [name for name, row in counts.items() if name and row[0] < FEW_HOMES]
    for name in small:
        row = counts.pop(name)
        rest = counts.setdefault("", [0, 0, 0])
        counts[""] = [a + b for a, b in zip(rest, row, strict=True)]
    found = [Covered(name, *row) for name, row in counts.items()]
    return sorted(found, key=lambda one: (one.name == "", one.share, one.name))


def by_month(days: Sequence[date], until: date, first: date | None = None) -> list[tuple[Month, int]]:
    """How many were protected by the end of each month, from ``first`` (else the first fitting) to ``until``."""
    if not days and first is None:
        return []
    counts = Counter(Month.of(day) for day in days)
    found, total, month = [], 0, Month.of(first or min(days))
    while month <= Month.of(until):
        total += counts[month]
        found.append((month, total))
        month += 1
    return found


def shares_by_month(
    homes: Sequence[ServedHome], key: Callable[[ServedHome], str], until: date
) -> list[tuple[str, list[int]]]:
    """For each group by name the per cent of its homes protected by the end of each month since the first fitting.

    Groups of fewer than ten homes are left out.
    """
    days: dict[str, list[date]] = {}
    sizes = Counter(key(home) for home in homes)
    for home in homes:
        if home.protected_on is not None:
            days.setdefault(key(home), []).append(home.protected_on)
    first = min((day for found in days.values() for day in found), default=None)
    return [
        (name, [round(100 * n / sizes[name]) for _, n in by_month(days.get(name, ()), until, first)])
        for name in sorted(sizes)
        if name and sizes[name] >= FEW_HOMES
    ]


# -- what was found after burglaries of protected homes ---------------------------------------------------------------

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "alarm": tuple(one.value for one in AlarmFound if one is not AlarmFound.NOT_KNOWN),
    "entry": tuple(one.value for one in EntryRoute if one is not EntryRoute.NOT_KNOWN),
    "floor": tuple(one.value for one in EntryFloor if one is not EntryFloor.NOT_KNOWN),
    "reached": tuple(one.value for one in Reached),
}
"""What is asked after a burglary, with the answers that say something."""


def answers_of(alarm: str, entry: str, floor: str) -> dict[str, str | None]:
    """Words of a finding as answers to ``QUESTIONS``; None for what is not known."""
    return {
        "alarm": None if alarm == AlarmFound.NOT_KNOWN else alarm,
        "entry": None if entry == EntryRoute.NOT_KNOWN else entry,
        "floor": None if floor == EntryFloor.NOT_KNOWN else floor,
        "reached": _reached(alarm, floor),
    }


def _reached(alarm: str, floor: str) -> str | None:
    if alarm in (AlarmFound.NOT_SET, AlarmFound.NONE):
        return Reached.NOT_SET.value
    if alarm != AlarmFound.SET or floor == EntryFloor.NOT_KNOWN:
        return None
    return (Reached.ABOVE if floor == EntryFloor.UPPER else Reached.PASSED).value
