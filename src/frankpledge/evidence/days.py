"""The day of an event, for whatever counts in days: one rule for alerts, evaluation and lists."""

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from frankpledge.vocabulary.columns import Precision

LONGEST_SPAN = timedelta(days=7)  # what may have happened on any of more days has no day


def with_days(table: pa.Table) -> tuple[pa.Table, NDArray[np.int64]]:
    """The rows of an event table that have a day, and those days (numbers from 1 January 1970).

    The day is the London day of the middle of the time in which it happened.
    """
    known = pc.not_equal(table["precision"], Precision.MONTH.value)
    short = pc.less_equal(pc.subtract(table["occurred_to"], table["occurred_from"]), pa.scalar(LONGEST_SPAN))
    table = table.filter(pc.and_(known, short))
    start, end = (table[name].cast(pa.int64()).to_numpy() for name in ("occurred_from", "occurred_to"))
    middle = pa.array((start + end) // 2).cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us", "Europe/London"))
    return table, pc.local_timestamp(middle).to_numpy(zero_copy_only=False).astype("datetime64[D]").astype(np.int64)
