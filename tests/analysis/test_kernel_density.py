"""Kernel density: equal to a plain loop and to scikit-learn's exact answer, with units and mass that hold."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frankpledge.analysis.events import Events, events_from_arrays
from frankpledge.analysis.grids import SquareGrid, square_grid
from frankpledge.analysis.kernel_density import Kernel, kernel_density, relative_density
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import peer_oracle
from .synthetic_city import EXTENT, on_page, peers_city, small_city

BOTH = pytest.mark.parametrize("kernel", list(Kernel))


def plain(events: Events, grid: SquareGrid, h: float, kernel: Kernel) -> np.ndarray:
    """The definition, cell by cell and event by event."""
    density = np.zeros(grid.shape)
    for row, y in enumerate(grid.centres_y):
        for column, x in enumerate(grid.centres_x):
            square = ((events.x - x) ** 2 + (events.y - y) ** 2) / h**2
            if kernel is Kernel.GAUSSIAN:
                density[row, column] = (np.exp(-square / 2) / (2 * math.pi * h**2)).sum()
            else:
                density[row, column] = (3 / (math.pi * h**2) * np.maximum(1 - square, 0) ** 2).sum()
    return density


@pytest.mark.parametrize(("n", "cell"), [(1_000, 200), (20_000, 200), (20_000, 100)])
def test_equal_to_scikit_learn_exact(n: int, cell: int) -> None:
    expected = peer_oracle("grid_summaries")[f"kde_gauss500_n{n}_cell{cell}"]
    found = kernel_density(peers_city(n), grid=square_grid(cell_m=cell, extent=EXTENT), bandwidth_m=500)
    assert found.mass == pytest.approx(expected["sum_times_cell_area"], rel=1e-9)
    assert found.highest * 1e6 == pytest.approx(expected["max_per_km2"], rel=1e-9)
    assert int(found.density.argmax()) == expected["argmax"]


def test_the_published_mass_and_peak_of_20_000_events() -> None:
    found = kernel_density(peers_city(20_000), grid=square_grid(cell_m=200, extent=EXTENT), bandwidth_m=500)
    assert found.mass == pytest.approx(19467.260476804713, rel=1e-9)
    assert found.highest * 1e6 == pytest.approx(556.9684551500264, rel=1e-9)
    assert str(found.sentence()).removeprefix("The ").rstrip(".") in on_page("kernel-density")


@BOTH
def test_equal_to_the_definition(kernel: Kernel) -> None:
    events = small_city(200)
    grid = square_grid(cell_m=250, events=events)
    found = kernel_density(events, grid=grid, bandwidth_m=400, kernel=kernel)
    assert np.allclose(found.density, plain(events, grid, 400, kernel), rtol=1e-12, atol=1e-22)


@BOTH
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1_000), shift=st.integers(-50_000, 400_000))
def test_order_and_shift_change_nothing(kernel: Kernel, seed: int, shift: int) -> None:
    events = small_city(60, seed=seed)
    order = np.random.default_rng(seed).permutation(len(events))
    moved = Events(events.x[order] + shift, events.y[order] + shift)
    one = kernel_density(
        events, grid=square_grid(cell_m=200, extent=(0, 0, 6_000, 6_000)), bandwidth_m=300, kernel=kernel
    )
    grid = square_grid(cell_m=200, extent=(shift, shift, shift + 6_000, shift + 6_000))
    other = kernel_density(moved, grid=grid, bandwidth_m=300, kernel=kernel)
    assert np.allclose(one.density, other.density, rtol=1e-6, atol=1e-9 * one.highest)


@BOTH
def test_metres_or_kilometres_give_the_same_surface(kernel: Kernel) -> None:
    metres = small_city(500)
    km = Events(metres.x / 1_000, metres.y / 1_000)
    one = kernel_density(
        metres, grid=square_grid(cell_m=200, extent=(0, 0, 6_000, 6_000)), bandwidth_m=300, kernel=kernel
    )
    other = kernel_density(km, grid=square_grid(cell_m=0.2, extent=(0, 0, 6, 6)), bandwidth_m=0.3, kernel=kernel)
    assert other.mass == pytest.approx(one.mass, rel=1e-9)
    assert other.highest == pytest.approx(one.highest * 1e6, rel=1e-9)


@BOTH
def test_all_mass_is_shown_far_from_an_edge_and_after_renormalising(kernel: Kernel) -> None:
    middle = events_from_arrays(np.linspace(4_000, 6_000, 37), np.linspace(4_100, 5_900, 37))
    grid = square_grid(cell_m=100, extent=(0, 0, 10_000, 10_000))
    found = kernel_density(middle, grid=grid, bandwidth_m=300, kernel=kernel)
    assert found.mass == pytest.approx(37, rel=1e-3)
    assert found.doubts == ()
    edge = small_city(800)
    cut = square_grid(cell_m=200, extent=(0, 0, 6_000, 6_000))
    lost = kernel_density(edge, grid=cut, bandwidth_m=600, kernel=kernel)
    assert lost.mass < 800 * 0.99
    assert [doubt.kind for doubt in lost.doubts] == [DoubtKind.MASS_OUTSIDE]
    assert "too low" in lost.doubts[0].sentence
    kept = kernel_density(edge, grid=cut, bandwidth_m=600, kernel=kernel, renormalise=True)
    assert kept.mass == pytest.approx(800, rel=1e-12)


@BOTH
def test_renormalising_keeps_to_the_study_area(kernel: Kernel) -> None:
    events = small_city(800)
    grid = square_grid(cell_m=200, extent=(0, 0, 6_000, 6_000))
    row, column = np.indices(grid.shape)
    grid = grid.clipped(row + column < 30)
    found = kernel_density(events, grid=grid, bandwidth_m=500, kernel=kernel, renormalise=True)
    inside = int((grid.cell_of(events.x, events.y) >= 0).sum())
    assert 0 < inside < 800
    assert found.n == inside
    assert found.mass == pytest.approx(inside, rel=1e-12)
    assert not found.density[~grid.mask].any()


@BOTH
def test_a_kernel_narrower_than_a_cell_is_flagged_and_loses_nothing_when_renormalised(kernel: Kernel) -> None:
    events = events_from_arrays([10, 110, 190], [10, 60, 190])
    grid = square_grid(cell_m=100, extent=(0, 0, 200, 200))
    found = kernel_density(events, grid=grid, bandwidth_m=0.5, kernel=kernel, renormalise=True)
    assert (found.density * grid.cell_area_m2).tolist() == pytest.approx(np.array([[1, 1], [0, 1]]))
    assert DoubtKind.BANDWIDTH_UNDER_CELL in [doubt.kind for doubt in found.doubts]


@BOTH
def test_weights_scale_the_surface(kernel: Kernel) -> None:
    events = small_city(300)
    grid = square_grid(cell_m=300, events=events)
    one = kernel_density(events, grid=grid, bandwidth_m=500, kernel=kernel)
    three = kernel_density(events, grid=grid, bandwidth_m=500, kernel=kernel, weights=np.full(300, 3.0))
    assert np.allclose(three.density, 3 * one.density)


def test_events_beyond_the_grid_reach_in() -> None:
    grid = square_grid(cell_m=100, extent=(0, 0, 1_000, 1_000))
    found = kernel_density(events_from_arrays([-50], [500]), grid=grid, bandwidth_m=200)
    assert 0.3 < found.mass < 0.5


@pytest.mark.parametrize("bandwidth", [0, -1, float("nan"), float("inf")])
def test_a_bandwidth_that_is_none_is_refused(bandwidth: float) -> None:
    grid = square_grid(cell_m=100, extent=(0, 0, 1_000, 1_000))
    with pytest.raises(CannotCompute, match="bandwidth"):
        kernel_density(small_city(10), grid=grid, bandwidth_m=bandwidth)


def test_no_events_and_wrong_weights_are_refused() -> None:
    grid = square_grid(cell_m=100, extent=(0, 0, 1_000, 1_000))
    with pytest.raises(CannotCompute, match="no event"):
        kernel_density(events_from_arrays([], []), grid=grid, bandwidth_m=100)
    for weights in (np.ones(3), np.array([-1.0, 1.0]), np.zeros(2), np.array([math.nan, 1])):
        with pytest.raises(CannotCompute):
            kernel_density(events_from_arrays([10, 20], [10, 20]), grid=grid, bandwidth_m=100, weights=weights)


def test_one_event_and_all_in_one_place() -> None:
    grid = square_grid(cell_m=100, extent=(0, 0, 2_000, 2_000))
    found = kernel_density(events_from_arrays([1_050] * 5, [950] * 5), grid=grid, bandwidth_m=100)
    assert found.peak == (1_050, 950)
    assert found.highest == pytest.approx(5 / (2 * math.pi * 100**2))


def test_the_contract_of_the_dictionary() -> None:
    found = kernel_density(small_city(50), grid=square_grid(cell_m=500, extent=(0, 0, 6_000, 6_000)), bandwidth_m=700)
    shown = found.as_dict()
    assert (shown["shape"], shown["cell"], shown["origin"]) == ([12, 12], 500, [0, 0])
    assert sum(map(sum, shown["density"])) * 500**2 == pytest.approx(shown["mass"])
    assert max(map(max, shown["density"])) == shown["max"]
    assert f"of {found.n} events" in found.sentence()
    assert len(found.table().rows) == 144


def test_events_that_follow_the_homes_have_a_ratio_of_one() -> None:
    homes = small_city(4_000, seed=3)
    burgled = Events(homes.x[::4], homes.y[::4])
    grid = square_grid(cell_m=300, extent=(0, 0, 6_000, 6_000))
    found = relative_density(burgled, homes, grid=grid, bandwidth_m=600, floor=0.2)
    known = found.ratio[np.isfinite(found.ratio)]
    assert np.median(known) == pytest.approx(1, abs=0.1)
    same = relative_density(homes, homes, grid=grid, bandwidth_m=600)
    assert np.allclose(same.ratio[np.isfinite(same.ratio)], 1)


def test_where_nothing_is_at_risk_no_ratio_is_given() -> None:
    homes = events_from_arrays(np.full(50, 1_000.0), np.full(50, 1_000.0))
    grid = square_grid(cell_m=200, extent=(0, 0, 6_000, 6_000))
    found = relative_density(small_city(100), homes, grid=grid, bandwidth_m=300)
    assert np.isnan(found.ratio[-1, -1])
    assert found.as_dict()["ratio"][-1][-1] is None
    assert "too few places at risk" in found.sentence()
    with pytest.raises(CannotCompute):
        relative_density(small_city(100), homes, grid=grid, bandwidth_m=300, floor=1)
