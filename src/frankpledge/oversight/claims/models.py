"""Tables of this room: documents, the claims in them, counts that were settled, and signed explanations.

Verdicts are not stored: they are worked out whenever they are asked for, so they follow the figures.
"""

from typing import Any

from django.db import models

KEY_LENGTH = 80
NAME_LENGTH = 200
QUANTITY_LENGTH = 200
TROUBLE_LENGTH = 400
MARK_LENGTH = 16


class Document(models.Model):
    """Something the partnership prints. ``content``: its figures, targets, actions and budgets, for the checks."""

    key = models.SlugField(max_length=KEY_LENGTH, unique=True)
    title = models.CharField(max_length=NAME_LENGTH)
    edition = models.CharField(max_length=NAME_LENGTH, blank=True)
    partnership = models.CharField(max_length=NAME_LENGTH, blank=True)
    is_example = models.BooleanField(default=False)
    content = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=NAME_LENGTH)
    published_at = models.DateTimeField(null=True)
    published_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)

    class Meta:
        ordering = ["is_example", "-made_at", "key"]

    def __str__(self) -> str:
        return self.title


class Claim(models.Model):
    """One statement of a document, for good. A correction is a new version; the last version stands."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="claims")
    key = models.CharField(max_length=KEY_LENGTH)
    version = models.PositiveIntegerField(default=1)
    order = models.PositiveIntegerField()
    content = models.JSONField()
    because = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["document", "order", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["document", "key", "version"], name="claims_claim_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key}, version {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only new claims are saved: what was once printed stays as it was."""
        if not self._state.adding:
            raise TypeError("A claim is never changed; a correction is a new version of it.")
        super().save(*args, **kwargs)


class Settlement(models.Model):
    """The count somebody settled on for a quantity printed with two values. The last one stands."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="settlements")
    quantity = models.CharField(max_length=QUANTITY_LENGTH)
    names = models.JSONField()
    value = models.BigIntegerField()
    because = models.TextField()
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.quantity}: {self.value}"


class Explanation(models.Model):
    """Why a document goes out with a conflict, signed. It covers the trouble of its mark and no other."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="explanations")
    trouble = models.CharField(max_length=TROUBLE_LENGTH)
    mark = models.CharField(max_length=MARK_LENGTH)
    text = models.TextField()
    signed_at = models.DateTimeField()
    signed_by_id = models.BigIntegerField()
    signed_by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.trouble}: {self.text[:60]}"
