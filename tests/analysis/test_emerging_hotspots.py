"""Hot spots over time: planted courses get their names, Mann-Kendall equals its definition, and chance gets no name."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.analysis.emerging_hotspots import COURSES, Course, hot_spot_history, mann_kendall
from frankpledge.analysis.events import Events, events_from_arrays
from frankpledge.analysis.grids import square_grid
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .synthetic_city import EXTENT, on_page, peers_city, small_city

GRID = square_grid(cell_m=300, extent=(0, 0, 6_000, 6_000))
SLICES, DAYS = 12, 28


def plain_mann_kendall(series: np.ndarray) -> float:
    """Kendall (1975), with ties and the correction for continuity."""
    n = len(series)
    s = sum(np.sign(series[j] - series[i]) for i in range(n) for j in range(i + 1, n))
    ties = np.unique(series, return_counts=True)[1]
    variance = (n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    return 0.0 if variance == 0 else float(np.sign(s) * max(abs(s) - 1, 0) / math.sqrt(variance))


def test_mann_kendall_of_a_series_that_only_rises() -> None:
    # n = 10: S = 45, variance 125, z = 44 / sqrt(125)
    assert mann_kendall(np.arange(10.0)[:, None])[0] == pytest.approx(44 / math.sqrt(125))
    assert mann_kendall(np.full((10, 1), 3.0))[0] == 0


@given(st.lists(st.integers(0, 6), min_size=3, max_size=15))
def test_mann_kendall_equals_its_definition(values: list[int]) -> None:
    series = np.array(values, float)
    assert mann_kendall(series[:, None])[0] == pytest.approx(plain_mann_kendall(series), abs=1e-12)
    assert mann_kendall(-series[:, None])[0] == pytest.approx(-plain_mann_kendall(series), abs=1e-12)


def _city(planted: dict[tuple[float, float], list[int]], seed: int = 3) -> Events:
    """An even background, and at each place so many events more in each slice."""
    random = np.random.default_rng(seed)
    places, days = [random.uniform(0, 6_000, (400 * SLICES, 2))], [random.integers(0, SLICES * DAYS, 400 * SLICES)]
    days[0][0] = SLICES * DAYS - 1
    for place, numbers in planted.items():
        for number, more in enumerate(numbers):
            places.append(random.normal(place, 60, (more, 2)))
            days.append(random.integers(number * DAYS, (number + 1) * DAYS, more))
    return events_from_arrays(*np.concatenate(places).T, np.concatenate(days))


def test_planted_courses_get_their_names() -> None:
    events = _city(
        {
            (1_050, 1_050): [0] * 11 + [60],
            (4_950, 1_050): [7 * k for k in range(SLICES)],
            (1_050, 4_950): [70] * SLICES,
            (4_950, 4_950): [80 - 7 * k for k in range(SLICES)],
            (3_150, 3_150): [0, 0, 60, 0, 0, 0, 60, 0, 60, 0, 0, 0],
        }
    )
    found = hot_spot_history(events, grid=GRID, slice_days=DAYS)
    named = {place: COURSES[found.course[place]] for place in ((3, 3), (3, 16), (16, 3), (16, 16), (10, 10))}
    assert named == {
        (3, 3): Course.NEW,
        (3, 16): Course.EMERGING,
        (16, 3): Course.PERSISTENT,
        (16, 16): Course.DIMINISHING,
        (10, 10): Course.SPORADIC,
    }
    assert found.number(Course.NEVER) > 300
    assert sum(found.number(course) for course in Course) == 400
    assert "12 slices of 28 days" in found.sentence()
    assert found.as_dict()["numbers"]["new"] == found.number(Course.NEW)
    assert len(found.table().rows) == int((found.times_hot > 0).sum())


def test_chance_alone_makes_hardly_a_hot_spot_and_no_trend() -> None:
    courses = np.zeros(len(COURSES))
    for seed in range(20):
        found = hot_spot_history(_city({}, seed=seed), grid=GRID, slice_days=DAYS)
        courses += [found.number(course) for course in COURSES]
    share = dict(zip(COURSES, courses / courses.sum(), strict=True))
    assert share[Course.NEVER] > 0.985
    assert share[Course.EMERGING] + share[Course.DIMINISHING] + share[Course.PERSISTENT] < 0.001


def test_the_example_of_the_page() -> None:
    found = hot_spot_history(peers_city(20_000), grid=square_grid(cell_m=200, extent=EXTENT), slice_days=28)
    assert str(found.sentence()).removeprefix("Of ").rstrip(".") in on_page("emerging-hotspots")


def test_the_order_of_events_changes_nothing() -> None:
    events = small_city()
    order = np.random.default_rng(1).permutation(len(events))
    shuffled = Events(events.x[order], events.y[order], events.days[order])
    one, other = (hot_spot_history(each, grid=GRID, slice_days=20) for each in (events, shuffled))
    assert np.array_equal(one.course, other.course)
    assert np.array_equal(one.z, other.z)


def test_slices_end_on_the_last_day_and_early_days_are_named() -> None:
    days = np.arange(150)
    random = np.random.default_rng(2)
    events = events_from_arrays(*random.uniform(0, 6_000, (2, 1_500)), np.repeat(days, 10))
    found = hot_spot_history(events, grid=GRID, slice_days=28)
    assert found.first_days == (10, 38, 66, 94, 122)
    assert found.n == 1_400
    assert "100 rows left out: before the first whole slice." in [str(doubt.sentence) for doubt in found.doubts]
    assert DoubtKind.SHORT_HISTORY in [doubt.kind for doubt in found.doubts]


def test_cells_outside_the_study_area_have_no_course() -> None:
    inside = np.ones(GRID.shape, bool)
    inside[:, 15:] = False
    found = hot_spot_history(small_city(), grid=GRID.clipped(inside), slice_days=20)
    assert np.array(found.as_dict()["course"])[:, 15:].max() == -1
    assert sum(found.number(course) for course in Course) == 300


def test_an_empty_slice_is_no_error() -> None:
    events = small_city()
    gap = (events.days < 100) | (events.days > 150)
    found = hot_spot_history(Events(events.x[gap], events.y[gap], events.days[gap]), grid=GRID, slice_days=20)
    assert np.isfinite(found.z).all()


@pytest.mark.parametrize(("slice_days", "said"), [(100, "trend needs 5"), (0, "at least one day"), (28_000, "needs 5")])
def test_too_few_slices_are_refused(slice_days: int, said: str) -> None:
    with pytest.raises(CannotCompute, match=said):
        hot_spot_history(small_city(), grid=GRID, slice_days=slice_days)


def test_too_many_slices_and_no_days_are_refused() -> None:
    with pytest.raises(CannotCompute, match="slices"):
        hot_spot_history(events_from_arrays([1, 2], [1, 2], [0, 5_000]), grid=GRID, slice_days=1)
    with pytest.raises(CannotCompute, match="day of each event"):
        hot_spot_history(events_from_arrays([1, 2], [1, 2]), grid=GRID)
