"""Protected against unprotected by property-days: exact on Mansfield's counts, true on the demo's known effect."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from frankpledge.analysis.before_after import before_after
from frankpledge.analysis.exposure import (
    NEVER,
    ProtectionHistory,
    compare_exposure,
    dose_response,
    exposure_comparison,
    own_comparison,
    protection_history,
    stratified_exposure,
)
from frankpledge.sources.simulator import Parameters, draw_place, simulate_history
from frankpledge.sources.simulator.clock import first_and_last_day
from frankpledge.sources.simulator.parameters import PERIOD
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

HISTORIES = 60
TRUTH = Parameters().protected_hazard_ratio


def _history(
    seed: int, *, homes: int = 1_200, days: int = 720, effect: float = 1.0, keen: float = 0.0, yearly: float = 0.12
) -> ProtectionHistory:
    """Homes that differ, four areas that differ, a calendar that falls; ``keen``: riskier homes are protected more."""
    rng = np.random.Generator(np.random.PCG64(seed))
    area = rng.integers(0, 4, homes)
    own = rng.gamma(3, 1 / 3, homes)
    hazard = yearly / 365 * own * np.array([0.6, 0.9, 1.1, 1.5])[area]
    asks = rng.random(homes) < np.clip(0.5 * own**keen, 0, 0.95)
    since = np.where(asks, rng.integers(days // 4, days, homes), NEVER)
    count = rng.poisson(hazard * days)
    home = np.repeat(np.arange(homes), count)
    day = np.floor(days * rng.random(len(home)) ** 1.1).astype(np.int64)
    kept = (day < since[home]) | (rng.random(len(home)) < effect)
    return protection_history(
        area=area, protected_from=since, event_home=home[kept], event_day=day[kept], first_day=0, end_day=days
    )


def test_mansfields_first_half_year() -> None:
    """12 of 65 or 68 burglaries in protected homes, 1,192 of 5,460 homes protected on average over half a year.

    10.1 per 1,000 protected against 12.4 to 13.1 unprotected: a much weaker effect than "reduced almost to nil".
    """
    half_year = 365.25 / 2
    for total, unprotected_rate in ((65, 12.4), (68, 13.1)):
        found = compare_exposure(
            protected_events=12,
            protected_days=1_192 * half_year,
            unprotected_events=total - 12,
            unprotected_days=(5_460 - 1_192) * half_year,
        )
        assert found.protected_rate / 2 == pytest.approx(10.1, abs=0.05)
        assert found.unprotected_rate / 2 == pytest.approx(unprotected_rate, abs=0.05)
        assert found.ratio.interval.upper > 1
        assert "no clear difference" in found.sentence()
        assert DoubtKind.SMALL_NUMBERS in {doubt.kind for doubt in found.doubts}


def test_days_and_sides_are_those_of_a_plain_count() -> None:
    history = _history(3, homes=60, days=200)
    found = exposure_comparison(history)
    days = {True: 0, False: 0}
    for since in history.protected_from.tolist():
        for day in range(200):
            days[day >= since] += 1
    hits = sum(
        day >= history.protected_from[home]
        for home, day in zip(history.event_home.tolist(), history.event_day.tolist(), strict=True)
    )
    assert (found.protected_days, found.unprotected_days) == (days[True], days[False])
    assert (found.protected_events, found.unprotected_events) == (hits, len(history.event_day) - hits)


def test_mantel_haenszel_is_that_of_a_plain_loop() -> None:
    history = _history(4, homes=300, days=365, effect=0.6)
    edges = [0, 100, 200, 300, 365]
    above = below = spread = 0.0
    for area in range(4):
        for start, end in zip(edges[:-1], edges[1:], strict=True):
            homes = np.flatnonzero(history.area == area)
            days = np.arange(start, end)
            protected = int((days[None, :] >= history.protected_from[homes][:, None]).sum())
            unprotected = len(homes) * len(days) - protected
            here = (history.area[history.event_home] == area) & (history.event_day >= start) & (history.event_day < end)
            hit = int((here & history.event_protected).sum())
            missed = int(here.sum()) - hit
            total = protected + unprotected
            above += hit * unprotected / total
            below += missed * protected / total
            spread += (hit + missed) * protected * unprotected / total**2
    found = stratified_exposure(history, period_edges_days=edges)
    error = math.sqrt(spread / (above * below))
    assert found.rate_ratio == pytest.approx(above / below)
    assert found.interval.upper == pytest.approx(above / below * math.exp(1.959964 * error), rel=1e-6)
    assert found.strata == 16
    assert found.prevented == pytest.approx(found.protected_events * (1 / found.rate_ratio - 1))


def test_each_home_its_own_comparison_is_the_conditional_likelihood() -> None:
    """Given how often a home was burgled, when is multinomial: its greatest likelihood, by plain search."""
    history = _history(5, homes=400, days=360, effect=0.5, yearly=0.5)
    edges = np.array([0, 120, 240, 360])
    homes = np.unique(history.event_home)
    days, counts = np.zeros((len(homes), 2, 3)), np.zeros((len(homes), 2, 3))
    for i, home in enumerate(homes.tolist()):
        for day in range(360):
            days[i, int(day >= history.protected_from[home]), day // 120] += 1
        for day in history.event_day[history.event_home == home].tolist():
            counts[i, int(day >= history.protected_from[home]), day // 120] += 1

    def minus(theta: NDArray[np.float64]) -> float:
        mean = days * np.exp(theta[0] * np.array([0, 1])[None, :, None] + np.array([0, *theta[1:]])[None, None, :])
        shares = mean / mean.sum(axis=(1, 2), keepdims=True)
        return -float((counts * np.log(np.where(counts > 0, shares, 1))).sum())

    best = minimize(minus, np.zeros(3), method="BFGS")
    found = own_comparison(history, period_edges_days=edges)
    assert math.log(found.rate_ratio) == pytest.approx(best.x[0], abs=1e-4)
    assert found.clusters == len(homes)


def test_order_names_and_first_day_do_not_matter() -> None:
    history = _history(6, effect=0.6)
    rng = np.random.Generator(np.random.PCG64(1))
    mixed, events = rng.permutation(len(history.area)), rng.permutation(len(history.event_day))
    shifted = np.where(history.protected_from == NEVER, NEVER, history.protected_from + 700)
    other = protection_history(
        home=[f"home {i}" for i in mixed],
        area=[f"area {history.area[i]}" for i in mixed],
        protected_from=shifted[mixed],
        event_home=[f"home {i}" for i in history.event_home[events]],
        event_day=history.event_day[events] + 700,
        first_day=700,
        end_day=1_420,
    )
    edges = np.linspace(0, 720, 9).astype(int)
    for method in (stratified_exposure, own_comparison):
        one, two = method(history, period_edges_days=edges), method(other, period_edges_days=edges + 700)
        assert two.rate_ratio == pytest.approx(one.rate_ratio)
        assert two.interval.upper == pytest.approx(one.interval.upper)
    assert exposure_comparison(other).protected_days == exposure_comparison(history).protected_days


def test_intervals_cover_the_truth_though_riskier_homes_ask_first() -> None:
    """Comparing homes with one another is then biased; comparing each with itself is not."""
    runs, own, stratified = 150, 0, []
    edges = np.arange(0, 721, 180)
    for seed in range(runs):
        history = _history(1_000 + seed, homes=800, effect=0.6, keen=1.0)
        found = own_comparison(history, period_edges_days=edges)
        assert found.interval.lower is not None
        own += found.interval.lower <= 0.6 <= found.interval.upper
        stratified.append(math.log(stratified_exposure(history, period_edges_days=edges).rate_ratio))
    assert own / runs == pytest.approx(0.95, abs=3 * math.sqrt(0.95 * 0.05 / runs))
    assert math.exp(float(np.mean(stratified))) > 0.7


def test_no_effect_is_called_one_at_most_one_time_in_twenty() -> None:
    runs, found = 150, np.zeros(2)
    edges = np.arange(0, 721, 180)
    for seed in range(runs):
        history = _history(2_000 + seed, homes=800)
        tried = (
            stratified_exposure(history, period_edges_days=edges),
            own_comparison(history, period_edges_days=edges),
        )
        found += [one.p is not None and one.p < 0.05 for one in tried]
    assert found.max() / runs < 0.05 + 3 * math.sqrt(0.95 * 0.05 / runs)


def test_the_bootstrap_agrees_with_the_formula_where_homes_are_independent() -> None:
    history = _history(8, homes=3_000, effect=0.6)
    formula = stratified_exposure(history).interval
    drawn = stratified_exposure(history, resamples=1_000, seed=3).interval
    again = stratified_exposure(history, resamples=1_000, seed=3).interval
    assert drawn == again
    assert formula.lower is not None and drawn.lower is not None
    width = math.log(drawn.upper / drawn.lower) / math.log(formula.upper / formula.lower)
    assert width == pytest.approx(1, abs=0.15)
    by_area = stratified_exposure(history, clusters=history.area, resamples=200)
    assert by_area.clusters == 4 and DoubtKind.FEW_CLUSTERS in {doubt.kind for doubt in by_area.doubts}


@dataclass(frozen=True)
class Tried:
    """What three methods say of each simulated history: logs of their ratios, and whether the truth was covered."""

    all_homes: NDArray[np.float64]
    stratified: NDArray[np.float64]
    own: NDArray[np.float64]
    naive: NDArray[np.float64]
    own_covers: float
    stratified_covers: float


@pytest.fixture(scope="module")
def tried() -> Tried:
    """Safer Aldercombe again and again, with its true effect."""
    town = draw_place().town
    homes = np.flatnonzero(town.is_home)
    position = np.full(len(town.address), -1)
    position[homes] = np.arange(len(homes))
    first, end = first_and_last_day(PERIOD)
    edges = np.linspace(first, end, 7).astype(np.int64)
    logs: list[list[float]] = []
    covers: list[list[bool]] = []
    for seed in range(1, HISTORIES + 1):
        programme, burglaries = simulate_history(seed)
        since, happened = programme.protected_from[homes], burglaries.happened
        home, day = position[burglaries.premises[happened]], burglaries.day[happened]
        history = protection_history(
            area=town.small_area[homes],
            protected_from=since,
            event_home=home,
            event_day=day,
            first_day=first,
            end_day=end,
        )
        found = [
            stratified_exposure(history, period_edges_days=edges),
            own_comparison(history, period_edges_days=edges),
        ]
        treated = np.isin(town.small_area[homes][home], np.unique(town.small_area[homes][since != NEVER]))
        naive = before_after(
            before=int((treated & (day < first + 365)).sum()), after=int((treated & (day >= end - 365)).sum())
        )
        ratios = [exposure_comparison(history).ratio.value, *(one.rate_ratio for one in found), naive.ratio.value]
        logs.append([math.log(ratio or math.nan) for ratio in ratios])
        covers.append([(one.interval.lower or 0) <= TRUTH <= one.interval.upper for one in found])
    column = np.array(logs).T
    covered = np.array(covers).mean(axis=0)
    return Tried(column[0], column[1], column[2], column[3], float(covered[1]), float(covered[0]))


def test_the_true_effect_of_home_security_is_recovered(tried: Tried) -> None:
    """Truth 0.6 of the hazard; a little below 0.6 of the burglaries, as what is prevented brings on no repeats."""
    for logs in (tried.own, tried.stratified):
        error = float(logs.std(ddof=1)) / math.sqrt(HISTORIES)
        assert abs(float(logs.mean()) - math.log(TRUTH)) < 3 * error
    floor = 0.95 - 3 * math.sqrt(0.95 * 0.05 / HISTORIES)
    assert tried.own_covers > floor and tried.stratified_covers > floor


def test_the_naive_figures_are_wrong(tried: Tried) -> None:
    """The neighbourhoods' counts before and after say too little; protected against all others says the opposite."""
    error = float(tried.naive.std(ddof=1)) / math.sqrt(HISTORIES)
    assert float(tried.naive.mean()) - math.log(TRUTH) > 3 * error
    assert math.exp(float(tried.all_homes.mean())) > 1.2


def test_homes_protected_because_burgled_look_saved_unless_the_days_before_are_left_out() -> None:
    rng = np.random.Generator(np.random.PCG64(15))
    homes, days = 6_000, 720
    count = rng.poisson(0.25, homes)
    home = np.repeat(np.arange(homes), count)
    day = rng.integers(0, days, len(home))
    since = np.where(rng.random(homes) < 0.2, rng.integers(90, days, homes), NEVER)
    called = rng.random(len(home)) < 0.15
    np.minimum.at(since, home[called], day[called] + 10)
    since = np.where(since < days, since, NEVER)
    history = protection_history(
        area=np.zeros(homes), protected_from=since, event_home=home, event_day=day, first_day=0, end_day=days
    )
    edges = [0, 180, 360, 540, 720]
    looks = own_comparison(history, period_edges_days=edges).rate_ratio
    fair = own_comparison(history, period_edges_days=edges, leave_out_days_before=30).rate_ratio
    assert looks < 0.7
    assert abs(math.log(fair)) < abs(math.log(looks)) / 2


def test_a_dose_is_found_with_its_trend() -> None:
    rng = np.random.Generator(np.random.PCG64(16))
    dose, days = np.tile([0.0, 1, 2, 3], 10), np.full(40, 40_000.0)
    street = np.repeat(np.arange(10), 4)
    runs, covered = 200, 0
    for _ in range(runs):
        events = rng.poisson(days * 3e-4 * rng.gamma(4, 0.25, 10)[street] * 0.8**dose)
        found = dose_response(dose=dose, events=events, exposure_days=days, strata=street)
        assert found.interval.lower is not None
        covered += found.interval.lower <= 0.8 <= found.interval.upper
    assert covered / runs == pytest.approx(0.95, abs=3 * math.sqrt(0.95 * 0.05 / runs))
    assert len(found.table().rows) == 4 and "each unit" in found.sentence()
    two = dose_response(dose=[0, 1], events=[40, 20], exposure_days=[1_000, 1_000])
    assert two.ratio == pytest.approx(0.5)
    assert two.p == pytest.approx(math.erfc(math.log(2) / math.sqrt(1 / 40 + 1 / 20) / math.sqrt(2)), rel=1e-6)


def test_dates_missing_homes_and_days_outside_are_counted() -> None:
    history = protection_history(
        home=["a", "b"],
        area=["x", "x"],
        protected_from=["2024-03-01", ""],
        event_home=["a", "b", "c", "a", "b"],
        event_day=["2024-02-29", "2024-03-01", "2024-03-01", "2030-01-01", "soon"],
        first_day=19_723,  # 1 January 2024
        end_day=20_089,
    )
    assert history.protected_from.tolist() == [19_783, NEVER]
    assert len(history.event_day) == 2 and not history.event_protected.any()
    assert "3 burglaries left out" in str(history.doubts[0].sentence)


def test_what_cannot_be_compared_is_refused() -> None:
    base: dict[str, Any] = {"area": [0, 0], "protected_from": [NEVER, NEVER], "first_day": 0, "end_day": 10}
    nobody = protection_history(event_home=[0], event_day=[3], **base)
    for method in (exposure_comparison, stratified_exposure, own_comparison):
        with pytest.raises(CannotCompute):
            method(nobody)
    with pytest.raises(CannotCompute, match="last day"):
        protection_history(event_home=[0], event_day=[3], **{**base, "end_day": 0})
    with pytest.raises(CannotCompute, match="day of protection"):
        protection_history(event_home=[0], event_day=[3], **{**base, "protected_from": [NEVER]})
    with pytest.raises(CannotCompute, match="Every burglary"):
        protection_history(event_home=[0, 1], event_day=[3], **base)
    with pytest.raises(CannotCompute, match="name of its own"):
        protection_history(home=["a", "a"], event_home=["a"], event_day=[3], **base)
    with pytest.raises(CannotCompute, match="edges"):
        stratified_exposure(nobody, period_edges_days=[0, 5])
    with pytest.raises(CannotCompute):
        compare_exposure(protected_events=0, protected_days=10, unprotected_events=0, unprotected_days=10)
    with pytest.raises(CannotCompute, match="two doses"):
        dose_response(dose=[1, 1], events=[3, 4], exposure_days=[10, 10])
