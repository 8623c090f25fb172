"""Local Gi*: which cells have more events around them than the study area as a whole would give, and by how much.

The weights are binary: a cell, itself included, and the cells around it. Sums over a window of squares come
from adding shifted rows, then shifted columns, so they are exact and their cost grows with the reach, not with its
square. Cells at the edge have fewer neighbours, and the variance is
that of as many as they have. p is two-sided, from the normal law; cells are called hot or cold only after Benjamini
and Hochberg's correction for testing many.
Sources: Getis A, Ord J (1992) Geographical Analysis 24:189-206; Ord J, Getis A (1995) Geographical Analysis
27:286-306; Caldas de Castro M, Singer B (2006) Geographical Analysis 38:180-208 (many tests).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from frankpledge.analysis.funnel import benjamini_hochberg
from frankpledge.analysis.grids import CellCounts, HexagonGrid, SquareGrid
from frankpledge.analysis.results import Result, Table
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

LEVEL = 0.05
FEW_CELLS = 30
FEW_EXPECTED = 10.0  # events a window; with fewer, counts are skewed and the normal law raises false alarms


@dataclass(frozen=True, kw_only=True)
class HotCells(Result):
    """Gi* of every cell, float64 (rows, columns), row 0 south; NaN in the arrays (None in dicts) outside the study
    area.

    ``p`` two-sided; ``adjusted_p`` after Benjamini and Hochberg. ``n`` is the number of events.
    """

    grid: SquareGrid | HexagonGrid
    reach_cells: int
    z: NDArray[np.float64]
    p: NDArray[np.float64]
    adjusted_p: NDArray[np.float64]
    level: float

    @property
    def hot(self) -> NDArray[np.bool_]:
        """Cells above the mean beyond chance, the false discovery rate held at ``level``."""
        return (self.adjusted_p <= self.level) & (self.z > 0)

    @property
    def cold(self) -> NDArray[np.bool_]:
        return (self.adjusted_p <= self.level) & (self.z < 0)

    @property
    def significant(self) -> int:
        """Cells with an uncorrected two-sided p under ``level``, as most programs count them."""
        return int((self.p < self.level).sum())

    def sentence(self) -> Phrase:
        hot, cold = int(self.hot.sum()), int(self.cold.sum())
        return Phrase(
            "{hot} of {cells} cells are hot and {cold} cold with at most {level} % false alarms among them (highest z "
            "{z}); without that correction {loose} would be called different.",
            hot=whole(hot),
            cells=whole(self.grid.cells),
            cold=whole(cold),
            level=f"{100 * self.level:g}",
            z=decimal(float(np.nanmax(self.z)), 2),
            loose=whole(self.significant),
        )

    def table(self) -> Table:
        row, column = np.nonzero(np.isfinite(self.z))
        return Table(
            ("row", "column", "z", "p", "adjusted p", "hot", "cold"),
            tuple(
                (int(r), int(c), float(self.z[r, c]), float(self.p[r, c]), float(self.adjusted_p[r, c]),
                 bool(self.hot[r, c]), bool(self.cold[r, c]))
                for r, c in zip(row, column, strict=True)
            ),
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        return {
            "shape": list(self.grid.shape),
            "cell": self.grid.cell_m if isinstance(self.grid, SquareGrid) else self.grid.width_m,
            "origin": [self.grid.west, self.grid.south],
            "reach_cells": self.reach_cells,
            "max": float(np.nanmax(self.z)),
            "min": float(np.nanmin(self.z)),
            "significant": self.significant,
            "level": self.level,
            "hot": int(self.hot.sum()),
            "cold": int(self.cold.sum()),
            "z": _or_none(self.z),
            "p": _or_none(self.p),
            "adjusted_p": _or_none(self.adjusted_p),
            **self.provenance(),
        }


def hot_cells(counts: CellCounts, *, reach_cells: int = 1, level: float = LEVEL) -> HotCells:
    """Gi* of counts on squares (a window of ``reach_cells`` cells each way) or on hexagons (the six around).

    Raises CannotCompute when all cells hold the same, when there are too few, or when the window covers everything.
    """
    if not 0 < level < 1:
        raise CannotCompute(f"The level must lie between 0 and 1; it is {level:g}.")
    grid = counts.grid
    if isinstance(grid, SquareGrid):
        z = square_gi_star(counts.counts.astype(np.float64), grid.inside, reach_cells=reach_cells)
        around = f"queen neighbours within {reach_cells} {'cell' if reach_cells == 1 else 'cells'} and itself"
        window = (2 * reach_cells + 1) ** 2
    else:
        z = gi_star(counts.counts.ravel(), _with_self(grid.neighbours, grid.cells)).reshape(grid.shape)
        around, window = "the six hexagons around and itself", 7
    known = np.isfinite(z)
    p, adjusted = np.full(z.shape, np.nan), np.full(z.shape, np.nan)
    p[known] = two_sided(z[known])
    adjusted[known] = benjamini_hochberg(p[known])
    return HotCells(
        n=counts.n,
        method=f"Gi*, binary weights, {around}; two-sided normal p, Benjamini-Hochberg",
        batches=counts.batches,
        doubts=(*counts.doubts, *_doubts(counts.n, grid.cells, window)),
        grid=grid,
        reach_cells=reach_cells,
        z=z,
        p=p,
        adjusted_p=adjusted,
        level=level,
    )


def square_gi_star(
    values: NDArray[np.float64], inside: NDArray[np.bool_] | None = None, *, reach_cells: int = 1
) -> NDArray[np.float64]:
    """z of Gi* on squares: float64 (rows, columns), NaN outside. Windows are cut off at the edge of the study area."""
    if reach_cells < 1:
        raise CannotCompute("A window must reach at least one cell each way.")
    mask = np.ones(values.shape, bool) if inside is None else inside
    within = np.where(mask, values, 0.0)
    members = _cells_in_windows(values.shape, inside, reach_cells)
    return _z(window_sums(within, reach_cells), members, within[mask], mask)


def window_sums(values: NDArray[np.float64], reach_cells: int) -> NDArray[np.float64]:
    """Sum over the square window round every cell, cut off at the edges, of the last two axes of ``values``."""
    for axis in (-1, -2):
        values = _run_sums(values, reach_cells, axis)
    return values


def _run_sums(values: NDArray[np.float64], reach: int, axis: int) -> NDArray[np.float64]:
    """Sums of ``2 reach + 1`` neighbours along an axis: by adding shifted copies, exact for whole numbers."""
    along = np.moveaxis(values, axis, -1)
    length = along.shape[-1]
    total = along.copy()
    for step in range(1, min(reach, length - 1) + 1):
        total[..., step:] += along[..., :-step]
        total[..., :-step] += along[..., step:]
    return np.moveaxis(total, -1, axis)


def _cells_in_windows(shape: tuple[int, ...], inside: NDArray[np.bool_] | None, reach: int) -> NDArray[np.float64]:
    if inside is not None:
        return window_sums(inside.astype(np.float64), reach)
    rows, columns = (np.minimum(np.arange(n) + reach, n - 1) - np.maximum(np.arange(n) - reach, 0) + 1.0 for n in shape)
    return np.outer(rows, columns)


def _z(
    sums: NDArray[np.float64], members: NDArray[np.float64], values: NDArray[np.float64], mask: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """(S - mean W) / (s sqrt((n W - W^2) / (n - 1))): for binary weights the sum of squares of the weights is W."""
    n = values.size
    if n < 3:
        raise CannotCompute("Gi* needs at least three cells.")
    mean = values.mean()
    spread = float(np.sqrt(np.maximum((values * values).mean() - mean * mean, 0.0)))
    if not spread > 1e-12 * max(abs(mean), 1.0):
        raise CannotCompute("Every cell holds the same, so none can stand out.")
    if members[mask].max() >= n:
        raise CannotCompute("The window covers the whole study area. Use smaller cells or a shorter reach.")
    variance = members * (n - members)
    variance *= spread * spread / (n - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (sums - mean * members) / np.sqrt(variance)
    if not mask.all():
        z[~mask] = np.nan
    return z


def gi_star(values: NDArray[Any], pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """z of Gi* for any places: ``pairs`` int64 (links, 2) of place and neighbour, each place among its own.

    A place without itself among its neighbours is refused: that would be another statistic.
    """
    value = np.asarray(values, np.float64)
    if len(set(pairs[pairs[:, 0] == pairs[:, 1], 0].tolist())) != value.size:
        raise CannotCompute("Gi* counts every place among its own neighbours. Add each place to its own list.")
    members = np.bincount(pairs[:, 0], minlength=value.size).astype(np.float64)
    sums = np.bincount(pairs[:, 0], weights=value[pairs[:, 1]], minlength=value.size).astype(np.float64)
    return _z(sums, members, value, np.ones(value.size, bool))


def gi(values: NDArray[Any], pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """z of Gi, the place itself left out of its sum, the mean and the deviation; NaN for a place without neighbours."""
    value = np.asarray(values, np.float64)
    n = value.size
    if n < 4:
        raise CannotCompute("Gi needs at least four places.")
    others = pairs[pairs[:, 0] != pairs[:, 1]]
    members = np.bincount(others[:, 0], minlength=n).astype(np.float64)
    sums = np.bincount(others[:, 0], weights=value[others[:, 1]], minlength=n)
    mean = (value.sum() - value) / (n - 1)
    spread = ((value * value).sum() - value * value) / (n - 1) - mean * mean
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (sums - mean * members) / np.sqrt(spread * members * (n - 1 - members) / (n - 2))
    return np.where((members > 0) & (members < n - 1), z, np.nan)


def pairs_within(x: NDArray[np.float64], y: NDArray[np.float64], within_m: float) -> NDArray[np.int64]:
    """Places at most ``within_m`` metres apart, each pair both ways round and each place with itself: int64 (links,
    2).
    """
    from scipy.spatial import cKDTree

    found = cKDTree(np.column_stack([x, y])).query_pairs(within_m, output_type="ndarray").astype(np.int64)
    return _with_self(np.concatenate([found, found[:, ::-1]]), len(x))


def _with_self(pairs: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    own = np.repeat(np.arange(n, dtype=np.int64), 2).reshape(n, 2)
    return np.concatenate([own, pairs])


def global_g(values: NDArray[Any], pairs: NDArray[np.int64]) -> tuple[float, float, float]:
    """Getis and Ord's general G over pairs of different places, its z, and the two-sided p.

    Raises CannotCompute for a negative value: G compares sizes of sums.
    """
    value = np.asarray(values, np.float64)
    if (value < 0).any():
        raise CannotCompute("General G needs values that are nought or more.")
    others = pairs[pairs[:, 0] != pairs[:, 1]]
    n = float(value.size)
    s0, s1, s2 = _weight_sums(others, value.size)
    m1, m2, m3, m4 = (float((value**k).sum()) for k in (1, 2, 3, 4))
    both = m1 * m1 - m2
    if n < 4 or both <= 0:
        raise CannotCompute("General G needs at least four places and two that are above nought.")
    found = float((value[others[:, 0]] * value[others[:, 1]]).sum()) / both
    mean = s0 / (n * (n - 1))
    b0 = (n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0
    b1 = -((n * n - n) * s1 - 2 * n * s2 + 6 * s0 * s0)
    b2 = -(2 * n * s1 - (n + 3) * s2 + 6 * s0 * s0)
    b3 = 4 * (n - 1) * s1 - 2 * (n + 1) * s2 + 8 * s0 * s0
    b4 = s1 - s2 + s0 * s0
    moment = b0 * m2 * m2 + b1 * m4 + b2 * m1 * m1 * m2 + b3 * m1 * m3 + b4 * m1**4
    variance = moment / (both * both * n * (n - 1) * (n - 2) * (n - 3)) - mean * mean
    if variance <= 0:
        raise CannotCompute("Every arrangement gives the same general G, so nothing can be said.")
    z = (found - mean) / variance**0.5
    return found, float(z), float(2 * ndtr(-abs(z)))


def _weight_sums(pairs: NDArray[np.int64], n: int) -> tuple[float, float, float]:
    """S0, S1 and S2 of binary weights."""
    both_ways = set(map(tuple, pairs.tolist()))
    s1 = sum(2.0 if (j, i) in both_ways else 0.5 for i, j in both_ways if i != j)
    out = np.bincount(pairs[:, 0], minlength=n) + np.bincount(pairs[:, 1], minlength=n)
    return float(len(pairs)), s1, float((out.astype(np.float64) ** 2).sum())


def two_sided(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two-sided normal p."""
    return np.asarray(2 * ndtr(-np.abs(z)))


def _doubts(n: int, cells: int, window: int) -> tuple[Doubt, ...]:
    if cells >= FEW_CELLS and n / cells * window >= FEW_EXPECTED:
        return ()
    sentence = Phrase(
        "{n} events on {cells} cells: a window expects {expected}. With fewer than ten, p values come out too small; "
        "use larger cells or a longer time.",
        n=whole(n),
        cells=whole(cells),
        expected=decimal(n / cells * window, 2),
    )
    return (Doubt(DoubtKind.SMALL_NUMBERS, sentence),)


def _or_none(values: NDArray[np.float64]) -> list[list[float | None]]:
    return [[None if value != value else value for value in row] for row in values.tolist()]
