"""Named writes of business security: businesses, risk assessments, grants and key-holding."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.area_schemes import permissions
from frankpledge.delivery.area_schemes.models import Business, Grant, Pot, RiskVisit
from frankpledge.delivery.area_schemes.models.columns import CODE_LENGTH, TEXT_LENGTH, WORD_LENGTH
from frankpledge.delivery.area_schemes.rules import money
from frankpledge.delivery.area_schemes.rules import shops as rules
from frankpledge.delivery.area_schemes.selectors import shops as selectors
from frankpledge.delivery.area_schemes.services.writing import line, needed, note
from frankpledge.delivery.area_schemes.vocabulary import GrantState, PotKind, Risk, Trade
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken


@transaction.atomic
def set_business(
    *,
    name: str,
    address: str,
    trade: Trade,
    ward: str = "",
    keyholding_since: date | None = None,
    business: Business | None = None,
    by: Actor,
) -> Business:
    """Add a business, or change ``business``. ``keyholding_since`` None: not in the key-holding scheme."""
    permissions.check_can_edit(by)
    title = needed(name, "Enter the name of the business.")
    where = needed(address, "Enter where the business is.")
    same = Business.objects.filter(name=title, address=where)
    if (same.exclude(pk=business.pk) if business else same).exists():
        raise DataProblem("This business is listed already, at this address.")
    if keyholding_since is not None and keyholding_since > timezone.localdate():
        raise DataProblem("It joins the key-holding scheme on a day that lies ahead. Enter it then.")
    held = Business() if business is None else Business.objects.select_for_update().get(pk=business.pk)
    held.name, held.address, held.trade = title, where, trade.value
    held.ward, held.keyholding_since = line(ward, CODE_LENGTH), keyholding_since
    held.save()
    note("wrote down a business", f"business {held.pk}", by, trade=trade.value, keyholding=bool(keyholding_since))
    return held


@transaction.atomic
def note_visit(business: Business, *, on: date, risk: Risk, found: str, by: Actor) -> RiskVisit:
    """Write down a risk assessment."""
    permissions.check_can_edit(by)
    if on > timezone.localdate():
        raise DataProblem("That day lies ahead. Enter the day of the visit.")
    words = needed(found, "Say what the visit found.", TEXT_LENGTH)
    made = RiskVisit.objects.create(
        business=business, on=on, risk=risk.value, found=words, by_name=line(by.name, WORD_LENGTH)
    )
    note("assessed the risk of a business", f"business {business.pk}", by, on=on.isoformat(), risk=risk.value)
    return made


@transaction.atomic
def offer(
    business: Business, *, what: str, cost: Decimal | None, amount: Decimal | None, offered_on: date, by: Actor
) -> Grant:
    """Offer a grant. Raises RuleBroken before a risk visit or beyond the pot, DataProblem above cap or match."""
    permissions.check_can_edit(by)
    title = needed(what, "Say what the grant is for.")
    first = business.visits.order_by("on").first()
    if first is None:
        raise RuleBroken("A grant follows a risk assessment: visit the business first, and write down what you found.")
    if not first.on <= offered_on <= timezone.localdate():
        raise DataProblem("A grant is offered between the risk assessment and today.")
    _check_amount(cost, amount, before=None)
    made = Grant.objects.create(business=business, what=title, cost=cost, amount=amount, offered_on=offered_on)
    note("offered a grant to a business", _subject(made), by, cost=str(cost), amount=str(amount))
    return made


@transaction.atomic
def move_grant(
    grant: Grant,
    *,
    state: GrantState,
    cost: Decimal | None,
    amount: Decimal | None,
    paid_on: date | None = None,
    by: Actor,
) -> Grant:
    """Change a grant's amount or take it a step on. Paid and closed grants stay as they are."""
    permissions.check_can_edit(by)
    held = Grant.objects.select_for_update().get(pk=grant.pk)
    now = GrantState(held.state)
    if not now.is_committed:
        raise RuleBroken(f"This grant is {now.value}: it does not change any more.")
    rules.check_move(now, state)
    if state is GrantState.PAID:
        _check_paid(held, amount, paid_on)
    if state.is_committed or state is GrantState.PAID:
        _check_amount(cost, amount, before=held)
    before = [now.value, str(held.amount)]
    held.state, held.cost, held.amount = state.value, cost, amount
    held.paid_on = paid_on if state is GrantState.PAID else None
    held.save()
    note("changed a grant to a business", _subject(held), by, before=before, after=[state.value, str(amount)])
    return held


def _check_paid(held: Grant, amount: Decimal | None, paid_on: date | None) -> None:
    if amount is None:
        raise DataProblem("Enter how much was paid.")
    if paid_on is None or not held.offered_on <= paid_on <= timezone.localdate():
        raise DataProblem("Enter the day it was paid, between the offer and today.")


def _check_amount(cost: Decimal | None, amount: Decimal | None, *, before: Grant | None) -> None:
    """Raise for an amount above cap or match, or above what the pot has left. The pot is held until it is written."""
    if any(value is not None and value < 0 for value in (cost, amount)):
        raise DataProblem("A sum of money is nought or more.")
    pot = Pot.objects.select_for_update().filter(kind=PotKind.BUSINESS.value).first()
    if pot is None:
        return
    money.check_grant(cost, amount, cap=pot.cap, match_percent=pot.match_percent)
    others = Grant.objects.exclude(pk=before.pk) if before else Grant.objects.all()
    money.check_left(selectors.ledger(others, pot), amount)


def _subject(grant: Grant) -> str:
    return f"grant {grant.pk}"
