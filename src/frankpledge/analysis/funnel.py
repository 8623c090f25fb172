"""Which areas differ from the average of the whole beyond chance, when many are looked at together.

Each area's count is tested against what it would be at the rate of the whole (Poisson, two-sided mid-p). Looking at
many areas finds false alarms, so the false discovery rate is held (Benjamini-Hochberg). Limits at 95 % and 99.8 % are
exact. Where every area differs a little for reasons of its own, limits can be widened by the spread between areas.
Sources: Spiegelhalter D (2005) Funnel plots for comparing institutional performance, Stat Med 24:1185-1202;
Spiegelhalter D et al (2012) Statistical methods for healthcare regulation, JRSS A 175:1-47 (winsorised spread);
Benjamini Y, Hochberg Y (1995) JRSS B 57:289-300; Lancaster H (1961) JASA 56:223-234 (mid-p).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, gammaln, ndtr, ndtri, pdtr, pdtrc

from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

FALSE_DISCOVERY_RATE = 0.05
FEWEST_AREAS = 3
TRIM = 0.1  # share of areas left out at each end when the spread between areas is measured
WINSORISED_NORMAL = 0.678695  # mean square of a standard normal whose outer tenths are drawn in to the tenth


class Standing(StrEnum):
    """Where an area stands against the whole."""

    ABOVE = "above, beyond chance"
    BELOW = "below, beyond chance"
    WITHIN = "within chance"


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One area: what was counted, what the whole's rate leads one to expect, and how surprising that is."""

    code: str
    observed: int
    expected: float
    p: float
    adjusted_p: float
    standing: Standing
    limits_95: tuple[float, float]  # of the count, for an area of this size
    limits_998: tuple[float, float]

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "observed": self.observed,
            "expected": rounded(self.expected),
            "p": rounded(self.p, 9),
            "adjusted_p": rounded(self.adjusted_p, 9),
            "standing": self.standing.value,
            "limits_95": [rounded(limit) for limit in self.limits_95],
            "limits_998": [rounded(limit) for limit in self.limits_998],
        }


@dataclass(frozen=True, kw_only=True)
class Funnel(Result):
    """All areas against their whole. ``dispersion`` is 1 when areas differ by chance alone. ``between_areas`` is the
    sd of the square root of the areas' own ratios, for which limits were widened; 0 when they were not.
    """

    points: tuple[FunnelPoint, ...]
    overall: float  # events per unit of exposure
    dispersion: float
    between_areas: float = 0.0

    def standing_out(self) -> tuple[FunnelPoint, ...]:
        """Areas above the whole beyond chance, highest rate ratio first."""
        above = [point for point in self.points if point.standing is Standing.ABOVE]
        return tuple(sorted(above, key=lambda point: (-point.observed / point.expected, point.code)))

    def sentence(self) -> Phrase:
        above = self.standing_out()
        below = sum(point.standing is Standing.BELOW for point in self.points)
        return Phrase(
            "Of {areas} areas {above} are above the average beyond chance and {below} below.",
            areas=whole(len(self.points)),
            above=whole(len(above)),
            below=whole(below),
        )

    def table(self) -> Table:
        return Table(
            ("code", "observed", "expected", "p", "adjusted p", "standing"),
            tuple((x.code, x.observed, x.expected, x.p, x.adjusted_p, x.standing.value) for x in self.points),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "overall": rounded(self.overall, 9),
            "dispersion": rounded(self.dispersion),
            "between_areas": rounded(self.between_areas),
            "false_discovery_rate": FALSE_DISCOVERY_RATE,
            "points": [point.as_dict() for point in self.points],
            **self.provenance(),
        }


def funnel(
    codes: Sequence[str],
    observed: Sequence[int],
    exposure: Sequence[float],
    *,
    widen: bool = False,
    batches: tuple[str, ...] = (),
) -> Funnel:
    """Test each area against the rate of all of them together. The order of the areas does not matter.

    ``widen`` allows for over-dispersion: only areas that differ more than areas here usually do are named.
    Raises CannotCompute for fewer than three areas, no events at all, a count below nought or an exposure not above it.
    """
    count = np.asarray(observed, dtype=float)
    size = np.asarray(exposure, dtype=float)
    if len(codes) < FEWEST_AREAS:
        raise CannotCompute("With fewer than three areas there is no spread to judge one against.")
    if not len(codes) == count.size == size.size:
        raise CannotCompute("Each area needs a code, a count and a denominator.")
    if not (count >= 0).all():
        raise CannotCompute("A count cannot be below nought.")
    if not (size > 0).all():
        raise CannotCompute("Every area needs a denominator above nought to be compared.")
    total = count.sum()
    if total == 0:
        raise CannotCompute("None was recorded in any area, so none can stand out.")
    overall = total / size.sum()
    expected = overall * size
    between = between_areas_sd(count, expected) if widen else 0.0
    p = widened_p(count, expected, between) if between else poisson_mid_p(count, expected)
    adjusted = benjamini_hochberg(p)
    points = tuple(
        _point(code, int(count[i]), float(expected[i]), float(p[i]), float(adjusted[i]), between)
        for i, code in enumerate(codes)
    )
    phi = dispersion(count, expected)
    test = "Poisson with the spread between areas allowed for" if between else "Poisson, two-sided mid-p"
    return Funnel(
        n=int(total),
        method=(
            f"{test}, against the rate of all areas together; false discovery rate held at 5 % (Benjamini-Hochberg)"
        ),
        doubts=() if between else _dispersion_doubts(phi, len(points)),
        batches=batches,
        points=tuple(sorted(points, key=lambda point: point.code)),
        overall=float(overall),
        dispersion=phi,
        between_areas=between,
    )


def _point(code: str, observed: int, expected: float, p: float, adjusted: float, between: float) -> FunnelPoint:
    standing = Standing.WITHIN
    if adjusted <= FALSE_DISCOVERY_RATE:
        standing = Standing.ABOVE if observed > expected else Standing.BELOW
    return FunnelPoint(
        code=code,
        observed=observed,
        expected=expected,
        p=p,
        adjusted_p=adjusted,
        standing=standing,
        limits_95=widened_range(expected, 0.95, between) if between else count_range(expected, 0.95),
        limits_998=widened_range(expected, 0.998, between) if between else count_range(expected, 0.998),
    )


def _dispersion_doubts(phi: float, areas: int) -> tuple[Doubt, ...]:
    chance = 1 + 1.96 * math.sqrt(2 / max(areas - 1, 1))
    if phi <= chance:
        return ()
    sentence = Phrase(
        "Areas differ {phi} times as much as chance alone would make them (over-dispersion). "
        "Limits are not widened for it: the difference is what the map is for.",
        phi=decimal(phi),
    )
    return (Doubt(DoubtKind.OVER_DISPERSION, sentence),)


def poisson_mid_p(observed: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two-sided mid-p values of counts against Poisson means: twice the smaller tail, with half of the count in it."""
    here = np.exp(observed * np.log(expected) - expected - gammaln(observed + 1))
    below = np.where(observed > 0, pdtr(np.maximum(observed - 1, 0), expected), 0.0)
    above = pdtrc(observed, expected)
    p = np.minimum(1.0, 2 * (np.minimum(below, above) + here / 2))
    return np.asarray(p, dtype=float)


def benjamini_hochberg(p: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Adjusted p values: reject where at most the rate you accept. Their order follows ``p``."""
    raw = np.asarray(p, dtype=float)
    if raw.size == 0:
        return raw
    order = np.argsort(raw, kind="stable")
    scaled = raw[order] * raw.size / np.arange(1, raw.size + 1)
    lowest = np.minimum.accumulate(scaled[::-1])[::-1]
    adjusted = np.empty_like(raw)
    adjusted[order] = np.minimum(lowest, 1.0)
    return adjusted


def count_range(expected: float, confidence: float) -> tuple[float, float]:
    """Limits a Poisson count of mean ``expected`` keeps to: the counts whose exact interval just reaches ``expected``.

    Continuous, so that a funnel can be drawn; nought is the lowest a count can be.
    """
    tail = (1 - confidence) / 2
    if math.exp(-expected) >= tail:
        low = 0.0
    else:
        low = _solve(lambda x: float(gammaincinv(x + 1, 1 - tail)) - expected, 0.0, expected)
    reach = expected + 10 * math.sqrt(expected) + 20
    high = _solve(lambda x: float(gammaincinv(x, tail)) - expected, 1e-9, reach)
    return low, high


def between_areas_sd(observed: NDArray[np.float64], expected: NDArray[np.float64]) -> float:
    """Sd between areas of √(true ratio), by DerSimonian and Laird's moments; 0 where chance explains the spread.

    z = 2(√O − √E) has its outer tenths drawn in, so that areas that stand out do not hide themselves; what that takes
    from chance alone is given back.
    """
    weight = 4 * expected  # of √(O/E), whose chance variance is 1/4E
    z = np.sqrt(weight) * (np.sqrt(observed / expected) - 1)
    low, high = np.quantile(z, [TRIM, 1 - TRIM])
    spread = float((np.clip(z, low, high) ** 2).sum()) / WINSORISED_NORMAL
    excess = spread - (z.size - 1)
    return math.sqrt(max(0.0, excess / float(weight.sum() - (weight**2).sum() / weight.sum())))


def widened_p(observed: NDArray[np.float64], expected: NDArray[np.float64], between: float) -> NDArray[np.float64]:
    """Two-sided p values of counts whose areas' true √ratios have sd ``between`` about 1 (normal approximation)."""
    z = (np.sqrt(observed / expected) - 1) / np.sqrt(1 / (4 * expected) + between**2)
    return np.asarray(2 * ndtr(-np.abs(z)), dtype=float)


def widened_range(expected: float, confidence: float, between: float) -> tuple[float, float]:
    """Limits of a count of mean ``expected`` when areas also differ by themselves, as in ``widened_p``."""
    reach = float(ndtri(0.5 + confidence / 2)) * math.sqrt(1 / (4 * expected) + between**2)
    return expected * max(0.0, 1 - reach) ** 2, expected * (1 + reach) ** 2


def _solve(rising: Any, low: float, high: float) -> float:
    """Where a rising function crosses nought, by halving."""
    for _ in range(40):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def expected_on_limit(observed: float, confidence: float) -> tuple[float, float]:
    """The expected counts at which ``observed`` would sit on the lower and on the upper funnel limit, in that order."""
    tail = (1 - confidence) / 2
    on_lower = float(gammaincinv(observed + 1, 1 - tail))
    on_upper = float(gammaincinv(observed, tail)) if observed > 0 else 0.0
    return on_lower, on_upper


def limit_flag(observed: float, expected: float) -> str:
    """``high`` or ``low`` with the limit passed (99.8 or 95), or ``within``: a funnel read without correction."""
    for confidence, name in ((0.998, "99.8"), (0.95, "95")):
        on_lower, on_upper = expected_on_limit(observed, confidence)
        if expected > on_lower:
            return f"low {name}"
        if expected < on_upper:
            return f"high {name}"
    return "within"


def proportion_limits(pooled: float, population: float, confidence: float) -> Interval:
    """Funnel limits about a pooled proportion for an area of ``population``: its Wilson interval just reaches it."""
    z = float(ndtri(0.5 + confidence / 2))
    # Wilson's limit solved for the observed proportion is pooled ± z·√(pooled(1 − pooled)/n), clipped to what exists.
    spread = z * math.sqrt(pooled * (1 - pooled) / population)
    return Interval(max(0.0, pooled - spread), min(1.0, pooled + spread), confidence, "Wilson, inverted")


def dispersion(
    observed: Sequence[float] | NDArray[np.float64],
    expected: Sequence[float] | NDArray[np.float64],
    *,
    transformation: str = "root",
) -> float:
    """How much more areas differ than chance: the mean of z², the outer tenth at each end left out.

    ``root``: z = 2(√O − √E), which stands noughts. ``log``: z = √E·ln(O/E), as the English hospital mortality index
    does.
    """
    count, mean = np.asarray(observed, dtype=float), np.asarray(expected, dtype=float)
    if transformation == "log":
        if (count <= 0).any():
            raise CannotCompute("The logarithmic form needs every count above nought; use the root form.")
        z = np.sqrt(mean) * np.log(count / mean)
    else:
        z = 2 * (np.sqrt(count) - np.sqrt(mean))
    rank = np.argsort(np.argsort(z, kind="stable"), kind="stable") + 1
    tenth = np.floor(rank / TRIM / (z.size + 1))
    kept = z[(tenth > 0) & (tenth < 9)]
    return float(np.mean((kept if kept.size else z) ** 2))
