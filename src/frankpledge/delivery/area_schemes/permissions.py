"""Who may do what with area schemes. The table of roles is in ``foundation.agencies.policy``."""

from typing import Any

from frankpledge.foundation.agencies import policy
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.permissions import Permission


def check_can_edit(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may run area schemes."""
    policy.check_actor(by, Permission.EDIT_SCHEMES)


def can_edit(person: Any) -> bool:
    """May this person run area schemes?"""
    return policy.can(person, Permission.EDIT_SCHEMES)
