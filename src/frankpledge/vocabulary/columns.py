"""The one table in the middle: what every source delivers and every analysis reads.

An event has an interval (``occurred_from`` to ``occurred_to``, UTC, with ``precision`` saying how far to trust it), a
place (metres on the British National Grid, with ``place_precision``), a type in the common vocabulary beside the
publisher's own words, and the batch it came in. Names, addresses and free text never stand here.
"""

from enum import StrEnum


class Precision(StrEnum):
    """How exactly an event's moment is known."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


class PlacePrecision(StrEnum):
    """How exactly an event's place is known. ``snap`` is data.police.uk's nearest published map point."""

    ADDRESS = "address"
    STREET = "street"
    SNAP = "snap"
    AREA = "area"
    NONE = "none"


# column -> Arrow type by name; ``EVENT_COLUMNS`` is what a source delivers, the store adds ``batch`` in front.
EVENT_COLUMNS: dict[str, str] = {
    "line": "int32",  # line in the publisher's file, the first being 1
    "reference": "string",  # the publisher's own reference, null where it gives none
    "crime_type": "string",  # a CrimeType value
    "publisher_type": "string",  # the publisher's own words
    "month": "date32",  # first day of the local (London) month in which the event began
    "occurred_from": "timestamp_us_utc",  # inclusive
    "occurred_to": "timestamp_us_utc",  # exclusive for month and day precision; equal to from when an instant
    "precision": "string",  # a Precision value
    "easting": "float64",  # metres, British National Grid; null when unknown
    "northing": "float64",
    "place_precision": "string",  # a PlacePrecision value
    "small_area": "string",  # LSOA code as published, or found by position; null when unknown
    "premises": "string",  # key of the home or building in foundation.places (a UPRN), never an address
    "outcome": "string",  # the publisher's latest outcome, in its own words
}
BATCH_COLUMN = "batch"
