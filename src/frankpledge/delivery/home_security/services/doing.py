"""Named writes of crews and visits: who works when, who is visited when, and the order of a day."""

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from frankpledge.analysis.day_routes import ROUNDS, DayPlan, Opening, Route, Stop, openings, plan_day
from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import (
    Absence,
    Cocoon,
    Crew,
    CrewMember,
    HomeRequest,
    Shift,
    Visit,
)
from frankpledge.delivery.home_security.models.columns import NAME_LENGTH
from frankpledge.delivery.home_security.rules import doing as rules
from frankpledge.delivery.home_security.selectors import doing as selectors
from frankpledge.delivery.home_security.selectors.doing import Day
from frankpledge.delivery.home_security.services import invitations, messages
from frankpledge.delivery.home_security.services.writing import altered
from frankpledge.delivery.home_security.vocabulary import RequestState, VisitState
from frankpledge.foundation.audit.rules import one_line
from frankpledge.foundation.jobs import services as jobs
from frankpledge.foundation.places import selectors as places
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken

PLAN_ROUTES = "plan day routes"
DAYS_OFFERED = 10
MOST_TIMES = 6


# -- who works --------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_shift(
    crew: Crew,
    *,
    day: date,
    starts: time,
    ends: time,
    break_from: time | None = None,
    break_minutes: int = 0,
    by: Actor,
) -> Shift:
    """Put a crew to work on a day, supervisors standing in for who is away. Raises RuleBroken for a crew of one."""
    permissions.check_can_edit(by)
    if ends <= starts:
        raise DataProblem("The shift ends before it begins. Change one of the times.")
    others = {shift.crew_id: shift for shift in selectors.shifts_on(day) if shift.crew_id != crew.pk}
    taken = {name for shift in others.values() for name in shift.names}
    workers = [one for one in selectors.workers() if one.crew is not None or one.name not in taken]
    own, cover = rules.on_duty([crew.pk], workers, selectors.away_on(day))[crew.pk]
    rules.check_crew(crew.name, [*own, *cover])
    shift, _ = Shift.objects.update_or_create(
        crew=crew,
        day=day,
        defaults={
            "starts": starts,
            "ends": ends,
            "break_from": break_from,
            "break_minutes": break_minutes,
            "names": [*own, *cover],
            "note": f"{', '.join(cover)} stands in" if cover else "",
        },
    )
    altered("set a shift", f"crew {crew.name} {day}", by)
    return shift


@transaction.atomic
def note_absence(member: CrewMember, *, first_on: date, last_on: date, why: str, by: Actor) -> list[str]:
    """Somebody is away. Supervisors stand in on their shifts; returns a sentence for each shift nobody could fill.

    Such a shift is taken away, its visits keep their day and are without a crew.
    """
    permissions.check_can_edit(by)
    if last_on < first_on:
        raise DataProblem("The last day lies before the first. Change one of them.")
    why = one_line(why, NAME_LENGTH)
    if not why:
        raise DataProblem("Say why: holiday, illness or a course.")
    Absence.objects.create(member=member, first_on=first_on, last_on=last_on, why=why)
    problems = []
    for shift in list(selectors.shifts_between(first_on, last_on)):
        if member.name in shift.names:
            try:
                with transaction.atomic():
                    set_shift(
                        shift.crew, day=shift.day, starts=shift.starts, ends=shift.ends,
                        break_from=shift.break_from, break_minutes=shift.break_minutes, by=by,
                    )  # fmt: skip
            except RuleBroken as problem:
                shift.delete()
                problems.append(f"{shift.day:%d/%m}: {problem}")
    altered("noted an absence", f"member {member.pk}", by)
    return problems


# -- visits -----------------------------------------------------------------------------------------------------------


def times_for(request: HomeRequest, *, now: datetime) -> list[tuple[date, Opening]]:
    """Times that could be offered to a home on the next working days, each with a crew that can keep it."""
    found: list[tuple[date, Opening]] = []
    today = now.astimezone(rules.LONDON).date()
    for day in rules.working_days(today, DAYS_OFFERED):
        if len(found) >= MOST_TIMES:
            break
        state = selectors.the_day(day, now)
        stop = new_stop(request.uprn, state)
        if stop is None:
            return []
        found_here = openings(stop, [r for r in all_routes(state) if r is not None], store=state.store, most=1)
        found += [(day, place) for place in found_here]
    return found[:MOST_TIMES]


def new_stop(uprn: str, state: Day, key: str = "new", window: tuple[time, time] | None = None) -> Stop | None:
    """A visit that is not booked yet, as the planner needs it; None for a home whose place is not known.

    ``window``: hours between which the crew is to arrive.
    """
    where = places.positions_of([uprn]).get(uprn) if uprn else None
    if where is None:
        return None
    plan, known = selectors.usual_plan(), selectors.fittings()
    minutes = rules.minutes_of(plan, known)
    job = rules.Job(key, (float(where[0]), float(where[1])), minutes, window, True, plan)
    return rules.stop_of(job, known)


def all_routes(state: Day) -> list[Route | None]:
    """Each crew's way from now on."""
    return [state.route_of(shift.crew_id) for shift in state.shifts]


@transaction.atomic
def book(
    request: HomeRequest,
    *,
    day: date,
    crew: Crew,
    starts: int,
    cocoon: Cocoon | None = None,
    now: datetime | None = None,
    by: Actor,
) -> Visit:
    """Book a visit at a time that still fits the crew's day, and tell the resident. ``starts``: minutes since midnight.

    Raises RuleBroken if it no longer fits: somebody was quicker, or the day went on.
    """
    permissions.check_can_edit(by)
    held = HomeRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not held.is_live:
        raise RuleBroken(f"{held.reference} is {held.state} already.")
    if Visit.objects.filter(request=held, state__in=selectors.OPEN).exists():
        raise RuleBroken(f"{held.reference} has a visit booked already. Move that one instead.")
    Crew.objects.select_for_update().get(pk=crew.pk)
    state = selectors.the_day(day, now or timezone.now())
    stop = new_stop(held.uprn, state)
    if stop is None:
        raise RuleBroken("Say first which home this is: its place on the map is not known.")
    place = _opening(stop, state, crew)
    window = (_clock(max(place.starts - 30, place.route.crew.start)), _clock(place.starts + 60))
    invitations.close(held)
    visit = place_visit(held, state=state, crew=crew, place=place, minutes=stop.minutes, window=window, cocoon=cocoon)
    if held.consent_contact:
        messages.write(held, about=messages.BOOKED, by=by)
    altered("booked a visit", f"visit {visit.pk}", by)
    return visit


def place_visit(
    held: HomeRequest,
    *,
    state: Day,
    crew: Crew,
    place: Opening,
    minutes: int,
    window: tuple[time, time],
    cocoon: Cocoon | None = None,
) -> Visit:
    """Write a visit into a crew's day where it fits; its request is booked. For services, which hold the locks."""
    visit = Visit.objects.create(
        request=held, cocoon=cocoon, uprn=held.uprn, day=state.day, crew=crew, minutes=minutes,
        plan=selectors.usual_plan(), window_from=window[0], window_until=window[1],
    )  # fmt: skip
    _write_order(state, crew, place, visit)
    held.state, held.version = RequestState.BOOKED, held.version + 1
    held.save(update_fields=["state", "version"])
    return visit


def _opening(stop: Stop, state: Day, crew: Crew) -> Opening:
    routes = [route for route in all_routes(state) if route is not None and route.crew.key == crew.name]
    found = openings(stop, routes, store=state.store, most=1)
    if not found:
        raise RuleBroken(f"Crew {crew.name} has no room for it on {state.day:%d/%m/%Y} any more. Choose another time.")
    return found[0]


def _clock(minute: int) -> time:
    """A quarter of an hour that people can remember, at or before the minute."""
    tidy = max(minute, 0) // 15 * 15
    return time(tidy // 60 % 24, tidy % 60)


def _write_order(state: Day, crew: Crew, place: Opening, new: Visit) -> None:
    """Number a crew's visits anew with ``new`` in its place, and write when each begins."""
    own = [visit for visit in state.of_crew(crew.pk) if visit.pk != new.pk]
    closed = [visit for visit in own if visit.state != VisitState.PLANNED]
    coming = {str(visit.pk): visit for visit in own if visit.state == VisitState.PLANNED}
    for number, leg in enumerate(place.route.legs, len(closed) + 1):
        visit = coming.get(leg.stop.key, new)
        visit.order, visit.planned_start = number, rules.moment_of(state.day, leg.starts)
        visit.crew = crew
        visit.save(update_fields=["order", "planned_start", "crew"])


@transaction.atomic
def visit_again(visit: Visit, *, crew: Crew, now: datetime | None = None, by: Actor) -> Visit:
    """Go back today to a home where nobody answered: a new visit where it fits, the failed one stays as it was."""
    permissions.check_can_edit(by)
    held = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if held.state not in (VisitState.NO_ANSWER, VisitState.NOT_FINISHED):
        raise RuleBroken(f"This visit is {held.state}; only one that failed is made again.")
    if Visit.objects.filter(uprn=held.uprn, state__in=selectors.OPEN).exists():
        raise RuleBroken("Another visit to this home is booked already.")
    now = now or timezone.now()
    state = selectors.the_day(now.astimezone(rules.LONDON).date(), now)
    stop = again_stop(held, state)
    if stop is None:
        raise RuleBroken("The place of this home on the map is not known.")
    place = _opening(stop, state, crew)
    made = Visit.objects.create(
        request_id=held.request_id, cocoon_id=held.cocoon_id, uprn=held.uprn, day=state.day, crew=crew,
        minutes=held.minutes, plan=held.plan,
    )  # fmt: skip
    _write_order(state, crew, place, made)
    if held.request_id is not None:
        asked = HomeRequest.objects.select_for_update(of=("self",)).get(pk=held.request_id)
        if asked.state in (RequestState.WAITING, RequestState.OFFERED):
            asked.state = RequestState.BOOKED
            asked.save(update_fields=["state"])
            invitations.close(asked)
    altered("booked a failed visit again", f"visit {made.pk}", by)
    return made


def again_stop(visit: Visit, state: Day) -> Stop | None:
    """A failed visit as a stop for the rest of the day: no window, at any time that fits."""
    where = state.places.get(visit.pk)
    if where is None:
        return None
    return rules.stop_of(rules.Job("new", where, visit.minutes, None, True, visit.plan), selectors.fittings())


# -- the order of a day -----------------------------------------------------------------------------------------------


def start_planning(day: date, *, by: Actor) -> int:
    """Begin the work that plans a day's routes; returns the job's key."""
    permissions.check_can_edit(by)
    return jobs.start(PLAN_ROUTES, {"day": day.isoformat()}, by=by).pk


def plan_routes(day: date, *, now: datetime | None = None, rounds: int = ROUNDS, by: Actor) -> dict[str, Any]:
    """Search the best routes for a day's planned visits and write them; what is done or under way stays as it is.

    The search runs outside the transaction; a visit that changed meanwhile keeps what it has.
    """
    permissions.check_can_edit(by)
    state = selectors.the_day(day, now or timezone.now())
    if not state.shifts:
        raise RuleBroken(f"No crew works on {day:%d/%m/%Y}. Put a crew on shift first.")
    todo = [visit for visit in state.visits if visit.state == VisitState.PLANNED and visit.pk in state.stops]
    crews = [state.crew_days[shift.crew_id] for shift in state.shifts]
    plan = plan_day([state.stops[visit.pk] for visit in todo], crews, store=state.store, rounds=rounds)
    seen = {visit.pk: visit.version for visit in todo}
    _write_plan(state, plan, seen, by)
    return {
        "sentence": str(plan.sentence()),
        "visits": plan.n,
        "metres": round(plan.metres),
        "left": [[int(one.stop.key), str(one.reason)] for one in plan.left_over],
    }


@transaction.atomic
def _write_plan(state: Day, plan: DayPlan, seen: dict[int, int], by: Actor) -> None:
    crews = {shift.crew.name: shift.crew for shift in state.shifts}
    held = {visit.pk: visit for visit in Visit.objects.select_for_update(of=("self",)).filter(pk__in=seen)}
    fresh = {key for key, visit in held.items() if visit.version == seen[key] and visit.state == VisitState.PLANNED}
    for route in plan.routes:
        crew = crews[route.crew.key]
        before = sum(visit.state != VisitState.PLANNED for visit in state.of_crew(crew.pk))
        for number, leg in enumerate(route.legs, before + 1):
            visit = held.get(int(leg.stop.key))
            if visit is not None and visit.pk in fresh:
                _place(visit, crew, number, rules.moment_of(state.day, leg.starts))
    for one in plan.left_over:
        visit = held.get(int(one.stop.key))
        if visit is not None and visit.pk in fresh:
            _place(visit, None, None, None)
    altered("planned the routes of a day", f"day {state.day}", by, visits=plan.n, left=len(plan.left_over))


def _place(visit: Visit, crew: Crew | None, order: int | None, start: datetime | None) -> None:
    """Give a visit its place. Only another crew makes it another visit to the phone that has it."""
    if visit.crew_id != (crew.pk if crew else None):
        visit.version += 1
    visit.crew, visit.order, visit.planned_start = crew, order, start
    visit.save(update_fields=["crew", "order", "planned_start", "version"])
