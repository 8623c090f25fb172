"""Cohort re-offending against predicted, and the MARAC rate with its rules for missing returns."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.analysis.cohort import cohort_reoffending, marac_rate, relative_difference_range
from frankpledge.analysis.rates import Verdict
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import oracle


def test_barnets_cohort_is_no_clear_difference() -> None:
    """Barnet: 2,999 people, 7.80 % against 7.72 %, printed as a difference of 1.12 %."""
    found = cohort_reoffending(234, 2999, predicted_share=0.0772)
    assert found.predicted == pytest.approx(231.52, abs=0.01)
    assert found.ratio == pytest.approx(1.0107, abs=1e-4)
    assert found.verdict is Verdict.NOT_CLEAR
    low, high = relative_difference_range(7.80, 7.72, places=2)
    assert (100 * low, 100 * high) == pytest.approx((0.91, 1.17), abs=0.005)
    assert low < 0.0112 < high
    assert str(found.sentence()) == (
        "234 of 2,999 re-offended (7.80 %) against 231.5 predicted (7.72 %): 1.011 times (0.89 to 1.15), "
        "no clear difference."
    )


def test_the_interval_is_the_exact_poisson_one() -> None:
    """Garwood's limits of 10: 4.795 and 18.390."""
    found = cohort_reoffending(10, 100, predicted_share=0.10)
    assert (found.interval.lower, found.interval.upper) == pytest.approx((0.4795, 1.8390), abs=1e-4)
    assert found.doubts[0].kind is DoubtKind.SMALL_NUMBERS


def test_a_prediction_for_each_person_gives_an_exact_p() -> None:
    """Against a plain sum over all outcomes of four people."""
    each = [0.1, 0.5, 0.7, 0.9]
    chance = dict.fromkeys(range(5), 0.0)
    for outcome in range(16):
        bits = [outcome >> k & 1 for k in range(4)]
        chance[sum(bits)] += float(np.prod([p if bit else 1 - p for bit, p in zip(bits, each, strict=True)]))
    for observed in range(5):
        tails = sum(chance[k] for k in range(observed + 1)), sum(chance[k] for k in range(observed, 5))
        found = cohort_reoffending(observed, 4, predicted_each=each)
        assert found.p == pytest.approx(min(1.0, 2 * min(tails)))


def test_a_cohort_as_predicted_is_rarely_called_different() -> None:
    """2,000 simulated cohorts: the Poisson interval is a little wide, the exact p keeps to 5 %."""
    chance = np.random.default_rng(8)
    each = chance.beta(1, 5, 300)
    different, small_p = 0, 0
    for draws in chance.random((2000, 300)):
        found = cohort_reoffending(int((draws < each).sum()), 300, predicted_each=each)
        different += found.verdict is not Verdict.NOT_CLEAR
        small_p += found.p <= 0.05
    error = 3 * (0.05 * 0.95 / 2000) ** 0.5
    assert different / 2000 < 0.05 + error
    assert small_p / 2000 < 0.05 + error


@given(st.integers(1, 500), st.data())
def test_intervals_hold_the_ratio(cohort: int, data: st.DataObject) -> None:
    reoffended = data.draw(st.integers(0, cohort))
    found = cohort_reoffending(reoffended, cohort, predicted_share=data.draw(st.floats(0.01, 1)))
    assert found.interval.lower <= found.ratio <= found.interval.upper
    json.dumps(found.as_dict(), allow_nan=False)


def test_bad_cohorts_are_refused() -> None:
    for arguments in (
        (5, 0, {"predicted_share": 0.1}),
        (6, 5, {"predicted_share": 0.1}),
        (1, 5, {}),
        (1, 5, {"predicted_share": 7.72}),
        (1, 5, {"predicted_share": 0.1, "predicted_each": [0.1] * 5}),
        (1, 2, {"predicted_each": [0.1, 1.2]}),
        (1, 2, {"predicted_each": [0.1]}),
        (0, 2, {"predicted_each": [0.0, 0.0]}),
    ):
        with pytest.raises(CannotCompute):
            cohort_reoffending(*arguments[:2], **arguments[2])
    with pytest.raises(CannotCompute):
        relative_difference_range(1, 0.004, places=2)


# MARAC


def test_the_marac_rate_of_the_worked_example() -> None:
    """../shared/oracles/published/marac-rate.json: 240 cases among 60,000 adult women."""
    assert marac_rate({"here": [60, 70, 50, 60]}, {"here": 60_000}).value == pytest.approx(40.0)
    example = oracle("marac-rate")["worked_example_derived"]
    found = marac_rate({"here": [example["cases"]]}, {"here": example["adult_females"]})
    assert found.value == pytest.approx(example["expected"])


def test_one_missing_quarter_is_stood_in_for_and_two_leave_the_area_out() -> None:
    found = marac_rate(
        {"a": [10, None, 12, 8], "b": [5, None, None, 5], "c": [1, 2, 3, 4], "d": [None, 9, 9, 9]},
        {"a": 10_000, "b": 10_000, "c": 10_000, "d": 10_000},
    )
    assert found.n == (10 + 10 + 12 + 8) + 10
    assert found.adult_women == 20_000
    assert (found.stood_in, found.left_out) == (("a",), ("b", "d"))
    assert found.doubts[0].kind is DoubtKind.MISSING_MONTHS


def test_a_marac_rate_needs_returns_and_people() -> None:
    with pytest.raises(CannotCompute, match="No area returned"):
        marac_rate({"a": [None]}, {"a": 100})
    with pytest.raises(CannotCompute, match="population"):
        marac_rate({"a": [1]}, {})
    with pytest.raises(CannotCompute, match="below nought"):
        marac_rate({"a": [-1]}, {"a": 100})
