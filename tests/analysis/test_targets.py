"""Targets: profiles that add up, probabilities that are kept, and status words that know about chance."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.analysis.rates import Verdict
from frankpledge.analysis.targets import (
    Polarity,
    Status,
    count_cdf,
    percentage_target,
    quarterly_profile,
    target_status,
    year_end,
)
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

LESS, MORE, CONTEXT = Polarity.LESS_IS_GOOD, Polarity.MORE_IS_GOOD, Polarity.CONTEXT_ONLY
HISTORY = [[120, 100, 110, 130], [118, 95, 108, 128], [115, 99, 109, 124]]
YEARS = st.lists(st.lists(st.integers(0, 300), min_size=4, max_size=4), min_size=1, max_size=5)


def test_salfords_29_per_cent_has_no_baseline() -> None:
    """Salford: "reduce by 29 %", ending at 42.6, without the figure it starts from: 60.0 would be needed."""
    with pytest.raises(CannotCompute, match=r"needs its baseline.*baseline of 60\.0"):
        percentage_target(-29, baseline=None, ends_at=42.6)
    assert percentage_target(-29, baseline=44) == pytest.approx(31.24)
    with pytest.raises(CannotCompute, match="nought means nothing"):
        percentage_target(-10, baseline=0)
    with pytest.raises(CannotCompute):
        percentage_target(-120, baseline=10)


@given(YEARS, st.integers(0, 5000))
def test_a_profile_adds_up_to_its_target(years: list[list[int]], target: int) -> None:
    if not sum(map(sum, years)):
        with pytest.raises(CannotCompute, match="no season"):
            quarterly_profile(years, target=target)
        return
    profile = quarterly_profile(years, target=target)
    assert sum(profile.quarters) == target
    assert sum(profile.shares) == pytest.approx(1)
    assert all(abs(q - target * s) < 1 for q, s in zip(profile.quarters, profile.shares, strict=True))
    assert quarterly_profile(years[::-1], target=target).quarters == profile.quarters


def test_a_profile_follows_the_season() -> None:
    profile = quarterly_profile([[40, 20, 30, 10]], target=50)
    assert profile.quarters == (20, 10, 15, 5)
    assert profile.doubts[0].kind is DoubtKind.SHORT_HISTORY


def test_negative_binomial_and_poisson_chances_against_plain_sums() -> None:
    from math import exp, factorial, lgamma, log

    assert count_cdf(3, 2.5, 2.5) == pytest.approx(sum(exp(-2.5) * 2.5**k / factorial(k) for k in range(4)))
    size, share = 4.0, 4.0 / (4.0 + 6.0)  # mean 6, variance 6 + 36 / 4 = 15
    plain = sum(
        exp(lgamma(k + size) - lgamma(size) - lgamma(k + 1.0) + size * log(share) + k * log(1 - share))
        for k in range(8)
    )
    assert count_cdf(7, 6.0, 15.0) == pytest.approx(plain)
    assert count_cdf(-1, 6.0, 15.0) == 0 and count_cdf(0, 0.0, 0.0) == 1


def test_predictions_cover_what_they_say() -> None:
    """1,500 simulated years at three levels, after none to three quarters: 95 % (whole numbers: a little over)."""
    chance = np.random.default_rng(1)
    covered = 0
    for trial in range(1500):
        mean = np.array([120, 100, 110, 130]) * (0.1, 0.3, 1.0)[trial % 3]
        past, now = chance.poisson(mean, (4, 4)), chance.poisson(mean)
        ahead = year_end(past.tolist(), now[: trial % 4].tolist()).interval
        covered += ahead.lower <= now.sum() <= ahead.upper
    assert 0.95 - 3 * (0.05 * 0.95 / 1500) ** 0.5 < covered / 1500 < 0.99


def test_years_that_drift_widen_the_prediction_and_are_still_covered() -> None:
    """Levels that change by 15 % a year: a prediction without drift would miss far more than one in twenty."""
    chance = np.random.default_rng(2)
    covered, plain = 0, 0
    for _ in range(600):
        level = 400 * np.exp(np.cumsum(chance.normal(0, 0.15, 8)))
        years = chance.poisson(level[:, None] * np.array([0.26, 0.22, 0.24, 0.28]))
        ahead = year_end(years[:7].tolist(), [])
        covered += ahead.interval.lower <= years[7].sum() <= ahead.interval.upper
        plain += abs(years[7].sum() - ahead.expected) <= 1.96 * (2 * ahead.expected) ** 0.5
    assert plain / 600 < 0.7
    assert 0.88 < covered / 600 < 0.99


def test_probabilities_of_meeting_are_kept() -> None:
    """Targets drawn widely about the level: of those given 20 to 40 %, 20 to 40 % are met, and so on."""
    chance = np.random.default_rng(3)
    said, met = [], []
    for _ in range(3000):
        level = chance.gamma(4, 100)
        past, now = chance.poisson(level / 4, (3, 4)), chance.poisson(level / 4, 4)
        target = past[-1].sum() * chance.uniform(0.75, 1.25)
        ahead = year_end(past.tolist(), now[:2].tolist())
        probability, between = ahead.probability_of(target, LESS)
        assert between.lower <= probability <= between.upper
        said.append(probability)
        met.append(now.sum() <= target)
    said, met = np.array(said), np.array(met)
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        among = (said >= low) & (said < low + 0.2 + 1e-9)
        assert abs(said[among].mean() - met[among].mean()) < 0.03 + 3 * 0.5 / among.sum() ** 0.5


def test_a_finished_year_is_met_or_missed_and_says_when_chance_would_do() -> None:
    met = target_status(HISTORY, [100, 90, 95, 110], target=400, polarity=LESS)
    assert (met.status, met.probability) == (Status.MET, 1.0)
    missed = target_status(HISTORY, [110, 95, 100, 105], target=400, polarity=LESS)
    assert missed.status is Status.MISSED
    assert str(missed.sentence()) == (
        "Missed: 410 against a target of 400, a difference that chance alone often makes."
    )
    assert "chance" not in str(target_status(HISTORY, [150, 150, 150, 150], target=400, polarity=LESS).sentence())


def test_the_year_before_its_end() -> None:
    def word(so_far: list[int], target: float, polarity: Polarity = LESS) -> Status:
        return target_status(HISTORY, so_far, target=target, polarity=polarity).status

    assert word([118, 96], 520) is Status.ON_COURSE
    assert word([118, 96], 380) is Status.AT_RISK
    assert word([118, 96], 450) is Status.NO_CLEAR_CHANGE
    assert word([200, 210], 400) is Status.MISSED  # nothing can change it
    assert word([200, 210], 400, MORE) is Status.MET


def test_more_reporting_is_never_a_failing_when_it_is_wanted() -> None:
    """Domestic abuse reported more often: with *more is good* a rise is on course, with *less* it is at risk."""
    rising = [150, 140]
    assert target_status(HISTORY, rising, target=480, polarity=MORE).status is Status.ON_COURSE
    assert target_status(HISTORY, rising, target=480, polarity=LESS).status is Status.AT_RISK
    context = target_status(HISTORY, rising, target=480, polarity=CONTEXT)
    assert (context.status, context.direction, context.probability) == (Status.NO_TARGET, Verdict.HIGHER, None)


def test_few_cases_have_no_status_and_no_target_has_none() -> None:
    small = target_status([[2, 3, 1, 2]], [1], target=7, polarity=LESS)
    assert small.status is Status.TOO_FEW
    none = target_status(HISTORY, [118], target=None, polarity=LESS)
    assert none.status is Status.NO_TARGET
    assert str(none.sentence()) == "No target: 118 so far, no clear difference."
    json.dumps(none.as_dict(), allow_nan=False)


def test_a_stable_indicator_is_rarely_called_at_risk_or_changed() -> None:
    """1,000 simulated years at a level of 400 with the level itself as target: no clear change nearly always."""
    chance = np.random.default_rng(9)
    changed = 0
    for _ in range(1000):
        years = chance.poisson(100, (4, 4))
        changed += target_status(
            years[:3].tolist(), years[3, :2].tolist(), target=400, polarity=LESS
        ).direction is not (Verdict.NOT_CLEAR)
    assert changed / 1000 < 0.05 + 3 * (0.05 * 0.95 / 1000) ** 0.5


@given(YEARS, st.lists(st.integers(0, 300), max_size=4), st.floats(0, 1500), st.sampled_from([LESS, MORE]))
def test_every_status_is_sound(years: list[list[int]], so_far: list[int], target: float, polarity: Polarity) -> None:
    if not sum(map(sum, years)):
        return
    found = target_status(years, so_far, target=target, polarity=polarity)
    assert 0 <= found.probability <= 1
    if len(so_far) == 4:
        assert found.status in (Status.MET, Status.MISSED)
        assert found.probability == (found.status is Status.MET)
    json.dumps(found.as_dict(), allow_nan=False)
    assert str(found.sentence()).endswith(".")


def test_bad_input_is_refused() -> None:
    for years, so_far in (([], []), ([[1, 2, 3]], []), ([[1, 2, 3, None]], []), ([[1, 2, 3, -4]], []),
                          ([[1, 2, 3, 4]], [1, 2, 3, 4, 5]), ([[1, 2, 3, 4]], [1.5])):  # fmt: skip
        with pytest.raises(CannotCompute):
            year_end(years, so_far)
    with pytest.raises(CannotCompute):
        quarterly_profile([[1, 2, 3, 4]], target=-1)
    with pytest.raises(CannotCompute):
        target_status([[1, 2, 3, 4]], [], target=-1, polarity=LESS)
