"""The forecast: one surface warm, and a year of daily back-tests with the learning of the settings included.

The yardstick of one surface is the same task by the exact kernel density alone, the plainest forecast there is; of the
year, its own promise in seconds.
"""

from benchmarks.bench_hotspots import SIDE_M, city, median, timed
from frankpledge.analysis.forecast import forecast, learn_settings
from frankpledge.analysis.forecast_back_test import back_test
from frankpledge.analysis.grids import square_grid
from frankpledge.analysis.kernel_density import kernel_density
from tools.bench import Row

CELL_M = 200
MOST_MS = 20.0
MOST_YEAR_S = 5.0
LONGEST_TIMES_DENSITY = 1.0


def run() -> list[Row]:
    """Measure the promises about the forecast."""
    events, grid = city(), square_grid(cell_m=CELL_M, extent=(0, 0, SIDE_M, SIDE_M))
    settings = learn_settings(events, grid=grid, before_day=365)
    surface, _ = median(lambda: forecast(events, grid=grid, first_day=365, settings=settings))
    density, _ = median(lambda: kernel_density(events, grid=grid, bandwidth_m=settings.long_bandwidth_m))
    two_years = city(days=730)
    year, found = timed(lambda: back_test(two_years, grid=grid, test_days=365))
    model, counts = found.model[1], found.counts[1]
    work = f"one forecast, {len(events):,} events, {grid.cells:,} cells, warm"
    return [
        Row(
            work,
            f"{1000 * surface:.1f} ms",
            f"the promise: {MOST_MS:.0f} ms",
            1000 * surface / MOST_MS,
            "at most 1",
            1000 * surface <= MOST_MS,
        ),
        Row(
            work,
            f"{1000 * surface:.1f} ms",
            f"exact kernel density alone: {1000 * density:.0f} ms",
            surface / density,
            f"at most {LONGEST_TIMES_DENSITY:.0f}",
            surface / density <= LONGEST_TIMES_DENSITY,
        ),
        Row(
            f"{found.windows} daily back-tests with learning, {len(two_years):,} events "
            f"(hit {model.hit_rate:.3f}, counts {counts.hit_rate:.3f} at 5 %)",
            f"{year:.2f} s",
            f"the promise: {MOST_YEAR_S:.0f} s",
            year / MOST_YEAR_S,
            "at most 1",
            year <= MOST_YEAR_S,
        ),
    ]
