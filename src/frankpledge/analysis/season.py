"""The shape of the year: how much more or less a calendar month has than an average one, per day.

A Poisson model of year by calendar month, each with its days as exposure, so that February is not called quiet for
being short, a rising year does not pass for a season, and a missing month leaves no hole. Intervals allow for more than
Poisson luck, as seen in what the model leaves over.
Sources: McCullagh P, Nelder J (1989) Generalized Linear Models, chapters 4 and 6; Hird C, Ruparel C (2007) Seasonality
in recorded crime: preliminary findings, Home Office Online Report 02/07.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc, stdtrit

from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.periods import LOCKDOWNS, Month
from frankpledge.vocabulary.wording import Phrase, decimal, whole

FEWEST_MONTHS = 24
FEW_MONTHS = 36  # usable months under which the season is known roughly
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeasonMonth:
    """A calendar month: 1.2 is a fifth more a day than the average day of the year."""

    month: int
    index: float
    interval: Interval
    count: int  # events in all usable months of this name

    @property
    def name(self) -> str:
        return MONTH_NAMES[self.month - 1]


@dataclass(frozen=True, kw_only=True)
class Season(Result):
    """Twelve indices that average 1 over the days of the year. ``n`` usable months; ``p`` of no season at all."""

    months: tuple[SeasonMonth, ...]
    dispersion: float
    p: float

    @property
    def beyond_chance(self) -> bool:
        return self.p <= 0.05

    def sentence(self) -> Phrase:
        high = max(self.months, key=lambda month: month.index)
        low = min(self.months, key=lambda month: month.index)
        if not self.beyond_chance:
            return Phrase("No season beyond chance in {n} months (p {p}).", n=whole(self.n), p=f"{self.p:.2g}")
        return Phrase(
            "{high} has {most} times the events a day of an average month ({low_end} to {high_end}), {low} {least} "
            "times.",
            high=Phrase(high.name),
            most=decimal(high.index, 2),
            low_end=decimal(high.interval.lower or 0.0, 2),
            high_end=decimal(high.interval.upper, 2),
            low=Phrase(low.name),
            least=decimal(low.index, 2),
        )

    def table(self) -> Table:
        return Table(
            ("month", "count", "index", "lower", "upper"),
            tuple((m.name, m.count, m.index, m.interval.lower, m.interval.upper) for m in self.months),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "months": [
                {"month": m.name, "count": m.count, "index": rounded(m.index), "interval": m.interval.as_dict()}
                for m in self.months
            ],
            "dispersion": rounded(self.dispersion),
            "p": rounded(self.p, 9),
            "beyond_chance": self.beyond_chance,
            **self.provenance(),
        }


def season(
    months: Sequence[Month],
    counts: Sequence[int | None],
    *,
    lockdowns: bool = False,
    confidence: float = 0.95,
) -> Season:
    """Index of each calendar month, per day. A missing month is None, never nought; the order does not matter.

    Months of the lockdowns are left out unless ``lockdowns``. Raises CannotCompute under 24 usable months, when a
    calendar month was seen fewer than twice, or one has no event at all.
    """
    if len(months) != len(counts):
        raise CannotCompute("Every month needs its count, or None where it is missing.")
    usable = sorted(
        (month, count)
        for month, count in zip(months, counts, strict=True)
        if count is not None and (lockdowns or month not in LOCKDOWNS)
    )
    _check(usable, confidence)
    value = np.array([count for _, count in usable], dtype=float)
    days = np.array([month.days for month, _ in usable], dtype=float)
    which = np.array([month.month - 1 for month, _ in usable])
    year = np.unique([(month.number - usable[0][0].number) // 12 for month, _ in usable], return_inverse=True)[1]
    if (np.bincount(year, value) == 0).any():
        raise CannotCompute("A whole year has no event at all, so it can show no season. Take a larger area.")
    design, effects, covariance, mean = _fit(value, days, which, year)
    freedom = value.size - design.shape[1]
    leftover = float(((value - mean) ** 2 / mean).sum())
    phi = max(1.0, leftover / freedom)
    length = np.array([days[which == m].mean() for m in range(12)])
    weight = length / length.sum()
    average = float(weight @ np.exp(effects))
    index = np.exp(effects) / average
    # log index = effect − log(average): its gradient over the twelve effects
    gradient = np.eye(12) - (weight * index)[None, :]
    error = np.sqrt(phi * np.maximum(np.einsum("ij,jk,ik->i", gradient, covariance, gradient), 0.0))
    reach = np.exp(float(stdtrit(freedom, 0.5 + confidence / 2)) * error)
    found = tuple(
        SeasonMonth(
            m + 1,
            float(index[m]),
            Interval(float(index[m] / reach[m]), float(index[m] * reach[m]), confidence, "quasi-Poisson"),
            int(value[which == m].sum()),
        )
        for m in range(12)
    )
    return Season(
        n=value.size,
        method="Poisson model of year by calendar month with days as exposure; over-dispersion allowed for",
        doubts=_doubts(value.size, len(months) - value.size),
        months=found,
        dispersion=phi,
        p=_no_season(value, days, year, mean, leftover, freedom),
    )


def _fit(
    value: NDArray[np.float64], days: NDArray[np.float64], which: NDArray[np.int64], year: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Design, effects of the calendar months (summing to nought), their covariance without dispersion, fitted means.

    Margins of years and months are fitted in turn, which needs no starting value and always settles.
    """
    by_year, by_month = np.bincount(year, value), np.bincount(which, value, minlength=12)
    level, shape = np.ones(by_year.size), np.ones(12)
    for _ in range(500):
        level = by_year / np.bincount(year, days * shape[which])
        updated = by_month / np.bincount(which, days * level[year], minlength=12)
        updated /= updated.mean()
        settled = bool(np.abs(updated - shape).max() < 1e-12)
        shape = updated
        if settled:
            break
    mean = days * level[year] * shape[which]
    contrasts = np.vstack([np.eye(11), -np.ones(11)])  # the last month is what the others leave
    design = np.hstack([np.eye(by_year.size)[year], contrasts[which]])
    inverse = np.linalg.pinv(design.T @ (design * mean[:, None]))[by_year.size :, by_year.size :]
    effects = np.log(shape) - np.log(shape).mean()
    return design, effects, contrasts @ inverse @ contrasts.T, mean


def _no_season(
    value: NDArray[np.float64],
    days: NDArray[np.float64],
    year: NDArray[np.int64],
    mean: NDArray[np.float64],
    leftover: float,
    freedom: int,
) -> float:
    """F test of twelve indices against one: what they explain against what they leave over."""
    flat = days * (np.bincount(year, value) / np.bincount(year, days))[year]
    gained = 2 * float((value * np.log(np.maximum(mean, 1e-300) / np.maximum(flat, 1e-300))).sum())
    return float(fdtrc(11, freedom, max(gained, 0.0) / 11 / max(leftover / freedom, 1e-12)))


def _check(usable: list[tuple[Month, int]], confidence: float) -> None:
    if not 0 < confidence < 1:
        raise CannotCompute("A confidence level lies between 0 and 1, such as 0.95.")
    if any(count < 0 for _, count in usable):
        raise CannotCompute("A count cannot be below nought.")
    if len({month for month, _ in usable}) != len(usable):
        raise CannotCompute("A month is there twice. Add its counts up first.")
    if len(usable) < FEWEST_MONTHS:
        raise CannotCompute(f"A season needs {FEWEST_MONTHS} months outside the lockdowns; there are {len(usable)}.")
    for calendar_month in range(1, 13):
        same = [count for month, count in usable if month.month == calendar_month]
        if len(same) < 2 or sum(same) == 0:
            raise CannotCompute(
                f"{MONTH_NAMES[calendar_month - 1]} was seen too seldom or has no event, so its index is not known. "
                "Take a longer series or a larger area."
            )


def _doubts(usable: int, left_out: int) -> tuple[Doubt, ...]:
    doubts = []
    if left_out:
        sentence = Phrase("{months} months were missing or of the lockdowns and left out.", months=whole(left_out))
        doubts.append(Doubt(DoubtKind.MISSING_MONTHS, sentence))
    if usable < FEW_MONTHS:
        sentence = Phrase("The season rests on {count} months, which is short.", count=whole(usable))
        doubts.append(Doubt(DoubtKind.SHORT_HISTORY, sentence))
    return tuple(doubts)
