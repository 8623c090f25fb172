"""Named reads of what was done, for those who ask how far the programme has come and whether it worked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min
from django.utils import timezone

from frankpledge.delivery.home_security.models import Contact, Fitted, HomeRequest, Visit
from frankpledge.delivery.home_security.rules.contacts import Asked, Tried
from frankpledge.delivery.home_security.selectors.asking import SECURITY_KINDS
from frankpledge.delivery.home_security.vocabulary import RequestState, VisitState

NO = (RequestState.REFUSED.value, RequestState.WITHDRAWN.value)


@dataclass(frozen=True, slots=True)
class FittedMeasure:
    """A measure of security in a home from a day on; ``kind`` is a MeasureKind value."""

    uprn: str
    kind: str
    fitted_on: date


def security_fitted() -> list[FittedMeasure]:
    """Every measure of security ever fitted, in order of time, those since removed left out. One query."""
    rows = Fitted.objects.filter(measure__kind__in=SECURITY_KINDS, removed_on__isnull=True)
    found = rows.order_by("fitted_on", "pk").values_list("uprn", "measure__kind", "fitted_on")
    return [FittedMeasure(*row) for row in found]


def first_fitted() -> dict[str, date]:
    """UPRN -> the day from which the home has had security of ours. One query."""
    rows = Fitted.objects.filter(measure__kind__in=SECURITY_KINDS, removed_on__isnull=True).order_by()
    return dict(rows.values_list("uprn").annotate(Min("fitted_on")))


def homes_that_said_no() -> set[str]:
    """UPRNs of homes that refused or withdrew and have not asked again. One query."""
    latest: Mapping[str, str] = dict(
        HomeRequest.objects.exclude(uprn="").order_by("asked_at", "pk").values_list("uprn", "state")
    )
    return {uprn for uprn, state in latest.items() if state in NO}


def visits_done() -> dict[date, int]:
    """Day -> how many visits were finished on it. One query."""
    done = Visit.objects.filter(state=VisitState.DONE.value).order_by()
    return dict(done.values_list("day").annotate(Count("pk")))


def contacts_made() -> list[Tried]:
    """Every contact with a home and every round of many, in order of time. One query."""
    rows = Contact.objects.order_by("at", "pk").values_list(
        "kind", "outcome", "homes", "cost", "at", "uprn", "request_id"
    )
    return [Tried(*row[:-1], about_request=row[-1] is not None) for row in rows]


def requests_heard() -> list[Asked]:
    """Every request with how the resident heard of it, those joined to another left out. Two queries.

    It counts as fitted where the home has had security of ours since the day it asked.
    """
    fitted, zone = first_fitted(), timezone.get_current_timezone()
    rows = HomeRequest.objects.exclude(state=RequestState.JOINED.value).order_by("asked_at", "pk")
    return [
        Asked(uprn, heard_from, channel, asked_at, fitted.get(uprn, date.min) >= asked_at.astimezone(zone).date())
        for uprn, heard_from, channel, asked_at in rows.values_list("uprn", "heard_from", "channel", "asked_at")
    ]
