"""Named writes of the action register. Every one leaves a line in the action's history and in the audit trail."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.jobs import services as jobs
from frankpledge.records.actions import permissions, rules
from frankpledge.records.actions.models import KEY_LENGTH, NAME_LENGTH, TITLE_LENGTH, Action, Entry
from frankpledge.records.actions.vocabulary import ActionState, EntryKind, Origin, Worked
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken

LONGEST_TEXT = 4_000
REMIND_JOB = "remind owners of actions"
_LENGTHS = {
    "title": TITLE_LENGTH,
    "output": LONGEST_TEXT,
    "lead_agency_name": NAME_LENGTH,
    "owner_name": NAME_LENGTH,
    "funder": NAME_LENGTH,
    "due_text": NAME_LENGTH,
    "origin_key": KEY_LENGTH,
    "priority_key": KEY_LENGTH,
    "milestone": TITLE_LENGTH,
}
_OTHERS = ("lead_agency_id", "owner_id", "due_on", "not_before", "origin")
FIELDS = (*_LENGTHS, *_OTHERS)


class ChangedMeanwhile(RuleBroken):
    """Somebody else saved first. ``current`` is what stands there now."""

    def __init__(self, current: Action) -> None:
        super().__init__(
            f"Somebody changed {current.reference} while you were writing. Compare the two and save what should stand."
        )
        self.current = current


@transaction.atomic
def add_action(
    *,
    title: str,
    output: str = "",
    lead_agency_id: int | None = None,
    lead_agency_name: str = "",
    owner_id: int | None = None,
    owner_name: str = "",
    funder: str = "",
    due_on: date | None = None,
    due_text: str = "",
    not_before: date | None = None,
    origin: Origin | str = Origin.OTHER,
    origin_key: str = "",
    priority_key: str = "",
    milestone: str = "",
    by: Actor,
) -> Action:
    """Put an action on the register. ``due_text`` alone is read as a date where it is one, and kept as written.

    ``not_before``: the first day of the plan it belongs to, so that a date before it is noticed. What is odd about a
    date never stops an action; ``rules.doubts`` says it. Raises DataProblem for text that is missing or too long.
    """
    given = {name: value for name, value in locals().items() if name in FIELDS}
    permissions.check_can_edit(by)
    fields = _checked(given)
    made = Action.objects.create(**fields, created_at=timezone.now(), created_by_name=_fit(by.name))
    audit.record(
        act=Act.COLLECTION,
        what=f"added the action {made.reference}",
        subject=f"actions:{made.reference}",
        by=by,
        details={"origin": made.origin, "origin_key": made.origin_key, "priority": made.priority_key},
    )
    return made


@transaction.atomic
def change_action(action: Action, *, version: int, by: Actor, **changes: Any) -> Action:
    """Change what an open action says. Raises ChangedMeanwhile unless ``version`` is the last one."""
    permissions.check_can_edit(by)
    held = _locked(action)
    if held.version != version:
        raise ChangedMeanwhile(held)
    fields = _checked({name: changes.get(name, getattr(held, name)) for name in FIELDS})
    changed = [name for name, value in fields.items() if getattr(held, name) != value]
    for name in changed:
        setattr(held, name, fields[name])
    return _note(held, EntryKind.CHANGED, ", ".join(name.replace("_", " ") for name in changed), by)


@transaction.atomic
def add_note(action: Action, *, text: str, by: Actor) -> Action:
    """Say how it stands."""
    permissions.check_can_report(by, action)
    return _note(_locked(action), EntryKind.NOTE, rules.check_said(_text(text), "how it stands"), by)


@transaction.atomic
def give_more_time(action: Action, *, due_on: date, because: str, by: Actor) -> Action:
    """A later day, with the reason; the day it was due before stays in its history."""
    permissions.check_can_report(by, action)
    held = _locked(action)
    if not held.is_open:
        raise RuleBroken(f"{held.reference} is {held.state}: open it again first.")
    if held.due_on and due_on <= held.due_on:
        raise RuleBroken(f"{held.reference} is due on {held.due_on:%d/%m/%Y} already. Choose a later day.")
    before = f"{held.due_on:%d/%m/%Y}" if held.due_on else held.due_text or "no date"
    held.due_on, held.due_text = due_on, ""
    words = f"{before} → {due_on:%d/%m/%Y}: {rules.check_said(_text(because), 'why it needs more time')}"
    return _note(held, EntryKind.MORE_TIME, words, by)


@transaction.atomic
def finish_action(action: Action, *, outcome: str, by: Actor) -> Action:
    """It is done, and this is what came of it."""
    permissions.check_can_report(by, action)
    return _move(_locked(action), ActionState.DONE, rules.check_said(_text(outcome), "what was done"), by)


@transaction.atomic
def drop_action(action: Action, *, because: str, by: Actor) -> Action:
    """It will not be done, and this is why."""
    permissions.check_can_edit(by)
    return _move(_locked(action), ActionState.DROPPED, rules.check_said(_text(because), "why it is dropped"), by)


@transaction.atomic
def reopen_action(action: Action, *, because: str, by: Actor) -> Action:
    """It is to be done after all."""
    permissions.check_can_report(by, action)
    return _move(_locked(action), ActionState.OPEN, rules.check_said(_text(because), "why it is opened again"), by)


@transaction.atomic
def say_what_came(action: Action, *, worked: Worked | str, by: Actor) -> Action:
    """Whether a finished action worked, asked some weeks later."""
    permissions.check_can_report(by, action)
    held = _locked(action)
    if held.state != ActionState.DONE:
        raise RuleBroken(f"{held.reference} is not finished yet.")
    held.worked = Worked(worked)
    return _note(held, EntryKind.WORKED, held.worked, by)


@transaction.atomic
def note_chase(action: Action, *, to: str, by: Actor) -> Action:
    """A reminder went out to somebody."""
    permissions.check_can_edit(by)
    held = _locked(action)
    held.chased += 1
    return _note(held, EntryKind.CHASED, _text(to), by)


def start_reminding(*, address: str, by: Actor) -> int:
    """Have every owner of a late action written to; returns the job's number. ``address``: where we are reached."""
    permissions.check_can_edit(by)
    return int(jobs.start(REMIND_JOB, {"address": address}, by=by).pk)


def _move(held: Action, wanted: ActionState, said: str, by: Actor) -> Action:
    rules.check_transition(ActionState(held.state), wanted)
    held.state = wanted
    held.closed_at = None if wanted is ActionState.OPEN else timezone.now()
    held.outcome = "" if wanted is ActionState.OPEN else said
    held.worked = Worked.NOT_SAID
    kind = EntryKind.REOPENED if wanted is ActionState.OPEN else EntryKind(wanted.value)
    return _note(held, kind, said, by)


def _note(held: Action, kind: EntryKind, text: str, by: Actor) -> Action:
    """Save the action with one more version, and a line in its history and in the trail."""
    held.version += 1
    held.save()
    Entry.objects.create(action=held, kind=kind, text=text, at=timezone.now(), by_name=_fit(by.name))
    audit.record(
        act=Act.ALTERATION,
        what=f"action {held.reference}: {kind.value}",
        subject=f"actions:{held.reference}",
        by=by,
        details={"state": held.state, "version": held.version},
    )
    return held


def _locked(action: Action) -> Action:
    return Action.objects.select_for_update().get(pk=action.pk)


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    """An action's fields as its columns keep them. Raises DataProblem naming the field."""
    fields: dict[str, Any] = {name: storable(str(given[name])).strip() for name in _LENGTHS}
    for name, length in _LENGTHS.items():
        if len(fields[name]) > length:
            what = name.replace("_", " ")
            raise DataProblem(f"The {what} has {len(fields[name]):,} letters and may have {length:,}.")
    if not fields["title"]:
        raise DataProblem("Say what is to be done.")
    fields |= {name: given[name] for name in _OTHERS}
    fields["origin"] = Origin(given["origin"])
    if fields["due_on"] is None and fields["due_text"]:
        fields["due_on"] = rules.read_due(fields["due_text"]).on
    return fields


def _text(text: str) -> str:
    said = storable(text).strip()
    if len(said) > LONGEST_TEXT:
        raise DataProblem(f"That has {len(said):,} letters and may have {LONGEST_TEXT:,}.")
    return said


def _fit(name: str) -> str:
    return storable(name)[:NAME_LENGTH]
