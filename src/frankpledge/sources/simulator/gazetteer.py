"""The areas of the plan under made-up codes and names, their counts, and map points like those of data.police.uk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely.geometry import Polygon

from frankpledge.sources.ons import as_outline
from frankpledge.sources.simulator import names
from frankpledge.sources.simulator.plan import WARDS, LandPlan, SmallAreaPlan
from frankpledge.sources.simulator.town import Town
from frankpledge.vocabulary.areas import AreaLevel, DenominatorEdition, DenominatorUnit
from frankpledge.vocabulary.geography import Area, Denominator, Geography, Outline
from frankpledge.vocabulary.premises import Premises, PremisesKind

VINTAGE = 2021
FIRST_UPRN = 9_990_000_000_001  # thirteen digits: Ordnance Survey issues twelve at most
DISTRICTS = (names.DISTRICT, *names.NEIGHBOURING_DISTRICTS)
EDITIONS = {
    "made-up-2011": DenominatorEdition("made-up-2011", DenominatorUnit.HOUSEHOLDS, "made-up count 2011", VINTAGE),
    "made-up-2021": DenominatorEdition("made-up-2021", DenominatorUnit.HOUSEHOLDS, "made-up count 2021", VINTAGE),
    "made-up-2021-residents": DenominatorEdition(
        "made-up-2021-residents", DenominatorUnit.RESIDENTS, "made-up count 2021", VINTAGE
    ),
}
# residents in a household, by style
_PEOPLE = {"centre": 1.7, "terrace": 2.4, "semi": 2.4, "estate": 2.6, "detached": 2.6, "village": 2.3}


def small_area_code(number: int) -> str:
    """The code of the small area at position ``number`` of the plan."""
    return f"X01{number + 1:06d}"


def district_code(number: int) -> str:
    return f"X07{number + 1:06d}"


def partnership_code(number: int) -> str:
    return f"X22{number + 1:06d}"


def ward_code(number: int) -> str:
    return f"X05{number + 1:06d}"


def neighbourhood_code(ward: int) -> str:
    """The priority neighbourhood in the ward at position ``ward`` of ``WARDS``."""
    return f"X16{ward + 1:06d}"


def small_area_names(land: LandPlan) -> list[str]:
    """``Aldercombe 001A`` and so on: a number for each ward (elsewhere for each five small areas), then a letter."""
    written = []
    position: dict[tuple[int, int], int] = {}
    seen: dict[int, int] = {}
    for area in land.small_areas:
        rank = seen.get(area.district, 0)
        seen[area.district] = rank + 1
        group = (area.district, rank // 5 if area.ward is None else area.ward)
        letter = position.get(group, 0)
        position[group] = letter + 1
        written.append(f"{DISTRICTS[area.district]} {group[1] + 1:03d}{'ABCDEFGH'[letter]}")
    return written


def geography(land: LandPlan, rng: Generator) -> Geography:
    """The five districts as the vocabulary holds a geography, with outlines and three made-up counts."""
    areas: dict[str, Area] = {
        names.FORCE_CODE: Area(names.FORCE_CODE, names.FORCE_NAME.removesuffix(" Constabulary"), AreaLevel.FORCE)
    }
    for number, name in enumerate(DISTRICTS):
        areas[district_code(number)] = Area(district_code(number), name, AreaLevel.DISTRICT)
        areas[partnership_code(number)] = Area(partnership_code(number), f"Safer {name}", AreaLevel.PARTNERSHIP)
    for number, ward in enumerate(WARDS):
        areas[ward_code(number)] = Area(ward_code(number), ward.name, AreaLevel.WARD)
        if ward.neighbourhood:
            code = neighbourhood_code(number)
            areas[code] = Area(code, ward.neighbourhood, AreaLevel.PRIORITY_NEIGHBOURHOOD)
    for number, name in enumerate(small_area_names(land)):
        areas[small_area_code(number)] = Area(small_area_code(number), name, AreaLevel.SMALL_AREA)
    codes = [small_area_code(number) for number in range(len(land.small_areas))]
    parents = {code: _parents(area) for code, area in zip(codes, land.small_areas, strict=True)}
    return Geography(
        small_area_vintage=VINTAGE,
        areas=areas,
        parents=parents,
        outlines=_outlines(land, codes, parents),
        denominators=_denominators(land, codes, rng),
        deprivation=_deprivation_ranks(land, rng),
    )


def _outlines(land: LandPlan, codes: list[str], parents: dict[str, dict[AreaLevel, str]]) -> dict[str, Outline]:
    """Of the small areas, and of every higher area as their union."""
    outlines = {code: as_outline(area.polygon) for code, area in zip(codes, land.small_areas, strict=True)}
    members: dict[str, list[Polygon]] = {}
    for code, area in zip(codes, land.small_areas, strict=True):
        for above in parents[code].values():
            members.setdefault(above, []).append(area.polygon)
    return outlines | {code: as_outline(shapely.union_all(polygons)) for code, polygons in members.items()}


def _parents(area: SmallAreaPlan) -> dict[AreaLevel, str]:
    above = {
        AreaLevel.DISTRICT: district_code(area.district),
        AreaLevel.PARTNERSHIP: partnership_code(area.district),
        AreaLevel.FORCE: names.FORCE_CODE,
    }
    if area.ward is not None:
        above[AreaLevel.WARD] = ward_code(area.ward)
        if area.priority:
            above[AreaLevel.PRIORITY_NEIGHBOURHOOD] = neighbourhood_code(area.ward)
    return above


def _denominators(land: LandPlan, codes: list[str], rng: Generator) -> dict[str, Denominator]:
    """Households are homes less the empty ones; ten years earlier there were fewer; residents follow the style."""
    homes = np.array([area.homes for area in land.small_areas])
    latest = np.round(homes * rng.uniform(0.95, 0.98, len(homes)))
    earlier = np.round(latest * rng.uniform(0.86, 0.99, len(homes)))
    people = np.array([_PEOPLE[area.style] for area in land.small_areas]) * rng.normal(1.0, 0.05, len(homes))
    values = {
        "made-up-2011": earlier,
        "made-up-2021": latest,
        "made-up-2021-residents": np.round(latest * people),
    }
    return {
        key: Denominator(EDITIONS[key], dict(zip(codes, counts.astype(int).tolist(), strict=True)))
        for key, counts in values.items()
    }


def _deprivation_ranks(land: LandPlan, rng: Generator) -> dict[str, int]:
    """Rank of each small area among the force's, 1 being the most deprived."""
    scores = np.array([area.hardship for area in land.small_areas]) + rng.normal(0, 0.05, len(land.small_areas))
    order = np.argsort(-scores, kind="stable")
    return {small_area_code(int(number)): rank for rank, number in enumerate(order, start=1)}


def premises_list(land: LandPlan, town: Town) -> tuple[Premises, ...]:
    """Every home, shop and workplace of Aldercombe, in street and number order."""
    listed = []
    for number, area_number in enumerate(town.small_area.tolist()):
        area = land.small_areas[area_number]
        ward = area.ward or 0
        listed.append(
            Premises(
                uprn=str(FIRST_UPRN + number),
                address=town.address[number],
                postcode=town.postcode[number],
                easting=int(town.easting[number]),
                northing=int(town.northing[number]),
                small_area=small_area_code(area_number),
                ward=ward_code(ward),
                neighbourhood=neighbourhood_code(ward) if area.priority else None,
                kind=town.kind[number],
                tenure=town.tenure[number],
            )
        )
    return tuple(listed)


@dataclass(frozen=True)
class MapPoints:
    """Points onto which data.police.uk would move a crime: one for each street, some for car parks and the like.

    ``of_street`` runs over the town's streets. ``of_area`` and ``special_of_area`` hold, for each small area of the
    plan, the positions of its ordinary and its special points.
    """

    name: tuple[str, ...]
    easting: NDArray[np.float64]
    northing: NDArray[np.float64]
    small_area: NDArray[np.int64]
    of_street: NDArray[np.int64]
    of_area: tuple[NDArray[np.int64], ...]
    special_of_area: tuple[NDArray[np.int64], ...]


def map_points(land: LandPlan, town: Town, rng: Generator) -> MapPoints:
    """Middles of Aldercombe's streets, points in the neighbours' small areas, and special points in each."""
    rows: list[tuple[str, float, float, int, bool]] = []
    for street in town.streets:
        middle = street.line.interpolate(0.5, normalized=True)
        rows.append((street.name, middle.x, middle.y, street.small_area, False))
    for number, area in enumerate(land.small_areas):
        special = 6 if area.style == "centre" else 2
        ordinary = 0 if area.district == 0 else 12
        places = _places_of(number, area, town, special + ordinary, rng)
        labels = [
            *(str(name) for name in rng.choice(names.SPECIAL_POINTS, special, replace=False)),
            *_names(ordinary, rng),
        ]
        rows += [
            (label, x, y, number, at < special) for at, (label, (x, y)) in enumerate(zip(labels, places, strict=True))
        ]
    area_of = np.array([row[3] for row in rows])
    is_special = np.array([row[4] for row in rows])
    numbers = range(len(land.small_areas))
    return MapPoints(
        name=tuple(row[0] for row in rows),
        easting=np.array([row[1] for row in rows]),
        northing=np.array([row[2] for row in rows]),
        small_area=area_of,
        of_street=np.arange(len(town.streets)),
        of_area=tuple(np.flatnonzero((area_of == number) & ~is_special) for number in numbers),
        special_of_area=tuple(np.flatnonzero((area_of == number) & is_special) for number in numbers),
    )


def _places_of(number: int, area: SmallAreaPlan, town: Town, count: int, rng: Generator) -> list[tuple[float, float]]:
    """Where special points stand: at shops in Aldercombe; elsewhere anywhere in the small area near its centre."""
    if area.district == 0:
        shops = [at for at in np.flatnonzero(town.small_area == number) if town.kind[at] is PremisesKind.SHOP]
        chosen = rng.choice(shops, count)
        return [(float(town.easting[at]), float(town.northing[at])) for at in chosen]
    reach = min(np.sqrt(area.polygon.area) / 3, 400.0)
    found: list[tuple[float, float]] = []
    while len(found) < count:
        tries = np.array(area.centre) + rng.normal(0, reach, (4 * count, 2))
        inside = tries[shapely.contains_xy(area.polygon, tries[:, 0], tries[:, 1])]
        found += [(float(x), float(y)) for x, y in inside]
    return found[:count]


def _names(count: int, rng: Generator) -> list[str]:
    stems = rng.choice(names.STEMS, count, replace=False)
    suffixes = rng.choice(names.SUFFIXES["semi"] + names.SUFFIXES["terrace"], count)
    return [f"{stem} {suffix}" for stem, suffix in zip(stems, suffixes, strict=True)]
