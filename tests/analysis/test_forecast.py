"""The forecast: no knowledge of the future, the true scales found, and not worse than the best peer."""

import csv
import gzip
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frankpledge.analysis.events import Events, events_from_arrays
from frankpledge.analysis.forecast import (
    PROFILES,
    ForecastSettings,
    History,
    Surfaces,
    cell_kernel,
    forecast,
    learn_settings,
)
from frankpledge.analysis.forecast_back_test import back_test
from frankpledge.analysis.grids import square_grid
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import ORACLES
from .synthetic_city import on_page, peers_city, small_city

GRID = square_grid(cell_m=200, extent=(0, 0, 6_000, 6_000))
GIVEN = ForecastSettings(
    long_bandwidth_m=250, near_scale_m=80, near_days=7, long_weight=0.6, near_weight=0.3, even_weight=0.1
)


def chicago_2016() -> Events:
    file = ORACLES.parents[1] / "data" / "incidents" / "chicago_burglary_2014_2017.csv.gz"
    if not file.is_file():
        pytest.skip("the burglaries ../shared/data/incidents/chicago_burglary_2014_2017.csv.gz are not here")
    with gzip.open(file, "rt") as lines:
        rows = [row for row in csv.DictReader(lines) if row["date_single"].endswith("/2016")]
    return events_from_arrays(*([row[name] for row in rows] for name in ("x", "y", "date_single")))


def test_synthetic_city_not_below_the_best_peer() -> None:
    """Best peer: open_cp's retrospective hot spot, 34.7 % at 5 % of the area, 13.5 % at 1 % (same data, same days)."""
    found = back_test(peers_city(20_000), cell_m=200, test_days=30)
    assert (found.n, found.grid.cells, found.windows) == (2_025, 10_000, 30)
    at_1, at_5 = found.model
    assert at_5.hit_rate_interval.upper >= 0.347
    assert at_5.hit_rate >= 0.340
    assert at_1.hit_rate_interval.upper >= 0.135
    assert found.better
    # counts per cell as the peers measured them, .322 and .130, up to how ties are broken
    assert found.counts[1].hit_rate == pytest.approx(0.322, abs=0.005)
    assert found.counts[0].hit_rate == pytest.approx(0.130, abs=0.005)


def test_chicago_2016_not_below_the_best_peer() -> None:
    """Best peer: open_cp's retrospective hot spot of the last 56 days, 32.4 % at 5 % of the area."""
    found = back_test(chicago_2016(), cell_m=200, test_days=30)
    assert (found.n, found.grid.cells) == (998, 28_560)
    assert found.model[1].hit_rate >= 0.324
    assert found.model[1].pai == pytest.approx(found.model[1].hit_rate / 0.05, rel=1e-3)
    assert found.counts[1].hit_rate == pytest.approx(0.303, abs=0.005)
    assert found.better
    assert found.settings.near_weight > 0.1
    assert str(found.sentence()).removeprefix("The ").rstrip(".") in on_page("forecast")


def test_what_comes_after_a_day_does_not_change_its_forecast() -> None:
    events = small_city()
    past = events.days < 200
    garbage = np.random.default_rng(9).uniform(0, 6_000, (2, int((~past).sum())))
    x, y = events.x.copy(), events.y.copy()
    x[~past], y[~past] = garbage
    spoiled = Events(x, y, events.days)
    learned = [learn_settings(each, grid=GRID, before_day=200) for each in (events, spoiled)]
    assert learned[0] == learned[1]
    made = [forecast(each, grid=GRID, first_day=200, settings=learned[0]) for each in (events, spoiled)]
    assert np.array_equal(made[0].risk, made[1].risk)
    assert made[0].as_dict() == made[1].as_dict()


def test_the_back_test_learns_and_lays_its_grid_before_the_test() -> None:
    events = small_city()
    test = events.days >= 210
    moved = Events(np.where(test, events.x + 50_000, events.x), events.y, events.days)
    one, other = (back_test(each, cell_m=200, test_days=30) for each in (events, moved))
    assert one.settings == other.settings
    assert one.grid.extent == other.grid.extent
    assert one.settings.learned_to == 209
    # everything now falls outside the grid: missed, counted and named
    assert other.n == one.n
    assert other.model[1].hits == 0
    assert other.better is False
    assert f"{one.n} rows left out: outside the grid" in " ".join(str(doubt.sentence) for doubt in other.doubts)


def test_each_window_is_forecast_from_the_days_before_it() -> None:
    """Whoever knew the day itself would hit almost everything: events that jump elsewhere every day."""
    random = np.random.default_rng(2)
    place = random.uniform(0, 6_000, (120, 2))
    day = np.repeat(np.arange(120), 20)
    events = events_from_arrays(*(place[day] + random.uniform(-50, 50, (2_400, 2))).T, day)
    found = back_test(events, grid=GRID, test_days=30, settings=GIVEN)
    assert found.model[1].hit_rate < 0.35


def test_settings_learned_on_the_test_days_are_refused() -> None:
    late = replace(GIVEN, learned_from=150, learned_to=230)
    with pytest.raises(CannotCompute, match="days of the test"):
        back_test(small_city(), cell_m=200, test_days=30, settings=late)


def test_near_repeats_are_weighed_where_there_are_some_and_not_where_there_are_none() -> None:
    with_repeats = learn_settings(small_city(6_000, repeats=0.5), grid=GRID, before_day=240)
    without = learn_settings(small_city(6_000, repeats=0.0), grid=GRID, before_day=240)
    assert with_repeats.near_weight > 0.2
    assert without.near_weight < 0.1
    assert with_repeats.near_scale_m <= 80
    assert with_repeats.near_days <= 14
    assert with_repeats.long_weight + with_repeats.near_weight + with_repeats.even_weight == pytest.approx(1)


def test_risk_adds_up_to_one_and_is_nought_outside() -> None:
    inside = np.ones(GRID.shape, bool)
    inside[20:] = False
    made = forecast(small_city(), grid=GRID.clipped(inside), first_day=200, settings=GIVEN)
    assert made.risk.sum() == pytest.approx(1)
    assert not made.risk[20:].any()
    assert (made.risk[:20] > 0).all()
    assert int(made.flagged(0.05).sum()) == 30
    assert not made.flagged(0.05)[20:].any()


def test_the_surface_equals_a_plain_sum_over_events() -> None:
    events = small_city(300)
    made = forecast(events, grid=GRID, first_day=200, settings=GIVEN)
    long, near = np.zeros(GRID.shape), np.zeros(GRID.shape)
    cells = GRID.cell_of(events.x, events.y)
    kernels = [cell_kernel(PROFILES[kind], scale, 200, 29, 29) for kind, scale in (("long", 250), ("near", 80))]
    row, column = np.indices(GRID.shape)
    for cell, day in zip(cells, events.days, strict=True):
        if day < 200:
            away = abs(row - cell // 30), abs(column - cell % 30)
            long += kernels[0][away]
            near += kernels[1][away] * math.exp((day - 200) / 7)
    plain = 0.6 * long / long.sum() + 0.3 * near / near.sum() + 0.1 / 900
    assert np.allclose(made.risk, plain, rtol=1e-3, atol=1e-12)  # kernels are cut at 14 cells, beyond all weight
    assert np.abs(made.risk - plain).max() < 1e-6


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1_000))
def test_order_and_shift_change_nothing(seed: int) -> None:
    events = small_city(400, seed=seed)
    order = np.random.default_rng(seed).permutation(len(events))
    shifted = Events(events.x[order] + 400_000, events.y[order] + 300_000, events.days[order] + 17_000)
    grid = square_grid(cell_m=200, extent=(400_000, 300_000, 406_000, 306_000))
    one = forecast(events, grid=GRID, first_day=200, settings=GIVEN)
    other = forecast(shifted, grid=grid, first_day=17_200, settings=GIVEN)
    assert np.allclose(one.risk, other.risk, rtol=1e-9, atol=1e-15)


def test_the_level_is_that_of_the_weeks_before() -> None:
    days = np.repeat(np.arange(100), 3)
    events = events_from_arrays(*np.random.default_rng(1).uniform(0, 6_000, (2, 300)), days)
    made = forecast(events, grid=GRID, first_day=100, settings=replace(GIVEN, horizon_days=7))
    assert made.expected_events == pytest.approx(21)
    assert History.of(events, GRID).rate_before(10) == pytest.approx(3)
    assert "About 21.0 events are expected in 7 days" in made.sentence()


def test_kernels_share_with_the_neighbours_even_when_narrow() -> None:
    kernel = cell_kernel(PROFILES["near"], 10, 200, 5, 5)
    assert kernel[0, 0] > kernel[0, 1] > kernel[1, 1] > 0
    assert kernel == pytest.approx(kernel.T)
    assert Surfaces(square_grid(cell_m=5_000, extent=(0, 0, 6_000, 6_000))).long(np.ones(4), (100.0,))[0].sum() == 1


def test_a_week_ahead_is_tested_in_whole_weeks() -> None:
    found = back_test(small_city(6_000), cell_m=200, test_days=30, horizon_days=7)
    assert (found.windows, found.last_day - found.first_day + 1) == (4, 28)
    assert found.settings.horizon_days == 7
    assert found.model[0].pei is not None  # more events a week than flagged cells: PEI says something of its own
    assert 0 < found.model[0].pei <= 1
    assert found.model[0].pei > found.model[0].hit_rate
    assert found.model[0].rri_interval is None  # four windows are too few to draw again


def test_pei_is_not_given_where_it_would_be_the_hit_rate() -> None:
    found = back_test(small_city(1_000), cell_m=200, test_days=30, area_shares=(0.05,))
    assert found.model[0].pei is None
    assert found.as_dict()["pei"]["model"]["5%"]["value"] is None


def test_when_it_is_no_better_it_says_so() -> None:
    """Places as different as can be and nothing else to learn: counting is as good."""
    random = np.random.default_rng(4)
    home = random.uniform(0, 6_000, (40, 2))
    events = events_from_arrays(*home[random.integers(0, 40, 3_000)].T, random.integers(0, 200, 3_000))
    found = back_test(events, cell_m=200, test_days=30)
    assert found.better is False
    assert "not shown to be better than counting" in found.sentence()
    assert DoubtKind.NO_BETTER in [doubt.kind for doubt in found.doubts]


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """Two methods of the same true skill: the interval of their difference holds 0 about 95 times in 100."""
    from frankpledge.analysis.forecast_back_test import _ratio_interval, _resamples

    random = np.random.default_rng(6)
    covered, runs = 0, 400
    for _ in range(runs):
        number = random.poisson(30, 30)
        apart = np.array([random.choice([-1, 0, 1], p=[0.1, 0.8, 0.1], size=n).sum() for n in number], float)
        interval = _ratio_interval(apart, number.astype(float), _resamples(random, 30))
        assert interval is not None
        assert interval.lower is not None
        covered += interval.lower <= 0 <= interval.upper
    assert covered / runs == pytest.approx(0.94, abs=0.035)


def test_the_contract_of_the_dictionary() -> None:
    shown = back_test(small_city(), cell_m=200, test_days=30, seed=7).as_dict()
    for name in ("hit_rate", "pai"):
        for method in ("model", "counts_per_cell"):
            for area in ("1%", "5%"):
                one = shown[name][method][area]
                assert one["lower"] <= one["value"] <= one["upper"]
    assert shown["seed"] == 7
    assert shown["difference"]["5%"]["lower"] <= shown["difference"]["5%"]["value"]
    assert set(shown["settings"]["weights"]) == {"long", "near", "even"}


def test_the_same_seed_gives_the_same_answer() -> None:
    events = small_city(1_500)
    assert back_test(events, cell_m=300, seed=3).as_dict() == back_test(events, cell_m=300, seed=3).as_dict()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"test_days": 0}, "at least one horizon"),
        ({"test_days": 5, "horizon_days": 7}, "at least one horizon"),
        ({"test_days": 239}, "longer history"),
        ({"cell_m": None}, "size of the cells"),
        ({"cell_m": 0}, "above 0"),
        ({"cell_m": 1}, "too fine|cells"),
        ({"area_shares": (0.0,)}, "between 0 and 1"),
    ],
)
def test_what_cannot_be_tested_is_refused(asked: dict[str, object], said: str) -> None:
    with pytest.raises(CannotCompute, match=said):
        back_test(small_city(), **({"cell_m": 200} | asked))  # type: ignore[arg-type]


def test_too_little_to_learn_from_is_refused() -> None:
    with pytest.raises(CannotCompute, match="to learn from"):
        back_test(small_city(40), cell_m=200, test_days=30)
    with pytest.raises(CannotCompute, match="day of each event"):
        back_test(events_from_arrays([1, 2], [3, 4]), cell_m=200)
    with pytest.raises(CannotCompute, match="No event"):
        forecast(small_city(), grid=GRID, first_day=-5, settings=GIVEN)
    with pytest.raises(CannotCompute, match="horizon"):
        learn_settings(small_city(), grid=GRID, before_day=200, horizon_days=0)
    with pytest.raises(CannotCompute, match="days of history"):
        learn_settings(small_city(), grid=GRID, before_day=0)
    with pytest.raises(CannotCompute, match="add up to one"):
        replace(GIVEN, near_weight=0.5)
    with pytest.raises(CannotCompute, match="above nought"):
        replace(GIVEN, near_days=0)


def test_a_short_history_is_flagged() -> None:
    found = back_test(small_city(900, days=90), cell_m=300, test_days=20)
    assert DoubtKind.SHORT_HISTORY in [doubt.kind for doubt in found.doubts]
