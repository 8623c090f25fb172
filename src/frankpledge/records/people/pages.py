"""What the pages of persons say. Names stand only here and only for those who may see them."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from frankpledge.records.people import selectors
from frankpledge.records.people.models import Match, PersonRecord
from frankpledge.records.people.vocabulary import MatchState
from frankpledge.reports.words import date_words
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.wording import whole

TABS = {"proposed": MatchState.PROPOSED, "one": MatchState.ONE_PERSON, "two": MatchState.TWO_PEOPLE}


def list_page(person: Any, *, tab: str | None, by: Actor) -> dict[str, Any]:
    """Pairs that wait for somebody to decide, or were decided."""
    state = TABS.get(tab or "", MatchState.PROPOSED)
    found = selectors.matches(state=state, for_user=person, by=by)
    return {
        "lead": _lead(found, state),
        "tabs": [
            {"word": word, "tab": name, "on": TABS[name] is state}
            for name, word in (
                ("proposed", gettext("To decide")),
                ("one", gettext("One person")),
                ("two", gettext("Two people")),
            )
        ],
        "any_records": selectors.any_records(person),
        "rows": [
            {
                "number": match.pk,
                "first": _line(match.first),
                "second": _line(match.second),
                "why": _words(match, most=2),
                "strength": _strength(match.bits),
            }
            for match in found
        ],
    }


def match_page(match: Match) -> dict[str, Any]:
    """Two records side by side, and everything that speaks for and against."""
    return {
        "match": match,
        "first": _card(match.first),
        "second": _card(match.second),
        "rows": _side_by_side(match),
        "for": [gettext(reason["words"]) for reason in match.reasons if reason["bits"] > 0],
        "against": [gettext(reason["words"]) for reason in match.reasons if reason["bits"] <= 0],
        "strength": _strength(match.bits),
        "twins": _may_be_twins(match),
        "open": match.state == MatchState.PROPOSED,
        "state": gettext(match.state),
        "decided": date_words(timezone.localtime(match.decided_at).date()) if match.decided_at else "",
    }


def _lead(found: Sequence[Match], state: MatchState) -> str:
    if state is MatchState.PROPOSED and not found:
        return gettext("No pair of records waits for you to decide.")
    if state is MatchState.PROPOSED:
        return ngettext(
            "%(n)s pair of records may be one person and waits for somebody who knows.",
            "%(n)s pairs of records may be one person and wait for somebody who knows.",
            len(found),
        ) % {"n": whole(len(found))}
    return ngettext(
        "%(n)s decision, which can be taken back.", "%(n)s decisions, which can be taken back.", len(found)
    ) % {"n": whole(len(found))}


def _line(record: PersonRecord) -> str:
    return gettext("%(name)s, told by %(agency)s") % {"name": record.name, "agency": record.agency_name}


def _card(record: PersonRecord) -> dict[str, str]:
    return {"name": record.name, "agency": record.agency_name, "part": gettext(record.part)}


def _side_by_side(match: Match) -> list[tuple[str, str, str]]:
    pair = (match.first, match.second)
    nothing = gettext("not told")

    def row(label: str, values: Sequence[str]) -> tuple[str, str, str]:
        first, second = (value or nothing for value in values)
        return label, first, second

    return [
        row(gettext("Forename"), [one.forename for one in pair]),
        row(gettext("Surname"), [one.surname for one in pair]),
        row(gettext("Born on"), [date_format(one.born_on, "j F Y") if one.born_on else "" for one in pair]),
        row(gettext("Address"), [one.address for one in pair]),
        row(gettext("Postcode"), [one.postcode for one in pair]),
        row(gettext("Their reference"), [one.reference for one in pair]),
        row(gettext("Told as"), [gettext(one.part) for one in pair]),
    ]


def _words(match: Match, most: int) -> str:
    ordered = sorted(match.reasons, key=lambda reason: -reason["bits"])[:most]
    return "; ".join(gettext(reason["words"]) for reason in ordered)


def _strength(bits: float) -> str:
    if bits >= 24:
        return gettext("very likely")
    return gettext("likely") if bits >= 18 else gettext("possible")


def _may_be_twins(match: Match) -> bool:
    """Same birthday and home but another forename: brothers, sisters, twins."""
    words = {reason["words"] for reason in match.reasons}
    return "another forename" in words and "born on the same day" in words
