"""Where a burglary calls for looking in next door, for how long, and whether such calls came true.

A zone is drawn round each recent event: out to the half-distance and for the half-life of the excess measured on the
place's own record (``near_repeat_decay``). Nothing is assumed: a record in which near events do not follow each other
has no zones. Wider and longer zones catch more of what follows and come true less above chance. The strength of a zone
is the risk next door today as times its usual, all recent events taken together.

The back test raises the zones as they would have stood on each of many past days, from what was known by then, and asks
of each whether another event fell in it within the days ahead. Chance is not an even spread: it is how often the very
same circles were hit in stretches of the same length at other times, far from the event that drew them, so that busy
places count as busy. Intervals are by bootstrap over the past days, zones of one day being alike.
Sources: Johnson S et al (2009) Policing 3:115-131 (looking ahead by near repeats); Bowers K, Johnson S, Pease K (2004)
Br J Criminology 44:641-658 (prospective mapping); Efron B, Tibshirani R (1993) An Introduction to the Bootstrap, ch 8.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import spatial

from frankpledge.analysis.events import Events, left_out_doubts
from frankpledge.analysis.near_repeat_decay import NearRepeatDecay
from frankpledge.analysis.neighbours import MANHATTAN
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, share, whole

HALVES = 1.0  # half-distances and half-lives of a zone: half of the excess is left at its edge and at its end
AHEAD_DAYS = 14
FEW_ALERTS = 50
FEW_DAYS = 8  # past days, below which a bootstrap over them says little
RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Zone:
    """A circle of raised risk: the row of its event, its middle and radius in metres, the event's day and the last day
    on which the zone is alive (days since 1 January 1970), and the risk next door as times its usual.
    """

    row: int
    x: float
    y: float
    radius_m: float
    day: int
    last_day: int
    times_usual: float


def zone_radius_m(decay: NearRepeatDecay) -> float:
    """How far a zone reaches, in whole metres; never beyond the distance the decay was measured to."""
    return float(math.ceil(min(HALVES * decay.distance.half, decay.within_m)))


def zone_days(decay: NearRepeatDecay) -> int:
    """For how many days after its event a zone is alive; never beyond the days the decay was measured to."""
    return math.ceil(min(HALVES * decay.days.half, decay.within_days - 1))


def zones_alive(events: Events, *, today: int, decay: NearRepeatDecay) -> tuple[Zone, ...]:
    """The zones alive on ``today`` (days since 1 January 1970), the strongest first. Later events are never used."""
    ago = today - events.days
    recent = np.flatnonzero((ago >= 0) & (ago <= zone_days(decay)))
    if not len(recent):
        return ()
    x, y, days = events.x[recent], events.y[recent], ago[recent]
    times = _risk_next_door(x, y, days, decay)
    rows = recent if events.rows is None else events.rows[recent]
    radius, length = zone_radius_m(decay), zone_days(decay)
    return tuple(
        Zone(
            int(rows[i]), float(x[i]), float(y[i]), radius, int(today - days[i]), int(today - days[i] + length),
            float(times[i]),
        )
        for i in np.lexsort((rows, days, -times)).tolist()
    )  # fmt: skip


def _risk_next_door(
    x: NDArray[np.float64], y: NDArray[np.float64], ago: NDArray[np.int64], decay: NearRepeatDecay
) -> NDArray[np.float64]:
    """1 plus what each recent event adds beside each: an event adds beside itself as it does at no distance."""
    tree = spatial.cKDTree(np.column_stack([x, y]))
    found: Any = tree.sparse_distance_matrix(tree, decay.within_m, p=_power(decay), output_type="ndarray")
    adds = decay.days.excess * np.exp(-found["v"] / decay.distance.scale - ago[found["j"]] / decay.days.scale)
    return np.asarray(1 + np.bincount(found["i"], weights=adds, minlength=len(x)))


def _power(decay: NearRepeatDecay) -> float:
    return 1.0 if decay.metric == MANHATTAN else 2.0


@dataclass(frozen=True, slots=True)
class StrengthBand:
    """Alerts of about one strength: how many, the share that came true, and the share chance gives."""

    label: str
    alerts: int
    share: float
    by_chance: float


@dataclass(frozen=True, kw_only=True)
class AlertBackTest(Result):
    """What became of ``n`` alerts raised on past days. Shares are 0 to 1."""

    days: int
    ahead_days: int
    radius_m: float
    hits: int
    by_chance: float
    share_interval: Interval
    ratio_interval: Interval
    bands: tuple[StrengthBand, ...]

    @property
    def share(self) -> float:
        """Alerts that came true, of all."""
        return self.hits / self.n

    @property
    def ratio(self) -> float:
        """Times as often as at the same places at other times."""
        return self.share / self.by_chance

    def sentence(self) -> Phrase:
        return Phrase(
            "Of {n} alerts raised on {days} past days, {share} ({low} to {high}) came true within {ahead} days, "
            "against {chance} at the same places at other times: {ratio} times as often ({ratio_low} to {ratio_high}).",
            n=whole(self.n),
            days=whole(self.days),
            share=share(self.share),
            low=share(self.share_interval.lower or 0.0),
            high=share(self.share_interval.upper),
            ahead=whole(self.ahead_days),
            chance=share(self.by_chance),
            ratio=decimal(self.ratio, 2),
            ratio_low=decimal(self.ratio_interval.lower or 0.0, 2),
            ratio_high=decimal(self.ratio_interval.upper, 2),
        )

    def table(self) -> Table:
        rows = tuple((band.label, band.alerts, band.share, band.by_chance) for band in self.bands)
        return Table(
            ("strength", "alerts", "came true", "by chance"), (*rows, ("all", self.n, self.share, self.by_chance))
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "alerts": self.n,
            "past_days": self.days,
            "ahead_days": self.ahead_days,
            "radius_m": self.radius_m,
            "hits": self.hits,
            "share": rounded(self.share),
            "share_interval": self.share_interval.as_dict(),
            "by_chance": rounded(self.by_chance),
            "ratio": rounded(self.ratio),
            "ratio_interval": self.ratio_interval.as_dict(),
            "bands": [
                {
                    "strength": band.label,
                    "alerts": band.alerts,
                    "share": rounded(band.share),
                    "by_chance": rounded(band.by_chance),
                }
                for band in self.bands
            ],
            **self.provenance(),
        }


def alert_back_test(
    events: Events,
    *,
    decay: NearRepeatDecay,
    past_days: Sequence[int],
    ahead_days: int = AHEAD_DAYS,
    resamples: int = RESAMPLES,
    confidence: float = 0.95,
    seed: int = 1,
) -> AlertBackTest:
    """Raise the zones of each of ``past_days`` and see which were hit within ``ahead_days`` after it.

    ``decay`` should be measured on a stretch before the first of ``past_days``; a later one is flagged by nobody here,
    because the decay does not say what it was measured on. Raises CannotCompute when no zone was alive, when the record
    ends before the days ahead do, or when it is too short to say what is usual.
    """
    last = int(events.days.max(initial=0))
    if not past_days or max(past_days) + ahead_days > last:
        raise CannotCompute(
            "The days after an alert must lie within the record. Choose earlier days or a longer record."
        )
    alerts = [(i, zone) for i, day in enumerate(past_days) for zone in zones_alive(events, today=day, decay=decay)]
    if not alerts:
        raise CannotCompute("No zone was alive on any of these days, so there is nothing to test.")
    which = np.array([i for i, _ in alerts])
    days = np.asarray(past_days, np.int64)[which]
    hit, usual = _outcomes(events, [zone for _, zone in alerts], days, ahead_days, decay)
    if not np.isfinite(usual).any() or np.nansum(usual) == 0:
        raise CannotCompute("The record is too short to say how often these places are hit at other times.")
    judged = np.isfinite(usual)
    which, hit, usual = which[judged], hit[judged], usual[judged]
    strength = np.array([zone.times_usual for _, zone in alerts])[judged]
    shares, ratios = _resampled(which, hit, usual, len(past_days), resamples, seed)
    tails = (100 * (1 - confidence) / 2, 100 * (1 + confidence) / 2)
    return AlertBackTest(
        n=len(hit),
        method=f"zones of {HALVES:g} half-distances and half-lives; chance from the same circles at other times; "
        f"bootstrap over past days, {resamples} resamples",
        doubts=_doubts(events, len(hit), len(past_days)),
        seed=seed,
        days=len(past_days),
        ahead_days=ahead_days,
        radius_m=zone_radius_m(decay),
        hits=int(hit.sum()),
        by_chance=float(usual.mean()),
        share_interval=_interval(shares, tails, confidence),
        ratio_interval=_interval(ratios, tails, confidence),
        bands=_bands(strength, hit, usual),
    )


def _outcomes(
    events: Events, zones: Sequence[Zone], days: NDArray[np.int64], ahead: int, decay: NearRepeatDecay
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Whether each zone was hit in the days ahead, and the share of stretches at other times in which it was.

    A stretch is at another time when it begins and ends farther from the zone's own event than the decay reaches.
    """
    tree = spatial.cKDTree(np.column_stack([events.x, events.y]))
    middles = np.array([(zone.x, zone.y) for zone in zones])
    inside = tree.query_ball_point(middles, [zone.radius_m for zone in zones], p=_power(decay))
    first, last = int(events.days.min()), int(events.days.max())
    starts = np.arange(first, last - ahead + 2, ahead)
    hit, usual = np.zeros(len(zones), bool), np.full(len(zones), np.nan)
    for i, zone in enumerate(zones):
        near = events.days[inside[i]]
        hit[i] = bool(((near > days[i]) & (near <= days[i] + ahead)).any())
        other = (starts > zone.day + decay.within_days) | (starts + ahead <= zone.day - decay.within_days)
        if other.any():
            stretch = (near - first) // ahead
            struck = np.zeros(len(starts), bool)
            struck[stretch[stretch < len(starts)]] = True
            usual[i] = struck[other].mean()
    return hit, usual


def _resampled(
    which: NDArray[np.int64],
    hit: NDArray[np.bool_],
    usual: NDArray[np.float64],
    days: int,
    resamples: int,
    seed: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares and ratios of bootstrap samples of whole past days."""
    random = np.random.Generator(np.random.PCG64(seed))
    sums = np.column_stack(
        [np.bincount(which, weights=values, minlength=days) for values in (np.ones(len(hit)), hit, usual)]
    )
    drawn = random.integers(0, days, size=(resamples, days))
    alerts, hits, chance = sums[drawn].sum(1).T
    known = (alerts > 0) & (chance > 0)
    return hits[known] / alerts[known], hits[known] / chance[known]


def _interval(values: NDArray[np.float64], tails: tuple[float, float], confidence: float) -> Interval:
    low, high = np.percentile(values, tails)
    return Interval(float(low), float(high), confidence, "bootstrap over past days")


def _bands(
    strength: NDArray[np.float64], hit: NDArray[np.bool_], usual: NDArray[np.float64]
) -> tuple[StrengthBand, ...]:
    """Three bands of about equal size by strength; fewer where many alerts are equally strong."""
    edges = np.unique(np.quantile(strength, [0, 1 / 3, 2 / 3, 1]))
    found = []
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        inside = (strength >= low) & ((strength < high) | (high == edges[-1]))
        if inside.any():
            label = f"{low:.1f} to {high:.1f} times usual"
            found.append(StrengthBand(label, int(inside.sum()), float(hit[inside].mean()), float(usual[inside].mean())))
    return tuple(found)


def _doubts(events: Events, alerts: int, days: int) -> tuple[Doubt, ...]:
    doubts = list(left_out_doubts(events))
    if alerts < FEW_ALERTS or days < FEW_DAYS:
        sentence = Phrase("There were {alerts} alerts on {days} days: too few to judge by.", alerts=alerts, days=days)
        doubts.append(Doubt(DoubtKind.SMALL_NUMBERS, sentence))
    return tuple(doubts)
