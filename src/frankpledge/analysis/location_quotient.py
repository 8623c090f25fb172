"""What a place has more of than its share: the mix of its crime beside that of the whole.

The quotient is the share of one type among a place's crimes over its share in the whole region. It needs no denominator
of people at risk, and says nothing about how much crime there is: a quiet place can have a high quotient. The interval
is carried over from the ratio of the place's share to that of the rest, made of two Wilson intervals; the p value is
exact (hypergeometric, mid-p), and the false discovery rate is held over the places.
Sources: Brantingham P, Brantingham P (1995) Location quotients and crime hot spots in the city, in Crime Analysis
Through Computer Mapping; Donner A, Zou G (2012) Stat Methods Med Res 21:347-359 (MOVER for ratios); Lancaster H (1961)
JASA 56:223-234.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import gammaln

from frankpledge.analysis.funnel import FALSE_DISCOVERY_RATE, Standing, benjamini_hochberg
from frankpledge.analysis.rates import SMALL_COUNT, wilson_limits
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole


@dataclass(frozen=True, slots=True)
class Quotient:
    """One place: ``count`` of the type among ``of`` crimes, and how many times the region's share that is."""

    code: str
    count: int
    of: int
    value: float
    interval: Interval
    p: float
    adjusted_p: float
    standing: Standing

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "count": self.count,
            "of": self.of,
            "value": rounded(self.value),
            "interval": self.interval.as_dict(),
            "p": rounded(self.p, 9),
            "adjusted_p": rounded(self.adjusted_p, 9),
            "standing": self.standing.value,
        }


@dataclass(frozen=True, kw_only=True)
class LocationQuotients(Result):
    """All places, the highest quotient first. ``share`` is the type's share of all crimes in the region."""

    quotients: tuple[Quotient, ...]
    share: float

    def of(self, code: str) -> Quotient:
        """The place of this code; KeyError when it is not among them."""
        found = [quotient for quotient in self.quotients if quotient.code == code]
        if not found:
            raise KeyError(code)
        return found[0]

    def sentence(self) -> Phrase:
        top = self.quotients[0]
        above = sum(quotient.standing is Standing.ABOVE for quotient in self.quotients)
        return Phrase(
            "{above} of {places} places have more than their share beyond chance; the highest, {code}, {value} times "
            "({low} to {high}).",
            above=whole(above),
            places=whole(len(self.quotients)),
            code=top.code,
            value=decimal(top.value, 2),
            low=decimal(top.interval.lower or 0.0, 2),
            high=decimal(top.interval.upper, 2),
        )

    def table(self) -> Table:
        return Table(
            ("code", "count", "of", "quotient", "lower", "upper", "adjusted p", "standing"),
            tuple(
                (q.code, q.count, q.of, q.value, q.interval.lower, q.interval.upper, q.adjusted_p, q.standing.value)
                for q in self.quotients
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "share": rounded(self.share),
            "false_discovery_rate": FALSE_DISCOVERY_RATE,
            "quotients": [quotient.as_dict() for quotient in self.quotients],
            **self.provenance(),
        }


def location_quotients(
    codes: Sequence[str],
    counts: Sequence[int],
    all_crimes: Sequence[int],
    *,
    confidence: float = 0.95,
    batches: tuple[str, ...] = (),
) -> LocationQuotients:
    """Quotients of every place of a region: ``counts`` of one type among ``all_crimes``. The order does not matter.

    A place without any crime has no quotient and is left out and said. Raises CannotCompute when a count is above all
    crimes, none is of the type, or fewer than two places have crimes.
    """
    if not len(codes) == len(counts) == len(all_crimes):
        raise CannotCompute("Each place needs a code, a count of the type and a count of all crimes.")
    if any(not 0 <= count <= of for count, of in zip(counts, all_crimes, strict=True)):
        raise CannotCompute("A place cannot have more of one type than of all crimes, or fewer than none.")
    rows = sorted((code, int(count), int(of)) for code, count, of in zip(codes, counts, all_crimes, strict=True) if of)
    total, everything = sum(count for _, count, _ in rows), sum(of for _, _, of in rows)
    if len(rows) < 2:
        raise CannotCompute("A quotient needs at least two places with crimes, one to set against the rest.")
    if total == 0:
        raise CannotCompute("None was of this type, so no place can have more than its share.")
    p = [hypergeometric_mid_p(count, of, total, everything) for _, count, of in rows]
    adjusted = benjamini_hochberg(p)
    quotients = []
    for i, (code, count, of) in enumerate(rows):
        value = count * everything / (of * total)
        standing = Standing.WITHIN
        if adjusted[i] <= FALSE_DISCOVERY_RATE:
            standing = Standing.ABOVE if value > 1 else Standing.BELOW
        interval = quotient_limits(count, of, total, everything, confidence)
        quotients.append(Quotient(code, count, of, value, interval, p[i], float(adjusted[i]), standing))
    return LocationQuotients(
        n=total,
        method=(
            "location quotient of the crime mix; interval from the ratio to the rest (MOVER of Wilson limits), exact "
            "mid-p, false discovery rate held at 5 %"
        ),
        doubts=_doubts(total, len(codes) - len(rows)),
        batches=batches,
        quotients=tuple(sorted(quotients, key=lambda quotient: (-quotient.value, quotient.code))),
        share=total / everything,
    )


def quotient_limits(count: int, of: int, total: int, everything: int, confidence: float = 0.95) -> Interval:
    """Limits of one place's quotient. With R its share over the rest's and w its part of all crimes, the quotient is
    R / (wR + 1 − w), which rises with R; so limits of R carry over.
    """
    part = of / everything
    low, high = share_ratio_limits(count, of, total - count, everything - of, confidence)
    lower = low / (part * low + 1 - part)
    upper = 1 / part if math.isinf(high) else high / (part * high + 1 - part)
    return Interval(lower, upper, confidence, "MOVER")


def share_ratio_limits(count: int, of: int, other: int, other_of: int, confidence: float) -> tuple[float, float]:
    """Limits of the ratio of two shares, from their Wilson limits (Donner and Zou); the upper may be infinite."""
    mine, theirs = wilson_limits(count, of, confidence), wilson_limits(other, other_of, confidence)
    a, b = count / of, other / other_of
    l1, u1, l2, u2 = mine.lower or 0.0, mine.upper, theirs.lower or 0.0, theirs.upper
    product = a * b
    low = product - math.sqrt(max(0.0, product**2 - l1 * u2 * (2 * a - l1) * (2 * b - u2)))
    below = u2 * (2 * b - u2)
    lower = low / below if below else 0.0
    if other == 0 or l2 <= 0:
        return (l1 / u2 if other == 0 else max(0.0, lower)), math.inf
    high = product + math.sqrt(max(0.0, product**2 - u1 * l2 * (2 * a - u1) * (2 * b - l2)))
    return max(0.0, lower), high / (l2 * (2 * b - l2))


def hypergeometric_mid_p(count: int, of: int, total: int, everything: int) -> float:
    """Two-sided mid-p of ``count`` of the type among ``of`` crimes drawn from ``everything`` with ``total`` of it."""
    possible = np.arange(max(0, of + total - everything), min(of, total) + 1)

    def ways(n: int, chosen: np.ndarray) -> np.ndarray:
        return gammaln(n + 1) - gammaln(chosen + 1) - gammaln(n - chosen + 1)

    log_p = ways(total, possible) + ways(everything - total, of - possible)
    p = np.exp(log_p - log_p.max())
    p /= p.sum()
    here = float(p[possible == count].sum())
    below, above = float(p[possible < count].sum()), float(p[possible > count].sum())
    return min(1.0, 2 * (min(below, above) + here / 2))


def _doubts(total: int, left_out: int) -> tuple[Doubt, ...]:
    doubts = []
    if left_out:
        sentence = Phrase("{places} places without any crime have no quotient.", places=whole(left_out))
        doubts.append(Doubt(DoubtKind.ROWS_LEFT_OUT, sentence))
    if total < SMALL_COUNT:
        sentence = Phrase("The quotients rest on {count} crimes of the type.", count=whole(total))
        doubts.append(Doubt(DoubtKind.SMALL_NUMBERS, sentence))
    return tuple(doubts)
