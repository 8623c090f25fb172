"""How complete one delivery is: measured once, when it is accepted, and kept with the batch.

Pure functions over an Arrow table. No Django.
"""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from frankpledge.vocabulary.columns import PlacePrecision, Precision
from frankpledge.vocabulary.deliveries import Delivery

SHARES = {
    "with_place": "Rows with a position",
    "with_small_area": "Rows with a small area",
    "with_outcome": "Rows with an outcome",
}
"""Figure -> its words, in the order of the page."""


def measure(delivery: Delivery) -> dict[str, Any]:
    """The figures of a delivery, as plain JSON: rows, rows with each thing known, by month and type, the words."""
    events = delivery.events
    figures = {
        "rows": events.num_rows,
        "with_place": _known(events, "easting"),
        "with_small_area": _known(events, "small_area"),
        "with_outcome": _known(events, "outcome"),
        "with_reference": _known(events, "reference"),
        "months": {str(value)[:7]: count for value, count in _counts(events, "month").items()},
        "types": _counts(events, "crime_type"),
        "precision": _counts(events, "precision"),
        "place_precision": _counts(events, "place_precision"),
        "quarantine": _faults(delivery),
    }
    return {**figures, "words": _words(figures)}


def share(figures: Mapping[str, Any], name: str) -> float:
    """The share of rows that have ``name``, 0 to 1."""
    return figures[name] / figures["rows"] if figures["rows"] else 0.0


def _known(events: pa.Table, column: str) -> int:
    return events.num_rows - events[column].null_count


def _counts(events: pa.Table, column: str) -> dict[Any, int]:
    counts = pc.value_counts(events[column])
    pairs = zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True)
    return dict(sorted(pairs, key=lambda pair: str(pair[0])))


def _faults(delivery: Delivery) -> dict[str, int]:
    faults: dict[str, int] = {}
    for row in delivery.rejected:
        faults[row.fault.value] = faults.get(row.fault.value, 0) + 1
    return dict(sorted(faults.items(), key=lambda pair: (-pair[1], pair[0])))


def _words(figures: Mapping[str, Any]) -> list[str]:
    rows = figures["rows"]
    words = [
        f"{label}: {figures[name]:,} of {rows:,} ({100 * share(figures, name):.1f} %)."
        for name, label in SHARES.items()
    ]
    if Precision.MONTH in figures["precision"]:
        words.append("Only the month of each event is known, so nothing here can speak of days or hours.")
    if PlacePrecision.SNAP in figures["place_precision"]:
        words.append("Positions are the nearest published map point, not the address.")
    for fault, count in figures["quarantine"].items():
        words.append(f"In quarantine, {fault}: {count:,}.")
    return words
