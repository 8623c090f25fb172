"""Named writes: a decision is recorded, and nothing changes it; a delegation is made, and may be taken back."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.records.meetings import permissions, rules
from frankpledge.records.meetings.models import PERSON_LENGTH, Decision, Delegation
from frankpledge.records.meetings.vocabulary import Outcome
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import RuleBroken


def record_decision(
    *,
    title: str,
    decided: str,
    decided_on: date,
    decided_by: str,
    reasons: str,
    figure_keys: Sequence[str] = (),
    subject: str = "",
    outcome: Outcome = Outcome.AGREED,
    details: Mapping[str, Any] | None = None,
    delegation: int | None = None,
    amount: Decimal | None = None,
    by: Actor,
) -> Decision:
    """Write down what was decided, as D1, D2 ...

    ``subject``: what it is about, ``room:key``. ``details``: anything JSON can hold that belongs to it, such as the
    scores of a scan; no personal data. ``delegation``: the number of the one it was taken under; ``amount``: the pounds
    it gives. One beyond its delegation is recorded all the same, and says so on its page.
    Raises RuleBroken for a decision that says too little, NotPermitted for somebody who may not record one.
    """
    permissions.check_can_record(by)
    words = {"title": storable(title).strip(), "decided": storable(decided).strip()}
    words |= {"decided_by": storable(decided_by).strip(), "reasons": storable(reasons).strip()}
    rules.check_decision(**words, decided_on=decided_on, today=timezone.localdate(), subject=subject)
    rules.check_amount(amount)
    keys = rules.tidy_keys(figure_keys)
    under = _under(delegation)
    with transaction.atomic():
        # The audit entry locks the head of the trail, so two recorders never get the same number.
        entry = audit.record(
            act=Act.COLLECTION,
            what="recorded a decision",
            subject=subject and f"meetings:decision about {subject}"[:200] or "meetings:decision",
            by=by,
            details={"outcome": Outcome(outcome).value, "figures": keys},
        )
        newest = Decision.objects.aggregate(number=Max("number"))["number"] or 0
        return Decision.objects.create(
            number=newest + 1,
            **words,
            outcome=Outcome(outcome).value,
            decided_on=decided_on,
            figure_keys=keys,
            subject=subject,
            details=dict(details or {}),
            delegation=under,
            amount=amount,
            recorded_at=entry.at,
            recorded_by_id=by.id,
            recorded_by_name=storable(by.name)[:PERSON_LENGTH],
        )


def delegate(
    *,
    what: str,
    agency_id: int | None = None,
    agency_name: str = "",
    person: str = "",
    limit: Decimal | None = None,
    limit_words: str = "",
    since: date,
    until: date | None = None,
    decision: Decision,
    by: Actor,
) -> Delegation:
    """Write down what an agency or a person may decide alone, as DL1, DL2 ...: by which decision, up to what limit.

    ``limit``: pounds for one decision; ``limit_words``: any other limit. Raises RuleBroken for one without a holder or
    a limit, or whose decision did not agree to anything.
    """
    permissions.check_can_record(by)
    words = {"what": storable(what).strip(), "limit_words": storable(limit_words).strip()}
    holder = {"agency_name": storable(agency_name).strip(), "person": storable(person).strip()}
    if any(len(name) > PERSON_LENGTH for name in holder.values()):
        raise RuleBroken(f"Name who may decide in {PERSON_LENGTH} characters or fewer.")
    if decision.outcome not in (Outcome.AGREED, Outcome.AGREED_IN_PART):
        raise RuleBroken(f"{decision.reference} agreed to nothing, so nothing is delegated by it.")
    rules.check_delegation(
        **words,
        holder="".join(holder.values()),
        limit=limit,
        since=since,
        until=until,
        decided_on=decision.decided_on,
    )
    with transaction.atomic():
        # The audit entry locks the head of the trail, so two recorders never get the same number.
        entry = audit.record(
            act=Act.COLLECTION,
            what="recorded a delegation",
            subject=f"meetings:delegation by {decision.reference}",
            by=by,
            details={"limit": None if limit is None else str(limit), "decision": decision.reference},
        )
        newest = Delegation.objects.aggregate(number=Max("number"))["number"] or 0
        return Delegation.objects.create(
            number=newest + 1,
            **words,
            **holder,
            agency_id=agency_id,
            limit=limit,
            since=since,
            until=until,
            decision=decision,
            recorded_at=entry.at,
            recorded_by_name=storable(by.name)[:PERSON_LENGTH],
        )


@transaction.atomic
def take_back(delegation: Delegation, *, ended_on: date, because: str, by: Actor) -> Delegation:
    """End a delegation before its time; ``ended_on`` is its last day. Raises RuleBroken for one that has ended."""
    permissions.check_can_record(by)
    held = Delegation.objects.select_for_update().get(pk=delegation.pk)
    said = storable(because).strip()
    if held.ended_on is not None:
        raise RuleBroken(f"{held.reference} was taken back already.")
    if not said or len(said) > rules.WORDS_LENGTH:
        raise RuleBroken(f"Say why it is taken back, in {rules.WORDS_LENGTH:,} characters or fewer.")
    if ended_on < held.since or (held.until is not None and ended_on > held.until):
        raise RuleBroken("Its last day lies between the day it began and the day it was to end.")
    held.ended_on, held.ended_because = ended_on, said
    held.save()
    audit.record(
        act=Act.ALTERATION,
        what="took back a delegation",
        subject=f"meetings:delegation {held.reference}",
        by=by,
        details={"ended on": ended_on.isoformat()},
    )
    return held


def _under(number: int | None) -> Delegation | None:
    if number is None:
        return None
    found = Delegation.objects.filter(number=number).first()
    if found is None:
        raise RuleBroken(f"There is no delegation DL{number}.")
    return found
