"""Burglary of Aldercombe's homes: a self-exciting process with every cause known, and a programme against it.

First the history without any programme is drawn, generation by generation: background, then what each burglary brings
on at the same home and nearby. Then the programme removes a burglary of a protected home with a known probability, and
with it everything it would have brought on. So the truth knows both what happened and what was prevented.

The shape (background plus exponentially decaying triggers) is that of Mohler and others, "Self-exciting point process
modeling of crime", Journal of the American Statistical Association 106 (2011).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from frankpledge.sources.simulator import clock
from frankpledge.sources.simulator.parameters import HOURS, PERIOD, WARM_UP_DAYS, Parameters
from frankpledge.sources.simulator.plan import WARDS, LandPlan
from frankpledge.sources.simulator.town import Town

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NEVER = np.iinfo(np.int64).max
MOST_GENERATIONS = 40  # the process dies out: each generation is about a third of the one before


class Origin(IntEnum):
    """Why a burglary happened."""

    BACKGROUND = 0
    REPEAT = 1
    NEAR_REPEAT = 2
    SERIES = 3

    @property
    def word(self) -> str:
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class Programme:
    """Homes the programme protected and from which day number. ``protected_from`` runs over all premises."""

    premises: Ints
    since: Ints
    protected_from: Ints  # NEVER where not protected


@dataclass(frozen=True)
class Burglaries:
    """Every burglary of a home there would have been, in order of time; ``happened`` is False where prevented."""

    day: Ints
    moment: Ints  # the true minute, which no record knows
    premises: Ints
    origin: Ints  # Origin values
    parent: Ints  # position of the burglary that brought it on; -1 for none
    protected: NDArray[np.bool_]  # the home was protected on the day
    happened: NDArray[np.bool_]


def plan_programme(land: LandPlan, town: Town, hazard: Floats, parameters: Parameters, rng: Generator) -> Programme:
    """Choose which homes are protected, and when: riskier homes ask sooner, work is done from Monday to Friday."""
    protected_from = np.full(len(town.address), NEVER)
    neighbourhoods = _neighbourhood_of(land)
    last = clock.first_and_last_day(PERIOD)[1]
    for wave in parameters.programme:
        here = np.array([neighbourhoods[area] == wave.neighbourhood for area in town.small_area])
        homes = np.flatnonzero(here & town.is_home)
        keen = np.sqrt(hazard[homes])
        chosen = rng.choice(homes, wave.homes_protected, replace=False, p=keen / keen.sum())
        days = np.arange(clock.day_number(wave.starts_on), last)
        days = days[clock.weekdays(days) < 5]
        protected_from[chosen] = np.sort(rng.choice(days, len(chosen)))
    premises = np.flatnonzero(protected_from != NEVER)
    return Programme(premises, protected_from[premises], protected_from)


def _neighbourhood_of(land: LandPlan) -> list[str | None]:
    return [
        WARDS[area.ward].neighbourhood if area.priority and area.ward is not None else None for area in land.small_areas
    ]


def home_hazards(land: LandPlan, town: Town, parameters: Parameters, rng: Generator) -> Floats:
    """Each premises' background hazard, relative; 0 for shops and workplaces."""
    areas = land.small_areas
    by_area = np.array([parameters.hardship_hazard_ratio**area.hardship for area in areas])
    by_area[list(parameters.hot_small_areas)] *= parameters.hot_small_area_ratio
    own = np.exp(rng.normal(0.0, parameters.home_spread, len(town.address)))
    return by_area[town.small_area] * own * town.is_home


def simulate_burglaries(
    town: Town, hazard: Floats, programme: Programme, parameters: Parameters, rng: Generator
) -> Burglaries:
    """Draw the history of burglary of homes over the period, prevented ones included."""
    first, last = clock.first_and_last_day(PERIOD)
    near = _Neighbours(town, parameters)
    day, home = _background(hazard, town, parameters, rng, first - WARM_UP_DAYS, last)
    series_day, series_home = _series(town, parameters, rng)
    days, homes = [np.concatenate([day, series_day])], [np.concatenate([home, series_home])]
    origins = [np.repeat([Origin.BACKGROUND, Origin.SERIES], [len(day), len(series_day)])]
    parents = [np.full(len(days[0]), -1)]
    start = 0
    for _ in range(MOST_GENERATIONS):
        child_day, child_home, child_origin, child_parent = _children(days[-1], homes[-1], near, parameters, rng, last)
        if not len(child_day):
            break
        days.append(child_day)
        homes.append(child_home)
        origins.append(child_origin)
        parents.append(child_parent + start)
        start += len(days[-2])
    return _ordered(
        np.concatenate(days),
        np.concatenate(homes),
        np.concatenate(origins),
        np.concatenate(parents),
        programme,
        parameters,
        rng,
    )


def _background(
    hazard: Floats, town: Town, parameters: Parameters, rng: Generator, first: int, last: int
) -> tuple[Ints, Ints]:
    """Days and premises of burglaries that no other brought on."""
    homes = int(town.is_home.sum())
    brought_on = parameters.repeat_expected + parameters.near_repeat_expected
    yearly = parameters.residential_per_1000_homes_a_year * homes / 1000 * (1 - brought_on)
    weight = clock.daily_weights(first, last, parameters.season, parameters.weekday)
    weight = weight * parameters.yearly_trend ** ((np.arange(first, last) - (first + last) / 2) / 365.25)
    count = int(rng.poisson(yearly * (last - first) / 365.25))
    day = rng.choice(np.arange(first, last), count, p=weight / weight.sum())
    premises = rng.choice(len(hazard), count, p=hazard / hazard.sum())
    return day, premises


def _series(town: Town, parameters: Parameters, rng: Generator) -> tuple[Ints, Ints]:
    """One offender's run through one small area in one month: the outlier a picture should notice."""
    first = clock.day_number(parameters.series_month.first_day)
    homes = np.flatnonzero((town.small_area == parameters.series_small_area) & town.is_home)
    days = np.sort(first + 4 + rng.integers(0, 21, parameters.series_burglaries))
    return days, rng.choice(homes, parameters.series_burglaries, replace=False)


class _Neighbours:
    """Homes within range of a home, with the weights by which a near repeat picks one."""

    def __init__(self, town: Town, parameters: Parameters) -> None:
        self._homes = np.flatnonzero(town.is_home)
        self._places = np.column_stack([town.easting, town.northing]).astype(float)
        self._tree = cKDTree(self._places[self._homes])
        self._parameters = parameters

    def pick(self, home: int, rng: Generator) -> int | None:
        """One other home near ``home``; None when it stands alone."""
        found = np.sort(np.array(self._tree.query_ball_point(self._places[home], self._parameters.near_repeat_range_m)))
        others = self._homes[found]
        others = others[others != home]
        if not len(others):
            return None
        distance = np.hypot(*(self._places[others] - self._places[home]).T)
        weight = np.exp(-distance / self._parameters.near_repeat_decay_m)
        return int(rng.choice(others, p=weight / weight.sum()))


def _children(
    day: Ints, home: Ints, near: _Neighbours, parameters: Parameters, rng: Generator, last: int
) -> tuple[Ints, Ints, Ints, Ints]:
    """What one generation brings on: day, premises, origin and position of the parent in the generation."""
    repeats = np.repeat(np.arange(len(day)), rng.poisson(parameters.repeat_expected, len(day)))
    nears = np.repeat(np.arange(len(day)), rng.poisson(parameters.near_repeat_expected, len(day)))
    wait_repeat = np.ceil(rng.exponential(parameters.repeat_half_life_days / np.log(2), len(repeats))).astype(np.int64)
    wait_near = np.ceil(rng.exponential(parameters.near_repeat_half_life_days / np.log(2), len(nears))).astype(np.int64)
    picked = [near.pick(int(home[parent]), rng) for parent in nears]
    child_home = np.array([*home[repeats], *(-1 if pick is None else pick for pick in picked)], dtype=np.int64)
    child_day = np.concatenate([day[repeats] + wait_repeat, day[nears] + wait_near])
    origin = np.repeat([Origin.REPEAT, Origin.NEAR_REPEAT], [len(repeats), len(nears)])
    parent = np.concatenate([repeats, nears])
    kept = (child_home >= 0) & (child_day < last)
    return child_day[kept], child_home[kept], origin[kept], parent[kept]


def _ordered(
    day: Ints, home: Ints, origin: Ints, parent: Ints, programme: Programme, parameters: Parameters, rng: Generator
) -> Burglaries:
    """Apply the programme, give each burglary its minute, sort by time and cut off the warm-up."""
    protected = day >= programme.protected_from[home]
    prevented = protected & (rng.random(len(day)) >= parameters.protected_hazard_ratio)
    for position in range(len(day)):  # parents come before their children
        if parent[position] >= 0:
            prevented[position] |= prevented[parent[position]]
    working = clock.moments(day, HOURS["home working day"], rng)
    weekend = clock.moments(day, HOURS["home weekend"], rng)
    moment = clock.existing(np.where(clock.weekdays(day) < 5, working, weekend))
    order = np.lexsort([home, moment])
    order = order[day[order] >= clock.first_and_last_day(PERIOD)[0]]
    new_place = np.full(len(day) + 1, -1)  # the last entry answers for "no parent"
    new_place[order] = np.arange(len(order))
    return Burglaries(
        day=day[order],
        moment=moment[order],
        premises=home[order],
        origin=origin[order],
        parent=new_place[parent[order]],
        protected=protected[order],
        happened=~prevented[order],
    )
