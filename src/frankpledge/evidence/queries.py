"""What can be asked of the events: Ibis expressions over the one table, the same for every engine.

Each function builds its expression once for each set of arguments and returns the same object again, so that the engine
finds its compiled SQL. Values enter as Ibis literals, never as text put together by hand.
"""

from collections.abc import Collection
from functools import lru_cache

import ibis
from ibis.expr import types as ir

from frankpledge.vocabulary.columns import BATCH_COLUMN, EVENT_COLUMNS
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.periods import MonthSpan

TABLE_NAME = "events"
_IBIS_TYPES = {
    "int32": "int32",
    "float64": "float64",
    "string": "string",
    "date32": "date",
    "timestamp_us_utc": "timestamp('UTC', 6)",
}

EVENTS = ibis.table(
    {BATCH_COLUMN: "string", **{name: _IBIS_TYPES[kind] for name, kind in EVENT_COLUMNS.items()}}, name=TABLE_NAME
)


@lru_cache(maxsize=256)
def monthly_counts(crime_type: CrimeType | None = None, span: MonthSpan | None = None) -> ir.Table:
    """Events of ``crime_type`` (None: of every type) by small area and month.

    Columns: small_area (null where the publisher gives none), month (its first day), n. No row stands for a zero: a
    month that is present and has no event must come from the catalogue. Ordered, so that equal data give equal tables.
    """
    events = _selected(crime_type, span)
    return events.group_by("small_area", "month").agg(n=events.count()).order_by("small_area", "month")


@lru_cache(maxsize=256)
def counts_by_type(span: MonthSpan | None = None) -> ir.Table:
    """Events by type: crime_type, n; the commonest first."""
    events = _selected(None, span)
    return events.group_by("crime_type").agg(n=events.count()).order_by(ibis.desc("n"), "crime_type")


@lru_cache(maxsize=256)
def months_present(crime_type: CrimeType | None = None) -> ir.Table:
    """Months in which each batch has events: batch, month, n."""
    events = _selected(crime_type, None)
    return events.group_by("batch", "month").agg(n=events.count()).order_by("batch", "month")


@lru_cache(maxsize=1)
def quality() -> ir.Table:
    """How complete the events are, by batch and month: batch, month, n, with_place, with_small_area, with_outcome,
    with_reference (numbers of rows)."""
    return (
        EVENTS.group_by("batch", "month")
        .agg(
            n=EVENTS.count(),
            with_place=EVENTS.easting.count(),
            with_small_area=EVENTS.small_area.count(),
            with_outcome=EVENTS.outcome.count(),
            with_reference=EVENTS.reference.count(),
        )
        .order_by("batch", "month")
    )


def batches_in(small_areas: Collection[str]) -> ir.Table:
    """How many events each batch has in the ``small_areas``: batch, n. Says who polices a place."""
    return _batches_in(tuple(sorted(small_areas)))


@lru_cache(maxsize=64)
def _batches_in(small_areas: tuple[str, ...]) -> ir.Table:
    events = EVENTS.filter(EVENTS.small_area.isin(small_areas))
    return events.group_by("batch").agg(n=events.count()).order_by("batch")


def events_in(
    small_areas: Collection[str], crime_type: CrimeType | None = None, span: MonthSpan | None = None
) -> ir.Table:
    """Every event in the ``small_areas``, with all columns, in a fixed order."""
    return _events_in(tuple(sorted(small_areas)), crime_type, span)


@lru_cache(maxsize=64)
def _events_in(small_areas: tuple[str, ...], crime_type: CrimeType | None, span: MonthSpan | None) -> ir.Table:
    events = _selected(crime_type, span)
    return events.filter(events.small_area.isin(small_areas)).order_by("month", "batch", "line")


def _selected(crime_type: CrimeType | None, span: MonthSpan | None) -> ir.Table:
    events = EVENTS
    if crime_type is not None:
        events = events.filter(events.crime_type == crime_type.value)
    if span is not None:
        events = events.filter(events.month.between(span.first.first_day, span.last.first_day))
    return events
