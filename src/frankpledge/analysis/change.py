"""How far one count differs from an earlier one, and when a percentage may be printed.

A percentage on a base under twenty is refused. Two periods of unequal length are not compared, or per day and said so.
A comparison that touches the lockdowns stands, but is named *not like for like*.
Sources: Wheeler A (2016) Tables and graphs for monitoring temporal crime trends, Int J Police Sci Manage 18:159-172;
Krishnamoorthy K, Thomson J (2004) A more powerful test for comparing two Poisson means, J Stat Plan Infer 119:23-35.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, pdtr, pdtrc

from frankpledge.analysis.rates import RateRatio, Verdict, rate_ratio
from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.periods import LOCKDOWNS, Month, MonthSpan
from frankpledge.vocabulary.wording import Phrase, whole

PERCENTAGE_BASE = 20  # smallest earlier count on which a percentage change is printed


def poisson_z(current: float, past: float) -> float:
    """Wheeler's ``2(√current − √past)``: roughly a standard normal when nothing changed."""
    if current < 0 or past < 0:
        raise CannotCompute("A count cannot be below nought.")
    return 2 * (math.sqrt(current) - math.sqrt(past))


def e_test(first: int, second: int, first_exposure: float = 1.0, second_exposure: float = 1.0) -> float:
    """Two-sided p value of Krishnamoorthy and Thomson's E-test for two counts, each over its exposure.

    The statistic has the variance both would have were their rates the same (as ptools and crimepy do); the paper's own
    estimates each apart. With equal exposures the two are one.
    Raises CannotCompute for nought against nought, where no test exists.
    """
    if first < 0 or second < 0:
        raise CannotCompute("A count cannot be below nought.")
    if not (first_exposure > 0 and second_exposure > 0):
        raise CannotCompute("Both periods need a length above nought.")
    if first == 0 and second == 0:
        raise CannotCompute("Both counts are nought: there is nothing to test.")
    rate = (first + second) / (first_exposure + second_exposure)
    mean, other = rate * first_exposure, rate * second_exposure

    def statistic(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
        spread = np.sqrt(a + b)
        gap = a / first_exposure - b / second_exposure
        return np.divide(gap, spread, out=np.zeros_like(spread), where=spread > 0)

    observed = abs(float(statistic(np.array([float(first)]), np.array([float(second)]))[0])) - 1e-12
    if observed <= 0:
        return 1.0
    a = np.arange(*_reach(mean), dtype=float)
    # The statistic falls as the second count rises, so for each first count two tails of the second are as far.
    highest_above = _last(lambda b: statistic(a, b) >= observed, a.size, _reach(other)[1])
    lowest_below = _last(lambda b: statistic(a, b) > -observed, a.size, _reach(other)[1]) + 1
    tails = np.where(highest_above >= 0, pdtr(np.maximum(highest_above, 0), other), 0.0)
    tails += np.where(lowest_below > 0, pdtrc(np.maximum(lowest_below - 1, 0), other), 1.0)
    weight = np.exp(a * math.log(mean) - mean - gammaln(a + 1))
    return min(1.0, float(weight @ tails))


def _reach(mean: float) -> tuple[int, int]:
    """Counts outside which a Poisson variable of this mean practically never lies."""
    span = 12 * math.sqrt(mean) + 20
    return max(0, int(mean - span)), int(mean + span) + 1


def _last(holds: Callable[[NDArray[np.float64]], NDArray[np.bool_]], rows: int, end: int) -> NDArray[np.int64]:
    """For each row the last whole number up to ``end`` at which a condition that holds first and then fails still
    holds; -1 where it never does.
    """
    low, high = np.full(rows, -1, np.int64), np.full(rows, end, np.int64)
    while (searching := low < high).any():
        middle = np.maximum((low + high + 1) // 2, 0)
        kept = holds(middle.astype(float))
        low, high = np.where(searching & kept, middle, low), np.where(searching & ~kept, middle - 1, high)
    return low


@dataclass(frozen=True, kw_only=True)
class Change(Result):
    """One period's count against an earlier period of the same length."""

    current: int
    previous: int
    period: MonthSpan
    previous_period: MonthSpan
    percent: float | None  # None where refused
    z: float
    ratio: RateRatio | None

    @property
    def like_for_like(self) -> bool:
        return all(doubt.kind is not DoubtKind.COVID_PERIOD for doubt in self.doubts)

    @property
    def verdict(self) -> Verdict:
        return self.ratio.verdict if self.ratio else Verdict.NOT_CLEAR

    def sentence(self) -> Phrase:
        return Phrase(
            "{current} in the {period} against {previous} in the {before}",
            current=whole(self.current),
            period=self.period,
            previous=whole(self.previous),
            before=self.previous_period,
        )

    def table(self) -> Table:
        return Table(
            ("period", "count"),
            ((self.previous_period.label, self.previous), (self.period.label, self.current)),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "period": span_as_list(self.period),
            "previous_period": span_as_list(self.previous_period),
            "current": self.current,
            "previous": self.previous,
            "difference": self.current - self.previous,
            "percent": rounded(self.percent),
            "z": rounded(self.z),
            "verdict": self.verdict.value,
            "like_for_like": self.like_for_like,
            **self.provenance(),
        }


def change(current: int, period: MonthSpan, previous: int, previous_period: MonthSpan) -> Change:
    """``current`` against ``previous``. Raises CannotCompute for periods of unequal length."""
    if len(period) != len(previous_period):
        raise CannotCompute(
            f"The {period.label} and the {previous_period.label} are of different length: they cannot be compared."
        )
    doubts = []
    if touches_lockdowns(period) != touches_lockdowns(previous_period):
        doubts.append(
            Doubt(
                DoubtKind.COVID_PERIOD,
                Phrase("One of the two periods had lockdowns and the other had none: they are not like for like."),
            )
        )
    elif touches_lockdowns(period):
        doubts.append(Doubt(DoubtKind.COVID_PERIOD, Phrase("Both periods had lockdowns, of different length.")))
    percent = None
    if previous >= PERCENTAGE_BASE:
        percent = 100 * (current - previous) / previous
    else:
        doubts.append(_no_percentage(previous))
    ratio = (
        rate_ratio(current, period_days(period), previous, period_days(previous_period)) if current + previous else None
    )
    return Change(
        n=current + previous,
        method="difference of two counts, Poisson; ratio per day with conditional exact interval",
        doubts=tuple(doubts),
        current=current,
        previous=previous,
        period=period,
        previous_period=previous_period,
        percent=percent,
        z=poisson_z(current, previous),
        ratio=ratio,
    )


@dataclass(frozen=True, kw_only=True)
class CountChange(Result):
    """One count against another, each over ``days`` (or any other measure of how long or how large)."""

    current: int
    previous: int
    current_days: float
    previous_days: float
    current_label: str
    previous_label: str
    percent: float | None  # of the count per day; None where refused
    z: float
    p: float | None  # E-test; None for nought against nought
    ratio: RateRatio | None

    @property
    def verdict(self) -> Verdict:
        return self.ratio.verdict if self.ratio else Verdict.NOT_CLEAR

    def sentence(self) -> Phrase:
        return Phrase(
            "{current} in {period} against {previous} in {before}: {verdict}",
            current=whole(self.current),
            period=self.current_label,
            previous=whole(self.previous),
            before=self.previous_label,
            verdict=Phrase(self.verdict.value),
        )

    def table(self) -> Table:
        return Table(
            ("period", "count", "days"),
            (
                (self.previous_label, self.previous, self.previous_days),
                (self.current_label, self.current, self.current_days),
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "current": self.current,
            "previous": self.previous,
            "current_label": self.current_label,
            "previous_label": self.previous_label,
            "days": [self.current_days, self.previous_days],
            "difference": self.current - self.previous,
            "percent": rounded(self.percent),
            "z": rounded(self.z),
            "p": rounded(self.p, 9),
            "ratio": None if self.ratio is None else self.ratio.as_dict(),
            "verdict": self.verdict.value,
            **self.provenance(),
        }


def compare_counts(
    current: int,
    previous: int,
    *,
    current_days: float = 1.0,
    previous_days: float = 1.0,
    current_label: str = "this period",
    previous_label: str = "the one before",
    per_day: bool = False,
    doubts: tuple[Doubt, ...] = (),
) -> CountChange:
    """``current`` against ``previous`` by E-test, Poisson z and ratio; a percentage from a base of twenty.

    Raises CannotCompute for periods of unequal length, unless ``per_day`` asks to allow for it, which the result says.
    """
    if current < 0 or previous < 0:
        raise CannotCompute("A count cannot be below nought.")
    if not (current_days > 0 and previous_days > 0):
        raise CannotCompute("Both periods need a length above nought.")
    said = list(doubts)
    if current_days != previous_days:
        if not per_day:
            raise CannotCompute(
                f"{current_label} has {current_days:g} days and {previous_label} {previous_days:g}: compare equal "
                "periods, or ask for counts per day."
            )
        said.append(_unequal(current_days, previous_days))
    longer = current_days / previous_days
    percent = None
    if previous >= PERCENTAGE_BASE:
        percent = 100 * (current / longer - previous) / previous
    else:
        said.append(_no_percentage(previous))
    some = current + previous > 0
    return CountChange(
        n=current + previous,
        method="two Poisson counts: two-sided E-test, square-root z, ratio with conditional exact interval",
        doubts=tuple(said),
        current=current,
        previous=previous,
        current_days=current_days,
        previous_days=previous_days,
        current_label=current_label,
        previous_label=previous_label,
        percent=percent,
        z=_z_over(current, previous, longer),
        p=e_test(current, previous, current_days, previous_days) if some else None,
        ratio=rate_ratio(current, current_days, previous, previous_days) if some else None,
    )


def _z_over(current: int, previous: int, longer: float) -> float:
    """Wheeler's z; over unequal periods with the standard deviation each root then has."""
    # √(current/longer) has variance 1/(4·longer) and √previous 1/4; z is the difference over its own sd, times √2 as
    # in Wheeler's form, whose past count is a long-run mean without luck of its own.
    return 2 * math.sqrt(2 * longer / (1 + longer)) * (math.sqrt(current / longer) - math.sqrt(previous))


def _unequal(current_days: float, previous_days: float) -> Doubt:
    sentence = Phrase(
        "The periods have {now} and {before} days: they are compared per day.",
        now=f"{current_days:g}",
        before=f"{previous_days:g}",
    )
    return Doubt(DoubtKind.UNEQUAL_PERIODS, sentence)


def _no_percentage(base: int) -> Doubt:
    sentence = Phrase("No percentage is given on a base of {base}: it would swing with every case.", base=whole(base))
    return Doubt(DoubtKind.SMALL_NUMBERS, sentence)


class Against(StrEnum):
    """What a year to date is compared with. There is always one, and it is always named."""

    YEAR_BEFORE = "the same months a year before"
    THREE_YEARS_BEFORE = "the same months of the three years before, together"


def year_to_date(
    months: Sequence[Month],
    counts: Sequence[int | None],
    *,
    last: Month | None = None,
    against: Against = Against.YEAR_BEFORE,
    starts_in: int = 4,
) -> CountChange:
    """The year so far, from the month ``starts_in`` (April) to ``last``, against the same months of earlier years.

    A missing month is None or absent, never nought. A leap day is allowed for and said.
    Raises CannotCompute when a month of either side is missing.
    """
    if len(months) != len(counts):
        raise CannotCompute("Every month needs its count, or None where it is missing.")
    if not 1 <= starts_in <= 12:
        raise CannotCompute("A year starts in a month between 1 and 12.")
    known = {month: count for month, count in zip(months, counts, strict=True) if count is not None}
    if not known:
        raise CannotCompute("No month has a count.")
    last = last or max(known)
    first = last - (last.month - starts_in) % 12
    now = MonthSpan(first, last)
    years = 1 if against is Against.YEAR_BEFORE else 3
    before = [MonthSpan(first - 12 * back, last - 12 * back) for back in range(1, years + 1)]
    for span in (now, *before):
        missing = tuple(month for month in span if month not in known)
        if missing:
            raise CannotCompute(f"There is no count for {missing[0].label}, and a missing month is not nought.")
    doubts = []
    if any(touches_lockdowns(span) for span in before) != touches_lockdowns(now):
        sentence = Phrase("One of the two periods had lockdowns and the other had none: they are not like for like.")
        doubts.append(Doubt(DoubtKind.COVID_PERIOD, sentence))
    return compare_counts(
        sum(known[month] for month in now),
        sum(known[month] for span in before for month in span),
        current_days=period_days(now),
        previous_days=sum(period_days(span) for span in before),
        current_label=f"{now.first.label} to {now.last.label}" if len(now) > 1 else now.label,
        previous_label=against.value,
        per_day=True,
        doubts=tuple(doubts),
    )


def touches_lockdowns(span: MonthSpan) -> bool:
    """Whether any month of ``span`` lies in the lockdown period."""
    return span.first <= LOCKDOWNS.last and LOCKDOWNS.first <= span.last


def period_days(span: MonthSpan) -> int:
    return sum(month.days for month in span)


def span_as_list(span: MonthSpan) -> list[str]:
    return [str(span.first), str(span.last)]
