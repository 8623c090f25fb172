"""What pages show of a pot of money."""

from datetime import date
from typing import Any

from django.utils.translation import gettext

from frankpledge.delivery.area_schemes.models import Pot
from frankpledge.delivery.area_schemes.rules import money
from frankpledge.delivery.area_schemes.rules.money import Ledger
from frankpledge.records.plan.money import Amount
from frankpledge.records.plan.money_pages import amount_words
from frankpledge.reports.indicator_charts import profile_bar


def sum_words(amount: Amount, *, start: bool = False) -> str:
    """``£8,900``, ``at least £8,900`` or ``not yet known``: as the plan's money is said."""
    return amount_words(amount, start=start)


def ledger_page(ledger: Ledger, pot: Pot | None, today: date) -> dict[str, Any]:
    """Paid, committed and left of a pot, with a bar where the pot is known."""
    known = float(pot.amount) if pot and pot.amount is not None else 0.0
    committed, paid = float(ledger.committed.known), float(ledger.paid.known)
    return {
        "pot": pot,
        "total": sum_words(money.amounts([pot.amount])) if pot else gettext("not set"),
        "committed": sum_words(ledger.committed),
        "paid": sum_words(ledger.paid),
        "left": left_words(ledger),
        "is_over": ledger.is_over,
        "bar": profile_bar(paid, committed, 0, known) if known else None,
        "ends_soon": money.ends_soon(pot.ends_on if pot else None, today),
        "has_ended": bool(pot and pot.ends_on and pot.ends_on < today),
    }


def left_words(ledger: Ledger) -> str:
    """What is left of the pot: ``£4,100``, ``at most £4,100``, or how much it is over."""
    if ledger.left is None:
        return gettext("not yet known")
    if ledger.is_over:
        return gettext("{sum} over").format(sum=sum_words(money.amounts([-ledger.left])))
    left = sum_words(money.amounts([ledger.left]))
    return gettext("at most {sum}").format(sum=left) if ledger.is_left_at_most else left
