"""Rates and their intervals agree with the test data of UKHSA's PHEindicatormethods, and refuse what they must."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.analysis.rates import (
    Verdict,
    byar_limits,
    crude_rate,
    exact_limits,
    indirect_ratio,
    rate_difference,
    rate_ratio,
    wilson_limits,
)
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import oracle


def test_intervals_are_those_of_ukhsa() -> None:
    published = oracle("rates-and-proportions")
    for row in published["intervals"]:
        if row["method"] == "Byars":
            found = byar_limits(row["x"], row["confidence"])
        else:
            found = wilson_limits(row["x"], row["n"], row["confidence"])
        assert found.upper == pytest.approx(row["upper"], rel=1e-6)
        # a lower limit below nought is missing, never 0
        assert found.lower == (None if row["lower"] is None else pytest.approx(row["lower"], rel=1e-6))


def test_rates_are_those_of_ukhsa() -> None:
    for row in oracle("rates-and-proportions")["rates"]:
        if row.get("expected", "") is None:
            with pytest.raises(CannotCompute):
                crude_rate(row["count"], row["denominator"], per=row["multiplier"])
            continue
        for confidence, name in ((0.95, "95"), (0.998, "998")):
            found = crude_rate(row["count"], row["denominator"], per=row["multiplier"], confidence=confidence)
            assert found.value == pytest.approx(row["value"], rel=1e-9)
            assert found.interval.lower == pytest.approx(row[f"lower{name}"], rel=1e-6)
            assert found.interval.upper == pytest.approx(row[f"upper{name}"], rel=1e-6)
            assert found.interval.method == {"Exact": "exact Poisson", "Byars": "Byar"}[row["method"]]


def test_proportions_are_those_of_ukhsa() -> None:
    for row in oracle("rates-and-proportions")["proportions"]:
        for confidence, name in ((0.95, "95"), (0.998, "998")):
            found = wilson_limits(row["numerator"], row["denominator"], confidence)
            assert found.lower == pytest.approx(row[f"lower{name}"], rel=1e-6)
            assert found.upper == pytest.approx(row[f"upper{name}"], rel=1e-6)


def test_indirect_standardisation_is_that_of_ukhsa() -> None:
    published = oracle("standardisation")
    reference = [band["count"] / band["pop"] for band in published["reference"]]
    for area in published["areas"]:
        expected = sum(pop * rate for pop, rate in zip(area["pops"], reference, strict=True))
        observed = sum(count or 0 for count in area["counts"])
        wanted = area["expected"]
        assert expected == pytest.approx(wanted["expected_events"], rel=1e-9)
        for confidence, name in ((0.95, "95"), (0.998, "998")):
            ratio, interval = indirect_ratio(observed, expected, confidence=confidence)
            assert ratio == pytest.approx(wanted["ratio"], rel=1e-9)
            assert interval.lower == pytest.approx(wanted[f"lower{name}"], rel=1e-6)
            assert interval.upper == pytest.approx(wanted[f"upper{name}"], rel=1e-6)


@pytest.mark.parametrize("count", [0, 1, 9, 10, 400])
def test_an_exact_interval_covers_its_own_count(count: int) -> None:
    interval = exact_limits(count)
    assert interval.lower is not None
    assert interval.lower <= count <= interval.upper


def test_a_numerator_above_the_denominator_is_a_rate_but_no_proportion() -> None:
    assert crude_rate(250, 220, per=1).value > 1
    with pytest.raises(CannotCompute):
        wilson_limits(250, 220)


def test_no_rate_without_count_or_denominator() -> None:
    for count, households in ((None, 100), (3, None), (3, 0)):
        with pytest.raises(CannotCompute):
            crude_rate(count, households)


def test_a_rate_on_few_events_says_so() -> None:
    assert crude_rate(5, 1_000).doubts[0].kind is DoubtKind.SMALL_NUMBERS
    assert crude_rate(50, 1_000).doubts == ()


def test_the_ratio_of_two_rates_turns_over_when_they_change_places() -> None:
    one, other = rate_ratio(30, 1_000, 12, 1_500), rate_ratio(12, 1_500, 30, 1_000)
    assert one.value is not None and other.value is not None
    assert one.value == pytest.approx(1 / other.value)
    assert other.interval.lower is not None
    assert one.interval.upper == pytest.approx(1 / other.interval.lower)
    assert one.verdict is Verdict.HIGHER and other.verdict is Verdict.LOWER


def test_a_ratio_against_none_has_no_upper_end_and_claims_nothing() -> None:
    found = rate_ratio(2, 100, 0, 100)
    assert found.value is None
    assert math.isinf(found.interval.upper)
    assert found.as_dict()["interval"]["upper"] is None
    with pytest.raises(CannotCompute):
        rate_ratio(0, 100, 0, 100)


def test_a_rate_explains_itself() -> None:
    assert str(crude_rate(369, 34_898).sentence()) == "10.6 per 1,000 units (9.5 to 11.7)"


def test_the_difference_of_two_rates_by_hand() -> None:
    found = rate_difference(60, 10_000, 40, 10_000)
    assert found.value == pytest.approx(2)
    mine, other = byar_limits(60), byar_limits(40)
    assert mine.lower is not None and other.lower is not None and found.interval.lower is not None
    assert found.interval.lower == pytest.approx(2 - math.hypot(60 - mine.lower, other.upper - 40) / 10)
    assert found.interval.upper == pytest.approx(2 + math.hypot(mine.upper - 60, 40 - other.lower) / 10)
    assert str(found.sentence()).startswith("+2.0 per 1,000 (")


@given(st.integers(0, 200), st.integers(0, 200), st.integers(100, 5_000), st.integers(100, 5_000))
def test_a_difference_turns_its_sign_when_the_sides_change_places(a: int, b: int, m: int, n: int) -> None:
    one, other = rate_difference(a, m, b, n), rate_difference(b, n, a, m)
    assert one.value == pytest.approx(-other.value)
    assert one.interval.lower is not None
    assert one.interval.lower == pytest.approx(-other.interval.upper)
    assert one.interval.lower <= one.value + 1e-9


def test_the_interval_of_a_difference_covers_the_truth() -> None:
    random = np.random.Generator(np.random.PCG64(4))
    first, second = random.poisson(24, 2_000), random.poisson(9, 2_000)
    covered = 0
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        limits = rate_difference(a, 2_000, b, 1_500).interval
        covered += limits.lower is not None and limits.lower <= 12 - 6 <= limits.upper
    assert 0.94 <= covered / 2_000 <= 0.98


def test_no_difference_without_denominators() -> None:
    with pytest.raises(CannotCompute):
        rate_difference(3, 0, 4, 10)
    with pytest.raises(CannotCompute):
        rate_difference(-1, 10, 4, 10)
