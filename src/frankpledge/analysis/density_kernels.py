"""The compiled sums of kernel density over a grid: products of two Gaussian factors, and the quartic kernel
K(d) = 3 / (pi h^2) (1 - d^2 / h^2)^2 within h.

Each thread sums its own rows, so the answer is the same for any number of threads; threads of our own wait without
spinning, which a matrix library's do not when the machine is busy.
"""

import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankpledge.analysis.kernels import kernel


def in_row_threads(work: Callable[[int, int], None], rows: int) -> None:
    """``work(first, last)`` over as many runs of rows as there are processors."""
    cut = np.linspace(0, rows, min(os.cpu_count() or 1, rows) + 1).astype(np.int64)
    with ThreadPoolExecutor(len(cut) - 1) as pool:
        list(pool.map(work, cut[:-1], cut[1:]))


def add_products(
    density: NDArray[np.float64],
    up: NDArray[np.float64],
    across: NDArray[np.float64],
    up_window: NDArray[np.int64],
    across_window: NDArray[np.int64],
) -> None:
    """Add ``up[i, r] * across[i, c]`` of every event i to ``density[r, c]``, within its windows (events, 2) of rows and
    columns.
    """

    def part(first: int, last: int) -> None:
        _add_products(density, up, across, up_window, across_window, first, last)

    in_row_threads(part, density.shape[0])


@kernel
def _add_products(
    density: Any, up: Any, across: Any, up_window: Any, across_window: Any, first: int, last: int
) -> None:
    for i in range(up.shape[0]):
        left, right = across_window[i, 0], across_window[i, 1]
        bell, width = across[i, left:right], right - left
        for r in range(max(first, up_window[i, 0]), min(last, up_window[i, 1])):
            factor, row = up[i, r], density[r, left:right]
            for c in range(width):  # over whole rows from nought, which compiles to vector instructions
                row[c] += factor * bell[c]


@kernel
def mass_inside(up: Any, across: Any, up_window: Any, across_window: Any, inside: Any, seen: Any) -> None:
    """Sum of ``up[i, r] * across[i, c]`` over the cells inside, into ``seen`` (events,)."""
    for i in range(up.shape[0]):
        total = 0.0
        for r in range(up_window[i, 0], up_window[i, 1]):
            row = 0.0
            for c in range(across_window[i, 0], across_window[i, 1]):
                if inside[r, c]:
                    row += across[i, c]
            total += up[i, r] * row
        seen[i] = total


def quartic_sum(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    weight: NDArray[np.float64],
    *,
    west: float,
    south: float,
    cell_m: float,
    inside: NDArray[np.bool_],
    bandwidth_m: float,
    renormalise: bool,
) -> NDArray[np.float64]:
    """Density (rows, columns), events per square metre, at the centres of the cells that are ``inside``.

    ``renormalise``: each event's kernel sums to its weight over the inside cells; one that reaches no centre keeps its
    mass in its own cell.
    """
    order = np.argsort(y, kind="stable")
    xs, ys, ws = x[order], y[order], weight[order]
    if renormalise:
        scale = np.empty(len(xs))
        _scales(xs, ys, ws, west, south, cell_m, inside, bandwidth_m, scale)
    else:
        scale = ws * (3 / (math.pi * bandwidth_m**2))
    density = np.zeros(inside.shape)
    rows = inside.shape[0]

    def part(first: int, last: int) -> None:
        low = np.searchsorted(ys, south + first * cell_m - bandwidth_m)
        high = np.searchsorted(ys, south + last * cell_m + bandwidth_m)
        _add(
            xs[low:high], ys[low:high], scale[low:high], west, south, cell_m, inside, bandwidth_m, first, last, density
        )

    in_row_threads(part, rows)
    if renormalise:
        _add_own_cell(xs, ys, ws, scale, west, south, cell_m, inside, density)
    return density


@kernel
def _add(
    x: Any, y: Any, scale: Any, west: float, south: float, cell: float, inside: Any, h: float,
    first: int, last: int, density: Any,
) -> None:  # fmt: skip
    columns = inside.shape[1]
    for i in range(x.shape[0]):
        left = max(0, math.ceil((x[i] - h - west) / cell - 0.5))
        right = min(columns - 1, math.floor((x[i] + h - west) / cell - 0.5))
        low = max(first, math.ceil((y[i] - h - south) / cell - 0.5))
        high = min(last - 1, math.floor((y[i] + h - south) / cell - 0.5))
        for r in range(low, high + 1):
            v = (south + (r + 0.5) * cell - y[i]) / h
            for c in range(left, right + 1):
                u = (west + (c + 0.5) * cell - x[i]) / h
                rest = 1.0 - u * u - v * v
                if rest > 0.0 and inside[r, c]:
                    density[r, c] += scale[i] * rest * rest


@kernel
def _scales(
    x: Any, y: Any, weight: Any, west: float, south: float, cell: float, inside: Any, h: float, scale: Any
) -> None:
    """What each event's kernel is multiplied by; nought where it reaches no centre."""
    rows, columns = inside.shape
    for i in range(x.shape[0]):
        left = max(0, math.ceil((x[i] - h - west) / cell - 0.5))
        right = min(columns - 1, math.floor((x[i] + h - west) / cell - 0.5))
        low = max(0, math.ceil((y[i] - h - south) / cell - 0.5))
        high = min(rows - 1, math.floor((y[i] + h - south) / cell - 0.5))
        seen = 0.0
        for r in range(low, high + 1):
            v = (south + (r + 0.5) * cell - y[i]) / h
            for c in range(left, right + 1):
                u = (west + (c + 0.5) * cell - x[i]) / h
                rest = 1.0 - u * u - v * v
                if rest > 0.0 and inside[r, c]:
                    seen += rest * rest
        scale[i] = weight[i] / (seen * cell * cell) if seen > 0.0 else 0.0


@kernel
def _add_own_cell(
    x: Any, y: Any, weight: Any, scale: Any, west: float, south: float, cell: float, inside: Any, density: Any
) -> None:
    rows, columns = inside.shape
    for i in range(x.shape[0]):
        if scale[i] == 0.0:
            r, c = math.floor((y[i] - south) / cell), math.floor((x[i] - west) / cell)
            if 0 <= r < rows and 0 <= c < columns and inside[r, c]:
                density[r, c] += weight[i] / (cell * cell)
