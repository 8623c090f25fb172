"""Named writes of the pots that area schemes are paid from."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from frankpledge.delivery.area_schemes import permissions
from frankpledge.delivery.area_schemes.models import Pot
from frankpledge.delivery.area_schemes.services.writing import needed, note
from frankpledge.delivery.area_schemes.vocabulary import PotKind
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem


@transaction.atomic
def set_pot(
    kind: PotKind,
    *,
    funder: str,
    amount: Decimal | None,
    ends_on: date | None,
    cap: Decimal | None = None,
    match_percent: int = 0,
    by: Actor,
) -> Pot:
    """Say how much there is for a purpose, from whom and until when. None for ``amount``: to be confirmed."""
    permissions.check_can_edit(by)
    if any(value is not None and value < 0 for value in (amount, cap)):
        raise DataProblem("A sum of money is nought or more.")
    if not 0 <= match_percent <= 100:
        raise DataProblem("The match is between 0 and 100 per cent of the cost.")
    held = Pot.objects.select_for_update().filter(kind=kind.value).first() or Pot(kind=kind.value)
    before = str(held.amount) if held.pk else ""
    held.funder, held.amount, held.ends_on = needed(funder, "Say who pays."), amount, ends_on
    held.cap, held.match_percent = cap, match_percent
    held.save()
    note(f"set the money for {kind.value}", f"pot {held.pk}", by, before=before, after=str(amount))
    return held
