"""Pages of administration, as the people who use them meet them."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from frankpledge.foundation.agencies import selectors, services
from frankpledge.foundation.agencies.models import Person, SharingAgreement
from frankpledge.foundation.agencies.vocabulary import AgencyKind
from frankpledge.foundation.audit import selectors as audit
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.vocabulary.permissions import Role
from tests.people import PASSWORD, TESTS, make_agency, make_person, signed_in

pytestmark = pytest.mark.django_db

PEOPLE, ADD = "/administration/people/", "/administration/people/add/"


@pytest.fixture
def administrator() -> Client:
    return signed_in(Role.ADMINISTRATOR)


def new_person(**changed: object) -> dict[str, object]:
    usual = {"name": "Tess New", "email": "new@aldercombe.example", "agency": make_agency().pk, "role": "analyst"}
    return {**usual, **changed}


def test_adding_somebody_gives_a_link_with_which_they_come_in(administrator: Client) -> None:
    page = administrator.post(ADD, new_person()).content.decode()
    link = re.search(r"http://testserver(/account/password/new/[^<]+/)</code>", page)
    assert link is not None
    theirs = Client()
    form = theirs.get(link.group(1))["Location"]
    theirs.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    theirs.post("/account/sign-in/", {"login": "new@aldercombe.example", "password": PASSWORD})
    assert theirs.get("/")["Location"] == "/account/second-factor/needed/"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "Enter the person’s name."),
        ({"email": "x"}, "Enter an address such as name@council.gov.uk."),
        ({"agency": ""}, "Choose an agency."),
        ({"agency": "999999"}, "Choose an agency from the list."),
        ({"role": ""}, "Choose a role."),
        ({"role": "superuser"}, "Choose a role from the list."),
        ({"email": "taken@aldercombe.example"}, "There is already an account for taken@aldercombe.example."),
    ],
)
def test_a_form_with_a_fault_says_so_at_its_top_and_keeps_the_rest(
    administrator: Client, changed: dict[str, object], sentence: str
) -> None:
    make_person(Role.CREW, email="taken@aldercombe.example")
    answer = administrator.post(ADD, new_person(**changed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert sentence in page
    assert "<title>Error: " in page.replace("\n", "")
    assert 'value="Tess New"' in page or "name" in changed
    assert not Person.objects.filter(email="new@aldercombe.example").exists()


def test_fields_that_are_not_on_the_form_change_nothing(administrator: Client) -> None:
    """Mass assignment: every column of a person, sent along."""
    columns = {field.name: "1" for field in Person._meta.concrete_fields if field.name not in ("name", "email")}
    administrator.post(ADD, {**new_person(), **columns, "is_superuser": "1", "is_staff": "1"})
    person = Person.objects.get(email="new@aldercombe.example")
    assert not person.is_demo
    assert person.session_version == 1
    assert person.pk != 1 or Person.objects.count() == 1
    assert not person.has_usable_password()


def test_looking_at_people_is_on_record_with_who_was_shown(administrator: Client) -> None:
    shown = make_person(Role.CREW)
    administrator.get(PEOPLE)
    administrator.get(f"{PEOPLE}{shown.pk}/")
    one, all_ = audit.entries(act=Act.CONSULTATION)[:2]
    assert one.subject == f"agencies:person {shown.pk}"
    assert shown.pk in all_.details["people"]


def test_when_the_look_cannot_be_recorded_nothing_is_shown(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from frankpledge.foundation.audit import services as audit_services

    def fails(*_: object) -> None:
        raise audit_services.AuditTrailBroken("The trail cannot be written.")

    shown = make_person(Role.CREW)
    monkeypatch.setattr(audit_services, "_append", fails)
    administrator.raise_request_exception = False
    answer = administrator.get(PEOPLE)
    assert answer.status_code >= 500
    assert shown.email not in answer.content.decode()


def test_a_role_is_given_and_ended(administrator: Client) -> None:
    who = make_person(Role.CREW)
    there = f"{PEOPLE}{who.pk}/"
    administrator.post(f"{there}roles/add/", {"agency": make_agency().pk, "role": "officer"})
    assert "Officer" in administrator.get(there).content.decode()
    crew = who.memberships.get(role="crew")
    assert "will no longer be Crew" in administrator.get(f"{there}roles/{crew.pk}/end/").content.decode()
    administrator.post(f"{there}roles/{crew.pk}/end/")
    assert [m.role for m in selectors.memberships(who) if m.ends_on is None] == ["officer"]
    assert administrator.get(f"{there}roles/{crew.pk}/end/").status_code == 404


def test_a_role_is_ended_only_under_the_person_it_belongs_to(administrator: Client) -> None:
    one, other = make_person(Role.CREW), make_person(Role.CREW)
    path = f"{PEOPLE}{one.pk}/roles/{other.memberships.get().pk}/end/"
    assert administrator.post(path).status_code == 404
    assert other.memberships.get().ends_on is None


def test_a_name_and_an_address_are_corrected(administrator: Client) -> None:
    who = make_person(Role.CREW)
    there = f"{PEOPLE}{who.pk}/correct/"
    assert f'value="{who.email}"' in administrator.get(there).content.decode()
    administrator.post(there, {"name": "Tess Wedded", "email": "Wedded@aldercombe.example"})
    who.refresh_from_db()
    assert (who.name, who.email) == ("Tess Wedded", "wedded@aldercombe.example")
    entry = audit.entries_about(f"agencies:person {who.pk}").exclude(act="consultation")[0]
    assert entry.details == {"fields": ["email", "name"]}
    taken = make_person(Role.CREW).email
    answer = administrator.post(there, {"name": "Tess Wedded", "email": taken.upper()})
    assert f"There is already an account for {taken}." in answer.content.decode()


@pytest.mark.parametrize("change", ["close", "unlock", "end-sessions", "reset-second-factor"])
def test_an_account_can_be_looked_after(administrator: Client, change: str) -> None:
    who = make_person(Role.CREW)
    answer = administrator.post(f"{PEOPLE}{who.pk}/account/", {"change": change}, follow=True)
    assert answer.redirect_chain == [(f"{PEOPLE}{who.pk}/", 302)]
    assert "fp-notice--success" in answer.content.decode()
    if change == "close":
        administrator.post(f"{PEOPLE}{who.pk}/account/", {"change": "open"})
        assert Person.objects.get(pk=who.pk).is_active


def test_an_unknown_change_is_not_there(administrator: Client) -> None:
    who = make_person(Role.CREW)
    assert administrator.post(f"{PEOPLE}{who.pk}/account/", {"change": "promote"}).status_code == 404
    assert administrator.post(f"{PEOPLE}{who.pk}/account/").status_code == 404


def test_the_last_administrator_is_told_why_they_stay() -> None:
    only = make_person(Role.ADMINISTRATOR)
    client = Client()
    client.force_login(only, backend="frankpledge.foundation.agencies.sign_in.PersonBackend")
    answer = client.post(f"{PEOPLE}{only.pk}/account/", {"change": "close"}, follow=True)
    assert "This is the last administrator" in answer.content.decode()
    assert Person.objects.get(pk=only.pk).is_active


def test_the_list_of_people_takes_the_same_number_of_queries_however_long_it_is(administrator: Client) -> None:
    administrator.get(PEOPLE)
    counts = []
    for _ in range(2):
        for _ in range(5):
            make_person(Role.CREW, Role.OFFICER)
        with CaptureQueriesContext(connection) as queries:
            administrator.get(PEOPLE)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def new_agreement(**changed: object) -> dict[str, object]:
    police, council = make_agency("Brackenshire Constabulary", AgencyKind.POLICE), make_agency()
    usual = {
        "title": "Sharing to reduce burglary",
        "reference": "SAP/2026/01",
        "givers": [police.pk],
        "receivers": [council.pk],
        "data_classes": ["crime records"],
        "purposes": ["reducing crime and disorder"],
        "starts_on": "2026-04-01",
        "ends_on": "31/03/2027",
    }
    return {**usual, **changed}


def test_each_finds_the_door_to_what_they_look_after() -> None:
    for role, address in ((Role.COORDINATOR, "/administration/agreements/"), (Role.ADMINISTRATOR, PEOPLE)):
        page = signed_in(role).get("/account/").content.decode()
        assert re.findall(r'class="fp-doors__link" href="(/administration/[^"]*)"', page) == [address]


def test_a_coordinator_records_an_agreement_and_ends_it() -> None:
    client = signed_in(Role.COORDINATOR)
    assert "No agreement yet" in client.get("/administration/agreements/").content.decode()
    there = client.post("/administration/agreements/add/", new_agreement())["Location"]
    page = client.get(there).content.decode()
    for words in ("Brackenshire Constabulary", "Crime records", "Reducing crime and disorder", "31 March 2027"):
        assert words in page
    assert client.post(f"{there}end/", {"because": ""}).status_code == 422
    client.post(f"{there}end/", {"because": "The force left."})
    assert "The force left." in client.get(there).content.decode()
    assert SharingAgreement.objects.get().state == "ended"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"ends_on": "2026-03-31"}, "The last day must not be before the first."),
        ({"starts_on": "yesterday"}, "Enter a date such as 27/03/2026."),
        ({"starts_on": "0026-04-01"}, "Enter a date such as 27/03/2026."),
        ({"givers": []}, "Choose at least one agency that gives."),
        ({"data_classes": ["everything"]}, "Select a valid choice"),
    ],
)
def test_an_agreement_with_a_fault_is_not_recorded(changed: dict[str, object], sentence: str) -> None:
    answer = signed_in(Role.COORDINATOR).post("/administration/agreements/add/", new_agreement(**changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not SharingAgreement.objects.exists()


def test_one_agency_alone_is_no_agreement() -> None:
    same = make_agency().pk
    changed = new_agreement(givers=[same], receivers=[same])
    answer = signed_in(Role.COORDINATOR).post("/administration/agreements/add/", changed)
    assert "at least two agencies" in answer.content.decode()


def test_the_trail_can_be_narrowed_and_looking_at_it_is_in_it(administrator: Client) -> None:
    make_person(Role.CREW, name="Tess Trail")
    page = administrator.get("/administration/audit/").content.decode()
    assert "Unbroken: all" in page
    assert "Added a person." in page
    narrowed = administrator.get("/administration/audit/", {"act": "consultation"}).content.decode()
    assert "Looked at the audit trail." in narrowed
    assert "Added a person." not in narrowed
    nobody = administrator.get("/administration/audit/", {"actor": "nobody of this name"}).content.decode()
    assert "0 entries" in nobody
    today = date.today().isoformat()
    assert "Added a person." in administrator.get("/administration/audit/", {"first_day": today}).content.decode()
    assert "0 entries" in administrator.get("/administration/audit/", {"last_day": "2001-01-01"}).content.decode()


@pytest.mark.parametrize("query", ["act=nonsense", "first_day=x&last_day=99", "page=zz", "page=999999", "actor=%00%27"])
def test_a_query_nobody_would_send_is_answered(administrator: Client, query: str) -> None:
    assert administrator.get(f"/administration/audit/?{query}").status_code == 200


def test_a_broken_trail_is_said_on_its_page(administrator: Client) -> None:
    from frankpledge.foundation.audit import triggers
    from frankpledge.foundation.audit.models import AuditEntry

    triggers.remove(connection)
    AuditEntry.objects.filter(sequence=2).update(what="Nothing happened.")
    page = administrator.get("/administration/audit/").content.decode()
    assert "The trail is broken." in page
    assert "Entry 2 of the audit trail was altered." in page


def test_what_people_are_called_cannot_break_a_page(administrator: Client) -> None:
    name = '<script>alert("x")</script>"\' onload=x {{7*7}} {% now "Y" %}'
    who = make_person(Role.CREW, name=name)
    for path in (PEOPLE, f"{PEOPLE}{who.pk}/", "/administration/audit/"):
        page = administrator.get(path).content.decode()
        assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in administrator.get(PEOPLE).content.decode()


def test_ones_own_account_says_what_one_does_here() -> None:
    page = signed_in(Role.ANALYST, Role.MANAGER).get("/account/").content.decode()
    assert "Analyst for Aldercombe District Council" in page
    assert "Manager for Aldercombe District Council" in page


def test_a_link_that_was_given_is_on_record_but_not_the_link(administrator: Client) -> None:
    who = make_person(Role.CREW)
    page = administrator.post(f"{PEOPLE}{who.pk}/account/", {"change": "link"}).content.decode()
    key = re.search(r"/account/password/new/([^<]+)/</code>", page)
    assert key is not None
    assert audit.entries_about(f"agencies:person {who.pk}")[0].what == "Gave out a link to set a password."
    assert key.group(1).split("-", 1)[1] not in str(list(audit.entries().values()))


def test_services_name_the_person_who_acts(administrator: Client) -> None:
    services.add_agency(name="Aldercombe Homes", kind=AgencyKind.HOUSING, by=TESTS)
    administrator.post("/administration/agencies/add/", {"name": "Aldercombe Care", "kind": "charity"})
    by_page, by_tests = audit.entries(act=Act.COLLECTION).filter(what="Added an agency.")[:2]
    assert (by_page.actor_kind, by_tests.actor_kind) == ("person", "system")
    assert by_page.actor_name.startswith("Tess Person")


@pytest.mark.parametrize("form", ["correct/", "roles/add/", "roles/{role}/end/"])
def test_a_form_that_shows_somebody_is_a_look_at_them(administrator: Client, form: str) -> None:
    who = make_person(Role.ANALYST)
    address = f"{PEOPLE}{who.pk}/" + form.format(role=who.memberships.get().pk)
    before = audit.entries(act=Act.CONSULTATION).count()
    assert who.name in administrator.get(address).content.decode()
    (entry,) = audit.entries_about(f"agencies:person {who.pk}").filter(act="consultation")
    assert audit.entries(act=Act.CONSULTATION).count() == before + 1
    assert entry.subject == f"agencies:person {who.pk}"
