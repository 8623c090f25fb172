"""Did crime fall where something was done, and did it move next door? From counts before and after in four areas.

The weighted displacement difference (WDD) is the fall in the treated area beyond that of its control, plus the same for
the buffers; counts are divided by the weights of time and area, and may be weighted by harm. The weighted displacement
quotient (WDQ) relates the change in the buffer to the change in the treated area and has no meaning without the latter,
so it is refused then.
Sources: Wheeler A, Ratcliffe J (2018) Crime Science 7:11 (WDD); Wheeler A, Reuter S (2021) Police Quarterly 24:152-183
(harm); Bowers K, Johnson S (2003) J Quant Criminol 19:275-301 (WDQ); Guerette R (2009) Analyzing Crime Displacement and
Diffusion, POP Tool Guide 10, appendix B (gross, net and total net effect).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from frankpledge.analysis.count_models import check_confidence, check_count, normal_multiple
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

Pair = Sequence[float]  # counts before and after
WHOLE_FROM = 20  # sentences give whole numbers from here
SMALL_COUNT = 5  # below this in any area the normal approximation of the WDD is rough


@dataclass(frozen=True, kw_only=True)
class AreaWeights:
    """Sizes by which counts are divided, so that areas of unlike size can be compared: homes, hectares."""

    treated: float = 1.0
    control: float = 1.0
    treated_buffer: float = 1.0
    control_buffer: float = 1.0


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference of counts with its standard error; 0 and 0 where there was nothing to count."""

    value: float
    standard_error: float


@dataclass(frozen=True, kw_only=True)
class WeightedDisplacementDifference(Result):
    """``total`` = ``local`` + ``displacement``; below nought means fewer crimes than the controls lead one to expect.

    In crimes when nothing is weighted; else in crimes per unit of the weights (or in units of harm).
    """

    local: Difference
    displacement: Difference
    total: Difference
    buffers: bool
    interval: Interval
    unit: str = "crimes"

    @property
    def z(self) -> float:
        return self.total.value / self.total.standard_error

    @property
    def p(self) -> float:
        """Two-sided."""
        return float(2 * ndtr(-abs(self.z)))

    def sentence(self) -> Phrase:
        lower = self.interval.lower or 0.0
        values = {
            "size": _amount(abs(self.total.value)),
            "unit": Phrase(self.unit),
            "low": _amount(lower),
            "high": _amount(self.interval.upper),
            "p": f"{self.p:.2g}",
            "where": Phrase("the target and its buffer together") if self.buffers else Phrase("the target"),
        }
        if lower <= 0 <= self.interval.upper:
            return Phrase(
                "No clear effect: {where} changed by {size} {unit} against the comparison ({low} to {high}, p {p}).",
                **{**values, "size": _signed(self.total.value)},
            )
        direction = Phrase("fewer") if self.total.value < 0 else Phrase("more")
        return Phrase(
            "{size} {direction} {unit} in {where} than the comparison leads one to expect ({low} to {high}, p {p}).",
            direction=direction,
            **values,
        )

    def table(self) -> Table:
        rows = (("local", self.local), ("displacement", self.displacement), ("total", self.total))
        return Table(
            ("part", "difference", "standard error"),
            tuple((name, part.value, part.standard_error) for name, part in rows),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "estimate": rounded(self.total.value),
            "standard_error": rounded(self.total.standard_error, 9),
            "z": rounded(self.z),
            "p": rounded(self.p, 9),
            "interval": self.interval.as_dict(),
            "local": {"estimate": rounded(self.local.value), "standard_error": rounded(self.local.standard_error, 9)},
            "displacement": {
                "estimate": rounded(self.displacement.value),
                "standard_error": rounded(self.displacement.standard_error, 9),
            }
            if self.buffers
            else None,
            "unit": self.unit,
            **self.provenance(),
        }


def wdd(
    *,
    treated: Pair,
    control: Pair,
    treated_buffer: Pair | None = None,
    control_buffer: Pair | None = None,
    time_weights: Pair = (1.0, 1.0),
    area_weights: AreaWeights | None = None,
    variance_inflation: float = 1.0,
    confidence: float = 0.95,
) -> WeightedDisplacementDifference:
    """The WDD of counts (before, after). ``time_weights`` are the lengths of the two periods (months, days).

    ``variance_inflation`` widens the interval where counts are known to vary more than chance (2 is usual for crime).
    Raises CannotCompute for counts below nought, one buffer without the other, or no crime at all.
    """
    if (treated_buffer is None) != (control_buffer is None):
        raise CannotCompute(
            "Displacement needs two buffers: around the treated area and around the control, so that the trend next "
            "door is not mistaken for displacement. Give both or neither."
        )
    weights = area_weights or AreaWeights()
    _check_inflation(variance_inflation)
    before, after = _lengths(time_weights)
    local = _difference(
        _weighted("treated", treated, before, after, weights.treated),
        _weighted("control", control, before, after, weights.control),
    )
    moved, buffers = Difference(0.0, 0.0), treated_buffer is not None
    if treated_buffer is not None and control_buffer is not None:
        moved = _difference(
            _weighted("treated buffer", treated_buffer, before, after, weights.treated_buffer),
            _weighted("control buffer", control_buffer, before, after, weights.control_buffer),
        )
    spread = math.sqrt(variance_inflation)
    local, moved = (Difference(part.value, spread * part.standard_error) for part in (local, moved))
    counts = [*treated, *control, *(treated_buffer or ()), *(control_buffer or ())]
    total = Difference(local.value + moved.value, math.hypot(local.standard_error, moved.standard_error))
    if total.standard_error == 0:
        raise CannotCompute("There is no crime in any of the areas: there is nothing to compare.")
    plain = weights == AreaWeights() and before == after == 1.0
    return WeightedDisplacementDifference(
        n=round(sum(counts)),
        method="weighted displacement difference, two-sided normal p"
        + ("" if variance_inflation == 1 else f", variance times {variance_inflation:g}"),
        doubts=_doubts(counts, buffers, before, after),
        local=local,
        displacement=moved,
        total=total,
        buffers=buffers,
        interval=_normal(total, confidence),
        unit="crimes" if plain else "crimes per unit of the weights",
    )


def wdd_by_harm(
    differences: Sequence[WeightedDisplacementDifference], weights: Sequence[float], *, confidence: float = 0.95
) -> WeightedDisplacementDifference:
    """WDDs of several crime types (same areas and periods) added up with the harm of one crime of each type."""
    if not differences or len(differences) != len(weights):
        raise CannotCompute("Give one harm weight for each crime type.")
    harm = np.asarray(weights, np.float64)
    if not np.all(np.isfinite(harm)) or np.any(harm < 0) or not np.any(harm > 0):
        raise CannotCompute("Harm weights must be numbers not below nought, and not all nought.")

    def added(parts: list[Difference]) -> Difference:
        return Difference(
            float(sum(w * part.value for w, part in zip(harm, parts, strict=True))),
            math.sqrt(sum((w * part.standard_error) ** 2 for w, part in zip(harm, parts, strict=True))),
        )

    total = added([one.total for one in differences])
    kept = {doubt.kind: doubt for one in differences for doubt in one.doubts}
    return WeightedDisplacementDifference(
        n=sum(one.n for one in differences),
        method="weighted displacement difference, weighted by harm, two-sided normal p",
        doubts=tuple(kept.values()),
        local=added([one.local for one in differences]),
        displacement=added([one.displacement for one in differences]),
        total=total,
        buffers=any(one.buffers for one in differences),
        interval=_normal(total, confidence),
        unit="units of harm",
    )


@dataclass(frozen=True, kw_only=True)
class CumulativeDisplacement(Result):
    """Treated less control, added up period by period since the start. Arrays run over periods.

    ``rate_ratio`` compares the two sums; both areas must have been alike before for it to mean an effect.
    """

    difference: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    rate_ratio: NDArray[np.float64]
    ratio_lower: NDArray[np.float64]
    ratio_upper: NDArray[np.float64]
    confidence: float

    @property
    def per_period(self) -> NDArray[np.float64]:
        """The difference per period so far."""
        return self.difference / np.arange(1, len(self.difference) + 1)

    def sentence(self) -> Phrase:
        return Phrase(
            "After {periods} periods the treated area is {difference} crimes from its control ({low} to {high}).",
            periods=whole(len(self.difference)),
            difference=_signed(float(self.difference[-1])),
            low=decimal(float(self.lower[-1])),
            high=decimal(float(self.upper[-1])),
        )

    def table(self) -> Table:
        columns = ("period", "difference", "standard error", "lower", "upper", "rate ratio")
        parts = (self.difference, self.standard_error, self.lower, self.upper)
        rows = tuple(
            (i + 1, *(float(part[i]) for part in parts), _known(self.rate_ratio[i]))
            for i in range(len(self.difference))
        )
        return Table(columns, rows)

    def as_dict(self) -> dict[str, Any]:
        return {
            "confidence": self.confidence,
            "difference": self.difference.tolist(),
            "standard_error": [rounded(v, 9) for v in self.standard_error],
            "lower": [rounded(v) for v in self.lower],
            "upper": [rounded(v) for v in self.upper],
            "rate_ratio": [rounded(_known(v)) for v in self.rate_ratio],
            "ratio_lower": [rounded(_known(v)) for v in self.ratio_lower],
            "ratio_upper": [rounded(_known(v)) for v in self.ratio_upper],
            **self.provenance(),
        }


def cumulative_wdd(*, treated: ArrayLike, control: ArrayLike, confidence: float = 0.95) -> CumulativeDisplacement:
    """Counts of each period since the start, treated and control (periods,): the running difference with its band.

    A band read at every period is crossed by chance more often than one read once at the end.
    """
    t, c = np.asarray(treated, np.float64), np.asarray(control, np.float64)
    if t.ndim != 1 or t.shape != c.shape or not len(t):
        raise CannotCompute("Give one count for each period, for the treated area and for its control.")
    if not (np.all(np.isfinite(t)) and np.all(np.isfinite(c))) or t.min() < 0 or c.min() < 0:
        raise CannotCompute("Counts must be numbers not below nought.")
    z = normal_multiple(confidence)
    t_sum, c_sum = t.cumsum(), c.cumsum()
    difference, error = t_sum - c_sum, np.sqrt(t_sum + c_sum)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_ratio = np.log(t_sum / c_sum)
        log_error = np.sqrt(1 / t_sum + 1 / c_sum)
        ratio, low, high = (np.exp(log_ratio + k * z * log_error) for k in (0, -1, 1))
    known = (t_sum > 0) & (c_sum > 0)
    ratio, low, high = (np.where(known, part, np.nan) for part in (ratio, low, high))
    return CumulativeDisplacement(
        n=round(t_sum[-1] + c_sum[-1]),
        method="cumulative weighted displacement difference",
        difference=difference,
        standard_error=error,
        lower=difference - z * error,
        upper=difference + z * error,
        rate_ratio=ratio,
        ratio_lower=low,
        ratio_upper=high,
        confidence=confidence,
    )


@dataclass(frozen=True, kw_only=True)
class DisplacementQuotient(Result):
    """The WDQ and the effects it stands on. Success and buffer measures are changes in the ratio to the control."""

    quotient: float
    success_measure: float
    buffer_measure: float
    gross_effect: float  # before less after in the treated area
    net_effect: float  # fall of the ratio to the control
    total_net_effect: float  # crimes prevented, treated area and buffer, net of the control's trend

    @property
    def reading(self) -> str:
        """What the quotient says, in the words of Bowers and Johnson."""
        q = self.quotient
        if q > 1:
            return "benefit spread to the buffer, and more than in the target"
        if q > 0:
            return "benefit spread to the buffer, less than in the target"
        if q == 0:
            return "no displacement and no spread of benefit"
        if q > -1:
            return "displacement, less than the effect"
        return "displacement as large as the effect" if q == -1 else "displacement, more than the effect"

    def sentence(self) -> Phrase:
        return Phrase(
            "WDQ {quotient}: {reading}; {net} crimes prevented in all, net of the control's trend.",
            quotient=decimal(self.quotient, 2),
            reading=Phrase(self.reading),
            net=decimal(self.total_net_effect),
        )

    def table(self) -> Table:
        rows = (
            ("weighted displacement quotient", self.quotient),
            ("success measure", self.success_measure),
            ("buffer measure", self.buffer_measure),
            ("gross effect", self.gross_effect),
            ("net effect", self.net_effect),
            ("total net effect", self.total_net_effect),
        )
        return Table(("measure", "value"), rows)

    def as_dict(self) -> dict[str, Any]:
        return {
            "wdq": rounded(self.quotient, 12),
            "reading": self.reading,
            "success_measure": rounded(self.success_measure, 12),
            "buffer_measure": rounded(self.buffer_measure, 12),
            "gross_effect": rounded(self.gross_effect),
            "net_effect": rounded(self.net_effect, 12),
            "total_net_effect": rounded(self.total_net_effect),
            **self.provenance(),
        }


def wdq(*, treated: Pair, buffer: Pair, control: Pair) -> DisplacementQuotient:
    """The WDQ of counts (before, after). Raises CannotCompute when the treated area did not fall against its control,
    or the control had no crime before or after.
    """
    for name, pair in (("treated", treated), ("buffer", buffer), ("control", control)):
        _check_pair(name, pair)
    if min(control) == 0:
        raise CannotCompute("The control had no crime before or after, so no ratio to it exists. Use a larger control.")
    success = treated[1] / control[1] - treated[0] / control[0]
    moved = buffer[1] / control[1] - buffer[0] / control[0]
    if success >= 0:
        raise CannotCompute(
            "The treated area did not fall against its control, so there is no effect to be displaced and the WDQ has "
            "no meaning."
        )
    trend = control[1] / control[0]
    counts = (*treated, *buffer, *control)
    return DisplacementQuotient(
        n=round(sum(counts)),
        method="weighted displacement quotient",
        doubts=_few(counts, "A count under {few} makes the quotient swing with every crime."),
        quotient=moved / success + 0.0,  # never minus nought
        success_measure=success,
        buffer_measure=moved,
        gross_effect=treated[0] - treated[1],
        net_effect=-success,
        total_net_effect=(treated[0] * trend - treated[1]) + (buffer[0] * trend - buffer[1]),
    )


def _weighted(name: str, pair: Pair, before: float, after: float, size: float) -> Difference:
    """Change of one area with its Poisson standard error, after weighting."""
    _check_pair(name, pair)
    if not math.isfinite(size) or size <= 0:
        raise CannotCompute("Weights of areas must be above nought.")
    first, second = before * size, after * size
    error = math.sqrt(pair[0] / first**2 + pair[1] / second**2)
    return Difference(pair[1] / second - pair[0] / first, error)


def _difference(treated: Difference, control: Difference) -> Difference:
    return Difference(treated.value - control.value, math.hypot(treated.standard_error, control.standard_error))


def _normal(total: Difference, confidence: float) -> Interval:
    check_confidence(confidence)
    reach = normal_multiple(confidence) * total.standard_error
    return Interval(total.value - reach, total.value + reach, confidence, "normal, Poisson counts")


def _lengths(pair: Pair) -> tuple[float, float]:
    before, after = float(pair[0]), float(pair[1])
    if not (math.isfinite(before) and math.isfinite(after)) or before <= 0 or after <= 0:
        raise CannotCompute("The lengths of the two periods must be above nought.")
    return before, after


def _check_pair(name: str, pair: Pair) -> None:
    if len(pair) != 2:
        raise CannotCompute(f"The {name} area needs two counts: before and after.")
    check_count(float(pair[0]), f"of the {name} area before")
    check_count(float(pair[1]), f"of the {name} area after")


def _check_inflation(inflation: float) -> None:
    if not math.isfinite(inflation) or inflation < 1:
        raise CannotCompute("The variance inflation is 1 for Poisson counts, or more.")


def _doubts(counts: Sequence[float], buffers: bool, before: float, after: float) -> tuple[Doubt, ...]:
    found = list(_few(counts, "A count under {few} makes the interval rough."))
    if not buffers:
        found.append(Doubt(DoubtKind.NO_BUFFER, Phrase("Without buffers, displacement next door is not seen.")))
    if before != after:
        found.append(
            Doubt(
                DoubtKind.UNEQUAL_PERIODS,
                Phrase("The periods differ in length; counts were divided by it, but the season may differ too."),
            )
        )
    return tuple(found)


def _few(counts: Sequence[float], template: str) -> tuple[Doubt, ...]:
    if min(counts) >= SMALL_COUNT:
        return ()
    return (Doubt(DoubtKind.SMALL_NUMBERS, Phrase(template, few=whole(SMALL_COUNT))),)


def _amount(value: float) -> str:
    """Large amounts as whole numbers, small ones with what is left of them."""
    return decimal(value, 0 if abs(value) >= WHOLE_FROM else 1)


def _signed(value: float) -> str:
    return f"{value:+,.0f}" if abs(value) >= WHOLE_FROM else f"{value:+,.1f}"


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
