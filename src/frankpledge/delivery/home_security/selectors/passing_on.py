"""Named reads of passing residents on to other services. They name people: whoever shows them records the look."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from frankpledge.delivery.home_security.models import HomeRequest, Referral, ServiceOffer, Visit
from frankpledge.delivery.home_security.rules import passing_on as rules
from frankpledge.delivery.home_security.rules.passing_on import Known, Passed
from frankpledge.delivery.home_security.vocabulary import (
    LIVE,
    Burgled,
    Channel,
    Need,
    OfferAnswer,
    ReferralState,
    ReferralTo,
    RequestState,
    VisitState,
)

BURGLED = Q(burgled=Burgled.MY_HOME.value) | Q(burgled_times__gt=0)
LEFT_OUT = (RequestState.JOINED.value, RequestState.WITHDRAWN.value)
COLUMNS = ("pk", "uprn", "reference", "name", "address", "asked_at", "vulnerability", "burgled", "burgled_times",
           "consent_onward", "consent_for")  # fmt: skip


def known_homes() -> list[Known]:
    """Homes that were burgled, have a need or consented, each once with its latest request. Four queries.

    A home that wants nothing more of us is not there with what it asked before that either.
    """
    said_no_since = HomeRequest.objects.filter(
        state=RequestState.WITHDRAWN.value, uprn=OuterRef("uprn"), closed_at__gte=OuterRef("closed_at")
    ).exclude(uprn="")
    rows = HomeRequest.objects.exclude(state__in=LEFT_OUT).filter(
        BURGLED | Q(consent_onward=True) | ~Q(vulnerability=[]), ~Exists(said_no_since)
    )
    homes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.order_by("asked_at", "pk").values(*COLUMNS):
        homes[row["uprn"] or f"request {row['pk']}"].append(row)
    keys = {row["pk"] for group in homes.values() for row in group}
    passed, answers, weak = _passed(), _answers(), _weak(keys)
    return [_known(uprn, group, passed, answers, weak) for uprn, group in homes.items()]


def _known(
    uprn: str,
    group: list[dict[str, Any]],
    passed: dict[Any, set[ReferralTo]],
    answers: dict[int, dict[ReferralTo, OfferAnswer]],
    weak: dict[int, tuple[str, ...]],
) -> Known:
    latest = group[-1]
    keys = [row["pk"] for row in group]
    said: dict[ReferralTo, OfferAnswer] = {}
    for key in keys:
        said |= answers.get(key, {})
    return Known(
        request=latest["pk"],
        reference=latest["reference"],
        name=latest["name"],
        address=latest["address"],
        asked_on=timezone.localdate(latest["asked_at"]),
        needs=frozenset(Need(word) for row in group for word in row["vulnerability"]),
        is_victim=any(row["burgled"] == Burgled.MY_HOME or row["burgled_times"] for row in group),
        weak=next((weak[key] for key in reversed(keys) if key in weak), ()),
        agreed=rules.agreed(latest["consent_onward"], latest["consent_for"]),
        passed=frozenset(passed.get(uprn, set()).union(*(passed.get(key, set()) for key in keys))),
        answers=said,
    )


def _passed() -> dict[Any, set[ReferralTo]]:
    """UPRN or key of a request -> services its home was passed on to."""
    found: dict[Any, set[ReferralTo]] = defaultdict(set)
    for uprn, request, to in Referral.objects.order_by().values_list("uprn", "request_id", "to"):
        for key in filter(None, (uprn, request)):
            found[key].add(ReferralTo(to))
    return found


def _answers() -> dict[int, dict[ReferralTo, OfferAnswer]]:
    """Key of a request -> the latest answer to each service it was offered."""
    found: dict[int, dict[ReferralTo, OfferAnswer]] = defaultdict(dict)
    for request, to, answer in ServiceOffer.objects.order_by("at", "pk").values_list("request_id", "to", "answer"):
        found[request][ReferralTo(to)] = OfferAnswer(answer)
    return found


def _weak(keys: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Key of a request -> what was found weak at its latest visit; only of homes that told a need."""
    done = Visit.objects.filter(state=VisitState.DONE.value, request__isnull=False)
    with_needs = done.exclude(request__vulnerability=[]).order_by("finished_at", "pk")
    rows = with_needs.values_list("request_id", "audit_sheet")
    return {request: rules.weak_points(sheet) for request, sheet in rows if request in keys}


def burgled_without_needs() -> tuple[int, int]:
    """How many burgled homes there are, and of how many of them no need is known. One query."""
    rows = HomeRequest.objects.exclude(state__in=LEFT_OUT).filter(BURGLED).values_list("uprn", "pk", "vulnerability")
    homes: dict[Any, bool] = {}
    for uprn, key, needs in rows.order_by():
        homes[uprn or key] = homes.get(uprn or key, False) or bool(needs)
    return len(homes), sum(not known for known in homes.values())


@dataclass(frozen=True, slots=True)
class RepeatVictims:
    """Homes burgled twice or more within a year, as the police record says, and where they stand: the four add up."""

    known: int
    visited: int
    waiting: int
    said_no: int
    unanswered: int


def repeat_victims() -> RepeatVictims:
    """Where homes of repeat victims stand, each by its latest request. One query."""
    repeat = Q(burgled_times__gte=2) | Q(channel=Channel.REPEAT_VICTIM.value)
    rows = HomeRequest.objects.filter(repeat).exclude(state=RequestState.JOINED.value).order_by("asked_at", "pk")
    latest = {uprn or key: RequestState(state) for uprn, key, state in rows.values_list("uprn", "pk", "state")}
    count = Counter(latest.values())
    return RepeatVictims(
        known=len(latest),
        visited=count[RequestState.DONE],
        waiting=sum(count[state] for state in LIVE),
        said_no=count[RequestState.REFUSED] + count[RequestState.WITHDRAWN],
        unanswered=count[RequestState.UNANSWERED],
    )


def referrals() -> QuerySet[Referral]:
    """Everybody passed on: those whose service is to be told to stop first, then the unanswered, the oldest first."""
    return Referral.objects.select_related("request").order_by(
        F("answered_at").asc(nulls_first=True), "made_at", "pk"
    )  # fmt: skip


def to_tell() -> QuerySet[Referral]:
    """Passed on, consent taken back since, and the service not told yet: not where it had declined. Lazy."""
    open_ = Referral.objects.filter(withdrawn_at__isnull=False, told_at__isnull=True)
    return open_.exclude(state=ReferralState.DECLINED.value).order_by("withdrawn_at", "pk")


def all_passed() -> list[Passed]:
    """Everybody passed on, as the rates count them. One query."""
    rows = Referral.objects.order_by().values_list("to", "state", "made_at", "withdrawn_at")
    return [Passed(ReferralTo(to), ReferralState(state), at, gone is not None) for to, state, at, gone in rows]


def referral(key: int) -> Referral | None:
    """One referral with its request. One query."""
    return Referral.objects.select_related("request", "visit").filter(pk=key).first()


def onward_ended_since(request_key: int | None, uprn: str, since: datetime) -> bool:
    """Whether a request, or another of its home, took consent to be passed on back then or later. One query."""
    same = Q(pk=request_key) | Q(uprn=uprn) & ~Q(uprn="")
    return HomeRequest.objects.filter(same, onward_ended_at__gte=since).exists()


def open_referral(request: HomeRequest, to: ReferralTo) -> Referral | None:
    """The referral of a request's home to a service that is not answered and not stopped. One query."""
    same = Q(request=request) | Q(uprn=request.uprn) & ~Q(uprn="")
    return Referral.objects.filter(
        same, to=to.value, state=ReferralState.SENT.value, withdrawn_at__isnull=True
    ).first()  # fmt: skip
