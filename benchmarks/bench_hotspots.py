"""Hot spots: exact Gaussian kernel density against scikit-learn, and Gi* against esda, each equal to 1e-9.

20,000 events drawn over a city of 20 km with forty neighbourhoods, on 40,000 cells of 100 m. The yardsticks are the
packages most people use; they are measured once, ours at its median of several turns.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from frankpledge.analysis.events import Events
from frankpledge.analysis.getis_ord import hot_cells, square_gi_star
from frankpledge.analysis.grids import SquareGrid, count_cells, square_grid
from frankpledge.analysis.kernel_density import Kernel, kernel_density
from tools.bench import NothingToMeasure, Row

EVENTS = 20_000
SIDE_M = 20_000
CELL_M = 100
BANDWIDTH_M = 500
TURNS = 7
LEAST_TIMES_SCIKIT_LEARN = 50
LEAST_TIMES_ESDA = 100
CLOSE = 1e-9


def run() -> list[Row]:
    """Measure the promises about hot spots. Raises NothingToMeasure where the yardsticks are not installed."""
    events = city()
    grid = square_grid(cell_m=CELL_M, extent=(0, 0, SIDE_M, SIDE_M))
    return [*_density(events, grid), _hot_cells(events, grid)]


def city(events: int = EVENTS, days: int = 365, seed: int = 1) -> Events:
    """Forty neighbourhoods of differing risk, two events in five anywhere, three in ten near an earlier one."""
    random = np.random.default_rng(seed)
    middle, width = random.uniform(0, SIDE_M, (40, 2)), random.uniform(300, 1_200, 40)
    home = random.choice(40, events, p=random.dirichlet(np.full(40, 0.5)))
    place = middle[home] + random.normal(size=(events, 2)) * width[home, None]
    anywhere = random.uniform(size=events) < 0.4
    place[anywhere] = random.uniform(0, SIDE_M, (int(anywhere.sum()), 2))
    day = random.integers(0, days, events)
    follows = np.flatnonzero(random.uniform(size=events) < 0.3)[1:]
    other = (random.uniform(size=len(follows)) * follows).astype(int)
    place[follows] = place[other] + random.laplace(0, 100, (len(follows), 2))
    day[follows] = np.minimum(day[other] + 1 + random.exponential(10, len(follows)).astype(int), days - 1)
    place = np.rint(np.clip(place, 0, SIDE_M - 1))
    return Events(place[:, 0], place[:, 1], day)


def _density(events: Events, grid: SquareGrid) -> list[Row]:
    try:
        from sklearn.neighbors import KernelDensity
    except ImportError as absent:
        raise NothingToMeasure("scikit-learn is not installed; `run.py bench` installs locks/bench.txt") from absent
    x, y = (axis.ravel() for axis in np.meshgrid(grid.centres_x, grid.centres_y))
    fitted = KernelDensity(bandwidth=BANDWIDTH_M, kernel="gaussian").fit(np.column_stack([events.x, events.y]))
    theirs, reference = timed(lambda: np.exp(fitted.score_samples(np.column_stack([x, y]))) * len(events))
    ours, found = median(lambda: kernel_density(events, grid=grid, bandwidth_m=BANDWIDTH_M))
    quartic, _ = median(lambda: kernel_density(events, grid=grid, bandwidth_m=BANDWIDTH_M, kernel=Kernel.QUARTIC))
    apart = float(np.abs(found.density - reference.reshape(grid.shape)).max() / reference.max())
    work = f"{EVENTS:,} events, {grid.cells:,} cells"
    yardstick = f"scikit-learn exact: {theirs:.1f} s"
    return [
        Row(
            f"exact Gaussian density, {work} (apart by {apart:.0e} of the peak)",
            f"{1000 * ours:.0f} ms",
            yardstick,
            theirs / ours,
            f"at least {LEAST_TIMES_SCIKIT_LEARN}, equal to {CLOSE:g}",
            theirs / ours >= LEAST_TIMES_SCIKIT_LEARN and apart <= CLOSE,
        ),
        Row(
            f"exact quartic density, {work}",
            f"{1000 * quartic:.0f} ms",
            yardstick,
            theirs / quartic,
            f"at least {LEAST_TIMES_SCIKIT_LEARN}",
            theirs / quartic >= LEAST_TIMES_SCIKIT_LEARN,
        ),
    ]


def _hot_cells(events: Events, grid: SquareGrid) -> Row:
    try:
        from esda.getisord import G_Local
        from libpysal.weights import lat2W
    except ImportError as absent:
        raise NothingToMeasure("esda is not installed; `run.py bench` installs locks/bench.txt") from absent
    counts = count_cells(events, grid)
    values = counts.counts.astype(np.float64)
    neighbours = lat2W(grid.rows, grid.columns, rook=False)  # made beforehand: ours needs no weights at all
    theirs, reference = timed(
        lambda: G_Local(values.ravel(), neighbours, transform="B", star=True, permutations=0, n_jobs=1)
    )
    ours, z = median(lambda: square_gi_star(values), turns=50)
    named, _ = median(lambda: hot_cells(counts))
    apart = float(np.abs(z.ravel() - reference.Zs).max())
    return Row(
        f"Gi*, {grid.cells:,} cells (apart by {apart:.0e}; with p and correction {1000 * named:.0f} ms)",
        f"{1000 * ours:.2f} ms",
        f"esda G_Local, weights given: {theirs:.2f} s",
        theirs / ours,
        f"at least {LEAST_TIMES_ESDA}, equal to {CLOSE:g}",
        theirs / ours >= LEAST_TIMES_ESDA and apart <= CLOSE,
    )


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that it took once, and what it gave."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def median(work: Callable[[], Any], turns: int = TURNS) -> tuple[float, Any]:
    """Median seconds of several turns after a warm one, and what the last gave."""
    work()
    taken = [timed(work) for _ in range(turns)]
    return statistics.median(seconds for seconds, _ in taken), taken[-1][1]
