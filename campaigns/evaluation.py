"""Simulated districts whose true effect is known: how often the answer of *Did it work?* holds it, and how often a
programme without any effect is called effective."""

import math
from dataclasses import dataclass

import numpy as np

from frankpledge.analysis.before_after import before_after
from frankpledge.analysis.exposure import protection_history
from frankpledge.analysis.programme_evaluation import YEAR, answer
from frankpledge.sources.simulator import Parameters, draw_place, simulate_history
from frankpledge.sources.simulator.clock import first_and_last_day
from frankpledge.sources.simulator.parameters import PERIOD
from frankpledge.vocabulary.errors import CannotCompute
from tools.campaigns import Result

NAME = "evaluation"
DESCRIPTION = (
    "programmes in simulated districts, half with a true hazard ratio of 0.6, half without effect: the 95 % interval "
    "holds the truth 95 % of the time, no effect is called one 5 % of the time or less"
)
LONG = 400  # two hundred of each
SHORT = 20
RESAMPLES = 2_000
CONFIDENCE = 0.95
FIRST_SEED = 1_000  # the demo's own history is none of them


@dataclass(frozen=True)
class Tried:
    """What the answer and the simple count said of one district. NaN: there was too little to say anything."""

    ratio: float
    lower: float
    upper: float
    simple: float


def try_district(seed: int, hazard_ratio: float, *, resamples: int = RESAMPLES) -> Tried:
    """One simulated history of 5,460 homes over three years, evaluated as the page does."""
    land, town = draw_place().land, draw_place().town
    priority = np.array([area.priority for area in land.small_areas])
    homes = np.flatnonzero(town.is_home & priority[town.small_area])
    position = np.full(len(town.address), -1)
    position[homes] = np.arange(len(homes))
    street = np.repeat(np.arange(len(town.streets)), [s.last - s.first for s in town.streets])
    first, end = first_and_last_day(PERIOD)
    programme, burglaries = simulate_history(seed, Parameters(protected_hazard_ratio=hazard_ratio))
    home, day = position[burglaries.premises[burglaries.happened]], burglaries.day[burglaries.happened]
    history = protection_history(
        area=town.small_area[homes],
        protected_from=programme.protected_from[homes],
        event_home=home[home >= 0],
        event_day=day[home >= 0],
        first_day=first,
        end_day=end,
    )
    here = day[home >= 0]
    began = int(programme.since.min())
    simple = before_after(
        before=int(((here >= began - YEAR) & (here < began)).sum()), after=int((here >= end - YEAR).sum())
    )
    try:
        found = answer(history, streets=street[homes], resamples=resamples)
    except CannotCompute:
        return Tried(math.nan, 0.0, math.inf, simple.ratio.value or math.nan)
    return Tried(found.rate_ratio, found.interval.lower or 0.0, found.interval.upper, simple.ratio.value or math.nan)


def chance_error(share: float, n: int) -> float:
    """Three standard errors of a share over ``n`` districts: how far chance alone may take it."""
    return 3 * math.sqrt(share * (1 - share) / n)


def run(n: int, seed: int) -> Result:
    """Half of ``n`` districts with an effect, half without. Failures: promises broken beyond what chance does."""
    half = n // 2
    seeds = [FIRST_SEED * seed + number for number in range(half)]
    broken, notes = 0, []
    for truth in (Parameters().protected_hazard_ratio, 1.0):
        tried = [try_district(one, truth) for one in seeds]
        covered = sum(one.lower <= truth <= one.upper for one in tried) / half
        effective = sum(one.upper < 1 for one in tried) / half
        middle = math.exp(float(np.nanmean([math.log(one.ratio) for one in tried])))
        simple = math.exp(float(np.nanmean([math.log(one.simple) for one in tried])))
        broken += abs(covered - CONFIDENCE) > chance_error(CONFIDENCE, half)
        if truth == 1.0:
            broken += effective > 1 - CONFIDENCE + chance_error(1 - CONFIDENCE, half)
        notes.append(
            f"true ratio {truth:g}, {half} districts: {100 * covered:.1f} % of intervals hold it, mean answer "
            f"{middle:.2f}, called effective {100 * effective:.1f} %; simple count before and after {simple:.2f}"
        )
    return Result(
        n=n,
        failures=broken,
        notes="; ".join(notes),
        claim=f"chance moves 95 % by {100 * chance_error(CONFIDENCE, half) / 3:.1f} points (one standard error)",
    )
