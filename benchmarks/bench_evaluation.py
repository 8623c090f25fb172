"""Evaluation: 5,460 homes over three years with 2,000 resamples, alone and with all of *Did it work?*, and one
difference-in-differences of a district.

The yardstick of the resampling is the plain way: draw the homes, count their property-days and burglaries by area and
month again, and take the Mantel-Haenszel ratio; three resamples are timed and scaled.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

from frankpledge.analysis.count_panel import panel_from_matrix
from frankpledge.analysis.difference_in_differences import difference_in_differences
from frankpledge.analysis.exposure import NEVER, ProtectionHistory, protection_history, stratified_exposure
from frankpledge.analysis.programme_evaluation import evaluate_programme
from tools import simulated_programme
from tools.bench import Row

HOMES, DAYS, RESAMPLES, TIMED = 5_460, 1_096, 2_000, 3
MOST_S = 10.0
LEAST_TIMES = 20.0
MOST_PANEL_S = 0.5


def run() -> list[Row]:
    """Measure the promises about evaluation."""
    history = _history()
    took = _median(lambda: stratified_exposure(history, resamples=RESAMPLES))
    plain = _seconds(lambda: [_plain_resample(history, seed) for seed in range(TIMED)]) / TIMED * RESAMPLES
    given = simulated_programme.programme()
    whole = _median(lambda: evaluate_programme(**given, resamples=RESAMPLES))
    counts, status = _panel()
    panel = panel_from_matrix(counts, treated=status)
    fitted = _median(lambda: difference_in_differences(panel))
    work = f"exposure-adjusted effect, {HOMES:,} homes, {DAYS:,} days, {RESAMPLES:,} resamples"
    return [
        Row(work, f"{took:.2f} s", f"{MOST_S:.0f} s", took / MOST_S, "at most 1", took <= MOST_S),
        Row(
            work,
            f"{took:.2f} s",
            f"counting anew for each resample: {plain:.0f} s",
            took / plain,
            f"at most 1/{LEAST_TIMES:.0f}",
            took * LEAST_TIMES <= plain,
        ),
        Row(
            f"all of “Did it work?”, {HOMES:,} homes served of {len(given['homes']):,}, {RESAMPLES:,} resamples",
            f"{whole:.2f} s",
            f"{MOST_S:.0f} s",
            whole / MOST_S,
            "at most 1",
            whole <= MOST_S,
        ),
        Row(
            "difference-in-differences, 300 areas, 36 months, clustered",
            f"{1000 * fitted:.0f} ms",
            f"{1000 * MOST_PANEL_S:.0f} ms",
            fitted / MOST_PANEL_S,
            "at most 1",
            fitted <= MOST_PANEL_S,
        ),
    ]


def _history() -> ProtectionHistory:
    rng = np.random.Generator(np.random.PCG64(1))
    since = np.where(rng.random(HOMES) < 0.44, rng.integers(365, DAYS, HOMES), NEVER)
    home = np.repeat(np.arange(HOMES), rng.poisson(0.045, HOMES))
    return protection_history(
        area=rng.integers(0, 5, HOMES),
        protected_from=since,
        event_home=home,
        event_day=rng.integers(0, DAYS, len(home)),
        first_day=0,
        end_day=DAYS,
    )


def _plain_resample(history: ProtectionHistory, seed: int) -> float:
    """One resample the plain way; months of 31 days."""
    drawn = np.random.Generator(np.random.PCG64(seed)).integers(0, HOMES, HOMES)
    times = np.bincount(drawn, minlength=HOMES)
    above = below = 0.0
    hit = history.event_protected
    for area in range(5):
        since = history.protected_from[drawn[history.area[drawn] == area]]
        in_area = history.area[history.event_home] == area
        for start in range(0, DAYS, 31):
            end = min(start + 31, DAYS)
            protected = float(np.clip(end - np.maximum(since, start), 0, None).sum())
            unprotected = float(len(since)) * (end - start) - protected
            here = in_area & (history.event_day >= start) & (history.event_day < end)
            weight = times[history.event_home]
            above += float(weight[here & hit].sum()) * unprotected / (protected + unprotected)
            below += float(weight[here & ~hit].sum()) * protected / (protected + unprotected)
    return above / below


def _panel() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.Generator(np.random.PCG64(2))
    status = np.zeros((300, 36), bool)
    status[:60, 18:] = True
    return rng.poisson(rng.gamma(4, 1, 300)[:, None] * np.ones(36)), status


def _median(work: Callable[[], object]) -> float:
    return statistics.median(_seconds(work) for _ in range(3))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
