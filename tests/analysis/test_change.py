"""Change between two counts: the published tests, and the percentages that are refused."""

import math

import pytest

from frankpledge.analysis.change import change, e_test, poisson_z
from frankpledge.analysis.rates import Verdict
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.periods import Month, MonthSpan

from .oracles import oracle

THIS_YEAR = MonthSpan.year_to(Month(2024, 12))
LAST_YEAR = THIS_YEAR.year_earlier()


def test_wheelers_z_is_as_published() -> None:
    published = oracle("poisson-change")["poisson_z"]
    for case in published["cases"]:
        assert poisson_z(case["current"], case["past"]) == pytest.approx(case["expected"], abs=1e-4)
    for case in published["derived_from_seed_documents"]:
        assert poisson_z(case["current"], case["past"]) == pytest.approx(case["z"], abs=1e-4)


def test_the_e_test_is_as_published() -> None:
    published = oracle("poisson-change")["e_test"]
    for case in published["cases"]:
        assert e_test(case["k1"], case["k2"]) == pytest.approx(case["expected"], abs=5e-5)
    for counts, expected in published["recomputed_here"].items():
        first, second = map(int, counts.split(","))
        assert e_test(first, second) == pytest.approx(expected, abs=1e-8)
        assert e_test(second, first) == pytest.approx(expected, abs=1e-8)


def test_nought_against_nought_has_no_test() -> None:
    with pytest.raises(CannotCompute):
        e_test(0, 0)
    assert e_test(3, 3) <= 1


def test_a_percentage_needs_a_base_of_twenty() -> None:
    assert change(30, THIS_YEAR, 20, LAST_YEAR).percent == pytest.approx(50)
    refused = change(30, THIS_YEAR, 19, LAST_YEAR)
    assert refused.percent is None
    assert refused.doubts[0].kind is DoubtKind.SMALL_NUMBERS


def test_a_year_after_the_lockdowns_is_not_like_one_with_them() -> None:
    after, during = MonthSpan.year_to(Month(2022, 10)), MonthSpan.year_to(Month(2021, 10))
    found = change(369, after, 189, during)
    assert not found.like_for_like
    assert [doubt.kind for doubt in found.doubts] == [DoubtKind.COVID_PERIOD]


def test_unequal_periods_are_not_compared() -> None:
    with pytest.raises(CannotCompute):
        change(30, THIS_YEAR, 20, MonthSpan(Month(2023, 1), Month(2023, 6)))


def test_a_change_within_chance_is_not_called_one() -> None:
    assert change(55, THIS_YEAR, 50, LAST_YEAR).verdict is Verdict.NOT_CLEAR
    assert change(100, THIS_YEAR, 50, LAST_YEAR).verdict is Verdict.HIGHER
    assert math.isclose(change(100, THIS_YEAR, 50, LAST_YEAR).z, 2 * (10 - math.sqrt(50)))
