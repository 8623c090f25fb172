"""Streets, homes and shops of Aldercombe, laid out inside its small areas.

Each small area is built up around its centre: rows of streets, straight among Victorian terraces and curving on later
estates, with plots on both sides, odd numbers on the left and even on the right. Homes stand inside their small area.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely.affinity import rotate
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from frankpledge.sources.simulator import names
from frankpledge.sources.simulator.plan import WARDS, LandPlan, SmallAreaPlan
from frankpledge.vocabulary.premises import PremisesKind, Tenure


@dataclass(frozen=True, slots=True)
class BuildingStyle:
    """How one age of building looks: spacing of rows, length of streets, how much they curve, who lives in what."""

    row_m: float
    street_m: float
    curve_m: float
    setback_m: float
    plot_m2: float  # ground per home, streets included: how far the built-up part spreads
    flat_share: float
    shops: int  # in one small area
    workplaces: int
    kinds: tuple[tuple[PremisesKind, float], ...]


_D, _S, _T, _B = (
    PremisesKind.DETACHED,
    PremisesKind.SEMI_DETACHED,
    PremisesKind.TERRACED,
    PremisesKind.BUNGALOW,
)
STYLES: dict[str, BuildingStyle] = {
    "centre": BuildingStyle(52, 150, 14, 9, 300, 0.55, 105, 12, ((_T, 0.85), (_S, 0.15))),
    "terrace": BuildingStyle(50, 230, 7, 9, 330, 0.12, 7, 6, ((_T, 0.85), (_S, 0.15))),
    "semi": BuildingStyle(64, 290, 26, 13, 520, 0.05, 4, 1, ((_S, 0.7), (_T, 0.1), (_D, 0.1), (_B, 0.1))),
    "estate": BuildingStyle(56, 200, 34, 11, 420, 0.18, 5, 1, ((_S, 0.4), (_T, 0.45), (_B, 0.15))),
    "detached": BuildingStyle(74, 250, 34, 16, 760, 0.02, 2, 0, ((_D, 0.65), (_S, 0.2), (_B, 0.15))),
    "village": BuildingStyle(78, 260, 30, 15, 720, 0.02, 3, 3, ((_D, 0.4), (_S, 0.3), (_B, 0.15), (_T, 0.15))),
}
EDGE_M = 24.0  # homes keep this far from their small area's edge, so rounding never moves one across
ROAD_M = 14.0  # and this far from main roads, railway and river


@dataclass(frozen=True, slots=True)
class Street:
    """A street's name, its line, the small area (position in the plan) and the numbers of its premises."""

    name: str
    line: LineString
    small_area: int
    first: int  # position of its first premises in the town's arrays
    last: int  # one past its last


@dataclass(frozen=True)
class Town:
    """Everything built in Aldercombe. Arrays run over premises in street and number order."""

    streets: tuple[Street, ...]
    side_roads: tuple[LineString, ...]  # roads between streets, without homes
    address: tuple[str, ...]
    postcode: tuple[str, ...]
    easting: NDArray[np.int64]
    northing: NDArray[np.int64]
    small_area: NDArray[np.int64]  # position in the plan
    street: NDArray[np.int64]  # position in ``streets``
    kind: tuple[PremisesKind, ...]
    tenure: tuple[Tenure | None, ...]

    @property
    def is_home(self) -> NDArray[np.bool_]:
        return np.array([kind.is_home for kind in self.kind])


@dataclass(frozen=True)
class _Plots:
    """Positions along one street: place, house number and how many flats stand there (1 for a house)."""

    line: LineString
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    number: NDArray[np.int64]


def build_town(land: LandPlan, rng: Generator) -> Town:
    """Lay out Aldercombe's streets and premises."""
    ways = unary_union([land.river.buffer(20), *land.main_roads, land.railway]).buffer(ROAD_M)
    angle = {ward: float(rng.uniform(0, 180)) for ward in range(len(WARDS))}
    builder = _Builder(_street_names(rng), rng)
    side_roads: list[LineString] = []
    for number, area in enumerate(land.small_areas):
        if area.district == 0 and area.ward is not None:
            ground = _ground(area, ways, rng)
            rows, crossings = _grid(area, ground, angle[area.ward] + rng.normal(0, 8), rng)
            side_roads += crossings
            builder.build(number, area, rows)
    return builder.town(side_roads)


def _ground(area: SmallAreaPlan, ways: BaseGeometry, rng: Generator) -> BaseGeometry:
    """The part that is built on: around the centre, as large as the homes need, clear of edges, roads and water."""
    free = area.polygon.buffer(-EDGE_M).difference(ways)
    wanted = area.homes * STYLES[area.style].plot_m2
    radius = np.sqrt(wanted / np.pi)
    phase = rng.uniform(0, 2 * np.pi, 3)
    ground = free.intersection(_blot(area.centre, radius, phase))
    while ground.area < wanted and radius < 4_000:
        radius *= 1.08
        ground = free.intersection(_blot(area.centre, radius, phase))
    return ground


def _blot(centre: tuple[float, float], radius: float, phase: NDArray[np.float64]) -> Polygon:
    """A round shape with bays and arms, as villages and suburbs have."""
    turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    reach = radius * (
        1 + 0.2 * np.sin(2 * turn + phase[0]) + 0.14 * np.sin(3 * turn + phase[1]) + 0.07 * np.sin(7 * turn + phase[2])
    )
    return Polygon(np.column_stack([centre[0] + reach * np.cos(turn), centre[1] + reach * np.sin(turn)]))


def _grid(
    area: SmallAreaPlan, ground: BaseGeometry, angle: float, rng: Generator
) -> tuple[list[LineString], list[LineString]]:
    """Streets in bent rows over the ground, and the side roads that cross them, which have no homes."""
    style = STYLES[area.style]
    reach = max(ground.bounds[2] - ground.bounds[0], ground.bounds[3] - ground.bounds[1])
    middle = ground.envelope.centroid
    along = np.arange(-reach, reach + 12.0, 12.0)
    wave, phase = rng.uniform(380, 640, 2), rng.uniform(0, 2 * np.pi, 2)

    def bent(offset: float) -> NDArray[np.float64]:
        slow, quick = along / wave[0] + phase[0], (along + offset) / wave[1] + phase[1]
        return style.curve_m * (np.sin(2 * np.pi * slow) + 0.5 * np.sin(2 * np.pi * quick))

    def placed(x: NDArray[np.float64], y: NDArray[np.float64]) -> LineString:
        return rotate(LineString(np.column_stack([middle.x + x, middle.y + y])), angle, origin=middle)

    crossings = [
        placed(at + bent(at) * 0.6, along) for at in np.arange(-reach, reach, style.street_m * rng.uniform(0.85, 1.15))
    ]
    side_roads = [part for line in crossings for part in _lines(line.intersection(ground))]
    blocks = ground.difference(unary_union(crossings).buffer(7.0))
    rows = [placed(along, offset + bent(offset)) for offset in np.arange(-reach, reach, style.row_m)]
    return [part for row in rows for part in _lines(row.intersection(blocks))], side_roads


def _lines(shape: BaseGeometry) -> list[LineString]:
    parts = getattr(shape, "geoms", [shape])
    return [part for part in parts if isinstance(part, LineString) and part.length > 44]


class _Builder:
    """Gathers premises street by street; numbers, addresses and postcodes are given as they are built."""

    def __init__(self, street_names: dict[str, Iterator[str]], rng: Generator) -> None:
        self._names = street_names
        self._rng = rng
        self._streets: list[Street] = []
        self._address: list[str] = []
        self._postcode: list[str] = []
        self._x: list[float] = []
        self._y: list[float] = []
        self._area: list[int] = []
        self._street: list[int] = []
        self._kind: list[PremisesKind] = []
        self._tenure: list[Tenure | None] = []
        self._sectors: dict[int, int] = {}  # ward -> postcodes already given

    def build(self, number: int, area: SmallAreaPlan, lines: list[LineString]) -> None:
        """Put exactly ``area.homes`` homes, and its shops and workplaces, along ``lines``."""
        style = STYLES[area.style]
        blocks = _flat_blocks(round(area.homes * style.flat_share), self._rng)
        houses = area.homes - int(blocks.sum())
        businesses = style.shops + style.workplaces
        plots = _plots(lines, houses + len(blocks) + businesses, style.setback_m, self._rng)
        uses = np.array(
            ["house"] * houses + ["flats"] * len(blocks) + ["shop"] * style.shops + ["work"] * style.workplaces
        )
        uses = self._rng.permutation(uses)
        block = iter(blocks)
        at = 0
        for street in plots:
            first = len(self._address)
            name = next(self._names[area.style])
            here = uses[at : at + len(street.x)]
            at += len(street.x)
            for use, x, y, house in zip(here, street.x, street.y, street.number, strict=True):
                self._add(use, float(x), float(y), f"{house} {name}", area, int(next(block)) if use == "flats" else 1)
            count = len(self._address) - first
            self._area += [number] * count
            self._street += [len(self._streets)] * count
            self._postcode += self._postcodes(area.ward or 0, count)
            self._streets.append(Street(name, street.line, number, first, first + count))

    def _add(self, use: str, x: float, y: float, address: str, area: SmallAreaPlan, flats: int) -> None:
        for flat in range(flats):
            self._address.append(f"Flat {flat + 1}, {address}" if use == "flats" else address)
            self._x.append(x)
            self._y.append(y)
            self._kind.append(self._kind_of(use, area))
            self._tenure.append(self._tenure_of(area) if self._kind[-1].is_home else None)

    def _kind_of(self, use: str, area: SmallAreaPlan) -> PremisesKind:
        fixed = {"flats": PremisesKind.FLAT, "shop": PremisesKind.SHOP, "work": PremisesKind.WORKPLACE}
        if use in fixed:
            return fixed[use]
        draw = self._rng.random()
        for kind, share in STYLES[area.style].kinds:
            draw -= share
            if draw < 0:
                return kind
        return STYLES[area.style].kinds[0][0]

    def _tenure_of(self, area: SmallAreaPlan) -> Tenure:
        hard = area.hardship
        draw = self._rng.random()
        if draw < 0.34 * hard:
            return Tenure.COUNCIL_TENANT
        if draw < 0.52 * hard:
            return Tenure.HOUSING_ASSOCIATION_TENANT
        if draw < 0.52 * hard + 0.11 + (0.2 if area.style == "centre" else 0.1 * hard):
            return Tenure.PRIVATE_TENANT
        return Tenure.OWNER

    def _postcodes(self, ward: int, count: int) -> list[str]:
        """One postcode for each run of up to 28 premises, in the ward's own sector."""
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        given = []
        for _ in range(0, count, 28):
            number = self._sectors.get(ward, 0)
            self._sectors[ward] = number + 1
            unit = letters[number // len(letters) % len(letters)] + letters[number % len(letters)]
            given += [f"{names.POSTCODE_AREA}{1 + ward // 5} {1 + ward % 5}{unit}"] * 28
        return given[:count]

    def town(self, side_roads: list[LineString]) -> Town:
        return Town(
            streets=tuple(self._streets),
            side_roads=tuple(side_roads),
            address=tuple(self._address),
            postcode=tuple(self._postcode),
            easting=np.round(self._x).astype(np.int64),
            northing=np.round(self._y).astype(np.int64),
            small_area=np.array(self._area),
            street=np.array(self._street),
            kind=tuple(self._kind),
            tenure=tuple(self._tenure),
        )


def _flat_blocks(flats: int, rng: Generator) -> NDArray[np.int64]:
    """Sizes of blocks that together hold ``flats`` flats."""
    sizes: list[int] = []
    while sum(sizes) < flats:
        sizes.append(min(int(rng.integers(4, 13)), flats - sum(sizes)))
    return np.array(sizes, dtype=np.int64)


def _plots(lines: list[LineString], wanted: int, setback_m: float, rng: Generator) -> list[_Plots]:
    """Exactly ``wanted`` positions on both sides of ``lines``, evenly spaced; plots left over stay empty."""
    usable = np.array([line.length - 14.0 for line in lines])
    narrow, wide = 2.0, 60.0
    for _ in range(40):
        frontage = (narrow + wide) / 2
        if 2 * np.floor(usable / frontage).sum() >= wanted:
            narrow = frontage
        else:
            wide = frontage
    per_side = np.floor(usable / narrow).astype(int)
    spare = 2 * int(per_side.sum()) - wanted
    empty = set(rng.choice(2 * int(per_side.sum()), spare, replace=False).tolist())
    streets, at = [], 0
    for line, count in zip(lines, per_side, strict=True):
        kept = np.array([position not in empty for position in range(at, at + 2 * count)], dtype=bool)
        at += 2 * count
        if kept.any():
            streets.append(_along(line, int(count), setback_m, kept))
    return streets


def _along(line: LineString, per_side: int, setback_m: float, kept: NDArray[np.bool_]) -> _Plots:
    """Places on both sides of one street, left side odd numbers, right side even."""
    distance = 7.0 + (np.arange(per_side) + 0.5) * (line.length - 14.0) / per_side
    here = shapely.get_coordinates(shapely.line_interpolate_point(line, distance))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, distance + 2.0))
    behind = shapely.get_coordinates(shapely.line_interpolate_point(line, distance - 2.0))
    along = (ahead - behind) / np.hypot(*(ahead - behind).T)[:, None]
    left = np.column_stack([-along[:, 1], along[:, 0]]) * setback_m
    places = np.vstack([here + left, here - left])
    numbers = np.concatenate([2 * np.arange(per_side) + 1, 2 * np.arange(per_side) + 2])
    order = np.argsort(numbers, kind="stable")
    order = order[kept[order]]
    return _Plots(line, places[order, 0], places[order, 1], numbers[order])


def _street_names(rng: Generator) -> dict[str, Iterator[str]]:
    """An endless, shuffled supply of names for each style; no two streets of Aldercombe share one."""
    used: set[str] = set()

    def supply(suffixes: tuple[str, ...], stream: Generator) -> Iterator[str]:
        # First one suffix for every stem, then the next, so that a quarter's names vary.
        for turn in range(len(suffixes)):
            for place, stem in enumerate(stream.permutation(np.array(names.STEMS))):
                name = f"{stem} {suffixes[(place + turn) % len(suffixes)]}"
                if name not in used:
                    used.add(name)
                    yield name

    return {
        style: supply(suffixes, stream)
        for (style, suffixes), stream in zip(names.SUFFIXES.items(), rng.spawn(6), strict=True)
    }
