"""When did the level change, if it did? One change point in a series, its level before and after, and how sure.

Counts are weighed as Poisson (each over its exposure), other values by least squares; the energy statistic (e-divisive)
also sees a change of spread. The p value is of the best split among shuffles of the series. The likely span holds the
change with the stated probability if there was exactly one and every place was as likely before looking.
Sources: Hinkley D (1970) Biometrika 57:1-17; Matteson D, James N (2014) JASA 109:334-345 (energy statistic); Carlin B,
Gelfand A, Smith A (1992) JRSS C 41:389-405 (posterior of the place of a change in counts).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

FEWEST = 6
SHORT = 12  # periods under which a change is hard to tell from luck
PERMUTATIONS = 999
CONFIDENCE = 0.95
MOST_FOR_ENERGY = 3_000  # its table of distances grows with the square


class Model(StrEnum):
    """How a split is weighed."""

    POISSON = "counts"
    LEAST_SQUARES = "values"
    ENERGY = "energy"


@dataclass(frozen=True, kw_only=True)
class ChangePoint(Result):
    """``after`` periods before the change; None where the series is constant, or (with p) none stands out."""

    labels: tuple[str, ...]
    after: int | None
    mean_before: float | None  # per unit of exposure
    mean_after: float | None
    statistic: float
    p: float | None
    likely: tuple[int, int] | None  # smallest and largest ``after`` of the likely span
    confidence: float
    permutations: int

    @property
    def beyond_chance(self) -> bool:
        return self.p is not None and self.p <= 1 - self.confidence

    def sentence(self) -> Phrase:
        if self.after is None or self.mean_before is None or self.mean_after is None:
            return Phrase("The series never changes, so it has no change point.")
        values = {
            "last": self.labels[self.after - 1],
            "before": decimal(self.mean_before, 2),
            "after": decimal(self.mean_after, 2),
            "p": f"{self.p:.3g}",
        }
        if not self.beyond_chance:
            return Phrase(
                "No change beyond chance: the best split is after {last} ({before}, then {after}; p {p}).", **values
            )
        if self.likely is None:
            return Phrase("The level changed after {last}, from {before} to {after} (p {p}).", **values)
        return Phrase(
            "The level changed after {last} (likely between {low} and {high}), from {before} to {after} (p {p}).",
            low=self.labels[self.likely[0] - 1],
            high=self.labels[self.likely[1] - 1],
            **values,
        )

    def table(self) -> Table:
        columns = ("last before", "mean before", "mean after", "statistic", "p")
        last = None if self.after is None else self.labels[self.after - 1]
        return Table(columns, ((last, self.mean_before, self.mean_after, self.statistic, self.p),))

    def as_dict(self) -> dict[str, Any]:
        return {
            "after": self.after,
            "last_before": None if self.after is None else self.labels[self.after - 1],
            "mean_before": rounded(self.mean_before),
            "mean_after": rounded(self.mean_after),
            "statistic": rounded(self.statistic),
            "p": rounded(self.p),
            "beyond_chance": self.beyond_chance,
            "likely": None if self.likely is None else [self.labels[i - 1] for i in self.likely],
            "confidence": self.confidence,
            "permutations": self.permutations,
            **self.provenance(),
        }


def change_point(
    values: Sequence[float],
    *,
    model: Model = Model.POISSON,
    exposure: Sequence[float] | None = None,
    labels: Sequence[str] | None = None,
    permutations: int = PERMUTATIONS,
    confidence: float = CONFIDENCE,
    seed: int = 1,
) -> ChangePoint:
    """The split of the series that explains it best, with its permutation p value (1 + as good) / (1 + permutations).

    ``exposure`` (days of each month, say) is for counts only. Raises CannotCompute for fewer than six periods, missing
    values, or negative counts.
    """
    value = np.asarray(values, dtype=float)
    length = np.ones_like(value) if exposure is None else np.asarray(exposure, dtype=float)
    _check(value, length, model, exposure is not None, permutations, confidence)
    named = tuple(labels) if labels is not None else tuple(f"period {i + 1}" for i in range(value.size))
    if len(named) != value.size:
        raise CannotCompute(f"There are {value.size} values and {len(named)} labels; each period needs both.")
    constant = bool(np.ptp(value / length) == 0)
    common: dict[str, Any] = {
        "n": value.size,
        "method": f"single change point, {model.value}, {permutations:,} permutations",
        "doubts": _doubts(value.size),
        "seed": seed,
        "labels": named,
        "confidence": confidence,
        "permutations": permutations,
    }
    if constant:
        nothing: dict[str, Any] = dict.fromkeys(("after", "mean_before", "mean_after", "p", "likely"))
        return ChangePoint(statistic=0.0, **nothing, **common)
    gains = _gains(value[None, :], length, model)[0]
    split = int(gains.argmax()) + 1
    return ChangePoint(
        after=split,
        mean_before=float(value[:split].sum() / length[:split].sum()),
        mean_after=float(value[split:].sum() / length[split:].sum()),
        statistic=float(gains[split - 1]),
        p=_p_value(value, length, model, float(gains.max()), permutations, seed),
        likely=None if model is Model.ENERGY else _likely(value, length, model, confidence),
        **common,
    )


def _gains(rows: NDArray[np.float64], length: NDArray[np.float64], model: Model) -> NDArray[np.float64]:
    """For each row and each split, how much two levels explain beyond one: (rows, n - 1). ``length`` is one row, or one
    for each.
    """
    if model is Model.ENERGY:
        return np.array([_energy(row) for row in rows])
    first = rows.cumsum(axis=1)[:, :-1]
    total, whole_length = rows.sum(axis=1, keepdims=True), length.sum(axis=-1, keepdims=True)
    before = length.cumsum(axis=-1)[..., :-1]
    after, rest = whole_length - before, total - first
    if model is Model.LEAST_SQUARES:
        return first**2 / before + rest**2 / after - total**2 / whole_length
    # 2 log likelihood ratio; a count of nought adds nothing
    return 2 * (_plogp(first, before) + _plogp(rest, after) - _plogp(total, whole_length))


def _plogp(count: NDArray[np.float64], length: NDArray[np.float64]) -> NDArray[np.float64]:
    return count * np.log(np.maximum(count, 1e-300) / length)


def _energy(row: NDArray[np.float64]) -> NDArray[np.float64]:
    """Matteson and James's Q of each split with exponent 1, from running sums of the table of distances."""
    n = row.size
    apart = np.abs(row[:, None] - row[None, :])
    summed = apart.cumsum(0).cumsum(1)
    inside = summed[np.arange(n - 1), np.arange(n - 1)]  # twice the sum over pairs before the split
    whole_sum, across_and_inside = summed[-1, -1], summed[np.arange(n - 1), -1]
    across = across_and_inside - inside
    outside = whole_sum - inside - 2 * across
    m = np.arange(1, n)
    k = n - m
    within_before = np.divide(inside, m * (m - 1), out=np.zeros(n - 1), where=m > 1)
    within_after = np.divide(outside, k * (k - 1), out=np.zeros(n - 1), where=k > 1)
    score = m * k / n * (2 * across / (m * k) - within_before - within_after)
    score[[0, -1]] = -np.inf if n > 3 else score[[0, -1]]  # a group of one has no spread to compare
    return score


def _p_value(
    value: NDArray[np.float64],
    length: NDArray[np.float64],
    model: Model,
    found: float,
    permutations: int,
    seed: int,
) -> float:
    """Of the best split among shuffles: without a change any order of the periods was as likely, luck and all."""
    random = np.random.Generator(np.random.PCG64(seed))
    block = max(1, 4_000_000 // value.size**2) if model is Model.ENERGY else max(1, 2_000_000 // value.size)
    as_good = done = 0
    while done < permutations:
        rows = min(block, permutations - done)
        order = random.permuted(np.repeat(np.arange(value.size)[None, :], rows, axis=0), axis=1)
        as_good += int(
            (_gains(value[order], length[order], model).max(axis=1) >= found - 1e-9 * max(1.0, abs(found))).sum()
        )
        done += rows
    return (1 + as_good) / (1 + permutations)


def _likely(
    value: NDArray[np.float64], length: NDArray[np.float64], model: Model, confidence: float
) -> tuple[int, int]:
    """Ends of the smallest set of splits that holds ``confidence`` of the probability."""
    before, first = length.cumsum()[:-1], value.cumsum()[:-1]
    after, rest = length.sum() - before, value.sum() - first
    if model is Model.POISSON:  # both levels integrated over Jeffreys' prior
        log_weight = gammaln(first + 0.5) - (first + 0.5) * np.log(before)
        log_weight += gammaln(rest + 0.5) - (rest + 0.5) * np.log(after)
    else:  # levels and spread integrated out
        remaining = (value**2).sum() - first**2 / before - rest**2 / after
        floor = 1e-12 * float((value**2).sum())
        log_weight = -0.5 * np.log(before * after) - (value.size - 2) / 2 * np.log(np.maximum(remaining, floor))
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    order = np.argsort(-weight, kind="stable")
    enough = int(np.searchsorted(weight[order].cumsum(), confidence)) + 1
    kept = order[:enough] + 1
    return int(kept.min()), int(kept.max())


def _check(
    value: NDArray[np.float64],
    length: NDArray[np.float64],
    model: Model,
    exposed: bool,
    permutations: int,
    confidence: float,
) -> None:
    if value.ndim != 1 or value.size < FEWEST:
        raise CannotCompute(f"A change point needs at least {FEWEST} periods.")
    if not np.isfinite(value).all():
        raise CannotCompute("Every period needs a value; a missing one is not nought.")
    if model is Model.POISSON and ((value < 0).any() or (value != np.rint(value)).any()):
        raise CannotCompute("These are not whole counts of nought or more. Choose the model for other values.")
    if exposed and model is not Model.POISSON:
        raise CannotCompute("An exposure belongs to counts. Divide other values by it first.")
    if length.size != value.size or not (np.isfinite(length) & (length > 0)).all():
        raise CannotCompute("Every period needs a length above nought.")
    if model is Model.ENERGY and value.size > MOST_FOR_ENERGY:
        raise CannotCompute(f"The energy statistic is for {MOST_FOR_ENERGY:,} periods at most. Use longer periods.")
    if not (1 <= permutations <= 1_000_000 and 0 < confidence < 1):
        raise CannotCompute("Ask for 1 to 1,000,000 permutations and a confidence between 0 and 1.")


def _doubts(n: int) -> tuple[Doubt, ...]:
    if n >= SHORT:
        return ()
    sentence = Phrase("With {n} periods only a large change can be told from luck.", n=whole(n))
    return (Doubt(DoubtKind.SHORT_HISTORY, sentence),)
