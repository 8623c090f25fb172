"""Half-distance and half-life: recovered with honest intervals, refused without an excess; today's risk adds up."""

import json
import math
from datetime import date

import numpy as np
import pytest

from frankpledge.analysis.events import Events, events_from_arrays
from frankpledge.analysis.near_repeat_chains import Role, near_repeat_chains
from frankpledge.analysis.near_repeat_decay import LOG_2, NearRepeatDecay, near_repeat_decay, risk_now
from frankpledge.analysis.results import Interval
from frankpledge.sources.simulator import Parameters, draw_place, simulate_history
from frankpledge.vocabulary.errors import CannotCompute

from .near_repeat_data import chicago, near_repeat_city, synthetic

METRES, DAYS = 100.0, 8.0


def covered(interval: Interval, truth: float) -> bool:
    return (interval.lower or 0.0) <= truth <= interval.upper


def test_the_true_decay_lies_in_the_intervals_as_often_as_they_say() -> None:
    distance = days = 0
    halves = []
    for seed in range(20):
        found = near_repeat_decay(
            near_repeat_city(np.random.default_rng(seed), metres=METRES, days=DAYS), distance_band_m=100, threads=1
        )
        halves.append((found.distance.half, found.days.half))
        distance += covered(found.distance.interval, METRES * LOG_2)
        days += covered(found.days.interval, DAYS * LOG_2)
    assert min(distance, days) >= 16  # 19 are due; three of its own standard errors below
    assert np.median(halves, 0) == pytest.approx([METRES * LOG_2, DAYS * LOG_2], rel=0.12)


def test_without_near_repeats_there_is_nothing_that_fades() -> None:
    found = 0
    for seed in range(40):
        try:
            near_repeat_decay(near_repeat_city(np.random.default_rng(seed), n=1_500, share=0), threads=1)
            found += 1
        except CannotCompute:
            pass
    assert found <= 6  # 2 are due; three standard errors above


def test_the_same_place_has_a_half_life_of_its_own() -> None:
    """The synthetic city: a fifth of all offspring at the same dwelling, lags 1 + an exponential of mean 10 days.

    Offspring have offspring too, so pairs at one place lie somewhat further apart than parent and child.
    """
    found = near_repeat_decay(synthetic(20_000))
    assert found.same_place_days is not None
    assert covered(found.same_place_days.interval, 10 * LOG_2)
    assert covered(found.days.interval, 10 * LOG_2)
    assert found.same_place_days.excess > found.days.excess
    assert found.distance.half < 150 * LOG_2  # the density of an exponential distance falls faster than itself


def test_chicago_fades_within_streets_and_weeks() -> None:
    found = near_repeat_decay(chicago(2016))
    assert 100 < found.distance.half < 400
    assert 5 < found.days.half < 30
    assert found.same_place_days is not None and 4 < found.same_place_days.half < 16
    # with pairs of one day, many of them one crime recorded twice, the place seems to be safe again much sooner
    at_once = near_repeat_decay(chicago(2016), first_lag_days=0).same_place_days
    assert at_once is not None and at_once.half < found.same_place_days.half / 3


def test_order_and_shift_change_nothing() -> None:
    events = near_repeat_city(np.random.default_rng(2), n=1_500, share=0.3)
    order = np.random.default_rng(3).permutation(len(events))
    moved = Events(events.x[order] + 1_000, events.y[order] - 500, events.days[order] + 77)
    one, two = near_repeat_decay(events), near_repeat_decay(moved)
    assert one.distance.half == pytest.approx(two.distance.half, rel=1e-6)
    assert one.days.half == pytest.approx(two.days.half, rel=1e-6)


def test_twice_as_far_is_twice_the_half_distance() -> None:
    events = near_repeat_city(np.random.default_rng(2), n=1_500, share=0.3)
    far = Events(2 * events.x, 2 * events.y, events.days)
    one, two = near_repeat_decay(events), near_repeat_decay(far, within_m=2_000, distance_band_m=100)
    assert two.distance.half == pytest.approx(2 * one.distance.half, rel=1e-3)
    assert two.days.half == pytest.approx(one.days.half, rel=1e-3)


def test_it_says_what_it_found() -> None:
    found = near_repeat_decay(near_repeat_city(np.random.default_rng(1)))
    assert str(found.sentence()).startswith("The raised risk near an event halves every ")
    said = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert said["same_place_half_life_days"] is None and said["doubts"][0]["kind"] == "small numbers"
    assert said["half_distance_interval"]["lower"] < said["half_distance_m"] < said["half_distance_interval"]["upper"]
    assert len(found.table().rows) == 2


def test_bad_settings_are_refused() -> None:
    events = near_repeat_city(np.random.default_rng(1), n=200)
    with pytest.raises(CannotCompute, match="three of them"):
        near_repeat_decay(events, within_m=100, distance_band_m=50)
    with pytest.raises(CannotCompute, match="three bands of days"):
        near_repeat_decay(events, within_days=2)
    with pytest.raises(CannotCompute, match="at least three events"):
        near_repeat_decay(Events(np.zeros(1), np.zeros(1), np.zeros(1, np.int64)))


def test_an_excess_that_does_not_fade_in_sight_is_refused() -> None:
    slow = near_repeat_city(np.random.default_rng(5), n=3_000, share=0.9, metres=100, days=120)
    with pytest.raises(CannotCompute, match="Look at more days|nothing that fades"):
        near_repeat_decay(slow, within_days=9)


@pytest.fixture(scope="module")
def decay() -> NearRepeatDecay:
    return near_repeat_decay(near_repeat_city(np.random.default_rng(1), n=3_000, share=0.3))


def test_risk_is_one_and_the_sum_of_what_each_recent_event_adds(decay: NearRepeatDecay) -> None:
    random = np.random.default_rng(8)
    events = Events(random.uniform(0, 2_000, 60), random.uniform(0, 2_000, 60), random.integers(900, 1_030, 60))
    x, y = random.uniform(0, 2_000, 25), random.uniform(0, 2_000, 25)
    surface = risk_now(events, x, y, today=1_000, decay=decay)
    for p in range(25):
        expected = 1.0
        for e in range(60):
            metres = math.hypot(x[p] - events.x[e], y[p] - events.y[e])
            ago = 1_000 - int(events.days[e])
            if metres <= decay.within_m and 0 <= ago < decay.within_days:
                expected += decay.days.excess * 0.5 ** (metres / decay.distance.half + ago / decay.days.half)
        assert surface.risk[p] == pytest.approx(expected)
    for one in surface.at_risk(5):
        assert one.times_usual == pytest.approx(1 + sum(reason.adds for reason in one.reasons))
        assert [reason.adds for reason in one.reasons] == sorted((r.adds for r in one.reasons), reverse=True)
        for reason in one.reasons:
            assert reason.days_ago == 1_000 - events.days[reason.row]
            assert reason.distance_m == pytest.approx(
                math.hypot(one.x - events.x[reason.row], one.y - events.y[reason.row])
            )
    risks = [one.times_usual for one in surface.at_risk(25)]
    assert risks == sorted(risks, reverse=True)


def test_the_future_is_never_used_and_the_past_fades(decay: NearRepeatDecay) -> None:
    events = Events(np.array([0.0, 10.0]), np.zeros(2), np.array([100, 101]))
    risk = [float(risk_now(events, [5.0], [0.0], today=day, decay=decay).risk[0]) for day in (99, 100, 101, 102, 200)]
    assert risk[0] == risk[4] == 1.0
    assert 1 < risk[1] < risk[2] > risk[3] > 1


def test_a_place_on_the_list_is_one_where_the_next_event_is_a_near_repeat(decay: NearRepeatDecay) -> None:
    """The classifier and the forecast share their limits, to the day."""
    events = Events(np.array([0.0]), np.array([0.0]), np.array([100]))
    for ago in (0, 1, decay.within_days - 1, decay.within_days):
        listed = len(risk_now(events, [decay.within_m], [0.0], today=100 + ago, decay=decay).at_risk()) > 0
        both = Events(np.array([0.0, decay.within_m]), np.zeros(2), np.array([100, 100 + ago]))
        chains = near_repeat_chains(both, within_m=decay.within_m, within_days=decay.within_days - 1)
        assert listed == (chains.role[1] == Role.NEAR_REPEAT)


def test_reasons_are_said_in_words(decay: NearRepeatDecay) -> None:
    events = events_from_arrays([450_000, 450_060, 450_500], [300_000] * 3, ["2024-03-01", "2024-03-04", "2024-03-05"])
    surface = risk_now(events, [450_000], [300_000], today=date(2024, 3, 5), decay=decay)
    (one,) = surface.at_risk()
    assert {str(reason.sentence) for reason in one.reasons} == {
        "here 4 days ago",
        "60 m away yesterday",
        "500 m away today",
    }
    assert "times its usual risk: " in str(one.sentence())
    assert "1 places" in str(surface.sentence())
    json.dumps(surface.as_dict(), allow_nan=False)
    assert len(surface.table().rows) == 1


def test_places_in_blocks_are_the_same(decay: NearRepeatDecay, monkeypatch: pytest.MonkeyPatch) -> None:
    events = near_repeat_city(np.random.default_rng(4), n=500)
    x, y = np.meshgrid(np.arange(0, 8_000, 400.0), np.arange(0, 8_000, 400.0))
    one = risk_now(events, x.ravel(), y.ravel(), today=200, decay=decay).risk
    monkeypatch.setattr("frankpledge.analysis.near_repeat_decay.PLACES_AT_ONCE", 7)
    assert np.allclose(one, risk_now(events, x.ravel(), y.ravel(), today=200, decay=decay).risk)


def test_no_recent_event_is_no_raised_risk_and_no_place_is_refused(decay: NearRepeatDecay) -> None:
    events = Events(np.zeros(1), np.zeros(1), np.zeros(1, np.int64))
    surface = risk_now(events, [5.0], [5.0], today=9_999, decay=decay)
    assert surface.risk.tolist() == [1.0] and surface.at_risk() == ()
    assert "0 of 1 places" in str(surface.sentence())
    for x in ([], [float("nan")]):
        with pytest.raises(CannotCompute, match="position in metres"):
            risk_now(events, x, x, today=1, decay=decay)


def test_the_decay_the_demo_was_made_with_is_recovered() -> None:
    """Near repeats fall off by a factor e every 60 m; repeats of the same home have a half-life of 14 days.

    The half-life of pairs nearby is longer than the 4 days of a near repeat, since near repeats have repeats too.
    """
    (_, burglaries), parameters, town = simulate_history(1), Parameters(), draw_place().town
    home, day = burglaries.premises[burglaries.happened], burglaries.day[burglaries.happened]
    found = near_repeat_decay(Events(town.easting[home].astype(float), town.northing[home].astype(float), day))
    assert covered(found.distance.interval, parameters.near_repeat_decay_m * LOG_2)
    assert found.same_place_days is not None
    assert covered(found.same_place_days.interval, parameters.repeat_half_life_days)
    assert parameters.near_repeat_half_life_days < found.days.half < parameters.repeat_half_life_days
