"""Named reads of calls after visits: who can be drawn, whom to call, and what was said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from frankpledge.delivery.home_security.models import CallDraw, Fitted, HomeRequest, QualityCall, Visit
from frankpledge.delivery.home_security.rules.quality import QUESTIONS
from frankpledge.delivery.home_security.vocabulary import CallOutcome, MeasureKind, RequestState, VisitState


def to_draw_from(first: date, last: date) -> list[int]:
    """Finished visits of these days without a call, the latest of each home, in order of their keys. One query.

    Homes that have said since that they want nothing more of us are not called, nor those that were erased.
    """
    rows = Visit.objects.filter(
        ~_not_to_call(), state=VisitState.DONE.value, day__range=(first, last), quality_call__isnull=True
    ).order_by("day", "pk")
    return sorted(dict(rows.values_list("uprn", "pk")).values())


def _not_to_call(visit: str = "") -> Exists:
    """Whether a visit's home has said since that it wants nothing more of us, or was erased.

    ``visit``: the way to the visit, as "visit__". An erased request of somebody who lived there before says nothing.
    """
    no_more = Q(erased_at__isnull=False) | Q(state=RequestState.WITHDRAWN.value)
    since = Q(uprn=OuterRef(f"{visit}uprn"), closed_at__gte=OuterRef(f"{visit}finished_at")) & ~Q(uprn="")
    own = Q(pk=OuterRef(f"{visit}request_id"))
    return Exists(HomeRequest.objects.filter(no_more, since | own))


def not_to_call(calls: Iterable[QualityCall]) -> set[int]:
    """Keys of those of these calls that are not to be made. One query."""
    keys = [call.pk for call in calls]
    return set(QualityCall.objects.filter(_not_to_call("visit__"), pk__in=keys).values_list("pk", flat=True))


def draw_of(week_on: date) -> CallDraw | None:
    """The draw of the week that begins on this Monday. One query."""
    return CallDraw.objects.filter(week_on=week_on).first()


def call(number: int) -> QualityCall | None:
    """One call with its visit, request and draw. One query."""
    return QualityCall.objects.select_related("draw", "visit__request", "visit__crew").filter(pk=number).first()


def calls_of(draw: CallDraw) -> QuerySet[QualityCall]:
    """The calls of a draw in the order they were drawn. Lazy."""
    return QualityCall.objects.filter(draw=draw).select_related("visit__request", "visit__crew").order_by("place")


def to_try_again(before: CallDraw | None) -> QuerySet[QualityCall]:
    """Calls of other weeks that nobody made yet and that are still to be made, the oldest first. Lazy."""
    rows = QualityCall.objects.filter(~_not_to_call("visit__"), outcome=CallOutcome.TO_CALL.value).select_related(
        "visit__request", "draw"
    )
    return (rows.exclude(draw=before) if before else rows).order_by("draw__week_on", "place")


def complaints() -> QuerySet[QualityCall]:
    """Complaints nobody has done anything about, the oldest first. Lazy."""
    rows = QualityCall.objects.filter(complains=True, settled="").select_related("visit__request", "visit__crew")
    return rows.order_by("called_at", "pk")


def has_alarm(visit_id: int) -> bool:
    """Whether the visit fitted an alarm. One query."""
    return Fitted.objects.filter(
        visit_id=visit_id, measure__kind=MeasureKind.ALARM.value, removed_on__isnull=True
    ).exists()


@dataclass(frozen=True, slots=True)
class Tally:
    """Yes and all answers to one question, and how many of the homes asked could have answered it."""

    yes: int
    n: int
    asked: int


@dataclass(frozen=True, slots=True)
class Survey:
    """What calls of the drawn homes brought. ``asked``: all drawn but those of the last week that wait for their call.

    A home of an earlier week that nobody called counts as asked: leaving one out would be picking.
    """

    drawn: int
    asked: int
    outcomes: Mapping[CallOutcome, int]
    questions: Mapping[str, Tally]
    content_by_ward: Mapping[str, tuple[int, int]]  # ward -> yes, answers
    asked_by_ward: Mapping[str, int]
    complaints: int

    @property
    def reached(self) -> int:
        """Homes where somebody answered questions."""
        return self.outcomes.get(CallOutcome.REACHED, 0)


def survey(first: date, last: date) -> Survey:
    """What the homes drawn in weeks that began on these days say; ``last`` is a Monday. Two queries, however many."""
    rows = list(
        QualityCall.objects.filter(draw__week_on__range=(first, last)).values_list(
            "visit_id", "draw__week_on", "outcome", *QUESTIONS, "complains", "visit__request__ward"
        )
    )
    alarms = set(
        Fitted.objects.filter(
            visit__quality_call__draw__week_on__range=(first, last), measure__kind=MeasureKind.ALARM.value
        ).values_list("visit_id", flat=True)
    )
    outcomes: dict[CallOutcome, int] = {}
    wards: dict[str, tuple[int, int]] = {}
    asked_there: dict[str, int] = {}
    tallies = {name: [0, 0, 0] for name in QUESTIONS}
    complaints = asked = 0
    for visit, week_on, word, *answers, complains, ward in rows:
        outcome = CallOutcome(word)
        is_asked = outcome is not CallOutcome.TO_CALL or week_on < last
        asked += is_asked
        asked_there[ward or ""] = asked_there.get(ward or "", 0) + is_asked
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        complaints += complains
        for name, answer in zip(QUESTIONS, answers, strict=True):
            tally = tallies[name]
            tally[0] += answer is True
            tally[1] += answer is not None
            tally[2] += is_asked and (name != "sets_alarm" or visit in alarms)
        if answers[0] is not None:
            yes, n = wards.get(ward or "", (0, 0))
            wards[ward or ""] = (yes + answers[0], n + 1)
    questions = {name: Tally(*tally) for name, tally in tallies.items()}
    return Survey(len(rows), asked, outcomes, questions, wards, asked_there, complaints)
