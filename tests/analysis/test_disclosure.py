"""Disclosure control: the published rules, and tables attacked with linear programmes (PD1 and PD2 of reliability)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from campaigns.disclosure import POLICIES, attack, objections, publish, random_table
from frankpledge.analysis.disclosure import (
    DEFAULT_POLICY,
    HIDDEN,
    OPENSAFELY,
    Policy,
    Totals,
    blur_places,
    differencing,
    redact_and_round,
    refuse_differencing,
    round_to_5,
    round_to_10,
    safe_percentage,
    suppress,
)
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import oracle


def test_rounding_is_as_published() -> None:
    """../shared/oracles/published/disclosure-control.json: Defence Statistics' rounding policy."""
    published = oracle("disclosure-control")
    for count, expected in published["rounding_to_5"]["cases"]:
        assert round_to_5(count) == expected
    for count, expected in published["rounding_to_10"]["cases"]:
        assert round_to_10(count) == expected


def test_rounding_of_a_few_counts() -> None:
    assert [round_to_5(count) for count in (0, 1, 4, 5, 7, 8, 102)] == [0, HIDDEN, HIDDEN, 5, 5, 10, 100]
    assert [round_to_10(count) for count in (5, 14, 15, 25, 35, 45)] == [0, 10, 20, 20, 40, 40]


def test_opensafely_redacts_before_it_adds_up_and_rounds() -> None:
    """Rule of disclosure-control.json: up to 7 redacted, totals of what is left, then to the nearest 5."""
    assert redact_and_round([3, 7, 8, 41]) == ((None, None, 10, 40), 50)
    assert redact_and_round([0, 12], noughts_are_safe=True) == ((0, 10), 10)
    assert redact_and_round([0, 12]) == ((None, 10), 10)


def test_a_small_cell_takes_another_of_its_row_and_column_with_it() -> None:
    table = suppress([[3, 40, 50], [60, 70, 80], [55, 65, 75]], row_names=("a", "b", "c"))
    assert table.cells[0][0] is None
    assert table.hidden == 4  # a rectangle: the fewest that leave two in each row and column
    assert table.hidden_totals == 0
    assert table.total == 498
    assert str(table.sentence()) == "4 of 9 cells and 0 totals are hidden: they are under 5, or would give one away."


def test_nothing_is_hidden_without_need() -> None:
    table = suppress([[0, 40], [60, 70]])
    assert table.cells == ((0, 40), (60, 70))
    assert str(table.sentence()) == "Nothing had to be hidden: no number rests on fewer than 5."


def test_two_small_cells_alone_in_a_row_hide_its_total() -> None:
    """1 + 1 = 2: an attacker who knows noughts are shown would know both."""
    table = suppress([[1, 1, 0], [60, 70, 80]])
    assert table.row_totals[0] is None


def test_a_single_row_has_its_total_as_only_sum() -> None:
    table = suppress([2, 50, 60])
    assert table.total is None and table.column_totals == (None, None, None)
    assert table.row_totals == (112,)
    assert table.cells == ((None, None, 60),)


@settings(max_examples=150, deadline=None)
@given(arrays(np.int64, st.tuples(st.integers(1, 4), st.integers(2, 4)), elements=st.integers(0, 12)), st.data())
def test_no_hidden_number_can_be_worked_out(counts: np.ndarray, data: st.DataObject) -> None:
    """PD2: the range of every hidden number, by linear programme, is as wide as the policy asks; PD1: none is shown."""
    policy = data.draw(st.sampled_from(POLICIES))
    totals = Totals(*data.draw(st.tuples(st.booleans(), st.booleans(), st.booleans())))
    published = publish(counts, policy, totals)
    assert list(objections(published, np.random.default_rng(1))) == []


def test_thousands_of_random_tables_show_no_small_number() -> None:
    """PD1 over 2,000 tables; the attack on every twentieth (the campaign attacks all of 10,000)."""
    chance = np.random.default_rng(5)
    for trial in range(2000):
        published = publish(random_table(chance), DEFAULT_POLICY, Totals())
        assert not (DEFAULT_POLICY.unsafe(published.full) & published.shown).any()
        if trial % 20 == 0:
            for i, j in np.argwhere(published.announced & ~published.shown):
                low, high = attack(published, (int(i), int(j)))
                assert high - low >= DEFAULT_POLICY.protection - 1e-6


def test_naive_suppression_would_be_undone() -> None:
    """The attack is no formality: hiding the small cell alone gives it away, and the attack finds it."""
    published = publish(np.array([[3, 40], [60, 70]]), Policy(2, 1), Totals())
    naive = published.shown.copy()
    naive[0, 0] = False
    alone = type(published)(published.counts, published.full, published.announced, naive, DEFAULT_POLICY, Totals(),
                            published.table)  # fmt: skip
    assert attack(alone, (0, 0)) == pytest.approx((3, 3))


def test_row_order_changes_nothing_that_matters() -> None:
    counts = np.array([[3, 40, 9], [60, 2, 80], [55, 65, 75]])
    assert suppress(counts).hidden == suppress(counts[::-1, ::-1]).hidden == suppress(counts.T).hidden


def test_percentages_come_from_published_numbers_alone() -> None:
    table = suppress([[3, 40, 57], [60, 70, 80]])
    for row, percentages in zip(table.cells, table.row_percentages(), strict=True):
        assert [value is None for value in row] == [value is None for value in percentages]


def test_a_percentage_neither_rests_on_a_small_number_nor_leaves_one() -> None:
    assert safe_percentage(3, 100) is None
    assert safe_percentage(97, 100) is None
    assert safe_percentage(52, 100) == 50
    assert safe_percentage(0, 100) == 0


def test_the_published_differencing_leak_is_refused() -> None:
    """disclosure-control.json: women of 21-30 = 1 although no published cell is small."""
    example = oracle("disclosure-control")["differencing_example"]
    ages = tuple(example["table_all"])
    check = differencing(list(example["table_all"].values()), list(example["table_men"].values()), column_names=ages)
    assert not check.safe
    assert ("rest", "row 1", "21-30") in check.places
    with pytest.raises(CannotCompute, match="one small number would follow"):
        refuse_differencing([12, 13, 40], [12, 12, 25])


def test_merged_categories_may_be_published() -> None:
    assert differencing([25, 40], [12, 25]).safe
    assert differencing([12, 13, 40], [12, 13, 40]).safe


def test_a_hidden_cell_known_from_the_part_is_a_leak() -> None:
    """Each table is safe alone; a part of at least 6 tells that the hidden whole is at least 6 too."""
    whole = np.array([[7, 40, 9], [60, 70, 80], [8, 65, 75]])
    part = np.array([[6, 20, 6], [30, 35, 40], [6, 33, 37]])
    hidden = np.zeros((4, 4), bool)
    hidden[np.ix_([0, 2], [0, 2])] = True
    assert not differencing(whole, part, first_hidden=hidden).safe


def test_tables_that_cannot_be_published_are_refused_with_a_reason() -> None:
    for wrong in ([[1.5, 2]], [[-1, 2]], [["a", 2]], [[None, 2]], [], [[float("nan"), 2]]):
        with pytest.raises(CannotCompute):
            suppress(wrong)
    with pytest.raises(CannotCompute, match="names"):
        suppress([[9, 9]], row_names=("a", "b"))
    with pytest.raises(CannotCompute):
        Policy(smallest=1)
    with pytest.raises(CannotCompute, match="not a part"):
        differencing([5, 5], [6, 5])
    with pytest.raises(CannotCompute, match="same rows"):
        differencing([5, 5], [5])


def test_the_published_form_tells_nothing_of_why_a_cell_is_hidden() -> None:
    said = suppress([[3, 40], [60, 70]], policy=OPENSAFELY).as_dict()
    assert "3" not in str(said["cells"])
    assert not any("primary" in key or "secondary" in key for key in said)


# Places


def test_an_event_goes_to_the_nearest_point_with_enough_homes() -> None:
    """Rule of disclosure-control.json: eight addresses or more, or none."""
    blurred = blur_places(
        [10.0, 90.0], [0.0, 0.0], point_x=[12, 0, 100, 88], point_y=[0, 0, 0, 0], point_addresses=[3, 8, 0, 7]
    )
    assert blurred.x.tolist() == [0.0, 100.0]
    assert blurred.greatest_shift_m == 10.0


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000))
def test_blurring_is_the_same_in_any_order_and_every_time(seed: int) -> None:
    """PD4: no point with fewer than eight homes, the same place to the same point, against a plain loop."""
    chance = np.random.default_rng(seed)
    x, y = chance.integers(0, 20, (2, 30)) * 10.0
    px, py = chance.integers(0, 20, (2, 25)) * 10.0
    homes = chance.choice([0, 3, 7, 8, 20], 25)
    homes[0] = 8
    once = blur_places(x, y, point_x=px, point_y=py, point_addresses=homes)
    order, points = chance.permutation(30), chance.permutation(25)
    again = blur_places(x[order], y[order], point_x=px[points], point_y=py[points], point_addresses=homes[points])
    assert np.array_equal(once.x[order], again.x) and np.array_equal(once.y[order], again.y)
    fit = (homes >= 8) | (homes == 0)
    for k in range(30):
        nearest = np.hypot(px[fit] - x[k], py[fit] - y[k]).min()
        assert np.hypot(once.x[k] - x[k], once.y[k] - y[k]) == pytest.approx(nearest)
        assert fit[once.point[k]]


def test_events_that_are_never_shown_at_points_are_left_off() -> None:
    blurred = blur_places(
        [0.0, 5.0], [0.0, 5.0], point_x=[1], point_y=[1], point_addresses=[9], never_at_points=[True, False]
    )
    assert (blurred.n, blurred.off_map, len(blurred.x)) == (1, 1, 1)


def test_without_a_fit_point_nothing_is_shown() -> None:
    with pytest.raises(CannotCompute, match="No map point"):
        blur_places([0.0], [0.0], point_x=[1], point_y=[1], point_addresses=[4])
    with pytest.raises(CannotCompute):
        blur_places([float("nan")], [0.0], point_x=[1], point_y=[1], point_addresses=[9])
