"""Named writes of times residents choose from: offering them, choosing one, changing it, calling it off.

Who chooses holds the address or the code of an invitation, and may do nothing but what stands here. Locks are always
taken in one order: the request, its invitation, the crews by key. So two residents who pick the last place of a day at
the same moment are served one after the other, and the second is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from frankpledge.analysis.day_routes import Opening, openings
from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import Crew, HomeRequest, Invitation, Visit
from frankpledge.delivery.home_security.models.columns import NAME_LENGTH
from frankpledge.delivery.home_security.rules import choosing as rules
from frankpledge.delivery.home_security.rules import doing as day_rules
from frankpledge.delivery.home_security.rules.choosing import Slot
from frankpledge.delivery.home_security.selectors import asking, choosing
from frankpledge.delivery.home_security.selectors import doing as days
from frankpledge.delivery.home_security.selectors.doing import Day
from frankpledge.delivery.home_security.services import asking as requests
from frankpledge.delivery.home_security.services import doing, invitations, messages
from frankpledge.delivery.home_security.vocabulary import ContactKind, InvitationState, RequestState, VisitState
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import one_line
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken

DAYS_AHEAD = 10  # working days in which a time is looked for
MOST_AT_ONCE = 20  # homes offered times by one press of a button


class TimeTaken(RuleBroken):
    """The time fits no crew's day any more: somebody was quicker, or the day went on."""


# -- what fits --------------------------------------------------------------------------------------------------------


def days_ahead(first: date, now: datetime) -> dict[date, Day]:
    """The working days from ``first`` on that have a shift. Eight queries a day."""
    found = (days.the_day(day, now) for day in day_rules.working_days(first, DAYS_AHEAD))
    return {state.day: state for state in found if state.shifts}


def times_to_offer(request: HomeRequest, *, now: datetime, ahead: Mapping[date, Day] | None = None) -> list[Slot]:
    """Times that fit a crew's day without breaking a promise to anybody else: two a day, six altogether."""
    first = rules.first_day(now, ContactKind(request.reach_by))
    found = ahead if ahead is not None else days_ahead(first, now)
    fits: list[Slot] = []
    for day in sorted(day for day in found if day >= first):
        fits += [slot for slot in _slots(day) if _opening(request.uprn, slot, found[day]) is not None]
        if len(rules.picked(fits)) >= rules.MOST_TIMES:
            break
    return rules.picked(fits)


def _slots(day: date) -> list[Slot]:
    return [Slot(day, starts, ends) for starts, ends in rules.SLOTS]


def _opening(uprn: str, slot: Slot, state: Day) -> Opening | None:
    """Where the slot fits the day best; None where it fits nobody's."""
    stop = doing.new_stop(uprn, state, window=(slot.starts, slot.ends))
    routes = [route for route in doing.all_routes(state) if route is not None]
    found = openings(stop, routes, store=state.store, most=1) if stop else ()
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a resident can choose from now: times that still fit, and of those offered first how many are gone."""

    slots: Sequence[Slot]
    gone: int


def choices(invitation: Invitation, *, now: datetime) -> Choice:
    """The times of an invitation that still fit; where none does, others that do. Eight queries a day looked at."""
    request = invitation.request
    offered = [Slot.from_list(one) for one in invitation.times]
    wanted = sorted({slot.day for slot in offered if rules.is_open(slot, now)})
    states = {day: days.the_day(day, now) for day in wanted}
    there, gone = rules.sort_fitting(
        offered, lambda slot: _opening(request.uprn, slot, states[slot.day]) is not None, now
    )
    if invitation.visit is not None and invitation.state == InvitationState.CHOSEN:
        there = [slot for slot in there if not _is_booked(slot, invitation.visit)]
    if len(there) < 2:
        there = sorted({*there, *(slot for slot in _others(invitation, now) if slot not in gone)})[: rules.MOST_TIMES]
    return Choice(there, len(gone))


def _others(invitation: Invitation, now: datetime) -> list[Slot]:
    """Other times, from the next day on that can still be reached: whoever reads the page needs no post."""
    first = rules.first_day(now, ContactKind.TEXT)
    visit = invitation.visit if invitation.state == InvitationState.CHOSEN else None
    fits: list[Slot] = []
    for state in days_ahead(first, now).values():
        fits += [slot for slot in _slots(state.day) if _opening(invitation.request.uprn, slot, state) is not None]
        if len(rules.picked(fits)) >= rules.MOST_TIMES:
            break
    return [slot for slot in rules.picked(fits) if visit is None or not _is_booked(slot, visit)]


def _is_booked(slot: Slot, visit: Visit) -> bool:
    return visit.day == slot.day and visit.window_from == slot.starts


# -- offering ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def offer_times(
    request: HomeRequest, *, now: datetime, ahead: Mapping[date, Day] | None = None, by: Actor
) -> Invitation:
    """Offer a home times to choose from, by the way it wants to be reached. What it was offered before is replaced.

    Raises RuleBroken where nobody may write to the resident, the home is not known, or no crew has room.
    """
    permissions.check_can_edit(by)
    held = HomeRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    _check_may_offer(held)
    slots = times_to_offer(held, now=now, ahead=ahead)
    if not slots:
        raise RuleBroken(
            f"No crew has room for {held.reference} in the next {DAYS_AHEAD} working days. Put crews to work first."
        )
    invitations.close(held)
    made = _invitation(held, slots, now, by)
    if held.state != RequestState.OFFERED:
        held.state, held.version = RequestState.OFFERED, held.version + 1
        held.save(update_fields=["state", "version"])
    messages.write(held, about=messages.TIMES, invitation=made, by=by)
    _note("offered times to choose from", held, by, {"times": made.times})
    return made


def _check_may_offer(request: HomeRequest) -> None:
    if not request.is_live or request.state == RequestState.BOOKED:
        raise RuleBroken(f"{request.reference} is {request.state} already.")
    if not request.uprn:
        raise RuleBroken(f"Say first which home {request.reference} is about: a crew must know where to go.")
    if not request.consent_contact:
        raise RuleBroken(f"{request.reference} has not agreed to messages: give a time yourself and tell them.")


def _invitation(request: HomeRequest, slots: Sequence[Slot], now: datetime, by: Actor) -> Invitation:
    salt = invitations.new_salt()
    code = invitations.code_of(salt, request.reference)
    return Invitation.objects.create(
        request=request, salt=salt, token_hash=invitations.hash_of(invitations.token_of(salt)),
        code_hash=invitations.code_hashes(request.reference, code)[0], times=[slot.as_list() for slot in slots],
        made_at=now, expires_at=rules.expires_at(slots), by_name=by.name[:NAME_LENGTH],
    )  # fmt: skip


def offer_to_next(count: int, *, now: datetime, by: Actor) -> tuple[int, list[str]]:
    """Offer times to the next ``count`` homes of the list that wait for an offer.

    Returns how many were offered times, and a sentence for each that could not be: those do not count.
    """
    permissions.check_can_edit(by)
    if not 1 <= count <= MOST_AT_ONCE:
        raise DataProblem(f"Offer times to 1 to {MOST_AT_ONCE} homes at once.")
    ahead = days_ahead(rules.first_day(now, ContactKind.TEXT), now)
    if not ahead:
        raise RuleBroken("No crew has a shift in the next ten working days. Put crews to work first.")
    sent, problems = 0, []
    order = [one.key for one in asking.priority_list(now.astimezone(day_rules.LONDON).date())]
    held = asking.requests(order[: 5 * MOST_AT_ONCE])
    for key in order[: 5 * MOST_AT_ONCE]:
        request = held.get(key)
        if request is None or request.state != RequestState.WAITING or not request.uprn:
            continue
        try:
            offer_times(request, now=now, ahead=ahead, by=by)
            sent += 1
        except RuleBroken as problem:
            problems.append(str(problem))
        if sent == count:
            break
    return sent, problems


@transaction.atomic
def let_lapse(*, now: datetime, by: Actor) -> int:
    """Offers nobody answered in time end; their homes wait again. Returns how many."""
    found = list(choosing.lapsed(now))
    for one in found:
        held = HomeRequest.objects.select_for_update(of=("self",)).get(pk=one.request_id)
        changed = Invitation.objects.filter(pk=one.pk, state=InvitationState.OPEN.value).update(
            state=InvitationState.UNANSWERED.value
        )
        if changed:
            _wait_again(held)
            _note("let offered times lapse: no answer", held, by)
    return len(found)


# -- choosing ---------------------------------------------------------------------------------------------------------


def opened(token: str, *, now: datetime) -> Invitation | None:
    """The invitation an address opens, as long as it opens one. A wrong, used or old address: None, whichever it is."""
    found = choosing.by_token(invitations.hash_of(token)) if 0 < len(token) <= 128 else None
    return found if found is not None and is_open(found, now) else None


def token_for(reference: str, code: str, *, now: datetime) -> str | None:
    """The address that a reference and the code of a letter stand for; None where they open nothing."""
    for kept in invitations.code_hashes(reference, code):
        found = choosing.by_code(reference, kept)
        if found is not None and is_open(found, now):
            return invitations.token_of(found.salt, found.token_hash)
    return None


def is_open(invitation: Invitation, now: datetime) -> bool:
    """Whether its page still answers: until a time may be chosen no more, or the chosen one changed no more."""
    if invitation.state == InvitationState.OPEN:
        return invitation.request.is_live and invitation.expires_at > now
    visit = invitation.visit
    return (
        invitation.state == InvitationState.CHOSEN
        and visit is not None
        and visit.state == VisitState.PLANNED
        and rules.closes_at(visit.day) > now
    )


@transaction.atomic
def choose(invitation: Invitation, slot: Slot, *, now: datetime, by: Actor) -> Visit:
    """Book the time a resident picked, instead of one picked before, and write to them. Picked twice, booked once.

    Raises TimeTaken where it fits no crew any more: nothing is changed then, an earlier choice stands.
    """
    request, held = _locked(invitation, now)
    _check_slot(slot, now)
    before = held.visit if held.state == InvitationState.CHOSEN else None
    if before is not None and _is_booked(slot, before):
        return before
    booked = Visit.objects.filter(request=request, state__in=days.OPEN).values_list("pk", flat=True)
    if set(booked) - {before.pk if before else 0}:
        raise RuleBroken("A visit to this home is booked already.")
    if before is not None:
        if held.changes >= rules.MOST_CHANGES:
            raise RuleBroken("This visit was moved several times already.")
        _cancel(before)
    list(Crew.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    state = days.the_day(slot.day, now)
    place = _opening(request.uprn, slot, state)
    if place is None:
        raise TimeTaken("This time has just been taken.")
    crew = next(shift.crew for shift in state.shifts if shift.crew.name == place.crew)
    stop = next(leg.stop for leg in place.route.legs if leg.stop.key == "new")
    visit = doing.place_visit(
        request, state=state, crew=crew, place=place, minutes=stop.minutes, window=(slot.starts, slot.ends)
    )
    held.state, held.visit, held.answered_at = InvitationState.CHOSEN, visit, now
    held.changes += before is not None
    held.save(update_fields=["state", "visit", "answered_at", "changes"])
    messages.write(request, about=messages.BOOKED, invitation=held, by=by)
    _note("chose a time", request, by, {"visit": visit.pk, "instead of": before.pk if before else None})
    return visit


def _check_slot(slot: Slot, now: datetime) -> None:
    known = (slot.starts, slot.ends) in rules.SLOTS and slot.day.weekday() < 5
    if not known or not rules.is_open(slot, now):
        raise TimeTaken("This time cannot be chosen any more.")


def _locked(invitation: Invitation, now: datetime) -> tuple[HomeRequest, Invitation]:
    request = HomeRequest.objects.select_for_update(of=("self",)).get(pk=invitation.request_id)
    held = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    held.request = request
    if not is_open(held, now):
        raise RuleBroken("These times were answered already, or are over.")
    return request, held


def _cancel(visit: Visit) -> None:
    visit.state, visit.version = VisitState.CANCELLED, visit.version + 1
    visit.save(update_fields=["state", "version"])


@transaction.atomic
def none_suits(invitation: Invitation, *, note: str, now: datetime, by: Actor) -> None:
    """No offered time suits: the home waits again with what would suit, in the resident's words."""
    request, held = _locked(invitation, now)
    if held.state != InvitationState.OPEN:
        raise RuleBroken("A time is chosen already. Choose another one or call the visit off.")
    held.note = one_line(note, NAME_LENGTH)
    _answered(held, InvitationState.NONE_SUITS, now)
    _wait_again(request)
    _note("said that no time suits", request, by)


@transaction.atomic
def call_off(invitation: Invitation, *, now: datetime, by: Actor) -> None:
    """Call the chosen visit off. The home goes back into the list and keeps the day it asked."""
    request, held = _locked(invitation, now)
    if held.visit is None or held.state != InvitationState.CHOSEN:
        raise RuleBroken("No time is chosen yet.")
    _cancel(held.visit)
    _answered(held, InvitationState.CALLED_OFF, now)
    _wait_again(request)
    _note("called a chosen visit off", request, by, {"visit": held.visit_id})


@transaction.atomic
def withdraw(invitation: Invitation, *, now: datetime, by: Actor) -> None:
    """The resident wants no visit any more: as by the page of the public form."""
    request, _ = _locked(invitation, now)
    requests.withdraw(request, because="said so on the page of times", by=by)


def _answered(invitation: Invitation, state: InvitationState, now: datetime) -> None:
    invitation.state, invitation.answered_at = state, now
    invitation.save(update_fields=["state", "answered_at", "note"])


def _wait_again(request: HomeRequest) -> None:
    if request.state in (RequestState.OFFERED, RequestState.BOOKED):
        request.state, request.version = RequestState.WAITING, request.version + 1
        request.save(update_fields=["state", "version"])


def _note(what: str, request: HomeRequest, by: Actor, details: dict[str, Any] | None = None) -> None:
    audit.record(act=Act.ALTERATION, what=what, subject=f"homes:{request.reference}", by=by, details=details or {})
