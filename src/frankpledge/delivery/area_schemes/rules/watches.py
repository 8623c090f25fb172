"""Watches against hot spots, by arithmetic: which hot spot has a watch, and which has none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from frankpledge.delivery.area_schemes.vocabulary import WatchKind, WatchState

OLD_COUNT = timedelta(days=366)  # members counted longer ago say little


@dataclass(frozen=True, slots=True)
class Watching:
    """A watch, as far as coverage asks: ``areas`` are codes of small areas and wards."""

    name: str
    kind: WatchKind
    state: WatchState
    areas: frozenset[str]

    def covers(self, small_area: str, ward: str) -> bool:
        """Whether it counts for that small area: an active watch of homes that names it, or the ward it lies in."""
        counts = self.state is WatchState.ACTIVE and self.kind.is_of_homes
        return counts and (small_area in self.areas or (ward != "" and ward in self.areas))


def watched_by(spots: Sequence[tuple[str, str]], watches: Iterable[Watching]) -> list[list[Watching]]:
    """For each hot spot (small area, its ward) the watches that count for it."""
    held = list(watches)
    return [[watch for watch in held if watch.covers(code, ward)] for code, ward in spots]


def is_old(counted_on: date | None, today: date) -> bool:
    """Whether a count of members is more than a year old."""
    return counted_on is not None and counted_on < today - OLD_COUNT
