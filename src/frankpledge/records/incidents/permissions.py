"""Who may add, withdraw and look. The table of roles is in ``foundation.agencies.policy``; here is what it is asked.

The command line and the parts of the software that act on their own have passed another door: whoever can start them
can read the database anyway. Every act is recorded under their name.
"""

from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies.selectors import person_by_key
from frankpledge.vocabulary.actors import Actor, ActorKind
from frankpledge.vocabulary.errors import NotPermitted
from frankpledge.vocabulary.permissions import Permission


def check_can_add(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may add evidence."""
    _check(by, Permission.ADD_EVIDENCE)


def check_can_withdraw(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may withdraw evidence."""
    _check(by, Permission.WITHDRAW_EVIDENCE)


def check_can_view_quarantine(person: object) -> None:
    """Raise NotPermitted unless this person may see rows as they were delivered."""
    policy.check(person, Permission.VIEW_QUARANTINE)


def _check(by: Actor, permission: Permission) -> None:
    if by.kind is ActorKind.VISITOR:
        raise NotPermitted("Sign in first.")
    if by.kind is ActorKind.PERSON:
        policy.check(person_by_key(by.id or 0), permission)
