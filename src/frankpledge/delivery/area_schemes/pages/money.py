"""What pages show of a pot of money."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from frankpledge.delivery.area_schemes.models import Pot
from frankpledge.delivery.area_schemes.rules import money
from frankpledge.delivery.area_schemes.rules.money import Ledger
from frankpledge.records.plan.money import Amount
from frankpledge.records.plan.money_pages import amount_words


def one_sum(amount: Decimal | None) -> str:
    """``£8,900``, or nothing for an amount to be confirmed: the page shows a mark of its own for that."""
    return "" if amount is None else sum_words(money.amounts([amount]))


def sum_words(amount: Amount, *, start: bool = False) -> str:
    """``£8,900``, ``at least £8,900`` or ``not yet known``: as the plan's money is said."""
    return amount_words(amount, start=start)


def ledger_page(ledger: Ledger, pot: Pot | None, today: date) -> dict[str, Any]:
    """Paid, committed and left of a pot, with a bar where the pot is known."""
    return {
        "pot": pot,
        "total": sum_words(money.amounts([pot.amount])) if pot else gettext("not set"),
        "committed": sum_words(ledger.committed),
        "paid": sum_words(ledger.paid),
        "left": left_words(ledger),
        "is_over": ledger.is_over,
        "bar": _bar(ledger),
        "ends_soon": money.ends_soon(pot.ends_on if pot else None, today),
        "has_ended": bool(pot and pot.ends_on and pot.ends_on < today),
    }


def _bar(ledger: Ledger) -> dict[str, str] | None:
    """Where paid and committed lie in a bar of the whole pot, or of all that is used where that is more."""
    if not ledger.pot:
        return None
    whole = max(ledger.pot, ledger.used.known)
    paid, committed = 100 * ledger.paid.known / whole, 100 * ledger.committed.known / whole
    return {"paid": f"{paid:.2f}%", "committed": f"{committed:.2f}%"}


def left_words(ledger: Ledger) -> str:
    """What is left of the pot: ``£4,100``, ``at most £4,100``, or how much it is over."""
    if ledger.left is None:
        return gettext("not yet known")
    if ledger.is_over:
        return gettext("{sum} over").format(sum=sum_words(money.amounts([-ledger.left])))
    left = sum_words(money.amounts([ledger.left]))
    return gettext("at most {sum}").format(sum=left) if ledger.is_left_at_most else left
