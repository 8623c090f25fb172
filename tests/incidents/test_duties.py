"""The quarterly duty: quarters and due days, what came and what is late, the reminder."""

from datetime import UTC, date, datetime

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from frankpledge.foundation.agencies.vocabulary import AgencyKind
from frankpledge.records.incidents import duties, services
from frankpledge.records.incidents.duties import DutyState
from frankpledge.records.incidents.models import Batch, Duty, Reminder
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.permissions import Role
from frankpledge.workflows import demo_incidents
from tests.incidents.deliveries import delivery
from tests.pages.html import Page, check_page
from tests.people import TESTS, make_agency, signed_in

SUMMER = MonthSpan(Month(2026, 7), Month(2026, 9))
JANUARY = date(2027, 1, 20)


def test_quarters_are_due_by_the_end_of_the_next():
    assert duties.quarter_of(date(2026, 9, 30)) == SUMMER
    assert duties.due_on(SUMMER) == date(2026, 12, 31)
    assert duties.due_on(MonthSpan(Month(2026, 10), Month(2026, 12))) == date(2027, 3, 31)
    assert duties.quarters_to(JANUARY)[-1] == MonthSpan(Month(2026, 10), Month(2026, 12))
    assert duties.quarters_to(JANUARY)[0] == MonthSpan(Month(2025, 10), Month(2025, 12))


@pytest.mark.parametrize(
    ("first", "name"),
    [((2026, 7), "Q2 2026/27"), ((2026, 4), "Q1 2026/27"), ((2027, 1), "Q4 2026/27"), ((1999, 10), "Q3 1999/00")],
)
def test_quarters_are_called_as_the_financial_year_calls_them(first, name):
    assert duties.financial_name(MonthSpan(Month(*first), Month(*first) + 2)) == name


@pytest.mark.parametrize(
    ("here", "came_on", "today", "owed", "state"),
    [
        (3, date(2026, 12, 31), JANUARY, True, DutyState.CAME),
        (3, date(2027, 1, 2), JANUARY, True, DutyState.CAME_LATE),
        (3, date(2028, 1, 2), JANUARY, True, DutyState.HERE),
        (2, date(2026, 12, 1), JANUARY, True, DutyState.LATE),
        (0, None, date(2026, 12, 31), True, DutyState.WAITED_FOR),
        (1, date(2026, 12, 1), date(2026, 12, 31), True, DutyState.PART),
        (0, None, JANUARY, False, DutyState.NOT_OWED),
    ],
)
def test_how_a_duty_stands(here, came_on, today, owed, state):
    due, ended = date(2026, 12, 31), date(2026, 9, 30)
    assert duties.state_of(owed=owed, here=here, came_on=came_on, due=due, today=today, ended=ended) is state


@pytest.fixture
def police(db):
    return make_agency("Aldershire Police", AgencyKind.POLICE)


@pytest.fixture
def owed(police):
    make_agency("Aldershire Fire", AgencyKind.FIRE)
    make_agency("Aldershire Victim Care", AgencyKind.CHARITY)
    duties.set_up_duties(today=JANUARY, by=TESTS)


def receive(month: Month, day: date, source="police-extract"):
    batch = services.accept_delivery(delivery(month, source=source), by=TESTS).batch
    Batch.objects.filter(pk=batch.pk).update(received_at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


@pytest.mark.django_db(transaction=True)
def test_what_came_and_what_is_late_is_told_for_each_agency(owed, django_assert_num_queries):
    for month, day in ((7, date(2026, 8, 9)), (8, date(2026, 9, 9)), (9, date(2027, 1, 4))):
        receive(Month(2026, month), day)
    with django_assert_num_queries(3):
        rows = {row.duty.key.rsplit("-", 1)[0]: row.cells[-2] for row in duties.duty_rows(JANUARY)}
    assert set(rows) == {"police-crime", "police-incidents", "fire"}
    crime, fire = rows["police-crime"], rows["fire"]
    assert crime.quarter == SUMMER and crime.state is DutyState.CAME_LATE and crime.days_late == 4
    assert fire.state is DutyState.LATE and fire.missing == tuple(SUMMER)
    assert duties.set_up_duties(today=JANUARY, by=TESTS) == []


@pytest.mark.django_db(transaction=True)
def test_a_file_of_another_force_does_not_answer_for_this_one(owed):
    make_agency("Borsetshire Police", AgencyKind.POLICE)
    services.accept_delivery(delivery(Month(2026, 7), source="police-extract", publisher="borsetshire"), by=TESTS)
    cells = {row.duty.agency_name: row.cells[-2] for row in duties.duty_rows(JANUARY)}
    assert cells["Aldershire Police"].here == ()


@pytest.mark.django_db(transaction=True)
def test_a_reminder_is_shown_and_goes_out_only_when_the_coordinator_presses_the_button(police):
    demo_incidents.load(by=TESTS)
    coordinator, analyst = signed_in(Role.COORDINATOR), signed_in(Role.ANALYST)
    shown = coordinator.get(reverse("incidents:duty"))
    check_page(shown.content.decode())
    assert "overdue" in shown.content.decode()
    quarter = duties.quarters_to(timezone.localdate())[1]
    duty = Duty.objects.order_by("pk").first()
    there = reverse("incidents:reminder", args=[duty.pk, str(quarter.first)])
    page = check_page(analyst.get(there).content.decode())
    assert "Aldershire Police" in page.text("textarea")[0] and "SI 2007/1831" in page.text("textarea")[0]
    send = reverse("incidents:send_reminder", args=[duty.pk, str(quarter.first)])
    assert analyst.post(send, {"to": "a@police.example", "text": "Hello"}).status_code == 404
    draft = analyst.get(reverse("incidents:reminder_file", args=[duty.pk, str(quarter.first)]))
    assert draft["Content-Type"] == "message/rfc822" and b"Dear colleague" in draft.content
    assert coordinator.post(send, {"to": "nobody", "text": "Hello"}).status_code == 422
    assert not mail.outbox and not Reminder.objects.exists()
    assert coordinator.post(send, {"to": "a@police.example", "text": "Dear colleague"}).status_code == 302
    assert [message.to for message in mail.outbox] == [["a@police.example"]]
    assert Reminder.objects.get().sent_by_name and Duty.objects.get(pk=duty.pk).email == "a@police.example"
    assert "Reminded on" in Page(coordinator.get(reverse("incidents:duty")).content.decode()).text("main")[0]
    odd = reverse("incidents:reminder", args=[duty.pk, "2026-08"])
    assert coordinator.get(odd).status_code == 404
    assert coordinator.get(reverse("incidents:reminder", args=[duty.pk, "soon"])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_takes_nothing_leaves_no_record(police, monkeypatch):
    demo_incidents.load(by=TESTS)
    quarter = duties.quarters_to(timezone.localdate())[1]
    duty = Duty.objects.order_by("pk").first()

    def refuse(self):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    send = reverse("incidents:send_reminder", args=[duty.pk, str(quarter.first)])
    answer = signed_in(Role.COORDINATOR).post(send, {"to": "a@police.example", "text": "Dear colleague"})
    assert answer.status_code == 422 and "could not be sent" in answer.content.decode()
    assert not Reminder.objects.exists()


@pytest.mark.django_db
def test_without_duties_the_page_offers_to_list_them(police):
    coordinator = signed_in(Role.COORDINATOR)
    assert "No duty is listed yet" in coordinator.get(reverse("incidents:duty")).content.decode()
    coordinator.post(reverse("incidents:set_up_duty"))
    assert Duty.objects.count() == 3
