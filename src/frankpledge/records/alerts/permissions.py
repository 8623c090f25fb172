"""Who may see and settle alerts. The table of roles is in ``foundation.agencies.policy``."""

from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies.selectors import person_by_key
from frankpledge.vocabulary.actors import Actor, ActorKind
from frankpledge.vocabulary.errors import NotPermitted
from frankpledge.vocabulary.permissions import Permission


def check_can_decide(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may dismiss an alert."""
    if by.kind is ActorKind.VISITOR:
        raise NotPermitted("Sign in first.")
    if by.kind is ActorKind.PERSON:
        policy.check(person_by_key(by.id or 0), Permission.DECIDE_ALERTS)


def check_can_see_homes(person: object) -> None:
    """Raise NotPermitted unless this person may see which homes lie in a zone."""
    policy.check(person, Permission.VIEW_PEOPLE)
