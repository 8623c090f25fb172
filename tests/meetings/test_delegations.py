"""Delegations: who may decide what alone, up to which limit, and what was decided beyond it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from frankpledge.records.meetings import rules, selectors, services
from frankpledge.records.meetings.vocabulary import Standing
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from frankpledge.workflows import demo_decisions
from tests.pages.html import check_page
from tests.people import make_person

BY = Actor.system("tests")
TODAY = timezone.localdate()
LONG_AGO = TODAY - timedelta(days=100)


def decide(**changes):
    said = {
        "title": "The coordinator may buy parts",
        "decided": "Up to ten thousand pounds at a time.",
        "decided_on": LONG_AGO,
        "decided_by": "The steering group",
        "reasons": "Orders wait six weeks for a meeting.",
    }
    return services.record_decision(**(said | changes), by=BY)


def delegate(**changes):
    said = {"what": "Parts and fitting hours", "person": "The coordinator", "limit": Decimal(10_000), "since": LONG_AGO}
    return services.delegate(**(said | {"decision": changes.pop("decision", None) or decide()} | changes), by=BY)


@pytest.mark.parametrize(
    ("since", "last", "stands"),
    [(0, None, Standing.LIVE), (1, None, Standing.TO_COME), (-5, 0, Standing.LIVE), (-5, -1, Standing.ENDED)],
)
def test_a_delegation_is_live_from_its_first_to_its_last_day(since, last, stands):
    last_on = None if last is None else TODAY + timedelta(days=last)
    assert rules.standing(TODAY + timedelta(days=since), last_on, TODAY) is stands


def test_what_goes_beyond_a_limit_is_said_in_words():
    found = rules.beyond(
        amount=Decimal("12500.50"),
        decided_on=TODAY,
        limit=Decimal(10_000),
        since=LONG_AGO,
        last_on=TODAY - timedelta(days=1),
    )
    assert (
        found[0] == "£12,500.50 is £2,500.50 beyond the limit of £10,000." and "after the delegation ended" in found[1]
    )
    within = rules.beyond(amount=Decimal(10_000), decided_on=TODAY, limit=Decimal(10_000), since=TODAY, last_on=None)
    assert within == []
    left = rules.to_check(amount=None, limit=Decimal(10_000), limit_words="not staff")
    assert "cannot be checked" in left[0] and "not staff" in left[1]


def test_decisions_under_a_delegation_are_counted_and_those_beyond_it_named(partnership, django_assert_num_queries):
    held = delegate()
    decide(delegation=held.number, amount=Decimal(4_000), decided_on=TODAY)
    over = decide(delegation=held.number, amount=Decimal(12_000), decided_on=TODAY)
    decide(delegation=held.number, decided_on=TODAY)
    with django_assert_num_queries(2):
        row = selectors.held(TODAY)[0]
    assert (row.taken, row.pounds, row.beyond, row.is_live) == (3, 16_000, 1, True)
    assert "beyond the limit" in selectors.beyond(selectors.decision(over.reference))[0]
    assert selectors.live(TODAY) == [held] and not selectors.live(LONG_AGO - timedelta(days=1))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"person": ""}, "who may decide"),
        ({"limit": None}, "Give the limit"),
        ({"what": ""}, "what may be decided"),
        ({"until": LONG_AGO - timedelta(days=1)}, "ends before it begins"),
        ({"since": LONG_AGO - timedelta(days=1)}, "nothing is delegated before"),
        ({"limit": Decimal(-1)}, "nought or more"),
    ],
)
def test_a_delegation_that_says_too_little_is_refused(partnership, wrong, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        delegate(**wrong)


def test_a_refusal_delegates_nothing_and_one_is_taken_back_once(partnership):
    with pytest.raises(RuleBroken, match="agreed to nothing"):
        delegate(decision=decide(outcome="refused"))
    with pytest.raises(RuleBroken, match="no delegation DL9"):
        decide(delegation=9)
    held = delegate()
    with pytest.raises(NotPermitted):
        services.take_back(held, ended_on=TODAY, because="Done.", by=make_person(Role.SCRUTINY).actor)
    services.take_back(held, ended_on=TODAY - timedelta(days=1), because="The post is empty.", by=BY)
    assert selectors.held(TODAY)[0].standing is Standing.ENDED
    with pytest.raises(RuleBroken, match="already"):
        services.take_back(held, ended_on=TODAY, because="Again.", by=BY)


def test_a_delegation_is_recorded_and_used_by_the_pages(as_role, partnership):
    browser = as_role(Role.COORDINATOR)
    assert "Nothing is delegated yet" in browser.get("/task/decisions/delegations/").content.decode()
    first = decide()
    said = {"what": "Parts", "person": "The coordinator", "agency": "", "limit": "£10,000", "limit_words": "parts only",
            "since": LONG_AGO.isoformat(), "until": (TODAY + timedelta(days=30)).isoformat(),
            "decision": str(first.number)}  # fmt: skip
    check_page(browser.get("/task/decisions/delegations/record/").content.decode())
    assert (
        browser.post("/task/decisions/delegations/record/", said | {"limit": "", "limit_words": ""}).status_code == 422
    )
    assert browser.post("/task/decisions/delegations/record/", said).status_code == 302
    page = check_page(browser.get("/task/decisions/delegations/").content.decode())
    assert "One delegation is live today." in page.html and "up to £10,000 for one decision; parts only" in page.html
    assert "ends in 30 days" in page.html
    decision = {"title": "Buy 300 locks", "outcome": "agreed", "decided": "Bought.", "reasons": "Short of locks.",
                "decided_by": "The coordinator", "decided_on": TODAY.isoformat(), "subject": "home_security:programme",
                "delegation": "1", "amount": "12,000", "figures": ""}  # fmt: skip
    answer = browser.post("/task/decisions/record/?about=home_security:programme", decision)
    shown = check_page(browser.get(answer["Location"]).content.decode())
    assert "£12,000 is £2,000 beyond the limit of £10,000." in shown.html and "/deliver/homes/" in shown.html
    listed = check_page(browser.get("/task/decisions/?about=home_security").content.decode())
    assert "Buy 300 locks" in listed.html and "may buy parts" not in listed.html and "beyond the limit" in listed.html
    check_page(browser.get("/task/decisions/delegations/1/take-back/").content.decode())
    back = {"ended_on": TODAY.isoformat(), "because": "The post is empty."}
    assert browser.post("/task/decisions/delegations/1/take-back/", back).status_code == 302
    reader = as_role(Role.SCRUTINY)
    assert "See what it was about" not in reader.get(answer["Location"]).content.decode()
    assert "take-back" not in reader.get("/task/decisions/delegations/").content.decode()
    assert reader.get("/task/decisions/delegations/record/").status_code == 404


def test_the_demo_has_a_decision_beyond_its_delegation_and_loads_once(partnership):
    for _ in range(2):
        demo_decisions.load(by=BY)
    found = list(selectors.decisions(room="home_security"))
    assert found and len(found) == len({one.title for one in found})
    assert [row.beyond for row in selectors.held(TODAY) if row.is_live].count(1) == 1
