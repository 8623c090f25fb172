"""Quarantine settled by people: a row is corrected and released, released as it is, or refused with a reason.

A row is never mended by hand into an event. It is put back into a file of its batch's own columns and read again by the
same source or profile that set it aside; only what that reader now accepts joins the batch. The batch gets a new stored
file, the old one is never touched, and the sum of rows stays true in the same transaction.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from frankpledge.evidence.schema import SCHEMAS
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.records.incidents import belonging, permissions, quality, rules, selectors
from frankpledge.records.incidents.models import NAME_LENGTH, Batch, Catalogue, QuarantinedRow
from frankpledge.records.incidents.vocabulary import RowState
from frankpledge.sources.judging import WITHHELD
from frankpledge.sources.profiles import Given, read_with
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.columns import Shape
from frankpledge.vocabulary.deliveries import RAW_LIMIT, Delivery, Refusal
from frankpledge.vocabulary.errors import RuleBroken

LONGEST_REASON = 1_000
LONGEST_CELL = 500
MOST_AT_ONCE = 5_000  # rows put back in one go


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the rows a person wanted released: how many joined, and why the others still cannot."""

    released: int
    still: tuple[tuple[int, str], ...]  # line in the file, sentence


def cells_of(row: QuarantinedRow, header: Sequence[str]) -> dict[str, str] | None:
    """The cells of a row by column; None where the row as delivered does not fall into the file's columns.

    Cells about a person were withheld when the row was set aside and stand here as ``[withheld]``.
    """
    if not header or not row.raw or len(row.raw) >= RAW_LIMIT:
        return None
    parsed = next(csv.reader(io.StringIO(row.raw)), [])
    return dict(zip(header, parsed, strict=True)) if len(parsed) == len(header) else None


def rows_to_settle(
    batch: Batch, *, fault: str | None = None, row_ids: Sequence[int] | None = None
) -> list[QuarantinedRow]:
    """The waiting rows meant: those with these numbers, or all with this fault. One query."""
    waiting = batch.quarantine.filter(state=RowState.WAITING).order_by("line", "pk")
    if row_ids is not None:
        waiting = waiting.filter(pk__in=list(row_ids))
    if fault is not None:
        waiting = waiting.filter(fault=fault)
    return list(waiting[: MOST_AT_ONCE + 1])


def refuse_rows(*, batch: Batch, rows: Sequence[QuarantinedRow], because: str, by: Actor) -> int:
    """Set these rows aside for good, for a stated reason; returns how many.

    Raises RuleBroken without a reason, NotPermitted for somebody who may not.
    """
    permissions.check_can_settle(by, batch)
    reason = storable(because).strip()
    if not reason:
        raise RuleBroken("Say why the rows are refused.")
    if len(reason) > LONGEST_REASON:
        raise RuleBroken(f"Say why in at most {LONGEST_REASON:,} characters.")
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        meant = batch.quarantine.filter(pk__in=[row.pk for row in rows], state=RowState.WAITING)
        lines = list(meant.values_list("line", flat=True))
        count = meant.update(
            state=RowState.REFUSED,
            settled_at=timezone.now(),
            settled_by_name=storable(by.name)[:NAME_LENGTH],
            settled_because=reason,
        )
        if not count:
            raise RuleBroken("These rows are settled already.")
        batch.rows_quarantined -= count
        batch.rows_refused += count
        batch.save(update_fields=["rows_quarantined", "rows_refused"])
        _record(batch, f"refused {count:,} quarantined {_rows(count)}", lines, by, purpose=reason)
    return count


def release_rows(
    *,
    batch: Batch,
    rows: Sequence[QuarantinedRow],
    changes: Mapping[int, Mapping[str, str]] | None = None,
    by: Actor,
) -> Settled:
    """Read these rows again, with ``changes`` (row number -> column -> new text), and store those that now pass.

    The others stay in quarantine. Raises RuleBroken for a batch that is not in use, for rows that cannot be
    put back and when somebody else settled rows of the batch meanwhile; NotPermitted for somebody who may not.
    """
    permissions.check_can_settle(by, batch)
    if not batch.is_current:
        raise RuleBroken(f"This batch is {batch.state}, so its rows are in no figure. Nothing was released.")
    if len(rows) > MOST_AT_ONCE:
        raise RuleBroken(f"More than {MOST_AT_ONCE:,} rows at once cannot be read again. Ask for the file again.")
    changes = changes or {}
    texts, still = _texts(batch, rows, changes)
    passed = _read_again(batch, texts, still)
    if passed:
        _join(batch, passed, changes, by)
    return Settled(len(passed), tuple((row.line, still[row.pk]) for row in rows if row.pk in still))


def _texts(
    batch: Batch, rows: Sequence[QuarantinedRow], changes: Mapping[int, Mapping[str, str]]
) -> tuple[list[tuple[QuarantinedRow, list[str]]], dict[int, str]]:
    """Each row as the cells of a file again; and why not, where it cannot be."""
    texts, still = [], {}
    for row in rows:
        cells = cells_of(row, batch.header)
        if cells is None:
            still[row.pk] = "The row as it came does not fall into the file’s columns. Ask for it again, or refuse it."
            continue
        for column, text in changes.get(row.pk, {}).items():
            if column in cells and cells[column] != WITHHELD:
                cells[column] = storable(text)[:LONGEST_CELL]
        texts.append((row, list(cells.values())))
    return texts, still


def _read_again(
    batch: Batch, texts: Sequence[tuple[QuarantinedRow, list[str]]], still: dict[int, str]
) -> list[tuple[QuarantinedRow, dict[str, Any]]]:
    """The rows the batch’s own reader accepts now, as the store keeps them; why not the others goes to ``still``."""
    if not texts:
        return []
    by_line = {line: row for line, (row, _) in enumerate(texts, start=2)}
    wanted = SCHEMAS[Shape(batch.shape)].names
    passed: dict[int, dict[str, Any]] = {}
    for found in _read(batch, _as_file(batch.header, [cells for _, cells in texts])):
        if isinstance(found, Refusal):
            still.update(dict.fromkeys((row.pk for row in by_line.values()), _told(found)))
            continue
        for rejected in found.rejected:
            if rejected.line in by_line:
                still[by_line[rejected.line].pk] = rejected.sentence
        where = _elsewhere(found, batch)
        for event in found.events.to_pylist():
            row = by_line[event["line"]]
            if where:
                still[row.pk] = where
            elif row.pk not in passed:
                passed[row.pk] = {name: _plain(event[name]) for name in wanted} | {"line": row.line}
    for row in by_line.values():
        if row.pk not in passed:
            still.setdefault(row.pk, "It is the same as another row of this file.")
    return [(row, passed[row.pk]) for row in by_line.values() if row.pk in passed]


def _read(batch: Batch, data: bytes) -> list[Delivery | Refusal]:
    """What the profile that read the batch makes of a file of these bytes today."""
    profile = belonging.profile_of(batch.source)
    if profile is None:
        raise RuleBroken("The source profile of this batch is no longer here, so its rows cannot be read again.")
    month = batch.period.first if len(batch.period) == 1 else None
    given = Given(batch.publisher, batch.publisher_name, month, batch.received_at.date())
    return list(read_with(profile, data, _file_name(batch.file), given=given))


def _elsewhere(found: Delivery, batch: Batch) -> str:
    """Why rows that read well still do not belong to this batch; empty when they do."""
    if (found.source, found.publisher) != (batch.source, batch.publisher):
        return "With these words the row is another sender’s. Send it with that sender’s file."
    if not (batch.period.first <= found.period.first and found.period.last <= batch.period.last):
        return f"With this date the row belongs to {found.period.label}. Send it with that month’s file."
    return ""


def _told(refusal: Refusal) -> str:
    """What a refusal says of one row, without the name of the file made for it."""
    sentence = refusal.sentence.removeprefix(refusal.file).strip()
    return sentence.split("Line 2: ", 1)[-1] if "Line 2: " in sentence else f"Read again, it {sentence}"


def _join(
    batch: Batch,
    passed: Sequence[tuple[QuarantinedRow, dict[str, Any]]],
    changes: Mapping[int, Mapping[str, str]],
    by: Actor,
) -> None:
    """Write the batch's rows and the released ones to a new file, then note it all in one transaction."""
    shape = Shape(batch.shape)
    fresh = selectors.rows_of_json([event for _, event in passed], SCHEMAS[shape])
    store = selectors.store()
    with store.writing():
        rows = pa.concat_tables([store.read(batch.stored_file).cast(SCHEMAS[shape]), fresh])
        mark = hashlib.sha256(
            batch.stored_mark.encode() + json.dumps([event for _, event in passed], sort_keys=True).encode()
        ).hexdigest()
        file = store.write(rows, content_sha256=mark, batch=batch.key, shape=shape)
        with transaction.atomic(durable=True):
            catalogue = Catalogue.objects.select_for_update().get(pk=selectors.CATALOGUE)
            held = Batch.objects.select_for_update().get(pk=batch.pk)
            if held.stored_mark != batch.stored_mark or not held.is_current:
                raise RuleBroken("Somebody else settled rows of this batch meanwhile. Look again and repeat it.")
            _mark_released(passed, changes, by)
            catalogue.version = rules.without_batch(catalogue.version, held.stored_mark)
            held.stored_file, held.stored_sha256, held.store_bytes = file.name, file.sha256, file.bytes_
            held.stored_mark = mark
            held.rows_stored += len(passed)
            held.rows_quarantined -= len(passed)
            kept = {name: held.quality[name] for name in ("notes", "change") if name in held.quality}
            held.quality = {**quality.measure_rows(rows, shape, held.period, _faults_left(held)), **kept}
            held.save()
            catalogue.version = rules.with_batch(catalogue.version, mark)
            catalogue.save(update_fields=["version"])
            changed = sorted({column for row, _ in passed for column in changes.get(row.pk, {})})
            what = f"released {len(passed):,} quarantined {_rows(len(passed))}"
            _record(held, what, [row.line for row, _ in passed], by, columns=changed)


def _mark_released(
    passed: Sequence[tuple[QuarantinedRow, dict[str, Any]]], changes: Mapping[int, Mapping[str, str]], by: Actor
) -> None:
    now = timezone.now()
    for row, event in passed:
        row.state, row.stored_as, row.settled_at = RowState.RELEASED, event, now
        row.settled_by_name = storable(by.name)[:NAME_LENGTH]
        row.corrected = dict(changes.get(row.pk, {}))
    fields = ["state", "stored_as", "settled_at", "settled_by_name", "corrected"]
    waiting = QuarantinedRow.objects.filter(pk__in=[row.pk for row, _ in passed], state=RowState.WAITING)
    if waiting.count() != len(passed):
        raise RuleBroken("Somebody else settled some of these rows meanwhile. Look again and repeat it.")
    QuarantinedRow.objects.bulk_update([row for row, _ in passed], fields, batch_size=200)


def _faults_left(batch: Batch) -> dict[str, int]:
    return {reason.fault: reason.rows for reason in selectors.quarantine_summary(batch)}


def _record(
    batch: Batch, what: str, lines: Iterable[int], by: Actor, *, purpose: str = "", columns: Sequence[str] = ()
) -> None:
    details: dict[str, Any] = {"lines": sorted(lines)[:1_000]}
    if columns:
        details["columns"] = list(columns)
    audit.record(
        act=Act.ALTERATION, what=what, subject=f"incidents:{batch.key}", by=by, purpose=purpose, details=details
    )


def _rows(count: int) -> str:
    return "row" if count == 1 else "rows"


def _as_file(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def _file_name(file: str) -> str:
    """The file's own name, which says whose it is and for which month; a sheet of a workbook is read again as CSV."""
    name = PurePosixPath(file).name.removesuffix(".gz")
    return name if name.endswith((".csv", ".tab", ".txt", ".tsv")) else f"{PurePosixPath(name).stem}.csv"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
