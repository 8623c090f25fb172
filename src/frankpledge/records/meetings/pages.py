"""What the pages of decisions and delegations say."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from frankpledge.foundation.agencies import policy
from frankpledge.records.indicators import selectors as indicators
from frankpledge.records.indicators.permissions import Reader
from frankpledge.records.meetings import rules, selectors
from frankpledge.records.meetings.forms import SUBJECTS
from frankpledge.records.meetings.models import Decision, Delegation
from frankpledge.records.meetings.vocabulary import Outcome, Standing
from frankpledge.ui.wording import spelled
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.units import Unit, amount_words
from frankpledge.vocabulary.wording import said, whole

ON_A_PAGE = 40
KINDS = {
    Outcome.AGREED: "good",
    Outcome.AGREED_IN_PART: "good",
    Outcome.REFUSED: "bad",
    Outcome.PUT_OFF: "warning",
    Outcome.NOTED: "plain",
}
WORDS = {
    Outcome.AGREED: "agreed",
    Outcome.AGREED_IN_PART: "agreed in part",
    Outcome.REFUSED: "refused",
    Outcome.PUT_OFF: "put off",
    Outcome.NOTED: "noted",
}
#: Rooms that decisions are about, by the first word of their subject; of those behind Deliver the first page and what
#: it asks.
ROOMS: dict[str, Any] = {
    "home_security": gettext_lazy("Safe homes"),
    "area_schemes": gettext_lazy("Area schemes"),
    "commissioning": gettext_lazy("Bought services"),
    "assessment": gettext_lazy("The assessment"),
}
FIRST_PAGES = {
    "home_security": ("home_security:today", Permission.VIEW_HOMES),
    "area_schemes": ("area_schemes:schemes", Permission.VIEW_SCHEMES),
    "commissioning": ("commissioning:services", Permission.VIEW_SERVICES),
}
STANDINGS: dict[Standing, tuple[str, Any]] = {
    Standing.LIVE: ("good", gettext_lazy("live")),
    Standing.TO_COME: ("plain", gettext_lazy("to come")),
    Standing.ENDED: ("none", gettext_lazy("ended")),
}


def list_page(person: Any, *, page: str | None, about: str | None = None) -> dict[str, Any]:
    """All decisions, or those about one room's work, the newest first."""
    rooms = selectors.rooms_decided_about()
    room = about if about in ROOMS else None
    found = Paginator(selectors.decisions(room=room), ON_A_PAGE).get_page(page)
    total = found.paginator.count
    held = selectors.held(timezone.localdate())
    shown = [key for key in ROOMS if key in rooms or key == room]
    return {
        "abouts": [{"key": key, "name": ROOMS[key], "here": key == room} for key in shown],
        "all": room is None,
        "subject": next((key for key, _ in SUBJECTS if room and key.startswith(f"{room}:")), ""),
        "live": sum(one.is_live for one in held),
        "rows": [_row(decision) for decision in found],
        "found": found,
        "lead": _on_record(total, sum(one.beyond for one in held) if room is None else 0),
        "may_record": policy.can(person, Permission.EDIT_ACTIONS),
    }


def _on_record(total: int, beyond: int) -> str:
    """How many decisions, and how many of them somebody was not allowed to take alone."""
    said = ngettext("%(count)s decision is on record.", "%(count)s decisions are on record.", total) % {
        "count": whole(total)
    }
    if beyond:
        words = ngettext(
            "%(n)s went beyond the limit of its delegation.",
            "%(n)s went beyond the limits of their delegations.",
            beyond,
        )
        said += " " + words % {"n": spelled(beyond).capitalize()}
    return said


def decision_page(decision: Decision, person: Any) -> dict[str, Any]:
    """One decision with the figures it rested on, as they were."""
    keys = decision.figure_keys
    figures = list(indicators.figures(keys, reader=Reader(person)).values()) if keys else []
    under = decision.delegation
    to_check = rules.to_check(amount=decision.amount, limit=under.limit, limit_words=under.limit_words) if under else []
    return {
        **_row(decision),
        "figures": figures,
        "about": _about(decision.subject, person),
        "under": under,
        "limit": limit_words(under) if under else "",
        "amount": "" if decision.amount is None else amount_words(decision.amount, Unit.POUNDS),
        "to_check": [said(one, gettext) for one in to_check],
        "made": decision.delegations.all(),
    }


def delegations_page(person: Any, today: date) -> dict[str, Any]:
    """What is delegated today, what is to come and what has ended. A fixed number of queries."""
    rows = [_held(one, today) for one in selectors.held(today)]
    live = [row for row in rows if row["one"].is_live]
    return {
        "live": live,
        "others": [row for row in rows if not row["one"].is_live],
        "any": bool(rows),
        "lead": _live_lead(live),
        "may_record": policy.can(person, Permission.EDIT_ACTIONS),
        "today": today,
    }


def _held(one: selectors.Held, today: date) -> dict[str, Any]:
    kind, word = STANDINGS[one.standing]
    last = one.delegation.last_on
    left = (last - today).days if last and one.is_live else None
    words = ngettext("%(n)s decision taken under it", "%(n)s decisions taken under it", one.taken)
    taken = words % {"n": whole(one.taken)} if one.taken else gettext("no decision taken under it")
    if one.pounds is not None:
        taken += ", " + gettext("%(pounds)s given in them") % {"pounds": amount_words(one.pounds, Unit.POUNDS)}
    over = ngettext("%(n)s decision is beyond it", "%(n)s decisions are beyond it", one.beyond)
    return {
        "one": one,
        "delegation": one.delegation,
        "kind": kind,
        "word": word,
        "limit": limit_words(one.delegation),
        "taken": taken,
        "beyond": over % {"n": whole(one.beyond)} if one.beyond else "",
        "soon": left if left is not None and left <= rules.ENDS_SOON_DAYS else None,
    }


def _live_lead(live: list[dict[str, Any]]) -> str:
    if not live:
        return gettext("Nothing is delegated today: every decision is the steering group’s own.")
    words = ngettext("%(n)s delegation is live today.", "%(n)s delegations are live today.", len(live)) % {
        "n": spelled(len(live)).capitalize()
    }
    over, soon = sum(bool(row["beyond"]) for row in live), sum(row["soon"] is not None for row in live)
    if over:
        said_over = ngettext(
            "Decisions beyond its limit were taken under %(n)s of them.",
            "Decisions beyond their limits were taken under %(n)s of them.",
            over,
        )
        words += " " + said_over % {"n": spelled(over)}
    if soon:
        said_soon = ngettext("%(n)s ends within 90 days.", "%(n)s end within 90 days.", soon)
        words += " " + said_soon % {"n": spelled(soon).capitalize()}
    return words


def limit_words(of: Delegation) -> str:
    """``up to £10,000 for one decision; staff time only``."""
    parts = []
    if of.limit is not None:
        parts.append(gettext("up to %(pounds)s for one decision") % {"pounds": amount_words(of.limit, Unit.POUNDS)})
    return "; ".join([*parts, *filter(None, [of.limit_words])])


def _row(decision: Decision) -> dict[str, Any]:
    outcome = Outcome(decision.outcome)
    return {
        "decision": decision,
        "kind": KINDS[outcome],
        "outcome": gettext(WORDS[outcome]),
        "beyond": [said(one, gettext) for one in selectors.beyond(decision)],
    }


def _about(subject: str, person: Any) -> str:
    """The address of what it was about, where that room has a page this person may open."""
    room, _, key = subject.partition(":")
    if room in FIRST_PAGES:
        route, needed = FIRST_PAGES[room]
        return reverse(route) if policy.can(person, needed) else ""
    if room != "assessment" or not key:
        return ""
    names = {"R": "assessment:request", "M": "assessment:scan", "S": "assessment:strategic"}
    try:
        return reverse(names.get(key[:1], ""), args=[key.split("/")[0]])
    except NoReverseMatch:
        return ""
