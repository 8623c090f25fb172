"""Named reads of approved suppliers, and of orders that went elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

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
class Orders:
    """Orders since a day, which of them went to nobody approved on their own day, and what each supplier had."""

    orders: int
    exceptions: Sequence[tuple[StockOrder, Why]]
    use: Mapping[str, tuple[int, Decimal]]  # name as names are compared -> orders, pounds


def judged_orders(since: date) -> Orders:
    """Orders since a day, each judged by the approvals of its own day. Two queries, however many."""
    known, orders = spans(), list(orders_since(since))
    use: dict[str, tuple[int, Decimal]] = {}
    for one in orders:
        n, pounds = use.get(rules.same_name(one.supplier_name), (0, Decimal(0)))
        use[rules.same_name(one.supplier_name)] = (n + 1, pounds + one.cost)
    judged = ((one, rules.why_not_approved(one.supplier_name, one.ordered_on, known)) for one in orders)
    return Orders(len(orders), [(one, why) for one, why in judged if why], use)
