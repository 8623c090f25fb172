"""The relative effect size is that of the Campbell reviews; unequal periods and missing comparisons are told."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frankpledge.analysis.before_after import ZeroCells, before_after, relative_effect_size
from frankpledge.analysis.rates import Verdict
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import oracle

PAIRS = st.tuples(st.integers(1, 500), st.integers(1, 500))


def test_the_definition_of_welsh_and_farrington() -> None:
    """A control that doubles, and a target that halves, both give 2: above 1 favours the scheme."""
    assert relative_effect_size(treated=(100, 100), control=(100, 200)).value == pytest.approx(2.0, abs=1e-12)
    found = relative_effect_size(treated=(100, 50), control=(100, 100))
    assert found.value == pytest.approx(2.0, abs=1e-12)
    assert found.net_percent == pytest.approx(-50)
    assert found.prevented == pytest.approx(50)
    error = math.sqrt(1 / 100 + 1 / 50 + 1 / 100 + 1 / 100)
    assert found.interval.lower == pytest.approx(2 * math.exp(-1.959964 * error), rel=1e-6)
    assert "above 1 favours the scheme" in found.sentence()


def test_the_published_cases() -> None:
    for case in oracle("relative-effect-size")["cases"]:
        found = relative_effect_size(treated=(case["a"], case["b"]), control=(case["c"], case["d"]))
        assert found.value == pytest.approx(case["expected"], abs=1e-12)


def test_overdispersion_widens_the_interval() -> None:
    plain = relative_effect_size(treated=(100, 70), control=(100, 100))
    wide = relative_effect_size(treated=(100, 70), control=(100, 100), variance_inflation=4)
    assert plain.interval.lower is not None and wide.interval.lower is not None
    stretch = math.log(wide.value / wide.interval.lower) / math.log(plain.value / plain.interval.lower)
    assert stretch == pytest.approx(2)
    assert DoubtKind.OVER_DISPERSION in {doubt.kind for doubt in plain.doubts}
    assert DoubtKind.OVER_DISPERSION not in {doubt.kind for doubt in wide.doubts}


def test_a_count_of_nought_is_handled_by_a_stated_rule_or_refused() -> None:
    found = relative_effect_size(treated=(10, 0), control=(12, 11))
    assert found.half_added and "half" in found.method
    assert found.value == pytest.approx(10.5 * 11.5 / (0.5 * 12.5))
    with pytest.raises(CannotCompute, match="nought"):
        relative_effect_size(treated=(10, 0), control=(12, 11), zero_cells=ZeroCells.REFUSE)
    with pytest.raises(CannotCompute):
        relative_effect_size(treated=(0, 0), control=(12, 11))


@given(PAIRS, PAIRS)
@settings(max_examples=60, deadline=None)
def test_changing_places_turns_the_size_over(treated: Any, control: Any) -> None:
    one = relative_effect_size(treated=treated, control=control)
    other = relative_effect_size(treated=control, control=treated)
    assert other.value == pytest.approx(1 / one.value)
    assert other.p == pytest.approx(one.p)
    # a control of any size with the same trend gives the same size
    larger = relative_effect_size(treated=treated, control=(control[0] * 7, control[1] * 7))
    assert larger.value == pytest.approx(one.value)


def test_the_interval_covers_the_truth() -> None:
    rng = np.random.Generator(np.random.PCG64(3))
    runs, covered, rejected = 2_000, 0, 0
    for a, b, c, d in rng.poisson([80, 56, 120, 108], (runs, 4)).tolist():
        interval = relative_effect_size(treated=(a, b), control=(c, d)).interval
        assert interval.lower is not None
        covered += interval.lower <= (80 * 108) / (56 * 120) <= interval.upper
    for a, b, c, d in rng.poisson([80, 72, 120, 108], (runs, 4)).tolist():
        rejected += relative_effect_size(treated=(a, b), control=(c, d)).p < 0.05
    margin = 3 * math.sqrt(0.95 * 0.05 / runs)
    assert covered / runs == pytest.approx(0.95, abs=margin)
    assert rejected / runs == pytest.approx(0.05, abs=margin)


def test_eight_months_against_four_are_refused_or_taken_per_month() -> None:
    """Halton's Citysafe: 31 burglaries in eight months, 1 in the four after, told as 30 prevented."""
    with pytest.raises(CannotCompute, match="8 and the count after 4"):
        before_after(before=31, after=1, period_lengths=(8, 4))
    found = before_after(before=31, after=1, period_lengths=(8, 4), per_time=True)
    assert found.percent == pytest.approx(100 * ((1 / 4) / (31 / 8) - 1))
    assert found.ratio.verdict is Verdict.LOWER
    kinds = {doubt.kind for doubt in found.doubts}
    assert kinds == {DoubtKind.UNEQUAL_PERIODS, DoubtKind.NO_COMPARISON}
    kinds = {d.kind for d in relative_effect_size(treated=(31, 12), control=(90, 40), period_lengths=(8, 4)).doubts}
    assert DoubtKind.UNEQUAL_PERIODS in kinds


def test_no_percentage_on_a_small_base() -> None:
    found = before_after(before=9, after=3)
    assert found.percent is None and "per unit" not in found.sentence()
    assert before_after(before=106, after=65).percent == pytest.approx(-38.68, abs=0.005)


def test_bad_counts_are_refused_with_a_sentence() -> None:
    with pytest.raises(CannotCompute):
        before_after(before=-1, after=3)
    with pytest.raises(CannotCompute):
        before_after(before=10, after=3, period_lengths=(0, 1))
    with pytest.raises(CannotCompute):
        relative_effect_size(treated=(1, math.inf), control=(1, 2))
    with pytest.raises(CannotCompute):
        relative_effect_size(treated=(10, 8), control=(1, 2), variance_inflation=0.9)
