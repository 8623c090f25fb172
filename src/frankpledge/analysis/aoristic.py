"""When in the week, when nobody saw it: each event spread evenly over the hours in which it can have happened.

A window from leaving home to finding the door forced gives each hour of the week its share of the window. One without
an end, of a minute or less, or ending before it starts, counts wholly in the hour of its start; one of a week or more
says nothing and gives 1/168 to each. Times are those of the wall clock, so a window over a clock change keeps the hours
that people would name.
Sources: Ratcliffe J (2002) Aoristic signatures and the spatio-temporal analysis of high volume crime patterns, J Quant
Criminol 18:23-43; Ashby M, Bowers K (2013) A comparison of methods for temporal analysis of aoristic crime, Crime
Science 2:1.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frankpledge.analysis.results import Result, Table, rounded, rows_left_out
from frankpledge.analysis.wall_clock import LONDON, second_of_week, wall_clock
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, share, whole

HOUR, WEEK = 3_600, 7 * 86_400
HOURS_IN_WEEK = 168
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
VAGUE_HOURS = 12  # a window longer than this hardly tells day from night
MANY_VAGUE = 1 / 3


@dataclass(frozen=True, kw_only=True)
class Aoristic(Result):
    """``weights`` (7, 24), Monday first, sum to ``n`` events. The rest counts windows by how they were used."""

    weights: NDArray[np.float64]
    instants: int  # without an end, or of a minute or less
    week_or_more: int
    end_before_start: int
    vague: int  # windows over twelve hours
    timezone: str

    @property
    def total(self) -> float:
        return float(self.weights.sum())

    @property
    def peak(self) -> tuple[int, int]:
        """Day (0 is Monday) and hour with the largest weight; the earliest of equals."""
        day, hour = divmod(int(self.weights.argmax()), 24)
        return day, hour

    def sentence(self) -> Phrase:
        day, hour = self.peak
        weight = float(self.weights[day, hour])
        return Phrase(
            "Of {n} events the most likely hour is {day} {start}:00 to {end}:00, with about {weight} ({times} times an "
            "even spread); {vague} have windows of more than twelve hours.",
            n=whole(self.n),
            day=Phrase(DAYS[day]),
            start=f"{hour:02d}",
            end=f"{hour + 1:02d}",
            weight=decimal(weight),
            times=decimal(weight * HOURS_IN_WEEK / self.n),
            vague=share(self.vague / self.n),
        )

    def table(self) -> Table:
        rows = tuple((DAYS[day], *(float(value) for value in self.weights[day])) for day in range(7))
        return Table(("day", *(f"{hour:02d}:00" for hour in range(24))), rows)

    def as_dict(self) -> dict[str, Any]:
        return {
            "weights": [[rounded(value, 9) for value in row] for row in self.weights],
            "days": list(DAYS),
            "total": rounded(self.total, 9),
            "instants": self.instants,
            "week_or_more": self.week_or_more,
            "end_before_start": self.end_before_start,
            "over_twelve_hours": self.vague,
            "timezone": self.timezone,
            **self.provenance(),
        }


def aoristic(starts: ArrayLike, ends: ArrayLike, *, timezone: str = LONDON) -> Aoristic:
    """Weights by hour of the week. Moments as text, datetime or datetime64; an empty end is a single instant.

    Moments with a zone are shown in ``timezone``; others are wall-clock times already. Rows without a readable start,
    or with an end that cannot be read, are left out and said. Raises CannotCompute when none is left.
    """
    begin, begin_known, _ = wall_clock(starts, timezone=timezone)
    end, end_known, end_empty = wall_clock(ends, timezone=timezone)
    if begin.size != end.size:
        raise CannotCompute(f"There are {begin.size:,} starts and {end.size:,} ends; each event needs both columns.")
    kept = begin_known & (end_known | end_empty)
    if not kept.any():
        raise CannotCompute("No event has a start that can be read. Write times such as 2024-03-30 23:15.")
    begin, end_known = begin[kept], end_known[kept]
    length = np.where(end_known, (end[kept] - begin).astype(np.int64), 0)
    at = second_of_week(begin)
    backwards = length < 0
    instant = length <= 60
    long = length >= WEEK
    weights = window_weights(at[~instant & ~long], length[~instant & ~long])
    weights += np.bincount(at[instant] // HOUR, minlength=HOURS_IN_WEEK)
    weights += long.sum() / HOURS_IN_WEEK
    vague = int((length > VAGUE_HOURS * HOUR).sum())
    n = int(begin.size)
    return Aoristic(
        n=n,
        method="aoristic weights, each event spread evenly over its window in wall-clock time",
        doubts=_doubts(int((~kept).sum()), int(backwards.sum()), vague, n),
        weights=weights.reshape(7, 24),
        instants=int((instant & ~backwards).sum()),
        week_or_more=int(long.sum()),
        end_before_start=int(backwards.sum()),
        vague=vague,
        timezone=timezone,
    )


def window_weights(at: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.float64]:
    """Summed weights (168,) of windows that begin ``at`` seconds into the week and last ``length`` (0 < length < week).

    The first and last hour of each get their parts; whole hours between are added as steps up and down, summed once.
    """
    end = at + length
    first, last = at // HOUR, end // HOUR
    density = 1.0 / length
    inside = first == last
    cells = 2 * HOURS_IN_WEEK + 1

    def added(where: NDArray[np.int64], what: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(where, weights=what, minlength=cells), np.float64)

    parts = added(first, np.where(inside, 1.0, (HOUR - at % HOUR) * density))
    parts += added(last, np.where(inside, 0.0, (end % HOUR) * density))
    hourly = np.where(inside, 0.0, HOUR * density)
    steps = added(np.minimum(first + 1, last), hourly) - added(last, hourly)
    two_weeks = parts + np.maximum(steps.cumsum(), 0.0)
    return np.asarray(two_weeks[:HOURS_IN_WEEK] + two_weeks[HOURS_IN_WEEK:-1])


def _doubts(left_out: int, backwards: int, vague: int, n: int) -> tuple[Doubt, ...]:
    doubts = []
    if left_out:
        sentence = rows_left_out(left_out, "a time that cannot be read")
        doubts.append(Doubt(DoubtKind.ROWS_LEFT_OUT, sentence))
    if backwards:
        sentence = (
            Phrase("1 window ends before it starts: its start was used.")
            if backwards == 1
            else Phrase("{rows} windows end before they start: their start was used.", rows=whole(backwards))
        )
        doubts.append(Doubt(DoubtKind.VAGUE_TIMES, sentence))
    if vague > MANY_VAGUE * n:
        sentence = Phrase(
            "{share} of the windows are longer than twelve hours: they flatten any peak.", share=share(vague / n)
        )
        doubts.append(Doubt(DoubtKind.VAGUE_TIMES, sentence))
    return tuple(doubts)
