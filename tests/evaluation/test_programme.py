"""The evaluation in one result: its parts agree, its check finds nothing, its verdict is as its interval."""

import dataclasses
import json
import time

import numpy as np
import pytest

from frankpledge.analysis.exposure import YEAR_DAYS
from frankpledge.analysis.programme_evaluation import (
    Fittings,
    ProgrammeHomes,
    evaluate_programme,
    similar_areas,
    verdict_of,
)
from frankpledge.analysis.results import Interval
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.programme_verdicts import ProgrammeVerdict
from tests.evaluation.made_up import evaluated
from tools.simulated_programme import END_DAY, FIRST_DAY, district
from tools.simulated_programme import programme as given


def test_the_answer_holds_the_truth_and_the_simple_count_does_not_say_it():
    found = evaluated()
    assert (found.homes, found.protected_homes) == (5_460, 2_383)
    assert found.effect.interval.lower < 0.6 < found.effect.interval.upper < 1
    assert found.verdict is ProgrammeVerdict.PROBABLY
    assert found.effect.resamples == 2_000 and found.effect.clusters == 236  # streets
    assert "burglaries prevented" in found.sentence()


def test_every_home_day_is_on_one_side_and_every_burglary_too():
    found = evaluated()
    sides = found.exposure
    assert sides.protected_days + sides.unprotected_days == pytest.approx(5_460 * (END_DAY - FIRST_DAY))
    assert sides.protected_events + sides.unprotected_events == found.n
    years = sum(one.home_years for one in found.packages)
    assert years == pytest.approx(5_460 * (END_DAY - FIRST_DAY) / YEAR_DAYS)
    assert sum(one.burglaries for one in found.packages) == found.n
    bare = next(one for one in found.packages if not one.measures)
    assert bare.burglaries == sides.unprotected_events


def test_the_parts_of_the_fall_add_up():
    shares = evaluated().shares
    assert shares.before + shares.everywhere + shares.protected + shares.unexplained == pytest.approx(shares.after)
    assert shares.protected == pytest.approx(-evaluated().latest.value)


def test_a_false_start_finds_nothing():
    way = {one.key: one for one in evaluated().ways}["false_start"]
    assert way.should_find_nothing
    assert way.lower < 1 < way.upper


def test_all_is_json_and_names_what_it_stands_on():
    found = json.loads(json.dumps(evaluated().as_dict(), allow_nan=False))
    for part in (found, found["effect"], found["exposure"], found["areas"], found["displacement"], found["simple"]):
        assert part["n"] > 0 and part["method"]
    assert found["seed"] == found["effect"]["seed"] == 1
    assert all(one["n"] and one["method"] for one in found["ways"])
    each = {one["outcome"]: one for one in found["cost_each"]}
    assert each["home in the area"]["value"] == pytest.approx(183.15, abs=0.005)
    assert each["home in the area"]["cost_is"] == "the full budget"
    early = found["value"]["editions"][0]
    assert early["if_moved"][1]["years"] == pytest.approx(2 * early["break_even_years"], rel=1e-4)
    assert early["cash_years"] > early["break_even_years"]


def test_the_same_seed_gives_the_same_answer_in_well_under_ten_seconds():
    began = time.perf_counter()
    again = evaluate_programme(**given(), resamples=2_000)
    assert time.perf_counter() - began < 10
    assert again.effect.as_dict() == evaluated().effect.as_dict()
    assert again.value is None and "cost" in again.refused["value"]


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (1.1, 2.0, ProgrammeVerdict.WORSE),
        (0.5, 1.0, ProgrammeVerdict.UNCLEAR),
        (0.5, 0.99, ProgrammeVerdict.PROBABLY),
        (0.6, 0.9, ProgrammeVerdict.WORKED),
        (0.0, 0.5, ProgrammeVerdict.PROBABLY),
    ],
)
def test_the_verdict_is_no_bolder_than_its_interval(low, high, verdict):
    assert verdict_of(Interval(low, high, 0.95, "made up")) is verdict


def test_a_measure_added_later_counts_from_its_own_day():
    """One street of forty homes; a quarter of them has an alarm from day 100 and a lock from day 300."""
    count, days = 40, 600
    village = ProgrammeHomes(
        small_area=np.full(count, "A", object),
        street=np.array([str(number % 8) for number in range(count)], object),
        x=np.arange(count) * 10.0,
        y=np.zeros(count),
        served=np.ones(count, bool),
    )
    fitted = np.arange(10)
    found = evaluate_programme(
        homes=village,
        fittings=Fittings(
            home=np.concatenate([fitted, fitted]),
            day=np.repeat([100, 300], 10),
            measure=np.repeat(np.array(["alarm", "lock"], object), 10),
        ),
        event_home=np.array([0, 1, *range(10, 40), 2]),
        event_day=np.array([150, 350, *range(5, 585, 20)[:29], 599, 50]),
        first_day=0,
        end_day=days,
        resamples=200,
    )
    held = {one.measures: one for one in found.packages}
    assert held[("alarm",)].home_years == pytest.approx(10 * 200 / YEAR_DAYS)
    assert held[("alarm", "lock")].home_years == pytest.approx(10 * 300 / YEAR_DAYS)
    assert (held[("alarm",)].burglaries, held[("alarm", "lock")].burglaries) == (1, 1)
    assert held[()].burglaries == 31
    assert found.effect.resamples == 0  # some draws of streets have no burglary of a protected home
    assert found.shares is None and found.areas is None  # no area without the programme
    assert found.refused["areas"]


def test_similar_areas_are_never_served_nor_next_door():
    found = evaluated()
    homes = district()
    served = set(homes.small_area[homes.served])
    assert len(found.similar_areas) == len(served) == 10
    assert not served & set(found.similar_areas)
    assert similar_areas(homes, {}) > found.similar_areas or set(similar_areas(homes, {})) >= set(found.similar_areas)


def test_nothing_fitted_is_said_in_one_sentence():
    nothing = Fittings(home=np.array([], int), day=np.array([], int), measure=np.array([], object))
    with pytest.raises(CannotCompute, match="Nothing has been fitted"):
        evaluate_programme(**{**given(), "fittings": nothing})
    nobody = dataclasses.replace(district(), served=np.zeros(len(district()), bool))
    with pytest.raises(CannotCompute, match="No home lies"):
        evaluate_programme(**{**given(), "homes": nobody})
