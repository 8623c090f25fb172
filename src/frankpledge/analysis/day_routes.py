"""Which crew goes to which home today, in which order and when.

Visits have a time to start in, minutes of work, things to fit and skills they need; crews have a shift, a break, skills
and what is in the van. Not every visit fits every day: each has a worth, and what is left over is named with its
reason. The search is PyVRP's; it runs in a job. What must be quick and needs no search (walking a route by the clock,
fitting one more visit into the day as it stands) is plain Python and also serves the pages.

Breaks. PyVRP has none, so it plans on a clock that stops during the break, with windows narrowed so that they hold
whichever side of the break a visit falls; ``walk`` then puts the break where the crew is. All times are whole minutes
since midnight, all lengths are rounded up.
Sources: Wouda N A, Lan L, Kool W (2024) PyVRP: a high-performance VRP solver package. INFORMS J Comput 36:943-955;
Ballou R H, Rahardja H, Sakai N (2002) Selected country circuity factors for road travel distance estimation. Transp
Res A 36:843-848 (roads of England are 1.40 times the straight line).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from frankpledge.analysis.results import Result, Table
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole, word

DAY = 24 * 60
ROUNDS = 800
STRAIGHT_TO_ROAD = 1.4
SPEED_KMH = 24.0

# A visit left out costs as much as this many tens of metres of driving: more than any day's driving there is.
WORTH = 10_000
TIMES_FIRST = 10
TIMES_PROMISED = 10
# A van one item short must weigh as much as minutes of lateness, which the search counts in seconds.
ITEM = 100


@dataclass(frozen=True, slots=True)
class Travel:
    """Straight lines of metres, ``factor`` longer by road, driven at ``kmh``."""

    factor: float = STRAIGHT_TO_ROAD
    kmh: float = SPEED_KMH

    def __post_init__(self) -> None:
        if not (self.factor >= 1 and self.kmh > 0):
            raise CannotCompute(
                "Roads are at least as long as the straight line (1 or more), and speed is above nought."
            )

    def metres(self, here: tuple[float, float], there: tuple[float, float]) -> float:
        return math.dist(here, there) * self.factor

    def minutes(self, here: tuple[float, float], there: tuple[float, float]) -> int:
        """Whole minutes, rounded up."""
        return math.ceil(round(self.metres(here, there) * 60 / (1000 * self.kmh), 6))


@dataclass(frozen=True, slots=True)
class Stop:
    """One home to visit.

    Args:
        key: how the caller knows it.
        place: metres on the national grid.
        minutes: of work there.
        earliest, latest: between these the work may start.
        first: a vulnerable or near-repeat home; leaving it out is ten times as bad.
        promised: the resident was told; leaving it out is ten times as bad again.
        needs: how many of which item the work uses up.
        skills: what one of the crew must be able to do.
        crew: only this crew, if any.
    """

    key: str
    place: tuple[float, float]
    minutes: int
    earliest: int = 0
    latest: int = DAY
    first: bool = False
    promised: bool = False
    needs: Mapping[str, int] | None = None
    skills: frozenset[str] = frozenset()
    crew: str | None = None

    @property
    def worth(self) -> int:
        return WORTH * (TIMES_FIRST if self.first else 1) * (TIMES_PROMISED if self.promised else 1)


@dataclass(frozen=True, slots=True)
class CrewDay:
    """One crew's day: from ``start`` at ``place`` (None: at the store) until back at the store by ``end``.

    A break of ``break_minutes`` (0: none, or taken already) starts between ``break_from`` and ``break_to``. ``stock``
    None: the van holds whatever is wanted.
    """

    key: str
    start: int
    end: int
    break_minutes: int = 0
    break_from: int = 11 * 60 + 30
    break_to: int = 13 * 60
    skills: frozenset[str] = frozenset()
    stock: Mapping[str, int] | None = None
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """One visit of a route: when the crew is there, begins and ends."""

    stop: Stop
    travel_minutes: int
    arrives: int
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Route:
    """One crew's day as it would go."""

    crew: CrewDay
    legs: tuple[Leg, ...]
    break_at: int | None
    back_at: int
    metres: float

    @property
    def stops(self) -> tuple[Stop, ...]:
        return tuple(leg.stop for leg in self.legs)


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A visit that has no place today, and why."""

    stop: Stop
    reason: Phrase


@dataclass(frozen=True, slots=True)
class Opening:
    """Where one more visit would fit: whose, as which of its visits, starting when, for how much more driving."""

    crew: str
    index: int
    starts: int
    more_metres: float
    more_minutes: int
    route: Route


@dataclass(frozen=True, kw_only=True)
class DayPlan(Result):
    """Routes of all crews, and what is left over. ``n``: visits placed."""

    routes: tuple[Route, ...]
    left_over: tuple[LeftOver, ...]
    travel: Travel
    rounds: int

    @property
    def metres(self) -> float:
        return sum(route.metres for route in self.routes)

    def sentence(self) -> Phrase:
        last = max((route.back_at for route in self.routes if route.legs), default=None)
        if last is None:
            return Phrase("No visit is placed; {left} left over.", left=whole(len(self.left_over)))
        return Phrase(
            "{placed} of {all} visits placed with {crews} crews: {km} km of driving, all back by {time}.",
            placed=whole(self.n),
            all=whole(self.n + len(self.left_over)),
            crews=whole(len(self.routes)),
            km=decimal(self.metres / 1000),
            time=clock(last),
        )

    def table(self) -> Table:
        rows = [
            (route.crew.key, number, leg.stop.key, clock(leg.arrives), clock(leg.starts), clock(leg.ends))
            for route in self.routes
            for number, leg in enumerate(route.legs, 1)
        ]
        return Table(("crew", "order", "visit", "arrives", "starts", "ends"), tuple(rows))

    def as_dict(self) -> dict[str, Any]:
        return {
            "routes": [
                {
                    "crew": route.crew.key,
                    "break_at": None if route.break_at is None else clock(route.break_at),
                    "back_at": clock(route.back_at),
                    "km": round(route.metres / 1000, 3),
                    "visits": [
                        {"visit": leg.stop.key, "starts": clock(leg.starts), "ends": clock(leg.ends)}
                        for leg in route.legs
                    ],
                }
                for route in self.routes
            ],
            "left_over": [{"visit": one.stop.key, "reason": str(one.reason)} for one in self.left_over],
            "factor": self.travel.factor,
            "kmh": self.travel.kmh,
            "rounds": self.rounds,
            **self.provenance(),
        }


def clock(minute: int) -> str:
    """Minutes since midnight as ``09:05``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


# Walking a route by the clock


def walk(
    crew: CrewDay, stops: Sequence[Stop], *, store: tuple[float, float], travel: Travel | None = None
) -> Route | None:
    """The crew's day over ``stops`` in this order, each as early as may be; None if it cannot be done.

    The break is taken as late as its window lets the next visit finish before it: at the home just done, or where the
    crew arrives early, or on the way.
    """
    travel = travel or Travel()
    if not all(_may(crew, stop) for stop in stops) or not _carries(crew, stops):
        return None
    here, now, metres = crew.place or store, crew.start, 0.0
    break_at: int | None = None
    legs: list[Leg] = []
    for stop in stops:
        way = travel.minutes(here, stop.place)
        arrives = now + way
        starts = max(arrives, stop.earliest)
        if _break_due(crew, break_at) and starts + stop.minutes > crew.break_to:
            break_at, arrives = _break(crew, now, arrives)
            starts = max(arrives, stop.earliest)
        if starts > stop.latest:
            return None
        now = starts + stop.minutes
        metres += travel.metres(here, stop.place)
        legs.append(Leg(stop, way, arrives, starts, now))
        here = stop.place
    back = now + travel.minutes(here, store)
    if _break_due(crew, break_at) and back > crew.break_to:
        break_at, back = _break(crew, now, back)
    if back > crew.end or (break_at is not None and break_at > crew.break_to):
        return None
    return Route(crew, tuple(legs), break_at, back, metres + travel.metres(here, store))


def _break_due(crew: CrewDay, taken_at: int | None) -> bool:
    return _break_on(crew) > 0 and taken_at is None


def _break(crew: CrewDay, free: int, arrives: int) -> tuple[int, int]:
    """When the break starts, and when the crew arrives with it taken."""
    if free >= crew.break_from:
        return free, arrives + crew.break_minutes
    at_door = max(arrives, crew.break_from)
    if at_door <= crew.break_to:
        return at_door, at_door + crew.break_minutes
    return crew.break_from, arrives + crew.break_minutes


def _may(crew: CrewDay, stop: Stop) -> bool:
    return stop.skills <= crew.skills and stop.crew in (None, crew.key)


def _carries(crew: CrewDay, stops: Sequence[Stop]) -> bool:
    if crew.stock is None:
        return True
    wanted: dict[str, int] = {}
    for stop in stops:
        for item, count in (stop.needs or {}).items():
            wanted[item] = wanted.get(item, 0) + count
    return all(crew.stock.get(item, 0) >= count for item, count in wanted.items())


# One more visit


def openings(
    stop: Stop, routes: Sequence[Route], *, store: tuple[float, float], travel: Travel | None = None, most: int = 5
) -> tuple[Opening, ...]:
    """Where ``stop`` fits into the day without breaking any other promise: the least extra driving first.

    At most one for each crew and ``most`` altogether. No search: a few milliseconds.
    """
    travel = travel or Travel()
    found = []
    for route in routes:
        tried = [
            Opening(
                crew=route.crew.key,
                index=index,
                starts=longer.legs[index].starts,
                more_metres=longer.metres - route.metres,
                more_minutes=sum(leg.travel_minutes for leg in longer.legs)
                - sum(leg.travel_minutes for leg in route.legs),
                route=longer,
            )
            for index in range(len(route.legs) + 1)
            if (longer := walk(route.crew, _with(route.stops, index, stop), store=store, travel=travel))
        ]
        if tried:
            found.append(min(tried, key=lambda one: (one.more_metres, one.starts)))
    return tuple(sorted(found, key=lambda one: (one.more_metres, one.starts, one.crew))[:most])


def _with(stops: Sequence[Stop], index: int, stop: Stop) -> tuple[Stop, ...]:
    return (*stops[:index], stop, *stops[index:])


def from_now(crew: CrewDay, *, now: int, place: tuple[float, float], break_taken: bool) -> CrewDay:
    """What is left of a crew's day: from ``now`` at ``place``. A break whose time is past is taken at once."""
    if break_taken:
        return replace(crew, start=max(now, crew.start), place=place, break_minutes=0)
    return replace(
        crew, start=max(now, crew.start), place=place, break_to=max(crew.break_to, now if crew.break_minutes else 0)
    )


# The whole day


def plan_day(
    stops: Sequence[Stop],
    crews: Sequence[CrewDay],
    *,
    store: tuple[float, float],
    travel: Travel | None = None,
    rounds: int = ROUNDS,
    seed: int = 1,
) -> DayPlan:
    """Place ``stops`` with ``crews`` so that the worthiest are visited and the driving is least.

    ``rounds`` of the search, not seconds, so that the same day gives the same plan on every machine. Planning again
    after something failed is the same call with what is left: ``from_now``.
    Raises CannotCompute without crews, with two stops or crews of one key, or a visit longer than a break may move.
    """
    _check(stops, crews, rounds)
    travel = travel or Travel()
    orders = _searched(stops, crews, store, travel, rounds, seed)
    routes = [_walked(crew, order, store, travel) for crew, order in zip(crews, orders, strict=True)]
    placed = {stop.key for route in routes for stop in route.stops}
    left = sorted((stop for stop in stops if stop.key not in placed), key=lambda stop: (-stop.worth, stop.key))
    still_left = _fitted_in(left, routes, store, travel)
    return DayPlan(
        n=len(stops) - len(still_left),
        method=f"PyVRP, {rounds} rounds; straight lines times {travel.factor:g} at {travel.kmh:g} km/h",
        doubts=_doubts(travel),
        seed=seed,
        routes=tuple(routes),
        left_over=tuple(LeftOver(stop, _reason(stop, crews, store, travel)) for stop in still_left),
        travel=travel,
        rounds=rounds,
    )


def _walked(crew: CrewDay, order: Sequence[Stop], store: tuple[float, float], travel: Travel) -> Route:
    """The route by the clock. The narrowed windows promise that it can be gone; what cannot is left for fitting in."""
    kept = list(order)
    while (route := walk(crew, kept, store=store, travel=travel)) is None:
        if not kept:
            raise CannotCompute(f"Crew {crew.key} cannot be back at the store by {clock(crew.end)}.")
        kept.remove(min(kept, key=lambda stop: (stop.worth, stop.key)))
    return route


def _fitted_in(left: Sequence[Stop], routes: list[Route], store: tuple[float, float], travel: Travel) -> list[Stop]:
    """Put what the search left over where it fits by the clock after all; return what does not."""
    out = []
    for stop in left:
        places = openings(stop, routes, store=store, travel=travel, most=1)
        if places:
            number = next(i for i, route in enumerate(routes) if route.crew.key == places[0].crew)
            routes[number] = places[0].route
        else:
            out.append(stop)
    return out


def _check(stops: Sequence[Stop], crews: Sequence[CrewDay], rounds: int) -> None:
    if not crews:
        raise CannotCompute("There is no crew to plan for. Put a crew on shift first.")
    if len({stop.key for stop in stops}) < len(stops) or len({crew.key for crew in crews}) < len(crews):
        raise CannotCompute("Each visit and each crew needs a key of its own.")
    if rounds < 1:
        raise CannotCompute("The search needs at least one round.")
    for crew in crews:
        if crew.end <= crew.start:
            raise CannotCompute(f"Crew {crew.key}'s shift ends before it begins.")
    longest = max((stop.minutes for stop in stops), default=0)
    for crew in crews:
        if crew.break_minutes and longest > crew.break_to - crew.break_from and crew.start < crew.break_from:
            raise CannotCompute(
                f"A visit of {longest} minutes is longer than the time in which crew {crew.key}'s break may start. "
                "Widen that time, or split the visit."
            )


def _reason(stop: Stop, crews: Sequence[CrewDay], store: tuple[float, float], travel: Travel) -> Phrase:
    """Why a visit is left over: what no crew could do even alone, or simply no room."""
    if not any(_may(crew, stop) for crew in crews):
        if stop.skills:
            return Phrase("No crew on shift has the skill: {skills}.", skills=tuple(map(word, sorted(stop.skills))))
        return Phrase("Crew {crew} is not on shift.", crew=stop.crew or "")
    if not any(_may(crew, stop) and _carries(crew, [stop]) for crew in crews):
        return Phrase("No van carries what it needs.")
    if not any(walk(crew, [stop], store=store, travel=travel) for crew in crews):
        return Phrase("No crew can be there between {earliest} and {latest}.", earliest=clock(stop.earliest),
                      latest=clock(stop.latest))  # fmt: skip
    return Phrase("The day is full with visits that come first.")


def _doubts(travel: Travel) -> tuple[Doubt, ...]:
    return (
        Doubt(
            DoubtKind.STRAIGHT_LINES,
            Phrase(
                "There is no road network: distances are straight lines times {factor}, driven at {speed} km an hour. "
                "A river or a railway between two homes is not seen.",
                factor=decimal(travel.factor),
                speed=decimal(travel.kmh, 0),
            ),
        ),
    )


# The search


def _searched(
    stops: Sequence[Stop], crews: Sequence[CrewDay], store: tuple[float, float], travel: Travel, rounds: int, seed: int
) -> list[list[Stop]]:
    """The order of stops for each crew, found by PyVRP on the clock that stops during breaks."""
    windows = {stop.key: narrowed(stop.earliest, stop.latest, crews) for stop in stops}
    wanted = [stop for stop in stops if windows[stop.key] and any(_may(crew, stop) for crew in crews)]
    if not wanted:
        return [[] for _ in crews]
    # loaded here: only the worker carries the search
    from pyvrp import Model, PenaltyParams, SolveParams
    from pyvrp.stop import MaxIterations

    model = Model()
    base = model.add_location(*store)
    homes = [model.add_location(*stop.place) for stop in wanted]
    from_where = [base if crew.place is None else model.add_location(*crew.place) for crew in crews]
    loads = _Loads.of(wanted, crews)
    end = model.add_depot(base)
    for stop, home in zip(wanted, homes, strict=True):
        low, high = windows[stop.key] or (0, 0)
        model.add_client(
            home,
            delivery=loads.of_stop(stop),
            service_duration=stop.minutes * 60,
            tw_early=low * 60,
            tw_late=high * 60,
            prize=stop.worth,
            required=False,
        )
    for crew, where in zip(crews, from_where, strict=True):
        start = end if crew.place is None else model.add_depot(where)
        stopped = _break_on(crew)
        model.add_vehicle_type(
            capacity=loads.of_crew(crew),
            start_depot=start,
            end_depot=end,
            tw_early=crew.start * 60,
            tw_late=max(crew.end - stopped, crew.start) * 60,
        )
    spots = [(base, store), *((home, stop.place) for home, stop in zip(homes, wanted, strict=True))]
    spots += [(where, crew.place) for where, crew in zip(from_where, crews, strict=True) if crew.place is not None]
    for here, a in spots:
        for there, b in spots:
            if here is not there:
                model.add_edge(here, there, round(travel.metres(a, b) / 10), travel.minutes(a, b) * 60)
    found = model.solve(
        MaxIterations(rounds),
        seed=seed,
        collect_stats=False,
        display=False,
        params=SolveParams(penalty=PenaltyParams(max_penalty=1_000_000.0)),
    )
    orders: list[list[Stop]] = [[] for _ in crews]
    if found.best.is_feasible():
        for route in found.best.routes():
            orders[route.vehicle_type()] = [wanted[one.idx] for one in route.schedule() if one.is_client()]
    return orders


def _break_on(crew: CrewDay) -> int:
    """Minutes of break that fall into the shift."""
    return crew.break_minutes if crew.start <= crew.break_to < crew.end else 0


def narrowed(earliest: int, latest: int, crews: Sequence[CrewDay]) -> tuple[int, int] | None:
    """A window on the clock that stops during the break, right for every crew; None where nothing is left of it.

    Wholly before every break it stays, wholly after every break it moves, across a break it loses the break's length.
    """
    with_break = [crew for crew in crews if _break_on(crew)]
    longest, shortest = max(map(_break_on, crews)), min(map(_break_on, crews))
    if all(latest <= crew.break_from for crew in with_break):
        return earliest, latest
    if all(earliest >= crew.break_to + crew.break_minutes for crew in with_break):
        earliest -= shortest
    latest -= longest
    return (earliest, latest) if earliest <= latest else None


@dataclass(frozen=True, slots=True)
class _Loads:
    """Items of the van, then skills and crews held to, each as one dimension of load."""

    items: tuple[str, ...]
    skills: tuple[str, ...]
    held: tuple[str, ...]
    plenty: int

    @classmethod
    def of(cls, stops: Sequence[Stop], crews: Sequence[CrewDay]) -> "_Loads":
        items = sorted({item for stop in stops for item in (stop.needs or {})}) if any(c.stock for c in crews) else []
        skills = sorted({skill for stop in stops for skill in stop.skills})
        held = sorted({stop.crew for stop in stops if stop.crew is not None})
        most = ITEM * (1 + sum(sum((stop.needs or {}).values()) + 1 for stop in stops))
        return cls(tuple(items), tuple(skills), tuple(held), most)

    def of_stop(self, stop: Stop) -> list[int]:
        needs = stop.needs or {}
        return [
            *(ITEM * needs.get(item, 0) for item in self.items),
            *(ITEM * (skill in stop.skills) for skill in self.skills),
            *(ITEM * (stop.crew == crew) for crew in self.held),
        ]

    def of_crew(self, crew: CrewDay) -> list[int]:
        return [
            *(self.plenty if crew.stock is None else ITEM * crew.stock.get(item, 0) for item in self.items),
            *(self.plenty * (skill in crew.skills) for skill in self.skills),
            *(self.plenty * (crew.key == held) for held in self.held),
        ]
