"""Named writes: agencies tell of persons, matches are proposed, decided by somebody, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.records.people import matching, permissions, rules
from frankpledge.records.people.models import ADDRESS_LENGTH, NAME_LENGTH, REFERENCE_LENGTH, Match, PersonRecord
from frankpledge.records.people.rules import PersonTold
from frankpledge.records.people.vocabulary import MatchState
from frankpledge.vocabulary.actors import Actor

ROWS_AT_ONCE = 500
_TOLD = ["part", "forename", "surname", "born_on", "address", "postcode", "premises", "restricted", "received_at"]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many persons an agency told of, and how many new proposals that gave."""

    told: int
    proposed: int


@transaction.atomic
def take_in(told: Sequence[PersonTold], *, agency_id: int, agency_name: str, by: Actor) -> TakenIn:
    """Keep what an agency tells of persons; under a reference it told before, the newer words count.

    Proposes matches with everybody else afterwards. Nothing is joined.
    """
    now = timezone.now()
    rows = {
        one.reference: PersonRecord(
            agency_id=agency_id,
            agency_name=storable(agency_name)[:NAME_LENGTH],
            reference=storable(one.reference)[:REFERENCE_LENGTH],
            part=one.part.value,
            forename=storable(one.forename)[:NAME_LENGTH],
            surname=storable(one.surname)[:NAME_LENGTH],
            born_on=one.born_on,
            address=storable(one.address)[:ADDRESS_LENGTH],
            postcode=storable(one.postcode)[:8],
            premises=storable(one.premises)[:13],
            restricted=one.restricted,
            received_at=now,
        )
        for one in told
        if one.reference.strip()
    }
    PersonRecord.objects.bulk_create(
        rows.values(),
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["agency_id", "reference"],
        update_fields=_TOLD,
    )
    audit.record(
        act=Act.COLLECTION,
        what=f"took in persons: {len(rows)}",
        subject=f"people:agency {agency_id}",
        by=by,
        details={"persons": len(rows)},
    )
    return TakenIn(len(rows), propose(by=by))


@transaction.atomic
def propose(*, by: Actor) -> int:
    """Look for pairs of records that may be one person and propose the new ones; returns how many.

    A pair somebody has decided is never proposed again by itself. Two records of one agency are its own business:
    only pairs across agencies are proposed. Restricted records take no part.
    """
    records = PersonRecord.objects.filter(restricted=False)
    agency = dict(records.values_list("pk", "agency_id"))
    people = [
        matching.Told(pk, forename, surname, born_on, postcode, premises)
        for pk, forename, surname, born_on, postcode, premises in records.values_list(
            "pk", "forename", "surname", "born_on", "postcode", "premises"
        )
    ]
    known = set(Match.objects.values_list("first_id", "second_id"))
    found = [
        pair
        for pair in matching.proposals(people)
        if agency[pair.first] != agency[pair.second] and (pair.first, pair.second) not in known
    ]
    now = timezone.now()
    Match.objects.bulk_create(
        [
            Match(
                first_id=pair.first,
                second_id=pair.second,
                bits=pair.bits,
                reasons=[{"words": str(reason.words), "bits": reason.bits} for reason in pair.reasons],
                state=MatchState.PROPOSED,
                proposed_at=now,
            )
            for pair in found
        ],
        batch_size=ROWS_AT_ONCE,
        ignore_conflicts=True,
    )
    return len(found)


@transaction.atomic
def decide(match: Match, *, one_person: bool, because: str, by: Actor) -> Match:
    """Say that two records are one person, or two, and why. Can be taken back.

    Raises RuleBroken without a reason or when it was decided meanwhile, NotPermitted for somebody who may not see both.
    """
    match = Match.objects.select_for_update(of=("self",)).select_related("first", "second").get(pk=match.pk)
    permissions.check_can_match(by, match.first, match.second)
    reason = rules.check_reason(storable(because))
    rules.check_can_decide(match.state)
    match.state = MatchState.ONE_PERSON if one_person else MatchState.TWO_PEOPLE
    match.decided_at, match.decided_because = timezone.now(), reason
    match.decided_by_id, match.decided_by_name = by.id, storable(by.name)[:NAME_LENGTH]
    _save(match)
    what = "decided that two records are one person" if one_person else "decided that two records are two people"
    _record(match, what, reason, by)
    return match


@transaction.atomic
def take_back(match: Match, *, because: str, by: Actor) -> Match:
    """Undo a decision, for a stated reason: the two records stand as they did before it.

    Raises RuleBroken without a reason or where nothing was decided, NotPermitted as ``decide``.
    """
    match = Match.objects.select_for_update(of=("self",)).select_related("first", "second").get(pk=match.pk)
    permissions.check_can_match(by, match.first, match.second)
    reason = rules.check_reason(storable(because))
    rules.check_can_take_back(match.state)
    match.state = MatchState.PROPOSED
    match.decided_at, match.decided_because = None, ""
    match.decided_by_id, match.decided_by_name = None, ""
    _save(match)
    _record(match, "took back a decision about two records", reason, by)
    return match


def _save(match: Match) -> None:
    match.save(update_fields=["state", "decided_at", "decided_because", "decided_by_id", "decided_by_name"])


def _record(match: Match, what: str, reason: str, by: Actor) -> None:
    audit.record(
        act=Act.COMBINATION,
        what=what,
        subject=f"people:match {match.pk}",
        by=by,
        purpose=reason,
        details={"persons": [match.first_id, match.second_id]},
    )
