"""Named reads of requests, the list they stand in, cocoons and messages."""

import json
import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter

from django.db.models import Case, Count, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from frankpledge.delivery.home_security.models import (
    Cocoon,
    CocoonOffer,
    Fitted,
    HomeRequest,
    Message,
    PriorityWeight,
)
from frankpledge.delivery.home_security.rules import asking as rules
from frankpledge.delivery.home_security.rules.asking import MOST_WEEKS, POINTS, Facts, PartPoints, Standing
from frankpledge.delivery.home_security.vocabulary import (
    LIVE,
    MeasureKind,
    MessageState,
    OfferPart,
    OfferState,
    Reason,
    RequestState,
)

LIVE_WORDS = [state.value for state in LIVE]
TO_PLACE = (RequestState.WAITING.value, RequestState.OFFERED.value)
SECURITY_KINDS = [kind.value for kind in MeasureKind if kind.is_security]
AT_ONCE = 1_000
ROWS_HELD = 500  # rows of the list held at a time: fewer objects for the collector to walk through
_FEWEST_LESS = itemgetter(0)  # more points first; of equals the one that asked earlier, as they come
SIX_MONTHS, FEWEST_WAITS = 183, 20


def request(reference: str) -> HomeRequest | None:
    """The request of this reference, as people write it, or None. One query."""
    tidy = rules.tidy_reference(reference)
    return HomeRequest.objects.filter(reference=tidy).select_related("joined_to").first() if tidy else None


def requests(keys: Collection[int]) -> dict[int, HomeRequest]:
    """Requests by their key. One query."""
    return HomeRequest.objects.in_bulk(list(keys))


def requests_in(state: RequestState) -> QuerySet[HomeRequest]:
    """Requests in a state, the newest first. Lazy."""
    return HomeRequest.objects.filter(state=state.value).order_by("-asked_at", "-pk")


def live_request(uprn: str) -> HomeRequest | None:
    """The request of a home on which something is still to be done. One query."""
    return HomeRequest.objects.filter(uprn=uprn, state__in=LIVE_WORDS).first() if uprn else None


def unsettled() -> QuerySet[HomeRequest]:
    """Requests whose home nobody has found yet, the oldest first. Lazy."""
    return HomeRequest.objects.filter(uprn="", state__in=LIVE_WORDS).order_by("asked_at", "pk")


def request_counts() -> dict[RequestState, int]:
    """How many requests stand in each state. One query."""
    rows = HomeRequest.objects.order_by().values_list("state").annotate(n=Count("pk"))
    return {RequestState(state): n for state, n in rows}


def not_asked_since(moments: Mapping[str, datetime]) -> set[str]:
    """Which of these homes have no live request and asked for nothing since their moment. One query a thousand."""
    wanted = sorted(moments)
    asked: set[str] = set()
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        rows = HomeRequest.objects.filter(uprn__in=part).values_list("uprn", "asked_at", "state")
        asked |= {uprn for uprn, asked_at, state in rows if state in LIVE_WORDS or asked_at >= moments[uprn]}
    return set(wanted) - asked


# -- the list ---------------------------------------------------------------------------------------------------------


def weights() -> dict[Reason, int]:
    """Points of each reason: as the coordinator set them, else as installed. One query."""
    return {**POINTS, **{Reason(word): n for word, n in PriorityWeight.objects.values_list("reason", "points")}}


def priority_list(today: date, points: Mapping[Reason, int] | None = None) -> list[Standing]:
    """All requests that wait or were offered times, in the order in which they are to be visited.

    Worked out in one pass from at most three queries, however many: 20,000 in a fraction of a second. ``points``: other
    weights than those in force, to see what they would do.
    """
    weighed = points if points is not None else weights()
    just, near = homes_in_live_cocoons(today)
    rows = (
        HomeRequest.objects.filter(state__in=TO_PLACE)
        .order_by("asked_at", "pk")
        # as the database writes them: nothing is made of 20,000 moments and lists of which a page shows fifty
        .annotate(needs=Cast("vulnerability", TextField()), asked=Cast("asked_at", TextField()), days=_waited(today))
        .values_list(
            "pk", "uprn", "burgled", "burgled_times", "needs", "channel", "neighbourhood", "missed_visits", "days",
            "asked", "tenure", "ward",
        )
    ).iterator(ROWS_HELD)  # fmt: skip
    said: dict[str, list[str]] = {}
    of_burglary = PartPoints(weighed, lambda known: Facts(*known))
    of_needs = PartPoints(weighed, lambda text: Facts(needs=said[text]))
    of_channel = PartPoints(weighed, lambda channel: Facts(channel=channel))
    of_area = PartPoints(weighed, lambda inside: Facts(in_priority_area=inside))
    of_missed = PartPoints(weighed, lambda missed: Facts(missed=missed))
    of_waiting = PartPoints(weighed, lambda days: Facts(days=int(days)))
    waited = {str(days): days for days in range(0, 7 * MOST_WEEKS + 1, 7)}
    found = []
    for key, uprn, burgled, times, needs, channel, neighbourhood, missed, days, asked, tenure, ward in rows:
        if needs not in said:
            said[needs] = json.loads(needs)
        burglary, inside = (burgled, times, uprn in just, uprn in near), neighbourhood != ""
        less = -(
            of_burglary[burglary] + of_needs[needs] + of_channel[channel] + of_area[inside] + of_missed[missed]
            + of_waiting[days]
        )  # fmt: skip
        found.append((less, key, (*burglary, said[needs], channel, inside, missed, waited[days]), asked, tenure, ward,
                      neighbourhood))  # fmt: skip
    found.sort(key=_FEWEST_LESS)
    return [
        Standing(key, place, -less, Facts._make(facts), weighed, asked, tenure, ward, neighbourhood)
        for place, (less, key, facts, asked, tenure, ward, neighbourhood) in enumerate(found, 1)
    ]


def _waited(today: date) -> Case:
    """Days of full weeks a request has waited at the end of ``today``, by the database; twelve weeks at most.

    In digits: a number would be made a number once more for every row.
    """
    midnight = timezone.make_aware(datetime.combine(today, time.max)).astimezone(UTC)
    return Case(
        *(When(asked_at__lte=midnight - timedelta(weeks=n), then=Value(str(7 * n))) for n in range(MOST_WEEKS, 0, -1)),
        default=Value("0"),
        output_field=TextField(),
    )


def homes_in_live_cocoons(today: date) -> tuple[set[str], set[str]]:
    """UPRNs of homes burgled lately, and of homes near one, while the raised risk lasts. One query."""
    rows = CocoonOffer.objects.filter(cocoon__alive_until__gte=today).order_by().values_list("uprn", "part")
    burgled: set[str] = set()
    near: set[str] = set()
    for uprn, part in rows:
        (burgled if part == OfferPart.VICTIM else near).add(uprn)
    return burgled, near


@dataclass(frozen=True, slots=True)
class Waits:
    """How long homes waited from asking to their visit: days within which half, and nine in ten, were visited."""

    half_days: int
    most_days: int
    n: int


def waits(now: datetime) -> Waits | None:
    """Of visits of the last six months; None with too few to say anything. One query."""
    rows = HomeRequest.objects.filter(state=RequestState.DONE.value, closed_at__gte=now - timedelta(days=SIX_MONTHS))
    days = sorted((end - start).days + 1 for start, end in rows.values_list("asked_at", "closed_at") if end)
    if len(days) < FEWEST_WAITS:
        return None
    return Waits(days[len(days) // 2], days[math.ceil(0.9 * len(days)) - 1], len(days))


# -- what a home has, and said ----------------------------------------------------------------------------------------


def with_security(uprns: Iterable[str]) -> set[str]:
    """Which of these homes have a lock, light or alarm of ours today. One query a thousand homes."""
    return _in_parts(
        uprns,
        lambda part: Fitted.objects.filter(
            uprn__in=part, measure__kind__in=SECURITY_KINDS, removed_on__isnull=True
        ).values_list("uprn", flat=True),
    )


def said_no(uprns: Iterable[str]) -> set[str]:
    """Which of these homes refused or withdrew, so that nobody calls on them again. Two queries a thousand homes."""
    wanted = list(uprns)
    no = (RequestState.REFUSED.value, RequestState.WITHDRAWN.value)
    asked = _in_parts(
        wanted,
        lambda part: HomeRequest.objects.filter(uprn__in=part, state__in=no).values_list("uprn", flat=True),
    )
    offered = _in_parts(
        wanted,
        lambda part: CocoonOffer.objects.filter(uprn__in=part, state=OfferState.REFUSED.value).values_list(
            "uprn", flat=True
        ),
    )
    return asked | offered


def _in_parts(uprns: Iterable[str], ask: Callable[[list[str]], Iterable[str]]) -> set[str]:
    wanted = sorted(set(uprns))
    found: set[str] = set()
    for start in range(0, len(wanted), AT_ONCE):
        found |= set(ask(wanted[start : start + AT_ONCE]))
    return found


# -- cocoons ----------------------------------------------------------------------------------------------------------


def cocoons() -> QuerySet[Cocoon]:
    """All cocoons, the newest first, with their offers. Lazy: two queries."""
    return Cocoon.objects.order_by("-burgled_on", "-pk").prefetch_related("offers__request")


def live_cocoons(today: date) -> QuerySet[Cocoon]:
    """Cocoons whose raised risk is not over. Lazy: two queries."""
    return cocoons().filter(alive_until__gte=today)


def cocoon(number: int) -> Cocoon | None:
    """One cocoon with its offers. Two queries."""
    return cocoons().filter(pk=number).first()


def offer(number: int) -> CocoonOffer | None:
    """One offer with its cocoon, or None. One query."""
    return CocoonOffer.objects.select_related("cocoon").filter(pk=number).first()


def answered_alerts(fingerprints: Collection[str]) -> set[str]:
    """Which of these alerts have a cocoon already. One query."""
    return set(Cocoon.objects.filter(alert__in=list(fingerprints)).values_list("alert", flat=True))


@dataclass(frozen=True, slots=True)
class Dosage:
    """What cocoons really delivered: numbers of homes, the burgled ones left out."""

    cocoons: int
    homes: int
    by_state: Mapping[OfferState, int]

    @property
    def reached(self) -> int:
        """Homes with which somebody spoke, or that have it."""
        spoken = (OfferState.MADE, OfferState.ACCEPTED, OfferState.REFUSED, OfferState.HAS_IT)
        return sum(self.by_state.get(state, 0) for state in spoken)


def dosage() -> Dosage:
    """Offers to neighbours by what became of them. Two queries."""
    rows = CocoonOffer.objects.filter(part=OfferPart.NEIGHBOUR.value).order_by().values_list("state")
    states = {OfferState(state): n for state, n in rows.annotate(n=Count("pk"))}
    return Dosage(Cocoon.objects.count(), sum(states.values()), states)


# -- messages ---------------------------------------------------------------------------------------------------------


def waiting_messages() -> QuerySet[Message]:
    """Messages the sender has not taken yet, the oldest first. Lazy."""
    return Message.objects.filter(state=MessageState.WAITING.value).order_by("made_at", "pk")
