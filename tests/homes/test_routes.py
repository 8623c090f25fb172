"""Day routes: nobody is promised what a crew cannot do, checked by arithmetic that knows nothing of the planner."""

import math
import random

import pytest

from frankpledge.analysis.day_routes import (
    CrewDay,
    DayPlan,
    Route,
    Stop,
    Travel,
    from_now,
    narrowed,
    openings,
    plan_day,
    walk,
)
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

STORE = (0.0, 0.0)
SHIFT = {"start": 480, "end": 990, "break_minutes": 30, "break_from": 690, "break_to": 780}
HALF_DAYS = ((480, 720), (780, 960), (480, 960))


def crew(key: str = "A", **other: object) -> CrewDay:
    return CrewDay(**{"key": key, **SHIFT, **other})  # type: ignore[arg-type]


def a_day(seed: int, visits: int = 24, crews: int = 3) -> tuple[list[Stop], list[CrewDay]]:
    """Homes within three kilometres with half-day windows, locks to fit, and some that need an electrician."""
    draw = random.Random(seed)
    stops = []
    for number in range(visits):
        earliest, latest = draw.choice(HALF_DAYS)
        stops.append(
            Stop(
                key=f"V{number}",
                place=(draw.uniform(-3000, 3000), draw.uniform(-3000, 3000)),
                minutes=draw.choice((20, 40, 60, 75)),
                earliest=earliest,
                latest=latest,
                first=draw.random() < 0.2,
                promised=draw.random() < 0.6,
                needs={"lock": draw.randint(0, 3), "alarm": draw.randint(0, 1)},
                skills=frozenset({"electric"} if draw.random() < 0.2 else ()),
            )
        )
    days = [
        crew(key, skills=frozenset({"electric"} if key == "A" else ()), stock={"lock": 12, "alarm": 5})
        for key in "ABCDEFGH"[:crews]
    ]
    return stops, days


def faults(routes: list[Route] | tuple[Route, ...], travel: Travel) -> list[str]:
    """Everything wrong with routes, worked out again from places and clocks alone."""
    found: list[str] = []
    seen: set[str] = set()
    for route in routes:
        man, here, free = route.crew, route.crew.place or STORE, route.crew.start
        for leg in route.legs:
            stop = leg.stop
            if stop.key in seen:
                found.append(f"{stop.key} twice")
            seen.add(stop.key)
            way = math.dist(here, stop.place) * travel.factor / 1000 / travel.kmh * 60
            rest = _rest(route, free, leg.starts)
            if leg.starts + 1e-6 < free + way + rest:
                found.append(f"{stop.key} starts before the crew can be there")
            if not stop.earliest <= leg.starts <= stop.latest:
                found.append(f"{stop.key} outside its window")
            if leg.ends - leg.starts != stop.minutes:
                found.append(f"{stop.key} work cut short")
            if route.break_at is not None and leg.starts < route.break_at + man.break_minutes <= leg.ends:
                found.append(f"{stop.key} during the break")
            if not stop.skills <= man.skills or stop.crew not in (None, man.key):
                found.append(f"{stop.key} with the wrong crew")
            here, free = stop.place, leg.ends
        way = math.dist(here, STORE) * travel.factor / 1000 / travel.kmh * 60
        if route.back_at + 1e-6 < free + way + _rest(route, free, route.back_at) or route.back_at > man.end:
            found.append(f"{man.key} back too early to be true or too late")
        if route.break_at is not None and not man.break_from <= route.break_at <= man.break_to:
            found.append(f"{man.key} break at {route.break_at}")
        if route.break_at is None and man.break_minutes and route.back_at > man.break_to:
            found.append(f"{man.key} has no break")
        for item in ("lock", "alarm"):
            if man.stock is not None and sum((s.needs or {}).get(item, 0) for s in route.stops) > man.stock[item]:
                found.append(f"{man.key} has too few of {item}")
    return found


def _rest(route: Route, free: int, until: int) -> int:
    at = route.break_at
    return route.crew.break_minutes if at is not None and free <= at < until else 0


class TestTheDayCanBeDone:
    @pytest.mark.parametrize("seed", range(12))
    def test_no_window_break_skill_or_van_is_broken(self, seed: int) -> None:
        stops, crews = a_day(seed)
        plan = plan_day(stops, crews, store=STORE, rounds=150)
        assert faults(plan.routes, plan.travel) == []
        placed = {stop.key for route in plan.routes for stop in route.stops}
        left = {one.stop.key for one in plan.left_over}
        assert placed | left == {stop.key for stop in stops} and not placed & left
        assert plan.n == len(placed)

    def test_a_whole_day_finds_room_for_nearly_all_of_what_fits(self) -> None:
        stops, crews = a_day(3, visits=20, crews=4)
        plan = plan_day(stops, crews, store=STORE)
        assert len(plan.left_over) <= 1
        assert all(str(one.reason) for one in plan.left_over)

    def test_the_same_day_gives_the_same_plan(self) -> None:
        stops, crews = a_day(5)
        one, two = (plan_day(stops, crews, store=STORE, rounds=100) for _ in range(2))
        assert one.as_dict() == two.as_dict()

    def test_it_doubts_its_straight_lines(self) -> None:
        stops, crews = a_day(5, visits=3)
        plan = plan_day(stops, crews, store=STORE, rounds=10)
        assert [doubt.kind for doubt in plan.doubts] == [DoubtKind.STRAIGHT_LINES]
        assert "3 of 3 visits placed with 3 crews" in plan.sentence()


class TestWhoComesFirst:
    def test_the_vulnerable_home_is_kept_when_the_day_is_too_short(self) -> None:
        """Four hours of work in two: the one promised to a vulnerable resident stays, far as it is."""
        near = [Stop(f"V{number}", (100.0 * number, 0), 60) for number in range(1, 5)]
        far = Stop("far", (3000, 3000), 60, first=True)
        plan = plan_day([*near, far], [crew(end=650)], store=STORE, rounds=100)
        assert "far" in {stop.key for stop in plan.routes[0].stops}
        assert {str(one.reason) for one in plan.left_over} == {"The day is full with visits that come first."}

    def test_each_one_left_over_says_why(self) -> None:
        stops = [
            Stop("wired", (500, 0), 30, skills=frozenset({"electric"})),
            Stop("many", (500, 0), 30, needs={"lock": 9}),
            Stop("night", (500, 0), 30, earliest=1200, latest=1260),
            Stop("other", (500, 0), 30, crew="Z"),
        ]
        plan = plan_day(stops, [crew(stock={"lock": 3, "alarm": 0})], store=STORE, rounds=50)
        reasons = {one.stop.key: str(one.reason) for one in plan.left_over}
        assert reasons == {
            "wired": "No crew on shift has the skill: electric.",
            "many": "No van carries what it needs.",
            "night": "No crew can be there between 20:00 and 21:00.",
            "other": "Crew Z is not on shift.",
        }


class TestTheBreak:
    def test_it_is_taken_between_visits_as_late_as_it_may(self) -> None:
        stops = [Stop(f"V{number}", (0, 0), 60) for number in range(6)]
        route = walk(crew(), stops, store=STORE)
        assert route and route.break_at == 780 and [leg.starts for leg in route.legs][4:] == [720, 810]

    def test_it_is_taken_at_the_door_when_the_crew_is_early(self) -> None:
        route = walk(crew(), [Stop("late", (0, 0), 60, earliest=840)], store=STORE)
        assert route and route.break_at == 690 and route.legs[0].starts == 840

    def test_a_short_day_needs_none(self) -> None:
        route = walk(crew(), [Stop("V", (0, 0), 60)], store=STORE)
        assert route and route.break_at is None and route.back_at == 540

    @pytest.mark.parametrize("seed", range(40))
    def test_windows_on_the_stopped_clock_hold_on_the_real_one(self, seed: int) -> None:
        """Any order that fits the narrowed windows on the stopped clock can be walked by the real clock."""
        draw = random.Random(seed)
        man = crew()
        for _ in range(50):
            stops, here, now = [], STORE, man.start
            for number in range(draw.randint(1, 8)):
                place = (draw.uniform(-2000, 2000), draw.uniform(-2000, 2000))
                earliest = draw.randint(480, 900)
                stop = Stop(f"{number}", place, draw.randint(10, 90), earliest, earliest + draw.randint(0, 300))
                window = narrowed(stop.earliest, stop.latest, [man])
                starts = now + Travel().minutes(here, place)
                if window is None or max(starts, window[0]) > window[1]:
                    continue
                starts = max(starts, window[0])
                if starts + stop.minutes + Travel().minutes(place, STORE) > man.end - man.break_minutes:
                    continue
                stops.append(stop)
                here, now = place, starts + stop.minutes
            assert walk(man, stops, store=STORE) is not None


class TestOneMoreVisit:
    def test_openings_keep_every_promise_and_name_the_cheapest_first(self) -> None:
        stops, crews = a_day(8, visits=12)
        plan = plan_day(stops, crews, store=STORE, rounds=100)
        found = openings(Stop("new", (200, 200), 30, earliest=780), plan.routes, store=STORE)
        assert found and [one.more_metres for one in found] == sorted(one.more_metres for one in found)
        for one in found:
            assert faults([one.route], plan.travel) == [] and one.starts >= 780

    def test_no_opening_where_nothing_fits(self) -> None:
        routes = [walk(crew(), [], store=STORE)]
        assert openings(Stop("late", (0, 0), 60, earliest=1000), [routes[0]], store=STORE) == ()  # type: ignore[list-item]

    def test_the_rest_of_the_day_is_planned_from_where_the_crew_is(self) -> None:
        stops, crews = a_day(9, visits=10, crews=2)
        plan = plan_day(stops, crews, store=STORE, rounds=100)
        left = [leg.stop for route in plan.routes for leg in route.legs if leg.ends > 660]
        later = [from_now(one, now=660, place=(500, 500), break_taken=False) for one in crews]
        again = plan_day(left, later, store=STORE, rounds=100)
        assert faults(again.routes, again.travel) == []
        assert all(leg.starts > 660 for route in again.routes for leg in route.legs)

    def test_a_break_taken_is_not_taken_again_and_one_overdue_is_taken_now(self) -> None:
        taken = walk(from_now(crew(), now=800, place=STORE, break_taken=True), [Stop("V", (0, 0), 60)], store=STORE)
        overdue = walk(from_now(crew(), now=800, place=STORE, break_taken=False), [Stop("V", (0, 0), 60)], store=STORE)
        assert taken and overdue
        assert (taken.break_at, taken.legs[0].starts) == (None, 800)
        assert (overdue.break_at, overdue.legs[0].starts) == (800, 830)


class TestWhatCannotBe:
    @pytest.mark.parametrize(
        ("stops", "crews", "words"),
        [
            ([], [], "no crew"),
            ([Stop("V", STORE, 10), Stop("V", STORE, 10)], [crew()], "key of its own"),
            ([Stop("V", STORE, 100)], [crew()], "longer than the time"),
            ([], [crew(end=400)], "ends before it begins"),
        ],
    )
    def test_it_says_what_and_what_to_do(self, stops: list[Stop], crews: list[CrewDay], words: str) -> None:
        with pytest.raises(CannotCompute, match=words):
            plan_day(stops, crews, store=STORE)

    def test_travel_is_not_faster_than_a_straight_line(self) -> None:
        with pytest.raises(CannotCompute):
            Travel(factor=0.5)


def test_a_day_without_visits_is_a_plan() -> None:
    plan: DayPlan = plan_day([], [crew()], store=STORE)
    assert plan.n == 0 and "No visit is placed" in plan.sentence()
