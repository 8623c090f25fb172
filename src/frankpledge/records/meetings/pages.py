"""What the pages of decisions say."""

from typing import Any

from django.core.paginator import Paginator
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, ngettext

from frankpledge.foundation.agencies import policy
from frankpledge.records.indicators import selectors as indicators
from frankpledge.records.meetings import selectors
from frankpledge.records.meetings.models import Decision
from frankpledge.records.meetings.vocabulary import Outcome
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.wording import whole

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


def list_page(person: Any, *, page: str | None) -> dict[str, Any]:
    """All decisions, the newest first."""
    found = Paginator(selectors.decisions(), ON_A_PAGE).get_page(page)
    total = found.paginator.count
    return {
        "rows": [_row(decision) for decision in found],
        "found": found,
        "lead": ngettext("%(count)s decision is on record.", "%(count)s decisions are on record.", total)
        % {"count": whole(total)},
        "may_record": policy.can(person, Permission.EDIT_ACTIONS),
    }


def decision_page(decision: Decision) -> dict[str, Any]:
    """One decision with the figures it rested on, as they were."""
    figures = list(indicators.figures(decision.figure_keys).values()) if decision.figure_keys else []
    return {**_row(decision), "decision": decision, "figures": figures, "about": _about(decision.subject)}


def _row(decision: Decision) -> dict[str, Any]:
    outcome = Outcome(decision.outcome)
    return {"decision": decision, "kind": KINDS[outcome], "outcome": gettext(WORDS[outcome])}


def _about(subject: str) -> str:
    """The address of what it was about, where that room serves a page under the subject's key."""
    room, _, key = subject.partition(":")
    if room != "assessment" or not key:
        return ""
    names = {"R": "assessment:request", "M": "assessment:scan", "S": "assessment:strategic"}
    try:
        return reverse(names.get(key[:1], ""), args=[key.split("/")[0]])
    except NoReverseMatch:
        return ""
