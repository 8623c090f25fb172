"""Named reads of the catalogue. Each says how many queries it takes; none takes more as the catalogue grows."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from frankpledge.evidence.engine import Engine
from frankpledge.evidence.raw_files import RawFiles
from frankpledge.evidence.schema import SCHEMAS
from frankpledge.evidence.store import EvidenceStore
from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.agencies.vocabulary import DataClass
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.records.incidents import drift, permissions, quality, rules
from frankpledge.records.incidents.editions import EditionChange, compare
from frankpledge.records.incidents.models import Batch, Catalogue, QuarantinedRow, SourceProfile, Upload
from frankpledge.records.incidents.vocabulary import (
    BatchState,
    CellState,
    RowState,
    UploadState,
    Verdict,
    source_words,
)
from frankpledge.sources.profiles import Profile, shipped
from frankpledge.sources.profiles.changes import Renaming, renamings
from frankpledge.vocabulary.columns import Shape
from frankpledge.vocabulary.deliveries import Balance, Delivery
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.wording import Phrase

if TYPE_CHECKING:
    from frankpledge.foundation.agencies.models import Person

CATALOGUE = 1


def store() -> EvidenceStore:
    """The folder of event files of this installation."""
    return EvidenceStore(Path(settings.DATA_DIR) / "evidence")


def engine() -> Engine:
    """The engine over this installation's events: one for each process, and it can read nothing else."""
    return _engine(store().root)


@lru_cache(maxsize=4)
def _engine(folder: Path) -> Engine:
    return Engine(folder)


def raw_files() -> RawFiles:
    """The folder of uploads waiting to be read."""
    return RawFiles(Path(settings.DATA_DIR) / "uploads")


def store_version() -> str:
    """A word that is the same exactly while the same batches are current. One query; for caches."""
    return Catalogue.objects.filter(pk=CATALOGUE).values_list("version", flat=True).first() or rules.EMPTY_VERSION


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One current batch and where its events lie."""

    batch_key: str
    path: Path
    source: str
    publisher: str
    publisher_name: str
    period: MonthSpan
    rows: int
    shape: Shape = Shape.EVENTS


def current_files(
    source: str | None = None,
    publishers: Collection[str] | None = None,
    span: MonthSpan | None = None,
    *,
    shape: Shape | None = Shape.EVENTS,
) -> list[CatalogueEntry]:
    """The current batches of ``shape`` (None: of every) that touch ``span``, by source, publisher, month. One query."""
    folder = store()
    return [
        CatalogueEntry(
            batch_key=batch.key,
            path=folder.path(batch.stored_file),
            source=batch.source,
            publisher=batch.publisher,
            publisher_name=batch.publisher_name,
            period=batch.period,
            rows=batch.rows_stored,
            shape=Shape(batch.shape),
        )
        for batch in _current(source, publishers, span, shape)
        .defer("quality")
        .order_by("source", "publisher", "first_month", "last_month")
    ]


def months_present(source: str, publishers: Collection[str] | None = None) -> dict[str, set[Month]]:
    """Months each publisher has delivered and not withdrawn: publisher -> months. A month without events counts too.

    One query.
    """
    present: dict[str, set[Month]] = defaultdict(set)
    rows = _current(source, publishers, None).values_list("publisher", "first_month", "last_month")
    for publisher, first, last in rows.order_by():
        present[publisher].update(MonthSpan(Month.of(first), Month.of(last)))
    return dict(present)


def balance(
    source: str | None = None, publishers: Collection[str] | None = None, span: MonthSpan | None = None
) -> Balance:
    """The sum over the current batches that touch ``span``. One query."""
    totals = _current(source, publishers, span).aggregate(
        read=Sum("rows_read"),
        stored=Sum("rows_stored"),
        quarantined=Sum(F("rows_quarantined") + F("rows_refused")),
        duplicates=Sum("rows_duplicate"),
    )
    return Balance(**{name: total or 0 for name, total in totals.items()})


def batches(
    source: str | None = None, publisher: str | None = None, state: BatchState | None = None
) -> QuerySet[Batch]:
    """Batches of every state, newest months first within each publisher. Lazy, so that a page takes one query."""
    found = Batch.objects.defer("quality")
    if source is not None:
        found = found.filter(source=source)
    if publisher is not None:
        found = found.filter(publisher=publisher)
    if state is not None:
        found = found.filter(state=state)
    return found


def find_batch(key: str) -> Batch | None:
    """The batch with this key, or None. One query."""
    return Batch.objects.filter(key=key).first()


def editions_of(batch: Batch) -> list[Batch]:
    """Every edition of the batch's period, itself too, the one that was current most recently first. One query."""
    same = Batch.objects.filter(
        source=batch.source, publisher=batch.publisher, first_month=batch.first_month, last_month=batch.last_month
    )
    return list(same.order_by("-current_since", "-pk"))


@dataclass(frozen=True, slots=True)
class SourcePresent:
    """A source of which something is current."""

    source: str
    label: str
    publishers: tuple[tuple[str, str], ...]  # slug, name
    period: MonthSpan
    rows: int


def sources_present(shape: Shape = Shape.EVENTS) -> list[SourcePresent]:
    """What can be asked about: sources of which something of that shape is current. One query."""
    rows = (
        Batch.objects.filter(state=BatchState.CURRENT, shape=shape.value)
        .values("source", "publisher", "publisher_name")
        .annotate(first=Min("first_month"), last=Max("last_month"), rows=Sum("rows_stored"))
        .order_by("source", "publisher", "publisher_name")
    )
    grouped: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row["source"]].append(row)
    return [
        SourcePresent(
            source=source,
            label=source_words(source).label,
            publishers=tuple({row["publisher"]: row["publisher_name"] for row in found}.items()),
            period=MonthSpan(Month.of(min(row["first"] for row in found)), Month.of(max(row["last"] for row in found))),
            rows=sum(row["rows"] for row in found),
        )
        for source, found in grouped.items()
    ]


@dataclass(frozen=True, slots=True)
class GridCell:
    """One source, publisher and month: what is there. ``rows`` are the month's own when a batch covers several."""

    month: Month
    state: CellState
    rows: int = 0
    quarantined: int = 0
    batch_key: str | None = None
    earlier_editions: int = 0

    @property
    def sent_again(self) -> bool:
        """A newer edition is in use; older ones are kept."""
        return self.earlier_editions > 0


@dataclass(frozen=True, slots=True)
class GridRow:
    """All months of one source and publisher."""

    source: str
    source_label: str
    rhythm: str
    publisher: str
    publisher_name: str
    cells: tuple[GridCell, ...]

    def months_that_are(self, state: CellState) -> list[Month]:
        """The months whose cell has that state."""
        return [cell.month for cell in self.cells if cell.state is state]


@dataclass(frozen=True, slots=True)
class EvidenceGrid:
    """Sources and publishers by month. Every row has a cell for every month of ``months``."""

    months: tuple[Month, ...]
    rows: tuple[GridRow, ...]

    def count(self, state: CellState) -> int:
        """How many cells have that state."""
        return sum(len(row.months_that_are(state)) for row in self.rows)


@dataclass(slots=True)
class _Held:
    """What one month of one publisher holds while the grid is put together."""

    current: Batch | None = None
    superseded: int = 0
    withdrawn: Batch | None = None


def evidence_grid(source: str | None = None, span: MonthSpan | None = None) -> EvidenceGrid:
    """What is in, what is missing between a publisher's first and last month, what was sent again or withdrawn.

    ``span`` limits the months shown, not what counts as missing. One query.
    """
    held: dict[tuple[str, str], dict[Month, _Held]] = defaultdict(lambda: defaultdict(_Held))
    names: dict[tuple[str, str], str] = {}
    found = Batch.objects.defer("quality").annotate(rows_by_month=F("quality__months"))
    if source is not None:
        found = found.filter(source=source)
    for batch in found.order_by("source", "publisher", "first_month", "current_since"):
        who = (batch.source, batch.publisher)
        names[who] = batch.publisher_name
        for month in batch.period:
            _hold(held[who][month], batch)
    shown = _months_shown(held.values(), span)
    rows = [_grid_row(who, names[who], months, shown) for who, months in sorted(held.items())]
    return EvidenceGrid(shown, tuple(rows))


def _hold(held: _Held, batch: Batch) -> None:
    if batch.state == BatchState.CURRENT:
        held.current = batch
    elif batch.state == BatchState.SUPERSEDED:
        held.superseded += 1
    else:
        held.withdrawn = batch


def _months_shown(held: Iterable[dict[Month, _Held]], span: MonthSpan | None) -> tuple[Month, ...]:
    if span is not None:
        return tuple(span)
    everything = [month for months in held for month in months]
    return tuple(MonthSpan(min(everything), max(everything))) if everything else ()


def _grid_row(who: tuple[str, str], name: str, held: dict[Month, _Held], shown: Sequence[Month]) -> GridRow:
    words = source_words(who[0])
    known = MonthSpan(min(held), max(held))
    cells = tuple(_cell(month, held.get(month), known) for month in shown)
    return GridRow(who[0], words.label, words.rhythm, who[1], name, cells)


def _cell(month: Month, held: _Held | None, known: MonthSpan) -> GridCell:
    if held is None:
        return GridCell(month, CellState.MISSING if month in known else CellState.OUTSIDE)
    if held.current is None:
        key = held.withdrawn.key if held.withdrawn else None
        return GridCell(month, CellState.WITHDRAWN, batch_key=key, earlier_editions=held.superseded)
    batch = held.current
    return GridCell(
        month,
        CellState.IN,
        rows=batch.rows_by_month.get(str(month), 0),  # type: ignore[attr-defined]
        quarantined=batch.rows_quarantined,
        batch_key=batch.key,
        earlier_editions=held.superseded,
    )


@dataclass(frozen=True, slots=True)
class QualityReport:
    """How complete a batch is, in words, how its figures stand against the batches around it, and what changed."""

    batch_key: str
    words: tuple[str, ...]
    checks: tuple[rules.Check, ...]
    changes: tuple[Phrase, ...] = ()
    renamings: tuple[Renaming, ...] = ()
    new_words: tuple[str, ...] = ()

    @property
    def unusual(self) -> tuple[rules.Check, ...]:
        """The checks a person should look at."""
        return tuple(check for check in self.checks if check.verdict is Verdict.UNUSUAL)


def quality_report(batch: Batch) -> QualityReport:
    """The report of one batch. One query, for the batches around it."""
    return quality_reports([batch])[0]


def quality_reports(wanted: Sequence[Batch]) -> list[QualityReport]:
    """The reports of several batches, in the same order. One query for all."""
    groups = Q(pk__in=[])
    for source, publisher in sorted({(batch.source, batch.publisher) for batch in wanted}):
        groups |= Q(source=source, publisher=publisher)
    around: dict[tuple[str, str], list[Batch]] = defaultdict(list)
    for other in Batch.objects.filter(groups, state=BatchState.CURRENT):
        around[other.source, other.publisher].append(other)
    histories = {who: _history(others) for who, others in around.items()}
    reports = []
    for batch in wanted:
        who = (batch.source, batch.publisher)
        history = histories[who] if batch.is_current else _history([*around[who], batch])
        reports.append(_report(batch, around[who], history))
    return reports


@dataclass(frozen=True, slots=True)
class _History:
    """What one sender sent: rows by month, the sender's words by month, and the words that changed their name."""

    rows: dict[Month, float]
    words: dict[Month, dict[str, float]]
    renamings: tuple[Renaming, ...]


def _history(batches: Iterable[Batch]) -> _History:
    rows: dict[Month, float] = {}
    words: dict[Month, dict[str, float]] = {}
    for batch in batches:
        rows |= {Month.parse(month): count for month, count in batch.quality["months"].items()}
        words |= {Month.parse(month): said for month, said in batch.quality.get("words_by_month", {}).items()}
    return _History(rows, words, renamings(words))


def _report(batch: Batch, around: Sequence[Batch], history: _History) -> QualityReport:
    month = batch.period.first
    neighbours = [
        other
        for other in around
        if len(other.period) == len(batch.period) and rules.is_neighbour(month, other.period.first)
    ]
    checks = [
        rules.check_against(
            "Rows in the file", batch.rows_stored, [other.quality["rows"] for other in neighbours], is_share=False
        )
    ]
    for name, label in quality.shares_of(Shape(batch.shape)).items():
        usual = [quality.share(other.quality, name) for other in neighbours]
        checks.append(rules.check_against(label, quality.share(batch.quality, name), usual, is_share=True))
    for label, value in _SHARES_OF_READ.items():
        usual = [value(other) for other in neighbours]
        checks.append(rules.check_against(label, value(batch), usual, is_share=True))
    late = rules.days_late(batch.period, batch.received_at.date())
    usual_days = [rules.days_late(other.period, other.received_at.date()) for other in neighbours]
    if late <= rules.NEVER_ASKED_LATER and all(days <= rules.NEVER_ASKED_LATER for days in usual_days):
        checks.append(
            rules.check_against("Days from the end of the period until it came", late, usual_days, is_share=False)
        )
    own = tuple(renaming for renaming in history.renamings if renaming.month in batch.period)
    fresh = drift.new_words(history.words, batch.period, history.renamings)
    changes = tuple(_changes(batch, history, own, fresh))
    return QualityReport(batch.key, tuple(batch.quality["words"]), tuple(checks), changes, own, fresh)


_SHARES_OF_READ: dict[str, Callable[[Batch], float]] = {
    "Rows in quarantine": lambda batch: batch.rows_aside / (batch.rows_read or 1),
    "Rows twice in the file": lambda batch: batch.rows_duplicate / (batch.rows_read or 1),
}


def _changes(batch: Batch, history: _History, renamings: Sequence[Renaming], fresh: Sequence[str]) -> Iterator[Phrase]:
    if len(batch.period) == 1:
        month = batch.period.first
        others = {other: count for other, count in history.rows.items() if other != month}
        counted = batch.shape == Shape.COUNTS
        if changed := drift.change_of_rows(month, history.rows.get(month, batch.rows_stored), others, counted=counted):
            yield changed
    if fresh:
        yield drift.new_words_phrase(fresh)
    yield from (renaming.sentence for renaming in renamings)


@dataclass(frozen=True, slots=True)
class QuarantineReason:
    """One reason for quarantine, how many rows it has, and one example in words (no content of a row)."""

    fault: str
    rows: int
    first_line: int
    column: str | None


def quarantine_summary(batch: Batch) -> list[QuarantineReason]:
    """Why rows of this batch are in quarantine, the commonest reason first. Shows no row. One query."""
    found = (
        QuarantinedRow.objects.filter(batch=batch, state=RowState.WAITING)
        .values("fault")
        .annotate(rows=Count("id"), first_line=Min("line"), name=Min("column"))
        .order_by("-rows", "fault")
    )
    return [QuarantineReason(row["fault"], row["rows"], row["first_line"], row["name"]) for row in found]


def quarantine_for(
    batch: Batch, *, for_user: "Person", fault: str | None = None, offset: int = 0, limit: int = 100
) -> list[QuarantinedRow]:
    """Rows as delivered, by line. The look is recorded in the same transaction, or does not happen.

    Raises NotPermitted for somebody who may not see them.
    """
    permissions.check_can_view_quarantine(for_user, batch)
    with transaction.atomic():
        rows = QuarantinedRow.objects.filter(batch=batch, state=RowState.WAITING).order_by("line", "pk")
        if fault is not None:
            rows = rows.filter(fault=fault)
        page = list(rows[offset : offset + limit])
        audit.record(
            act=Act.CONSULTATION,
            what=f"looked at {len(page)} quarantined rows",
            subject=f"incidents:{batch.key}",
            by=for_user.actor,
            details={"lines": [row.line for row in page], "fault": fault},
        )
    return page


def quarantined_row(batch: Batch, row_id: int, *, for_user: "Person") -> QuarantinedRow | None:
    """One waiting row as delivered, or None. The look is recorded in the same transaction, or does not happen.

    Raises NotPermitted for somebody who may not see it.
    """
    permissions.check_can_view_quarantine(for_user, batch)
    with transaction.atomic():
        row = QuarantinedRow.objects.filter(batch=batch, pk=row_id, state=RowState.WAITING).first()
        if row is not None:
            audit.record(
                act=Act.CONSULTATION,
                what="looked at a quarantined row",
                subject=f"incidents:{batch.key}",
                by=for_user.actor,
                details={"lines": [row.line], "fault": row.fault},
            )
    return row


def profile_versions(name: str) -> list[SourceProfile]:
    """Every version of a profile of the partnership's own, the newest first. One query."""
    return list(SourceProfile.objects.filter(name=name))


def profiles_saved() -> list[SourceProfile]:
    """The newest version of each profile of the partnership's own, by name. One query."""
    newest: dict[str, SourceProfile] = {}
    for kept in SourceProfile.objects.all():
        newest.setdefault(kept.name, kept)
    return list(newest.values())


def profile_version(name: str, version: int) -> Profile | None:
    """One version of a profile, saved or shipped. One query."""
    kept = SourceProfile.objects.filter(name=name, version=version).first()
    if kept is not None:
        return Profile.from_dict(kept.body)
    found = shipped().get(name)
    return found if found is not None and found.version == version else None


def would_replace(delivery: Delivery) -> Batch | None:
    """The current batch that ``delivery`` would take the place of: the same period with other content. One query."""
    held = Batch.objects.filter(
        source=delivery.source,
        publisher=delivery.publisher,
        first_month=delivery.period.first.first_day,
        last_month=delivery.period.last.first_day,
        state=BatchState.CURRENT,
    ).exclude(content_sha256=delivery.content_sha256)
    return held.first()


def change_against(batch: Batch, delivery: Delivery) -> EditionChange:
    """What ``delivery`` changes of what ``batch`` holds now. Reads the batch's file; no query."""
    schema = SCHEMAS[Shape(batch.shape)]
    return compare(store().read(batch.stored_file).cast(schema), delivery.events.select(schema.names).cast(schema))


def with_released_rows(rows: pa.Table, batch: Batch) -> pa.Table:
    """``rows`` and those people released from the batch's quarantine. One query."""
    released = batch.quarantine.filter(state=RowState.RELEASED).order_by("line", "pk")
    kept = [row.stored_as or {} for row in released]
    schema = SCHEMAS[Shape(batch.shape)]
    return pa.concat_tables([rows.select(schema.names).cast(schema), rows_of_json(kept, schema)])


def rows_of_json(kept: Sequence[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows as quarantine keeps them (dates and times as text) in the form of the store."""
    columns = []
    for field in schema:
        values = [row.get(field.name) for row in kept]
        if pa.types.is_temporal(field.type):
            values = [None if value is None else datetime.fromisoformat(value) for value in values]
            if pa.types.is_date(field.type):
                values = [None if value is None else value.date() for value in values]
        columns.append(pa.array(values, field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def sources_for(person: "Person") -> frozenset[str]:
    """The sources now present whose events, as numbers and points without names, this person may see. Five queries.

    A source is seen whole or not at all: where it holds batches of several agencies, every one of them must be open to
    the person. What is published openly is everybody's.
    """
    sight = agencies.sight_of(person, timezone.localdate())
    if not person.is_active:
        return frozenset()
    held = (
        Batch.objects.filter(state=BatchState.CURRENT).values_list("source", "data_class", "owner_id").order_by()
    ).distinct()
    seen: dict[str, bool] = {}
    for source, data_class, owner in held:
        open_to_them = not data_class or sight.allows(owner, DataClass(data_class))
        seen[source] = seen.get(source, True) and open_to_them
    return frozenset(source for source, whole in seen.items() if whole)


def closed_to(person: "Person", batch_keys: Collection[str]) -> frozenset[str]:
    """Those of these batches whose records this person may not see, even as numbers without names. Five queries."""
    held = Batch.objects.filter(key__in=batch_keys).exclude(data_class="").order_by()
    sight = agencies.sight_of(person, timezone.localdate())
    return frozenset(
        key
        for key, owner, data_class in held.values_list("key", "owner_id", "data_class")
        if not sight.allows(owner, DataClass(data_class))
    )


def upload(key: int) -> Upload | None:
    """The upload with this number, or None. One query."""
    return Upload.objects.filter(pk=key).first()


def upload_path(upload: Upload) -> Path:
    """Where the bytes of a waiting upload lie."""
    return raw_files().path(upload.folder, upload.name)


def uploads_waiting() -> QuerySet[Upload]:
    """Uploads not yet read, the oldest first."""
    return Upload.objects.filter(state=UploadState.WAITING).order_by("received_at", "pk")


def uploads_asking(person_id: int | None = None) -> QuerySet[Upload]:
    """Uploads that wait for an answer (of this person), the oldest first."""
    found = Upload.objects.filter(state=UploadState.ASKING).order_by("received_at", "pk")
    return found if person_id is None else found.filter(received_by_id=person_id)


def _current(
    source: str | None,
    publishers: Collection[str] | None,
    span: MonthSpan | None,
    shape: Shape | None = None,
) -> QuerySet[Batch]:
    found = Batch.objects.filter(state=BatchState.CURRENT)
    if shape is not None:
        found = found.filter(shape=shape.value)
    if source is not None:
        found = found.filter(source=source)
    if publishers is not None:
        found = found.filter(publisher__in=sorted(publishers))
    if span is not None:
        found = found.filter(first_month__lte=span.last.first_day, last_month__gte=span.first.first_day)
    return found
