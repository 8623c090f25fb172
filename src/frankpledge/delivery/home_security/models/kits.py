"""Questions about the codes of marking kits that only a person can settle. No report is lost while one is open."""

from django.db import models
from django.db.models import Q

from frankpledge.delivery.home_security.models.columns import NAME_LENGTH, UPRN_LENGTH, WORD_LENGTH, choices
from frankpledge.delivery.home_security.models.doing import MarkingKit, Visit
from frankpledge.delivery.home_security.vocabulary import KitAnswer


class KitQuestion(models.Model):
    """A crew gave a home a code that another home has (``kit`` is set), or one that cannot be a code (it is not)."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="kit_questions")
    uprn = models.CharField(max_length=UPRN_LENGTH)  # the home of the visit
    written = models.CharField(max_length=WORD_LENGTH)  # as the crew wrote it
    kit = models.ForeignKey(MarkingKit, null=True, on_delete=models.PROTECT, related_name="questions")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=WORD_LENGTH, blank=True, choices=choices(KitAnswer))
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "written"], condition=Q(settled_at__isnull=True), name="homes_one_open_kit_question"
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk} about a kit's code"
