"""Named writes of volunteers' shifts."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.area_schemes import permissions
from frankpledge.delivery.area_schemes.models import VolunteerShift
from frankpledge.delivery.area_schemes.models.columns import CODE_LENGTH
from frankpledge.delivery.area_schemes.services.writing import line, needed, note
from frankpledge.delivery.area_schemes.vocabulary import ShiftState
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken

LONGEST = 12  # hours
MOST_HOURS = Decimal("99999.9")


@transaction.atomic
def plan(
    *,
    group: str,
    day: date,
    starts: int,
    hours: int,
    ward: str,
    people: int,
    place: str = "",
    who: str = "",
    by: Actor,
) -> VolunteerShift:
    """Plan a shift: how many people of a group, where and when. ``who``: first names or initials, at most."""
    permissions.check_can_edit(by)
    if not 0 <= starts <= 23 or not 1 <= hours <= LONGEST:
        raise DataProblem(f"A shift begins at a full hour of the day and lasts 1 to {LONGEST} hours.")
    if people < 2:
        raise DataProblem("Nobody stands in the street alone: a shift has two people or more.")
    made = VolunteerShift.objects.create(
        group=needed(group, "Say which group it is."),
        day=day,
        starts=starts,
        hours=hours,
        ward=needed(ward, "Choose a ward.", CODE_LENGTH),
        place=line(place),
        people=people,
        who=line(who),
    )
    note("planned a volunteers' shift", _subject(made), by, day=day.isoformat(), people=people, hours=hours)
    return made


@transaction.atomic
def report(
    shift: VolunteerShift,
    *,
    came: int,
    hours_given: Decimal | None = None,
    contacts: int | None = None,
    note: str = "",
    by: Actor,
) -> VolunteerShift:
    """Say what became of a shift. Hours given are people times hours unless said; who came is forgotten."""
    held = _open(shift, by)
    if held.day > timezone.localdate():
        raise DataProblem("This shift lies ahead. Report it when it is over.")
    if came < 0 or (hours_given is not None and not 0 <= hours_given <= MOST_HOURS):
        raise DataProblem("Enter how many came and how many hours they gave.")
    held.state, held.came, held.contacts, held.note = ShiftState.DONE.value, came, contacts, line(note)
    held.hours_given = Decimal(came * held.hours) if hours_given is None else hours_given
    held.who = ""
    held.save()
    _note("reported a volunteers' shift", held, by)
    return held


@transaction.atomic
def cancel(shift: VolunteerShift, *, by: Actor) -> VolunteerShift:
    """A shift does not take place."""
    held = _open(shift, by)
    held.state, held.who = ShiftState.CANCELLED.value, ""
    held.save()
    _note("cancelled a volunteers' shift", held, by)
    return held


def _open(shift: VolunteerShift, by: Actor) -> VolunteerShift:
    permissions.check_can_edit(by)
    held = VolunteerShift.objects.select_for_update().get(pk=shift.pk)
    if held.state != ShiftState.PLANNED:
        raise RuleBroken(f"This shift is {held.state} already.")
    return held


def _note(what: str, held: VolunteerShift, by: Actor) -> None:
    note(what, _subject(held), by, came=held.came, hours=str(held.hours_given), contacts=held.contacts)


def _subject(held: VolunteerShift) -> str:
    return f"shift {held.pk}"
