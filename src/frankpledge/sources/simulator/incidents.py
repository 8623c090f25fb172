"""Everything that was recorded: offences in five districts, council reports and fires in Aldercombe.

Burglary of homes comes from ``burglary``; the rest is drawn area by area from the rates in ``offences``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from frankpledge.sources.simulator import clock, offences
from frankpledge.sources.simulator.burglary import Burglaries
from frankpledge.sources.simulator.gazetteer import MapPoints
from frankpledge.sources.simulator.offences import ALL_OFFENCES, OFFENCES, Offence
from frankpledge.sources.simulator.parameters import HOURS, PERIOD, Parameters
from frankpledge.sources.simulator.plan import LandPlan, SmallAreaPlan
from frankpledge.sources.simulator.town import Town
from frankpledge.vocabulary.premises import PremisesKind

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
YEARS = len(PERIOD) / 12
NONE = -1


@dataclass(frozen=True)
class Incidents:
    """One row an incident, in order of time; moments are wall-clock minutes since 1970.

    ``kind`` is a position in the list the incidents were drawn from (``ALL_OFFENCES`` for the police). ``premises`` and
    ``burglary`` (position among the simulated burglaries) are -1 where there is none.
    """

    kind: Ints
    began: Ints
    ended: Ints
    recorded: Ints
    small_area: Ints  # position in the plan
    premises: Ints
    easting: Ints
    northing: Ints
    map_point: Ints
    burglary: Ints

    def __len__(self) -> int:
        return len(self.kind)

    def take(self, positions: NDArray[np.int64] | NDArray[np.bool_]) -> Incidents:
        """The incidents at ``positions``, in that order."""
        return Incidents(**{name: getattr(self, name)[positions] for name in self.__dataclass_fields__})


class Scene:
    """Where things can happen: premises by small area and use, and map points."""

    def __init__(self, land: LandPlan, town: Town, points: MapPoints) -> None:
        self.land = land
        self.town = town
        self.points = points
        shop = np.array([kind is PremisesKind.SHOP for kind in town.kind])
        uses = {
            "home": town.is_home,
            "shop": shop,
            "workplace": ~town.is_home,
            "street": np.ones(len(shop), dtype=bool),
        }
        self._premises = {use: _by_area(town.small_area, mask, len(land.small_areas)) for use, mask in uses.items()}
        self._ordinary = _ragged(points.of_area)
        self._special = _ragged(points.special_of_area)

    def premises(self, use: str, small_areas: Ints, rng: Generator) -> Ints:
        """One premises of that use for each small area given."""
        return _pick(self._premises[use], small_areas, rng)

    def map_points(self, small_areas: Ints, premises: Ints, special_share: float, rng: Generator) -> Ints:
        """The map point of the premises' street, else any ordinary one of the area; some at special points."""
        local = premises != NONE
        result = np.empty(len(small_areas), dtype=np.int64)
        result[local] = self.points.of_street[self.town.street[premises[local]]]
        result[~local] = _pick(self._ordinary, small_areas[~local], rng)
        special = rng.random(len(small_areas)) < special_share
        result[special] = _pick(self._special, small_areas[special], rng)
        return result


_Ragged = tuple[Ints, Ints, Ints]  # values, start and length for each group


def _by_area(small_area: Ints, mask: NDArray[np.bool_], areas: int) -> _Ragged:
    return _ragged([np.flatnonzero(mask & (small_area == number)) for number in range(areas)])


def _ragged(groups: Sequence[Ints]) -> _Ragged:
    lengths = np.array([len(group) for group in groups])
    return np.concatenate(list(groups)), np.cumsum(lengths) - lengths, lengths


def _pick(groups: _Ragged, wanted: Ints, rng: Generator) -> Ints:
    values, starts, lengths = groups
    picked: Ints = values[starts[wanted] + (rng.random(len(wanted)) * lengths[wanted]).astype(np.int64)]
    return picked


def police_incidents(
    scene: Scene, burglaries: Burglaries, residents: Ints, households: Ints, parameters: Parameters, rng: Generator
) -> Incidents:
    """All offences and police-recorded anti-social behaviour of the five districts."""
    parts = [_home_burglaries(scene, burglaries, rng), _business_burglaries(scene, parameters, rng)]
    parts.append(_neighbours_burglaries(scene, households, rng))
    parts += [_offence(scene, number, offence, residents, rng) for number, offence in enumerate(OFFENCES)]
    return _in_order(parts)


def council_reports(scene: Scene, rng: Generator) -> Incidents:
    """Anti-social behaviour and environmental crime reported to the council; ``kind`` in ``COUNCIL_CATEGORIES``."""
    parts = []
    for number, (_, monthly, hours, hardship) in enumerate(offences.COUNCIL_CATEGORIES):
        weights = _area_weights(scene, hardship, 3.0, only_here=True)
        count = int(rng.poisson(monthly * len(PERIOD)))
        parts.append(_drawn(scene, number, count, weights, hours, "street", offences.OUTDOOR_SEASON, rng))
    return _in_order(parts)


def fires(scene: Scene, rng: Generator) -> Incidents:
    """Fires the fire service attended; ``kind`` in ``FIRE_TYPES``."""
    parts = []
    for number, (_, yearly, hours, hardship, in_home) in enumerate(offences.FIRE_TYPES):
        weights = _area_weights(scene, hardship, 1.5, only_here=True)
        count = int(rng.poisson(yearly * YEARS))
        season = offences.LEVEL_SEASON if in_home else offences.FIRE_SEASON
        parts.append(_drawn(scene, number, count, weights, hours, "home" if in_home else "street", season, rng))
    return _in_order(parts)


def _offence(scene: Scene, number: int, offence: Offence, residents: Ints, rng: Generator) -> Incidents:
    weights = residents / 1000 * offence.rate * _area_weights(scene, offence.hardship, offence.centre)
    season = offences.OUTDOOR_SEASON if offence.police_uk_type in offences.OUTDOOR_TYPES else offences.LEVEL_SEASON
    count = int(rng.poisson(weights.sum() * YEARS))
    return _drawn(scene, number, count, weights, offence.hours, offence.place, season, rng, offence.unknown_start)


def _area_weights(scene: Scene, hardship: float, centre: float, *, only_here: bool = False) -> Floats:
    """Each small area's hazard against one of middling hardship (0.4)."""

    def weight(area: SmallAreaPlan) -> float:
        if only_here and area.district:
            return 0.0
        return hardship ** (area.hardship - 0.4) * (centre if area.style == "centre" else 1.0)

    return np.array([weight(area) for area in scene.land.small_areas])


def _drawn(
    scene: Scene,
    number: int,
    count: int,
    weights: Floats,
    hours: str,
    place: str,
    season: Sequence[float],
    rng: Generator,
    unknown_start: float = 0.0,
) -> Incidents:
    """``count`` incidents of one kind over the period, by area, day and hour."""
    first, last = clock.first_and_last_day(PERIOD)
    by_day = clock.daily_weights(first, last, season, offences.WEEK[hours])
    days = rng.choice(np.arange(first, last), count, p=by_day / by_day.sum())
    areas = rng.choice(len(weights), count, p=weights / weights.sum())
    happened = clock.moments(days, HOURS[hours], rng)
    began, ended = _interval(happened, rng.random(count) < unknown_start, rng)
    return _placed(scene, np.full(count, number), began, ended, areas, place, rng)


def _interval(happened: Ints, uncertain: NDArray[np.bool_], rng: Generator) -> tuple[Ints, Ints]:
    """From and to: the moment itself, or hours around it where it was found out later. Stays within the period."""
    width = np.where(uncertain, rng.gamma(3.0, 130.0, len(happened)), 0.0)
    began = happened - (width * rng.random(len(happened))).astype(np.int64)
    start = clock.first_and_last_day(PERIOD)[0] * clock.DAY
    began = np.maximum(np.where(uncertain, began // 5 * 5, began), start)
    ended = np.where(uncertain, -(-(began + width.astype(np.int64)) // 5) * 5, happened)
    return _both_existing(began, np.maximum(ended, happened))


def _both_existing(began: Ints, ended: Ints) -> tuple[Ints, Ints]:
    began = clock.existing(began)
    return began, np.maximum(began, clock.existing(ended))


def _placed(scene: Scene, kind: Ints, began: Ints, ended: Ints, areas: Ints, place: str, rng: Generator) -> Incidents:
    """Give each incident a place (in Aldercombe a premises or a street), a map point and the moment of recording."""
    count = len(kind)
    here = np.array([area.district == 0 for area in scene.land.small_areas])[areas]
    near = np.full(count, NONE)
    near[here] = scene.premises(place, areas[here], rng)
    special = {"street": 0.25, "shop": 0.6}.get(place, 0.0)
    points = scene.map_points(areas, near, special, rng)
    east, north = scene.points.easting[points].copy(), scene.points.northing[points].copy()
    at_premises = near[here]
    shift = rng.uniform(-7, 7, (2, len(at_premises))) if place == "street" else np.zeros((2, len(at_premises)))
    east[here] = scene.town.easting[at_premises] + shift[0]
    north[here] = scene.town.northing[at_premises] + shift[1]
    return Incidents(
        kind=kind,
        began=began,
        ended=ended,
        recorded=ended + _delay(count, rng, mean_days=0.3, slow_share=0.12),
        small_area=areas,
        premises=np.full(count, NONE) if place == "street" else near,
        easting=np.round(east).astype(np.int64),
        northing=np.round(north).astype(np.int64),
        map_point=points,
        burglary=np.full(count, NONE),
    )


def _delay(count: int, rng: Generator, *, mean_days: float, slow_share: float) -> Ints:
    """Minutes from the end of an offence to its record: mostly the same day, some after days, a few after weeks."""
    speed = rng.random(count)
    mean = np.where(speed < slow_share / 4, 35.0, np.where(speed < slow_share, 5.0, mean_days))
    return (rng.exponential(1.0, count) * mean * clock.DAY).astype(np.int64) + 5


def _home_burglaries(scene: Scene, burglaries: Burglaries, rng: Generator) -> Incidents:
    """The burglaries that happened, as victims can tell: found at once, after an outing, a night or a holiday."""
    happened = np.flatnonzero(burglaries.happened)
    moment = burglaries.moment[happened]
    began, ended = _absence(moment, rng)
    attempt = rng.random(len(happened)) < 0.18
    kind = np.where(
        attempt, ALL_OFFENCES.index(offences.HOME_BURGLARY_ATTEMPT), ALL_OFFENCES.index(offences.HOME_BURGLARY)
    )
    premises = burglaries.premises[happened]
    areas = scene.town.small_area[premises]
    return Incidents(
        kind=kind,
        began=began,
        ended=ended,
        recorded=ended + _delay(len(kind), rng, mean_days=0.3, slow_share=0.1),
        small_area=areas,
        premises=premises,
        easting=scene.town.easting[premises],
        northing=scene.town.northing[premises],
        map_point=scene.map_points(areas, premises, 0.0, rng),
        burglary=happened,
    )


def _absence(moment: Ints, rng: Generator) -> tuple[Ints, Ints]:
    """From when the home was last known safe to when the burglary was found; the true minute lies between."""
    count = len(moment)
    draw = rng.random(count)
    width = np.select(
        [draw < 0.32, draw < 0.74, draw < 0.93],
        [rng.uniform(5, 45, count), rng.gamma(5.0, 75.0, count), rng.uniform(390, 600, count)],
        rng.uniform(1.5 * clock.DAY, 12 * clock.DAY, count),
    )
    began = (moment - (width * rng.random(count)).astype(np.int64)) // 5 * 5
    began = np.maximum(began, clock.first_and_last_day(PERIOD)[0] * clock.DAY)
    ended = -(-np.maximum(began + width.astype(np.int64), moment) // 5) * 5
    return _both_existing(began, ended)


def _business_burglaries(scene: Scene, parameters: Parameters, rng: Generator) -> Incidents:
    count = int(rng.poisson(parameters.business_a_year * YEARS))
    first, last = clock.first_and_last_day(PERIOD)
    by_day = clock.daily_weights(first, last, parameters.season, offences.WEEK["business"])
    days = rng.choice(np.arange(first, last), count, p=by_day / by_day.sum())
    businesses = np.flatnonzero(~scene.town.is_home)
    hazard = np.array([area.hardship + 0.2 for area in scene.land.small_areas])[scene.town.small_area[businesses]]
    premises = rng.choice(businesses, count, p=hazard / hazard.sum())
    areas = scene.town.small_area[premises]
    began, ended = _interval(clock.moments(days, HOURS["business"], rng), rng.random(count) < 0.8, rng)
    return Incidents(
        kind=np.full(count, ALL_OFFENCES.index(offences.BUSINESS_BURGLARY)),
        began=began,
        ended=ended,
        recorded=ended + _delay(count, rng, mean_days=0.3, slow_share=0.08),
        small_area=areas,
        premises=premises,
        easting=scene.town.easting[premises],
        northing=scene.town.northing[premises],
        map_point=scene.map_points(areas, premises, 0.1, rng),
        burglary=np.full(count, NONE),
    )


def _neighbours_burglaries(scene: Scene, households: Ints, rng: Generator) -> Incidents:
    """Burglary in the four neighbouring districts, without repeats: only counts are asked of them."""
    outside = np.array([area.district > 0 for area in scene.land.small_areas])
    weights = households / 1000 * 11.0 * _area_weights(scene, 3.0, 1.4) * outside
    count = int(rng.poisson(weights.sum() * YEARS))
    number = ALL_OFFENCES.index(offences.HOME_BURGLARY)
    season = Parameters().season
    return _drawn(scene, number, count, weights, "night", "home", season, rng, 0.5)


def _in_order(parts: Sequence[Incidents]) -> Incidents:
    joined = Incidents(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in Incidents.__dataclass_fields__}
    )
    return joined.take(np.lexsort([joined.map_point, joined.kind, joined.began]))
