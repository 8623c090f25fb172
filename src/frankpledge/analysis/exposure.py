"""Protected against unprotected by property-days at risk, with protection status on the day.

A home is unprotected until the day it is protected and protected from that day on; each burglary counts on the side the
home was on that day. Three comparisons, from weak to strong: all homes together; homes of the same area in the same
month (Mantel-Haenszel), which takes out area and season but not that homes at higher risk ask sooner; and each home
before with itself after, against the calendar (conditional Poisson), which takes out everything about a home that does
not change.
Sources: Rothman K, Greenland S (2008) Modern Epidemiology, chapters 14-15; Greenland S, Robins J (1985) Biometrics
41:55-68 (variance); Cameron A, Trivedi P (2013) Regression Analysis of Count Data, chapter 9; Whitaker H et al (2006)
Stat Med 25:1768-1797 (each its own comparison); Efron B, Tibshirani R (1993) An Introduction to the Bootstrap.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frankpledge.analysis.count_models import (
    CountFit,
    check_confidence,
    check_count,
    clustered_covariance,
    fit_counts,
    model_covariance,
    normal_multiple,
    t_multiple,
    t_p_value,
)
from frankpledge.analysis.events import whole_days
from frankpledge.analysis.rates import RateRatio, crude_rate, rate_ratio
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

NEVER = int(np.iinfo(np.int64).max)  # the day of protection of a home that never was
YEAR_DAYS = 365.25
PER_HOMES = 1000
SMALL_COUNT = 20
FEW_CLUSTERS = 20
FEW_PROTECTED_CLUSTERS = 5
BLOCK = 1_500_000  # clusters drawn at once, so that memory stays bounded

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class ProtectionHistory:
    """Homes, when each was protected, and their burglaries from ``first_day`` to the day before ``end_day``.

    ``area`` and ``protected_from`` run over homes (NEVER where not protected); ``event_home`` (position of the home)
    and ``event_day`` over burglaries. Days count from 1 January 1970.
    """

    area: Ints
    area_names: tuple[str, ...]
    protected_from: Ints
    event_home: Ints
    event_day: Ints
    first_day: int
    end_day: int
    doubts: tuple[Doubt, ...] = ()

    @property
    def event_protected(self) -> NDArray[np.bool_]:
        """Whether the home was protected on the day of each burglary."""
        return np.asarray(self.event_day >= self.protected_from[self.event_home])


def protection_history(
    *,
    area: ArrayLike,
    protected_from: ArrayLike,
    event_home: ArrayLike,
    event_day: ArrayLike,
    first_day: int,
    end_day: int,
    home: ArrayLike | None = None,
) -> ProtectionHistory:
    """From one row for each home (``area``, ``protected_from``: a date, a day number, NEVER or nothing) and for each
    burglary.

    ``event_home`` names homes as ``home`` does, or by position without it. Burglaries of other homes, outside the days
    or without a date that can be read are left out and counted. Raises CannotCompute without homes or days.
    """
    names, areas = np.unique(np.asarray(area).astype(str), return_inverse=True)
    since = _protection_days(protected_from)
    if not len(areas) or len(since) != len(areas):
        raise CannotCompute("Give the area and the day of protection (or nothing) of each home.")
    if end_day <= first_day:
        raise CannotCompute("The last day must come after the first.")
    position, known = _positions(event_home, home, len(areas))
    day, dated = whole_days(event_day)
    if len(day) != len(position):
        raise CannotCompute("Every burglary needs its home and its day.")
    keep = known & dated & (day >= first_day) & (day < end_day)
    left_out = int((~keep).sum())
    doubts: tuple[Doubt, ...] = ()
    if left_out:
        sentence = Phrase(
            "{rows} burglaries left out: of other homes, outside the days, or without a date.", rows=whole(left_out)
        )
        doubts = (Doubt(DoubtKind.ROWS_LEFT_OUT, sentence),)
    return ProtectionHistory(
        area=areas.reshape(-1).astype(np.int64),
        area_names=tuple(str(name) for name in names),
        protected_from=since,
        event_home=position[keep],
        event_day=day[keep],
        first_day=first_day,
        end_day=end_day,
        doubts=doubts,
    )


@dataclass(frozen=True, kw_only=True)
class ExposureComparison(Result):
    """Burglaries and property-days on each side. Rates are per 1,000 homes a year; ``ratio`` protected over unprotected
    with its conditional exact interval.
    """

    protected_events: int
    protected_days: float
    unprotected_events: int
    unprotected_days: float
    ratio: RateRatio

    @property
    def protected_rate(self) -> float:
        return self.protected_events / self.protected_days * YEAR_DAYS * PER_HOMES

    @property
    def unprotected_rate(self) -> float:
        return self.unprotected_events / self.unprotected_days * YEAR_DAYS * PER_HOMES

    def sentence(self) -> Phrase:
        return Phrase(
            "{protected} burglaries a year per 1,000 homes while protected and {unprotected} while not: {ratio}.",
            protected=decimal(self.protected_rate),
            unprotected=decimal(self.unprotected_rate),
            ratio=self.ratio.sentence(),
        )

    def table(self) -> Table:
        rows = []
        sides = (
            ("protected", self.protected_events, self.protected_days),
            ("unprotected", self.unprotected_events, self.unprotected_days),
        )
        for name, events, days in sides:
            rate = crude_rate(events, days / YEAR_DAYS, per=PER_HOMES)
            rows.append((name, events, days, rate.value, rate.interval.lower, rate.interval.upper))
        return Table(("side", "burglaries", "property-days", "per 1,000 homes a year", "lower", "upper"), tuple(rows))

    def as_dict(self) -> dict[str, Any]:
        return {
            "protected": {
                "events": self.protected_events,
                "property_days": rounded(self.protected_days),
                "rate": rounded(self.protected_rate),
            },
            "unprotected": {
                "events": self.unprotected_events,
                "property_days": rounded(self.unprotected_days),
                "rate": rounded(self.unprotected_rate),
            },
            "ratio": self.ratio.as_dict(),
            **self.provenance(),
        }


def compare_exposure(
    *,
    protected_events: int,
    protected_days: float,
    unprotected_events: int,
    unprotected_days: float,
    confidence: float = 0.95,
) -> ExposureComparison:
    """The comparison from sums. Raises CannotCompute without days on both sides, or without any burglary."""
    check_count(protected_events, "of burglaries of protected homes")
    check_count(unprotected_events, "of burglaries of unprotected homes")
    if not (protected_days > 0 and unprotected_days > 0):
        raise CannotCompute("There are no property-days on one of the two sides, so there is nothing to compare.")
    doubts = [_own_choice()]
    if min(protected_events, unprotected_events) < SMALL_COUNT:
        few = min(protected_events, unprotected_events)
        sentence = Phrase("One side rests on {events} burglaries.", events=whole(few))
        doubts.append(Doubt(DoubtKind.SMALL_NUMBERS, sentence))
    return ExposureComparison(
        n=protected_events + unprotected_events,
        method="rates by property-days with protection status on the day, conditional exact interval",
        doubts=tuple(doubts),
        protected_events=protected_events,
        protected_days=protected_days,
        unprotected_events=unprotected_events,
        unprotected_days=unprotected_days,
        ratio=rate_ratio(protected_events, protected_days, unprotected_events, unprotected_days, confidence=confidence),
    )


def exposure_comparison(history: ProtectionHistory, *, confidence: float = 0.95) -> ExposureComparison:
    """All homes together: protected against unprotected property-days."""
    start, end = history.first_day, history.end_day
    protected = _protected_days(history.protected_from, np.array([start, end]))[:, 0]
    protected_days = float(protected.sum())
    hit = history.event_protected
    found = compare_exposure(
        protected_events=int(hit.sum()),
        protected_days=protected_days,
        unprotected_events=int((~hit).sum()),
        unprotected_days=float(len(history.area)) * (end - start) - protected_days,
        confidence=confidence,
    )
    return _with_doubts(found, history.doubts)


@dataclass(frozen=True, kw_only=True)
class ProtectionEffect(Result):
    """``rate_ratio``: burglary of a home while protected over what it would be unprotected; below 1, protection works.

    ``prevented``: burglaries of protected homes that did not happen. ``expected`` is what they would have been.
    """

    rate_ratio: float
    interval: Interval
    p: float | None
    protected_events: int
    unprotected_events: int
    expected: float
    strata: int
    clusters: int
    resamples: int

    @property
    def prevented(self) -> float:
        return self.expected - self.protected_events

    def sentence(self) -> Phrase:
        low, high = self.interval.lower or 0.0, self.interval.upper
        values = {
            "percent": decimal(100 * abs(1 - self.rate_ratio), 0),
            "ratio": decimal(self.rate_ratio, 2),
            "low": decimal(low, 2),
            "high": decimal(high, 2),
            "events": whole(self.protected_events),
            "expected": decimal(self.expected),
        }
        if low <= 1 <= high:
            return Phrase(
                "No clear effect: {events} burglaries of protected homes against {expected} expected "
                "(rate ratio {ratio}, {low} to {high}).",
                **values,
            )
        direction = Phrase("less") if self.rate_ratio < 1 else Phrase("more")
        return Phrase(
            "Protected homes are burgled {percent} % {direction}: {events} burglaries against {expected} expected "
            "(rate ratio {ratio}, {low} to {high}).",
            direction=direction,
            **values,
        )

    def table(self) -> Table:
        columns = ("rate ratio", "lower", "upper", "burglaries while protected", "expected", "prevented")
        lower, upper = self.interval.lower, self.interval.upper
        return Table(columns, ((self.rate_ratio, lower, upper, self.protected_events, self.expected, self.prevented),))

    def as_dict(self) -> dict[str, Any]:
        return {
            "rate_ratio": rounded(self.rate_ratio, 9),
            "interval": self.interval.as_dict(),
            "p": rounded(self.p, 9),
            "protected_events": self.protected_events,
            "unprotected_events": self.unprotected_events,
            "expected": rounded(self.expected),
            "prevented": rounded(self.prevented),
            "strata": self.strata,
            "clusters": self.clusters,
            "resamples": self.resamples,
            **self.provenance(),
        }


def stratified_exposure(
    history: ProtectionHistory,
    *,
    period_edges_days: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    resamples: int = 0,
    confidence: float = 0.95,
    seed: int = 1,
) -> ProtectionEffect:
    """Mantel-Haenszel ratio over area by period (calendar months without edges).

    With ``resamples``, the interval is the percentile bootstrap over ``clusters`` (homes,): homes when None; areas or
    streets when burglaries of neighbours depend on each other. Raises CannotCompute when no area and period has both
    protected and unprotected days with a burglary.
    """
    check_confidence(confidence)
    edges = _edges(history, period_edges_days)
    strata = len(history.area_names) * (len(edges) - 1)
    parts = _stratum_parts(history, edges)
    above, below, variance = _mantel_haenszel(*(part.by_stratum(strata) for part in parts))
    if above == 0 or below == 0:
        raise CannotCompute(
            "In no area and period were there both protected and unprotected homes with a burglary on each side, so "
            "like cannot be compared with like. Use longer periods or larger areas."
        )
    ratio = above / below
    group = _cluster_numbers(history, clusters)
    number = int(group.max()) + 1
    doubts = [*history.doubts, _own_choice()]
    if resamples:
        interval = _bootstrap(parts, strata, group, resamples, confidence, seed)
        p = None
        if number < FEW_CLUSTERS:
            sentence = Phrase("Only {number} clusters to draw from: the interval is too narrow.", number=whole(number))
            doubts.append(Doubt(DoubtKind.FEW_CLUSTERS, sentence))
    else:
        reach = normal_multiple(confidence) * math.sqrt(variance)
        interval = Interval(
            ratio * math.exp(-reach), ratio * math.exp(reach), confidence, "Greenland and Robins, log scale"
        )
        p = math.erfc(abs(math.log(ratio)) / math.sqrt(2 * variance))
    protected = int(history.event_protected.sum())
    doubts += _few_events(protected)
    return ProtectionEffect(
        n=len(history.event_day),
        method="Mantel-Haenszel rate ratio over area and period"
        + (f", {resamples:,} bootstrap resamples" if resamples else ""),
        doubts=tuple(doubts),
        seed=seed if resamples else None,
        rate_ratio=ratio,
        interval=interval,
        p=p,
        protected_events=protected,
        unprotected_events=len(history.event_day) - protected,
        expected=protected / ratio,
        strata=strata,
        clusters=number,
        resamples=resamples,
    )


def own_comparison(
    history: ProtectionHistory,
    *,
    period_edges_days: ArrayLike | None = None,
    leave_out_days_before: int = 0,
    clusters: ArrayLike | None = None,
    confidence: float = 0.95,
) -> ProtectionEffect:
    """Each home protected against itself unprotected, with the calendar from all homes (conditional Poisson).

    ``leave_out_days_before`` takes out that many days before each home's protection: needed where homes were protected
    BECAUSE they had just been burgled, or the time before looks too bad. ``clusters`` (homes,) for the standard error;
    without them the widest of the errors by model, by home and by area (neighbours' burglaries hang together). Raises
    CannotCompute without a burglary of a protected home and one of a home later protected.
    """
    check_confidence(confidence)
    if leave_out_days_before < 0:
        raise CannotCompute("The days to leave out before protection cannot be below nought.")
    rows = _own_rows(history, _edges(history, period_edges_days), leave_out_days_before)
    protected = int(rows.value[rows.effect > 0].sum())
    later = np.isin(rows.home, np.unique(rows.home[rows.effect > 0]))
    if protected == 0 or rows.value[later & (rows.effect == 0)].sum() == 0:
        raise CannotCompute(
            "There is no burglary of a home while protected, or none before of a home that was protected later, so no "
            "home can be compared with itself. Use the exact comparison of all homes."
        )
    design = np.column_stack([rows.effect, rows.periods])
    fit = fit_counts(design, rows.value, exposure=rows.days, group=rows.home)
    error, freedom, number = _widest_error(fit, rows, history, clusters)
    ratio = math.exp(float(fit.coefficients[0]))
    reach = t_multiple(confidence, freedom) * error
    doubts = [*history.doubts, *_few_events(protected)]
    if freedom + 1 < FEW_PROTECTED_CLUSTERS:
        sentence = Phrase("Protected homes lie in only {number} clusters.", number=whole(freedom + 1))
        doubts.append(Doubt(DoubtKind.FEW_CLUSTERS, sentence))
    return ProtectionEffect(
        n=round(float(rows.value.sum())),
        method="each home its own comparison, conditional Poisson with the calendar of all homes, clustered errors"
        + (f", {leave_out_days_before} days before protection left out" if leave_out_days_before else ""),
        doubts=tuple(doubts),
        rate_ratio=ratio,
        interval=Interval(ratio * math.exp(-reach), ratio * math.exp(reach), confidence, "clustered, Student's t"),
        p=t_p_value(math.log(ratio) / error, freedom),
        protected_events=protected,
        unprotected_events=round(float(rows.value.sum())) - protected,
        expected=protected / ratio,
        strata=int(rows.home.max()) + 1,
        clusters=number,
        resamples=0,
    )


@dataclass(frozen=True, kw_only=True)
class DoseResponse(Result):
    """Does more protection go with less burglary? ``ratio`` is the rate ratio for one unit more of dose."""

    dose: Floats
    events: Floats
    exposure: Floats
    ratio: float
    interval: Interval
    p: float

    def sentence(self) -> Phrase:
        low, high = self.interval.lower or 0.0, self.interval.upper
        values = {"ratio": decimal(self.ratio, 2), "low": decimal(low, 2), "high": decimal(high, 2)}
        if low <= 1 <= high:
            return Phrase("No clear trend with dose: rate ratio {ratio} a unit ({low} to {high}).", **values)
        return Phrase("The rate goes {ratio} times with each unit of dose ({low} to {high}).", **values)

    def table(self) -> Table:
        rows = []
        for level in np.unique(self.dose):
            here = self.dose == level
            events, size = round(float(self.events[here].sum())), float(self.exposure[here].sum())
            rate = crude_rate(events, size / YEAR_DAYS, per=PER_HOMES)
            rows.append((float(level), events, size, rate.value, rate.interval.lower, rate.interval.upper))
        return Table(("dose", "burglaries", "property-days", "per 1,000 homes a year", "lower", "upper"), tuple(rows))

    def as_dict(self) -> dict[str, Any]:
        return {
            "ratio_per_unit": rounded(self.ratio, 9),
            "interval": self.interval.as_dict(),
            "p": rounded(self.p, 9),
            "levels": [list(row) for row in self.table().rows],
            **self.provenance(),
        }


def dose_response(
    *,
    dose: ArrayLike,
    events: ArrayLike,
    exposure_days: ArrayLike,
    strata: ArrayLike | None = None,
    periods: ArrayLike | None = None,
    confidence: float = 0.95,
) -> DoseResponse:
    """Trend of the rate over ``dose`` (rows,): measures fitted, share of homes covered. Log-linear quasi-Poisson.

    ``strata`` (rows,) compares only rows of the same stratum (area). ``periods`` (rows,) takes out what happened
    everywhere in a period besides. Raises CannotCompute with one dose only, or fewer rows than the trend and the strata
    need.
    """
    level, value, size = (np.asarray(part, np.float64) for part in (dose, events, exposure_days))
    if level.ndim != 1 or not level.shape == value.shape == size.shape:
        raise CannotCompute("Every row needs a dose, its burglaries and its property-days.")
    if not np.all(np.isfinite(level)) or not np.all(np.isfinite(value)) or value.min(initial=0) < 0:
        raise CannotCompute("Doses must be numbers, and counts not below nought.")
    if not np.all(size > 0) or value.sum() == 0 or len(np.unique(level)) < 2:
        raise CannotCompute("A trend needs property-days in every row, a burglary, and at least two doses.")
    labels = _numbered(np.zeros(len(level)) if strata is None else strata)
    times = _numbered(np.zeros(len(level)) if periods is None else periods)
    keep = (np.bincount(labels, value)[labels] > 0) & (np.bincount(times, value)[times] > 0)
    level, value, size = level[keep], value[keep], size[keep]
    labels, times = _numbered(labels[keep]), _numbered(times[keep])
    of_period = (times[:, None] == np.arange(1, int(times.max()) + 1)[None, :]).astype(np.float64)
    fit = fit_counts(np.column_stack([level - level.mean(), of_period]), value, exposure=size, group=labels)
    if fit.freedom < 1:
        # as many coefficients as rows: Poisson is all there is to go by
        error, reach = math.sqrt(float(fit.bread[0, 0])), normal_multiple(confidence)
        p = math.erfc(abs(float(fit.coefficients[0])) / error / math.sqrt(2))
    else:
        error, reach = math.sqrt(float(model_covariance(fit)[0, 0])), normal_multiple(confidence)
        if fit.dispersion > 1:
            reach = t_multiple(confidence, fit.freedom)
        p = t_p_value(float(fit.coefficients[0]) / error, fit.freedom if fit.dispersion > 1 else 1e9)
    ratio = math.exp(float(fit.coefficients[0]))
    span = math.exp(reach * error)
    return DoseResponse(
        n=round(float(value.sum())),
        method="log-linear trend over dose, quasi-Poisson" + (", periods taken out" if periods is not None else ""),
        doubts=(_own_choice(),),
        dose=level,
        events=value,
        exposure=size,
        ratio=ratio,
        interval=Interval(ratio / span, ratio * span, confidence, "quasi-Poisson"),
        p=p,
    )


def _numbered(labels: ArrayLike) -> Ints:
    """0, 1, 2 ... for the labels in their order."""
    return np.asarray(np.unique(np.asarray(labels).astype(str), return_inverse=True)[1].reshape(-1), np.int64)


@dataclass(frozen=True, slots=True)
class _Part:
    """Amounts of one kind (burglaries or property-days of one side) by home and stratum."""

    home: Ints
    stratum: Ints
    amount: Floats

    def by_stratum(self, strata: int) -> Floats:
        return np.asarray(np.bincount(self.stratum, self.amount, strata), np.float64)


def _stratum_parts(history: ProtectionHistory, edges: Ints) -> tuple[_Part, _Part, _Part, _Part]:
    """Protected burglaries, unprotected burglaries, protected days, unprotected days."""
    periods = len(edges) - 1
    protected = _protected_days(history.protected_from, edges)
    unprotected = np.diff(edges)[None, :] - protected
    stratum = history.area[:, None] * periods + np.arange(periods)[None, :]

    def days(amount: Floats) -> _Part:
        home, period = np.nonzero(amount)
        return _Part(home, stratum[home, period], amount[home, period])

    when = np.searchsorted(edges, history.event_day, side="right") - 1
    inside = (when >= 0) & (when < periods)
    where = stratum[history.event_home, np.clip(when, 0, periods - 1)]
    hit = history.event_protected

    def burglaries(chosen: NDArray[np.bool_]) -> _Part:
        return _Part(history.event_home[chosen], where[chosen], np.ones(int(chosen.sum())))

    return burglaries(hit & inside), burglaries(~hit & inside), days(protected), days(unprotected)


def _mantel_haenszel(hit: Floats, missed: Floats, protected: Floats, unprotected: Floats) -> tuple[float, float, float]:
    """Numerator, denominator, variance of the log ratio; sums over strata."""
    total = np.maximum(protected + unprotected, 1e-300)
    above = float((hit * unprotected / total).sum())
    below = float((missed * protected / total).sum())
    spread = float(((hit + missed) * protected * unprotected / total**2).sum())
    return above, below, spread / (above * below) if above * below > 0 else math.inf


def _bootstrap(
    parts: tuple[_Part, ...], strata: int, group: Ints, resamples: int, confidence: float, seed: int
) -> Interval:
    """Clusters drawn with replacement; every resample's strata are summed anew by sparse products."""
    from scipy.sparse import csr_array

    number = int(group.max()) + 1
    tables = [csr_array((part.amount, (part.stratum, group[part.home])), shape=(strata, number)) for part in parts]
    rng = np.random.Generator(np.random.PCG64(seed))
    logs = []
    block = max(1, BLOCK // number)
    for first in range(0, resamples, block):
        weight = _drawn(rng, number, min(block, resamples - first))
        hit, missed, protected, unprotected = (np.asarray(table @ weight, np.float64) for table in tables)
        total = np.maximum(protected + unprotected, 1e-300)
        with np.errstate(divide="ignore", invalid="ignore"):
            logs.append(np.log((hit * unprotected / total).sum(0)) - np.log((missed * protected / total).sum(0)))
    found = np.concatenate(logs)
    found = np.sort(found[~np.isnan(found)])
    tail = (1 - confidence) / 2
    low, high = found[int(tail * (len(found) - 1))], found[math.ceil((1 - tail) * (len(found) - 1))]
    if not math.isfinite(high):
        raise CannotCompute("So few burglaries that some resamples have none on one side: no bootstrap interval.")
    return Interval(math.exp(low), math.exp(high), confidence, f"percentile bootstrap of {number:,} clusters")


def _drawn(rng: np.random.Generator, number: int, resamples: int) -> Floats:
    """How often each cluster was drawn in each resample (clusters, resamples)."""
    place = rng.integers(0, number, (resamples, number)) + number * np.arange(resamples)[:, None]
    times = np.bincount(place.reshape(-1), minlength=resamples * number).reshape(resamples, number)
    return np.ascontiguousarray(times.T, np.float64)


@dataclass(frozen=True, kw_only=True)
class _OwnRows:
    """One row for each burgled home, period and side with days on it."""

    home: Ints  # 0, 1, 2 ... over burgled homes
    position: Ints  # of the home in the history
    effect: Floats
    value: Floats
    days: Floats
    periods: Floats


def _own_rows(history: ProtectionHistory, edges: Ints, leave_out: int) -> _OwnRows:
    """Homes never burgled say nothing of their own change and drop out exactly."""
    count = len(edges) - 1
    since = history.protected_from
    until = np.where(since == NEVER, NEVER, since - leave_out)
    when = np.searchsorted(edges, history.event_day, side="right") - 1
    hit = history.event_protected
    used = (when >= 0) & (when < count) & (hit | (history.event_day < until[history.event_home]))
    burgled, home = np.unique(history.event_home[used], return_inverse=True)
    if not len(burgled):
        raise CannotCompute("There is no burglary in these days: there is nothing to compare.")
    value = np.zeros((2, len(burgled), count))
    np.add.at(value, (hit[used].astype(np.int64), home.reshape(-1), when[used]), 1.0)
    days = np.zeros_like(value)
    days[1] = _protected_days(since[burgled], edges)
    days[0] = np.diff(edges)[None, :] - _protected_days(until[burgled], edges)
    eventful = value.sum(axis=(0, 1)) > 0
    side, row, period = np.nonzero((days > 0) & eventful[None, None, :])
    _, period_number = np.unique(period, return_inverse=True)
    shown = int(eventful.sum())
    return _OwnRows(
        home=np.unique(row, return_inverse=True)[1].reshape(-1),
        position=burgled[row],
        effect=side.astype(np.float64),
        value=value[side, row, period],
        days=days[side, row, period],
        periods=(period_number.reshape(-1)[:, None] == np.arange(1, shown)[None, :]).astype(np.float64),
    )


def _widest_error(
    fit: CountFit, rows: _OwnRows, history: ProtectionHistory, clusters: ArrayLike | None
) -> tuple[float, int, int]:
    """Standard error of the effect, its degrees of freedom (clusters with protected homes, less one) and clusters."""
    homes = np.arange(len(history.area))
    groupings = [homes, history.area] if clusters is None else [_cluster_numbers(history, clusters)]
    plain = math.sqrt(float(fit.bread[0, 0]))
    found = []
    for grouping in groupings:
        names, group = np.unique(grouping[rows.position], return_inverse=True)
        freedom = len(np.unique(grouping[rows.position[rows.effect > 0]])) - 1
        if freedom < 1 or (len(groupings) > 1 and freedom + 1 < FEW_PROTECTED_CLUSTERS):
            continue
        robust = clustered_covariance(fit, group.reshape(-1), columns=fit.centred.shape[1])
        found.append((max(math.sqrt(float(robust[0, 0])), plain), freedom, len(names)))
    if not found:
        raise CannotCompute(
            "Protected homes with a burglary lie in too few clusters to see how much the effect varies. Use smaller "
            "clusters, or the exact comparison of all homes."
        )
    # the widest of several errors is already cautious: with the degrees of freedom of the first
    return max(found)[0], found[0][1], found[0][2]


def _protected_days(since: Ints, edges: Ints) -> Floats:
    """Days protected of each home in each period (homes, periods)."""
    reached = np.clip(edges[None, :] - np.minimum(since, edges[-1])[:, None], 0, None)
    return np.diff(reached, axis=1).astype(np.float64)


def _edges(history: ProtectionHistory, given: ArrayLike | None) -> Ints:
    """The caller's edges, or the first day, the first of each month, and the end."""
    if given is not None:
        edges = np.asarray(given, np.int64)
        if edges.ndim != 1 or len(edges) < 2 or np.any(np.diff(edges) <= 0):
            raise CannotCompute("Period edges are day numbers that rise, one more than there are periods.")
        if edges[0] != history.first_day or edges[-1] != history.end_day:
            raise CannotCompute("The period edges must begin at the first day and finish at the end.")
        return edges
    span = np.array([history.first_day, history.end_day - 1]).astype("datetime64[D]").astype("datetime64[M]")
    months = np.arange(span[0], span[1] + np.timedelta64(2, "M")).astype("datetime64[D]").astype(np.int64)
    inside = months[(months > history.first_day) & (months < history.end_day)]
    return np.concatenate([[history.first_day], inside, [history.end_day]]).astype(np.int64)


def _protection_days(values: ArrayLike) -> Ints:
    array = np.asarray(values)
    if array.dtype.kind in "iu":
        return array.astype(np.int64)
    days, known = whole_days(array)
    return np.where(known, days, NEVER)


def _positions(event_home: ArrayLike, home: ArrayLike | None, homes: int) -> tuple[Ints, NDArray[np.bool_]]:
    """Position of the home of each burglary, and whether there is one."""
    named = np.asarray(event_home)
    if home is None:
        position = named.astype(np.int64)
        return position, (position >= 0) & (position < homes)
    names = np.asarray(home).astype(str)
    if len(names) != homes or len(np.unique(names)) != homes:
        raise CannotCompute("Every home needs a name of its own.")
    order = np.argsort(names)
    place = np.clip(np.searchsorted(names[order], named.astype(str)), 0, homes - 1)
    position = order[place]
    return position, names[position] == named.astype(str)


def _cluster_numbers(history: ProtectionHistory, clusters: ArrayLike | None) -> Ints:
    if clusters is None:
        return np.arange(len(history.area))
    labels = np.asarray(clusters)
    if labels.shape != history.area.shape:
        raise CannotCompute("Give the cluster of each home, in the order of the homes.")
    return np.asarray(np.unique(labels, return_inverse=True)[1].reshape(-1), np.int64)


def _few_events(protected: int) -> list[Doubt]:
    if protected >= SMALL_COUNT:
        return []
    sentence = Phrase("Only {events} burglaries of protected homes.", events=whole(protected))
    return [Doubt(DoubtKind.SMALL_NUMBERS, sentence)]


def _own_choice() -> Doubt:
    sentence = Phrase(
        "Homes were not protected at random: those that ask may be at higher or lower risk to begin with. Comparing "
        "each home with itself takes that out."
    )
    return Doubt(DoubtKind.OWN_CHOICE, sentence)


def _with_doubts(found: ExposureComparison, doubts: tuple[Doubt, ...]) -> ExposureComparison:
    return replace(found, doubts=(*doubts, *found.doubts)) if doubts else found
