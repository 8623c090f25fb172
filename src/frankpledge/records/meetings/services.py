"""Named writes: a decision is recorded. There is none to change one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.records.meetings import permissions, rules
from frankpledge.records.meetings.models import PERSON_LENGTH, Decision
from frankpledge.records.meetings.vocabulary import Outcome
from frankpledge.vocabulary.actors import Actor


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
    by: Actor,
) -> Decision:
    """Write down what was decided, as D1, D2 ...

    ``subject``: what it is about, ``room:key``. ``details``: anything JSON can hold that belongs to it, such as the
    scores of a scan; no personal data. Raises RuleBroken for a decision that says too little, NotPermitted for somebody
    who may not record one.
    """
    permissions.check_can_record(by)
    words = {"title": storable(title).strip(), "decided": storable(decided).strip()}
    words |= {"decided_by": storable(decided_by).strip(), "reasons": storable(reasons).strip()}
    rules.check_decision(**words, decided_on=decided_on, today=timezone.localdate(), subject=subject)
    keys = rules.tidy_keys(figure_keys)
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
            recorded_at=entry.at,
            recorded_by_id=by.id,
            recorded_by_name=storable(by.name)[:PERSON_LENGTH],
        )
