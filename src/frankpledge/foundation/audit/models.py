"""Tables of this room. Database triggers (migration 0002) refuse to change or delete what stands here."""

import json
from typing import Any

from django.db import models

from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.vocabulary.actors import ActorKind


class AuditEntry(models.Model):
    """One act. Written once, chained to the entry before it."""

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    act = models.CharField(max_length=20, choices=[(act.value, act.value) for act in Act], db_index=True)
    what = models.TextField()
    subject = models.CharField(max_length=200, db_index=True)
    actor_kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor_key = models.BigIntegerField(null=True, db_index=True)
    actor_name = models.CharField(max_length=200)
    purpose = models.TextField(null=True)  # noqa: DJ001 - "none asked" and "left empty" are different facts in the hash
    recipient = models.TextField(null=True)  # noqa: DJ001 - as above
    # Text, not a JSON column: PostgreSQL would re-write the JSON, and the hash is over what was written.
    written_details = models.TextField(default="{}")
    previous_hash = models.CharField(max_length=64)
    entry_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-sequence"]
        constraints = [
            models.CheckConstraint(condition=models.Q(sequence__gte=1), name="audit_entry_sequence_from_one"),
            models.CheckConstraint(
                condition=~models.Q(act=Act.DISCLOSURE.value) | models.Q(recipient__isnull=False),
                name="audit_disclosure_has_recipient",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.act} {self.subject}"

    @property
    def details(self) -> dict[str, Any]:
        """Ids and field names the act concerned."""
        loaded: dict[str, Any] = json.loads(self.written_details)
        return loaded


class AuditHead(models.Model):
    """The last entry, noted apart from the trail: the lock writers queue at, and how a cut-off tail is noticed."""

    sequence = models.BigIntegerField()
    entry_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_head_is_single")]

    def __str__(self) -> str:
        return f"head {self.sequence}"
