"""Named writes that set a programme up from what an earlier register knows: the store, and visits booked elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from statistics import median

from django.db import transaction

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import Fitted, HomeRequest, Measure, Shift, StockPlace, Visit
from frankpledge.delivery.home_security.rules import doing as rules
from frankpledge.delivery.home_security.selectors import doing as selectors
from frankpledge.delivery.home_security.vocabulary import PlaceKind, RequestState, VisitState
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.places import selectors as places
from frankpledge.vocabulary.actors import Actor

STORE = "Store"


@transaction.atomic
def place_store(*, near: Sequence[str], by: Actor) -> StockPlace:
    """Name the store if there is none, and put it amid these homes if nobody said where it is."""
    permissions.check_can_edit(by)
    store, _ = StockPlace.objects.get_or_create(name=STORE, defaults={"kind": PlaceKind.STORE.value})
    found = places.positions_of(near)
    if store.easting is None and found:
        store.easting = float(median(x for x, _, _ in found.values()))
        store.northing = float(median(y for _, y, _ in found.values()))
        store.save(update_fields=["easting", "northing"])
    return store


@dataclass(frozen=True, slots=True)
class Booked:
    """A visit booked elsewhere: which request, which day, between which hours."""

    request: int
    day: date
    window: tuple[time, time] | None


@transaction.atomic
def book_many(booked: Sequence[Booked], *, by: Actor) -> int:
    """Take over visits booked elsewhere, for requests that wait; nobody is written to. Returns how many."""
    permissions.check_can_edit(by)
    held = HomeRequest.objects.filter(state=RequestState.WAITING.value).in_bulk([one.request for one in booked])
    plan, known = selectors.usual_plan(), selectors.fittings()
    minutes = rules.minutes_of(plan, known)
    new = [one for one in booked if one.request in held]
    Visit.objects.bulk_create(
        Visit(
            request_id=one.request, uprn=held[one.request].uprn, day=one.day, minutes=minutes, plan=plan,
            window_from=one.window[0] if one.window else None, window_until=one.window[1] if one.window else None,
        )
        for one in new
    )  # fmt: skip
    HomeRequest.objects.filter(pk__in=[one.request for one in new]).update(state=RequestState.BOOKED.value)
    audit.record(
        act=Act.COLLECTION, what=f"took over {len(new)} booked visits", subject="homes:visits", by=by, details={}
    )
    return len(new)


@transaction.atomic
def put_heard(crew: str, at: datetime, *, by: Actor) -> None:
    """Say when a phone of a crew was last heard on the day of ``at``, as an earlier system knows it."""
    permissions.check_can_edit(by)
    day = at.astimezone(rules.LONDON).date()
    Shift.objects.filter(crew__name=crew, day=day, last_heard_at__isnull=True).update(last_heard_at=at)


@transaction.atomic
def put_state(visit: Visit, *, state: VisitState, ended: datetime | None, by: Actor) -> Visit:
    """Take over how far a visit has come, as an earlier register says: what was planned is what was fitted."""
    permissions.check_can_edit(by)
    visit.state, visit.version = state, visit.version + 1
    visit.started_at, visit.finished_at = visit.planned_start, ended
    visit.save(update_fields=["state", "version", "started_at", "finished_at"])
    if state is VisitState.DONE:
        known = Measure.objects.in_bulk([part["measure"] for part in visit.plan], field_name="key")
        Fitted.objects.bulk_create(
            Fitted(
                visit=visit, uprn=visit.uprn, measure=known[part["measure"]], quantity=part["quantity"],
                funder=known[part["measure"]].funder, fitted_on=visit.day,
            )
            for part in visit.plan
            if part["measure"] in known
        )  # fmt: skip
    states = {VisitState.DONE: RequestState.DONE, VisitState.NO_ANSWER: RequestState.WAITING}
    if visit.request_id is not None and state in states:
        HomeRequest.objects.filter(pk=visit.request_id).update(
            state=states[state].value, closed_at=ended if state is VisitState.DONE else None
        )
    audit.record(act=Act.COLLECTION, what=f"took over a visit: {state.value}", subject=f"homes:visit {visit.pk}", by=by)
    return visit
