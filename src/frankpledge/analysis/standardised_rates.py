"""Rates that allow for a different make-up of places: directly and indirectly standardised.

Direct: each group's own rate, weighted by a standard population. Indirect: the count against what the reference rates
of each group would give here; the ratio times the reference's crude rate is the standardised rate.
As the UK Health Security Agency computes them (PHEindicatormethods).
Sources: Dobson A, Kuulasmaa K, Eberle E, Scherer J (1991) Stat Med 10:457-462 (interval of the direct rate); Breslow N,
Day N (1987) Statistical Methods in Cancer Research II, pages 69 and 72 (limits of the ratio).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankpledge.analysis.rates import SMALL_COUNT, Verdict, count_limits, indirect_ratio, ratio_verdict
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

FEWEST_FOR_DIRECT = 10  # events under which UKHSA withholds a directly standardised rate

Counts = Sequence[int | None]


@dataclass(frozen=True, kw_only=True)
class DirectRate(Result):
    """What the rate would be had the place the make-up of the standard population. ``n`` events."""

    per: float
    value: float
    crude: float
    interval: Interval
    groups: int

    def sentence(self) -> Phrase:
        return Phrase(
            "{value} per {per} ({low} to {high}) with the make-up of the standard; {crude} as it is.",
            value=decimal(self.value),
            per=whole(self.per),
            low=decimal(self.interval.lower or 0.0),
            high=decimal(self.interval.upper),
            crude=decimal(self.crude),
        )

    def table(self) -> Table:
        columns = ("events", "groups", "standardised rate", "lower", "upper", "crude rate")
        return Table(
            columns, ((self.n, self.groups, self.value, self.interval.lower, self.interval.upper, self.crude),)
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": "direct",
            "per": self.per,
            "value": rounded(self.value),
            "interval": self.interval.as_dict(),
            "crude": rounded(self.crude),
            "groups": self.groups,
            **self.provenance(),
        }


@dataclass(frozen=True, kw_only=True)
class IndirectRate(Result):
    """``n`` events against ``expected`` at the reference's rates; ``value`` per ``per`` is ratio times its crude
    rate.
    """

    expected: float
    ratio: float
    ratio_interval: Interval
    per: float
    reference_rate: float
    value: float
    interval: Interval
    groups: int

    @property
    def verdict(self) -> Verdict:
        return ratio_verdict(self.ratio_interval)

    def sentence(self) -> Phrase:
        low = self.ratio_interval.lower
        return Phrase(
            "{ratio} times what a place of this make-up would have ({low} to {high}): {verdict}",
            ratio=decimal(self.ratio, 2),
            low="not given" if low is None else decimal(low, 2),
            high=decimal(self.ratio_interval.upper, 2),
            verdict=Phrase(self.verdict.value),
        )

    def table(self) -> Table:
        columns = ("events", "expected", "ratio", "lower", "upper", "standardised rate")
        limits = self.ratio_interval
        return Table(columns, ((self.n, self.expected, self.ratio, limits.lower, limits.upper, self.value),))

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": "indirect",
            "expected": rounded(self.expected, 9),
            "ratio": rounded(self.ratio, 9),
            "ratio_interval": self.ratio_interval.as_dict(),
            "per": self.per,
            "reference_rate": rounded(self.reference_rate),
            "value": rounded(self.value),
            "interval": self.interval.as_dict(),
            "verdict": self.verdict.value,
            "groups": self.groups,
            **self.provenance(),
        }


def directly_standardised_rate(
    counts: Counts,
    populations: Sequence[float],
    standard: Sequence[float],
    *,
    per: float = 100_000,
    confidence: float = 0.95,
    missing_as_nought: bool = False,
) -> DirectRate:
    """Each group's rate weighted by ``standard``. The order of the groups does not matter.

    Raises CannotCompute under ten events, for a group without population, or for a missing count (unless
    ``missing_as_nought``, which is UKHSA's convention and is said in the result).
    """
    count, doubts = _counts(counts, missing_as_nought)
    people, weight = _populations(populations, count.size), _populations(standard, count.size, "standard population")
    total = int(count.sum())
    if total < FEWEST_FOR_DIRECT:
        raise CannotCompute(
            f"A directly standardised rate on {total} events would swing with each of them; ten are needed."
        )
    share = weight / weight.sum()
    value = float(share @ (count / people))
    variance = float((share**2) @ (count / people**2))
    limits = count_limits(total, confidence)
    scale = math.sqrt(variance / total)
    lower = None if limits.lower is None else per * (value + scale * (limits.lower - total))
    return DirectRate(
        n=total,
        method="directly standardised rate, Dobson interval on Byar limits",
        doubts=(*doubts, *_small(total)),
        per=per,
        value=per * value,
        crude=per * total / float(people.sum()),
        interval=Interval(lower, per * (value + scale * (limits.upper - total)), confidence, "Dobson"),
        groups=count.size,
    )


def indirectly_standardised_rate(
    counts: Counts,
    populations: Sequence[float],
    reference_counts: Counts,
    reference_populations: Sequence[float],
    *,
    per: float = 100_000,
    confidence: float = 0.95,
    missing_as_nought: bool = False,
) -> IndirectRate:
    """Events against what the reference's rate of each group would give here. The order of groups does not matter.

    Raises CannotCompute when nothing would be expected, a group has no population, or a count is missing (unless
    ``missing_as_nought``, UKHSA's convention, said in the result).
    """
    count, doubts = _counts(counts, missing_as_nought)
    people = _populations(populations, count.size)
    reference, _ = _counts(reference_counts, False)
    reference_people = _populations(reference_populations, count.size, "reference population")
    if reference.size != count.size:
        raise CannotCompute("The reference must have the same groups as the place.")
    total, expected = int(count.sum()), float(people @ (reference / reference_people))
    ratio, interval = indirect_ratio(total, expected, confidence=confidence)
    reference_rate = per * float(reference.sum() / reference_people.sum())
    lower = None if interval.lower is None else interval.lower * reference_rate
    return IndirectRate(
        n=total,
        method=f"indirectly standardised rate, {interval.method} limits of the count",
        doubts=(*doubts, *_small(total)),
        expected=expected,
        ratio=ratio,
        ratio_interval=interval,
        per=per,
        reference_rate=reference_rate,
        value=ratio * reference_rate,
        interval=Interval(lower, interval.upper * reference_rate, confidence, interval.method),
        groups=count.size,
    )


def _counts(counts: Counts, missing_as_nought: bool) -> tuple[NDArray[np.float64], tuple[Doubt, ...]]:
    missing = sum(count is None for count in counts)
    if missing and not missing_as_nought:
        raise CannotCompute("A group has no count, and a missing count is not nought. Fill it or leave the group out.")
    values = np.array([0.0 if count is None else float(count) for count in counts])
    if values.size == 0 or not np.isfinite(values).all() or (values < 0).any():
        raise CannotCompute("Every group needs a count of nought or more.")
    if not missing:
        return values, ()
    sentence = Phrase("{missing} groups without a count were taken as nought.", missing=whole(missing))
    return values, (Doubt(DoubtKind.MISSING_COUNTS, sentence),)


def _populations(values: Sequence[float], groups: int, name: str = "population") -> NDArray[np.float64]:
    people = np.asarray(values, dtype=float)
    if people.size != groups:
        raise CannotCompute(f"There are {groups} counts and {people.size} values of the {name}; each group needs both.")
    if not (np.isfinite(people) & (people > 0)).all():
        raise CannotCompute(f"Every group needs a {name} above nought. Join small groups or leave empty ones out.")
    return people


def _small(total: int) -> tuple[Doubt, ...]:
    if total >= SMALL_COUNT:
        return ()
    return (Doubt(DoubtKind.SMALL_NUMBERS, Phrase("This rate rests on {count}.", count=whole(total))),)
