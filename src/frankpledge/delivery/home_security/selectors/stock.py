"""Named reads of stock: levels by place, open orders, and what becomes of each item under booked work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet, Sum

from frankpledge.delivery.home_security.models import (
    StockItem,
    StockLevel,
    StockMove,
    StockOrder,
    StockPlace,
    Visit,
)
from frankpledge.delivery.home_security.rules import doing
from frankpledge.delivery.home_security.rules.stock import Outlook, outlook
from frankpledge.delivery.home_security.selectors.doing import OPEN, fittings
from frankpledge.delivery.home_security.vocabulary import MoveReason, OrderState

WEEKS_USED = 4


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item: how many lie where, and what becomes of it."""

    item: StockItem
    counts: Sequence[int]  # in the order of ``places``
    outlook: Outlook


def every_place() -> QuerySet[StockPlace]:
    """The store, then the vans. Lazy."""
    return StockPlace.objects.select_related("van__crew").order_by("kind", "name")


def places() -> list[StockPlace]:
    """The store, then the vans. One query."""
    return list(every_place())


def item(number: int) -> StockItem | None:
    """One item. One query."""
    return StockItem.objects.filter(pk=number).first()


def open_orders() -> QuerySet[StockOrder]:
    """Orders not delivered yet, the next due first. Lazy."""
    return StockOrder.objects.filter(state=OrderState.ORDERED.value).select_related("item").order_by("due_on", "pk")


def order(number: int) -> StockOrder | None:
    """One order. One query."""
    return StockOrder.objects.select_related("item").filter(pk=number).first()


def latest_moves() -> QuerySet[StockMove]:
    """What moved lately. Lazy."""
    return StockMove.objects.select_related("item", "from_place", "to_place").order_by("-at", "-pk")


def lines(today: date, where: Sequence[StockPlace]) -> list[ItemLine]:
    """Every item, those that run out first at the head. Six queries, however many items, visits and orders."""
    held: dict[tuple[int, int], int] = {
        (item_id, place_id): count
        for item_id, place_id, count in StockLevel.objects.values_list("item_id", "place_id", "count")
    }
    wanted = _wanted(today)
    coming: dict[int, list[tuple[date, int]]] = {}
    for one in open_orders():
        coming.setdefault(one.item_id, []).append((one.due_on, one.count))
    usual = _usual(today)
    found = []
    for thing in StockItem.objects.all():
        counts = [held.get((thing.pk, place.pk), 0) for place in where]
        found.append(
            ItemLine(
                thing,
                counts,
                outlook(
                    held=sum(counts),
                    wanted=wanted.get(thing.key, []),
                    coming=coming.get(thing.pk, []),
                    usual_a_day=usual.get(thing.pk, 0.0),
                    lead_days=thing.lead_days,
                    order_size=thing.order_size,
                    today=today,
                ),
            )
        )
    return sorted(found, key=lambda line: (line.outlook.runs_out_on or date.max, line.item.name))


def _wanted(today: date) -> dict[str, list[tuple[date, int]]]:
    """Item -> day and number of each booked visit that uses it up."""
    known = fittings()
    found: dict[str, list[tuple[date, int]]] = {}
    for day, plan in Visit.objects.filter(day__gte=today, state__in=OPEN).order_by("day").values_list("day", "plan"):
        for item_key, count in doing.needs_of(plan, known).items():
            found.setdefault(item_key, []).append((day, count))
    return found


def _usual(today: date) -> dict[int, float]:
    """Item -> how many a working day were fitted in the last weeks."""
    since = today - timedelta(weeks=WEEKS_USED)
    rows = StockMove.objects.filter(why=MoveReason.FITTED.value, at__date__gte=since, at__date__lt=today)
    used = rows.order_by().values_list("item_id").annotate(n=Sum("count"))
    return {item_id: count / (5 * WEEKS_USED) for item_id, count in used}


def items() -> QuerySet[StockItem]:
    """Every item. Lazy."""
    return StockItem.objects.all()
