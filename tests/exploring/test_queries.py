"""Weekdays and hours are those of the clock on the wall; offences kept quiet give no point."""

import datetime as dt
from dataclasses import replace

import pyarrow as pa
import pytest

from frankpledge.evidence import queries
from frankpledge.evidence.engine import Engine
from frankpledge.evidence.queries import Selection
from frankpledge.evidence.schema import EVENT_SCHEMA
from frankpledge.vocabulary.periods import Month, MonthSpan

YEAR = Selection(MonthSpan(Month(2024, 1), Month(2024, 12)))
# UTC: half past ten on a Monday night in July is half past eleven in London, in January it is not
SUMMER, WINTER = dt.datetime(2024, 7, 1, 22, 30, tzinfo=dt.UTC), dt.datetime(2024, 1, 1, 22, 30, tzinfo=dt.UTC)


def event(moment: dt.datetime | None, *, hours: float = 0, precision: str = "minute", **other: object) -> dict:
    month = (moment or SUMMER).date().replace(day=1)
    end = None if moment is None else moment + dt.timedelta(hours=hours)
    made = {"line": 2, "crime_type": "burglary", "publisher_type": "Burglary", "month": month, "easting": 1.0,
            "northing": 2.0, "place_precision": "address", "small_area": "a", "occurred_from": moment,
            "occurred_to": end, "precision": precision}  # fmt: skip
    return {**made, **other}


def count(selection: Selection, *events: dict) -> int:
    table = pa.Table.from_pylist(list(events), schema=EVENT_SCHEMA)
    return sum(Engine().run(queries.counts_of(selection), table=table)["n"].to_pylist())


@pytest.mark.parametrize(("hour", "found"), [(22, 1), (23, 1), (21, 0)])
def test_hours_are_londons_in_summer_and_winter(hour, found):
    assert count(replace(YEAR, hours=(hour,)), event(SUMMER), event(WINTER)) == found


def test_a_window_counts_at_its_middle_even_past_midnight():
    assert count(replace(YEAR, hours=(0,)), event(WINTER, hours=4)) == 1  # 22:30 to 02:30: half past midnight
    assert count(replace(YEAR, weekdays=(1,)), event(WINTER, hours=4)) == 1  # and so on the Tuesday


def test_an_event_known_by_its_day_has_a_weekday_but_no_hour():
    day = event(dt.datetime(2024, 1, 6, tzinfo=dt.UTC), hours=24, precision="day")
    assert count(replace(YEAR, weekdays=(5,)), day) == 1
    assert count(replace(YEAR, hours=(12,)), day) == 0


def test_an_event_known_by_its_month_has_neither():
    assert count(replace(YEAR, weekdays=tuple(range(6))), event(WINTER, precision="month")) == 0


def test_types_words_and_places_limit():
    events = (event(WINTER), event(WINTER, publisher_type="Other", small_area="b"))
    assert count(replace(YEAR, publisher_types=("Other",)), *events) == 1
    assert count(replace(YEAR, small_areas=("a", "b")), *events) == 2
    assert count(replace(YEAR, small_areas=()), *events) == 0


@pytest.mark.parametrize(
    "about",
    [
        {"crime_type": "violence-and-sexual-offences"},
        {"publisher_type": "DOMESTIC incident"},
        {"publisher_type": "Rape of a female"},
        {"publisher_type": "Stalking", "crime_type": "other-crime"},
    ],
)
def test_quiet_offences_give_no_point(about):
    table = pa.Table.from_pylist([event(WINTER), event(WINTER, **about)], schema=EVENT_SCHEMA)
    engine = Engine()
    assert engine.run(queries.points(YEAR, showable=True), table=table)["n"].to_pylist() == [1]
    assert engine.run(queries.points(YEAR), table=table)["n"].to_pylist() == [2]
    assert engine.run(queries.sensitive_count(YEAR), table=table)["n"].to_pylist() == [1]


def test_a_page_of_events_carries_no_home_and_no_position():
    table = pa.Table.from_pylist([event(WINTER, premises="900")], schema=EVENT_SCHEMA)
    page = Engine().run(queries.event_rows(YEAR, offset=0, limit=5), table=table)
    assert not {"premises", "easting", "northing"} & set(page.column_names)
