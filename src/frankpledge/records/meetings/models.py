"""Tables of this room: decisions."""

from django.db import models

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
