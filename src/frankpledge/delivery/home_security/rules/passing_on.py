"""Passing residents on, by rule: who is to be offered what, what their consent covers, and when an answer is overdue.

Consent on the request form names the fire service and nobody else. Any other service is consented to by name: to the
crew at the visit, or to staff. Without consent nobody is passed on; a need alone only makes an offer due.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from frankpledge.delivery.home_security.vocabulary import (
    ContactKind,
    Found,
    Need,
    OfferAnswer,
    ReferralState,
    ReferralTo,
)

CHASE_DAYS = 28
FRAIL = (Need.AGED, Need.DISABLED)
AT_RISK_OF_FIRE = (Need.AGED, Need.DISABLED, Need.ALONE, Need.CHILDREN)
IN_FEAR = (Need.FEAR, Need.THREATENED)
BURGLED, ASKED_FOR_IT, WEAK = "burgled", "agreed on the form", "weak at the visit"
# What each service has to know of a home's needs; everything else stays here.
TOLD: Mapping[ReferralTo, tuple[Need, ...]] = {
    ReferralTo.HANDY_PERSON: FRAIL,
    ReferralTo.FIRE_SERVICE: AT_RISK_OF_FIRE,
    ReferralTo.ENERGY: (Need.AGED, Need.DISABLED, Need.CHILDREN),
    ReferralTo.VICTIM_SUPPORT: IN_FEAR,
}
# Work on the building needs whoever owns it.
KNOWS_TENURE = (ReferralTo.HANDY_PERSON, ReferralTo.ENERGY)
BY_TELEPHONE = (ContactKind.TELEPHONE, ContactKind.TEXT)


# -- consent ----------------------------------------------------------------------------------------------------------


def agreed(consent_onward: bool, consent_for: Iterable[str]) -> frozenset[ReferralTo]:
    """The services a resident may be passed on to. Without any named it is what the form asks: the fire service."""
    if not consent_onward:
        return frozenset()
    return frozenset(ReferralTo(word) for word in consent_for) or frozenset({ReferralTo.FIRE_SERVICE})


def agree(consent_onward: bool, consent_for: Iterable[str], more: Iterable[str]) -> list[str]:
    """``consent_for`` once a resident has agreed to ``more`` by name: nothing they did not say, nothing lost."""
    named = agreed(consent_onward, consent_for) | {ReferralTo(word) for word in more}
    return [service.value for service in ReferralTo if service in named]


# -- who is to be passed on -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """One home as far as passing on goes, of all its requests together."""

    request: int  # its latest request
    reference: str
    name: str
    address: str
    asked_on: date
    needs: frozenset[Need] = frozenset()
    is_victim: bool = False
    weak: tuple[str, ...] = ()  # found weak at a visit and not put right
    agreed: frozenset[ReferralTo] = frozenset()
    passed: frozenset[ReferralTo] = frozenset()
    answers: Mapping[ReferralTo, OfferAnswer] = field(default_factory=dict)  # the latest to each service

    def is_offered(self, to: ReferralTo) -> bool:
        """Whether somebody there was really asked, or passed on. An attempt that reached nobody is no offer."""
        return to in self.passed or self.answers.get(to) in (OfferAnswer.YES, OfferAnswer.NO)


@dataclass(frozen=True, slots=True)
class Due:
    """A home and a service it is to be offered, or passed on to; ``why`` in words of this module and of Need."""

    home: Known
    to: ReferralTo
    why: tuple[str, ...]

    @property
    def is_agreed(self) -> bool:
        """Whether the resident consented: to pass on. Otherwise it is to be offered first."""
        return self.to in self.home.agreed


def due(home: Known) -> list[Due]:
    """What a home is to be offered or passed on to. Nothing it has had, and nothing it said no to."""
    found = ((to, why) for to, why in _wants(home) if to not in home.passed)
    return [
        Due(home, to, tuple(why)) for to, why in found if to in home.agreed or home.answers.get(to) != OfferAnswer.NO
    ]


def _wants(home: Known) -> list[tuple[ReferralTo, list[str]]]:
    wants: list[tuple[ReferralTo, list[str]]] = []
    frail = _words(home.needs, FRAIL)
    if frail and (home.is_victim or home.weak):
        why = [BURGLED] * home.is_victim + frail + [f"{WEAK}: {', '.join(home.weak)}"] * bool(home.weak)
        wants.append((ReferralTo.HANDY_PERSON, why))
    if ReferralTo.FIRE_SERVICE in home.agreed:
        wants.append((ReferralTo.FIRE_SERVICE, [ASKED_FOR_IT, *_words(home.needs, AT_RISK_OF_FIRE)]))
    fear = _words(home.needs, IN_FEAR)
    if fear and home.is_victim:
        wants.append((ReferralTo.VICTIM_SUPPORT, [BURGLED, *fear]))
    named = {to for to, _ in wants}
    wants += [(to, [ASKED_FOR_IT]) for to in ReferralTo if to in home.agreed - named]
    return wants


def _words(needs: Collection[Need], of: Sequence[Need]) -> list[str]:
    return [need.value for need in of if need in needs]


def weak_points(audit_sheet: Mapping[str, Mapping[str, Mapping[str, str]]]) -> tuple[str, ...]:
    """What a crew found weak and did not put right."""
    checks = audit_sheet.get("checks") or {}
    return tuple(thing for thing, said in checks.items() if said.get("found") == Found.WEAK)


# -- how far it has come ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offered:
    """Of all burgled homes known to have this need, how many were offered the handy-person service."""

    need: Need
    known: int
    offered: int
    tried: int  # not offered: somebody tried and reached nobody

    @property
    def left(self) -> int:
        """Not offered yet."""
        return self.known - self.offered


def offered_to_victims(homes: Iterable[Known], need: Need) -> Offered:
    """How far "every victim with this need is offered the handy-person service" has come."""
    to, victims = ReferralTo.HANDY_PERSON, [home for home in homes if home.is_victim and need in home.needs]
    offered = sum(home.is_offered(to) for home in victims)
    tried = sum(home.answers.get(to) is OfferAnswer.NOT_REACHED and not home.is_offered(to) for home in victims)
    return Offered(need, len(victims), offered, tried)


@dataclass(frozen=True, slots=True)
class Passed:
    """Somebody passed on, as the rates count it."""

    to: ReferralTo
    state: ReferralState
    made_at: datetime
    is_withdrawn: bool

    def is_overdue(self, now: datetime) -> bool:
        """Whether the service owes an answer since more than 28 days."""
        waits = self.state is ReferralState.SENT and not self.is_withdrawn
        return waits and (now - self.made_at).days > CHASE_DAYS


@dataclass(frozen=True, slots=True)
class Rate:
    """What became of those passed on to one service. The five add up to ``passed``."""

    to: ReferralTo
    passed: int
    taken_up: int
    declined: int
    waiting: int
    overdue: int
    stopped: int  # the resident took the consent back before an answer came

    @property
    def answered(self) -> int:
        """Taken up or declined: what the share of those taken up is of."""
        return self.taken_up + self.declined


def rates(passed: Iterable[Passed], now: datetime) -> list[Rate]:
    """What became of those passed on, by service, services to which nobody was passed left out."""
    groups: dict[ReferralTo, list[Passed]] = {}
    for one in passed:
        groups.setdefault(one.to, []).append(one)
    return [_rate(to, groups[to], now) for to in ReferralTo if to in groups]


def _rate(to: ReferralTo, group: list[Passed], now: datetime) -> Rate:
    overdue = sum(one.is_overdue(now) for one in group)
    open_ = [one for one in group if one.state is ReferralState.SENT]
    stopped = sum(one.is_withdrawn for one in open_)
    return Rate(
        to=to,
        passed=len(group),
        taken_up=sum(one.state is ReferralState.TAKEN_UP for one in group),
        declined=sum(one.state is ReferralState.DECLINED for one in group),
        waiting=len(open_) - stopped - overdue,
        overdue=overdue,
        stopped=stopped,
    )
