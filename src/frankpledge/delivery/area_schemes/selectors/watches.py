"""Named reads of watches, and of hot spots as they were last found."""

from typing import Any

from django.db.models import QuerySet

from frankpledge.delivery.area_schemes.models import HotSpotLook, Watch
from frankpledge.delivery.area_schemes.rules.watches import Watching
from frankpledge.delivery.area_schemes.vocabulary import WatchKind, WatchState
from frankpledge.records.incidents import selectors as incidents


def watches() -> QuerySet[Watch]:
    """All watches with their areas, by name. Two queries."""
    return Watch.objects.prefetch_related("areas")


def watch(number: int) -> Watch | None:
    """One watch with its areas. Two queries."""
    return Watch.objects.prefetch_related("areas").filter(pk=number).first()


def as_watching(one: Watch) -> Watching:
    """A watch as far as coverage asks. No query if its areas were read with it."""
    codes = frozenset(area.code for area in one.areas.all())
    return Watching(one.name, WatchKind(one.kind), WatchState(one.state), codes)


def hot_spots(person: Any) -> HotSpotLook | None:
    """The newest look at hot spots, if this person may see the records it rests on. Two queries and whose they are."""
    newest = HotSpotLook.objects.prefetch_related("spots").first()
    return newest if newest is not None and newest.source in incidents.sources_for(person) else None


def newest_hot_spots() -> HotSpotLook | None:
    """The newest look at hot spots, whoever asks: for workflows. Two queries."""
    return HotSpotLook.objects.prefetch_related("spots").first()
