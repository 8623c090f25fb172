"""Approved suppliers. An approval lasts until a day; earlier ones stay, so that an order is judged by its own day."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from frankpledge.delivery.home_security.models.columns import NAME_LENGTH


class Supplier(models.Model):
    """Somebody we buy from. Orders name it in words; capital letters make no other supplier of it."""

    name = models.CharField(max_length=NAME_LENGTH)
    service = models.CharField(max_length=NAME_LENGTH)  # what it supplies

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="homes_one_supplier_a_name")]

    def __str__(self) -> str:
        return self.name


class SupplierApproval(models.Model):
    """From a day until a day, both included, who approved it and on what ground."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="approvals")
    approved_on = models.DateField()
    expires_on = models.DateField()
    ground = models.CharField(max_length=NAME_LENGTH, blank=True)  # the check or tender it rests on
    by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["expires_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_on__gte=F("approved_on")), name="homes_approval_forwards")
        ]

    def __str__(self) -> str:
        return f"approval {self.pk} until {self.expires_on}"
