"""The made-up partnership as the pictures of the methods use it: drawn once, seed 1, always the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from frankpledge.analysis.events import Events, events_from_arrays
from frankpledge.sources.simulator import (
    Parameters,
    SimulatedPartnership,
    draw_place,
    names,
    simulate,
    simulate_history,
)
from frankpledge.sources.simulator.burglary import Burglaries, Programme
from frankpledge.sources.simulator.clock import first_and_last_day, month_numbers
from frankpledge.sources.simulator.gazetteer import small_area_code
from frankpledge.sources.simulator.offences import ALL_OFFENCES
from frankpledge.sources.simulator.parameters import PERIOD
from frankpledge.sources.simulator.plan import WARDS
from frankpledge.sources.simulator.town import Town
from frankpledge.vocabulary.periods import Month

Ints = NDArray[np.int64]

FIRST_DAY, END_DAY = first_and_last_day(PERIOD)
MONTHS: list[Month] = list(PERIOD)
MONTH_LABELS = [f"{month.first_day:%b %Y}" for month in MONTHS]
DISTRICTS: tuple[str, ...] = (names.DISTRICT, *names.NEIGHBOURING_DISTRICTS)


@dataclass(frozen=True)
class Burgled:
    """Burglaries of homes in Aldercombe: home (position in the town), day number, small area, and where."""

    home: Ints
    day: Ints
    small_area: Ints
    events: Events


@cache
def history() -> tuple[Programme, Burglaries]:
    """The programme and the burglaries of homes."""
    return simulate_history(1)


@cache
def busy_history() -> Burgled:
    """The same town with six times the burglaries: what methods of many events need."""
    return _burgled(simulate_history(1, Parameters(residential_per_1000_homes_a_year=64.0))[1])


@cache
def burgled() -> Burgled:
    """The burglaries that happened."""
    return _burgled(history()[1])


def _burgled(burglaries: Burglaries) -> Burgled:
    happened = burglaries.happened
    home, day = burglaries.premises[happened], burglaries.day[happened]
    events = events_from_arrays(town().easting[home].astype(float), town().northing[home].astype(float), day)
    return Burgled(home, day, town().small_area[home], events)


@cache
def partnership() -> SimulatedPartnership:
    """Everything the partners recorded; two seconds."""
    return simulate(1)


@cache
def town() -> Town:
    """Aldercombe's streets and premises."""
    return draw_place().town


def homes_by_area() -> Ints:
    """Homes in each small area of Aldercombe."""
    return np.bincount(town().small_area[town().is_home], minlength=areas_here())


def areas_here() -> int:
    """How many small areas Aldercombe has; they come first in the plan."""
    return int((district_of_area() == 0).sum())


def area_names() -> list[str]:
    """Names of all small areas, in the order of the plan."""
    areas = draw_place().geography.areas
    return [areas[small_area_code(number)].name for number in range(len(draw_place().land.small_areas))]


def district_of_area() -> Ints:
    """Position in ``DISTRICTS`` of each small area."""
    return np.array([area.district for area in draw_place().land.small_areas])


def households_by_area() -> NDArray[np.float64]:
    """Households of every small area."""
    held = draw_place().geography.denominators["made-up-2021"]
    return np.array(list(held.by_small_area.values()), dtype=float)


def ward_of_area() -> Ints:
    """Position in ``WARDS`` of each small area of Aldercombe."""
    return np.array([area.ward for area in draw_place().land.small_areas[: areas_here()]])


def ward_names() -> list[str]:
    """Wards of Aldercombe."""
    return [ward.name for ward in WARDS]


def monthly(days: Ints) -> list[int]:
    """Counts of day numbers by month of the demo."""
    return np.bincount(month_numbers(days) - MONTHS[0].number, minlength=len(MONTHS)).tolist()


def police_rows(titles: Sequence[str], districts: Sequence[int] = (0,)) -> NDArray[np.int64]:
    """Positions among the police rows of these offences in these districts."""
    police = partnership().police
    kinds = [number for number, offence in enumerate(ALL_OFFENCES) if offence.title in titles]
    there = np.isin(district_of_area()[police.small_area], list(districts))
    return np.flatnonzero(np.isin(police.kind, kinds) & there)
