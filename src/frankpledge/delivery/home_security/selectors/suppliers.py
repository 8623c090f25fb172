"""Named reads of approved suppliers, and of orders that went elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from frankpledge.delivery.home_security.models import StockOrder, Supplier, SupplierApproval
from frankpledge.delivery.home_security.rules import suppliers as rules
from frankpledge.delivery.home_security.rules.suppliers import Span, Standing, Why
from frankpledge.delivery.home_security.vocabulary import OrderState


@dataclass(frozen=True, slots=True)
class SupplierLine:
    """A supplier on a day: its approvals in order of time, and where it stands."""

    supplier: Supplier
    approvals: Sequence[SupplierApproval]
    standing: Standing

    @property
    def until(self) -> date:
        """The last day of its latest approval."""
        return max(one.expires_on for one in self.approvals)


def supplier(number: int) -> Supplier | None:
    """One supplier. One query."""
    return Supplier.objects.filter(pk=number).first()


def lines(today: date) -> list[SupplierLine]:
    """Every supplier with its approvals, by the alphabet. Two queries."""
    found = []
    for one in Supplier.objects.prefetch_related("approvals"):
        approvals = list(one.approvals.all())
        found.append(SupplierLine(one, approvals, rules.standing([_span(a) for a in approvals], today)))
    return found


def _span(approval: SupplierApproval) -> Span:
    return Span(approval.approved_on, approval.expires_on)


def spans() -> dict[str, list[Span]]:
    """The approvals of every supplier, by its name as names are compared. One query."""
    found: dict[str, list[Span]] = {}
    rows = SupplierApproval.objects.order_by("approved_on").values_list("supplier__name", "approved_on", "expires_on")
    for name, first, last in rows:
        found.setdefault(rules.same_name(name), []).append(Span(first, last))
    return found


def approved_on(day: date) -> list[tuple[str, str]]:
    """Name of each supplier approved on a day, and what it supplies. One query."""
    rows = SupplierApproval.objects.filter(approved_on__lte=day, expires_on__gte=day)
    found = set(rows.values_list("supplier__name", "supplier__service"))
    return sorted(found, key=lambda one: one[0].casefold())


def why_not_approved(name: str, day: date) -> Why | None:
    """Why an order to this supplier would be an exception; None for one approved on the day. One query."""
    return rules.why_not_approved(name, day, spans())


def orders_since(day: date) -> QuerySet[StockOrder]:
    """Orders given on a day or later, those called off left out, the newest first. Lazy."""
    rows = StockOrder.objects.filter(ordered_on__gte=day).exclude(state=OrderState.CANCELLED.value)
    return rows.select_related("item").order_by("-ordered_on", "-pk")


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Orders since a day, and which of them went to nobody approved on their own day."""

    orders: int
    rows: Sequence[tuple[StockOrder, Why]]


def exceptions(since: date) -> Exceptions:
    """Orders that went to nobody approved. Two queries, however many."""
    known, orders = spans(), list(orders_since(since))
    judged = ((one, rules.why_not_approved(one.supplier_name, one.ordered_on, known)) for one in orders)
    return Exceptions(len(orders), [(one, why) for one, why in judged if why])
