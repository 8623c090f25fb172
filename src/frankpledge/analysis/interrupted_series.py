"""Interrupted time series: did a series of counts change its level or its slope when something began?

Segmented quasi-Poisson regression with log link: level and trend before, a step and a change of slope after, yearly
waves where the series is long enough, exposure (days, homes) as offset. Standard errors are the larger of the
Newey-West (autocorrelation-robust) and the quasi-Poisson ones, the latter widened by (1 + r) / (1 - r) where r is the
autocorrelation of the residuals: in short series Newey-West alone is too narrow. There is no comparison area in it:
whatever else began at the same time is in the effect.
Sources: Lopez Bernal J, Cummins S, Gasparrini A (2017) Int J Epidemiol 46:348-355; Newey W, West K (1987) Econometrica
55:703-708, lags by 4 (n/100)^(2/9) (Newey and West 1994, Rev Econ Stud 61:631-653).
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frankpledge.analysis.count_models import (
    CountFit,
    check_confidence,
    fit_counts,
    model_covariance,
    newey_west_covariance,
    t_multiple,
    t_p_value,
)
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

FEWEST_BEFORE = 8
FEWEST_AFTER = 3
SLOW_COLUMNS = 4  # level, trend, step, change of slope
LONG_BEFORE = 24  # periods before, under which the series is called short

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RatioEstimate:
    """A ratio with interval and two-sided p; ``log_error`` is the standard error of its logarithm."""

    value: float
    interval: Interval
    p: float
    log_error: float

    def as_dict(self) -> dict[str, Any]:
        return {"value": rounded(self.value, 9), "interval": self.interval.as_dict(), "p": rounded(self.p, 9)}


@dataclass(frozen=True, kw_only=True)
class InterruptedSeries(Result):
    """``level``: the step at the start; ``slope``: the change of trend, a ratio per period; ``overall``: all events
    after against what the earlier path leads to. Arrays run over periods; ``expected`` is that path throughout.
    """

    start: int
    level: RatioEstimate
    slope: RatioEstimate | None
    overall: RatioEstimate
    observed: Floats
    fitted: Floats
    expected: Floats
    prevented: float
    prevented_interval: Interval
    lags: int
    waves: int
    dispersion: float

    def sentence(self) -> Phrase:
        low, high = self.overall.interval.lower or 0.0, self.overall.interval.upper
        values = {
            "percent": decimal(100 * abs(self.overall.value - 1)),
            "low": decimal(low, 2),
            "high": decimal(high, 2),
            "ratio": decimal(self.overall.value, 2),
        }
        if low <= 1 <= high:
            return Phrase(
                "After the start there was no clear departure from the earlier path (ratio {ratio}, {low} to {high}).",
                **values,
            )
        direction = Phrase("fewer") if self.overall.value < 1 else Phrase("more")
        return Phrase(
            "After the start there were {percent} % {direction} events than the earlier path leads one to expect "
            "(ratio {ratio}, {low} to {high}).",
            direction=direction,
            **values,
        )

    def table(self) -> Table:
        rows = tuple(
            (i + 1, float(self.observed[i]), float(self.fitted[i]), float(self.expected[i]))
            for i in range(len(self.observed))
        )
        return Table(("period", "observed", "fitted", "expected without the change"), rows)

    def as_dict(self) -> dict[str, Any]:
        return {
            "start": self.start,
            "level": self.level.as_dict(),
            "slope": None if self.slope is None else self.slope.as_dict(),
            "overall": self.overall.as_dict(),
            "prevented": rounded(self.prevented),
            "prevented_interval": self.prevented_interval.as_dict(),
            "fitted": [rounded(v) for v in self.fitted],
            "expected": [rounded(v) for v in self.expected],
            "lags": self.lags,
            "waves": self.waves,
            "dispersion": rounded(self.dispersion),
            **self.provenance(),
        }


def interrupted_series(
    counts: ArrayLike,
    *,
    start: int,
    exposure: ArrayLike | None = None,
    periods_per_year: int = 12,
    slope_change: bool = True,
    lags: int | None = None,
    confidence: float = 0.95,
) -> InterruptedSeries:
    """``counts`` (periods,) in order of time without gaps; ``start``: number of the first period after (from 0).

    ``exposure`` (periods,): days of each month, homes. Raises CannotCompute with fewer than 8 periods before or 3
    after, or no event on one side.
    """
    check_confidence(confidence)
    value, size = _checked(counts, exposure, start)
    design, waves = _design(len(value), start, periods_per_year, slope_change)
    fit = fit_counts(design, value, exposure=size)
    steps = math.floor(4 * (len(value) / 100) ** (2 / 9)) if lags is None else lags
    memory = _autocorrelation(fit)
    covariances = (model_covariance(fit) * (1 + memory) / (1 - memory), newey_west_covariance(fit, steps))

    def estimate(gradient: Floats, log_ratio: float) -> RatioEstimate:
        error = math.sqrt(max(float(gradient @ v @ gradient) for v in covariances))
        reach = t_multiple(confidence, fit.freedom) * error
        interval = Interval(
            math.exp(log_ratio - reach), math.exp(log_ratio + reach), confidence, "autocorrelation-robust"
        )
        return RatioEstimate(math.exp(log_ratio), interval, t_p_value(log_ratio / error, fit.freedom), error)

    changes = 2 if slope_change else 1
    path = design.copy()
    path[:, :changes] = 0.0
    expected = size * np.exp(path @ fit.coefficients)
    after = slice(start, None)
    total, without = float(fit.mean[after].sum()), float(expected[after].sum())
    gradient = fit.mean[after] @ design[after] / total - expected[after] @ path[after] / without
    overall = estimate(gradient, math.log(total / without))
    units = np.eye(design.shape[1])
    happened = float(value[after].sum())
    low, high = overall.interval.lower or 0.0, overall.interval.upper
    return InterruptedSeries(
        n=round(float(value.sum())),
        method=f"segmented quasi-Poisson regression, {waves} yearly waves, Newey-West errors with {steps} lags",
        doubts=_doubts(start, waves),
        start=start,
        level=estimate(units[0], float(fit.coefficients[0])),
        slope=estimate(units[1], float(fit.coefficients[1])) if slope_change else None,
        overall=overall,
        observed=value,
        fitted=fit.mean,
        expected=expected,
        prevented=without - happened,
        prevented_interval=Interval(
            happened * (1 / high - 1), happened * (1 / low - 1), confidence, "autocorrelation-robust"
        ),
        lags=steps,
        waves=waves,
        dispersion=fit.dispersion,
    )


def _checked(counts: ArrayLike, exposure: ArrayLike | None, start: int) -> tuple[Floats, Floats]:
    value = np.asarray(counts, np.float64)
    size = np.ones_like(value) if exposure is None else np.asarray(exposure, np.float64)
    if value.ndim != 1 or value.shape != size.shape:
        raise CannotCompute("Give one count, and one exposure, for each period.")
    if not np.all(np.isfinite(value)) or value.min(initial=0) < 0 or not np.all(size > 0):
        raise CannotCompute("Counts must be numbers not below nought, without gaps, and exposures above nought.")
    if start < FEWEST_BEFORE or len(value) - start < FEWEST_AFTER:
        raise CannotCompute(
            f"There are {start} periods before and {max(len(value) - start, 0)} after; at least {FEWEST_BEFORE} and "
            f"{FEWEST_AFTER} are needed to tell a change from the path before."
        )
    if value[:start].sum() == 0 or value[start:].sum() == 0:
        raise CannotCompute("There was no event on one side of the start, so a ratio has no value.")
    return value, size


def _design(periods: int, start: int, per_year: int, slope_change: bool) -> tuple[Floats, int]:
    """Columns: step, change of slope, level, trend, waves."""
    time = np.arange(periods, dtype=np.float64)
    after = (time >= start).astype(np.float64)
    columns = [after]
    if slope_change:
        columns.append(after * (time - start))
    columns += [np.ones(periods), (time - start) / per_year]
    waves = 0 if periods < 2 * per_year else 1 if periods < 3 * per_year else 2
    for wave in range(1, waves + 1):
        turn = 2 * math.pi * wave * time / per_year
        columns += [np.sin(turn), np.cos(turn)]
    return np.column_stack(columns), waves


def _autocorrelation(fit: CountFit) -> float:
    """Of neighbouring residuals, from 0 to 0.9; corrected for what level, trend and steps take out of it."""
    residual = (fit.value - fit.mean) / np.sqrt(fit.mean)
    rows = len(residual)
    raw = float(residual[1:] @ residual[:-1]) / max(float(residual @ residual), 1e-300)
    return min(max(raw + SLOW_COLUMNS / rows, 0.0), 0.9)


def _doubts(start: int, waves: int) -> tuple[Doubt, ...]:
    found = [
        Doubt(
            DoubtKind.NO_COMPARISON,
            Phrase("There is no comparison area: whatever else began then is in this effect too."),
        )
    ]
    if start < LONG_BEFORE or waves == 0:
        sentence = Phrase("Only {periods} periods before: trend and season are known roughly.", periods=whole(start))
        found.append(Doubt(DoubtKind.SHORT_HISTORY, sentence))
    return tuple(found)
