"""Named reads of indicators and figures. Rooms above ask here.

Whoever reads figures says for whose eyes (``reader``; None: everybody's, who see what is published or released). A
number they may not see yet comes as a copy that says whom to ask.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from frankpledge.records.indicators.models import Figure, Indicator
from frankpledge.records.indicators.permissions import Reader

RECENT = 50
LONGEST_NUMBER = 18  # digits: what a row's key can have


def figure(key: str, *, reader: Reader | None = None) -> Figure | None:
    """The figure of this key (``F12``), with the ones before and after it. One query."""
    number = _number(key)
    found = _figures().filter(pk=number).first() if number else None
    return _for(reader).shown(found) if found is not None else None


def figures(keys: Iterable[str], *, reader: Reader | None = None) -> dict[str, Figure]:
    """The figures of these keys, by key; keys nobody has are left out. One query."""
    numbers = [number for key in keys if (number := _number(key))]
    return {f.key: f for f in _for(reader).all_shown(_figures().filter(pk__in=numbers))} if numbers else {}


def recent_figures(limit: int = RECENT, *, reader: Reader | None = None) -> list[Figure]:
    """The figures made last that none has replaced, newest first. One query."""
    return _for(reader).all_shown(_current().order_by("-made_at", "-pk")[:limit])


def all_figures(*, words: str = "", indicator_id: int | None = None, replaced: bool = False) -> QuerySet[Figure]:
    """Figures whose name, place or document holds ``words``, newest period first; ``replaced``: older ones too.

    As they are, because they are counted and paged: nobody reads one but by way of ``Reader.shown``. The names of those
    that are not everybody's are not searched: they may hold the number.
    """
    found = _figures() if replaced else _current()
    if words:
        named = Q(name__icontains=words) & (Q(grounds="") | Q(release__isnull=False, release__rounded=False))
        of = Q(indicator__name__icontains=words)
        found = found.filter(named | of | Q(area_name__icontains=words) | Q(document__icontains=words))
    return found.filter(indicator_id=indicator_id) if indicator_id else found


def to_release(keys: Iterable[str] | None = None) -> list[Figure]:
    """Current figures of restricted records that nobody has released yet, newest period first. One query.

    As they are; ``keys``: those of them.
    """
    found = _current().exclude(grounds="").filter(release__isnull=True)
    if keys is not None:
        found = found.filter(pk__in=[number for key in keys if (number := _number(key))])
    return list(found)


def newest_of(found: Figure, *, reader: Reader | None = None) -> Figure:
    """The figure that stands for ``found`` now: itself, or the last that took its place. One query a step."""
    while (later := _figures().filter(replaces_id=found.pk).first()) is not None:
        found = later
    return _for(reader).shown(found)


def indicators() -> QuerySet[Indicator]:
    """All indicators, by name."""
    return Indicator.objects.all()


def indicator(id: int) -> Indicator | None:
    """The indicator of this number."""
    return Indicator.objects.filter(pk=id).first()


def indicator_by_key(key: str) -> Indicator | None:
    """The indicator of this key, such as ``domestic-burglary``."""
    return Indicator.objects.filter(key=key).first()


def series(indicator_id: int, area_code: str | None = None, *, reader: Reader | None = None) -> list[Figure]:
    """An indicator's current figures, oldest period first; of its own place unless told another. One or two queries."""
    return series_of([indicator_id], area_code, reader=reader).get(indicator_id, [])


def series_of(
    indicator_ids: Sequence[int], area_code: str | None = None, *, reader: Reader | None = None
) -> dict[int, list[Figure]]:
    """Current figures of many indicators, oldest period first, each of its own place. One query."""
    found = _current().filter(indicator_id__in=indicator_ids).order_by("indicator_id", "last_on", "first_on", "pk")
    by_indicator: dict[int, list[Figure]] = {}
    eyes = _for(reader)
    for item in found:
        of = item.indicator
        if of is not None and item.area_code == (of.area_code if area_code is None else area_code):
            by_indicator.setdefault(of.pk, []).append(eyes.shown(item))
    return by_indicator


def figure_of_period(indicator_id: int, *, area_code: str, first_on: Any, last_on: Any) -> Figure | None:
    """The current figure of an indicator's period, if there is one."""
    return (
        _current()
        .filter(indicator_id=indicator_id, area_code=area_code, first_on=first_on, last_on=last_on)
        .order_by("-pk")
        .first()
    )


def _for(reader: Reader | None) -> Reader:
    return Reader() if reader is None else reader


def _figures() -> QuerySet[Figure]:
    return Figure.objects.select_related("indicator", "replaced_by", "release")


def _current() -> QuerySet[Figure]:
    return _figures().filter(replaced_by__isnull=True)


def _number(key: str) -> int | None:
    digits = key.strip().upper().removeprefix("F")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER else None
