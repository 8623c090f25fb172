"""Writing to the audit trail. There is one way to write and none to change."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils import timezone

from frankpledge.foundation.audit.models import AuditEntry, AuditHead
from frankpledge.foundation.audit.rules import GENESIS, WRITTEN_FIELDS, Written, canonical_json, entry_hash, storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import FrankpledgeError

HEAD = 1
NAME_LENGTH = 200
SUBJECT_LENGTH = 200


class AuditTrailBroken(FrankpledgeError):
    """The trail cannot be continued, so nothing that must be recorded may happen."""


def record(
    *,
    act: Act,
    what: str,
    subject: str,
    by: Actor,
    purpose: str | None = None,
    recipient: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry, in the caller's transaction: if either fails, neither happened.

    ``what``: one plain sentence without personal detail. ``subject``: ``room:id``, such as ``"incidents:batch 12"``.
    ``recipient``: who received it; a disclosure must name one. ``details``: ids and field names, never contents of
    personal fields, passwords or tokens; must be JSON. Raises RuntimeError outside ``transaction.atomic``, ValueError
    for an entry that says too little, AuditTrailBroken if somebody has removed the trail's head.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(
            "Audit entries are written in the transaction of the act they record: use transaction.atomic."
        )
    if act is Act.DISCLOSURE and not recipient:
        raise ValueError("A disclosure names its recipient.")
    if not what or not subject:
        raise ValueError("An audit entry says what was done and to what.")
    head = _locked_head()
    written = Written(
        sequence=head.sequence + 1,
        at=timezone.now(),
        act=Act(act).value,
        what=storable(what),
        subject=storable(subject)[:SUBJECT_LENGTH],
        actor_kind=by.kind.value,
        actor_key=by.id,
        actor_name=storable(by.name)[:NAME_LENGTH],
        purpose=None if purpose is None else storable(purpose),
        recipient=None if recipient is None else storable(recipient),
        written_details=storable(canonical_json(dict(details or {}))),
        previous_hash=head.entry_hash,
    )
    return _append(head, written)


def _append(head: AuditHead, written: Written) -> AuditEntry:
    entry = AuditEntry(**{name: getattr(written, name) for name in WRITTEN_FIELDS}, entry_hash=entry_hash(written))
    entry.save(force_insert=True)
    head.sequence, head.entry_hash = entry.sequence, entry.entry_hash
    head.save(update_fields=["sequence", "entry_hash"])
    return entry


def _locked_head() -> AuditHead:
    """The head row, locked, so that writers queue here (on SQLite the immediate transaction already makes them)."""
    head = _head_if_any()
    if head is not None:
        return head
    # Only an empty trail may have no head: beginning a new one over entries would hide that its end was cut off.
    if not AuditEntry.objects.exists():
        AuditHead.objects.bulk_create([AuditHead(pk=HEAD, sequence=0, entry_hash=GENESIS)], ignore_conflicts=True)
    # Looked for once more: the entries may be another writer's first, and its head with them.
    head = _head_if_any()
    if head is None:
        raise AuditTrailBroken(
            "The note of the last audit entry is gone, so nothing can be recorded. Run `frankpledge audit verify`."
        )
    return head


def _head_if_any() -> AuditHead | None:
    return AuditHead.objects.select_for_update().filter(pk=HEAD).first()
