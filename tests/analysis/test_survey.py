"""Surveys: design effect, intervals that hold, and percentages that no number of answers can give."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.analysis.rates import Verdict
from frankpledge.analysis.survey import (
    counts_that_round_to,
    kish_design_effect,
    margin,
    percentages_from,
    survey_share,
    survey_share_from_counts,
    wave_change,
)
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import oracle


def test_harboroughs_58_and_38_cannot_come_from_27() -> None:
    """27 lights, 58 % less worried, 38 % of neighbours interested: 24 or 26 answers would fit, 27 do not."""
    check = percentages_from([58, 38], 27)
    assert not check.possible
    assert check.counts == ((), ())
    assert check.fitting_n == (24, 26)
    assert str(check.sentence()) == "58 % and 38 % cannot come from 27 answers; all would fit 24 and 26."
    assert percentages_from([58, 38], 24).counts == ((14,), (9,))
    assert percentages_from([58, 38], 26).counts == ((15,), (10,))


def test_a_percentage_with_decimals_names_its_count() -> None:
    """Barnet's cohort: 7.80 % of 2,999 is 234 people."""
    assert counts_that_round_to(7.80, 2999, places=2) == (234,)
    assert percentages_from([30], 68).counts == ((),)  # Mansfield's 30 % of 68: 20 is 29.4, 21 is 30.9
    assert percentages_from([29, 31], 68).counts == ((20,), (21,))


@given(st.integers(1, 400), st.data())
def test_a_true_percentage_is_always_possible(n: int, data: st.DataObject) -> None:
    """Against a plain loop over every count."""
    k, places = data.draw(st.integers(0, n)), data.draw(st.integers(0, 2))
    percent = round(100 * k / n, places)
    found = counts_that_round_to(percent, n, places=places)
    assert k in found
    half = 0.5 * 10.0**-places + 1e-9 * 100 / n
    assert found == tuple(j for j in range(n + 1) if abs(100 * j / n - percent) <= half)
    assert n in percentages_from([percent], n, places=places).fitting_n


def test_1500_answers_have_a_margin_of_two_and_a_half_points() -> None:
    assert margin(1500) == pytest.approx(2.530, abs=1e-3)
    assert margin(1500, design_effect=2) == pytest.approx(margin(750))


def test_unweighted_shares_have_the_published_wilson_limits() -> None:
    """../shared/oracles/published/rates-and-proportions.json."""
    cases = [case for case in oracle("rates-and-proportions")["intervals"] if case["method"] == "Wilson"]
    whole = [case for case in cases if case["x"] == int(case["x"])]
    assert whole
    for case in whole:
        share = survey_share_from_counts(int(case["x"]), int(case["n"]), confidence=case["confidence"])
        assert share.interval.lower == pytest.approx(case["lower"], abs=1e-9)
        assert share.interval.upper == pytest.approx(case["upper"], abs=1e-9)


def test_weights_move_the_share_and_widen_its_interval() -> None:
    answers, weights = [1, 1, 0, 0], [3, 1, 1, 1]
    share = survey_share(answers, weights=weights, asked=10)
    assert share.value == pytest.approx(4 / 6)
    assert share.design_effect == pytest.approx(4 * 12 / 36)
    assert share.effective_n == pytest.approx(3)
    assert share.response_rate == pytest.approx(0.4)
    plain = survey_share([1] * 200 + [0] * 100)
    weighted = survey_share([1] * 200 + [0] * 100, weights=[1, 3] * 150)
    assert weighted.interval.upper - weighted.interval.lower > plain.interval.upper - plain.interval.lower


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0.1, 20)), min_size=1, max_size=60), st.floats(0.01, 100))
def test_order_and_scale_of_weights_change_nothing(rows: list[tuple[int, float]], factor: float) -> None:
    answers, weights = [answer for answer, _ in rows], [weight for _, weight in rows]
    one = survey_share(answers, weights=weights)
    other = survey_share(answers[::-1], weights=[weight * factor for weight in weights[::-1]])
    assert one.value == pytest.approx(other.value)
    assert one.design_effect == pytest.approx(other.design_effect)
    assert 1 - 1e-9 <= one.design_effect <= len(rows) + 1e-9
    json.dumps(one.as_dict(), allow_nan=False)


def test_n_and_response_rate_are_always_said() -> None:
    share = survey_share([1] * 30 + [0] * 20 + [None] * 5, asked=500)
    assert str(share.sentence()) == "60.0 % (46.2 to 72.4; n 50, response rate 10 %)."
    assert share.not_answered == 5
    assert {doubt.kind for doubt in share.doubts} == {DoubtKind.SMALL_NUMBERS, DoubtKind.LOW_RESPONSE}
    assert "response rate not given" in str(survey_share([1, 0]).sentence())


def test_a_change_between_waves_knows_newcombes_example() -> None:
    """Newcombe (1998), method 10, 56/70 against 48/80: 0.2000 (0.0524 to 0.3339)."""
    change = wave_change(survey_share_from_counts(48, 80), survey_share_from_counts(56, 70))
    assert (change.value, change.interval.lower, change.interval.upper) == pytest.approx(
        (0.2, 0.0524, 0.3339), abs=5e-5
    )
    assert change.verdict is Verdict.HIGHER
    assert wave_change(survey_share_from_counts(48, 80), survey_share_from_counts(48, 80)).verdict is Verdict.NOT_CLEAR


def test_weighted_intervals_cover_what_they_say() -> None:
    """1,000 simulated surveys with unequal weights unrelated to the answers."""
    chance = np.random.default_rng(6)
    weights = chance.gamma(2.0, 1.0, 300) + 0.2
    assert kish_design_effect(weights) > 1.3
    covered = 0
    for answers in chance.random((1000, 300)) < 0.35:
        found = survey_share(answers, weights=weights).interval
        covered += found.lower <= 0.35 <= found.upper
    assert abs(covered / 1000 - 0.95) < 3 * (0.05 * 0.95 / 1000) ** 0.5


def test_bad_input_is_refused() -> None:
    for answers, options in (
        ([], {}),
        ([None, None], {}),
        ([2], {}),
        (["yes"], {}),
        ([1], {"weights": [0]}),
        ([1], {"weights": [1, 2]}),
        ([1, 0], {"asked": 1}),
    ):
        with pytest.raises(CannotCompute):
            survey_share(answers, **options)
    for percentages, n in (([58.5], 27), ([101], 27), ([], 27), ([50], 0)):
        with pytest.raises(CannotCompute):
            percentages_from(percentages, n)
    with pytest.raises(CannotCompute):
        margin(0)
    with pytest.raises(CannotCompute, match="different confidence"):
        wave_change(survey_share_from_counts(1, 2), survey_share_from_counts(1, 2, confidence=0.9))
