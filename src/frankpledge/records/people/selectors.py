"""Named reads of persons. Each names for whom it reads, and a look at a person is recorded or does not happen."""

from typing import Any

from django.db import transaction

from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.records.people import rules
from frankpledge.records.people.models import Match, PersonRecord
from frankpledge.records.people.permissions import Reach
from frankpledge.records.people.vocabulary import MatchState
from frankpledge.vocabulary.actors import Actor

AT_ONCE = 200


@transaction.atomic
def matches(*, state: MatchState, for_user: Any, by: Actor) -> list[Match]:
    """Matches in a state of which ``for_user`` may see both persons, the likeliest first, at most AT_ONCE.

    The look is recorded in the same transaction. Six queries. Raises NotPermitted.
    """
    reach = Reach(for_user)
    rows = Match.objects.filter(state=state.value).select_related("first", "second")
    found = [match for match in rows if reach.sees(match.first) and reach.sees(match.second)][:AT_ONCE]
    if found:
        _note("looked at persons who may be one", [match.first_id for match in found], "people:matches", by)
    return found


@transaction.atomic
def match(number: int, *, for_user: Any, by: Actor) -> Match | None:
    """One match, if ``for_user`` may see both persons; the look is recorded. Six queries. Raises NotPermitted."""
    reach = Reach(for_user)
    found = Match.objects.select_related("first", "second").filter(pk=number).first()
    if found is None or not (reach.sees(found.first) and reach.sees(found.second)):
        return None
    _note("looked at two persons who may be one", [found.first_id, found.second_id], f"people:match {number}", by)
    return found


def any_records(for_user: Any) -> bool:
    """Whether there is any record that ``for_user`` may see; of others not even that they are there. Five queries."""
    reach = Reach(for_user)
    kinds = PersonRecord.objects.order_by().values("agency_id", "part", "restricted").distinct()
    return any(reach.sees(PersonRecord(**kind)) for kind in kinds)


def same_person_as(record: int) -> frozenset[int]:
    """Keys of all records that decisions made one person with this one, itself too. One query."""
    pairs = Match.objects.filter(state=MatchState.ONE_PERSON.value).values_list("first_id", "second_id")
    return next((cluster for cluster in rules.clusters(pairs) if record in cluster), frozenset({record}))


def _note(what: str, persons: list[int], subject: str, by: Actor) -> None:
    audit.record(act=Act.CONSULTATION, what=what, subject=subject, by=by, details={"persons": sorted(set(persons))})
