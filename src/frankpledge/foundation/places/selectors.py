"""Named reads of places. What changes only with a load is kept in the process; whether it changed is one query."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from frankpledge.foundation.places.models import Area as AreaRow
from frankpledge.foundation.places.models import AreaParent, Denominator, PlacesVersion, Premises
from frankpledge.foundation.places.rules import outline_from_text
from frankpledge.vocabulary.areas import AreaLevel, DenominatorUnit
from frankpledge.vocabulary.areas import DenominatorEdition as Edition
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.geography import Area, Geography
from frankpledge.vocabulary.geography import Denominator as Values

KEPT_GEOGRAPHIES = 8
# The order in which areas are offered, and in which a name is looked up.
CHOICE_LEVELS = (
    AreaLevel.DISTRICT,
    AreaLevel.PARTNERSHIP,
    AreaLevel.PRIORITY_NEIGHBOURHOOD,
    AreaLevel.WARD,
    AreaLevel.FORCE,
)

Result = TypeVar("Result")


def places_version() -> str:
    """Changes with every load that changed something; empty before the first. One query."""
    return PlacesVersion.objects.values_list("version", flat=True).first() or ""


def area_choices() -> dict[AreaLevel, list[Area]]:
    """Areas above small areas, by level and name, only levels that have any. One query once warm, two before."""
    return _kept(("choices",), _read_choices)


def find_area(name: str, levels: Iterable[AreaLevel] | None = None) -> Area:
    """The area of that name or code, higher levels first; else DataProblem naming the nearest.

    One query once warm, two before.
    """
    wanted = tuple(levels) if levels is not None else None
    index: Geography = _kept(("index",), _read_index)
    if not index.areas:
        raise DataProblem("No areas have been loaded yet.", remedy="Load them with `frankpledge places load`.")
    return index.find(name, wanted)


def geography_around(code: str, *, vintage: int | None = None) -> Geography:
    """The area ``code`` with every district of its police force: areas, parents, outlines, denominators, deprivation.

    Where no force is known it is everything of that vintage whose force is unknown too. ``vintage`` of small areas:
    the latest that has the area, unless given. Raises DataProblem for a code that is not there. Queries: one once warm,
    five before, however large the force.
    """
    return _kept(("around", code, vintage), lambda: _read_around(code, vintage))


def premises_count(code: str) -> int:
    """How many homes and buildings are known in a small area, ward or priority neighbourhood. One query."""
    return Premises.objects.filter(Q(small_area=code) | Q(ward=code) | Q(neighbourhood=code)).count()


def is_empty() -> bool:
    """Whether no areas have been loaded yet. One query."""
    return not AreaRow.objects.exists()


class _Kept:
    """Results of one version of the places, the least recently used leaving first. Safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._version = ""
        self._results: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, version: str, key: Hashable) -> Any | None:
        with self._lock:
            if version != self._version:
                self._results.clear()
                self._version = version
            if key in self._results:
                self._results.move_to_end(key)
            return self._results.get(key)

    def put(self, version: str, key: Hashable, result: Any) -> None:
        with self._lock:
            if version == self._version:
                self._results[key] = result
                while len(self._results) > KEPT_GEOGRAPHIES:
                    self._results.popitem(last=False)


_RESULTS = _Kept()


def _kept(key: Hashable, read: Callable[[], Result]) -> Result:
    """The result kept for this version of the places, else read now. A failed read is not kept."""
    version = places_version()
    found: Result | None = _RESULTS.get(version, key)
    if found is None:
        found = read()
        _RESULTS.put(version, key, found)
    return found


def _read_choices() -> dict[AreaLevel, list[Area]]:
    areas = {area.code: area for area in _areas(AreaRow.objects.exclude(level=AreaLevel.SMALL_AREA.value))}
    grouped: dict[AreaLevel, list[Area]] = {level: [] for level in CHOICE_LEVELS}
    for area in areas.values():
        grouped[area.level].append(area)
    return {level: sorted(found, key=lambda area: (area.name, area.code)) for level, found in grouped.items() if found}


def _read_index() -> Geography:
    """Names and codes only; a later vintage's name goes before an earlier one's."""
    return Geography(0, {area.code: area for area in _areas(AreaRow.objects.all())}, {})


def _areas(rows: QuerySet[AreaRow]) -> list[Area]:
    values = rows.order_by("vintage", "code").values_list("code", "name", "level", "welsh_name")
    return [Area(code, name, AreaLevel(level), welsh) for code, name, level, welsh in values]


def _read_around(code: str, vintage: int | None) -> Geography:
    chosen, force = _vintage_and_force(code, vintage)
    small = _small_areas(chosen, force)
    parents: dict[str, dict[AreaLevel, str]] = {}
    best_fit: set[AreaLevel] = set()
    nesting = AreaParent.objects.filter(vintage=chosen, small_area__in=small)
    for child, level, parent, fits in nesting.order_by("small_area", "level").values_list(
        "small_area", "level", "parent", "best_fit"
    ):
        parents.setdefault(child, {})[AreaLevel(level)] = parent
        if fits:
            best_fit.add(AreaLevel(level))
    rows = list(
        AreaRow.objects.filter(vintage=chosen)
        .filter(Q(code__in=small) | Q(code__in=nesting.values("parent")))
        .order_by("code")
        .values_list("code", "name", "level", "welsh_name", "outline", "deprivation_rank")
    )
    return Geography(
        small_area_vintage=chosen,
        areas={row[0]: Area(row[0], row[1], AreaLevel(row[2]), row[3]) for row in rows},
        parents={row[0]: parents.get(row[0], {}) for row in rows if row[2] == AreaLevel.SMALL_AREA},
        outlines={row[0]: outline_from_text(row[4]) for row in rows if row[4]},
        denominators=_denominators(chosen, small),
        best_fit_levels=frozenset(best_fit),
        deprivation={row[0]: row[5] for row in rows if row[5] is not None},
    )


def _vintage_and_force(code: str, vintage: int | None) -> tuple[int, str | None]:
    """The vintage to use and the force the area lies in. Two queries."""
    held = AreaRow.objects.filter(code=code).order_by("-vintage")
    if vintage is not None:
        held = held.filter(vintage=vintage)
    area = held.first()
    if area is None:
        raise DataProblem(f"There is no area “{code[:40]}” among the places loaded here.")
    inside = AreaParent.objects.filter(Q(parent=code) | Q(small_area=code), vintage=area.vintage).values("small_area")
    force = (
        AreaParent.objects.filter(vintage=area.vintage, level=AreaLevel.FORCE.value, small_area__in=inside)
        .order_by("parent")
        .values_list("parent", flat=True)
        .first()
    )
    return area.vintage, force


def _small_areas(vintage: int, force: str | None) -> "QuerySet[AreaParent, Any] | QuerySet[AreaRow, Any]":
    """Codes of the force's small areas, as a part of other queries: no query of its own."""
    in_forces = AreaParent.objects.filter(vintage=vintage, level=AreaLevel.FORCE.value)
    if force is not None:
        return in_forces.filter(parent=force).values("small_area")
    small = AreaRow.objects.filter(vintage=vintage, level=AreaLevel.SMALL_AREA.value)
    return small.exclude(code__in=in_forces.values("small_area")).values("code")


def _denominators(vintage: int, small: "QuerySet[Any, Any]") -> dict[str, Values]:
    rows = (
        Denominator.objects.filter(edition__vintage=vintage, small_area__in=small)
        .order_by("edition__key", "small_area")
        .values_list("edition__key", "edition__unit", "edition__label", "small_area", "value")
    )
    values: dict[Edition, dict[str, int]] = {}
    for key, unit, label, code, value in rows:
        values.setdefault(Edition(key, DenominatorUnit(unit), label, vintage), {})[code] = value
    return {edition.key: Values(edition, by_area) for edition, by_area in values.items()}
