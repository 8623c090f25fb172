"""Named reads of the work beside installing."""

from django.db.models import F, QuerySet

from frankpledge.delivery.home_security.models import VoidHome


def voids() -> QuerySet[VoidHome]:
    """Empty homes, those still to be secured first, the longest empty at the head. Lazy."""
    return VoidHome.objects.order_by(F("secured_at").desc(nulls_first=True), "void_at", "pk")


def void(number: int) -> VoidHome | None:
    """One empty home. One query."""
    return VoidHome.objects.filter(pk=number).first()
