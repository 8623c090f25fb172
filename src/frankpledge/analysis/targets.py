"""Targets that know about chance: a yearly target spread by season, the probability of meeting it, a status word.

The rest of the year is predicted from the level of the last four quarters and the season of all, as a negative binomial
that carries three doubts: chance in the quarters to come (more than Poisson if history shows it), chance in the level
itself, and levels that drift from year to year as they have in the past.
Sources: McCullagh P, Nelder J (1989) Generalized Linear Models (dispersion); Lawless J, Fredette M (2005) Biometrika
92:529-542 (prediction with an estimated level).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, pdtr

from frankpledge.analysis.rates import Verdict, exact_limits, rate_ratio
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, ordinary, whole

QUARTERS = 4
TOO_FEW = 20  # a year's count under which a status would follow single cases
SURE, UNLIKELY = 0.8, 0.2  # probability of meeting a target: on course from the one, at risk up to the other
Z = 1.959963984540054
DRIFT_FROM = 3  # years of history from which drift between years can be seen


class Polarity(StrEnum):
    """Which way is good. *More* suits reporting of hidden crime; *context* suits what is neither."""

    LESS_IS_GOOD = "less is good"
    MORE_IS_GOOD = "more is good"
    CONTEXT_ONLY = "context only"


class Status(StrEnum):
    """The status of an indicator, in a word; never a colour alone."""

    MET = "met"
    ON_COURSE = "on course"
    AT_RISK = "at risk"
    MISSED = "missed"
    NO_CLEAR_CHANGE = "no clear change"
    TOO_FEW = "too few to say"
    NO_TARGET = "no target"


def percentage_target(percent: float, *, baseline: float | None, ends_at: float | None = None) -> float:
    """The value of a target such as −29 (per cent) on its baseline.

    Raises CannotCompute without a baseline; ``ends_at``, if printed with the target, says what baseline it implies.
    """
    if not -100 <= percent <= 1000:
        raise CannotCompute("A percentage target lies between -100 (none left) and 1,000.")
    if baseline is None:
        implied = ""
        if ends_at is not None and percent > -100:
            implied = f" Ending at {ends_at:g} it would need a baseline of {ends_at / (1 + percent / 100):.1f}."
        raise CannotCompute(
            f"A target of {percent:+g} % needs its baseline: the figure, its period and its source.{implied}"
        )
    if baseline <= 0:
        raise CannotCompute("A percentage of a baseline of nought means nothing. Set the target as a number.")
    return baseline * (1 + percent / 100)


# Season and profile


@dataclass(frozen=True, kw_only=True)
class Profile(Result):
    """A yearly target by quarter: ``quarters`` (4,) whole numbers that add up to it; ``shares`` (4,) of the year.

    ``n``: events the season was read from.
    """

    target: int
    shares: tuple[float, ...]
    quarters: tuple[int, ...]
    years: int

    def sentence(self) -> Phrase:
        return Phrase(
            "{target} in the year: {quarters} by quarter, as in the {years} years before.",
            target=whole(self.target),
            quarters=tuple(whole(quarter) for quarter in self.quarters),
            years=ordinary(self.years),
        )

    def table(self) -> Table:
        running = np.cumsum(self.quarters).tolist()
        return Table(
            ("quarter", "share", "target", "to date"),
            tuple((q + 1, self.shares[q], self.quarters[q], running[q]) for q in range(QUARTERS)),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "target": self.target,
            "shares": [rounded(share) for share in self.shares],
            "quarters": list(self.quarters),
            "years": self.years,
            **self.provenance(),
        }


def quarterly_profile(years: Sequence[Sequence[int]], *, target: int, batches: tuple[str, ...] = ()) -> Profile:
    """``target`` for the year spread over quarters as past ``years`` (each four counts, oldest first) were.

    Raises CannotCompute without a full year, or with nothing in any.
    """
    past = _years(years)
    if target < 0:
        raise CannotCompute("A target cannot be below nought.")
    shares = _shares(past)
    doubts = []
    if len(past) < 3:
        sentence = Phrase("The season rests on {years} years.", years=ordinary(len(past)))
        doubts.append(Doubt(DoubtKind.SHORT_HISTORY, sentence))
    return Profile(
        n=int(past.sum()),
        method="each quarter's share of all past years, whole numbers by largest remainder",
        doubts=tuple(doubts),
        batches=batches,
        target=target,
        shares=tuple(float(share) for share in shares),
        quarters=_whole_shares(target, shares),
        years=len(past),
    )


def _whole_shares(total: int, shares: NDArray[np.float64]) -> tuple[int, ...]:
    exact = total * shares
    floors = np.floor(exact).astype(int)
    for quarter in np.argsort(floors - exact, kind="stable")[: total - int(floors.sum())]:
        floors[quarter] += 1
    return tuple(int(value) for value in floors)


# Where the year will end


@dataclass(frozen=True, kw_only=True)
class YearEnd(Result):
    """Where the year will end. ``n``: events so far this year and in the last full one."""

    so_far: int
    quarters_in: int
    expected: float
    interval: Interval
    dispersion: float
    drift: float  # sd of the log level from one year to the next, beyond chance
    _rest_mean: float
    _rest_variance: float
    _level_variance: float  # the part of it that is doubt about the level
    _next_mean: float  # of the quarter to come
    _next_seen: float  # in that quarter of all past years together

    def probability_at_most(self, total: float) -> float:
        """That the year ends at ``total`` or fewer."""
        return count_cdf(math.floor(total) - self.so_far, self._rest_mean, self._rest_variance)

    def next_quarter(self) -> tuple[int, int]:
        """Between what the quarter to come lies in 95 of 100 cases. Raises CannotCompute when none is left."""
        if self.quarters_in >= QUARTERS:
            raise CannotCompute("The year is over: no quarter of it is to come.")
        mean = self._next_mean
        share = mean / self._rest_mean if self._rest_mean else 0.0
        season = self.dispersion * mean**2 / max(self._next_seen, 0.5)  # its share of the year is known from few
        return prediction_limits(mean, self.dispersion * mean + self._level_variance * share**2 + season)

    def probability_of(self, target: float, polarity: Polarity) -> tuple[float, Interval]:
        """Of meeting ``target``, and between what it lies if the level is at either 95 % limit."""
        value = self._meeting(target, polarity, self._rest_mean, self._rest_variance)
        spread = Z * math.sqrt(self._level_variance)
        chance_only = max(self._rest_variance - self._level_variance, self._rest_mean)
        ends = sorted(
            self._meeting(target, polarity, max(self._rest_mean + side, 1e-9), chance_only)
            for side in (-spread, spread)
        )
        return value, Interval(min(ends[0], value), max(ends[1], value), 0.95, "level at its limits")

    def _meeting(self, target: float, polarity: Polarity, mean: float, variance: float) -> float:
        if polarity is Polarity.MORE_IS_GOOD:
            return 1 - count_cdf(math.ceil(target) - 1 - self.so_far, mean, variance)
        return count_cdf(math.floor(target) - self.so_far, mean, variance)

    def sentence(self) -> Phrase:
        return Phrase(
            "{so_far} in {quarters} quarters; the year is expected to end at {expected} ({low} to {high}).",
            so_far=whole(self.so_far),
            quarters=ordinary(self.quarters_in),
            expected=whole(self.expected),
            low=whole(self.interval.lower or 0.0),
            high=whole(self.interval.upper),
        )

    def table(self) -> Table:
        return Table(
            ("so far", "quarters", "expected year end", "lower", "upper"),
            ((self.so_far, self.quarters_in, self.expected, self.interval.lower, self.interval.upper),),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "so_far": self.so_far,
            "quarters_in": self.quarters_in,
            "expected": rounded(self.expected),
            "interval": self.interval.as_dict(),
            "dispersion": rounded(self.dispersion),
            "drift": rounded(self.drift),
            **self.provenance(),
        }


def year_end(years: Sequence[Sequence[int]], so_far: Sequence[int], *, batches: tuple[str, ...] = ()) -> YearEnd:
    """Where the year that began with ``so_far`` (0 to 4 quarters) will end, after past ``years`` of four quarters.

    Raises CannotCompute without a full year before.
    """
    past, present = _years(years), _quarters_so_far(so_far)
    shares = _shares(past)
    recent_counts = np.concatenate((past[-1], present))[-QUARTERS:]
    recent_shares = np.concatenate((shares, shares[: len(present)]))[-QUARTERS:]
    level = max(float(recent_counts.sum()), 0.5) / float(recent_shares.sum())
    left = QUARTERS - len(present)
    mean = level * float(shares[len(present) :].sum()) if left else 0.0
    dispersion = _dispersion(past, shares)
    drift = _drift(past, dispersion)
    ahead = 0.5 + left / 8  # years from the middle of the level's quarters to the middle of those to come
    level_variance = mean**2 * (dispersion / max(float(recent_counts.sum()), 0.5) + drift**2 * ahead)
    variance = dispersion * mean + level_variance
    done = int(present.sum())
    return YearEnd(
        n=done + int(past[-1].sum()),
        method="level of the last four quarters, season of all, negative binomial prediction",
        doubts=tuple(_prediction_doubts(past)),
        batches=batches,
        so_far=done,
        quarters_in=len(present),
        expected=done + mean,
        interval=Interval(
            done + _quantile(0.025, mean, variance), done + _quantile(0.975, mean, variance), 0.95, "prediction"
        ),
        dispersion=dispersion,
        drift=drift,
        _rest_mean=mean,
        _rest_variance=variance,
        _level_variance=level_variance,
        _next_mean=level * float(shares[len(present)]) if left else 0.0,
        _next_seen=float(past.sum(0)[len(present)]) if left else 0.0,
    )


def count_cdf(count: float, mean: float, variance: float) -> float:
    """Probability of ``count`` or fewer: Poisson, or negative binomial where the variance exceeds the mean."""
    if count < 0:
        return 0.0
    if mean <= 0:
        return 1.0
    if variance <= mean * (1 + 1e-9):
        return float(pdtr(math.floor(count), mean))
    size = mean * mean / (variance - mean)
    return float(betainc(size, math.floor(count) + 1.0, size / (size + mean)))


def prediction_limits(mean: float, variance: float) -> tuple[int, int]:
    """The counts between which one of this mean and variance lies in 95 of 100 cases."""
    return _quantile(0.025, mean, variance), _quantile(0.975, mean, variance)


def _quantile(probability: float, mean: float, variance: float) -> int:
    """Least count whose cumulative probability reaches ``probability``."""
    low, high = -1, max(8, int(mean + 20 * math.sqrt(variance) + 20))
    while count_cdf(high, mean, variance) < probability:
        high *= 2
    while high - low > 1:
        middle = (low + high) // 2
        if count_cdf(middle, mean, variance) >= probability:
            high = middle
        else:
            low = middle
    return high


# The word


@dataclass(frozen=True, kw_only=True)
class TargetStatus(Result):
    """A status word with its reason. ``probability``: of meeting the target at the year's end, None without one."""

    status: Status
    reason: Phrase
    polarity: Polarity
    target: float | None
    baseline: int  # last full year
    year_end: YearEnd
    direction: Verdict  # this year so far against the same quarters of the last
    probability: float | None
    probability_interval: Interval | None

    def sentence(self) -> Phrase:
        return Phrase("{status}: {reason}", status=Phrase(self.status.value.capitalize()), reason=self.reason)

    def table(self) -> Table:
        return Table(
            ("status", "target", "so far", "expected year end", "probability", "direction"),
            (
                (
                    self.status.value, self.target, self.year_end.so_far, self.year_end.expected,
                    self.probability, self.direction.value,
                ),
            ),
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        return {
            "status": self.status.value,
            "reason": str(self.reason),
            "polarity": self.polarity.value,
            "target": self.target,
            "baseline": self.baseline,
            "year_end": self.year_end.as_dict(),
            "direction": self.direction.value,
            "probability": rounded(self.probability),
            "probability_interval": None if self.probability_interval is None else self.probability_interval.as_dict(),
            **self.provenance(),
        }


def target_status(
    years: Sequence[Sequence[int]],
    so_far: Sequence[int],
    *,
    target: float | None,
    polarity: Polarity,
    batches: tuple[str, ...] = (),
) -> TargetStatus:
    """The status word of a yearly count. ``years``: past years of four quarters; ``so_far``: this year's quarters.

    A finished year is met or missed. Before that: *missed* or *met* only when nothing can change it, *too few to say*
    under twenty a year, *on course* and *at risk* by the probability, and *no clear change* between them when this year
    so far is not clearly other than the last.
    """
    ahead = year_end(years, so_far, batches=batches)
    past = _years(years)
    baseline = int(past[-1].sum())
    direction = direction_of(int(past[-1][: len(so_far)].sum()), ahead.so_far, ahead.dispersion)
    probability, between = None, None
    if target is not None:
        if target < 0:
            raise CannotCompute("A target cannot be below nought.")
        if polarity is not Polarity.CONTEXT_ONLY:
            probability, between = ahead.probability_of(target, polarity)
    status, reason = _judged(ahead, target, polarity, baseline, direction, probability)
    return TargetStatus(
        n=ahead.n,
        method=f"{ahead.method}; on course from {SURE:.0%} probability, at risk up to {UNLIKELY:.0%}",
        doubts=ahead.doubts,
        batches=batches,
        status=status,
        reason=reason,
        polarity=polarity,
        target=target,
        baseline=baseline,
        year_end=ahead,
        direction=direction,
        probability=probability,
        probability_interval=between,
    )


def _judged(
    ahead: YearEnd,
    target: float | None,
    polarity: Polarity,
    baseline: int,
    direction: Verdict,
    probability: float | None,
) -> tuple[Status, Phrase]:
    if polarity is Polarity.CONTEXT_ONLY:
        return Status.NO_TARGET, Phrase("this is shown for context; neither more nor fewer is better.")
    if target is None or probability is None:
        return Status.NO_TARGET, Phrase(
            "{so_far} so far, {direction}.", so_far=whole(ahead.so_far), direction=Phrase(direction.value)
        )
    more = polarity is Polarity.MORE_IS_GOOD
    reached = ahead.so_far >= target if more else ahead.so_far <= target
    if ahead.quarters_in == QUARTERS:
        return (Status.MET if reached else Status.MISSED), _final_reason(ahead.so_far, target)
    if more and reached:
        return Status.MET, _final_reason(ahead.so_far, target)
    if not more and not reached:
        return Status.MISSED, _final_reason(ahead.so_far, target)
    if max(baseline, ahead.expected) < TOO_FEW:
        return Status.TOO_FEW, Phrase("under {few} a year, a status would follow single cases.", few=whole(TOO_FEW))
    odds = Phrase(
        "the target of {target} is met with a probability of {probability} %; the year is expected to end at "
        "{expected} ({low} to {high}).",
        target=_plain(target),
        probability=_percent(probability),
        expected=whole(ahead.expected),
        low=whole(ahead.interval.lower or 0.0),
        high=whole(ahead.interval.upper),
    )
    if probability >= SURE:
        return Status.ON_COURSE, odds
    if probability <= UNLIKELY:
        return Status.AT_RISK, odds
    if direction is Verdict.NOT_CLEAR:
        return Status.NO_CLEAR_CHANGE, odds
    return (Status.ON_COURSE if probability >= 0.5 else Status.AT_RISK), odds


def _final_reason(count: int, target: float) -> Phrase:
    limits = exact_limits(count)
    if (limits.lower or 0.0) <= target <= limits.upper and count != target:
        return Phrase(
            "{count} against a target of {target}, a difference that chance alone often makes.",
            count=whole(count),
            target=_plain(target),
        )
    return Phrase("{count} against a target of {target}.", count=whole(count), target=_plain(target))


def direction_of(before: int, now: int, dispersion: float) -> Verdict:
    """This year's quarters against the same of last year, clear by the exact interval and by one with dispersion."""
    if before + now == 0:
        return Verdict.NOT_CLEAR
    verdict = rate_ratio(now, 1, before, 1).verdict
    if before and now and abs(math.log(now / before)) < Z * math.sqrt(dispersion * (1 / now + 1 / before)):
        return Verdict.NOT_CLEAR
    return verdict


# Parts


def _years(years: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """(years, 4) counts of past years."""
    if not years:
        raise CannotCompute("A profile and a prediction need at least one full year of quarters before.")
    if any(len(year) != QUARTERS or any(count is None for count in year) for year in years):
        raise CannotCompute("Every past year needs all four of its quarters; a missing quarter is not nought.")
    past = np.array(years, np.float64)
    _check_counts(past)
    return past


def _quarters_so_far(so_far: Sequence[int]) -> NDArray[np.float64]:
    if len(so_far) > QUARTERS:
        raise CannotCompute("A year has four quarters.")
    present = np.array(so_far, np.float64)
    _check_counts(present)
    return present


def _check_counts(counts: NDArray[np.float64]) -> None:
    if not np.isfinite(counts).all() or np.any(counts < 0) or np.any(counts != np.floor(counts)):
        raise CannotCompute("Quarterly counts are whole numbers from nought up.")


def _shares(past: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each quarter's share of the year over all past years; half a case is added so that no quarter is impossible."""
    if past.sum() == 0:
        raise CannotCompute("There was nothing in any past year, so there is no season to go by.")
    summed = past.sum(0) + (0.5 if (past.sum(0) == 0).any() else 0.0)
    return np.asarray(summed / summed.sum(), np.float64)


def _dispersion(past: NDArray[np.float64], shares: NDArray[np.float64]) -> float:
    """Pearson's, of quarters about their own year's total and the season; never below one."""
    freedom = (len(past) - 1) * (QUARTERS - 1)
    if freedom < 1:
        return 1.0
    expected = past.sum(1, keepdims=True) * shares
    known = expected > 0
    squares = np.divide((past - expected) ** 2, expected, out=np.zeros_like(expected), where=known)
    return max(1.0, float(squares.sum()) / freedom)


def _drift(past: NDArray[np.float64], dispersion: float) -> float:
    """Standard deviation of the change of the log level from year to year, beyond what chance gives."""
    totals = past.sum(1)
    if len(totals) < DRIFT_FROM or np.any(totals == 0):
        return 0.0
    steps = np.diff(np.log(totals))
    chance = dispersion * (1 / totals[1:] + 1 / totals[:-1])
    return math.sqrt(max(0.0, float(np.mean(steps**2 - chance))))


def _prediction_doubts(past: NDArray[np.float64]) -> list[Doubt]:
    found = [
        Doubt(
            DoubtKind.ASSUMED_TO_LAST,
            Phrase("The prediction takes the level of the last four quarters to go on."),
        )
    ]
    if len(past) < DRIFT_FROM:
        sentence = (
            Phrase("One year of history does not show how far levels drift: the true range is wider.")
            if len(past) == 1
            else Phrase(
                "{years} years of history do not show how far levels drift: the true range is wider.",
                years=ordinary(len(past)).capitalize(),
            )
        )
        found.append(Doubt(DoubtKind.SHORT_HISTORY, sentence))
    return found


def _percent(probability: float) -> str:
    if 0 < probability < 0.01:
        return "under 1"
    return "over 99" if 0.99 < probability < 1 else whole(100 * probability)


def _plain(value: float) -> str:
    return whole(value) if float(value).is_integer() else decimal(value)
