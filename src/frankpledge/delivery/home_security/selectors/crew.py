"""Reading for the crew's phone: only the visits of one's own crew on one day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from frankpledge.delivery.home_security.models import (
    Crew,
    CrewMember,
    Measure,
    SentVisit,
    Shift,
    StockItem,
    StockLevel,
    Visit,
    VisitPhoto,
)
from frankpledge.delivery.home_security.vocabulary import SentState, VisitState


def crews_of(person_key: int | None, day: date) -> list[Crew]:
    """The crews somebody works in on a day: their own, and any whose shift that day has their name. Two queries."""
    member = CrewMember.objects.select_related("crew").filter(person_id=person_key, is_active=True).first()
    if person_key is None or member is None:
        return []
    shifts = [
        shift.crew for shift in Shift.objects.filter(day=day).select_related("crew") if member.name in shift.names
    ]
    own = [member.crew] if member.crew and member.crew.is_active else []
    return sorted({crew.pk: crew for crew in [*own, *shifts]}.values(), key=lambda crew: crew.name)


def visits_of(crews: Iterable[Crew], day: date) -> list[Visit]:
    """The visits of these crews on a day, in their order, with the request of each. One query."""
    found = Visit.objects.filter(crew__in=[crew.pk for crew in crews], day=day).select_related("request", "crew")
    return list(found.order_by("order", "planned_start", "pk"))


def still_to_do(person_key: int | None, day: date) -> tuple[int, int]:
    """How many visits of a person's crew on a day are not ended, and how many there are. A fixed number of queries."""
    states = [visit.state for visit in visits_of(crews_of(person_key, day), day)]
    states = [state for state in states if state != VisitState.CANCELLED]
    return sum(state in (VisitState.PLANNED, VisitState.UNDER_WAY) for state in states), len(states)


def shift_of(crews: Iterable[Crew], day: date) -> Shift | None:
    """The shift of the first of these crews that has one on a day. One query."""
    return Shift.objects.filter(crew__in=[crew.pk for crew in crews], day=day).order_by("-ends").first()


def people_of(crews: Iterable[Crew], shift: Shift | None) -> list[str]:
    """Who works with these crews: as the shift says, else as the crew has them. One query at most."""
    if shift and shift.names:
        return [str(name) for name in shift.names]
    members = CrewMember.objects.filter(crew__in=[crew.pk for crew in crews], is_active=True)
    return [member.name for member in members.order_by("name")]


def measures() -> list[Measure]:
    """Everything a crew may have fitted, in the catalogue's order, with what is no longer offered. One query."""
    return list(Measure.objects.all())


def in_the_van(crews: Iterable[Crew]) -> dict[int, int]:
    """How many of each item lie in these crews' vans. One query."""
    levels = StockLevel.objects.filter(place__van__crew__in=[crew.pk for crew in crews])
    return dict(levels.values_list("item_id", "count"))


def item_name(key: int) -> str:
    """What an item is called."""
    return StockItem.objects.get(pk=key).name


def kept_beside(visits: Iterable[Visit]) -> set[int]:
    """Keys of those visits of which a second report waits for a decision. One query."""
    waiting = SentVisit.objects.filter(
        visit__in=[visit.pk for visit in visits], state=SentState.BESIDE, settled_at__isnull=True
    )
    return set(waiting.values_list("visit_id", flat=True))


def report_taken(visit: Visit) -> SentVisit | None:
    """The report that a visit's outcome came from."""
    return SentVisit.objects.filter(visit=visit, state=SentState.TAKEN).first()


def conflicts() -> QuerySet[SentVisit]:
    """Reports kept beside another one that nobody has decided on, oldest first."""
    waiting = SentVisit.objects.filter(state=SentState.BESIDE, settled_at__isnull=True)
    return waiting.select_related("visit__request", "visit__crew").order_by("received_at", "pk")


def doubtful_reports(since: date) -> QuerySet[SentVisit]:
    """Reports taken since a day in which something is odd, newest first."""
    odd = SentVisit.objects.filter(~Q(doubts=[]), state=SentState.TAKEN, received_at__date__gte=since)
    return odd.select_related("visit__request", "visit__crew")


def report(key: int) -> SentVisit | None:
    """One report with its visit."""
    return SentVisit.objects.select_related("visit__request", "visit__crew").filter(pk=key).first()


def photos(visit: Visit) -> list[tuple[int, str]]:
    """Key and caption of a visit's photos, without the pictures themselves. One query."""
    return list(VisitPhoto.objects.filter(visit=visit).values_list("pk", "caption"))


def photo(key: int) -> VisitPhoto | None:
    """One photo with its visit. One query."""
    return VisitPhoto.objects.select_related("visit").filter(pk=key).first()
