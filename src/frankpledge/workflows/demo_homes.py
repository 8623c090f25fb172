"""The demo's safe homes: installs since the programme began, homes that wait, a cocoon, four crews with their vans.

Which homes were protected and when is the simulator's programme: the same that lowers burglary in the demo's records.
What was fitted there, and everybody who asks, is made up here. It looks at what is there, so it may be run again.
"""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.home_security.rules import asking as rules
from frankpledge.delivery.home_security.selectors import asking as homes
from frankpledge.delivery.home_security.selectors import knowing
from frankpledge.delivery.home_security.services import asking as services
from frankpledge.delivery.home_security.services import taking_over
from frankpledge.delivery.home_security.services.asking import Asked, NewCocoon
from frankpledge.delivery.home_security.services.taking_over import Install, NewCrew
from frankpledge.delivery.home_security.vocabulary import Burgled, Channel, ContactKind, HeardFrom, Need
from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.places import selectors as places
from frankpledge.records.alerts import selectors as alerts
from frankpledge.records.alerts.vocabulary import AlertKind
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.permissions import Role
from frankpledge.vocabulary.premises import Premises
from frankpledge.workflows import (
    demo_choosing,
    demo_contacts,
    demo_homes_beside,
    demo_homes_passed_on,
    demo_homes_today,
)

SEED = 1
LONDON = ZoneInfo("Europe/London")
WAITING = 90
ALERTS_LOOKED_AT = 12
CREWS = (
    ("A", "Quarry Hill", "FP26 AAA", ("Ade Bello", "Rhys Morgan")),
    ("B", "Old Station", "FP26 BBB", ("Chloe Dunn", "Imran Aziz")),
    ("C", "Northgate", "FP26 CCC", ("Marta Nowak", "Tom Ellis")),
    ("D", "Meadow Rise", "FP26 DDD", ("Grace Osei", "Callum Reid")),
)
SUPERVISORS = ("Helen Shaw", "Derek Pike")
# How often, of a hundred homes, which package was fitted: an alarm alone was usual before the evidence was read.
PACKAGES: tuple[tuple[int, tuple[tuple[str, int], ...]], ...] = (
    (38, (("alarm", 1), ("marking-kit", 1))),
    (22, (("alarm", 1), ("deadlock", 1), ("window-lock", 3))),
    (18, (("deadlock", 1), ("window-lock", 4), ("timer-light", 1), ("outside-light", 1))),
    (12, (("alarm", 1), ("deadlock", 1), ("window-lock", 4), ("timer-light", 1), ("outside-light", 1))),
    (10, (("deadlock", 1), ("door-chain", 1))),
)
NAMES = ("Mrs Kaur", "Mr Dolan", "Ms Reyes", "Mr and Mrs Pym", "Mrs Achebe", "Mr Holt", "Ms Iqbal", "Mrs Walsh",
         "Mr Lindqvist", "Ms Tan", "Mrs Oyelaran", "Mr Fern", "Ms Bright", "Mr Szabo", "Mrs Llewelyn")  # fmt: skip
HEARD = (HeardFrom.WORD_OF_MOUTH, HeardFrom.WORD_OF_MOUTH, HeardFrom.LEAFLET, HeardFrom.NEWS, HeardFrom.STREET_CANVASS)
CHANNELS = (Channel.FORM, Channel.FORM, Channel.TELEPHONE, Channel.FORM, Channel.FIRE_VISIT, Channel.TELEPHONE,
            Channel.LANDLORD, Channel.FORM, Channel.VICTIM_SUPPORT)  # fmt: skip
REFERRERS = {
    Channel.FIRE_VISIT: "Brackenshire Fire and Rescue Service",
    Channel.LANDLORD: "Aldercombe Homes",
    Channel.VICTIM_SUPPORT: "Aldercombe Victim Care",
}


def load(*, by: Actor) -> None:
    """Make what is missing of the demo's safe homes."""
    taking_over.lay_out_catalogue(by=by)
    _crews(by)
    protected = _installs(by)
    if not knowing.contacts_made():
        with transaction.atomic():
            _waiting(protected, by)
            demo_contacts.load(by=by)
    if not homes.cocoons().exists():
        _cocoon(by)
    demo_homes_beside.load_suppliers(by=by)
    demo_homes_today.load(by=by)
    demo_homes_beside.load(by=by)
    demo_choosing.load(by=by)
    demo_homes_passed_on.load(by=by)


def _crews(by: Actor) -> None:
    accounts = [
        person.pk for person in agencies.people(today=timezone.localdate()) if Role.CREW in agencies.roles_on(
            person, timezone.localdate()
        )
    ]  # fmt: skip
    for number, (name, area, plate, people) in enumerate(CREWS):
        keys = [accounts.pop(0) if accounts and number == 0 and not at else None for at in range(len(people))]
        taking_over.add_crew(NewCrew(name, area, plate, tuple(zip(people, keys, strict=True)), ("electrical",)), by=by)
    for name in SUPERVISORS:
        taking_over.add_supervisor(name=name, by=by)


def _installs(by: Actor) -> set[str]:
    """The programme's homes as finished visits; returns their UPRNs."""
    from frankpledge.sources.simulator import simulate_history
    from frankpledge.sources.simulator.gazetteer import FIRST_UPRN

    programme, _ = simulate_history(SEED)
    draw = random.Random(SEED)
    weights, packages = zip(*PACKAGES, strict=True)
    order = np.argsort(programme.since, kind="stable")
    day_count: dict[int, int] = {}
    found = []
    for home, day in zip(programme.premises[order].tolist(), programme.since[order].tolist(), strict=True):
        at = day_count[day] = day_count.get(day, -1) + 1
        start = datetime.fromisoformat(str(np.datetime64(day, "D"))).replace(tzinfo=LONDON)
        start += timedelta(hours=8, minutes=40 + 60 * (at // len(CREWS) % 7) + draw.randrange(12))
        package = draw.choices(packages, weights)[0]
        found.append(
            Install(
                uprn=str(FIRST_UPRN + home),
                asked_at=start - timedelta(days=2 + draw.randrange(24), hours=draw.randrange(8)),
                started_at=start,
                minutes=35 + draw.randrange(25),
                crew=CREWS[at % len(CREWS)][0],
                fitted=[(key, n, f"AK26-{home:06d}" if key == "alarm" else "") for key, n in package],
                heard_from=draw.choice(HEARD),
            )
        )
    taking_over.take_over_installs(found, by=by)
    return {one.uprn for one in found}


def _waiting(protected: set[str], by: Actor) -> None:
    """A few dozen homes of the priority neighbourhoods that ask, over the last seven weeks."""
    draw, now = random.Random(SEED + 1), timezone.now()
    candidates = _candidates(protected, draw)
    for number, home in enumerate(candidates[:WAITING]):
        channel = CHANNELS[number % len(CHANNELS)]
        referred = channel in REFERRERS
        needs = [need for need in Need if draw.random() < (0.2 if need in (Need.AGED, Need.ALONE) else 0.07)]
        asked = Asked(
            address=home.address,
            uprn=home.uprn,
            tenure=home.tenure,
            burgled=draw.choices([Burgled.NO, Burgled.NEAR, Burgled.MY_HOME, Burgled.NOT_SAID], [55, 25, 12, 8])[0],
            needs=needs,
            name=NAMES[number % len(NAMES)],
            telephone=f"07700 900{number:03d}",
            reach_by=ContactKind.TEXT if number % 3 else ContactKind.LETTER,
            language="cy" if number % 17 == 5 else "en-gb",
            heard_from=draw.choice(HEARD),
            referred_by=REFERRERS.get(channel, ""),
            consent_contact=True,
            consent_onward=referred or draw.random() < 0.4,
            asked_at=now - timedelta(days=draw.randrange(48), hours=draw.randrange(9)),
        )  # fmt: skip
        services.ask(asked, channel=channel, by=by)
    # Written a little differently, and not settled yet: staff find the home.
    odd = candidates[WAITING]
    services.ask(
        Asked(address=f"Top flat, {odd.address}", postcode=odd.postcode, name="Mr Quill", consent_contact=True,
              telephone="07700 900900", reach_by=ContactKind.TEXT, asked_at=now - timedelta(days=3)),
        channel=Channel.FORM, by=by,
    )  # fmt: skip


def _candidates(protected: set[str], draw: random.Random) -> list[Premises]:
    """Unprotected homes, three in four of them in a priority neighbourhood, in a made-up order."""
    from frankpledge.sources.simulator.gazetteer import FIRST_UPRN

    numbers = draw.sample(range(24_000), 900)
    found = places.premises_of(str(FIRST_UPRN + number) for number in numbers)
    free = [home for uprn, home in sorted(found.items()) if uprn not in protected and home.kind.is_home]
    draw.shuffle(free)
    inside = [home for home in free if home.neighbourhood]
    outside = [home for home in free if not home.neighbourhood]
    return [home for three in zip(*[iter(inside)] * 3, outside, strict=False) for home in three]


def _cocoon(by: Actor) -> None:
    """A burglary of yesterday, at a home where the alerts tell of one: of the newest, where most have a kit."""
    newest = list(alerts.alerts(kind=AlertKind.NEAR_REPEAT)[:ALERTS_LOOKED_AT])
    victims = places.premises_of(alert.premises for alert in newest if alert.premises)
    found = []
    for alert in newest:
        victim = victims.get(alert.premises)
        if victim is not None and victim.kind.is_home:
            around = rules.neighbours(victim, places.premises_round(victim.easting, victim.northing, 400.0))
            found.append((len(homes.with_security(one.home.uprn for one in around)), alert, victim, around))
    if not found:
        return
    _, alert, victim, around = max(found, key=lambda one: one[0])
    yesterday = timezone.localdate() - timedelta(days=1)
    services.make_cocoon(
        NewCocoon(
            alert=alert.fingerprint,
            victim=victim,
            easting=victim.easting,
            northing=victim.northing,
            area_name=alert.area_name,
            street=rules.street_of(victim.address).title(),
            way=f"{rules.EITHER_SIDE} homes either side",
            why=str(alert.facts["decay"]),
            burgled_on=yesterday,
            alive_until=yesterday + timedelta(days=14),
            neighbours=around,
        ),
        by=by,
    )
