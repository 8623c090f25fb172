"""Grids: row 0 is south, no event is lost or counted twice, and a grid that cannot be is refused with a reason."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.analysis.events import Events, events_from_arrays
from frankpledge.analysis.grids import SquareGrid, count_areas, count_cells, hexagon_grid, square_grid
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .synthetic_city import small_city

POSITIONS = st.lists(
    st.tuples(st.floats(1_000, 9_000, allow_nan=False), st.floats(1_000, 9_000, allow_nan=False)),
    min_size=1,
    max_size=60,
)


def _events(places: list[tuple[float, float]]) -> Events:
    return events_from_arrays([x for x, _ in places], [y for _, y in places])


def test_row_nought_is_south_and_column_nought_west() -> None:
    counts = count_cells(
        _events([(10, 10), (10, 190), (390, 10), (395, 15)]), square_grid(cell_m=100, extent=(0, 0, 400, 200))
    )
    assert counts.counts.tolist() == [[1, 0, 0, 2], [1, 0, 0, 0]]
    assert counts.as_dict()["shape"] == [2, 4]


def test_a_cell_holds_its_western_edge_and_the_outer_edges_belong_to_the_last_cells() -> None:
    counts = count_cells(_events([(0, 0), (100, 100), (200, 200)]), square_grid(cell_m=100, extent=(0, 0, 200, 200)))
    assert counts.counts.tolist() == [[1, 0], [0, 2]]


def test_an_extent_that_is_no_whole_number_of_cells_is_covered_whole() -> None:
    assert square_grid(cell_m=100, extent=(0, 0, 250, 100)).shape == (1, 3)
    assert square_grid(cell_m=0.1, extent=(0, 0, 0.3, 0.3)).shape == (3, 3)


@given(POSITIONS, st.sampled_from([37.0, 100.0, 250.0]))
def test_a_grid_over_the_events_loses_none(places: list[tuple[float, float]], cell_m: float) -> None:
    events = _events(places)
    for grid in (square_grid(cell_m=cell_m, events=events), hexagon_grid(width_m=cell_m, events=events)):
        counts = count_cells(events, grid)
        assert int(counts.counts.sum()) == len(events)
        assert counts.outside == 0


@given(POSITIONS)
def test_a_hexagon_is_what_lies_nearest_to_its_centre(places: list[tuple[float, float]]) -> None:
    events = _events(places)
    grid = hexagon_grid(width_m=300, events=events)
    x, y = (centre.ravel() for centre in grid.centres)
    for cell, east, north in zip(grid.cell_of(events.x, events.y), events.x, events.y, strict=True):
        away = np.hypot(x - east, y - north)
        assert away[cell] == pytest.approx(away.min(), abs=1e-6)


def test_hexagons_have_six_neighbours_one_width_away() -> None:
    grid = hexagon_grid(width_m=100, extent=(0, 0, 1_000, 1_000))
    x, y = (centre.ravel() for centre in grid.centres)
    pairs = grid.neighbours
    assert np.hypot(x[pairs[:, 0]] - x[pairs[:, 1]], y[pairs[:, 0]] - y[pairs[:, 1]]) == pytest.approx(100)
    assert np.bincount(pairs[:, 0]).max() == 6
    assert {tuple(pair) for pair in pairs} == {tuple(pair) for pair in pairs[:, ::-1]}


def test_whole_metres_added_to_everything_change_nothing() -> None:
    events = small_city()
    moved = Events(events.x + 400_000, events.y + 300_000)
    one = count_cells(events, square_grid(cell_m=200, events=events))
    other = count_cells(moved, square_grid(cell_m=200, events=moved))
    assert np.array_equal(one.counts, other.counts)


def test_the_study_area_leaves_out_what_lies_beyond_and_says_so() -> None:
    area = shapely.box(0, 0, 250, 100)
    grid = square_grid(cell_m=100, extent=(0, 0, 400, 200), outlines=[area])
    assert grid.mask.tolist() == [[True, True, True, False], [False] * 4]  # touching is not overlapping
    counts = count_cells(_events([(10, 10), (210, 90), (350, 50), (50, 150), (9_000, 50)]), grid)
    assert (counts.n, counts.outside, grid.cells) == (2, 3, 3)
    assert [str(doubt.sentence) for doubt in counts.doubts] == ["3 rows left out: outside the grid or the study area."]
    assert counts.doubts[0].kind is DoubtKind.ROWS_LEFT_OUT


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"cell_m": 1, "extent": (0, 0, 40_000, 25_000)}, "1,000,000,000 cells"),
        ({"cell_m": 0, "extent": (0, 0, 100, 100)}, "above 0"),
        ({"cell_m": -5, "extent": (0, 0, 100, 100)}, "above 0"),
        ({"cell_m": float("nan"), "extent": (0, 0, 100, 100)}, "above 0"),
        ({"cell_m": 10, "extent": (100, 0, 0, 100)}, "lowest first"),
        ({"cell_m": 10, "extent": (0, 5, 100, 5)}, "lowest first"),
        ({"cell_m": 10}, "no event"),
    ],
)
def test_a_grid_that_cannot_be_is_refused(asked: dict[str, object], said: str) -> None:
    with pytest.raises(CannotCompute, match=said):
        square_grid(**asked)  # type: ignore[arg-type]


def test_a_study_area_elsewhere_or_of_another_shape_is_refused() -> None:
    grid = square_grid(cell_m=100, extent=(0, 0, 400, 200))
    with pytest.raises(CannotCompute, match="no cell"):
        grid.clipped_to([shapely.box(9_000, 9_000, 9_100, 9_100)])
    with pytest.raises(CannotCompute, match="agree"):
        grid.clipped(np.ones((3, 3), bool))


def test_counts_by_code_name_what_is_unknown() -> None:
    counts = count_areas(["b", "a", "b", "x"], ["a", "b", "c"])
    assert counts.counts.tolist() == [1, 2, 0]
    assert counts.unknown == 1
    assert str(counts.sentence()) == "3 events lie in 2 of 3 areas; most, 2, in b."
    with pytest.raises(CannotCompute, match="twice"):
        count_areas(["a"], ["a", "a"])
    with pytest.raises(CannotCompute):
        count_areas(["a"], [])


def test_the_sentence_says_how_gathered_events_are() -> None:
    counts = count_cells(_events([(10, 10)] * 6 + [(110, 10)] * 2), square_grid(cell_m=100, extent=(0, 0, 400, 100)))
    assert "the fullest holds 6, and half of all lie in 25 % of the cells" in counts.sentence()


def test_millions_of_cells_are_allowed() -> None:
    assert isinstance(square_grid(cell_m=10, extent=(0, 0, 30_000, 30_000)), SquareGrid)
