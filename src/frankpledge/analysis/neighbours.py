"""Pairs of events near each other in space, found once and kept small: the ground of every near-repeat method.

Events are sorted into square cells as wide as the farthest distance asked about. The partners that follow an event in
that order then lie in two unbroken runs (its own cell and the next; three cells of the row above), so only neighbouring
cells are searched and the cost grows with the pairs there are, not with events squared. Only cells that hold events
take memory, however far apart they lie.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankpledge.analysis.events import FARTHEST_M
from frankpledge.analysis.kernels import inlined, kernel
from frankpledge.vocabulary.errors import CannotCompute

EUCLIDEAN, MANHATTAN = "euclidean", "manhattan"
METRICS = (EUCLIDEAN, MANHATTAN)
SAME_PLACE = "same place"
PAIRS_AT_ONCE = 64_000_000  # four bytes each
MOST_COLUMNS = 2_000_000_000  # of cells, so that row and column fit one whole number


@dataclass(frozen=True)
class DistanceBands:
    """Edges in metres, rising. ``closed`` says which end of each band belongs to it: (e0, e1], (e1, e2] ... or
    [e0, e1), [e1, e2) ...

    ``same_place`` (right-closed bands only) gives distance 0 a band of its own in front; without it, distance 0 belongs
    to the first band when the first edge is 0, and to none when it is not.
    """

    edges_m: tuple[float, ...]
    closed: str = "right"
    same_place: bool = True

    def __post_init__(self) -> None:
        edges = np.asarray(self.edges_m, np.float64)
        rising = len(edges) >= 2 and bool(np.isfinite(edges).all() and (np.diff(edges) > 0).all())
        if not rising or edges[0] < 0 or edges[-1] > FARTHEST_M:
            raise CannotCompute("Distance bands need edges in metres that start at 0 or above and rise.")
        if self.closed not in ("left", "right"):
            raise CannotCompute(f"Bands are closed on the left or on the right, not “{self.closed}”.")

    @property
    def own_place(self) -> bool:
        """Whether the first band is distance 0 alone."""
        return self.same_place and self.closed == "right"

    @property
    def labels(self) -> tuple[str, ...]:
        pairs = list(zip(self.edges_m[:-1], self.edges_m[1:], strict=True))
        if self.closed == "left":
            return tuple(f"{low:g} to under {high:g} m" for low, high in pairs)
        spans = [f"over {low:g} to {high:g} m" for low, high in pairs]
        if self.own_place:
            return (SAME_PLACE, *spans)
        return (f"0 to {pairs[0][1]:g} m", *spans[1:]) if pairs[0][0] == 0 else tuple(spans)

    def __len__(self) -> int:
        return len(self.edges_m) - 1 + self.own_place


@dataclass(frozen=True)
class Cells:
    """Events in the order of the cells they lie in (``order`` into the caller's). Partners that follow event i, within
    reach or a little beyond it: i + 1 to ``end_here[i]`` and ``start_above[i]`` to ``end_above[i]``.
    """

    order: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    end_here: NDArray[np.int64]
    start_above: NDArray[np.int64]
    end_above: NDArray[np.int64]

    @property
    def runs(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """What the kernels walk along."""
        return self.end_here, self.start_above, self.end_above

    @property
    def candidates(self) -> NDArray[np.int64]:
        """Partners to be looked at for each event."""
        return self.end_here - np.arange(1, len(self.x) + 1) + self.end_above - self.start_above


@dataclass(frozen=True)
class PairTally:
    """``degree`` int32 (bands, n): partners of each event in each band, on either side; ``ahead``, of these, the ones
    later in the order of the cells; ``close`` int64 (bands, time bands): pairs by distance and time.
    """

    degree: NDArray[np.int32]
    ahead: NDArray[np.int32]
    close: NDArray[np.int64]

    @property
    def pairs(self) -> int:
        return int(self.ahead.sum(dtype=np.int64))


@dataclass(frozen=True)
class Neighbours:
    """The pairs of events ``first`` .. with partners later in the order of the cells, as compressed rows.

    ``starts`` int64 (bands, events + 1) into ``other`` int32 (pairs), each partner's place in the order.
    """

    first: int
    starts: NDArray[np.int64]
    other: NDArray[np.int32]


def into_cells(x: NDArray[np.float64], y: NDArray[np.float64], reach: float) -> Cells:
    """Sort events by cell. CannotCompute for positions that are no numbers or beyond the earth."""
    if not len(x) or not (np.abs(x).max() <= FARTHEST_M and np.abs(y).max() <= FARTHEST_M):
        raise CannotCompute("Near repeats need events, each with a position in metres that can be on this earth.")
    # A little wider than the reach, so that rounding cannot put a pair exactly that far apart two cells away.
    size = max(reach * 1.000001 + 1e-6, float(np.ptp(x)) / MOST_COLUMNS, float(np.ptp(y)) / MOST_COLUMNS)
    column = ((x - x.min()) // size).astype(np.int64)
    row = ((y - y.min()) // size).astype(np.int64)
    width = int(column.max()) + 2  # one column always empty, so that no row runs into the next
    cell = row * width + column
    order = np.argsort(cell, kind="stable")
    cell = cell[order]
    return Cells(
        order=order,
        x=x[order],
        y=y[order],
        end_here=np.searchsorted(cell, cell + 1, "right"),
        start_above=np.searchsorted(cell, cell + width - 1, "left"),
        end_above=np.searchsorted(cell, cell + width + 1, "right"),
    )


def tally_pairs(
    cells: Cells,
    bands: DistanceBands,
    *,
    day: NDArray[np.int64] | None = None,
    limits: NDArray[np.int64] | None = None,
    metric: str = EUCLIDEAN,
    threads: int | None = None,
) -> PairTally:
    """Count the pairs in one pass, keeping none. Each thread has its own degrees and counts, added at the end.

    ``day`` stands in the order of ``cells``; ``limits`` are rising day limits, the first 0. Memory: 8 bytes for each
    event and band, and 4 more for each thread.
    """
    n, rule = len(cells.x), _rule(bands, metric)
    ahead = np.zeros((len(bands), n), np.int32)
    days = np.zeros(0, np.int64) if day is None else day
    ends = np.zeros(1, np.int64) if limits is None else limits

    def part(first: int, last: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        degree = np.zeros((len(bands), n), np.int32)
        close = np.zeros((len(bands), len(ends) - 1), np.int64)
        _count_pairs(cells.x, cells.y, days, *cells.runs, first, last, *rule, ends, ahead, degree, close)
        return degree, close

    parts = _in_threads(part, 0, cells.candidates, threads)
    degree, close = parts[0]
    for more_degree, more_close in parts[1:]:
        degree += more_degree
        close += more_close
    return PairTally(degree=degree, ahead=ahead, close=close)


def neighbour_blocks(
    cells: Cells,
    bands: DistanceBands,
    ahead: NDArray[np.int32],
    *,
    metric: str = EUCLIDEAN,
    threads: int | None = None,
    pairs_at_once: int = PAIRS_AT_ONCE,
) -> Iterator[Neighbours]:
    """All pairs, a block of events at a time, so that memory stays bounded: 4 bytes a pair of the block.

    ``ahead`` is what tally_pairs counted. A block holds at least one event, so it may pass ``pairs_at_once`` by that.
    """
    rule, candidates = _rule(bands, metric), cells.candidates
    so_far = np.cumsum(ahead.sum(0, dtype=np.int64))
    first, n = 0, len(cells.x)
    while first < n:
        before = int(so_far[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(so_far, before + pairs_at_once, "right")))
        yield _block(cells, rule, ahead[:, first:last], candidates[first:last], first, threads)
        first = last


def _block(
    cells: Cells,
    rule: tuple[Any, ...],
    ahead: NDArray[np.int32],
    candidates: NDArray[np.int64],
    first: int,
    threads: int | None,
) -> Neighbours:
    starts = _row_starts(ahead)
    other = np.empty(int(starts[-1, -1]), np.int32)
    place = starts[:, :-1].copy()

    def fill(start: int, end: int) -> None:
        _fill_pairs(cells.x, cells.y, *cells.runs, first, start, end, *rule, place, other)

    _in_threads(fill, first, candidates, threads)
    return Neighbours(first=first, starts=starts, other=other)


def _rule(bands: DistanceBands, metric: str) -> tuple[Any, ...]:
    if metric not in METRICS:
        raise CannotCompute(f"The distance “{metric}” is not known. Use {' or '.join(METRICS)}.")
    return np.asarray(bands.edges_m, np.float64), metric == MANHATTAN, bands.closed == "right", bands.own_place


def _in_threads(
    work: Callable[[int, int], Any], first: int, candidates: NDArray[np.int64], threads: int | None
) -> list[Any]:
    """``work(first, last)`` over runs of events with like numbers of partners to look at; answers in their order."""
    so_far = np.cumsum(candidates + 1)
    parts = min(threads or os.cpu_count() or 1, len(candidates))
    shares = so_far[-1] * np.arange(1, parts) / parts
    cut = [first, *(first + np.searchsorted(so_far, shares)).tolist(), first + len(candidates)]
    with ThreadPoolExecutor(parts) as pool:
        return list(pool.map(work, cut[:-1], cut[1:]))


def _row_starts(ahead: NDArray[np.int32]) -> NDArray[np.int64]:
    bands, n = ahead.shape
    flat = np.concatenate(([0], np.cumsum(ahead.ravel(), dtype=np.int64)))
    return np.stack([flat[band * n : band * n + n + 1] for band in range(bands)])


@inlined
def _band_of(dx: float, dy: float, edges: Any, manhattan: bool, right: bool, own_place: bool) -> int:
    """Band of a distance, or -1. Roots are compared, not squares: the root of a whole square is exact, which whole
    metres need.
    """
    last = edges.shape[0] - 1
    far = edges[last]
    if manhattan:
        d = abs(dx) + abs(dy)
    else:
        squared = dx * dx + dy * dy
        if squared > far * far * 1.000001:
            return -1
        d = np.sqrt(squared)
    if own_place and d == 0.0:
        return 0
    if d > far or d < edges[0]:
        return -1
    if right:
        if d == edges[0] and d > 0.0:
            return -1
        e = max(1, min(last, int(d / far * last)))  # a first guess, right when bands are equal
        while d > edges[e]:
            e += 1
        while e > 1 and d <= edges[e - 1]:
            e -= 1
        return e if own_place else e - 1
    if d >= far:
        return -1
    e = max(1, min(last, int(d / far * last)))
    while d >= edges[e]:
        e += 1
    while e > 1 and d < edges[e - 1]:
        e -= 1
    return e - 1


@kernel
def _count_pairs(
    x: Any, y: Any, day: Any, end_here: Any, start_above: Any, end_above: Any, first: int, last: int, edges: Any,
    manhattan: bool, right: bool, own_place: bool, limits: Any, ahead: Any, degree: Any, close: Any,
) -> None:  # fmt: skip
    timed = day.shape[0] > 0
    for i in range(first, last):
        for run in range(2):
            start, end = (i + 1, end_here[i]) if run == 0 else (start_above[i], end_above[i])
            for j in range(start, end):
                band = _band_of(x[i] - x[j], y[i] - y[j], edges, manhattan, right, own_place)
                if band < 0:
                    continue
                degree[band, i] += 1
                degree[band, j] += 1
                ahead[band, i] += 1
                if timed:
                    apart = abs(day[i] - day[j])
                    if apart < limits[-1]:
                        t = 0
                        while apart >= limits[t + 1]:
                            t += 1
                        close[band, t] += 1


@kernel
def _fill_pairs(
    x: Any, y: Any, end_here: Any, start_above: Any, end_above: Any, block: int, first: int, last: int, edges: Any,
    manhattan: bool, right: bool, own_place: bool, place: Any, other: Any,
) -> None:  # fmt: skip
    for i in range(first, last):
        for run in range(2):
            start, end = (i + 1, end_here[i]) if run == 0 else (start_above[i], end_above[i])
            for j in range(start, end):
                band = _band_of(x[i] - x[j], y[i] - y[j], edges, manhattan, right, own_place)
                if band >= 0:
                    other[place[band, i - block]] = j
                    place[band, i - block] += 1
