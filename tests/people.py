"""People for tests: made by the same services the pages use."""

from datetime import timedelta
from itertools import count

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.utils import timezone

from frankpledge.foundation.agencies import selectors, services
from frankpledge.foundation.agencies.models import Agency, Person, SharingAgreement
from frankpledge.foundation.agencies.vocabulary import AgencyKind, DataClass, Purpose
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.permissions import Role

TESTS = Actor.system("tests")
PASSWORD = "a long word for tests 17"
_numbers = count(1)


def make_agency(name: str = "Aldercombe District Council", kind: AgencyKind = AgencyKind.COUNCIL) -> Agency:
    """The agency of this name, added if it is not there."""
    return selectors.agency_by_name(name) or services.add_agency(name=name, kind=kind, by=TESTS)


def agree(giver: Agency, receiver: Agency, *data_classes: DataClass) -> SharingAgreement:
    """An agreement in force under which ``giver`` may share these with ``receiver`` to reduce crime."""
    today = timezone.localdate()
    return services.add_agreement(
        title=f"{giver} with {receiver}",
        reference=f"T/{giver.pk}/{receiver.pk}",
        givers=[giver],
        receivers=[receiver],
        data_classes=data_classes,
        purposes=[Purpose.CRIME_REDUCTION],
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=30),
        by=TESTS,
    )


def make_person(*roles: Role, email: str = "", name: str = "", second_factor: bool = True) -> Person:
    """Somebody who holds ``roles``, with PASSWORD and (unless told otherwise) a code app."""
    number = next(_numbers)
    first, *others = roles or (Role.ANALYST,)
    person = services.add_person(
        email=email or f"person{number}@aldercombe.example",
        name=name or f"Tess Person {number}",
        agency=make_agency(),
        role=first,
        password=PASSWORD,
        by=TESTS,
    )
    for role in others:
        services.add_membership(person=person, agency=make_agency(), role=role, by=TESTS)
    if second_factor:
        TOTP.activate(person, generate_totp_secret())
    return person


def signed_in(*roles: Role) -> Client:
    """A browser in which somebody with ``roles`` is signed in."""
    client = Client()
    client.force_login(make_person(*roles), backend="frankpledge.foundation.agencies.sign_in.PersonBackend")
    return client


def code_for(person: Person) -> str:
    """The code a person's app shows now."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    from frankpledge.foundation.agencies.sign_in import SecondFactors

    app = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(SecondFactors().decrypt(app.data["secret"]), counters[1]))
