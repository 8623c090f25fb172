"""How far will an area chosen for a bad year fall if nothing is done?

A high count is partly a high rate and partly bad luck, and the luck does not last. Each area's rate is shrunk towards
the mean of all by how much the areas truly differ (a gamma spread of rates, found by moments from all areas, not only
the chosen); the next period is then negative binomial.
Sources: Galton F (1886) J Anthropol Inst 15:246-263; Marshall R (1991) JRSS C 40:283-294 (the moments); Hauer E (1997)
Observational Before-After Studies in Road Safety.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, pdtr

from frankpledge.analysis.count_models import check_confidence
from frankpledge.analysis.count_panel import CountPanel
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

FEWEST_AREAS = 5
YEAR = 12
NOTABLE_FALL = 5.0  # per cent


@dataclass(frozen=True, kw_only=True)
class RegressionToTheMean(Result):
    """``expected`` events in a next period of the same length with no effect at all, with a prediction interval.

    ``n`` counts the areas the spread was learned from; ``reliability`` is the share of the chosen area's distance from
    the mean that lasts (1: all of it, 0: nothing but luck).
    """

    observed: float
    expected: float
    interval: Interval
    reliability: float

    @property
    def expected_percent(self) -> float:
        """The change to be expected from nothing, in per cent."""
        return 100 * (self.expected / self.observed - 1)

    def sentence(self) -> Phrase:
        return Phrase(
            "Chosen on {observed}, this area is expected to have {expected} next time with nothing done "
            "({low} to {high}): {percent} % by chance alone.",
            observed=whole(self.observed),
            expected=decimal(self.expected),
            low=whole(self.interval.lower or 0),
            high=whole(self.interval.upper),
            percent=f"{self.expected_percent:+.0f}",
        )

    def table(self) -> Table:
        row = (self.observed, self.expected, self.interval.lower, self.interval.upper, self.expected_percent)
        return Table(("observed", "expected next", "lower", "upper", "change in per cent"), (row,))

    def as_dict(self) -> dict[str, Any]:
        return {
            "observed": rounded(self.observed),
            "expected": rounded(self.expected),
            "expected_percent": rounded(self.expected_percent),
            "interval": self.interval.as_dict(),
            "reliability": rounded(self.reliability),
            **self.provenance(),
        }


def regression_to_the_mean(
    counts: ArrayLike, *, chosen: int, exposure: ArrayLike | None = None, confidence: float = 0.95
) -> RegressionToTheMean:
    """``counts`` (areas,) in the period on which area number ``chosen`` was picked; ``exposure`` (areas,): homes.

    All areas that could have been chosen must be given. Raises CannotCompute with fewer than five, or no event in the
    chosen one.
    """
    check_confidence(confidence)
    value = np.asarray(counts, np.float64)
    size = np.ones_like(value) if exposure is None else np.asarray(exposure, np.float64)
    if value.ndim != 1 or value.shape != size.shape or len(value) < FEWEST_AREAS:
        raise CannotCompute(f"To see how much is luck, give the counts of at least {FEWEST_AREAS} areas.")
    if not np.all(np.isfinite(value)) or value.min() < 0 or not np.all(np.isfinite(size)) or size.min() <= 0:
        raise CannotCompute("Counts must not be below nought, and each area needs a size above nought.")
    if not 0 <= chosen < len(value) or value[chosen] == 0:
        raise CannotCompute("The chosen area must be one of those given and have at least one event.")
    mean = float(value.sum() / size.sum())
    spread = float((size * (value / size - mean) ** 2).sum() / size.sum()) - mean / float(size.mean())
    observed, homes = float(value[chosen]), float(size[chosen])
    reliability = max(spread, 0.0) / (max(spread, 0.0) + mean / homes)
    expected = homes * (mean + reliability * (observed / homes - mean))
    lower, upper = _prediction(mean, spread, observed, homes, expected, confidence)
    return RegressionToTheMean(
        n=len(value),
        method="empirical Bayes, gamma spread of rates by moments, negative binomial prediction",
        observed=observed,
        expected=expected,
        interval=Interval(float(lower), float(upper), confidence, "negative binomial prediction"),
        reliability=reliability,
    )


def chosen_high_doubt(panel: CountPanel) -> tuple[Doubt, ...]:
    """A doubt when the treated areas stood so high in the year before (12 periods) that a fall was to be expected."""
    if len(panel.areas) < FEWEST_AREAS:
        return ()
    start = int(panel.treated_from.min())
    before = slice(max(0, start - YEAR), start)
    counts, size = panel.counts[:, before].sum(axis=1), panel.exposure[:, before].sum(axis=1)
    chosen = [int(i) for i in np.flatnonzero(panel.treated) if counts[i] > 0]
    if not chosen:
        return ()
    found = [regression_to_the_mean(counts, chosen=i, exposure=size) for i in chosen]
    expected = 100 * (sum(one.expected for one in found) / sum(one.observed for one in found) - 1)
    if expected > -NOTABLE_FALL:
        return ()
    sentence = Phrase(
        "If the treated areas were chosen for the {periods} periods before the start, a change of {percent} % was to "
        "be expected with nothing done.",
        periods=whole(before.stop - before.start),
        percent=f"{expected:+.0f}",
    )
    return (Doubt(DoubtKind.CHOSEN_FOR_BEING_HIGH, sentence),)


def _prediction(
    mean: float, spread: float, observed: float, homes: float, expected: float, confidence: float
) -> tuple[int, int]:
    """The counts between which the next period's lies with at least this probability."""
    tail = (1 - confidence) / 2
    reach = np.arange(int(expected + 12 * math.sqrt(2 * expected + 1) + 30))
    if spread <= 1e-12 * mean**2:
        below = pdtr(reach, expected)
    else:
        shape, rate = mean**2 / spread + observed, mean / spread + homes
        below = betainc(shape, reach + 1.0, rate / (rate + homes))
    return int(np.searchsorted(below, tail)), int(np.searchsorted(below, 1 - tail))
