"""Judging rows: each different value is looked at once, however many rows bear it; a row's first fault counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from frankpledge.sources.parcels import printable
from frankpledge.sources.sheets import MOST_REJECTED, Sheet, UnusableSheet
from frankpledge.vocabulary.deliveries import RAW_LIMIT, RejectedRow, RowFault

WITHHELD = "[withheld]"  # stands in a rejected row for a cell that may name or describe a person
CELL_END = "\x1f"  # no cell holds this character: rows with control characters are no rows

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a value, in which column, in one sentence."""

    column: str | None
    fault: RowFault
    sentence: str


@dataclass(frozen=True)
class Judged(Generic[Result]):
    """For each row, which of the different values it bears, and what became of each; None for a faulty one."""

    indices: np.ndarray[tuple[int], np.dtype[np.int64]]
    results: list[Result | None]

    def spread(self, values: Sequence[Any], kind: pa.DataType) -> pa.Array:
        """``values`` (one per different value) laid out over the rows."""
        return pa.array(values, kind).take(pa.array(self.indices))


class Judge:
    """Collects the faults of one sheet's rows, at most one a row: the first that is found."""

    def __init__(self, sheet: Sheet, private: Sequence[str] = (), *, public: bool = True) -> None:
        self.sheet = sheet
        self._private = frozenset(private)
        self._public = public
        self._faults: dict[int, Fault] = {}

    def each(self, *columns: str, by: Callable[..., Result | Fault]) -> Judged[Result]:
        """Calls ``by`` with each different combination of the cells of ``columns``, as texts."""
        arrays = [self.sheet.column(name) for name in columns]
        cells = arrays[0] if len(arrays) == 1 else pc.binary_join_element_wise(*arrays, CELL_END)
        encoded = cells.dictionary_encode()
        indices = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        values = encoded.dictionary.to_pylist()
        outcomes = [by(*(value.split(CELL_END) if len(arrays) > 1 else (value,))) for value in values]
        self.fault_values(indices, {i: o for i, o in enumerate(outcomes) if isinstance(o, Fault)})
        return Judged(indices, [None if isinstance(outcome, Fault) else outcome for outcome in outcomes])

    def fault_values(self, indices: np.ndarray[Any, Any], faults: dict[int, Fault]) -> None:
        """Puts ``faults`` (by number of the different value) on the rows that bear those values."""
        if not faults:
            return
        for row in np.flatnonzero(np.isin(indices, list(faults))).tolist():
            self._faults.setdefault(row, faults[int(indices[row])])
            if len(self._faults) + len(self.sheet.rejected) > MOST_REJECTED:
                first, why = next(iter(self._faults.items()))
                told = self.as_refusal(why.column, why.fault, why.sentence)
                raise UnusableSheet(
                    f"has more than {MOST_REJECTED:,} rows that cannot be used (one is line {self.sheet.lines[first]}: "
                    f"{told}); export it again."
                )

    def as_refusal(self, column: str | None, fault: RowFault, sentence: str) -> str:
        """A row's fault as the refusal of its whole file tells it.

        Refusals stand in logs and reports, which are kept longer and read by more people than the quarantine. So of a
        partner's own file no cell is quoted there: where a comma is missing, a cell holds what belongs in another.
        """
        if self._public:
            return sentence
        return f"{fault} in “{column}”." if column else f"{fault}."

    def sound(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Per row, whether nothing was found wrong with it."""
        mask = np.ones(len(self.sheet), dtype=bool)
        mask[list(self._faults)] = False
        return mask

    def rejected(self) -> list[RejectedRow]:
        """All rows of the file that cannot be used, in the order of their lines."""
        sheet = self.sheet
        faulty = [
            RejectedRow(sheet.file, int(sheet.lines[row]), why.column, why.fault, why.sentence, self._raw(row))
            for row, why in self._faults.items()
        ]
        return sorted([*sheet.rejected, *faulty], key=lambda row: row.line)

    def _raw(self, row: int) -> str:
        cells = zip(self.sheet.header, self.sheet.cells(row), strict=True)
        text = ",".join(_as_csv(WITHHELD if name in self._private and cell else cell) for name, cell in cells)
        return text[:RAW_LIMIT]


def quoted(value: str) -> str:
    """A value as a sentence shows it: in quotation marks, printable, at most 60 characters."""
    text = value if len(value) <= 60 else value[:59] + "…"
    return f"“{printable(text)}”"


def _as_csv(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"\n') else cell
