"""Made-up events in the shape of the store, for tests."""

import datetime as dt
import random

import pyarrow as pa

from frankpledge.evidence.schema import EVENT_SCHEMA
from frankpledge.vocabulary.periods import Month

TYPES = ("burglary", "drugs", "robbery", "anti-social-behaviour")
FIRST_AREA = 1_000_000


def made_up_events(rows: int, *, month: Month, seed: int = 1, areas: int = 20) -> pa.Table:
    """``rows`` events of one month, one in ten without a place, anti-social behaviour without a reference."""
    rng = random.Random(seed)
    kinds = [rng.choice(TYPES) for _ in range(rows)]
    placed = [rng.random() >= 0.1 for _ in range(rows)]
    columns = {
        "line": [number + 2 for number in range(rows)],
        "reference": [None if kind == TYPES[3] else f"{rng.getrandbits(256):064x}" for kind in kinds],
        "crime_type": kinds,
        "publisher_type": [kind.capitalize() for kind in kinds],
        "month": [month.first_day] * rows,
        "occurred_from": [_start(month)] * rows,
        "occurred_to": [_start(month + 1)] * rows,
        "precision": ["month"] * rows,
        "easting": [450_000.0 + rng.randrange(9_000) if here else None for here in placed],
        "northing": [300_000.0 + rng.randrange(9_000) if here else None for here in placed],
        "place_precision": ["snap" if here else "none" for here in placed],
        "small_area": [f"X0{FIRST_AREA + rng.randrange(areas)}" if here else None for here in placed],
        "premises": [None] * rows,
        "outcome": [None if kind == TYPES[3] else "Under investigation" for kind in kinds],
    }
    return pa.table(columns, schema=EVENT_SCHEMA)


def _start(month: Month) -> dt.datetime:
    return dt.datetime(month.year, month.month, 1, tzinfo=dt.UTC)
