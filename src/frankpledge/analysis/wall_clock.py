"""Moments as the clock on the wall shows them, whatever column they came in.

A moment without a zone is taken as wall-clock time already. One with a zone or offset (``Z``, ``+01:00``) is shown in
the zone asked for, Europe/London unless told.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, NDArray

from frankpledge.vocabulary.errors import CannotCompute

LONDON = "Europe/London"
_FORMATS = ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y")
_EMPTY = {"", "none", "nan", "nat", "null", "na"}


def wall_clock(
    values: ArrayLike, *, timezone: str = LONDON
) -> tuple[NDArray[np.datetime64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Each value as seconds on the wall clock (datetime64[s]), whether it was read, and whether it was empty.

    Reads datetime64, datetime objects, ISO text and day/month/year text. Raises CannotCompute for an unknown zone.
    """
    zone = zone_named(timezone)
    array = np.asarray(_on_the_wall(values, timezone))
    if np.issubdtype(array.dtype, np.datetime64):
        empty = np.isnat(array)
        return array.astype("datetime64[s]"), ~empty, empty
    moments = np.full(array.size, np.datetime64("NaT"), "datetime64[s]")
    empty = np.zeros(array.size, bool)
    read: dict[Any, tuple[np.datetime64 | None, bool]] = {}
    for i, value in enumerate(array.tolist()):
        if value not in read:
            read[value] = _moment(value, zone)
        moment, empty[i] = read[value]
        if moment is not None:
            moments[i] = moment
    return moments, ~np.isnat(moments), empty


def _on_the_wall(values: Any, timezone: str) -> Any:
    """Arrow columns with a zone as wall-clock times; NumPy would take their UTC instants for them without a word."""
    if isinstance(values, pa.Array | pa.ChunkedArray) and pa.types.is_timestamp(values.type) and values.type.tz:
        return pc.local_timestamp(values.cast(pa.timestamp(values.type.unit, tz=timezone)))
    return values


def zone_named(timezone: str) -> ZoneInfo:
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CannotCompute(f"“{timezone}” is no time zone. Write one such as Europe/London.") from error


def _moment(value: Any, zone: ZoneInfo) -> tuple[np.datetime64 | None, bool]:
    """The moment on the wall clock of ``zone`` (None where it cannot be read), and whether there was none."""
    if value is None or value != value:
        return None, True
    moment = value if isinstance(value, datetime) else None
    if moment is None:
        text = str(value).strip()
        if text.lower() in _EMPTY:
            return None, True
        moment = _read(text)
    if moment is None:
        return None, False
    if moment.tzinfo is not None:
        moment = moment.astimezone(zone).replace(tzinfo=None)
    return np.datetime64(moment.replace(microsecond=0), "s"), False


def _read(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for pattern in _FORMATS:
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    return None


def second_of_week(moments: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Seconds since Monday 00:00 of each moment."""
    monday = np.datetime64("1970-01-05", "s")
    return np.asarray((moments - monday).astype(np.int64) % (7 * 86_400), np.int64)
