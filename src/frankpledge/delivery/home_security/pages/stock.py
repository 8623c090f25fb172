"""What the page of stock shows."""

from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext, ngettext

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.selectors import stock as selectors
from frankpledge.ui.wording import spelled

MOVES_SHOWN = 12


def stock_page(person: Any, today: date) -> dict[str, Any]:
    """Every item: how many lie where, when it runs out, what to order. A fixed number of queries."""
    where = selectors.places()
    lines = selectors.lines(today, where)
    return {
        "places": where,
        "rows": [_row(line, today) for line in lines],
        "orders": selectors.open_orders(),
        "moves": selectors.latest_moves()[:MOVES_SHOWN],
        "lead": _lead(lines, today),
        "may_edit": permissions.can_edit(person),
        "today": today,
    }


def _row(line: selectors.ItemLine, today: date) -> dict[str, Any]:
    look = line.outlook
    if look.order_by is None:
        standing = ("good", gettext("enough"))
    elif look.is_short(today):
        standing = ("bad", gettext("order today"))
    else:
        standing = ("warning", gettext("order by {day}").format(day=formats.date_format(look.order_by, "j F")))
    return {
        "item": line.item,
        "counts": line.counts,
        "look": look,
        "standing": standing,
        "cost": f"{look.suggested * line.item.price:,.2f}",
    }


def _lead(lines: list[selectors.ItemLine], today: date) -> str:
    if not lines:
        return gettext("No item is on the list yet.")
    short = [line for line in lines if line.outlook.is_short(today)]
    soon = [line for line in lines if line.outlook.runs_out_on and line not in short]
    first = short[0] if short else None
    if first is not None and first.outlook.runs_out_on:
        words = ngettext(
            "{n} item has to be ordered today: {item} runs out on {day}.",
            "{n} items have to be ordered today; {item} runs out first, on {day}.",
            len(short),
        )
        return words.format(
            n=spelled(len(short)).capitalize(),
            item=first.item.name,
            day=formats.date_format(first.outlook.runs_out_on, "l j F"),
        )
    if soon and soon[0].outlook.order_by:
        return gettext("Nothing has to be ordered today; {item} is next, by {day}.").format(
            item=soon[0].item.name, day=formats.date_format(soon[0].outlook.order_by, "l j F")
        )
    return gettext("Enough of everything is there or on its way.")
