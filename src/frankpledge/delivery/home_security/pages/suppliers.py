"""What the pages of approved suppliers, and of ordering from them, show."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext, gettext_lazy, ngettext

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import StockItem
from frankpledge.delivery.home_security.rules import suppliers as rules
from frankpledge.delivery.home_security.rules.suppliers import Standing, Why
from frankpledge.delivery.home_security.selectors import suppliers as selectors
from frankpledge.delivery.home_security.selectors.suppliers import Orders, SupplierLine
from frankpledge.vocabulary.wording import whole

DAYS_BACK = 365
USUAL_DAYS = 365  # a renewal is offered for a year
STANDINGS = {
    Standing.APPROVED: "good",
    Standing.ENDS_SOON: "warning",
    Standing.ENDED: "bad",
    Standing.TO_COME: "plain",
}
WHY = {
    Why.NOBODY: gettext_lazy("no supplier named"),
    Why.NOT_LISTED: gettext_lazy("not on the list"),
    Why.ENDED: gettext_lazy("its approval had ended"),
    Why.NOT_YET: gettext_lazy("not approved yet"),
}


def suppliers_page(person: Any, today: date) -> dict[str, Any]:
    """The list with its warnings, and orders that went to nobody approved. A fixed number of queries."""
    lines = selectors.lines(today)
    orders = selectors.judged_orders(today - timedelta(days=DAYS_BACK))
    soon = [line for line in lines if line.standing is Standing.ENDS_SOON]
    return {
        "lead": _lead(orders),
        "warning": _warning(soon),
        "rows": [_row(line, orders, today) for line in sorted(lines, key=_order)],
        "orders": orders.orders,
        "exceptions": [{"order": order, "why": WHY[why]} for order, why in orders.exceptions],
        "warn_days": rules.WARN_DAYS,
        "may_edit": permissions.can_edit(person),
    }


def _lead(orders: Orders) -> str:
    if not orders.orders:
        return gettext("Nothing was ordered in the last twelve months.")
    if not orders.exceptions:
        return ngettext(
            "The {n} order of the last twelve months went to an approved supplier.",
            "All {n} orders of the last twelve months went to approved suppliers.",
            orders.orders,
        ).format(n=whole(orders.orders))
    return ngettext(
        "{odd} of {n} order of the last twelve months went to nobody on the approved list.",
        "{odd} of {n} orders of the last twelve months went to nobody on the approved list.",
        orders.orders,
    ).format(odd=whole(len(orders.exceptions)), n=whole(orders.orders))


def _warning(soon: list[SupplierLine]) -> str:
    if not soon:
        return ""
    first = min(soon, key=lambda line: line.until)
    return ngettext(
        "The approval of {name} ends on {day}.",
        "{n} approvals end within {days} days; the first is {name}’s, on {day}.",
        len(soon),
    ).format(n=len(soon), days=rules.WARN_DAYS, name=first.supplier.name, day=formats.date_format(first.until, "j F Y"))


def _order(line: SupplierLine) -> tuple[int, date, str]:
    at = (Standing.ENDS_SOON, Standing.ENDED, Standing.APPROVED, Standing.TO_COME).index(line.standing)
    return at, line.until, line.supplier.name


def _row(line: SupplierLine, orders: Orders, today: date) -> dict[str, Any]:
    day = formats.date_format(line.until, "j F Y")
    words = {
        Standing.APPROVED: gettext("approved until {day}"),
        Standing.ENDS_SOON: gettext("ends on {day}"),
        Standing.ENDED: gettext("ended on {day}"),
        Standing.TO_COME: gettext("approved later, until {day}"),
    }[line.standing]
    n, pounds = orders.use.get(rules.same_name(line.supplier.name), (0, Decimal(0)))
    latest = max(line.approvals, key=lambda one: one.expires_on)
    return {
        "supplier": line.supplier,
        "standing": (STANDINGS[line.standing], words.format(day=day)),
        "left": (line.until - today).days if line.standing is Standing.ENDS_SOON else None,
        "use": ngettext("{n} order, £{pounds}", "{n} orders, £{pounds}", n).format(n=n, pounds=f"{pounds:,.2f}")
        if n
        else "–",
        "ground": latest.ground,
        "by_name": latest.by_name,
        "times": len(line.approvals),
    }


def renewal_days(line: SupplierLine | None, today: date) -> dict[str, date]:
    """The days a new approval is offered with: from the day after the last one, for a year."""
    first = max(today, line.until + timedelta(days=1)) if line else today
    return {"approved_on": first, "expires_on": first + timedelta(days=USUAL_DAYS - 1)}


def order_page(item: StockItem, approved: list[tuple[str, str]]) -> dict[str, Any]:
    """What stands beside the form of an order."""
    if not approved:
        lead = gettext("No supplier is approved today: an order now stands on the exception list.")
    else:
        lead = ngettext("{n} supplier is approved today.", "{n} suppliers are approved today.", len(approved)).format(
            n=whole(len(approved))
        )
    return {"item": item, "lead": lead}


def usual(item: StockItem, approved: list[tuple[str, str]]) -> str:
    """The approved supplier to offer first: whoever the item came from last, while approved; else none is chosen."""
    same = {rules.same_name(name): name for name, _ in approved}
    return same.get(rules.same_name(item.supplier_name), "")
