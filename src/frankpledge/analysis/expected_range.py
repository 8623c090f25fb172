"""What season and history lead one to expect each month, and which months fall outside it.

A log-linear quasi-Poisson model with the length of the month as offset, one yearly wave (two from three usable years)
and a trend where the history is long enough and shows one. Each month is judged by a model fitted WITHOUT it. Lockdown
months never enter a fit; months far above their fit are weighted down. The range is the 95 % prediction interval of a
negative binomial with the fitted mean and the variance of the fit and of its parameters together.
Sources: Farrington C et al (1996) A statistical algorithm for the early detection of outbreaks, JRSS A 159:547-563;
Noufaily A et al (2013) An improved algorithm for outbreak detection, Stat Med 32:1206-1222 (weights, threshold 2.58).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, pdtr

from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.periods import LOCKDOWNS, Month
from frankpledge.vocabulary.wording import Phrase, whole

FEWEST_MONTHS = 18  # usable months, below which no range is given
FEWEST_CALENDAR_MONTHS = 10  # of the twelve, so that a season is seen and not guessed
TREND_FROM = 24  # usable months from which a trend is looked for
SECOND_WAVE_FROM = 36
FAR = 2.58  # standardised residual above which a month is weighted down (Noufaily et al)
CONFIDENCE = 0.95


class MonthStanding(StrEnum):
    """Where a month's count lies against its range."""

    HIGH = "above the expected range"
    LOW = "below the expected range"
    WITHIN = "within the expected range"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class ExpectedMonth:
    """One month: its count (None when missing) and the range season and history lead one to expect."""

    month: Month
    count: int | None
    expected: float
    lower: int
    upper: int
    lockdown: bool

    @property
    def standing(self) -> MonthStanding:
        if self.count is None:
            return MonthStanding.NOT_KNOWN
        if self.count > self.upper:
            return MonthStanding.HIGH
        return MonthStanding.LOW if self.count < self.lower else MonthStanding.WITHIN

    def as_dict(self) -> dict[str, Any]:
        return {
            "month": str(self.month),
            "count": self.count,
            "expected": rounded(self.expected),
            "lower": self.lower,
            "upper": self.upper,
            "lockdown": self.lockdown,
            "standing": self.standing.value,
        }


@dataclass(frozen=True, kw_only=True)
class ExpectedRange(Result):
    """The range for each month. ``n`` is the number of months the model learned from."""

    months: tuple[ExpectedMonth, ...]
    trend: bool
    dispersion: float

    def exceptional(self) -> tuple[ExpectedMonth, ...]:
        """Months outside their range, lockdown months aside: those were low for a reason everyone knows."""
        outside = (MonthStanding.HIGH, MonthStanding.LOW)
        return tuple(month for month in self.months if month.standing in outside and not month.lockdown)

    def sentence(self) -> Phrase:
        found = self.exceptional()
        if not found:
            return Phrase("Every month lies within what season and history lead us to expect.")
        return Phrase("Outside the expected range: {months}.", months=tuple(month.month for month in found))

    def table(self) -> Table:
        return Table(
            ("month", "count", "expected", "lower", "upper", "standing"),
            tuple((str(m.month), m.count, m.expected, m.lower, m.upper, m.standing.value) for m in self.months),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "confidence": CONFIDENCE,
            "trend": self.trend,
            "dispersion": rounded(self.dispersion),
            "months": [month.as_dict() for month in self.months],
            **self.provenance(),
        }


def expected_range(
    months: Sequence[Month], counts: Sequence[int | None], *, batches: tuple[str, ...] = ()
) -> ExpectedRange:
    """The expected range of each month of a series; a missing month is None, never nought.

    Raises CannotCompute when fewer than 18 months are usable, or they cover fewer than 10 of the calendar months.
    """
    if len(months) != len(counts):
        raise CannotCompute("Every month needs its count, or None where it is missing.")
    usable = np.array(
        [count is not None and month not in LOCKDOWNS for month, count in zip(months, counts, strict=True)]
    )
    _check_enough([month for month, use in zip(months, usable, strict=True) if use])
    value = np.array([math.nan if count is None else float(count) for count in counts])
    trend = int(usable.sum()) >= TREND_FROM and _trend_shows(months, value, usable)
    design, offset = _design(months, trend=trend, waves=2 if usable.sum() >= SECOND_WAVE_FROM else 1)
    whole_fit = _fit(design[usable], value[usable], offset[usable])
    judged = tuple(
        _judge(i, month, counts[i], design, value, offset, usable, whole_fit) for i, month in enumerate(months)
    )
    doubts = []
    if usable.sum() < SECOND_WAVE_FROM:
        sentence = Phrase(
            "The expected range rests on {count} months, which is short: season is known roughly.",
            count=whole(usable.sum()),
        )
        doubts.append(Doubt(DoubtKind.SHORT_HISTORY, sentence))
    return ExpectedRange(
        n=int(usable.sum()),
        method=(
            "quasi-Poisson regression on season"
            + (" and trend" if trend else "")
            + ", each month judged by the others, lockdown months left out; 95 % negative binomial prediction interval"
        ),
        doubts=tuple(doubts),
        batches=batches,
        months=judged,
        trend=trend,
        dispersion=whole_fit.dispersion,
    )


def _check_enough(usable: list[Month]) -> None:
    if len(usable) < FEWEST_MONTHS:
        raise CannotCompute(
            Phrase(
                "An expected range needs {needed} months outside the lockdowns; there are {count}.",
                needed=FEWEST_MONTHS,
                count=len(usable),
            )
        )
    if len({month.month for month in usable}) < FEWEST_CALENDAR_MONTHS:
        raise CannotCompute(Phrase("The months at hand do not cover the year, so the season is not known."))


@dataclass(frozen=True, slots=True)
class _Fit:
    coefficients: NDArray[np.float64]
    covariance: NDArray[np.float64]  # of the coefficients, dispersion included
    dispersion: float


def _design(months: Sequence[Month], *, trend: bool, waves: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Columns of the model, and the log of each month's length in days as offset."""
    number = np.array([month.number for month in months], dtype=float)
    year = 2 * math.pi * (number % 12) / 12
    columns = [np.ones_like(number)]
    for wave in range(1, waves + 1):
        columns += [np.sin(wave * year), np.cos(wave * year)]
    if trend:
        columns.append((number - number.mean()) / 12)
    return np.column_stack(columns), np.log([float(month.days) for month in months])


def _trend_shows(months: Sequence[Month], value: NDArray[np.float64], usable: NDArray[np.bool_]) -> bool:
    """Whether the trend is clear at 95 %: one that is not would only widen the range and wander beyond the data."""
    design, offset = _design(months, trend=True, waves=2 if usable.sum() >= SECOND_WAVE_FROM else 1)
    fit = _fit(design[usable], value[usable], offset[usable])
    return abs(float(fit.coefficients[-1])) > 1.96 * math.sqrt(float(fit.covariance[-1, -1]))


def _fit(design: NDArray[np.float64], value: NDArray[np.float64], offset: NDArray[np.float64]) -> _Fit:
    """Fit twice: plainly, then with months far above their fit weighted down."""
    first, mean = _irls(design, value, offset, np.ones_like(value))
    phi = _dispersion(value, mean, design.shape[1], np.ones_like(value))
    leverage = _leverage(design, mean)
    anscombe = 1.5 * (value ** (2 / 3) - mean ** (2 / 3)) / mean ** (1 / 6)
    residual = anscombe / np.sqrt(phi * np.maximum(1 - leverage, 1e-6))
    weight = np.where(residual > FAR, 1 / np.maximum(residual, FAR) ** 2, 1.0)
    weight *= weight.size / weight.sum()
    coefficients, mean = _irls(design, value, offset, weight, start=first)
    phi = _dispersion(value, mean, design.shape[1], weight)
    information = design.T @ (design * (weight * mean)[:, None])
    return _Fit(coefficients, np.asarray(phi * np.linalg.pinv(information), dtype=np.float64), phi)


def _irls(
    design: NDArray[np.float64],
    value: NDArray[np.float64],
    offset: NDArray[np.float64],
    weight: NDArray[np.float64],
    start: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Poisson regression with log link by iteratively reweighted least squares: coefficients and fitted means."""
    if start is None:
        start = np.zeros(design.shape[1])
        start[0] = math.log((value.sum() + 0.5) / np.exp(offset).sum())
    coefficients = start
    for _ in range(50):
        linear = np.clip(design @ coefficients + offset, -30, 30)
        mean = np.exp(linear)
        working = linear - offset + (value - mean) / mean
        root = np.sqrt(weight * mean)
        solved = np.linalg.lstsq(design * root[:, None], working * root, rcond=None)[0]
        updated = np.asarray(solved, dtype=np.float64)
        settled = bool(np.max(np.abs(updated - coefficients)) < 1e-9)
        coefficients = updated
        if settled:
            break
    return coefficients, np.exp(np.clip(design @ coefficients + offset, -30, 30))


def _dispersion(
    value: NDArray[np.float64], mean: NDArray[np.float64], columns: int, weight: NDArray[np.float64]
) -> float:
    """Pearson's; never below one, since counts of events vary at least as much as chance."""
    freedom = max(value.size - columns, 1)
    return max(1.0, float(np.sum(weight * (value - mean) ** 2 / mean) / freedom))


def _leverage(design: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    weighted = design * np.sqrt(mean)[:, None]
    hat = np.einsum("ij,jk,ik->i", weighted, np.linalg.pinv(weighted.T @ weighted), weighted)
    return np.asarray(hat, dtype=float)


def _judge(
    index: int,
    month: Month,
    count: int | None,
    design: NDArray[np.float64],
    value: NDArray[np.float64],
    offset: NDArray[np.float64],
    usable: NDArray[np.bool_],
    whole_fit: _Fit,
) -> ExpectedMonth:
    """The range of one month from all the other usable months."""
    fit = whole_fit
    if usable[index]:
        others = usable.copy()
        others[index] = False
        fit = _fit(design[others], value[others], offset[others])
    row = design[index]
    mean = math.exp(min(float(row @ fit.coefficients + offset[index]), 30.0))
    variance = fit.dispersion * mean + mean * mean * float(row @ fit.covariance @ row)
    lower, upper = _prediction(mean, variance)
    return ExpectedMonth(month, count, mean, lower, upper, month in LOCKDOWNS)


def _prediction(mean: float, variance: float) -> tuple[int, int]:
    """The counts between which a negative binomial of this mean and variance lies in 95 of 100 cases, at least."""
    reach = np.arange(int(mean + 12 * math.sqrt(variance) + 30))
    if variance > mean * (1 + 1e-9):
        size = mean * mean / (variance - mean)
        below = betainc(size, reach + 1.0, size / (size + mean))
    else:
        below = pdtr(reach, mean)
    tail = (1 - CONFIDENCE) / 2
    # the least counts whose cumulative probability reaches each tail
    return int(np.searchsorted(below, tail)), int(np.searchsorted(below, 1 - tail))
