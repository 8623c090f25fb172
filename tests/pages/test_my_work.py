"""The home page: only what is real, and what is new until one says one has seen it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from frankpledge.records.actions.services import add_action
from frankpledge.vocabulary.permissions import Role
from tests.pages.html import Page
from tests.pages.made_up import NEWEST, receive, receive_months
from tests.people import TESTS, make_agency


@pytest.fixture
def analyst(as_role, partnership):
    return as_role(Role.ANALYST)


def words(answer) -> str:
    return Page(answer.content.decode()).text("main")[0]


def test_an_empty_page_says_what_to_start(analyst):
    shown = words(analyst.get("/"))
    assert "Nothing waits for you." in shown and "Add a file" in shown


def test_what_came_in_together_is_one_line(analyst):
    receive_months(3)
    shown = words(analyst.get("/"))
    assert "data.police.uk crime, Aldershire Police, quarter to October 2022" in shown
    assert "3 batches · 600 rows, received by tests · 9 in quarantine" in shown


def test_what_was_read_is_no_longer_new(analyst):
    receive()
    analyst.get("/")
    assert "October 2022" in words(analyst.get("/"))
    after = analyst.post("/read/", follow=True)
    assert "Nothing has come in since then." in words(after)
    receive(NEWEST + 1)
    assert "November 2022" in words(analyst.get("/"))


def test_each_person_reads_for_themselves(analyst, as_role):
    receive()
    analyst.post("/read/")
    assert "October 2022" in words(as_role(Role.ANALYST).get("/"))


def test_a_missing_month_is_named(analyst):
    receive(NEWEST)
    receive(NEWEST - 2)
    assert "September 2022" in words(analyst.get("/"))


def test_a_person_without_evidence_sees_none(as_role, partnership):
    receive()
    shown = words(as_role(Role.CREW).get("/"))
    assert "October" not in shown.replace("October 2026", "") and "What comes here" in shown


def test_what_is_late_in_my_agency_stands_below_what_is_mine(as_role, partnership):
    today, agency = timezone.localdate(), make_agency()
    for title, days in (("Mend the fence", -3), ("Paint the wall", 5)):
        add_action(
            title=title, lead_agency_id=agency.pk, lead_agency_name=agency.name,
            due_on=today + timedelta(days=days), by=TESTS,
        )  # fmt: skip
    shown = words(as_role(Role.REPRESENTATIVE).get("/"))
    assert "Late in my agency1 late of 2 open" in shown
    assert "Mend the fence nobody named" in shown and "Paint the wall" not in shown
    assert "Chase what is late" not in shown and "Chase what is late" in words(as_role(Role.COORDINATOR).get("/"))
    assert "Late in my agency" not in words(as_role(Role.CREW).get("/"))


def test_somebody_not_signed_in_is_asked_to(client, partnership):
    assert client.get("/")["Location"].startswith("/account/sign-in/")
    assert client.post("/read/").status_code == 404
