"""The funnel's limits agree with published ones, its tests with their definition, and order changes nothing."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.analysis.funnel import (
    Standing,
    benjamini_hochberg,
    between_areas_sd,
    count_range,
    dispersion,
    expected_on_limit,
    funnel,
    limit_flag,
    poisson_mid_p,
    proportion_limits,
    widened_range,
)
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import oracle


def test_ratio_limits_are_those_of_ukhsa() -> None:
    for point in oracle("funnel-limits")["ratio"]["points"]:
        for confidence, name in ((0.95, "95"), (0.998, "998")):
            on_lower, on_upper = expected_on_limit(point["observed"], confidence)
            assert on_lower == pytest.approx(point[f"lower{name}_expected"], rel=1e-4)
            assert on_upper == pytest.approx(point[f"upper{name}_expected"], rel=1e-4)
            assert 100 * point["observed"] / on_lower == pytest.approx(point[f"lower{name}_ratio"], rel=1e-4)


def test_flags_are_those_of_ukhsa() -> None:
    words = {"within": "Not significant", "high 99.8": "High (0.001)", "high 95": "High (0.025)"}
    words |= {"low 99.8": "Low (0.001)", "low 95": "Low (0.025)"}
    for row in oracle("funnel-limits")["ratio"]["significance"]:
        assert words[limit_flag(row["observed"], row["expected"])] == row["flag"]


def test_proportion_limits_are_those_of_ukhsa() -> None:
    published = oracle("funnel-limits")["proportion"]
    areas = published["inputs"]
    pooled = sum(area["numerator"] for area in areas) / sum(area["denominator"] for area in areas)
    assert 100 * pooled == pytest.approx(published["baseline_percent"], abs=1e-5)
    for point in published["points"]:
        for confidence, name in ((0.95, "95"), (0.998, "998")):
            limits = proportion_limits(pooled, point["population"], confidence)
            assert limits.lower is not None
            assert 100 * limits.lower == pytest.approx(point[f"lower{name}"], abs=2e-5)
            assert 100 * limits.upper == pytest.approx(point[f"upper{name}"], abs=2e-5)


def test_over_dispersion_is_that_of_funnelplotr() -> None:
    published = oracle("funnel-limits")["overdispersion"]
    found = dispersion(published["numerator"], published["denominator"], transformation="log")
    assert found == pytest.approx(published["expected_phi"], abs=1e-6)


def test_mid_p_is_its_definition() -> None:
    mean, count = 4.0, 9
    each = [math.exp(-mean) * mean**k / math.factorial(k) for k in range(80)]
    by_hand = 2 * (sum(each[count + 1 :]) + each[count] / 2)
    assert poisson_mid_p(np.array([9.0]), np.array([mean]))[0] == pytest.approx(by_hand, rel=1e-9)
    nought = poisson_mid_p(np.array([0.0]), np.array([mean]))[0]
    assert nought == pytest.approx(math.exp(-mean), rel=1e-9)  # twice half of P(0)


def test_benjamini_and_hochbergs_own_example() -> None:
    # The fifteen p values of their paper (1995, section 3.2): four are rejected at 5 %.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert int((benjamini_hochberg(p) <= 0.05).sum()) == 4


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_values_follow_their_p_values_in_any_order(p: list[float]) -> None:
    adjusted = benjamini_hochberg(p)
    assert (adjusted >= np.array(p) - 1e-12).all() and (adjusted <= 1).all()
    turned = benjamini_hochberg(p[::-1])
    assert np.allclose(turned[::-1], adjusted)


@given(st.floats(0.2, 400))
def test_limits_enclose_the_expected_count_and_the_wider_encloses_the_narrower(expected: float) -> None:
    low, high = count_range(expected, 0.95)
    lower, higher = count_range(expected, 0.998)
    assert 0 <= lower <= low <= expected <= high <= higher


def test_only_the_area_that_differs_stands_out_whatever_the_order() -> None:
    codes = [f"X{n:08d}" for n in range(30)]
    counts = [10] * 30
    counts[4] = 45
    found = funnel(codes, counts, [700] * 30)
    assert [point.code for point in found.standing_out()] == ["X00000004"]
    assert found.standing_out()[0].standing is Standing.ABOVE
    assert found == funnel(codes[::-1], counts[::-1], [700] * 30)


def test_chance_alone_rarely_makes_an_area_stand_out() -> None:
    """Over 400 made-up districts without any real difference, at most about one in twenty names an area."""
    random = np.random.default_rng(11)
    codes = [f"X{n:08d}" for n in range(40)]
    false_alarms = sum(
        bool(funnel(codes, random.poisson(9, 40).tolist(), [700] * 40).standing_out()) for _ in range(400)
    )
    assert false_alarms <= 400 * 0.05 + 3 * math.sqrt(400 * 0.05 * 0.95)


def test_real_differences_are_named_as_over_dispersion() -> None:
    codes = [f"X{n:08d}" for n in range(20)]
    doubts = funnel(codes, [5, 40] * 10, [700] * 20).doubts
    assert [doubt.kind for doubt in doubts] == [DoubtKind.OVER_DISPERSION]


@pytest.mark.parametrize(("counts", "sizes"), [([1, 2], [5, 5]), ([0, 0, 0], [5, 5, 5]), ([1, 2, 3], [5, 0, 5])])
def test_it_refuses_what_cannot_be_judged(counts: list[int], sizes: list[int]) -> None:
    with pytest.raises(CannotCompute):
        funnel([str(n) for n in range(len(counts))], counts, sizes)


def test_the_published_over_dispersion_typed_in() -> None:
    """FunnelPlotR's own six areas; they are here so that the test means something without the shared file."""
    found = dispersion([100, 150, 180, 80, 120, 225], [108, 112, 165, 95, 100, 220], transformation="log")
    assert found == pytest.approx(2.948033, abs=1e-6)


def test_areas_that_all_differ_are_not_all_alarms_when_limits_are_widened() -> None:
    """Areas whose own rates have a spread of a quarter: unwidened many stand out, widened about none do."""
    random = np.random.Generator(np.random.PCG64(5))
    codes = [f"X{n:08d}" for n in range(60)]
    plain = widened = 0
    spreads = []
    for _ in range(60):
        own = random.gamma(16, 1 / 16, 60)
        counts = random.poisson(80 * own)
        plain += bool(funnel(codes, counts.tolist(), [1_000] * 60).standing_out())
        found = funnel(codes, counts.tolist(), [1_000] * 60, widen=True)
        widened += bool(found.standing_out())
        spreads.append(found.between_areas)
    assert plain == 60
    assert widened <= 60 * 0.05 + 3 * math.sqrt(60 * 0.05 * 0.95)
    assert np.mean(spreads) == pytest.approx(0.125, abs=0.015)  # √ratio has about half the spread of the ratio


def test_widened_limits_are_wider_and_nothing_is_widened_without_over_dispersion() -> None:
    low, high = count_range(80, 0.95)
    wide_low, wide_high = widened_range(80, 0.95, 0.1)
    assert wide_low < low < 80 < high < wide_high
    even = np.full(30, 50.0)
    assert between_areas_sd(even, even) == 0
    codes = [f"X{n:08d}" for n in range(30)]
    assert funnel(codes, [50] * 30, [700] * 30, widen=True).as_dict()["between_areas"] == 0


def test_a_count_below_nought_or_missing_is_refused() -> None:
    with pytest.raises(CannotCompute, match="below nought"):
        funnel(["a", "b", "c"], [1, 2, -1], [10, 10, 10])
    with pytest.raises(CannotCompute, match="Each area needs"):
        funnel(["a", "b", "c"], [1, 2], [10, 10, 10])
