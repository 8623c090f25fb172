"""Changing who is in the partnership, what part they play, and what agencies may share."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from frankpledge.foundation.agencies import rules, selectors
from frankpledge.foundation.agencies.models import (
    Agency,
    AgreementParty,
    Membership,
    Partnership,
    Person,
    SharingAgreement,
)
from frankpledge.foundation.agencies.sign_in import SecondFactors
from frankpledge.foundation.agencies.vocabulary import (
    COLOUR,
    HOUSE_COLOUR,
    AgencyKind,
    AgreementState,
    DataClass,
    Purpose,
)
from frankpledge.foundation.audit.services import record
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.areas import is_area_code
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Role

NAME_LENGTH = 120


def _subject(person: Person) -> str:
    return f"agencies:person {person.pk}"


def _name(given: str, what: str) -> str:
    name = " ".join(given.replace("\x00", "").split())
    if not name or len(name) > NAME_LENGTH:
        raise RuleBroken(f"{what} needs a name of 1 to {NAME_LENGTH} characters.")
    return name


# -- the partnership and its agencies ---------------------------------------------------------------------------------


@transaction.atomic
def name_partnership(
    *, name: str, welsh_name: str = "", colour: str = HOUSE_COLOUR, own_area: str = "", by: Actor
) -> Partnership:
    """Name the partnership this installation serves, or rename it, in its colour (``#rrggbb``).

    ``own_area`` is the code of the area it serves; empty where its name says so. Raises RuleBroken for a name that is
    empty or too long, for what is not a colour and for what is not the code of an area.
    """
    if not COLOUR.fullmatch(colour):
        raise RuleBroken("A colour is # and six digits or letters from a to f, such as #17315c.")
    if own_area and not is_area_code(own_area):
        raise RuleBroken("The partnership’s own area is given by its nine-character code.")
    ours, _made = Partnership.objects.update_or_create(
        pk=1,
        defaults={
            "name": _name(name, "A partnership"),
            "welsh_name": _name(welsh_name, "A partnership") if welsh_name.strip() else "",
            "colour": colour.lower(),
            "own_area": own_area,
        },
    )
    given = {"name": ours.name, "welsh name": ours.welsh_name, "colour": ours.colour, "own area": ours.own_area}
    record(act=Act.ALTERATION, what="Named the partnership.", subject="agencies:partnership 1", by=by, details=given)
    return ours


@transaction.atomic
def add_agency(*, name: str, kind: AgencyKind, by: Actor) -> Agency:
    """Add an agency. Raises RuleBroken if there is one of this name."""
    name = _name(name, "An agency")
    if selectors.agency_by_name(name):
        raise RuleBroken(f"There is already an agency called {name}.")
    agency = Agency.objects.create(name=name, kind=AgencyKind(kind).value)
    record(act=Act.COLLECTION, what="Added an agency.", subject=f"agencies:agency {agency.pk}", by=by)
    return agency


# -- people -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_person(
    *, email: str, name: str, agency: Agency, role: Role, password: str | None = None, is_demo: bool = False, by: Actor
) -> Person:
    """Add somebody who may sign in. Without ``password`` they set their own by :func:`set_password_path`.

    Raises RuleBroken for an e-mail address that is not one or is taken, and for a password that is too weak.
    """
    person = Person(email=_free_address(email, None), name=_name(name, "A person"), is_demo=is_demo)
    if password is None:
        person.set_unusable_password()
    else:
        _check_password(password, person)
        person.set_password(password)
    person.save()
    record(
        act=Act.COLLECTION, what="Added a person.", subject=_subject(person), by=by, details={"role": Role(role).value}
    )
    add_membership(person=person, agency=agency, role=role, by=by)
    return person


def _free_address(given: str, person: Person | None) -> str:
    """The address as it is kept. Raises RuleBroken if it is not one or belongs to somebody but ``person``."""
    email = given.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise RuleBroken(f"“{email[:80]}” is not an e-mail address.") from error
    holder = selectors.person_by_email(email)
    if holder is not None and holder != person:
        raise RuleBroken(f"There is already an account for {email}.")
    return email


@transaction.atomic
def correct_person(*, person: Person, name: str, email: str, by: Actor) -> Person:
    """Correct somebody's name or e-mail address. With another address they sign in again, by that one."""
    kept = {"name": _name(name, "A person"), "email": _free_address(email, person)}
    changed = sorted(field for field, value in kept.items() if getattr(person, field) != value)
    if not changed:
        return person
    person.name, person.email = kept["name"], kept["email"]
    person.save(update_fields=["name", "email"])
    details = {"fields": changed}
    record(act=Act.ALTERATION, what="Corrected a person.", subject=_subject(person), by=by, details=details)
    if "email" in changed:
        _end_sessions(person)
    return person


def _check_password(password: str, person: Person) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise RuleBroken(" ".join(error.messages)) from error


def set_password_path(person: Person) -> str:
    """Path of a page where this person can set a password, once, within a day. Whoever holds it can."""
    key = f"{user_pk_to_url_str(person)}-{PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)}"
    return reverse(
        "account_reset_password_from_key", kwargs=dict(zip(("uidb36", "key"), key.split("-", 1), strict=True))
    )


@transaction.atomic
def give_set_password_path(*, person: Person, by: Actor) -> str:
    """A new one-time path for somebody who cannot sign in, and a note that it was given out."""
    record(act=Act.ALTERATION, what="Gave out a link to set a password.", subject=_subject(person), by=by)
    return set_password_path(person)


@transaction.atomic
def add_membership(
    *, person: Person, agency: Agency, role: Role, starts_on: date | None = None, by: Actor
) -> Membership:
    """Give a person a part to play for an agency. Their sessions end, so that the change holds at once."""
    held = Membership.objects.filter(person=person, agency=agency, role=Role(role).value, ends_on__isnull=True)
    if held.exists():
        raise RuleBroken(f"{person.name} is already {Role(role).value} for {agency.name}.")
    membership = Membership.objects.create(
        person=person, agency=agency, role=Role(role).value, starts_on=starts_on or timezone.localdate()
    )
    details = {"membership": membership.pk, "role": membership.role, "agency": agency.pk}
    record(act=Act.ALTERATION, what="Gave a person a role.", subject=_subject(person), by=by, details=details)
    _end_sessions(person)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: Actor) -> Membership:
    """End a part a person plays, at once. Raises RuleBroken if nobody would be left to administer."""
    with _administrators_kept():
        membership.ends_on = max(timezone.localdate(), membership.starts_on)
        membership.save(update_fields=["ends_on"])
    details = {"membership": membership.pk, "role": membership.role, "agency": membership.agency_id}
    record(act=Act.ALTERATION, what="Ended a role.", subject=_subject(membership.person), by=by, details=details)
    _end_sessions(membership.person)
    return membership


@transaction.atomic
def disable_person(*, person: Person, by: Actor) -> Person:
    """Close an account: it cannot sign in, and open sessions end. Raises RuleBroken for the last administrator."""
    with _administrators_kept():
        person.is_active = False
        person.save(update_fields=["is_active"])
    record(act=Act.ALTERATION, what="Closed an account.", subject=_subject(person), by=by)
    _end_sessions(person)
    return person


@transaction.atomic
def enable_person(*, person: Person, by: Actor) -> Person:
    """Open a closed account again."""
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(act=Act.ALTERATION, what="Opened an account again.", subject=_subject(person), by=by)
    return person


@transaction.atomic
def reset_second_factor(*, person: Person, by: Actor) -> Person:
    """Remove a person's second factors, for a lost phone or key: they set up a new one at their next sign-in."""
    Authenticator.objects.filter(user=person).delete()
    record(act=Act.ALTERATION, what="Removed a person's second factors.", subject=_subject(person), by=by)
    _end_sessions(person)
    return person


@transaction.atomic
def unlock_person(*, person: Person, by: Actor) -> Person:
    """Forget the wrong passwords that locked an account."""
    AccessAttempt.objects.filter(username=person.email).delete()
    record(act=Act.ALTERATION, what="Unlocked an account.", subject=_subject(person), by=by)
    return person


@transaction.atomic
def end_sessions(*, person: Person, by: Actor) -> Person:
    """Sign a person out everywhere."""
    record(act=Act.ALTERATION, what="Ended all sessions of a person.", subject=_subject(person), by=by)
    _end_sessions(person)
    return person


def _end_sessions(person: Person) -> None:
    person.session_version += 1
    person.save(update_fields=["session_version"])


@contextmanager
def _administrators_kept() -> Iterator[None]:
    """Around a change that may take an administrator away: refuses it if nobody would be left.

    The partnership's row is locked first, so that two administrators cannot remove each other at the same moment.
    """
    list(Partnership.objects.select_for_update())
    there_were_some = selectors.active_administrators(timezone.localdate()).exists()
    yield
    if there_were_some:
        rules.check_somebody_administers(
            selectors.active_administrators(timezone.localdate()).values_list("pk", flat=True)
        )


# -- agreements -------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_agreement(
    *,
    title: str,
    reference: str,
    givers: Iterable[Agency],
    receivers: Iterable[Agency],
    data_classes: Iterable[DataClass],
    purposes: Iterable[Purpose],
    starts_on: date,
    ends_on: date,
    by: Actor,
) -> SharingAgreement:
    """Record an agreement in force between ``starts_on`` and ``ends_on``, both days included. Raises RuleBroken."""
    giving, receiving = list(givers), list(receivers)
    agreement = SharingAgreement(
        title=_name(title, "An agreement"),
        reference=" ".join(reference.split())[:60],
        data_classes=sorted(DataClass(word).value for word in data_classes),
        purposes=sorted(Purpose(word).value for word in purposes),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    if not agreement.reference:
        raise RuleBroken("An agreement needs a reference.")
    if SharingAgreement.objects.filter(reference__iexact=agreement.reference).exists():
        raise RuleBroken(f"There is already an agreement with the reference {agreement.reference}.")
    parties = _parties(giving, receiving)
    rules.check_terms(
        rules.Terms(
            parties=tuple(parties.values()),
            data_classes=frozenset(DataClass(word) for word in agreement.data_classes),
            purposes=frozenset(Purpose(word) for word in agreement.purposes),
            starts_on=starts_on,
            ends_on=ends_on,
            state=AgreementState.IN_FORCE,
        )
    )
    agreement.save()
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=agreement, agency_id=party.agency, gives=party.gives, receives=party.receives)
        for party in parties.values()
    )
    record(act=Act.COLLECTION, what="Added a sharing agreement.", subject=f"agencies:agreement {agreement.pk}", by=by)
    return agreement


def _parties(giving: list[Agency], receiving: list[Agency]) -> Mapping[int, rules.Party]:
    giver_keys, receiver_keys = {a.pk for a in giving}, {a.pk for a in receiving}
    return {
        key: rules.Party(key, key in giver_keys, key in receiver_keys) for key in sorted(giver_keys | receiver_keys)
    }


@transaction.atomic
def end_agreement(*, agreement: SharingAgreement, because: str, by: Actor) -> SharingAgreement:
    """End an agreement now. What was shared under it stays on record."""
    because = because.strip()
    if not because:
        raise RuleBroken("Say why the agreement ends.")
    if agreement.state == AgreementState.ENDED.value:
        raise RuleBroken("The agreement has ended already.")
    agreement.state, agreement.ended_because = AgreementState.ENDED.value, because[:500]
    agreement.save(update_fields=["state", "ended_because"])
    record(act=Act.ALTERATION, what="Ended a sharing agreement.", subject=f"agencies:agreement {agreement.pk}", by=by)
    return agreement


# -- the demonstration ------------------------------------------------------------------------------------------------

DEMO_PARTNERSHIP = "Safer Aldercombe Partnership"
DEMO_WELSH_NAME = "Partneriaeth Aldercombe Ddiogelach"
DEMO_AGENCIES = (
    ("Brackenshire Constabulary", AgencyKind.POLICE),
    ("Aldercombe District Council", AgencyKind.COUNCIL),
    ("Brackenshire Fire and Rescue Service", AgencyKind.FIRE),
    ("Brackenshire Probation", AgencyKind.PROBATION),
    ("Aldercombe Homes", AgencyKind.HOUSING),
    ("Aldercombe Victim Care", AgencyKind.CHARITY),
)
DEMO_ROLES = {
    Role.ANALYST: "Aldercombe District Council",
    Role.COORDINATOR: "Aldercombe District Council",
    Role.OFFICER: "Brackenshire Constabulary",
    Role.CREW: "Aldercombe Homes",
    Role.REPRESENTATIVE: "Aldercombe Victim Care",
    Role.MANAGER: "Aldercombe District Council",
    Role.SCRUTINY: "Aldercombe District Council",
    Role.ADMINISTRATOR: "Aldercombe District Council",
}
DEMO_DOMAIN = "aldercombe.example"


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """How to sign in as one of the demonstration's people. ``code``: the second factor now, None if none is asked."""

    role: Role
    email: str
    password: str
    code: str | None


@transaction.atomic
def ensure_demo_people(*, password: str, by: Actor) -> list[DemoSignIn]:
    """The made-up partnership with one account for each role, all with ``password``; safe to repeat.

    With FRANKPLEDGE_DEMO_PASSWORD set no second factor is asked; otherwise each account has one, and its present code
    is in the answer. Raises RuleBroken unless the demonstration is switched on (settings.DEMO).
    """
    for person in add_demo_people(by=by):
        if not person.check_password(password):
            person.set_password(password)
            person.save(update_fields=["password"])
        if not settings.DEMO_PASSWORD and not _code_app(person):
            TOTP.activate(person, generate_totp_secret())
    return [DemoSignIn(role, demo_email(role), password, demo_code(demo_email(role))) for role in DEMO_ROLES]


@transaction.atomic
def add_demo_people(*, by: Actor) -> list[Person]:
    """The made-up partnership's people, one for each role, who cannot sign in yet; safe to repeat.

    The demonstration's records name them (who owns an action, who answers for an indicator), so they come before the
    records; :func:`ensure_demo_people` gives them their password afterwards. Raises RuleBroken unless the
    demonstration is switched on (settings.DEMO).
    """
    _check_demo()
    agencies = _ensure_demo_partnership(by)
    return [
        selectors.person_by_email(demo_email(role))
        or add_person(
            email=demo_email(role),
            name=f"Demo {role.value.title()}",
            agency=agencies[agency],
            role=role,
            is_demo=True,
            by=by,
        )
        for role, agency in DEMO_ROLES.items()
    ]


def demo_email(role: Role) -> str:
    """The address the demonstration's person of this role signs in with."""
    return f"{role.value}@{DEMO_DOMAIN}"


def demo_code(email: str) -> str | None:
    """The present second-factor code of a demo account; None if it needs none. Raises RuleBroken for anybody else's."""
    _check_demo()
    person = selectors.person_by_email(email)
    if person is None or not person.is_demo:
        raise RuleBroken(f"{email} is not an account of the demonstration.")
    app = _code_app(person)
    if settings.DEMO_PASSWORD or app is None:
        return None
    counters = list(yield_hotp_counters_from_time())
    present = counters[len(counters) // 2]
    return format_hotp_value(hotp_value(SecondFactors().decrypt(app.data["secret"]), present))


def _check_demo() -> None:
    if not settings.DEMO:
        raise RuleBroken("The demonstration is not switched on: set FRANKPLEDGE_DEMO=1 on a loopback address.")


def _code_app(person: Person) -> Authenticator | None:
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()


def _ensure_demo_partnership(by: Actor) -> dict[str, Agency]:
    if selectors.partnership() is None:
        name_partnership(name=DEMO_PARTNERSHIP, welsh_name=DEMO_WELSH_NAME, by=by)
    agencies = {
        name: selectors.agency_by_name(name) or add_agency(name=name, kind=kind, by=by) for name, kind in DEMO_AGENCIES
    }
    if not SharingAgreement.objects.exists():
        today = timezone.localdate()
        add_agreement(
            title="Safer Aldercombe: sharing to reduce burglary",
            reference="SAP/2026/01",
            givers=agencies.values(),
            receivers=[agencies["Aldercombe District Council"], agencies["Brackenshire Constabulary"]],
            data_classes=[DataClass.CRIME, DataClass.ANTI_SOCIAL_BEHAVIOUR, DataClass.FIRE, DataClass.COUNCIL_SERVICES],
            purposes=[Purpose.ASSESSMENT, Purpose.CRIME_REDUCTION, Purpose.HOME_SECURITY],
            starts_on=today.replace(month=1, day=1),
            ends_on=date(today.year + 2, 12, 31),
            by=by,
        )
    return agencies
