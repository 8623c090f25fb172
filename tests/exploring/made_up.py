"""A police extract of the made-up district: minutes, addresses and homes, some hit again, a few offences kept quiet."""

import datetime as dt
import random
from dataclasses import replace

import pyarrow as pa

from frankpledge.evidence.schema import EVENT_SCHEMA
from frankpledge.records.incidents import services as incidents
from frankpledge.vocabulary.periods import Month
from tests.evidence.events import FIRST_AREA
from tests.incidents.deliveries import delivery
from tests.pages.made_up import BY, NEWEST

QUIET_WORDS = "Domestic assault"


def extract_events(rows: int, month: Month, seed: int = 1) -> pa.Table:
    """``rows`` burglaries of one month at one of thirty homes, from ten at night to one in the morning, on its days.

    One in ten is a domestic assault instead. Each small area is a kilometre square, so a place lies in its own.
    """
    rng = random.Random(seed * 1_000 + month.number)
    records = []
    for number in range(rows):
        home = rng.randrange(30)
        area = home % 20
        start = dt.datetime(month.year, month.month, 1 + rng.randrange(28), 22, rng.randrange(60), tzinfo=dt.UTC)
        quiet = number % 10 == 0
        records.append(
            {
                "line": number + 2,
                "reference": f"R{number}",
                "crime_type": "violence-and-sexual-offences" if quiet else "burglary",
                "publisher_type": QUIET_WORDS if quiet else "Burglary dwelling",
                "month": month.first_day,
                "occurred_from": start,
                "occurred_to": start + dt.timedelta(hours=2),
                "precision": "minute",
                "easting": 450_000.0 + 1_000 * area + 30 * home,
                "northing": 300_500.0,
                "place_precision": "address",
                "small_area": f"X0{FIRST_AREA + area}",
                "premises": f"9000000000{home:03d}",
                "outcome": None,
            }
        )
    return pa.Table.from_pylist(records, schema=EVENT_SCHEMA)


def receive_extract(months: int = 3, *, rows: int = 40, last: Month = NEWEST) -> None:
    """The ``months`` up to ``last`` of the extract come in."""
    for back in range(months):
        month = last - back
        made = delivery(month, source="police-extract", rows=rows)
        incidents.accept_delivery(replace(made, events=extract_events(rows, month)), by=BY)
