"""The worked examples in a running installation."""

import pytest

from frankpledge.records.actions import selectors as actions
from frankpledge.records.plan import selectors as plans
from frankpledge.sources import examples
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.workflows import load_example
from tests.people import TESTS

pytestmark = pytest.mark.django_db


def test_salford_comes_in_with_its_refusal_and_its_tables() -> None:
    loaded = load_example.load("salford", by=TESTS)
    assert loaded.counts["actions"] == 27
    assert any("29" in sentence and "baseline" in sentence for sentence in loaded.refused)
    plan = plans.example_plan("salford")
    assert plan is not None
    assert plan.is_example
    money = plans.money_of(plan)
    for side in ("funding", "expenditure"):
        lines = [line for line in plans.money_lines(plan) if line.side == side]
        assert sum(line.stated_total for line in lines) == 1_385_077
    assert money is not None
    text = " ".join(loaded.found)
    assert "20023" in text
    assert "to be confirmed" in text
    assert "3.5 %" in text


def test_loading_again_changes_nothing() -> None:
    load_example.load("harborough", by=TESTS)
    before = (actions.actions().count(), plans.plans().count())
    again = load_example.load("harborough", by=TESTS)
    assert again.already
    assert (actions.actions().count(), plans.plans().count()) == before


def test_the_others_come_in_too() -> None:
    for name in ("mansfield", "hallmarks", "barnet"):
        loaded = load_example.load(name, by=TESTS)
        assert loaded.verdicts["conflict"] + len(loaded.found) > 0
    with pytest.raises(RuleBroken, match="no example"):
        examples.read("leicester")
