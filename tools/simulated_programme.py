"""The simulator's home-security programme as `evaluate_programme` takes it: for pictures, measurements and tests."""

from typing import Any

import numpy as np

from frankpledge.analysis.programme_evaluation import Fittings, ProgrammeHomes
from frankpledge.sources.simulator import draw_place, simulate_history
from frankpledge.sources.simulator.clock import first_and_last_day
from frankpledge.sources.simulator.parameters import PERIOD

FIRST_DAY, END_DAY = first_and_last_day(PERIOD)
KINDS = ("alarm", "door lock", "window lock", "outside light")


def district() -> ProgrammeHomes:
    """Every home of the simulated district; those of its priority neighbourhoods are served."""
    land, town = draw_place().land, draw_place().town
    chosen = np.flatnonzero(town.is_home)
    street = np.repeat(np.arange(len(town.streets)), [one.last - one.first for one in town.streets])
    area = town.small_area[chosen]
    return ProgrammeHomes(
        small_area=area.astype(str).astype(object),
        street=street[chosen].astype(str).astype(object),
        x=town.easting[chosen].astype(float),
        y=town.northing[chosen].astype(float),
        served=np.array([one.priority for one in land.small_areas])[area],
    )


def programme(seed: int = 1) -> dict[str, Any]:
    """The arguments of ``evaluate_programme`` for one simulated history; homes in turn had one to four measures."""
    town = draw_place().town
    chosen = np.flatnonzero(town.is_home)
    position = np.full(len(town.address), -1)
    position[chosen] = np.arange(len(chosen))
    programme, burglaries = simulate_history(seed)
    count = 1 + np.arange(len(programme.since)) % len(KINDS)
    kind = np.concatenate([np.array(KINDS[:number], object) for number in count])
    happened = burglaries.happened
    return {
        "homes": district(),
        "fittings": Fittings(
            home=np.repeat(position[programme.premises], count), day=np.repeat(programme.since, count), measure=kind
        ),
        "event_home": position[burglaries.premises[happened]],
        "event_day": burglaries.day[happened],
        "first_day": FIRST_DAY,
        "end_day": END_DAY,
        "likeness": {str(number): [one.hardship] for number, one in enumerate(draw_place().land.small_areas)},
    }
