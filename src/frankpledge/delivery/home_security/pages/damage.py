"""What the pages of claims for damage show."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext, gettext_lazy, ngettext

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import DamageClaim, Visit
from frankpledge.delivery.home_security.pages.quality import where
from frankpledge.delivery.home_security.rules import damage as rules
from frankpledge.delivery.home_security.rules.damage import ClaimRate, pounds
from frankpledge.delivery.home_security.selectors import damage as selectors
from frankpledge.delivery.home_security.selectors.damage import ClaimsYear
from frankpledge.delivery.home_security.vocabulary import ClaimOutcome
from frankpledge.vocabulary.wording import whole

ON_A_PAGE = 50
OUTCOMES = {
    ClaimOutcome.OPEN: ("warning", gettext_lazy("to settle")),
    ClaimOutcome.PAID: ("plain", gettext_lazy("paid")),
    ClaimOutcome.DECLINED: ("plain", gettext_lazy("declined")),
}


def claims_page(person: Any, today: date, query: Any) -> dict[str, Any]:
    """How often a job ends in a payment, what that cost, and every claim. A fixed number of queries."""
    years = selectors.years(today)
    now = next(one for one in years if one.year == rules.financial_year(today))
    jobs, paid, claimed = (sum(getattr(one, name) for one in years) for name in ("jobs", "paid_jobs", "claimed"))
    rate = rules.claim_rate(paid, jobs)
    shown = Paginator(selectors.claims(), ON_A_PAGE).get_page(query.get("page"))
    rows = [claim_row(one) for one in shown]
    return {
        "lead": _lead(rate, claimed, selectors.to_settle()),
        "rate": rate and rate_words(rate),
        "money": _money(now),
        "years": [_year_row(one) for one in years],
        "rows": rows,
        "pages": shown,
        "year": now.year,
        "year_name": rules.year_name(now.year),
        "budget": now.budget,
        "may_edit": permissions.can_edit(person),
    }


def _lead(rate: ClaimRate | None, claimed: int, waiting: int) -> str:
    if rate is None:
        return gettext("No visit is done yet, so none can have damaged anything.")
    said = gettext("{paid} of {jobs} jobs ended in a payment for damage: {percent} % ({low} to {high} %).").format(
        paid=whole(rate.claims), jobs=whole(rate.jobs), **_percents(rate)
    )
    said += " " + ngettext("{n} job had a claim", "{n} jobs had a claim", claimed).format(n=whole(claimed))
    if not waiting:
        return said + gettext("; none waits to be settled.")
    return said + ngettext("; {n} claim waits to be settled.", "; {n} claims wait to be settled.", waiting).format(
        n=whole(waiting)
    )


def rate_words(rate: ClaimRate) -> str:
    """``6 of 2,383 jobs, 0.25 % (0.12 to 0.55 %)``."""
    return gettext("{claims} of {jobs} jobs, {percent} % ({low} to {high} %)").format(
        claims=whole(rate.claims), jobs=whole(rate.jobs), **_percents(rate)
    )


def _percents(rate: ClaimRate) -> dict[str, str]:
    return {"percent": f"{rate.percent:.2f}", "low": f"{rate.low:.2f}", "high": f"{rate.high:.2f}"}


def _money(year: ClaimsYear) -> dict[str, Any]:
    """What was paid against what is set aside, as words and as the length of a bar."""
    if year.budget is None:
        return {
            "kind": "unknown",
            "word": gettext("nothing is set aside in the budget yet"),
            "said": gettext("{paid} paid in {year}; what the budget sets aside is not entered yet.").format(
                paid=pounds(year.paid), year=rules.year_name(year.year)
            ),
            "width": "",
        }
    left = year.budget - year.paid
    over = left < 0
    said = gettext("{paid} paid in {year} of {budget} set aside in the budget").format(
        paid=pounds(year.paid), year=rules.year_name(year.year), budget=pounds(year.budget)
    )
    rest = gettext("; {left} too much.") if over else gettext("; {left} left.")
    share = float(year.paid / year.budget) if year.budget else 1.0
    return {
        "kind": "bad" if over else "good",
        "word": gettext("over the budget") if over else gettext("within the budget"),
        "said": said + rest.format(left=pounds(abs(left))),
        "width": f"{100 * min(share, 1.0):.1f}%",
    }


def _year_row(year: ClaimsYear) -> dict[str, Any]:
    rate = rules.claim_rate(year.paid_jobs, year.jobs)
    return {
        "name": rules.year_name(year.year),
        "jobs": year.jobs,
        "claimed": year.claimed,
        "paid_jobs": year.paid_jobs,
        "rate": gettext("{percent} % ({low} to {high} %)").format(**_percents(rate)) if rate else "–",
        "paid": pounds(year.paid),
        "budget": "–" if year.budget is None else pounds(year.budget),
    }


def claim_row(claim: DamageClaim) -> dict[str, Any]:
    """One claim as lists show it."""
    look, word = OUTCOMES[ClaimOutcome(claim.outcome)]
    return {
        "claim": claim,
        "home": where(claim.visit),
        "asked": pounds(claim.amount),
        "paid": pounds(claim.paid) if claim.paid is not None else "–",
        "look": look,
        "word": word,
        "is_open": claim.outcome == ClaimOutcome.OPEN,
    }


def found_page(visits: list[Visit], words: str) -> dict[str, Any]:
    """The visits found for a claim."""
    return {"visits": [{"visit": one, "home": where(one)} for one in visits], "words": words}


def visit_page(visit: Visit) -> dict[str, Any]:
    """The visit a claim is raised against."""
    return {"visit": visit, "home": where(visit)}


def claim_page(claim: DamageClaim) -> dict[str, Any]:
    """One claim with its visit."""
    return claim_row(claim) | {"visit": claim.visit, "amount": _plain(claim.amount)}


def _plain(amount: Decimal) -> str:
    return f"{amount:.2f}"
