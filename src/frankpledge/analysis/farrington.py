"""Alarm limits for each period from the same time of earlier years: Farrington's flexible algorithm.

For weeks (or months) of a long series: the periods around the same date of the last ``years_back`` years are the
reference; the rest of each year is cut into blocks that carry the season. The latest periods are left out, so that what
is growing does not teach the model that it is usual. Beside ``expected_range``, which judges every month by all others,
this one looks back only, as a warning system must.
Sources: Farrington C et al (1996) JRSS A 159:547-563; Noufaily A et al (2013) Stat Med 32:1206-1222; Salmon M,
Schumacher D, Höhle M (2016) J Stat Softw 70:10 (the blocks).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtr

from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, whole

FAR = 2.58  # standardised residual above which a reference period is weighted down
TREND_YEARS = 3  # years from which a trend is looked for
FEWEST_RECENT, RECENT = 5, 4  # no alarm on fewer than five events in the last four periods


@dataclass(frozen=True, slots=True)
class Limit:
    """One period's count, what was expected, and the count above which it is an alarm."""

    label: str
    count: int
    expected: float
    upper: float
    trend: bool
    enough: bool  # five events in the last four periods: with fewer an alarm would be about one event

    @property
    def alarm(self) -> bool:
        return self.enough and self.count > self.upper


@dataclass(frozen=True, kw_only=True)
class FarringtonLimits(Result):
    """Limits of the periods asked for. ``alpha`` is the chance of a false alarm in each, one-sided."""

    limits: tuple[Limit, ...]
    alpha: float

    def alarms(self) -> tuple[Limit, ...]:
        return tuple(limit for limit in self.limits if limit.alarm)

    def sentence(self) -> Phrase:
        found = self.alarms()
        by_luck = f"{self.alpha * len(self.limits):.1f}"
        if not found:
            return Phrase("None of {n} periods is above its alarm limit.", n=whole(len(self.limits)))
        return Phrase(
            "{found} of {n} periods are above their alarm limit ({labels}); luck alone gives about {luck}.",
            found=whole(len(found)),
            n=whole(len(self.limits)),
            labels=tuple(limit.label for limit in found),
            luck=by_luck,
        )

    def table(self) -> Table:
        return Table(
            ("period", "count", "expected", "limit", "alarm"),
            tuple((x.label, x.count, x.expected, x.upper, x.alarm) for x in self.limits),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "alpha": self.alpha,
            "limits": [
                {
                    "label": x.label,
                    "count": x.count,
                    "expected": rounded(x.expected),
                    "upper": rounded(x.upper),
                    "trend": x.trend,
                    "enough": x.enough,
                    "alarm": x.alarm,
                }
                for x in self.limits
            ],
            **self.provenance(),
        }


def farrington_limits(
    counts: Sequence[int],
    *,
    per_year: int = 52,
    years_back: int = 3,
    half_window: int = 3,
    blocks: int = 10,
    leave_out_latest: int = 26,
    alpha: float = 0.01,
    trend_p: float = 1.0,
    last: int | None = None,
    labels: Sequence[str] | None = None,
    as_surveillance: bool = False,
) -> FarringtonLimits:
    """Limits of the ``last`` periods (all that have enough history when None), each from the periods before it.

    ``trend_p``: a trend is kept when its p value is below this and it does not lead beyond what was ever seen.
    ``as_surveillance``: the error of the fit as R's surveillance 1.20 has it, which puts the weights of the refit where
    its working weights belong and so moves limits by up to two in a hundred.
    Raises CannotCompute when the history is too short or a period has no count.
    """
    value = np.asarray(counts, dtype=float)
    _check(value, per_year, years_back, half_window, blocks, alpha)
    first = years_back * per_year + half_window
    if value.size <= first:
        raise CannotCompute(
            f"Limits from {years_back} years back need more than {first} periods; there are {value.size}."
        )
    start = first if last is None else max(first, value.size - last)
    named = tuple(labels) if labels is not None else tuple(f"period {i + 1}" for i in range(value.size))
    if len(named) != value.size:
        raise CannotCompute(f"There are {value.size} counts and {len(named)} labels; each period needs both.")
    found = []
    for now in range(start, value.size):
        group = _groups(now, value.size, per_year, years_back, half_window, blocks)
        group[now - leave_out_latest :] = -1
        known = np.flatnonzero(group >= 0)
        found.append(
            _limit(value, known, group[known], now, named[now], blocks, years_back, alpha, trend_p, as_surveillance)
        )
    return FarringtonLimits(
        n=value.size,
        method=f"Farrington flexible, {years_back} years back, {blocks} blocks a year, limit on the 2/3 power",
        limits=tuple(found),
        alpha=alpha,
    )


def _groups(now: int, size: int, per_year: int, years_back: int, half_window: int, blocks: int) -> NDArray[np.int64]:
    """The season block of each period of the history; 0 for the windows about the same date, -1 outside."""
    group = np.full(size, -1, np.int64)
    between = per_year - 2 * half_window - 1
    lengths = np.full(blocks - 1, between // max(blocks - 1, 1))
    lengths[: between % max(blocks - 1, 1)] += 1
    for back in range(1, years_back + 1):
        centre = now - back * per_year
        group[centre - half_window : centre + half_window + 1] = 0
        if blocks > 1:
            begin = centre + half_window + 1
            group[begin : begin + between] = np.repeat(np.arange(1, blocks), lengths)
    return group


def _limit(
    value: NDArray[np.float64],
    known: NDArray[np.int64],
    group: NDArray[np.int64],
    now: int,
    label: str,
    blocks: int,
    years_back: int,
    alpha: float,
    trend_p: float,
    as_surveillance: bool,
) -> Limit:
    response = value[known]
    trend = years_back >= TREND_YEARS
    mean = variance = phi = 0.0
    while True:
        columns = [np.ones(known.size)] + [(group == block).astype(float) for block in range(1, blocks)]
        if trend:
            columns.append((known - now) / max(known.size, 1))
        design = np.column_stack(columns)
        coefficients, covariance, phi, spread = _fit(design, response, as_surveillance)
        mean = math.exp(float(coefficients[0]))  # the window's own level; the trend is nought at the period judged
        if not trend or _trend_holds(coefficients, covariance, spread, mean, response, trend_p):
            break
        trend = False
    variance = spread * mean**2 * float(covariance[0, 0])
    # Limit of a new count: the 2/3 power is nearly normal, with the luck of the count and of the fit.
    power_sd = math.sqrt(4 / 9 * mean ** (1 / 3) * (phi + variance / mean))
    upper = (mean ** (2 / 3) + float(ndtri(1 - alpha)) * power_sd) ** 1.5
    enough = float(value[max(0, now - RECENT + 1) : now + 1].sum()) >= FEWEST_RECENT
    return Limit(label, int(value[now]), mean, upper, trend, enough)


def _trend_holds(
    coefficients: NDArray[np.float64],
    covariance: NDArray[np.float64],
    spread: float,
    mean: float,
    response: NDArray[np.float64],
    trend_p: float,
) -> bool:
    error = math.sqrt(spread * float(covariance[-1, -1]))
    freedom = response.size - coefficients.size
    p = 2 * float(stdtr(freedom, -abs(float(coefficients[-1])) / error)) if error > 0 else 1.0
    return p < trend_p and mean <= float(response.max())


def _fit(
    design: NDArray[np.float64], response: NDArray[np.float64], as_surveillance: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64], float, float]:
    """Fit twice, the second time with periods far above their fit weighted down: coefficients, covariance without
    dispersion, the dispersion of a new count (never below 1), and that of the fit.
    """
    freedom = max(response.size - design.shape[1], 1)
    coefficients, mean = _irls(design, response, np.ones_like(response))
    phi = max(1.0, float(((response - mean) ** 2 / mean).sum()) / freedom)
    weighted = design * np.sqrt(mean)[:, None]
    leverage = np.einsum("ij,jk,ik->i", weighted, np.linalg.pinv(weighted.T @ weighted), weighted)
    residual = 1.5 * (response ** (2 / 3) * mean ** (-1 / 6) - np.sqrt(mean))
    residual = residual / np.sqrt(phi * np.maximum(1 - leverage, 1e-9))
    far = residual > FAR
    weight = np.where(far, 1 / np.maximum(residual, FAR) ** 2, 1.0)
    weight *= weight.size / weight.sum()
    coefficients, mean = _irls(design, response, weight)
    covariance = np.linalg.pinv(design.T @ (design * (weight * mean)[:, None]))
    spread = float((weight * (response - mean) ** 2 / mean).sum()) / freedom
    of_fit = spread
    if as_surveillance:
        of_fit = float((weight * ((response - mean) / mean) ** 2).sum()) / freedom
    return coefficients, np.asarray(covariance), max(1.0, spread), of_fit


def _irls(
    design: NDArray[np.float64], response: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Poisson regression with log link: coefficients and fitted means."""
    mean = response + 0.1
    linear = np.log(mean)
    coefficients = np.zeros(design.shape[1])
    for _ in range(60):
        root = np.sqrt(weight * mean)
        working = linear + (response - mean) / mean
        updated = np.linalg.lstsq(design * root[:, None], working * root, rcond=None)[0]
        settled = bool(np.max(np.abs(updated - coefficients)) < 1e-10)
        coefficients = np.asarray(updated)
        linear = np.clip(design @ coefficients, -30, 30)
        mean = np.exp(linear)
        if settled:
            break
    return coefficients, mean


def _check(value: NDArray[np.float64], per_year: int, years: int, half: int, blocks: int, alpha: float) -> None:
    if value.ndim != 1 or not np.isfinite(value).all() or (value < 0).any():
        raise CannotCompute("Every period needs a count of nought or more; a missing one is not nought.")
    if value.size == 0 or value.sum() == 0:
        raise CannotCompute("None was recorded in any period, so nothing can be expected.")
    if years < 1 or half < 0 or blocks < 1 or per_year < 2 * half + 1 + (blocks - 1) or not 0 < alpha < 0.5:
        raise CannotCompute("The window and blocks must fit in a year, with at least one year and alpha below a half.")
