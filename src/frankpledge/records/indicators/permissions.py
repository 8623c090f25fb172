"""Who may describe indicators and fill in their figures. The table of roles is in ``foundation.agencies.policy``."""

from typing import Any

from frankpledge.foundation.agencies import policy
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import NotPermitted
from frankpledge.vocabulary.permissions import Permission


def check_can_edit(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may describe indicators."""
    if Permission.EDIT_INDICATORS not in policy.permissions_of_actor(by):
        raise NotPermitted("Only people whose role lets them edit indicators may do this.")


def check_can_save_figure(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may make figures: whoever fills them in, edits indicators or explores."""
    if not policy.permissions_of_actor(by) & {
        Permission.FILL_FIGURES,
        Permission.EDIT_INDICATORS,
        Permission.VIEW_EVENTS,
    }:
        raise NotPermitted("Only people whose role lets them fill in figures may do this.")


def can_fill(person: Any, indicator: Any) -> bool:
    """May ``person`` fill in this indicator's figures? Editors may fill all; others the ones they answer for."""
    held = policy.permissions_of(person)
    if Permission.FILL_FIGURES not in held:
        return False
    return Permission.EDIT_INDICATORS in held or indicator.owner_id == person.pk
