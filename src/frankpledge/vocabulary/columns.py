"""The tables in the middle: what every source delivers and every analysis reads.

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
    # metres on a plane of the publisher's own (another country's grid): fit for distances between the events of that
    # publisher, never for a map of Britain and never for finding the small area
    LOCAL_PLANE = "local plane"


class Shape(StrEnum):
    """What one row of a delivery is."""

    EVENTS = "events"  # something that happened somewhere
    COUNTS = "counts"  # how many there were in an area and a period
    PREMISES = "premises"  # a home or building
    ANSWERS = "answers"  # what one person answered to one question


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

# How many of a kind in an area and a period, as the publisher counted. ``n`` is null where the publisher withheld a
# small number; it can be negative where a publisher takes back what it counted in an earlier period.
COUNT_COLUMNS: dict[str, str] = {
    "line": "int32",  # several rows bear the same line where each column of the file is a month
    "area": "string",  # code of the area (an outward postcode where the level says so); null when in no area
    "area_level": "string",  # an AreaLevel value, "outward postcode", or "none"
    "month": "date32",  # first day of the first month counted
    "months": "int32",  # how many months are counted together: 1, 3 or 12
    "crime_type": "string",
    "publisher_type": "string",
    "n": "int64",
}
# One home or building as a list gives it. For the places room only: it bears addresses.
PREMISES_COLUMNS: dict[str, str] = {
    "line": "int32",
    "reference": "string",
    "premises": "string",  # UPRN; null when the list gives none
    "name": "string",  # of the business, never of a person
    "address": "string",
    "postcode": "string",
    "easting": "float64",
    "northing": "float64",
    "place_precision": "string",
    "small_area": "string",
    "ward": "string",
    "kind": "string",  # the publisher's own word: betting shop, terraced house
    "from_date": "date32",  # licensed, listed or empty since
    "to_date": "date32",
}
# One answer of one respondent. Free text never stands here.
ANSWER_COLUMNS: dict[str, str] = {
    "line": "int32",
    "respondent": "string",  # a number of the survey's own, never a name
    "month": "date32",
    "area": "string",
    "question": "string",
    "answer": "string",  # null when the question was not answered
    "weight": "float64",
}
COLUMNS_OF: dict[Shape, dict[str, str]] = {
    Shape.EVENTS: EVENT_COLUMNS,
    Shape.COUNTS: COUNT_COLUMNS,
    Shape.PREMISES: PREMISES_COLUMNS,
    Shape.ANSWERS: ANSWER_COLUMNS,
}
