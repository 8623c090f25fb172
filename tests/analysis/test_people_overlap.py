"""Victims who offend, people who offend together, and the few with the most: against plain loops."""

from itertools import combinations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.analysis.people_overlap import co_offending, prolific_few, victim_offender_overlap
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

KEYS = st.lists(st.integers(0, 12), min_size=1, max_size=40)


def test_a_person_counts_once_however_often_listed() -> None:
    found = victim_offender_overlap(["a", "b", "b", None], ["b", "c", "c"], population=100)
    assert (found.victims, found.offenders, found.both, found.n) == (2, 2, 1, 3)
    assert found.expected == pytest.approx(0.04)
    assert found.doubts[0].kind is DoubtKind.ROWS_LEFT_OUT
    assert str(found.sentence()) == "1 of 2 victims (50 %) are also among 2 offenders: 25.0 times what chance gives."


@given(KEYS, KEYS, st.integers(13, 60))
def test_the_chance_of_an_overlap_is_hypergeometric(victims: list[int], offenders: list[int], population: int) -> None:
    found = victim_offender_overlap(victims, offenders, population=population)
    first, second = len(set(victims)), len(set(offenders))
    plain = sum(
        comb(first, k) * comb(population - first, second - k) for k in range(found.both, min(first, second) + 1)
    ) / comb(population, second)
    assert found.both == len(set(victims) & set(offenders))
    assert found.p == pytest.approx(plain, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=40), st.randoms())
def test_co_offending_agrees_with_a_plain_loop_in_any_order(links: list[tuple[int, int]], order: object) -> None:
    found = co_offending([crime for crime, _ in links], [person for _, person in links])
    crimes = {crime: {p for c, p in links if c == crime} for crime, _ in links}
    pairs = [pair for group in crimes.values() for pair in combinations(sorted(group), 2)]
    assert found.n == len(crimes)
    assert found.together == sum(len(group) > 1 for group in crimes.values())
    assert (found.pairs, found.repeated_pairs) == (len(set(pairs)), sum(pairs.count(p) > 1 for p in set(pairs)))
    groups = [{person} for person in {person for _, person in links}]
    for one, other in pairs:
        joined = [group for group in groups if one in group or other in group]
        groups = [group for group in groups if group not in joined] + [set().union(*joined)]
    assert found.groups == sum(len(group) > 1 for group in groups)
    assert found.largest_group == max(len(group) for group in groups)
    order.shuffle(links)
    again = co_offending([f"c{crime}" for crime, _ in links], [f"p{person}" for _, person in links])
    assert again.as_dict() == found.as_dict()


def test_the_few_by_count_and_by_harm_are_different_people() -> None:
    people = ["a"] * 6 + ["b"] * 2 + ["c"]
    offences = ["theft"] * 6 + ["theft"] * 2 + ["wounding"]
    found = prolific_few(people, offences, weights={"theft": 1, "wounding": 100}, few=1)
    assert [person.key for person in found.by_count] == ["a"]
    assert [person.key for person in found.by_harm or ()] == ["c"]
    assert (found.share_of_offences, found.share_of_harm) == pytest.approx((6 / 9, 100 / 108))
    assert found.on_both == 0
    assert DoubtKind.CHOSEN_FOR_BEING_HIGH in {doubt.kind for doubt in found.doubts}


def test_those_level_with_the_last_are_all_in() -> None:
    found = prolific_few(["a", "a", "b", "c", None], few=2)
    assert [person.key for person in found.by_count] == ["a", "b", "c"]
    assert found.share_of_offences == 1
    assert str(found.sentence()) == "3 of 3 people account for 100 % of 4 offences."


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(1, 5))
def test_the_few_hold_the_largest_shares(people: list[int], few: int) -> None:
    found = prolific_few(people, few=few)
    counts = sorted((people.count(key) for key in set(people)), reverse=True)
    last = counts[min(few, len(counts)) - 1]
    assert sorted((p.offences for p in found.by_count), reverse=True) == [c for c in counts if c >= last]


def test_bad_input_is_refused() -> None:
    with pytest.raises(CannotCompute):
        victim_offender_overlap([], [None])
    with pytest.raises(CannotCompute, match="smaller than"):
        victim_offender_overlap(["a"], ["b"], population=1)
    with pytest.raises(CannotCompute):
        co_offending(["x"], [])
    with pytest.raises(CannotCompute):
        co_offending([None], ["a"])
    with pytest.raises(CannotCompute, match="one person's"):
        co_offending(["x"] * 201, list(range(201)))
    with pytest.raises(CannotCompute, match="no weight for “arson”"):
        prolific_few(["a"], ["arson"], weights={"theft": 1})
    with pytest.raises(CannotCompute):
        prolific_few(["a"], ["arson"])
    with pytest.raises(CannotCompute):
        prolific_few([None])
    with pytest.raises(CannotCompute):
        prolific_few(["a"], few=0)
