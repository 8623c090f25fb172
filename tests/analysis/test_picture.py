"""The picture: what its numbers cover, what it refuses, and what must not change them."""

import json
import pickle
import random
import re

import pytest

from frankpledge.analysis import findings
from frankpledge.analysis.funnel import Standing
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.deliveries import Balance
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from frankpledge.vocabulary.geography import Area, Geography
from frankpledge.vocabulary.periods import Month, MonthSpan

from . import partnership
from .partnership import HERE, SPAN, WARDS, geography, picture, rows, small_area, table


def kinds(found: object) -> set[DoubtKind]:
    return {doubt.kind for doubt in found.doubts}  # type: ignore[attr-defined]


def test_counts_add_up_everywhere() -> None:
    found = picture()
    told = found.as_dict()
    here = [row for row in rows() if row[0] in {small_area(n) for n in range(20)}]
    assert found.total == sum(n for _, _, n in here) == sum(told["counts"])
    assert found.total == sum(area["count"] for area in told["areas"])
    assert found.rate_count == sum(area["rate_count"] for area in told["areas"]) == sum(told["counts"][-12:])
    assert found.rate_count == sum(ward["rate_count"] for ward in told["wards"])
    assert told["months"] == [str(month) for month in SPAN]


def test_the_rate_is_for_the_latest_year_and_names_its_denominator() -> None:
    told = picture().as_dict()
    assert told["rate_period"] == ["2024-01", "2024-12"]
    assert told["households"] == sum(600 + 10 * n for n in range(20))
    assert told["denominator"]["edition"] == "census-2021"
    assert told["rate_per_1000_households"] == pytest.approx(1_000 * told["rate_count"] / told["households"], abs=1e-5)
    assert told["interval"][0] < told["rate_per_1000_households"] < told["interval"][1]
    assert told["rate_per_1000_residents"] is None


def test_other_crime_is_counted_against_residents() -> None:
    told = picture(crime_type=CrimeType.VEHICLE_CRIME).as_dict()
    assert told["denominator"]["unit"] == "residents"
    assert told["rate_per_1000_households"] is None
    assert told["rate_per_1000_residents"] > 0
    assert told["households"] is not None


def test_without_residents_no_rate_is_made_up_from_households() -> None:
    found = picture(crime_type=CrimeType.VEHICLE_CRIME, geography=geography(residents=False))
    assert found.rate is None and found.funnel is None and found.comparison is None
    assert "residents" in found.refused["rate"]
    assert found.total > 0


def test_a_short_period_is_not_scaled_up_to_a_year() -> None:
    span = MonthSpan(Month(2024, 8), Month(2024, 12))
    found = picture(period=span)
    assert found.rate_period == span
    assert found.rate_count == found.total
    assert DoubtKind.SHORT_HISTORY in kinds(found)
    assert found.expected is not None  # learned from the months before the period
    assert [month.month for month in found.expected.months] == list(span)


def test_five_months_of_data_give_no_expected_range() -> None:
    span = MonthSpan(Month(2018, 10), Month(2019, 2))
    found = picture(rows(span=span), months_present=set(span))
    assert found.expected is None and found.change is None
    assert "18 months" in found.refused["expected"]
    assert str(findings.trend_title(found)).startswith("Between ")


def test_a_missing_month_is_null_and_breaks_the_year() -> None:
    gone = Month(2024, 5)
    present = set(SPAN) - {gone}
    found = picture([row for row in rows() if row[1] != gone.first_day], months_present=present)
    told = found.as_dict()
    assert told["counts"][told["months"].index("2024-05")] is None
    assert told["missing_months"] == ["2024-05"]
    assert DoubtKind.MISSING_MONTHS in kinds(found)
    assert found.rate_period == MonthSpan(Month(2023, 5), Month(2024, 4))  # the latest twelve that are all there


def test_a_month_without_any_is_nought_when_it_was_delivered() -> None:
    quiet = Month(2024, 5)
    found = picture([row for row in rows() if row[1] != quiet.first_day])
    assert found.months[-8].count == 0
    assert found.missing_months == ()


def test_a_month_whose_events_lost_their_place_is_not_believed() -> None:
    lost = Month(2023, 6)
    here = {small_area(n) for n in range(20)}
    moved = [(None if code in here and day == lost.first_day else code, day, n) for code, day, n in rows()]
    found = picture(moved)
    assert [month.month for month in found.months if month.doubtful] == [lost]
    assert found.as_dict()["doubtful_months"] == ["2023-06"]
    assert found.as_dict()["counts"][17] == 0
    assert any(doubt.kind is DoubtKind.ROWS_WITHOUT_PLACE and "June 2023" in doubt.sentence for doubt in found.doubts)
    assert found.expected is not None
    assert found.expected.n == 35


def test_a_rare_type_is_not_believed_either_in_a_month_that_lost_its_places() -> None:
    """Nought drug offences say little; nought of everything, with hundreds unplaced, says that theirs went too."""
    lost, here = Month(2023, 6), {small_area(n) for n in range(20)}
    moved = [(None if code in here and day == lost.first_day else code, day, n) for code, day, n in rows()]
    rare = [(small_area(month.number % 20), month.first_day, 6) for month in SPAN if month != lost]
    rare += [(None, month.first_day, 1) for month in SPAN] + [(None, lost.first_day, 5)]
    assert not any(month.doubtful for month in picture(rare).months)
    found = picture(rare, everything=table([*moved, *rare]))
    assert [month.month for month in found.months if month.doubtful] == [lost]
    # one that kept its places that month is believed
    kept = [(small_area(month.number % 20), month.first_day, 6) for month in SPAN]
    assert not any(month.doubtful for month in picture(kept, everything=table([*moved, *kept])).months)


def test_an_ordinary_quiet_place_has_no_month_in_doubt() -> None:
    assert not any(month.doubtful for month in picture().months)


def test_events_without_a_place_are_counted_aside() -> None:
    found = picture()
    unplaced = sum(n for code, _, n in rows() if code is None)
    assert any(doubt.kind is DoubtKind.ROWS_WITHOUT_PLACE and str(unplaced) in doubt.sentence for doubt in found.doubts)


def test_the_planted_area_stands_out_and_is_named() -> None:
    found = picture()
    assert [row.area.code for row in found.standing_out] == [small_area(3)]
    assert found.areas[0].area.code == small_area(3)
    assert found.areas[0].ward == "Castle"
    assert str(findings.map_title(found)) == "Castle stands out"
    assert DoubtKind.CHOSEN_FOR_BEING_HIGH in kinds(found)
    assert "One small area stands out" in found.sentence()


def test_an_even_place_says_that_nothing_stands_out() -> None:
    found = picture(rows(high=()))
    assert found.standing_out == ()
    assert {row.point.standing for row in found.areas if row.point} == {Standing.WITHIN}
    assert str(findings.map_title(found)) == "No small area stands out beyond chance"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_and_how_they_are_cut_changes_nothing(seed: int) -> None:
    found = rows()
    random.Random(seed).shuffle(found)
    cut = [(code, day, part) for code, day, n in found for part in (n // 2, n - n // 2)]
    whole = picture().as_dict()
    assert picture(cut, balance=Balance(**whole["rows"])).as_dict() == whole


def test_it_is_the_same_to_the_byte_each_time_and_survives_being_kept() -> None:
    one, other = picture(), picture()
    assert json.dumps(one.as_dict()) == json.dumps(other.as_dict())
    kept = pickle.loads(pickle.dumps(one))
    assert json.dumps(kept.as_dict()) == json.dumps(one.as_dict())
    assert kept.sentence().template == one.sentence().template


def test_the_json_holds_only_what_json_can() -> None:
    assert json.loads(json.dumps(picture().as_dict(), allow_nan=False))["area"] == "Aldercombe"


def test_the_comparison_is_of_the_districts_of_the_force() -> None:
    found = picture()
    assert found.comparison is not None
    assert {peer.area.name for peer in found.comparison.peers} == {"Aldercombe", "Brackwell", "Cold Ashby"}
    assert found.comparison.whole.name == "Brackenshire"
    neighbours = {peer.area.name for peer in found.comparison.peers if peer.neighbour}
    assert neighbours == {"Brackwell"}  # Cold Ashby lies beyond it
    assert found.comparison.similar_by == ()  # three districts are too few to call some similar
    assert "similar" in found.refused


def test_files_of_one_district_alone_are_not_compared_with_noughts() -> None:
    own = {small_area(n) for n in range(20)}
    found = picture([row for row in rows() if row[0] in own])
    assert found.comparison is None
    assert (
        found.refused["comparison"]
        == "These files hold none outside Aldercombe, so there is nothing to compare it with."
    )


def test_few_areas_have_no_worst_twentieth() -> None:
    found = picture(area=geography().areas[WARDS[0]])
    assert found.concentration is None
    assert "the worst 5 % would be a part of one" in found.refused["concentration"]


def test_it_is_said_which_months_have_a_time_before_the_lockdowns() -> None:
    span = MonthSpan(Month(2019, 12), Month(2022, 12))
    found = picture(rows(span=span), months_present=set(span))
    assert found.before_lockdowns is not None
    compared = [d.sentence for d in found.doubts if "before the lockdowns only" in d.sentence]
    assert len(compared) == 1 and str(compared[0]).endswith(
        "January 2022, February 2022, March 2022 and December 2022."
    )


def test_few_before_the_lockdowns_are_not_said_to_be_as_before() -> None:
    span = MonthSpan(Month(2019, 1), Month(2022, 12))
    few = [(small_area(0), month.first_day, 1) for month in span if month.number % 2]
    headline = str(picture(few, months_present=set(span)).headline)
    assert headline.startswith(
        "Too few to compare with before the lockdowns: 6 burglaries in the year to December 2022"
    )


def test_without_all_outlines_neighbours_are_not_known() -> None:
    found = picture(geography=geography(outlines=False))
    assert found.comparison is not None
    assert not found.comparison.neighbours_known


def test_a_ward_is_compared_with_the_wards_of_its_district() -> None:
    where = geography()
    found = picture(geography=where, area=where.areas[WARDS[0]])
    assert found.comparison is not None
    assert {peer.area.name for peer in found.comparison.peers} == {"Castle", "Priory", "Weir"}
    assert found.wards == ()


def test_a_force_and_a_small_area_have_nothing_larger_to_be_compared_with() -> None:
    where = geography()
    force = picture(geography=where, area=where.areas[partnership.FORCE])
    assert force.comparison is None and "whole police force" in force.refused["comparison"]
    one = picture(geography=where, area=where.areas[small_area(0)])
    assert one.funnel is None and one.rate is not None


def test_a_period_without_data_says_which_there_are() -> None:
    with pytest.raises(CannotCompute, match="January 2022 to December 2024"):
        picture(period=MonthSpan(Month(2030, 1), Month(2030, 3)))


def test_an_unknown_edition_names_those_at_hand() -> None:
    with pytest.raises(DataProblem, match="census-2021"):
        picture(edition="census-1801")


def test_files_of_another_force_are_not_a_picture_of_this_one() -> None:
    where = geography()
    areas = dict(where.areas) | {partnership.FORCE: Area(partnership.FORCE, "Nottinghamshire", AreaLevel.FORCE)}
    there = Geography(where.small_area_vintage, areas, where.parents, where.outlines, where.denominators)
    with pytest.raises(CannotCompute, match="policed by Nottinghamshire Police"):
        picture(geography=there, months_present={"leicestershire": set(SPAN)})


def test_the_months_of_the_own_force_count_where_several_are_read() -> None:
    where = geography()
    areas = dict(where.areas) | {partnership.FORCE: Area(partnership.FORCE, "Nottinghamshire", AreaLevel.FORCE)}
    there = Geography(where.small_area_vintage, areas, where.parents, where.outlines, where.denominators)
    present = {"leicestershire": set(SPAN), "nottinghamshire": set(SPAN) - {Month(2022, 1)}}
    assert picture(geography=there, months_present=present).period.first == Month(2022, 2)


def test_only_police_uk_is_doubted_for_snap_points() -> None:
    assert DoubtKind.SNAP_POINTS in kinds(picture())
    assert not kinds(picture(source="police-extract")) & {DoubtKind.SNAP_POINTS, DoubtKind.MONTH_PRECISION}


def test_quarantine_and_old_denominators_are_said() -> None:
    found = picture(balance=Balance(100, 90, 10, 0))
    assert any("10 rows" in doubt.sentence for doubt in found.doubts if doubt.kind is DoubtKind.ROWS_IN_QUARANTINE)
    later = MonthSpan(Month(2027, 1), Month(2029, 12))
    aged = picture(rows(span=later), months_present=set(later))
    assert DoubtKind.DENOMINATOR_AGE in kinds(aged)
    assert DoubtKind.DENOMINATOR_AGE not in kinds(found)


def test_no_rows_at_all_is_a_picture_of_none() -> None:
    empty = table(rows()).slice(0, 0)
    found = picture(counts=empty)
    assert found.total == 0 and found.rate is not None and found.rate.value == 0
    assert found.funnel is None and found.concentration is None
    assert "0 in the" in found.sentence() or "No clear change" in found.sentence() or "There were 0" in found.sentence()


def test_sentences_can_be_said_in_another_language() -> None:
    def shout(text: str) -> str:
        return re.sub(r"\{\w+\}|[^{}]+", lambda part: part[0] if part[0].startswith("{") else part[0].upper(), text)

    assert findings.title(picture()).said(shout) == "BURGLARY IN Aldercombe"
    shouted = picture().sentence().said(shout)
    assert "SMALL AREA STANDS OUT" in shouted


def test_a_place_the_boundaries_do_not_hold_is_refused() -> None:
    with pytest.raises(CannotCompute):
        picture(area=Area("X07000009", "Nowhere", AreaLevel.DISTRICT))
    assert HERE in geography().areas
