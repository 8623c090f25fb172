"""Regression of counts: the same answers with effects as columns as with effects taken out, and from plain search."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln

from frankpledge.analysis.count_models import (
    CountFamily,
    cluster_sums,
    clustered_covariance,
    f_p_value,
    fit_counts,
    newey_west_covariance,
    score_bootstrap_p,
    t_p_value,
    two_group_freedom,
)
from frankpledge.vocabulary.errors import CannotCompute

Floats = NDArray[np.float64]


def _data(seed: int, spread: float = 0.0) -> tuple[Floats, Floats, Floats, NDArray[np.int64]]:
    rng = np.random.Generator(np.random.PCG64(seed))
    group = np.repeat(np.arange(8), 15)
    x = rng.normal(size=(len(group), 2))
    exposure = rng.uniform(0.5, 2, len(group))
    mean = exposure * np.exp(1.2 + 0.3 * rng.normal(size=8)[group] + x @ [0.4, -0.2])
    shock = rng.gamma(1 / spread, spread, len(mean)) if spread else 1.0
    return x, rng.poisson(mean * shock).astype(np.float64), exposure, group


def test_effects_taken_out_or_as_columns_give_the_same() -> None:
    x, y, exposure, group = _data(1)
    columns = np.column_stack([x, group[:, None] == np.arange(8)[None, :]]).astype(np.float64)
    for family in CountFamily:
        taken_out = fit_counts(x, y, exposure=exposure, group=group, family=family)
        spelled_out = fit_counts(columns, y, exposure=exposure, family=family)
        assert taken_out.coefficients == pytest.approx(spelled_out.coefficients[:2], abs=1e-7)
        assert taken_out.bread == pytest.approx(spelled_out.bread[:2, :2], abs=1e-8)
        assert taken_out.freedom == spelled_out.freedom
        assert clustered_covariance(taken_out, group, columns=2) == pytest.approx(
            clustered_covariance(spelled_out, group, columns=2)[:2, :2], abs=1e-8
        )


def test_the_negative_binomial_is_the_maximum_of_its_likelihood() -> None:
    x, y, exposure, _ = _data(2, spread=0.4)
    design = np.column_stack([np.ones(len(y)), x])
    fit = fit_counts(design, y, exposure=exposure, family=CountFamily.NEGATIVE_BINOMIAL)

    def minus(theta: Floats) -> float:
        size, mean = math.exp(-theta[3]), exposure * np.exp(design @ theta[:3])
        terms = gammaln(y + size) - gammaln(size) - gammaln(y + 1) + size * np.log(size / (size + mean))
        return -float((terms + y * np.log(mean / (size + mean))).sum())

    best = minimize(minus, np.array([1.0, 0, 0, -1.0]), method="BFGS", options={"gtol": 1e-7})
    assert fit.coefficients == pytest.approx(best.x[:3], abs=1e-5)
    assert fit.overdispersion == pytest.approx(math.exp(best.x[3]), rel=1e-4)
    assert fit.log_likelihood == pytest.approx(-best.fun, abs=1e-8)


def test_counts_that_vary_less_than_poisson_have_no_overdispersion() -> None:
    y = np.tile([4.0, 5.0, 6.0], 20)
    fit = fit_counts(np.ones((60, 1)), y, family=CountFamily.NEGATIVE_BINOMIAL)
    assert fit.overdispersion == 0 and math.exp(float(fit.coefficients[0])) == pytest.approx(5)


def test_newey_west_is_the_plain_double_sum() -> None:
    x, y, exposure, _ = _data(3)
    fit = fit_counts(np.column_stack([np.ones(len(y)), x]), y, exposure=exposure)
    scores, lags, rows = fit.scores, 3, len(y)
    middle = np.zeros((3, 3))
    for i in range(rows):
        for j in range(rows):
            if abs(i - j) <= lags:
                middle += (1 - abs(i - j) / (lags + 1)) * np.outer(scores[i], scores[j])
    plain = rows / fit.freedom * fit.bread @ middle @ fit.bread
    assert newey_west_covariance(fit, lags) == pytest.approx(plain, abs=1e-12)
    assert np.abs(scores.sum(axis=0)).max() < 1e-6  # the estimating equations hold
    assert cluster_sums(scores, np.zeros(rows, np.int64)) == pytest.approx(scores.sum(axis=0)[None, :])


def test_sign_flips_in_full_and_by_draws() -> None:
    assert score_bootstrap_p(np.array([1.0, 1.0, 1.0, 1.0]), resamples=10, seed=1) == pytest.approx(2 / 16)
    drawn = score_bootstrap_p(np.linspace(-1, 1.2, 25), resamples=999, seed=4)
    assert drawn == score_bootstrap_p(np.linspace(-1, 1.2, 25), resamples=999, seed=4)
    assert 0.2 < drawn <= 1


def test_tails_and_degrees_of_freedom_are_those_of_the_books() -> None:
    assert t_p_value(2.228, 10) == pytest.approx(0.05, abs=1e-4)  # Student's table
    assert f_p_value(3.33, 5, 10) == pytest.approx(0.05, abs=1e-3)  # Snedecor's table
    assert two_group_freedom(10, 10) == pytest.approx(18)
    assert two_group_freedom(1, 10) == 0
    assert two_group_freedom(6, 0) == pytest.approx(5)


def test_what_cannot_be_told_apart_or_has_no_bound_is_refused() -> None:
    ones = np.ones((6, 1))
    with pytest.raises(CannotCompute, match="told apart"):
        fit_counts(np.column_stack([ones, ones]), np.array([1.0, 2, 3, 4, 5, 6]))
    with pytest.raises(CannotCompute, match="finite"):
        fit_counts(np.column_stack([ones, [0, 0, 0, 1, 1, 1]]), np.array([5.0, 4, 6, 0, 0, 0]))
    fit = fit_counts(ones, np.array([1.0, 2, 3, 4, 5, 6]))
    with pytest.raises(CannotCompute, match="two clusters"):
        clustered_covariance(fit, np.zeros(6, np.int64), columns=1)
