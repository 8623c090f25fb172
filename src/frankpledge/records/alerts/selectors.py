"""Named reads of alerts. No name and no address stands in any of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Max, Q, QuerySet, Value, When

from frankpledge.records.alerts.models import Alert
from frankpledge.records.alerts.vocabulary import AlertKind, AlertState, Outcome

# What cannot wait comes first: a zone lives for days, a month's rise can wait for the next meeting.
_URGENCY = Case(*(When(kind=kind.value, then=Value(place)) for place, kind in enumerate(AlertKind)))


def alerts(
    *, kind: AlertKind | None = None, state: AlertState | None = None, within: Iterable[str] | None = None
) -> QuerySet[Alert]:
    """Alerts, the newest day first, of one day the most urgent kind, of one kind the strongest. Lazy: one query.

    ``within``: only those that rest on these grounds, as ``permissions.Reach`` says for a person; None: for the
    software itself.
    """
    found = Alert.objects.order_by("-as_of", _URGENCY, "-strength", "pk")
    if within is not None:
        found = found.filter(grounds__in=list(within))
    if kind is not None:
        found = found.filter(kind=kind.value)
    if state is not None:
        found = found.filter(state=state.value)
    return found


def alive(today: date, kind: AlertKind | None = None, *, within: Iterable[str] | None = None) -> QuerySet[Alert]:
    """Open alerts whose time is not over. Lazy."""
    return alerts(kind=kind, state=AlertState.OPEN, within=within).filter(alive_until__gte=today)


def alert(number: int) -> Alert | None:
    """The alert with this number, or None. One query."""
    return Alert.objects.filter(pk=number).first()


def known(fingerprints: Collection[str]) -> set[str]:
    """Which of these have been raised already. One query."""
    return set(Alert.objects.filter(fingerprint__in=list(fingerprints)).values_list("fingerprint", flat=True))


def to_score(until: date) -> list[Alert]:
    """Alerts not yet judged, the dismissed too, whose time was over by ``until``. One query."""
    return list(Alert.objects.filter(outcome="", alive_until__lte=until))


def newest_as_of(within: Iterable[str] | None = None) -> date | None:
    """The day up to which the newest alerts looked, or None without any. One query."""
    found: date | None = alerts(within=within).order_by().aggregate(newest=Max("as_of"))["newest"]
    return found


@dataclass(frozen=True, slots=True)
class Record:
    """How the alerts of one kind have turned out: numbers of alerts."""

    kind: AlertKind
    raised: int
    dismissed: int
    judged: int
    came_true: int


def track_record(within: Iterable[str] | None = None) -> list[Record]:
    """For each kind that was ever raised, how its alerts turned out. One query."""
    rows = (
        alerts(within=within)
        .order_by()
        .values("kind")
        .annotate(
            raised=Count("pk"),
            dismissed=Count("pk", filter=Q(state=AlertState.DISMISSED.value)),
            judged=Count("pk", filter=~Q(outcome="")),
            came_true=Count("pk", filter=Q(outcome=Outcome.CAME_TRUE.value)),
        )
    )
    found = {row["kind"]: row for row in rows}
    return [
        Record(kind, *(found[kind.value][name] for name in ("raised", "dismissed", "judged", "came_true")))
        for kind in AlertKind
        if kind.value in found
    ]
