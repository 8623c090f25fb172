"""The parts of the diagram add up, what luck gives is exact, and chance overlaps are named one time in twenty."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frankpledge.analysis.overlap import overlap, problem_triangle
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute


def test_every_relabelling_listed_gives_the_mean_the_sd_and_the_p_value() -> None:
    flags = {"a": [1, 1, 1, 0, 0, 0], "b": [1, 1, 0, 0, 0, 1], "c": [1, 0, 1, 1, 0, 0]}
    meeting = overlap(flags).all_together
    one = np.array(flags["a"], bool)
    seconds = [set(chosen) for chosen in itertools.combinations(range(6), 3)]
    counts = np.array([
        sum(one[i] and i in second and i in third for i in range(6)) for second in seconds for third in seconds
    ])  # fmt: skip
    assert meeting.observed == 1
    assert meeting.expected == pytest.approx(counts.mean())
    assert meeting.sd == pytest.approx(counts.std())
    assert meeting.p == pytest.approx((counts >= 1).mean())


def test_the_overlap_of_two_is_fishers_tea() -> None:
    """Fisher's lady: eight cups, four and four, three right. One-sided p = 17/70."""
    found = overlap({"milk first": [1] * 4 + [0] * 4, "said milk": [1, 1, 1, 0, 1, 0, 0, 0]})
    assert found.all_together.p == pytest.approx(17 / 70)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_parts_add_up_in_any_order_and_under_any_names(rows: list[tuple[bool, bool, bool]]) -> None:
    a, b, c = (list(column) for column in zip(*rows, strict=True))
    found = overlap({"a": a, "b": b, "c": c})
    assert sum(region.observed for region in found.regions) == found.n
    assert sum(region.expected for region in found.regions) == pytest.approx(found.n)
    turned = overlap({"x": c[::-1], "y": a[::-1], "z": b[::-1]}).all_together
    assert (turned.observed, turned.expected) == (
        found.all_together.observed,
        pytest.approx(found.all_together.expected),
    )
    assert turned.p == pytest.approx(found.all_together.p, abs=1e-9)


def test_chance_overlaps_are_named_at_most_one_time_in_twenty() -> None:
    random = np.random.Generator(np.random.PCG64(19))
    alarms = 0
    for _ in range(500):
        a, b, c = (random.permutation(200) < size for size in (80, 60, 90))
        alarms += overlap({"a": a, "b": b, "c": c}).all_together.p <= 0.05
    assert 5 <= alarms <= 500 * 0.05 + 3 * np.sqrt(500 * 0.05 * 0.95)


def test_the_triangle_counts_those_seen_often_enough() -> None:
    places = ["p1"] * 5 + ["p2"] * 3 + [None]
    victims = ["v1", "v1", "v2", "v3", "v4", "v5", "v6", "v6", "v1"]
    offenders = ["o1", "o1", "o2", "o3", "o4", "o1", "o5", "o6", "o1"]
    found = problem_triangle(places, victims, offenders)
    assert found.n == 8
    assert dict(found.sizes) == {"hot places": 5, "repeat victims": 4, "prolific offenders": 3}
    assert found.all_together.observed == 2
    assert {doubt.kind for doubt in found.doubts} == {DoubtKind.ROWS_LEFT_OUT, DoubtKind.SMALL_NUMBERS}
    assert "2 of 8 incidents are in all of hot places, repeat victims and prolific offenders" in str(found.sentence())


def test_what_is_no_diagram_is_refused() -> None:
    with pytest.raises(CannotCompute):
        overlap({"a": [True]})
    with pytest.raises(CannotCompute):
        overlap({"a": [], "b": []})
    with pytest.raises(CannotCompute):
        overlap({"a": [True], "b": [True, False]})
    with pytest.raises(CannotCompute):
        problem_triangle(["p"], ["v"], ["o", "o"])
    with pytest.raises(CannotCompute):
        problem_triangle(["p"], ["v"], [None])
    with pytest.raises(CannotCompute):
        problem_triangle(["p"], ["v"], ["o"], place_at_least=0)
