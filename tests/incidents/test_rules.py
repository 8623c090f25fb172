"""What is true of batches without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.records.incidents import rules
from frankpledge.records.incidents.vocabulary import Verdict, source_words
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.periods import Month, MonthSpan
from tests.incidents.deliveries import delivery

contents = st.lists(st.text("0123456789abcdef", min_size=64, max_size=64), max_size=8, unique=True)


@given(contents, st.randoms())
def test_the_same_set_has_the_same_version_in_whatever_order_it_came(held, rng):
    shuffled = list(held)
    rng.shuffle(shuffled)
    one = two = rules.EMPTY_VERSION
    for content in held:
        one = rules.with_batch(one, content)
    for content in shuffled:
        two = rules.with_batch(two, content)
    assert one == two
    for content in held:
        one = rules.without_batch(one, content)
    assert one == rules.EMPTY_VERSION


@given(contents.filter(bool))
def test_another_set_has_another_version(held):
    version = rules.EMPTY_VERSION
    for content in held:
        assert version != (version := rules.with_batch(version, content))


@pytest.mark.parametrize(
    ("first", "last", "held_first", "held_last", "refused"),
    [
        ((2022, 1), (2022, 3), (2022, 1), (2022, 3), False),
        ((2022, 1), (2022, 3), (2022, 4), (2022, 6), False),
        ((2022, 1), (2022, 3), (2021, 10), (2021, 12), False),
        ((2022, 1), (2022, 3), (2022, 3), (2022, 5), True),
        ((2022, 1), (2022, 3), (2022, 2), (2022, 2), True),
        ((2022, 2), (2022, 2), (2022, 1), (2022, 3), True),
    ],
)
def test_periods_may_be_equal_or_apart_but_not_share_months(first, last, held_first, held_last, refused):
    new, held = MonthSpan(Month(*first), Month(*last)), MonthSpan(Month(*held_first), Month(*held_last))
    if not refused:
        rules.check_overlap(new, [held], publisher_name="Aldershire Police", file="a.csv")
        return
    with pytest.raises(RuleBroken, match="shares months with it. Withdraw that batch first"):
        rules.check_overlap(new, [held], publisher_name="Aldershire Police", file="a.csv")


def test_keys_are_readable_and_fit_an_address():
    one = delivery(Month(2022, 10))
    assert rules.batch_key(one) == f"police-uk-street.aldershire.2022-10.{one.content_sha256[:6]}"
    assert ".2022-01_2022-03." in rules.batch_key(delivery(Month(2022, 1), last=Month(2022, 3)))


@pytest.mark.parametrize(
    ("value", "neighbours", "verdict", "usual"),
    [
        (100, [100] * 5, Verdict.NOTHING_TO_COMPARE, ""),
        (109, [100] * 6, Verdict.AS_USUAL, "90 to 110"),
        (111, [100] * 6, Verdict.UNUSUAL, "90 to 110"),
        (60, [100, 90, 110, 95, 105, 100], Verdict.UNUSUAL, "78 to 122"),
    ],
)
def test_a_figure_is_unusual_when_it_is_far_from_its_neighbours(value, neighbours, verdict, usual):
    check = rules.check_against("Rows", value, neighbours, is_share=False)
    assert (check.verdict, check.usual) == (verdict, usual)
    assert (check.distance > 0) == (verdict is Verdict.UNUSUAL)


def test_a_share_stays_between_nothing_and_all():
    check = rules.check_against("Rows with a position", 0.5, [0.999] * 6, is_share=True)
    assert check.usual == "98.9 % to 100.0 %"
    assert check.verdict is Verdict.UNUSUAL


@pytest.mark.parametrize(
    ("other", "near"), [((2022, 9), True), ((2021, 10), True), ((2018, 10), True), ((2020, 7), False)]
)
def test_neighbours_are_within_a_year_or_the_same_month_of_another(other, near):
    assert rules.is_neighbour(Month(2022, 10), Month(*other)) is near
    assert not rules.is_neighbour(Month(2022, 10), Month(2022, 10))


def test_a_source_nobody_has_named_yet_is_called_by_its_own_name():
    assert source_words("parish-notices").label == "Parish notices"
