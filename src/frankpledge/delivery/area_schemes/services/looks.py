"""Keeping what workflows find in the records: hot spots, and when in the week. Rooms of oversight work them out."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.area_schemes import permissions
from frankpledge.delivery.area_schemes.models import HotSpot, HotSpotLook, WeekLook, WeekPattern
from frankpledge.delivery.area_schemes.models.columns import NAME_LENGTH, TEXT_LENGTH
from frankpledge.delivery.area_schemes.services.writing import line, note
from frankpledge.foundation.jobs import services as jobs
from frankpledge.foundation.jobs.selectors import unfinished
from frankpledge.foundation.jobs.vocabulary import JobState
from frankpledge.vocabulary.actors import Actor

FIND = "find hot spots"
LOOKS_KEPT = 12  # a year of monthly records


@dataclass(frozen=True, slots=True)
class Rested:
    """What a look rests on."""

    source: str
    source_label: str
    period: str
    n: int
    left_out: int  # events of the kind that could not be used: without a place or, for the week, a time
    method: str
    batches: Sequence[str]


@dataclass(frozen=True, slots=True)
class Spot:
    """A small area of a ranking; ``rate`` with its 95 % interval, per 1,000 households."""

    code: str
    name: str
    ward: str
    place: str
    count: int
    households: int
    rate: float
    low: float | None
    high: float


@dataclass(frozen=True, slots=True)
class Week:
    """A ward's week: ``weights`` are seven days, Monday first, of 24 hours."""

    code: str
    name: str
    n: int
    weights: Sequence[Sequence[float]]


@transaction.atomic
def look_again(*, by: Actor) -> None:
    """Have the worker look for hot spots in the newest records. One job that waits is enough for many files."""
    if not unfinished(FIND).filter(state=JobState.QUEUED).exists():
        jobs.start(FIND, {}, by=by)


@transaction.atomic
def ask_again(*, by: Actor) -> int:
    """Start a look because somebody asks for it; returns the key of the work."""
    permissions.check_can_edit(by)
    return jobs.start(FIND, {}, by=by).pk


@transaction.atomic
def keep_hot_spots(rested: Rested, spots: Sequence[Spot], *, areas: int, edition: str, by: Actor) -> HotSpotLook:
    """Keep a ranking, the worst first. ``areas``: how many small areas were ranked."""
    permissions.check_can_edit(by)
    look = HotSpotLook.objects.create(
        **_rested(rested), without_place=rested.left_out, areas=areas, edition=line(edition)
    )
    HotSpot.objects.bulk_create(
        HotSpot(
            look=look, rank=rank, code=spot.code, name=line(spot.name), ward=spot.ward, place=line(spot.place),
            count=spot.count, households=spot.households, rate=spot.rate, low=spot.low, high=spot.high,
        )
        for rank, spot in enumerate(spots, 1)
    )  # fmt: skip
    old = HotSpotLook.objects.values_list("pk", flat=True)[LOOKS_KEPT:]
    HotSpotLook.objects.filter(pk__in=list(old)).delete()
    note("looked for hot spots in the records", f"hot spots {look.pk}", by, areas=areas, spots=len(spots), n=rested.n)
    return look


@transaction.atomic
def keep_weeks(rested: Rested, weeks: Sequence[Week], *, kinds: Sequence[str], by: Actor) -> WeekLook:
    """Keep when in the week things happen, for each ward."""
    permissions.check_can_edit(by)
    look = WeekLook.objects.create(**_rested(rested), untimed=rested.left_out, kinds=list(kinds))
    WeekPattern.objects.bulk_create(
        WeekPattern(
            look=look, code=week.code, name=line(week.name), n=week.n,
            weights=[[round(hour, 4) for hour in day] for day in week.weights],
        )
        for week in weeks
    )  # fmt: skip
    old = WeekLook.objects.values_list("pk", flat=True)[LOOKS_KEPT:]
    WeekLook.objects.filter(pk__in=list(old)).delete()
    note("looked at when in the week things happen", f"week {look.pk}", by, wards=len(weeks), n=rested.n)
    return look


def _rested(rested: Rested) -> dict[str, object]:
    return {
        "made_at": timezone.now(),
        "source": line(rested.source, NAME_LENGTH),
        "source_label": line(rested.source_label),
        "period": line(rested.period),
        "n": rested.n,
        "method": line(rested.method, TEXT_LENGTH),
        "batches": list(rested.batches),
    }
