"""A synthetic control finds mixtures exactly, keeps its p honest, and refuses what it cannot follow."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize

from frankpledge.analysis.count_panel import CountPanel, panel_from_matrix
from frankpledge.analysis.synthetic_control import simplex_weights, synthetic_control
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute


def _panel(rng: np.random.Generator, *, donors: int = 24, effect: float = 1.0, level: float = 40) -> CountPanel:
    """Areas that follow two slow common paths by mixtures of their own."""
    paths = rng.normal(0, 0.12, (2, 36)).cumsum(axis=1) * 0.5
    mean = level * np.exp(rng.dirichlet([1, 1], donors + 1) @ paths) * rng.gamma(30, 1 / 30, donors + 1)[:, None]
    mean[0] = mean[1:6].mean(axis=0)
    status = np.zeros(mean.shape, bool)
    status[0, 24:] = True
    return panel_from_matrix(rng.poisson(mean * np.where(status, effect, 1.0)), treated=status)


def test_a_mixture_is_found_again() -> None:
    donors = np.array([[1.0, 4, 2, 8, 5], [3, 1, 4, 1, 5], [2, 7, 1, 8, 2], [9, 9, 9, 9, 9]])
    found = simplex_weights(0.25 * donors[0] + 0.75 * donors[2], donors)
    assert found == pytest.approx([0.25, 0, 0.75, 0], abs=1e-9)
    assert simplex_weights(donors[1], donors) == pytest.approx([0, 1, 0, 0], abs=1e-9)


def test_weights_are_the_least_squares_on_the_simplex() -> None:
    rng = np.random.Generator(np.random.PCG64(3))
    for _ in range(5):
        donors, target = rng.uniform(2, 9, (5, 20)), rng.uniform(2, 9, 20)
        found = simplex_weights(target, donors)
        search = minimize(
            lambda w: float(((target - w @ donors) ** 2).sum()),  # noqa: B023
            np.full(5, 0.2),
            method="SLSQP",
            bounds=[(0, 1)] * 5,
            constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
            options={"ftol": 1e-14, "maxiter": 500},
        )
        assert found.sum() == pytest.approx(1) and found.min() >= 0
        assert found == pytest.approx(search.x, abs=1e-4)


def test_a_large_effect_is_found_with_its_interval() -> None:
    rng = np.random.Generator(np.random.PCG64(12))
    found = synthetic_control(_panel(rng, effect=0.5))
    assert found.p == pytest.approx(1 / 25)
    assert found.interval is not None and found.interval.upper < 0
    ratios = [synthetic_control(_panel(rng, effect=0.5)).ratio for _ in range(20)]
    assert np.mean(ratios) == pytest.approx(0.5, abs=3 * 0.08 / math.sqrt(20))
    assert sum(found.weights.values()) == pytest.approx(1, abs=0.05)
    assert "No clear effect" not in found.sentence()


def test_the_placebo_p_and_interval_keep_their_promise() -> None:
    rng = np.random.Generator(np.random.PCG64(21))
    runs = rejected = covered = 0
    while runs < 120:
        try:
            found = synthetic_control(_panel(rng))
        except CannotCompute:
            continue
        runs += 1
        assert found.interval is not None and found.interval.lower is not None
        rejected += found.p <= 0.05
        covered += found.interval.lower <= 0 <= found.interval.upper
        assert (found.p > 0.05) == (found.interval.lower <= 0 <= found.interval.upper)
    margin = 3 * math.sqrt(0.95 * 0.05 / runs)
    assert rejected / runs < 0.05 + margin and covered / runs > 0.95 - margin


def test_a_path_no_donor_follows_is_refused() -> None:
    rng = np.random.Generator(np.random.PCG64(4))
    panel = _panel(rng)
    counts = panel.counts.copy()
    counts[0] *= 5
    with pytest.raises(CannotCompute, match="No mixture"):
        synthetic_control(panel_from_matrix(counts, treated=panel.under_treatment))


def test_few_donors_give_no_interval_and_say_so() -> None:
    found = synthetic_control(_panel(np.random.Generator(np.random.PCG64(6)), donors=8, effect=0.6))
    assert found.interval is None and found.as_dict()["interval"] is None
    assert DoubtKind.FEW_CLUSTERS in {doubt.kind for doubt in found.doubts}
    assert "too few" in found.sentence()


def test_the_worst_of_many_areas_is_doubted() -> None:
    """Chosen as the highest of areas that differ by luck alone, it falls with nothing done."""
    rng = np.random.Generator(np.random.PCG64(31))
    counts = rng.poisson(6, (30, 24))
    status = np.zeros((30, 24), bool)
    worst = int(counts[:, 4:16].sum(axis=1).argmax())
    status[worst, 16:] = True
    panel = panel_from_matrix(counts, treated=status)
    try:
        kinds = {doubt.kind for doubt in synthetic_control(panel).doubts}
    except CannotCompute:
        return  # no mixture of ordinary areas follows it: refused, which is as good
    assert DoubtKind.CHOSEN_FOR_BEING_HIGH in kinds


def test_what_has_no_control_is_refused() -> None:
    counts = np.full((6, 20), 5)
    status = np.zeros((6, 20), bool)
    with pytest.raises(CannotCompute, match="needs a treated area"):
        synthetic_control(panel_from_matrix(counts, treated=status))
    status[0, 3:] = True
    with pytest.raises(CannotCompute, match="3 periods before"):
        synthetic_control(panel_from_matrix(counts, treated=status))
    status[:2] = False
    status[0, 10:] = status[1, 12:] = True
    with pytest.raises(CannotCompute, match="different times"):
        synthetic_control(panel_from_matrix(counts, treated=status))
