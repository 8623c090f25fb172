"""An interrupted series finds a known step, keeps its promise under autocorrelation, and refuses short series."""

import math

import numpy as np
import pytest

from frankpledge.analysis.interrupted_series import interrupted_series
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute


def _series(rng: np.random.Generator, *, step: float = 1.0, memory: float = 0.0, periods: int = 72) -> np.ndarray:
    shock, noise = np.zeros(periods), rng.normal(0, 0.12, periods)
    for i in range(1, periods):
        shock[i] = memory * shock[i - 1] + noise[i]
    season = 0.25 * np.sin(np.arange(periods) / 12 * 2 * np.pi)
    mean = 40 * np.exp(season + shock - 0.003 * np.arange(periods))
    mean[2 * periods // 3 :] *= step
    return rng.poisson(mean)


def test_a_step_without_noise_is_found_exactly() -> None:
    time = np.arange(48)
    days = np.tile([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], 4)
    mean = days * np.exp(2 - 0.01 * time + 0.2 * np.sin(2 * np.pi * time / 12))
    mean[30:] *= 0.7 * 1.02 ** (time[30:] - 30)
    found = interrupted_series(mean, start=30, exposure=days)
    assert found.level.value == pytest.approx(0.7, rel=1e-6)
    assert found.slope is not None and found.slope.value == pytest.approx(1.02, rel=1e-6)
    assert found.prevented == pytest.approx(found.expected[30:].sum() - mean[30:].sum())
    assert found.overall.value == pytest.approx(mean[30:].sum() / found.expected[30:].sum())


@pytest.mark.parametrize("memory", [0.0, 0.3])
def test_the_interval_covers_the_truth(memory: float) -> None:
    rng = np.random.Generator(np.random.PCG64(19))
    runs, level, overall = 250, 0, 0
    for _ in range(runs):
        series = _series(rng, step=0.8, memory=memory)
        found = interrupted_series(series, start=48, slope_change=False).level.interval
        whole_path = interrupted_series(series, start=48).overall.interval
        assert found.lower is not None and whole_path.lower is not None
        level += found.lower <= 0.8 <= found.upper
        overall += whole_path.lower <= 0.8 <= whole_path.upper
    # autocorrelation that has to be estimated costs a little: not more than three in a hundred
    floor = 0.95 - 3 * math.sqrt(0.95 * 0.05 / runs) - (0.03 if memory else 0)
    assert floor < level / runs <= 1 and floor < overall / runs <= 1


def test_nothing_is_found_one_time_in_twenty() -> None:
    rng = np.random.Generator(np.random.PCG64(23))
    runs = 300
    found = sum(interrupted_series(_series(rng), start=48).overall.p < 0.05 for _ in range(runs))
    assert found / runs < 0.05 + 3 * math.sqrt(0.95 * 0.05 / runs)


def test_an_exposure_in_other_units_changes_nothing() -> None:
    series = _series(np.random.Generator(np.random.PCG64(2)), step=0.7)
    one = interrupted_series(series, start=48, exposure=np.full(72, 30.0))
    other = interrupted_series(series, start=48, exposure=np.full(72, 0.1))
    assert other.level.value == pytest.approx(one.level.value)
    assert other.overall.interval.upper == pytest.approx(one.overall.interval.upper)
    assert "fewer events" in one.sentence()


def test_short_series_are_flagged_or_refused() -> None:
    rng = np.random.Generator(np.random.PCG64(2))
    found = interrupted_series(_series(rng, periods=18), start=12)
    assert found.waves == 0
    assert {doubt.kind for doubt in found.doubts} == {DoubtKind.NO_COMPARISON, DoubtKind.SHORT_HISTORY}
    for start in (5, 17):
        with pytest.raises(CannotCompute, match="periods before"):
            interrupted_series(_series(rng, periods=18), start=start)
    with pytest.raises(CannotCompute, match="no event on one side"):
        interrupted_series([3] * 12 + [0] * 6, start=12)
    with pytest.raises(CannotCompute):
        interrupted_series([3.0] * 12 + [math.nan] * 6, start=12)
