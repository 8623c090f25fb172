"""Near repeats: is a burglary followed by others nearby sooner than chance would have it?

The Knox test counts pairs of events close in both space and time and compares each count with what it would be if the
same days fell on the same places at random. Expected counts and their standard deviations have a closed form over all
n! relabellings, so ratio and z need no seed; permutations are run only for the p value, as (1 + exceedances) / (1 +
permutations).
Sources: Knox G (1964) Applied Statistics 13:25-29; David F, Barton D (1966) Br J Prev Soc Med 20:44-48; Siemiatycki J
(1971) Biometrika 58:673-678 (moments); Johnson S et al (2007) J Quant Criminol 23:201-219; Phipson B, Smyth G (2010)
Stat Appl Genet Mol Biol 9:39 (the p value).
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from frankpledge.analysis.events import Events, left_out_doubts
from frankpledge.analysis.kernels import inlined, kernel
from frankpledge.analysis.neighbours import (
    EUCLIDEAN,
    SAME_PLACE,
    Cells,
    DistanceBands,
    Neighbours,
    into_cells,
    neighbour_blocks,
    tally_pairs,
)
from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

LANES = 128  # permutations counted side by side
TOGETHER = 8  # pairs whose lags wait for one round of comparisons, so that tallies are loaded and stored once for all
FLUSH = 240  # pairs before the 8-bit tallies are emptied; a multiple of TOGETHER under 256
LONGEST_DAYS = 32_000
MOST_COUNTS = 125_000_000  # cells by permutations: 1 GB
FEW_EXPECTED = 5.0  # below this many expected pairs a ratio is flagged

Progress = Callable[[int, int], None]


class BandRule(StrEnum):
    """How bands are cut. The Near Repeat Calculator 1.3 labels [a-1, b) as "a to b"; here its cells bear their true
    limits.
    """

    CLOSED = "closed"
    NEAR_REPEAT_CALCULATOR = "near repeat calculator"


@dataclass(frozen=True, kw_only=True)
class KnoxTest(Result):
    """Matrices with distance down and time across. ``p`` is one-sided (as many pairs or more), None without
    permutations.
    """

    distance_bands: tuple[str, ...]
    time_bands: tuple[str, ...]
    metric: str
    pairs: int
    permutations: int
    observed: NDArray[np.int64]
    expected: NDArray[np.float64]
    sd: NDArray[np.float64]
    p: NDArray[np.float64] | None
    cumulative_p: NDArray[np.float64] | None

    @property
    def ratio(self) -> NDArray[np.float64]:
        """Observed over expected; not a number where nothing is expected."""
        return _divided(self.observed, self.expected)

    @property
    def z(self) -> NDArray[np.float64]:
        return _divided(self.observed - self.expected, self.sd)

    @property
    def cumulative_observed(self) -> NDArray[np.int64]:
        """Pairs up to each distance and time."""
        return np.asarray(self.observed.cumsum(0).cumsum(1), np.int64)

    @property
    def cumulative_expected(self) -> NDArray[np.float64]:
        return np.asarray(self.expected.cumsum(0).cumsum(1))

    def sentence(self) -> Phrase:
        strongest = self._strongest()
        if strongest is None:
            return Phrase("No pair of events is expected within these distances and times, so nothing can be said.")
        row, column = strongest
        ratio = float(self.ratio[row, column])
        numbers = {
            "place": self.distance_bands[row],
            "time": self.time_bands[column],
            "ratio": decimal(ratio, 1 if ratio >= 10 else 2),
            "observed": whole(int(self.observed[row, column])),
            "expected": decimal(float(self.expected[row, column])),
            "p": "" if self.p is None else f", p {self.p[row, column]:.3g}",
            "n": whole(self.n),
        }
        if not self._beyond_chance(row, column):
            return Phrase(
                "No distance and time holds clearly more pairs than chance gives; furthest above is {place}, {time} "
                "({observed} against {expected}{p}; n {n}).",
                **numbers,
            )
        return Phrase(
            "Pairs {where}, {time}, are {ratio} times as many as chance gives "
            "({observed} against {expected}{p}; n {n}).",
            where="at the same place" if numbers["place"] == SAME_PLACE else f"{numbers['place']} apart",
            **numbers,
        )

    def _strongest(self) -> tuple[int, int] | None:
        """The cell furthest above chance in standard deviations."""
        z = np.nan_to_num(self.z, nan=-np.inf)
        if not np.isfinite(z).any():
            return None
        row, column = np.unravel_index(int(z.argmax()), z.shape)
        return int(row), int(column)

    def _beyond_chance(self, row: int, column: int) -> bool:
        """So many pairs or more once in twenty tables or less (Poisson tail by the number of cells: Bonferroni)."""
        observed, expected = int(self.observed[row, column]), float(self.expected[row, column])
        return observed > 0 and float(special.gammainc(observed, expected)) * self.observed.size <= 0.05

    def table(self) -> Table:
        columns = ("distance", "time", "observed", "expected", "sd", "ratio", "z", "p")
        rows = tuple(
            (
                place, time, int(self.observed[i, j]), float(self.expected[i, j]), float(self.sd[i, j]),
                _known(self.ratio[i, j]), _known(self.z[i, j]), None if self.p is None else float(self.p[i, j]),
            )
            for i, place in enumerate(self.distance_bands)
            for j, time in enumerate(self.time_bands)
        )  # fmt: skip
        return Table(columns, rows)

    def as_dict(self) -> dict[str, Any]:
        return {
            "pairs": self.pairs,
            "distance_bands": list(self.distance_bands),
            "time_bands": list(self.time_bands),
            "metric": self.metric,
            "permutations": self.permutations,
            "observed": self.observed.tolist(),
            "expected": _matrix(self.expected, 9),
            "sd": _matrix(self.sd, 9),
            "ratio": _matrix(self.ratio),
            "z": _matrix(self.z),
            "p": None if self.p is None else _matrix(self.p),
            "cumulative": {
                "observed": self.cumulative_observed.tolist(),
                "expected": _matrix(self.cumulative_expected, 9),
                "p": None if self.cumulative_p is None else _matrix(self.cumulative_p),
            },
            **self.provenance(),
        }


def knox_test(
    events: Events,
    *,
    distance_band_m: float = 100,
    distance_bands: int = 10,
    time_band_days: int = 7,
    time_bands: int = 8,
    same_place: bool = True,
    metric: str = EUCLIDEAN,
    rule: BandRule = BandRule.CLOSED,
    permutations: int = 0,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> KnoxTest:
    """Knox test on bands of equal width: {0}, (0, w], (w, 2w] ... metres by days 0..t-1, t..2t-1 ... (module
    docstring).

    Raises CannotCompute for fewer than three events, bands that are not positive, or days over too long a time.
    """
    _check_bands(distance_band_m, distance_bands, time_band_days, time_bands, permutations)
    edges = tuple(float(distance_band_m * k) for k in range(distance_bands + 1))
    if rule is BandRule.NEAR_REPEAT_CALCULATOR:
        bands = DistanceBands((0.0, 1.0, *edges[1:]), closed="left", same_place=False)
    else:
        bands = DistanceBands(edges, same_place=same_place)
    return knox_test_on(
        events,
        bands=bands,
        time_edges_days=tuple(time_band_days * k for k in range(time_bands + 1)),
        metric=metric,
        permutations=permutations,
        seed=seed,
        threads=threads,
        progress=progress,
    )


def knox_test_on(
    events: Events,
    *,
    bands: DistanceBands,
    time_edges_days: tuple[int, ...],
    metric: str = EUCLIDEAN,
    permutations: int = 0,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> KnoxTest:
    """Knox test on bands of the caller's own edges; time bands are whole days from each edge to the day before the
    next.
    """
    days = _days_for_test(events)
    limits = _limits(time_edges_days, permutations * len(bands))
    cells = into_cells(events.x, events.y, bands.edges_m[-1])
    day = days[cells.order]
    tally = tally_pairs(cells, bands, day=day, limits=limits, metric=metric, threads=threads)
    expected, sd = knox_moments(tally.degree, day, limits)
    p, cumulative_p = None, None
    if permutations:
        blocks = neighbour_blocks(cells, bands, tally.ahead, metric=metric, threads=threads)
        counted = _permuted_counts(blocks, cells, day, limits, permutations, seed, tally.pairs, threads, progress)
        p, cumulative_p = _p_values(tally.close, counted)
    return KnoxTest(
        n=len(events),
        method=f"Knox test, {metric} distance, closed-form expected and sd"
        + (f", one-sided p (as many pairs or more) from {permutations:,} permutations" if permutations else ""),
        seed=seed if permutations else None,
        doubts=_doubts(events, expected),
        distance_bands=bands.labels,
        time_bands=_time_labels(time_edges_days),
        metric=metric,
        pairs=tally.pairs,
        permutations=permutations,
        observed=tally.close,
        expected=expected,
        sd=sd,
        p=p,
        cumulative_p=cumulative_p,
    )


def knox_moments(
    degree: NDArray[np.int32], day: NDArray[np.int64], limits: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Exact mean and sd of every cell over all relabellings of the days.

    ``degree`` (bands, n) partners of each event in space. Couples of pairs that share an event and couples that share
    none are counted apart in space and in time (Siemiatycki 1971).
    """
    n = degree.shape[1]
    in_space, in_time = degree.astype(np.float64), _time_degrees(day, limits)
    s, t = in_space.sum(1) / 2, in_time.sum(1) / 2
    mean = np.outer(s, t) / (n * (n - 1) / 2)
    sharing_s, sharing_t = (in_space * (in_space - 1)).sum(1) / 2, (in_time * (in_time - 1)).sum(1) / 2
    apart_s, apart_t = s * (s - 1) / 2 - sharing_s, t * (t - 1) / 2 - sharing_t
    touching = n * (n - 1) * (n - 2) / 2
    second = np.outer(sharing_s, sharing_t) / touching
    if n > 3:
        second = second + np.outer(apart_s, apart_t) / (n * (n - 1) * (n - 2) * (n - 3) / 8)
    variance = 2 * second + mean - mean**2
    return mean, np.sqrt(np.where(variance > 1e-12 * mean**2, variance, 0.0))  # what is left by rounding is nought


def _time_degrees(day: NDArray[np.int64], limits: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each time band, how many other events each event has at that lag, by sums over the histogram of days."""
    offset = day - day.min()
    per_day = np.bincount(offset)
    before = np.concatenate(([0], np.cumsum(per_day)))

    def within(lag: int) -> NDArray[np.int64]:
        """Events whose day lies less than ``lag`` from each event's, itself included."""
        if lag <= 0:
            return np.zeros(len(offset), np.int64)
        high = np.minimum(offset + lag, len(per_day))
        low = np.maximum(offset - lag + 1, 0)
        return np.asarray(before[high] - before[low], np.int64)

    bands = [within(int(high)) - within(int(low)) for low, high in zip(limits[:-1], limits[1:], strict=True)]
    bands[0] = bands[0] - 1  # not a pair with itself
    return np.asarray(bands, np.float64)


def _permuted_counts(
    blocks: Iterator[Neighbours], cells: Cells, day: NDArray[np.int64], limits: NDArray[np.int64], permutations: int,
    seed: int, pairs: int, threads: int | None, progress: Progress | None,
) -> NDArray[np.int64]:  # fmt: skip
    """Pairs less than each upper limit apart, int64 (permutations, bands, time bands); the same for any number of
    threads and blocks.
    """
    firsts = range(0, permutations, LANES)
    counted, done = None, 0

    def count(first: int) -> NDArray[np.int64]:
        return _cumulative_counts(block, shuffled_days(day, seed, first, LANES), limits)

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        for block in blocks:
            if counted is None:
                counted = np.zeros((len(firsts) * LANES, len(block.starts), len(limits) - 1), np.int64)
            for first, found in zip(firsts, pool.map(count, firsts), strict=True):
                counted[first : first + LANES] += np.moveaxis(found, -1, 0)
                done += len(block.other)
                if progress:
                    progress(permutations * done // max(pairs * len(firsts), 1), permutations)
    assert counted is not None  # there are events, so there is a block
    return counted[:permutations]


def _p_values(
    observed: NDArray[np.int64], counted: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One-sided p of each cell and of each cumulative cell; ``counted`` is cumulative in time, and is used up."""
    permutations = len(counted)
    exceeded = (np.diff(counted, axis=-1, prepend=0) >= observed).sum(0)
    cumulative = np.cumsum(counted, axis=1, out=counted) >= observed.cumsum(0).cumsum(1)
    return (1 + exceeded) / (1 + permutations), (1 + cumulative.sum(0)) / (1 + permutations)


def shuffled_days(day: NDArray[np.int64], seed: int, first: int, lanes: int) -> NDArray[np.int16]:
    """Permutations ``first`` .. ``first + lanes - 1`` of the days, one a column: int16 (n, lanes). Each depends on
    seed and number alone.
    """
    base = np.ascontiguousarray(day - day.min()).astype(np.int16)
    wide = np.empty((lanes, len(base)), np.int16)
    _shuffle(base, np.uint64(seed & 0xFFFF_FFFF_FFFF_FFFF), first, wide)
    return np.ascontiguousarray(wide.T)


def _cumulative_counts(near: Neighbours, days: NDArray[np.int16], limits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs less than each upper limit apart: int64 (bands, time bands, lanes). Days fit 8 bits when limits do."""
    width = np.uint8 if limits[-1] <= 255 else np.uint16
    out = np.zeros((near.starts.shape[0], len(limits) - 1, LANES), np.int64)
    cap = np.uint16(np.iinfo(width).max)
    _count_lanes(days, near.first, near.starts, near.other, limits[1:].astype(width), cap, out)
    return out


@inlined
def _mixed(z: Any) -> Any:
    """The finish of splitmix64: every bit of the answer depends on every bit of ``z``."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@kernel
def _shuffle(base: Any, seed: Any, first: int, out: Any) -> None:
    """Fisher-Yates by a splitmix64 stream of each permutation's own, begun far from those of other seeds."""
    n = base.shape[0]
    start = _mixed(seed)
    for lane in range(out.shape[0]):
        state = _mixed(start + np.uint64(first + lane + 1) * np.uint64(0x9E3779B97F4A7C15))
        row = out[lane]
        row[:] = base
        for i in range(n - 1, 0, -1):
            state += np.uint64(0x9E3779B97F4A7C15)
            z = _mixed(state)
            j = np.int64(((z >> np.uint64(32)) * np.uint64(i + 1)) >> np.uint64(32))
            kept = row[i]
            row[i] = row[j]
            row[j] = kept


@kernel
def _count_lanes(days: Any, first: int, starts: Any, other: Any, limits: Any, cap: Any, out: Any) -> None:
    """Days int16 (n, LANES). Every test of every lane is done without a branch, in as few bits as the limits need."""
    tally = np.zeros((limits.shape[0], LANES), np.uint8)
    lag = np.empty((TOGETHER, LANES), limits.dtype)
    for band in range(starts.shape[0]):
        waiting, tallied = 0, 0
        for row in range(starts.shape[1] - 1):
            i = first + row
            for p in range(starts[band, row], starts[band, row + 1]):
                j = other[p]
                for lane in range(LANES):
                    lag[waiting, lane] = min(np.uint16(abs(np.int16(days[i, lane] - days[j, lane]))), cap)
                waiting += 1
                if waiting == TOGETHER:
                    _compare(lag, limits, tally)
                    waiting = 0
                    tallied += TOGETHER
                    if tallied == FLUSH:
                        _empty(tally, out[band])
                        tallied = 0
        lag[waiting:] = cap
        _compare(lag, limits, tally)
        _empty(tally, out[band])


@inlined
def _compare(lag: Any, limits: Any, tally: Any) -> None:
    for t in range(limits.shape[0]):
        limit = limits[t]
        for lane in range(LANES):
            found = tally[t, lane]
            for waiting in range(TOGETHER):
                found += np.uint8(lag[waiting, lane] < limit)
            tally[t, lane] = found


@inlined
def _empty(tally: Any, out: Any) -> None:
    for t in range(tally.shape[0]):
        for lane in range(LANES):
            out[t, lane] += tally[t, lane]
            tally[t, lane] = 0


def _days_for_test(events: Events) -> NDArray[np.int64]:
    days = events.days
    if len(events) < 3:
        raise CannotCompute(f"A Knox test needs at least three events with a place and a day; there are {len(events)}.")
    if int(np.ptp(days)) > LONGEST_DAYS:
        raise CannotCompute("The days span more than 87 years. Check the dates.")
    if not np.ptp(days):
        raise CannotCompute("All events fall on one day, so near in time says nothing. Give a longer period.")
    if not (np.ptp(events.x) or np.ptp(events.y)):
        raise CannotCompute("All events lie in one place, so near in space says nothing. Check the positions.")
    return days


def _limits(time_edges_days: tuple[int, ...], counts_a_band: int) -> NDArray[np.int64]:
    """The edges as an array; CannotCompute for edges that are none, or for more counts than memory should hold."""
    limits = np.asarray(time_edges_days, np.int64)
    if len(limits) < 2 or limits[0] != 0 or np.any(np.diff(limits) <= 0) or limits[-1] > LONGEST_DAYS:
        raise CannotCompute("Time bands need whole days that start at 0 and rise.")
    if counts_a_band * (len(limits) - 1) > MOST_COUNTS:
        raise CannotCompute(
            "So many permutations of so many cells need more memory than there is. Use fewer of either."
        )
    return limits


def _check_bands(distance_m: float, distances: int, days: int, times: int, permutations: int) -> None:
    if distance_m <= 0 or distances < 1 or days < 1 or times < 1:
        raise CannotCompute("Bands must be wider than nought and there must be at least one of each.")
    if distances * times > 10_000:
        raise CannotCompute("That is more than 10,000 cells. Use fewer bands.")
    if not 0 <= permutations <= 1_000_000:
        raise CannotCompute("The number of permutations must lie between 0 and 1,000,000.")


def _time_labels(edges: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(
        f"day {low}" if high - low == 1 else f"days {low} to {high - 1}"
        for low, high in zip(edges[:-1], edges[1:], strict=True)
    )


def _doubts(events: Events, expected: NDArray[np.float64]) -> tuple[Doubt, ...]:
    doubts = list(left_out_doubts(events))
    few = int((expected < FEW_EXPECTED).sum())
    if few:
        doubts.append(
            Doubt(
                DoubtKind.SMALL_NUMBERS,
                Phrase("{few} cells expect fewer than five pairs; their ratios move much by luck.", few=whole(few)),
            )
        )
    return tuple(doubts)


def _divided(top: NDArray[Any], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan)


def _known(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)


def _matrix(values: NDArray[np.float64], places: int = 6) -> list[list[float | None]]:
    return [[rounded(_known(value), places) for value in row] for row in values]
