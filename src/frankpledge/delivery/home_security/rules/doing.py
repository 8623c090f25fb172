"""A working day of crews: who works and who stands in, how long a visit takes, and what the planner is told of both."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from frankpledge.analysis.day_routes import DAY, CrewDay, Stop
from frankpledge.delivery.home_security.vocabulary import VisitState
from frankpledge.vocabulary.errors import RuleBroken

LONDON = ZoneInfo("Europe/London")
LEAST_IN_A_CREW = 2  # nobody works alone in a stranger's home
LOOKING_ROUND_MINUTES = 15  # the audit of doors, windows and habits, before anything is fitted
BREAK_MOVES_MINUTES = 90  # how much later than its earliest time a break may begin
WINDOWS = ((time(8, 30), time(12, 0)), (time(13, 0), time(15, 30)))
OPEN_STATES = (VisitState.PLANNED, VisitState.UNDER_WAY)


# -- who works --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody of a crew, or a supervisor (``crew`` None) who may stand in for anybody."""

    key: int
    name: str
    crew: int | None


def on_duty(
    crews: Sequence[int], workers: Iterable[Worker], away: Collection[int]
) -> dict[int, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Crew -> names of its own who work and names of supervisors who stand in, until it is two people again.

    Supervisors go to the crews in the order given, so the same absences always give the same cover.
    """
    there = [worker for worker in workers if worker.key not in away]
    spare = [worker.name for worker in there if worker.crew is None]
    found = {}
    for crew in crews:
        own = tuple(worker.name for worker in there if worker.crew == crew)
        lacking = max(LEAST_IN_A_CREW - len(own), 0)
        found[crew] = (own, tuple(spare[:lacking]))
        spare = spare[lacking:]
    return found


def check_crew(name: str, people: Sequence[str]) -> None:
    """Raise RuleBroken for a crew of one: nobody works alone."""
    if len(people) < LEAST_IN_A_CREW:
        there = people[0] if people else "nobody"
        raise RuleBroken(
            f"Crew {name} would be {there} alone, and no supervisor is free to stand in. Choose another day, or give "
            "its visits to another crew."
        )


# -- clocks -----------------------------------------------------------------------------------------------------------


def minute_of(moment: time) -> int:
    """Minutes since midnight."""
    return moment.hour * 60 + moment.minute


def local_minute(moment: datetime) -> int:
    """Minutes since midnight, on the clock on the wall."""
    return minute_of(moment.astimezone(LONDON).time())


def moment_of(day: date, minute: int) -> datetime:
    """A minute of a day as a moment. No shift crosses the hour at which clocks change."""
    return datetime.combine(day, time(minute // 60 % 24, minute % 60), LONDON)


def working_days(first: date, count: int) -> list[date]:
    """``count`` days from Monday to Friday, from ``first`` on."""
    found: list[date] = []
    day = first
    while len(found) < count:
        if day.weekday() < 5:
            found.append(day)
        day += timedelta(days=1)
    return found


def after_working_days(day: date, count: int) -> date:
    """The day ``count`` working days after ``day``; weekends do not count."""
    return day if count <= 0 else working_days(day + timedelta(days=1), count)[-1]


QUIET_MINUTES = 25  # a phone with signal is heard far more often


def quiet_since(heard: datetime | None, now: datetime, day: date, ends: time) -> int | None:
    """Minute of the day when a crew's phone was last heard, if that is too long ago; None while all is well.

    A crew that was never heard that day may work from paper, and after the shift nobody expects a word.
    """
    here = now.astimezone(LONDON)
    if heard is None or here.date() != day or heard.astimezone(LONDON).date() != day or here.time() > ends:
        return None
    return local_minute(heard) if now - heard >= timedelta(minutes=QUIET_MINUTES) else None


# -- what the planner is told -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fitting:
    """What a measure takes: minutes for one, the item it uses up, the skill it needs."""

    minutes: int
    item: str
    skill: str


def minutes_of(plan: Sequence[Mapping[str, object]], fittings: Mapping[str, Fitting]) -> int:
    """How long a visit takes: looking round, then fitting what is planned. Unknown measures take no time."""
    return LOOKING_ROUND_MINUTES + sum(
        fittings[str(part["measure"])].minutes * _quantity(part) for part in plan if part["measure"] in fittings
    )


def needs_of(plan: Sequence[Mapping[str, object]], fittings: Mapping[str, Fitting]) -> dict[str, int]:
    """Items a visit uses up."""
    found: dict[str, int] = {}
    for part in plan:
        fitting = fittings.get(str(part["measure"]))
        if fitting and fitting.item:
            found[fitting.item] = found.get(fitting.item, 0) + _quantity(part)
    return found


def skills_of(plan: Sequence[Mapping[str, object]], fittings: Mapping[str, Fitting]) -> frozenset[str]:
    """Skills a visit needs."""
    known = (fittings[str(part["measure"])] for part in plan if part["measure"] in fittings)
    return frozenset(fitting.skill for fitting in known if fitting.skill)


def _quantity(part: Mapping[str, object]) -> int:
    return int(str(part.get("quantity", 1)))


@dataclass(frozen=True, slots=True)
class Job:
    """A visit as the planner needs it."""

    key: str
    place: tuple[float, float]
    minutes: int
    window: tuple[time, time] | None
    first: bool
    plan: Sequence[Mapping[str, object]]


def stop_of(job: Job, fittings: Mapping[str, Fitting]) -> Stop:
    """A visit as a stop of a route. A window is when the crew may begin there."""
    earliest, latest = (minute_of(job.window[0]), minute_of(job.window[1])) if job.window else (0, DAY)
    return Stop(
        key=job.key,
        place=job.place,
        minutes=job.minutes,
        earliest=earliest,
        latest=latest,
        first=job.first,
        promised=job.window is not None,
        needs=needs_of(job.plan, fittings),
        skills=skills_of(job.plan, fittings),
    )


def crew_day(
    key: str,
    *,
    starts: time,
    ends: time,
    break_from: time | None,
    break_minutes: int,
    skills: Collection[str],
    stock: Mapping[str, int] | None,
    longest: int = 0,
) -> CrewDay:
    """A shift as the planner needs it. The break may move far enough for the ``longest`` visit to end before it."""
    earliest = minute_of(break_from) if break_from else minute_of(starts)
    return CrewDay(
        key=key,
        start=minute_of(starts),
        end=minute_of(ends),
        break_minutes=break_minutes if break_from else 0,
        break_from=earliest,
        break_to=earliest + max(BREAK_MOVES_MINUTES, longest),
        skills=frozenset(skills),
        stock=stock,
    )
