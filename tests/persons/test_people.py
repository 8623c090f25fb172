"""Persons told by two agencies: proposed, decided by somebody who may see both, taken back; every look recorded."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from frankpledge.foundation.agencies import services as agencies
from frankpledge.foundation.agencies.models import Agency
from frankpledge.foundation.agencies.vocabulary import AgencyKind, DataClass, Purpose
from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.records.people import rules, selectors, services
from frankpledge.records.people.models import Match, PersonRecord
from frankpledge.records.people.rules import PersonTold
from frankpledge.records.people.vocabulary import MatchState, Part
from frankpledge.vocabulary.errors import NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.people import TESTS, make_agency, make_person, signed_in

pytestmark = pytest.mark.django_db
CANARY = "Zephyrine"


@pytest.fixture
def police() -> Agency:
    return make_agency("Brackenshire Police", AgencyKind.POLICE)


def told(reference: str, forename: str = CANARY, **about: Any) -> PersonTold:
    values: dict[str, Any] = {
        "reference": reference,
        "part": Part.VICTIM,
        "forename": forename,
        "surname": "Quill",
        "born_on": date(1970, 5, 6),
        "postcode": "XA1 1AA",
    }
    return PersonTold(**{**values, **about})


@pytest.fixture
def pair(police: Agency) -> Match:
    council = make_agency()
    services.take_in([told("P1")], agency_id=police.pk, agency_name=police.name, by=TESTS)
    taken = services.take_in([told("C1", "Zephyrin")], agency_id=council.pk, agency_name=council.name, by=TESTS)
    assert (taken.told, taken.proposed) == (1, 1)
    return Match.objects.get()


def agree(police: Agency, data_classes: list[DataClass]) -> None:
    today = timezone.localdate()
    agencies.add_agreement(
        title="Victims of burglary",
        reference="ISA 1",
        givers=[police],
        receivers=[make_agency()],
        data_classes=data_classes,
        purposes=[Purpose.CRIME_REDUCTION, Purpose.ASSESSMENT],
        starts_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=365),
        by=TESTS,
    )


def test_nothing_is_joined_by_itself(pair: Match) -> None:
    assert pair.state == MatchState.PROPOSED
    assert selectors.same_person_as(pair.first_id) == {pair.first_id}


def test_telling_again_replaces_and_proposes_nothing_twice(pair: Match, police: Agency) -> None:
    again = services.take_in([told("P1", surname="Quilla")], agency_id=police.pk, agency_name=police.name, by=TESTS)
    assert (again.told, again.proposed) == (1, 0)
    assert PersonRecord.objects.count() == 2
    assert PersonRecord.objects.get(reference="P1").surname == "Quilla"


def test_two_records_of_one_agency_and_restricted_ones_are_not_proposed(police: Agency) -> None:
    taken = services.take_in([told("P1"), told("P2")], agency_id=police.pk, agency_name=police.name, by=TESTS)
    assert taken.proposed == 0
    council = make_agency()
    hidden = [told("C1", restricted=True)]
    assert services.take_in(hidden, agency_id=council.pk, agency_name=council.name, by=TESTS).proposed == 0


def test_without_an_agreement_the_other_agencys_person_is_absent(pair: Match, police: Agency) -> None:
    client = signed_in(Role.COORDINATOR)
    page = client.get("/assess/people/").content.decode()
    assert CANARY not in page
    assert client.get(f"/assess/people/{pair.pk}/").status_code == 404
    officer = make_person(Role.OFFICER)
    with pytest.raises(NotPermitted, match="no agreement"):
        services.decide(pair, one_person=True, because="I know her", by=officer.actor)


def test_not_even_that_there_are_records_is_said_to_those_who_may_see_none(police: Agency) -> None:
    services.take_in([told("P1")], agency_id=police.pk, agency_name=police.name, by=TESTS)
    nobody_told = "No agency has told us of persons yet."
    assert nobody_told in signed_in(Role.OFFICER).get("/assess/people/").content.decode()
    agree(police, [DataClass.VICTIMS])
    assert nobody_told not in signed_in(Role.OFFICER).get("/assess/people/").content.decode()


def test_with_an_agreement_on_victims_somebody_decides_and_takes_it_back(pair: Match, police: Agency) -> None:
    agree(police, [DataClass.VICTIMS])
    client = signed_in(Role.OFFICER)
    assert CANARY in client.get("/assess/people/").content.decode()
    page = client.get(f"/assess/people/{pair.pk}/").content.decode()
    assert "the forename is spelt differently" in page and "born on the same day" in page
    answer = client.post(f"/assess/people/{pair.pk}/", {"answer": "one", "because": ""})
    assert answer.status_code == 422 and "Say what makes you sure" in answer.content.decode()
    client.post(f"/assess/people/{pair.pk}/", {"answer": "one", "because": "Housing knows her"})
    assert selectors.same_person_as(pair.first_id) == {pair.first_id, pair.second_id}
    client.post(f"/assess/people/{pair.pk}/take-back/", {"because": "It was her sister"})
    assert selectors.same_person_as(pair.first_id) == {pair.first_id}
    acts = AuditEntry.objects.filter(act="combination", subject=f"people:match {pair.pk}")
    assert [entry.purpose for entry in acts.order_by("pk")] == ["Housing knows her", "It was her sister"]


def test_an_agreement_on_other_data_does_not_open_victims(pair: Match, police: Agency) -> None:
    agree(police, [DataClass.DEPERSONALISED])
    assert CANARY not in signed_in(Role.OFFICER).get("/assess/people/").content.decode()


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MANAGER, Role.SCRUTINY, Role.REPRESENTATIVE, Role.ADMINISTRATOR])
def test_other_roles_find_no_such_page(pair: Match, police: Agency, role: Role) -> None:
    agree(police, [DataClass.VICTIMS])
    assert signed_in(role).get("/assess/people/").status_code == 404


def test_every_look_at_names_is_recorded_with_who_was_seen(pair: Match, police: Agency) -> None:
    agree(police, [DataClass.VICTIMS])
    signed_in(Role.OFFICER).get("/assess/people/")
    entry = AuditEntry.objects.get(act="consultation", subject="people:matches")
    assert entry.details["persons"] == [pair.first_id]
    assert CANARY not in str(entry.details) + entry.what


def test_what_was_decided_is_not_proposed_again(pair: Match, police: Agency) -> None:
    services.decide(pair, one_person=False, because="Mother and daughter", by=TESTS)
    assert services.propose(by=TESTS) == 0
    with pytest.raises(RuleBroken, match="decided already"):
        services.decide(pair, one_person=True, because="changed my mind", by=TESTS)


def test_joining_and_taking_back_again_and_again_leaves_the_records_as_they_were(pair: Match) -> None:
    before = list(PersonRecord.objects.order_by("pk").values())
    for number in range(20):
        services.decide(pair, one_person=bool(number % 2), because="once more", by=TESTS)
        services.take_back(pair, because="and back", by=TESTS)
    assert list(PersonRecord.objects.order_by("pk").values()) == before


def test_clusters_follow_decisions_through_others() -> None:
    assert rules.clusters([(1, 2), (2, 3), (7, 8)]) == [frozenset({1, 2, 3}), frozenset({7, 8})]
    assert rules.clusters([]) == []


def test_the_list_asks_the_same_however_many(pair: Match, police: Agency, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    agree(police, [DataClass.VICTIMS])
    client = signed_in(Role.OFFICER)
    client.get("/assess/people/")
    with CaptureQueriesContext(connection) as few:
        client.get("/assess/people/")
    council = make_agency()
    more = [told(f"C{n}", "Zephyrine") for n in range(2, 12)]
    services.take_in(more, agency_id=council.pk, agency_name=council.name, by=TESTS)
    with django_assert_num_queries(len(few)):
        client.get("/assess/people/")
