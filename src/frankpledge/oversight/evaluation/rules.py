"""Sums of coverage: how far the programme has come. How fast it goes is in ``home_security.rules.pace``."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from frankpledge.vocabulary.periods import Month

FEW_HOMES = 10  # an area of fewer homes is shown with others: its homes could be told apart


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


def by_month(days: Sequence[date], until: date) -> list[tuple[Month, int]]:
    """How many were protected by the end of each month, from the first fitting to ``until``."""
    if not days:
        return []
    counts = Counter(Month.of(day) for day in days)
    found, total, month = [], 0, Month.of(min(days))
    while month <= Month.of(until):
        total += counts[month]
        found.append((month, total))
        month += 1
    return found
