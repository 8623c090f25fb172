"""What crews report of their visits. A report is taken once, whatever the network did, and none is ever lost."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import (
    CocoonOffer,
    Fitted,
    HomeRequest,
    MarkingKit,
    Measure,
    Referral,
    SentVisit,
    Shift,
    StockLevel,
    StockMove,
    StockPlace,
    Visit,
)
from frankpledge.delivery.home_security.models.columns import NAME_LENGTH, TEXT_LENGTH
from frankpledge.delivery.home_security.rules import crew as rules
from frankpledge.delivery.home_security.rules.crew import Part, Told
from frankpledge.delivery.home_security.rules.passing_on import agree
from frankpledge.delivery.home_security.selectors import crew as selectors
from frankpledge.delivery.home_security.selectors.passing_on import onward_ended_since, open_referral
from frankpledge.delivery.home_security.services import kits
from frankpledge.delivery.home_security.vocabulary import (
    LIVE,
    ConflictChoice,
    CrewDoubt,
    MoveReason,
    OfferState,
    ReferralTo,
    RequestState,
    SentState,
    VisitState,
)
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken

Doubts = list[tuple[CrewDoubt, str]]
HEARD_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a report. A report sent twice gets the same answer twice, but for ``again``."""

    sent: SentVisit
    again: bool

    @property
    def state(self) -> SentState:
        """Taken, or kept beside another report."""
        return SentState(self.sent.state)


@transaction.atomic
def note_look(visits: Iterable[Visit], *, what: str, by: Actor) -> None:
    """Record that somebody saw today's visits, with whose names and addresses are on them."""
    keys = [visit.pk for visit in visits]
    subject = f"homes:visit {keys[0]}" if len(keys) == 1 else "homes:visits of a day"
    audit.record(act=Act.CONSULTATION, what=what, subject=subject, by=by, details={"visits": keys})


def note_heard(person_key: int | None, now: datetime) -> None:
    """A phone of somebody's crew has reached us: note it in today's shift, once a minute at most.

    What was noted on other days is forgotten: it is for safety on the day, not to look back at who was where.
    """
    day = timezone.localdate(now)
    crews = [crew.pk for crew in selectors.crews_of(person_key, day)]
    minute_ago = Q(last_heard_at__isnull=True) | Q(last_heard_at__lte=now - HEARD_EVERY)
    silent = Shift.objects.filter(minute_ago, crew__in=crews, day=day)
    if silent.exists():
        silent.update(last_heard_at=now)
        Shift.objects.filter(day__lt=day, last_heard_at__isnull=False).update(last_heard_at=None)


@transaction.atomic
def report_visit(visit_key: int, *, client_key: UUID, version: int, told: Told, by: Actor) -> Answer:
    """Take a crew's report of a visit, exactly once.

    The same ``client_key`` again gives the same answer and changes nothing. A report of a visit that another report
    has ended is kept beside it and shown to the coordinator. What is odd (``CrewDoubt``) never turns a report away.
    Raises DataProblem for a visit that is not there, or a key that another visit's report has.
    """
    permissions.check_can_visit(by)
    # Two phones wait for each other here, so that one of them finds what the other left.
    visit = Visit.objects.select_for_update(of=("self",)).select_related("request", "crew").filter(pk=visit_key).first()
    if visit is None:
        raise DataProblem("This visit is not there. Ask the coordinator; the report stays on this phone.")
    before = SentVisit.objects.filter(client_key=client_key).first()
    if before is not None:
        if before.visit_id != visit.pk:
            raise DataProblem("This report was already sent for another visit. Fill it in once more.")
        return Answer(before, again=True)
    now = timezone.now()
    verdict = rules.judge(VisitState(visit.state), visit.version, outcome=told.outcome, version_seen=version)
    doubts: Doubts = list(verdict.doubts)
    if visit.request and visit.request.is_forgotten:
        told = told.without_the_resident()
        doubts.append((CrewDoubt.WITHDRAWN, ""))
    doubts += _about_people(visit, told, by)
    times = rules.believed_times(told, now)
    doubts += times.doubts
    told, taken_back = _without_taken_back(visit, told, times)
    doubts += taken_back
    if verdict.state is SentState.TAKEN:
        _end(visit, told, times, client_key)
        doubts += _put_in(visit, told, by=by)
        doubts += _hand_over_kit(visit, told, times.finished_at)
        _pass_on(visit, told, by=by)
        _move_request(visit, told, times.finished_at)
    sent = SentVisit.objects.create(
        client_key=client_key,
        visit=visit,
        version_seen=version,
        state=verdict.state,
        told=told.as_dict(),
        doubts=[[doubt.value, detail] for doubt, detail in doubts],
        received_at=now,
        by_id=by.id or 0,
        by_name=storable(by.name)[:NAME_LENGTH],
    )
    audit.record(
        act=Act.COLLECTION,
        what=f"reported a visit: {told.outcome.value}, {verdict.state.value}",
        subject=f"homes:visit {visit.pk}",
        by=by,
        details={"report": str(client_key), "doubts": [doubt.value for doubt, _ in doubts]},
    )
    return Answer(sent, again=False)


@transaction.atomic
def settle_conflict(key: int, *, choice: ConflictChoice, by: Actor) -> SentVisit:
    """Decide on a report that met another one: the first stands, or what the second fitted is added to it.

    Both reports stay as they came, but for consent taken back since. Raises DataProblem if it is not there, RuleBroken
    if it was decided already.
    """
    permissions.check_can_edit(by)
    sent = (
        SentVisit.objects.select_for_update(of=("self",))
        .select_related("visit__request", "visit__crew")
        .filter(pk=key, state=SentState.BESIDE)
        .first()
    )
    if sent is None:
        raise DataProblem("This report is not there.")
    if sent.settled_at is not None:
        raise RuleBroken(f"{sent.settled_by_name} has decided this already.")
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=sent.visit_id)
    if choice is ConflictChoice.BOTH:
        told = Told.from_dict(sent.told)
        times = rules.believed_times(told, sent.received_at)
        told, taken_back = _without_taken_back(visit, told, times)
        if told.outcome is VisitState.DONE and visit.state != VisitState.DONE:
            _end(visit, told, times, sent.client_key)
            _move_request(visit, told, times.finished_at)
        else:
            visit.version += 1
            visit.save(update_fields=["version"])
        doubts = taken_back + _put_in(visit, told, by=by) + _hand_over_kit(visit, told, times.finished_at)
        sent.told = told.as_dict()
        sent.doubts = [*sent.doubts, *([doubt.value, detail] for doubt, detail in doubts)]
    sent.choice, sent.settled_at, sent.settled_by_name = choice, timezone.now(), storable(by.name)[:NAME_LENGTH]
    sent.save()
    audit.record(
        act=Act.ALTERATION,
        what=f"decided between two reports of a visit: {choice.value}",
        subject=f"homes:visit {visit.pk}",
        by=by,
        details={"report": str(sent.client_key)},
    )
    return sent


def _about_people(visit: Visit, told: Told, by: Actor) -> Doubts:
    """Whether somebody worked alone, and whether the crew that sent it is the one it was given to."""
    doubts: Doubts = []
    if len(told.names) == 1 and told.outcome is not VisitState.NO_ANSWER:
        doubts.append((CrewDoubt.ALONE, ""))
    own = selectors.crews_of(by.id, told.day)
    if by.id is not None and visit.crew_id not in {crew.pk for crew in own}:
        doubts.append((CrewDoubt.OTHER_CREW, ""))
    return doubts


def _without_taken_back(visit: Visit, told: Told, times: rules.Times) -> tuple[Told, Doubts]:
    """The report without consent to be passed on, where the home took consent back after it can have been given."""
    since = rules.agreed_from(told, times)
    if not told.onward or not onward_ended_since(visit.request_id, visit.uprn, since):
        return told, []
    return replace(told, onward=()), [(CrewDoubt.NOT_PASSED_ON, "")]


def _end(visit: Visit, told: Told, times: rules.Times, client_key: UUID) -> None:
    """Write the report into the visit."""
    visit.state = told.outcome
    visit.started_at, visit.finished_at = times.started_at, times.finished_at
    visit.client_key = client_key
    visit.version += 1
    visit.audit_sheet = {
        "checks": {thing: dict(said) for thing, said in told.checks.items()},
        "alarm_set": told.alarm_set,
        "content": told.content,
        "names": list(told.names),
    }
    visit.advice, visit.note = told.advice[:TEXT_LENGTH], told.note[:TEXT_LENGTH]
    visit.signed_by = told.signed_by[:NAME_LENGTH]
    visit.signature, visit.not_signed_because = told.signature, told.not_signed_because[:NAME_LENGTH]
    visit.consent_onward = bool(told.onward) if told.outcome is VisitState.DONE else None
    visit.save()


def _put_in(visit: Visit, told: Told, *, by: Actor) -> Doubts:
    """Note what the home has from now on, and take it out of the van's stock."""
    known = Measure.objects.select_related("stock_item").in_bulk(
        [part.measure for part in told.parts], field_name="key"
    )
    gone = [part.measure for part in told.parts if part.measure not in known]
    fitted_on = rules.believed_times(told, timezone.now()).finished_at.astimezone(rules.LONDON).date()
    wanted: Counter[int] = Counter()
    for part in told.parts:
        if part.measure not in known:
            continue
        measure = known[part.measure]
        if measure.stock_item_id:
            wanted[measure.stock_item_id] += part.quantity
        for quantity, serial in _by_serial(part):
            Fitted.objects.create(
                visit=visit,
                uprn=visit.uprn,
                measure=measure,
                quantity=quantity,
                serial=serial,
                funder=measure.funder,
                fitted_on=fitted_on,
            )
    doubts: Doubts = [(CrewDoubt.GONE, key) for key in gone]
    return doubts + _out_of_the_van(visit, wanted, by)


def _by_serial(part: Part) -> list[tuple[int, str]]:
    """One row for each thing with a number of its own, and one for all the others."""
    serials = part.serials[: part.quantity]
    rows = [(1, serial) for serial in serials]
    rest = part.quantity - len(serials)
    return [*rows, *([(rest, "")] if rest else [])]


def _out_of_the_van(visit: Visit, wanted: Mapping[int, int], by: Actor) -> Doubts:
    """Move what was fitted out of the crew's van. What its count does not know of is a doubt, never a minus."""
    place = StockPlace.objects.filter(van__crew_id=visit.crew_id).first() if visit.crew_id else None
    if place is None or not wanted:
        return []
    levels = {
        level.item_id: level
        for level in StockLevel.objects.select_for_update(of=("self",))
        .select_related("item")
        .filter(place=place, item_id__in=wanted)
        .order_by("pk")
    }
    taken, missing = rules.stock_moves(wanted, {item: level.count for item, level in levels.items()})
    now = timezone.now()
    for item, count in taken.items():
        levels[item].count -= count
        levels[item].save(update_fields=["count"])
        StockMove.objects.create(
            item_id=item,
            from_place=place,
            count=count,
            why=MoveReason.FITTED,
            visit=visit,
            at=now,
            by_name=storable(by.name)[:NAME_LENGTH],
        )
    return [(CrewDoubt.STOCK, selectors.item_name(item)) for item in missing]


def _hand_over_kit(visit: Visit, told: Told, at: datetime) -> Doubts:
    """Note whose home a kit's code names now. A code that names another home already is not moved."""
    if not told.kit_code:
        return []
    code = rules.plain_code(told.kit_code)
    kit = MarkingKit.objects.select_for_update().filter(code=code).first()
    if kit is None:
        if not rules.is_well_formed(code):
            kits.ask_about(visit, told.kit_code, None)
            return [(CrewDoubt.CODE_WRONG, told.kit_code)]
        kit = MarkingKit(code=code, brand=kits.brand())
    elif kit.uprn and kit.uprn != visit.uprn:
        kits.ask_about(visit, code, kit)
        return [(CrewDoubt.CODE_ELSEWHERE, code)]
    elif kit.uprn:
        return []
    kit.gone_on, kit.gone_because = None, ""  # it was thought lost, and is here
    kit.uprn, kit.visit, kit.issued_on = visit.uprn, visit, at.astimezone(rules.LONDON).date()
    kit.save()
    return []


def _pass_on(visit: Visit, told: Told, *, by: Actor) -> None:
    """Note the services a resident agreed to be passed on to."""
    Referral.objects.bulk_create(
        Referral(
            request=visit.request,
            visit=visit,
            uprn=visit.uprn,
            to=service,
            made_at=timezone.now(),
            by_name=storable(by.name)[:NAME_LENGTH],
        )
        for service in told.onward
        if visit.request is None or open_referral(visit.request, ReferralTo(service)) is None
    )


def _move_request(visit: Visit, told: Told, at: datetime) -> None:
    """A home that was done is off the list; one that was not is on it again, where it stood."""
    done = told.outcome is VisitState.DONE
    if done:
        waiting = CocoonOffer.objects.filter(
            uprn=visit.uprn, state__in=[OfferState.TO_OFFER, OfferState.ATTEMPTED, OfferState.MADE, OfferState.ACCEPTED]
        )
        waiting.update(state=OfferState.HAS_IT, changed_at=timezone.now(), changed_by_name="the crew's report")
    if visit.request_id is None:
        return
    request = HomeRequest.objects.select_for_update(of=("self",)).get(pk=visit.request_id)
    if RequestState(request.state) not in LIVE:
        return
    request.state = RequestState.DONE if done else RequestState.WAITING
    request.closed_at = at if done else None
    if told.onward:
        request.consent_for = agree(request.consent_onward, request.consent_for, told.onward)
        request.consent_onward = True
    request.version += 1
    request.save()
