"""Zones round recent burglaries: measured on the place, never looking ahead, and judged against their own places."""

from datetime import date

import numpy as np
import pytest

from frankpledge.analysis.events import EPOCH, Events
from frankpledge.analysis.near_repeat_alerts import alert_back_test, zone_days, zone_radius_m, zones_alive
from frankpledge.analysis.near_repeat_decay import NearRepeatDecay, near_repeat_decay
from frankpledge.vocabulary.errors import CannotCompute

from .near_repeat_data import chicago, near_repeat_city

TODAY = 300


@pytest.fixture(scope="module")
def city() -> Events:
    return near_repeat_city(np.random.default_rng(5), metres=100.0, days=8.0)


@pytest.fixture(scope="module")
def decay(city: Events) -> NearRepeatDecay:
    return near_repeat_decay(city, distance_band_m=100, threads=1)


def test_a_zone_reaches_as_far_and_lasts_as_long_as_half_of_the_excess(city: Events, decay: NearRepeatDecay) -> None:
    assert zone_radius_m(decay) == np.ceil(decay.distance.half)
    assert zone_days(decay) == np.ceil(decay.days.half)
    for zone in zones_alive(city, today=TODAY, decay=decay):
        assert zone.day <= TODAY <= zone.last_day == zone.day + zone_days(decay)
        assert city.days[zone.row] == zone.day
        assert (city.x[zone.row], city.y[zone.row]) == (zone.x, zone.y)


def test_later_events_change_nothing(city: Events, decay: NearRepeatDecay) -> None:
    known = np.flatnonzero(city.days <= TODAY)
    past = Events(x=city.x[known], y=city.y[known], day=city.days[known], rows=known)
    assert zones_alive(past, today=TODAY, decay=decay) == zones_alive(city, today=TODAY, decay=decay)


def test_the_order_of_the_records_changes_nothing(city: Events, decay: NearRepeatDecay) -> None:
    turned = np.random.default_rng(2).permutation(len(city))
    other = Events(x=city.x[turned], y=city.y[turned], day=city.days[turned])
    ours, theirs = (
        sorted(
            (zone.x, zone.y, zone.day, round(zone.times_usual, 9)) for zone in zones_alive(e, today=TODAY, decay=decay)
        )
        for e in (city, other)
    )
    assert ours == theirs


def test_the_strength_is_the_risk_next_door_summed_by_hand(city: Events, decay: NearRepeatDecay) -> None:
    zone = zones_alive(city, today=TODAY, decay=decay)[0]
    expected = 1.0
    for x, y, day in zip(city.x, city.y, city.days, strict=True):
        metres, ago = np.hypot(x - zone.x, y - zone.y), TODAY - day
        if 0 <= ago <= zone_days(decay) and metres <= decay.within_m:
            expected += decay.days.excess * np.exp(-metres / decay.distance.scale - ago / decay.days.scale)
    assert zone.times_usual == pytest.approx(expected)


def test_the_back_test_counts_as_a_plain_loop_does(city: Events, decay: NearRepeatDecay) -> None:
    days = list(range(200, 280, 14))
    found = alert_back_test(city, decay=decay, past_days=days, resamples=50)
    hits = alerts = 0
    for day in days:
        for zone in zones_alive(city, today=day, decay=decay):
            near = np.hypot(city.x - zone.x, city.y - zone.y) <= zone.radius_m
            hits += bool((near & (city.days > day) & (city.days <= day + 14)).any())
            alerts += 1
    assert (found.n, found.hits) == (alerts, hits)


def test_without_near_repeats_alerts_come_true_as_often_as_chance(city: Events, decay: NearRepeatDecay) -> None:
    """The same places with their days dealt out anew: the ratio's interval holds 1 about as often as it says."""
    held = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        shuffled = Events(x=city.x, y=city.y, day=random.permutation(city.days))
        found = alert_back_test(shuffled, decay=decay, past_days=list(range(100, 340, 14)), resamples=400)
        held += (found.ratio_interval.lower or 0.0) <= 1 <= found.ratio_interval.upper
    assert held >= 15  # 19 are due, a little fewer because alerts of neighbouring days share places


def test_where_burglaries_follow_each_other_alerts_beat_chance() -> None:
    city = near_repeat_city(np.random.default_rng(1), share=0.5)
    decay = near_repeat_decay(city, distance_band_m=100, threads=1)
    found = alert_back_test(city, decay=decay, past_days=list(range(100, 340, 14)))
    assert found.ratio > 1.3
    assert (found.ratio_interval.lower or 0.0) > 1
    assert str(found.sentence()).startswith("Of ")
    assert sum(band.alerts for band in found.bands) == found.n


def test_the_same_seed_gives_the_same_interval(city: Events, decay: NearRepeatDecay) -> None:
    days = list(range(200, 280, 14))
    first, second = (alert_back_test(city, decay=decay, past_days=days, seed=3, resamples=100) for _ in range(2))
    assert first.as_dict() == second.as_dict()


def test_days_ahead_must_lie_in_the_record(city: Events, decay: NearRepeatDecay) -> None:
    with pytest.raises(CannotCompute, match="within the record"):
        alert_back_test(city, decay=decay, past_days=[int(city.days.max()) - 3])


def test_no_zone_alive_is_said(decay: NearRepeatDecay) -> None:
    two = Events(x=np.array([0.0, 9_000.0]), y=np.array([0.0, 9_000.0]), day=np.array([0, 900]))
    with pytest.raises(CannotCompute, match="No zone was alive"):
        alert_back_test(two, decay=decay, past_days=[400])


def test_chicago_2016_and_2017_against_chance() -> None:
    """Measured on 2014 and 2015, alerts of each following fortnight: 1.2 times as often as at the same places."""
    years = [chicago(year) for year in (2014, 2015, 2016, 2017)]
    x, y, day = (np.concatenate([getattr(year, name) for year in years]) for name in ("x", "y", "day"))
    events = Events(x=x, y=y, day=day)
    start = (date(2016, 1, 1) - EPOCH).days
    before = np.flatnonzero(events.days < start)
    decay = near_repeat_decay(Events(x=events.x[before], y=events.y[before], day=events.days[before]))
    days = list(range(start, int(events.days.max()) - 14, 14))
    found = alert_back_test(events, decay=decay, past_days=days)
    assert found.days == 52
    assert found.n == pytest.approx(19_666, rel=0.02)
    assert found.share == pytest.approx(0.17, abs=0.01)
    assert found.ratio == pytest.approx(1.21, abs=0.05)
    assert (found.ratio_interval.lower or 0.0) > 1.1
