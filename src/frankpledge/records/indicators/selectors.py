"""Named reads of indicators and figures. Rooms above ask here."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from frankpledge.records.indicators.models import Figure, Indicator

RECENT = 50
LONGEST_NUMBER = 18  # digits: what a row's key can have


def figure(key: str) -> Figure | None:
    """The figure of this key (``F12``), with the ones before and after it. One query."""
    number = _number(key)
    return _figures().filter(pk=number).first() if number else None


def figures(keys: Iterable[str]) -> dict[str, Figure]:
    """The figures of these keys, by key; keys nobody has are left out. One query."""
    numbers = [number for key in keys if (number := _number(key))]
    return {found.key: found for found in _figures().filter(pk__in=numbers)} if numbers else {}


def recent_figures(limit: int = RECENT) -> list[Figure]:
    """The figures made last that none has replaced, newest first. One query."""
    return list(_current().order_by("-made_at", "-pk")[:limit])


def all_figures(*, words: str = "", indicator_id: int | None = None, replaced: bool = False) -> QuerySet[Figure]:
    """Figures whose name, place or document holds ``words``, newest period first; ``replaced``: older ones too."""
    found = _figures() if replaced else _current()
    if words:
        found = found.filter(Q(name__icontains=words) | Q(area_name__icontains=words) | Q(document__icontains=words))
    return found.filter(indicator_id=indicator_id) if indicator_id else found


def newest_of(found: Figure) -> Figure:
    """The figure that stands for ``found`` now: itself, or the last that took its place. One query a step."""
    while (later := Figure.objects.filter(replaces_id=found.pk).first()) is not None:
        found = later
    return found


def indicators() -> QuerySet[Indicator]:
    """All indicators, by name."""
    return Indicator.objects.all()


def indicator(id: int) -> Indicator | None:
    """The indicator of this number."""
    return Indicator.objects.filter(pk=id).first()


def indicator_by_key(key: str) -> Indicator | None:
    """The indicator of this key, such as ``domestic-burglary``."""
    return Indicator.objects.filter(key=key).first()


def series(indicator_id: int, area_code: str | None = None) -> list[Figure]:
    """An indicator's current figures, oldest period first; of its own place unless told another. One or two queries."""
    return series_of([indicator_id], area_code).get(indicator_id, [])


def series_of(indicator_ids: Sequence[int], area_code: str | None = None) -> dict[int, list[Figure]]:
    """Current figures of many indicators, oldest period first, each of its own place. One query."""
    found = _current().filter(indicator_id__in=indicator_ids).order_by("indicator_id", "last_on", "first_on", "pk")
    by_indicator: dict[int, list[Figure]] = {}
    for item in found:
        of = item.indicator
        if of is not None and item.area_code == (of.area_code if area_code is None else area_code):
            by_indicator.setdefault(of.pk, []).append(item)
    return by_indicator


def figure_of_period(indicator_id: int, *, area_code: str, first_on: Any, last_on: Any) -> Figure | None:
    """The current figure of an indicator's period, if there is one."""
    return (
        _current()
        .filter(indicator_id=indicator_id, area_code=area_code, first_on=first_on, last_on=last_on)
        .order_by("-pk")
        .first()
    )


def values(keys: Iterable[str]) -> dict[str, Decimal | None]:
    """Just the values of these figures, by key. One query."""
    return {key: found.value for key, found in figures(keys).items()}


def _figures() -> QuerySet[Figure]:
    return Figure.objects.select_related("indicator", "replaced_by")


def _current() -> QuerySet[Figure]:
    return _figures().filter(replaced_by__isnull=True)


def _number(key: str) -> int | None:
    digits = key.strip().upper().removeprefix("F")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER else None
