"""Named writes of claims for damage, and of the sum the budget sets aside for them."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import ClaimsBudget, DamageClaim, QualityCall, Visit
from frankpledge.delivery.home_security.rules import damage as rules
from frankpledge.delivery.home_security.services.writing import altered, line, looked
from frankpledge.delivery.home_security.vocabulary import ClaimOutcome
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken


@transaction.atomic
def raise_claim(visit: Visit, *, claimed_on: date, what: str, amount: Decimal, by: Actor) -> DamageClaim:
    """Somebody says that a visit damaged something. A complaint about it that waits for an answer has one with this.

    The same claim sent twice, as by a second press of the button, is one claim.
    """
    permissions.check_can_edit(by)
    damaged = line(what, "What was damaged")
    if not damaged:
        raise DataProblem("Say what was damaged.")
    rules.check_claim(
        visited_on=visit.day, has_begun=visit.started_at is not None, claimed_on=claimed_on, amount=amount,
        today=timezone.localdate(),
    )  # fmt: skip
    Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    same = DamageClaim.objects.filter(visit=visit, claimed_on=claimed_on, what=damaged, amount=amount)
    if (before := same.filter(outcome=ClaimOutcome.OPEN.value).first()) is not None:
        return before
    made = DamageClaim.objects.create(
        visit=visit, claimed_on=claimed_on, what=damaged, amount=amount, by_name=line(by.name)
    )
    QualityCall.objects.filter(visit=visit, complains=True, settled="").update(settled="raised as a claim for damage")
    altered("raised a claim for damage", f"claim {made.pk}", by, visit=visit.pk)
    return made


@transaction.atomic
def settle_claim(
    claim: DamageClaim,
    *,
    outcome: ClaimOutcome,
    paid: Decimal | None = None,
    because: str = "",
    settled_on: date | None = None,
    by: Actor,
) -> DamageClaim:
    """Pay or decline a claim, once. Raises RuleBroken for one that is settled, DataProblem for what cannot be."""
    permissions.check_can_edit(by)
    held = DamageClaim.objects.select_for_update().get(pk=claim.pk)
    if held.outcome != ClaimOutcome.OPEN:
        raise RuleBroken(
            f"This claim was {held.outcome} on {held.settled_on:%d/%m/%Y} by {held.settled_by_name}. "
            "It is not settled twice."
        )
    today = timezone.localdate()
    why, on = line(because, "The reason"), settled_on or today
    rules.check_settlement(
        outcome=outcome, asked=held.amount, paid=paid, because=why, claimed_on=held.claimed_on, settled_on=on,
        today=today,
    )  # fmt: skip
    held.outcome, held.because, held.settled_on = outcome, why, on
    held.paid = paid if outcome is ClaimOutcome.PAID else None
    held.settled_by_name = line(by.name)
    held.save()
    altered(f"settled a claim for damage: {outcome.value}", f"claim {held.pk}", by)
    return held


@transaction.atomic
def set_budget(*, year: int, amount: Decimal, by: Actor) -> ClaimsBudget:
    """Say how much the budget of a financial year sets aside for damage."""
    permissions.check_can_edit(by)
    rules.check_sum(amount, least=Decimal(0))
    made, _ = ClaimsBudget.objects.update_or_create(
        year=year, defaults={"amount": amount, "set_at": timezone.now(), "set_by_name": line(by.name)}
    )
    altered("set what is put aside for damage", f"claims budget {year}", by, amount=str(amount))
    return made


@transaction.atomic
def note_look(claim: DamageClaim, *, by: Actor) -> None:
    """Record that somebody opened a claim: it names the home."""
    looked("looked at a claim for damage", f"claim {claim.pk}", by)


@transaction.atomic
def note_look_at_visit(visit: Visit, *, by: Actor) -> None:
    """Record that somebody opened a visit to raise a claim: it names the home."""
    looked("looked at a visit to raise a claim", f"visit {visit.pk}", by)


@transaction.atomic
def note_search(found: int, *, by: Actor) -> None:
    """Record that somebody looked for a visit by its home."""
    looked(f"looked for the visit of a claim: {found} found", "visits", by)
