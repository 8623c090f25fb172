"""Named writes of passing residents on. Nobody is passed on without consent; taking it back stops what is under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import HomeRequest, Referral, ServiceOffer
from frankpledge.delivery.home_security.models.columns import NAME_LENGTH
from frankpledge.delivery.home_security.rules import passing_on as rules
from frankpledge.delivery.home_security.selectors import passing_on as selectors
from frankpledge.delivery.home_security.services.writing import altered, looked
from frankpledge.delivery.home_security.vocabulary import (
    Burgled,
    ContactKind,
    Need,
    OfferAnswer,
    ReferralState,
    ReferralTo,
    RequestState,
)
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.places import selectors as places
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import RuleBroken


@transaction.atomic
def offer(request: HomeRequest, *, to: ReferralTo, answer: OfferAnswer, by: Actor) -> ServiceOffer:
    """Note that a service was offered and what the resident said. A yes is consent to that service: they are passed on.

    Raises RuleBroken for a withdrawn or erased request, or a yes to a service they were passed on to already.
    """
    permissions.check_can_edit(by)
    held = _locked(request)
    if held.state == RequestState.WITHDRAWN:
        raise RuleBroken(f"{held.reference} is withdrawn: nobody calls on this home again.")
    if held.is_forgotten:
        raise RuleBroken(f"Who asked was erased from {held.reference}: there is nobody to pass on.")
    made = ServiceOffer.objects.create(request=held, to=to, answer=answer, at=timezone.now(), by_name=_name(by))
    audit.record(
        act=Act.ALTERATION,
        what=f"offered a resident the {to.value}: {answer.value}",
        subject=f"homes:{held.reference}",
        by=by,
    )
    if answer is OfferAnswer.YES:
        held.consent_for = rules.agree(held.consent_onward, held.consent_for, [to.value])
        held.consent_onward = True
        _save_consent(held)
        _pass_on(held, to, "", by)
    return made


@transaction.atomic
def pass_on(request: HomeRequest, *, to: ReferralTo, why: str = "", by: Actor) -> Referral:
    """Pass a resident on to a service they consented to. Raises RuleBroken without that consent, or if it was done."""
    permissions.check_can_edit(by)
    return _pass_on(_locked(request), to, why, by)


@transaction.atomic
def pass_on_all(to: ReferralTo, *, by: Actor) -> int:
    """Pass on every home that consented to this service and is due. Returns how many.

    A home whose consent was taken back, or that somebody else passed on, since the list was read is left as it is.
    """
    permissions.check_can_edit(by)
    found = [one for home in selectors.known_homes() for one in rules.due(home) if one.to is to and one.is_agreed]
    passed = 0
    for one in found:
        held = HomeRequest.objects.select_for_update().get(pk=one.home.request)
        agreed = to in rules.agreed(held.consent_onward, held.consent_for)
        if agreed and selectors.open_referral(held, to) is None:
            _pass_on(held, to, "; ".join(one.why), by)
            passed += 1
    return passed


def _pass_on(held: HomeRequest, to: ReferralTo, why: str, by: Actor) -> Referral:
    if to not in rules.agreed(held.consent_onward, held.consent_for):
        raise RuleBroken(f"The resident has not consented to the {to.value}. Offer it first.")
    before = selectors.open_referral(held, to)
    if before is not None:
        raise RuleBroken(f"They were passed on to the {to.value} on {timezone.localdate(before.made_at):%-d %B %Y}.")
    made = Referral.objects.create(
        request=held, uprn=held.uprn, to=to, why=why[:NAME_LENGTH], made_at=timezone.now(), by_name=_name(by)
    )
    audit.record(
        act=Act.ALTERATION, what=f"passed a resident on to the {to.value}", subject=f"homes:{held.reference}", by=by,
        details={"referral": made.pk},
    )  # fmt: skip
    return made


# -- consent taken back -----------------------------------------------------------------------------------------------


@transaction.atomic
def withdraw_consent(request: HomeRequest, *, by: Actor) -> int:
    """The resident does not want to be passed on any more: nobody is, and what is under way stops. Returns how many."""
    permissions.check_can_edit(by)
    held = _locked(request)
    held.consent_onward, held.consent_for = False, []
    _save_consent(held)
    audit.record(
        act=Act.ALTERATION, what="noted that consent to be passed on was taken back",
        subject=f"homes:{held.reference}", by=by,
    )  # fmt: skip
    return stop_for_home(held, by=by)


@transaction.atomic
def withdraw_from(referral: Referral, *, by: Actor) -> int:
    """The resident of one referral took the consent back. Returns how many referrals stop."""
    permissions.check_can_edit(by)
    if referral.request is not None:
        return withdraw_consent(referral.request, by=by)
    return _stop(Q(pk=referral.pk), f"homes:referral {referral.pk}", by)


def stop(request: HomeRequest, *, by: Actor) -> int:
    """Stop everything one request was passed on for, in the transaction that took the consent back."""
    return _stop(Q(request=request), f"homes:{request.reference}", by)


def stop_for_home(request: HomeRequest, *, by: Actor) -> int:
    """The same for all requests of its home, earlier ones too: consent that stands there would pass them on again."""
    same = Q(uprn=request.uprn) & ~Q(uprn="")
    consenting = HomeRequest.objects.filter(same, consent_onward=True).exclude(pk=request.pk)
    consenting.update(consent_onward=False, consent_for=[], version=F("version") + 1)
    request.onward_ended_at = timezone.now()  # a crew's report that is on its way does not bring it back
    request.save(update_fields=["onward_ended_at"])
    return _stop(Q(request=request) | same, f"homes:{request.reference}", by)


def _stop(which: Q, subject: str, by: Actor) -> int:
    """Nothing goes to any service any more. Those that declined need not be told; those that took it up do."""
    open_ = Referral.objects.filter(which, withdrawn_at__isnull=True)
    stopped = open_.exclude(state=ReferralState.DECLINED.value).update(withdrawn_at=timezone.now())
    open_.update(withdrawn_at=timezone.now())
    if stopped:
        audit.record(
            act=Act.ALTERATION, what=f"consent to be passed on was taken back: {stopped} to stop", subject=subject,
            by=by,
        )  # fmt: skip
    return stopped


@transaction.atomic
def note_told(referral: Referral, *, by: Actor) -> Referral:
    """The service was told to stop. Raises RuleBroken where there is nothing to tell."""
    permissions.check_can_edit(by)
    held = _held(referral)
    if held.withdrawn_at is None:
        raise RuleBroken("The resident has not taken the consent back: there is nothing to tell.")
    held.told_at = held.told_at or timezone.now()
    held.save(update_fields=["told_at"])
    return _noted(held, "told a service to stop", by)


# -- answers ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def note_answer(referral: Referral, *, state: ReferralState, by: Actor) -> Referral:
    """The service says what came of it. Raises RuleBroken once that is known or the consent was taken back."""
    permissions.check_can_edit(by)
    held = _held(referral)
    _check_waits(held)
    if state is ReferralState.SENT:
        raise RuleBroken("Choose whether it was taken up or declined.")
    held.state, held.answered_at = state, timezone.now()
    held.save(update_fields=["state", "answered_at"])
    return _noted(held, f"a service answered: {state.value}", by)


@transaction.atomic
def note_chased(referral: Referral, *, by: Actor) -> Referral:
    """The service was asked what came of it."""
    permissions.check_can_edit(by)
    held = _held(referral)
    _check_waits(held)
    held.chased_at = timezone.now()
    held.save(update_fields=["chased_at"])
    return _noted(held, "chased a service for an answer", by)


def _check_waits(held: Referral) -> None:
    if held.withdrawn_at is not None:
        raise RuleBroken("The resident took the consent back: the service is to stop, and owes no answer.")
    if held.state != ReferralState.SENT:
        raise RuleBroken(f"The service answered already: {held.state}.")


# -- what the service gets --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Particulars:
    """All a receiving service is told of one resident, and nothing else. Empty where it has no need to know."""

    reference: str
    to: ReferralTo
    passed_on: date
    name: str
    address: str
    postcode: str
    reach_by: str
    language: str
    needs: tuple[str, ...]
    weak: tuple[str, ...]
    tenure: str


@transaction.atomic
def look_at(referral: Referral, *, by: Actor) -> Particulars:
    """What the service gets, for a person to read. The look is recorded. Raises RuleBroken as ``hand_over`` does."""
    permissions.check_can_edit(by)
    _check_consent(_held(referral))
    looked("looked at a referral", f"referral {referral.pk}", by)
    return _particulars(referral)


@transaction.atomic
def hand_over(referral: Referral, *, by: Actor) -> Particulars:
    """What the service gets, as a disclosure to it. Raises RuleBroken once the consent was taken back."""
    permissions.check_can_edit(by)
    held = _held(referral)
    _check_consent(held)
    held.handed_over_at = timezone.now()
    held.save(update_fields=["handed_over_at"])
    audit.record(
        act=Act.DISCLOSURE,
        what="gave a resident’s particulars to a service they consented to",
        subject=f"homes:referral {held.pk}",
        by=by,
        purpose="passing on with consent",
        recipient=held.to,
        details={"fields": ["name", "address", "postcode", "reach by", "language", "needs"]},
    )
    return _particulars(referral)


def _check_consent(held: Referral) -> None:
    if held.withdrawn_at is not None:
        raise RuleBroken("The resident took the consent back: nothing of them goes to the service any more.")


def _particulars(referral: Referral) -> Particulars:
    request, to = referral.request, ReferralTo(referral.to)
    home = places.premises_of([referral.uprn]).get(referral.uprn) if referral.uprn else None
    needs = [Need(word) for word in request.vulnerability] if request else []
    visit = referral.visit or (request.visits.order_by("-day", "-pk").first() if request else None)
    handy = to is ReferralTo.HANDY_PERSON
    return Particulars(
        reference=f"{request.reference if request else 'visit'}-{referral.pk}",
        to=to,
        passed_on=timezone.localdate(referral.made_at),
        name=request.name if request else "",
        address=home.address if home else request.address if request else "",
        postcode=home.postcode if home else request.postcode if request else "",
        reach_by=_reach(request) if request else "",
        language=request.language if request else "",
        needs=tuple(need.value for need in rules.TOLD[to] if need in needs),
        weak=rules.weak_points(visit.audit_sheet) if handy and visit else (),
        tenure=request.tenure if request and to in rules.KNOWS_TENURE else "",
    )


def _reach(request: HomeRequest) -> str:
    """The one way the resident chose; a letter goes to the address, which is there anyway."""
    kind = ContactKind(request.reach_by)
    if kind in rules.BY_TELEPHONE:
        return f"{kind.value} {request.telephone}".strip()
    return f"{kind.value} {request.email}".strip() if kind is ContactKind.EMAIL else kind.value


@transaction.atomic
def note_look_at_list(*, by: Actor) -> None:
    """Record that somebody saw who is to be passed on, by name."""
    audit.record(
        act=Act.CONSULTATION, what="looked at who is passed on to other services", subject="homes:referrals",
        by=by,
    )  # fmt: skip


# -- shared -----------------------------------------------------------------------------------------------------------


def _locked(request: HomeRequest) -> HomeRequest:
    return HomeRequest.objects.select_for_update().get(pk=request.pk)


def _held(referral: Referral) -> Referral:
    return Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)


def _save_consent(request: HomeRequest) -> None:
    request.version += 1
    request.save(update_fields=["consent_onward", "consent_for", "version"])


def _name(by: Actor) -> str:
    return storable(by.name)[:NAME_LENGTH]


def _noted(referral: Referral, what: str, by: Actor) -> Referral:
    altered(what, f"referral {referral.pk}", by)
    return referral


# -- taking over a register kept elsewhere ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KnownResident:
    """A resident of an earlier register: what is known of them, and what became of passing them on, if they were."""

    uprn: str
    name: str
    needs: Sequence[Need]
    was_burgled: bool
    to: ReferralTo | None = None
    said_no: bool = False  # it was offered, and they did not want it
    made_at: datetime | None = None
    state: ReferralState = ReferralState.SENT
    answered_at: datetime | None = None
    chased_at: datetime | None = None
    withdrawn_at: datetime | None = None


@transaction.atomic
def take_over_residents(known: Sequence[KnownResident], *, by: Actor) -> int:
    """Take over what an earlier register knows of homes that have a request here. Returns how many were found."""
    permissions.check_can_edit(by)
    homes = HomeRequest.objects.filter(uprn__in=[one.uprn for one in known]).order_by("asked_at", "pk")
    held = {request.uprn: request for request in homes}
    found = [one for one in known if one.uprn in held]
    for one in found:
        _take_over(one, held[one.uprn])
    columns = ["name", "vulnerability", "burgled", "consent_onward", "consent_for"]
    HomeRequest.objects.bulk_update([held[one.uprn] for one in found], columns, batch_size=100)
    Referral.objects.bulk_create(
        _past_referral(one, one.to, held[one.uprn], by) for one in found if one.to and not one.said_no
    )
    ServiceOffer.objects.bulk_create(
        ServiceOffer(
            request=held[one.uprn],
            to=one.to,
            answer=OfferAnswer.NO,
            at=one.made_at or timezone.now(),
            by_name=_name(by),
        )
        for one in found
        if one.to and one.said_no
    )
    audit.record(
        act=Act.COLLECTION,
        what=f"took over what is known of {len(found)} residents",
        subject="homes:referrals",
        by=by,
    )
    return len(found)


def _take_over(one: KnownResident, request: HomeRequest) -> None:
    request.name = request.name or one.name[:NAME_LENGTH]
    request.vulnerability = [need.value for need in Need if need in one.needs or need.value in request.vulnerability]
    if one.was_burgled:
        request.burgled = Burgled.MY_HOME
    if one.to and not one.said_no and one.withdrawn_at is None:
        request.consent_for = rules.agree(request.consent_onward, request.consent_for, [one.to.value])
        request.consent_onward = True


def _past_referral(one: KnownResident, to: ReferralTo, request: HomeRequest, by: Actor) -> Referral:
    return Referral(
        request=request,
        uprn=one.uprn,
        to=to,
        made_at=one.made_at or timezone.now(),
        state=one.state,
        answered_at=one.answered_at,
        chased_at=one.chased_at,
        handed_over_at=one.made_at,
        withdrawn_at=one.withdrawn_at,
        by_name=_name(by),
    )
