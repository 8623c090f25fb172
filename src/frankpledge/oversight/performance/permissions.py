"""Who may make packs, ask for decisions and send reminders. Roles are in ``foundation.agencies.policy``."""

from typing import Any

from frankpledge.foundation.agencies import policy
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.permissions import Permission


def check_can_make_pack(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may make the pack."""
    policy.check_actor(by, Permission.MAKE_PACK)


def abilities(person: Any) -> dict[str, bool]:
    """What the page may offer this person."""
    held = policy.permissions_of(person)
    return {
        "may_make_pack": Permission.MAKE_PACK in held,
        "may_view_plan": Permission.VIEW_PLAN in held,
        "may_view_actions": Permission.VIEW_ACTIONS in held,
        "may_view_evidence": Permission.VIEW_EVIDENCE in held,
    }
