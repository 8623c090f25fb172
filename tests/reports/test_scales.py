"""Class edges and axes a person would have chosen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.reports.scales import axis_ticks, classes_for

RATES = st.lists(st.floats(0, 400, allow_subnormal=False), min_size=1, max_size=80)


@given(RATES)
def test_every_value_falls_into_a_class_and_higher_values_into_no_lower_one(values: list[float]) -> None:
    classes = classes_for(values)
    found = [classes.shade(value) for value in sorted(values)]
    assert found == sorted(found)
    assert all(1 <= shade <= 5 for shade in found)
    assert list(classes.edges) == sorted(set(classes.edges))


def test_edges_are_round() -> None:
    rates = [
        39.7,
        27.3,
        26.2,
        22.7,
        21.7,
        21.2,
        16.1,
        15.9,
        14.0,
        12.2,
        11.0,
        10.8,
        9.4,
        8.0,
        7.7,
        6.1,
        5.5,
        4.0,
        3.1,
        1.2,
    ]
    assert all(edge == int(edge) for edge in classes_for(rates).edges)
    assert len(classes_for(rates)) == 5


def test_areas_that_do_not_differ_have_one_colour() -> None:
    assert len(classes_for([4.0, 4.0, 4.0])) == 1
    assert len(classes_for([])) == 1


@given(st.floats(0.01, 1_000_000))
def test_an_axis_starts_at_nought_and_reaches_over_the_top(top: float) -> None:
    ticks = axis_ticks(top)
    assert ticks[0] == 0
    assert ticks[-1] >= top * (1 - 1e-6)
    assert 2 <= len(ticks) <= 9


@pytest.mark.parametrize(("top", "last"), [(64, 80), (44, 50), (6, 6), (590, 600)])
def test_counts_have_whole_steps(top: float, last: float) -> None:
    ticks = axis_ticks(top)
    assert all(tick == int(tick) for tick in ticks)
    assert ticks[-1] >= top and ticks[-1] <= 1.3 * last
