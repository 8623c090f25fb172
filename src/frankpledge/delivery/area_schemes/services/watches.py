"""Named writes of watches."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.area_schemes import permissions
from frankpledge.delivery.area_schemes.models import Watch, WatchedArea
from frankpledge.delivery.area_schemes.services.writing import line, needed, note
from frankpledge.delivery.area_schemes.vocabulary import WatchKind, WatchState
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.places import selectors as places
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.errors import DataProblem

LEVELS = (AreaLevel.SMALL_AREA, AreaLevel.WARD)


@transaction.atomic
def set_watch(
    *,
    name: str,
    kind: WatchKind,
    state: WatchState,
    areas: Iterable[str],
    members: int | None = None,
    counted_on: date | None = None,
    coordinator: str = "",
    contact: str = "",
    watch: Watch | None = None,
    by: Actor,
) -> Watch:
    """Add a watch, or change ``watch``. ``areas``: codes of small areas and wards, at least one. Nothing of it else."""
    permissions.check_can_edit(by)
    title = needed(name, "Give the watch a name.")
    same = Watch.objects.filter(name=title)
    if (same.exclude(pk=watch.pk) if watch else same).exists():
        raise DataProblem(f"There is a watch called “{title}” already.", remedy="Give this one another name.")
    codes = _codes(areas)
    if members is not None and counted_on is None:
        raise DataProblem("Say on which day the members were counted.")
    if counted_on is not None and counted_on > timezone.localdate():
        raise DataProblem("The day of the count lies ahead.")
    held = Watch() if watch is None else Watch.objects.select_for_update().get(pk=watch.pk)
    before = held.state if held.pk else ""
    held.name, held.kind, held.state = title, kind.value, state.value
    held.members, held.counted_on = members, counted_on if members is not None else None
    is_over = state is WatchState.ENDED  # then nobody is written to any more
    held.coordinator, held.contact = ("", "") if is_over else (line(coordinator), line(contact))
    held.save()
    held.areas.exclude(code__in=codes).delete()
    there = set(held.areas.values_list("code", flat=True))
    WatchedArea.objects.bulk_create(WatchedArea(watch=held, code=code) for code in codes if code not in there)
    note("wrote down a watch", f"watch {held.pk}", by, before=before, after=state.value, areas=codes, members=members)
    return held


@transaction.atomic
def note_look(*, by: Actor) -> None:
    """Record that somebody saw who runs watches and how to reach them."""
    note("looked at whom to write to of watches", "watches", by, act=Act.CONSULTATION)


def _codes(areas: Iterable[str]) -> list[str]:
    """Codes of the areas named by code or name. Raises DataProblem for one that is not here, or for none."""
    wanted = list(dict.fromkeys(filter(None, (line(area) for area in areas))))
    if not wanted:
        raise DataProblem("Say which areas it watches: at least one small area or ward.")
    return sorted({places.find_area(area, LEVELS).code for area in wanted})
