"""Farrington's flexible limits agree with R's surveillance, and give false alarms about as often as they say."""

import numpy as np
import pytest

from frankpledge.analysis.farrington import FarringtonLimits, farrington_limits
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import peer_oracle


def yearly(weeks: int, level: float = 30.0) -> np.ndarray:
    return level * (1 + 0.3 * np.sin(2 * np.pi * np.arange(weeks) / 52))


def oracle_limits(as_surveillance: bool) -> tuple[FarringtonLimits, list[float], list[int]]:
    published = peer_oracle("evaluation_and_time_r")["farrington_flexible"]
    asked = published["input"]
    found = farrington_limits(
        asked["counts"],
        per_year=asked["weeks_per_year"],
        years_back=asked["b"],
        half_window=asked["w"],
        blocks=asked["noPeriods"],
        leave_out_latest=asked["pastWeeksNotIncluded"],
        alpha=asked["alpha"],
        trend_p=asked["pThresholdTrend"],
        last=52,
        as_surveillance=as_surveillance,
    )
    return found, published["expected"]["upperbound"], published["expected"]["alarm_week"]


def test_limits_are_those_of_surveillance() -> None:
    """Package surveillance 1.20.3, farringtonFlexible, weeks 209 to 260: every limit and every alarm."""
    found, upper, alarms = oracle_limits(as_surveillance=True)
    assert [limit.upper for limit in found.limits] == pytest.approx(upper, rel=1e-6)
    assert [limit.label for limit in found.alarms()] == [f"period {week}" for week in alarms]


def test_with_the_error_of_the_fit_as_it_should_be_limits_move_little_and_alarms_not() -> None:
    found, upper, alarms = oracle_limits(as_surveillance=False)
    assert [limit.upper for limit in found.limits] == pytest.approx(upper, rel=0.03)
    assert [limit.label for limit in found.alarms()] == [f"period {week}" for week in alarms]


def test_a_planted_rise_is_found_and_nothing_else() -> None:
    counts = np.rint(yearly(220)).astype(int)
    counts[-1] = 80
    found = farrington_limits(counts.tolist(), last=20)
    assert [limit.label for limit in found.alarms()] == ["period 220"]
    assert found.limits[-1].expected == pytest.approx(yearly(220)[-1], rel=0.05)


def test_false_alarms_come_about_as_often_as_alpha() -> None:
    random = np.random.Generator(np.random.PCG64(13))
    alarms = total = 0
    for _ in range(12):
        found = farrington_limits(random.poisson(yearly(220)).tolist(), alpha=0.05, last=40)
        alarms += len(found.alarms())
        total += len(found.limits)
    assert 0.025 <= alarms / total <= 0.085


def test_later_counts_change_no_earlier_limit() -> None:
    counts = np.random.Generator(np.random.PCG64(14)).poisson(yearly(200)).tolist()
    early = farrington_limits(counts[:180], last=5).limits
    late = farrington_limits(counts, last=25).limits[:5]
    assert [limit.upper for limit in early] == pytest.approx([limit.upper for limit in late])


def test_months_work_too_and_nonsense_is_refused() -> None:
    counts = [20, 22, 18, 25, 21, 19] * 10
    found = farrington_limits(counts, per_year=12, half_window=1, blocks=4, leave_out_latest=3, last=6)
    assert len(found.limits) == 6
    assert str(found.sentence()).startswith("None of 6")
    for bad in (counts[:30], [0] * 60, [*counts[:59], -1]):
        with pytest.raises(CannotCompute):
            farrington_limits(bad, per_year=12, half_window=1, blocks=4)
    with pytest.raises(CannotCompute):
        farrington_limits(counts, per_year=12, half_window=6)


def test_a_lone_event_among_noughts_is_no_alarm() -> None:
    counts = [0] * 200
    counts[20] = counts[70] = counts[130] = 1
    counts[-1] = 2
    found = farrington_limits(counts, last=3, blocks=1)
    assert found.limits[-1].count > found.limits[-1].upper and not found.limits[-1].enough
    assert found.alarms() == ()
