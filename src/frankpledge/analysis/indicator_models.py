"""What figures of each kind lead one to expect of the next quarter and of the year.

Counts (and rates over a population) follow `targets`: season, overdispersion, drift, negative binomial. Shares are
binomial with the dispersion their history shows (a beta distribution of the year's share). Other values scatter about
the mean of their last four quarters as they did before (Student's t). All in closed form: nothing is drawn at random.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from scipy.special import betainc, betaincinv, stdtr, stdtrit

from frankpledge.analysis.rates import Verdict
from frankpledge.analysis.targets import (
    QUARTERS,
    TOO_FEW,
    Polarity,
    YearEnd,
    Z,
    direction_of,
    prediction_limits,
    year_end,
)
from frankpledge.vocabulary.doubts import Doubt
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.figures import Aggregation, Calendar
from frankpledge.vocabulary.periods import MonthSpan
from frankpledge.vocabulary.units import SCALES, Unit
from frankpledge.vocabulary.wording import Phrase

FEWEST_ERRORS = 4  # quarters predicted before, from which the scatter of a value is known
SHARES = (Unit.PERCENT,)
RATES = (Unit.PER_1000_HOUSEHOLDS, Unit.PER_1000_RESIDENTS, Unit.PER_10000_RESIDENTS)


@dataclass(frozen=True, slots=True)
class Reading:
    """One period's figure. ``count`` over ``base`` where it is a rate or share; ``count`` is the value of a count."""

    span: MonthSpan
    value: float
    count: float | None = None
    base: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """What this year is to come to: ``value`` in the indicator's unit, at most or at least."""

    value: float
    at_most: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """An indicator's figures, oldest first, and what they mean."""

    name: str
    unit: Unit
    polarity: Polarity
    aggregation: Aggregation
    readings: tuple[Reading, ...]
    calendar: Calendar = Calendar.FINANCIAL


@dataclass(frozen=True, slots=True)
class YearAhead:
    """What the year comes to, in the indicator's unit; ``chance`` of meeting its aim with its interval."""

    so_far: float | None
    expected: float
    lower: float
    upper: float
    chance: float | None = None
    chance_low: float | None = None
    chance_high: float | None = None


# --- models: what each kind of figure leads one to expect

Chances = tuple[float | None, float | None, float | None]  # of meeting the aim, and between which it lies


class Model(Protocol):
    @property
    def method(self) -> str: ...

    def band(self, at: int) -> tuple[float, float] | None:
        """What was to be expected in a quarter, from the quarters before it."""

    def ahead(self, aim: Aim | None, year: int) -> YearAhead:
        """What the year comes to. Raises CannotCompute where history is too short."""

    def direction(self, at: int) -> Verdict: ...

    def n(self, at: int | None) -> int: ...

    def few(self, year: int) -> bool:
        """Whether a status would follow single cases."""

    def doubts(self) -> tuple[Doubt, ...]: ...

    def finished(self, year: int) -> float | None:
        """What the year came to, where all of it is known."""

    def settled(self, aim: Aim, year: int) -> bool | None:
        """Whether the aim is met or missed already, whatever comes; None while it is open."""


def model_of(series: Series, readings: Mapping[int, Reading]) -> Model:
    known = readings.values()
    if series.unit in SHARES and known and all(r.count is not None and r.base for r in known):
        return (
            RollingShares(series, readings) if _rolling(readings) and _overlap(readings) else Shares(series, readings)
        )
    over_people = series.unit in RATES and all(r.count is not None and r.base for r in known)
    if known and (series.unit is Unit.COUNT or over_people):
        return RollingCounts(series, readings) if _rolling(readings) else Counts(series, readings)
    return Values(series, readings)


def _rolling(readings: Mapping[int, Reading]) -> bool:
    return all(len(reading.span) == 12 for reading in readings.values())


def _overlap(readings: Mapping[int, Reading]) -> bool:
    """Years that end with each quarter share three of their four; years a year apart share nothing."""
    return any(at + 1 in readings for at in readings)


@dataclass(frozen=True)
class Fitted:
    """An indicator's readings, and what every model says of them unless it knows better."""

    series: Series
    readings: Mapping[int, Reading]

    def quarters_left(self, year: int) -> int:
        """Quarters of the year that come after the newest reading."""
        return max(year * QUARTERS + QUARTERS - 1 - max(self.readings), 0)

    def doubts(self) -> tuple[Doubt, ...]:
        return ()

    def settled(self, aim: Aim, year: int) -> bool | None:
        return None


@dataclass(frozen=True)
class Counts(Fitted):
    """Quarterly counts, and rates over a population by their counts."""

    method: str = "season and level of the quarters before, negative binomial prediction"

    @cached_property
    def counts(self) -> dict[int, int]:
        return {at: round(_count(reading)) for at, reading in self.readings.items()}

    def unit_of(self, count: float, at: int | None = None) -> float:
        """A count in the indicator's own unit, over the base of that quarter or the newest."""
        scale = SCALES.get(self.series.unit)
        base = self.readings[max(self.readings) if at is None else at].base
        return count if scale is None or not base else scale * count / base

    def years_before(self, year: int) -> list[list[int]]:
        """Full years before ``year``, without a gap, oldest first."""
        found: list[list[int]] = []
        while all((at := (year - 1 - len(found)) * QUARTERS + q) in self.counts for q in range(QUARTERS)):
            found.append([self.counts[at - QUARTERS + 1 + q] for q in range(QUARTERS)])
        return found[::-1]

    def so_far(self, year: int) -> list[int]:
        found: list[int] = []
        while len(found) < QUARTERS and year * QUARTERS + len(found) in self.counts:
            found.append(self.counts[year * QUARTERS + len(found)])
        return found

    def band(self, at: int) -> tuple[float, float] | None:
        year, quarter = divmod(at, QUARTERS)
        past = self.years_before(year)
        if not past or any(at - back not in self.counts for back in range(1, quarter + 1)) or not sum(map(sum, past)):
            return None
        low, high = year_end(past, self.so_far(year)[:quarter]).next_quarter()
        base = at if at in self.readings else None
        return self.unit_of(low, base), self.unit_of(high, base)

    def ahead(self, aim: Aim | None, year: int) -> YearAhead:
        found = self._year_end(year)
        low, high = self.unit_of(found.interval.lower or 0.0), self.unit_of(found.interval.upper)
        chance, between = None, None
        if aim is not None:
            sense = Polarity.LESS_IS_GOOD if aim.at_most else Polarity.MORE_IS_GOOD
            chance, between = found.probability_of(self.in_counts(aim.value), sense)
        ends = (None, None) if between is None else (between.lower, between.upper)
        return YearAhead(self.unit_of(found.so_far), self.unit_of(found.expected), low, high, chance, *ends)

    def _year_end(self, year: int) -> YearEnd:
        past = self.years_before(year)
        if not past:
            raise CannotCompute(Phrase("The year before has no full four quarters, so no season is known."))
        return year_end(past, self.so_far(year))

    def in_counts(self, value: float) -> float:
        """A value of the indicator's unit as a count."""
        scale, base = SCALES.get(self.series.unit), self.readings[max(self.readings)].base
        return value if scale is None or not base else value * base / scale

    def direction(self, at: int) -> Verdict:
        years = self.years_before(at // QUARTERS)
        dispersion = 1.0
        if years and sum(map(sum, years)):
            dispersion = year_end(years, ()).dispersion
        return direction_of(self.counts[at - QUARTERS], self.counts[at], dispersion)

    def n(self, at: int | None) -> int:
        return 0 if at is None else self.counts[at] + self.counts.get(at - QUARTERS, 0)

    def few(self, year: int) -> bool:
        newest = sorted(self.counts)[-QUARTERS:]
        return sum(self.counts[at] for at in newest) * QUARTERS < TOO_FEW * max(len(newest), 1)

    def doubts(self) -> tuple[Doubt, ...]:
        year = max(self.readings) // QUARTERS
        past = self.years_before(year)
        return year_end(past, ()).doubts if past and sum(map(sum, past)) else ()

    def finished(self, year: int) -> float | None:
        done = self.so_far(year)
        return self.unit_of(sum(done)) if len(done) == QUARTERS else None

    def settled(self, aim: Aim, year: int) -> bool | None:
        over = sum(self.so_far(year)) > self.in_counts(aim.value)
        reached = sum(self.so_far(year)) >= self.in_counts(aim.value)
        return (False if over else None) if aim.at_most else (True if reached else None)

    def needed(self, aim: Aim, year: int) -> tuple[int, int, int | None]:
        """How many more the aim allows or asks for, in how many months, and what the same months of last year saw."""
        done = self.so_far(year)
        left = self.in_counts(aim.value) - sum(done)
        same = [self.counts.get((year - 1) * QUARTERS + q) for q in range(len(done), QUARTERS)]
        before = None if None in same else sum(filter(None, same))
        return (math.floor(left) if aim.at_most else math.ceil(left)), 3 * (QUARTERS - len(done)), before


@dataclass(frozen=True)
class RollingCounts(Counts):
    """Counts of years that end with each quarter: quarters overlap, so only their steps are new."""

    method: str = "level of the newest year, steps from quarter to quarter as before, negative binomial prediction"

    def dispersion(self) -> float:
        steps = [
            2 * (self.counts[at] - self.counts[at - 1]) ** 2 / max(self.counts[at - 1], 1)
            for at in self.counts
            if at - 1 in self.counts
        ]
        return max(1.0, sum(steps) / len(steps)) if steps else 1.0

    def spread(self, count: float, quarters: int) -> float:
        """Variance of the year's count some quarters on: as many quarters leave as come, and the level is a guess."""
        share = quarters / QUARTERS
        return self.dispersion() * count * (2 * share + share * share)

    def band(self, at: int) -> tuple[float, float] | None:
        before = self.counts.get(at - 1)
        if before is None or at - QUARTERS not in self.counts:
            return None
        low, high = prediction_limits(max(before, 0.5), self.spread(max(before, 0.5), 1))
        return self.unit_of(low), self.unit_of(high)

    def ahead(self, aim: Aim | None, year: int) -> YearAhead:
        newest = max(self.counts)
        if newest - QUARTERS not in self.counts:
            raise CannotCompute(Phrase("Fewer than five years’ ends are known, so their usual steps are not."))
        left = self.quarters_left(year)
        mean = max(float(self.counts[newest]), 0.5)
        variance = max(self.spread(mean, left), 1e-9)
        low, high = prediction_limits(mean, max(variance, mean)) if left else (self.counts[newest],) * 2
        chances: Chances = (None, None, None)
        if aim is not None:
            limit = self.in_counts(aim.value)
            side = Z * math.sqrt(self.dispersion() * mean) * left / QUARTERS
            chances = _between(
                self._meets(limit, mean, variance, aim.at_most),
                [self._meets(limit, max(mean + s, 0.5), variance, aim.at_most) for s in (-side, side)],
            )
        return YearAhead(None, self.unit_of(mean), self.unit_of(low), self.unit_of(high), *chances)

    def _meets(self, limit: float, mean: float, variance: float, at_most: bool) -> float:
        """By the normal curve with half a case for whole numbers: the variance may lie under the mean here."""
        edge = math.floor(limit) + 0.5 if at_most else math.ceil(limit) - 0.5
        below = 0.5 * math.erfc((mean - edge) / math.sqrt(2 * variance))
        return below if at_most else 1 - below

    def direction(self, at: int) -> Verdict:
        return direction_of(self.counts[at - QUARTERS], self.counts[at], self.dispersion())

    def few(self, year: int) -> bool:
        return self.counts[max(self.counts)] < TOO_FEW

    def doubts(self) -> tuple[Doubt, ...]:
        return ()

    def finished(self, year: int) -> float | None:
        at = year * QUARTERS + QUARTERS - 1
        return self.unit_of(self.counts[at], at) if at in self.counts else None

    def settled(self, aim: Aim, year: int) -> bool | None:
        return None


@dataclass(frozen=True)
class Shares(Fitted):
    """Shares of so many of so many."""

    method: str = "level of the last four quarters, binomial with the dispersion and drift of its history"

    @cached_property
    def parts(self) -> dict[int, tuple[float, float]]:
        return {at: (_count(reading), _base(reading)) for at, reading in sorted(self.readings.items())}

    def level(self, at: int) -> tuple[float, float] | None:
        """Share and base of the four readings before a quarter; half a case either way, so that it is never 0 or 1."""
        before = [part for when, part in self.parts.items() if when < at][-QUARTERS:]
        if not before:
            return None
        count, base = (sum(values) for values in zip(*before, strict=True))
        return (count + 0.5) / (base + 1), base + 1

    @cached_property
    def dispersion(self) -> float:
        """Pearson's, of readings about the level before them; never below one."""
        squares = []
        for at, (count, base) in self.parts.items():
            level = self.level(at)
            if level is not None and at - QUARTERS >= min(self.parts):
                share, before = level
                squares.append((count / base - share) ** 2 / (share * (1 - share) * (1 / base + 1 / before)))
        return max(1.0, sum(squares) / len(squares)) if squares else 1.0

    def band(self, at: int) -> tuple[float, float] | None:
        level = self.level(at)
        if level is None or at - QUARTERS < min(self.parts):
            return None
        share, before = level
        base = self.parts[at][1] if at in self.parts else before / QUARTERS
        variance = self.dispersion * share * (1 - share) * (1 / base + 1 / before)
        return tuple(100 * edge for edge in _beta_limits(share, variance))  # type: ignore[return-value]

    def ahead(self, aim: Aim | None, year: int) -> YearAhead:
        newest = max(self.parts)
        level = self.level(newest + 1)
        assert level is not None
        share, before = level
        if newest - QUARTERS < min(self.parts):
            raise CannotCompute(Phrase("Less than a year of figures is known, so their usual scatter is not."))
        done = [self.parts[at] for at in range(year * QUARTERS, year * QUARTERS + QUARTERS) if at in self.parts]
        left = self.quarters_left(year)
        to_come = left * before / min(len(self.parts), QUARTERS)
        count, base = (sum(p[i] for p in done) for i in (0, 1))
        whole_year = self.series.aggregation is not Aggregation.LATEST
        if not whole_year:  # the last reading of the year alone counts
            each = before / min(len(self.parts), QUARTERS)
            count, base, to_come = (0.0, 0.0, each) if left else (*self.parts[newest], 0.0)
        total = base + to_come
        mean = (count + share * to_come) / total
        chance_part = self.dispersion * share * (1 - share) * to_come / total**2
        level_part = self.dispersion * share * (1 - share) / before * (to_come / total) ** 2
        low, high = _beta_limits(mean, chance_part + level_part) if to_come else (mean, mean)
        chances: Chances = (None, None, None)
        if aim is not None:
            goal, side = aim.value / 100, Z * math.sqrt(level_part)
            chances = _between(
                _share_meets(goal, mean, chance_part + level_part, aim.at_most),
                [_share_meets(goal, _inside(mean + s), chance_part, aim.at_most) for s in (-side, side)],
            )
        so_far = 100 * count / base if base else None
        return YearAhead(so_far, 100 * mean, 100 * low, 100 * high, *chances)

    def direction(self, at: int) -> Verdict:
        (a, n), (b, m) = self.parts[at], self.parts[at - QUARTERS]
        pooled = (a + b + 1) / (n + m + 2)
        gap = a / n - b / m
        if abs(gap) < Z * math.sqrt(self.dispersion * pooled * (1 - pooled) * (1 / n + 1 / m)):
            return Verdict.NOT_CLEAR
        return Verdict.HIGHER if gap > 0 else Verdict.LOWER

    def n(self, at: int | None) -> int:
        return 0 if at is None else round(self.parts[at][1])

    def few(self, year: int) -> bool:
        newest = sorted(self.parts)[-QUARTERS:]
        return sum(self.parts[at][1] for at in newest) < TOO_FEW

    def finished(self, year: int) -> float | None:
        last = year * QUARTERS + QUARTERS - 1
        if last not in self.parts:
            return None
        if self.series.aggregation is Aggregation.LATEST:
            return self.readings[last].value
        done = [self.parts[at] for at in range(last - QUARTERS + 1, last + 1) if at in self.parts]
        if len(done) < QUARTERS and len(self.readings[last].span) < 12:
            return None  # a quarter without its figure is not nought
        return 100 * sum(p[0] for p in done) / sum(p[1] for p in done)


@dataclass(frozen=True)
class RollingShares(Shares):
    """Shares of years that end with each quarter: quarters overlap, so only their steps are new."""

    method: str = "level of the newest year, steps from quarter to quarter as before, binomial with their dispersion"

    def level(self, at: int) -> tuple[float, float] | None:
        before = [part for when, part in self.parts.items() if when < at][-1:]
        return ((before[0][0] + 0.5) / (before[0][1] + 1), before[0][1] + 1) if before else None

    @cached_property
    def dispersion(self) -> float:
        """Of the steps between neighbouring years: a quarter leaves and a quarter comes; never below one."""
        squares = []
        for at, (count, base) in self.parts.items():
            if at - 1 in self.parts:
                earlier, before = self.parts[at - 1]
                share = (count + earlier + 1) / (base + before + 2)
                squares.append(
                    4 * (count / base - earlier / before) ** 2 / (share * (1 - share) * (1 / base + 1 / before))
                )
        return max(1.0, sum(squares) / len(squares)) if squares else 1.0

    def spread(self, share: float, base: float, quarters: int) -> float:
        """Variance of the year's share some quarters on: as many quarters leave as come, and the level is a guess."""
        part = quarters / QUARTERS
        return self.dispersion * share * (1 - share) / base * (2 * part + part * part)

    def band(self, at: int) -> tuple[float, float] | None:
        level = self.level(at)
        if level is None or at - 1 not in self.parts or at - QUARTERS not in self.parts:
            return None
        low, high = _beta_limits(level[0], self.spread(*level, 1))
        return 100 * low, 100 * high

    def ahead(self, aim: Aim | None, year: int) -> YearAhead:
        newest = max(self.parts)
        level = self.level(newest + 1)
        if level is None or newest - QUARTERS not in self.parts:
            raise CannotCompute(Phrase("Fewer than five years’ ends are known, so their usual steps are not."))
        left = self.quarters_left(year)
        share, base = level
        variance = self.spread(share, base, left)
        low, high = _beta_limits(share, variance) if left else (share, share)
        chances: Chances = (None, None, None)
        if aim is not None:
            goal = aim.value / 100
            side = Z * math.sqrt(self.dispersion * share * (1 - share) / base) * left / QUARTERS
            chances = _between(
                _share_meets(goal, share, variance, aim.at_most),
                [_share_meets(goal, _inside(share + s), variance, aim.at_most) for s in (-side, side)],
            )
        return YearAhead(None, 100 * share, 100 * low, 100 * high, *chances)

    def few(self, year: int) -> bool:
        return self.parts[max(self.parts)][1] < TOO_FEW

    def finished(self, year: int) -> float | None:
        last = year * QUARTERS + QUARTERS - 1
        return self.readings[last].value if last in self.parts else None


@dataclass(frozen=True)
class Values(Fitted):
    """Days, hours, pounds, scores: values that scatter about the mean of the four before."""

    method: str = "mean of the last four quarters, scatter as before, Student’s t"

    @cached_property
    def values(self) -> dict[int, float]:
        return {at: reading.value for at, reading in sorted(self.readings.items())}

    def level(self, at: int) -> float | None:
        before = [value for when, value in self.values.items() if when < at][-QUARTERS:]
        return sum(before) / len(before) if before else None

    def scatter(self, before: int | None = None) -> tuple[float, int] | None:
        """Standard deviation of a quarter about its level, and from how many; None from too few."""
        errors = [
            value - level
            for at, value in self.values.items()
            if at - QUARTERS >= min(self.values) and (level := self.level(at)) is not None and at != before
        ]
        if len(errors) < FEWEST_ERRORS:
            return None
        return max(math.sqrt(sum(e * e for e in errors) / len(errors)), 1e-9), len(errors)

    def band(self, at: int) -> tuple[float, float] | None:
        level, scatter = self.level(at), self.scatter(at)
        if level is None or scatter is None or at - QUARTERS < min(self.values):
            return None
        reach = float(stdtrit(scatter[1], 0.975)) * scatter[0]
        return level - reach, level + reach

    def ahead(self, aim: Aim | None, year: int) -> YearAhead:
        scatter = self.scatter()
        if scatter is None:
            raise CannotCompute(Phrase("Fewer than eight quarters are known, so their usual scatter is not."))
        newest = max(self.values)
        level = self.level(newest + 1) or 0.0
        done = [self.values[at] for at in range(year * QUARTERS, year * QUARTERS + QUARTERS) if at in self.values]
        left = self.quarters_left(year)
        mean, noise, doubt = self._year(done, left, level, scatter[0])
        sd = max(math.hypot(noise, doubt), 1e-9)
        reach = float(stdtrit(scatter[1], 0.975)) * sd
        chances: Chances = (None, None, None)
        if aim is not None:
            chances = _between(
                _value_meets(aim, mean, sd, scatter[1]),
                [_value_meets(aim, mean + s, max(noise, 1e-9), scatter[1]) for s in (-Z * doubt, Z * doubt)],
            )
        return YearAhead(sum(done) if done else None, mean, mean - reach, mean + reach, *chances)

    def _year(self, done: Sequence[float], left: int, level: float, scatter: float) -> tuple[float, float, float]:
        """What the year comes to, the scatter of the quarters left about the level, and the doubt about the level.

        ``scatter`` is about a mean of four quarters, so that a fifth of its square is doubt about that mean, which all
        quarters to come share.
        """
        single = scatter * math.sqrt(QUARTERS / (QUARTERS + 1))
        doubt = single / math.sqrt(QUARTERS)
        if self.series.aggregation is Aggregation.SUM:
            return sum(done) + left * level, single * math.sqrt(left), doubt * left
        if self.series.aggregation is Aggregation.MEAN and len(done) + left:
            parts = len(done) + left
            return (sum(done) + left * level) / parts, single * math.sqrt(left) / parts, doubt * left / parts
        return (level, single, doubt) if left else (done[-1] if done else level, 0.0, 0.0)

    def direction(self, at: int) -> Verdict:
        scatter = self.scatter()
        gap = self.values[at] - self.values[at - QUARTERS]
        if scatter is None or abs(gap) < float(stdtrit(scatter[1], 0.975)) * scatter[0] * math.sqrt(2):
            return Verdict.NOT_CLEAR
        return Verdict.HIGHER if gap > 0 else Verdict.LOWER

    def n(self, at: int | None) -> int:
        return len(self.readings)

    def few(self, year: int) -> bool:
        return not self.readings

    def finished(self, year: int) -> float | None:
        done = [self.values.get(year * QUARTERS + q) for q in range(QUARTERS)]
        if done[-1] is None:
            return None
        if self.series.aggregation in (Aggregation.LATEST, Aggregation.ROLLING_YEAR):
            return done[-1]
        known = [value for value in done if value is not None]
        if len(known) < QUARTERS:
            return None
        return sum(known) if self.series.aggregation is Aggregation.SUM else sum(known) / QUARTERS


def _between(chance: float, ends: Sequence[float]) -> Chances:
    """A chance, and the least and the greatest it could be with the level at either end of what is doubtful."""
    return chance, min(*ends, chance), max(*ends, chance)


def _count(reading: Reading) -> float:
    return reading.value if reading.count is None else reading.count


def _base(reading: Reading) -> float:
    assert reading.base is not None
    return reading.base


def _inside(share: float) -> float:
    return min(max(share, 1e-6), 1 - 1e-6)


def _beta(mean: float, variance: float) -> tuple[float, float]:
    """The beta distribution of this mean and variance."""
    mean = _inside(mean)
    size = max(mean * (1 - mean) / max(variance, 1e-12) - 1, 0.1)
    return mean * size, (1 - mean) * size


def _beta_limits(mean: float, variance: float) -> tuple[float, float]:
    a, b = _beta(mean, variance)
    return float(betaincinv(a, b, 0.025)), float(betaincinv(a, b, 0.975))


def _share_meets(goal: float, mean: float, variance: float, at_most: bool) -> float:
    if variance <= 0:
        return float(mean <= goal) if at_most else float(mean >= goal)
    if not 0 < goal < 1:
        return float((goal >= 1) == at_most)
    below = float(betainc(*_beta(mean, variance), goal))
    return below if at_most else 1 - below


def _value_meets(aim: Aim, mean: float, sd: float, freedom: int) -> float:
    below = float(stdtr(freedom, (aim.value - mean) / sd))
    return below if aim.at_most else 1 - below
