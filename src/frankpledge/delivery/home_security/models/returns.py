"""What a funder wants to be told, and every return as it was sent."""

from django.db import models
from django.db.models import F, Q

from frankpledge.delivery.home_security.models.columns import NAME_LENGTH, TEXT_LENGTH


class FunderFormat(models.Model):
    """The columns of a funder's return. A funder without a row has the columns rules/returns.py gives it."""

    funder = models.CharField(max_length=NAME_LENGTH, unique=True)
    columns = models.JSONField()  # words of ReturnColumn, in order
    named_because = models.CharField(max_length=NAME_LENGTH, blank=True)  # why single homes are named, if they are
    set_at = models.DateTimeField()
    set_by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["funder"]

    def __str__(self) -> str:
        return f"format of {self.funder}"


class FunderReturn(models.Model):
    """A return as it was sent. ``counted`` holds what it was worked out from, without addresses: see what changed."""

    funder = models.CharField(max_length=NAME_LENGTH)
    first_on = models.DateField()
    last_on = models.DateField()
    columns = models.JSONField()
    counted = models.JSONField()  # [[UPRN, key of the measure, 1 if the home is counted here, quantity]]
    written = models.TextField(blank=True)  # the rows as sent, as CSV; empty where they name single homes
    sha256 = models.CharField(max_length=64)  # of the rows as sent
    rows = models.PositiveIntegerField()
    homes = models.PositiveIntegerField()  # homes and measures: each home once for each measure
    quantity = models.PositiveIntegerField()
    statement = models.TextField(max_length=TEXT_LENGTH)
    sent_to = models.CharField(max_length=NAME_LENGTH)
    sent_at = models.DateTimeField()
    sent_by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="homes_return_forwards"),
        ]

    def __str__(self) -> str:
        return f"return {self.pk} to {self.funder}"
