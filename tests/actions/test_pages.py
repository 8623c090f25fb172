"""Pages of the action register, as each person finds them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from frankpledge.records.actions import selectors, services
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.permissions import Role
from tests.pages.html import check_page
from tests.people import make_agency, make_person, signed_in

pytestmark = pytest.mark.django_db
BY = Actor.system("tests")
BACKEND = "frankpledge.foundation.agencies.sign_in.PersonBackend"
READERS = (Role.ANALYST, Role.COORDINATOR, Role.OFFICER, Role.REPRESENTATIVE, Role.MANAGER, Role.SCRUTINY)


def add(title: str, **more: object) -> object:
    days = more.pop("days", None)
    due = timezone.localdate() + timedelta(days=days) if isinstance(days, int) else None
    return services.add_action(**({"title": title, "due_on": due} | more), by=BY)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", READERS)
def test_the_register_is_read_by_lead_late_first(role: Role) -> None:
    add("Paint the lamp posts", lead_agency_name="Council", days=10)
    add("Mend the fence", lead_agency_name="Council", days=-14)
    add("Answer the letter", lead_agency_name="Police", due_text="August 20023")
    page = check_page(signed_in(role).get("/task/").content.decode())
    assert page.html.index("Mend the fence") < page.html.index("Paint the lamp posts")
    assert "14 days late" in page.html
    assert "the year is 20023" in page.html
    assert "3 actions are open, one is late." in page.html
    assert ("Add an action" in page.html) is (role in (Role.ANALYST, Role.COORDINATOR))


def test_the_same_promise_twice_is_shown_on_the_register() -> None:
    for lead in ("Police", "Probation"):
        add(f"Train {lead}", output="Two days’ training held", lead_agency_name=lead)
    browser = signed_in(Role.COORDINATOR)
    page = check_page(browser.get("/task/?show=doubtful").content.decode())
    assert "2 rows promise 1 different things." in page.html
    assert "The same is promised in" in page.html


def test_crew_find_no_register() -> None:
    assert signed_in(Role.CREW).get("/task/").status_code == 404


def test_pages_are_whole_before_there_is_an_action() -> None:
    browser = signed_in(Role.COORDINATOR)
    for address in (
        "/task/",
        "/task/mine/",
        "/task/mine/?show=agency",
        "/task/mine/?show=finished",
        "/task/chase/",
        "/task/add/",
    ):
        check_page(browser.get(address).content.decode())


def test_my_actions_come_in_the_order_they_press() -> None:
    owner = make_person(Role.OFFICER)
    for title, days in (("Later one", 9), ("Late one", -3), ("Today’s", 0), ("Tomorrow’s", 1)):
        add(title, owner_id=owner.pk, owner_name=owner.name, days=days)
    add("Somebody else’s", days=-9)
    browser = signed_in(Role.CREW)
    browser.force_login(owner, backend=BACKEND)
    page = check_page(browser.get("/task/mine/").content.decode())
    places = [page.html.index(title) for title in ("Late one", "Today’s", "Tomorrow’s", "Later one")]
    assert places == sorted(places)
    assert "4 open. One is late. One is due today." in page.html
    assert "Somebody else" not in page.html
    header = page.html[: page.html.index("</header>")]
    assert "My actions" in header and ">4<" in header


def test_an_owner_says_done_in_two_presses_and_lands_where_they_were() -> None:
    owner = make_person(Role.OFFICER)
    action = add("Fit the lock", owner_id=owner.pk, owner_name=owner.name, days=-3)
    browser = signed_in(Role.CREW)
    browser.force_login(owner, backend=BACKEND)
    address = f"/task/{action.reference}/done/"  # type: ignore[attr-defined]
    check_page(browser.get(f"{address}?next=/task/mine/").content.decode())
    assert browser.post(address, {"text": " "}).status_code == 422
    answer = browser.post(address, {"text": "Fitted on Monday.", "next": "/task/mine/"})
    assert answer["Location"] == "/task/mine/"
    page = check_page(browser.get(f"/task/{action.reference}/").content.decode())  # type: ignore[attr-defined]
    assert "Fitted on Monday." in page.html
    asked = browser.post(f"/task/{action.reference}/worked/", {"worked": "worked"}, follow=True)  # type: ignore[attr-defined]
    assert "It is saved" in asked.content.decode()


def test_nobody_is_sent_to_another_site_after_saving() -> None:
    action = add("Fit the lock")
    browser = signed_in(Role.COORDINATOR)
    answer = browser.post(f"/task/{action.reference}/note/", {"text": "Half done.", "next": "//evil.example/"})  # type: ignore[attr-defined]
    assert answer["Location"] == f"/task/{action.reference}/"  # type: ignore[attr-defined]


def test_an_officer_cannot_report_on_anothers_action() -> None:
    action = add("Fit the lock")
    assert signed_in(Role.OFFICER).get(f"/task/{action.reference}/done/").status_code == 404  # type: ignore[attr-defined]


def test_a_coordinator_adds_and_changes_an_action() -> None:
    browser, agency = signed_in(Role.COORDINATOR), make_agency()
    told = {"title": "Fit 40 locks", "lead": str(agency.pk), "due_text": "31/03/2027", "funder": "Home Office"}
    answer = browser.post("/task/add/", told)
    assert answer.status_code == 302
    made = selectors.actions()[0]
    assert (made.lead_agency_name, str(made.due_on)) == (agency.name, "2027-03-31")
    form = browser.get(f"/task/{made.reference}/change/").context["form"]
    services.change_action(made, version=1, title="Fit 50 locks", by=BY)
    late = browser.post(f"/task/{made.reference}/change/", form.initial | {"title": "Fit 45 locks"})
    page = check_page(late.content.decode())
    assert late.status_code == 422 and "Fit 50 locks" in page.html and "Fit 45 locks" in page.html
    again = browser.post(f"/task/{made.reference}/change/", form.initial | {"title": "Fit 45 locks", "version": "2"})
    assert again.status_code == 302


def test_the_chase_list_has_a_reminder_ready_to_send() -> None:
    owner = make_person(Role.OFFICER, name="Ana Lee")
    action = add("Mend the fence", owner_id=owner.pk, owner_name=owner.name, days=-14)
    browser = signed_in(Role.COORDINATOR)
    page = check_page(browser.get("/task/chase/").content.decode())
    assert f"mailto:{owner.email}" in page.html
    browser.post("/task/chase/sent/", {"actions": action.reference, "to": owner.name})  # type: ignore[attr-defined]
    assert selectors.action(action.reference).chased == 1  # type: ignore[attr-defined, union-attr]


def test_the_register_asks_a_fixed_number_of_questions(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    browser = signed_in(Role.COORDINATOR)
    for number in range(30):
        add(
            f"Action {number}", lead_agency_name=f"Agency {number % 4}", output=f"Output {number % 20}", days=number - 5
        )
    for address in ("/task/", "/task/mine/", "/task/chase/", "/task/?show=doubtful"):
        with django_assert_max_num_queries(14):
            browser.get(address)


def test_each_late_owner_is_written_to_once_a_day(mailoutbox) -> None:  # type: ignore[no-untyped-def]
    from frankpledge.workflows.action_reminders import remind_owners

    owner = make_person(Role.OFFICER, name="Ana Lee")
    late = [add(f"Mend fence {n}", owner_id=owner.pk, owner_name=owner.name, days=-14) for n in range(2)]
    add("Not late", owner_id=owner.pk, owner_name=owner.name, days=3)
    add("Nobody’s", lead_agency_name="Parks", days=-3)
    assert remind_owners(address="https://safer.example", by=BY) == (1, 0)
    assert remind_owners(address="https://safer.example", by=BY) == (0, 0)
    (letter,) = mailoutbox
    assert letter.to == [owner.email]
    assert f"https://safer.example/task/{late[0].reference}/" in letter.body  # type: ignore[attr-defined]
    assert "Not late" not in letter.body
    answer = signed_in(Role.COORDINATOR).post("/task/chase/remind/")
    assert answer.status_code == 302 and answer["Location"].startswith("/work/")
