"""Repeats: as published, by hand, by plain loops; the time course is flat when only the end of the record bends it."""

import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frankpledge.analysis.repeat_victimisation import (
    MOST_TIMES,
    Repeats,
    published_shares,
    repeat_victimisation,
    repeat_victimisation_in,
    repeats_by_chance,
)
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import oracle

ROWS = st.lists(st.tuples(st.integers(0, 9), st.integers(17_000, 17_900)), min_size=1, max_size=60)


def found(rows: Any, **settings_: Any) -> Any:
    return repeat_victimisation([place for place, _ in rows], [day for _, day in rows], **settings_)


def test_the_home_office_worked_example() -> None:
    """Crime Reduction Toolkit, commercial burglary: 459 incidents, 250 victims, 209 repeats, 46 %."""
    count = Repeats(incidents=459, victims=250)
    assert count.repeats == 209
    assert count.share == pytest.approx(0.455338, abs=1e-6)
    case = oracle("repeat-victimisation")["toolkit_commercial_burglary"]
    count = Repeats(**case["inputs"])
    assert count.repeats == case["expected"]["repeats"]
    assert count.share is not None and 100 * count.share == pytest.approx(case["exact_share_percent"], abs=1e-4)


def test_the_worked_example_from_single_incidents() -> None:
    places = list(range(250)) + [k % 100 for k in range(209)]
    result = repeat_victimisation(places, np.arange(17_000, 17_459))
    assert (result.n, result.count.victims, result.count.repeats) == (459, 250, 209)
    assert result.repeat_victims == 100
    assert str(result.sentence()) == (
        "209 of 459 incidents (46 %) were repeats; 100 of 250 places were hit more than once."
    )


def test_a_misprinted_table_is_found_out() -> None:
    """60 Steps, step 29, reprints 12.4 % of incidents for five or more; the column then sums to 68.8."""
    case = oracle("repeat-victimisation")["once_bitten"]
    people, incidents = case["percent_respondents"], case["percent_incidents"]
    assert len(published_shares(case["categories"], people, incidents).rows) == 6
    with pytest.raises(CannotCompute, match="incidents sum to 68.8, not to 100"):
        published_shares(case["categories"], people, [*incidents[:-1], case["as_reprinted_for_5_plus"]])
    with pytest.raises(CannotCompute, match="2 rows and 3 percentages"):
        published_shares(["1", "2"], [50, 50, 0], [50, 50])


@settings(max_examples=60, deadline=None)
@given(ROWS, st.integers(1, 400))
def test_plain_counting_agrees(rows: list[tuple[int, int]], window: int) -> None:
    result = found(rows, number_of_places=40, window_days=window)
    hits = Counter(place for place, _ in rows)
    assert result.count.repeats == sum(k - 1 for k in hits.values())
    assert result.repeat_victims == sum(k > 1 for k in hits.values())
    for row in result.times:
        times = [k for k in hits.values() if k == row.times or (row.times == MOST_TIMES and k > MOST_TIMES)]
        assert (row.places, row.incidents) == ((40 - len(hits), 0) if row.times == 0 else (len(times), sum(times)))
    for one in result.windows:
        inside = [place for place, day in rows if one.first_day <= day <= one.last_day]
        assert one.last_day - one.first_day + 1 == window
        assert (one.count.incidents, one.count.victims) == (len(inside), len(set(inside)))
    last = max(day for _, day in rows)
    gaps, watched = [], []
    for place in hits:
        days = sorted(day for where, day in rows if where == place)
        gaps += [b - a for a, b in zip(days[:-1], days[1:], strict=True)]
        watched += [b - a for a, b in zip(days, [*days[1:], last], strict=True)]
    for lapse in result.time_course:
        assert lapse.repeats == sum(lapse.first <= gap <= lapse.last for gap in gaps)
        days_at_risk = sum(max(0, min(w, lapse.last) - lapse.first + 1) for w in watched)
        assert lapse.place_days == days_at_risk


@settings(max_examples=25, deadline=None)
@given(ROWS, st.randoms(use_true_random=False), st.integers(-200, 200))
def test_order_and_names_change_nothing_and_a_shift_little(rows: Any, shuffler: Any, shift: int) -> None:
    one = found(rows)
    shuffler.shuffle(rows)
    two = repeat_victimisation([f"home {place}" for place, _ in rows], [day for _, day in rows])
    assert one == two
    three = found([(place, day + shift) for place, day in rows])
    assert (one.count, one.times, one.time_course) == (three.count, three.times, three.time_course)


def test_a_constant_risk_has_a_flat_time_course_though_the_record_ends() -> None:
    """Raw counts fall with time since the last, because the record ends; the rate by days watched does not."""
    held = []
    rate = 1_000 * 6_000 / (2_000 * 500)
    for seed in range(30):
        random = np.random.default_rng(seed)
        places, days = random.integers(0, 2_000, 6_000), random.integers(0, 500, 6_000)
        course = repeat_victimisation(places, days, last_day=499).time_course
        assert course[0].repeats > 1.5 * course[-1].repeats
        held += [(one.interval.lower or 0) <= rate <= one.interval.upper for one in course[1:] if one.interval]
        assert course[-1].by_then == pytest.approx(1 - np.exp(-rate * 364 / 1_000), abs=0.03)
    assert len(held) == 360
    assert np.mean(held) == pytest.approx(0.95, abs=0.035)  # three of its own standard errors


def test_repeats_that_come_soon_are_seen_to_come_soon() -> None:
    random = np.random.default_rng(3)
    first = random.integers(0, 600, 2_000)
    again = random.random(2_000) < 0.3
    days = np.concatenate([first, first[again] + random.exponential(20, int(again.sum())).astype(int)])
    places = np.concatenate([np.arange(2_000), np.arange(2_000)[again]])
    course = repeat_victimisation(places, days).time_course
    assert course[0].rate > 3 * course[2].rate > 0
    assert course[-1].by_then == pytest.approx(1 - (1 - 0.3), abs=0.06)


def test_chance_is_exact_and_needs_the_number_of_places() -> None:
    random = np.random.default_rng(4)
    drawn = [300 - len(np.unique(random.integers(0, 700, 300))) for _ in range(4_000)]
    chance = repeats_by_chance(300, 700)
    assert np.mean(drawn) == pytest.approx(chance.repeats, abs=4 * chance.sd / np.sqrt(4_000))
    assert np.std(drawn) == pytest.approx(chance.sd, rel=0.05)
    # two on two places: half the draws repeat; all on one place: all but the first
    assert repeats_by_chance(2, 2).repeats == pytest.approx(0.5)
    assert repeats_by_chance(2, 2).sd == pytest.approx(0.5)
    assert repeats_by_chance(7, 1).repeats == 6 and repeats_by_chance(7, 1).sd == 0
    assert repeats_by_chance(3, 10**9).repeats == pytest.approx(3e-9, rel=1e-3)
    with pytest.raises(CannotCompute, match="number of places"):
        repeats_by_chance(3, None)
    with pytest.raises(CannotCompute, match="number of places"):
        _ = found([(1, 17_000)] * 3).ratio_to_chance
    with pytest.raises(CannotCompute, match="said to be"):
        found([(1, 17_000), (2, 17_001)], number_of_places=1)


def test_at_random_repeats_are_what_chance_gives() -> None:
    random = np.random.default_rng(5)
    beyond = 0
    for _ in range(200):
        result = repeat_victimisation(random.integers(0, 900, 400), random.integers(0, 700, 400), number_of_places=900)
        beyond += abs(result.count.repeats - result.chance.repeats) > 1.96 * result.chance.sd
    assert 2 <= beyond <= 20
    assert sum(row.by_chance for row in result.times) == pytest.approx(900)
    assert "where chance alone would give" in str(result.sentence())


def test_windows_end_with_months_and_with_the_record() -> None:
    start = date(2022, 1, 1)
    days = [start + timedelta(days=k) for k in range(0, 500, 5)]
    result = repeat_victimisation(["a"] * len(days), days)
    ends = [date(1970, 1, 1) + timedelta(days=one.last_day) for one in result.windows]
    assert ends[0] == date(2022, 12, 31) and ends[1] == date(2023, 1, 31)
    assert ends[-1] == days[-1]
    assert all(one.count.repeats == one.count.incidents - 1 == 72 for one in result.windows)
    short = repeat_victimisation(["a", "a"], days[:2])
    assert short.windows == () and short.doubts[0].kind is DoubtKind.SHORT_HISTORY


def test_rows_without_a_place_or_date_are_counted_by_name() -> None:
    table = pa.table(
        {"home": ["a", None, " ", "a ", "b"], "day": ["2024-01-01", "2024-01-02", "2024-01-02", "2024-01-09", "?"]}
    )
    result = repeat_victimisation_in(table, place="home", date="day")
    assert (result.n, result.count.victims) == (2, 1)
    assert [str(doubt.sentence) for doubt in result.doubts[:2]] == [
        "2 rows left out: no place.",
        "1 row left out: no date that can be read.",
    ]
    numbers = repeat_victimisation([100.0, float("nan"), 100.0], [1, 2, 3])
    assert numbers.count == Repeats(2, 1)


def test_bad_input_is_refused() -> None:
    for rows in ([], [(None, 17_000)], [("a", "never")]):
        with pytest.raises(CannotCompute, match="No row has both"):
            found(rows)
    with pytest.raises(CannotCompute, match="2 places and 1 dates"):
        repeat_victimisation(["a", "b"], [1])
    with pytest.raises(CannotCompute, match="outside the record"):
        repeat_victimisation(["a", "b"], [1, 9], last_day=8)
    for incidents, victims in ((3, 4), (3, 0), (-1, -1)):
        with pytest.raises(CannotCompute, match="at least one incident for every victim"):
            Repeats(incidents, victims)
    assert Repeats(0, 0).share is None
    with pytest.raises(CannotCompute, match="There is no column"):
        repeat_victimisation_in({"home": ["a"]}, place="home", date="day")


def test_it_goes_into_files_and_tables() -> None:
    result = found([(k % 7, 17_000 + 11 * k) for k in range(60)], number_of_places=20)
    said = json.loads(json.dumps(result.as_dict(), allow_nan=False))
    assert said["repeats"] == 53 and said["victims"] == 7 and said["by_chance"]["places"] == 20
    rows = result.table().rows
    assert [row[0] for row in rows] == ["0", "1", "2", "3", "4", "5+"]
    assert sum(row[2] for row in rows) == pytest.approx(1) and sum(row[4] for row in rows) == pytest.approx(1)
    assert result.ratio_to_chance == pytest.approx(53 / result.chance.repeats)
    one = found([(1, 17_000)], number_of_places=5)
    with pytest.raises(CannotCompute, match="no ratio"):
        _ = one.ratio_to_chance
    json.dumps(one.as_dict(), allow_nan=False)
