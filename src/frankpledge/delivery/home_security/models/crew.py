"""What crews' phones sent, kept as it came: sent twice it is one row, and of two crews' reports neither is lost."""

from django.db import models
from django.db.models import Q

from frankpledge.delivery.home_security.models.columns import NAME_LENGTH, WORD_LENGTH, choices
from frankpledge.delivery.home_security.models.doing import Visit
from frankpledge.delivery.home_security.vocabulary import ConflictChoice, SentState


class SentVisit(models.Model):
    """One report of a visit as a crew sent it, and what became of it.

    ``client_key`` is made on the phone when the visit is finished: the same report sent again finds this row and gets
    the same answer. A report that met another one is kept beside it until a person has decided.
    """

    client_key = models.UUIDField(unique=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="sent")
    version_seen = models.PositiveIntegerField()  # of the visit, as the phone knew it
    state = models.CharField(max_length=12, choices=choices(SentState))
    told = models.JSONField()  # what the crew said, as frankpledge.delivery.home_security.rules.crew.Told
    doubts = models.JSONField(default=list)  # what a person should look at, in sentences without names
    received_at = models.DateTimeField()
    by_id = models.BigIntegerField()  # who was signed in; another room, so no foreign key
    by_name = models.CharField(max_length=NAME_LENGTH)
    choice = models.CharField(max_length=WORD_LENGTH, blank=True, choices=choices(ConflictChoice))
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit"], condition=Q(state=SentState.TAKEN.value), name="homes_one_report_taken_a_visit"
            ),
        ]
        indexes = [models.Index(fields=["state", "settled_at"], name="homes_sent_by_state")]

    def __str__(self) -> str:
        return f"report {self.client_key} of visit {self.visit_id}: {self.state}"
