"""Tables of this room: decisions, and what some of them hand to somebody to decide alone."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from frankpledge.records.meetings.rules import NAMES_LENGTH, SUBJECT_LENGTH, TITLE_LENGTH
from frankpledge.records.meetings.vocabulary import Outcome

PERSON_LENGTH = 200


class Decision(models.Model):
    """One thing decided. It is never changed: a later decision about the same subject stands beside it."""

    number = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=TITLE_LENGTH)
    outcome = models.CharField(max_length=20, choices=[(word.value, word.value) for word in Outcome])
    decided = models.TextField()
    decided_on = models.DateField()
    decided_by = models.CharField(max_length=NAMES_LENGTH)
    reasons = models.TextField()
    # Keys of records.indicators and of whatever room it is about: other rooms, so no foreign keys.
    figure_keys = models.JSONField(default=list)
    subject = models.CharField(max_length=SUBJECT_LENGTH, blank=True)
    details = models.JSONField(default=dict)
    # Under which delegation it was taken, and the pounds it gives, where it gives any.
    delegation = models.ForeignKey("Delegation", null=True, on_delete=models.PROTECT, related_name="taken")
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_by_name = models.CharField(max_length=PERSON_LENGTH)

    class Meta:
        ordering = ["-number"]
        indexes = [models.Index(fields=["subject"], name="meetings_decision_by_subject")]

    def __str__(self) -> str:
        return f"{self.reference}: {self.title}"

    @property
    def reference(self) -> str:
        """``D1``, ``D2`` ...: as people say it."""
        return f"D{self.number}"


class Delegation(models.Model):
    """What an agency or a person may decide alone, up to a limit, from when until when, and by which decision."""

    number = models.PositiveIntegerField(unique=True)
    what = models.TextField()
    # Agencies are another room: no foreign key.
    agency_id = models.BigIntegerField(null=True)
    agency_name = models.CharField(max_length=PERSON_LENGTH, blank=True)
    person = models.CharField(max_length=PERSON_LENGTH, blank=True)
    limit = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    limit_words = models.CharField(max_length=NAMES_LENGTH, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="delegations")
    ended_on = models.DateField(null=True)  # the last day, where it was taken back
    ended_because = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by_name = models.CharField(max_length=PERSON_LENGTH)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="meetings_forwards"
            ),
            models.CheckConstraint(condition=~Q(agency_name="", person=""), name="meetings_delegated_to_somebody"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_because="")
                | (Q(ended_on__isnull=False) & ~Q(ended_because="")),
                name="meetings_end_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.what}"

    @property
    def reference(self) -> str:
        """``DL1``, ``DL2`` ...: as people say it."""
        return f"DL{self.number}"

    @property
    def holder(self) -> str:
        """Who may decide: the person, the agency, or both."""
        return ", ".join(part for part in (self.person, self.agency_name) if part)

    @property
    def last_on(self) -> date | None:
        """Its last day, if it has one: the day it was taken back, or the end it was given."""
        return self.ended_on or self.until
