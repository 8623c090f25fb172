"""Synthetic control: a mixture of untreated areas that moved as the treated one did, carried on past the start.

Weights are not below nought and sum to one, by least squares on the rates before the start. With weights that sum to
one the squared error is |D w|², where D holds the treated area's rates less each donor's; the smallest such value on
the simplex is found exactly by non-negative least squares with one added row. Each donor is then treated as if it were
the one (placebo in space); the p value is the rank of the treated area's gap, in units of its own error before, and the
interval is what that ranking does not reject. A poor fit before is refused.
Sources: Abadie A, Diamond A, Hainmueller J (2010) JASA 105:493-505; Firpo S, Possebom V (2018) J Causal Inference
6:20160026 (intervals); Lawson C, Hanson R (1995) Solving Least Squares Problems, chapter 23.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankpledge.analysis.count_models import check_confidence
from frankpledge.analysis.count_panel import CountPanel
from frankpledge.analysis.regression_to_the_mean import chosen_high_doubt
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, share, whole

FEWEST_BEFORE = 8
LONG_BEFORE = 24
FEWEST_DONORS = 4
WORST_FIT = 2.0  # error before, in units of what chance in the counts alone gives
WORST_BIAS = 0.2  # mean gap before, as a share of the treated area's rate
SHOWN_WEIGHT = 0.005

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SyntheticControl(Result):
    """``observed`` and ``synthetic`` (periods,) are events in the treated area(s); ``effect`` is their difference
    summed after the start. ``interval`` is None when the donors are too few for the confidence asked.
    """

    start: int
    weights: dict[str, float]
    observed: Floats
    synthetic: Floats
    effect: float
    ratio: float
    interval: Interval | None
    p: float
    donors: int
    fit_error: float  # root mean square gap before, in units of what chance alone gives

    def sentence(self) -> Phrase:
        values = {"effect": f"{self.effect:+,.0f}", "p": f"{self.p:.2g}", "donors": whole(self.donors)}
        if self.interval is None:
            return Phrase(
                "{effect} events against the synthetic area; rank p {p} among {donors} donors, too few for a range.",
                **values,
            )
        lower = self.interval.lower or 0.0
        clear = lower > 0 or self.interval.upper < 0
        template = "{effect} events against the synthetic area ({low} to {high}; rank p {p} among {donors} donors)."
        if not clear:
            template = "No clear effect: " + template
        return Phrase(template, low=f"{lower:+,.0f}", high=f"{self.interval.upper:+,.0f}", **values)

    def table(self) -> Table:
        rows = tuple(
            (i + 1, float(o), float(s)) for i, (o, s) in enumerate(zip(self.observed, self.synthetic, strict=True))
        )
        return Table(("period", "observed", "synthetic"), rows)

    def as_dict(self) -> dict[str, Any]:
        return {
            "start": self.start,
            "weights": {name: rounded(weight) for name, weight in self.weights.items()},
            "observed": [rounded(v) for v in self.observed],
            "synthetic": [rounded(v) for v in self.synthetic],
            "effect": rounded(self.effect),
            "ratio": rounded(self.ratio),
            "interval": None if self.interval is None else self.interval.as_dict(),
            "p": rounded(self.p),
            "donors": self.donors,
            "fit_error": rounded(self.fit_error),
            **self.provenance(),
        }


def synthetic_control(panel: CountPanel, *, confidence: float = 0.95) -> SyntheticControl:
    """The effect in the treated areas, taken together, against weighted untreated areas.

    Raises CannotCompute when treated areas started at different times, with fewer than 8 periods before or 4 donors,
    or when no mixture of donors comes near the treated area's path before.
    """
    check_confidence(confidence)
    start = _start(panel)
    treated = panel.treated
    counts = np.vstack([panel.counts[treated].sum(axis=0), panel.counts[~treated]])
    size = np.vstack([panel.exposure[treated].sum(axis=0), panel.exposure[~treated]])
    rates = counts / size
    weights = simplex_weights(rates[0, :start], rates[1:, :start])
    synthetic = weights @ rates[1:]
    gap = rates[0] - synthetic
    fit_error = _fit_error(gap[:start], counts, size, weights, start)
    bias = abs(float(gap[:start].mean())) / max(float(rates[0, :start].mean()), 1e-300)
    if fit_error > WORST_FIT or bias > WORST_BIAS:
        raise CannotCompute(
            "No mixture of the untreated areas follows the treated one before the start "
            f"(error {fit_error:.1f} times chance, {100 * bias:.0f} % off on average), so its path after says nothing. "
            "Give more or likelier donors, or use difference-in-differences."
        )
    statistic = _standing(gap, start)
    placebos = np.array([_placebo(rates[1:], donor, start) for donor in range(len(rates) - 1)])
    own_error = math.sqrt(float((gap[:start] ** 2).mean()))
    after_size = size[0, start:]
    donors = len(placebos)
    p = (1 + int((np.abs(placebos) >= abs(statistic) * (1 - 1e-12)).sum())) / (1 + donors)
    effect = float((gap[start:] * after_size).sum())
    rank = math.ceil(confidence * (donors + 1) - 1e-9)
    interval = None
    if rank <= donors:
        reach = float(np.sort(np.abs(placebos))[rank - 1]) * own_error * float(after_size.sum())
        interval = Interval(effect - reach, effect + reach, confidence, "placebo in space")
    names = [name for name, is_treated in zip(panel.areas, treated, strict=True) if not is_treated]
    return SyntheticControl(
        n=round(float(counts.sum())),
        method="synthetic control on rates, placebo in space",
        doubts=_doubts(panel, start, donors, weights, interval, confidence),
        start=start,
        weights={name: float(weight) for name, weight in zip(names, weights, strict=True) if weight >= SHOWN_WEIGHT},
        observed=counts[0],
        synthetic=synthetic * size[0],
        effect=effect,
        ratio=float(counts[0, start:].sum() / (synthetic[start:] * after_size).sum()),
        interval=interval,
        p=p,
        donors=donors,
        fit_error=fit_error,
    )


def simplex_weights(target: Floats, donors: Floats) -> Floats:
    """Weights (donors,), not below nought and summing to one, nearest to ``target`` (times,) by least squares.

    ``donors`` is (donors, times). Exact: min |Dw|² on the simplex through non-negative least squares.
    """
    from scipy.optimize import nnls

    apart = (target[None, :] - donors).T
    scale = float(np.sqrt((apart**2).mean()) * math.sqrt(len(target)))
    if scale == 0:
        return np.full(len(donors), 1 / len(donors))
    system = np.vstack([apart / scale, np.ones(len(donors))])
    right = np.zeros(len(target) + 1)
    right[-1] = 1.0
    found, _ = nnls(system, right, maxiter=50 * len(donors))
    return np.asarray(found / found.sum(), np.float64)


def _start(panel: CountPanel) -> int:
    treated = panel.treated
    if not treated.any() or treated.all():
        raise CannotCompute("A synthetic control needs a treated area and untreated ones to make it from.")
    if panel.staggered:
        raise CannotCompute("The treated areas started at different times. Make a synthetic control for each apart.")
    start = int(panel.treated_from[treated][0])
    donors = int((~treated).sum())
    if start < FEWEST_BEFORE or donors < FEWEST_DONORS:
        raise CannotCompute(
            f"There are {start} periods before the start and {donors} untreated areas; at least {FEWEST_BEFORE} and "
            f"{FEWEST_DONORS} are needed."
        )
    return start


def _fit_error(gap: Floats, counts: Floats, size: Floats, weights: Floats, start: int) -> float:
    """The error before against what Poisson counts around equal rates would give."""
    own = counts[0, :start].mean() / size[0, :start].mean() ** 2
    others = float((weights**2 * (counts[1:, :start].mean(axis=1) / size[1:, :start].mean(axis=1) ** 2)).sum())
    chance = math.sqrt(max(float(own) + others, 1e-300))
    return math.sqrt(float((gap**2).mean())) / chance


def _standing(gap: Floats, start: int) -> float:
    """The mean gap after, in units of the error before."""
    error = math.sqrt(float((gap[:start] ** 2).mean()))
    return float(gap[start:].mean()) / max(error, 1e-300)


def _placebo(donors: Floats, chosen: int, start: int) -> float:
    """The same statistic with one donor as if treated, made from the other donors."""
    others = np.delete(donors, chosen, axis=0)
    gap = donors[chosen] - simplex_weights(donors[chosen, :start], others[:, :start]) @ others
    return _standing(gap, start)


def _doubts(
    panel: CountPanel, start: int, donors: int, weights: Floats, interval: Interval | None, confidence: float
) -> tuple[Doubt, ...]:
    found = []
    if interval is None:
        sentence = Phrase(
            "With {donors} donors the smallest p there can be is {p}, so no {confidence} interval exists.",
            donors=whole(donors),
            p=f"{1 / (donors + 1):.2g}",
            confidence=share(confidence),
        )
        found.append(Doubt(DoubtKind.FEW_CLUSTERS, sentence))
    if start < LONG_BEFORE:
        sentence = Phrase("Only {periods} periods before the start.", periods=whole(start))
        found.append(Doubt(DoubtKind.SHORT_HISTORY, sentence))
    heaviest = float(weights.max())
    if heaviest > 0.8:
        sentence = Phrase(
            "One donor carries {share} of the weight: its own luck is in the answer.", share=share(heaviest)
        )
        found.append(Doubt(DoubtKind.FEW_CLUSTERS, sentence))
    return (*found, *chosen_high_doubt(panel))
