"""The demo's programme as the analysis takes it, and small programmes of known answer."""

from functools import cache

import numpy as np

from frankpledge.analysis.programme_evaluation import (
    Fittings,
    ProgrammeEvaluation,
    ProgrammeHomes,
    Spending,
    evaluate_programme,
)
from frankpledge.analysis.value import Cash
from frankpledge.sources.simulator import draw_place, simulate_history
from frankpledge.sources.simulator.clock import first_and_last_day
from frankpledge.sources.simulator.parameters import PERIOD

FIRST_DAY, END_DAY = first_and_last_day(PERIOD)
KINDS = ("alarm", "door lock", "window lock", "outside light")


def homes() -> ProgrammeHomes:
    """Every home of the demo's district."""
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


def given(seed: int = 1) -> dict:
    """What ``evaluate_programme`` is given for one simulated history: a quarter of homes got each of four packages."""
    town = draw_place().town
    chosen = np.flatnonzero(town.is_home)
    position = np.full(len(town.address), -1)
    position[chosen] = np.arange(len(chosen))
    programme, burglaries = simulate_history(seed)
    rows = [
        (int(position[home]), int(day), kind)
        for number, (home, day) in enumerate(zip(programme.premises, programme.since, strict=True))
        for kind in KINDS[: 1 + number % 4]
    ]
    home, day, kind = (list(column) for column in zip(*rows, strict=True))
    happened = burglaries.happened
    return {
        "homes": homes(),
        "fittings": Fittings(home=np.array(home), day=np.array(day), measure=np.array(kind, object)),
        "event_home": position[burglaries.premises[happened]],
        "event_day": burglaries.day[happened],
        "first_day": FIRST_DAY,
        "end_day": END_DAY,
        "likeness": {str(n): [one.hardship] for n, one in enumerate(draw_place().land.small_areas)},
    }


@cache
def evaluated() -> ProgrammeEvaluation:
    """The demo's programme with a cost of a million pounds."""
    cash = Cash("Brackenshire Constabulary", 310.0)
    spending = Spending(pounds=1_000_000, is_what="the full budget", cash=cash)
    return evaluate_programme(**given(), spending=spending)
