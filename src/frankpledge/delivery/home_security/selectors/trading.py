"""Named reads of the trading account."""

from decimal import Decimal

from django.db.models import QuerySet

from frankpledge.delivery.home_security.models import TradeLine
from frankpledge.delivery.home_security.rules import trading as rules
from frankpledge.delivery.home_security.rules.trading import Line
from frankpledge.delivery.home_security.vocabulary import TradeKind


def trade_lines() -> QuerySet[TradeLine]:
    """Every line, the newest first, with item and order. Lazy."""
    return TradeLine.objects.select_related("item", "order", "takes_back", "taken_back").order_by("-on", "-pk")


def trade_line(number: int) -> TradeLine | None:
    """One line. One query."""
    return TradeLine.objects.filter(pk=number).first()


def lines() -> list[Line]:
    """What each line adds, in order of time. One query."""
    rows = TradeLine.objects.order_by("on", "pk").values_list("on", "kind", "amount", "takes_back__kind")
    return [Line(on, TradeKind(kind), amount, TradeKind(of) if of else None) for on, kind, amount, of in rows]


def balance() -> Decimal:
    """What the account holds, worked out from its lines. One query."""
    return rules.balance(lines())
