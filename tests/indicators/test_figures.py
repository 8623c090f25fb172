"""Figures: what is kept, what is refused, and that none ever changes."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from frankpledge.records.indicators import selectors, services
from frankpledge.records.indicators.models import Figure
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.indicators.made_up import a_figure, an_indicator
from tests.people import make_person

pytestmark = pytest.mark.django_db


def test_a_figure_is_found_by_its_key() -> None:
    """F12 and f12 are one figure; nonsense is none."""
    made = a_figure()
    assert selectors.figure(made.key.lower()) == made
    assert selectors.figures([made.key, "F999999999999", "nonsense", "F" + "9" * 40]) == {made.key: made}
    assert selectors.figure("") is None


def test_the_database_refuses_to_change_a_figure() -> None:
    """Not even a script may."""
    made = a_figure()
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Figure.objects.filter(pk=made.pk).update(value=9)
    assert selectors.figure(made.key).value == Decimal("2.7")


def test_a_second_figure_of_a_period_takes_the_place_of_the_first() -> None:
    """The series shows the newer one; the older one is still there and says what replaced it."""
    indicator = an_indicator()
    first = a_figure(indicator)
    second = a_figure(indicator, value=Decimal("2.8"))
    assert second.replaces == first
    assert selectors.series(indicator.pk) == [second]
    assert selectors.newest_of(first) == second
    assert selectors.figure(first.key).replaced_by == second


def test_the_same_figure_again_changes_nothing() -> None:
    """Saving twice gives the first back."""
    indicator = an_indicator()
    assert a_figure(indicator) == a_figure(indicator)
    assert Figure.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"unit": "count", "value": -3}, "below nought"),
        ({"unit": "count", "value": Decimal("2.5")}, "not a whole number"),
        ({"numerator": -1}, "fewer than none"),
        ({"denominator": 0, "denominator_edition": "mid-2001"}, "nothing can be divided by that"),
        ({"denominator": 94_224}, "which version of the denominator"),
        ({"value": None}, "to be confirmed"),
        ({"value": float("nan")}, "not a number"),
        ({"last_on": date(2026, 3, 1)}, "before it starts"),
        ({"interval_low": 3, "interval_high": 2}, "Swap them"),
        ({"unit": "furlongs"}, "no unit we know"),
        ({"name": " "}, "missing"),
        ({"name": "x" * 201}, "may have 200"),
        ({"n": -4}, "fewer than none"),
    ],
)
def test_a_figure_that_cannot_be_true_is_refused_with_a_sentence(changes: dict, sentence: str) -> None:
    with pytest.raises(DataProblem, match=sentence):
        a_figure(**changes)
    assert not Figure.objects.exists()


def test_a_figure_says_where_it_comes_from() -> None:
    """Neither a question nor a document: refused."""
    with pytest.raises(RuleBroken, match="a document and its page"):
        a_figure(document="")


def test_a_figure_of_another_unit_does_not_join_a_series() -> None:
    with pytest.raises(DataProblem, match="is measured per 1,000 households"):
        a_figure(an_indicator(), unit="per 1,000 residents")


def test_a_figure_of_an_odd_period_does_not_join_a_series() -> None:
    """Two months are no quarter; the sentence names the quarter."""
    with pytest.raises(DataProblem, match="quarter to June 2026"):
        a_figure(an_indicator(), first_on=date(2026, 5, 1))


def test_who_may_fill_in_nothing_may_save_nothing() -> None:
    crew = make_person(Role.CREW)
    with pytest.raises(NotPermitted):
        a_figure(by=crew.actor)
    with pytest.raises(NotPermitted):
        a_figure(by=Actor.visitor())


def test_two_people_changing_one_indicator_are_shown_both() -> None:
    """The second is told who was first, what stands now, and loses nothing."""
    indicator = an_indicator()
    services.change_indicator(indicator, version=1, definition="Attempts count too.", by=Actor.system("Ann"))
    with pytest.raises(services.ChangedMeanwhile, match="Ann changed") as raised:
        services.change_indicator(indicator, version=1, definition="Without attempts.", by=Actor.system("Bob"))
    assert raised.value.current.definition == "Attempts count too."


def test_a_series_keeps_its_unit() -> None:
    indicator = an_indicator()
    a_figure(indicator)
    with pytest.raises(RuleBroken, match="Add a new indicator"):
        services.change_indicator(indicator, version=1, unit="count", by=Actor.system("Ann"))


def test_two_indicators_have_two_names_and_keys() -> None:
    an_indicator()
    with pytest.raises(RuleBroken, match="already"):
        an_indicator(name="DOMESTIC burglary per 1,000 households")
    assert an_indicator(name="Domestic burglary per 1,000 households!").key == "domestic-burglary-per-1000-households-2"


def test_many_series_are_one_query(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    some = [an_indicator(name=f"Indicator {i}") for i in range(3)]
    for indicator in some:
        a_figure(indicator)
    with django_assert_num_queries(1):
        found = selectors.series_of([indicator.pk for indicator in some])
    assert [len(found[indicator.pk]) for indicator in some] == [1, 1, 1]
