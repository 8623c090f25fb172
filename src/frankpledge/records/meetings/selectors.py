"""Named reads of decisions and delegations. Each says how many queries it takes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from frankpledge.records.meetings import rules
from frankpledge.records.meetings.models import Decision, Delegation
from frankpledge.records.meetings.vocabulary import Outcome, Standing
from frankpledge.vocabulary.wording import Phrase


def decisions(*, subject: str | None = None, room: str | None = None) -> QuerySet[Decision]:
    """Decisions with their delegation, newest first; of one ``subject`` (``room:key``) or all of one ``room``. Lazy."""
    found = Decision.objects.select_related("delegation")
    if subject is not None:
        found = found.filter(subject=subject)
    if room is not None:
        found = found.filter(subject__startswith=f"{room}:")
    return found


def decision(reference: str) -> Decision | None:
    """The decision ``D12``, or None. One query at most."""
    number = reference[1:] if reference[:1] in ("D", "d") else ""
    if not (number.isascii() and number.isdigit()) or len(number) > 9:
        return None
    return Decision.objects.select_related("delegation__decision").filter(number=int(number)).first()


def rooms_decided_about() -> list[str]:
    """Which rooms decisions are about, by the first word of their subject. One query."""
    subjects = Decision.objects.exclude(subject="").values_list("subject", flat=True).distinct()
    return sorted({subject.partition(":")[0] for subject in subjects})


def agreed() -> QuerySet[Decision]:
    """Decisions that agreed to something, the newest first: what a delegation may rest on. Lazy."""
    return Decision.objects.filter(outcome__in=(Outcome.AGREED.value, Outcome.AGREED_IN_PART.value))


@dataclass(frozen=True, slots=True)
class Held:
    """A delegation as it stands on a day, with what was decided under it. ``pounds``: None where no amount is given."""

    delegation: Delegation
    standing: Standing
    taken: int
    pounds: Decimal | None
    beyond: int

    @property
    def is_live(self) -> bool:
        """It holds today."""
        return self.standing is Standing.LIVE


def held(today: date) -> list[Held]:
    """Every delegation as it stands today: live ones, those to come, those ended. Two queries."""
    found = Delegation.objects.select_related("decision").annotate(
        times=Count("taken"), pounds=Sum("taken__amount", filter=Q(taken__amount__isnull=False))
    )
    over: dict[int, int] = {}
    for one in Decision.objects.filter(delegation__isnull=False).select_related("delegation"):
        if one.delegation is not None and beyond(one):
            over[one.delegation.pk] = over.get(one.delegation.pk, 0) + 1
    order = {standing: at for at, standing in enumerate(Standing)}
    rows = [
        Held(one, rules.standing(one.since, one.last_on, today), one.times, one.pounds, over.get(one.pk, 0))
        for one in found
    ]
    return sorted(rows, key=lambda row: (order[row.standing], row.delegation.number))


def live(today: date) -> list[Delegation]:
    """Delegations that hold today, by number. One query."""
    found = Delegation.objects.filter(since__lte=today).order_by("number")
    return [one for one in found if rules.standing(one.since, one.last_on, today) is Standing.LIVE]


def delegation(number: int) -> Delegation | None:
    """The delegation of this number, with its decision. One query."""
    return Delegation.objects.select_related("decision").filter(number=number).first()


def beyond(one: Decision) -> list[Phrase]:
    """What a decision does that its delegation does not cover. No query where the delegation was fetched with it."""
    under = one.delegation
    if under is None:
        return []
    return rules.beyond(
        amount=one.amount, decided_on=one.decided_on, limit=under.limit, since=under.since, last_on=under.last_on
    )
