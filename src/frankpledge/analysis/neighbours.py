"""Pairs of events near each other in space, found once and kept small: the ground of every near-repeat method.

Events are sorted into square cells as wide as the farthest distance asked about, so only neighbouring cells are
searched and the cost grows with the pairs there are, not with events squared. The kernels are compiled by Numba at
first use and cached.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from frankpledge.vocabulary.errors import CannotCompute

EUCLIDEAN, MANHATTAN = "euclidean", "manhattan"
METRICS = (EUCLIDEAN, MANHATTAN)
MOST_PAIRS = 2_000_000_000  # four bytes each


@dataclass(frozen=True)
class DistanceBands:
    """Edges in metres, rising. ``closed`` says which end of each band belongs to it; ``same_place`` gives distance 0
    a band
    of its own in front (right-closed bands only: {0}, (0, e1], (e1, e2] ...)."""

    edges_m: tuple[float, ...]
    closed: str = "right"
    same_place: bool = True

    def __post_init__(self) -> None:
        edges = np.asarray(self.edges_m)
        if len(edges) < 2 or np.any(np.diff(edges) <= 0) or edges[0] < 0:
            raise CannotCompute("Distance bands need edges that start at 0 or above and rise.")

    @property
    def labels(self) -> tuple[str, ...]:
        pairs = list(zip(self.edges_m[:-1], self.edges_m[1:], strict=True))
        if self.closed == "left":
            return tuple(f"{low:g} to under {high:g} m" for low, high in pairs)
        spans = [f"over {low:g} to {high:g} m" for low, high in pairs]
        if self.same_place:
            return ("same place", *spans)
        return (f"0 to {pairs[0][1]:g} m", *spans[1:])

    def __len__(self) -> int:
        return len(self.edges_m) - 1 + (1 if self.same_place and self.closed == "right" else 0)


@dataclass(frozen=True)
class Neighbours:
    """Unordered pairs by band, as compressed rows. ``order`` sorts the caller's events into the order of the rows.

    ``starts`` int64 (bands, n + 1) into ``other`` int32 (pairs): the partners, later in the order, of each event.
    ``degree`` int32 (bands, n): partners of each event in each band, on either side.
    """

    order: NDArray[np.int64]
    starts: NDArray[np.int64]
    other: NDArray[np.int32]
    degree: NDArray[np.int32]

    @property
    def pairs(self) -> int:
        return len(self.other)


@dataclass(frozen=True)
class Cells:
    """Events sorted into square cells at least as wide as the farthest distance asked about."""

    order: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    starts: NDArray[np.int64]
    columns: int
    rows: int


def find_neighbours(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    bands: DistanceBands,
    *,
    metric: str = EUCLIDEAN,
    threads: int | None = None,
) -> Neighbours:
    """All pairs of events whose distance falls in one of ``bands``. Memory: 4 bytes a pair, 12 bytes an event and
    band.
    """
    cells, rule = into_cells(x, y, bands.edges_m[-1]), _rule(bands, metric)
    n = len(cells.x)
    counts = np.zeros((len(bands), n), np.int64)
    degree, _ = _tally(cells, rule, len(bands), counts=counts, threads=threads)
    total = int(counts.sum())
    if total > MOST_PAIRS:
        raise CannotCompute(
            f"There are {total:,} pairs within {bands.edges_m[-1]:g} m. Use a shorter distance or fewer events."
        )
    starts = _row_starts(counts)
    other = np.empty(total, np.int32)
    place = np.ascontiguousarray(starts[:, :-1])

    def fill(first: int, last: int) -> None:
        _fill_pairs(cells.x, cells.y, cells.starts, cells.columns, cells.rows, first, last, *rule, place, other)

    _in_threads(fill, cells.rows, threads)
    return Neighbours(order=cells.order, starts=starts, other=other, degree=degree)


def tally_pairs(
    cells: Cells,
    day: NDArray[np.int64],
    bands: DistanceBands,
    limits: NDArray[np.int64],
    *,
    metric: str = EUCLIDEAN,
    threads: int | None = None,
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Degrees int32 (bands, n) and pair counts int64 (bands, time bands) in one pass, keeping no pair.

    ``day`` stands in the order of ``cells``; ``limits`` are rising day limits, the first 0.
    """
    return _tally(cells, _rule(bands, metric), len(bands), day=day, limits=limits, threads=threads)


def into_cells(x: NDArray[np.float64], y: NDArray[np.float64], reach: float) -> Cells:
    """Sort by cell; cells never outnumber events by much, however far apart the events lie."""
    size = max(float(reach), (np.ptp(x) + 1) / 3000, (np.ptp(y) + 1) / 3000, 1e-9)
    column = ((x - x.min()) // size).astype(np.int64)
    row = ((y - y.min()) // size).astype(np.int64)
    columns, rows = int(column.max()) + 1, int(row.max()) + 1
    cell = row * columns + column
    order = np.argsort(cell, kind="stable")
    starts = np.searchsorted(cell[order], np.arange(columns * rows + 1))
    return Cells(order, x[order], y[order], starts, columns, rows)


def _rule(bands: DistanceBands, metric: str) -> tuple[Any, ...]:
    if metric not in METRICS:
        raise CannotCompute(f"The distance “{metric}” is not known. Use {' or '.join(METRICS)}.")
    right = bands.closed == "right"
    return np.asarray(bands.edges_m, np.float64), metric == MANHATTAN, right, bands.same_place and right


def _tally(
    cells: Cells,
    rule: tuple[Any, ...],
    bands: int,
    *,
    counts: NDArray[np.int64] | None = None,
    day: NDArray[np.int64] | None = None,
    limits: NDArray[np.int64] | None = None,
    threads: int | None = None,
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """One pass over the pairs. Each thread has its own degrees and counts, added at the end in a fixed order."""
    n = len(cells.x)
    counts = np.zeros((bands, 0), np.int64) if counts is None else counts
    days = np.zeros(0, np.int64) if day is None else day
    ends = np.zeros(1, np.int64) if limits is None else limits

    def part(first: int, last: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        degree = np.zeros((bands, n), np.int32)
        close = np.zeros((bands, len(ends) - 1), np.int64)
        _count_pairs(
            cells.x,
            cells.y,
            days,
            cells.starts,
            cells.columns,
            cells.rows,
            first,
            last,
            *rule,
            ends,
            counts,
            degree,
            close,
        )
        return degree, close

    parts = _in_threads(part, cells.rows, threads)
    return sum(p[0] for p in parts), sum(p[1] for p in parts)  # type: ignore[return-value]


def _in_threads(work: Callable[[int, int], Any], rows: int, threads: int | None) -> list[Any]:
    """``work(first, last)`` over runs of rows, in as many threads as asked for; the kernels let go of the
    interpreter.
    """
    cut = np.linspace(0, rows, min(threads or os.cpu_count() or 1, rows) + 1).astype(int)
    with ThreadPoolExecutor(len(cut) - 1) as pool:
        return list(pool.map(work, cut[:-1], cut[1:]))


def _row_starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    bands, n = counts.shape
    flat = np.concatenate(([0], np.cumsum(counts.ravel())))
    return np.stack([flat[band * n : band * n + n + 1] for band in range(bands)])


@nb.njit(cache=True, nogil=True, inline="always")
def _band_of(dx: float, dy: float, edges: Any, manhattan: bool, right: bool, same_place: bool) -> int:
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
    if d > far or d < edges[0]:
        return -1
    if right:
        if d == 0.0 and same_place:
            return 0
        if d == edges[0] and (same_place or edges[0] > 0.0):
            return -1
        e = max(1, min(last, int(d / far * last)))  # a first guess, right when bands are equal
        while d > edges[e]:
            e += 1
        while e > 1 and d <= edges[e - 1]:
            e -= 1
        return e if same_place else e - 1
    if d >= far:
        return -1
    e = max(1, min(last, int(d / far * last)))
    while d >= edges[e]:
        e += 1
    while e > 1 and d < edges[e - 1]:
        e -= 1
    return e - 1


@nb.njit(cache=True, nogil=True)
def _count_pairs(
    x: Any, y: Any, day: Any, cells: Any, columns: int, rows: int, first_row: int, last_row: int, edges: Any,
    manhattan: bool, right: bool, same_place: bool, limits: Any, counts: Any, degree: Any, close: Any,
) -> None:  # fmt: skip
    keep, timed = counts.shape[1] > 0, day.shape[0] > 0
    for r in range(first_row, last_row):
        for c in range(columns):
            own = r * columns + c
            for i in range(cells[own], cells[own + 1]):
                for q in range(5):  # own cell, then the four neighbours that come after it
                    rr = r + (1 if q > 1 else 0)
                    cc = c if q == 0 else c + 1 if q == 1 else c + q - 3
                    if rr >= rows or cc < 0 or cc >= columns:
                        continue
                    near = rr * columns + cc
                    start = i + 1 if q == 0 else cells[near]
                    for j in range(start, cells[near + 1]):
                        band = _band_of(x[i] - x[j], y[i] - y[j], edges, manhattan, right, same_place)
                        if band < 0:
                            continue
                        degree[band, i] += 1
                        degree[band, j] += 1
                        if keep:
                            counts[band, i] += 1
                        if timed:
                            apart = abs(day[i] - day[j])
                            if apart < limits[-1]:
                                t = 0
                                while apart >= limits[t + 1]:
                                    t += 1
                                close[band, t] += 1


@nb.njit(cache=True, nogil=True)
def _fill_pairs(
    x: Any, y: Any, cells: Any, columns: int, rows: int, first_row: int, last_row: int, edges: Any,
    manhattan: bool, right: bool, same_place: bool, place: Any, other: Any,
) -> None:  # fmt: skip
    for r in range(first_row, last_row):
        for c in range(columns):
            own = r * columns + c
            for i in range(cells[own], cells[own + 1]):
                for q in range(5):
                    rr = r + (1 if q > 1 else 0)
                    cc = c if q == 0 else c + 1 if q == 1 else c + q - 3
                    if rr >= rows or cc < 0 or cc >= columns:
                        continue
                    near = rr * columns + cc
                    start = i + 1 if q == 0 else cells[near]
                    for j in range(start, cells[near + 1]):
                        band = _band_of(x[i] - x[j], y[i] - y[j], edges, manhattan, right, same_place)
                        if band >= 0:
                            other[place[band, i]] = j
                            place[band, i] += 1
