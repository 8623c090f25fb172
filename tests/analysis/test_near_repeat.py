"""The Knox test: exact in every cell against peers and plain loops, p as published, the same in every thread."""

import itertools
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frankpledge.analysis import near_repeat
from frankpledge.analysis.events import Events
from frankpledge.analysis.near_repeat import BandRule, KnoxTest, knox_test, knox_test_on, shuffled_days
from frankpledge.analysis.neighbours import MANHATTAN, DistanceBands, into_cells, neighbour_blocks, tally_pairs
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .near_repeat_data import chicago, near_repeat_city, peer_oracle, plain_counts, synthetic
from .oracles import oracle

SMALL = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(-9, 9)), min_size=4, max_size=25).filter(
    lambda rows: len({row[2] for row in rows}) > 1 and len({row[:2] for row in rows}) > 1
)


def made(rows: Any) -> Events:
    x, y, day = np.array(rows, float).T
    return Events(x, y, day.astype(np.int64))


def within_luck(one: Any, other: Any, *, draws: int) -> bool:
    """Whether two simulated p, each of so many draws, differ by no more than four standard errors of a difference."""
    p = (np.array(one) + np.array(other)) / 2
    return bool((np.abs(np.array(one) - other) <= 4 * np.sqrt(2 * p * (1 - p) / draws) + 2 / draws).all())


# --- held to peers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1_000, 5_000, 20_000])
def test_every_cell_of_the_synthetic_city_is_exact(n: int) -> None:
    """NearRepeat (R), a KD-tree count and a grid count agree on the observed; the closed form on mean and sd."""
    reference = peer_oracle("knox_synthetic")["sets"][str(n)]
    found = knox_test(synthetic(n))
    assert (found.observed == np.array(reference["observed"])).all()
    assert np.allclose(found.expected, reference["expected_exact"], rtol=1e-9, atol=1e-9)
    assert np.allclose(found.sd, reference["sd_exact"], rtol=1e-6)
    assert np.allclose(found.ratio, reference["ratio_exact"], rtol=1e-6, atol=1e-8)
    assert np.allclose(found.z, reference["z_exact"], atol=1e-4)


def test_p_is_that_of_near_repeat_for_r_within_the_luck_of_both_draws() -> None:
    reference = peer_oracle("knox_synthetic")["monte_carlo_1000_NearRepeat_R"]
    found = knox_test(synthetic(1_000), permutations=999)
    assert found.p is not None
    assert within_luck(found.p, reference["p"], draws=999)
    assert found.p.min() == 0.001


def test_the_published_vignette_of_near_repeat_is_met() -> None:
    """970 burglaries of January 2016: Manhattan, bands closed on the left with an edge at 0.1 m."""
    reference = oracle("near-repeat-chicago")
    bands = DistanceBands(tuple(reference["spatial_breaks_m"]), closed="left")
    edges = tuple(reference["temporal_breaks_days"])
    found = knox_test_on(
        made(reference["points"]), bands=bands, time_edges_days=edges, metric=MANHATTAN, permutations=999, seed=3
    )
    assert found.observed.tolist() == reference["expected"]["observed"]
    assert np.allclose(found.ratio, reference["recomputed_here"]["knox_ratio_analytic"], atol=1e-6)
    assert np.abs(found.ratio - np.array(reference["expected"]["knox_ratio_mc"])).max() < 0.02
    assert within_luck(found.p, reference["expected"]["p_values_mc"], draws=999)


def test_the_near_repeat_calculator_is_reproduced_under_its_true_limits() -> None:
    """Its cells labelled "1 to 100" and "0 to 7" hold [1, 100) metres and [0, 7) days."""
    reference = peer_oracle("knox_nrc_chicago_month1")
    events = made(oracle("near-repeat-chicago")["points"])
    assert len(events) == reference["input"]["n"]
    found = knox_test(
        events,
        distance_bands=3,
        time_bands=3,
        metric=MANHATTAN,
        rule=BandRule.NEAR_REPEAT_CALCULATOR,
    )
    assert found.observed.tolist() == [row[:3] for row in reference["observed_NRC"][:4]]
    assert found.distance_bands == ("0 to under 1 m", "1 to under 100 m", "100 to under 200 m", "200 to under 300 m")
    assert found.time_bands == ("days 0 to 6", "days 7 to 13", "days 14 to 20")


def test_a_published_run_of_the_near_repeat_calculator_on_a_year_of_chicago() -> None:
    """Its file of 14 October 2019: 11,701 burglaries, 100 m x 3, 2 days x 2; counts typed from it."""
    found = knox_test(
        chicago(2016),
        distance_bands=3,
        time_band_days=2,
        time_bands=2,
        rule=BandRule.NEAR_REPEAT_CALCULATOR,
    )
    assert found.n == 11_701
    assert found.observed.tolist() == [[202, 51], [189, 143], [290, 343], [456, 526]]
    # the means of its 19 runs, but for the same place in 0 to 2 days, where one run drew 44 pairs, ten sd too many
    means = np.array([[np.nan, 15.263], [70.579, 90.737], [212.368, 263.632], [352.053, 461.526]])
    error = np.abs(found.expected - means) / (found.sd / math.sqrt(19))
    assert np.nanmax(error) < 6
    assert found.ratio[0, 0] == pytest.approx(18.57, abs=0.01)


def test_a_year_of_chicago_is_nearly_that_of_another_copy() -> None:
    """The reference copy has 11,700 rows, with midnight offences a day earlier; ours 11,701."""
    reference = peer_oracle("knox_chicago_2016")
    found = knox_test(chicago(2016))
    assert np.allclose(found.observed, reference["observed"], rtol=0.03)
    assert np.allclose(found.sd, reference["sd_exact"], rtol=0.02)


def test_burkitt_is_as_published() -> None:
    """188 cases, cumulative counts up to and with each limit: pointpats' own tests and R surveillance."""
    events = made(oracle("knox-burkitt")["points"])
    for cell in peer_oracle("knox_burkitt")["cells_cumulative_le"]:
        bands = DistanceBands((0.0, cell["delta"]), same_place=False)
        found = knox_test_on(events, bands=bands, time_edges_days=(0, cell["tau"] + 1), permutations=999)
        assert found.observed.tolist() == [[cell["observed"]]]
        assert found.expected[0, 0] == pytest.approx(cell["expected"], abs=1e-6)
        assert within_luck(found.p, [[cell["p_sim_999"]]], draws=999)


def test_the_pair_on_the_edge() -> None:
    """One pair 100 m and 3 days apart (a third event far off): the older calculator says 101 to 200 m, 4 to 6 days."""
    events = made([(0, 0, 0), (0, 100, 3), (9_000, 9_000, 400)])
    right = knox_test(events, distance_bands=2, time_band_days=3, time_bands=2)
    assert right.observed.tolist() == [[0, 0], [0, 1], [0, 0]]
    assert (right.distance_bands[1], right.time_bands[1]) == ("over 0 to 100 m", "days 3 to 5")
    left = knox_test_on(events, bands=DistanceBands((0, 100, 200), closed="left"), time_edges_days=(0, 3, 6))
    assert left.observed.tolist() == [[0, 0], [0, 1]]
    assert (left.distance_bands[1], left.time_bands[1]) == ("100 to under 200 m", "days 3 to 5")


# --- exact by definition ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("same_place", [True, False])
def test_mean_and_sd_over_all_permutations_of_a_small_case(same_place: bool) -> None:
    rows = [(0, 0, 0), (0, 0, 2), (3, 4, 3), (6, 8, 3), (0, 5, 9), (40, 0, 1), (41, 0, 5)]
    bands, edges = DistanceBands((0.0, 5.0, 10.0), same_place=same_place), (0, 2, 4, 7)
    found = knox_test_on(made(rows), bands=bands, time_edges_days=edges)
    counts = []
    x, y, days = (np.array(rows)[:, k].astype(float) for k in range(3))
    i, j = np.triu_indices(len(rows), 1)
    distance = np.sqrt((x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2)
    band = np.ceil(distance / 5).astype(int) - (0 if same_place else 1)
    band[(distance == 0) & ~np.bool_(same_place)] = 0
    for permuted in itertools.permutations(days):
        lag = np.abs(np.array(permuted)[i] - np.array(permuted)[j])
        time = np.searchsorted(edges, lag, "right") - 1
        count = np.zeros((len(bands), 4), int)
        np.add.at(count, (band[band < len(bands)], time[band < len(bands)]), 1)
        counts.append(count[:, :3])
    assert np.allclose(found.expected, np.mean(counts, 0), atol=1e-12)
    assert np.allclose(found.sd, np.std(counts, 0), atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(SMALL, st.sampled_from(["euclidean", "manhattan"]))
def test_a_plain_loop_agrees(rows: list[tuple[int, int, int]], metric: str) -> None:
    events = made(rows)
    found = knox_test(
        events, distance_band_m=5, distance_bands=3, time_band_days=2, time_bands=3, metric=metric, permutations=5
    )
    inside = [lambda d: d == 0, lambda d: 0 < d <= 5, lambda d: 5 < d <= 10, lambda d: 10 < d <= 15]
    assert (found.observed == plain_counts(events, inside, (0, 2, 4, 6), manhattan=metric == "manhattan")).all()
    assert (found.cumulative_observed == found.observed.cumsum(0).cumsum(1)).all()


@settings(max_examples=25, deadline=None)
@given(SMALL, st.randoms(use_true_random=False), st.integers(-500, 500), st.integers(-500, 500))
def test_order_shift_and_turn_change_no_count(rows: Any, shuffler: Any, metres: int, days: int) -> None:
    one = knox_test(made(rows), distance_band_m=5, time_band_days=2)
    mixed = [(metres - y, x, day + days) for x, y, day in rows]  # turned, moved in space and time
    shuffler.shuffle(mixed)
    two = knox_test(made(mixed), distance_band_m=5, time_band_days=2)
    assert (one.observed == two.observed).all()
    assert np.allclose(one.expected, two.expected)
    assert np.allclose(one.sd, two.sd)


@settings(max_examples=20, deadline=None)
@given(SMALL)
def test_kilometres_for_metres_change_no_count(rows: Any) -> None:
    one = knox_test(made(rows), distance_band_m=5, time_band_days=2)
    far = knox_test(
        made([(1_024 * x, 1_024 * y, day) for x, y, day in rows]), distance_band_m=5 * 1_024, time_band_days=2
    )
    assert (one.observed == far.observed).all()


@pytest.mark.parametrize("time_band_days", [7, 40])
def test_permutations_are_the_same_for_any_threads(time_band_days: int) -> None:
    """Limits of 56 days are compared in 8 bits, of 320 in 16; both by a plain count of the same permutations."""
    events = near_repeat_city(np.random.default_rng(4), n=800)
    one = knox_test(events, permutations=200, threads=1, time_band_days=time_band_days, seed=8)
    three = knox_test(events, permutations=200, threads=3, time_band_days=time_band_days, seed=8)
    assert np.array_equal(_p(one), _p(three))
    assert np.array_equal(_p(one), _plain_p(events, 200, 8, time_band_days))


def _p(found: KnoxTest) -> Any:
    assert found.p is not None
    return found.p


def _plain_p(events: Events, permutations: int, seed: int, width: int) -> Any:
    order = into_cells(events.x, events.y, 1_000.0).order
    x, y, day = events.x[order], events.y[order], events.days[order]
    i, j = np.triu_indices(len(x), 1)
    distance = np.sqrt((x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2)
    near = distance <= 1_000
    i, j, band = i[near], j[near], np.ceil(distance[near] / 100).astype(int)

    def counts(days: Any) -> Any:
        time = np.abs(days[i] - days[j]) // width
        found = np.zeros((11, 8), int)
        np.add.at(found, (band[time < 8], time[time < 8]), 1)
        return found

    observed = counts(day)
    lanes = shuffled_days(day, seed, 0, permutations).astype(int)
    exceeded = sum(counts(lanes[:, lane]) >= observed for lane in range(permutations))
    return (1 + exceeded) / (1 + permutations)


def test_blocks_of_pairs_change_nothing() -> None:
    events, bands = near_repeat_city(np.random.default_rng(5), n=600), DistanceBands((0.0, 300.0, 600.0))
    cells, limits = into_cells(events.x, events.y, 600), np.array([0, 7, 14])
    day = events.days[cells.order]
    tally = tally_pairs(cells, bands, day=day, limits=limits)

    def counted(at_once: int) -> Any:
        blocks = neighbour_blocks(cells, bands, tally.ahead, pairs_at_once=at_once)
        return near_repeat._permuted_counts(blocks, cells, day, limits, 150, 1, tally.pairs, 2, None)

    assert np.array_equal(counted(97), counted(10**9))


def test_one_band_alone_is_permuted_rightly() -> None:
    events = near_repeat_city(np.random.default_rng(6), n=900)
    many = knox_test(events, distance_band_m=500, distance_bands=2, same_place=False, time_bands=1, permutations=99)
    one = knox_test(events, distance_band_m=500, distance_bands=1, same_place=False, time_bands=1, permutations=99)
    assert many.observed[0, 0] == one.observed[0, 0]
    assert abs(_p(many)[0, 0] - _p(one)[0, 0]) < 0.2


def test_simulated_mean_and_sd_are_the_exact_ones() -> None:
    events, bands = near_repeat_city(np.random.default_rng(7), n=1_000), DistanceBands((0.0, 400.0, 800.0))
    cells, limits = into_cells(events.x, events.y, 800), np.array([0, 7, 14, 28])
    day, draws = events.days[cells.order], 4_000
    tally = tally_pairs(cells, bands, day=day, limits=limits)
    blocks = neighbour_blocks(cells, bands, tally.ahead)
    drawn = near_repeat._permuted_counts(blocks, cells, day, limits, draws, 2, tally.pairs, 2, None)
    drawn = np.diff(drawn, axis=-1, prepend=0)
    mean, sd = near_repeat.knox_moments(tally.degree, day, limits)
    assert (np.abs(drawn.mean(0) - mean) <= 4.5 * sd / math.sqrt(draws) + 1e-12).all()
    assert np.allclose(drawn.std(0)[1:], sd[1:], rtol=5 / math.sqrt(2 * draws))


# --- chance ----------------------------------------------------------------------------------------------------------


def test_without_near_repeats_one_table_in_twenty_at_most_is_called_beyond_chance() -> None:
    alarms, low = 0, 0
    for seed in range(200):
        found = knox_test(near_repeat_city(np.random.default_rng(seed), n=700, share=0), distance_bands=4, time_bands=4)
        alarms += "are" in str(found.sentence()).split() and "times as many" in str(found.sentence())
        low += bool(found.z[2, 1] > 1.645)
    assert alarms <= 18  # 5 % of 200, and three of its own standard errors
    assert 2 <= low <= 20


def test_p_is_uniform_without_near_repeats() -> None:
    p = [
        _p(knox_test(near_repeat_city(np.random.default_rng(seed), n=400, share=0), distance_bands=3, permutations=99))
        for seed in range(120)
    ]
    below = float(np.mean([one[3, :4] <= 0.1 for one in p]))
    assert 0.05 <= below <= 0.15


def test_true_near_repeats_are_found_where_they_are() -> None:
    found = knox_test(near_repeat_city(np.random.default_rng(9)), permutations=999)
    assert _p(found)[1, 0] == _p(found)[2, 0] == 0.001
    assert "over 0 to 100 m apart, days 0 to 6, are" in str(found.sentence())
    assert np.abs(found.z[6:, 4:]).max() < 4.5


def test_seeds_give_other_permutations_and_each_is_one() -> None:
    days = np.arange(3_000)
    one, two = shuffled_days(days, 1, 0, 8), shuffled_days(days, 2, 0, 8)
    assert all(sorted(one[:, lane]) == days.tolist() for lane in range(8))
    together = np.corrcoef(np.hstack([one, two]).T)[np.triu_indices(16, 1)]
    assert np.abs(together).max() < 5 / math.sqrt(3_000)
    # nor is a seed's stream its neighbour's, moved along
    moved = [abs(np.corrcoef(np.roll(one[:, 0], k), two[:, 0])[0, 1]) for k in range(-5, 6)]
    assert max(moved) < 5 / math.sqrt(3_000)
    assert np.array_equal(shuffled_days(days, -1, 3, 1)[:, 0], shuffled_days(days, -1, 0, 8)[:, 3])


# --- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([(0, 0, 0), (5, 5, 1)], "at least three events"),
        ([(0, 0, 1)] * 5, "one day"),
        ([(7, 7, day) for day in range(9)], "one place"),
        ([(0, 0, 0), (5, 5, 1), (6, 6, 40_000)], "87 years"),
    ],
)
def test_events_that_say_nothing_are_refused(rows: Any, says: str) -> None:
    with pytest.raises(CannotCompute, match=says):
        knox_test(made(rows))


@pytest.mark.parametrize(
    ("settings_", "says"),
    [
        ({"distance_band_m": 0}, "wider than nought"),
        ({"time_bands": 0}, "at least one"),
        ({"permutations": -1}, "between 0"),
        ({"permutations": 10**9}, "between 0"),
        ({"distance_bands": 200, "time_bands": 50, "permutations": 100_000}, "more memory"),
        ({"distance_bands": 2_000, "time_bands": 2_000}, "10,000 cells"),
        ({"metric": "miles"}, "miles"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings_: dict[str, Any], says: str) -> None:
    with pytest.raises(CannotCompute, match=says):
        knox_test(near_repeat_city(np.random.default_rng(1), n=50), **settings_)


@pytest.mark.parametrize("edges", [(0,), (1, 3), (0, 3, 3), (0, 10**6)])
def test_time_edges_that_are_none_are_refused(edges: tuple[int, ...]) -> None:
    with pytest.raises(CannotCompute, match="Time bands"):
        knox_test_on(
            near_repeat_city(np.random.default_rng(1), n=50), bands=DistanceBands((0.0, 9.0)), time_edges_days=edges
        )


def test_no_number_that_is_none_reaches_a_file() -> None:
    far = made([(1e6 * k, 0, 9 * k) for k in range(6)])
    found = knox_test(far, permutations=9)
    said = json.dumps(found.as_dict(), allow_nan=False)
    assert json.loads(said)["ratio"][0][0] is None
    assert "nothing can be said" in str(found.sentence())
    assert found.doubts[-1].kind is DoubtKind.SMALL_NUMBERS
    assert len(found.table().rows) == 88


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    knox_test(near_repeat_city(np.random.default_rng(1), n=300), permutations=300, progress=lambda *at: told.append(at))
    assert told == sorted(told) and told[-1] == (300, 300)
