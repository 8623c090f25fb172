"""Who may do what with homes, requests and visits. The table of roles is in ``foundation.agencies.policy``."""

from typing import Any

from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies.selectors import person_by_key
from frankpledge.vocabulary.actors import Actor, ActorKind
from frankpledge.vocabulary.errors import NotPermitted
from frankpledge.vocabulary.permissions import Permission


def check(by: Actor, permission: Permission) -> None:
    """Raise NotPermitted unless ``by`` holds this; the command line and the software itself passed another door."""
    if by.kind is ActorKind.VISITOR:
        raise NotPermitted("Sign in first.")
    if by.kind is ActorKind.PERSON:
        policy.check(person_by_key(by.id or 0), permission)


def check_can_edit(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may run safe homes."""
    check(by, Permission.EDIT_HOMES)


def check_can_visit(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may do visits."""
    check(by, Permission.DO_VISITS)


def can_edit(person: Any) -> bool:
    """May this person run safe homes?"""
    return policy.can(person, Permission.EDIT_HOMES)
