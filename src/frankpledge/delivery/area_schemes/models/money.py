"""The pots that area schemes are paid from."""

from django.db import models
from django.db.models import Q

from frankpledge.delivery.area_schemes.models.columns import NAME_LENGTH, choices
from frankpledge.delivery.area_schemes.vocabulary import PotKind


class Pot(models.Model):
    """Money for one purpose until a day. ``amount`` None: to be confirmed. Cap and match are rules of its grants."""

    kind = models.CharField(max_length=30, choices=choices(PotKind), unique=True)
    funder = models.CharField(max_length=NAME_LENGTH)
    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    ends_on = models.DateField(null=True)
    cap = models.DecimalField(
        max_digits=10, decimal_places=2, null=True
    )  # the most that one grant may be; None: no cap
    match_percent = models.PositiveSmallIntegerField(default=0)  # of the cost, that the business pays itself

    class Meta:
        ordering = ["kind"]
        constraints = [models.CheckConstraint(condition=Q(match_percent__lte=100), name="areas_match_is_a_share")]

    def __str__(self) -> str:
        return f"{self.kind}, {self.funder}"
