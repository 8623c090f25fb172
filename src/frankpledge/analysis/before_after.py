"""Before and after, with and without a comparison area.

Alone, a fall says little: crime falls for many reasons. With a comparison the relative effect size (an odds ratio) is
(a d) / (b c), where a and b are the treated area before and after, c and d the comparison: ABOVE 1 FAVOURS THE SCHEME.
Periods of unequal length cancel in it, because both areas share them; they do not cancel in a plain before and after,
which is refused then unless rates are asked for.
Sources: Farrington D, Gill M, Waples S, Argomaniz J (2007) J Exp Criminol 3:21-38, appendix (effect size, variance);
Marchant P (2005) Brit J Criminol 45:573-581 (counts vary more than chance: inflate the variance); Haldane J (1956) Ann
Hum Genet 20:309-311 and Anscombe F (1956) Biometrika 43:461-464 (half added to each cell when one is nought).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scipy.special import ndtr

from frankpledge.analysis.change import PERCENTAGE_BASE
from frankpledge.analysis.count_models import check_count, normal_multiple
from frankpledge.analysis.rates import RateRatio, rate_ratio
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

Pair = Sequence[float]  # counts before and after
SMALL_COUNT = 10  # a cell under this is flagged


class ZeroCells(StrEnum):
    """What to do when one of the four counts is nought."""

    ADD_HALF = "add a half to each count"
    REFUSE = "refuse"


@dataclass(frozen=True, kw_only=True)
class BeforeAfter(Result):
    """One area before and after. ``percent`` is the change per unit of time, None on a base under 20."""

    before: int
    after: int
    period_lengths: tuple[float, float]
    percent: float | None
    ratio: RateRatio

    def sentence(self) -> Phrase:
        if self.percent is None:
            change = Phrase("from {before} to {after}", before=whole(self.before), after=whole(self.after))
        else:
            change = Phrase(
                "from {before} to {after}, {percent} % per unit of time",
                before=whole(self.before),
                after=whole(self.after),
                percent=f"{self.percent:+.1f}",
            )
        return Phrase(
            "The count went {change}: {verdict}. Without a comparison this does not say why.",
            change=change,
            verdict=Phrase(self.ratio.verdict.value),
        )

    def table(self) -> Table:
        rows = (
            ("before", self.before, self.period_lengths[0], self.before / self.period_lengths[0]),
            ("after", self.after, self.period_lengths[1], self.after / self.period_lengths[1]),
        )
        return Table(("period", "count", "length", "count per unit of time"), rows)

    def as_dict(self) -> dict[str, Any]:
        return {
            "before": self.before,
            "after": self.after,
            "period_lengths": list(self.period_lengths),
            "percent": rounded(self.percent),
            "ratio": self.ratio.as_dict(),
            **self.provenance(),
        }


def before_after(
    *, before: int, after: int, period_lengths: Pair = (1.0, 1.0), per_time: bool = False, confidence: float = 0.95
) -> BeforeAfter:
    """Counts before and after in one area. Unequal lengths are refused unless ``per_time`` asks for rates.

    Raises CannotCompute for unequal periods taken as they are, counts below nought, or no crime at all.
    """
    check_count(before, "before")
    check_count(after, "after")
    lengths = _lengths(period_lengths)
    unequal = lengths[0] != lengths[1]
    if unequal and not per_time:
        raise CannotCompute(
            f"The count before covers {lengths[0]:g} and the count after {lengths[1]:g} units of time: they cannot be "
            "compared as they are. Use periods of equal length, or ask for counts per unit of time."
        )
    doubts = [Doubt(DoubtKind.NO_COMPARISON, Phrase("There is no comparison area: any wider trend is in this change."))]
    if unequal:
        doubts.append(_unequal())
    percent = None
    if before >= PERCENTAGE_BASE:
        percent = 100 * (after / lengths[1] / (before / lengths[0]) - 1)
    else:
        sentence = Phrase("No percentage is given on a base of {base}.", base=whole(before))
        doubts.append(Doubt(DoubtKind.SMALL_NUMBERS, sentence))
    return BeforeAfter(
        n=before + after,
        method="before and after, ratio per unit of time with conditional exact interval",
        doubts=tuple(doubts),
        before=before,
        after=after,
        period_lengths=lengths,
        percent=percent,
        ratio=rate_ratio(after, lengths[1], before, lengths[0], confidence=confidence),
    )


@dataclass(frozen=True, kw_only=True)
class RelativeEffectSize(Result):
    """``value`` above 1 favours the scheme: the treated area did better than its comparison.

    ``net_percent`` is the change in the treated area beyond the comparison's (below nought: fewer crimes);
    ``prevented`` the crimes that did not happen after, had the treated area moved as its comparison did.
    """

    treated: tuple[float, float]
    control: tuple[float, float]
    value: float
    interval: Interval
    p: float
    net_percent: float
    prevented: float
    prevented_interval: Interval
    half_added: bool
    variance_inflation: float

    def sentence(self) -> Phrase:
        low, high = self.interval.lower or 0.0, self.interval.upper
        values = {
            "value": decimal(self.value, 2),
            "low": decimal(low, 2),
            "high": decimal(high, 2),
            "percent": decimal(abs(self.net_percent)),
            "direction": Phrase("fewer") if self.net_percent < 0 else Phrase("more"),
        }
        if low > 1 or high < 1:
            return Phrase(
                "{percent} % {direction} crimes than the comparison leads one to expect: relative effect size {value} "
                "({low} to {high}; above 1 favours the scheme).",
                **values,
            )
        return Phrase(
            "No clear effect: relative effect size {value} ({low} to {high}; above 1 favours the scheme).", **values
        )

    def table(self) -> Table:
        return Table(("area", "before", "after"), (("treated", *self.treated), ("comparison", *self.control)))

    def as_dict(self) -> dict[str, Any]:
        return {
            "relative_effect_size": rounded(self.value, 12),
            "above_1_favours": "the scheme",
            "interval": self.interval.as_dict(),
            "p": rounded(self.p, 9),
            "net_percent": rounded(self.net_percent),
            "prevented": rounded(self.prevented),
            "prevented_interval": self.prevented_interval.as_dict(),
            "treated": list(self.treated),
            "control": list(self.control),
            "half_added": self.half_added,
            "variance_inflation": self.variance_inflation,
            **self.provenance(),
        }


def relative_effect_size(
    *,
    treated: Pair,
    control: Pair,
    variance_inflation: float = 1.0,
    zero_cells: ZeroCells = ZeroCells.ADD_HALF,
    period_lengths: Pair = (1.0, 1.0),
    confidence: float = 0.95,
) -> RelativeEffectSize:
    """Relative effect size of counts (before, after), both areas over the same two periods.

    ``variance_inflation`` (1 or more) widens the interval for counts that vary more than chance. Raises CannotCompute
    for counts below nought, or a count of nought under ``ZeroCells.REFUSE``.
    """
    cells = [*_pair("treated", treated), *_pair("control", control)]
    if not math.isfinite(variance_inflation) or variance_inflation < 1:
        raise CannotCompute("The variance inflation is 1 for Poisson counts, or more.")
    lengths = _lengths(period_lengths)
    zero = min(cells) == 0
    if zero and zero_cells is ZeroCells.REFUSE:
        raise CannotCompute("One of the four counts is nought, so the relative effect size has no value.")
    if sum(cells[:2]) == 0 or sum(cells[2:]) == 0:
        raise CannotCompute("One of the two areas had no crime before or after: there is nothing to compare.")
    a, b, c, d = (cell + 0.5 for cell in cells) if zero else cells
    value = a * d / (b * c)
    error = math.sqrt(variance_inflation * (1 / a + 1 / b + 1 / c + 1 / d))
    reach = normal_multiple(confidence) * error
    name = "normal on the log scale" + ("" if variance_inflation == 1 else f", variance times {variance_inflation:g}")
    low, high = value * math.exp(-reach), value * math.exp(reach)
    return RelativeEffectSize(
        n=round(sum(cells)),
        method="relative effect size (odds ratio), two-sided normal p of its logarithm"
        + (", a half added to each count" if zero else ""),
        doubts=_doubts(cells, zero, variance_inflation, lengths),
        treated=(cells[0], cells[1]),
        control=(cells[2], cells[3]),
        value=value,
        interval=Interval(low, high, confidence, name),
        p=float(2 * ndtr(-abs(math.log(value)) / error)),
        net_percent=100 * (1 / value - 1),
        prevented=b * (value - 1),
        prevented_interval=Interval(b * (low - 1), b * (high - 1), confidence, name),
        half_added=zero,
        variance_inflation=variance_inflation,
    )


def _doubts(cells: Sequence[float], zero: bool, inflation: float, lengths: tuple[float, float]) -> tuple[Doubt, ...]:
    found = []
    if zero:
        sentence = Phrase("One count is nought, so a half was added to each: the size is rough.")
        found.append(Doubt(DoubtKind.SMALL_NUMBERS, sentence))
    elif min(cells) < SMALL_COUNT:
        sentence = Phrase("A count under {few} makes the size rough.", few=whole(SMALL_COUNT))
        found.append(Doubt(DoubtKind.SMALL_NUMBERS, sentence))
    if inflation == 1:
        sentence = Phrase("The interval takes counts as Poisson; real counts vary more, so it is too narrow.")
        found.append(Doubt(DoubtKind.OVER_DISPERSION, sentence))
    if lengths[0] != lengths[1]:
        found.append(_unequal())
    return tuple(found)


def _unequal() -> Doubt:
    return Doubt(
        DoubtKind.UNEQUAL_PERIODS,
        Phrase("The two periods differ in length, so they do not hold the same seasons."),
    )


def _pair(name: str, pair: Pair) -> tuple[float, float]:
    if len(pair) != 2:
        raise CannotCompute(f"The {name} area needs two counts: before and after.")
    check_count(float(pair[0]), f"of the {name} area before")
    check_count(float(pair[1]), f"of the {name} area after")
    return float(pair[0]), float(pair[1])


def _lengths(pair: Pair) -> tuple[float, float]:
    first, second = float(pair[0]), float(pair[1])
    if not (math.isfinite(first) and math.isfinite(second)) or first <= 0 or second <= 0:
        raise CannotCompute("The lengths of the two periods must be above nought.")
    return first, second
