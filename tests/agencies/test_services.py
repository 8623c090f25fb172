"""Who is in the partnership: adding, changing and ending, each on record."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from frankpledge.foundation.agencies import selectors, services
from frankpledge.foundation.agencies.models import Agency, Membership, Person, SharingAgreement
from frankpledge.foundation.agencies.vocabulary import AgencyKind, DataClass, Purpose
from frankpledge.foundation.audit import selectors as audit
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.people import PASSWORD, TESTS, make_agency, make_person

pytestmark = pytest.mark.django_db


def agree(**changed: object) -> SharingAgreement:
    police, council = make_agency("Brackenshire Constabulary", AgencyKind.POLICE), make_agency()
    usual = {
        "title": "Sharing to reduce burglary",
        "reference": "SAP/2026/01",
        "givers": [police],
        "receivers": [council],
        "data_classes": [DataClass.CRIME],
        "purposes": [Purpose.CRIME_REDUCTION],
        "starts_on": date(2026, 4, 1),
        "ends_on": date(2027, 3, 31),
        "by": TESTS,
    }
    return services.add_agreement(**{**usual, **changed})  # type: ignore[arg-type]


def test_a_person_is_added_with_a_role_and_it_is_on_record() -> None:
    person = make_person(Role.OFFICER, name="  Tess \n Officer ")
    assert person.name == "Tess Officer"
    assert person.check_password(PASSWORD)
    assert [(m.role, m.ends_on) for m in selectors.memberships(person)] == [("officer", None)]
    acts = [entry.what for entry in audit.entries_about(f"agencies:person {person.pk}").order_by("sequence")]
    assert acts == ["Added a person.", "Gave a person a role."]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"email": "not an address"}, "is not an e-mail address"),
        ({"email": ""}, "“” is not an e-mail address"),
        ({"email": "TAKEN@aldercombe.example"}, "There is already an account"),
        ({"name": "  "}, "needs a name"),
        ({"name": "x" * 121}, "needs a name of 1 to 120"),
        ({"password": "short"}, "at least 12 characters"),
    ],
)
def test_somebody_who_cannot_be_added_is_refused_in_words(changed: dict[str, str], sentence: str) -> None:
    make_person(Role.CREW, email="taken@aldercombe.example")
    usual = {"email": "new@aldercombe.example", "name": "Tess New", "password": PASSWORD}
    with pytest.raises(RuleBroken, match=sentence):
        services.add_person(**{**usual, **changed}, agency=make_agency(), role=Role.CREW, by=TESTS)
    assert Person.objects.count() == 1


def test_addresses_differ_by_more_than_capitals_in_the_database_too() -> None:
    make_person(Role.CREW, email="one@aldercombe.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(email="ONE@aldercombe.example", name="Another")


def test_the_same_role_is_not_given_twice() -> None:
    person = make_person(Role.CREW)
    with pytest.raises(RuleBroken, match="is already crew"):
        services.add_membership(person=person, agency=make_agency(), role=Role.CREW, by=TESTS)
    services.end_membership(membership=person.memberships.get(), by=TESTS)
    services.add_membership(person=person, agency=make_agency(), role=Role.CREW, by=TESTS)
    assert selectors.roles_on(person, timezone.localdate()) == {Role.CREW}


def test_dates_in_the_wrong_order_are_refused_by_the_database() -> None:
    membership = make_person(Role.CREW).memberships.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=membership.pk).update(ends_on=membership.starts_on - timedelta(1))
    agreement = agree()
    with pytest.raises(IntegrityError), transaction.atomic():
        SharingAgreement.objects.filter(pk=agreement.pk).update(ends_on=agreement.starts_on - timedelta(1))


def test_the_last_administrator_cannot_be_taken_away() -> None:
    only = make_person(Role.ADMINISTRATOR)
    for attempt in (
        lambda: services.end_membership(membership=only.memberships.get(), by=TESTS),
        lambda: services.disable_person(person=only, by=TESTS),
    ):
        with pytest.raises(RuleBroken, match="last administrator"):
            attempt()
    only.refresh_from_db()
    assert only.is_active
    assert only.memberships.get().ends_on is None
    make_person(Role.ADMINISTRATOR)
    services.disable_person(person=only, by=TESTS)
    assert not Person.objects.get(pk=only.pk).is_active


def test_a_closed_account_can_be_opened_again() -> None:
    person = services.disable_person(person=make_person(Role.CREW), by=TESTS)
    services.enable_person(person=person, by=TESTS)
    assert Person.objects.get(pk=person.pk).is_active


def test_an_agency_is_added_once() -> None:
    make_agency("Aldercombe Homes", AgencyKind.HOUSING)
    with pytest.raises(RuleBroken, match="already an agency called aldercombe homes"):
        services.add_agency(name="aldercombe homes", kind=AgencyKind.HOUSING, by=TESTS)
    assert Agency.objects.count() == 1


def test_an_agreement_lets_share_until_it_is_ended() -> None:
    agreement = agree()
    police, council = selectors.agency_by_name("Brackenshire Constabulary"), make_agency()
    assert police is not None
    asked = {
        "giver": police,
        "receiver": council,
        "data_class": DataClass.CRIME,
        "purpose": Purpose.CRIME_REDUCTION,
        "today": date(2026, 9, 9),
    }
    assert selectors.may_share(**asked).agreement == agreement  # type: ignore[arg-type]
    services.end_agreement(agreement=agreement, because="The force left.", by=TESTS)
    answer = selectors.may_share(**asked)  # type: ignore[arg-type]
    assert answer.agreement is None
    assert answer.reasons == ("SAP/2026/01: The agreement is ended.",)


def test_without_any_agreement_nothing_may_be_shared() -> None:
    answer = selectors.may_share(
        giver=make_agency("Brackenshire Constabulary", AgencyKind.POLICE),
        receiver=make_agency(),
        data_class=DataClass.DEPERSONALISED,
        purpose=Purpose.ASSESSMENT,
        today=date(2026, 9, 9),
    )
    assert answer.reasons == ("There is no agreement between these agencies.",)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reference": " "}, "needs a reference"),
        ({"title": ""}, "needs a name"),
        ({"reference": "sap/2026/00"}, "already an agreement"),
        ({"purposes": []}, "what it is for"),
        ({"ends_on": date(2026, 3, 31)}, "ends before it begins"),
    ],
)
def test_an_agreement_that_says_too_little_is_refused(changed: dict[str, object], sentence: str) -> None:
    agree(reference="SAP/2026/00")
    with pytest.raises(RuleBroken, match=sentence):
        agree(**changed)
    assert SharingAgreement.objects.count() == 1


def test_an_agreement_ends_once_and_for_a_reason() -> None:
    agreement = agree()
    with pytest.raises(RuleBroken, match="Say why"):
        services.end_agreement(agreement=agreement, because="  ", by=TESTS)
    services.end_agreement(agreement=agreement, because="The force left.", by=TESTS)
    with pytest.raises(RuleBroken, match="ended already"):
        services.end_agreement(agreement=agreement, because="Again.", by=TESTS)


# -- the demonstration ------------------------------------------------------------------------------------------------


def test_the_demonstrations_people_are_refused_where_it_is_not_switched_on() -> None:
    with pytest.raises(RuleBroken, match="not switched on"):
        services.ensure_demo_people(password="word", by=TESTS)
    with pytest.raises(RuleBroken, match="not switched on"):
        services.demo_code("analyst@aldercombe.example")


def test_the_demonstration_has_one_person_for_each_role_and_may_be_set_up_again(settings: object) -> None:
    settings.DEMO, settings.DEMO_PASSWORD = True, "word"  # type: ignore[attr-defined]
    first = services.ensure_demo_people(password="word", by=TESTS)
    assert [sign_in.role for sign_in in first] == list(Role)
    assert {sign_in.code for sign_in in first} == {None}
    settings.DEMO_PASSWORD = ""  # type: ignore[attr-defined]
    again = services.ensure_demo_people(password="another", by=TESTS)
    assert Person.objects.count() == len(Role)
    assert all(len(str(sign_in.code)) == 6 for sign_in in again)
    for role in Role:
        person = selectors.person_by_email(services.demo_email(role))
        assert person is not None
        assert person.is_demo
        assert person.name == f"Demo {role.value.title()}"
        assert selectors.roles_on(person, timezone.localdate()) == {role}


def test_the_demonstration_never_shows_a_real_persons_code(settings: object) -> None:
    settings.DEMO, settings.DEMO_PASSWORD = True, ""  # type: ignore[attr-defined]
    person = make_person(Role.ANALYST)
    with pytest.raises(RuleBroken, match="not an account of the demonstration"):
        services.demo_code(person.email)


def test_demo_accounts_are_closed_where_the_demonstration_does_not_run(settings: object, client: object) -> None:
    settings.DEMO, settings.DEMO_PASSWORD = True, "word"  # type: ignore[attr-defined]
    services.ensure_demo_people(password="word", by=TESTS)
    door, email = "/account/sign-in/", services.demo_email(Role.ANALYST)
    client.post(door, {"login": email, "password": "word"})  # type: ignore[attr-defined]
    assert client.get("/account/").status_code == 200  # type: ignore[attr-defined]
    settings.DEMO, settings.DEMO_PASSWORD = False, ""  # type: ignore[attr-defined]
    assert client.get("/account/").status_code == 302  # type: ignore[attr-defined]
    answer = client.post(door, {"login": email, "password": "word"})  # type: ignore[attr-defined]
    assert "is not right" in answer.content.decode()
