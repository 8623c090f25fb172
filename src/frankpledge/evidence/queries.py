"""What can be asked of the events: Ibis expressions over the one table, the same for every engine.

Each function builds its expression once for each set of arguments and returns the same object again, so that the engine
finds its compiled SQL. Values enter as Ibis literals, never as text put together by hand.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import ibis
from ibis.expr import types as ir

from frankpledge.vocabulary.columns import BATCH_COLUMN, EVENT_COLUMNS, Precision
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.periods import MonthSpan

TABLE_NAME = "events"
_MOMENT = "timestamp('UTC', 6)"
_IBIS_TYPES = {
    "int32": "int32",
    "float64": "float64",
    "string": "string",
    "date32": "date",
    "timestamp_us_utc": _MOMENT,
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


# --- what the explorer asks

# Words of publishers for offences of which no point is ever shown: a dot on a map may be somebody's home.
SENSITIVE_WORDS = ("domestic", "sexual", "rape", "stalk", "harass", "honour", "forced marriage", "child")
SENSITIVE_TYPES = (CrimeType.VIOLENCE_AND_SEXUAL_OFFENCES,)
EXACT_DAYS = (Precision.MINUTE.value, Precision.DAY.value)
DAY_S, HOUR_S, SECOND = 86_400, 3_600, 1_000_000
MONDAY_OF_EPOCH = 3  # 1 January 1970 was a Thursday


@dataclass(frozen=True, slots=True)
class Selection:
    """Which events: empty means all. ``span`` is always said, for the summer time of its years.

    ``weekdays`` (0 is Monday) and ``hours`` are those of the wall clock in London at the middle of the time in which
    the event can have happened. Hours need events timed to the minute, weekdays those whose day is known; others are
    left out, and ``precisions`` counts them.
    """

    span: MonthSpan
    crime_types: tuple[CrimeType, ...] = ()
    publisher_types: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    small_areas: tuple[str, ...] | None = None

    def timeless(self) -> "Selection":
        """The same without the limits of weekday and hour."""
        return Selection(self.span, self.crime_types, self.publisher_types, (), (), self.small_areas)


@lru_cache(maxsize=256)
def counts_of(selection: Selection) -> ir.Table:
    """Selected events by small area and month: small_area (null: without a place), month, n; no row for a nought."""
    events = _chosen(selection)
    return events.group_by("small_area", "month").agg(n=events.count()).order_by("small_area", "month")


@lru_cache(maxsize=256)
def counts_by_words(selection: Selection) -> ir.Table:
    """Selected events by type and the publisher's own words: crime_type, publisher_type, n; the commonest first."""
    events = _chosen(selection)
    grouped = events.group_by("crime_type", "publisher_type").agg(n=events.count())
    return grouped.order_by(ibis.desc("n"), "crime_type", "publisher_type")


@lru_cache(maxsize=256)
def precisions(selection: Selection) -> ir.Table:
    """How exactly selected events are known: precision, place_precision, n, with_point, with_premises."""
    events = _chosen(selection)
    return (
        events.group_by("precision", "place_precision")
        .agg(n=events.count(), with_point=events.easting.count(), with_premises=events.premises.count())
        .order_by(ibis.desc("n"), "precision", "place_precision")
    )


@lru_cache(maxsize=256)
def points(selection: Selection, *, showable: bool = False) -> ir.Table:
    """Where selected events lie: easting, northing, place_precision, n. ``showable`` leaves sensitive offences out."""
    events = _chosen(selection)
    if showable:
        events = events.filter(~_sensitive(events))
    events = events.filter(events.easting.notnull(), events.northing.notnull())
    grouped = events.group_by("easting", "northing", "place_precision").agg(n=events.count())
    return grouped.order_by("easting", "northing", "place_precision")


@lru_cache(maxsize=256)
def sensitive_count(selection: Selection) -> ir.Table:
    """How many selected events are of a kind whose points are never shown: n."""
    events = _chosen(selection)
    return events.filter(_sensitive(events)).agg(n=ibis._.count())


@lru_cache(maxsize=256)
def windows(selection: Selection) -> ir.Table:
    """When selected events timed to the minute can have happened: occurred_from, occurred_to."""
    events = _chosen(selection)
    timed = events.filter(events.precision == Precision.MINUTE.value, events.occurred_from.notnull())
    return timed.select("occurred_from", "occurred_to").order_by("occurred_from", "occurred_to")


@lru_cache(maxsize=256)
def premises_days(selection: Selection) -> ir.Table:
    """Selected events at a known home or building on a known day, by the day: premises, occurred_from."""
    events = _chosen(selection)
    exact = events.filter(events.precision.isin(EXACT_DAYS), events.premises.notnull())
    return exact.select("premises", "occurred_from").order_by("occurred_from", "premises")


@lru_cache(maxsize=256)
def dated_points(selection: Selection) -> ir.Table:
    """Selected events with an exact day and a position: easting, northing, occurred_from; by batch and line."""
    events = _chosen(selection)
    exact = events.filter(events.precision.isin(EXACT_DAYS), events.easting.notnull(), events.northing.notnull())
    return exact.order_by("month", "batch", "line").select("easting", "northing", "occurred_from")


@lru_cache(maxsize=256)
def event_rows(selection: Selection, *, offset: int, limit: int) -> ir.Table:
    """One page of selected events, newest first, without premises and positions: who lives there is not asked."""
    events = _chosen(selection).order_by(ibis.desc("month"), ibis.desc("occurred_from"), "batch", "line")
    shown = ("month", "occurred_from", "occurred_to", "precision", "crime_type", "publisher_type", "small_area",
             "place_precision", "reference", "outcome", "batch", "line")  # fmt: skip
    return events.select(*shown).limit(limit, offset=offset)


def _chosen(selection: Selection) -> ir.Table:
    events = _selected(None, selection.span)
    if selection.crime_types:
        events = events.filter(events.crime_type.isin([kind.value for kind in selection.crime_types]))
    if selection.publisher_types:
        events = events.filter(events.publisher_type.isin(selection.publisher_types))
    if selection.small_areas is not None:
        events = events.filter(events.small_area.isin(selection.small_areas))
    if selection.weekdays or selection.hours:
        exact = (Precision.MINUTE.value,) if selection.hours else EXACT_DAYS
        events = events.filter(events.precision.isin(exact), events.occurred_from.notnull())
        seconds = _wall_clock_seconds(events, selection.span)
        if selection.weekdays:
            events = events.filter(((seconds // DAY_S + MONDAY_OF_EPOCH) % 7).isin(selection.weekdays))
        if selection.hours:
            events = events.filter((seconds % DAY_S // HOUR_S).isin(selection.hours))
    return events


@ibis.udf.scalar.builtin(name="epoch_us", signature=((_MOMENT,), "int64"))
def _microseconds(moment: datetime) -> int:  # type: ignore[empty-body]
    """Microseconds since 1970, asked of the engine by name.

    Ibis's own way first turns a moment into one without a zone, which takes DuckDB a second for each million.
    """


def _wall_clock_seconds(events: ir.Table, span: MonthSpan) -> ir.IntegerValue:
    """Seconds since 1970 on London's clocks of the middle of each event's time.

    The clocks are those of its beginning: that is one cheap comparison, and this runs over every event there is.
    """
    first = _microseconds(events.occurred_from)
    last = ibis.coalesce(_microseconds(events.occurred_to), first)
    summers = [_summer(year) for year in range(span.first.year - 1, span.last.year + 2)]
    is_summer = ibis.or_(*(first.between(start, end) for start, end in summers))
    return (first + last) // (2 * SECOND) + is_summer.ifelse(HOUR_S, 0)


def _summer(year: int) -> tuple[int, int]:
    """The first and last microsecond of British Summer Time, since 1970.

    It lasts from one o'clock UTC on the last Sunday of March to that of October (since 1996).
    """

    def turn(month: int) -> int:
        last = datetime(year, month, 31, 1, tzinfo=UTC)
        return SECOND * int((last - timedelta(days=(last.weekday() + 1) % 7)).timestamp())

    return turn(3), turn(10) - 1


def _sensitive(events: ir.Table) -> ir.BooleanValue:
    words = events.publisher_type.lower().fill_null("")
    of_type = events.crime_type.isin([kind.value for kind in SENSITIVE_TYPES])
    return ibis.or_(of_type, *(words.contains(word) for word in SENSITIVE_WORDS))
