"""Who may see whom: the role, and whose agency told us of the person. Decided here for every page and service."""

from typing import Any

from django.utils import timezone

from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies.selectors import person_by_key, sight_of
from frankpledge.foundation.agencies.vocabulary import DataClass
from frankpledge.records.people.models import PersonRecord
from frankpledge.records.people.vocabulary import Part
from frankpledge.vocabulary.actors import Actor, ActorKind
from frankpledge.vocabulary.errors import NotPermitted
from frankpledge.vocabulary.permissions import Permission

CLASS_OF = {Part.VICTIM: DataClass.VICTIMS, Part.SUSPECT: DataClass.OFFENDERS, Part.OTHER: DataClass.VICTIMS}


class Reach:
    """Which records somebody may see today. Made once for a page: four queries, however many records."""

    def __init__(self, person: Any) -> None:
        policy.check(person, Permission.VIEW_PEOPLE)
        self._sight = sight_of(person, timezone.localdate())

    def sees(self, record: PersonRecord) -> bool:
        """A record of an own agency; of another only as a live agreement lets, and never a restricted one."""
        if record.agency_id in self._sight.own:
            return True
        return not record.restricted and self._sight.allows_rows(record.agency_id, CLASS_OF[Part(record.part)])


def reach_of(by: Actor) -> Reach | None:
    """The reach of whoever acts; None for the parts of the software that act on their own, which see all."""
    if by.kind is ActorKind.VISITOR:
        raise NotPermitted("Sign in first.")
    return Reach(person_by_key(by.id or 0)) if by.kind is ActorKind.PERSON else None


def check_can_match(by: Actor, *records: PersonRecord) -> None:
    """Raise NotPermitted unless ``by`` may decide about these records: it takes sight of each."""
    reach = reach_of(by)
    if reach is None:
        return
    policy.check_actor(by, Permission.MATCH_PEOPLE)
    if not all(reach.sees(record) for record in records):
        raise NotPermitted("One of these is another agency’s, and no agreement lets yours see them.")
