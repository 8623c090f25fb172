"""Who may do what with homes, requests and visits. The table of roles is in ``foundation.agencies.policy``."""

from typing import Any

from frankpledge.foundation.agencies import policy
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.permissions import Permission


def check(by: Actor, permission: Permission) -> None:
    """Raise NotPermitted unless ``by`` holds this; the command line and the software itself passed another door."""
    policy.check_actor(by, permission)


def check_can_edit(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may run safe homes."""
    check(by, Permission.EDIT_HOMES)


def check_can_visit(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may do visits."""
    check(by, Permission.DO_VISITS)


def can_edit(person: Any) -> bool:
    """May this person run safe homes?"""
    return policy.can(person, Permission.EDIT_HOMES)
