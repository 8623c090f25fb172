"""Percentages from surveys: weighted, with design effect, n and response rate; and percentages no n can give.

Weights make a sample behave like a smaller one: Kish's design effect says how much smaller, and Wilson's interval is
taken on that effective number. A change between waves has Newcombe's interval, made of the two Wilson intervals.
Sources: Kish L (1965) Survey Sampling, and (1992) J Official Statistics 8:183-200; Wilson E (1927) JASA 22:209-212;
Newcombe R (1998) Stat Med 17:873-890 (method 10); Brown N, Heathers J (2017) The GRIM test, Soc Psychol Personal Sci
8:363-369.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from frankpledge.analysis.rates import Verdict, difference_verdict, wilson_limits
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

FEW_ANSWERS = 100  # effective answers under which a percentage is flagged
LOW_RESPONSE = 0.3
MOST_CHECKED = 1_000_000


@dataclass(frozen=True, kw_only=True)
class SurveyShare(Result):
    """A proportion (0..1) of ``n`` answers, never without them. ``effective_n`` is n over the design effect."""

    value: float
    interval: Interval
    design_effect: float
    effective_n: float
    not_answered: int
    response_rate: float | None  # answers over those asked; None when the number asked was not given

    def sentence(self) -> Phrase:
        if self.response_rate is None:
            return Phrase(
                "{value} % ({low} to {high}; n {n}, response rate not given).", **self._said(), n=whole(self.n)
            )
        return Phrase(
            "{value} % ({low} to {high}; n {n}, response rate {response} %).",
            **self._said(),
            n=whole(self.n),
            response=whole(100 * self.response_rate),
        )

    def _said(self) -> dict[str, str]:
        return {
            "value": decimal(100 * self.value),
            "low": decimal(100 * (self.interval.lower or 0.0)),
            "high": decimal(100 * self.interval.upper),
        }

    def table(self) -> Table:
        return Table(
            ("proportion", "lower", "upper", "n", "design effect", "effective n", "response rate"),
            (
                (
                    self.value, self.interval.lower, self.interval.upper, self.n,
                    self.design_effect, self.effective_n, self.response_rate,
                ),
            ),
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        return {
            "value": rounded(self.value),
            "interval": self.interval.as_dict(),
            "design_effect": rounded(self.design_effect),
            "effective_n": rounded(self.effective_n),
            "not_answered": self.not_answered,
            "response_rate": rounded(self.response_rate),
            **self.provenance(),
        }


def survey_share(
    answers: Sequence[bool | int | None] | ArrayLike,
    *,
    weights: ArrayLike | None = None,
    asked: int | None = None,
    confidence: float = 0.95,
    batches: tuple[str, ...] = (),
) -> SurveyShare:
    """The weighted proportion of yes among ``answers`` (1, 0, or None for no answer).

    ``asked``: how many were asked, for the response rate. Raises CannotCompute without an answer, with a weight at or
    below nought, or with more answers than people asked.
    """
    given = [None if answer is None or answer != answer else answer for answer in np.asarray(answers, object).tolist()]
    if any(answer not in (0, 1, None) for answer in given):
        raise CannotCompute("Each answer is yes (1), no (0) or none.")
    answered = np.array([answer is not None for answer in given], bool)
    weight = np.ones(len(given)) if weights is None else np.asarray(weights, np.float64)
    if weight.shape != (len(given),):
        raise CannotCompute(f"There are {len(given):,} answers and {weight.size:,} weights; each answer needs one.")
    weight = weight[answered]
    if not len(weight):
        raise CannotCompute("Nobody answered this question: there is no percentage.")
    if not np.isfinite(weight).all() or np.any(weight <= 0):
        raise CannotCompute("A survey weight is a number above nought.")
    if asked is not None and asked < len(weight):
        raise CannotCompute(f"{len(weight):,} answered and only {asked:,} were asked.")
    yes = np.array([bool(answer) for answer in given if answer is not None], bool)
    value = float(weight[yes].sum() / weight.sum())
    design_effect = kish_design_effect(weight)
    effective = len(weight) / design_effect
    limits = wilson_limits(value * effective, effective, confidence)
    return SurveyShare(
        n=len(weight),
        method="proportion" + ("" if weights is None else ", weighted, Kish design effect") + ", Wilson interval",
        doubts=tuple(_doubts(effective, asked, len(weight))),
        batches=batches,
        value=value,
        interval=limits,
        design_effect=design_effect,
        effective_n=effective,
        not_answered=int((~answered).sum()),
        response_rate=None if asked is None else len(weight) / asked,
    )


def survey_share_from_counts(yes: int, n: int, *, asked: int | None = None, confidence: float = 0.95) -> SurveyShare:
    """The unweighted proportion from counts."""
    if n <= 0 or not 0 <= yes <= n:
        raise CannotCompute("A survey percentage needs at least one answer, and no more yes than answers.")
    return survey_share([1] * yes + [0] * (n - yes), asked=asked, confidence=confidence)


def kish_design_effect(weights: ArrayLike) -> float:
    """``n Σw² / (Σw)²``: 1 for equal weights, more the more they differ."""
    weight = np.asarray(weights, np.float64)
    return float(len(weight) * (weight**2).sum() / weight.sum() ** 2)


def margin(n: float, *, share: float = 0.5, design_effect: float = 1.0, confidence: float = 0.95) -> float:
    """Half the width of a percentage's interval in percentage points, as surveys print it: 2.5 for 1,500 at 50 %."""
    if n <= 0 or not 0 <= share <= 1 or design_effect < 1 or not 0 < confidence < 1:
        raise CannotCompute("A margin needs answers, a share between 0 and 1 and a design effect of 1 or more.")
    z = float(ndtri(0.5 + confidence / 2))
    return 100 * z * math.sqrt(share * (1 - share) * design_effect / n)


# Change between waves


@dataclass(frozen=True, kw_only=True)
class WaveChange(Result):
    """Later less earlier wave, as a difference of proportions. ``n``: answers in both."""

    before: SurveyShare
    after: SurveyShare
    value: float
    interval: Interval

    @property
    def verdict(self) -> Verdict:
        return difference_verdict(self.interval)

    def sentence(self) -> Phrase:
        return Phrase(
            "From {before} % (n {n_before}) to {after} % (n {n_after}): {value} points ({low} to {high}), {verdict}.",
            before=decimal(100 * self.before.value),
            n_before=whole(self.before.n),
            after=decimal(100 * self.after.value),
            n_after=whole(self.after.n),
            value=_signed(100 * self.value),
            low=_signed(100 * (self.interval.lower or 0.0)),
            high=_signed(100 * self.interval.upper),
            verdict=Phrase(self.verdict.value),
        )

    def table(self) -> Table:
        return Table(
            ("wave", "proportion", "lower", "upper", "n"),
            tuple(
                (name, wave.value, wave.interval.lower, wave.interval.upper, wave.n)
                for name, wave in (("before", self.before), ("after", self.after))
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "value": rounded(self.value),
            "interval": self.interval.as_dict(),
            "verdict": self.verdict.value,
            "before": self.before.as_dict(),
            "after": self.after.as_dict(),
            **self.provenance(),
        }


def wave_change(before: SurveyShare, after: SurveyShare) -> WaveChange:
    """Difference of two waves of one question, with Newcombe's interval. Refuses waves of unlike confidence.

    Only for the same question put by the same survey: two surveys with like-sounding questions are not two waves.
    """
    if before.interval.confidence != after.interval.confidence:
        raise CannotCompute("The two waves have intervals of different confidence. Take both at one level.")
    value = after.value - before.value
    below = math.hypot(after.value - (after.interval.lower or 0.0), before.interval.upper - before.value)
    above = math.hypot(after.interval.upper - after.value, before.value - (before.interval.lower or 0.0))
    return WaveChange(
        n=before.n + after.n,
        method="difference of two proportions, Newcombe interval on effective numbers",
        doubts=tuple(dict.fromkeys((*before.doubts, *after.doubts))),
        before=before,
        after=after,
        value=value,
        interval=Interval(value - below, value + above, after.interval.confidence, "Newcombe"),
    )


# Can these percentages come from this n?


@dataclass(frozen=True, kw_only=True)
class PercentageCheck(Result):
    """Whether printed percentages can come from ``n`` answers: the whole numbers that fit each, and the n that fit all.

    ``fitting_n``: numbers of answers near ``n`` from which every one of the percentages can come.
    """

    percentages: tuple[float, ...]
    places: int
    counts: tuple[tuple[int, ...], ...]
    fitting_n: tuple[int, ...]

    @property
    def possible(self) -> bool:
        return all(self.counts)

    def sentence(self) -> Phrase:
        said = tuple(f"{p:.{self.places}f} %" for p in self.percentages)
        if self.possible:
            return Phrase("{percentages} can come from {n} answers.", percentages=said, n=whole(self.n))
        impossible = tuple(text for text, fit in zip(said, self.counts, strict=True) if not fit)
        if not self.fitting_n:
            return Phrase("{which} cannot come from {n} answers.", which=impossible, n=whole(self.n))
        return Phrase(
            "{which} cannot come from {n} answers; all would fit {others}.",
            which=impossible,
            n=whole(self.n),
            others=tuple(whole(other) for other in self.fitting_n),
        )

    def table(self) -> Table:
        return Table(
            ("percentage", "possible", "counts"),
            tuple(
                (p, bool(fit), ", ".join(map(str, fit))) for p, fit in zip(self.percentages, self.counts, strict=True)
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "possible": self.possible,
            "percentages": list(self.percentages),
            "places": self.places,
            "counts": [list(fit) for fit in self.counts],
            "fitting_n": list(self.fitting_n),
            **self.provenance(),
        }


def percentages_from(percentages: Sequence[float], n: int, *, places: int = 0, within: int = 5) -> PercentageCheck:
    """Can ``percentages``, rounded to ``places``, come from ``n`` answers? Either way of rounding a half is accepted.

    ``within``: how far from ``n`` to look for numbers of answers that would fit.
    """
    if n < 1 or n > MOST_CHECKED:
        raise CannotCompute(f"A number of answers lies between 1 and {MOST_CHECKED:,}.")
    if not percentages:
        raise CannotCompute("Name at least one percentage to check.")
    if any(not 0 <= p <= 100 or abs(p - round(p, places)) > 1e-9 for p in percentages):
        raise CannotCompute(f"A percentage to check lies between 0 and 100 and has {places} decimal places at most.")
    near = range(max(1, n - within), n + within + 1) if within else ()
    return PercentageCheck(
        n=n,
        method=f"whole numbers out of n whose percentage rounds to each, at {places} places",
        percentages=tuple(float(p) for p in percentages),
        places=places,
        counts=tuple(counts_that_round_to(p, n, places=places) for p in percentages),
        fitting_n=tuple(
            other for other in near if all(counts_that_round_to(p, other, places=places) for p in percentages)
        ),
    )


def counts_that_round_to(percent: float, n: int, *, places: int = 0) -> tuple[int, ...]:
    """All whole k from 0 to n with 100 k / n within half a last place of ``percent``."""
    half = 0.5 * 10.0**-places
    low = math.ceil((percent - half) * n / 100 - 1e-9)
    high = math.floor((percent + half) * n / 100 + 1e-9)
    return tuple(range(max(low, 0), min(high, n) + 1))


def _doubts(effective: float, asked: int | None, answered: int) -> list[Doubt]:
    found = []
    if effective < FEW_ANSWERS:
        sentence = Phrase("This percentage rests on {n} answers in effect.", n=whole(effective))
        found.append(Doubt(DoubtKind.SMALL_NUMBERS, sentence))
    if asked is None:
        sentence = Phrase("How many were asked is not given: those who answered may differ from those who did not.")
        found.append(Doubt(DoubtKind.LOW_RESPONSE, sentence))
    elif answered / asked < LOW_RESPONSE:
        sentence = Phrase(
            "{share} in a hundred answered: those who did may differ from those who did not.",
            share=whole(100 * answered / asked),
        )
        found.append(Doubt(DoubtKind.LOW_RESPONSE, sentence))
    return found


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{decimal(value)}"
