"""What the coordinator's one button does after a burglary: letters to the neighbours, a visit to the burgled home."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext, ngettext

from frankpledge.analysis.day_routes import clock, openings
from frankpledge.delivery.home_security.models import Cocoon, Visit
from frankpledge.delivery.home_security.rules import doing as rules
from frankpledge.delivery.home_security.selectors import asking
from frankpledge.delivery.home_security.selectors import doing as selectors
from frankpledge.delivery.home_security.services import asking as offers
from frankpledge.delivery.home_security.services import doing
from frankpledge.delivery.home_security.vocabulary import RequestState
from frankpledge.vocabulary.actors import Actor


@transaction.atomic
def answer(
    cocoon: Cocoon, *, only: Collection[int] | None = None, visit_too: bool = True, now: datetime, by: Actor
) -> str:
    """Approve a cocoon and, where a crew has room today, book its burgled home; returns what was done in a sentence.

    ``only``: keys of the offers to send, else all; without ``visit_too`` nothing is booked.
    """
    sent = offers.approve_cocoon(cocoon, only=only, by=by)
    words = ngettext("{n} letter is on its way.", "{n} letters are on their way.", sent).format(n=sent)
    if not visit_too:
        return words
    visit = _visit(cocoon, now, by)
    if visit is None or visit.planned_start is None or visit.crew is None:
        return words + " " + gettext("No crew has room today: the burgled home stands first in the list.")
    return (
        words
        + " "
        + gettext("Crew {crew} visits the burgled home at {time}.").format(
            crew=visit.crew.name, time=clock(rules.local_minute(visit.planned_start))
        )
    )


def _visit(cocoon: Cocoon, now: datetime, by: Actor) -> Visit | None:
    request = asking.live_request(cocoon.uprn)
    if request is None or request.state == RequestState.BOOKED:
        return None
    state = selectors.the_day(now.astimezone(rules.LONDON).date(), now)
    stop = doing.new_stop(cocoon.uprn, state)
    routes = [route for route in doing.all_routes(state) if route is not None]
    found = openings(stop, routes, store=state.store, most=1) if stop else ()
    if not found:
        return None
    crew = next(shift.crew for shift in state.shifts if shift.crew.name == found[0].crew)
    booked = doing.book(request, day=state.day, crew=crew, starts=found[0].starts, cocoon=cocoon, now=now, by=by)
    return selectors.visit(booked.pk)
