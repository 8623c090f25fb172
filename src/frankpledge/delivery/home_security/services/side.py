"""Named writes of the work beside installing."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import VoidHome
from frankpledge.delivery.home_security.rules import side as rules
from frankpledge.delivery.home_security.services.writing import altered, line
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken


@transaction.atomic
def report_void(*, address: str, landlord: str, void_at: datetime, by: Actor) -> VoidHome:
    """A landlord says that a home stands empty; its 24 hours begin when it fell empty."""
    permissions.check_can_edit(by)
    where, who = line(address), line(landlord)
    if not where or not who:
        raise DataProblem("Say which home it is and whose.")
    if void_at > timezone.now():
        raise DataProblem("The home is not empty yet: the time lies ahead.")
    made = VoidHome.objects.create(address=where, landlord=who, void_at=void_at)
    altered("took up an empty home", f"void {made.pk}", by)
    return made


@transaction.atomic
def secure_void(home: VoidHome, *, secured_at: datetime, by: Actor) -> VoidHome:
    """An empty home was made safe. Raises RuleBroken if that is written down already."""
    permissions.check_can_edit(by)
    held = VoidHome.objects.select_for_update().get(pk=home.pk)
    if held.secured_at is not None:
        raise RuleBroken("That home is secured already.")
    if secured_at > timezone.now():
        raise DataProblem("The time lies ahead. Enter when it was secured.")
    rules.void_clock(held.void_at, secured_at, secured_at)
    held.secured_at = secured_at
    held.save(update_fields=["secured_at"])
    altered("secured an empty home", f"void {held.pk}", by)
    return held
