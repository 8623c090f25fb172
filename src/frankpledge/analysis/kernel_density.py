"""Kernel density: events spread into a smooth surface, in events per square metre, with the mass stated.

The Gaussian kernel is a product of one factor in x and one in y, so its exact value at every centre of a grid needs
only two tables of exponentials and the sum of their products; nothing is binned or transformed. The quartic kernel
reaches exactly one bandwidth and is summed window by window.
Mass that falls outside the extent is lost, and the result says how much; ``renormalise`` gives each event its whole
mass back inside the study area.
Sources: Silverman B (1986) Density Estimation, 4.2; Diggle P (1985) Applied Statistics 34:138-147 and Jones M (1993)
Statistics and Computing 3:135-146 (edges); Bithell J (1990) Statistics in Medicine 9:691-701 (relative density).
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankpledge.analysis.events import Events
from frankpledge.analysis.grids import SquareGrid, left_out_doubts
from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

BLOCK_BYTES = 4_000_000  # of exponentials held at a time
FAR = -60.0  # parts of a kernel under e^-60, 1e-26 of its peak, are below the last digit of any sum and left out
KM2 = 1_000_000.0
LOST_WORTH_SAYING = 0.01


class Kernel(StrEnum):
    GAUSSIAN = "gaussian"  # the bandwidth is its standard deviation
    QUARTIC = "quartic"  # the bandwidth is its reach


@dataclass(frozen=True, kw_only=True)
class KernelDensity(Result):
    """``density`` float64 (rows, columns), events per square metre at the centres, row 0 south; nought outside.

    ``mass`` is the density summed over the cells times their area: the events that the surface shows.
    """

    grid: SquareGrid
    kernel: Kernel
    bandwidth_m: float
    renormalised: bool
    density: NDArray[np.float64]

    @property
    def mass(self) -> float:
        return float(self.density.sum() * self.grid.cell_area_m2)

    @property
    def highest(self) -> float:
        """Highest density, events per square metre."""
        return float(self.density.max())

    @property
    def peak(self) -> tuple[float, float]:
        """Centre of the cell of the highest density, in metres."""
        row, column = np.unravel_index(int(self.density.argmax()), self.density.shape)
        return float(self.grid.centres_x[column]), float(self.grid.centres_y[row])

    def sentence(self) -> Phrase:
        x, y = self.peak
        return Phrase(
            "The density is highest near {x}, {y}: {peak} events per square kilometre, {times} times the mean; the "
            "surface shows {mass} of {n} events.",
            x=f"{x:.0f}",
            y=f"{y:.0f}",
            peak=decimal(self.highest * KM2),
            times=decimal(self.highest / self._mean()),
            mass=decimal(self.mass),
            n=whole(self.n),
        )

    def _mean(self) -> float:
        return self.mass / (self.grid.cells * self.grid.cell_area_m2)

    def table(self) -> Table:
        row, column = np.nonzero(self.grid.mask)
        x, y = self.grid.centres_x[column], self.grid.centres_y[row]
        columns = (x.tolist(), y.tolist(), self.density[row, column].tolist())
        return Table(("x", "y", "events per square metre"), tuple(zip(*columns, strict=True)))

    def as_dict(self) -> dict[str, Any]:
        return {
            "shape": list(self.grid.shape),
            "cell": self.grid.cell_m,
            "origin": [self.grid.west, self.grid.south],
            "kernel": self.kernel.value,
            "bandwidth": self.bandwidth_m,
            "renormalised": self.renormalised,
            "mass": self.mass,
            "max": self.highest,
            "units": "events per square metre",
            "density": self.density.tolist(),
            **self.provenance(),
        }


def kernel_density(
    events: Events,
    *,
    grid: SquareGrid,
    bandwidth_m: float,
    kernel: Kernel = Kernel.GAUSSIAN,
    renormalise: bool = False,
    weights: NDArray[np.float64] | None = None,
    batches: tuple[str, ...] = (),
    compiled: bool = True,
) -> KernelDensity:
    """Exact density of the events at the centres of the grid, in events per square metre.

    ``weights`` float64 (n,): harm, or a share of an event; each event counts one without. ``renormalise`` divides every
    event's kernel by the part of it inside the study area, so that all mass is shown. Events outside the grid count
    where their kernels reach in. ``compiled=False`` sums a plain Gaussian by matrix products, the same to the last few
    digits: for a process that must not load a compiler. Raises CannotCompute for no events or a bandwidth that is not
    above nought.
    """
    if not compiled and (renormalise or kernel is not Kernel.GAUSSIAN):
        raise ValueError("only a plain Gaussian density can be summed without compiled loops")
    if not len(events):
        raise CannotCompute("There is no event with a position, so there is no density.")
    if not (math.isfinite(bandwidth_m) and bandwidth_m > 0):
        raise CannotCompute(f"The bandwidth must be a number of metres above 0; it is {bandwidth_m:g}.")
    weight = _checked_weights(weights, len(events))
    beyond = 0
    if renormalise:
        events, weight, beyond = _inside_only(events, grid, weight)
    if kernel is Kernel.GAUSSIAN:
        density = _gaussian(events, grid, bandwidth_m, weight, renormalise, compiled=compiled)
    else:
        density = _quartic(events, grid, bandwidth_m, weight, renormalise)
    if grid.inside is not None:
        density[~grid.inside] = 0.0
    total = float(weight.sum())
    lost = total - float(density.sum()) * grid.cell_area_m2
    return KernelDensity(
        n=len(events),
        method=f"exact {kernel.value} kernel density, {bandwidth_m:g} m"
        + (", renormalised at the edges" if renormalise else ""),
        batches=batches,
        doubts=(*left_out_doubts(events, beyond), *_doubts(grid, bandwidth_m, lost / total)),
        grid=grid,
        kernel=kernel,
        bandwidth_m=float(bandwidth_m),
        renormalised=renormalise,
        density=density,
    )


def _checked_weights(weights: NDArray[np.float64] | None, n: int) -> NDArray[np.float64]:
    if weights is None:
        return np.ones(n)
    weight = np.asarray(weights, np.float64)
    if weight.shape != (n,):
        raise CannotCompute(f"There are {n:,} events and {weight.size:,} weights; each event needs one.")
    if not np.isfinite(weight).all() or (weight < 0).any() or not weight.sum() > 0:
        raise CannotCompute("Weights must be numbers from 0 up, and not all 0.")
    return weight


def _inside_only(
    events: Events, grid: SquareGrid, weight: NDArray[np.float64]
) -> tuple[Events, NDArray[np.float64], int]:
    """The events of the study area and their weights, and how many are not; an event outside has no mass to give
    back.
    """
    inside = grid.cell_of(events.x, events.y) >= 0
    if not weight[inside].sum() > 0:
        raise CannotCompute("No event lies inside the study area, so there is no density.")
    kept = replace(events, x=events.x[inside], y=events.y[inside], day=None, rows=None)
    return kept, weight[inside], int((~inside).sum())


def _gaussian(
    events: Events,
    grid: SquareGrid,
    bandwidth_m: float,
    weight: NDArray[np.float64],
    renormalise: bool,
    *,
    compiled: bool = True,
) -> NDArray[np.float64]:
    """Two tables of exponentials and the sum of their products, a block of events at a time."""
    if compiled:
        from frankpledge.analysis.density_kernels import add_products, mass_inside

    density = np.zeros(grid.shape)
    block = max(64, BLOCK_BYTES // (8 * (grid.rows + grid.columns)))
    reach = math.sqrt(-2 * FAR) * bandwidth_m + grid.cell_m
    for first in range(0, len(events), block):
        part = slice(first, first + block)
        across = _bell(events.x[part], grid.centres_x, bandwidth_m, nearest_is_one=renormalise)
        up = _bell(events.y[part], grid.centres_y, bandwidth_m, nearest_is_one=renormalise)
        windows = (
            _window(events.y[part], grid.south, grid.rows, grid.cell_m, reach),
            _window(events.x[part], grid.west, grid.columns, grid.cell_m, reach),
        )
        if renormalise:
            seen = np.empty(len(up))
            mass_inside(up, across, *windows, grid.mask, seen)
            up *= (weight[part] / (seen * grid.cell_area_m2))[:, None]
        else:
            up *= (weight[part] / (2 * math.pi * bandwidth_m**2))[:, None]
        if compiled:
            add_products(density, up, across, *windows)
        else:
            density += up.T @ across
    return density


def _window(values: NDArray[np.float64], origin: float, cells: int, cell_m: float, reach: float) -> NDArray[np.int64]:
    """First cell, and the one after the last, whose centre lies within ``reach`` of each value: int64 (events, 2)."""
    low, high = (values - reach - origin) / cell_m - 0.5, (values + reach - origin) / cell_m + 0.5
    return np.clip(np.stack([np.floor(low), np.ceil(high)], axis=1), 0, cells).astype(np.int64)


def _bell(
    values: NDArray[np.float64], centres: NDArray[np.float64], bandwidth_m: float, *, nearest_is_one: bool
) -> NDArray[np.float64]:
    """exp(-d^2 / 2h^2) of every event and centre, float64 (events, centres), in one array worked on in place.

    ``nearest_is_one`` scales each event's row so that its nearest centre has 1, which a whole mass needs where kernels
    are much narrower than cells.
    """
    table = values[:, None] - centres[None, :]
    table *= 1 / (math.sqrt(2) * bandwidth_m)
    np.square(table, out=table)
    np.negative(table, out=table)
    if nearest_is_one:
        table -= table.max(axis=1, keepdims=True)
    np.maximum(table, FAR, out=table)
    return np.exp(table, out=table)


def _quartic(
    events: Events, grid: SquareGrid, bandwidth_m: float, weight: NDArray[np.float64], renormalise: bool
) -> NDArray[np.float64]:
    from frankpledge.analysis.density_kernels import quartic_sum

    return quartic_sum(
        events.x,
        events.y,
        weight,
        west=grid.west,
        south=grid.south,
        cell_m=grid.cell_m,
        inside=grid.mask,
        bandwidth_m=bandwidth_m,
        renormalise=renormalise,
    )


def _doubts(grid: SquareGrid, bandwidth_m: float, lost: float) -> tuple[Doubt, ...]:
    doubts = []
    if bandwidth_m < grid.cell_m:
        doubts.append(
            Doubt(
                DoubtKind.BANDWIDTH_UNDER_CELL,
                Phrase(
                    "The bandwidth of {bandwidth} m is smaller than a cell of {cell} m: the surface depends on where "
                    "the centres happen to lie. Use cells of at most half the bandwidth.",
                    bandwidth=f"{bandwidth_m:g}",
                    cell=f"{grid.cell_m:g}",
                ),
            )
        )
    if lost > LOST_WORTH_SAYING:
        doubts.append(
            Doubt(
                DoubtKind.MASS_OUTSIDE,
                Phrase(
                    "{lost} % of the mass lies outside the extent or the study area, so the density near its edges "
                    "is too low.",
                    lost=decimal(100 * lost),
                ),
            )
        )
    return tuple(doubts)


@dataclass(frozen=True, kw_only=True)
class RelativeDensity(Result):
    """Events against what was at risk: ``ratio`` float64 (rows, columns), 1 where events follow the places at risk.

    NaN in the array (None in dicts) outside the study area and where less than ``floor`` of the mean density is at
    risk: there a ratio would be a quotient of two small accidents.
    """

    grid: SquareGrid
    bandwidth_m: float
    at_risk: int
    floor: float
    ratio: NDArray[np.float64]

    @property
    def highest(self) -> float:
        return float(np.nanmax(self.ratio))

    def sentence(self) -> Phrase:
        row, column = np.unravel_index(int(np.nanargmax(self.ratio)), self.ratio.shape)
        return Phrase(
            "Against {at_risk} places at risk, events are thickest near {x}, {y}: {times} times the overall rate; "
            "{cells} cells have too few places at risk to say.",
            at_risk=whole(self.at_risk),
            x=f"{self.grid.centres_x[column]:.0f}",
            y=f"{self.grid.centres_y[row]:.0f}",
            times=decimal(self.highest),
            cells=whole(int((np.isnan(self.ratio) & self.grid.mask).sum())),
        )

    def table(self) -> Table:
        row, column = np.nonzero(np.isfinite(self.ratio))
        x, y = self.grid.centres_x[column], self.grid.centres_y[row]
        columns = (x.tolist(), y.tolist(), self.ratio[row, column].tolist())
        return Table(("x", "y", "times the overall rate"), tuple(zip(*columns, strict=True)))

    def as_dict(self) -> dict[str, Any]:
        return {
            "shape": list(self.grid.shape),
            "cell": self.grid.cell_m,
            "origin": [self.grid.west, self.grid.south],
            "bandwidth": self.bandwidth_m,
            "at_risk": self.at_risk,
            "floor": self.floor,
            "max": rounded(self.highest),
            "ratio": [[None if math.isnan(v) else rounded(v) for v in row] for row in self.ratio.tolist()],
            **self.provenance(),
        }


def relative_density(
    events: Events,
    at_risk: Events,
    *,
    grid: SquareGrid,
    bandwidth_m: float,
    kernel: Kernel = Kernel.GAUSSIAN,
    floor: float = 0.05,
    weights_at_risk: NDArray[np.float64] | None = None,
    batches: tuple[str, ...] = (),
) -> RelativeDensity:
    """Dual kernel density: the share of the events over the share of the places at risk (homes, people), cell by cell.

    ``weights_at_risk`` float64: homes at each position. Cells where the density at risk is under ``floor`` times its
    mean give no ratio. Raises CannotCompute where no cell is left.
    """
    if not 0 <= floor < 1:
        raise CannotCompute(f"The floor is a share of the mean density at risk, from 0 to under 1; it is {floor:g}.")
    top = kernel_density(events, grid=grid, bandwidth_m=bandwidth_m, kernel=kernel)
    bottom = kernel_density(at_risk, grid=grid, bandwidth_m=bandwidth_m, kernel=kernel, weights=weights_at_risk)
    if top.mass <= 0 or bottom.mass <= 0:
        raise CannotCompute("No event or no place at risk lies on the grid, so there is nothing to compare.")
    p, q = top.density / top.mass, bottom.density / bottom.mass
    enough = grid.mask & (q > floor * q[grid.mask].mean())
    if not enough.any():
        raise CannotCompute("No cell has enough places at risk. Use a wider bandwidth or a lower floor.")
    ratio = np.full(grid.shape, np.nan)
    ratio[enough] = p[enough] / q[enough]
    return RelativeDensity(
        n=len(events),
        method=f"ratio of two {kernel.value} densities, {bandwidth_m:g} m, floor {floor:g} of the mean at risk",
        batches=batches,
        doubts=top.doubts,
        grid=grid,
        bandwidth_m=float(bandwidth_m),
        at_risk=len(at_risk) if weights_at_risk is None else round(float(np.sum(weights_at_risk))),
        floor=floor,
        ratio=ratio,
    )
