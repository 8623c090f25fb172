"""The table of this room: alerts, each raised once, dismissed or ended, and scored."""

from django.db import models
from django.db.models import Q

from frankpledge.records.alerts.vocabulary import AlertKind, AlertState, Outcome
from frankpledge.vocabulary.crime_types import CrimeType

NAME_LENGTH = 200
CODE_LENGTH = 9
UPRN_LENGTH = 13


class Alert(models.Model):
    """Something that a batch gives reason to act on. What it says never changes; its state and score do."""

    kind = models.CharField(max_length=30, choices=[(kind.value, kind.value) for kind in AlertKind])
    fingerprint = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in AlertState])
    crime_type = models.CharField(max_length=60)
    source = models.CharField(max_length=60)
    area_code = models.CharField(max_length=CODE_LENGTH)
    area_name = models.CharField(max_length=NAME_LENGTH)
    easting = models.FloatField(null=True)
    northing = models.FloatField(null=True)
    radius_m = models.FloatField(null=True)
    # Key of the home in foundation.places, never an address.
    premises = models.CharField(max_length=UPRN_LENGTH, blank=True)
    as_of = models.DateField()
    alive_until = models.DateField()
    strength = models.FloatField()
    method = models.TextField()
    batches = models.JSONField()
    # Whose records of which class it rests on, as ``agencies.rules.grounds_key`` writes them; empty: published ones.
    grounds = models.TextField(blank=True)
    facts = models.JSONField()
    raised_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by_id = models.BigIntegerField(null=True)
    dismissed_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    dismissed_because = models.TextField(blank=True)
    outcome = models.CharField(
        max_length=20, blank=True, choices=[(outcome.value, outcome.value) for outcome in Outcome]
    )
    outcome_facts = models.JSONField(default=dict)
    scored_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-as_of", "-strength", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=AlertState.DISMISSED.value)
                | (Q(dismissed_at__isnull=False) & ~Q(dismissed_because="")),
                name="alerts_dismissed_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", scored_at__isnull=True) | (~Q(outcome="") & Q(scored_at__isnull=False)),
                name="alerts_scored_when_judged",
            ),
            models.CheckConstraint(condition=Q(alive_until__gte=models.F("as_of")), name="alerts_live_forwards"),
        ]
        indexes = [
            models.Index(fields=["state", "kind", "alive_until"], name="alerts_by_state"),
            models.Index(fields=["premises"], name="alerts_of_premises"),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk}: {self.kind} in {self.area_name}"

    @property
    def type(self) -> CrimeType:
        """The type of event it is about."""
        return CrimeType(self.crime_type)
