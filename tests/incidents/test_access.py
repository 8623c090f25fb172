"""Who sees what: sources by agreement, a file brought in for another agency, another agency's quarantine."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.agencies import services as agency_services
from frankpledge.foundation.agencies.vocabulary import AgencyKind, DataClass, Purpose
from frankpledge.records.incidents import selectors, services
from frankpledge.vocabulary.permissions import Role
from tests.incidents.deliveries import delivery
from tests.people import TESTS, make_agency, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def person_of(agency, role=Role.REPRESENTATIVE, **kwargs):
    from itertools import count

    person_of.numbers = getattr(person_of, "numbers", count(1))
    return agency_services.add_person(
        email=f"rep{next(person_of.numbers)}@agency.example",
        name="Rae Presentative",
        agency=agency,
        role=role,
        by=TESTS,
        **kwargs,
    )


@pytest.fixture
def police():
    return make_agency("Aldershire Police", AgencyKind.POLICE)


@pytest.fixture
def council():
    return make_agency()


def agree(giver, receiver, *classes, days=30, purposes=(Purpose.ASSESSMENT,), reference="A/1"):
    today = timezone.localdate()
    return agency_services.add_agreement(
        title=f"{giver} to {receiver}",
        reference=reference,
        givers=[giver],
        receivers=[receiver],
        data_classes=classes,
        purposes=purposes,
        starts_on=date(2020, 1, 1),
        ends_on=today + timedelta(days=days),
        by=TESTS,
    )


def everything_in():
    services.accept_delivery(delivery(), by=TESTS)
    services.accept_delivery(delivery(source="police-extract"), by=TESTS)
    services.accept_delivery(delivery(source="fire-incidents", publisher="aldershire-fire"), by=TESTS)


def test_a_representative_sees_only_the_agreed_classes_of_data(police, council):
    everything_in()
    assert selectors.sources_for(person_of(council)) == {"police-uk-street"}
    agree(police, council, DataClass.CRIME)
    visitor = person_of(council)
    assert agencies.data_classes_for(visitor, timezone.localdate()) == {DataClass.CRIME}
    assert selectors.sources_for(visitor) == {"police-uk-street", "police-extract"}
    assert selectors.sources_for(person_of(police)) == {"police-uk-street", "police-extract"}


def test_an_agreement_that_ended_or_is_for_case_work_alone_opens_nothing(police, council):
    everything_in()
    agree(police, council, DataClass.CRIME, days=-1)
    agree(police, council, DataClass.CRIME, purposes=(Purpose.SAFEGUARDING,), reference="A/2")
    assert selectors.sources_for(person_of(council)) == {"police-uk-street"}


@pytest.mark.parametrize("role", [Role.ANALYST, Role.COORDINATOR, Role.MANAGER])
def test_those_who_work_for_the_whole_partnership_see_every_source(role, council, django_assert_max_num_queries):
    everything_in()
    person = make_person(role)
    with django_assert_max_num_queries(6):
        assert selectors.sources_for(person) == {"police-uk-street", "police-extract", "fire-incidents"}


def test_a_source_of_two_agencies_is_seen_only_where_both_are_open(police, council):
    other = make_agency("Borsetshire Police", AgencyKind.POLICE)
    services.accept_delivery(delivery(source="police-extract"), by=TESTS)
    services.accept_delivery(delivery(source="police-extract", publisher="borsetshire"), by=TESTS)
    agree(police, council, DataClass.CRIME)
    assert selectors.sources_for(person_of(council)) == set()
    agree(other, council, DataClass.CRIME, reference="A/2")
    assert selectors.sources_for(person_of(council)) == {"police-extract"}
