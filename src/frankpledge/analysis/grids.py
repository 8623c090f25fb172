"""Where events are counted: squares, hexagons or areas with codes, clipped to the study area.

Cells are rows of an array whose row 0 is the south. A cell holds its western and southern edges; events on the outer
northern and eastern edges of the whole belong to the last cells, so that an extent made of the lowest and highest
coordinates loses nobody.
Source of the hexagons: Birch C, Oom S, Beecham J (2007) Rectangular and hexagonal grids used for observation,
experiment and simulation in ecology, Ecological Modelling 206:347-359.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankpledge.analysis.events import Events
from frankpledge.analysis.results import Result, Table, rows_left_out
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, share, whole

MOST_CELLS = 20_000_000

Extent = tuple[float, float, float, float]
"""West, south, east and north, in metres."""


@dataclass(frozen=True, eq=False)
class SquareGrid:
    """Square cells of ``cell_m`` metres from the south-western corner ``west``, ``south``.

    ``inside`` bool (rows, columns): the cells of the study area; None when all are.
    """

    west: float
    south: float
    cell_m: float
    rows: int
    columns: int
    inside: NDArray[np.bool_] | None = None

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns

    @property
    def extent(self) -> Extent:
        return (
            self.west,
            self.south,
            self.west + self.columns * self.cell_m,
            self.south + self.rows * self.cell_m,
        )

    @property
    def cells(self) -> int:
        """Cells of the study area."""
        return self.rows * self.columns if self.inside is None else int(self.inside.sum())

    @property
    def cell_area_m2(self) -> float:
        return self.cell_m**2

    @property
    def centres_x(self) -> NDArray[np.float64]:
        """Eastings of the centres of the columns, float64 (columns,)."""
        return np.asarray(self.west + (np.arange(self.columns) + 0.5) * self.cell_m, np.float64)

    @property
    def centres_y(self) -> NDArray[np.float64]:
        """Northings of the centres of the rows from the south, float64 (rows,)."""
        return np.asarray(self.south + (np.arange(self.rows) + 0.5) * self.cell_m, np.float64)

    @property
    def mask(self) -> NDArray[np.bool_]:
        """``inside``, all True where nothing is clipped."""
        return np.ones(self.shape, bool) if self.inside is None else self.inside

    def cell_of(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
        """Flat cell number, row by row, of each position; -1 outside the extent or the study area."""
        west, south, east, north = self.extent
        column = np.minimum(np.floor((x - west) / self.cell_m), self.columns - 1).astype(np.int64)
        row = np.minimum(np.floor((y - south) / self.cell_m), self.rows - 1).astype(np.int64)
        cell = row * self.columns + column
        known = (x >= west) & (x <= east) & (y >= south) & (y <= north)
        if self.inside is not None:
            known &= self.inside.ravel()[np.where(known, cell, 0)]
        return np.where(known, cell, -1)

    def clipped(self, inside: NDArray[np.bool_]) -> "SquareGrid":
        """The same cells with only those that are True in ``inside`` (rows, columns) in the study area."""
        mask = np.asarray(inside, bool)
        if mask.shape != self.shape:
            raise CannotCompute(f"The study area is {mask.shape} cells and the grid {self.shape}; they must agree.")
        if not mask.any():
            raise CannotCompute("The study area covers no cell of the grid. Check that both are in the same metres.")
        return replace(self, inside=mask)

    def clipped_to(self, outlines: Sequence[Any]) -> "SquareGrid":
        """Keep the cells that overlap any of these Shapely polygons (outlines in the metres of the events)."""
        import shapely

        area = shapely.union_all([shapely.make_valid(outline) for outline in outlines])
        shapely.prepare(area)
        edge = self.cell_m * (0.5 - 1e-9)  # a cell that only touches the border does not overlap it
        x, y = np.meshgrid(self.centres_x, self.centres_y)
        boxes = shapely.box(x - edge, y - edge, x + edge, y + edge)
        return self.clipped(shapely.intersects(area, boxes))


@dataclass(frozen=True, eq=False)
class HexagonGrid:
    """Hexagons ``width_m`` from flat side to flat side, points to the north; odd rows stand half a width further east.

    ``west``, ``south``: the centre of the hexagon in row 0, column 0.
    """

    west: float
    south: float
    width_m: float
    rows: int
    columns: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    @property
    def cell_area_m2(self) -> float:
        return self.width_m**2 * math.sqrt(3) / 2

    @property
    def row_height_m(self) -> float:
        return self.width_m * math.sqrt(3) / 2

    @property
    def centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Eastings and northings of the centres, float64 (rows, columns) each."""
        row, column = np.indices(self.shape)
        x = self.west + (column + row % 2 / 2) * self.width_m
        return np.asarray(x, np.float64), np.asarray(self.south + row * self.row_height_m, np.float64)

    def cell_of(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
        """Flat cell number, row by row, of each position; -1 beyond the sheet.

        A hexagon is everything nearer to its centre than to another: the nearest centre among the even rows or among
        the odd ones.
        """
        u, v = (x - self.west) / self.width_m, (y - self.south) / (2 * self.row_height_m)
        even_column, even_pair = np.floor(u + 0.5), np.floor(v + 0.5)
        odd_column, odd_pair = np.floor(u), np.floor(v)
        even = (u - even_column) ** 2 + 3 * (v - even_pair) ** 2
        odd = (u - odd_column - 0.5) ** 2 + 3 * (v - odd_pair - 0.5) ** 2
        column = np.where(even <= odd, even_column, odd_column).astype(np.int64)
        row = np.where(even <= odd, 2 * even_pair, 2 * odd_pair + 1).astype(np.int64)
        known = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        return np.where(known, row * self.columns + column, -1)

    @property
    def neighbours(self) -> NDArray[np.int64]:
        """Pairs of hexagons that share a side, each pair both ways round: int64 (pairs, 2) of flat cell numbers."""
        row, column = np.indices(self.shape)
        shift = row % 2
        found = []
        for down, across in ((0, 1), (0, -1), (1, shift - 1), (1, shift), (-1, shift - 1), (-1, shift)):
            other_row, other_column = row + down, column + across
            there = (other_row >= 0) & (other_row < self.rows) & (other_column >= 0) & (other_column < self.columns)
            pair = (row * self.columns + column, other_row * self.columns + other_column)
            found.append(np.stack([pair[0][there], pair[1][there]], axis=1))
        return np.concatenate(found)


def square_grid(
    *, cell_m: float, extent: Extent | None = None, events: Events | None = None, outlines: Sequence[Any] | None = None
) -> SquareGrid:
    """Squares over ``extent`` from its south-western corner, or over the events snapped to whole multiples of the cell.

    ``outlines``: Shapely polygons of the study area. Raises CannotCompute for a cell of nought, a reversed extent or
    more than twenty million cells.
    """
    west, south, east, north = extent if extent is not None else _around(events, cell_m)
    columns, rows = _cells_along(west, east, cell_m), _cells_along(south, north, cell_m)
    _refuse_too_many(rows, columns, east - west, north - south)
    grid = SquareGrid(float(west), float(south), float(cell_m), rows, columns)
    return grid if outlines is None else grid.clipped_to(outlines)


def hexagon_grid(*, width_m: float, extent: Extent | None = None, events: Events | None = None) -> HexagonGrid:
    """A sheet of hexagons that covers the whole extent, or the events."""
    west, south, east, north = extent if extent is not None else _around(events, width_m)
    height = width_m * math.sqrt(3) / 2
    columns, rows = _cells_along(west, east, width_m) + 2, _cells_along(south, north, height) + 2
    _refuse_too_many(rows, columns, east - west, north - south)
    return HexagonGrid(float(west) - width_m / 2, float(south), float(width_m), rows, columns)


def _around(events: Events | None, cell_m: float) -> Extent:
    _check_cell(cell_m)
    if events is None or not len(events):
        raise CannotCompute("There is no event with a position to lay a grid over. Give the extent of the study area.")
    west, south = (math.floor(values.min() / cell_m) * cell_m for values in (events.x, events.y))
    east, north = ((math.floor(values.max() / cell_m) + 1) * cell_m for values in (events.x, events.y))
    return west, south, east, north


def _check_cell(cell_m: float) -> None:
    if not (math.isfinite(cell_m) and cell_m > 0):
        raise CannotCompute(f"The cell size must be a number of metres above 0; it is {cell_m:g}.")


def _cells_along(low: float, high: float, cell_m: float) -> int:
    _check_cell(cell_m)
    if not (math.isfinite(low) and math.isfinite(high) and high > low):
        raise CannotCompute(
            f"The extent runs from {low:g} to {high:g}. Give west, south, east and north in metres, lowest first."
        )
    return max(1, math.ceil((high - low) / cell_m - 1e-9))


def _refuse_too_many(rows: int, columns: int, width: float, height: float) -> None:
    if rows * columns > MOST_CELLS:
        coarsest = 10 ** math.ceil(math.log10(math.sqrt(width * height / MOST_CELLS)))
        raise CannotCompute(
            f"That would make {rows * columns:,} cells; the most is {MOST_CELLS:,}. "
            f"Use cells of {max(coarsest, 1):g} m or more, or a smaller extent."
        )


@dataclass(frozen=True, kw_only=True)
class CellCounts(Result):
    """``counts`` int64 (rows, columns) with row 0 in the south; nought outside the study area."""

    grid: SquareGrid | HexagonGrid
    counts: NDArray[np.int64]
    outside: int  # events beyond the extent or the study area

    @property
    def highest(self) -> int:
        return int(self.counts.max())

    def sentence(self) -> Phrase:
        return Phrase(
            "{n} events lie in {used} of {cells} cells; the fullest holds {highest}, and half of all lie in {half} "
            "of the cells.",
            n=whole(self.n),
            used=whole(int((self.counts > 0).sum())),
            cells=whole(self.grid.cells),
            highest=whole(self.highest),
            half=share(_cells_for_half(self.counts) / self.grid.cells),
        )

    def table(self) -> Table:
        row, column = np.nonzero(self.counts)
        return Table(
            ("row", "column", "count"),
            tuple((int(r), int(c), int(self.counts[r, c])) for r, c in zip(row, column, strict=True)),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "shape": list(self.grid.shape),
            "cell": self.grid.cell_m if isinstance(self.grid, SquareGrid) else self.grid.width_m,
            "origin": [self.grid.west, self.grid.south],
            "cells": self.grid.cells,
            "max": self.highest,
            "outside": self.outside,
            "counts": self.counts.tolist(),
            **self.provenance(),
        }


def _cells_for_half(counts: NDArray[np.int64]) -> int:
    """The fewest cells that hold half of the events."""
    ordered = np.sort(counts.ravel())[::-1].cumsum()
    return int(np.searchsorted(ordered, ordered[-1] / 2)) + 1 if ordered[-1] else 0


def count_cells(events: Events, grid: SquareGrid | HexagonGrid, *, batches: tuple[str, ...] = ()) -> CellCounts:
    """How many events lie in each cell. Those outside are counted and named, never dropped in silence."""
    cell = grid.cell_of(events.x, events.y)
    placed = cell[cell >= 0]
    counts = np.bincount(placed, minlength=grid.rows * grid.columns).reshape(grid.shape)
    outside = len(cell) - len(placed)
    shape = f"{grid.cell_m:g} m squares" if isinstance(grid, SquareGrid) else f"{grid.width_m:g} m hexagons"
    return CellCounts(
        n=len(placed),
        method=f"counts on {shape}",
        batches=batches,
        doubts=left_out_doubts(events, outside),
        grid=grid,
        counts=counts,
        outside=outside,
    )


@dataclass(frozen=True, kw_only=True)
class AreaCounts(Result):
    """How many events bear each code (of an area, a street, a premises), in the order the codes were given."""

    codes: tuple[str, ...]
    counts: NDArray[np.int64]
    unknown: int  # events whose code is not among them

    def sentence(self) -> Phrase:
        highest = int(np.argmax(self.counts))
        return Phrase(
            "{n} events lie in {used} of {areas} areas; most, {highest}, in {code}.",
            n=whole(self.n),
            used=whole(int((self.counts > 0).sum())),
            areas=whole(len(self.codes)),
            highest=whole(int(self.counts[highest])),
            code=self.codes[highest],
        )

    def table(self) -> Table:
        return Table(("code", "count"), tuple(zip(self.codes, self.counts.tolist(), strict=True)))

    def as_dict(self) -> dict[str, Any]:
        return {
            "counts": dict(zip(self.codes, self.counts.tolist(), strict=True)),
            "unknown": self.unknown,
            **self.provenance(),
        }


def count_areas(event_codes: Sequence[str], codes: Sequence[str], *, batches: tuple[str, ...] = ()) -> AreaCounts:
    """How many of ``event_codes`` are each of ``codes``: areas, street segments or premises alike."""
    if not codes:
        raise CannotCompute("There are no areas to count in.")
    if len(set(codes)) != len(codes):
        raise CannotCompute("A code stands twice in the list of areas. Each area may be named once.")
    number = {code: place for place, code in enumerate(codes)}
    places = np.array([number.get(code, -1) for code in event_codes], np.int64)
    known = places[places >= 0]
    unknown = len(places) - len(known)
    return AreaCounts(
        n=len(known),
        method="counts by code",
        batches=batches,
        doubts=(_left_out(unknown, "no area of that code"),) if unknown else (),
        codes=tuple(codes),
        counts=np.bincount(known, minlength=len(codes)),
        unknown=unknown,
    )


def left_out_doubts(events: Events, outside: int = 0) -> tuple[Doubt, ...]:
    """A named doubt for each reason why rows are not counted."""
    doubts = [Doubt(DoubtKind.ROWS_LEFT_OUT, left.sentence) for left in events.left_out]
    if outside:
        doubts.append(_left_out(outside, "outside the grid or the study area"))
    return tuple(doubts)


def _left_out(rows: int, reason: str) -> Doubt:
    return Doubt(DoubtKind.ROWS_LEFT_OUT, rows_left_out(rows, reason))
