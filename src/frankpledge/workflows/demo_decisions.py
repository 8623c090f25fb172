"""What the demo partnership's steering group decided about safe homes, and what it lets others decide alone.

Everything is made up: one delegation is kept to, one decision went beyond its limit, one delegation has ended. It looks
at what is there, so it may be run again.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.records.meetings import selectors, services
from frankpledge.records.meetings.vocabulary import Outcome
from frankpledge.vocabulary.actors import Actor

if TYPE_CHECKING:
    from frankpledge.records.meetings.models import Decision

HOMES, SERVICES = "home_security:programme", "commissioning:programme"
GROUP = "Safe homes steering group"
COUNCIL = "Aldercombe District Council"
POLICE = "Brackenshire Constabulary"

# days before today, title, outcome, what was decided, why, subject, and what it delegates: what, agency, person, limit
# in pounds or words, days until its end
DECIDED: tuple[tuple[int, str, str, str, str, str, tuple[Any, ...] | None], ...] = (
    (420, "Day-to-day lead for safe homes", "agreed",
     "The safe homes coordinator leads the programme from day to day. The council keeps line management; what money "
     "may be committed between meetings is delegated.",
     "The group meets every six weeks; crews cannot wait that long for parts or a change of rota.", HOMES,
     ("Parts, tools and extra fitting hours for safe homes", COUNCIL, "Safe homes coordinator", 10_000, "", 500)),
    (400, "Order of streets after a burglary", "agreed",
     "Crime prevention officers may move streets up the list after a burglary without asking the group.",
     "Homes near one just burgled are burgled next, most of them within two weeks.", HOMES,
     ("Which streets come first after a burglary", POLICE, "", None, "within the neighbourhoods the group chose", 45)),
    (300, "Home visits on Saturdays, as a trial", "agreed in part",
     "Crews may work two Saturdays a month for half a year.",
     "A third of residents who said no on the telephone worked on weekdays.", HOMES,
     ("Saturday shifts, at most two a month", COUNCIL, "Supervisor of the crews", 1_500, "", -110)),
    (160, "A doorbell camera for every home", "refused",
     "No doorbell cameras are bought.",
     "They cost more than a full set of locks, and neighbours asked who would see the pictures.", HOMES, None),
    (70, "Advice for people leaving prison after this year", "put off",
     "Whether the agreement is renewed is decided when the missing returns are in.",
     "Two quarters’ returns are not in, so nobody can say what the last payments bought.", SERVICES, None),
)  # fmt: skip
# days before today, title, what was decided, why, which of the delegations above (from 1), pounds
UNDER = (
    (130, "Two hundred more window locks", "Ordered from the second supplier.",
     "The first supplier could not deliver before Christmas.", 1, 3_840),
    (33, "A relief crew for eight weeks", "A relief crew works until the van is back.",
     "One van is off the road; 90 homes would wait past the promised ten days.", 1, 12_600),
    (18, "Mill Lane before Tan Row", "Mill Lane is moved up.", "Three burglaries within four days.", 2, None),
)  # fmt: skip


def load(*, by: Actor) -> None:
    """Record the decisions and the delegations they make, in one transaction."""
    today = timezone.localdate()
    if selectors.decisions(room="home_security").exists():
        return
    numbers: dict[int, int] = {}  # of the delegations, by their place in DECIDED
    told = [(one[0], at, None) for at, one in enumerate(DECIDED, 1)] + [(one[0], 0, one) for one in UNDER]
    with transaction.atomic():
        for _, at, under in sorted(told, key=lambda one: -one[0]):
            if under is not None:
                _taken(under, numbers, today, by)
            elif (number := _decided(DECIDED[at - 1], today, by)) is not None:
                numbers[at] = number


def _taken(one: tuple[Any, ...], numbers: dict[int, int], today: date, by: Actor) -> None:
    days, title, decided, reasons, under, pounds = one
    services.record_decision(
        title=title,
        decided=decided,
        decided_on=today - timedelta(days=days),
        decided_by="Safe homes coordinator" if pounds else "Crime prevention officer",
        reasons=reasons,
        subject=HOMES,
        delegation=numbers[under],
        amount=None if pounds is None else Decimal(pounds),
        by=by,
    )


def _decided(one: tuple[int, str, str, str, str, str, tuple[Any, ...] | None], today: date, by: Actor) -> int | None:
    """Record one decision; the number of the delegation it makes, if any."""
    days, title, outcome, decided, reasons, subject, gives = one
    made = services.record_decision(
        title=title,
        decided=decided,
        decided_on=today - timedelta(days=days),
        decided_by=GROUP,
        reasons=reasons,
        subject=subject,
        outcome=Outcome(outcome),
        by=by,
    )
    return _delegated(made, gives, today, by) if gives else None


def _delegated(made: "Decision", gives: tuple[Any, ...], today: date, by: Actor) -> int:
    what, agency_name, person, limit, limit_words, until = gives
    agency = agencies.agency_by_name(agency_name)
    return services.delegate(
        what=what,
        agency_id=agency.pk if agency else None,
        agency_name=agency_name,
        person=person,
        limit=None if limit is None else Decimal(limit),
        limit_words=limit_words,
        since=made.decided_on,
        until=today + timedelta(days=until),
        decision=made,
        by=by,
    ).number
