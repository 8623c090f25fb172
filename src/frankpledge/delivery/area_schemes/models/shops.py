"""Businesses, what a risk assessment found there, and grants towards their security."""

from django.db import models
from django.db.models import Q

from frankpledge.delivery.area_schemes.models.columns import (
    CODE_LENGTH,
    NAME_LENGTH,
    TEXT_LENGTH,
    WORD_LENGTH,
    choices,
)
from frankpledge.delivery.area_schemes.vocabulary import GrantState, Risk, Trade


class Business(models.Model):
    """A business we help. ``keyholding_since``: in the key-holding scheme from that day."""

    name = models.CharField(max_length=NAME_LENGTH)
    address = models.CharField(max_length=NAME_LENGTH)
    ward = models.CharField(max_length=CODE_LENGTH, blank=True)
    trade = models.CharField(max_length=30, choices=choices(Trade), default=Trade.SMALL_RETAILER.value)
    keyholding_since = models.DateField(null=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["name", "address"], name="areas_one_line_a_business")]

    def __str__(self) -> str:
        return self.name


class RiskVisit(models.Model):
    """A visit to assess the risk of a business, and what it found."""

    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="visits")
    on = models.DateField()
    risk = models.CharField(max_length=10, choices=choices(Risk))
    found = models.TextField(max_length=TEXT_LENGTH)
    by_name = models.CharField(max_length=WORD_LENGTH)

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"risk visit {self.pk}"


class Grant(models.Model):
    """A grant: ``cost`` of the work, ``amount`` we give (None: to be confirmed); the rest is the business's match."""

    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="grants")
    what = models.CharField(max_length=NAME_LENGTH)
    cost = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    state = models.CharField(max_length=12, choices=choices(GrantState), default=GrantState.OFFERED.value)
    offered_on = models.DateField()
    paid_on = models.DateField(null=True)

    class Meta:
        ordering = ["-offered_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=GrantState.PAID.value) | (Q(paid_on__isnull=False) & Q(amount__isnull=False)),
                name="areas_paid_on_a_day_in_pounds",
            ),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gte=0), name="areas_grant_not_below_0"),
        ]

    def __str__(self) -> str:
        return f"grant {self.pk}: {self.state}"
