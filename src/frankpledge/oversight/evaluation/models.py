"""Evaluations as they were made: never changed, a later one stands beside it."""

from django.db import models
from django.db.models import Q

NAME_LENGTH = 200


class Evaluation(models.Model):
    """One answer to *Did it work?* with everything its page shows. ``job`` made it: done twice, kept once."""

    job = models.BigIntegerField(unique=True, null=True)
    first_on = models.DateField()
    last_on = models.DateField()
    pounds = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    cost_is = models.CharField(max_length=NAME_LENGTH, blank=True)
    result = models.JSONField()  # what ``ProgrammeEvaluation.as_dict`` gives
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=models.F("first_on")), name="evaluation_forwards"),
            models.CheckConstraint(condition=Q(pounds__isnull=True) | Q(pounds__gt=0), name="evaluation_cost_above_0"),
        ]

    def __str__(self) -> str:
        return f"evaluation {self.pk}: {self.first_on} to {self.last_on}"
