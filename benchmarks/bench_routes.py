"""Day routes: four crews, forty visits, against what a search fifty times as long finds."""

import random
import time

from frankpledge.analysis.day_routes import ROUNDS, CrewDay, DayPlan, Stop, plan_day
from tools.bench import Row

CREWS, VISITS, DAYS = 4, 40, 5
LONGER = 50
MOST_S = 5.0
MOST_GAP = 1.02
STORE = (0.0, 0.0)


def run() -> list[Row]:
    """Measure the promise about a day's routes: good within five seconds."""
    slowest, driven, best, placed, placed_best = 0.0, 0.0, 0.0, 0, 0
    for seed in range(DAYS):
        stops, crews = a_day(seed)
        plan_day(stops[:2], crews, store=STORE, rounds=1)  # the first call also loads the solver
        start = time.perf_counter()
        plan = plan_day(stops, crews, store=STORE)
        slowest = max(slowest, time.perf_counter() - start)
        long = _better(plan, plan_day(stops, crews, store=STORE, rounds=LONGER * ROUNDS, seed=2))
        driven, best = driven + plan.metres, best + long.metres
        placed, placed_best = placed + plan.n, placed_best + long.n
    work = f"{CREWS} crews, {VISITS} visits, {DAYS} made-up days"
    return [
        Row(
            work=f"routes of a day: {work} ({placed} visits placed, a long search {placed_best})",
            measured=f"{driven / 1000:.1f} km",
            yardstick=f"the best of a search {LONGER} times as long: {best / 1000:.1f} km",
            ratio=driven / best,
            bar=f"at most {MOST_GAP:g}, as many visits",
            ok=driven / best <= MOST_GAP and placed >= placed_best,
        ),
        Row(
            work=f"time for them: {work}",
            measured=f"{slowest:.2f} s at most",
            yardstick=f"the promise: {MOST_S:.0f} s",
            ratio=slowest / MOST_S,
            bar="at most 1",
            ok=slowest <= MOST_S,
        ),
    ]


def a_day(seed: int) -> tuple[list[Stop], list[CrewDay]]:
    """Forty homes in five neighbourhoods of a town six kilometres across, half-day windows, vans with a day's stock."""
    draw = random.Random(seed)
    middles = [(draw.uniform(-2500, 2500), draw.uniform(-2500, 2500)) for _ in range(5)]
    stops = []
    for number in range(VISITS):
        east, north = draw.choice(middles)
        earliest, latest = draw.choice(((480, 720), (780, 960), (480, 960)))
        stops.append(
            Stop(
                key=str(number),
                place=(draw.gauss(east, 400), draw.gauss(north, 400)),
                minutes=draw.choice((20, 30, 40)),
                earliest=earliest,
                latest=latest,
                first=draw.random() < 0.2,
                promised=True,
                needs={"lock": draw.randint(1, 3), "alarm": draw.randint(0, 1)},
                skills=frozenset({"electric"} if draw.random() < 0.1 else ()),
            )
        )
    crews = [
        CrewDay(
            key="ABCD"[number],
            start=480,
            end=990,
            break_minutes=30,
            skills=frozenset({"electric"} if number < 2 else ()),
            stock={"lock": 30, "alarm": 10},
        )
        for number in range(CREWS)
    ]
    return stops, crews


def _better(one: DayPlan, two: DayPlan) -> DayPlan:
    return min(one, two, key=lambda plan: (-plan.n, plan.metres))
