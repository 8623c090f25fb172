"""What the pages of alley gates show."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from frankpledge.delivery.area_schemes import permissions
from frankpledge.delivery.area_schemes.models import AlleyConsent, AlleyScheme, Pot
from frankpledge.delivery.area_schemes.pages.money import ledger_page, one_sum, sum_words
from frankpledge.delivery.area_schemes.rules import gates as rules
from frankpledge.delivery.area_schemes.rules import money
from frankpledge.delivery.area_schemes.rules.gates import Standing
from frankpledge.delivery.area_schemes.rules.money import Ledger
from frankpledge.delivery.area_schemes.selectors import gates as selectors
from frankpledge.delivery.area_schemes.selectors import where
from frankpledge.delivery.area_schemes.vocabulary import ConsentState, PotKind, SaidBy, SchemeState
from frankpledge.foundation.places import selectors as places

MOST_FOUND = 200  # homes offered at once
STATES = {
    SchemeState.PROPOSED: ("busy", gettext_lazy("proposed")),
    SchemeState.AGREED: ("warning", gettext_lazy("agreed, to build")),
    SchemeState.BUILT: ("good", gettext_lazy("built")),
    SchemeState.DROPPED: ("none", gettext_lazy("dropped")),
}
CONSENTS = {
    ConsentState.NOT_ASKED: ("unknown", gettext_lazy("not asked yet")),
    ConsentState.ASKED: ("warning", gettext_lazy("no answer yet")),
    ConsentState.GIVEN: ("good", gettext_lazy("agrees")),
    ConsentState.REFUSED: ("bad", gettext_lazy("refuses")),
}
SPEAKERS = {
    SaidBy.OCCUPIER: gettext_lazy("the occupier"),
    SaidBy.OWNER: gettext_lazy("the owner"),
    SaidBy.LANDLORD: gettext_lazy("the landlord"),
    SaidBy.NOT_SAID: "",
}


def gates_page(person: Any) -> dict[str, Any]:
    """All schemes with what their homes say and what they cost. A fixed number of queries."""
    today = timezone.localdate()
    found, pot = list(selectors.schemes()), selectors.pot(PotKind.GATES)
    ledger = selectors.gates_ledger(found, pot)
    called = where.names()
    return {
        "rows": [_row(one, called, today) for one in sorted(found, key=_order)],
        "lead": lead(found, pot, ledger, today),
        "budget": ledger_page(ledger, pot, today),
        "may_edit": permissions.can_edit(person),
    }


def lead(found: list[AlleyScheme], pot: Pot | None, ledger: Ledger, today: date) -> str:
    """The finding: how far the schemes are, what they cost, what is late."""
    if not found:
        return gettext("No scheme is proposed yet.")
    count = {state: sum(one.state == state for one in found) for state in SchemeState}
    said = [
        gettext("{n} built").format(n=count[SchemeState.BUILT]),
        gettext("{n} agreed and to be built").format(n=count[SchemeState.AGREED]),
        gettext("{n} asking its homes").format(n=count[SchemeState.PROPOSED]),
        gettext("{n} dropped").format(n=count[SchemeState.DROPPED]) if count[SchemeState.DROPPED] else "",
    ]
    text = ngettext("{n} scheme: ", "{n} schemes: ", len(found)).format(n=len(found))
    text += ", ".join(filter(None, said)) + ". " + money_words(pot, ledger)
    late = sum(rules.inspection_word(one.inspect_on, today) == "late" for one in found)
    if late:
        text += " " + ngettext(
            "{n} inspection of built gates is overdue.", "{n} inspections of built gates are overdue.", late
        ).format(n=late)
    return text


def money_words(pot: Pot | None, ledger: Ledger) -> str:
    """``£21,400 of the £30,000 is paid or estimated, at least.``"""
    if pot is None or pot.amount is None:
        return gettext("{sum} is paid or estimated; the budget is to be confirmed.").format(
            sum=sum_words(ledger.used, start=True)
        )
    return gettext("{sum} of the budget of {pot} is paid or estimated.").format(
        sum=sum_words(ledger.used, start=True), pot=sum_words(money.amounts([pot.amount]))
    )


def _order(one: AlleyScheme) -> tuple[int, str]:
    return list(SchemeState).index(SchemeState(one.state)), one.name


def _row(one: AlleyScheme, called: dict[str, str], today: date) -> dict[str, Any]:
    counted = selectors.standing_of(one)
    return {
        "scheme": one,
        "ward": called.get(one.ward, ""),
        "state": STATES[SchemeState(one.state)],
        "standing": counted,
        "bar": bar(counted, one.needed_percent),
        "cost": cost_words(one),
        "next": _next(one, counted, today),
    }


def bar(counted: Standing, needed_percent: int) -> dict[str, str]:
    """Widths of the homes that agree and that refuse, and where the line of the share stands, as parts of the bar."""
    homes = max(counted.homes, 1)
    return {
        "given": f"{100 * counted.given / homes:.2f}%",
        "refused": f"{100 * counted.refused / homes:.2f}%",
        "refused_from": f"{100 * (homes - counted.refused) / homes:.2f}%",
        "needed": f"{min(needed_percent, 99)}%",
    }


def cost_words(one: AlleyScheme) -> dict[str, str]:
    """Estimate and spent of a scheme."""
    costs = list(one.costs.all())
    spent = sum((cost.spent for cost in costs if cost.spent is not None), Decimal(0))
    return {
        "estimate": sum_words(money.amounts(cost.estimate for cost in costs)) if costs else gettext("to be estimated"),
        "spent": sum_words(money.amounts([spent])),
    }


def _next(one: AlleyScheme, counted: Standing, today: date) -> tuple[str, str]:
    """What happens next: kind and word of a status, or plain words."""
    if one.state == SchemeState.BUILT and one.inspect_on:
        kind = {"late": "bad", "soon": "warning"}.get(rules.inspection_word(one.inspect_on, today), "plain")
        words = gettext("inspection overdue") if kind == "bad" else gettext("inspection")
        return kind, words
    if one.state == SchemeState.AGREED:
        if not one.legal_order:
            return "warning", gettext("name the legal order")
        return "plain", gettext("build")
    if one.state == SchemeState.DROPPED:
        return "", ""
    if not counted.can_carry:
        return "bad", gettext("too many refuse")
    if counted.carries:
        return ("warning", gettext("weigh a refusal")) if counted.blocked else ("good", gettext("decide"))
    if not counted.homes:
        return "plain", gettext("choose its homes")
    return "plain", ngettext("{n} more must agree", "{n} more must agree", counted.short_by).format(n=counted.short_by)


def gate_page(one: AlleyScheme, person: Any) -> dict[str, Any]:
    """One scheme. Addresses only for those who run it: for others how many of each street say what."""
    today = timezone.localdate()
    may_edit = permissions.can_edit(person)
    counted = selectors.standing_of(one)
    homes = list(one.consents.all())
    return {
        "scheme": one,
        "ward": where.names().get(one.ward, ""),
        "state": STATES[SchemeState(one.state)],
        "standing": counted,
        "bar": bar(counted, one.needed_percent),
        "lead": gate_lead(one, counted, today),
        "homes": home_rows(homes) if may_edit else [],
        "blocked": blocked_words(counted),
        "costs": [
            {"cost": cost, "estimate": one_sum(cost.estimate), "spent": one_sum(cost.spent)} for cost in one.costs.all()
        ],
        "cost": cost_words(one),
        "is_open": SchemeState(one.state).is_open,
        "inspection": rules.inspection_word(one.inspect_on, today),
        "inspections": list(one.inspections.all()),
        "moves": [state.name.lower() for state in rules.MOVES[SchemeState(one.state)]],
        "may_edit": may_edit,
    }


def gate_lead(one: AlleyScheme, counted: Standing, today: date) -> str:
    """The finding of one scheme: of one that stands, first whether somebody must look at it."""
    if not counted.homes:
        return gettext("The homes behind the gates are not chosen yet.")
    text = gettext("{given} of {homes} homes agree ({share} %); {needed} must, by the rule of {percent} %.").format(
        given=counted.given, homes=counted.homes, share=round(100 * (counted.share or 0)), needed=counted.needed,
        percent=one.needed_percent,
    )  # fmt: skip
    if one.state == SchemeState.BUILT:
        late = rules.inspection_word(one.inspect_on, today) == "late"
        return gettext("The inspection is overdue.") + " " + text if late else text
    if counted.carries:
        return text + " " + gettext("Enough agree.")
    if not counted.can_carry:
        return text + " " + gettext("So many refuse that it cannot be reached any more.")
    silent = counted.waiting + counted.not_asked
    return text + " " + ngettext("{n} has not answered yet.", "{n} have not answered yet.", silent).format(n=silent)


def blocked_words(counted: Standing) -> str:
    """Refusals of homes that the gates close off, named apart."""
    if not counted.blocked:
        return ""
    return ngettext(
        "{n} home that the gates close off refuses. It is not outvoted in silence: whoever decides says how its "
        "objection was considered.",
        "{n} homes that the gates close off refuse. They are not outvoted in silence: whoever decides says how their "
        "objections were considered.",
        counted.blocked,
    ).format(n=counted.blocked)


def home_rows(homes: Iterable[AlleyConsent]) -> list[dict[str, Any]]:
    """Homes of a scheme with their addresses, refusals first, then those without an answer. One query."""
    held = list(homes)
    known = places.premises_of(home.uprn for home in held)
    order = [ConsentState.REFUSED, ConsentState.ASKED, ConsentState.NOT_ASKED, ConsentState.GIVEN]
    rows = [
        {
            "home": home,
            "address": known[home.uprn].address if home.uprn in known else gettext("no longer in the address list"),
            "state": CONSENTS[ConsentState(home.state)],
            "said_by": SPEAKERS[SaidBy(home.said_by)],
        }
        for home in held
    ]
    return sorted(rows, key=lambda row: order.index(ConsentState(row["home"].state)))  # stable: in the order chosen


def homes_found(words: str) -> list[tuple[str, str]]:
    """UPRN and address of homes on a street or in a postcode, to be ticked. One query."""
    return [(home.uprn, f"{home.address}, {home.postcode}") for home in places.homes_on(words, most=MOST_FOUND)]


def address_of(home: AlleyConsent) -> str:
    """Where one home is. One query."""
    known = places.premises_of([home.uprn]).get(home.uprn)
    return known.address if known else home.uprn
