"""What *Did it work?* says of what was delivered, of homes burgled all the same, and in its table of estimates."""

import numpy as np
import pytest

from frankpledge.analysis.entry_findings import entry_findings
from frankpledge.analysis.exposure import dose_response
from frankpledge.oversight.evaluation import pages
from frankpledge.oversight.evaluation.burglary_pages import visits_part
from frankpledge.oversight.evaluation.estimate_pages import delivered, estimates
from frankpledge.oversight.evaluation.rules import QUESTIONS, answers_of
from frankpledge.oversight.evaluation.vocabulary import AlarmFound, EntryFloor, EntryRoute
from tests.evaluation.made_up import evaluated


@pytest.fixture(scope="module")
def found():
    return evaluated().as_dict()


def test_a_dose_is_told_from_what_happened_everywhere_in_a_period():
    """Made-up rows without chance: each area has its level, each period its own, and each unit halves the rate."""
    dose, events, days, area, period = [], [], [], [], []
    for one in range(6):
        for when in range(8):
            more = max(when - 3, 0) * (one % 3)
            dose.append(more)
            days.append(1_000.0)
            events.append(1_000 * 0.01 * (1 + one) * 1.3**when * 0.5**more)
            area.append(one)
            period.append(when)
    both = dose_response(dose=dose, events=events, exposure_days=days, strata=area, periods=period)
    assert both.ratio == pytest.approx(0.5, abs=1e-6) and "periods taken out" in both.method
    alone = dose_response(dose=dose, events=events, exposure_days=days, strata=area)
    assert abs(alone.ratio - 0.5) > 0.02


def test_areas_with_more_protected_homes_are_compared_with_themselves_in_the_same_quarter(found):
    dose = found["area_dose"]
    assert 0 < dose["interval"]["lower"] < dose["ratio_per_unit"] < dose["interval"]["upper"]
    assert "levels" not in dose and dose["n"] <= found["n"] + 2_000
    part = delivered(found)
    assert "Rate ratio for each tenth" in part["after"]
    days = found["homes"] * (found["end_day"] - found["began"])
    assert part["rows"][1][2] == f"{days:,}"
    assert 0 < found["exposure"]["protected"]["property_days"] < days


def test_the_dosage_of_offers_is_what_was_delivered(found):
    offers = {"cocoons": 9, "homes": 70, "reached": 40, "accepted": 21, "had_it": 6, "refused": 13, "unanswered": 2}
    rows = delivered({**found, "offers": offers})["rows"]
    assert ("After a burglary nearby: want a visit", "21", "70", "30.0\u00a0%") in rows
    assert ("After a burglary nearby: never answered", "fewer than 5", "70", "–") in rows
    assert len(delivered({**found, "offers": None})["rows"]) == 2


def test_every_estimate_is_in_one_table_with_its_interval(found):
    rows = {row[0]: row for row in estimates(found)["rows"]}
    odds = found["odds"]
    assert rows["Before and after against similar areas (odds ratio)"][1].startswith(
        f"{1 / odds['relative_effect_size']:.2f} ("
    )
    for name in (
        "Difference in differences, whole areas",
        "Weighted displacement difference: the rings",
        "Regression to the mean: seen before, and usual",
        "For each kind of measure more in a home, from nothing on",
        "For each kind of measure more in a home that had one",
        "The rings against similar areas",
    ):
        assert rows[name][1] and rows[name][3]
    way = next(one for one in found["ways"] if one["key"] == "odds")
    assert way["lower"] < way["ratio"] < way["upper"]


def test_a_bad_year_before_is_warned_of_and_a_usual_one_is_not(found):
    assert "Beware of a bad time before: it had 133 burglaries where 120 are usual" in pages._usual(found, 133)
    assert pages._usual(found, 119) == "" and pages._usual({"usual_before": None}, 119) == ""


def _fallen(found, *, before, after, similar, ours, low, high, verdict="probably"):
    everywhere = before * (similar[1] / similar[0] - 1)
    shares = {
        "before": before, "after": after, "everywhere": everywhere, "protected": -ours,
        "protected_interval": {"lower": low, "upper": high}, "unexplained": after - before - everywhere + ours,
        "similar_before": similar[0], "similar_after": similar[1],
    }  # fmt: skip
    simple = {**found["simple"], "percent": 100 * (after / before - 1)}
    return {**found, "shares": shares, "simple": simple, "verdict": verdict}


def test_a_fall_is_claimed_only_with_its_interval_and_only_where_the_verdict_bears_it(found):
    fallen = {"before": 125, "after": 92, "similar": (34, 27), "ours": 18.0, "low": 3.3, "high": 46.2}
    fair = pages._fair(_fallen(found, **fallen))
    assert fair["chart_title"] == "Of 33 fewer burglaries, we can claim 18 (3 to 46)"
    unclear = pages._fair(_fallen(found, **{**fallen, "low": -4.0}, verdict="unclear"))
    assert "claim" not in unclear["chart_title"].split(",")[0]
    beyond = pages._fair(_fallen(found, **{**fallen, "ours": 40.0}))
    assert "Of 33" not in beyond["chart_title"]


def test_what_similar_areas_did_has_its_chance_and_what_is_left_has_its_sign(found):
    fallen = {"before": 125, "after": 92, "ours": 18.0, "low": 3.3, "high": 46.2}
    more = pages._fair(_fallen(found, similar=(34, 27), **fallen))
    assert more["everywhere_title"] == "26 fewer, had ours done as similar areas did"
    assert "went from 34 to 27" in more["similar"] and "from −67 to +44 here" in more["similar"]
    assert more["rest_title"] == "11 more than the two parts together give"
    assert "They come to −44, and the count changed by −33." in more["rest"]
    fewer = pages._fair(_fallen(found, similar=(34, 32), **fallen))
    assert fewer["rest_title"] == "8 fewer we cannot explain" and "We claim none of it" in fewer["rest"]


def test_a_count_that_rose_is_not_shown_as_a_fall(found):
    fallen = {"similar": (34, 27), "ours": 18.0, "low": 3.3, "high": 46.2}
    fell = pages._fair(_fallen(found, before=125, after=92, **fallen))
    assert fell["title"] == "The simple count says 26 per cent; the fair answer is 16"
    rose = pages._fair(_fallen(found, before=92, after=125, **fallen))
    assert rose["title"] == "The simple count changed by +36 per cent; by days protected it is −13"
    assert rose["simple"] == "+36"


def test_the_simple_fall_is_called_unsupported_only_where_it_is(found):
    fallen = {"before": 125, "after": 92, "similar": (34, 27), "ours": 18.0, "low": 3.3}
    assert "is no evidence of it" in pages._lead(_fallen(found, high=46.2, **fallen))["simple"]
    assert "does not support the 26 per cent" in pages._lead(_fallen(found, high=25.0, **fallen))["simple"]
    assert pages._prevented_range(-5.2, 20.1) == "5 more to 20 prevented"
    assert pages._whole_prevented(-4.6) == "5 burglaries more"


def test_more_measures_are_said_to_do_more_only_among_homes_that_had_some(found):
    assert found["protected_dose"]["n"] == found["exposure"]["protected"]["events"] < found["dose"]["n"]
    dose = {"ratio_per_unit": 0.9, "interval": {"lower": 0.6, "upper": 1.3}, "n": 23}
    assert pages._packages({**found, "protected_dose": dose})["title"] == "No clear trend with how much was fitted"
    clear = {**dose, "interval": {"lower": 0.6, "upper": 0.97}}
    assert pages._packages({**found, "protected_dose": clear})["title"] == "More measures, fewer burglaries"
    assert pages._packages({**found, "protected_dose": None})["title"] == "Burglaries by how much was fitted"


def test_the_ring_is_held_against_two_comparisons_and_the_worse_one_counts(found):
    assert {"Similar areas", "Rest of the district"} <= {row[0] for row in pages._ring(found)["rows"]}
    moved = {**found["displacement"], "displacement": {"estimate": -36.0, "standard_error": 14.4}}
    beside = {**found["rings_similar"], "estimate": 5.0, "interval": {"lower": -29.0, "upper": 39.0}}
    part = pages._ring({**found, "displacement": moved, "rings_similar": beside})
    assert part["title"] == "No clear sign that burglary moved next door"
    assert "Against similar areas instead: +5 (−29 to +39)." in part["after"]
    assert "room for up to 39 moved burglaries" in part["after"]


def test_the_date_it_pays_for_itself_is_not_counted_from_days_on_which_few_were_protected(found):
    """All saved by the end, at the latest yearly rate, took less time than since the first fitting."""
    prevented, latest = found["prevented"], found["latest"]
    start = (pages._counted_from(found) - pages.EPOCH).days
    assert found["began"] < start < found["end_day"]
    saved = (found["end_day"] - start) / 365.25 * latest["value"] * 12 / latest["months"]
    assert saved == pytest.approx(prevented["value"], rel=0.01)


def _visited(*parts, burglaries):
    said = [answers_of(alarm, EntryRoute.WINDOW, floor) for alarm, floor, times in parts for _ in range(times)]
    return entry_findings(said, burglaries=burglaries, answers=QUESTIONS).as_dict()


def test_too_few_looked_into_says_so_and_enough_says_how_many_and_what_nobody_knows():
    few = visits_part(_visited((AlarmFound.SET, EntryFloor.UPPER, 3), burglaries=41))
    assert "below 10 known" in few["few"] and not few["said"]
    enough = visits_part(
        _visited(
            (AlarmFound.NOT_SET, EntryFloor.GROUND, 24), (AlarmFound.SET, EntryFloor.UPPER, 9),
            (AlarmFound.SET, EntryFloor.GROUND, 3), burglaries=41,
        )
    )  # fmt: skip
    assert enough["said"][0] == "24: the alarm was not set, or there was none" and not enough["few"]
    assert [row[1] for row in enough["tables"][-1]["rows"]] == ["24", "9", "3", "5"]
    assert enough["unknown"] == "5: not known"
    assert visits_part(None) is None and visits_part(_visited(burglaries=0)) is None


def test_how_often_alarms_are_set_is_said_with_who_answered_and_only_where_enough_did():
    visited = _visited((AlarmFound.NOT_SET, EntryFloor.GROUND, 24), burglaries=41)
    use = {"burgled_set": 12, "burgled_not_set": 24, "asked_set": 70, "asked_not_set": 30, "tried": 160, "odds": 0.214,
           "interval": {"lower": 0.09, "upper": 0.5}}  # fmt: skip
    said = visits_part(visited, use)["use"]
    assert "Of 100 homes with an alarm that were asked in a call (160 tried), 70 % set it." in said
    assert "Of 36 burgled homes where it is known, 33 % had." in said and "0.21 (0.09–0.50)" in said
    assert "a sign and no proof" in said
    assert "Too few" in visits_part(visited, {**use, "odds": None})["use"]
    assert "Nobody has been asked" in visits_part(visited, {**use, "asked_set": 0, "asked_not_set": 0})["use"]


def test_the_spreadsheet_holds_every_part_with_its_numbers(found):
    class Made:
        result = {**found, "visits": _visited((AlarmFound.NOT_SET, EntryFloor.GROUND, 12), burglaries=25)}
        pounds = 1_000_000

        cost_is = "the full budget"

    sheets = {name: rows for name, _, rows, _ in pages.sheets(Made())}
    assert {"The fall", "What was delivered", "Every estimate", "Was the alarm set?", "What it was worth"} <= set(
        sheets
    )
    prevented = next(row for row in sheets["The fall"] if row[0] == "Prevented at protected homes")
    assert "{" not in prevented[1] and "–" in prevented[1]
    assert all(len(row) == 5 for row in sheets["What was fitted"])
    assert np.all([len(row) == 9 for row in sheets["What it was worth"]])


def test_no_hidden_count_can_be_worked_out_from_the_sums_of_the_chart():
    counts = {0: 308, 1: 10, 2: 2, 3: 3, 4: 5, 5: 3}
    packages = [{"measures": ["lock"] * kinds, "burglaries": n} for kinds, n in counts.items()]
    shown = pages.shown_counts(packages, [(0, 0), (1, 1), (2, 3), (4, 5)])
    assert shown == [308, 10, None, None, None, None], "8 with four or five kinds, less 5, would tell of 3"
