"""Named writes: a pack is kept, a decision asked for or withdrawn, a reminder put on record."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import one_line, storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.oversight.performance import permissions
from frankpledge.oversight.performance.models import PERSON_LENGTH, DecisionAsked, Pack, Reminder
from frankpledge.oversight.performance.rules import FinancialQuarter
from frankpledge.oversight.performance.vocabulary import TITLE_LENGTH
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken


@transaction.atomic
def keep_pack(
    *,
    quarter: FinancialQuarter,
    title: str,
    finding: str,
    indicators: int,
    page: str,
    pdf: bytes,
    word: bytes,
    slides: bytes,
    by: Actor,
) -> Pack:
    """Keep a pack as it was made, for good."""
    permissions.check_can_make_pack(by)
    made = Pack.objects.create(
        year=quarter.year,
        quarter=quarter.quarter,
        title=storable(title)[:TITLE_LENGTH],
        finding=storable(finding),
        indicators=indicators,
        page=storable(page),
        pdf=pdf,
        word=word,
        slides=slides,
        made_at=timezone.now(),
        made_by_id=by.id,
        made_by_name=storable(by.name)[:PERSON_LENGTH],
    )
    audit.record(act=Act.COLLECTION, what=f"made the pack {made.title}", subject=f"performance:pack-{made.pk}", by=by)
    return made


@transaction.atomic
def ask_decision(*, quarter: FinancialQuarter, title: str, by: Actor) -> DecisionAsked:
    """Ask the meeting about a quarter for a decision. Raises DataProblem for words that are missing or too many."""
    permissions.check_can_make_pack(by)
    words = one_line(title)
    if not words:
        raise DataProblem("Say what the meeting is asked to decide.")
    if len(words) > TITLE_LENGTH:
        raise DataProblem(f"What is asked has {len(words)} letters and may have {TITLE_LENGTH}.")
    made = DecisionAsked.objects.create(
        year=quarter.year,
        quarter=quarter.quarter,
        title=words,
        asked_by_id=by.id,
        asked_by_name=storable(by.name)[:PERSON_LENGTH],
        asked_at=timezone.now(),
    )
    audit.record(
        act=Act.COLLECTION, what=f"asked for a decision: {words}", subject=f"performance:asked-{made.pk}", by=by
    )
    return made


@transaction.atomic
def withdraw_decision(asked: DecisionAsked, *, by: Actor) -> DecisionAsked:
    """Take a question back; it stays on record. Raises RuleBroken if that was done already."""
    permissions.check_can_make_pack(by)
    held = DecisionAsked.objects.select_for_update().get(pk=asked.pk)
    if held.withdrawn_at is not None:
        raise RuleBroken("This was withdrawn already.")
    held.withdrawn_at = timezone.now()
    held.save(update_fields=["withdrawn_at"])
    audit.record(
        act=Act.ALTERATION, what=f"withdrew the question {held.title}", subject=f"performance:asked-{held.pk}", by=by
    )
    return held


@transaction.atomic
def record_reminder(
    *,
    quarter: FinancialQuarter,
    to_id: int,
    to_name: str,
    indicators: Sequence[str],
    subject: str,
    text: str,
    by: Actor,
) -> Reminder:
    """Put a reminder that went out on record, as it was sent."""
    permissions.check_can_make_pack(by)
    made = Reminder.objects.create(
        year=quarter.year,
        quarter=quarter.quarter,
        to_id=to_id,
        to_name=storable(to_name)[:PERSON_LENGTH],
        indicators=list(indicators),
        subject=storable(subject)[:TITLE_LENGTH],
        text=storable(text),
        sent_at=timezone.now(),
        sent_by_name=storable(by.name)[:PERSON_LENGTH],
    )
    audit.record(
        act=Act.DISCLOSURE,
        what=f"reminded an owner of {len(made.indicators)} unfilled figures",
        subject=f"performance:reminder-{made.pk}",
        recipient=made.to_name,
        by=by,
    )
    return made
