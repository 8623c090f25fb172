"""Named writes of calls after visits: the week's draw, what came of each call, and what was done about a complaint."""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import CallDraw, HomeRequest, QualityCall
from frankpledge.delivery.home_security.models.columns import TEXT_LENGTH
from frankpledge.delivery.home_security.rules import quality as rules
from frankpledge.delivery.home_security.rules.quality import Answers
from frankpledge.delivery.home_security.selectors import quality as selectors
from frankpledge.delivery.home_security.services import asking
from frankpledge.delivery.home_security.services.writing import altered, line, looked
from frankpledge.delivery.home_security.vocabulary import CallOutcome, Channel, ContactKind
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.places import selectors as places
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken

SEED_BYTES = 8
NOTHING_SAID = Answers()


def new_seed() -> str:
    """A seed nobody chose."""
    return secrets.token_hex(SEED_BYTES)


@transaction.atomic
def draw_week(
    *, wanted: int = rules.USUAL_A_WEEK, now: datetime | None = None, seed: Callable[[], str] = new_seed, by: Actor
) -> CallDraw:
    """Draw the homes to call this week. Once a week: a second draw would let somebody pick the better one.

    Raises RuleBroken if the week is drawn already or nobody can be drawn.
    """
    permissions.check_can_edit(by)
    now = now or timezone.now()
    day = timezone.localdate(now)
    first, last = rules.window(day)
    eligible = selectors.to_draw_from(first, last)
    if not eligible:
        raise RuleBroken(
            f"No home can be drawn: no visit finished {rules.FROM_WEEKS} to {rules.UNTIL_WEEKS} weeks ago waits for a "
            "call."
        )
    seeded = seed()
    chosen = rules.drawn(eligible, wanted, seeded)
    made, is_new = CallDraw.objects.get_or_create(
        week_on=rules.week_of(day),
        defaults={
            "first_day": first, "last_day": last, "wanted": wanted, "eligible_keys": eligible, "seed": seeded,
            "drawn_at": now, "by_name": line(by.name),
        },
    )  # fmt: skip
    if not is_new:
        raise RuleBroken(
            f"This week's homes were drawn on {timezone.localtime(made.drawn_at):%d/%m/%Y} by {made.by_name}. There is "
            "one draw a week, so that nobody can pick."
        )
    QualityCall.objects.bulk_create(
        QualityCall(draw=made, visit_id=key, place=place) for place, key in enumerate(chosen, 1)
    )
    altered("drew the homes to call", f"draw {made.pk}", by, homes=len(chosen), of=len(eligible), seed=seeded)
    return made


@transaction.atomic
def note_look(call: QualityCall, *, by: Actor) -> None:
    """Record that somebody opened a call sheet: it names the resident."""
    looked("looked at a call sheet", f"call {call.pk}", by)


@transaction.atomic
def note_call(
    call: QualityCall, *, outcome: CallOutcome, told: Answers = NOTHING_SAID, now: datetime | None = None, by: Actor
) -> QualityCall:
    """Write down what came of a call; no answer is an outcome too and may be tried again.

    Raises RuleBroken once somebody was reached: answers are not changed afterwards; and where the home has said since
    that it wants nothing more of us. DataProblem for what cannot be.
    """
    permissions.check_can_edit(by)
    held = _locked(call)
    if held.outcome == CallOutcome.REACHED:
        raise RuleBroken("This home's answers are written down already; they are not changed afterwards.")
    if selectors.not_to_call([held]):
        raise RuleBroken("This home wants nothing more of us, or who asked was erased: it is not called.")
    said = storable(told.said).strip()
    if len(said) > TEXT_LENGTH:
        raise DataProblem(f"What they say has {len(said):,} letters and may have {TEXT_LENGTH:,}.")
    rules.check_call(outcome, told, has_alarm=selectors.has_alarm(held.visit_id))
    held.outcome, held.tries, held.called_at = outcome, held.tries + 1, now or timezone.now()
    for name in (*rules.QUESTIONS, "complains"):
        setattr(held, name, getattr(told, name))
    held.said, held.by_name = said, line(by.name)
    held.save()
    altered(f"noted a call: {outcome.value}", f"call {held.pk}", by, complains=held.complains)
    return held


@transaction.atomic
def settle_complaint(call: QualityCall, *, what: str, by: Actor) -> QualityCall:
    """Say what was done about a complaint. Raises RuleBroken where there is none, or it is settled."""
    permissions.check_can_edit(by)
    held = _open_complaint(call)
    held.settled = line(what, "What was done")
    if not held.settled:
        raise DataProblem("Say what was done about it.")
    held.save(update_fields=["settled"])
    altered("settled a complaint", f"call {held.pk}", by)
    return held


@transaction.atomic
def visit_again(call: QualityCall, *, by: Actor) -> HomeRequest:
    """Let a home that complains wait for another visit; returns its request. One that waits already is joined to it."""
    permissions.check_can_edit(by)
    held = _open_complaint(call)
    visit, before = held.visit, held.visit.request
    home = places.premises_of([visit.uprn]).get(visit.uprn)
    if home is None:
        raise RuleBroken("This home is not in the address list any more. Take the request by telephone.")
    known = {} if before is None else {
        "name": before.name, "telephone": before.telephone, "email": before.email,
        "reach_by": ContactKind(before.reach_by), "language": before.language,
        "consent_contact": before.consent_contact, "consent_onward": before.consent_onward,
    }  # fmt: skip
    asked = asking.Asked(
        address=home.address,
        postcode=home.postcode,
        uprn=home.uprn,
        note=f"Complained in the call after the visit of {visit.day:%d/%m/%Y}: {held.said}"[:TEXT_LENGTH],
        **known,  # type: ignore[arg-type]
    )
    made = asking.ask(asked, channel=Channel.QUALITY_CALL, by=by)
    held.settled = f"another visit: {made.reference}"
    held.save(update_fields=["settled"])
    altered("asked for another visit after a complaint", f"call {held.pk}", by, request=made.reference)
    return made


def _open_complaint(call: QualityCall) -> QualityCall:
    held = _locked(call)
    if not held.complains:
        raise RuleBroken("Nobody complained in this call.")
    if held.settled:
        raise RuleBroken(f"This complaint is settled already: {held.settled}.")
    return held


def _locked(call: QualityCall) -> QualityCall:
    return QualityCall.objects.select_for_update(of=("self",)).select_related("visit__request").get(pk=call.pk)
