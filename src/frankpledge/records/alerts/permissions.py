"""Who may see and settle alerts: the role, and whose records an alert rests on.

The table of roles is in ``foundation.agencies.policy``.
"""

from typing import Any

from django.utils import timezone

from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies.rules import read_grounds
from frankpledge.foundation.agencies.selectors import person_by_key, sight_of
from frankpledge.foundation.agencies.vocabulary import DataClass
from frankpledge.records.alerts.models import Alert
from frankpledge.vocabulary.actors import Actor, ActorKind
from frankpledge.vocabulary.errors import NotPermitted
from frankpledge.vocabulary.permissions import Permission


def check_can_decide(by: Actor, alert: Alert) -> None:
    """Raise NotPermitted unless ``by`` may dismiss this alert."""
    policy.check_actor(by, Permission.DECIDE_ALERTS)
    if by.kind is ActorKind.PERSON:
        check_can_see(person_by_key(by.id or 0), alert)


class Reach:
    """Which alerts somebody may see today: every class of every agency it rests on is open to them. Four queries."""

    def __init__(self, person: Any) -> None:
        self._person = person
        self._sight = sight_of(person, timezone.localdate())

    def sees(self, grounds: str) -> bool:
        """May they see an alert that rests on these?"""
        return self._sight.covers(grounds)

    def grounds(self) -> list[str]:
        """What the alerts they may see rest on: few texts, however many alerts. One query."""
        every = Alert.objects.order_by().values_list("grounds", flat=True).distinct()
        return [found for found in every if self.sees(found)]

    def sees_homes(self, alert: Alert) -> bool:
        """May they see which homes lie in its zone? The nearest is a victim's: no role opens another agency's."""
        return policy.can(self._person, Permission.VIEW_PEOPLE) and all(
            self._handles(owner, DataClass(word)) for owner, word in read_grounds(alert.grounds)
        )

    def _handles(self, owner: int | None, data_class: DataClass) -> bool:
        """May they handle these rows? Of an agency that was not known when the file came, by the class agreed."""
        if owner is None:
            return any(agreed == data_class for _, agreed in self._sight.agreed)
        return self._sight.allows_rows(owner, data_class)


def check_can_see(person: Any, alert: Alert) -> None:
    """Raise NotPermitted unless this person may see this alert."""
    if not Reach(person).sees(alert.grounds):
        raise NotPermitted("This alert rests on another agency’s records, and no agreement lets yours receive them.")


def check_can_see_homes(person: Any, alert: Alert) -> None:
    """Raise NotPermitted unless this person may see which homes lie in the zone of this alert."""
    policy.check(person, Permission.VIEW_PEOPLE)
    if not Reach(person).sees_homes(alert):
        raise NotPermitted("These homes are in another agency’s records, and no agreement lets yours receive them.")
