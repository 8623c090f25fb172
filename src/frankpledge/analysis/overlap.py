"""Hot places, repeat victims, prolific offenders: are they the same incidents, and more so than by luck?

Each incident is in a hot place or not, against a repeat victim or not, by a prolific offender or not. The eight parts
of the Venn diagram are counted, beside what each would hold if the three had nothing to do with each other: expected
counts and standard deviations over all relabellings in closed form, and exact p values for the overlaps.
Sources: Clarke R, Eck J (2005) Crime Analysis for Problem Solvers in 60 Small Steps, steps 8 and 28-30 (the problem
triangle); Fisher R (1935) JRSS 98:39-54 (the hypergeometric law of an overlap).
"""

import itertools
import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

FEW_EXPECTED = 5.0


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the diagram: incidents in exactly the sets of ``members``, and what luck would put there."""

    members: tuple[str, ...]
    observed: int
    expected: float
    sd: float

    def as_dict(self) -> dict[str, Any]:
        return {
            "members": list(self.members),
            "observed": self.observed,
            "expected": rounded(self.expected),
            "sd": rounded(self.sd),
        }


@dataclass(frozen=True, slots=True)
class Meeting:
    """Incidents in all of ``members``, whatever else they are in. ``p``: as many or more by luck."""

    members: tuple[str, ...]
    observed: int
    expected: float
    sd: float
    p: float

    @property
    def ratio(self) -> float | None:
        return self.observed / self.expected if self.expected else None

    def as_dict(self) -> dict[str, Any]:
        return {
            "members": list(self.members),
            "observed": self.observed,
            "expected": rounded(self.expected),
            "sd": rounded(self.sd),
            "ratio": rounded(self.ratio),
            "p": rounded(self.p, 9),
        }


@dataclass(frozen=True, kw_only=True)
class Overlap(Result):
    """``sizes`` incidents in each set, ``regions`` that add up to ``n``, and ``meetings`` of two and of all three."""

    sizes: Mapping[str, int]
    regions: tuple[Region, ...]
    meetings: tuple[Meeting, ...]

    @property
    def all_together(self) -> Meeting:
        """The meeting of all the sets."""
        return self.meetings[-1]

    def sentence(self) -> Phrase:
        found = self.all_together
        return Phrase(
            "{observed} of {n} incidents are in all of {sets}; luck alone would give {expected} (p {p}).",
            observed=whole(found.observed),
            n=whole(self.n),
            sets=tuple(Phrase(name) for name in found.members),
            expected=decimal(found.expected),
            p=f"{found.p:.2g}",
        )

    def table(self) -> Table:
        rows = tuple((" + ".join(r.members) or "none", r.observed, r.expected, r.sd) for r in self.regions)
        return Table(("in", "observed", "expected", "sd"), rows)

    def as_dict(self) -> dict[str, Any]:
        return {
            "sizes": dict(self.sizes),
            "regions": [region.as_dict() for region in self.regions],
            "meetings": [meeting.as_dict() for meeting in self.meetings],
            **self.provenance(),
        }


def problem_triangle(
    places: Sequence[Hashable | None],
    victims: Sequence[Hashable | None],
    offenders: Sequence[Hashable | None],
    *,
    place_at_least: int = 5,
    victim_at_least: int = 2,
    offender_at_least: int = 3,
) -> Overlap:
    """Incidents at places, against victims and by offenders seen at least so often; None where one is not known.

    Raises CannotCompute for columns of unequal length, no incidents, or no incident with all three known.
    """
    columns = {"hot places": places, "repeat victims": victims, "prolific offenders": offenders}
    least = (place_at_least, victim_at_least, offender_at_least)
    if len({len(column) for column in columns.values()}) != 1:
        raise CannotCompute("Each incident needs a place, a victim and an offender, or None where one is not known.")
    if min(least) < 1:
        raise CannotCompute("“At least” must be 1 or more.")
    known = np.array([None not in row for row in zip(*columns.values(), strict=True)], dtype=bool)
    # Who is prolific is told from all incidents; who meets whom only where all three are known.
    flags = {
        name: _seen_at_least(column, times)[known] for (name, column), times in zip(columns.items(), least, strict=True)
    }
    if not known.any():
        raise CannotCompute(
            "No incident has its place, victim and offender known, so nothing can be said of all three."
        )
    return overlap(flags, left_out=int((~known).sum()))


def overlap(flags: Mapping[str, ArrayLike], *, left_out: int = 0) -> Overlap:
    """Overlap of two or three sets, given for each incident as true or false. The order does not matter.

    Raises CannotCompute for no incidents, one set or more than three, or columns of unequal length.
    """
    sets = {name: np.asarray(values, dtype=bool) for name, values in flags.items()}
    lengths = {values.size for values in sets.values()}
    if not 2 <= len(sets) <= 3 or len(lengths) != 1:
        raise CannotCompute("An overlap needs two or three columns of true and false, all of one length.")
    n = lengths.pop()
    if n == 0:
        raise CannotCompute("There are no incidents.")
    sizes = {name: int(values.sum()) for name, values in sets.items()}
    regions = tuple(_region(sets, sizes, members, n) for members in _subsets(tuple(sets), 0))
    meetings = tuple(_meeting(sets, sizes, members, n) for members in _subsets(tuple(sets), 2))
    return Overlap(
        n=n,
        method="overlap of incidents; expected, sd and one-sided p exact over all relabellings",
        doubts=_doubts(left_out, meetings),
        sizes=sizes,
        regions=regions,
        meetings=meetings,
    )


def _subsets(names: tuple[str, ...], smallest: int) -> list[tuple[str, ...]]:
    return [found for size in range(smallest, len(names) + 1) for found in itertools.combinations(names, size)]


def _region(
    sets: Mapping[str, NDArray[np.bool_]], sizes: Mapping[str, int], members: tuple[str, ...], n: int
) -> Region:
    inside = np.ones(n, bool)
    for name, values in sets.items():
        inside &= values if name in members else ~values
    held = [sizes[name] if name in members else n - sizes[name] for name in sets]
    return Region(members, int(inside.sum()), *_moments(held, n))


def _meeting(
    sets: Mapping[str, NDArray[np.bool_]], sizes: Mapping[str, int], members: tuple[str, ...], n: int
) -> Meeting:
    inside = np.logical_and.reduce([sets[name] for name in members])
    held = [sizes[name] for name in members]
    observed = int(inside.sum())
    return Meeting(members, observed, *_moments(held, n), _tail(held, n, observed))


def _moments(held: Sequence[int], n: int) -> tuple[float, float]:
    """Mean and sd of how many incidents lie in all of some sets of these sizes thrown on ``n`` independently."""
    mean = n * math.prod(size / n for size in held)
    if n < 2:
        return mean, 0.0
    pairs = n * (n - 1) * math.prod(size * (size - 1) / (n * (n - 1)) for size in held)
    return mean, math.sqrt(max(0.0, pairs + mean - mean**2))


def _tail(held: Sequence[int], n: int, observed: int) -> float:
    """P(as many or more in all the sets): the overlap of two is hypergeometric, and so is that with the third."""
    count = np.arange(held[0] + 1)
    chance = np.zeros(held[0] + 1)
    chance[-1] = 1.0  # of how many lie in the sets so far
    for size in held[1:]:
        passed = np.zeros_like(chance)
        for already in np.flatnonzero(chance > 1e-18):
            reach = count[: already + 1]
            passed[: already + 1] += chance[already] * _hypergeometric(reach, int(already), size, n)
        chance = passed
    return float(min(1.0, chance[observed:].sum()))


def _hypergeometric(count: NDArray[np.int64], first: int, second: int, n: int) -> NDArray[np.float64]:
    """P(each count of incidents in both of two sets of these sizes among ``n``)."""

    def ways(total: NDArray[np.int64] | int, chosen: NDArray[np.int64] | int) -> NDArray[np.float64]:
        return gammaln(np.add(total, 1)) - gammaln(np.add(chosen, 1)) - gammaln(np.subtract(total, chosen) + 1)

    possible = (count <= second) & (second - count <= n - first)
    inside = np.where(possible, count, max(0, second - (n - first)))
    log_p = ways(first, inside) + ways(n - first, second - inside) - ways(n, second)
    return np.where(possible, np.exp(log_p), 0.0)


def _seen_at_least(column: Sequence[Hashable | None], times: int) -> NDArray[np.bool_]:
    seen: dict[Hashable, int] = {}
    for value in column:
        if value is not None:
            seen[value] = seen.get(value, 0) + 1
    return np.array([value is not None and seen[value] >= times for value in column], dtype=bool)


def _doubts(left_out: int, meetings: Sequence[Meeting]) -> tuple[Doubt, ...]:
    doubts = []
    if left_out:
        sentence = Phrase("{rows} incidents without a known place, victim or offender left out.", rows=whole(left_out))
        doubts.append(Doubt(DoubtKind.ROWS_LEFT_OUT, sentence))
    if any(meeting.expected < FEW_EXPECTED for meeting in meetings):
        sentence = Phrase("Fewer than five are expected in an overlap: its ratio moves much by luck.")
        doubts.append(Doubt(DoubtKind.SMALL_NUMBERS, sentence))
    return tuple(doubts)
