"""Named writes of approved suppliers. Approvals are added, never changed: an order is judged by those of its day."""

from datetime import date

from django.db import transaction

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import Supplier, SupplierApproval
from frankpledge.delivery.home_security.rules import suppliers as rules
from frankpledge.delivery.home_security.rules.suppliers import Span
from frankpledge.delivery.home_security.services.writing import altered, line
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken


@transaction.atomic
def add_supplier(
    *, name: str, service: str, approved_on: date, expires_on: date, ground: str = "", by: Actor
) -> Supplier:
    """Put a supplier on the list, with its first approval. Raises RuleBroken if one of that name is there."""
    permissions.check_can_edit(by)
    called, supplies = line(name, "The name"), line(service, "What it supplies")
    if not called or not supplies:
        raise DataProblem("Enter the supplier's name and what it supplies.")
    rules.check_span(Span(approved_on, expires_on))
    if Supplier.objects.filter(name__iexact=called).exists():
        raise RuleBroken(f"{called} is on the list already. Renew its approval there.")
    made = Supplier.objects.create(name=called, service=supplies)
    _approve(made, approved_on, expires_on, ground, by)
    altered("put a supplier on the approved list", f"supplier {made.pk}", by, until=expires_on.isoformat())
    return made


@transaction.atomic
def renew(supplier: Supplier, *, approved_on: date, expires_on: date, ground: str = "", by: Actor) -> SupplierApproval:
    """Approve a supplier for a further time."""
    permissions.check_can_edit(by)
    held = Supplier.objects.select_for_update().get(pk=supplier.pk)
    earlier = [Span(*one) for one in held.approvals.values_list("approved_on", "expires_on")]
    rules.check_span(Span(approved_on, expires_on), earlier)
    made = _approve(held, approved_on, expires_on, ground, by)
    altered("renewed a supplier's approval", f"supplier {held.pk}", by, until=expires_on.isoformat())
    return made


def _approve(supplier: Supplier, approved_on: date, expires_on: date, ground: str, by: Actor) -> SupplierApproval:
    return SupplierApproval.objects.create(
        supplier=supplier, approved_on=approved_on, expires_on=expires_on, ground=line(ground, "The ground"),
        by_name=line(by.name),
    )  # fmt: skip
