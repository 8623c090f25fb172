"""Concentration: exact in hand-made cases, the same in every order, and not beyond chance when there is only chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.analysis.concentration import concentration, gini, lorenz, worst_share
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import oracle


def test_the_worst_five_per_cent_by_hand() -> None:
    even = np.full((1, 40), 5)
    assert worst_share(even)[0] == pytest.approx(0.05)
    # 5 % of 30 areas is one and a half: the worst, and half of the next
    counts = np.array([[60, 20] + [0] * 28])
    assert worst_share(counts)[0] == pytest.approx((60 + 10) / 80)


def test_gini_is_as_published() -> None:
    cases = oracle("repeat-victimisation")["gini"]["cases"]
    assert len(cases) == 3
    for case in cases:
        assert gini(case["x"]) == pytest.approx(case.get("expected", case.get("expected_biased")), abs=1e-9)


def test_gini_by_hand() -> None:
    assert gini([3, 3, 3, 3]) == pytest.approx(0)
    assert gini([0, 0, 0, 12]) == pytest.approx(0.75)
    # fewer crimes than places: spread as evenly as can be is nought, not inequality
    assert gini([1, 1, 0, 0, 0, 0, 0, 0]) == pytest.approx(0)
    assert gini([2, 0, 0, 0, 0, 0, 0, 0]) == pytest.approx(0.5)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(100, 900)), min_size=2, max_size=40))
def test_the_order_of_areas_changes_nothing(areas: list[tuple[int, int]]) -> None:
    if not sum(count for count, _ in areas):
        return
    one = concentration([c for c, _ in areas], [h for _, h in areas], simulations=49)
    areas = areas[::-1]
    assert concentration([c for c, _ in areas], [h for _, h in areas], simulations=49) == one


def test_chance_alone_is_not_called_concentration() -> None:
    random = np.random.default_rng(2)
    homes = random.integers(300, 900, 200)
    alarms = sum(
        concentration(
            random.multinomial(800, homes / homes.sum()).tolist(), homes.tolist(), simulations=99
        ).beyond_chance
        for _ in range(60)
    )
    assert alarms <= 9


def test_a_real_hot_area_is_beyond_chance_and_the_p_value_is_never_nought() -> None:
    found = concentration([90] + [3] * 99, [600] * 100)
    assert found.beyond_chance
    assert found.p == pytest.approx(1 / 1_000)
    assert found.by_chance < found.share
    assert found.by_chance_interval[0] <= found.by_chance <= found.by_chance_interval[1]


def test_the_same_seed_gives_the_same_numbers_and_another_nearly() -> None:
    counts, homes = [5, 3, 8, 1, 0, 9, 2, 4] * 5, [500, 700] * 20
    one = concentration(counts, homes, seed=1)
    assert one == concentration(counts, homes, seed=1)
    assert one.by_chance == pytest.approx(concentration(counts, homes, seed=2).by_chance, abs=0.01)


def test_few_areas_are_flagged_and_none_refused() -> None:
    assert concentration([9, 3, 4], [1, 1, 1]).doubts[0].kind is DoubtKind.SMALL_NUMBERS
    with pytest.raises(CannotCompute):
        concentration([0, 0], [1, 1])
    with pytest.raises(CannotCompute):
        concentration([3], [1])


def test_the_lorenz_curve_by_hand() -> None:
    found = lorenz([0, 6, 2, 0, 0, 0, 0, 0, 0, 0])
    assert found.events.tolist() == pytest.approx([0, 0.75, *[1.0] * 9])
    assert (found.quarter, found.half, found.without) == (1, 1, 8)
    assert found.gini_plain == pytest.approx(1 - 2 * np.trapezoid(1 - found.events, found.places))
    # eight events on ten places: eight places with one each is as even as can be
    assert found.gini == pytest.approx(10 / 8 * (found.gini_plain - 1) + 1)
    assert lorenz([1] * 8 + [0, 0]).gini == pytest.approx(0)


def test_the_area_under_the_curve_is_the_published_gini() -> None:
    """Deciles of the DescTools documentation: 0.46209113 as it stands, enough events that nothing is corrected."""
    found = lorenz([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261])
    assert found.gini == pytest.approx(0.46209113026762383)
    assert found.gini_plain == pytest.approx(found.gini)
    assert found.doubts[0].kind is DoubtKind.PLACES_WITHOUT_ANY


@given(st.lists(st.integers(0, 20), min_size=2, max_size=60))
def test_the_curve_rises_bends_and_ends_at_one_in_any_order(counts: list[int]) -> None:
    if not sum(counts):
        return
    found = lorenz(counts)
    assert found.events[-1] == pytest.approx(1)
    assert (np.diff(found.events) >= -1e-12).all() and (np.diff(found.events, 2) <= 1e-12).all()
    assert -1e-9 <= found.gini <= 1
    assert found.half >= found.quarter >= 1
    assert lorenz(counts[::-1]).gini == pytest.approx(found.gini)


def test_no_curve_of_nothing() -> None:
    for counts in ([0, 0], [3], [3, -1]):
        with pytest.raises(CannotCompute):
            lorenz(counts)
