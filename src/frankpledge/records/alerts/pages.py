"""What the alert pages say: findings first, how sure, how long, what has helped. No writes but the noted look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, ngettext

from frankpledge.foundation.agencies import policy
from frankpledge.foundation.places import selectors as places
from frankpledge.records.alerts import permissions, rules, selectors, services
from frankpledge.records.alerts.models import Alert
from frankpledge.records.alerts.vocabulary import AlertKind, AlertState, Outcome
from frankpledge.reports.maps import zone_map
from frankpledge.reports.words import date_words
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.deliveries import SOURCE_LABELS
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.geography import Outline
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.wording import said, share, whole

SHOWN = 20
HOMES_SHOWN = 40

KINDS: dict[AlertKind, tuple[str, str]] = {
    AlertKind.NEAR_REPEAT: (gettext_noop("Burgled next door"), "warning"),
    AlertKind.HIT_AGAIN: (gettext_noop("Hit again"), "bad"),
    AlertKind.NEW_HOT_SPOT: (gettext_noop("New hot spot"), "warning"),
    AlertKind.EXCEPTIONAL_MONTH: (gettext_noop("Exceptional month"), "plain"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One alert as a list shows it."""

    number: int
    kind: str
    status: str
    headline: str
    until: str
    state: str
    outcome: str
    alive: bool


def list_page(person: Any, *, kind: str | None, state: str | None, page: str | None) -> dict[str, Any]:
    """The alerts that are alive, the map of them, earlier ones, and how alerts have turned out. Fixed queries."""
    today = timezone.localdate()
    within = permissions.Reach(person).grounds()
    as_of = selectors.newest_as_of(within)
    if as_of is None:
        return {"as_of": None, "may_add": policy.can(person, Permission.ADD_EVIDENCE)}
    seen_from = min(today, as_of)
    chosen = next((one for one in AlertKind if one.value == kind), None)
    earlier = state == "earlier"
    found = (
        selectors.alerts(kind=chosen, within=within) if earlier else selectors.alive(seen_from, chosen, within=within)
    )
    if earlier:
        found = found.exclude(state=AlertState.OPEN.value, alive_until__gte=seen_from)
    lines = Paginator(found, SHOWN).get_page(page)
    alive = list(selectors.alive(seen_from, within=within))
    record = selectors.track_record(within)
    return {
        "as_of": date_words(as_of),
        "lead": _lead(alive, as_of),
        "stale": _stale(as_of, today),
        "chips": _chips(alive, chosen, earlier),
        "earlier": earlier,
        "kind": kind if chosen else "",
        "page_of": lines,
        "lines": [_line(alert, seen_from) for alert in lines],
        "map": _map(alive),
        "record": [_record_row(row) for row in record],
    }


def alert_page(alert: Alert, person: Any) -> dict[str, Any]:
    """One alert: what, where, how sure, how long, what has helped, what became of it."""
    kind = AlertKind(alert.kind)
    seen_from = min(timezone.localdate(), selectors.newest_as_of() or timezone.localdate())
    line = _line(alert, seen_from)
    return {
        "alert": alert,
        "line": line,
        "raised": date_words(timezone.localtime(alert.raised_at).date()),
        "as_of": date_words(alert.as_of),
        "sure": said(rules.how_sure(kind, alert.facts), gettext),
        "life": said(rules.life(kind, alert.facts, alert.alive_until), gettext),
        "helped": [said(phrase, gettext) for phrase in rules.what_helped(kind)],
        "facts": _facts(alert),
        "source": gettext(SOURCE_LABELS.get(alert.source, alert.source)),
        "batches": whole(len(alert.batches)),
        "map": _map([alert], AreaLevel.WARD),
        "may_dismiss": alert.state == AlertState.OPEN and policy.can(person, Permission.DECIDE_ALERTS),
        "may_see_homes": bool(alert.easting) and permissions.Reach(person).sees_homes(alert),
        "dismissed": date_words(timezone.localtime(alert.dismissed_at).date()) if alert.dismissed_at else "",
    }


@transaction.atomic
def homes_page(alert: Alert, person: Any, *, by: Actor) -> dict[str, Any]:
    """The homes in the zone, the nearest first: who should be offered a visit. The look is recorded with it.

    Raises NotPermitted for a person who may not see them.
    """
    permissions.check_can_see_homes(person, alert)
    if alert.easting is None or alert.northing is None:
        homes: Sequence[Any] = ()
    else:
        homes = places.premises_near(alert.easting, alert.northing, alert.radius_m or 0.0, most=HOMES_SHOWN)
    services.note_look_at_homes(alert, [home.uprn for home in homes], by=by)
    return {
        "alert": alert,
        "line": _line(alert, alert.as_of),
        "homes": [
            {
                "address": home.address,
                "postcode": home.postcode,
                "metres": whole(home.metres),
                "hit": home.uprn == alert.premises,
            }
            for home in homes
        ],
        "most": HOMES_SHOWN,
    }


def _lead(alive: Sequence[Alert], as_of: date) -> str:
    zones = sum(alert.kind == AlertKind.NEAR_REPEAT for alert in alive)
    again = sum(alert.kind == AlertKind.HIT_AGAIN for alert in alive)
    if not alive:
        return gettext("Nothing calls for acting now, by the records up to %(day)s.") % {"day": date_words(as_of)}
    first = ngettext(
        "Neighbours of %(zones)s burglary should hear from us soon",
        "Neighbours of %(zones)s burglaries should hear from us soon",
        zones,
    ) % {"zones": whole(zones)}
    second = ngettext("%(again)s address has been hit again", "%(again)s addresses have been hit again", again) % {
        "again": whole(again)
    }
    return gettext("%(first)s; %(second)s.") % {"first": first, "second": second}


def _stale(as_of: date, today: date) -> str:
    """A sentence where the records are older than a zone lives, empty otherwise."""
    days = (today - as_of).days
    if days <= 7:
        return ""
    return gettext(
        "The records end on %(day)s, %(days)s days ago. Zones round a burglary last days, not weeks: to act in time, "
        "bring in the police extract every week. Below is how things stood that day."
    ) % {"day": date_words(as_of), "days": whole(days)}


def _chips(alive: Sequence[Alert], chosen: AlertKind | None, earlier: bool) -> list[dict[str, Any]]:
    chips = [{"word": gettext("All alive"), "query": "?", "count": len(alive), "on": not earlier and chosen is None}]
    for kind, (word, _) in KINDS.items():
        count = sum(alert.kind == kind for alert in alive)
        query = f"?kind={kind.value.replace(' ', '+')}"
        chips.append({"word": gettext(word), "query": query, "count": count, "on": not earlier and chosen is kind})
    return [*chips, {"word": gettext("Earlier"), "query": "?state=earlier", "count": None, "on": earlier}]


def _line(alert: Alert, seen_from: date) -> Line:
    kind = AlertKind(alert.kind)
    word, status = KINDS[kind]
    return Line(
        number=alert.pk,
        kind=gettext(word),
        status=status,
        headline=said(rules.headline(kind, alert.type, alert.facts, alert.area_name), gettext),
        until=date_words(alert.alive_until),
        state=gettext(alert.state),
        outcome=said(rules.outcome_sentence(kind, alert.outcome, alert.outcome_facts), gettext)
        if alert.outcome
        else "",
        alive=rules.is_alive(alert.state, alert.alive_until, seen_from),
    )


def _record_row(row: selectors.Record) -> dict[str, str]:
    return {
        "kind": gettext(KINDS[row.kind][0]),
        "raised": whole(row.raised),
        "dismissed": whole(row.dismissed),
        "judged": whole(row.judged),
        "came_true": whole(row.came_true),
        "share": str(share(row.came_true / row.judged)) if row.judged else gettext("none judged yet"),
    }


def _facts(alert: Alert) -> list[tuple[str, str]]:
    """Label and value of what is known, for the summary list."""
    facts = alert.facts
    rows: list[tuple[str, str]] = [(gettext("Where"), alert.area_name), (gettext("Seen from"), date_words(alert.as_of))]
    if "happened_on" in facts:
        rows.append((gettext("Latest report"), date_words(date.fromisoformat(facts["happened_on"]))))
    if "by_agency" in facts:
        told = ", ".join(f"{name} {whole(count)}" for name, count in sorted(facts["by_agency"].items()))
        rows.append((gettext("Reported to"), told))
    if "types" in facts:
        told = ", ".join(f"{gettext(name)} {whole(count)}" for name, count in sorted(facts["types"].items()))
        rows.append((gettext("What was reported"), told))
    if "count" in facts and "usual" in facts:
        rows.append((gettext("In the latest 28 days"), whole(facts["count"])))
        rows.append((gettext("Usual for 28 days"), f"{facts['usual']:.1f}"))
    if alert.outcome:
        rows.append((gettext("Judged"), gettext(Outcome(alert.outcome).value)))
    return rows


def _map(alerts: Sequence[Alert], level: AreaLevel = AreaLevel.DISTRICT) -> Any:
    """The district or ward of the first of these alerts, with the zones of all; None without a place to draw."""
    placed = [alert for alert in alerts if alert.easting is not None and alert.northing is not None]
    if not placed:
        return None
    try:
        geography = places.geography_around(placed[0].area_code)
    except DataProblem:
        return None
    around = geography.parents.get(placed[0].area_code, {}).get(level)
    outlines: list[Outline] = [
        outline for code, outline in geography.outlines.items() if geography.parents.get(code, {}).get(level) == around
    ]
    zones = [
        (
            alert.easting or 0.0,
            alert.northing or 0.0,
            alert.radius_m or 0.0,
            AlertKind(alert.kind) is AlertKind.HIT_AGAIN,
            said(rules.headline(AlertKind(alert.kind), alert.type, alert.facts, alert.area_name), gettext),
        )
        for alert in placed
    ]
    return zone_map(
        outlines,
        zones,
        prefix="alerts",
        title=gettext("Where the alerts lie"),
        description=gettext("Each ring is a zone round a burglary or a hot spot, each diamond an address hit again."),
    )
