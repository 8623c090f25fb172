"""Named reads of places. What changes only with a load is kept in the process; whether it changed is one query."""

import math
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet, Subquery

from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.places.matching import Gazetteer, postcode_in
from frankpledge.foundation.places.models import AddressQuestion, AreaParent, Denominator, PlacesVersion, Premises
from frankpledge.foundation.places.models import Area as AreaRow
from frankpledge.foundation.places.rules import outline_from_text, street_line
from frankpledge.foundation.places.vocabulary import QuestionState
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.areas import AreaLevel, DenominatorUnit
from frankpledge.vocabulary.areas import DenominatorEdition as Edition
from frankpledge.vocabulary.errors import DataProblem, NotPermitted
from frankpledge.vocabulary.geography import Area, Geography, Outline
from frankpledge.vocabulary.geography import Denominator as Values
from frankpledge.vocabulary.premises import Premises as Home
from frankpledge.vocabulary.premises import PremisesKind, Tenure

KEPT_GEOGRAPHIES = 8
NUMBER = re.compile(r"^(?:(?:flat|apartment|unit)\s+\w+,?\s+)?\d+\w?,?\s+", re.IGNORECASE)  # of a house
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


@dataclass(frozen=True, slots=True)
class NearbyHome:
    """A home or building near a point. Holds its address: whoever asks records the look."""

    uprn: str
    address: str
    postcode: str
    metres: float


def premises_near(easting: float, northing: float, radius_m: float, *, most: int) -> list[NearbyHome]:
    """Premises within ``radius_m`` of a point, the nearest first, at most ``most``. One query."""
    inside = Premises.objects.filter(
        easting__gte=easting - radius_m,
        easting__lte=easting + radius_m,
        northing__gte=northing - radius_m,
        northing__lte=northing + radius_m,
    ).values_list("uprn", "address", "postcode", "easting", "northing")
    found = [
        NearbyHome(uprn, address, postcode, math.hypot(x - easting, y - northing))
        for uprn, address, postcode, x, y in inside
    ]
    return sorted((home for home in found if home.metres <= radius_m), key=lambda home: (home.metres, home.uprn))[:most]


def gazetteer() -> Gazetteer:
    """Every home's address, ready to be searched. Two queries once for each load, then one."""
    return _kept(("gazetteer",), _read_gazetteer)


def _read_gazetteer() -> Gazetteer:
    return Gazetteer.of(Premises.objects.values_list("uprn", "address", "postcode").iterator(chunk_size=5_000))


def positions_of(uprns: Iterable[str]) -> dict[str, tuple[int, int, str]]:
    """Easting, northing and small area of homes, by UPRN. One query."""
    rows = Premises.objects.filter(uprn__in=sorted(set(uprns)))
    return {uprn: (x, y, area) for uprn, x, y, area in rows.values_list("uprn", "easting", "northing", "small_area")}


def premises_of(uprns: Iterable[str]) -> dict[str, Home]:
    """Homes and buildings by UPRN, address and areas included: whoever asks records the look. One query a thousand."""
    wanted = sorted(set(uprns))
    found: dict[str, Home] = {}
    for start in range(0, len(wanted), 1_000):
        rows = Premises.objects.filter(uprn__in=wanted[start : start + 1_000])
        found |= {row.uprn: _as_home(row) for row in rows}
    return found


def premises_round(easting: float, northing: float, reach_m: float) -> list[Home]:
    """Homes and buildings in the square ``reach_m`` metres each way round a point, by UPRN. One query."""
    inside = Premises.objects.filter(
        easting__range=(easting - reach_m, easting + reach_m), northing__range=(northing - reach_m, northing + reach_m)
    )
    return [_as_home(row) for row in inside.order_by("uprn")]


def homes_on(words: str, *, most: int) -> list[Home]:
    """Homes people live in of a postcode, or whose address holds ``words`` (a street), by street and number.

    At most ``most``. Addresses included: whoever asks records the look. One query.
    """
    written = " ".join(words.split())
    if not written:
        return []
    rows = Premises.objects.filter(kind__in=[kind.value for kind in PremisesKind if kind.is_home])
    code = postcode_in(written)
    rows = rows.filter(postcode=code) if code else rows.filter(address__icontains=written)
    return sorted((_as_home(row) for row in rows.order_by("uprn")[:most]), key=_along_the_street)


def _along_the_street(home: Home) -> tuple[str, int, str]:
    number = re.search(r"\d+", home.address)
    return NUMBER.sub("", home.address), int(number[0]) if number else 0, home.address


@dataclass(frozen=True, slots=True)
class HomePoint:
    """A home without its address: where it is, its street, areas and tenure."""

    uprn: str
    street: str
    easting: int
    northing: int
    small_area: str
    ward: str
    neighbourhood: str | None
    tenure: str | None


def homes_in(*, small_areas: Iterable[str] | None = None, in_neighbourhood: bool = False) -> list[HomePoint]:
    """Homes people live in, by UPRN: of ``small_areas`` (None: of all), only those of priority neighbourhoods if asked.

    The street is the address without its number. One query.
    """
    rows = Premises.objects.filter(kind__in=[kind.value for kind in PremisesKind if kind.is_home])
    if small_areas is not None:
        rows = rows.filter(small_area__in=sorted(set(small_areas)))
    if in_neighbourhood:
        rows = rows.exclude(neighbourhood=None)
    columns = ("uprn", "address", "easting", "northing", "small_area", "ward", "neighbourhood", "tenure")
    found = rows.order_by("uprn").values_list(*columns)
    return [
        HomePoint(uprn, NUMBER.sub("", address), *rest) for uprn, address, *rest in found.iterator(chunk_size=5_000)
    ]


def homes_by_neighbourhood() -> dict[str, set[str]]:
    """Priority neighbourhood -> UPRNs of its homes. One query once for each load, then one."""
    return _kept(("homes by neighbourhood",), _read_homes_by_neighbourhood)


def _read_homes_by_neighbourhood() -> dict[str, set[str]]:
    kinds = [kind.value for kind in PremisesKind if kind.is_home]
    rows = Premises.objects.filter(neighbourhood__isnull=False, kind__in=kinds)
    found: dict[str, set[str]] = {}
    for code, uprn in rows.values_list("neighbourhood", "uprn"):
        if code:
            found.setdefault(code, set()).add(uprn)
    return found


@dataclass(frozen=True, slots=True)
class Ground:
    """What a map may lie on: the outlines of priority neighbourhoods by name, and streets as lines."""

    outlines: tuple[tuple[str, Outline], ...]
    streets: tuple[tuple[tuple[int, int], ...], ...]


def neighbourhood_ground() -> Ground:
    """Outlines of the priority neighbourhoods, and all streets. Two queries once for each load, then one."""
    return _kept(("neighbourhood ground",), _read_ground)


def _read_ground() -> Ground:
    level = AreaLevel.PRIORITY_NEIGHBOURHOOD.value
    drawn = AreaRow.objects.filter(level=level, outline__isnull=False).order_by("vintage", "code")
    rows = drawn.values_list("code", "name", "outline")
    outlines = {code: (name, outline_from_text(text)) for code, name, text in rows if text}
    streets: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for home in homes_in():
        streets.setdefault((home.small_area, home.street), []).append((home.easting, home.northing))
    lines = (street_line(homes) for homes in streets.values())
    return Ground(tuple(outlines.values()), tuple(line for line in lines if line))


def _as_home(row: Premises) -> Home:
    return Home(
        uprn=row.uprn,
        address=row.address,
        postcode=row.postcode,
        easting=row.easting,
        northing=row.northing,
        small_area=row.small_area,
        ward=row.ward,
        neighbourhood=row.neighbourhood,
        kind=PremisesKind(row.kind),
        tenure=Tenure(row.tenure) if row.tenure else None,
    )


Offered = tuple[AddressQuestion, list[NearbyHome]]


class Sight(Protocol):
    """What somebody may see of the agencies' rows: ``foundation.agencies`` says it, beside this room."""

    @property
    def agreed(self) -> frozenset[tuple[int, Any]]: ...

    def allows_rows(self, owner: int | None, data_class: Any) -> bool: ...


@transaction.atomic
def address_questions(*, sight: Sight, by: Actor, most: int = 25) -> list[Offered]:
    """Addresses that wait to be settled, the oldest first, each with the homes it may mean (``metres`` is 0).

    Only those of files that ``sight`` opens. The look is recorded. Three queries and the record, however many.
    """
    return _offered(list(_waiting(sight)[:most]), by)


@transaction.atomic
def address_question(number: int, *, sight: Sight, by: Actor) -> Offered | None:
    """One address that waits to be settled, with the homes it may mean, or None; the look is recorded.

    Raises NotPermitted for one in a file that ``sight`` does not open.
    """
    found = AddressQuestion.objects.filter(pk=number, state=QuestionState.WAITING.value).first()
    if found is not None and not opens(sight, found.owner_id, found.data_class):
        raise NotPermitted("This address is in another agency’s file, and no agreement lets yours receive it.")
    return _one_offered(found, by)


def _one_offered(question: AddressQuestion | None, by: Actor) -> Offered | None:
    found = _offered([question] if question else [], by)
    return found[0] if found else None


def opens(sight: Sight, owner: int | None, data_class: str) -> bool:
    """May somebody with this sight handle the rows of such a file as delivered?"""
    if owner is None:  # published, or its agency was not known when the file came: then by the class agreed
        return not data_class or any(agreed == data_class for _, agreed in sight.agreed)
    return sight.allows_rows(owner, data_class)


def _waiting(sight: Sight) -> QuerySet[AddressQuestion]:
    """Addresses that wait, of the files that ``sight`` opens. One query before the one it is."""
    waiting = AddressQuestion.objects.filter(state=QuestionState.WAITING.value)
    seen = Q(data_class="")
    for owner, data_class in waiting.order_by().values_list("owner_id", "data_class").distinct():
        if opens(sight, owner, data_class):
            seen |= Q(owner_id=owner, data_class=data_class)
    return waiting.filter(seen)


def _offered(questions: list[AddressQuestion], by: Actor) -> list[Offered]:
    wanted = {candidate["uprn"] for question in questions for candidate in question.candidates}
    rows = Premises.objects.filter(uprn__in=wanted).values_list("uprn", "address", "postcode")
    homes = {uprn: NearbyHome(uprn, address, postcode, 0.0) for uprn, address, postcode in rows}
    if questions:
        audit.record(
            act=Act.CONSULTATION,
            what="looked at addresses to settle",
            subject="places:questions",
            by=by,
            details={"questions": [question.pk for question in questions]},
        )
    return [
        (question, [homes[one["uprn"]] for one in question.candidates if one["uprn"] in homes])
        for question in questions
    ]


def settled_homes(batch_key: str) -> dict[int, str]:
    """Line of the file -> UPRN, for the addresses of a batch that somebody settled. One query."""
    found = AddressQuestion.objects.filter(batch_key=batch_key, state=QuestionState.FOUND.value)
    return dict(found.values_list("line", "uprn"))


def addresses_waiting(sight: Sight) -> int:
    """How many addresses of the files that ``sight`` opens wait to be settled. Two queries."""
    return _waiting(sight).count()


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
    # Codes are handed over as lists: just after a load PostgreSQL took minutes over subqueries of subqueries.
    chosen, child = _vintage_and_child(code, vintage)
    force = _small_areas_of_same_force(chosen, child)
    parents, best_fit = _nesting(chosen, force)
    return _assembled(chosen, force, parents, best_fit)


def _vintage_and_child(code: str, vintage: int | None) -> tuple[int, str]:
    """The vintage to use and one small area in the area. One query."""
    inside = AreaParent.objects.filter(Q(parent=code) | Q(small_area=code))
    if vintage is not None:
        inside = inside.filter(vintage=vintage)
    found = inside.order_by("-vintage", "small_area").values_list("vintage", "small_area").first()
    if found is None:
        raise DataProblem(f"There is no area “{code[:40]}” among the places loaded here.")
    return found


def _small_areas_of_same_force(vintage: int, child: str) -> set[str] | None:
    """Codes of all small areas in the force of ``child``; None when its force is unknown. One query."""
    forces = AreaParent.objects.filter(vintage=vintage, level=AreaLevel.FORCE.value)
    force = forces.filter(small_area=child).values("parent")[:1]
    return set(forces.filter(parent=Subquery(force)).values_list("small_area", flat=True)) or None


def _nesting(vintage: int, force: set[str] | None) -> tuple[dict[str, dict[AreaLevel, str]], frozenset[AreaLevel]]:
    """Parents by small area, and the levels that are best fit. One query."""
    rows = AreaParent.objects.filter(vintage=vintage)
    if force is not None:
        rows = rows.filter(small_area__in=sorted(force))
    parents: dict[str, dict[AreaLevel, str]] = {}
    best_fit: dict[str, set[AreaLevel]] = {}
    for child, level, parent, fits in rows.order_by("small_area", "level").values_list(
        "small_area", "level", "parent", "best_fit"
    ):
        parents.setdefault(child, {})[AreaLevel(level)] = parent
        if fits:
            best_fit.setdefault(child, set()).add(AreaLevel(level))
    if force is None:
        parents = {child: above for child, above in parents.items() if AreaLevel.FORCE not in above}
    return parents, frozenset(level for child in parents for level in best_fit.get(child, ()))


def _assembled(
    vintage: int, force: set[str] | None, parents: dict[str, dict[AreaLevel, str]], best_fit: frozenset[AreaLevel]
) -> Geography:
    """The geography of the small areas in ``parents``. Two queries."""
    codes = {code for child, above in parents.items() for code in (child, *above.values())}
    areas = AreaRow.objects.filter(vintage=vintage)
    values = Denominator.objects.filter(edition__vintage=vintage)
    if force is not None:
        areas, values = areas.filter(code__in=sorted(codes)), values.filter(small_area__in=sorted(parents))
    columns = areas.order_by("code").values_list("code", "name", "level", "welsh_name", "outline", "deprivation_rank")
    rows = [row for row in columns if row[0] in codes]
    return Geography(
        small_area_vintage=vintage,
        areas={row[0]: Area(row[0], row[1], AreaLevel(row[2]), row[3]) for row in rows},
        parents=parents,
        outlines={row[0]: outline_from_text(row[4]) for row in rows if row[4]},
        denominators=_denominators(vintage, values, parents),
        best_fit_levels=best_fit,
        deprivation={row[0]: row[5] for row in rows if row[5] is not None},
    )


def _denominators(
    vintage: int, values: "QuerySet[Denominator]", parents: dict[str, dict[AreaLevel, str]]
) -> dict[str, Values]:
    rows = values.order_by("edition__key", "small_area").values_list(
        "edition__key", "edition__unit", "edition__label", "small_area", "value"
    )
    held: dict[Edition, dict[str, int]] = {}
    for key, unit, label, code, value in rows:
        if code in parents:
            held.setdefault(Edition(key, DenominatorUnit(unit), label, vintage), {})[code] = value
    return {edition.key: Values(edition, by_area) for edition, by_area in held.items()}
