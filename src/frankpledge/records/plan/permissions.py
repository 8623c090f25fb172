"""Who may read and write the plan and its money. The table of roles is in ``foundation.agencies.policy``."""

from typing import Any

from frankpledge.foundation.agencies import policy
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.permissions import Permission


def check_can_edit_plan(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may write the plan."""
    policy.check_actor(by, Permission.EDIT_PLAN)


def check_can_edit_money(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may write amounts and ask for virements."""
    policy.check_actor(by, Permission.EDIT_MONEY)


def check_can_approve_money(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may decide about virements."""
    policy.check_actor(by, Permission.APPROVE_MONEY)


def abilities(person: Any) -> dict[str, bool]:
    """What a page may offer this person: one look at their roles."""
    held = policy.permissions_of(person)
    return {
        "may_edit": Permission.EDIT_PLAN in held,
        "may_edit_money": Permission.EDIT_MONEY in held,
        "may_approve_money": Permission.APPROVE_MONEY in held,
    }
