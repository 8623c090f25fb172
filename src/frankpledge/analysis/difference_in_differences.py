"""Difference-in-differences for counts: did treated areas change more than untreated ones over the same periods?

The model is log mean = area + period + effect, with exposure (homes, days) as offset; the effect is a rate ratio.
Standard errors allow any dependence inside an area (CR1), with Student's t on the degrees of freedom of a difference
between two groups of areas, which few treated areas make small. With few areas a sign-flip (wild score) bootstrap gives
a second p. The event study shows each period apart, before and after, against the last
before; its joint test asks whether the paths already differed before.
Sources: Wooldridge J (1999) J Econometrics 90:77-97 (Poisson with effects); Cameron A, Miller D (2015) J Human
Resources 50:317-372 (clusters); Kline P, Santos A (2012) J Econometric Methods 1:23-41; Goodman-Bacon A (2021) J
Econometrics 225:254-277 (why different starting times mislead); Hotelling H (1931) Ann Math Stat 2:360-378.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frankpledge.analysis.count_models import (
    CountFamily,
    CountFit,
    check_confidence,
    cluster_sums,
    clustered_covariance,
    f_p_value,
    fit_counts,
    score_bootstrap_p,
    t_multiple,
    t_p_value,
    two_group_freedom,
)
from frankpledge.analysis.count_panel import CountPanel
from frankpledge.analysis.regression_to_the_mean import chosen_high_doubt
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

FEW_CLUSTERS = 20  # below this many, clustered errors are too small and the bootstrap is run
FEW_TREATED = 5  # the same when so few of them were treated
FEWEST_BEFORE = 3  # periods before, below which nothing is known of the paths before
DIFFERED = 0.10  # p of the joint test under which the paths before are doubted

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class DifferenceInDifferences(Result):
    """``rate_ratio`` below 1: fewer events than the untreated areas lead one to expect.

    ``coefficient`` is its logarithm; ``prevented`` the events that did not happen in the treated areas after the start.
    """

    family: CountFamily
    coefficient: float
    standard_error: float
    freedom: float
    rate_ratio: float
    interval: Interval
    p: float
    bootstrap_p: float | None
    prevented: float
    prevented_interval: Interval
    clusters: int
    treated_clusters: int
    dispersion: float
    overdispersion: float

    def sentence(self) -> Phrase:
        low, high = self.interval.lower or 0.0, self.interval.upper
        values = {
            "percent": decimal(100 * abs(self.rate_ratio - 1)),
            "ratio": decimal(self.rate_ratio, 2),
            "low": decimal(low, 2),
            "high": decimal(high, 2),
            "direction": Phrase("fewer") if self.rate_ratio < 1 else Phrase("more"),
        }
        if (low > 1 or high < 1) and (self.bootstrap_p is None or self.bootstrap_p < 1 - self.interval.confidence):
            return Phrase(
                "{percent} % {direction} events than untreated areas lead one to expect "
                "(rate ratio {ratio}, {low} to {high}).",
                **values,
            )
        if self.bootstrap_p is None:
            return Phrase("No clear effect: rate ratio {ratio} ({low} to {high}).", **values)
        return Phrase(
            "No clear effect: rate ratio {ratio} ({low} to {high}, unsure with so few areas; p by sign flips {p}).",
            p=f"{self.bootstrap_p:.2g}",
            **values,
        )

    def table(self) -> Table:
        row = (self.rate_ratio, self.interval.lower, self.interval.upper, self.standard_error, self.p, self.prevented)
        return Table(("rate ratio", "lower", "upper", "standard error of log", "p", "prevented"), (row,))

    def as_dict(self) -> dict[str, Any]:
        return {
            "family": self.family.value,
            "coefficient": rounded(self.coefficient, 9),
            "standard_error": rounded(self.standard_error, 9),
            "rate_ratio": rounded(self.rate_ratio, 9),
            "interval": self.interval.as_dict(),
            "p": rounded(self.p, 9),
            "bootstrap_p": rounded(self.bootstrap_p),
            "prevented": rounded(self.prevented),
            "prevented_interval": self.prevented_interval.as_dict(),
            "clusters": self.clusters,
            "treated_clusters": self.treated_clusters,
            "dispersion": rounded(self.dispersion),
            "overdispersion": rounded(self.overdispersion),
            **self.provenance(),
        }


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """The panel as rows, without areas and periods that had no event."""

    value: Floats
    exposure: Floats
    area: Ints
    cluster: Ints
    since: Ints  # periods since the area's start; never treated: far below nought
    treated: NDArray[np.bool_]  # under treatment
    ever: NDArray[np.bool_]  # at some time
    periods: Floats  # a column for each period but the first
    doubts: tuple[Doubt, ...]


def difference_in_differences(
    panel: CountPanel,
    *,
    family: CountFamily = CountFamily.POISSON,
    clusters: ArrayLike | None = None,
    confidence: float = 0.95,
    resamples: int = 1999,
    seed: int = 1,
) -> DifferenceInDifferences:
    """The effect of treatment as a rate ratio. ``clusters`` (areas,) groups areas that depend on each other.

    The bootstrap p is made only with few clusters. Raises CannotCompute when no area, or every area, is treated
    throughout, or the treated areas had no event before or after.
    """
    check_confidence(confidence)
    rows = _rows(panel, clusters)
    effect = rows.treated.astype(np.float64)
    _check_events(rows, effect > 0)
    design = np.column_stack([effect, rows.periods])
    fit = fit_counts(design, rows.value, exposure=rows.exposure, group=rows.area, family=family)
    covariance = _clustered(fit, rows)
    number, treated_number = _numbers(rows)
    if covariance[0, 0] <= 1e-18:  # nought but for rounding
        raise CannotCompute("The counts rise and fall together without any scatter, so no error can be estimated.")
    coefficient, error = float(fit.coefficients[0]), math.sqrt(float(covariance[0, 0]))
    freedom = _freedom(number, treated_number)
    reach = t_multiple(confidence, freedom) * error
    name = "clustered (CR1), Student's t"
    low, high = math.exp(coefficient - reach), math.exp(coefficient + reach)
    few = number < FEW_CLUSTERS or min(treated_number, number - treated_number) < FEW_TREATED
    after = float(rows.value[effect > 0].sum())
    return DifferenceInDifferences(
        n=round(float(rows.value.sum())),
        method=f"difference-in-differences, {family.value} regression with area and period effects, clustered errors",
        doubts=(*rows.doubts, *_design_doubts(panel, number, treated_number)),
        seed=seed if few else None,
        family=family,
        coefficient=coefficient,
        standard_error=error,
        freedom=freedom,
        rate_ratio=math.exp(coefficient),
        interval=Interval(low, high, confidence, name),
        p=t_p_value(coefficient / error, freedom),
        bootstrap_p=_bootstrap_p(rows, family, resamples, seed) if few else None,
        prevented=after * (math.exp(-coefficient) - 1),
        prevented_interval=Interval(after * (1 / high - 1), after * (1 / low - 1), confidence, name),
        clusters=number,
        treated_clusters=treated_number,
        dispersion=fit.dispersion,
        overdispersion=fit.overdispersion,
    )


@dataclass(frozen=True, kw_only=True)
class EventStudy(Result):
    """Rate ratios by time since the start, against the last span before. Arrays run over ``since`` (in periods).

    ``pre_trend_p`` tests all spans before jointly; None when there are too few areas for the test.
    """

    since: Ints  # first period of each span; the reference is left out
    span_periods: int
    coefficient: Floats
    standard_error: Floats
    lower: Floats  # of the rate ratio
    upper: Floats
    confidence: float
    pre_trend_p: float | None
    clusters: int

    @property
    def rate_ratio(self) -> Floats:
        return np.exp(self.coefficient)

    def sentence(self) -> Phrase:
        after = self.since >= 0
        mean = math.exp(float(self.coefficient[after].mean())) if after.any() else 1.0
        if self.pre_trend_p is None:
            before = Phrase("whether the paths differed before cannot be tested")
        elif self.pre_trend_p < DIFFERED:
            words = "the paths differed already before (p {p}), so this is no fair comparison"
            before = Phrase(words, p=f"{self.pre_trend_p:.2g}")
        else:
            before = Phrase("the paths did not clearly differ before (p {p})", p=f"{self.pre_trend_p:.2g}")
        return Phrase(
            "After the start the rate ratio is {ratio} on average; {before}.", ratio=decimal(mean, 2), before=before
        )

    def table(self) -> Table:
        columns = ("periods since start", "rate ratio", "lower", "upper")
        parts = (self.rate_ratio, self.lower, self.upper)
        rows = tuple((int(k), *(float(part[i]) for part in parts)) for i, k in enumerate(self.since))
        return Table(columns, rows)

    def as_dict(self) -> dict[str, Any]:
        return {
            "since": self.since.tolist(),
            "span_periods": self.span_periods,
            "rate_ratio": [rounded(v) for v in self.rate_ratio],
            "lower": [rounded(v) for v in self.lower],
            "upper": [rounded(v) for v in self.upper],
            "confidence": self.confidence,
            "pre_trend_p": rounded(self.pre_trend_p),
            "clusters": self.clusters,
            **self.provenance(),
        }


def event_study(
    panel: CountPanel,
    *,
    span_periods: int = 1,
    family: CountFamily = CountFamily.POISSON,
    clusters: ArrayLike | None = None,
    confidence: float = 0.95,
) -> EventStudy:
    """Rate ratios by spans of ``span_periods`` periods since the start; the span just before it is the reference.

    Raises CannotCompute as ``difference_in_differences`` does, or with no period before the reference span.
    """
    check_confidence(confidence)
    if span_periods < 1:
        raise CannotCompute("A span has at least one period.")
    rows = _rows(panel, clusters)
    _check_events(rows, rows.treated)
    span = np.where(rows.ever, np.floor_divide(rows.since, span_periods), -1)
    spans = np.setdiff1d(np.unique(span), [-1])
    design = np.column_stack([*((span == k).astype(np.float64) for k in spans), rows.periods])
    for column, k in zip(design.T, spans, strict=False):
        if rows.value[column > 0].sum() == 0:
            raise CannotCompute(
                f"The treated areas had no event {int(k) * span_periods} periods from the start, so its ratio has no "
                "value. Use longer spans."
            )
    fit = fit_counts(design, rows.value, exposure=rows.exposure, group=rows.area, family=family)
    covariance = _clustered(fit, rows)
    number, treated_number = _numbers(rows)
    shown = len(spans)
    if np.diag(covariance)[:shown].min() <= 1e-18:  # nought but for rounding
        raise CannotCompute("There are too few areas to estimate the error of so many spans. Use longer spans.")
    coefficient, error = fit.coefficients[:shown], np.sqrt(np.diag(covariance)[:shown])
    reach = t_multiple(confidence, _freedom(number, treated_number)) * error
    p = _joint_p(coefficient, covariance[:shown, :shown], spans < -1, number, treated_number)
    doubts = [*rows.doubts, *_design_doubts(panel, number, treated_number)]
    if p is not None and p < DIFFERED:
        sentence = Phrase("Treated and untreated areas moved apart already before the start (p {p}).", p=f"{p:.2g}")
        doubts.append(Doubt(DoubtKind.PATHS_DIFFERED_BEFORE, sentence))
    return EventStudy(
        n=round(float(rows.value.sum())),
        method=f"event study, {family.value} regression with area and period effects, clustered errors",
        doubts=tuple(doubts),
        since=spans.astype(np.int64) * span_periods,
        span_periods=span_periods,
        coefficient=coefficient,
        standard_error=error,
        lower=np.exp(coefficient - reach),
        upper=np.exp(coefficient + reach),
        confidence=confidence,
        pre_trend_p=p,
        clusters=number,
    )


def _joint_p(
    coefficient: Floats, covariance: Floats, chosen: NDArray[np.bool_], clusters: int, treated_clusters: int
) -> float | None:
    """Hotelling's form of the Wald test; None where the clusters are too few to carry it."""
    number = int(chosen.sum())
    smaller = min(treated_clusters, clusters - treated_clusters) or treated_clusters
    if number == 0 or number >= smaller:
        return None
    part = covariance[np.ix_(chosen, chosen)]
    wald = float(coefficient[chosen] @ np.linalg.solve(part, coefficient[chosen]))
    # the smaller group of clusters carries the uncertainty
    return f_p_value((smaller - number) / ((smaller - 1) * number) * wald, number, smaller - number)


def _freedom(clusters: int, treated_clusters: int) -> float:
    freedom = two_group_freedom(treated_clusters, clusters - treated_clusters)
    if freedom < 1:
        raise CannotCompute(
            "Only one area (or cluster) was treated, or only one was not: how much areas vary cannot be seen. Use a "
            "synthetic control, or the weighted displacement difference."
        )
    return freedom


def _rows(panel: CountPanel, clusters: ArrayLike | None) -> _Rows:
    treated = panel.treated
    if not treated.any() or treated.all() and not panel.staggered:
        raise CannotCompute("A comparison needs some areas that were treated and some that were not (or not yet).")
    if np.all(panel.treated_from[treated] == 0):
        raise CannotCompute("There is no period before the start. Give counts from before the areas were treated.")
    group = _groups(panel, clusters)
    areas, periods = panel.counts.sum(axis=1) > 0, panel.counts.sum(axis=0) > 0
    doubts: tuple[Doubt, ...] = ()
    if not areas.all():
        sentence = Phrase("{areas} areas had no event at all and say nothing.", areas=whole(int((~areas).sum())))
        doubts = (Doubt(DoubtKind.ROWS_LEFT_OUT, sentence),)
    keep = np.ix_(areas, periods)
    counts = panel.counts[keep]
    a, t = counts.shape
    area = np.repeat(np.arange(a), t)
    number = np.tile(np.arange(t), a)
    since = np.arange(len(panel.periods))[None, :] - panel.treated_from[:, None]
    ever = np.repeat(treated[areas], t)
    if not ever.any() or ever.all() and not panel.staggered:
        raise CannotCompute("All treated areas, or all untreated ones, had no event at all: nothing can be compared.")
    _, cluster = np.unique(np.repeat(group[areas], t), return_inverse=True)
    return _Rows(
        value=counts.reshape(-1),
        exposure=panel.exposure[keep].reshape(-1),
        area=area,
        cluster=cluster.reshape(-1),
        since=since[keep].reshape(-1),
        treated=panel.under_treatment[keep].reshape(-1),
        ever=ever,
        periods=(number[:, None] == np.arange(1, t)[None, :]).astype(np.float64),
        doubts=doubts,
    )


def _groups(panel: CountPanel, clusters: ArrayLike | None) -> Ints:
    if clusters is None:
        return np.arange(len(panel.areas))
    labels = np.asarray(clusters)
    if labels.shape != (len(panel.areas),):
        raise CannotCompute("Give the cluster of each area, in the order of the areas.")
    return np.asarray(np.unique(labels, return_inverse=True)[1].reshape(-1), np.int64)


def _check_events(rows: _Rows, after: NDArray[np.bool_]) -> None:
    if rows.value[after].sum() == 0 or rows.value[rows.ever & ~after].sum() == 0:
        raise CannotCompute(
            "The treated areas had no event before or none after the start, so a ratio has no value. Use longer "
            "periods, or the exposure-adjusted comparison with its exact interval."
        )


def _clustered(fit: CountFit, rows: _Rows) -> Floats:
    # effects of areas are nested in the clusters, so they cost no degrees of freedom
    return clustered_covariance(fit, rows.cluster, columns=fit.centred.shape[1])


def _numbers(rows: _Rows) -> tuple[int, int]:
    return int(rows.cluster.max()) + 1, len(np.unique(rows.cluster[rows.ever]))


def _bootstrap_p(rows: _Rows, family: CountFamily, resamples: int, seed: int) -> float:
    """The effect held at nought: each cluster's efficient score of it, with signs flipped."""
    held = fit_counts(rows.periods, rows.value, exposure=rows.exposure, group=rows.area, family=family)
    effect = rows.treated.astype(np.float64)
    total = np.bincount(rows.area, held.weight)
    centred = effect - (np.bincount(rows.area, held.weight * effect) / total)[rows.area]
    along = held.bread @ (held.centred.T @ (held.weight * centred))
    efficient = (centred - held.centred @ along) * (held.value - held.mean) * held.weight / held.mean
    return score_bootstrap_p(cluster_sums(efficient[:, None], rows.cluster)[:, 0], resamples=resamples, seed=seed)


def _design_doubts(panel: CountPanel, clusters: int, treated_clusters: int) -> list[Doubt]:
    found = []
    if clusters < FEW_CLUSTERS or min(treated_clusters, clusters - treated_clusters) < FEW_TREATED:
        found.append(
            Doubt(
                DoubtKind.FEW_CLUSTERS,
                Phrase(
                    "{treated} of {areas} areas were treated: with so few the interval may be too narrow.",
                    treated=whole(treated_clusters),
                    areas=whole(clusters),
                ),
            )
        )
    if panel.staggered:
        sentence = Phrase(
            "Areas started at different times; where effects grow or fade, areas treated early are a false comparison "
            "for those treated late. Look at each wave apart."
        )
        found.append(Doubt(DoubtKind.STAGGERED_ADOPTION, sentence))
    shortest = int(panel.treated_from[panel.treated].min())
    if shortest < FEWEST_BEFORE:
        sentence = Phrase(
            "Only {periods} periods before the start: the paths before are unknown.", periods=whole(shortest)
        )
        found.append(Doubt(DoubtKind.SHORT_HISTORY, sentence))
    return [*found, *chosen_high_doubt(panel)]
