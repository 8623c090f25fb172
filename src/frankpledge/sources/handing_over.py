"""From judged rows to deliveries: one for each publisher and month in the file, and the sum that shows none is lost."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from frankpledge.sources.judging import CELL_END, Judge
from frankpledge.sources.parcels import Parcel
from frankpledge.sources.sheets import Sheet, UnusableSheet
from frankpledge.vocabulary.columns import COLUMNS_OF, PlacePrecision, Shape
from frankpledge.vocabulary.deliveries import Balance, Delivery, RejectedRow
from frankpledge.vocabulary.periods import Month, MonthSpan

LONDON = ZoneInfo("Europe/London")
UTC = ZoneInfo("UTC")

# Raise when the same rows come to mean other events: then a file sent again replaces what an older edition made of it.
READING_EDITION = 1

_ARROW = {
    "int32": pa.int32(),
    "int64": pa.int64(),
    "string": pa.string(),
    "date32": pa.date32(),
    "timestamp_us_utc": pa.timestamp("us", "UTC"),
    "float64": pa.float64(),
}
SCHEMA_OF = {
    shape: pa.schema([(name, _ARROW[kind]) for name, kind in columns.items()]) for shape, columns in COLUMNS_OF.items()
}
EVENT_SCHEMA = SCHEMA_OF[Shape.EVENTS]

BoolArray = np.ndarray[tuple[int], np.dtype[np.bool_]]
IndexArray = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True, order=True)
class PublisherMonth:
    """What one delivery is about: a publisher and a month, or ``months`` from that month on."""

    month: Month
    publisher: str
    publisher_name: str
    months: int = 1


def month_bounds(month: Month) -> tuple[datetime, datetime]:
    """Start (included) and end (excluded) of a London month, in UTC."""
    return day_start(month.first_day), day_start((month + 1).first_day)


def day_start(day: date) -> datetime:
    """Midnight in London at the start of ``day``, in UTC."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def blank_to_null(column: pa.StringArray) -> pa.StringArray:
    """Empty cells as unknown."""
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def event_table(sheet: Sheet, **columns: pa.Array | str) -> pa.Table:
    """The sheet's rows as events. A text is the same value in each row; a column not given is unknown throughout."""
    return shaped_table(Shape.EVENTS, sheet, **columns)


def shaped_table(shape: Shape, sheet: Sheet, **columns: pa.Array | str) -> pa.Table:
    """The same for a table of any shape."""
    columns["line"] = pa.array(sheet.lines)
    schema = SCHEMA_OF[shape]
    arrays = []
    for field in schema:
        values = columns.get(field.name)
        if values is None:
            values = pa.nulls(len(sheet), field.type)
        elif isinstance(values, str):
            values = pa.repeat(pa.scalar(str(values), field.type), len(sheet))
        arrays.append(values)
    return pa.Table.from_arrays(arrays, schema=schema)


def place_precision(
    easting: pa.DoubleArray, of_position: PlacePrecision | pa.StringArray, small_area: pa.StringArray
) -> pa.StringArray:
    """How exactly each row's place is known: by its position, else by its small area, else not at all."""
    by_area = pc.if_else(pc.is_valid(small_area), PlacePrecision.AREA.value, PlacePrecision.NONE.value)
    position = of_position.value if isinstance(of_position, PlacePrecision) else of_position
    return pc.if_else(pc.is_valid(easting), position, by_area)


def row_texts(sheet: Sheet, rows: IndexArray) -> pa.StringArray:
    """Each of these rows as one text, equal exactly when all cells are, whatever the order of the columns."""
    ordered = [_pick(sheet.column(name), rows) for name in sorted(sheet.header)]
    return pc.binary_join_element_wise(*ordered, pa.scalar(""), CELL_END)


def repeated_rows(sheet: Sheet, reference: str, sound: BoolArray) -> BoolArray:
    """Rows that have something in the column ``reference`` and equal an earlier sound row in every cell."""
    references = sheet.column(reference)
    repeated = np.zeros(len(references), dtype=bool)
    encoded = references.dictionary_encode()
    indices = encoded.indices.to_numpy(zero_copy_only=False)
    often = np.bincount(indices[sound], minlength=len(encoded.dictionary)) > 1
    candidates = np.flatnonzero(sound & often[indices] & pc.not_equal(references, "").to_numpy(zero_copy_only=False))
    return _seen_before(sheet, candidates, repeated)


def equal_rows(sheet: Sheet, sound: BoolArray) -> BoolArray:
    """Rows that equal an earlier sound row in every cell: for tables in which each row can only stand once."""
    return _seen_before(sheet, np.flatnonzero(sound), np.zeros(len(sheet), dtype=bool))


def _seen_before(sheet: Sheet, candidates: IndexArray, repeated: BoolArray) -> BoolArray:
    seen: set[str] = set()
    for row, text in zip(candidates.tolist(), row_texts(sheet, candidates).to_pylist(), strict=True):
        repeated[row] = text in seen
        seen.add(text)
    return repeated


def hand_over(
    parcel: Parcel,
    source: str,
    judge: Judge,
    *,
    events: pa.Table,
    subjects: Sequence[PublisherMonth],
    subject_of_row: IndexArray,
    repeated: BoolArray,
    shape: Shape = Shape.EVENTS,
    profile: str = "",
    edition: str = str(READING_EDITION),
    notes: Callable[[PublisherMonth], tuple[str, ...]] | None = None,
) -> Iterator[Delivery]:
    """One delivery for each subject that has a row to store; rows that cannot be used go with the largest of them.

    ``events`` has one row for each row of the sheet, sound or not; ``subject_of_row`` is meaningless for unsound rows.
    ``notes`` gives what to say of each delivery.
    Raises UnusableSheet when no row can be stored: an empty delivery would otherwise take the place of a good one.
    """
    sound = judge.sound()
    rejected = judge.rejected()
    if not sound.any():
        raise UnusableSheet(_nothing_left(judge, rejected))
    groups = _groups(subject_of_row, sound)
    largest = max(groups, key=lambda number: (len(groups[number]), -number))
    for number in sorted(groups, key=lambda number: subjects[number]):
        rows, subject = groups[number], subjects[number]
        stored = rows[~repeated[rows]]
        aside = tuple(rejected) if number == largest else ()
        duplicates = len(rows) - len(stored)
        yield Delivery(
            source=source,
            publisher=subject.publisher,
            publisher_name=subject.publisher_name,
            period=MonthSpan(subject.month, subject.month + (subject.months - 1)),
            file=parcel.name,
            file_sha256=parcel.sha256,
            content_sha256=_fingerprint(edition, source, subject, judge.sheet, rows, aside),
            events=_pick(events, stored),
            rejected=aside,
            duplicates=duplicates,
            balance=Balance(len(rows) + len(aside), len(stored), len(aside), duplicates),
            header=judge.sheet.header,
            shape=shape,
            profile=profile,
            notes=notes(subject) if notes else (),
        )


def _groups(subject_of_row: IndexArray, sound: BoolArray) -> dict[int, IndexArray]:
    rows = np.flatnonzero(sound)
    subjects = subject_of_row[rows]
    order = np.argsort(subjects, kind="stable")
    numbers, starts = np.unique(subjects[order], return_index=True)
    return dict(zip(numbers.tolist(), np.split(rows[order], starts[1:]), strict=True))


def _pick(table: pa.Table | pa.Array, rows: IndexArray) -> pa.Table | pa.Array:
    return table if len(rows) == len(table) else table.take(pa.array(rows))


def _fingerprint(
    edition: str, source: str, subject: PublisherMonth, sheet: Sheet, rows: IndexArray, aside: tuple[RejectedRow, ...]
) -> str:
    """SHA-256 of what the delivery says: of its rows in sorted order, and of the faults and texts of rows set aside."""
    digest = hashlib.sha256()
    about = (edition, source, subject.publisher, str(subject.month), *sorted(sheet.header))
    digest.update(CELL_END.join(about).encode() + b"\x1e")
    texts = row_texts(sheet, rows)
    ordered = texts.take(pc.array_sort_indices(texts))
    _, offsets, characters = ordered.buffers()
    if characters is not None:
        ends = np.frombuffer(offsets, dtype=np.int32)[ordered.offset : ordered.offset + len(ordered) + 1]
        digest.update(memoryview(characters)[ends[0] : ends[-1]])
    for line in sorted(f"{row.fault}{CELL_END}{row.raw}" for row in aside):
        digest.update(b"\x1e" + line.encode())
    return digest.hexdigest()


def _nothing_left(judge: Judge, rejected: list[RejectedRow]) -> str:
    if not rejected:
        return "has a header and no rows; export it again."
    first = rejected[0]
    count = "its only row cannot be used" if len(rejected) == 1 else f"none of its {len(rejected):,} rows can be used"
    told = judge.as_refusal(first.column, first.fault, first.sentence)
    return f"was not taken: {count}. Line {first.line}: {told}"
