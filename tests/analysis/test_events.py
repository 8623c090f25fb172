"""Events come in whatever table there is; what cannot be used is counted by name, and degrees are refused."""

from datetime import UTC, date, datetime

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from frankpledge.analysis.events import Events, column_of, events_from_arrays, events_from_table, whole_days
from frankpledge.vocabulary.errors import CannotCompute

X, Y = [450_000.0, 450_100.0, 450_200.0], [300_000.0, 300_050.0, 300_075.0]
NEW_YEAR_2024 = 19_723


@pytest.mark.parametrize(
    "days",
    [
        ["2024-01-01", "2024-01-02", "2024-01-03"],
        ["01/01/2024", "02/01/2024", "03/01/2024"],
        ["2024/01/01", "2024/01/02", "2024/01/03"],
        ["20240101", "20240102", "20240103"],
        ["2024-01-01T23:59:00", "2024-01-02 00:01", "2024-01-03T12:00:00Z"],
        [date(2024, 1, 1), date(2024, 1, 2), date(2024, 1, 3)],
        [datetime(2024, 1, 1, 23), datetime(2024, 1, 2), datetime(2024, 1, 3)],
        np.array(["2024-01-01", "2024-01-02", "2024-01-03"], dtype="datetime64[s]"),
        [19_723, 19_724, 19_725],
        ["19723", "19724", "19725"],
        [19_723.0, 19_724.5, 19_725.9],
    ],
)
def test_every_way_to_write_a_day(days: object) -> None:
    assert events_from_arrays(X, Y, days).days.tolist() == [19_723, 19_724, 19_725]  # type: ignore[arg-type]


def test_a_day_is_read_day_first_as_in_britain() -> None:
    days, known = whole_days(["02/03/2024", "13/02/2024", "02/13/2024"])
    assert known.tolist() == [True, True, False]
    assert days[0] - days[1] == 18


def test_days_may_be_negative_numbers() -> None:
    assert whole_days(["-3", "0"])[0].tolist() == [-3, 0]
    assert whole_days(np.array([-3.2, 0.0]))[0].tolist() == [-4, 0]


def test_a_time_with_a_zone_keeps_the_day_on_the_wall() -> None:
    half_past_midnight = datetime(2024, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in London
    table = pa.table(
        {"x": [X[0]], "y": [Y[0]], "t": pa.array([half_past_midnight], pa.timestamp("s", "Europe/London"))}
    )
    assert events_from_table(table, x="x", y="y", date="t").days.tolist() == [
        (date(2024, 7, 1) - date(1970, 1, 1)).days
    ]


def test_what_is_left_out_is_counted_by_reason_and_rows_are_kept() -> None:
    events = events_from_arrays(
        ["450000", "", "1e30", "450,003", "450004"],
        [300_000, 300_001, 300_002, 300_003, 300_004],
        ["2024-01-01", "2024-01-01", "2024-01-01", "never", "2024-01-05"],
    )
    assert events.rows is not None and events.rows.tolist() == [0, 4]
    assert {left.reason: left.rows for left in events.left_out} == {
        "no position that can be read": 1,
        "a position that is nowhere on earth": 1,
        "no date that can be read": 1,
    }
    assert str(events.left_out[0].sentence) == "1 row left out: no position that can be read."


def test_the_same_from_every_kind_of_table() -> None:
    columns = {"x": X, "y": Y, "day": ["2024-01-01", "2024-01-02", "2024-01-03"]}
    arrow = pa.table(columns)
    dates = arrow.set_column(2, "day", pa.array([date(2024, 1, 1), date(2024, 1, 2), date(2024, 1, 3)]))
    relation = duckdb.connect().from_arrow(arrow)
    for table in (columns, arrow, dates, relation):
        events = events_from_table(table, x="x", y="y", date="day")
        assert events.x.tolist() == X
        assert events.days.tolist() == [19_723, 19_724, 19_725]
    assert list(column_of(arrow, "x")) == X


def test_nulls_in_a_table_are_missing() -> None:
    table = pa.table({"x": [X[0], None], "y": Y[:2], "day": pa.array([date(2024, 1, 1), None])})
    events = events_from_table(table, x="x", y="y", date="day")
    assert len(events) == 1 and events.left_out[0].rows == 1


@pytest.mark.parametrize(("x", "y"), [([-1.13, -1.2], [52.6, 52.7]), ([52.6, 52.7], [-1.13, -1.2]), ([41.8], [-120.5])])
def test_longitude_and_latitude_are_refused_either_way_round(x: list[float], y: list[float]) -> None:
    with pytest.raises(CannotCompute, match="longitude and latitude"):
        events_from_arrays(x, y)


def test_what_does_not_fit_together_is_refused() -> None:
    with pytest.raises(CannotCompute, match="3 x values and 2 y values"):
        events_from_arrays(X, Y[:2])
    with pytest.raises(CannotCompute, match="3 positions and 1 dates"):
        events_from_arrays(X, Y, ["2024-01-01"])
    with pytest.raises(CannotCompute, match="The columns are: x, y"):
        events_from_table({"x": X, "y": Y}, x="x", y="northing")
    with pytest.raises(CannotCompute, match="needs the day"):
        _ = events_from_arrays(X, Y).days
    with pytest.raises(CannotCompute, match="not a table"):
        events_from_table(7, x="x", y="y")


def test_no_events_are_events_too() -> None:
    assert len(events_from_arrays([], [], [])) == 0
    assert len(Events(np.zeros(0), np.zeros(0))) == 0
