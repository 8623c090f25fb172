"""Day of the week by hour of the day, for events whose moment is known; and whether the days differ beyond chance.

For events known only from a window of time use ``aoristic``. The test of the days is exact: every way the same number
of events can fall on seven days is weighed (the multinomial), so it holds for the three or ten events of a small
series.
Sources: Wheeler A (2016) Testing serial crime events for randomness in day of week patterns with small samples, J
Investigative Psychology and Offender Profiling 13:148-165; Felson M, Poulsen E (2003) Simple indicators of crime by
time of day, Int J Forecasting 19:595-601.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frankpledge.analysis.aoristic import DAYS, HOUR
from frankpledge.analysis.results import Result, Table, rounded, rows_left_out
from frankpledge.analysis.wall_clock import LONDON, second_of_week, wall_clock
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, share, whole

MOST_FOR_EXACT = 60  # events above which the ways to fall are sampled, not listed
SIMULATIONS = 9_999
HEAPED = 0.1  # share of events at exactly midnight from which their times are doubted
FEW = 50


@dataclass(frozen=True, kw_only=True)
class WeekdayTest(Result):
    """Counts by category (days of the week, Monday first), Wheeler's G against an even spread, and its p value."""

    counts: tuple[int, ...]
    g: float
    p: float
    exact: bool

    @property
    def beyond_chance(self) -> bool:
        return self.p <= 0.05

    def sentence(self) -> Phrase:
        if self.beyond_chance:
            return Phrase("The days differ beyond chance (G {g}, p {p}, n {n}).", **self._values())
        return Phrase("No clear difference between the days (G {g}, p {p}, n {n}).", **self._values())

    def _values(self) -> dict[str, str]:
        return {"g": f"{self.g:.2f}", "p": f"{self.p:.3g}", "n": whole(self.n)}

    def table(self) -> Table:
        return Table(("day", "count"), tuple(zip(DAYS, self.counts, strict=False)))

    def as_dict(self) -> dict[str, Any]:
        return {
            "counts": list(self.counts),
            "g": rounded(self.g),
            "p": rounded(self.p, 9),
            "exact": self.exact,
            **self.provenance(),
        }


def weekday_test(counts: Sequence[int], *, seed: int = 1) -> WeekdayTest:
    """Do events fall evenly on the days? ``counts`` of each day, or of any equally likely categories, in any order.

    Exact up to 60 events; above, from seeded simulations as (1 + as uneven) / (1 + simulations).
    Raises CannotCompute for no events, negative counts or fewer than two categories.
    """
    values = [int(count) for count in counts]
    if len(values) < 2 or any(count < 0 for count in values):
        raise CannotCompute("The test needs a count of nought or more for each of at least two days.")
    n = sum(values)
    if n == 0:
        raise CannotCompute("None was recorded, so no day can differ.")
    g = g_statistic(values)
    exact = n <= MOST_FOR_EXACT
    return WeekdayTest(
        n=n,
        method="G against an even spread, " + ("exact multinomial" if exact else f"{SIMULATIONS:,} simulations"),
        seed=None if exact else seed,
        counts=tuple(values),
        g=g,
        p=_exact_p(n, len(values), g) if exact else _simulated_p(n, len(values), g, seed),
        exact=exact,
    )


def g_statistic(counts: Sequence[int]) -> float:
    """2·ΣO·ln(O/E) against an even spread; a category without any adds nothing."""
    even = sum(counts) / len(counts)
    return 2 * sum(count * math.log(count / even) for count in counts if count)


def _exact_p(n: int, categories: int, g: float) -> float:
    """Sum of the probabilities of all spreads at least as uneven, by listing each spread once whatever its order."""
    total = 0.0
    for spread in _partitions(n, n, categories):
        if g_statistic([*spread, *([0] * (categories - len(spread)))]) < g - 1e-9:
            continue
        repeats = [spread.count(size) for size in set(spread)] + [categories - len(spread)]
        log_orders = math.lgamma(categories + 1) - sum(math.lgamma(times + 1) for times in repeats)
        log_ways = math.lgamma(n + 1) - sum(math.lgamma(size + 1) for size in spread)
        total += math.exp(log_orders + log_ways - n * math.log(categories))
    return min(1.0, total)


def _partitions(n: int, largest: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Ways to write ``n`` as at most ``parts`` whole numbers of at most ``largest``, the largest first."""
    if n == 0:
        yield ()
    elif parts:
        for head in range(min(n, largest), math.ceil(n / parts) - 1, -1):
            for rest in _partitions(n - head, head, parts - 1):
                yield head, *rest


def _simulated_p(n: int, categories: int, g: float, seed: int) -> float:
    random = np.random.Generator(np.random.PCG64(seed))
    drawn = random.multinomial(n, np.full(categories, 1 / categories), size=SIMULATIONS)
    spread = 2 * (drawn * np.log(np.maximum(drawn, 1) * categories / n)).sum(axis=1)
    return (1 + int((spread >= g - 1e-9).sum())) / (1 + SIMULATIONS)


@dataclass(frozen=True, kw_only=True)
class DayByHour(Result):
    """``counts`` (7, 24), Monday first, in wall-clock time; ``days`` is the test of the seven days."""

    counts: NDArray[np.int64]
    days: WeekdayTest
    at_midnight: int  # events at exactly 00:00:00, which often means that the time is not known
    timezone: str

    @property
    def peak(self) -> tuple[int, int]:
        """Day (0 is Monday) and hour with the most events; the earliest of equals."""
        day, hour = divmod(int(self.counts.argmax()), 24)
        return day, hour

    def sentence(self) -> Phrase:
        day, hour = self.peak
        return Phrase(
            "Of {n} events most fell on {day} {start}:00 to {end}:00 ({most}). {test}",
            n=whole(self.n),
            day=Phrase(DAYS[day]),
            start=f"{hour:02d}",
            end=f"{hour + 1:02d}",
            most=whole(int(self.counts[day, hour])),
            test=self.days.sentence(),
        )

    def table(self) -> Table:
        rows = tuple((DAYS[day], *(int(value) for value in self.counts[day])) for day in range(7))
        return Table(("day", *(f"{hour:02d}:00" for hour in range(24))), rows)

    def as_dict(self) -> dict[str, Any]:
        return {
            "counts": self.counts.tolist(),
            "days": list(DAYS),
            "by_day": self.counts.sum(axis=1).tolist(),
            "by_hour": self.counts.sum(axis=0).tolist(),
            "day_test": {"g": rounded(self.days.g), "p": rounded(self.days.p, 9), "exact": self.days.exact},
            "at_midnight": self.at_midnight,
            "timezone": self.timezone,
            **self.provenance(),
        }


def day_by_hour(moments: ArrayLike, *, timezone: str = LONDON, seed: int = 1) -> DayByHour:
    """Counts by day and hour of moments as text, datetime or datetime64, on the wall clock of ``timezone``.

    Unreadable and missing moments are left out and said. Raises CannotCompute when none is left.
    """
    found, known, _ = wall_clock(moments, timezone=timezone)
    if not known.any():
        raise CannotCompute("No event has a time that can be read. Write times such as 2024-03-30 23:15.")
    second = second_of_week(found[known])
    counts = np.bincount(second // HOUR, minlength=168).reshape(7, 24)
    midnight = int((second % 86_400 == 0).sum())
    return DayByHour(
        n=int(second.size),
        method="counts by day of the week and hour in wall-clock time",
        doubts=_doubts(int((~known).sum()), midnight, int(second.size)),
        counts=counts.astype(np.int64),
        days=weekday_test(counts.sum(axis=1).tolist(), seed=seed),
        at_midnight=midnight,
        timezone=timezone,
    )


def _doubts(left_out: int, midnight: int, n: int) -> tuple[Doubt, ...]:
    doubts = []
    if left_out:
        sentence = rows_left_out(left_out, "a time that cannot be read")
        doubts.append(Doubt(DoubtKind.ROWS_LEFT_OUT, sentence))
    if midnight > HEAPED * n:
        sentence = Phrase(
            "{share} are at exactly midnight, which often means no time is known.", share=share(midnight / n)
        )
        doubts.append(Doubt(DoubtKind.VAGUE_TIMES, sentence))
    if n < FEW:
        sentence = Phrase("{count} events over 168 hours: the busiest hour is mostly luck.", count=whole(n))
        doubts.append(Doubt(DoubtKind.SMALL_NUMBERS, sentence))
    return tuple(doubts)
