"""Difference-in-differences agrees with R, covers the truth, and says when areas or starts are too few or mixed."""

import math
from typing import Any

import numpy as np
import pytest

from frankpledge.analysis.count_models import CountFamily, fit_counts
from frankpledge.analysis.count_panel import CountPanel, count_panel, panel_from_matrix
from frankpledge.analysis.difference_in_differences import difference_in_differences, event_study
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import peer_oracle


def _panel(rng: np.random.Generator, *, areas: int = 24, treated: int = 12, effect: float = 1.0) -> CountPanel:
    """Areas of unlike size, a season, and counts that vary more than chance; the effect from month 12 of 24."""
    level = rng.gamma(4, 2.0, areas)[:, None]
    season = np.exp(0.2 * np.sin(np.arange(24) / 12 * 2 * np.pi))[None, :]
    status = np.zeros((areas, 24), bool)
    status[:treated, 12:] = True
    mean = level * season * rng.gamma(5, 0.2, (areas, 24)) * np.where(status, effect, 1.0)
    return panel_from_matrix(rng.poisson(mean), treated=status)


def _rows(panel: CountPanel) -> dict[str, Any]:
    areas, periods = panel.counts.shape
    return {
        "area": np.repeat(panel.areas, periods),
        "period": np.tile(panel.periods, areas),
        "count": panel.counts.reshape(-1),
        "treated": panel.under_treatment.reshape(-1),
    }


def test_poisson_regression_of_r() -> None:
    case = peer_oracle("evaluation_and_time_r")["did_poisson"]
    given, wanted = case["input"], case["expected"]
    status = np.array(given["treat"]) * np.array(given["post"])
    panel = count_panel(area=given["area"], period=given["month"], count=given["y"], treated=status)
    found = difference_in_differences(panel)
    assert found.coefficient == pytest.approx(wanted["coef"], abs=1e-6)
    assert found.rate_ratio == pytest.approx(wanted["irr"], abs=1e-6)
    assert found.dispersion == pytest.approx(wanted["dispersion"], abs=1e-6)
    month = np.array(given["month"])
    design = np.column_stack([status, month[:, None] == np.arange(2, 25)[None, :]]).astype(np.float64)
    fit = fit_counts(design, np.array(given["y"], float), group=np.array(given["area"]) - 1)
    assert math.sqrt(fit.bread[0, 0]) == pytest.approx(wanted["se"], abs=1e-6)
    assert math.sqrt(fit.bread[0, 0] * fit.dispersion) == pytest.approx(wanted["quasi_se"], abs=1e-6)


def test_two_areas_by_two_periods_is_the_odds_ratio() -> None:
    """With one number in each corner the effect is (treated after / before) over (untreated after / before)."""
    counts = np.array([[207, 110], [20, 12], [308, 318], [30, 31]])
    status = np.array([[0, 1], [0, 1], [0, 0], [0, 0]])
    found = difference_in_differences(panel_from_matrix(counts, treated=status))
    assert found.rate_ratio == pytest.approx((122 / 227) / (349 / 338), rel=1e-9)
    assert found.prevented == pytest.approx(122 * (1 / found.rate_ratio - 1))


@pytest.mark.parametrize(("areas", "treated"), [(24, 12), (24, 5)])
def test_the_interval_covers_the_truth(areas: int, treated: int) -> None:
    rng = np.random.Generator(np.random.PCG64(41))
    runs, covered = 200, 0
    for _ in range(runs):
        found = difference_in_differences(_panel(rng, areas=areas, treated=treated, effect=0.75))
        assert found.interval.lower is not None
        covered += found.interval.lower <= 0.75 <= found.interval.upper
    assert covered / runs == pytest.approx(0.95, abs=3 * math.sqrt(0.95 * 0.05 / runs))


def test_no_effect_and_no_trend_are_found_at_most_one_time_in_twenty() -> None:
    rng = np.random.Generator(np.random.PCG64(43))
    runs, found, flipped, apart = 150, 0, 0, 0
    for _ in range(runs):
        panel = _panel(rng)
        found += difference_in_differences(panel).p < 0.05
        p = event_study(panel, span_periods=4).pre_trend_p
        assert p is not None
        apart += p < 0.05
        few = difference_in_differences(_panel(rng, areas=10, treated=4))
        assert few.bootstrap_p is not None
        flipped += few.bootstrap_p < 0.05
    margin = 3 * math.sqrt(0.95 * 0.05 / runs)
    assert max(found, flipped, apart) / runs < 0.05 + margin


def test_the_negative_binomial_finds_the_same_effect() -> None:
    panel = _panel(np.random.Generator(np.random.PCG64(7)), areas=40, treated=20, effect=0.6)
    poisson = difference_in_differences(panel)
    binomial = difference_in_differences(panel, family=CountFamily.NEGATIVE_BINOMIAL)
    assert binomial.overdispersion > 0.05 and poisson.dispersion > 1.2
    assert binomial.rate_ratio == pytest.approx(poisson.rate_ratio, rel=0.1)
    assert "fewer" in binomial.sentence()


def test_order_and_names_of_rows_and_a_common_exposure_do_not_matter() -> None:
    rng = np.random.Generator(np.random.PCG64(5))
    panel = _panel(rng, effect=0.7)
    one = difference_in_differences(panel)
    rows = _rows(panel)
    mixed = rng.permutation(len(rows["area"]))
    renamed = count_panel(
        area=[f"area {name}" for name in np.asarray(rows["area"])[mixed]],
        period=rows["period"][mixed],
        count=rows["count"][mixed],
        treated=rows["treated"][mixed],
        exposure=np.full(len(mixed), 31.0),
    )
    other = difference_in_differences(renamed)
    assert other.coefficient == pytest.approx(one.coefficient, abs=1e-8)
    assert other.standard_error == pytest.approx(one.standard_error, abs=1e-8)


def test_a_fall_before_the_start_is_seen() -> None:
    rng = np.random.Generator(np.random.PCG64(8))
    status = np.zeros((30, 24), bool)
    status[:15, 12:] = True
    falling = np.where(np.arange(30)[:, None] < 15, np.exp(-0.08 * np.arange(24))[None, :], 1.0)
    panel = panel_from_matrix(rng.poisson(30 * falling), treated=status)
    found = event_study(panel, span_periods=4)
    assert found.pre_trend_p is not None and found.pre_trend_p < 0.01
    assert DoubtKind.PATHS_DIFFERED_BEFORE in {doubt.kind for doubt in found.doubts}
    assert "no fair comparison" in found.sentence()
    assert found.since.tolist() == [-12, -8, 0, 4, 8]
    assert len(found.table().rows) == 5 and found.as_dict()["span_periods"] == 4


def test_doubts_are_named() -> None:
    rng = np.random.Generator(np.random.PCG64(9))
    status = np.zeros((8, 10), bool)
    status[0, 2:] = status[1, 5:] = True
    counts = rng.poisson(9, (8, 10))
    counts[7] = 0
    found = difference_in_differences(panel_from_matrix(counts, treated=status))
    kinds = {doubt.kind for doubt in found.doubts}
    assert {DoubtKind.FEW_CLUSTERS, DoubtKind.STAGGERED_ADOPTION, DoubtKind.SHORT_HISTORY} <= kinds
    assert DoubtKind.ROWS_LEFT_OUT in kinds and found.bootstrap_p is not None


def test_what_cannot_be_compared_is_refused() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    counts = rng.poisson(5, (6, 8))
    nobody, everybody, always = np.zeros((6, 8), bool), np.ones((6, 8), bool), np.zeros((6, 8), bool)
    everybody[:, :4] = False
    always[:3] = True
    one = np.zeros((6, 8), bool)
    one[0, 4:] = True
    for status, why in (
        (nobody, "some areas"),
        (everybody, "some areas"),
        (always, "before the start"),
        (one, "Only one area"),
    ):
        with pytest.raises(CannotCompute, match=why):
            difference_in_differences(panel_from_matrix(counts, treated=status))
    emptied = counts.copy()
    emptied[:2, 4:] = 0
    two = np.zeros((6, 8), bool)
    two[:2, 4:] = True
    with pytest.raises(CannotCompute, match="no event before or none after"):
        difference_in_differences(panel_from_matrix(emptied, treated=two))
    with pytest.raises(CannotCompute, match="cluster of each area"):
        difference_in_differences(panel_from_matrix(counts, treated=two), clusters=[1, 2])


def test_a_panel_must_be_whole() -> None:
    base: dict[str, Any] = {"area": ["a", "a", "b", "b"], "period": ["2", "10", "2", "10"], "treated": [0, 1, 0, 0]}
    panel = count_panel(count=[1, 2, 3, 4], **base)
    assert panel.periods == ("2", "10") and panel.counts.tolist() == [[1, 2], [3, 4]]
    for changed, why in (
        ({"period": ["1", "1", "1", "2"]}, "two rows"),
        ({"area": ["a", "a", "b", "c"]}, "missing count is not nought"),
        ({"treated": [1, 0, 0, 0]}, "stops being treated"),
    ):
        with pytest.raises(CannotCompute, match=why):
            count_panel(count=[1, 2, 3, 4], **{**base, **changed})
    with pytest.raises(CannotCompute):
        count_panel(count=[1, 2, 3, -4], **base)
    with pytest.raises(CannotCompute):
        count_panel(count=[1, 2, 3, 4], exposure=[1, 1, 1, 0], **base)
