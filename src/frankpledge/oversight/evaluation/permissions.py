"""Who may have the programme evaluated: whoever runs it. Roles are in ``foundation.agencies.policy``."""

from typing import Any

from frankpledge.foundation.agencies import policy
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.permissions import Permission


def check_can_evaluate(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may start an evaluation."""
    policy.check_actor(by, Permission.EDIT_HOMES)


def abilities(person: Any) -> dict[str, bool]:
    """What the pages may offer this person."""
    held = policy.permissions_of(person)
    return {
        "may_evaluate": Permission.EDIT_HOMES in held,
        "may_view_claims": Permission.VIEW_CLAIMS in held,
        "may_view_homes": Permission.VIEW_HOMES in held,
    }
