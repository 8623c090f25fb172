"""Who may keep agreements: whoever holds EDIT_SERVICES. Roles are in ``foundation.agencies.policy``."""

from typing import Any

from frankpledge.foundation.agencies import policy
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.permissions import Permission


def check_can_edit(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may write agreements, returns and payments."""
    policy.check_actor(by, Permission.EDIT_SERVICES)


def can_edit(person: Any) -> bool:
    """Whether the pages offer this person the forms."""
    return policy.can(person, Permission.EDIT_SERVICES)
