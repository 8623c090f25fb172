"""The lie of the land: five made-up districts cut into small areas that tile them without a gap.

Everything is drawn on a sketch around ``ORIGIN``, one unit being ``UNIT_M`` metres: by hand where a planner would
decide (the district's edge, the river, where each ward stands), roughened by a seeded generator where nature did. The
plan has a seed of its own, so that every simulated history plays in the same Aldercombe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from shapely.ops import linemerge, polygonize, split, unary_union

Points = NDArray[np.float64]

ORIGIN = (455_000.0, 262_000.0)  # metres, British National Grid: the market square of Aldercombe
UNIT_M = 620.0
PLAN_SEED = 1837

# fmt: off
_DISTRICT_EDGE = (
    (-4.9, 3.1), (-3.9, 3.6), (-3.2, 3.1), (-2.3, 4.0), (-1.2, 4.9), (0.1, 5.3), (1.0, 4.6), (2.2, 4.4),
    (3.1, 5.4), (4.6, 5.0), (5.1, 3.6), (4.9, 2.5), (6.0, 1.9), (7.1, 1.0), (6.6, -0.2), (5.5, -0.7),
    (5.6, -1.9), (4.8, -3.3), (3.6, -3.2), (2.9, -4.3), (1.5, -5.2), (0.4, -4.6), (-0.6, -3.6), (-1.9, -3.9),
    (-3.1, -4.6), (-4.4, -3.5), (-4.3, -2.5), (-5.4, -1.7), (-5.0, -0.5), (-6.2, 0.5), (-6.5, 1.7),
    (-5.3, 2.2),
)  # clockwise from the north-west
_REGION_EDGE = (
    (-13.0, 10.5), (-7.0, 13.0), (-1.0, 11.8), (5.0, 13.6), (14.0, 9.5), (16.0, 3.0), (14.6, -3.0),
    (13.0, -11.0), (6.0, -12.6), (-1.0, -13.8), (-7.0, -12.0), (-12.5, -10.5), (-15.5, -4.0), (-14.4, 3.0),
)
_SPOKES = (
    ((-4.9, 3.1), (-13.0, 10.5)),
    ((4.9, 2.5), (14.0, 9.5)),
    ((4.8, -3.3), (13.0, -11.0)),
    ((-4.4, -3.5), (-12.5, -10.5)),
)
_NEIGHBOUR_TOWNS = ((0.5, 8.6), (10.2, -0.6), (-0.8, -8.8), (-10.0, 0.4))  # north, east, south, west
_RIVER = (
    (-7.4, -0.2), (-5.3, -0.9), (-4.0, -1.1), (-2.9, -0.8), (-1.9, -0.35), (-1.0, -0.55), (-0.2, -0.75),
    (0.7, -0.5), (1.5, -0.2), (2.4, -0.45), (3.4, -0.2), (4.4, 0.15), (5.3, 0.0), (6.4, 0.4), (7.8, 0.3),
)
_MAIN_ROADS = (
    ((0.1, 0.2), (-0.6, 0.75), (-1.3, 1.5), (-2.0, 2.2), (-2.9, 2.6), (-4.1, 2.6), (-6.2, 3.8)),  # north-west
    ((0.1, 0.2), (0.5, 1.1), (0.4, 2.0), (0.6, 3.0), (0.2, 4.2), (0.5, 6.5)),  # north
    ((0.1, 0.2), (0.9, 0.6), (1.8, 1.2), (2.8, 1.5), (4.0, 2.0), (5.6, 2.9), (7.5, 3.4)),  # north-east
    ((0.1, 0.2), (0.15, -0.5), (0.7, -1.2), (1.5, -2.0), (2.6, -2.5), (3.7, -2.6), (6.0, -4.6)),  # south-east
    ((0.55, -1.0), (0.0, -1.2), (-0.5, -1.35), (-1.2, -1.9), (-2.3, -2.5), (-3.3, -2.7), (-5.6, -4.4)),  # south-west
    ((0.1, 0.2), (-1.0, -0.05), (-2.2, 0.1), (-3.6, 0.0), (-5.0, 0.3), (-7.5, 0.8)),  # west
)
_RAILWAY = (
    (-7.8, -2.4), (-4.6, -1.9), (-2.6, -1.2), (-1.0, -1.05), (0.6, -0.95), (2.6, -0.8), (4.6, -0.7), (8.0, -1.4),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class WardPlan:
    """A ward as a planner would sketch it: where it stands, how its streets look, how poor its homes are."""

    name: str
    neighbourhood: str | None  # the priority neighbourhood in it
    seeds: tuple[tuple[float, float], ...]  # on the sketch; one per small area
    style: str  # a key of ``town.STYLES``
    hardship: float  # 0 comfortable to 1 hard up: tenure, deprivation and crime follow it
    priority_areas: int = 0  # how many of its small areas, from the first, are its priority neighbourhood
    priority_homes: int = 0  # homes in that neighbourhood, all together


# Thirteen wards, 44 small areas, five priority neighbourhoods that hold 5,460 homes.
WARDS = (
    WardPlan(
        "Northgate Vale",
        "Northgate",
        ((-1.05, 1.05), (-0.85, 1.55), (-1.65, 1.2), (-1.5, 1.85)),
        "terrace",
        0.8,
        2,
        1_240,
    ),
    WardPlan(
        "Bellfield Common", "Bellfield", ((0.25, 1.5), (0.75, 1.75), (0.05, 2.15), (0.7, 2.45)), "terrace", 0.9, 2, 980
    ),
    WardPlan(
        "Quarry Hill East",
        "Quarry Hill",
        ((1.6, 1.0), (2.0, 1.35), (1.45, 1.65), (2.55, 0.85)),
        "estate",
        0.85,
        2,
        1_120,
    ),
    WardPlan(
        "Sidings",
        "Old Station",
        ((-0.75, -1.35), (-1.3, -1.6), (-0.6, -2.0), (-1.9, -1.35)),
        "terrace",
        0.95,
        2,
        1_060,
    ),
    WardPlan(
        "Meadow", "Meadow Rise", ((1.2, -1.55), (1.75, -1.7), (1.1, -2.15), (1.9, -2.4)), "estate", 0.75, 2, 1_060
    ),
    WardPlan("Market", None, ((-0.3, 0.05), (0.5, 0.1), (0.15, 0.75)), "centre", 0.42),
    WardPlan("Weirside", None, ((-1.0, 0.2), (-2.0, 0.35), (-3.2, 0.3)), "semi", 0.4),
    WardPlan("Tannery Bank", None, ((0.3, -1.15), (1.05, -0.85), (2.3, -1.1)), "terrace", 0.5),
    WardPlan("Larkfields", None, ((-2.5, 1.55), (-2.4, 2.5), (-3.5, 2.1)), "detached", 0.1),
    WardPlan("Oakholt", None, ((1.35, 0.3), (3.3, 1.9), (3.6, 0.6)), "semi", 0.3),
    WardPlan("Upper Combe", None, ((-3.4, -2.3), (-2.2, -2.8), (-4.2, -1.6)), "village", 0.15),
    WardPlan("Netheralder", None, ((3.3, -2.2), (4.3, -1.2), (0.6, -3.3)), "village", 0.2),
    WardPlan("Fallow Green", None, ((-0.9, 3.5), (1.6, 3.6), (3.2, 3.3)), "village", 0.1),
)


@dataclass(frozen=True)
class SmallAreaPlan:
    """One small area on the ground: its polygon in metres, and what the planner wants there."""

    polygon: Polygon
    centre: tuple[float, float]  # metres, where its homes gather
    district: int  # 0 Aldercombe, 1 to 4 its neighbours
    ward: int | None  # index in WARDS; None in a neighbouring district
    priority: bool
    style: str
    hardship: float
    homes: int


@dataclass(frozen=True)
class LandPlan:
    """The five districts cut into small areas, Aldercombe's first; river, main roads and railway as lines in metres."""

    small_areas: tuple[SmallAreaPlan, ...]
    river: LineString
    main_roads: tuple[LineString, ...]
    railway: LineString


def draw_land(rng: Generator) -> LandPlan:
    """Draw districts, river and small areas. The same generator state gives the same land."""
    river_line = LineString(_rough(_smooth(np.array(_RIVER)), rng, roughness=0.05, grain=0.1))
    districts = _districts(rng)
    areas = _aldercombe(districts[0], river_line, rng)
    for number, (district, town) in enumerate(zip(districts[1:], _NEIGHBOUR_TOWNS, strict=True), start=1):
        areas += _neighbour(district, town, number, rng)
    return LandPlan(
        small_areas=tuple(areas),
        river=LineString(to_metres(np.array(river_line.coords))),
        main_roads=tuple(LineString(to_metres(_smooth(np.array(road)))) for road in _MAIN_ROADS),
        railway=LineString(to_metres(_smooth(np.array(_RAILWAY)))),
    )


def to_metres(points: Points) -> Points:
    """Points of the sketch, shape (n, 2), to whole metres of the British National Grid."""
    return np.round(points * UNIT_M + np.array(ORIGIN))


def _districts(rng: Generator) -> list[Polygon]:
    edge = _rough(_closed(_DISTRICT_EDGE), rng, roughness=0.09, grain=0.12)
    outer = _rough(_closed(_REGION_EDGE), rng, roughness=0.06, grain=0.6)
    spokes = [_rough(np.array(spoke), rng, roughness=0.06, grain=0.6) for spoke in _SPOKES]
    pieces = list(polygonize(unary_union([LineString(line) for line in (edge, outer, *spokes)])))
    centres = [Point(0, 0), *(Point(town) for town in _NEIGHBOUR_TOWNS)]
    return [next(piece for piece in pieces if piece.contains(centre)) for centre in centres]


def _aldercombe(district: Polygon, river: LineString, rng: Generator) -> list[SmallAreaPlan]:
    """Small areas never cross the river; each bank is cut on its own."""
    sketches = [(ward, seed, rank) for ward, plan in enumerate(WARDS) for rank, seed in enumerate(plan.seeds)]
    polygons: dict[tuple[float, float], Polygon] = {}
    for bank in split(district, river).geoms:
        seeds = [seed for _, seed, _ in sketches if bank.contains(Point(seed))]
        if seeds:
            polygons.update(zip(seeds, _cells(bank, seeds, rng, grain=0.12), strict=True))
    return [_small_area(polygons[seed], seed, ward, rank, rng) for ward, seed, rank in sketches]


def _small_area(polygon: Polygon, seed: tuple[float, float], ward: int, rank: int, rng: Generator) -> SmallAreaPlan:
    plan = WARDS[ward]
    priority = rank < plan.priority_areas
    ordinary_homes = int(rng.integers(430, 661))
    x, y = to_metres(np.array([seed]))[0]
    return SmallAreaPlan(
        polygon=_in_metres(polygon),
        centre=(float(x), float(y)),
        district=0,
        ward=ward,
        priority=priority,
        style=plan.style if priority or plan.priority_areas == 0 else "semi",
        hardship=plan.hardship if priority or plan.priority_areas == 0 else plan.hardship * 0.45,
        homes=plan.priority_homes // plan.priority_areas if priority else ordinary_homes,
    )


def _neighbour(district: Polygon, town: tuple[float, float], number: int, rng: Generator) -> list[SmallAreaPlan]:
    """A neighbouring district: small areas crowd round its one town and thin out into the country."""
    wanted = int(rng.integers(26, 37))
    inside = district.buffer(-0.25)
    seeds: list[tuple[float, float]] = []
    while len(seeds) < wanted:
        reach = 1.6 if rng.random() < 0.62 else 5.5
        x, y = np.array(town) + rng.normal(0.0, reach, 2)
        clear = 0.45 if reach < 2 else 1.3
        if inside.contains(Point(x, y)) and all((x - a) ** 2 + (y - b) ** 2 > clear**2 for a, b in seeds):
            seeds.append((float(x), float(y)))
    polygons = _cells(district, seeds, rng, grain=0.5)
    central = sorted(np.hypot(*(np.array(seeds) - np.array(town)).T))[1]
    areas = []
    for polygon, seed in zip(polygons, seeds, strict=True):
        away = float(np.hypot(seed[0] - town[0], seed[1] - town[1]))
        hardship = float(np.clip(0.75 - 0.16 * away + rng.normal(0, 0.15), 0.02, 0.98))
        x, y = to_metres(np.array([seed]))[0]
        areas.append(
            SmallAreaPlan(
                polygon=_in_metres(polygon),
                centre=(float(x), float(y)),
                district=number,
                ward=None,
                priority=False,
                style="centre" if away <= central else "terrace" if away < 2.5 else "village",
                hardship=hardship,
                homes=int(rng.integers(480, 901)),
            )
        )
    return areas


def _cells(region: Polygon, seeds: Sequence[tuple[float, float]], rng: Generator, *, grain: float) -> list[Polygon]:
    """Cut ``region`` into one polygon per seed: its Voronoi cells with their inner edges made irregular.

    Both sides of an edge use the same roughened line, so the pieces still tile. Where roughening moves a line across a
    seed, it is tried again with calmer lines.
    """
    cells = shapely.voronoi_polygons(MultiPoint(list(seeds)), extend_to=region.buffer(1.0))
    near = unary_union([cell.boundary for cell in cells.geoms]).intersection(region.buffer(0.8))
    edges = [np.array(edge.coords) for edge in linemerge(near).geoms]
    roughness = 0.11
    while True:
        rough = [LineString(_rough(edge, rng, roughness=roughness, grain=grain)) for edge in edges]
        cut = polygonize(unary_union([region.boundary, *rough]))
        pieces = [piece for piece in cut if region.contains(piece.representative_point())]
        owners = [[piece for piece in pieces if piece.contains(Point(seed))] for seed in seeds]
        own = {id(piece) for owned in owners for piece in owned}
        if len(own) == len(seeds):
            return _without_strays([owned[0] for owned in owners], [piece for piece in pieces if id(piece) not in own])
        roughness *= 0.6


def _without_strays(owned: list[Polygon], strays: list[Polygon]) -> list[Polygon]:
    """Where a bay of the border cut a cell in two, the stray piece joins the cell it shares the longest edge with."""
    for stray in strays:
        shared = [stray.boundary.intersection(cell.boundary).length for cell in owned]
        nearest = int(np.argmax(shared))
        owned[nearest] = owned[nearest].union(stray)
    return owned


def _in_metres(polygon: Polygon) -> Polygon:
    rounded = Polygon(to_metres(np.array(polygon.exterior.coords)))
    return rounded if rounded.is_valid else max(rounded.buffer(0).geoms, key=lambda part: part.area)


def _closed(points: Sequence[tuple[float, float]]) -> Points:
    return np.array([*points, points[0]])


def _rough(points: Points, rng: Generator, *, roughness: float, grain: float) -> Points:
    """Midpoint displacement: halve every segment and move its middle sideways, until none is longer than the grain."""
    while np.hypot(*np.diff(points, axis=0).T).max() > grain:
        start, end = points[:-1], points[1:]
        along = end - start
        sideways = np.column_stack([-along[:, 1], along[:, 0]])
        middle = (start + end) / 2 + sideways * rng.normal(0.0, roughness, (len(along), 1))
        mixed = np.empty((len(points) + len(middle), 2))
        mixed[0::2], mixed[1::2] = points, middle
        points = mixed
    return points


def _smooth(points: Points, passes: int = 3) -> Points:
    """Chaikin's corner cutting, ends kept: a hand-drawn polyline becomes a river."""
    for _ in range(passes):
        start, end = points[:-1], points[1:]
        cut = np.empty((2 * len(start), 2))
        cut[0::2], cut[1::2] = 0.75 * start + 0.25 * end, 0.25 * start + 0.75 * end
        points = np.vstack([points[:1], cut, points[-1:]])
    return points
