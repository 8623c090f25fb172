"""Value: the Home Office's editions, the Treasury's factors, and Mansfield's and Citysafe's own sums."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.analysis.results import Interval
from frankpledge.analysis.value import (
    Cash,
    Money,
    PriceIndex,
    avoided_as_estimated,
    avoided_before_after,
    avoided_from_ratio,
    break_even_years,
    cost_per_outcome,
    discount_factor,
    present_value,
    value_by_edition,
    value_of_avoided,
)
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.unit_costs import (
    BURGLARY_DWELLING,
    HORS_217,
    ONLINE_REPORT_30_05,
    RESEARCH_REPORT_99,
    RESEARCH_REPORT_99_UNCONFIRMED,
    UPRATED_2007_08,
    unit_cost_edition,
)

from .oracles import ORACLES, oracle

CLAIMS = Path(ORACLES).parents[1] / "domain" / "claims.json"
MANSFIELD = avoided_before_after(106, 65, months_before=6)


def claim(key: str) -> dict[str, Any]:
    if not CLAIMS.is_file():
        pytest.skip("the claims ../shared/domain/claims.json are not here")
    return next(one for one in json.loads(CLAIMS.read_text(encoding="utf-8")) if one["id"] == key)


def test_mansfield_saves_94300_and_breaks_even_after_5_3_years() -> None:
    value = value_of_avoided(MANSFIELD, edition="hors217", cost=1_000_000)
    assert value.saving == pytest.approx(94_300)
    assert value.saving_a_year == pytest.approx(188_600)
    assert value.break_even_years == pytest.approx(5.302, abs=5e-4)
    assert value.benefit_cost_ratio == pytest.approx(0.943)
    assert value.discounted_ratio == pytest.approx(0.852, abs=1e-3)
    assert value.break_even_month(Month(2003, 4)) == Month(2008, 7)
    assert str(value.sentence()) == (
        "41 avoided in 6 months save society £94,300 (£33,981 to £155,718) at £2,300 each (Home Office Research Study "
        "217, 2000 prices); £1,000,000 is covered after 5.3 years (3.2 to 14.7) if that lasts."
    )
    kinds = {doubt.kind for doubt in value.doubts}
    assert {DoubtKind.NO_COMPARISON, DoubtKind.SOCIETY_NOT_CASH, DoubtKind.ASSUMED_TO_LAST} <= kinds


def test_mansfields_claims_are_recomputed() -> None:
    """../shared/domain/claims.json M05, M07-M10, M21."""
    value = value_of_avoided(MANSFIELD, edition="hors217", cost=claim("M10")["inputs"]["cost"])
    assert value.saving == claim("M07")["computed"]
    assert value.benefit_cost_ratio == pytest.approx(claim("M08")["computed"], abs=5e-4)
    assert value.discounted_ratio == pytest.approx(claim("M09")["computed"], abs=5e-4)
    assert value.break_even_years == pytest.approx(claim("M10")["computed"], abs=0.005)
    per_home = cost_per_outcome(1_000_000, 5_460, cost_is="the full budget", outcome="home in the area")
    assert per_home.value == pytest.approx(claim("M05")["computed"], abs=0.005)
    assert str(per_home.sentence()) == "£183.15 per home in the area: the full budget of £1,000,000 over 5,460."
    assert value.unit.pounds - (value.unit.of_which_property or 0) == claim("M21")["computed"]
    assert break_even_years(955_500, 188_600) == pytest.approx(5.07, abs=0.005)


def test_unequal_periods_are_brought_to_one_length() -> None:
    """Citysafe: 31 in eight months, then 1 in four, is 14.5 avoided and £47,386, not 30 and £98,000 (T03, T05)."""
    equal = avoided_before_after(31, 1, months_before=8, months_after=4)
    assert equal.value == 14.5
    assert DoubtKind.UNEQUAL_PERIODS in {doubt.kind for doubt in equal.doubts}
    assert value_of_avoided(equal, edition="online3005", cost=20_000).saving == pytest.approx(claim("T05")["computed"])
    naive = value_of_avoided(avoided_before_after(31, 1, months_before=8), edition="online3005", cost=20_000)
    assert naive.saving == pytest.approx(claim("T03")["computed"])
    assert naive.saving / naive.cost == pytest.approx(claim("T04")["computed"][0], abs=0.005)


def test_the_editions_are_as_published() -> None:
    """../shared/oracles/published/unit-costs.json; one uprating factor for each price year."""
    published = oracle("unit-costs")
    names = {"robbery/mugging": "robbery", "robbery/till snatch (commercial)": "commercial robbery"}
    for offence, hors, online, uprated in published["hors217_and_updates"]["rows"]:
        ours = names.get(offence, offence)
        assert (HORS_217[ours], ONLINE_REPORT_30_05.get(ours), UPRATED_2007_08[ours]) == (hors, online, uprated)
    heeks = published["heeks_2018"]
    for offence, pounds in heeks["confirmed_by_search"].items():
        ours = {"criminal damage - arson": "arson", "criminal damage - other": "criminal damage"}.get(offence, offence)
        if isinstance(pounds, int):  # homicide is only “about 3.2 million”
            assert RESEARCH_REPORT_99[ours] == pounds
    for offence, pounds in heeks["from_memory_not_confirmed"].items():
        ours = {"homicide exact": "homicide", "domestic burglary": BURGLARY_DWELLING}.get(offence, offence)
        assert RESEARCH_REPORT_99_UNCONFIRMED[ours] == pounds
    unit = unit_cost_edition("hors217").cost_of(BURGLARY_DWELLING)
    assert unit.of_which_property == published["hansard_2003"]["property_part"]["dwelling"]


def test_one_factor_uprates_every_row() -> None:
    for offence, pounds in UPRATED_2007_08.items():
        base, factor = (ONLINE_REPORT_30_05, 1.1163) if offence in ONLINE_REPORT_30_05 else (HORS_217, 1.213)
        assert pounds / base[offence] == pytest.approx(factor, rel=0.0025)


def test_an_unconfirmed_figure_is_refused_unless_the_caller_says_so() -> None:
    with pytest.raises(CannotCompute, match="was not read in the report itself"):
        value_of_avoided(MANSFIELD, edition="rr99", cost=1_000_000)
    value = value_of_avoided(MANSFIELD, edition="rr99", cost=1_000_000, unconfirmed=True)
    assert value.saving == 41 * 5_930
    assert value.doubts[1].kind is DoubtKind.UNCONFIRMED_FIGURE
    assert value.as_dict()["unit_cost_status"] == "unconfirmed"


def test_editions_stand_side_by_side_and_a_refused_one_says_why() -> None:
    """Register A04: £94,300, £133,988 and £243,130."""
    keys = ("hors217", "online3005", "rr99")
    both = value_by_edition(MANSFIELD, editions=keys, cost=1_000_000)
    assert [value.saving for value in both.values] == pytest.approx([94_300, 133_988])
    assert both.refused[0][0] == "rr99"
    three = value_by_edition(MANSFIELD, editions=keys, cost=1_000_000, unconfirmed=True)
    assert [value.saving for value in three.values] == pytest.approx([94_300, 133_988, 243_130])
    with pytest.raises(CannotCompute):
        value_by_edition(MANSFIELD, editions=("rr99",), cost=1_000_000)


def test_cash_is_kept_apart_from_society() -> None:
    value = value_of_avoided(MANSFIELD, edition="hors217", cost=1_000_000, cash=Cash("the council", 120))
    assert value.cash_saving == 41 * 120
    said = value.as_dict()
    assert said["saving_to"] == "society" and said["cash"]["budget"] == "the council"
    assert DoubtKind.SOCIETY_NOT_CASH not in {doubt.kind for doubt in value.doubts}


def test_recorded_crimes_are_multiplied_once() -> None:
    value = value_of_avoided(MANSFIELD, edition="hors217", cost=1_000_000, recorded_to_actual=2.5)
    assert value.saving == pytest.approx(2.5 * 94_300)
    assert DoubtKind.RECORDED_NOT_ACTUAL not in {doubt.kind for doubt in value.doubts}
    with pytest.raises(CannotCompute, match="multiplier"):
        value_of_avoided(MANSFIELD, edition="hors217", cost=1_000_000, recorded_to_actual=0.5)


def test_the_treasurys_factors_and_deflators() -> None:
    """../shared/oracles/published/discounting-and-deflators.json."""
    published = oracle("discounting-and-deflators")
    for year, factor in enumerate(published["discount"]["factors_0_to_30"]):
        assert discount_factor(year) == pytest.approx(factor, abs=5e-5)
    series = published["deflator"]["series"]
    index = PriceIndex("GDP deflator, October 2015", {row["year"]: row["index"] for row in series})
    for before, now in zip(series, series[1:], strict=False):
        change = 100 * (index.factor(before["year"], now["year"]) - 1)
        assert change == pytest.approx(now["percent_change"], abs=published["deflator"]["tolerance_percentage_points"])


def test_discounting_by_the_green_book() -> None:
    assert [round(discount_factor(year), 4) for year in (0, 1, 5, 30)] == [1.0, 0.9662, 0.8420, 0.3563]
    assert discount_factor(31) == pytest.approx(discount_factor(30) / 1.03)
    assert present_value(188_600, 5) / 1_000_000 == pytest.approx(0.852, abs=1e-3)
    assert break_even_years(1_000_000, 188_600, rate=None) == pytest.approx(5.968, abs=1e-3)
    assert break_even_years(1_000_000, 30_000, rate=None) is None
    assert break_even_years(1_000_000, 0) is None


def test_prices_know_their_year() -> None:
    index = PriceIndex("a deflator", {"2000": 80.0, "2003": 100.0})
    money = Money(2_300, "2000").uprated("2003", index)
    assert (money.pounds, money.price_year) == (2_875, "2003")
    with pytest.raises(CannotCompute, match="different series"):
        money.uprated("2003-04", index)
    with pytest.raises(CannotCompute, match="cannot be added"):
        money + Money(1, "2000")
    value = value_of_avoided(MANSFIELD, edition="hors217", cost=1_000_000, price_year="2003", price_index=index)
    assert (value.saving, value.price_year) == (pytest.approx(41 * 2_875), "2003")
    assert DoubtKind.PRICES_NOT_ALIGNED not in {doubt.kind for doubt in value.doubts}
    with pytest.raises(CannotCompute, match="deflator"):
        value_of_avoided(MANSFIELD, edition="hors217", cost=1_000_000, price_year="2003")


def test_an_effect_that_may_be_none_may_never_break_even() -> None:
    value = value_of_avoided(avoided_before_after(50, 45, months_before=12), edition="hors217", cost=10_000)
    assert value.break_even_interval is not None and math.isinf(value.break_even_interval.upper)
    assert value.as_dict()["break_even_interval"]["upper"] is None
    assert "to never" in str(value.sentence())
    json.dumps(value.as_dict(), allow_nan=False)
    worse = value_of_avoided(avoided_before_after(50, 80, months_before=12), edition="hors217", cost=10_000)
    assert worse.break_even_years is None
    assert str(worse.sentence()).startswith("No saving: -30 avoided")


def test_an_evaluations_ratio_becomes_crimes_avoided() -> None:
    avoided = avoided_from_ratio(65, 0.65, Interval(0.5, 1.1, 0.95, "model"), months=6)
    assert avoided.value == pytest.approx(35)
    assert avoided.interval.lower == pytest.approx(65 / 1.1 - 65)
    assert avoided.interval.upper == pytest.approx(65)


def test_the_interval_of_avoided_covers_what_it_says() -> None:
    """2,000 simulated pairs of periods of unequal length."""
    chance = np.random.default_rng(3)
    truth, covered = 0.5 * 60 - 12, 0
    for before, after in zip(chance.poisson(60, 2000), chance.poisson(12, 2000), strict=True):
        found = avoided_before_after(int(before), int(after), months_before=12, months_after=6).interval
        covered += found.lower <= truth <= found.upper
    assert 0.95 - 3 * (0.05 * 0.95 / 2000) ** 0.5 < covered / 2000 < 0.99


@given(st.integers(0, 500), st.integers(0, 500), st.floats(1, 1e7), st.floats(0.5, 60))
def test_value_is_proportional(before: int, after: int, cost: float, months: float) -> None:
    avoided = avoided_before_after(before, after, months_before=months)
    value = value_of_avoided(avoided, edition="hors217", cost=cost, over_years=3)
    assert value.saving == pytest.approx(2_300 * (before - after))
    assert value.benefit_cost_ratio * cost == pytest.approx(3 * value.saving_a_year)
    assert value.saving_interval.lower <= value.saving <= value.saving_interval.upper
    if value.break_even_years is not None:
        assert value.break_even_years * value.saving_a_year == pytest.approx(cost)
    json.dumps(value.as_dict(), allow_nan=False)


def test_bad_input_is_refused() -> None:
    with pytest.raises(CannotCompute, match="There are: hors217"):
        value_of_avoided(MANSFIELD, edition="hors218", cost=1)
    with pytest.raises(CannotCompute, match="gives no cost"):
        value_of_avoided(MANSFIELD, edition="hors217", cost=1, offence="arson")
    for wrong in (0, -5, float("nan"), float("inf")):
        with pytest.raises(CannotCompute):
            value_of_avoided(MANSFIELD, edition="hors217", cost=wrong)
    with pytest.raises(CannotCompute):
        avoided_before_after(-1, 5, months_before=6)
    with pytest.raises(CannotCompute):
        avoided_before_after(1, 5, months_before=0)
    with pytest.raises(CannotCompute):
        avoided_as_estimated(1, Interval(0, 2, 0.95, "x"), months=0, n=1, method="x")
    with pytest.raises(CannotCompute):
        cost_per_outcome(5, 0, cost_is="the budget", outcome="home")
    with pytest.raises(CannotCompute):
        discount_factor(76)
