"""Named writes of the trading account. Lines are added, never changed: a mistake is taken back by a line of its own."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import StockItem, StockPlace, TradeLine
from frankpledge.delivery.home_security.rules import trading as rules
from frankpledge.delivery.home_security.rules.damage import check_sum
from frankpledge.delivery.home_security.selectors import doing
from frankpledge.delivery.home_security.selectors import trading as selectors
from frankpledge.delivery.home_security.services import stock
from frankpledge.delivery.home_security.services.writing import altered, line
from frankpledge.delivery.home_security.vocabulary import MoveReason, TradeKind
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken


@transaction.atomic
def sell(
    item: StockItem, *, count: int, price: Decimal, on: date, where: str = "", note: str = "", by: Actor
) -> TradeLine:
    """Sell so many of an item at ``price`` pounds each: they leave the store, the money comes in.

    Raises RuleBroken if the store does not hold so many.
    """
    permissions.check_can_edit(by)
    store = _locked_store()
    check_sum(price)
    check_sum(price * count)
    moved = stock.move(item, count, from_place=store, why=MoveReason.SOLD, note=where, by=by)
    return _add(TradeKind.SOLD, price * count, on, item=item, count=count, move=moved, where=where, note=note, by=by)


@transaction.atomic
def take_in(*, amount: Decimal, on: date, note: str, by: Actor) -> TradeLine:
    """Money given to the account: a grant, a gift, what it started with."""
    permissions.check_can_edit(by)
    _locked_store()
    return _add(TradeKind.GIVEN, amount, on, note=_said(note, "Say where the money comes from."), by=by)


@transaction.atomic
def reinvest(
    item: StockItem,
    *,
    count: int,
    supplier_name: str | None = None,
    because: str = "",
    today: date | None = None,
    by: Actor,
) -> TradeLine:
    """Order more of an item with the account's money. Raises RuleBroken if it does not hold the cost."""
    permissions.check_can_edit(by)
    _locked_store()
    order = stock.place_order(item, count=count, supplier_name=supplier_name, because=because, today=today, by=by)
    rules.check_can_spend(selectors.balance(), order.cost)
    return _add(TradeKind.REINVESTED, order.cost, order.ordered_on, item=item, count=count, order=order, by=by)


@transaction.atomic
def spend(*, amount: Decimal, on: date, note: str, by: Actor) -> TradeLine:
    """Money spent on something else, such as a stall's fee. Raises RuleBroken if the account does not hold it."""
    permissions.check_can_edit(by)
    _locked_store()
    check_sum(amount)
    rules.check_can_spend(selectors.balance(), amount)
    return _add(TradeKind.SPENT, amount, on, note=_said(note, "Say what it was spent on."), by=by)


@transaction.atomic
def take_back(line: TradeLine, *, because: str, by: Actor) -> TradeLine:
    """Take a mistaken line back with one of today: kits sold return to the store, an order not come yet is called off.

    Raises RuleBroken for a line that is taken back, that takes one back itself, or whose order has come.
    """
    permissions.check_can_edit(by)
    store = _locked_store()
    held = TradeLine.objects.select_related("item", "order").get(pk=line.pk)
    if held.takes_back_id or TradeLine.objects.filter(takes_back=held).exists():
        raise RuleBroken("This line is taken back already.")
    why, kind, moved = _said(because, "Say why it is taken back."), TradeKind(held.kind), None
    if kind is TradeKind.SOLD and held.item and held.count:
        moved = stock.move(held.item, held.count, to_place=store, why=MoveReason.RETURNED, note=why, by=by)
    if held.order:
        stock.call_off(held.order, by=by)
    back = TradeKind.INCOME_BACK if kind.is_in else TradeKind.COST_BACK
    return _add(
        back, held.amount, timezone.localdate(), item=held.item, count=held.count, move=moved, takes_back=held,
        note=why, by=by,
    )  # fmt: skip


def _add(kind: TradeKind, amount: Decimal, on: date, *, where: str = "", by: Actor, **more: object) -> TradeLine:
    check_sum(amount)
    if on > timezone.localdate():
        raise DataProblem("The day lies ahead. Enter the day on which the money moved.")
    made = TradeLine.objects.create(
        kind=kind, amount=amount, on=on, where=line(where, "The name of the stall"), made_at=timezone.now(),
        by_name=line(by.name), **(more | {"note": line(str(more.get("note", "")), "The note")}),
    )  # fmt: skip
    altered(f"trading account: {kind.value}", f"trade line {made.pk}", by, pounds=str(amount))
    return made


def _said(text: str, otherwise: str) -> str:
    said = line(text, "The note")
    if not said:
        raise DataProblem(otherwise)
    return said


def _locked_store() -> StockPlace:
    """The store, locked: one writes to the account at a time, so that nobody spends what another has spent."""
    store = doing.store()
    if store is None:
        raise RuleBroken("There is no store yet. Name one first.")
    return StockPlace.objects.select_for_update(of=("self",)).get(pk=store.pk)
