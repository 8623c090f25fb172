"""Who may write claims and sign explanations: the table of roles is in ``foundation.agencies.policy``."""

from typing import Any

from frankpledge.foundation.agencies import policy
from frankpledge.vocabulary.actors import Actor, ActorKind
from frankpledge.vocabulary.errors import NotPermitted
from frankpledge.vocabulary.permissions import Permission


def check_can_edit(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may add and correct claims."""
    policy.check_actor(by, Permission.EDIT_CLAIMS)


def check_can_sign(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may sign for a conflict. Only a person signs."""
    if by.kind is not ActorKind.PERSON:
        raise NotPermitted("Only a person can sign an explanation.")
    policy.check_actor(by, Permission.SIGN_CLAIMS)


def check_can_publish(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` answers for what is printed: whoever may sign may publish."""
    policy.check_actor(by, Permission.SIGN_CLAIMS)


def abilities(person: Any) -> dict[str, bool]:
    """What a page may offer this person: one look at their roles."""
    held = policy.permissions_of(person)
    return {"may_edit": Permission.EDIT_CLAIMS in held, "may_sign": Permission.SIGN_CLAIMS in held}
