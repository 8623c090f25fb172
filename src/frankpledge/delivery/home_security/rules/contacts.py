"""What each way of reaching homes cost and brought, and how people came to hear of it. Plain values in and out.

A request is credited to one way at most: to the one the resident names (a leaflet, somebody at the door), else to the
last contact with the home in the eight weeks before it asked. Contacts about a request that was made already are
counted apart: they bring visits about, not requests. Every price names what is divided by what.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from frankpledge.analysis.rates import exact_limits, rate_ratio
from frankpledge.analysis.results import Interval
from frankpledge.delivery.home_security.vocabulary import Channel, ContactKind, ContactOutcome, HeardFrom

FOLLOWS = timedelta(weeks=8)
FEW = 20  # below so many a price says little
_NAMED: Mapping[str, str] = {
    HeardFrom.LEAFLET.value: ContactKind.LEAFLET.value,
    HeardFrom.STREET_CANVASS.value: ContactKind.STREET_CANVASS.value,
}
_SPOKE = (ContactOutcome.REACHED.value, ContactOutcome.REFUSED.value)
CANVASS = (ContactKind.STREET_CANVASS.value, ContactKind.DOORSTEP.value)
DEMAND = (Channel.FORM.value, Channel.TELEPHONE.value)
HEARD_BY_CHANCE = (HeardFrom.LEAFLET.value, HeardFrom.WORD_OF_MOUTH.value, HeardFrom.NEWS.value)
"""Residents who ask by themselves use the form or telephone, or name one of these; others are referred or offered."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A contact, or a round of many. ``about_request``: the home had asked already. ``cost``: pounds, all together."""

    kind: str
    outcome: str
    homes: int
    cost: Decimal
    at: datetime
    uprn: str = ""
    about_request: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: how the resident heard of it, and whether security was fitted because of it."""

    uprn: str
    heard_from: str
    channel: str
    asked_at: datetime
    fitted: bool


@dataclass(frozen=True, slots=True)
class Price:
    """Pounds over how many. ``value`` None where there is none; limits: what chance alone could make of the count."""

    pounds: Decimal
    count: int

    @property
    def value(self) -> float | None:
        return float(self.pounds) / self.count if self.count else None

    @property
    def few(self) -> bool:
        """Whether there are too few to lean on."""
        return self.count < FEW

    @property
    def limits(self) -> tuple[float, float] | None:
        """The lowest and the highest price the count fits at 95 %; None for no count."""
        if not self.count:
            return None
        counted = exact_limits(self.count)
        return float(self.pounds) / counted.upper, float(self.pounds) / (counted.lower or 1.0)


@dataclass(frozen=True, slots=True)
class Way:
    """One way of reaching homes: attempts, homes tried, homes where somebody spoke to us, and what followed."""

    kind: str
    contacts: int
    homes: int
    spoken: int
    cost: Decimal
    requests: int
    fitted: int

    @property
    def per_contact(self) -> Price:
        return Price(self.cost, self.homes)

    @property
    def per_request(self) -> Price:
        return Price(self.cost, self.requests)

    @property
    def per_install(self) -> Price:
        return Price(self.cost, self.fitted)


@dataclass(frozen=True, slots=True)
class Source:
    """One way of hearing of it: requests that name it, and homes fitted because of them."""

    heard_from: str
    requests: int
    fitted: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Knocking at every door against waiting to be asked. ``ratio``: fittings for a pound, canvass over demand."""

    canvass: Way
    demand: Way
    ratio: Interval | None
    value: float | None


def credited(asked: Sequence[Asked], tried: Iterable[Tried]) -> list[str]:
    """For each request the way of contact it is credited to; empty for none."""
    at_home: dict[str, list[Tried]] = {}
    for one in sorted(tried, key=lambda one: one.at):
        if one.uprn and not one.about_request:
            at_home.setdefault(one.uprn, []).append(one)
    return [_NAMED.get(one.heard_from) or _last_before(one, at_home.get(one.uprn, ())) for one in asked]


def _last_before(asked: Asked, contacts: Sequence[Tried]) -> str:
    before = [one for one in contacts if asked.asked_at - FOLLOWS <= one.at <= asked.asked_at]
    return before[-1].kind if before else ""


def ways(tried: Sequence[Tried], asked: Sequence[Asked]) -> list[Way]:
    """Every way that was tried to find homes or that a request is credited to, in the order of ``ContactKind``."""
    found = [one for one in tried if not one.about_request]
    credit = credited(asked, tried)
    requests = Counter(credit)
    fitted = Counter(way for way, one in zip(credit, asked, strict=True) if one.fitted)
    kinds = {one.kind for one in found} | set(requests)
    return [
        _way(kind.value, [one for one in found if one.kind == kind], requests[kind.value], fitted[kind.value])
        for kind in ContactKind
        if kind.value in kinds
    ]


def arranging(tried: Sequence[Tried]) -> list[Way]:
    """Contacts with homes that had asked already, by way."""
    found = [one for one in tried if one.about_request]
    return [
        _way(kind.value, [one for one in found if one.kind == kind], 0, 0)
        for kind in ContactKind
        if any(one.kind == kind for one in found)
    ]


def _way(kind: str, tried: Sequence[Tried], requests: int, fitted: int) -> Way:
    return Way(
        kind=kind,
        contacts=len(tried),
        homes=sum(one.homes for one in tried),
        spoken=sum(one.homes for one in tried if one.outcome in _SPOKE),
        cost=sum((one.cost for one in tried), Decimal(0)),
        requests=requests,
        fitted=fitted,
    )


def sources(asked: Iterable[Asked]) -> list[Source]:
    """Requests by how the resident heard of it, the commonest first."""
    requests: Counter[str] = Counter()
    fitted: Counter[str] = Counter()
    for one in asked:
        requests[one.heard_from] += 1
        fitted[one.heard_from] += one.fitted
    return [Source(name, n, fitted[name]) for name, n in requests.most_common()]


def _by_themselves(asked: Asked) -> bool:
    return asked.channel in DEMAND or asked.heard_from in HEARD_BY_CHANCE


def compared(tried: Sequence[Tried], asked: Sequence[Asked]) -> Comparison:
    """Canvass: doors knocked at and requests credited to that. Demand: what residents asked for by themselves.

    Demand is charged with every other contact that was to find homes: leaflets, letters and the like.
    """
    found = [one for one in tried if not one.about_request]
    credit = credited(asked, tried)
    sides = {"canvass": [0, 0], "demand": [0, 0]}
    for way, one in zip(credit, asked, strict=True):
        side = "canvass" if way in CANVASS else "demand" if _by_themselves(one) else ""
        if side:
            sides[side][0] += 1
            sides[side][1] += one.fitted
    canvass = _way("canvass", [one for one in found if one.kind in CANVASS], *sides["canvass"])
    demand = _way("demand", [one for one in found if one.kind not in CANVASS], *sides["demand"])
    if not (canvass.cost and demand.cost and canvass.fitted + demand.fitted):
        return Comparison(canvass, demand, None, None)
    ratio = rate_ratio(canvass.fitted, float(canvass.cost), demand.fitted, float(demand.cost))
    return Comparison(canvass, demand, ratio.interval, ratio.value)
