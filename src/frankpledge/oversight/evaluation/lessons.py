"""Lessons learned: what one must say, and how it is written down, changed and read. Failures stand first."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from frankpledge.foundation.agencies import policy
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.oversight.evaluation.models import NAME_LENGTH, SENTENCE_LENGTH, WORD_LENGTH, Lesson
from frankpledge.oversight.evaluation.vocabulary import LessonAbout, LessonOutcome
from frankpledge.records.indicators import selectors as indicators
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Permission

LONGEST = 2_000
FIELDS = ("about", "tried", "expected", "happened", "outcome", "again", "figure_key", "rests_on", "said_by", "said_on")
_LENGTHS = {
    "tried": LONGEST,
    "expected": LONGEST,
    "happened": LONGEST,
    "again": LONGEST,
    "figure_key": WORD_LENGTH,
    "rests_on": SENTENCE_LENGTH,
    "said_by": NAME_LENGTH,
}
_ASKS = {
    "tried": "Say what was tried.",
    "expected": "Say what was expected of it.",
    "happened": "Say what happened.",
    "again": "Say what you would do again, or otherwise.",
    "said_by": "Say who says so.",
}


class ChangedMeanwhile(RuleBroken):
    """Somebody else saved first. ``current`` is what stands there now."""

    def __init__(self, current: Lesson) -> None:
        super().__init__("Somebody changed this lesson while you were writing. Compare the two and save again.")
        self.current = current


def lessons() -> list[Lesson]:
    """Every lesson: those that did not work, those that cannot be told, those that worked; newest first. One query."""
    order = {outcome: at for at, outcome in enumerate(LessonOutcome)}
    return sorted(Lesson.objects.all(), key=lambda one: order[LessonOutcome(one.outcome)])


def lesson(key: int) -> Lesson | None:
    """One lesson, or None. One query."""
    return Lesson.objects.filter(pk=key).first()


@transaction.atomic
def add_lesson(
    *,
    about: LessonAbout | str,
    tried: str,
    expected: str,
    happened: str,
    outcome: LessonOutcome | str,
    again: str,
    figure_key: str = "",
    rests_on: str = "",
    said_by: str,
    said_on: date,
    by: Actor,
) -> Lesson:
    """Write a lesson down. ``figure_key``: ``F12``; ``rests_on``: a claim, or a document with its page.

    Raises RuleBroken for one that says it worked, or did not, and rests on nothing: that cannot be told.
    """
    given = {name: value for name, value in locals().items() if name in FIELDS}
    policy.check_actor(by, Permission.EDIT_HOMES)
    made = Lesson.objects.create(**_checked(given), **_written(by))
    _record(Act.COLLECTION, "wrote down a lesson learned", made, by)
    return made


@transaction.atomic
def change_lesson(of: Lesson, *, version: int, by: Actor, **changes: Any) -> Lesson:
    """Change a lesson. Raises ChangedMeanwhile unless ``version`` is the last one."""
    policy.check_actor(by, Permission.EDIT_HOMES)
    held = Lesson.objects.select_for_update().get(pk=of.pk)
    if held.version != version:
        raise ChangedMeanwhile(held)
    fields = _checked({name: changes.get(name, getattr(held, name)) for name in FIELDS})
    for name, value in (fields | _written(by)).items():
        setattr(held, name, value)
    held.version += 1
    held.save()
    _record(Act.ALTERATION, "changed a lesson learned", held, by)
    return held


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {name: storable(str(given[name])).strip() for name in _LENGTHS}
    for name, length in _LENGTHS.items():
        if name in _ASKS and not fields[name]:
            raise RuleBroken(_ASKS[name])
        if len(fields[name]) > length:
            raise RuleBroken(f"Say it in {length:,} characters or fewer: “{fields[name][:40]}…” is longer.")
    fields["figure_key"] = fields["figure_key"].upper()
    if fields["figure_key"] and indicators.figure(fields["figure_key"]) is None:
        raise RuleBroken(f"There is no figure {fields['figure_key']}. Its key stands beside it, such as F12.")
    outcome = LessonOutcome(given["outcome"])
    if outcome is not LessonOutcome.CANNOT_TELL and not (fields["figure_key"] or fields["rests_on"]):
        raise RuleBroken("Name the figure, claim or page this rests on. Without one, say that it cannot be told.")
    if given["said_on"] > timezone.localdate():
        raise RuleBroken("A lesson is written down once somebody says so: its day cannot lie ahead.")
    return fields | {"outcome": outcome.value, "about": LessonAbout(given["about"]).value, "said_on": given["said_on"]}


def _written(by: Actor) -> dict[str, Any]:
    return {"written_at": timezone.now(), "written_by_name": storable(by.name)[:NAME_LENGTH]}


def _record(act: Act, what: str, of: Lesson, by: Actor) -> None:
    audit.record(
        act=act,
        what=what,
        subject=f"evaluation:lesson {of.pk}",
        by=by,
        details={"outcome": of.outcome, "version": of.version},
    )
