"""Changes of many areas at once: few false alarms, per day, and as two counts compared by hand."""

import numpy as np
import pytest

from frankpledge.analysis.area_changes import area_changes
from frankpledge.analysis.change import e_test
from frankpledge.analysis.rates import rate_ratio
from frankpledge.vocabulary.errors import CannotCompute


def test_each_area_is_two_counts_compared_and_the_p_values_are_those_of_benjamini_and_hochberg():
    now, then = [30, 5, 0, 0, 2, 40], [12, 6, 0, 3, 2, 41]
    found = {area.code: area for area in area_changes("abcdef", now, then).areas}
    p = sorted(e_test(a, b) for a, b in zip(now, then, strict=True) if a + b)
    assert found["a"].adjusted_p == pytest.approx(5 * p[0]) and found["a"].standing == "up"
    assert found["a"].ratio.interval == rate_ratio(30, 1, 12, 1).interval
    assert found["c"].ratio is None and found["c"].adjusted_p is None and found["c"].standing == ""
    assert [area.code for area in area_changes("abcdef", now, then).areas][-1] == "c"


def test_where_nothing_changed_something_is_named_in_about_one_set_of_twenty():
    draw = np.random.default_rng(1)
    named = 0
    for _ in range(150):
        found = area_changes(range(44), draw.poisson(8, 44).tolist(), draw.poisson(8, 44).tolist())
        named += bool(found.up or found.down)
    assert named <= 16  # 7.5 are due


def test_the_direction_is_that_of_the_rate_not_of_the_count():
    """Forty in a month after sixty in a quarter is a rise."""
    found = area_changes(["a"], [40], [60], days=30, previous_days=90)
    assert [area.code for area in found.up] == ["a"] and not found.down


def test_what_cannot_be_compared_is_refused():
    for codes, now, then in (([], [], []), (["a"], [1], [1, 2]), (["a"], [-1], [2]), (["a"], [0], [0])):
        with pytest.raises(CannotCompute):
            area_changes(codes, now, then)
