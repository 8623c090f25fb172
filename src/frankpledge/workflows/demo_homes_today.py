"""The demo's working day: shifts and stock, two weeks of booked visits, and today's as far as the clock has come.

Called after the homes that wait are there. It looks at what is there, so it may be run again.
"""

import random
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from frankpledge.delivery.home_security.rules import doing as rules
from frankpledge.delivery.home_security.selectors import doing as selectors
from frankpledge.delivery.home_security.selectors import stock as stock_selectors
from frankpledge.delivery.home_security.services import doing, setting_up
from frankpledge.delivery.home_security.services import stock as stock
from frankpledge.delivery.home_security.services.setting_up import Booked
from frankpledge.delivery.home_security.vocabulary import MoveReason, VisitState
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.workflows.demo_homes_beside import LOCKS_FROM

SEED = 1
DAYS = 5
A_CREW, LATER = 6, 2  # visits of a crew today, and on each day to come
SHIFT = (time(8, 15), time(16, 30), time(11, 45), 30)
ROUNDS = 100
IN_STORE = {"alarm-kit": 46, "detector": 40, "deadlock": 36, "window-lock": 130, "door-chain": 60, "timer-light": 88,
            "outside-light": 22, "smoke-alarm": 55, "cylinder-jacket": 12, "bulb": 240, "marking-kit": 140}  # fmt: skip


def load(*, by: Actor) -> None:
    """Make what is missing of the day."""
    crews = list(selectors.crews())
    if not crews:
        return
    setting_up.place_store(near=[one.uprn for one in selectors.requests_to_visit()], by=by)
    _stock(by)
    now = timezone.now()
    today = timezone.localdate(now)
    days = [today, *rules.working_days(today + timedelta(days=1), DAYS - 1)]  # a demo works on Sundays too
    for day in days:
        if not selectors.shifts_on(day):
            for crew in crews:
                starts, ends, pause, minutes = SHIFT
                doing.set_shift(crew, day=day, starts=starts, ends=ends, break_from=pause, break_minutes=minutes, by=by)
    if any(selectors.visits_on(day) for day in days):
        return
    _book(days, len(crews), by)
    for day in days:
        doing.plan_routes(day, now=_morning(day), rounds=ROUNDS, by=by)
    _as_far_as(days[0], now, by)
    stock.load_vans(days[0], by=by)


def _morning(day: date) -> datetime:
    return rules.moment_of(day, 7 * 60)


def _stock(by: Actor) -> None:
    if stock_selectors.latest_moves().exists():
        return
    store = selectors.store()
    if store is None:
        raise DataProblem("The demo has no store.")
    for item in stock_selectors.items():
        if item.key in IN_STORE:
            stock.move(item, IN_STORE[item.key], to_place=store, why=MoveReason.COUNTED, note="opening count", by=by)
    for item in stock_selectors.items().filter(key="window-lock"):
        stock.place_order(item, count=item.order_size * 2, supplier_name=LOCKS_FROM, by=by)


def _book(days: list[date], crews: int, by: Actor) -> None:
    """Promise half a day to the homes at the head of the list, and some from further down."""
    draw = random.Random(SEED)
    waiting = selectors.requests_to_visit()
    draw.shuffle(waiting)
    found = []
    for number, day in enumerate(days):
        for _ in range(min(crews * (A_CREW if number == 0 else LATER), len(waiting) - 12)):
            window = rules.WINDOWS[draw.randrange(2)] if draw.random() < 0.8 else None
            found.append(Booked(waiting.pop().pk, day, window))
    setting_up.book_many(found, by=by)


def _as_far_as(day: date, now: datetime, by: Actor) -> None:
    """Let today's crews have done what the clock says, one door unanswered. On a day to come nothing is done yet."""
    if day != timezone.localdate(now):
        return
    minute = rules.local_minute(now)
    for crew in selectors.crews():
        own = [visit for visit in selectors.visits_on(day) if visit.crew_id == crew.pk and visit.planned_start]
        for number, visit in enumerate(own):
            assert visit.planned_start is not None
            starts = rules.local_minute(visit.planned_start)
            missed = crew.name == "B" and number == 0
            if starts + visit.minutes <= minute:
                ended = visit.planned_start + timedelta(minutes=6 if missed else visit.minutes)
                state = VisitState.NO_ANSWER if missed else VisitState.DONE
                setting_up.put_state(visit, state=state, ended=ended, by=by)
            elif starts <= minute:
                setting_up.put_state(visit, state=VisitState.UNDER_WAY, ended=None, by=by)
