"""Change between two counts: the published tests, and the percentages that are refused."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln

from frankpledge.analysis.change import Against, change, compare_counts, e_test, poisson_z, year_to_date
from frankpledge.analysis.rates import Verdict
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.periods import Month, MonthSpan

from .oracles import oracle, peer_oracle

THIS_YEAR = MonthSpan.year_to(Month(2024, 12))
LAST_YEAR = THIS_YEAR.year_earlier()


def test_wheelers_z_is_as_published() -> None:
    published = oracle("poisson-change")["poisson_z"]
    for case in published["cases"]:
        assert poisson_z(case["current"], case["past"]) == pytest.approx(case["expected"], abs=1e-4)
    for case in published["derived_from_seed_documents"]:
        assert poisson_z(case["current"], case["past"]) == pytest.approx(case["z"], abs=1e-4)


def test_the_e_test_is_as_published() -> None:
    published = oracle("poisson-change")["e_test"]
    for case in published["cases"]:
        assert e_test(case["k1"], case["k2"]) == pytest.approx(case["expected"], abs=5e-5)
    for counts, expected in published["recomputed_here"].items():
        first, second = map(int, counts.split(","))
        assert e_test(first, second) == pytest.approx(expected, abs=1e-8)
        assert e_test(second, first) == pytest.approx(expected, abs=1e-8)


def test_nought_against_nought_has_no_test() -> None:
    with pytest.raises(CannotCompute):
        e_test(0, 0)
    assert e_test(3, 3) <= 1


def test_a_percentage_needs_a_base_of_twenty() -> None:
    assert change(30, THIS_YEAR, 20, LAST_YEAR).percent == pytest.approx(50)
    refused = change(30, THIS_YEAR, 19, LAST_YEAR)
    assert refused.percent is None
    assert refused.doubts[0].kind is DoubtKind.SMALL_NUMBERS


def test_a_year_after_the_lockdowns_is_not_like_one_with_them() -> None:
    after, during = MonthSpan.year_to(Month(2022, 10)), MonthSpan.year_to(Month(2021, 10))
    found = change(369, after, 189, during)
    assert not found.like_for_like
    assert [doubt.kind for doubt in found.doubts] == [DoubtKind.COVID_PERIOD]


def test_unequal_periods_are_not_compared() -> None:
    with pytest.raises(CannotCompute):
        change(30, THIS_YEAR, 20, MonthSpan(Month(2023, 1), Month(2023, 6)))


def test_a_change_within_chance_is_not_called_one() -> None:
    assert change(55, THIS_YEAR, 50, LAST_YEAR).verdict is Verdict.NOT_CLEAR
    assert change(100, THIS_YEAR, 50, LAST_YEAR).verdict is Verdict.HIGHER
    assert math.isclose(change(100, THIS_YEAR, 50, LAST_YEAR).z, 2 * (10 - math.sqrt(50)))


def e_test_by_definition(first: int, second: int, m: float, n: float) -> float:
    """The double sum over a square of counts, written as in the paper."""
    rate = (first + second) / (m + n)
    reach = np.arange(160.0)
    a, b = reach[:, None], reach[None, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        far = np.nan_to_num(np.abs(a / m - b / n) / np.sqrt(a + b))
    log_p = a * math.log(rate * m) - rate * m - gammaln(a + 1) + b * math.log(rate * n) - rate * n - gammaln(b + 1)
    return float(np.exp(log_p)[far >= abs(first / m - second / n) / math.sqrt(first + second) - 1e-12].sum())


def test_the_e_test_typed_in_from_the_paper() -> None:
    """Krishnamoorthy and Thomson's second example, and the values ptools prints (README of the peers' results)."""
    assert e_test(6, 2) == pytest.approx(0.1749, abs=5e-5)
    assert e_test(0, 3) == pytest.approx(0.0884, abs=5e-5)
    assert e_test(25, 16) == pytest.approx(0.1648, abs=5e-5)


def test_the_e_test_is_that_of_ptools_also_over_unequal_exposure() -> None:
    for case in peer_oracle("evaluation_and_time_r")["e_test"]:
        given = case["input"]
        found = e_test(given["k1"], given["k2"], given.get("n1", 1), given.get("n2", 1))
        assert found == pytest.approx(case["expected"], abs=1e-9)
    assert peer_oracle("evaluation_and_time_py")["etest"][3] == pytest.approx(e_test(10, 4, 12, 6), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 30), st.integers(0, 30), st.sampled_from([0.5, 1.0, 3.0]))
def test_the_e_test_is_its_definition(first: int, second: int, length: float) -> None:
    if first + second:
        assert e_test(first, second, length, 1.0) == pytest.approx(
            e_test_by_definition(first, second, length, 1.0), abs=1e-9
        )
        assert e_test(first, second, length, 1.0) == pytest.approx(e_test(second, first, 1.0, length), abs=1e-9)


def test_the_e_test_gives_a_false_alarm_one_time_in_twenty() -> None:
    random = np.random.Generator(np.random.PCG64(6))
    for mean in (6, 60):
        pairs = random.poisson(mean, (1_500, 2))
        alarms = np.mean([e_test(int(a), int(b)) <= 0.05 for a, b in pairs if a + b])
        assert 0.035 <= alarms <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 1_500)


def test_large_counts_are_tested_as_fast_as_small_ones() -> None:
    assert e_test(1_000_000, 1_004_000) == pytest.approx(
        math.erfc(4_000 / math.sqrt(2_004_000) / math.sqrt(2)), rel=0.01
    )


def test_two_counts_are_compared_and_unequal_periods_only_when_asked() -> None:
    found = compare_counts(65, 106, current_label="2024", previous_label="2023")
    assert found.z == pytest.approx(-4.4667, abs=1e-4)
    assert found.percent == pytest.approx(-38.68, abs=0.01)
    assert found.verdict is Verdict.LOWER
    assert str(found.sentence()) == "65 in 2024 against 106 in 2023: lower, beyond chance"
    with pytest.raises(CannotCompute, match="182 days"):
        compare_counts(65, 106, current_days=182, previous_days=365)
    per_day = compare_counts(53, 106, current_days=182.5, previous_days=365, per_day=True)
    assert per_day.percent == pytest.approx(0) and per_day.z == pytest.approx(0)
    assert [doubt.kind for doubt in per_day.doubts] == [DoubtKind.UNEQUAL_PERIODS]


def test_a_comparison_on_nothing_claims_nothing() -> None:
    found = compare_counts(0, 0)
    assert found.p is None and found.ratio is None and found.percent is None
    assert found.verdict is Verdict.NOT_CLEAR
    assert found.as_dict()["percent"] is None
    with pytest.raises(CannotCompute):
        compare_counts(-1, 3)


MONTHS = list(MonthSpan(Month(2021, 4), Month(2025, 2)))


def test_a_year_to_date_stands_against_the_same_months_a_year_before() -> None:
    counts = [10 + month.year - 2020 for month in MONTHS]
    found = year_to_date(MONTHS, counts, last=Month(2024, 12))
    assert (found.current, found.previous) == (9 * 14, 9 * 13)
    assert found.previous_label == "the same months a year before"
    assert found.doubts == ()
    assert (found.current_days, found.previous_days) == (275, 275)


def test_a_leap_day_in_a_year_to_date_is_allowed_for_and_said() -> None:
    found = year_to_date(MONTHS, [10] * len(MONTHS), last=Month(2024, 2))
    assert (found.current_days, found.previous_days) == (335, 334)
    assert [doubt.kind for doubt in found.doubts] == [DoubtKind.UNEQUAL_PERIODS]


def test_a_year_to_date_against_three_years_counts_per_day_and_names_the_lockdowns() -> None:
    found = year_to_date(MONTHS, [10] * len(MONTHS), against=Against.THREE_YEARS_BEFORE)
    assert (found.current, found.previous) == (110, 330)
    assert found.percent == pytest.approx(0, abs=0.2)
    kinds = {doubt.kind for doubt in found.doubts}
    assert kinds == {DoubtKind.UNEQUAL_PERIODS, DoubtKind.COVID_PERIOD}


def test_a_year_to_date_with_a_missing_month_is_refused() -> None:
    counts: list[int | None] = [10] * len(MONTHS)
    counts[MONTHS.index(Month(2023, 6))] = None
    with pytest.raises(CannotCompute, match="June 2023"):
        year_to_date(MONTHS, counts, last=Month(2024, 12))
    with pytest.raises(CannotCompute):
        year_to_date(MONTHS, counts, starts_in=13)
    with pytest.raises(CannotCompute):
        year_to_date([], [])
