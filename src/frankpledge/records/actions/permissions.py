"""Who may do what with actions. The table of roles is in ``foundation.agencies.policy``; an owner may do their own."""

from typing import Any

from frankpledge.foundation.agencies import policy
from frankpledge.records.actions.models import Action
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import NotPermitted
from frankpledge.vocabulary.permissions import Permission


def check_can_edit(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may add and change anybody's actions."""
    if Permission.EDIT_ACTIONS not in policy.permissions_of_actor(by):
        raise NotPermitted("Only people whose role lets them edit actions may do this.")


def check_can_report(by: Actor, action: Action) -> None:
    """Raise NotPermitted unless ``by`` may say how this action stands: its owner, or whoever may edit all."""
    held = policy.permissions_of_actor(by)
    own = by.id is not None and by.id == action.owner_id and Permission.VIEW_ACTIONS in held
    if not own and Permission.EDIT_ACTIONS not in held:
        raise NotPermitted("Only its owner, or people whose role lets them edit actions, may do this.")


def can_report(person: Any, action: Action, held: frozenset[Permission]) -> bool:
    """May this person, who holds ``held``, say how the action stands?"""
    return Permission.EDIT_ACTIONS in held or (action.owner_id == person.pk and Permission.VIEW_ACTIONS in held)


def permissions_of(person: Any) -> frozenset[Permission]:
    """All this person may do today."""
    return policy.permissions_of(person)
