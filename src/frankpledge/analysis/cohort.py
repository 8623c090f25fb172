"""How often a cohort re-offends against what was predicted for it, and rates that leave missing returns out fairly.

The ratio of those who re-offended to those predicted has an exact Poisson interval, a little wide for a cohort (a
person, unlike a count, re-offends once or not). With a prediction for each person there is an exact p value too.
Sources: Garwood F (1936) Biometrika 28:437-442; Hong Y (2013) Comput Stat Data Anal 59:41-51 (Poisson binomial);
SafeLives, MARAC cases: five year trend analysis.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frankpledge.analysis.rates import Verdict, exact_limits, ratio_verdict, wilson_limits
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

SMALL_PREDICTION = 20
MOST_PEOPLE = 20_000  # for the exact p value


@dataclass(frozen=True, kw_only=True)
class CohortReoffending(Result):
    """``reoffended`` of ``n`` people against ``predicted``. ``p``: two-sided, with a prediction for each person."""

    reoffended: int
    predicted: float
    ratio: float
    interval: Interval
    share_interval: Interval
    p: float | None

    @property
    def verdict(self) -> Verdict:
        return ratio_verdict(self.interval)

    def sentence(self) -> Phrase:
        return Phrase(
            "{k} of {n} re-offended ({share} %) against {predicted} predicted ({predicted_share} %): {ratio} times "
            "({low} to {high}), {verdict}.",
            k=whole(self.reoffended),
            n=whole(self.n),
            share=decimal(100 * self.reoffended / self.n, 2),
            predicted=decimal(self.predicted),
            predicted_share=decimal(100 * self.predicted / self.n, 2),
            ratio=decimal(self.ratio, 3),
            low=decimal(self.interval.lower or 0.0, 2),
            high=decimal(self.interval.upper, 2),
            verdict=Phrase(self.verdict.value),
        )

    def table(self) -> Table:
        return Table(
            ("cohort", "re-offended", "predicted", "ratio", "lower", "upper", "p"),
            (
                (
                    self.n, self.reoffended, self.predicted, self.ratio,
                    self.interval.lower, self.interval.upper, self.p,
                ),
            ),
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        return {
            "cohort": self.n,
            "reoffended": self.reoffended,
            "share": rounded(self.reoffended / self.n),
            "share_interval": self.share_interval.as_dict(),
            "predicted": rounded(self.predicted),
            "predicted_share": rounded(self.predicted / self.n),
            "ratio": rounded(self.ratio),
            "interval": self.interval.as_dict(),
            "verdict": self.verdict.value,
            "p": rounded(self.p),
            **self.provenance(),
        }


def cohort_reoffending(
    reoffended: int,
    cohort: int,
    *,
    predicted_share: float | None = None,
    predicted_each: ArrayLike | None = None,
    confidence: float = 0.95,
    batches: tuple[str, ...] = (),
) -> CohortReoffending:
    """``reoffended`` of ``cohort`` people against a predicted share (0..1) or a prediction for each person (0..1).

    Give exactly one of the two. Raises CannotCompute for an empty cohort, or a prediction that is not a probability.
    """
    if cohort <= 0 or not 0 <= reoffended <= cohort:
        raise CannotCompute("A cohort has at least one person, and no more re-offend than belong to it.")
    if (predicted_share is None) == (predicted_each is None):
        raise CannotCompute("Give the predicted share of the cohort, or a prediction for each person, not both.")
    each = None if predicted_each is None else np.asarray(predicted_each, np.float64)
    if each is not None and (each.shape != (cohort,) or not np.all((each >= 0) & (each <= 1))):
        raise CannotCompute(f"A prediction for each of the {cohort:,} people is a probability between 0 and 1.")
    if predicted_share is not None and not 0 < predicted_share <= 1:
        raise CannotCompute("A predicted share lies above 0 and is 1 at most. Was it given in per cent?")
    predicted = float(each.sum()) if each is not None else cohort * float(predicted_share or 0)
    if predicted <= 0:
        raise CannotCompute("Nobody was predicted to re-offend: there is nothing to compare with.")
    limits = exact_limits(reoffended, confidence)
    doubts = []
    if predicted < SMALL_PREDICTION:
        sentence = Phrase("Fewer than {k} were predicted to re-offend.", k=whole(SMALL_PREDICTION))
        doubts.append(Doubt(DoubtKind.SMALL_NUMBERS, sentence))
    return CohortReoffending(
        n=cohort,
        method="re-offenders over predicted, exact Poisson interval"
        + (", exact Poisson-binomial p" if each is not None else ""),
        doubts=tuple(doubts),
        batches=batches,
        reoffended=reoffended,
        predicted=predicted,
        ratio=reoffended / predicted,
        interval=Interval((limits.lower or 0.0) / predicted, limits.upper / predicted, confidence, limits.method),
        share_interval=wilson_limits(reoffended, cohort, confidence),
        p=None if each is None else _poisson_binomial_p(reoffended, each),
    )


def relative_difference_range(actual: float, predicted: float, *, places: int) -> tuple[float, float]:
    """Least and greatest ``(actual - predicted) / predicted`` that two figures rounded to ``places`` can stand for."""
    half = 0.5 * 10.0**-places
    if predicted <= half:
        raise CannotCompute("The predicted figure could be nought within its rounding.")
    return (actual - half) / (predicted + half) - 1, (actual + half) / (predicted - half) - 1


def _poisson_binomial_p(observed: int, each: NDArray[np.float64]) -> float:
    """Twice the smaller tail of the exact distribution of how many re-offend."""
    if len(each) > MOST_PEOPLE:
        raise CannotCompute(f"The exact test takes {MOST_PEOPLE:,} people at most. Give the predicted share instead.")
    chance = np.zeros(len(each) + 1)
    chance[0] = 1.0
    for k, p in enumerate(each.tolist(), start=1):
        chance[1 : k + 1] = chance[1 : k + 1] * (1 - p) + chance[:k] * p
        chance[0] *= 1 - p
    return min(1.0, 2 * float(min(chance[: observed + 1].sum(), chance[observed:].sum())))


# Rates over partners that may fail to report


@dataclass(frozen=True, kw_only=True)
class MaracRate(Result):
    """MARAC cases (repeats included) per 10,000 adult women of the areas that returned data. ``n``: cases."""

    adult_women: int
    value: float
    interval: Interval
    stood_in: tuple[str, ...]  # areas where the quarter before stood in for a missing one
    left_out: tuple[str, ...]  # areas left out, with their population

    def sentence(self) -> Phrase:
        return Phrase(
            "{value} cases per 10,000 adult women ({low} to {high}): {n} among {women}.",
            value=decimal(self.value),
            low=decimal(self.interval.lower or 0.0),
            high=decimal(self.interval.upper),
            n=whole(self.n),
            women=whole(self.adult_women),
        )

    def table(self) -> Table:
        return Table(
            ("cases", "adult women", "rate", "lower", "upper"),
            ((self.n, self.adult_women, self.value, self.interval.lower, self.interval.upper),),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "cases": self.n,
            "adult_women": self.adult_women,
            "value": rounded(self.value),
            "interval": self.interval.as_dict(),
            "stood_in": list(self.stood_in),
            "left_out": list(self.left_out),
            **self.provenance(),
        }


def marac_rate(
    quarters: Mapping[str, Sequence[int | None]], adult_women: Mapping[str, int], *, confidence: float = 0.95
) -> MaracRate:
    """Cases over the quarters given, per 10,000 women of 16 and over, by SafeLives' rules for missing returns.

    ``quarters``: for each area its cases in turn, None where it sent none. One missing quarter takes the figure of the
    quarter before; an area with two missing in a row (or a first one missing) is left out with its population.
    """
    cases, women, stood_in, left_out = 0, 0, [], []
    for area, given in quarters.items():
        if any(count is not None and count < 0 for count in given):
            raise CannotCompute(f"{area} has a count below nought.")
        if adult_women.get(area, 0) <= 0:
            raise CannotCompute(f"There is no population of adult women for {area}.")
        filled = [before if count is None else count for before, count in zip((None, *given), given, strict=False)]
        known = [count for count in filled if count is not None]
        if len(known) < len(given) or not given:
            left_out.append(area)
            continue
        if None in given:
            stood_in.append(area)
        cases, women = cases + sum(known), women + adult_women[area]
    if not women:
        raise CannotCompute("No area returned enough quarters for a rate.")
    limits = exact_limits(cases, confidence)
    per = 10_000 / women
    doubts = []
    if stood_in or left_out:
        sentence = Phrase(
            "{stood} areas have a quarter filled from the one before, {out} are left out.",
            stood=whole(len(stood_in)),
            out=whole(len(left_out)),
        )
        doubts.append(Doubt(DoubtKind.MISSING_MONTHS, sentence))
    return MaracRate(
        n=cases,
        method="cases per 10,000 adult women, exact Poisson interval",
        doubts=tuple(doubts),
        adult_women=women,
        value=cases * per,
        interval=Interval((limits.lower or 0.0) * per, limits.upper * per, confidence, limits.method),
        stood_in=tuple(stood_in),
        left_out=tuple(left_out),
    )
