"""The explorer over a million events, for `bench_explorer`: prints seconds of each view and filter as JSON.

Each is timed beside a plain DuckDB query of the same filter over the same files, in the same process and minute.
"""

import json
import sys
import time
from typing import Any

import django
import numpy as np
import pyarrow as pa

MONTHS, AREAS, WARDS, DISTRICTS = 36, 600, 120, 10
KINDS = ("burglary", "robbery", "vehicle-crime", "shoplifting", "other-theft", "drugs", "criminal-damage-and-arson",
         "anti-social-behaviour", "violence-and-sexual-offences", "public-order")  # fmt: skip
FIRST = (2021, 7)
VIEWS = ("map", "trend", "week", "repeats", "concentration", "compare", "change", "journey")
FILTERS = {
    "one type": {"type": ["burglary"]},
    "all types": {},
    "three types, nights at weekends": {
        "type": ["robbery", "vehicle-crime", "drugs"], "day": ["4", "5"], "hour_from": ["20"], "hour_to": ["4"],
    },
    "a ward, one year": {"area": ["X05000007"], "from": ["2023-07"], "to": ["2024-06"]},
    "publisher’s words": {"words": ["burglary 1", "robbery 2"]},
    "the whole force": {"area": ["X23000001"], "type": ["burglary"]},
}  # fmt: skip


def main(rows: int) -> None:
    """Fill a new installation with ``rows`` events, look from every side, print the figures."""
    django.setup()
    from django.core.management import call_command

    from frankpledge.foundation.agencies import services as agencies
    from frankpledge.foundation.places import services as places
    from frankpledge.vocabulary.actors import Actor

    call_command("migrate", verbosity=0)
    by = Actor.system("benchmark")
    agencies.name_partnership(name="Safer District 000 Partnership", by=by)
    places.load_geography(_geography(), by=by)
    _fill(rows, by)
    print(json.dumps(_measured()))


def _geography() -> Any:
    from frankpledge.vocabulary.areas import AreaLevel, DenominatorEdition, DenominatorUnit
    from frankpledge.vocabulary.geography import Area, Denominator, Geography

    codes = [f"X01{number:06d}" for number in range(AREAS)]
    areas = [Area(code, f"Small area {code[-3:]}", AreaLevel.SMALL_AREA) for code in codes]
    areas += [Area(f"X05{number:06d}", f"Ward {number:03d}", AreaLevel.WARD) for number in range(WARDS)]
    areas += [Area(f"X07{number:06d}", f"District {number:03d}", AreaLevel.DISTRICT) for number in range(DISTRICTS)]
    areas.append(Area("X23000001", "Force", AreaLevel.FORCE))
    squares = {}
    for number, code in enumerate(codes):
        x, y = 450_000 + 1_000 * (number % 30), 300_000 + 1_000 * (number // 30)
        squares[code] = ((((x, y), (x + 1_000, y), (x + 1_000, y + 1_000), (x, y + 1_000), (x, y)),),)
    homes = DenominatorEdition("census-2021", DenominatorUnit.HOUSEHOLDS, "census 2021", 2021)
    people = DenominatorEdition("census-2021-residents", DenominatorUnit.RESIDENTS, "census 2021", 2021)
    return Geography(
        small_area_vintage=2021,
        areas={area.code: area for area in areas},
        parents={
            code: {
                AreaLevel.WARD: f"X05{number * WARDS // AREAS:06d}",
                AreaLevel.DISTRICT: f"X07{number * DISTRICTS // AREAS:06d}",
                AreaLevel.FORCE: "X23000001",
            }
            for number, code in enumerate(codes)
        },
        outlines=squares,
        denominators={
            homes.key: Denominator(homes, dict.fromkeys(codes, 700)),
            people.key: Denominator(people, dict.fromkeys(codes, 1_600)),
        },
    )


def _fill(rows: int, by: Any) -> None:
    from frankpledge.records.incidents import services as incidents
    from frankpledge.vocabulary.deliveries import Balance, Delivery
    from frankpledge.vocabulary.periods import Month, MonthSpan

    each = rows // MONTHS
    for number in range(MONTHS):
        month = Month(*FIRST) + number
        incidents.accept_delivery(
            Delivery(
                source="police-extract",
                publisher="force",
                publisher_name="Force Police",
                period=MonthSpan(month, month),
                file=f"{month}.csv",
                file_sha256=f"{number:064x}",
                content_sha256=f"{number + 1:064x}",
                events=_events(each, month, np.random.default_rng(number)),
                rejected=(),
                duplicates=0,
                balance=Balance(each, each, 0, 0),
            ),
            by=by,
        )


def _events(rows: int, month: Any, rng: np.random.Generator) -> pa.Table:
    from frankpledge.evidence.schema import EVENT_SCHEMA

    area = np.minimum((rng.random(rows) ** 1.6 * AREAS).astype(int), AREAS - 1)
    kind = rng.integers(len(KINDS), size=rows)
    start = np.datetime64(month.first_day) + rng.integers(28 * 86_400, size=rows).astype("timedelta64[s]")
    end = start + rng.integers(1, 600, size=rows).astype("timedelta64[m]")
    utc = pa.timestamp("us", tz="UTC")
    return pa.table(
        {
            "line": np.arange(2, rows + 2, dtype=np.int32),
            "reference": [f"{month}-{number}" for number in range(rows)],
            "crime_type": [KINDS[one] for one in kind],
            "publisher_type": [
                f"{KINDS[one]} {extra}" for one, extra in zip(kind, rng.integers(4, size=rows), strict=True)
            ],
            "month": pa.array([month.first_day] * rows),
            "occurred_from": pa.array(start.astype("datetime64[us]"), pa.timestamp("us")).cast(utc),
            "occurred_to": pa.array(end.astype("datetime64[us]"), pa.timestamp("us")).cast(utc),
            "precision": ["minute"] * rows,
            "easting": 450_000.0 + 1_000 * (area % 30) + rng.integers(1_000, size=rows),
            "northing": 300_000.0 + 1_000 * (area // 30) + rng.integers(1_000, size=rows),
            "place_precision": ["address"] * rows,
            "small_area": [f"X01{one:06d}" for one in area],
            "premises": [f"9{one:05d}{home:06d}" for one, home in zip(area, rng.integers(700, size=rows), strict=True)],
            "outcome": pa.nulls(rows, pa.string()),
        },
        schema=EVENT_SCHEMA,
    )


def _measured() -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from frankpledge.oversight.exploring import selectors

    looks = []
    for name, asked in FILTERS.items():
        for view in VIEWS:
            selectors.forget()
            cold, counted = _timed(asked, view, CaptureQueriesContext(connection))
            again, _ = _timed(asked, view, CaptureQueriesContext(connection))
            # the better of two: somebody else's work on the machine is not the explorer's
            changed = min(
                _timed({**asked, "to": [to]}, view, CaptureQueriesContext(connection))[0]
                for to in ("2024-05", "2024-04")
            )
            looks.append({"filter": name, "view": view, "cold_s": cold, "warm_s": again, "changed_s": changed,
                          "queries": counted, "plain_s": _plain(asked)})  # fmt: skip
    return {"looks": looks, "rows": _rows()}


def _timed(asked: dict[str, list[str]], view: str, captured: Any) -> tuple[float, int]:
    """Seconds of one look as a page makes it, drawn and said, and how many database queries it took."""
    from frankpledge.oversight.exploring import selectors
    from frankpledge.oversight.exploring.looks import Style, View
    from frankpledge.vocabulary.questions import Question
    from frankpledge.vocabulary.wording import in_english

    began = time.perf_counter()
    with captured:
        question = Question.from_query(asked)
        selectors.see(question, View(view), Style.AREAS, translate=in_english, language="en")
    return time.perf_counter() - began, len(captured)


def _plain(asked: dict[str, list[str]]) -> float:
    """Seconds of a plain grouped count with the same types, written by hand, in the same engine's DuckDB."""
    import duckdb

    from frankpledge.records.incidents import selectors as incidents

    files = [str(entry.path) for entry in incidents.current_files("police-extract")]
    kinds = asked.get("type") or list(KINDS)
    connection = duckdb.connect(config={"threads": 2})
    began = time.perf_counter()
    connection.execute(
        "select small_area, month, count(*) from read_parquet($files) "
        "where list_contains($kinds, crime_type) group by 1, 2",
        {"files": files, "kinds": kinds},
    ).to_arrow_table()
    return time.perf_counter() - began


def _rows() -> int:
    from frankpledge.records.incidents import selectors as incidents

    return incidents.balance().stored


if __name__ == "__main__":
    main(int(sys.argv[1]))
