"""Who may read and write the plan and its money. The table of roles is in ``foundation.agencies.policy``."""

from typing import Any

from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies.selectors import person_by_key
from frankpledge.vocabulary.actors import Actor, ActorKind
from frankpledge.vocabulary.errors import NotPermitted
from frankpledge.vocabulary.permissions import Permission


def check_can_edit_plan(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may write the plan."""
    _check(by, Permission.EDIT_PLAN)


def check_can_edit_money(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may write amounts and ask for virements."""
    _check(by, Permission.EDIT_MONEY)


def check_can_approve_money(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may decide about virements."""
    _check(by, Permission.APPROVE_MONEY)


def abilities(person: Any) -> dict[str, bool]:
    """What a page may offer this person: one look at their roles."""
    held = policy.permissions_of(person)
    return {
        "may_edit": Permission.EDIT_PLAN in held,
        "may_edit_money": Permission.EDIT_MONEY in held,
        "may_approve_money": Permission.APPROVE_MONEY in held,
    }


def _check(by: Actor, permission: Permission) -> None:
    if by.kind is ActorKind.VISITOR:
        raise NotPermitted("Sign in first.")
    if by.kind is ActorKind.PERSON:
        policy.check(person_by_key(by.id or 0), permission)
