"""Named writes of requests, their place in the list, and what homes were offered."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import (
    Cocoon,
    CocoonOffer,
    Contact,
    HomeRequest,
    Message,
    PriorityWeight,
    Visit,
)
from frankpledge.delivery.home_security.models.columns import NAME_LENGTH, POSTCODE_LENGTH, TEXT_LENGTH
from frankpledge.delivery.home_security.rules import asking as rules
from frankpledge.delivery.home_security.rules.asking import Neighbour
from frankpledge.delivery.home_security.selectors import asking as selectors
from frankpledge.delivery.home_security.services import forgetting, invitations, messages, passing_on
from frankpledge.delivery.home_security.vocabulary import (
    Burgled,
    Channel,
    ContactKind,
    ContactOutcome,
    ErasedBecause,
    HeardFrom,
    InvitationState,
    MessageState,
    Need,
    OfferPart,
    OfferState,
    Reason,
    RequestState,
    VisitState,
)
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import one_line, storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.places import selectors as places
from frankpledge.vocabulary.actors import Actor, ActorKind
from frankpledge.vocabulary.errors import DataProblem, NotPermitted, RuleBroken
from frankpledge.vocabulary.premises import Premises, Tenure

TRIES = 20


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a resident, or whoever refers them, says. ``uprn`` only where the home is certain."""

    address: str
    postcode: str = ""
    uprn: str = ""
    tenure: Tenure | None = None
    burgled: Burgled = Burgled.NOT_SAID
    burgled_times: int = 0
    needs: Sequence[Need] = ()
    name: str = ""
    telephone: str = ""
    email: str = ""
    reach_by: ContactKind = ContactKind.LETTER
    language: str = "en-gb"
    heard_from: HeardFrom = HeardFrom.NOT_SAID
    referred_by: str = ""
    note: str = ""
    consent_contact: bool = False
    consent_onward: bool = False
    asked_at: datetime | None = None  # a request taken down earlier, on paper or by another service; else now


@dataclass(frozen=True)
class _Place:
    """Where a home is, as the places room knows it."""

    uprn: str = ""
    address: str = ""
    postcode: str = ""
    small_area: str = ""
    ward: str = ""
    neighbourhood: str = ""
    tenure: str = ""


@transaction.atomic
def ask(asked: Asked, *, channel: Channel, by: Actor) -> HomeRequest:
    """Take a request; returns it. A home with a live request keeps that one: the new one is joined to it.

    Anybody may ask through the public form; the other ways in are for people who run safe homes. A message goes out to
    whoever agreed to be contacted. Raises DataProblem for what is missing or cannot be.
    """
    if by.kind is ActorKind.VISITOR and channel is not Channel.FORM:
        raise NotPermitted("Sign in first.")
    if by.kind is not ActorKind.VISITOR:
        permissions.check_can_edit(by)
    first = _live(asked.uprn)
    made = _create(asked, channel, first)
    if first is not None:
        _take_over(first, made)
    audit.record(
        act=Act.COLLECTION,
        what=f"took a request for a home security visit ({channel.value})",
        subject=f"homes:{made.reference}",
        by=by,
        details={"state": made.state, "uprn": made.uprn, "joined": first.reference if first else ""},
    )
    if made.consent_contact:
        messages.write(made, about=messages.RECEIVED, by=by)
    return made


def _create(asked: Asked, channel: Channel, first: HomeRequest | None) -> HomeRequest:
    place = _place(asked.uprn)
    address, postcode = one_line(place.address or asked.address), one_line(place.postcode or asked.postcode)
    if not address:
        raise DataProblem("Enter the address of the home.")
    if len(address) > NAME_LENGTH or len(postcode) > POSTCODE_LENGTH:
        raise DataProblem("The address or postcode is too long. Enter house number, street and postcode.")
    if len(asked.note) > TEXT_LENGTH:
        raise DataProblem(f"The note has {len(asked.note):,} letters and may have {TEXT_LENGTH:,}.")
    return HomeRequest.objects.create(
        reference=_free_reference(),
        password=rules.new_password(secrets.randbelow),
        uprn=place.uprn,
        address=address,
        postcode=postcode,
        small_area=place.small_area,
        ward=place.ward,
        neighbourhood=place.neighbourhood,
        tenure=asked.tenure.value if asked.tenure else place.tenure,
        channel=channel,
        referred_by=one_line(asked.referred_by, NAME_LENGTH),
        heard_from=asked.heard_from,
        burgled=asked.burgled,
        burgled_times=min(asked.burgled_times, 99),
        vulnerability=[need.value for need in Need if need in asked.needs],
        name=one_line(asked.name, NAME_LENGTH),
        telephone=rules.check_phone(asked.telephone) if asked.telephone else "",
        email=rules.check_email(asked.email) if asked.email else "",
        reach_by=asked.reach_by,
        language=asked.language[:10],
        note=storable(asked.note).strip(),
        consent_contact=asked.consent_contact,
        consent_onward=asked.consent_onward,
        state=RequestState.JOINED if first else RequestState.WAITING,
        joined_to=first,
        asked_at=min(asked.asked_at or timezone.now(), timezone.now()),
    )


def _place(uprn: str) -> _Place:
    if not uprn:
        return _Place()
    home = places.premises_of([uprn]).get(uprn)
    if home is None:
        raise DataProblem("That home is not in the address list any more. Look it up again.")
    if not home.kind.is_home:
        raise DataProblem("That address is a shop or workplace. This service is for homes.")
    tenure = home.tenure.value if home.tenure else ""
    return _Place(home.uprn, home.address, home.postcode, home.small_area, home.ward, home.neighbourhood or "", tenure)


def _live(uprn: str) -> HomeRequest | None:
    """The live request of a home, locked."""
    found = selectors.live_request(uprn)
    return _locked(found) if found else None


def _take_over(first: HomeRequest, other: HomeRequest) -> None:
    """Let the first request of a home know what a later one adds. Nothing it says is lost, and it keeps its place."""
    first.vulnerability = [need.value for need in Need if need in {*first.vulnerability, *other.vulnerability}]
    order = (Burgled.NOT_SAID, Burgled.NO, Burgled.NEAR, Burgled.MY_HOME)
    first.burgled = max(Burgled(first.burgled), Burgled(other.burgled), key=order.index)
    first.burgled_times = max(first.burgled_times, other.burgled_times)
    for name in ("name", "telephone", "email", "tenure"):
        setattr(first, name, getattr(first, name) or getattr(other, name))
    if other.consent_contact and not first.consent_contact:
        first.consent_contact, first.reach_by = True, other.reach_by
    _save(first)


def _free_reference() -> str:
    for _ in range(TRIES):
        reference = rules.new_reference(secrets.randbelow)
        if not HomeRequest.objects.filter(reference=reference).exists():
            return reference
    raise RuntimeError("No free reference was drawn: the space of references is nearly full.")


@transaction.atomic
def settle_home(request: HomeRequest, *, uprn: str, by: Actor) -> HomeRequest:
    """Say which home a request is about. If that home has a live request already, this one is joined to it."""
    permissions.check_can_edit(by)
    held, first = _locked(request), _live(uprn)
    if not held.is_live:
        raise RuleBroken(f"{held.reference} is {held.state} already.")
    place = _place(uprn)
    for name in ("uprn", "address", "postcode", "small_area", "ward", "neighbourhood"):
        setattr(held, name, getattr(place, name))
    held.tenure = held.tenure or place.tenure
    if first is not None and first.pk != held.pk:
        held.state, held.joined_to = RequestState.JOINED, first
        _take_over(first, held)
    return _noted(_save(held), "settled which home a request is about", by)


@transaction.atomic
def close(request: HomeRequest, *, state: RequestState, because: str, by: Actor) -> HomeRequest:
    """A home said no, or never answered. Its planned visits are called off. Raises RuleBroken once it is closed."""
    permissions.check_can_edit(by)
    if state not in (RequestState.REFUSED, RequestState.UNANSWERED):
        raise RuleBroken("Choose whether the home said no or did not answer.")
    return _close(request, state, because, by)


@transaction.atomic
def withdraw(request: HomeRequest, *, because: str = "", by: Actor) -> HomeRequest:
    """The resident wants no visit any more. Whoever holds the reference and postcode may; so may people who run it.

    Messages not yet sent are stopped, planned visits called off, and name, telephone and e-mail erased. The address
    stays, so that nobody calls on the home again, and so does what was fitted. Consents given with earlier requests of
    the home end too.
    """
    if by.kind is not ActorKind.VISITOR:
        permissions.check_can_edit(by)
    if request.state == RequestState.JOINED:
        return _withdraw_joined(request, because, by)
    held = _close(request, RequestState.WITHDRAWN, because, by)
    for one in (held, *held.joined.all()):
        _erase(one, by)
    passing_on.stop_for_home(held, by=by)
    earlier = HomeRequest.objects.filter(uprn=held.uprn, consent_contact=True).exclude(uprn="")
    earlier.update(consent_contact=False, version=F("version") + 1)
    return held


def _withdraw_joined(request: HomeRequest, because: str, by: Actor) -> HomeRequest:
    """Whoever asked a second time for a home may not speak for the first: that visit stays, and staff ask before it."""
    held = _locked(request)
    first = _locked(held.joined_to) if held.joined_to else None
    if first is not None and first.is_live:
        first.note = f"{first.note}\nA second request from this home was withdrawn: ask before the visit.".strip()
        _save(first)
    held.state, held.joined_to, held.closed_at = RequestState.WITHDRAWN, None, timezone.now()
    held.closed_because = one_line(because, NAME_LENGTH)
    return _erase(_noted(held, "closed a request: withdrawn", by), by)


@transaction.atomic
def erase(request: HomeRequest, *, because: ErasedBecause, by: Actor) -> HomeRequest:
    """Erase who asked from a finished request and from those joined to it, with what was written of them. For good.

    Whoever holds the reference and postcode may; so may people who run safe homes. It stays finished as it was. The
    address, visits and what was fitted stay, and so do other requests of the home, which others may have made. One that
    is erased already is left as it is. Raises RuleBroken while something is still to be done: withdrawing erases too.
    """
    if by.kind is not ActorKind.VISITOR:
        permissions.check_can_edit(by)
    if request.state == RequestState.JOINED:
        return _withdraw_joined(request, because.value, by)
    held = _locked(request)
    if held.is_live:
        raise RuleBroken(f"{held.reference} is not finished. Close it as withdrawn: that erases who asked as well.")
    if held.erased_at is not None:
        return held
    held.closed_because = because.value
    for one in (held, *held.joined.filter(erased_at__isnull=True)):
        _erase(one, by)
    return held


def _erase(request: HomeRequest, by: Actor) -> HomeRequest:
    """Forget who asked and stop what was about to be sent to them."""
    request.erased_at = timezone.now()
    request.name = request.telephone = request.email = request.note = ""
    request.vulnerability, request.consent_contact = [], False
    request.consent_onward, request.consent_for = False, []
    passing_on.stop(request, by=by)
    invitations.forget_words(request)
    forgetting.forget_words(request)
    Message.objects.filter(request=request, state=MessageState.WAITING.value).update(
        state=MessageState.STOPPED, to="", body=""
    )
    # What went out already stays in the list of messages, without whom it named.
    Message.objects.filter(request=request).update(to="", body="")
    audit.record(
        act=Act.ERASURE,
        what="erased the contact details of a request",
        subject=f"homes:{request.reference}",
        by=by,
        details={
            "fields": ["name", "telephone", "email", "note", "vulnerability", "messages", "words", "photos"],
            "state": request.state,
            "because": request.closed_because if request.closed_because in set(ErasedBecause) else "",
        },
    )
    return _save(request)


def _close(request: HomeRequest, state: RequestState, because: str, by: Actor) -> HomeRequest:
    held = _locked(request)
    if not held.is_live:
        raise RuleBroken(f"{held.reference} is {held.state} already.")
    held.state, held.closed_at = state, timezone.now()
    held.closed_because = one_line(because, NAME_LENGTH)
    wants_none = state is RequestState.WITHDRAWN
    invitations.close(held, InvitationState.WITHDRAWN if wants_none else InvitationState.REPLACED)
    planned = Visit.objects.select_for_update().filter(request=held, state=VisitState.PLANNED.value)
    for visit in planned.order_by("pk"):  # not by crew: a visit may have none
        visit.state, visit.version = VisitState.CANCELLED, visit.version + 1
        visit.save(update_fields=["state", "version"])
    answer = OfferState.UNANSWERED if state is RequestState.UNANSWERED else OfferState.REFUSED
    open_offers = (OfferState.TO_OFFER, OfferState.ATTEMPTED, OfferState.MADE, OfferState.ACCEPTED)
    CocoonOffer.objects.filter(uprn=held.uprn, state__in=[one.value for one in open_offers]).exclude(uprn="").update(
        state=answer, changed_at=timezone.now(), changed_by_name=by.name[:NAME_LENGTH]
    )
    return _noted(_save(held), f"closed a request: {state.value}", by)


@transaction.atomic
def note_contact(
    request: HomeRequest | None,
    *,
    kind: ContactKind,
    outcome: ContactOutcome,
    cost: Decimal = Decimal(0),
    homes: int = 1,
    note: str = "",
    by: Actor,
) -> Contact:
    """Note an attempt to reach a home, or a round of leaflets or doors that reached many (then without a request)."""
    permissions.check_can_edit(by)
    if cost < 0 or homes < 1:
        raise DataProblem("A contact costs nothing or more, and is with one home or more.")
    made = Contact.objects.create(
        request=request, uprn=request.uprn if request else "", kind=kind, outcome=outcome, homes=homes, cost=cost,
        note=one_line(note, NAME_LENGTH), at=timezone.now(), by_name=by.name[:NAME_LENGTH],
    )  # fmt: skip
    subject = f"homes:{request.reference}" if request else "homes:contacts"
    audit.record(act=Act.ALTERATION, what=f"noted a contact: {kind.value}", subject=subject, by=by)
    return made


@transaction.atomic
def set_weights(points: Mapping[Reason, int], *, by: Actor) -> dict[Reason, int]:
    """Set how many points each reason counts; returns what is in force. Raises DataProblem below 0 or above 100."""
    permissions.check_can_edit(by)
    before = selectors.weights()
    changed = {reason: n for reason, n in points.items() if before[reason] != n}
    for reason, n in changed.items():
        if not 0 <= n <= 100:
            raise DataProblem(f"Points are 0 to 100, not {n} ({reason.value}).")
        PriorityWeight.objects.update_or_create(
            reason=reason, defaults={"points": n, "set_at": timezone.now(), "set_by_name": by.name[:NAME_LENGTH]}
        )
    if changed:
        details = {reason.value: [before[reason], n] for reason, n in changed.items()}
        audit.record(
            act=Act.ALTERATION, what="changed who is visited first", subject="homes:points", by=by, details=details
        )
    return {**before, **changed}


@transaction.atomic
def note_look(request: HomeRequest, *, by: Actor) -> None:
    """Record that somebody looked at who asked."""
    audit.record(act=Act.CONSULTATION, what="looked at a request", subject=f"homes:{request.reference}", by=by)


@transaction.atomic
def note_look_at_cocoon(cocoon: Cocoon, *, by: Actor) -> None:
    """Record that somebody looked at the addresses round a burgled home."""
    audit.record(
        act=Act.CONSULTATION, what="looked at the homes of a cocoon", subject=f"homes:cocoon {cocoon.pk}", by=by
    )


# -- cocoons ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class NewCocoon:
    """A burglary to answer. ``victim`` is None where the record gives a place but no home."""

    alert: str
    victim: Premises | None
    easting: float | None
    northing: float | None
    area_name: str
    street: str
    way: str
    why: str
    burgled_on: date
    alive_until: date
    times: int = 1
    neighbours: Sequence[Neighbour] = field(default_factory=tuple)


@transaction.atomic
def make_cocoon(new: NewCocoon, *, by: Actor) -> Cocoon:
    """Put a burgled home on the list of requests and its neighbours on a list of offers. Once for each alert.

    Homes that have security from us, or said no before, are kept in it as such: the dosage counts them.
    """
    permissions.check_can_edit(by)
    found = Cocoon.objects.filter(alert=new.alert).first()
    if found is not None:
        return found
    made = Cocoon.objects.create(
        alert=new.alert, uprn=new.victim.uprn if new.victim else "", easting=new.easting, northing=new.northing,
        area_name=new.area_name, street=new.street, way=new.way, why=new.why, burgled_on=new.burgled_on,
        alive_until=new.alive_until, created_at=timezone.now(),
    )  # fmt: skip
    uprns = [one.home.uprn for one in new.neighbours]
    has, refused = selectors.with_security(uprns), selectors.said_no(uprns)
    offers = [
        _offer(made, one.home.uprn, OfferPart.NEIGHBOUR, one.doors, _first_state(one.home.uprn, has, refused), by)
        for one in new.neighbours
    ]
    if new.victim is not None:
        request = _victim_request(new.victim, new.times)
        offers.append(_offer(made, new.victim.uprn, OfferPart.VICTIM, 0, OfferState.TO_OFFER, by, request))
    CocoonOffer.objects.bulk_create(offers)
    audit.record(
        act=Act.COMBINATION,
        what=f"made a cocoon of {len(offers)} homes after a burglary",
        subject=f"homes:cocoon {made.pk}",
        by=by,
        details={"alert": new.alert, "way": new.way},
    )
    return made


def _first_state(uprn: str, has: set[str], refused: set[str]) -> OfferState:
    if uprn in has:
        return OfferState.HAS_IT
    return OfferState.REFUSED if uprn in refused else OfferState.TO_OFFER


def _offer(
    cocoon: Cocoon, uprn: str, part: OfferPart, doors: int, state: OfferState, by: Actor,
    request: HomeRequest | None = None,
) -> CocoonOffer:  # fmt: skip
    return CocoonOffer(
        cocoon=cocoon, uprn=uprn, part=part, doors=doors, state=state, request=request,
        note="said no before" if state is OfferState.REFUSED else "",
        changed_at=timezone.now(), changed_by_name=by.name[:NAME_LENGTH],
    )  # fmt: skip


@transaction.atomic
def refer_victim(home: Premises, *, times: int, by: Actor) -> HomeRequest:
    """Put a burgled home on the list, as the police record says: ``times`` burglaries in twelve months.

    Its live request, if it has one, learns of them. Nobody there has agreed to anything yet: no message goes out.
    """
    permissions.check_can_edit(by)
    return _noted(_victim_request(home, times), "put a burgled home on the list", by)


def _victim_request(home: Premises, times: int) -> HomeRequest:
    first = _live(home.uprn)
    if first is not None:
        first.burgled, first.burgled_times = Burgled.MY_HOME, max(first.burgled_times, times)
        return _save(first)
    asked = Asked(
        address=home.address,
        uprn=home.uprn,
        burgled=Burgled.MY_HOME,
        burgled_times=times,
        heard_from=HeardFrom.POLICE,
    )
    return _create(asked, Channel.REPEAT_VICTIM if times > 1 else Channel.VICTIM, None)


@transaction.atomic
def approve_cocoon(cocoon: Cocoon, *, only: Collection[int] | None = None, by: Actor) -> int:
    """Have the offers of a cocoon sent: a letter to each home that is still to be offered. Returns how many.

    ``only``: keys of the offers to send; the others stay to be offered, and it is noted that they were left out.
    """
    permissions.check_can_edit(by)
    held = Cocoon.objects.select_for_update().get(pk=cocoon.pk)
    if held.approved_at is not None:
        raise RuleBroken(f"{held.approved_by_name} approved this cocoon already.")
    held.approved_at, held.approved_by_name = timezone.now(), by.name[:NAME_LENGTH]
    held.save(update_fields=["approved_at", "approved_by_name"])
    offers = list(held.offers.filter(state=OfferState.TO_OFFER.value))
    homes = places.premises_of(one.uprn for one in offers)
    if only is not None and not any(one.pk in only for one in offers):
        raise DataProblem("Choose at least one home to write to.")
    sent = 0
    for offer in offers:
        home = homes.get(offer.uprn)
        if only is not None and offer.pk not in only:
            _note_offer(offer, OfferState.TO_OFFER, "left out when the others were approved", by)
        elif home is not None:
            about = messages.AFTER_BURGLARY if offer.part == OfferPart.VICTIM else messages.NEAR_BURGLARY
            messages.write_to_home(home, about=about, request=offer.request, by=by)
            _note_offer(offer, OfferState.ATTEMPTED, "letter", by)
            sent += 1
    audit.record(
        act=Act.ALTERATION, what=f"approved a cocoon: {sent} letters", subject=f"homes:cocoon {held.pk}", by=by
    )
    return sent


@transaction.atomic
def note_offer(offer: CocoonOffer, *, state: OfferState, note: str = "", by: Actor) -> CocoonOffer:
    """Say what became of an offer. A home that accepts gets a request of its own, or its live one is linked."""
    permissions.check_can_edit(by)
    held = CocoonOffer.objects.select_for_update().select_related("cocoon").get(pk=offer.pk)
    if state is OfferState.ACCEPTED and held.request_id is None:
        asked = Asked(address="", uprn=held.uprn, burgled=Burgled.NEAR, heard_from=HeardFrom.STREET_CANVASS)
        held.request = _live(held.uprn) or _create(asked, Channel.COCOON, None)
        held.save(update_fields=["request"])
    _note_offer(held, state, note, by)
    audit.record(
        act=Act.ALTERATION, what=f"an offer in a cocoon: {state.value}", subject=f"homes:cocoon {held.cocoon_id}",
        by=by, details={"offer": held.pk},
    )  # fmt: skip
    return held


def _note_offer(offer: CocoonOffer, state: OfferState, note: str, by: Actor) -> None:
    offer.state, offer.note = state, one_line(note, NAME_LENGTH)
    offer.changed_at, offer.changed_by_name = timezone.now(), by.name[:NAME_LENGTH]
    offer.save(update_fields=["state", "note", "changed_at", "changed_by_name"])


# -- shared -----------------------------------------------------------------------------------------------------------


def _locked(request: HomeRequest) -> HomeRequest:
    return HomeRequest.objects.select_for_update().get(pk=request.pk)


def _save(request: HomeRequest) -> HomeRequest:
    request.version += 1
    request.save()
    return request


def _noted(request: HomeRequest, what: str, by: Actor) -> HomeRequest:
    audit.record(
        act=Act.ALTERATION, what=what, subject=f"homes:{request.reference}", by=by, details={"state": request.state}
    )
    return request
