"""Evaluations as they were made: never changed, a later one stands beside it. And what was found after burglaries."""

from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from frankpledge.oversight.evaluation.vocabulary import AlarmFound, EntryFloor, EntryRoute, LessonAbout, LessonOutcome

NAME_LENGTH = 200
UPRN_LENGTH = 13
WORD_LENGTH = 30
SENTENCE_LENGTH = 500


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """The words of an enumeration as choices of a column."""
    return [(word.value, word.value) for word in words]


class Evaluation(models.Model):
    """One answer to *Did it work?* with everything its page shows. ``job`` made it: done twice, kept once."""

    job = models.BigIntegerField(unique=True, null=True)
    first_on = models.DateField()
    last_on = models.DateField()
    pounds = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    cost_is = models.CharField(max_length=NAME_LENGTH, blank=True)
    result = models.JSONField()  # what ``ProgrammeEvaluation.as_dict`` gives, with what visits found and was offered
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


class EntryFinding(models.Model):
    """What was found at the visit after a burglary of a protected home. ``version`` grows with every change.

    The burglary itself stays in the records: ``record`` is its reference there, or its home and day without one.
    """

    record = models.CharField(max_length=NAME_LENGTH, unique=True)
    uprn = models.CharField(max_length=UPRN_LENGTH)
    burgled_on = models.DateField()
    visited_on = models.DateField()
    alarm = models.CharField(max_length=WORD_LENGTH, choices=choices(AlarmFound))
    entry = models.CharField(max_length=WORD_LENGTH, choices=choices(EntryRoute))
    floor = models.CharField(max_length=WORD_LENGTH, choices=choices(EntryFloor))
    note = models.CharField(max_length=NAME_LENGTH, blank=True)
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    written_by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-burgled_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(visited_on__gte=F("burgled_on")), name="evaluation_visited_after_the_burglary"
            ),
        ]

    def __str__(self) -> str:
        return f"finding {self.pk} after a burglary on {self.burgled_on}"


class Lesson(models.Model):
    """What was tried, expected and seen, and what would be done again. ``version`` grows with every change.

    A lesson that says it worked or did not names the figure, claim or page it rests on.
    """

    about = models.CharField(max_length=WORD_LENGTH, choices=choices(LessonAbout))
    tried = models.TextField()
    expected = models.TextField()
    happened = models.TextField()
    outcome = models.CharField(max_length=WORD_LENGTH, choices=choices(LessonOutcome))
    again = models.TextField()
    # Figures and claims are other rooms: their keys, as people say them.
    figure_key = models.CharField(max_length=WORD_LENGTH, blank=True)
    rests_on = models.CharField(max_length=SENTENCE_LENGTH, blank=True)
    said_by = models.CharField(max_length=NAME_LENGTH)
    said_on = models.DateField()
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    written_by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-said_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=LessonOutcome.CANNOT_TELL.value) | ~Q(figure_key="", rests_on=""),
                name="evaluation_lesson_rests_on_something",
            ),
        ]

    def __str__(self) -> str:
        return f"lesson {self.pk}: {self.outcome}"
