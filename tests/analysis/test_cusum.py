"""The tabular CUSUM agrees with two textbook tables; the chart for counts gives false alarms as rarely as promised."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.analysis.cusum import Cusum, average_run_length, cusum, poisson_cusum
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

# Montgomery, Introduction to Statistical Quality Control, tables 9.1 and 9.2: target 10, K = 0.5, H = 5.
MONTGOMERY = [
    *(9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, 9.40, 10.08),
    *(9.37, 10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50, 10.60, 11.08, 10.38, 11.62, 11.31, 10.52),
]
MONTGOMERY_UPPER = [
    *(0, 0, 0, 1.16, 2.82, 2.50, 0.04, 1.00, 0, 0, 0, 0.97, 0.98, 0, 0, 0, 0.12, 0, 0, 0.34),
    *(0.74, 0, 1.79, 2.79, 2.89, 3.47, 3.35, 4.47, 5.28, 5.30),
]
# NIST/SEMATECH e-Handbook of Statistical Methods, section 6.3.2.3: target 325, k = 0.3175, h = 4.1959.
NIST = [
    *(324.925, 324.675, 324.725, 324.350, 325.350, 325.225, 324.125, 324.525, 325.225, 324.600),
    *(324.625, 325.150, 328.325, 327.250, 327.825, 328.500, 326.675, 327.775, 326.875, 328.350),
]
NIST_UPPER = [0, 0, 0, 0, 0.03, 0, 0, 0, 0, 0, 0, 0, 3.01, 4.94, 7.45, 10.63, 11.99, 14.44, 16.00, 19.04]
NIST_LOWER = [0, 0.01, 0, 0.33, 0, 0, 0.56, 0.72, 0.17, 0.25, 0.31, 0, 0, 0, 0, 0, 0, 0, 0, 0]


def test_montgomerys_table() -> None:
    found = cusum(MONTGOMERY, target=10, allowance=0.5, limit=5)
    assert found.upper.round(2).tolist() == MONTGOMERY_UPPER
    assert found.shift is not None
    assert (found.shift.alarm + 1, found.shift.since + 1, found.shift.upward) == (29, 23, True)
    assert found.shift.level == pytest.approx(10 + 0.5 + 5.28 / 7, abs=0.005)


def test_the_handbook_of_nist() -> None:
    found = cusum(NIST, target=325, allowance=0.3175, limit=4.1959)
    assert found.upper == pytest.approx(NIST_UPPER, abs=0.011)  # the table adds rounded figures
    assert found.lower == pytest.approx(NIST_LOWER, abs=0.011)
    assert found.shift is not None and found.shift.alarm + 1 == 14


def counters_hold(found: Cusum) -> None:
    """A counter is the periods its sum has been above nought, no more and no less: printed tables get it wrong."""
    for sums, runs in ((found.upper, found.upper_run), (found.lower, found.lower_run)):
        for i, (total, run) in enumerate(zip(sums, runs, strict=True)):
            assert run == 0 if total == 0 else run == 1 + (runs[i - 1] if i else 0)


def test_counters_follow_their_sums() -> None:
    counters_hold(cusum(MONTGOMERY, target=10, allowance=0.5, limit=5))
    counters_hold(cusum(NIST, target=325, allowance=0.3175, limit=4.1959))
    assert cusum(MONTGOMERY, target=10, allowance=0.5, limit=5).upper_run[-2:].tolist() == [7, 8]


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=40), st.floats(-5, 5), st.floats(0.1, 9))
def test_shifting_turning_and_scaling_the_values_does_the_same_to_the_sums(
    values: list[float], shift: float, unit: float
) -> None:
    plain = cusum(values, target=1, allowance=0.5, limit=4)
    moved = cusum([unit * (x + shift) for x in values], target=unit * (1 + shift), allowance=unit * 0.5, limit=unit * 4)
    assert moved.upper == pytest.approx(unit * plain.upper, abs=1e-6)
    turned = cusum([-x for x in values], target=-1, allowance=0.5, limit=4)
    assert turned.lower == pytest.approx(plain.upper) and turned.upper == pytest.approx(plain.lower)
    counters_hold(plain)


@pytest.mark.parametrize(("mean", "ratio"), [(4.0, 1.5), (4.0, 1 / 1.5), (30.0, 1.25)])
def test_the_average_run_length_is_that_of_simulated_series(mean: float, ratio: float) -> None:
    random = np.random.Generator(np.random.PCG64(2))
    limit = 2.0
    steps = random.poisson(mean, (1_500, 900)) * np.log(ratio) - mean * (ratio - 1)
    total, length = np.zeros(1_500), np.full(1_500, 900)
    for period in range(900):
        total = np.maximum(0, total + steps[:, period])
        length = np.where((total > limit) & (length == 900), period + 1, length)
    error = length.std() / np.sqrt(1_500)
    assert average_run_length(mean, ratio, limit) == pytest.approx(length.mean(), abs=4 * error + 0.05 * length.mean())


def test_a_chart_of_counts_finds_a_lasting_shift_and_says_since_when() -> None:
    random = np.random.Generator(np.random.PCG64(3))
    counts = [*random.poisson(8, 40).tolist(), *random.poisson(14, 20).tolist()]
    found = poisson_cusum(counts, 8.0, false_alarm_every=200)
    assert found.shift is not None and found.shift.upward
    assert 38 <= found.shift.since <= 43
    assert found.shift.level > 1.3
    assert "times the expected" in str(found.sentence())


def test_season_in_the_expected_counts_gives_no_alarm() -> None:
    expected = 20 * (1 + 0.5 * np.cos(2 * np.pi * np.arange(48) / 12))
    assert poisson_cusum(np.rint(expected).astype(int).tolist(), expected.tolist()).shift is None
    assert poisson_cusum(np.rint(expected).astype(int).tolist(), 20.0).shift is not None


def test_false_alarms_come_about_as_rarely_as_asked() -> None:
    random = np.random.Generator(np.random.PCG64(7))
    one = poisson_cusum([5], 5.0, false_alarm_every=60)
    up = random.poisson(5, (800, 600)) * np.log(1.5) - 5 * 0.5
    down = (up + 2.5) / np.log(1.5) * np.log(1 / 1.5) - 5 * (1 / 1.5 - 1)
    first, second, length = np.zeros(800), np.zeros(800), np.full(800, 600)
    for period in range(600):
        first, second = np.maximum(0, first + up[:, period]), np.maximum(0, second + down[:, period])
        alarm = (first > one.upper_limit) | (second > one.lower_limit)
        length = np.where(alarm & (length == 600), period + 1, length)
    assert length.mean() == pytest.approx(60, rel=0.15)


def test_few_expected_are_flagged_and_nonsense_refused() -> None:
    assert poisson_cusum([0, 1, 0], 0.4).doubts[0].kind is DoubtKind.SMALL_NUMBERS
    for counts, expected in (([0, 1, 0], 0.05), ([1, -2], 3.0), ([1, 2], 0.0), ([1.5, 2], 3.0), ([], 3.0)):
        with pytest.raises(CannotCompute):
            poisson_cusum(counts, expected)  # type: ignore[arg-type]
    with pytest.raises(CannotCompute):
        poisson_cusum([1, 2], 3.0, ratio=0.9)
    with pytest.raises(CannotCompute):
        cusum([1.0, float("nan")], target=0, allowance=1, limit=4)
    with pytest.raises(CannotCompute):
        cusum([1.0], target=0, allowance=1, limit=4, labels=["a", "b"])


def test_large_counts_need_no_limit_to_be_safe_from_false_alarms() -> None:
    found = poisson_cusum([1_000] * 5, 1_000.0)
    assert found.shift is None and found.false_alarm_every is None
    assert poisson_cusum([1_000, 1_500], 1_000.0).shift is not None
    assert poisson_cusum([5], 5.0, false_alarm_every=60).false_alarm_every == pytest.approx(60, rel=0.05)
