"""Regression of counts: Poisson and negative binomial with log link, one set of effects taken out exactly.

Fitted by iteratively reweighted least squares. The effects of one grouping (areas, homes) are removed in every step by
weighted centring, which is exact and costs no columns; with a column for each period that is the two-way model. The
negative binomial's dispersion is found by maximum likelihood, in turns with the means. Covariances: from the model
(quasi-Poisson where counts vary more than Poisson), clustered (CR1), or robust to autocorrelation (Newey-West).
Sources: McCullagh P, Nelder J (1989) Generalized Linear Models; Cameron A, Trivedi P (2013) Regression Analysis of
Count Data; Bell R, McCaffrey D (2002) Survey Methodology 28:169-181 (degrees of freedom); Cameron A, Miller D (2015) J
Human Resources 50:317-372; Newey W, West K (1987) Econometrica 55:703-708; Kline P, Santos A (2012) J Econometric
Methods 1:23-41 (score bootstrap).
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, digamma, gammaln, ndtri, polygamma, stdtr, stdtrit

from frankpledge.vocabulary.errors import CannotCompute

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_STEPS = 100
SETTLED = 1e-10
FURTHEST = 25.0  # a coefficient beyond this means the data have no finite answer
SIGN_FLIPS_IN_FULL = 12  # up to this many clusters every pattern of signs is tried


class CountFamily(StrEnum):
    """How counts vary around their mean."""

    POISSON = "Poisson"
    NEGATIVE_BINOMIAL = "negative binomial"


@dataclass(frozen=True, kw_only=True)
class CountFit:
    """A fitted model. ``centred`` (n, k): the design with the grouping's effects taken out at the fitted weights.

    ``weight`` (n,) is the working weight, ``overdispersion`` the negative binomial's alpha (variance = mean + alpha
    mean²), ``dispersion`` Pearson's chi-square over its degrees of freedom.
    """

    coefficients: Floats
    mean: Floats
    value: Floats
    weight: Floats
    centred: Floats
    bread: Floats  # inverse information of the coefficients (k, k)
    freedom: int
    dispersion: float
    overdispersion: float
    log_likelihood: float

    @property
    def scores(self) -> Floats:
        """Each row's contribution to the estimating equations of the coefficients (n, k)."""
        residual = (self.value - self.mean) * self.weight / self.mean
        return np.asarray(self.centred * residual[:, None])


def fit_counts(
    design: Floats,
    value: Floats,
    *,
    exposure: Floats | None = None,
    group: Ints | None = None,
    family: CountFamily = CountFamily.POISSON,
) -> CountFit:
    """Fit ``value`` (n,) on ``design`` (n, k) with ``exposure`` (n,) and effects of ``group`` (n,; 0, 1, 2 ...).

    A group must have at least one event, or its effect has no finite value: leave such groups out. Raises CannotCompute
    when the model has no finite or no unique answer.
    """
    offset = np.zeros(len(value)) if exposure is None else np.log(exposure)
    alpha = 0.0
    coefficients, mean, centred, weight = _irls(design, value, offset, group, alpha, None)
    if family is CountFamily.NEGATIVE_BINOMIAL:
        for _ in range(MOST_STEPS):
            updated = _overdispersion(value, mean)
            start = np.log(mean)
            coefficients, mean, centred, weight = _irls(design, value, offset, group, updated, start)
            settled = abs(updated - alpha) <= 1e-7 * (1 + alpha)
            alpha = updated
            if settled:
                break
    groups = 0 if group is None else int(group.max()) + 1
    freedom = len(value) - design.shape[1] - groups
    information = centred.T @ (centred * weight[:, None])
    pearson = float(((value - mean) ** 2 / (mean + alpha * mean**2)).sum())
    return CountFit(
        coefficients=coefficients,
        mean=mean,
        value=value,
        weight=weight,
        centred=centred,
        bread=np.asarray(np.linalg.inv(information), np.float64),
        freedom=freedom,
        dispersion=pearson / freedom if freedom > 0 else math.nan,
        overdispersion=alpha,
        log_likelihood=_log_likelihood(value, mean, alpha),
    )


def _irls(
    design: Floats, value: Floats, offset: Floats, group: Ints | None, alpha: float, start: Floats | None
) -> tuple[Floats, Floats, Floats, Floats]:
    """Coefficients, means, centred design and working weights."""
    if start is None:
        level = value.sum() / np.exp(offset).sum()
        start = np.log((value + max(level, 1e-8) * np.exp(offset)) / 2)
    linear = start
    previous = math.inf
    sums = None if group is None else _summing(group)
    for _ in range(MOST_STEPS):
        mean = np.exp(np.clip(linear, -30, 30))
        weight = mean / (1 + alpha * mean)
        working = linear - offset + (value - mean) / mean
        weighted = design * weight[:, None]
        information, right = design.T @ weighted, weighted.T @ working
        if sums is not None:
            total, own = sums @ weight, sums @ weighted
            level = (sums @ (weight * working)) / total
            information = information - own.T @ (own / total[:, None])
            right = right - own.T @ level
        coefficients = _solved(information, right)
        linear = design @ coefficients + offset
        if sums is not None:
            linear = linear + (level - (own @ coefficients) / total)[group]
        if np.abs(coefficients).max(initial=0.0) > FURTHEST:
            break
        fitted = _log_likelihood(value, np.exp(np.clip(linear, -30, 30)), alpha)
        if abs(fitted - previous) < SETTLED * (1 + abs(fitted)):
            mean = np.exp(linear)
            weight = mean / (1 + alpha * mean)
            centred = design
            if sums is not None:
                centred = design - ((sums @ (design * weight[:, None])) / (sums @ weight)[:, None])[group]
            return coefficients, mean, centred, weight
        previous = fitted
    raise CannotCompute(
        "The model has no finite answer: some group or period has no events at all, so its effect is without bound. "
        "Use longer periods or larger areas."
    )


def _summing(group: Ints) -> Any:
    """The sparse matrix that sums rows by group (groups, n)."""
    from scipy.sparse import csr_array

    rows = len(group)
    return csr_array((np.ones(rows), (group, np.arange(rows))), shape=(int(group.max()) + 1, rows))


def _solved(information: Floats, right: Floats) -> Floats:
    scale = np.sqrt(np.diag(information))
    if np.any(scale <= 0) or np.linalg.cond(information / np.outer(scale, scale)) > 1e13:
        raise CannotCompute(
            "The effect cannot be told apart from the areas and periods: some areas must be treated and others not, "
            "with periods before and after."
        )
    return np.asarray(np.linalg.solve(information, right))


def _overdispersion(value: Floats, mean: Floats) -> float:
    """The negative binomial's alpha of greatest likelihood, the means given; 0 where there is none."""
    slope = float(((value - mean) ** 2 - value).sum())
    if slope <= 0:  # the likelihood falls from alpha = 0 on
        return 0.0
    size = float((mean**2).sum()) / slope
    for _ in range(MOST_STEPS):
        together = size + mean
        first = digamma(size + value) - digamma(size) + np.log(size / together) + 1 - (size + value) / together
        second = polygamma(1, size + value) - polygamma(1, size) + 1 / size - 2 / together
        second = second + (size + value) / together**2
        # Newton on the logarithm of the size, which stays above nought
        gradient, curvature = size * float(first.sum()), size**2 * float(second.sum()) + size * float(first.sum())
        step = -gradient / curvature if curvature < 0 else math.copysign(0.5, gradient)
        size *= math.exp(max(-1.0, min(1.0, step)))
        if abs(step) < 1e-10 or size > 1e8:
            break
    return 0.0 if size > 1e8 else 1 / size


def _log_likelihood(value: Floats, mean: Floats, alpha: float) -> float:
    if alpha <= 0:
        return float((value * np.log(mean) - mean - gammaln(value + 1)).sum())
    size = 1 / alpha
    terms = gammaln(value + size) - gammaln(size) - gammaln(value + 1)
    terms = terms + size * np.log(size / (size + mean)) + value * np.log(mean / (size + mean))
    return float(terms.sum())


def model_covariance(fit: CountFit) -> Floats:
    """From the model, widened by Pearson's dispersion where counts vary more than the model says."""
    return np.asarray(fit.bread * max(1.0, fit.dispersion))


def clustered_covariance(fit: CountFit, cluster: Ints, *, columns: int) -> Floats:
    """CR1: robust to any dependence inside clusters (n,; 0, 1 ...). ``columns`` counts the estimated coefficients that
    are not effects of the clusters themselves.
    """
    sums = cluster_sums(fit.scores, cluster)
    clusters, rows = len(sums), len(fit.value)
    if clusters < 2:
        raise CannotCompute("A clustered standard error needs at least two clusters.")
    correction = clusters / (clusters - 1) * (rows - 1) / max(rows - columns, 1)
    return np.asarray(correction * fit.bread @ (sums.T @ sums) @ fit.bread)


def two_group_freedom(first: int, second: int) -> float:
    """Welch's degrees of freedom of a difference between the means of two groups of clusters, alike in spread."""
    sizes = [size for size in (first, second) if size > 0]
    if min(sizes) < 2:
        return 0.0
    return sum(1 / size for size in sizes) ** 2 / sum(1 / (size**2 * (size - 1)) for size in sizes)


def cluster_sums(scores: Floats, cluster: Ints) -> Floats:
    """Scores summed by cluster (clusters, k)."""
    return np.stack([np.bincount(cluster, column) for column in scores.T], axis=1)


def newey_west_covariance(fit: CountFit, lags: int) -> Floats:
    """Robust to autocorrelation up to ``lags`` periods; rows must be in order of time."""
    scores = fit.scores
    middle = scores.T @ scores
    for lag in range(1, lags + 1):
        together = scores[lag:].T @ scores[:-lag]
        middle = middle + (1 - lag / (lags + 1)) * (together + together.T)
    rows = len(fit.value)
    return np.asarray(rows / max(fit.freedom, 1) * fit.bread @ middle @ fit.bread)


def score_bootstrap_p(contributions: Floats, *, resamples: int, seed: int) -> float:
    """Two-sided p of the wild (sign-flip) bootstrap of the clusters' score contributions under the null hypothesis.

    ``contributions`` (clusters,): each cluster's efficient score of the effect, fitted with the effect held at nought.
    """
    clusters = len(contributions)
    observed = abs(float(contributions.sum()))
    if clusters <= SIGN_FLIPS_IN_FULL:
        patterns = np.arange(2**clusters)[:, None] >> np.arange(clusters) & 1
        sums = np.abs((2 * patterns - 1) @ contributions)
        return float((sums >= observed * (1 - 1e-12)).mean())
    rng = np.random.Generator(np.random.PCG64(seed))
    signs = 2.0 * rng.integers(0, 2, (resamples, clusters)) - 1
    as_far = int((np.abs(signs @ contributions) >= observed * (1 - 1e-12)).sum())
    return (1 + as_far) / (1 + resamples)


def normal_multiple(confidence: float) -> float:
    """How many standard errors to each side, such as 1.96."""
    check_confidence(confidence)
    return float(ndtri(0.5 + confidence / 2))


def t_multiple(confidence: float, freedom: float) -> float:
    """The same for Student's t."""
    check_confidence(confidence)
    return float(stdtrit(freedom, 0.5 + confidence / 2))


def t_p_value(t: float, freedom: float) -> float:
    """Two-sided p of Student's t."""
    return float(2 * stdtr(freedom, -abs(t)))


def f_p_value(f: float, first: float, second: float) -> float:
    """Upper tail of the F distribution."""
    return float(betainc(second / 2, first / 2, second / (second + first * f)))


def check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise CannotCompute("A confidence level lies between 0 and 1, such as 0.95.")


def check_count(value: float, name: str) -> None:
    """A count of events: finite and not below nought."""
    if not math.isfinite(value) or value < 0:
        raise CannotCompute(f"The count {name} must be a number not below nought.")
