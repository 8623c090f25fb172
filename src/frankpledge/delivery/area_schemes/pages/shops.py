"""What the pages of business security show."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy, ngettext

from frankpledge.delivery.area_schemes import permissions
from frankpledge.delivery.area_schemes.models import Business, Grant, Pot
from frankpledge.delivery.area_schemes.pages.money import ledger_page, left_words, one_sum, sum_words
from frankpledge.delivery.area_schemes.rules import money
from frankpledge.delivery.area_schemes.rules.money import Ledger
from frankpledge.delivery.area_schemes.selectors import gates, where
from frankpledge.delivery.area_schemes.selectors import shops as selectors
from frankpledge.delivery.area_schemes.vocabulary import GrantState, PotKind, Risk, Trade

TRADES = {
    Trade.SMALL_RETAILER: gettext_lazy("small retailer"),
    Trade.LARGER_SHOP: gettext_lazy("larger shop"),
    Trade.FOOD_AND_DRINK: gettext_lazy("pub, café or restaurant"),
    Trade.WORKSHOP: gettext_lazy("workshop or office"),
    Trade.OTHER: gettext_lazy("another business"),
}
RISKS = {
    Risk.LOW: ("good", gettext_lazy("low risk")),
    Risk.MEDIUM: ("warning", gettext_lazy("medium risk")),
    Risk.HIGH: ("bad", gettext_lazy("high risk")),
}
STATES = {
    GrantState.OFFERED: ("warning", gettext_lazy("offered")),
    GrantState.ACCEPTED: ("busy", gettext_lazy("accepted")),
    GrantState.PAID: ("good", gettext_lazy("paid")),
    GrantState.DECLINED: ("none", gettext_lazy("declined")),
    GrantState.WITHDRAWN: ("none", gettext_lazy("withdrawn")),
}


def shops_page(person: Any) -> dict[str, Any]:
    """Every business with its risk and grants, and the pot. A fixed number of queries."""
    today = timezone.localdate()
    held, pot = list(selectors.businesses()), gates.pot(PotKind.BUSINESS)
    grants = [one for business in held for one in business.grants.all()]
    ledger, called = selectors.ledger(grants, pot), where.names()
    return {
        "lead": lead(held, grants, ledger, pot, today),
        "ledger": ledger_page(ledger, pot, today),
        "warning": funding_warning(pot, today),
        "rules": rules_words(pot),
        "rows": [_row(one, called) for one in held],
        "grants": [grant_row(one) for one in sorted(grants, key=lambda one: (one.offered_on, one.pk), reverse=True)],
        "may_edit": permissions.can_edit(person),
    }


def lead(held: Sequence[Business], grants: Sequence[Grant], ledger: Ledger, pot: Pot | None, today: date) -> str:
    """The finding: how many were assessed, what is left of the pot, and whether the money ends soon."""
    if not held:
        return gettext("No business is listed yet.")
    seen = sum(bool(one.visits.all()) for one in held)
    text = ngettext(
        "{seen} of {n} business has had a risk assessment", "{seen} of {n} businesses have had a risk assessment",
        len(held),
    ).format(seen=seen, n=len(held))  # fmt: skip
    paid = [one for one in grants if one.state == GrantState.PAID]
    text += ngettext("; {n} grant is paid.", "; {n} grants are paid.", len(paid)).format(n=len(paid))
    if pot and pot.amount is not None:
        text += " " + gettext("Of {pot} for grants {left} is left.").format(
            pot=sum_words(money.amounts([pot.amount])), left=left_words(ledger)
        )
    if warning := funding_warning(pot, today):
        text += " " + warning
    return text


def funding_warning(pot: Pot | None, today: date) -> str:
    """``Funding is needed beyond 31 March 2027.`` while that is half a year away or less; else nothing."""
    if pot is None or pot.ends_on is None or not money.ends_soon(pot.ends_on, today):
        return ""
    day = date_format(pot.ends_on, "j F Y")
    if pot.ends_on < today:
        return gettext("The funding ended on {day}.").format(day=day)
    return gettext("Funding is needed beyond {day}.").format(day=day)


def rules_words(pot: Pot | None) -> str:
    """The rules of grants as people say them."""
    if pot is None:
        return ""
    said = []
    if pot.cap is not None:
        said.append(gettext("a grant is at most {cap}").format(cap=sum_words(money.amounts([pot.cap]))))
    if pot.match_percent:
        said.append(gettext("the business pays {n} % of the cost itself").format(n=pot.match_percent))
    return gettext("Rules: {rules}.").format(rules="; ".join(said)) if said else ""


def _row(one: Business, called: dict[str, str]) -> dict[str, Any]:
    visits = list(one.visits.all())  # newest first
    return {
        "business": one,
        "trade": TRADES[Trade(one.trade)],
        "ward": called.get(one.ward, ""),
        "visit": visits[0] if visits else None,
        "risk": RISKS[Risk(visits[0].risk)] if visits else None,
        "grants": sum(GrantState(grant.state) is GrantState.PAID or GrantState(grant.state).is_committed
                      for grant in one.grants.all()),
    }  # fmt: skip


def grant_row(one: Grant) -> dict[str, Any]:
    """A line of the ledger, with the business's own part where it is known."""
    match = None if one.cost is None or one.amount is None else max(one.cost - one.amount, Decimal(0))
    return {
        "grant": one,
        "state": STATES[GrantState(one.state)],
        "cost": one_sum(one.cost),
        "amount": one_sum(one.amount),
        "match": one_sum(match),
        "is_live": GrantState(one.state).is_committed,
    }


def shop_page(one: Business, person: Any) -> dict[str, Any]:
    """One business with everything written down of it."""
    pot = gates.pot(PotKind.BUSINESS)
    visits = list(one.visits.all())
    return {
        "business": one,
        "trade": TRADES[Trade(one.trade)],
        "ward": where.names().get(one.ward, ""),
        "lead": shop_lead(one),
        "visits": [{"visit": visit, "risk": RISKS[Risk(visit.risk)]} for visit in visits],
        "grants": [grant_row(grant) for grant in one.grants.all()],
        "rules": rules_words(pot),
        "may_edit": permissions.can_edit(person),
    }


def shop_lead(one: Business) -> str:
    """The finding of one business."""
    visits = list(one.visits.all())
    if not visits:
        return gettext("Its risk has not been assessed yet: that comes before any grant.")
    newest = visits[0]
    said = gettext("Assessed on {day}: {risk}.").format(
        day=date_format(newest.on, "j F Y"), risk=RISKS[Risk(newest.risk)][1]
    )
    if one.keyholding_since:
        said += " " + gettext("In the key-holding scheme since {day}.").format(
            day=date_format(one.keyholding_since, "j F Y")
        )
    return said
