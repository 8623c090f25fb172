"""How complete one delivery is: measured once, when it is accepted, and kept with the batch.

Pure functions over an Arrow table. No Django.
"""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from frankpledge.vocabulary.columns import PlacePrecision, Precision, Shape
from frankpledge.vocabulary.deliveries import Delivery
from frankpledge.vocabulary.periods import MonthSpan

_EVENT_SHARES = {
    "with_place": ("easting", "Rows with a position"),
    "with_small_area": ("small_area", "Rows with a small area"),
    "with_outcome": ("outcome", "Rows with an outcome"),
}
_SHARES: Mapping[Shape, Mapping[str, tuple[str, str]]] = {
    Shape.EVENTS: _EVENT_SHARES,
    Shape.COUNTS: {"with_area": ("area", "Rows with an area"), "with_number": ("n", "Rows with a number")},
    Shape.PREMISES: {
        "with_premises": ("premises", "Rows with a property number"),
        "with_place": ("easting", "Rows with a position"),
    },
    Shape.ANSWERS: {"with_answer": ("answer", "Questions answered"), "with_area": ("area", "Rows with an area")},
}

SHARES = {name: label for name, (_, label) in _EVENT_SHARES.items()}
"""Figure -> its words, of events, in the order of the page."""

MOST_WORDS = 500  # different words of a publisher in one file; a column with more is no list of categories


def shares_of(shape: Shape) -> dict[str, str]:
    """Figure -> its words, of batches of that shape, in the order of the page."""
    return {name: label for name, (_, label) in _SHARES[shape].items()}


def measure(delivery: Delivery) -> dict[str, Any]:
    """The figures of a delivery, as plain JSON: rows, rows with each thing known, by month and type, the words."""
    faults: dict[str, int] = {}
    for row in delivery.rejected:
        faults[row.fault.value] = faults.get(row.fault.value, 0) + 1
    figures = measure_rows(delivery.events, Shape(delivery.shape), delivery.period, faults)
    return {**figures, "notes": list(delivery.notes), "words": [*figures["words"], *delivery.notes]}


def measure_rows(rows: pa.Table, shape: Shape, period: MonthSpan, faults: Mapping[str, int]) -> dict[str, Any]:
    """The same of a table of the columns of ``shape``; ``faults`` are rows in quarantine by reason.

    Of counts, months, types and words add up what is counted; of all other shapes they count rows.
    """
    figures: dict[str, Any] = {"rows": rows.num_rows}
    for name, (column, _) in _SHARES[shape].items():
        figures[name] = _known(rows, column)
    if "reference" in rows.schema.names:
        figures["with_reference"] = _known(rows, "reference")
    months = _counts(rows, "month") or {period.first.first_day: rows.num_rows}
    figures |= {
        "months": {str(value)[:7]: count for value, count in months.items()},
        "types": _counts(rows, "crime_type"),
        "words_by_month": _words_by_month(rows),
        "precision": _counts(rows, "precision"),
        "place_precision": _counts(rows, "place_precision"),
        "quarantine": dict(sorted(faults.items(), key=lambda pair: (-pair[1], pair[0]))),
    }
    return {**figures, "words": _words(figures, shape)}


def share(figures: Mapping[str, Any], name: str) -> float:
    """The share of rows that have ``name``, 0 to 1."""
    return figures.get(name, 0) / figures["rows"] if figures["rows"] else 0.0


def _known(rows: pa.Table, column: str) -> int:
    return rows.num_rows - rows[column].null_count


def _counts(rows: pa.Table, column: str) -> dict[Any, int]:
    if column not in rows.schema.names:
        return {}
    counted = _summed(rows, [column])
    return {row[column]: row["n"] for row in sorted(counted, key=lambda row: str(row[column]))}


def _words_by_month(rows: pa.Table) -> dict[str, dict[str, int]]:
    """Month -> the publisher's word -> how many; nothing where the words are too many to be categories."""
    if not {"month", "publisher_type"} <= set(rows.schema.names):
        return {}
    if len(pc.unique(rows["publisher_type"])) > MOST_WORDS:
        return {}
    found: dict[str, dict[str, int]] = {}
    for row in _summed(rows, ["month", "publisher_type"]):
        found.setdefault(str(row["month"])[:7], {})[row["publisher_type"] or ""] = row["n"]
    return {month: dict(sorted(found[month].items())) for month in sorted(found)}


def _summed(rows: pa.Table, columns: list[str]) -> list[dict[str, Any]]:
    """How many by ``columns``: the sum of ``n`` where rows are counts, else the number of rows."""
    grouped = rows.group_by(columns)
    if "n" in rows.schema.names:
        summed = grouped.aggregate([("n", "sum")]).to_pylist()
        return [{**{name: row[name] for name in columns}, "n": row["n_sum"] or 0} for row in summed]
    counted = grouped.aggregate([([], "count_all")]).to_pylist()
    return [{**{name: row[name] for name in columns}, "n": row["count_all"]} for row in counted]


def _words(figures: Mapping[str, Any], shape: Shape) -> list[str]:
    rows = figures["rows"]
    words = [
        f"{label}: {figures[name]:,} of {rows:,} ({100 * share(figures, name):.1f} %)."
        for name, label in shares_of(shape).items()
    ]
    if Precision.MONTH in figures["precision"]:
        words.append("Only the month of each event is known, so nothing here can speak of days or hours.")
    if PlacePrecision.SNAP in figures["place_precision"]:
        words.append("Positions are the nearest published map point, not the address.")
    for fault, count in figures["quarantine"].items():
        words.append(f"In quarantine, {fault}: {count:,}.")
    return words
