"""Named writes of rounds: leaflets, letters or doors, many homes at once."""

from datetime import date, datetime, time
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import Contact
from frankpledge.delivery.home_security.models.columns import NAME_LENGTH
from frankpledge.delivery.home_security.vocabulary import ContactKind, ContactOutcome
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem

ROUNDS = (ContactKind.LEAFLET, ContactKind.LETTER, ContactKind.STREET_CANVASS)
NOON = time(12)


@transaction.atomic
def add_round(
    *, kind: ContactKind, on: date, homes: int, spoke: int = 0, cost: Decimal, note: str = "", by: Actor
) -> list[Contact]:
    """Write down a round. Of a canvass the homes where somebody spoke are kept apart from those where nobody did.

    Raises DataProblem for no homes, more spoken to than tried, a day that lies ahead, or a cost below nought.
    """
    permissions.check_can_edit(by)
    if kind not in ROUNDS:
        raise DataProblem("A round is one of leaflets, letters or doors. Other contacts belong to a request.")
    if homes < 1 or not 0 <= spoke <= homes:
        raise DataProblem("A round reaches one home or more, and no more homes spoke than were tried.")
    if on > timezone.localdate():
        raise DataProblem("The day of the round lies ahead. Write it down once it is done.")
    if not 0 <= cost < 1_000_000:
        raise DataProblem("A round costs nothing or more, and less than a million pounds.")
    nobody = ContactOutcome.NO_ANSWER if kind is ContactKind.STREET_CANVASS else ContactOutcome.SENT
    parts = [(ContactOutcome.REACHED, spoke, cost), (nobody, homes - spoke, Decimal(0) if spoke else cost)]
    made = [
        Contact.objects.create(
            kind=kind.value, outcome=outcome.value, homes=number, cost=pounds,
            note=storable(note).strip()[:NAME_LENGTH], at=min(_noon(on), timezone.now()), by_name=by.name[:NAME_LENGTH],
        )
        for outcome, number, pounds in parts
        if number
    ]  # fmt: skip
    audit.record(
        act=Act.COLLECTION, what=f"wrote down a round: {kind.value}", subject="homes:contacts", by=by,
        details={"homes": homes, "on": on.isoformat()},
    )  # fmt: skip
    return made


def _noon(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, NOON))
