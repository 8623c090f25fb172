"""Counts, rates, proportions and ratios of two rates, each with its interval.

Methods as the UK Health Security Agency uses them for Fingertips (PHEindicatormethods): Byar's approximation for counts
of ten and more, exact Poisson limits below ten, Wilson's score interval for proportions.
Sources: Breslow N, Day N (1987) Statistical Methods in Cancer Research II, pages 69 and 72; Wilson E (1927) JASA
22:209-212;
Ratio of two Poisson rates: conditional exact limits, Przyborowski J, Wilenski H (1940) Biometrika 31:313-323.
Difference of two rates: limits recovered from those of each rate (MOVER), Zou G, Donner A (2008) Stat Med 27:1693-1702.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scipy.special import betaincinv, gammaincinv, ndtri

from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.areas import DenominatorEdition, DenominatorUnit
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

EXACT_BELOW = 10  # counts under this get exact limits, as UKHSA does
SMALL_COUNT = 20  # a rate on fewer than this is flagged


def byar_limits(count: float, confidence: float = 0.95) -> Interval:
    """Byar's limits of a Poisson count. A lower limit that falls below nought is reported as missing, never as 0."""
    _check_confidence(confidence)
    if count < 0:
        raise CannotCompute("A count cannot be below nought.")
    z = float(ndtri(0.5 + confidence / 2))
    above = count + 1
    upper = above * (1 - 1 / (9 * above) + z / (3 * math.sqrt(above))) ** 3
    if count == 0:
        return Interval(0.0, upper, confidence, "Byar")
    lower = count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3
    return Interval(lower if lower >= 0 else None, upper, confidence, "Byar")


def exact_limits(count: float, confidence: float = 0.95) -> Interval:
    """Exact (Garwood) limits of a Poisson count, from the chi-square (gamma) distribution."""
    _check_confidence(confidence)
    if count < 0:
        raise CannotCompute("A count cannot be below nought.")
    tail = (1 - confidence) / 2
    lower = float(gammaincinv(count, tail)) if count > 0 else 0.0
    return Interval(lower, float(gammaincinv(count + 1, 1 - tail)), confidence, "exact Poisson")


def count_limits(count: float, confidence: float = 0.95) -> Interval:
    """Exact limits under ten, Byar's from ten."""
    return exact_limits(count, confidence) if count < EXACT_BELOW else byar_limits(count, confidence)


def wilson_limits(successes: float, trials: float, confidence: float = 0.95) -> Interval:
    """Wilson's score interval for the proportion ``successes / trials``."""
    _check_confidence(confidence)
    if trials <= 0:
        raise CannotCompute("A proportion needs at least one trial.")
    if not 0 <= successes <= trials:
        raise CannotCompute(
            "A proportion cannot have more in its numerator than in its denominator, or fewer than none."
        )
    z = float(ndtri(0.5 + confidence / 2))
    p = successes / trials
    spread = z * math.sqrt(z * z + 4 * successes * (1 - p))
    low = (2 * successes + z * z - spread) / (2 * (trials + z * z))
    high = (2 * successes + z * z + spread) / (2 * (trials + z * z))
    # Exactly 0 and 1 at the ends, where rounding would leave a hair.
    return Interval(
        max(low, 0.0) if successes else 0.0, min(high, 1.0) if successes < trials else 1.0, confidence, "Wilson"
    )


class RateLimits(StrEnum):
    """How the interval of a rate is made."""

    EXACT_THEN_BYAR = "exact then byar"
    BYAR = "byar"
    EXACT = "exact"
    WILSON = "wilson"


def _limits_by(rule: RateLimits, count: int, exposure: float, confidence: float) -> Interval:
    """Limits on the scale of the count."""
    if rule is RateLimits.WILSON:
        part = wilson_limits(count, exposure, confidence)
        lower = None if part.lower is None else part.lower * exposure
        return Interval(lower, part.upper * exposure, confidence, part.method)
    rules = {RateLimits.BYAR: byar_limits, RateLimits.EXACT: exact_limits, RateLimits.EXACT_THEN_BYAR: count_limits}
    return rules[rule](count, confidence)


@dataclass(frozen=True, kw_only=True)
class Rate(Result):
    """``count`` per ``per`` of ``exposure`` (households, residents, …), with its interval."""

    count: int
    exposure: float
    per: float
    value: float
    interval: Interval
    edition: DenominatorEdition | None = None

    def sentence(self) -> Phrase:
        unit = self.edition.unit.value if self.edition else "units"
        low = decimal(self.interval.lower) if self.interval.lower is not None else "not given"
        return Phrase(
            "{value} per {per} {unit} ({low} to {high})",
            value=decimal(self.value),
            per=whole(self.per),
            unit=Phrase(unit),
            low=low,
            high=decimal(self.interval.upper),
        )

    def table(self) -> Table:
        return Table(
            ("count", "exposure", "rate", "lower", "upper"),
            ((self.count, self.exposure, self.value, self.interval.lower, self.interval.upper),),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "count": self.count,
            "exposure": self.exposure,
            "per": self.per,
            "value": rounded(self.value),
            "interval": self.interval.as_dict(),
            "denominator": edition_as_dict(self.edition),
            **self.provenance(),
        }


def crude_rate(
    count: int | None,
    exposure: float | None,
    *,
    per: float = 1000,
    confidence: float = 0.95,
    limits_by: RateLimits = RateLimits.EXACT_THEN_BYAR,
    edition: DenominatorEdition | None = None,
    batches: tuple[str, ...] = (),
) -> Rate:
    """``count`` per ``per`` of ``exposure``. Raises CannotCompute without a count or a denominator above nought.

    Wilson's limits are for a part of a whole: people victimised of people asked, never crimes over homes.
    """
    if count is None:
        raise CannotCompute("There is no count for this area and period, and a missing count is not nought.")
    if exposure is None or exposure <= 0:
        raise CannotCompute("There is no denominator for this area, so no rate can be given.")
    limits = _limits_by(limits_by, count, exposure, confidence)
    scale = per / exposure
    interval = Interval(
        None if limits.lower is None else limits.lower * scale, limits.upper * scale, confidence, limits.method
    )
    doubts: tuple[Doubt, ...] = ()
    if count < SMALL_COUNT:
        doubts = (Doubt(DoubtKind.SMALL_NUMBERS, Phrase("This rate rests on {count}.", count=whole(count))),)
    return Rate(
        n=count,
        method=f"crude rate, {limits.method} interval",
        doubts=doubts,
        batches=batches,
        count=count,
        exposure=exposure,
        per=per,
        value=count * scale,
        interval=interval,
        edition=edition,
    )


class Verdict(StrEnum):
    """A difference in words; ``higher`` and ``lower`` only when chance alone is an unlikely reason."""

    HIGHER = "higher, beyond chance"
    LOWER = "lower, beyond chance"
    NOT_CLEAR = "no clear difference"


@dataclass(frozen=True, kw_only=True)
class RateRatio(Result):
    """The rate of one place or period over the rate of another, with its conditional exact interval."""

    count: int
    exposure: float
    other_count: int
    other_exposure: float
    value: float | None  # None when the other place has none: the ratio is then without bound
    interval: Interval

    @property
    def verdict(self) -> Verdict:
        return ratio_verdict(self.interval)

    def sentence(self) -> Phrase:
        if self.value is None:
            return Phrase("no ratio: the other side has none")
        return Phrase(
            "{value} times ({low} to {high}): {verdict}",
            value=decimal(self.value, 2),
            low=decimal(self.interval.lower or 0.0, 2),
            high=decimal(self.interval.upper, 2),
            verdict=Phrase(self.verdict.value),
        )

    def table(self) -> Table:
        return Table(
            ("count", "exposure", "other count", "other exposure", "ratio", "lower", "upper"),
            (
                (
                    self.count,
                    self.exposure,
                    self.other_count,
                    self.other_exposure,
                    self.value,
                    self.interval.lower,
                    self.interval.upper,
                ),
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        upper = None if math.isinf(self.interval.upper) else rounded(self.interval.upper)
        return {
            "value": rounded(self.value),
            "interval": {**self.interval.as_dict(), "upper": upper},
            "verdict": self.verdict.value,
            "counts": [self.count, self.other_count],
            "exposures": [self.exposure, self.other_exposure],
            **self.provenance(),
        }


def rate_ratio(
    count: int, exposure: float, other_count: int, other_exposure: float, *, confidence: float = 0.95
) -> RateRatio:
    """Ratio of two Poisson rates. Given the sum of both counts the first is binomial, whatever the common level.

    Raises CannotCompute when both counts are nought or an exposure is not above nought.
    """
    _check_confidence(confidence)
    if exposure <= 0 or other_exposure <= 0:
        raise CannotCompute("A ratio of two rates needs a denominator for both.")
    if count == 0 and other_count == 0:
        raise CannotCompute("Neither side has any: there is nothing to compare.")
    tail = (1 - confidence) / 2
    scale = other_exposure / exposure
    low = float(betaincinv(count, other_count + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, other_count, 1 - tail)) if other_count else 1.0
    interval = Interval(
        scale * low / (1 - low),
        scale * high / (1 - high) if high < 1 else math.inf,
        confidence,
        "conditional exact",
    )
    value = scale * count / other_count if other_count else None
    return RateRatio(
        n=count + other_count,
        method="ratio of two Poisson rates, conditional exact interval",
        count=count,
        exposure=exposure,
        other_count=other_count,
        other_exposure=other_exposure,
        value=value,
        interval=interval,
    )


@dataclass(frozen=True, kw_only=True)
class RateDifference(Result):
    """One rate less another, both per ``per`` of exposure; above nought when the first is the higher."""

    count: int
    exposure: float
    other_count: int
    other_exposure: float
    per: float
    value: float
    interval: Interval

    @property
    def verdict(self) -> Verdict:
        return difference_verdict(self.interval)

    def sentence(self) -> Phrase:
        return Phrase(
            "{value} per {per} ({low} to {high}): {verdict}",
            value=f"{self.value:+,.1f}",
            per=whole(self.per),
            low=f"{self.interval.lower:+,.1f}",
            high=f"{self.interval.upper:+,.1f}",
            verdict=Phrase(self.verdict.value),
        )

    def table(self) -> Table:
        columns = ("count", "exposure", "other count", "other exposure", "difference", "lower", "upper")
        sides = (self.count, self.exposure, self.other_count, self.other_exposure)
        return Table(columns, ((*sides, self.value, self.interval.lower, self.interval.upper),))

    def as_dict(self) -> dict[str, Any]:
        return {
            "value": rounded(self.value),
            "per": self.per,
            "interval": self.interval.as_dict(),
            "verdict": self.verdict.value,
            "counts": [self.count, self.other_count],
            "exposures": [self.exposure, self.other_exposure],
            **self.provenance(),
        }


def rate_difference(
    count: int,
    exposure: float,
    other_count: int,
    other_exposure: float,
    *,
    per: float = 1000,
    confidence: float = 0.95,
) -> RateDifference:
    """The first rate less the second, per ``per``; the interval is made of those of the two rates (MOVER).

    Raises CannotCompute for a negative count or an exposure not above nought.
    """
    if not (exposure > 0 and other_exposure > 0):
        raise CannotCompute("A difference of two rates needs a denominator for both.")
    mine, other = count_limits(count, confidence), count_limits(other_count, confidence)
    value = count / exposure - other_count / other_exposure
    # A rate cannot be below nought, whatever Byar's formula leaves open.
    down = math.hypot((count - (mine.lower or 0.0)) / exposure, (other.upper - other_count) / other_exposure)
    up = math.hypot((mine.upper - count) / exposure, (other_count - (other.lower or 0.0)) / other_exposure)
    return RateDifference(
        n=count + other_count,
        method="difference of two Poisson rates, limits recovered from each rate's own (MOVER)",
        count=count,
        exposure=exposure,
        other_count=other_count,
        other_exposure=other_exposure,
        per=per,
        value=per * value,
        interval=Interval(per * (value - down), per * (value + up), confidence, "MOVER"),
    )


def difference_verdict(interval: Interval) -> Verdict:
    """A difference in words: clear only when its whole interval lies on one side of nought."""
    if interval.lower is not None and interval.lower > 0:
        return Verdict.HIGHER
    return Verdict.LOWER if interval.upper < 0 else Verdict.NOT_CLEAR


def ratio_verdict(interval: Interval) -> Verdict:
    """In words: on which side of 1 the whole interval lies, if on any."""
    if interval.lower is not None and interval.lower > 1:
        return Verdict.HIGHER
    if interval.upper < 1:
        return Verdict.LOWER
    return Verdict.NOT_CLEAR


def indirect_ratio(observed: float, expected: float, *, confidence: float = 0.95) -> tuple[float, Interval]:
    """Observed over expected (indirect standardisation) with limits on the observed count."""
    if expected <= 0:
        raise CannotCompute("A standardised ratio needs an expected count above nought.")
    limits = count_limits(observed, confidence)
    lower = None if limits.lower is None else limits.lower / expected
    return observed / expected, Interval(lower, limits.upper / expected, confidence, limits.method)


def edition_as_dict(edition: DenominatorEdition | None) -> dict[str, Any] | None:
    if edition is None:
        return None
    unit: DenominatorUnit = edition.unit
    return {
        "edition": edition.key,
        "unit": unit.value,
        "label": edition.label,
        "small_area_vintage": edition.small_area_vintage,
    }


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise CannotCompute("A confidence level lies between 0 and 1, such as 0.95.")
