"""What the analysis asks of a geography: areas of a level with their small areas, neighbours, size and traits."""

from collections.abc import Mapping, Sequence

import numpy as np

from frankpledge.vocabulary.areas import AreaLevel, DenominatorUnit
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.geography import Area, Denominator, Geography, Outline

NEAR = 500  # metres: areas with outline points in the same or adjoining squares of this side are neighbours

# the level whose areas a place is compared with, and the whole that they make up
WHOLE_OF: dict[AreaLevel, AreaLevel] = {
    AreaLevel.WARD: AreaLevel.DISTRICT,
    AreaLevel.PRIORITY_NEIGHBOURHOOD: AreaLevel.DISTRICT,
    AreaLevel.DISTRICT: AreaLevel.FORCE,
    AreaLevel.PARTNERSHIP: AreaLevel.FORCE,
}


def small_areas_by(geography: Geography, level: AreaLevel) -> dict[str, list[str]]:
    """Code of each area of ``level`` -> its small areas, sorted."""
    groups: dict[str, list[str]] = {}
    for code in sorted(geography.parents):
        above = geography.parents[code].get(level)
        if above is not None:
            groups.setdefault(above, []).append(code)
    return groups


def whole_of(area: Area, geography: Geography, small_areas: Sequence[str]) -> Area | None:
    """The district of a ward, the force of a district: None when the geography does not know it, or knows several."""
    level = WHOLE_OF.get(area.level)
    if level is None:
        return None
    above = {geography.parents[code].get(level) for code in small_areas}
    if len(above) != 1:
        return None
    return geography.areas.get(above.pop() or "")


def force_of(geography: Geography, area: Area, small_areas: Sequence[str]) -> Area | None:
    """The one police force area the small areas lie in."""
    if area.level is AreaLevel.FORCE:
        return area
    above = {geography.parents[code].get(AreaLevel.FORCE) for code in small_areas}
    return geography.areas.get(above.pop() or "") if len(above) == 1 else None


def slug_of(force: Area) -> str:
    """``London, City of`` -> ``city-of-london``: a force area's name as data.police.uk writes it in addresses."""
    name = " ".join(reversed(force.name.split(", "))).casefold()
    return name.replace("&", "and").removesuffix(" police").replace(" ", "-")


def choose_denominator(
    geography: Geography, unit: DenominatorUnit, small_areas: Sequence[str], edition: str | None
) -> tuple[Denominator, int] | None:
    """The denominator of ``unit`` and its sum over ``small_areas``: the named ``edition``, else the best of all.

    Best is the one counted on these very small areas (census 2011 on those of 2011: nothing was carried over or
    guessed), then the latest. None when there is none. Raises DataProblem for an edition that is not at hand or does
    not cover the area.
    """
    held = {key: known for key, known in geography.denominators.items() if known.edition.unit is unit}
    if edition is not None:
        named = [known for key, known in held.items() if edition in (key, known.edition.key)]
        if not named:
            others = ", ".join(sorted(held)) or "none"
            raise DataProblem(
                f"There is no edition “{edition}” of {unit.value}.", remedy=f"The editions at hand are: {others}."
            )
        total = named[0].total(small_areas)
        if total is None:
            raise DataProblem(f"The edition “{edition}” of {unit.value} does not cover every small area of this place.")
        return named[0], total
    for key in sorted(held, key=lambda key: (_native(held[key]), held[key].edition.label, key), reverse=True):
        total = held[key].total(small_areas)
        if total is not None:
            return held[key], total
    return None


def _native(denominator: Denominator) -> bool:
    """Whether it was counted in the year its small areas were drawn for."""
    return str(denominator.edition.small_area_vintage) in denominator.edition.key


def neighbours_of(code: str, groups: Mapping[str, Sequence[str]], outlines: Mapping[str, Outline]) -> list[str] | None:
    """Those of ``groups`` whose outlines come within about half a kilometre of ``code``'s; None without outlines."""
    if all(group in outlines for group in groups):
        groups = {group: [group] for group in groups}
    elif any(small not in outlines for group in groups.values() for small in group):
        return None
    mine = _squares(groups[code], outlines)
    near = {(x + dx, y + dy) for x, y in mine for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
    return sorted(other for other in groups if other != code and not near.isdisjoint(_squares(groups[other], outlines)))


def _squares(small_areas: Sequence[str], outlines: Mapping[str, Outline]) -> set[tuple[int, int]]:
    return {
        (x // NEAR, y // NEAR)
        for code in small_areas
        for polygon in outlines[code]
        for ring in polygon
        for x, y in ring
    }


def hectares(outline: Outline) -> float:
    """Area inside an outline, holes taken off."""
    total = 0.0
    for polygon in outline:
        for position, ring in enumerate(polygon):
            x, y = np.array(ring, dtype=float).T
            ring_area = abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2
            total += ring_area if position == 0 else -ring_area
    return total / 10_000


def traits_of(groups: Mapping[str, Sequence[str]], geography: Geography) -> dict[str, dict[str, float]]:
    """What is known of each group of small areas by which similar ones can be found.

    ``mean deprivation rank`` (weighted by households where known), ``households per hectare``, ``people per
    household``.
    """
    traits: dict[str, dict[str, float]] = {}
    deprivation = geography.deprivation
    for code, small in groups.items():
        known: dict[str, float] = {}
        homes = choose_denominator(geography, DenominatorUnit.HOUSEHOLDS, small, None)
        people = choose_denominator(geography, DenominatorUnit.RESIDENTS, small, None)
        if all(area in deprivation for area in small):
            weight = [homes[0].by_small_area[area] if homes else 1 for area in small]
            known["deprivation"] = float(np.average([deprivation[area] for area in small], weights=weight))
        drawn = [code] if code in geography.outlines else small
        if homes and all(area in geography.outlines for area in drawn):
            known["homes per hectare"] = homes[1] / sum(hectares(geography.outlines[area]) for area in drawn)
        if homes and people and homes[1] > 0:
            known["people per home"] = people[1] / homes[1]
        traits[code] = known
    return traits
