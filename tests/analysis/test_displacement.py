"""Displacement agrees with Wheeler's and Bowers and Johnson's published figures, and refuses what has no meaning."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frankpledge.analysis.displacement import AreaWeights, cumulative_wdd, wdd, wdd_by_harm, wdq
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import oracle, peer_oracle

COUNTS = st.integers(1, 500)
PAIRS = st.tuples(COUNTS, COUNTS)


def test_the_example_of_wheeler_and_ratcliffe() -> None:
    """Wheeler and Ratcliffe (2018), Crime Science 7:11."""
    found = wdd(treated=(207, 110), control=(308, 318), treated_buffer=(178, 157), control_buffer=(150, 140))
    assert found.total.value == -118
    assert found.total.standard_error == pytest.approx(math.sqrt(1568))
    assert found.z == pytest.approx(-2.98, abs=0.005)
    assert (found.interval.lower, found.interval.upper) == pytest.approx((-196, -40), abs=0.5)
    assert found.local.value == -107 and found.displacement.value == -11
    assert "118 fewer crimes" in found.sentence()


def _ours(case: dict[str, Any]) -> Any:
    given_ = case["input"] if "input" in case else case["inputs"]
    weights = given_.get("area_weights")
    buffers = {}
    if "disp_treated" in given_:
        buffers = {"treated_buffer": given_["disp_treated"], "control_buffer": given_["disp_control"]}
    return wdd(
        treated=given_["treated"],
        control=given_["control"],
        **buffers,
        time_weights=given_.get("time_weights", (1, 1)),
        area_weights=None
        if weights is None
        else AreaWeights(control=weights[0], treated=weights[1], control_buffer=weights[2], treated_buffer=weights[3]),
        confidence=1 - given_.get("alpha", 0.1),
    )


def test_the_published_cases() -> None:
    published = oracle("wdd")
    for case in published["cases"]:
        found = _ours(case)
        assert found.total.value == pytest.approx(case["expected"]["Est_Total"])
        assert found.total.standard_error == pytest.approx(case["expected"]["SE_Total"], abs=1e-9)
    harm = published["harm_weighted"]
    parts = [wdd(treated=row["treated"], control=row["control"]) for row in harm["rows"]]
    found = wdd_by_harm(parts, [row["weight"] for row in harm["rows"]])
    assert found.total.value == harm["expected"]["HarmEst"]
    assert found.total.standard_error == pytest.approx(harm["expected"]["SE"], abs=1e-5)
    assert found.z == pytest.approx(harm["expected"]["Z"], abs=1e-5)
    assert found.interval.lower == pytest.approx(harm["expected"]["LowCI"], abs=1e-5)
    assert found.interval.upper == pytest.approx(harm["expected"]["HighCI"], abs=1e-5)


def test_the_cases_of_ptools() -> None:
    for case in peer_oracle("evaluation_and_time_r")["wdd"]:
        found, wanted = _ours(case), case["expected"]
        assert found.local.value == pytest.approx(wanted["Est_Local"], abs=1e-9)
        assert found.local.standard_error == pytest.approx(wanted["SE_Local"], abs=1e-9)
        assert found.displacement.value == pytest.approx(wanted["Est_Displace"], abs=1e-9)
        assert found.displacement.standard_error == pytest.approx(wanted["SE_Displace"], abs=1e-9)
        assert found.total.value == pytest.approx(wanted["Est_Total"], abs=1e-9)
        assert found.z == pytest.approx(wanted["Z"], abs=1e-9)
        assert found.interval.lower == pytest.approx(wanted["LowCI"], abs=1e-9)
        assert found.interval.upper == pytest.approx(wanted["HighCI"], abs=1e-9)


def test_the_running_difference_of_crimepy() -> None:
    case = peer_oracle("evaluation_and_time_py")["cum_wdd"]
    given_, wanted = case["input"], case["expected"]
    found = cumulative_wdd(treated=given_["t"], control=given_["c"], confidence=1 - given_["alpha"])
    for ours, theirs in (
        (found.difference, "CumDif"),
        (found.standard_error, "SE"),
        (found.lower, "LowCI"),
        (found.upper, "HighCI"),
        (found.per_period, "CumNorm"),
        (found.rate_ratio, "IRR"),
        (found.ratio_lower, "LowCI_IRR"),
        (found.ratio_upper, "HighCI_IRR"),
    ):
        assert ours == pytest.approx(wanted[theirs], abs=2e-9)


def test_the_running_difference_gives_no_ratio_to_nothing() -> None:
    found = cumulative_wdd(treated=[0, 3], control=[0, 2])
    assert found.as_dict()["rate_ratio"] == [None, 1.5]
    assert found.table().rows[0][-1] is None


def test_the_quotient_of_bowers_and_johnson() -> None:
    """Formula of Bowers and Johnson (2003), J Quant Criminol 19:275-301, on the counts of Wheeler and Ratcliffe."""
    found = wdq(treated=(207, 110), buffer=(178, 157), control=(308, 318))
    assert found.quotient == pytest.approx(0.25818568834908917, abs=1e-12)
    assert found.gross_effect == 97
    assert found.net_effect == pytest.approx(0.3261659723923875, abs=1e-12)
    assert found.total_net_effect == pytest.approx(130.5)
    assert found.reading == "benefit spread to the buffer, less than in the target"


def test_the_published_quotients() -> None:
    case = oracle("wdq")
    given_, wanted = case["inputs"], case["expected"]
    found = wdq(
        treated=(given_["Rb"], given_["Ra"]), buffer=(given_["Db"], given_["Da"]), control=(given_["Cb"], given_["Ca"])
    )
    assert found.quotient == pytest.approx(wanted["WDQ"], abs=1e-12)
    assert found.success_measure == pytest.approx(wanted["success_measure"], abs=1e-12)
    assert found.buffer_measure == pytest.approx(wanted["buffer_measure"], abs=1e-12)
    assert found.total_net_effect == pytest.approx(wanted["TNE"], abs=1e-9)


def test_the_quotients_of_streetlamp_and_the_one_that_has_no_meaning() -> None:
    *meant, refused = peer_oracle("wdq")["cases"]
    for case in meant:
        found = wdq(treated=case["treated"], buffer=case["buffer"], control=case["control"])
        assert found.quotient == pytest.approx(case["wdq"], abs=1e-9)
    with pytest.raises(CannotCompute, match="no effect to be displaced"):
        wdq(treated=refused["treated"], buffer=refused["buffer"], control=refused["control"])


def test_a_quotient_without_effect_or_control_is_refused() -> None:
    with pytest.raises(CannotCompute, match="did not fall"):
        wdq(treated=(400, 410), buffer=(200, 230), control=(2000, 1900))
    with pytest.raises(CannotCompute, match="control had no crime"):
        wdq(treated=(10, 5), buffer=(8, 8), control=(10, 0))


@given(PAIRS, PAIRS, PAIRS, st.integers(2, 9))
@settings(max_examples=60, deadline=None)
def test_a_control_many_times_as_large_leaves_the_quotient(a: Any, b: Any, c: Any, times: int) -> None:
    treated = (max(a) + 1, min(a))
    control = (min(c), max(c))
    one = wdq(treated=treated, buffer=b, control=control)
    many = wdq(treated=treated, buffer=b, control=(control[0] * times, control[1] * times))
    assert many.quotient == pytest.approx(one.quotient)
    assert many.total_net_effect == pytest.approx(one.total_net_effect)


@given(PAIRS, PAIRS, PAIRS, PAIRS)
@settings(max_examples=60, deadline=None)
def test_changing_places_turns_the_sign(a: Any, b: Any, c: Any, d: Any) -> None:
    one = wdd(treated=a, control=b, treated_buffer=c, control_buffer=d)
    other = wdd(treated=b, control=a, treated_buffer=d, control_buffer=c)
    assert other.total.value == -one.total.value and other.p == pytest.approx(one.p)
    assert one.total.value == one.local.value + one.displacement.value
    assert one.total.standard_error == pytest.approx(math.sqrt(sum((*a, *b, *c, *d))))


def test_the_interval_covers_the_truth_and_chance_is_found_one_time_in_twenty() -> None:
    rng = np.random.Generator(np.random.PCG64(11))
    draws = rng.poisson([60, 45, 90, 90, 40, 36, 70, 70], (2_000, 8))
    truth = (45 - 60) - (90 - 90) + (36 - 40) - (70 - 70)
    covered = rejected = 0
    for row in draws.tolist():
        found = wdd(treated=row[:2], control=row[2:4], treated_buffer=row[4:6], control_buffer=row[6:8])
        assert found.interval.lower is not None
        covered += found.interval.lower <= truth <= found.interval.upper
    for row in rng.poisson([60, 60, 90, 90], (2_000, 4)).tolist():
        rejected += wdd(treated=row[:2], control=row[2:]).p < 0.05
    margin = 3 * math.sqrt(0.95 * 0.05 / 2_000)
    assert covered / 2_000 == pytest.approx(0.95, abs=margin)
    assert rejected / 2_000 == pytest.approx(0.05, abs=margin)


def test_inflated_variance_widens_and_only_widens() -> None:
    plain = wdd(treated=(207, 110), control=(308, 318))
    wide = wdd(treated=(207, 110), control=(308, 318), variance_inflation=2)
    assert wide.total.value == plain.total.value
    assert wide.total.standard_error == pytest.approx(plain.total.standard_error * math.sqrt(2))
    with pytest.raises(CannotCompute):
        wdd(treated=(207, 110), control=(308, 318), variance_inflation=0.5)


def test_doubts_are_named() -> None:
    kinds = {doubt.kind for doubt in wdd(treated=(9, 2), control=(30, 31), time_weights=(8, 4)).doubts}
    assert kinds == {DoubtKind.SMALL_NUMBERS, DoubtKind.NO_BUFFER, DoubtKind.UNEQUAL_PERIODS}
    assert "No clear effect" in wdd(treated=(9, 6), control=(30, 31)).sentence()


def test_bad_counts_are_refused_with_a_sentence() -> None:
    for wrong in (
        {"treated": (-1, 2), "control": (3, 4)},
        {"treated": (1, math.nan), "control": (3, 4)},
        {"treated": (1, 2, 3), "control": (3, 4)},
        {"treated": (0, 0), "control": (0, 0)},
        {"treated": (5, 4), "control": (3, 4), "treated_buffer": (3, 3)},
        {"treated": (5, 4), "control": (3, 4), "time_weights": (0, 1)},
        {"treated": (5, 4), "control": (3, 4), "area_weights": AreaWeights(treated=0)},
        {"treated": (5, 4), "control": (3, 4), "confidence": 95},
    ):
        with pytest.raises(CannotCompute):
            wdd(**wrong)  # type: ignore[arg-type]
    with pytest.raises(CannotCompute):
        wdd_by_harm([wdd(treated=(5, 4), control=(3, 4))], [0])
    with pytest.raises(CannotCompute):
        cumulative_wdd(treated=[1, 2], control=[1])
