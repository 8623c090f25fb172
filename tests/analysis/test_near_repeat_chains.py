"""Chains: exact against peers and a plain search however many neighbours there are; every event has one role."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frankpledge.analysis.events import Events
from frankpledge.analysis.near_repeat_chains import NearRepeatChains, Role, near_repeat_chains
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .near_repeat_data import near_repeat_city, peer_oracle, synthetic

ROWS = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25), st.integers(-5, 20)), min_size=2, max_size=40)


def made(rows: Any) -> Events:
    x, y, day = np.array(rows, float).reshape(-1, 3).T
    return Events(x, y, day.astype(np.int64))


@pytest.mark.parametrize("n", [1_000, 20_000])
@pytest.mark.parametrize(("strict", "name"), [(True, "strict_lt_200m_lt_14d"), (False, "le_200m_le_14d")])
def test_the_chains_of_the_synthetic_city(n: int, strict: bool, name: str) -> None:
    """ptools' near_strings1 and a KD-tree with connected components; ptools' own default drops neighbours past 300."""
    reference = peer_oracle("near_strings")[name][f"n{n}"]
    found = near_repeat_chains(synthetic(n), within_m=200, within_days=14, strict=strict)
    assert found.chains == reference["components"]
    if "sizes" in reference:
        assert found.as_dict()["sizes"] == reference["sizes"]
    else:
        assert (found.longest, found.size_counts()[1]) == (reference["largest"], reference["singletons"])
        assert found.doubts[0].kind is DoubtKind.CHANCE_LINKS


def plain(rows: list[tuple[int, int, int]], within_m: float, within_days: int, strict: bool) -> list[set[int]]:
    """The linked rows of each row, by looking at every pair."""
    links: list[set[int]] = [set() for _ in rows]
    for i, (x, y, day) in enumerate(rows):
        for j, (u, v, other) in enumerate(rows[:i]):
            metres, days = ((x - u) ** 2 + (y - v) ** 2) ** 0.5, abs(day - other)
            if (metres < within_m and days < within_days) if strict else (metres <= within_m and days <= within_days):
                links[i].add(j)
                links[j].add(i)
    return links


def reached(links: list[set[int]], start: int) -> frozenset[int]:
    seen, waiting = {start}, [start]
    while waiting:
        new = links[waiting.pop()] - seen
        seen |= new
        waiting += new
    return frozenset(seen)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.integers(0, 8), st.integers(0, 5), st.booleans())
def test_a_plain_search_agrees(rows: Any, within_m: int, within_days: int, strict: bool) -> None:
    found = near_repeat_chains(made(rows), within_m=within_m, within_days=within_days, strict=strict)
    links = plain(rows, within_m, within_days, strict)
    expected = {reached(links, start) for start in range(len(rows))}
    chains = {frozenset(np.flatnonzero(found.chain == number).tolist()) for number in range(found.chains)}
    assert chains == expected
    assert found.sizes.sum() == len(rows)
    # numbered in the order of their first rows
    assert [int(np.flatnonzero(found.chain == k)[0]) for k in range(found.chains)] == sorted(
        int(np.flatnonzero(found.chain == k)[0]) for k in range(found.chains)
    )
    for i, (_, _, day) in enumerate(rows):
        before = [j for j in links[i] if (rows[j][2], j) < (day, i)]
        role = Role.NEAR_REPEAT if before else Role.ORIGINATOR if links[i] else Role.ISOLATE
        assert found.role[i] == role
        assert found.repeats[i] == any(rows[j][:2] == rows[i][:2] for j in before)
    for k in range(found.chains):
        days = [rows[i][2] for i in np.flatnonzero(found.chain == k)]
        assert (found.first_day[k], found.last_day[k]) == (min(days), max(days))


@settings(max_examples=25, deadline=None)
@given(ROWS, st.randoms(use_true_random=False), st.integers(-900, 900))
def test_order_and_place_change_no_chain(rows: Any, shuffler: Any, shift: int) -> None:
    order = list(range(len(rows)))
    shuffler.shuffle(order)
    one = near_repeat_chains(made(rows), within_m=5, within_days=3)
    moved = [(rows[i][0] + shift, rows[i][1] - shift, rows[i][2] + shift) for i in order]
    two = near_repeat_chains(made(moved), within_m=5, within_days=3)
    assert one.size_counts() == two.size_counts()


def test_roles_add_up_and_every_chain_has_an_originator() -> None:
    found = near_repeat_chains(near_repeat_city(np.random.default_rng(1)))
    assert sum(found.role_counts().values()) == found.n == found.sizes.sum()
    assert found.role_counts()[Role.ISOLATE] == found.size_counts()[1]
    linked = np.flatnonzero(found.sizes > 1)
    assert set(found.chain[found.role == Role.ORIGINATOR].tolist()) == set(linked.tolist())


def test_of_two_on_one_day_the_earlier_row_is_the_originator() -> None:
    found = near_repeat_chains(made([(0, 0, 5), (0, 0, 5), (900, 900, 5)]))
    assert found.role.tolist() == [Role.ORIGINATOR, Role.NEAR_REPEAT, Role.ISOLATE]
    assert found.repeats.tolist() == [False, True, False]


def test_the_limits_themselves_count_unless_strict() -> None:
    rows = [(0, 0, 0), (200, 0, 14)]
    assert near_repeat_chains(made(rows)).chains == 1
    assert near_repeat_chains(made(rows), strict=True).chains == 2
    assert near_repeat_chains(made([(0, 0, 0), (120, 120, 0)]), metric="manhattan").chains == 2


def test_same_place_alone_is_a_distance_too() -> None:
    found = near_repeat_chains(made([(5, 5, 0), (5, 5, 3), (6, 5, 3)]), within_m=0, within_days=3)
    assert found.chain.tolist() == [0, 0, 1]


def test_it_says_what_it_found() -> None:
    found = near_repeat_chains(made([(0, 0, 0), (50, 0, 9), (90, 0, 20), (5_000, 0, 3)]))
    assert str(found.sentence()) == (
        "75 % of the 4 events lie in chains of two or more (1); the longest has 3 events over 21 days."
    )
    said = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert said["sizes"] == {"1": 1, "3": 1}
    assert (said["chains"], said["linked_chains"], said["longest"], said["events_in_chains"]) == (2, 1, 3, 3)
    assert found.table().rows == ((1, 1, 1), (3, 1, 3))
    assert "None of the 2 events" in str(near_repeat_chains(made([(0, 0, 0), (5_000, 0, 0)])).sentence())
    together = near_repeat_chains(made([(0, 0, 0), (50, 0, 0)]))
    assert str(together.sentence()).endswith("the longest has 2 events on one day.")


@pytest.mark.parametrize(
    ("rows", "settings_", "says"),
    [
        ([], {}, "at least two events"),
        ([(0, 0, 0)], {}, "at least two events"),
        ([(0, 0, 0), (1, 0, 0)], {"within_m": -1}, "neither below nought"),
        ([(0, 0, 0), (1, 0, 0)], {"within_m": float("nan")}, "neither below nought"),
        ([(0, 0, 0), (1, 0, 0)], {"within_days": -1}, "neither below nought"),
        ([(0, 0, 0), (1, 0, 0)], {"metric": "miles"}, "miles"),
    ],
)
def test_bad_input_is_refused(rows: Any, settings_: dict[str, Any], says: str) -> None:
    with pytest.raises(CannotCompute, match=says):
        near_repeat_chains(made(rows), **settings_)


def test_events_without_days_are_refused() -> None:
    with pytest.raises(CannotCompute, match="day of each event"):
        near_repeat_chains(Events(np.zeros(2), np.zeros(2)))


def test_no_neighbour_is_dropped_where_hundreds_share_a_place() -> None:
    crowd: NearRepeatChains = near_repeat_chains(made([(0, 0, 0)] * 700 + [(150, 0, 7)]))
    assert crowd.sizes.tolist() == [701]
