"""Aoristic weights agree with two peers to every digit, keep every event whole, and read times as the wall does."""

import csv
import gzip
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frankpledge.analysis.aoristic import DAYS, aoristic
from frankpledge.analysis.wall_clock import wall_clock
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import oracle, peer_oracle

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
MONDAY = datetime(2024, 1, 1)


def by_loop(windows: list[tuple[datetime, datetime]]) -> np.ndarray:
    """The same weights written minute by minute, for windows of whole minutes under a week."""
    weights = np.zeros((7, 24))
    for start, end in windows:
        minutes = int((end - start).total_seconds() // 60)
        if minutes <= 1:
            weights[start.weekday(), start.hour] += 1
            continue
        for i in range(minutes):
            moment = start + timedelta(minutes=i)
            weights[moment.weekday(), moment.hour] += 1 / minutes
    return weights


def test_ratcliffes_washington_table() -> None:
    published = oracle("aoristic")
    found = aoristic(*zip(*published["events"], strict=True), timezone="America/New_York")
    table = published["expected"]["table"]
    wanted = np.array([table[day[:3]] for day in DAYS])
    assert np.abs(found.weights - wanted).max() <= published["tolerance"]
    assert found.total == pytest.approx(1025)


def test_ratcliffes_washington_table_from_the_incident_file() -> None:
    file = SHARED / "incidents" / "washington_dc_burglary_2016_from_to.csv.gz"
    if not file.is_file():
        pytest.skip("the burglaries of ../shared/data/incidents are not here")
    with gzip.open(file, "rt", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    found = aoristic([row["StartDateTime"] for row in rows], [row["EndDateTime"] for row in rows])
    assert found.n == 1025 and found.total == pytest.approx(1025)
    # cells of the published table: Monday 00, 05; Thursday 14; Sunday 23
    cells = [found.weights[0, 0], found.weights[0, 5], found.weights[3, 14], found.weights[6, 23]]
    assert cells == pytest.approx([6.032, 9.954, 11.846, 5.065], abs=6e-4)


def test_the_nine_windows_of_crimepy() -> None:
    for event in peer_oracle("evaluation_and_time_py")["aoristic_weekhour"]["events"]:
        wanted = np.full((7, 24), 1 / 168)
        if not isinstance(event["weights"], str):
            wanted[:] = 0
            for day, hour, weight in event["weights"]:
                wanted[day, hour] = weight
        assert aoristic([event["from"]], [event["to"]]).weights == pytest.approx(wanted, abs=1e-8)


def test_windows_typed_in() -> None:
    """Ratcliffe's own example (eight hours, an eighth each), a week's end, and the night the clocks go forward."""
    day = aoristic(["2024-01-03 08:00"], ["2024-01-03 16:00"]).weights
    assert day[2, 8:16] == pytest.approx(np.full(8, 0.125)) and day.sum() == pytest.approx(1)
    wrap = aoristic(["2024-01-07 23:30"], ["2024-01-08 01:00"]).weights
    assert (wrap[6, 23], wrap[0, 0]) == pytest.approx((1 / 3, 2 / 3))
    clocks = aoristic(["2024-03-30 23:00"], ["2024-03-31 03:00"]).weights
    assert [clocks[5, 23], *clocks[6, :3]] == pytest.approx([0.25] * 4)
    back = aoristic(["2024-10-27T00:30+01:00"], ["2024-10-27T03:30+00:00"]).weights  # three hours by the wall
    assert back[6, :4] == pytest.approx([1 / 6, 1 / 3, 1 / 3, 1 / 6])


def test_a_window_that_ends_before_it_starts_because_the_clock_went_back_keeps_its_hour() -> None:
    found = aoristic(["2024-10-27T01:50+01:00"], ["2024-10-27T01:10+00:00"])
    assert found.weights[6, 1] == 1 and found.end_before_start == 1


def test_moments_with_a_zone_are_shown_on_the_wall_clock_and_utc_moves_the_pattern() -> None:
    """Half past midnight summer time is 23:30 the day before in UTC: Tuesday's hour, not Monday's."""
    found = aoristic(["2024-07-01T23:30:00Z"], [None])
    assert found.weights[1, 0] == 1
    aware = datetime(2024, 7, 1, 23, 30, tzinfo=timezone.utc)  # noqa: UP017
    assert aoristic([aware], [None]).weights[1, 0] == 1
    assert aoristic(["2024-07-01T23:30:00+00:00"], [None], timezone="UTC").weights[0, 23] == 1
    assert aoristic(["2024-07-01 23:30"], [None]).weights[0, 23] == 1  # no zone: as the wall showed it


windows = st.lists(
    st.tuples(st.integers(0, 20_000), st.integers(0, 7 * 1_440 - 1)).map(
        lambda pair: (MONDAY + timedelta(minutes=pair[0]), MONDAY + timedelta(minutes=pair[0] + pair[1]))
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=30, deadline=None)
@given(windows)
def test_the_fast_way_and_the_plain_loop_agree_and_every_event_stays_whole(
    found: list[tuple[datetime, datetime]],
) -> None:
    starts, ends = zip(*found, strict=True)
    fast = aoristic(starts, ends)
    assert fast.weights == pytest.approx(by_loop(found), abs=1e-9)
    assert fast.total == pytest.approx(len(found))
    assert aoristic(starts[::-1], ends[::-1]).weights == pytest.approx(fast.weights)
    later = aoristic([s + timedelta(days=8) for s in starts], [e + timedelta(days=8) for e in ends])
    assert np.roll(fast.weights, 1, axis=0) == pytest.approx(later.weights, abs=1e-9)


def test_odd_windows_are_used_as_published_and_said() -> None:
    starts = ["2024-01-01 10:30", "2024-01-01 10:30", "2024-01-01 10:30", "when?", "2024-01-02 10:00"]
    ends = ["2024-01-01 09:00", "", "2024-01-20 10:30", "2024-01-01 10:00", "soon"]
    found = aoristic(starts, ends)
    assert (found.n, found.end_before_start, found.instants, found.week_or_more) == (3, 1, 1, 1)
    assert found.weights[0, 10] == pytest.approx(2 + 1 / 168)
    kinds = {doubt.kind for doubt in found.doubts}
    assert {DoubtKind.ROWS_LEFT_OUT, DoubtKind.VAGUE_TIMES} <= kinds
    assert found.as_dict()["total"] == 3


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(CannotCompute, match="start that can be read"):
        aoristic(["", "gone"], ["", ""])
    with pytest.raises(CannotCompute, match="both columns"):
        aoristic(["2024-01-01 10:30"], [])
    with pytest.raises(CannotCompute, match="no time zone"):
        aoristic(["2024-01-01 10:30"], [""], timezone="London")


def test_every_way_to_write_a_moment_is_read() -> None:
    written = [
        "2024-01-31T22:05",
        "2024-01-31 22:05:00",
        "31/01/2024 22:05",
        "31/01/2024 22:05:00",
        datetime(2024, 1, 31, 22, 5),
    ]
    moments, known, empty = wall_clock(np.array([*written, None, "NaT"], dtype=object))
    assert set(moments[:5]) == {np.datetime64("2024-01-31T22:05:00")}
    assert known.tolist() == [True] * 5 + [False] * 2 and empty.tolist() == [False] * 5 + [True] * 2
    numpy_moments, _, numpy_empty = wall_clock(np.array(["2024-01-31T22:05", "NaT"], dtype="datetime64[ns]"))
    assert numpy_moments[0] == moments[0] and numpy_empty.tolist() == [False, True]


def test_arrow_columns_with_a_zone_are_not_taken_for_wall_clock_times() -> None:
    instant = datetime(2024, 7, 1, 23, 30)
    column = pa.array([instant, None], pa.timestamp("us", tz="UTC"))
    moments, _, empty = wall_clock(column)
    assert moments[0] == np.datetime64("2024-07-02T00:30:00") and empty.tolist() == [False, True]
    without_zone = pa.chunked_array([pa.array([instant], pa.timestamp("us"))])
    assert wall_clock(without_zone)[0][0] == np.datetime64("2024-07-01T23:30:00")
