"""Reading partnership, agencies, people and agreements."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from frankpledge.foundation.agencies.models import Agency, Membership, Partnership, Person, SharingAgreement
from frankpledge.foundation.agencies.rules import Party, Terms, is_live, read_grounds, why_not_shared
from frankpledge.foundation.agencies.vocabulary import AgreementState, DataClass, Purpose
from frankpledge.vocabulary.permissions import Role

ANALYSING_ROLES = frozenset({Role.ANALYST, Role.COORDINATOR, Role.MANAGER})
"""Who works with the records of the whole partnership, as against those of the own agency and what is agreed."""
ANALYSING_PURPOSES = frozenset({Purpose.ASSESSMENT, Purpose.CRIME_REDUCTION})
"""What looking at records in the evidence and the explorer is for; case work alone is not that."""


def partnership() -> Partnership | None:
    """The partnership of this installation, or None before it has been named."""
    return Partnership.objects.first()


def agencies() -> QuerySet[Agency]:
    """All agencies, by name."""
    return Agency.objects.all()


def agency_by_name(name: str) -> Agency | None:
    """The agency of this name, whatever its capitals."""
    return Agency.objects.filter(name__iexact=name.strip()).first()


def person_by_email(email: str) -> Person | None:
    """The person with this e-mail address, whatever its capitals."""
    return Person.objects.filter(email__iexact=email.replace("\x00", "").strip()).first()


def person_by_key(key: int) -> Person | None:
    """The person with this key."""
    return Person.objects.filter(pk=key).first()


def current(today: date) -> Q:
    """The condition of memberships that hold on ``today``. A membership ends at the beginning of its last day."""
    return Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gt=today))


def people(*, today: date) -> QuerySet[Person]:
    """Everybody with an account, by name, each with the memberships of today as ``now``."""
    held = Membership.objects.filter(current(today)).select_related("agency")
    return Person.objects.prefetch_related(Prefetch("memberships", queryset=held, to_attr="now")).order_by("name", "pk")


def memberships(person: Person) -> QuerySet[Membership]:
    """All memberships of a person, past ones too, newest first."""
    return Membership.objects.filter(person=person).select_related("agency").order_by("-starts_on", "-pk")


def membership_by_key(key: int) -> Membership | None:
    """One membership with its person and agency."""
    return Membership.objects.select_related("person", "agency").filter(pk=key).first()


def roles_on(person: Person, today: date) -> frozenset[Role]:
    """The parts a person plays on ``today``."""
    held = Membership.objects.filter(current(today), person=person).values_list("role", flat=True)
    return frozenset(Role(role) for role in held)


def agencies_of(person: Person, today: date) -> frozenset[int]:
    """Keys of the agencies a person plays any part for on ``today``. One query."""
    return frozenset(Membership.objects.filter(current(today), person=person).values_list("agency_id", flat=True))


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose records of which class somebody may see on a day.

    ``own`` are the agencies they belong to, ``agreed`` the pairs of giving agency and class a live agreement lets one
    of those receive. ``everything`` is for the partnership's analysts, coordinators and managers.
    """

    own: frozenset[int]
    agreed: frozenset[tuple[int, DataClass]]
    everything: bool

    @property
    def classes(self) -> frozenset[DataClass]:
        """The classes of data they may see of somebody else's."""
        return frozenset(DataClass) if self.everything else frozenset(data_class for _, data_class in self.agreed)

    def allows(self, owner: int | None, data_class: DataClass) -> bool:
        """May they see records of this class of this agency? Of an ``owner`` nobody knows, only by the class."""
        if self.everything or (owner is not None and owner in self.own):
            return True
        return data_class in self.classes if owner is None else (owner, data_class) in self.agreed

    def covers(self, grounds: str) -> bool:
        """May they see what rests on these (``rules.grounds_key``)? Every class of every agency must be open."""
        return all(self.allows(owner, DataClass(word)) for owner, word in read_grounds(grounds))

    def allows_rows(self, owner: int | None, data_class: DataClass) -> bool:
        """May they handle the rows as delivered? Only of an own agency, or as agreed: no role opens everybody's."""
        return owner is not None and (owner in self.own or (owner, data_class) in self.agreed)


def sight_of(person: Person, today: date) -> Sight:
    """What a person may see of the agencies' records. Four queries; a closed account sees nothing."""
    if not person.is_active:
        return Sight(frozenset(), frozenset(), everything=False)
    held = Membership.objects.filter(current(today), person=person).values_list("agency_id", "role")
    own = frozenset(agency for agency, _ in held)
    everything = not ANALYSING_ROLES.isdisjoint(Role(role) for _, role in held)
    return Sight(own, frozenset(_agreed_for(own, today)), everything)


def _agreed_for(own: frozenset[int], today: date) -> Iterator[tuple[int, DataClass]]:
    for agreement in agreements():
        said = terms(agreement)
        if not is_live(said, today) or ANALYSING_PURPOSES.isdisjoint(said.purposes):
            continue
        receiving = {party.agency for party in said.parties if party.receives} & own
        for party in said.parties:
            if party.gives and receiving - {party.agency}:
                yield from ((party.agency, data_class) for data_class in said.data_classes)


def data_classes_for(person: Person, today: date) -> frozenset[DataClass]:
    """The classes of other agencies' data a person may see today.

    Analysts, coordinators and managers work for the whole partnership and see all. Others see what a live agreement
    lets an agency of theirs receive. What is published openly has no class and is everybody's.
    """
    return sight_of(person, today).classes


def active_administrators(today: date) -> QuerySet[Person]:
    """People who can manage the others' accounts today."""
    held = Membership.objects.filter(current(today), role=Role.ADMINISTRATOR.value).values("person")
    return Person.objects.filter(pk__in=held, is_active=True)


def active_in(role: Role, today: date) -> QuerySet[Person]:
    """People who play this part today and may sign in, by name."""
    held = Membership.objects.filter(current(today), role=role.value).values("person")
    return Person.objects.filter(pk__in=held, is_active=True).order_by("name", "pk")


def agreements() -> QuerySet[SharingAgreement]:
    """All sharing agreements with their parties, by title."""
    return SharingAgreement.objects.prefetch_related("parties__agency").order_by("title", "pk")


def agreement_by_key(key: int) -> SharingAgreement | None:
    """One agreement with its parties."""
    return agreements().filter(pk=key).first()


def terms(agreement: SharingAgreement) -> Terms:
    """An agreement as the rules read it."""
    return Terms(
        parties=tuple(Party(p.agency_id, p.gives, p.receives) for p in agreement.parties.all()),
        data_classes=frozenset(DataClass(word) for word in agreement.data_classes),
        purposes=frozenset(Purpose(word) for word in agreement.purposes),
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        state=AgreementState(agreement.state),
    )


@dataclass(frozen=True, slots=True)
class SharingAnswer:
    """May it be shared? ``agreement`` it rests on, or the ``reasons`` against it, one for each agreement looked at."""

    agreement: SharingAgreement | None
    reasons: tuple[str, ...]


def may_share(
    *, giver: Agency, receiver: Agency, data_class: DataClass, purpose: Purpose, today: date
) -> SharingAnswer:
    """Is there an agreement under which ``giver`` may share this class of data with ``receiver`` today?"""
    both = agreements().filter(parties__agency=giver).filter(parties__agency=receiver).distinct()
    return _first_that_allows(both, giver, receiver, data_class, purpose, today)


def _first_that_allows(
    candidates: Iterable[SharingAgreement],
    giver: Agency,
    receiver: Agency,
    data_class: DataClass,
    purpose: Purpose,
    today: date,
) -> SharingAnswer:
    reasons: list[str] = []
    for agreement in candidates:
        why_not = why_not_shared(
            terms(agreement), giver=giver.pk, receiver=receiver.pk, data_class=data_class, purpose=purpose, today=today
        )
        if why_not is None:
            return SharingAnswer(agreement, ())
        reasons.append(f"{agreement.reference}: {why_not}")
    return SharingAnswer(None, tuple(reasons) or ("There is no agreement between these agencies.",))
