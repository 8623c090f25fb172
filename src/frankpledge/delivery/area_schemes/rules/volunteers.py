"""Volunteers placed, by arithmetic: where and when most is recorded, and how much of it shifts stand in.

A week has 168 hours, Monday's first. A shift past midnight, also from Sunday, goes on in the hours of the next day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAYS, HOURS = 7, 24
EARLIEST, LATEST = 8, 22  # hours in which a proposed shift begins
FEW = 5  # below so many a year a shift's number says only that they are few


@dataclass(frozen=True, slots=True)
class Pattern:
    """A ward's week: ``weights`` of seven days of 24 hours are how many events of the year fall in each hour."""

    ward: str
    name: str
    weights: Sequence[Sequence[float]]

    @property
    def total(self) -> float:
        """All events of the ward."""
        return sum(map(sum, self.weights))


@dataclass(frozen=True, slots=True)
class Placed:
    """Some hours in a ward on a day of the week, 0 is Monday."""

    ward: str
    weekday: int
    starts: int
    hours: int

    def cells(self) -> list[tuple[str, int, int]]:
        """The ward, day and hour of every hour it stands in."""
        first = self.weekday * HOURS + self.starts
        return [(self.ward, *divmod((first + step) % (DAYS * HOURS), HOURS)) for step in range(self.hours)]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A shift to plan, and how many events of the year fall into its hours."""

    placed: Placed
    weight: float


@dataclass(frozen=True, slots=True)
class Cover:
    """How much of what was recorded falls into the wards and hours of some shifts."""

    weight: float
    total: float

    @property
    def share(self) -> float:
        """0 to 1; nought of nothing is nought."""
        return self.weight / self.total if self.total else 0.0


def cover(patterns: Iterable[Pattern], shifts: Iterable[Placed]) -> Cover:
    """What the shifts stand in: an hour in which two of them stand in one ward counts once."""
    held = {pattern.ward: pattern for pattern in patterns}
    cells = {cell for shift in shifts for cell in shift.cells() if shift.ward in held}
    weight = sum(held[ward].weights[day][hour] for ward, day, hour in cells)
    return Cover(weight, sum(pattern.total for pattern in held.values()))


def propose(patterns: Iterable[Pattern], *, shifts: int, hours: int) -> list[Proposal]:
    """The shifts of ``hours`` in whose wards and hours most is recorded, the best first, none in the same hours.

    One after another the best that is left: near the best possible set, and each can be explained by itself. Equals
    are taken in the order of ward, day and hour.
    """
    held = {pattern.ward: pattern for pattern in patterns}
    candidates = [
        _weighed(held[ward], Placed(ward, day, start, hours))
        for ward in sorted(held)
        for day in range(DAYS)
        for start in range(EARLIEST, LATEST + 1)
    ]
    candidates.sort(key=lambda one: -one.weight)
    taken: set[tuple[str, int, int]] = set()
    chosen: list[Proposal] = []
    for one in candidates:
        if len(chosen) == shifts or one.weight <= 0:
            break
        cells = one.placed.cells()
        if taken.isdisjoint(cells):
            taken.update(cells)
            chosen.append(one)
    return chosen


def _weighed(pattern: Pattern, placed: Placed) -> Proposal:
    return Proposal(placed, sum(pattern.weights[day][hour] for _, day, hour in placed.cells()))


def week_of(patterns: Iterable[Pattern]) -> list[list[float]]:
    """All wards' weeks added up."""
    week = [[0.0] * HOURS for _ in range(DAYS)]
    for pattern in patterns:
        for day, hours in enumerate(pattern.weights):
            for hour, weight in enumerate(hours):
                week[day][hour] += weight
    return week


def next_day(weekday: int, today: date) -> date:
    """The next such day of the week: today if it is one."""
    return today + timedelta(days=(weekday - today.weekday()) % DAYS)


def hours_words(starts: int, hours: int) -> str:
    """``20:00–00:00``."""
    return f"{starts:02d}:00–{(starts + hours) % HOURS:02d}:00"
