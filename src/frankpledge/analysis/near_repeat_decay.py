"""How fast the risk after an event fades, in metres and in days, and where it is raised today.

The counts of a Knox table with narrow bands are fitted by ``k * expected * (1 + A exp(-distance / s) exp(-days / t))``,
with the exact expected counts; s and t times the logarithm of 2 are the half-distance and the half-life. The level k
of each distance is left free (its counts are taken given their sum), because near repeats inflate the very margins from
which the expected counts come. The same place is fitted apart, with an A and t of its own, and pairs there
being few, its level comes from all longer lags too. Intervals are by profile
likelihood, widened by the over-dispersion found: the greatest of one, the exact variance of the cells over their mean,
and the Pearson residuals. Within a band the mean of the exponential is used, not its value at the middle. Pairs on one
day are left out unless asked for: many are one crime recorded twice or several homes of one building on one round,
nobody can act between them, and they would pass for a much quicker fading.
Sources: Knox G (1964) Applied Statistics 13:25-29; Johnson S et al (2009) Policing 3:115-131 (risk that fades in space
and time, used to look ahead); McCullagh P, Nelder J (1989) Generalized Linear Models, ch 9 (quasi-likelihood);
Venzon D, Moolgavkar S (1988) Applied Statistics 37:87-94 (profile intervals).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, spatial, special

from frankpledge.analysis.events import EPOCH, Events, events_from_arrays, left_out_doubts
from frankpledge.analysis.near_repeat import KnoxTest, knox_test_on
from frankpledge.analysis.neighbours import EUCLIDEAN, MANHATTAN, DistanceBands
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

LOG_2 = math.log(2)
BEYOND = 20.0  # scales are sought up to so many times the distance and days looked at
NEAREST = 0.02  # and down to this part of a band
LEAST_EXCESS, MOST_EXCESS = 1e-6, 1e6
PLACES_AT_ONCE = 20_000
# Without derivatives: on this long curved ridge it finds lower losses than L-BFGS-B, sooner, and waits for no threads.
SEARCH: Any = {"xatol": 1e-5, "fatol": 1e-7}


@dataclass(frozen=True, slots=True)
class Fading:
    """A half-life or half-distance with its interval, and the excess (times usual) it starts from at nought."""

    half: float
    interval: Interval
    excess: float

    @property
    def scale(self) -> float:
        """Days or metres after which the excess is down to 1/e."""
        return self.half / LOG_2


@dataclass(frozen=True, kw_only=True)
class NearRepeatDecay(Result):
    """Half-distance (metres) and half-life (days) of the excess near an event; ``same_place_days`` the half-life at the
    place itself, None where the counts there do not tell one. ``n`` events; ``dispersion`` of the counts (1: Poisson).
    """

    distance: Fading
    days: Fading
    same_place_days: Fading | None
    within_m: float
    within_days: int
    metric: str
    dispersion: float
    excess_pairs: float

    def sentence(self) -> Phrase:
        near = {
            "metres": whole(self.distance.half),
            "metres_range": _range(self.distance.interval),
            "days": decimal(self.days.half),
            "days_range": _range(self.days.interval, 1),
            "n": whole(self.n),
        }
        if self.same_place_days is None:
            return Phrase(
                "The raised risk near an event halves every {metres} m ({metres_range}) and every {days} days "
                "({days_range}; n {n}).",
                **near,
            )
        return Phrase(
            "The raised risk near an event halves every {metres} m ({metres_range}) and every {days} days "
            "({days_range}), at the place itself every {own} days ({own_range}; n {n}).",
            **near,
            own=decimal(self.same_place_days.half),
            own_range=_range(self.same_place_days.interval, 1),
        )

    def _rows(self) -> list[tuple[str, Fading]]:
        rows = [("half-distance, m", self.distance), ("half-life, days", self.days)]
        if self.same_place_days is not None:
            rows.append(("half-life at the same place, days", self.same_place_days))
        return rows

    def table(self) -> Table:
        rows = tuple(
            (name, fading.half, fading.interval.lower, fading.interval.upper, fading.excess)
            for name, fading in self._rows()
        )
        return Table(("what fades", "half", "lower", "upper", "excess at nought"), rows)

    def as_dict(self) -> dict[str, Any]:
        own = self.same_place_days
        return {
            "half_distance_m": rounded(self.distance.half, 3),
            "half_distance_interval": self.distance.interval.as_dict(),
            "half_life_days": rounded(self.days.half, 3),
            "half_life_interval": self.days.interval.as_dict(),
            "excess": rounded(self.days.excess, 4),
            "same_place_half_life_days": None if own is None else rounded(own.half, 3),
            "same_place_half_life_interval": None if own is None else own.interval.as_dict(),
            "same_place_excess": None if own is None else rounded(own.excess, 4),
            "within_m": self.within_m,
            "within_days": self.within_days,
            "metric": self.metric,
            "dispersion": rounded(self.dispersion, 4),
            "excess_pairs": rounded(self.excess_pairs, 1),
            **self.provenance(),
        }


def near_repeat_decay(
    events: Events,
    *,
    within_m: float = 1_000,
    distance_band_m: float = 50,
    within_days: int = 56,
    time_band_days: int = 1,
    first_lag_days: int = 1,
    metric: str = EUCLIDEAN,
    confidence: float = 0.95,
    threads: int | None = None,
) -> NearRepeatDecay:
    """Half-distance and half-life from the pairs of events within ``within_m`` metres and ``first_lag_days`` up to, not
    with, ``within_days`` days.

    Raises CannotCompute where the pairs hold no excess that fades, or it fades so slowly that the distance or the days
    looked at do not show it; and what knox_test_on refuses.
    """
    if not distance_band_m > 0 or within_m < 3 * distance_band_m or time_band_days < 1:
        raise CannotCompute(
            "Fading needs bands wider than nought and at least three of them in the distance looked at."
        )
    if first_lag_days < 0 or within_days - first_lag_days < 3 * time_band_days or not 0.5 <= confidence < 1:
        raise CannotCompute("Fading needs at least three bands of days, and a confidence between 0.5 and 1.")
    rings = int(within_m // distance_band_m)
    edges = tuple(float(distance_band_m * k) for k in range(rings + 1))
    limits = np.arange(first_lag_days, within_days + 1, time_band_days)
    longer = np.append(limits, max(int(np.ptp(events.days)) if len(events) else 0, int(limits[-1])) + 1)
    knox = knox_test_on(
        events,
        bands=DistanceBands(edges),
        time_edges_days=tuple(np.unique([0, *longer]).tolist()),
        metric=metric,
        threads=threads,
    )
    near = _Fit.near(knox, np.asarray(edges), limits)
    if not near.fades(confidence):
        raise CannotCompute(
            f"Near in time, events up to {edges[-1]:g} m apart are no more than chance gives, so there is nothing that "
            "fades. Use more events or other distances."
        )
    if not near.has_level:
        raise CannotCompute("There are no pairs near by but the excess itself. Use more events or a longer distance.")
    metres, days = near.interval(1, confidence), near.interval(2, confidence)
    if metres is None:
        raise CannotCompute(f"The excess does not clearly fade within {edges[-1]:g} m. Look at a longer distance.")
    if days is None:
        raise CannotCompute(f"The excess does not clearly fade within {limits[-1]} days. Look at more days.")
    own = _Fit.same_place(knox, longer)
    own_days = own.interval(1, confidence) if own.fades(confidence) and own.has_level else None
    excess = near.excess
    return NearRepeatDecay(
        n=knox.n,
        method=f"exponential decay fitted to {len(edges) - 1} x {len(limits) - 1} Knox cells, lags from "
        f"{first_lag_days} days, by conditional quasi-Poisson likelihood, profile intervals, {metric} distance",
        doubts=_doubts(events, own_days is None),
        distance=Fading(LOG_2 * near.scales[0], metres, excess),
        days=Fading(LOG_2 * near.scales[1], days, excess),
        same_place_days=None if own_days is None else Fading(LOG_2 * own.scales[0], own_days, own.excess),
        within_m=edges[-1],
        within_days=int(limits[-1]),
        metric=metric,
        dispersion=near.dispersion,
        excess_pairs=near.excess_pairs,
    )


class _Fit:
    """Maximum of the likelihood of rows of counts given their sums, over log A and the logs of one or two scales."""

    def __init__(
        self,
        observed: NDArray[np.int64],
        expected: NDArray[np.float64],
        sd: NDArray[np.float64],
        shapes: Callable[[NDArray[np.float64]], NDArray[np.float64]],
        bounds: list[tuple[float, float]],
    ) -> None:
        self.observed, self.expected, self.shapes = observed.astype(np.float64), expected, shapes
        self.bounds = [(math.log(LEAST_EXCESS), math.log(MOST_EXCESS)), *bounds]
        self.best, self.loss = self._least(self._starts())
        self.dispersion = self._dispersion(sd)

    @classmethod
    def near(cls, knox: KnoxTest, edges: NDArray[np.float64], limits: NDArray[np.int64]) -> "_Fit":
        def shapes(logs: NDArray[np.float64]) -> NDArray[np.float64]:
            metres, days = np.exp(logs)
            return np.outer(_ring_means(edges, metres), _day_means(limits, days))

        bounds = [_scale_bounds(edges[1], edges[-1]), _scale_bounds(int(np.ptp(limits[:2])), int(limits[-1]))]
        return cls(*_cells(knox, slice(1, None), limits), shapes, bounds)

    @classmethod
    def same_place(cls, knox: KnoxTest, limits: NDArray[np.int64]) -> "_Fit":
        def shapes(logs: NDArray[np.float64]) -> NDArray[np.float64]:
            return _day_means(limits, math.exp(logs[0]))[None, :]

        bounds = [_scale_bounds(int(np.ptp(limits[:2])), int(limits[-2]))]
        return cls(*_cells(knox, slice(1), limits), shapes, bounds)

    @property
    def excess(self) -> float:
        return math.exp(self.best[0])

    @property
    def has_level(self) -> bool:
        """Whether there are pairs beside the excess; without them it is an excess over nothing."""
        return bool(self.best[0] < self.bounds[0][1] - 0.01)

    @property
    def scales(self) -> list[float]:
        return [math.exp(value) for value in self.best[1:]]

    def fades(self, confidence: float) -> bool:
        """Whether the fit is better than no excess at all, as if A and every scale had been free (a strict rule)."""
        if not self.observed.sum():
            return False
        nothing = self._loss_of(1.0 + np.zeros_like(self.expected))
        return 2 * (nothing - self.loss) / self.dispersion > float(special.chdtri(len(self.best), 1 - confidence))

    def interval(self, which: int, confidence: float) -> Interval | None:
        """Profile interval of a half-distance or half-life; None when it has no upper end."""
        allowed = self.dispersion * float(special.chdtri(1, 1 - confidence)) / 2
        rest = [i for i in range(len(self.best)) if i != which]

        def over(value: float) -> float:
            def full(others: NDArray[np.float64]) -> NDArray[np.float64]:
                return np.insert(others, which, value)

            return self._least([self.best[rest]], full, [self.bounds[i] for i in rest])[1] - self.loss - allowed

        low, high = self.bounds[which]
        if over(high) <= 0:
            return None
        upper = float(optimize.brentq(over, self.best[which], high, xtol=1e-3))
        lower = float(optimize.brentq(over, low, self.best[which], xtol=1e-3)) if over(low) > 0 else None
        return Interval(
            None if lower is None else LOG_2 * math.exp(lower),
            LOG_2 * math.exp(upper),
            confidence,
            "profile likelihood",
        )

    @property
    def excess_pairs(self) -> float:
        """Pairs observed beyond those the fitted level of each row gives."""
        return float((self._fitted() * (1 - 1 / self._times(self.best))).sum())

    def _times(self, logs: NDArray[np.float64]) -> NDArray[np.float64]:
        return 1 + math.exp(logs[0]) * self.shapes(logs[1:])

    def _loss_of(self, times: NDArray[np.float64]) -> float:
        weight = self.expected * times
        sums = weight.sum(1, keepdims=True)
        return -float(special.xlogy(self.observed, weight / np.where(sums > 0, sums, 1)).sum())

    def _fitted(self) -> NDArray[np.float64]:
        weight = self.expected * self._times(self.best)
        sums = weight.sum(1, keepdims=True)
        return weight * self.observed.sum(1, keepdims=True) / np.where(sums > 0, sums, 1)

    def _least(
        self,
        starts: list[NDArray[np.float64]],
        full: Callable[[NDArray[np.float64]], NDArray[np.float64]] = lambda logs: logs,
        bounds: list[tuple[float, float]] | None = None,
    ) -> tuple[NDArray[np.float64], float]:
        def loss(logs: NDArray[np.float64]) -> float:
            return self._loss_of(self._times(full(logs)))

        fits = [
            optimize.minimize(loss, start, method="Nelder-Mead", options=SEARCH, bounds=bounds or self.bounds)
            for start in starts
        ]
        best = min(fits, key=lambda fit: float(fit.fun))
        return np.asarray(best.x), float(best.fun)

    def _starts(self) -> list[NDArray[np.float64]]:
        """Scales short, middling and long within their bounds."""
        spans = [(low, high) for low, high in self.bounds[1:]]
        return [np.array([0.0, *(low + part * (high - low) for low, high in spans)]) for part in (0.35, 0.55, 0.75)]

    def _dispersion(self, sd: NDArray[np.float64]) -> float:
        fitted = self._fitted()
        free = fitted.size - len(fitted) - len(self.best)
        if not self.expected.sum() or not fitted.sum():
            return 1.0
        residual = float(((self.observed - fitted) ** 2).sum() / fitted.sum()) * fitted.size / max(free, 1)
        return max(1.0, float((sd**2).sum() / self.expected.sum()), residual)


def _cells(
    knox: KnoxTest, rows: slice, limits: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Observed, expected and sd of the rows, without the lags before the first limit."""
    first = 1 if limits[0] else 0
    used = slice(first, first + len(limits) - 1)
    return knox.observed[rows, used], knox.expected[rows, used], knox.sd[rows, used]


def _scale_bounds(band: float, reach: float) -> tuple[float, float]:
    return math.log(NEAREST * band), math.log(BEYOND * reach)


def _ring_means(edges: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """Mean of exp(-r / scale) over each ring, pairs growing with r."""
    gone = -(scale * edges + scale**2) * np.exp(-edges / scale)
    return np.asarray(np.diff(gone) / (np.diff(edges**2) / 2))


def _day_means(limits: NDArray[np.int64], scale: float) -> NDArray[np.float64]:
    """Mean of exp(-lag / scale) over the whole days of each band."""
    each = np.exp(-np.arange(limits[-1]) / scale)
    return np.asarray(np.add.reduceat(each, limits[:-1]) / np.diff(limits))


def _doubts(events: Events, no_same_place: bool) -> tuple[Doubt, ...]:
    doubts = list(left_out_doubts(events))
    if no_same_place:
        sentence = Phrase("Events at one same place are too few, or fade too slowly, for a half-life of their own.")
        doubts.append(Doubt(DoubtKind.SMALL_NUMBERS, sentence))
    return tuple(doubts)


def _range(interval: Interval, places: int = 0) -> Phrase:
    if interval.lower is None:
        return Phrase("up to {upper}", upper=decimal(interval.upper, places))
    return Phrase("{lower} to {upper}", lower=decimal(interval.lower, places), upper=decimal(interval.upper, places))


@dataclass(frozen=True, slots=True)
class Reason:
    """One recent event that raises the risk of a place: its row in the table given, how far, how long ago, by how
    much.
    """

    row: int
    distance_m: float
    days_ago: int
    adds: float

    def as_dict(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "distance_m": rounded(self.distance_m, 3),
            "days_ago": self.days_ago,
            "adds": rounded(self.adds),
        }

    @property
    def sentence(self) -> Phrase:
        where = Phrase("here") if self.distance_m == 0 else Phrase("{metres} m away", metres=whole(self.distance_m))
        if self.days_ago == 0:
            return Phrase("{where} today", where=where)
        when = Phrase("yesterday") if self.days_ago == 1 else Phrase("{days} days ago", days=whole(self.days_ago))
        return Phrase("{where} {when}", where=where, when=when)


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A place, how many times its usual risk it has today, and why (the strongest reasons first)."""

    place: int
    x: float
    y: float
    times_usual: float
    reasons: tuple[Reason, ...]

    def sentence(self, most: int = 3) -> Phrase:
        shown = tuple(reason.sentence for reason in self.reasons[:most])
        if not shown:
            return Phrase("No recent event nearby.")
        return Phrase("{times} times its usual risk: {reasons}.", times=decimal(self.times_usual), reasons=shown)


@dataclass(frozen=True, kw_only=True)
class RiskNow(Result):
    """Today's risk of each place as times its usual: ``risk`` float64 (places,), 1 where nothing recent is near.

    ``n`` recent events counted; ``today`` in days since 1 January 1970. ``reasons`` are asked of ``at_risk``.
    """

    today: int
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    risk: NDArray[np.float64]
    recent: Events
    decay: NearRepeatDecay

    def at_risk(self, top: int = 20) -> tuple[AtRisk, ...]:
        """The ``top`` places with the highest raised risk, and for each the events that raise it."""
        highest = np.argsort(-self.risk, kind="stable")[: max(top, 0)]
        highest = highest[self.risk[highest] > 1]
        place, event, metres = _near(self.x[highest], self.y[highest], self.recent, self.decay)
        ago = self.today - self.recent.days
        adds = _added(self.decay, metres, ago[event])
        rows = np.arange(len(self.recent)) if self.recent.rows is None else self.recent.rows
        found: list[list[Reason]] = [[] for _ in highest]
        for i in np.argsort(-adds, kind="stable").tolist():
            reason = Reason(int(rows[event[i]]), float(metres[i]), int(ago[event[i]]), float(adds[i]))
            found[place[i]].append(reason)
        return tuple(
            AtRisk(int(p), float(self.x[p]), float(self.y[p]), float(self.risk[p]), tuple(reasons))
            for p, reasons in zip(highest, found, strict=True)
        )

    def sentence(self) -> Phrase:
        raised = int((self.risk >= 2).sum())
        return Phrase(
            "{raised} of {places} places have twice their usual risk or more today, after {n} events in the last "
            "{days} days; the highest is {highest} times usual.",
            raised=whole(raised),
            places=whole(len(self.risk)),
            n=whole(self.n),
            days=whole(self.decay.within_days),
            highest=decimal(float(self.risk.max(initial=1.0))),
        )

    def table(self) -> Table:
        rows = tuple((one.place, one.x, one.y, one.times_usual, str(one.sentence())) for one in self.at_risk())
        return Table(("place", "x", "y", "times usual", "why"), rows)

    def as_dict(self) -> dict[str, Any]:
        return {
            "today": self.today,
            "places": len(self.risk),
            "at_risk": [
                {
                    "place": one.place,
                    "x": one.x,
                    "y": one.y,
                    "times_usual": rounded(one.times_usual),
                    "reasons": [reason.as_dict() for reason in one.reasons],
                }
                for one in self.at_risk()
            ],
            **self.provenance(),
        }


def risk_now(
    events: Events, places_x: ArrayLike, places_y: ArrayLike, *, today: int | date, decay: NearRepeatDecay
) -> RiskNow:
    """Today's risk of each place, as times its usual, by the fading excess of every event of the last days.

    An event counts for exactly those distances and lags that the decay was fitted on (today is lag 0), so a place in
    the list is one where the next event would be a near repeat. Events after ``today`` are never used. ``places`` may
    be addresses or the middles of a grid, in metres. Raises CannotCompute for no places or positions that are none.
    """
    day = (today - EPOCH).days if isinstance(today, date) else int(today)
    places = events_from_arrays(places_x, places_y)
    if not len(places) or places.left_out:
        raise CannotCompute("The places need a position in metres each, and there must be at least one.")
    recent = _recent(events, day, decay.within_days)
    ago = day - recent.days
    risk = np.ones(len(places))
    for first in range(0, len(places), PLACES_AT_ONCE):
        part = slice(first, first + PLACES_AT_ONCE)
        place, event, metres = _near(places.x[part], places.y[part], recent, decay)
        size = len(risk[part])
        risk[part] += np.bincount(place, weights=_added(decay, metres, ago[event]), minlength=size)
    return RiskNow(
        n=len(recent),
        method=f"sum of fading excess, half-distance {decay.distance.half:.0f} m, half-life {decay.days.half:.1f} days",
        doubts=left_out_doubts(events),
        today=day,
        x=places.x,
        y=places.y,
        risk=risk,
        recent=recent,
        decay=decay,
    )


def _recent(events: Events, today: int, days: int) -> Events:
    ago = today - events.days
    kept = np.flatnonzero((ago >= 0) & (ago < days))
    rows = kept if events.rows is None else events.rows[kept]
    return Events(x=events.x[kept], y=events.y[kept], day=events.days[kept], rows=rows)


def _near(
    x: NDArray[np.float64], y: NDArray[np.float64], events: Events, decay: NearRepeatDecay
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Places and events within the distance of the decay: both indices, and metres."""
    if not len(events) or not len(x):
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    places, near = spatial.cKDTree(np.column_stack([x, y])), spatial.cKDTree(np.column_stack([events.x, events.y]))
    power = 1.0 if decay.metric == MANHATTAN else 2.0
    found: Any = places.sparse_distance_matrix(near, decay.within_m, p=power, output_type="ndarray")
    return found["i"].astype(np.int64), found["j"].astype(np.int64), np.asarray(found["v"], np.float64)


def _added(decay: NearRepeatDecay, metres: NDArray[np.float64], ago: NDArray[np.int64]) -> NDArray[np.float64]:
    """What each event adds to the usual risk of 1."""
    near = decay.days.excess * np.exp(-metres / decay.distance.scale - ago / decay.days.scale)
    if decay.same_place_days is None:
        return np.asarray(near)
    own = decay.same_place_days
    return np.where(metres == 0, own.excess * np.exp(-ago / own.scale), near)
