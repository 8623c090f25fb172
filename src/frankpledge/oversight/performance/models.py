"""Tables of this room: packs as they were made, decisions asked of a meeting, reminders that went out."""

from django.db import models

from frankpledge.oversight.performance.vocabulary import TITLE_LENGTH

PERSON_LENGTH = 200
EMAIL_LENGTH = 254


class Pack(models.Model):
    """A quarter's pack as it was made. It is never changed; a later one stands beside it."""

    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=TITLE_LENGTH)
    finding = models.TextField()
    indicators = models.PositiveIntegerField()
    page = models.TextField()  # the web page's fragment, made by us and escaped there
    pdf = models.BinaryField()
    word = models.BinaryField()
    slides = models.BinaryField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=PERSON_LENGTH)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["year", "quarter"], name="performance_pack_quarter")]

    def __str__(self) -> str:
        return self.title


class DecisionAsked(models.Model):
    """A decision somebody asks of the meeting about a quarter; withdrawn, it stays on record."""

    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=TITLE_LENGTH)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=PERSON_LENGTH)
    asked_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        indexes = [models.Index(fields=["year", "quarter"], name="performance_asked_quarter")]

    def __str__(self) -> str:
        return self.title


class Reminder(models.Model):
    """A message to whoever owns lines of a quarter that are not filled in yet, as it was sent."""

    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    to_id = models.BigIntegerField()
    to_name = models.CharField(max_length=PERSON_LENGTH)
    indicators = models.JSONField(default=list)  # keys
    subject = models.CharField(max_length=TITLE_LENGTH)
    text = models.TextField()
    sent_at = models.DateTimeField()
    sent_by_name = models.CharField(max_length=PERSON_LENGTH)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["year", "quarter"], name="performance_reminder_quarter")]

    def __str__(self) -> str:
        return f"{self.to_name}: {self.subject}"
