"""Named reads of volunteers' shifts, and of the week as it was last looked at."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from frankpledge.delivery.area_schemes.models import VolunteerShift, WeekLook
from frankpledge.delivery.area_schemes.rules.volunteers import Pattern, Placed
from frankpledge.delivery.area_schemes.vocabulary import ShiftState
from frankpledge.records.incidents import selectors as incidents

WEEK, YEAR = timedelta(days=7), timedelta(days=365)


def planned(today: date) -> QuerySet[VolunteerShift]:
    """Shifts to come, today's too, by day. Lazy."""
    return VolunteerShift.objects.filter(state=ShiftState.PLANNED.value, day__gte=today)


def to_report(today: date) -> QuerySet[VolunteerShift]:
    """Planned shifts whose day is over: somebody has to say what became of them. Lazy."""
    return VolunteerShift.objects.filter(state=ShiftState.PLANNED.value, day__lt=today)


def done() -> QuerySet[VolunteerShift]:
    """Shifts that took place, the newest first. Lazy."""
    return VolunteerShift.objects.filter(state=ShiftState.DONE.value).order_by("-day", "-starts", "-pk")


def given(today: date) -> dict[str, Any]:
    """Shifts, hours and contacts of the last twelve months. One query."""
    held = VolunteerShift.objects.filter(state=ShiftState.DONE.value, day__gt=today - YEAR, day__lte=today)
    sums = held.aggregate(shifts=Count("pk"), hours=Sum("hours_given"), contacts=Sum("contacts"))
    return {"shifts": sums["shifts"], "hours": sums["hours"] or Decimal(0), "contacts": sums["contacts"] or 0}


def shift(number: int) -> VolunteerShift | None:
    """One shift. One query."""
    return VolunteerShift.objects.filter(pk=number).first()


def next_week(shifts: Iterable[VolunteerShift], today: date) -> list[VolunteerShift]:
    """Those of the next seven days, today's too."""
    return [one for one in shifts if today <= one.day < today + WEEK]


def as_placed(one: VolunteerShift) -> Placed:
    """A shift as the plan asks."""
    return Placed(one.ward, one.day.weekday(), one.starts, one.hours)


def week(person: Any) -> tuple[WeekLook, list[Pattern]] | None:
    """The newest look at the week with the patterns of its wards, if this person may see the records it rests on."""
    newest = WeekLook.objects.prefetch_related("patterns").first()
    if newest is None or newest.source not in incidents.sources_for(person):
        return None
    return newest, _patterns(newest)


def newest_patterns() -> list[Pattern]:
    """The patterns of the newest look at the week, whoever asks: for workflows. Two queries."""
    newest = WeekLook.objects.prefetch_related("patterns").first()
    return _patterns(newest) if newest is not None else []


def _patterns(look: WeekLook) -> list[Pattern]:
    return [Pattern(one.code, one.name, one.weights) for one in look.patterns.all()]
