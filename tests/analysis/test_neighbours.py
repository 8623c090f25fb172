"""Pairs by band: the same as by looking at every pair, whatever the bands, the spread of the events and the threads."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from frankpledge.analysis.neighbours import (
    EUCLIDEAN,
    MANHATTAN,
    Cells,
    DistanceBands,
    into_cells,
    neighbour_blocks,
    tally_pairs,
)
from frankpledge.vocabulary.errors import CannotCompute

POINTS = st.lists(st.tuples(st.integers(-40, 40), st.integers(-40, 40)), min_size=1, max_size=60)
BANDS = st.builds(
    lambda edges, closed, same_place: DistanceBands(tuple(map(float, sorted(edges))), closed, same_place),
    st.sets(st.integers(0, 60), min_size=2, max_size=6).filter(lambda edges: max(edges) > 0),
    st.sampled_from(["left", "right"]),
    st.booleans(),
)


def band_of(distance: float, bands: DistanceBands) -> int:
    """The band of a distance as the words of DistanceBands say, or -1."""
    edges, own = bands.edges_m, bands.own_place
    if own and distance == 0:
        return 0
    for k, (low, high) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
        if bands.closed == "left" and low <= distance < high:
            return k
        if bands.closed == "right" and (low < distance <= high or (distance == low == 0 and not own)):
            return k + own
    return -1


def plain_pairs(points: NDArray[np.float64], bands: DistanceBands, metric: str) -> set[tuple[int, int, int]]:
    found = set()
    for i in range(len(points)):
        for j in range(i):
            apart = np.abs(points[i] - points[j])
            band = band_of(float(apart.sum() if metric == MANHATTAN else np.sqrt((apart**2).sum())), bands)
            if band >= 0:
                found.add((band, j, i))
    return found


def found_pairs(
    cells: Cells, bands: DistanceBands, metric: str, *, threads: int, at_once: int
) -> list[tuple[int, int, int]]:
    tally = tally_pairs(cells, bands, metric=metric, threads=threads)
    pairs = []
    blocks = neighbour_blocks(cells, bands, tally.ahead, metric=metric, threads=threads, pairs_at_once=at_once)
    for near in blocks:
        for band in range(len(bands)):
            for row in range(near.starts.shape[1] - 1):
                for p in range(near.starts[band, row], near.starts[band, row + 1]):
                    a, b = int(cells.order[near.first + row]), int(cells.order[near.other[p]])
                    pairs.append((band, min(a, b), max(a, b)))
    assert tally.pairs == len(pairs)
    return pairs


@settings(max_examples=60, deadline=None)
@given(POINTS, BANDS, st.sampled_from([EUCLIDEAN, MANHATTAN]), st.integers(1, 3), st.sampled_from([1, 7, 10**6]))
def test_every_pair_is_found_once_in_its_band(
    points: list[tuple[int, int]], bands: DistanceBands, metric: str, threads: int, at_once: int
) -> None:
    at = np.array(points, float)
    cells = into_cells(at[:, 0], at[:, 1], bands.edges_m[-1])
    pairs = found_pairs(cells, bands, metric, threads=threads, at_once=at_once)
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == plain_pairs(at, bands, metric)


@settings(max_examples=30, deadline=None)
@given(POINTS, BANDS)
def test_degrees_are_partners_on_either_side(points: list[tuple[int, int]], bands: DistanceBands) -> None:
    at = np.array(points, float)
    cells = into_cells(at[:, 0], at[:, 1], bands.edges_m[-1])
    expected = np.zeros((len(bands), len(points)), int)
    for band, i, j in plain_pairs(at, bands, EUCLIDEAN):
        expected[band, i] += 1
        expected[band, j] += 1
    degree = np.empty_like(expected)
    degree[:, cells.order] = tally_pairs(cells, bands, threads=2).degree
    assert (degree == expected).all()


def test_what_the_bands_are_called_is_what_they_hold() -> None:
    assert DistanceBands((0, 100, 200)).labels == ("same place", "over 0 to 100 m", "over 100 to 200 m")
    assert DistanceBands((0, 100, 200), same_place=False).labels == ("0 to 100 m", "over 100 to 200 m")
    assert DistanceBands((50, 100), same_place=False).labels == ("over 50 to 100 m",)
    assert DistanceBands((50, 100)).labels == ("same place", "over 50 to 100 m")
    assert DistanceBands((0, 1, 100), closed="left").labels == ("0 to under 1 m", "1 to under 100 m")


def test_the_same_place_keeps_its_band_when_the_first_edge_is_above_nought() -> None:
    cells = into_cells(np.array([0.0, 0.0, 50.0, 80.0]), np.zeros(4), 100)
    tally = tally_pairs(cells, DistanceBands((50.0, 100.0)), threads=1)
    # 0-0 in the same place; 0-80 twice; 0-50 twice lies on the open end; 50-80 is too near
    assert (tally.degree.sum(1) // 2).tolist() == [1, 2]


def test_far_flung_events_take_no_memory_for_empty_cells() -> None:
    x = np.array([0.0, 3.0, 9e7, 9e7 + 4.0])
    cells = into_cells(x, -x, 10.0)
    assert tally_pairs(cells, DistanceBands((0.0, 10.0))).pairs == 2


def test_pairs_exactly_as_far_as_asked_are_found_wherever_the_cells_fall() -> None:
    random = np.random.default_rng(3)
    x = np.cumsum(np.full(500, 0.1)) + random.uniform(0, 1e6)
    gaps = np.diff(x)
    cells = into_cells(x, np.zeros(500), float(gaps.max()))
    bands = DistanceBands((0.0, float(gaps.max())))
    apart = np.abs(x[:, None] - x[None, :])[np.triu_indices(500, 1)]
    assert tally_pairs(cells, bands).pairs == int((apart <= gaps.max()).sum())


@pytest.mark.parametrize(
    "edges", [(), (0.0,), (0.0, 0.0), (100.0, 50.0), (-1.0, 5.0), (0.0, float("nan")), (0.0, float("inf"))]
)
def test_edges_that_are_none_are_refused(edges: tuple[float, ...]) -> None:
    with pytest.raises(CannotCompute, match="Distance bands need edges"):
        DistanceBands(edges)


def test_other_bad_input_is_refused() -> None:
    with pytest.raises(CannotCompute, match="closed on the left or on the right"):
        DistanceBands((0, 1), closed="both")
    cells = into_cells(np.zeros(2), np.zeros(2), 1)
    with pytest.raises(CannotCompute, match="chebyshev"):
        tally_pairs(cells, DistanceBands((0.0, 1.0)), metric="chebyshev")
    for x in ([], [np.nan], [1e300]):
        with pytest.raises(CannotCompute, match="position in metres"):
            into_cells(np.array(x, float), np.zeros(len(x)), 1)
