"""Reading the audit trail, and checking that nobody has touched it."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from frankpledge.foundation.audit.models import AuditEntry, AuditHead
from frankpledge.foundation.audit.rules import GENESIS, WRITTEN_FIELDS, Head, Verification, verify_chain
from frankpledge.foundation.audit.vocabulary import Act

CHUNK = 5_000
WITNESS_FILE = "audit-witness.jsonl"


def entries(
    *, act: Act | None = None, actor: str = "", first_day: date | None = None, last_day: date | None = None
) -> QuerySet[AuditEntry]:
    """Entries, newest first; ``actor`` is part of a name, days are local and included."""
    found = AuditEntry.objects.order_by("-sequence")
    if act:
        found = found.filter(act=act.value)
    if actor:
        found = found.filter(actor_name__icontains=actor)
    if first_day:
        found = found.filter(at__gte=_midnight(first_day))
    if last_day:
        found = found.filter(at__lt=_midnight(last_day + timedelta(days=1)))
    return found


def entries_about(subject: str) -> QuerySet[AuditEntry]:
    """Every entry about one thing (``room:id``), newest first: who looked, who changed it."""
    return AuditEntry.objects.filter(subject=subject).order_by("-sequence")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def head() -> Head | None:
    """The last entry as noted apart from the trail; None if nothing was ever recorded."""
    noted = AuditHead.objects.first()
    return Head(noted.sequence, noted.entry_hash) if noted else None


def verify(*, witnesses: Iterable[Head] = ()) -> Verification:
    """Read the whole trail and name the first entry that is missing, altered, out of order or slipped in.

    ``witnesses``: heads of earlier checks, kept where the database's owner cannot reach them. Reads in chunks.
    """
    return verify_chain(_rows(after=0), head=head(), witnesses=witnesses)


def verify_latest(count: int) -> tuple[Verification, int]:
    """Check the last ``count`` entries only; with the number of the entry the check began after."""
    noted = head()
    begin = max(0, (noted.sequence if noted else 0) - count)
    before = (
        AuditEntry.objects.filter(sequence=begin).values_list("entry_hash", flat=True).first() if begin else GENESIS
    )
    start = Head(begin, before or GENESIS)
    return verify_chain(_rows(after=begin), head=noted, start=start), begin


def _rows(*, after: int) -> Iterator[tuple[Any, ...]]:
    rows = AuditEntry.objects.filter(sequence__gt=after).order_by("sequence")
    return rows.values_list(*WRITTEN_FIELDS, "entry_hash").iterator(chunk_size=CHUNK)


def witness_file() -> Path:
    """Where heads of earlier checks are kept: outside the database, so that rewriting it leaves them standing."""
    return Path(settings.DATA_DIR) / WITNESS_FILE


def read_witnesses(file: Path) -> list[Head]:
    """Heads of earlier checks; none if the file is not there. Raises ValueError for a line that is not a witness."""
    if not file.is_file():
        return []
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Head(int(line["sequence"]), str(line["entry_hash"])) for line in lines]


def add_witness(file: Path, verification: Verification) -> None:
    """Append the head of an unbroken trail to the witness file."""
    if not verification.unbroken or not verification.entries:
        return
    at = datetime.now(UTC).isoformat(timespec="seconds")
    line = json.dumps({"sequence": verification.entries, "entry_hash": verification.head, "at": at})
    with file.open("a", encoding="utf-8") as handle:
        handle.write(line + "\n")
