"""How far one count differs from an earlier one, and when a percentage may be printed.

A percentage on a base under twenty is refused. Two periods of unequal length are not compared. A comparison that
touches the lockdowns stands, but is named *not like for like*.
Sources: Wheeler A (2016) Tables and graphs for monitoring temporal crime trends, Int J Police Sci Manage 18:159-172;
Krishnamoorthy K, Thomson J (2004) A more powerful test for comparing two Poisson means, J Stat Plan Infer 119:23-35.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import gammaln, pdtr

from frankpledge.analysis.rates import RateRatio, Verdict, rate_ratio
from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.periods import LOCKDOWNS, MonthSpan
from frankpledge.vocabulary.wording import Phrase, whole

PERCENTAGE_BASE = 20  # smallest earlier count on which a percentage change is printed


def poisson_z(current: float, past: float) -> float:
    """Wheeler's ``2(√current − √past)``: roughly a standard normal when nothing changed."""
    if current < 0 or past < 0:
        raise CannotCompute("A count cannot be below nought.")
    return 2 * (math.sqrt(current) - math.sqrt(past))


def e_test(first: int, second: int) -> float:
    """Two-sided p value of Krishnamoorthy and Thomson's E-test for two counts over equal exposure.

    Raises CannotCompute for nought against nought, where no test exists.
    """
    if first < 0 or second < 0:
        raise CannotCompute("A count cannot be below nought.")
    if first == 0 and second == 0:
        raise CannotCompute("Both counts are nought: there is nothing to test.")
    mean = (first + second) / 2
    reach = np.arange(_far_tail(mean) + 1)
    log_p = reach * math.log(mean) - mean - gammaln(reach + 1)
    a, b = reach[:, None], reach[None, :]
    spread = np.sqrt(a + b)
    statistic = np.divide(np.abs(a - b), spread, out=np.zeros_like(spread), where=spread > 0)
    observed = abs(first - second) / math.sqrt(first + second)
    as_far = statistic >= observed - 1e-12
    return min(1.0, float(np.exp(log_p[:, None] + log_p[None, :])[as_far].sum()))


def _far_tail(mean: float) -> int:
    """A count beyond which a Poisson variable of this mean practically never lies."""
    reach = int(mean + 12 * math.sqrt(mean) + 20)
    while 1 - pdtr(reach, mean) > 1e-13:
        reach = int(reach * 1.2) + 1
    return reach


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
        doubts.append(
            Doubt(
                DoubtKind.SMALL_NUMBERS,
                Phrase(
                    "No percentage is given on a base of {base}: it would swing with every case.", base=whole(previous)
                ),
            )
        )
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


def touches_lockdowns(span: MonthSpan) -> bool:
    """Whether any month of ``span`` lies in the lockdown period."""
    return span.first <= LOCKDOWNS.last and LOCKDOWNS.first <= span.last


def period_days(span: MonthSpan) -> int:
    return sum(month.days for month in span)


def span_as_list(span: MonthSpan) -> list[str]:
    return [str(span.first), str(span.last)]
