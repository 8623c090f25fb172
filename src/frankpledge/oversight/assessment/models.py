"""Tables of this room: assessments with their sections, approved editions, profiles, scans, requests, county views."""

from typing import Any

from django.db import models
from django.db.models import Q

from frankpledge.oversight.assessment.vocabulary import Chapter, RequestKind, ScanState
from frankpledge.vocabulary.errors import RuleBroken

TITLE_LENGTH = 200
AREA_CODE_LENGTH = 20
KEY_LENGTH = 80
PERSON_LENGTH = 200


def _choices(words: Any) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Assessment(models.Model):
    """The strategic assessment of one area, kept up to date; what was approved stands in its editions."""

    title = models.CharField(max_length=TITLE_LENGTH)
    area_code = models.CharField(max_length=AREA_CODE_LENGTH, unique=True)
    area_name = models.CharField(max_length=TITLE_LENGTH)
    # What its figures were made of: the evidence's version, the batches, the months.
    evidence_version = models.CharField(max_length=200, blank=True)
    made_of = models.JSONField(default=dict)
    word_template = models.BinaryField(null=True)
    word_template_name = models.CharField(max_length=TITLE_LENGTH, blank=True)
    composed_at = models.DateTimeField()
    composed_by_id = models.BigIntegerField(null=True)
    composed_by_name = models.CharField(max_length=PERSON_LENGTH)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        """``S1``."""
        return f"S{self.pk}"


class Section(models.Model):
    """A part of an assessment: what the system found (``drafted``, ``content``), what the analyst says (``words``)."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=KEY_LENGTH)
    chapter = models.CharField(max_length=20, choices=_choices(Chapter))
    position = models.PositiveIntegerField()
    heading = models.CharField(max_length=TITLE_LENGTH)
    drafted = models.TextField(blank=True)
    words = models.TextField(blank=True)
    content = models.JSONField(default=dict)
    # Printed values of the section's figures when its words were written: what the numbers in them stood for.
    values_then = models.JSONField(default=dict)
    included = models.BooleanField(default=True)
    # Raised with every writing: whoever saves an older one is told.
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField(null=True)
    written_by_name = models.CharField(max_length=PERSON_LENGTH, blank=True)

    class Meta:
        ordering = ["assessment", "position"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "key"], name="assessment_section_once"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.heading}"


class _Frozen(models.Model):
    """A row that is written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Write it the first time; refuse to write it again."""
        if not self._state.adding:
            raise RuleBroken("What was approved is never changed: approve a new edition.")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise RuleBroken("What was approved is kept.")


class Edition(_Frozen):
    """An approved edition: the whole document with its figures, and its sum."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    decision_reference = models.CharField(max_length=20)
    approved_at = models.DateTimeField()
    approved_by_id = models.BigIntegerField(null=True)
    approved_by_name = models.CharField(max_length=PERSON_LENGTH)

    class Meta:
        ordering = ["assessment", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="assessment_edition_once"),
        ]

    def __str__(self) -> str:
        return f"edition {self.number} of {self.assessment_id}"


class CountyView(_Frozen):
    """Editions of several districts side by side, as they were sent."""

    title = models.CharField(max_length=TITLE_LENGTH)
    editions = models.JSONField()  # [{area_name, number, sha256, approved_on}]
    table = models.JSONField()  # {columns, rows, notes}
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=PERSON_LENGTH)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title


class ProblemProfile(models.Model):
    """One problem by victim, offender, location and time, drawn from a question."""

    title = models.CharField(max_length=TITLE_LENGTH)
    question = models.JSONField()
    area_code = models.CharField(max_length=AREA_CODE_LENGTH)
    area_name = models.CharField(max_length=TITLE_LENGTH)
    drafted = models.TextField(blank=True)
    content = models.JSONField(default=dict)  # part key -> content; "summary" for the whole; "made_of": its batches
    words = models.JSONField(default=dict)  # part key -> words
    values_then = models.JSONField(default=dict)  # part key -> {slot: printed value}
    version = models.PositiveIntegerField(default=1)
    drawn_at = models.DateTimeField()
    drawn_by_id = models.BigIntegerField(null=True)
    drawn_by_name = models.CharField(max_length=PERSON_LENGTH)

    class Meta:
        ordering = ["-drawn_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        """``P1``."""
        return f"P{self.pk}"

    @property
    def made_of(self) -> dict[str, Any]:
        """The batches its figures were made of."""
        made: dict[str, Any] = self.content.get("made_of", {})
        return made


class Scan(models.Model):
    """Issues scored against each other by a matrix the partnership sets."""

    title = models.CharField(max_length=TITLE_LENGTH)
    area_code = models.CharField(max_length=AREA_CODE_LENGTH)
    area_name = models.CharField(max_length=TITLE_LENGTH)
    criteria = models.JSONField()  # [{key, label, weight, ask}]
    top = models.PositiveSmallIntegerField()
    issues = models.JSONField()  # [{name, scores, proposed, confidence, reasons, figure_keys}]
    seed = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=_choices(ScanState), default=ScanState.OPEN.value)
    decision_reference = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=PERSON_LENGTH)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ScanState.OPEN.value, decision_reference="")
                | (Q(state=ScanState.RECORDED.value) & ~Q(decision_reference="")),
                name="assessment_scan_recorded_with_decision",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        """``M1``."""
        return f"M{self.pk}"


class EvidenceRequest(models.Model):
    """Somebody asks for a new group or service; the assessment answers, the partnership decides."""

    title = models.CharField(max_length=TITLE_LENGTH)
    kind = models.CharField(max_length=40, choices=_choices(RequestKind))
    asked_by = models.CharField(max_length=TITLE_LENGTH)
    asked_on = models.DateField()
    why = models.TextField()
    area_code = models.CharField(max_length=AREA_CODE_LENGTH)
    area_name = models.CharField(max_length=TITLE_LENGTH)
    themes = models.JSONField(default=list)  # crime types it speaks of
    # What the assessment said when it was decided: kept, because figures move on.
    evidence_then = models.JSONField(null=True)
    decision_reference = models.CharField(max_length=20, blank=True)
    written_by_name = models.CharField(max_length=PERSON_LENGTH)

    class Meta:
        ordering = ["-asked_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        """``R1``."""
        return f"R{self.pk}"
