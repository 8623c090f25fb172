"""The exact test of weekdays agrees with published values and its definition; the table counts in wall-clock time."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frankpledge.analysis.time_of_day import day_by_hour, g_statistic, weekday_test
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import oracle, peer_oracle


def test_wheelers_g_as_published() -> None:
    published = oracle("poisson-change")["small_sample_day_of_week"]
    assert len(published["cases"]) == 3
    for case in published["cases"]:
        assert weekday_test(case["counts"]).g == pytest.approx(case["G"], abs=0.005)


def test_wheelers_g_typed_in() -> None:
    """ptools' tests: three events on one day, on two, on three."""
    found = [weekday_test(counts) for counts in ([3, *[0] * 6], [2, 1, *[0] * 5], [1, 1, 1, *[0] * 4])]
    assert [round(test.g, 2) for test in found] == [11.68, 7.86, 5.08]
    assert [test.p for test in found] == pytest.approx([7 / 343, (7 + 126) / 343, 1])


def test_exact_p_values_are_those_of_ptools() -> None:
    for case in peer_oracle("evaluation_and_time_r")["small_samptest"]:
        assert weekday_test(case["input"]).p == pytest.approx(case["p_value"], abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=2, max_size=4))
def test_the_exact_p_is_that_of_listing_every_way_to_fall(counts: list[int]) -> None:
    n, days = sum(counts), len(counts)
    if not n or n > 7:
        return
    ways = itertools.product(range(days), repeat=n)
    as_far = sum(g_statistic([way.count(day) for day in range(days)]) >= g_statistic(counts) - 1e-9 for way in ways)
    assert weekday_test(counts).p == pytest.approx(as_far / days**n)
    assert weekday_test(counts[::-1]).p == pytest.approx(weekday_test(counts).p)


def test_the_test_never_finds_more_than_one_false_alarm_in_twenty() -> None:
    random = np.random.Generator(np.random.PCG64(18))
    alarms = sum(weekday_test(row).beyond_chance for row in random.multinomial(14, [1 / 7] * 7, 600).tolist())
    assert alarms <= 600 * 0.05 + 3 * math.sqrt(600 * 0.05 * 0.95)


def test_many_events_are_simulated_and_agree_with_the_chi_square_law() -> None:
    counts = [120, 100, 90, 110, 105, 95, 80]
    found = weekday_test(counts, seed=3)
    assert not found.exact and found.seed == 3
    assert found.p == pytest.approx(0.114, abs=0.02)  # chi-square of 6 degrees at 10.27
    assert weekday_test(counts, seed=3) == found


def test_the_table_counts_as_the_wall_clock_shows() -> None:
    moments = ["2024-07-01T23:30:00Z", "2024-07-02 00:10", "2024-07-02 00:50", "", "02/07/2024 13:00"]
    found = day_by_hour(moments)
    assert found.n == 4
    assert found.counts[1, 0] == 3 and found.counts[1, 13] == 1
    assert found.peak == (1, 0)
    assert found.counts.sum() == found.n == sum(found.as_dict()["by_hour"])
    kinds = {doubt.kind for doubt in found.doubts}
    assert kinds == {DoubtKind.ROWS_LEFT_OUT, DoubtKind.SMALL_NUMBERS}
    assert "most fell on Tuesday 00:00 to 01:00 (3)" in str(found.sentence())


def test_heaps_at_midnight_are_doubted() -> None:
    moments = ["2024-07-02 00:00"] * 10 + ["2024-07-02 15:30"] * 60
    found = day_by_hour(moments)
    assert found.at_midnight == 10
    assert [doubt.kind for doubt in found.doubts] == [DoubtKind.VAGUE_TIMES]


def test_nothing_to_count_is_refused() -> None:
    for counts in ([0] * 7, [3], [-1, 4]):
        with pytest.raises(CannotCompute):
            weekday_test(counts)
    with pytest.raises(CannotCompute):
        day_by_hour(["never", ""])
