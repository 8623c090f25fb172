"""One shape for events in space and time, whatever table they came in: metres, whole days, what was left out and why.

Accepts NumPy arrays, mappings of columns, Arrow tables, DuckDB relations, pandas and Polars frames (anything that
speaks the Arrow stream protocol). Longitude and latitude are refused: distances need metres.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, NDArray

from frankpledge.analysis.results import rows_left_out
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase

EPOCH = date(1970, 1, 1)
FARTHEST_M = 1e8  # no grid in metres reaches so far from its origin
LATEST_DAY = 10_000_000  # a larger number is no day number
_DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%Y%m%d")


@dataclass(frozen=True)
class LeftOut:
    """Rows of the table that could not be used, counted by reason."""

    reason: str
    rows: int

    @property
    def sentence(self) -> Phrase:
        return rows_left_out(self.rows, self.reason)


@dataclass(frozen=True)
class Events:
    """Places in metres (float64) and, where the method needs them, whole days (int64 since 1 January 1970).

    ``rows`` are the positions in the table given of the events kept, so that answers can be joined back.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    day: NDArray[np.int64] | None = None
    rows: NDArray[np.int64] | None = None
    left_out: tuple[LeftOut, ...] = ()

    def __len__(self) -> int:
        return len(self.x)

    @property
    def days(self) -> NDArray[np.int64]:
        """The days; CannotCompute when the events carry none."""
        if self.day is None:
            raise CannotCompute("This method needs the day of each event. Name the column that holds it.")
        return self.day


def left_out_doubts(events: Events) -> tuple[Doubt, ...]:
    """What every result says about rows that could not be used."""
    return tuple(Doubt(DoubtKind.ROWS_LEFT_OUT, left.sentence) for left in events.left_out)


def events_from_arrays(x: ArrayLike, y: ArrayLike, day: ArrayLike | None = None) -> Events:
    """Events from coordinates in metres and dates (ISO, day/month/year, date objects or whole day numbers)."""
    xs, ys = _numbers(x, "x"), _numbers(y, "y")
    if len(xs) != len(ys):
        raise CannotCompute(f"There are {len(xs):,} x values and {len(ys):,} y values; each event needs both.")
    days, day_known = (None, np.ones(len(xs), bool)) if day is None else whole_days(day)
    if days is not None and len(days) != len(xs):
        raise CannotCompute(f"There are {len(xs):,} positions and {len(days):,} dates; each event needs both.")
    read = np.isfinite(xs) & np.isfinite(ys)
    placed = read & (np.abs(xs) <= FARTHEST_M) & (np.abs(ys) <= FARTHEST_M)
    keep = placed & day_known
    _refuse_degrees(xs[placed], ys[placed])
    counted = (
        ("no position that can be read", int((~read).sum())),
        ("a position that is nowhere on earth", int((read & ~placed).sum())),
        ("no date that can be read", int((placed & ~day_known).sum())),
    )
    return Events(
        x=np.ascontiguousarray(xs[keep]),
        y=np.ascontiguousarray(ys[keep]),
        day=None if days is None else np.ascontiguousarray(days[keep]),
        rows=np.flatnonzero(keep),
        left_out=tuple(LeftOut(reason, rows) for reason, rows in counted if rows),
    )


def events_from_table(table: Any, *, x: str, y: str, date: str | None = None) -> Events:
    """Events from any table with columns of these names; CannotCompute names the columns there are."""
    columns = _columns(table)
    return events_from_arrays(
        _column(columns, x), _column(columns, y), None if date is None else _column(columns, date)
    )


def column_of(table: Any, name: str) -> NDArray[Any] | Sequence[Any]:
    """One column of any table by its name; CannotCompute names the columns there are."""
    return _column(_columns(table), name)


def whole_days(values: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Each value as days since 1 January 1970 (or the day number it is), and whether it could be read."""
    array = np.asarray(values)
    if np.issubdtype(array.dtype, np.datetime64):
        known = ~np.isnat(array)
        return np.where(known, array.astype("datetime64[D]").astype(np.int64), 0), known
    if np.issubdtype(array.dtype, np.number):
        return _day_numbers(array.astype(np.float64))
    words, where = np.unique(array.astype(object).astype(str), return_inverse=True)
    read = [_day(word) for word in words]
    days = np.array([0 if value is None else value for value in read], np.int64)
    known = np.array([value is not None for value in read], bool)
    return days[where.reshape(-1)], known[where.reshape(-1)]


def _day_numbers(array: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    known = np.isfinite(array) & (np.abs(array) < LATEST_DAY)
    return np.where(known, np.floor(np.where(known, array, 0)), 0).astype(np.int64), known


def _day(word: str) -> int | None:
    text = word.strip()
    if not text or text in ("None", "nan", "NaT"):
        return None
    if text.lstrip("+-").isdecimal() and abs(int(text)) < LATEST_DAY:
        return int(text)
    head = text.replace("T", " ").split(" ")[0]
    for pattern in _DATE_FORMATS:
        try:
            return (datetime.strptime(head, pattern).date() - EPOCH).days
        except ValueError:
            continue
    return None


def _numbers(values: ArrayLike, name: str) -> NDArray[np.float64]:
    array = np.asarray(values)
    if array.ndim != 1:
        raise CannotCompute(f"{name} must be one column of numbers.")
    if np.issubdtype(array.dtype, np.number):
        return array.astype(np.float64)
    return np.array([_number(value) for value in array.tolist()], np.float64)


def _number(value: object) -> float:
    try:
        return float(str(value).replace(",", ""))
    except ValueError:
        return float("nan")


def _refuse_degrees(x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
    """A whole district lies within a few degrees of longitude; no district lies within 180 metres of the origin."""
    if not len(x):
        return
    fractional = bool(np.any(x != np.floor(x)) or np.any(y != np.floor(y)))
    if fractional and np.abs(x).max() <= 180 and np.abs(y).max() <= 180:
        raise CannotCompute(
            "These positions look like longitude and latitude. Give metres, such as British National "
            "Grid eastings and northings."
        )


def _columns(table: Any) -> Mapping[str, Any]:
    if isinstance(table, Mapping):
        return table
    if isinstance(table, pa.Table):
        arrow = table
    elif hasattr(table, "to_arrow_table"):  # a DuckDB relation
        arrow = table.to_arrow_table()
    elif hasattr(table, "__arrow_c_stream__"):  # pandas, Polars and others
        arrow = pa.table(table)
    else:
        raise CannotCompute(
            f"A {type(table).__name__} is not a table this can read. Give arrays, Arrow, DuckDB or a data frame."
        )
    return {name: arrow.column(name) for name in arrow.column_names}


def _column(columns: Mapping[str, Any], name: str) -> NDArray[Any] | Sequence[Any]:
    if name not in columns:
        raise CannotCompute(f"There is no column “{name}”. The columns are: {', '.join(columns)}.")
    column = columns[name]
    if isinstance(column, pa.ChunkedArray | pa.Array):
        if pa.types.is_timestamp(column.type) and column.type.tz:
            column = pc.local_timestamp(column)  # the day on the wall, not the day in Greenwich
        return np.asarray(column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy())
    return column
