"""Stock by arithmetic: when an item runs out under booked work, and how many to order so that it does not."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from frankpledge.delivery.home_security.rules.doing import after_working_days
from frankpledge.vocabulary.errors import RuleBroken

COVER_DAYS = 10  # an order lasts so many working days beyond its delivery
LOOK_AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True)
class Outlook:
    """What becomes of one item.

    Args:
        held: in the store and all vans today.
        booked: wanted by visits booked from today on.
        a_day: used up on a working day, by booked work where there is any, else by what was fitted lately.
        coming: in orders not yet delivered.
        runs_out_on: the first day on which a visit would lack it, None within the days looked ahead.
        order_by: the last day on which an order would still come in time, None if nothing runs out.
        suggested: how many to order now, in whole boxes; 0 if enough is there or coming.
        comes_on: when an order of today would come.
        visits_without: booked visits that would lack it before such an order comes.
    """

    held: int
    booked: int
    a_day: float
    coming: int
    runs_out_on: date | None
    order_by: date | None
    suggested: int
    comes_on: date
    visits_without: int

    def is_short(self, today: date) -> bool:
        """Whether an order has to go out today or is late already."""
        return self.order_by is not None and self.order_by <= today


def outlook(
    *,
    held: int,
    wanted: Sequence[tuple[date, int]],
    coming: Sequence[tuple[date, int]],
    usual_a_day: float,
    lead_days: int,
    order_size: int,
    today: date,
) -> Outlook:
    """What becomes of an item under booked work, then at the usual pace once the bookings end.

    ``wanted``: each booked visit's day and how many it uses up; ``coming``: day and number of each open order.
    """
    wanted = sorted(one for one in wanted if one[0] >= today)
    booked = sum(count for _, count in wanted)
    last_booked = wanted[-1][0] if wanted else today - timedelta(days=1)
    days = {day for day, _ in wanted}
    a_day = max(booked / len(days) if days else 0.0, usual_a_day)
    comes_on = after_working_days(today, lead_days)
    runs_out_on = _runs_out(held, wanted, coming, usual_a_day, last_booked, today)
    suggested = 0
    order_by = None
    if runs_out_on is not None:
        order_by = _working_days_before(runs_out_on, lead_days)
        until = after_working_days(comes_on, COVER_DAYS)
        use = float(sum(count for day, count in wanted if day <= until))
        use += usual_a_day * _working_between(max(last_booked, today - timedelta(days=1)), until)
        lacking = use - held - sum(count for _, count in coming)
        suggested = math.ceil(max(lacking, 1) / order_size) * order_size
    return Outlook(
        held=held,
        booked=booked,
        a_day=a_day,
        coming=sum(count for _, count in coming),
        runs_out_on=runs_out_on,
        order_by=order_by,
        suggested=suggested,
        comes_on=comes_on,
        visits_without=_without(held, wanted, coming, comes_on, today),
    )


def _runs_out(
    held: int,
    wanted: Sequence[tuple[date, int]],
    coming: Sequence[tuple[date, int]],
    usual: float,
    last_booked: date,
    today: date,
) -> date | None:
    left = float(held)
    for ahead in range(LOOK_AHEAD_DAYS + 1):
        day = today + timedelta(days=ahead)
        left += sum(count for due, count in coming if (due <= day if ahead == 0 else due == day))
        left -= sum(count for on, count in wanted if on == day)
        if day > last_booked and day.weekday() < 5:
            left -= usual
        if left < -1e-9:
            return day
    return None


def _without(
    held: int, wanted: Sequence[tuple[date, int]], coming: Sequence[tuple[date, int]], comes_on: date, today: date
) -> int:
    """Booked visits before ``comes_on`` for which nothing would be left."""
    used = missing = 0
    for day, count in wanted:
        if day >= comes_on:
            break
        here = held + sum(number for due, number in coming if due <= day)
        used += count
        missing += used > here
    return missing


def _working_days_before(day: date, count: int) -> date:
    while count > 0:
        day -= timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _working_between(after: date, until: date) -> int:
    """Working days after ``after``, up to and including ``until``."""
    return sum((after + timedelta(days=n)).weekday() < 5 for n in range(1, max((until - after).days, 0) + 1))


def check_enough(held: int, count: int, *, item: str, place: str) -> None:
    """Raise RuleBroken if taking ``count`` would leave less than nothing."""
    if count > held:
        raise RuleBroken(
            f"{place} holds {held} of {item}, so {count} cannot leave it. Count what is there and write it down."
        )


def load_for(needs: Mapping[str, int], van: Mapping[str, int]) -> dict[str, int]:
    """What to carry from the store into a van so that it has what its visits of the day need."""
    return {item: count - van.get(item, 0) for item, count in needs.items() if count > van.get(item, 0)}
