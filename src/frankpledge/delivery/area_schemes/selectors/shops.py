"""Named reads of businesses, their risk visits and their grants."""

from collections.abc import Iterable

from django.db.models import QuerySet

from frankpledge.delivery.area_schemes.models import Business, Grant, Pot
from frankpledge.delivery.area_schemes.rules import money
from frankpledge.delivery.area_schemes.rules.money import Ledger
from frankpledge.delivery.area_schemes.vocabulary import GrantState


def businesses() -> QuerySet[Business]:
    """All businesses with their visits and grants, by name. Three queries."""
    return Business.objects.prefetch_related("visits", "grants")


def business(number: int) -> Business | None:
    """One business with its visits and grants. Three queries."""
    return Business.objects.prefetch_related("visits", "grants").filter(pk=number).first()


def grant(business_number: int, number: int) -> Grant | None:
    """One grant of a business. One query."""
    return Grant.objects.select_related("business").filter(business_id=business_number, pk=number).first()


def ledger(grants: Iterable[Grant], pot: Pot | None) -> Ledger:
    """The pot with what these grants promise and were paid. No query."""
    held = [(GrantState(one.state), one.amount) for one in grants]
    return money.grants_ledger(pot.amount if pot else None, held)
