"""Near repeats: the Knox test with and without permutations, and chains, on a synthetic city.

The yardstick of the permutations is a vectorised NumPy loop over the same list of pairs (five of its permutations timed
and scaled); of chains, a KD-tree with connected components, and by it ptools, which needed 5.65 s on one machine where
the tree needed 0.033 s. The city of 100,000 events runs in a process of its own, so that its memory can be told.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from benchmarks._near_repeat_process import city
from frankpledge.analysis.events import Events
from frankpledge.analysis.near_repeat import knox_test
from frankpledge.analysis.near_repeat_chains import near_repeat_chains
from tools.bench import Row

ROOT = Path(__file__).resolve().parent.parent
PROCESS = Path(__file__).with_name("_near_repeat_process.py")
EVENTS, MANY = 20_000, 100_000
PERMUTATIONS, TIMED = 999, 5
TURNS = 5
LEAST_TIMES_NUMPY, LEAST_TIMES_PTOOLS = 30, 50
PTOOLS_OVER_TREE = 5.65 / 0.033
MOST_KNOX_S, MOST_KNOX_MB, MOST_EXACT_S = 40.0, 1_500.0, 4.0


def run() -> list[Row]:
    """Measure the promises about near repeats."""
    events = city(EVENTS)
    return [_permutations(events), *_many(), _chains(events)]


def _permutations(events: Events) -> Row:
    """Taking turns; the lowest of each counts, since the machine may be busy."""
    numpy_loop = _numpy_permutations(events)
    knox_test(events, permutations=1)
    ours, theirs = [], []
    for _ in range(TURNS):
        theirs.append(_seconds(numpy_loop) * PERMUTATIONS / TIMED)
        ours.append(_seconds(lambda: knox_test(events, permutations=PERMUTATIONS)))
    seconds, yardstick = min(ours), min(theirs)
    pairs = knox_test(events).pairs
    each = 1e9 * seconds * (os.cpu_count() or 1) / pairs / PERMUTATIONS
    return Row(
        f"Knox test, 11 x 8 cells, {PERMUTATIONS} permutations, {EVENTS:,} events ({pairs:,} pairs)",
        f"{seconds:.2f} s, {each:.2f} ns a pair, permutation and core",
        f"NumPy over the same pairs: {yardstick:.0f} s",
        yardstick / seconds,
        f"at least {LEAST_TIMES_NUMPY} times as fast",
        yardstick / seconds >= LEAST_TIMES_NUMPY,
    )


def _numpy_permutations(events: Events) -> Callable[[], None]:
    """TIMED permutations of the days over all pairs within a kilometre, counted into the cells by NumPy."""
    pairs = cKDTree(np.column_stack([events.x, events.y])).query_pairs(1_000, output_type="ndarray")
    i, j = pairs[:, 0].copy(), pairs[:, 1].copy()
    distance = np.sqrt((events.x[i] - events.x[j]) ** 2 + (events.y[i] - events.y[j]) ** 2)
    first_cell = 8 * np.ceil(distance / 100).astype(np.int64)
    random = np.random.default_rng(1)

    def count() -> None:
        for _ in range(TIMED):
            day = random.permutation(events.days)
            time_band = np.abs(day[i] - day[j]) // 7
            near = time_band < 8
            np.bincount(first_cell[near] + time_band[near], minlength=88)

    return count


def _many() -> list[Row]:
    with_p, exact = _process(MANY, PERMUTATIONS), _process(MANY, 0)
    work = f"{MANY:,} events ({with_p['pairs'] / 1e6:.0f} million pairs)"
    return [
        _against(f"the same on {work}", with_p["seconds"], MOST_KNOX_S, "s"),
        _against(f"peak memory of that, {work}", with_p["peak_mb"], MOST_KNOX_MB, "MB"),
        _against(f"exact expected and sd, no permutations, {work}", exact["seconds"], MOST_EXACT_S, "s"),
    ]


def _against(work: str, measured: float, most: float, unit: str) -> Row:
    ratio = measured / most
    places = 0 if unit == "MB" else 2
    return Row(work, f"{measured:,.{places}f} {unit}", f"{most:,.0f} {unit}", ratio, "at most 1", ratio <= 1)


def _process(events: int, permutations: int) -> dict[str, float]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, str(PROCESS), str(events), str(permutations)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _chains(events: Events) -> Row:
    found = near_repeat_chains(events)
    chains: list[int] = []
    ours, theirs = [], []
    for _ in range(TURNS):
        theirs.append(_seconds(lambda: chains.append(_tree_chains(events))))
        ours.append(_seconds(lambda: near_repeat_chains(events)))
    if set(chains) != {found.chains}:
        raise AssertionError(f"the yardstick finds {chains} chains, we {found.chains}")
    seconds, yardstick = statistics.median(ours), statistics.median(theirs)
    times = PTOOLS_OVER_TREE * yardstick / seconds
    return Row(
        f"chains within 200 m and 14 days, {EVENTS:,} events ({found.chains:,} chains)",
        f"{1_000 * seconds:.0f} ms",
        f"KD-tree and connected components: {1_000 * yardstick:.0f} ms; ptools needs {PTOOLS_OVER_TREE:.0f} times that",
        times,
        f"at least {LEAST_TIMES_PTOOLS} times as fast",
        times >= LEAST_TIMES_PTOOLS,
    )


def _tree_chains(events: Events) -> int:
    """Number of chains from all pairs of a KD-tree as edges of a graph."""
    pairs = cKDTree(np.column_stack([events.x, events.y])).query_pairs(200, output_type="ndarray")
    i, j = pairs[np.abs(events.days[pairs[:, 0]] - events.days[pairs[:, 1]]) <= 14].T
    graph = coo_array((np.ones(len(i)), (i, j)), shape=(len(events), len(events)))
    return int(connected_components(graph, directed=False)[0])


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
