"""The cocoon dispatcher: a new burglary makes the victim's request and offers to its neighbours, minutes after import.

It reads the alerts that stand and answers each once, so it may be run as often as you like. It acts for the platform,
not for whoever brought the file in: they need not be somebody who runs safe homes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from frankpledge.delivery.home_security.rules import asking as rules
from frankpledge.delivery.home_security.rules.asking import Neighbour
from frankpledge.delivery.home_security.selectors import asking as homes
from frankpledge.delivery.home_security.services import asking as services
from frankpledge.delivery.home_security.services.asking import NewCocoon
from frankpledge.foundation.jobs.registry import JobContext
from frankpledge.foundation.places import selectors as places
from frankpledge.records.alerts import selectors as alerts
from frankpledge.records.alerts.vocabulary import AlertKind
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.premises import Premises

if TYPE_CHECKING:
    from frankpledge.records.alerts.models import Alert

ANSWER_NEAR_REPEATS = "answer near repeats"
DISPATCHER = Actor.system("cocoon dispatcher")
DOORS, ZONE = "doors", "zone"
STREET_REACH_M = 400.0  # a street's homes are looked for this far each way
MOST_IN_ZONE = 40  # homes of one cocoon, the nearest: two crews' week


@dataclass(frozen=True, slots=True)
class Response:
    """What a run made: cocoons, offers in them, and repeat victims put on the list besides."""

    cocoons: int
    offers: int
    repeat_victims: int


def respond_job(context: JobContext) -> dict[str, Any]:
    """The job: see ``respond``."""
    made = respond(by=context.by)
    return {"cocoons": made.cocoons, "offers": made.offers, "repeat victims": made.repeat_victims}


def respond(*, by: Actor, today: date | None = None, way: str | None = None) -> Response:
    """Answer every near-repeat and hit-again alert that is alive and was not answered yet.

    ``by`` asked for the run; the writes are the dispatcher's. ``way``: ``doors`` (four homes either side) or ``zone``
    (the measured range), as the settings say unless given.
    """
    day, chosen = today or timezone.localdate(), way or settings.COCOON
    repeats = _repeat_victims(day)
    cocoons = offers = 0
    for alert in _unanswered(day):
        new = _cocoon(alert, repeats.get(alert.premises, 1), chosen)
        if new is not None:
            services.make_cocoon(new, by=DISPATCHER)
            cocoons, offers = cocoons + 1, offers + len(new.neighbours)
    return Response(cocoons, offers, _refer(repeats, day))


def _unanswered(day: date) -> list[Alert]:
    found = list(alerts.alive(day, AlertKind.NEAR_REPEAT))
    answered = homes.answered_alerts([alert.fingerprint for alert in found])
    return [alert for alert in found if alert.fingerprint not in answered]


def _repeat_victims(day: date) -> dict[str, int]:
    """UPRN -> burglaries in twelve months, of homes burgled more than once, as the alerts say."""
    label = CrimeType.BURGLARY.label
    counts = {alert.premises: int(alert.facts["types"].get(label, 0)) for alert in _hit_again(day)}
    return {uprn: times for uprn, times in counts.items() if times > 1}


def _hit_again(day: date) -> Iterator[Alert]:
    return (alert for alert in alerts.alive(day, AlertKind.HIT_AGAIN) if alert.premises)


def _refer(repeats: Mapping[str, int], day: date) -> int:
    """Put every repeat victim on the list who is not there: register row S24 asks for all of them."""
    since = {alert.premises: alert.raised_at for alert in _hit_again(day)}
    wanted = homes.not_asked_since({uprn: since[uprn] for uprn in repeats})
    found = places.premises_of(wanted)
    victims = {uprn: home for uprn, home in found.items() if home.kind.is_home}
    for uprn, home in sorted(victims.items()):
        services.refer_victim(home, times=repeats[uprn], by=DISPATCHER)
    return len(victims)


def _cocoon(alert: Alert, times: int, way: str) -> NewCocoon | None:
    """The cocoon an alert asks for; None where the record gives neither a home nor a place."""
    victim = places.premises_of([alert.premises]).get(alert.premises) if alert.premises else None
    if victim is not None and not victim.kind.is_home:
        return None
    x, y = (victim.easting, victim.northing) if victim else (alert.easting, alert.northing)
    if x is None or y is None:
        return None
    neighbours, words = _neighbours(victim, x, y, alert.radius_m or 0.0, way)
    return NewCocoon(
        alert=alert.fingerprint,
        victim=victim,
        easting=x,
        northing=y,
        area_name=alert.area_name,
        street=rules.street_of(victim.address).title() if victim else "",
        way=words,
        why=str(alert.facts.get("decay", "")),
        burgled_on=date.fromisoformat(alert.facts["happened_on"]),
        alive_until=alert.alive_until,
        times=times,
        neighbours=neighbours,
    )


def _neighbours(
    victim: Premises | None, x: float, y: float, radius_m: float, way: str
) -> tuple[Sequence[Neighbour], str]:
    """The homes to be offered, and how they were chosen."""
    if victim is not None and way == DOORS:
        found = rules.neighbours(victim, places.premises_round(x, y, STREET_REACH_M))
        if found:
            return found, f"{rules.EITHER_SIDE} homes either side"
    inside = rules.within(victim, x, y, places.premises_round(x, y, radius_m), radius_m)
    return inside[:MOST_IN_ZONE], f"within {radius_m:.0f} m"
