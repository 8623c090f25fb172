"""Pictures of the methods for near repeats, hot spots and forecasts: from the burglaries of the demo."""

from functools import cache

import numpy as np

from frankpledge.analysis.emerging_hotspots import hot_spot_history
from frankpledge.analysis.forecast import forecast as forecast_of
from frankpledge.analysis.forecast import learn_settings
from frankpledge.analysis.forecast_back_test import back_test
from frankpledge.analysis.getis_ord import hot_cells
from frankpledge.analysis.grids import SquareGrid, count_cells, square_grid
from frankpledge.analysis.kernel_density import kernel_density as density_of
from frankpledge.analysis.near_repeat import knox_test
from frankpledge.analysis.near_repeat_alerts import alert_back_test
from frankpledge.analysis.near_repeat_chains import near_repeat_chains as chains_of
from frankpledge.analysis.near_repeat_decay import near_repeat_decay as decay_of
from frankpledge.analysis.repeat_victimisation import repeat_victimisation as repeats_of
from frankpledge.reports import result_plots
from frankpledge.reports.plots import Measured, heat_table, interval_chart, surface_map
from tools.method_pictures import demo

BUSY = "In a made-up town with six times the demo's burglaries."


@cache
def _grid(cell_m: float) -> SquareGrid:
    return square_grid(cell_m=cell_m, events=demo.busy_history().events)


def knox() -> str:
    """Bands of 100 metres and of a week, with 999 permutations."""
    return result_plots.knox(
        knox_test(
            demo.burgled().events,
            distance_band_m=100,
            distance_bands=6,
            time_band_days=7,
            time_bands=8,
            permutations=999,
            seed=1,
        )  # fmt: skip
    )


def near_repeat_chains() -> str:
    """Chains within 200 metres and 14 days."""
    return result_plots.chains(chains_of(demo.burgled().events, within_m=200, within_days=14))


def near_repeat_decay() -> str:
    """How fast the risk fades; the truth of the demo is a half-life of four days."""
    return result_plots.decay(decay_of(demo.busy_history().events))


def near_repeat_alerts() -> str:
    """Alerts of the last two years of a busy made-up town, and how often the same circles were hit at other times."""
    events = demo.busy_history().events
    last = int(events.days.max())
    days = list(range(last - 700, last - 14, 14))
    found = alert_back_test(events, decay=decay_of(events), past_days=days)
    rows = [
        Measured(
            "alerts", 100 * found.share, 100 * (found.share_interval.lower or 0), 100 * found.share_interval.upper
        ),
        Measured("same places, other times", 100 * found.by_chance, None, None),
    ]
    times = f"{found.ratio:.1f}"
    return interval_chart(
        rows,
        title=f"Within {found.ahead_days} days alerts came true {times} times as often as the same places by chance, %",
        description=str(found.sentence()),
        note=BUSY,
    )


def repeat_victimisation() -> str:
    """Incidents by how often their home was hit."""
    homes = int(demo.homes_by_area().sum())
    return result_plots.repeats(
        repeats_of(
            demo.burgled().home,
            demo.burgled().day,
            number_of_places=homes,
            first_day=demo.FIRST_DAY,
            last_day=demo.END_DAY - 1,
        )  # fmt: skip
    )


def kernel_density() -> str:
    """Three years on squares of 100 metres."""
    grid = square_grid(cell_m=100, events=demo.burgled().events)
    return result_plots.density(density_of(demo.burgled().events, grid=grid, bandwidth_m=300))


def getis_ord() -> str:
    """Three years on squares of 200 metres."""
    grid = square_grid(cell_m=200, events=demo.burgled().events)
    return result_plots.hot_cells(hot_cells(count_cells(demo.burgled().events, grid)))


def emerging_hotspots() -> str:
    """The cells most often hot, by quarter."""
    found = hot_spot_history(demo.busy_history().events, grid=_grid(400), slice_days=91)
    columns = [str(np.datetime64(day, "D").astype("datetime64[M]")) for day in found.first_days]
    cells = np.argsort(-found.times_hot.ravel(), kind="stable")[:12]
    place = [np.unravel_index(cell, found.times_hot.shape) for cell in cells]
    return heat_table(
        [f"{_grid(400).centres_x[column]:.0f}, {_grid(400).centres_y[row]:.0f}" for row, column in place],
        columns,
        [[float(value) for value in found.z[:, row, column]] for row, column in place],
        title=str(found.sentence()),
        description="z of Gi* by cell and quarter.",
        note=f"z of Gi* in the twelve cells most often hot, by slice of 91 days. {BUSY}",
    )


def forecast() -> str:
    """The week after the period."""
    events = demo.busy_history().events
    settings = learn_settings(events, grid=_grid(200), before_day=demo.END_DAY, horizon_days=7)
    found = forecast_of(events, grid=_grid(200), first_day=demo.END_DAY, settings=settings)
    return surface_map(
        1000 * found.risk / found.risk.sum(),
        west=found.grid.west,
        south=found.grid.south,
        cell_m=found.grid.cell_m,
        title=str(found.sentence()),
        description="Map of the risk of the next week.",
        unit="of every 1,000 expected",
        note=BUSY,
    )


def forecast_accuracy() -> str:
    """The last sixty days, each from the days before it."""
    return result_plots.back_test(back_test(demo.busy_history().events, grid=_grid(200), test_days=60, seed=1))
