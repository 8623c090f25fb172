"""Named reads of alley-gating schemes."""

from collections.abc import Iterable

from django.db.models import QuerySet

from frankpledge.delivery.area_schemes.models import AlleyConsent, AlleyCost, AlleyScheme, Pot
from frankpledge.delivery.area_schemes.rules import gates as rules
from frankpledge.delivery.area_schemes.rules import money
from frankpledge.delivery.area_schemes.rules.gates import Standing
from frankpledge.delivery.area_schemes.rules.money import Ledger
from frankpledge.delivery.area_schemes.vocabulary import ConsentState, PotKind, SchemeState


def schemes() -> QuerySet[AlleyScheme]:
    """All schemes with their homes' answers and costs. Three queries."""
    return AlleyScheme.objects.prefetch_related("consents", "costs")


def scheme(number: int) -> AlleyScheme | None:
    """One scheme with its homes' answers, costs and inspections. Four queries."""
    return AlleyScheme.objects.prefetch_related("consents", "costs", "inspections").filter(pk=number).first()


def consent(scheme_number: int, number: int) -> AlleyConsent | None:
    """What one home of a scheme says. One query."""
    found = AlleyConsent.objects.select_related("scheme").filter(scheme_id=scheme_number, pk=number)
    return found.first()


def cost(scheme_number: int, number: int) -> AlleyCost | None:
    """One cost of a scheme. One query."""
    return AlleyCost.objects.select_related("scheme").filter(scheme_id=scheme_number, pk=number).first()


def standing_of(one: AlleyScheme) -> Standing:
    """What its homes say. No query if they were read with it."""
    said = [(ConsentState(home.state), home.closed_off) for home in one.consents.all()]
    return rules.standing(said, one.needed_percent)


def pot(kind: PotKind) -> Pot | None:
    """The money for a purpose. One query."""
    return Pot.objects.filter(kind=kind.value).first()


def gates_ledger(found: Iterable[AlleyScheme], held: Pot | None) -> Ledger:
    """The budget of gates over ``found`` schemes. No query if their costs were read with them."""
    costs = [(cost.estimate, cost.spent, one.state != SchemeState.DROPPED) for one in found for cost in one.costs.all()]
    return money.gates_ledger(held.amount if held else None, costs)
