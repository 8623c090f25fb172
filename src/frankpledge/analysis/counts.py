"""Counts by small area and month, from the table every engine hands over, as one array to sum over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from frankpledge.vocabulary.periods import Month, MonthSpan


@dataclass(frozen=True)
class AreaMonthCounts:
    """``values[i, j]`` events in ``codes[i]`` in the month ``first + j``; ``without_place[j]`` could be put nowhere."""

    codes: Mapping[str, int]  # small-area code -> row
    first: Month
    values: NDArray[np.int64]
    without_place: NDArray[np.int64]

    def of(self, codes: Iterable[str], span: MonthSpan) -> int:
        """Events in all of ``codes`` over ``span``."""
        return int(self._block(codes, span).sum())

    def each(self, codes: Sequence[str], span: MonthSpan) -> list[int]:
        """Events over ``span`` in each of ``codes``, in their order; nought for one with none."""
        rows = self._columns(self.values, span).sum(axis=1)
        return [int(rows[self.codes[code]]) if code in self.codes else 0 for code in codes]

    def by_month(self, codes: Iterable[str], span: MonthSpan) -> list[int]:
        """Events in all of ``codes`` in each month of ``span``."""
        summed = self._block(codes, span).sum(axis=0)
        return [int(value) for value in summed]

    def unplaced(self, span: MonthSpan) -> int:
        return int(self._columns(self.without_place[None, :], span).sum())

    def _block(self, codes: Iterable[str], span: MonthSpan) -> NDArray[np.int64]:
        rows = [self.codes[code] for code in codes if code in self.codes]
        return self._columns(self.values[rows, :], span)

    def _columns(self, values: NDArray[np.int64], span: MonthSpan) -> NDArray[np.int64]:
        """The columns of ``span``, with noughts for months outside the array."""
        result = np.zeros((values.shape[0], len(span)), dtype=np.int64)
        start = span.first.number - self.first.number
        low, high = max(start, 0), min(start + len(span), values.shape[1])
        if low < high:
            result[:, low - start : high - start] = values[:, low:high]
        return result


def area_month_counts(table: pa.Table) -> AreaMonthCounts:
    """From a table of ``small_area`` (null: no place), ``month`` (a date) and ``n``; rows of one cell are added up."""
    if table.num_rows == 0:
        nothing = np.zeros((0, 0), dtype=np.int64)
        return AreaMonthCounts({}, Month(1990, 1), nothing, np.zeros(0, dtype=np.int64))
    month = table.column("month")
    number = (
        pc.add(pc.multiply(pc.year(month), 12), pc.subtract(pc.month(month), 1))
        .combine_chunks()
        .to_numpy(zero_copy_only=False)
    )
    n = table.column("n").combine_chunks().to_numpy(zero_copy_only=False).astype(np.int64)
    encoded = table.column("small_area").combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    codes = encoded.dictionary.to_pylist()
    row = encoded.indices.fill_null(len(codes)).to_numpy(zero_copy_only=False).astype(np.int64)
    first, width = int(number.min()), int(number.max() - number.min()) + 1
    flat = np.bincount(row * width + (number - first), weights=n, minlength=(len(codes) + 1) * width)
    values = np.rint(flat).astype(np.int64).reshape(len(codes) + 1, width)
    return AreaMonthCounts({code: i for i, code in enumerate(codes)}, Month.from_number(first), values[:-1], values[-1])
