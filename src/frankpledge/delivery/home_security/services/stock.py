"""Named writes of stock. A level never goes below nought: what would make it so is refused with a sentence."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import StockItem, StockLevel, StockMove, StockOrder, StockPlace
from frankpledge.delivery.home_security.rules import stock as rules
from frankpledge.delivery.home_security.rules import suppliers as supplier_rules
from frankpledge.delivery.home_security.rules.doing import after_working_days, needs_of
from frankpledge.delivery.home_security.selectors import doing, stock, suppliers
from frankpledge.delivery.home_security.services.writing import altered, line
from frankpledge.delivery.home_security.vocabulary import MoveReason, OrderState
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken

MOST_AT_ONCE = 100_000
SPARE_VISITS = 2


@transaction.atomic
def move(
    item: StockItem,
    count: int,
    *,
    from_place: StockPlace | None = None,
    to_place: StockPlace | None = None,
    why: MoveReason,
    order: StockOrder | None = None,
    note: str = "",
    by: Actor,
) -> StockMove:
    """Move so many of an item. Without ``from_place`` they come in, without ``to_place`` they leave for good.

    Raises RuleBroken if the place does not hold so many, DataProblem for a number that is none.
    """
    permissions.check_can_edit(by)
    if not 1 <= count <= MOST_AT_ONCE:
        raise DataProblem(f"Enter a whole number from 1 to {MOST_AT_ONCE:,}.")
    if from_place is None and to_place is None or from_place == to_place:
        raise DataProblem("Say from where to where: two different places.")
    # the same order for everybody, so that two moves across each other wait and do not lock
    for place in sorted(filter(None, (from_place, to_place)), key=lambda one: one.pk):
        level = _level(item, place)
        if place == from_place:
            rules.check_enough(level.count, count, item=item.name, place=place.name)
        level.count += count if place == to_place else -count
        level.save(update_fields=["count"])
    made = StockMove.objects.create(
        item=item, from_place=from_place, to_place=to_place, count=count, why=why, order=order,
        note=line(note), at=timezone.now(), by_name=line(by.name),
    )  # fmt: skip
    altered(f"moved stock: {why.value}", f"item {item.pk}", by)
    return made


def _level(item: StockItem, place: StockPlace) -> StockLevel:
    StockLevel.objects.get_or_create(item=item, place=place)
    return StockLevel.objects.select_for_update().get(item=item, place=place)


@transaction.atomic
def count_again(item: StockItem, place: StockPlace, *, count: int, note: str = "", by: Actor) -> StockMove | None:
    """Write down how many there really are; the difference is a move, so that nothing vanishes unseen."""
    permissions.check_can_edit(by)
    if not 0 <= count <= MOST_AT_ONCE:
        raise DataProblem("A count is 0 or more. Enter how many are there.")
    more = count - _level(item, place).count
    if more == 0:
        return None
    there, gone = (place, None) if more > 0 else (None, place)
    return move(item, abs(more), from_place=gone, to_place=there, why=MoveReason.COUNTED, note=note, by=by)


@transaction.atomic
def place_order(
    item: StockItem,
    *,
    count: int,
    supplier_name: str | None = None,
    because: str = "",
    today: date | None = None,
    by: Actor,
) -> StockOrder:
    """Order an item: whole boxes, due after its lead time in working days. ``supplier_name``: None for its usual one.

    Raises RuleBroken for a supplier not approved on the day unless ``because`` says why: it is warned, not forbidden.
    """
    permissions.check_can_edit(by)
    if not 1 <= count <= MOST_AT_ONCE or count % item.order_size:
        raise DataProblem(f"{item.name} comes in boxes of {item.order_size}. Enter a multiple of that.")
    day = today or timezone.localdate()
    supplier, why = (
        item.supplier_name if supplier_name is None else line(supplier_name),
        line(because),
    )
    fault = suppliers.why_not_approved(supplier, day)
    if fault and not why:
        raise RuleBroken(supplier_rules.warning(supplier, fault))
    made = StockOrder.objects.create(
        item=item, count=count, cost=count * item.price, supplier_name=supplier, because=why if fault else "",
        ordered_on=day, due_on=after_working_days(day, item.lead_days), by_name=line(by.name),
    )  # fmt: skip
    if supplier and not fault and supplier != item.supplier_name:
        StockItem.objects.filter(pk=item.pk).update(supplier_name=supplier)  # offered first next time
    altered("ordered stock", f"order {made.pk}", by)
    return made


@transaction.atomic
def call_off(order: StockOrder, *, by: Actor) -> StockOrder:
    """Cancel an order that has not come. Raises RuleBroken for one that has."""
    permissions.check_can_edit(by)
    held = StockOrder.objects.select_for_update().get(pk=order.pk)
    if held.state != OrderState.ORDERED:
        raise RuleBroken(f"This order is {held.state} already.")
    held.state = OrderState.CANCELLED
    held.save(update_fields=["state"])
    altered("called an order off", f"order {held.pk}", by)
    return held


@transaction.atomic
def take_delivery(order: StockOrder, *, count: int, by: Actor) -> StockOrder:
    """An order came in, with as many as were in the boxes; they lie in the store from now on."""
    permissions.check_can_edit(by)
    held = StockOrder.objects.select_for_update(of=("self",)).select_related("item").get(pk=order.pk)
    if held.state != OrderState.ORDERED:
        raise RuleBroken(f"This order is {held.state} already.")
    if not 0 <= count <= MOST_AT_ONCE:
        raise DataProblem("Enter how many came: 0 or more.")
    store = doing.store()
    if store is None:
        raise RuleBroken("There is no store yet. Name one first.")
    held.state, held.delivered_on, held.delivered_count = OrderState.DELIVERED, timezone.localdate(), count
    held.save(update_fields=["state", "delivered_on", "delivered_count"])
    if count:
        move(held.item, count, to_place=store, why=MoveReason.DELIVERY, order=held, by=by)
    return held


@transaction.atomic
def load_vans(day: date, *, by: Actor) -> list[str]:
    """Carry from the store into each van what its visits of the day need, and for two more that may come up.

    Returns a line for each thing the store lacks.
    """
    permissions.check_can_edit(by)
    store = doing.store()
    if store is None:
        raise RuleBroken("There is no store yet. Name one first.")
    state, vans, lacking = doing.the_day(day, timezone.now()), doing.van_stock(), []
    items = {one.key: one for one in StockItem.objects.all()}
    usual = needs_of(doing.usual_plan(), doing.fittings())
    for van in stock.places():
        crew = van.van.crew if van.van_id and van.van else None
        if crew is None:
            continue
        needs = {key: SPARE_VISITS * count for key, count in usual.items()}
        for visit in state.open_of(crew.pk):
            for key, count in (state.stops[visit.pk].needs or {}).items():
                needs[key] = needs.get(key, 0) + count
        for key, count in rules.load_for(needs, vans.get(crew.pk, {})).items():
            there = min(count, _level(items[key], store).count)
            if there:
                move(items[key], there, from_place=store, to_place=van, why=MoveReason.LOADED, by=by)
            if there < count:
                lacking.append(f"{van.name}: {count - there} of {items[key].name}")
    return lacking
