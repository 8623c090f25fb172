"""`frankpledge analyse kde`, `gistar` and `forecast`: where it gathers, and where it may come next."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from frankpledge.cli.analysing.reading import (
    Extent,
    Where,
    date_option,
    extent_option,
    file_options,
    place_options,
    read_events,
)
from frankpledge.cli.analysing.showing import FINITE, check_places, output_options, progress, seed_option, show, tell
from frankpledge.vocabulary.errors import CannotCompute

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from frankpledge.analysis.events import Events
    from frankpledge.analysis.getis_ord import HotCells
    from frankpledge.analysis.kernel_density import KernelDensity
    from frankpledge.analysis.results import Table

HIGHEST = 10  # cells printed


@click.command()
@file_options
@place_options
@click.option("--cell", type=FINITE, required=True, help="Size of a cell in metres.")
@click.option("--bandwidth", type=FINITE, required=True, help="Reach of the kernel in metres.")
@click.option(
    "--kernel", type=click.Choice(["gaussian", "quartic"]), default="gaussian", show_default=True, help="Its shape."
)
@click.option("--renormalise", is_flag=True, help="Give each event its whole mass inside the extent.")
@extent_option
@output_options()
def kde(
    files: tuple[Path, ...], where: Where, x: str, y: str, cell: float, bandwidth: float, kernel: str,
    renormalise: bool, extent: Extent | None, json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """Kernel density: events spread into a smooth surface, in events per square metre, exact."""
    check_places(json_file, plot)
    if bandwidth < cell:
        raise CannotCompute(
            f"The bandwidth of {bandwidth:g} m is smaller than a cell of {cell:g} m, so the surface would depend on "
            "where the centres happen to lie. Use cells of at most half the bandwidth."
        )
    events = read_events(files, x=x, y=y, where=where)
    import frankpledge.analysis.density_kernels  # noqa: F401  (so that it is known whether its loops are compiled)
    from frankpledge.analysis.grids import square_grid
    from frankpledge.analysis.kernel_density import Kernel, kernel_density
    from frankpledge.analysis.kernels import say_if_compiling
    from frankpledge.reports import result_plots

    _refuse_one_place(events, extent)
    grid = square_grid(cell_m=cell, extent=extent, events=events)
    say_if_compiling(tell)
    result = kernel_density(events, grid=grid, bandwidth_m=bandwidth, kernel=Kernel(kernel), renormalise=renormalise)
    show(
        result,
        json_file=json_file,
        plot=plot,
        draw=lambda: result_plots.density(result),
        tables=[("The highest cells", _densest(result))],
    )


@click.command()
@file_options
@place_options
@click.option("--cell", type=FINITE, required=True, help="Size of a cell in metres.")
@click.option("--reach", type=click.IntRange(min=1), default=1, show_default=True, help="Neighbours so many cells off.")
@extent_option
@output_options()
def gistar(
    files: tuple[Path, ...], where: Where, x: str, y: str, cell: float, reach: int, extent: Extent | None,
    json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """Gi*: cells that, with their neighbours, hold more or fewer events than chance gives.

    Significance allows for how many cells are tested.
    """
    check_places(json_file, plot)
    events = read_events(files, x=x, y=y, where=where)
    from frankpledge.analysis.getis_ord import hot_cells
    from frankpledge.analysis.grids import count_cells, square_grid
    from frankpledge.reports import result_plots

    _refuse_one_place(events, extent)
    counts = count_cells(events, square_grid(cell_m=cell, extent=extent, events=events))
    if not counts.n:
        raise CannotCompute(f"None of the {len(events):,} events lies in the extent. Check it, or leave it out.")
    result = hot_cells(counts, reach_cells=reach)
    show(
        result,
        json_file=json_file,
        plot=plot,
        draw=lambda: result_plots.hot_cells(result),
        tables=[("The highest cells (row 0 in the south, column 0 in the west)", _hottest(result))],
    )


def _refuse_one_place(events: "Events", extent: Extent | None) -> None:
    """One place alone sets no extent: its single cell would show nothing but itself."""
    if extent is not None or events.x.min() < events.x.max() or events.y.min() < events.y.max():
        return
    lie = "There is one event" if len(events) == 1 else f"All {len(events):,} events lie in one place"
    raise CannotCompute(f"{lie}: a single cell is no surface. Check the positions, or give --extent.")


def _highest(values: "NDArray[np.float64]") -> "list[tuple[int, int]]":
    """Row and column of the highest cells, highest first; no list of all cells is made."""
    import numpy as np

    flat = np.nan_to_num(values.ravel(), nan=-np.inf)
    best = np.argpartition(-flat, min(HIGHEST, flat.size) - 1)[:HIGHEST]
    rows, columns = np.unravel_index(best[np.argsort(-flat[best], kind="stable")], values.shape)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _densest(result: "KernelDensity") -> "Table":
    """In a reader's unit; the JSON keeps square metres."""
    from frankpledge.analysis.results import Table

    x, y = result.grid.centres_x, result.grid.centres_y
    rows = ((f"{x[j]:.0f}", f"{y[i]:.0f}", float(1e6 * result.density[i, j])) for i, j in _highest(result.density))
    return Table(("x", "y", "events per square kilometre"), tuple(rows))


def _hottest(result: "HotCells") -> "Table":
    from frankpledge.analysis.results import Table

    rows = (
        (i, j, float(result.z[i, j]), float(result.adjusted_p[i, j]), bool(result.hot[i, j]))
        for i, j in _highest(result.z)
    )
    return Table(("row", "column", "z", "adjusted p", "hot"), tuple(rows))


@click.command()
@file_options
@place_options
@date_option
@click.option("--cell", type=FINITE, required=True, help="Size of a cell in metres.")
@click.option("--test-days", type=int, default=30, show_default=True, help="The last days, kept for the test.")
@click.option("--horizon-days", type=int, default=1, show_default=True, help="Days forecast at a time.")
@extent_option
@seed_option
@output_options()
def forecast(
    files: tuple[Path, ...], where: Where, x: str, y: str, date: str, cell: float, test_days: int, horizon_days: int,
    extent: Extent | None, seed: int, json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """Where next, and is that better than counting? A forecast tried on the last days, each from the days before it.

    Hit rate and PAI at 1 % and 5 % of the area, for the forecast and for counts per cell, with intervals.
    """
    check_places(json_file, plot)
    events = read_events(files, x=x, y=y, date=date, where=where)
    from frankpledge.analysis.forecast_back_test import back_test
    from frankpledge.analysis.grids import square_grid
    from frankpledge.reports import result_plots

    result = back_test(
        events,
        cell_m=cell,
        grid=None if extent is None else square_grid(cell_m=cell, extent=extent),
        test_days=test_days,
        horizon_days=horizon_days,
        seed=seed,
        progress=progress("Learning"),
    )
    show(result, json_file=json_file, plot=plot, draw=lambda: result_plots.back_test(result))
