"""Decisions: recorded with reasons and figures, numbered, never changed."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from frankpledge.records.meetings import selectors, services
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.pages.html import check_page

BY = Actor.system("tests")
SAID = {
    "title": "A street drinking group",
    "decided": "It is set up for six months.",
    "decided_on": date(2026, 1, 20),
    "decided_by": "The board",
    "reasons": "Reports doubled.",
}


def test_decisions_are_numbered_and_keep_what_they_rest_on(partnership):
    first = services.record_decision(**SAID, figure_keys=["F1", "F2", "F1", " "], subject="assessment:R1", by=BY)
    second = services.record_decision(**SAID, by=BY)
    assert (first.reference, second.reference) == ("D1", "D2")
    assert first.figure_keys == ["F1", "F2"]
    assert selectors.decision("d1") == first
    assert list(selectors.decisions(subject="assessment:R1")) == [first]
    assert list(selectors.decisions(room="assessment")) == [first]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"reasons": " "}, "Give the reasons"),
        ({"title": ""}, "what was decided about"),
        ({"decided": ""}, "Say what was decided"),
        ({"decided_by": ""}, "who decided"),
        ({"decided_by": "x" * 301}, "300 characters"),
        ({"decided_on": timezone.now().date() + timedelta(days=3)}, "cannot lie ahead"),
        ({"subject": "nowhere"}, "room and key"),
    ],
)
def test_a_decision_that_says_too_little_is_refused(partnership, wrong, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        services.record_decision(**{**SAID, **wrong}, by=BY)
    assert not selectors.decisions().exists()


def test_only_some_may_record_one(person_with):
    with pytest.raises(NotPermitted):
        services.record_decision(**SAID, by=person_with(Role.SCRUTINY).actor)
    with pytest.raises(NotPermitted):
        services.record_decision(**SAID, by=Actor.visitor())
    assert services.record_decision(**SAID, by=person_with(Role.MANAGER).actor).reference == "D1"


def test_the_pages_show_them_and_take_a_new_one(as_role, partnership):
    browser = as_role(Role.COORDINATOR)
    assert "No decision is on record yet" in browser.get("/task/decisions/").content.decode()
    said = {**SAID, "decided_on": "20/01/2026", "outcome": "agreed in part", "figures": "f1, f2"}
    answer = browser.post("/task/decisions/record/", said)
    assert answer.status_code == 302
    page = check_page(browser.get(answer["Location"]).content.decode())
    assert page.text("h1") == ["A street drinking group"] and "agreed in part" in page.html
    assert "A street drinking group" in check_page(browser.get("/task/decisions/").content.decode()).html
    assert browser.post("/task/decisions/record/", {**said, "reasons": ""}).status_code == 422
    assert browser.get("/task/decisions/D99/").status_code == 404
    reader = as_role(Role.SCRUTINY)
    assert "record/" not in reader.get("/task/decisions/").content.decode()
    assert reader.get("/task/decisions/record/").status_code == 404
