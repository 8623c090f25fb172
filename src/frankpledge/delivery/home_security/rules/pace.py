"""How fast homes are protected, and when all would be at that pace. The one home of the forecast of completion.

Mansfield: 2,383 homes in 26 weeks is 91.7 a week; the 3,077 left take 7.7 months.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from frankpledge.analysis.rates import exact_limits
from frankpledge.vocabulary.errors import CannotCompute

MONTHS_A_WEEK = 12 / 52
RECENT_WEEKS = 26
STILL_DAYS = 31  # a programme that has fitted nothing for so long stands still: its last pace is what there is to say


@dataclass(frozen=True, slots=True)
class Pace:
    """Homes first protected in a number of weeks."""

    fitted: int
    weeks: float

    @property
    def a_week(self) -> float:
        return self.fitted / self.weeks


@dataclass(frozen=True, slots=True)
class Completion:
    """When all would be done at this pace. ``months`` and its limits: None where it would never be."""

    done: int
    of: int
    pace: Pace
    months: float | None
    soonest: float | None
    latest: float | None

    @property
    def left(self) -> int:
        return self.of - self.done


def pace(days: Sequence[date], until: date) -> Pace:
    """Homes protected in the last 26 weeks up to ``until``, or since the first where that is later.

    ``days``: for each home the day from which it is protected.
    """
    if not days:
        return Pace(0, float(RECENT_WEEKS))
    start = max(min(days), until - timedelta(weeks=RECENT_WEEKS) + timedelta(days=1))
    return Pace(sum(start <= day <= until for day in days), ((until - start).days + 1) / 7)


def counted_until(days: Sequence[date], today: date) -> date:
    """Today, or the last day anything was fitted where that is more than a month ago."""
    last = max(days, default=today)
    return today if last > today - timedelta(days=STILL_DAYS) else last


def completion(done: int, of: int, at: Pace) -> Completion:
    """When the homes left would be done if fitting goes on ``at`` this pace, with the limits of chance (95 %).

    Raises CannotCompute for no time, or more done than there are.
    """
    if at.weeks <= 0 or not 0 <= done <= of:
        raise CannotCompute("A forecast of completion needs a time above nought and no more homes done than there are.")
    limits = exact_limits(at.fitted)

    def months(count: float) -> float | None:
        return (of - done) / count * at.weeks * MONTHS_A_WEEK if count > 0 else None

    return Completion(done, of, at, months(at.fitted), months(limits.upper), months(limits.lower or 0.0))
