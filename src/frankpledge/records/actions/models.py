"""Tables of the action register: an action, and its history."""

from typing import Any

from django.db import models
from django.db.models import Q

from frankpledge.records.actions.vocabulary import ActionState, EntryKind, Origin, Worked

TITLE_LENGTH = 300
NAME_LENGTH = 200
KEY_LENGTH = 120


def _choices(words: Any) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Action(models.Model):
    """Something somebody has promised to do: who, what, by when, for which priority, with whose money."""

    title = models.CharField(max_length=TITLE_LENGTH)
    output = models.TextField(blank=True)
    # Agencies and people are another room: no foreign keys. A lead of an old plan may be no agency of ours.
    lead_agency_id = models.BigIntegerField(null=True)
    lead_agency_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    owner_id = models.BigIntegerField(null=True)
    owner_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    funder = models.CharField(max_length=NAME_LENGTH, blank=True)
    due_on = models.DateField(null=True)
    due_text = models.CharField(max_length=NAME_LENGTH, blank=True)  # as written, where that is more than the day
    not_before = models.DateField(null=True)  # the first day of the plan it belongs to
    state = models.CharField(max_length=10, choices=_choices(ActionState), default=ActionState.OPEN.value)
    outcome = models.TextField(blank=True)  # what was done, or why it was dropped
    worked = models.CharField(max_length=20, choices=_choices(Worked), blank=True)
    origin = models.CharField(max_length=20, choices=_choices(Origin), default=Origin.OTHER.value)
    origin_key = models.CharField(max_length=KEY_LENGTH, blank=True)
    priority_key = models.CharField(max_length=KEY_LENGTH, blank=True)
    milestone = models.CharField(max_length=TITLE_LENGTH, blank=True)
    chased = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=NAME_LENGTH)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ActionState.OPEN.value, closed_at__isnull=True)
                | (~Q(state=ActionState.OPEN.value) & Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="actions_closed_says_what_came",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="actions_by_state"),
            models.Index(fields=["owner_id", "state"], name="actions_by_owner"),
            models.Index(fields=["priority_key"], name="actions_by_priority"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.title}"

    @property
    def reference(self) -> str:
        """What people call it by: ``A12``."""
        return f"A{self.pk}"

    @property
    def is_open(self) -> bool:
        """Still to be done."""
        return self.state == ActionState.OPEN


class Entry(models.Model):
    """One line of an action's history."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=20, choices=_choices(EntryKind))
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"
