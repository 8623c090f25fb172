"""Named reads of crews, shifts and visits: a day as it stands, and what the planner is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from statistics import mean

from django.db.models import Count, QuerySet

from frankpledge.analysis.day_routes import CrewDay, Leg, Route, Stop, from_now, walk
from frankpledge.delivery.home_security.models import (
    Absence,
    Crew,
    CrewMember,
    Fitted,
    HomeRequest,
    Measure,
    Shift,
    StockLevel,
    StockPlace,
    Visit,
)
from frankpledge.delivery.home_security.rules import doing as rules
from frankpledge.delivery.home_security.rules.doing import Fitting, Job, Worker
from frankpledge.delivery.home_security.selectors import asking
from frankpledge.delivery.home_security.vocabulary import MeasureKind, PlaceKind, RequestState, VisitState
from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.places import selectors as places
from frankpledge.vocabulary.permissions import Role

OPEN = [state.value for state in rules.OPEN_STATES]
ENDED = [VisitState.DONE.value, VisitState.NO_ANSWER.value, VisitState.NOT_FINISHED.value]


def crews() -> QuerySet[Crew]:
    """Crews at work, with their van. Lazy."""
    return Crew.objects.filter(is_active=True).select_related("van")


def crew_accounts(today: date) -> list[tuple[int, str]]:
    """Accounts of people who do visits and belong to no crew yet: key and name. Two queries."""
    taken = CrewMember.objects.exclude(person_id=None).values_list("person_id", flat=True)
    found = agencies.active_in(Role.CREW, today).exclude(pk__in=list(taken))
    return [(person.pk, person.name) for person in found]


def visit(number: int) -> Visit | None:
    """One visit with its request and crew. One query."""
    return Visit.objects.select_related("request", "crew", "cocoon").filter(pk=number).first()


def requests_to_visit() -> list[HomeRequest]:
    """Requests whose home is known and that nobody has booked yet. One query."""
    return list(HomeRequest.objects.filter(state=RequestState.WAITING.value).exclude(uprn="").order_by("pk"))


def visits_on(day: date) -> list[Visit]:
    """All visits of a day but those called off. One query."""
    rows = Visit.objects.filter(day=day).exclude(state=VisitState.CANCELLED.value)
    return list(rows.select_related("request", "crew", "cocoon").order_by("crew__name", "order", "pk"))


def shifts_on(day: date) -> list[Shift]:
    """Shifts of a day, by crew. One query."""
    return list(Shift.objects.filter(day=day, crew__is_active=True).select_related("crew").order_by("crew__name"))


def shifts_between(first: date, last: date) -> QuerySet[Shift]:
    """Shifts from ``first`` to ``last``. Lazy."""
    return Shift.objects.filter(day__range=(first, last)).select_related("crew").order_by("day", "crew__name")


def next_working_day(day: date) -> date | None:
    """The first day after ``day`` on which a crew has a shift. One query."""
    return Shift.objects.filter(day__gt=day, crew__is_active=True).order_by("day").values_list("day", flat=True).first()


def workers() -> list[Worker]:
    """Everybody who works in a crew or stands in. One query."""
    rows = CrewMember.objects.filter(is_active=True).order_by("name").values_list("pk", "name", "crew_id")
    return [Worker(*row) for row in rows]


def away_on(day: date) -> set[int]:
    """Keys of members who are not there on a day. One query."""
    rows = Absence.objects.filter(first_on__lte=day, last_on__gte=day)
    return set(rows.values_list("member_id", flat=True))


def absences(today: date) -> QuerySet[Absence]:
    """Absences that are not over, the next first. Lazy."""
    return Absence.objects.filter(last_on__gte=today).select_related("member__crew").order_by("first_on")


def members() -> QuerySet[CrewMember]:
    """Everybody at work, by crew. Lazy."""
    return CrewMember.objects.filter(is_active=True).select_related("crew").order_by("crew__name", "name")


def fittings() -> dict[str, Fitting]:
    """What each measure takes, by its key. One query."""
    rows = Measure.objects.values_list("key", "minutes", "stock_item__key", "skill")
    return {key: Fitting(minutes, item or "", skill) for key, minutes, item, skill in rows}


USUAL_KINDS = (MeasureKind.DOOR_LOCK, MeasureKind.WINDOW_LOCK, MeasureKind.INSIDE_LIGHT, MeasureKind.MARKING)


def usual_plan() -> list[dict[str, object]]:
    """One of each kind that protects together: what a visit is planned for until the crew has looked. One query."""
    rows = Measure.objects.filter(is_offered=True, resident_pays=0, kind__in=USUAL_KINDS).order_by("order", "name")
    return [{"measure": key, "quantity": 1} for key in rows.values_list("key", flat=True)]


def store() -> StockPlace | None:
    """The store crews start from. One query."""
    return StockPlace.objects.filter(kind=PlaceKind.STORE.value).order_by("pk").first()


def van_stock() -> dict[int, dict[str, int]]:
    """Crew -> item -> how many are in its van. One query."""
    found: dict[int, dict[str, int]] = {}
    rows = StockLevel.objects.filter(place__van__crew__isnull=False)
    for crew, item, count in rows.values_list("place__van__crew_id", "item__key", "count"):
        found.setdefault(crew, {})[item] = count
    return found


# -- a day ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    """A day as it stands: who works, all visits, where they are, and each crew's way from now on."""

    day: date
    shifts: Sequence[Shift]
    visits: Sequence[Visit]
    places: dict[int, tuple[float, float]]  # visit -> metres on the national grid
    store: tuple[float, float]
    crew_days: dict[int, CrewDay]  # crew -> its day from now on
    stops: dict[int, Stop]  # visit -> what the planner is told
    broken: frozenset[int]  # crews that have had their break

    def of_crew(self, crew: int) -> list[Visit]:
        """A crew's visits in their order."""
        return [visit for visit in self.visits if visit.crew_id == crew]

    def open_of(self, crew: int) -> list[Visit]:
        """What a crew has still to go to."""
        return [v for v in self.of_crew(crew) if v.state == VisitState.PLANNED and v.pk in self.stops]

    def route_of(self, crew: int) -> Route | None:
        """The rest of a crew's day by the clock, promises let go of where they can no longer be kept."""
        stops = [self.stops[visit.pk] for visit in self.open_of(crew)]
        found = walk(self.crew_days[crew], stops, store=self.store)
        return found or late_route(self.crew_days[crew], stops, self.store)


def late_route(crew: CrewDay, stops: Sequence[Stop], store: tuple[float, float]) -> Route | None:
    """The way a crew really goes when it is late: in its order, whatever was promised."""
    freed = [replace(stop, latest=24 * 60, needs=None, skills=frozenset(), crew=None) for stop in stops]
    found = walk(replace(crew, end=48 * 60), freed, store=store)
    if found is None:
        return None
    kept = tuple(
        Leg(stop, leg.travel_minutes, leg.arrives, leg.starts, leg.ends)
        for stop, leg in zip(stops, found.legs, strict=True)
    )
    return replace(found, crew=crew, legs=kept)


def the_day(day: date, now: datetime) -> Day:
    """A day as it stands at ``now``. Eight queries, however many visits."""
    shifts, visits = shifts_on(day), visits_on(day)
    grid = places.positions_of([visit.uprn for visit in visits])
    found = {v.pk: (float(grid[v.uprn][0]), float(grid[v.uprn][1])) for v in visits if v.uprn in grid}
    base = store()
    if base is not None and base.easting is not None and base.northing is not None:
        start = (base.easting, base.northing)
    else:
        start = _middle(list(found.values()))
    known, stock = fittings(), van_stock()
    alive = {key for part in asking.homes_in_live_cocoons(day) for key in part}
    stops = {v.pk: _stop(v, found[v.pk], known, v.uprn in alive) for v in visits if v.pk in found}
    longest = max((stop.minutes for stop in stops.values()), default=0)
    minute = _minute_on(day, now)
    crew_days, broken = {}, set()
    for shift in shifts:
        whole = rules.crew_day(
            shift.crew.name,
            starts=shift.starts,
            ends=shift.ends,
            break_from=shift.break_from,
            break_minutes=shift.break_minutes,
            skills=shift.crew.skills,
            stock=stock.get(shift.crew_id),
            longest=longest,
        )
        own = [visit for visit in visits if visit.crew_id == shift.crew_id]
        crew_days[shift.crew_id], had = _rest(whole, own, found, minute, start)
        if had:
            broken.add(shift.crew_id)
    return Day(day, shifts, visits, found, start, crew_days, stops, frozenset(broken))


def _middle(found: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Where routes begin as long as nobody said where the store is: amid the homes of the day."""
    return (mean(x for x, _ in found), mean(y for _, y in found)) if found else (0.0, 0.0)


def _minute_on(day: date, now: datetime) -> int | None:
    """Minutes since midnight of a day that is under way; None for one to come or one that is over."""
    return rules.local_minute(now) if now.astimezone(rules.LONDON).date() == day else None


def _stop(visit: Visit, place: tuple[float, float], known: dict[str, Fitting], alive: bool) -> Stop:
    window = (visit.window_from, visit.window_until) if visit.window_from and visit.window_until else None
    return rules.stop_of(
        Job(str(visit.pk), place, visit.minutes, window, alive or comes_first(visit), visit.plan), known
    )


def comes_first(visit: Visit) -> bool:
    """Whether the home is vulnerable, or in the cocoon of a burglary."""
    request = visit.request
    return visit.cocoon_id is not None or (
        request is not None and (bool(request.vulnerability) or request.burgled_times > 1)
    )


def _rest(
    whole: CrewDay,
    own: Sequence[Visit],
    found: dict[int, tuple[float, float]],
    minute: int | None,
    store: tuple[float, float],
) -> tuple[CrewDay, bool]:
    """A crew's day from now: where it is by its visits, and whether it has had its break."""
    if minute is None or minute <= whole.start:
        return whole, False
    ended = [v for v in own if v.state in ENDED and v.finished_at and v.pk in found]
    here, free = store, minute
    if ended:
        last = max(ended, key=lambda v: v.finished_at or v.day)
        here = found[last.pk]
    for v in own:
        if v.state == VisitState.UNDER_WAY and v.pk in found and v.started_at:
            here = found[v.pk]
            free = max(minute, rules.local_minute(v.started_at) + v.minutes)
    had = minute >= whole.break_to
    return from_now(whole, now=free, place=here, break_taken=had), had


# -- what is done -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Coverage:
    """A neighbourhood: its homes, those protected, those that said no, those waiting."""

    code: str
    homes: int
    done: int
    said_no: int
    waiting: int

    @property
    def percent(self) -> float:
        return 100 * self.done / self.homes if self.homes else 0.0


def coverage() -> list[Coverage]:
    """Each priority neighbourhood, the best covered first. A home counts once, from its first lock, light or alarm.

    Four queries.
    """
    homes = places.homes_by_neighbourhood()
    where = {uprn: code for code, uprns in homes.items() for uprn in uprns}
    fitted = Fitted.objects.filter(measure__kind__in=asking.SECURITY_KINDS, removed_on__isnull=True)
    done = {uprn for uprn in fitted.order_by().values_list("uprn", flat=True).distinct() if uprn in where}
    no = (RequestState.REFUSED.value, RequestState.WITHDRAWN.value)
    refused = set(HomeRequest.objects.filter(state__in=no).values_list("uprn", flat=True)) - done
    waiting = dict(
        HomeRequest.objects.filter(state__in=asking.TO_PLACE)
        .order_by()
        .values_list("neighbourhood")
        .annotate(n=Count("pk"))
    )
    found = [
        Coverage(code, len(uprns), len(done & uprns), len(refused & uprns), waiting.get(code, 0))
        for code, uprns in homes.items()
    ]
    return sorted(found, key=lambda one: (-one.percent, one.code))
