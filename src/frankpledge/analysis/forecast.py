"""Where the next events are most likely, cell by cell, and an honest test of it on days gone by.

The surface is a mixture of three: where events have always gathered (a Gaussian kernel density of all history), where
they have just been (every recent event spreads a risk that fades exponentially with distance and with days), and the
same everywhere. The bandwidth, the two scales and the three weights are learned on days before the forecast only: each
combination's weights are those of highest likelihood (EM), and of the likeliest twelve combinations the one is taken
whose first 1 to 10 % of cells held most of the events on the learning days.
A forecast for a day uses events before that day and nothing else; so does everything it is compared with.
Sources: Johnson S, Bowers K, et al (2009) J Research in Crime and Delinquency 46:171-200 and Bowers K, Johnson S,
Pease K (2004) Br J Criminology 44:641-658 (prospective mapping); Mohler G et al (2011) J American Statistical
Association 106:100-108 (background and near repeat as a mixture); Dempster A, Laird N, Rubin D (1977) J R Statistical
Society B 39:1-38 (EM).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankpledge.analysis.events import Events
from frankpledge.analysis.forecast_accuracy import expected_hits, flagged_cells
from frankpledge.analysis.grids import SquareGrid, left_out_doubts
from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, share, whole

LONG_BANDWIDTHS_M = (100.0, 150.0, 200.0, 250.0, 350.0, 500.0, 700.0)
NEAR_SCALES_M = (40.0, 80.0, 160.0, 320.0)
NEAR_DAYS = (4.0, 7.0, 14.0, 28.0, 56.0)
LEARNING_DAYS = 75
FEWEST_LEARNING_EVENTS = 30
FEW_LEARNING_EVENTS = 300
RATE_DAYS = 56  # the level of a forecast is the mean of these days before it
MOST_CELLS = 1_000_000
LONGEST_HORIZON = 92
SHORTLIST = 12
LEARNING_SHARES = tuple(k / 100 for k in range(1, 11))

Progress = Callable[[int, int], None]
Surface = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class ForecastSettings:
    """Scales and weights of the mixture, and the days they were learned on (days since 1 January 1970, both within)."""

    long_bandwidth_m: float
    near_scale_m: float
    near_days: float
    long_weight: float
    near_weight: float
    even_weight: float
    horizon_days: int = 1
    learned_from: int | None = None
    learned_to: int | None = None
    learning_events: int = 0

    def __post_init__(self) -> None:
        scales = (self.long_bandwidth_m, self.near_scale_m, self.near_days)
        weights = (self.long_weight, self.near_weight, self.even_weight)
        if not all(math.isfinite(scale) and scale > 0 for scale in scales):
            raise CannotCompute("The scales of a forecast must be above nought.")
        if not all(weight >= 0 for weight in weights) or not math.isclose(sum(weights), 1.0, abs_tol=1e-6):
            raise CannotCompute("The three weights of a forecast must be nought or more and add up to one.")

    def as_dict(self) -> dict[str, Any]:
        return {
            "long_bandwidth_m": self.long_bandwidth_m,
            "near_scale_m": self.near_scale_m,
            "near_days": self.near_days,
            "weights": {
                "long": rounded(self.long_weight),
                "near": rounded(self.near_weight),
                "even": rounded(self.even_weight),
            },
            "horizon_days": self.horizon_days,
            "learned_from": self.learned_from,
            "learned_to": self.learned_to,
            "learning_events": self.learning_events,
        }


@dataclass(frozen=True, kw_only=True)
class Forecast(Result):
    """``risk`` float64 (rows, columns), row 0 south: the chance that the next event is in each cell; adds up to 1."""

    grid: SquareGrid
    first_day: int
    horizon_days: int
    settings: ForecastSettings
    expected_events: float
    risk: Surface

    def flagged(self, area_share: float) -> NDArray[np.bool_]:
        """The cells of highest risk that make up this share of the study area, bool (rows, columns)."""
        inside = np.flatnonzero(self.grid.mask)
        highest = np.argsort(-self.risk.ravel()[inside], kind="stable")[: flagged_cells(inside.size, area_share)]
        flags = np.zeros(self.risk.size, bool)
        flags[inside[highest]] = True
        return flags.reshape(self.risk.shape)

    def sentence(self) -> Phrase:
        flags = self.flagged(0.05)
        return Phrase(
            "About {expected} events are expected in {days} days; {held} of the risk lies in {cells} cells, 5 % of "
            "the area.",
            expected=decimal(self.expected_events),
            days=whole(self.horizon_days),
            held=share(float(self.risk[flags].sum())),
            cells=whole(int(flags.sum())),
        )

    def table(self) -> Table:
        row, column = np.nonzero(self.grid.mask)
        order = np.argsort(-self.risk[row, column], kind="stable")
        row, column = row[order], column[order]
        x, y = self.grid.centres_x[column], self.grid.centres_y[row]
        columns = (x.tolist(), y.tolist(), self.risk[row, column].tolist())
        return Table(("x", "y", "risk"), tuple(zip(*columns, strict=True)))

    def as_dict(self) -> dict[str, Any]:
        return {
            "shape": list(self.grid.shape),
            "cell": self.grid.cell_m,
            "origin": [self.grid.west, self.grid.south],
            "first_day": self.first_day,
            "horizon_days": self.horizon_days,
            "expected_events": rounded(self.expected_events),
            "settings": self.settings.as_dict(),
            "risk": self.risk.tolist(),
            **self.provenance(),
        }


def forecast(
    events: Events,
    *,
    grid: SquareGrid,
    first_day: int,
    settings: ForecastSettings,
    batches: tuple[str, ...] = (),
) -> Forecast:
    """The risk of each cell over ``settings.horizon_days`` days from ``first_day``, from the events before that day.

    Raises CannotCompute when no event with a place in the grid comes before ``first_day``.
    """
    history = History.of(events, grid)
    surfaces = Surfaces(grid)
    risk = mixed_risk(history, surfaces, first_day, settings)
    before = history.number_before(first_day)
    return Forecast(
        n=before,
        method=f"long-run density {settings.long_bandwidth_m:g} m, near repeats {settings.near_scale_m:g} m and "
        f"{settings.near_days:g} days",
        batches=batches,
        doubts=(*left_out_doubts(events), *settings_doubts(settings)),
        grid=grid,
        first_day=first_day,
        horizon_days=settings.horizon_days,
        settings=settings,
        expected_events=history.rate_before(first_day) * settings.horizon_days,
        risk=surfaces.spread_out(risk),
    )


@dataclass(frozen=True)
class History:
    """Events by day: ``day`` int64 and ``cell`` int64 (flat, -1 outside the grid), both in the order of days."""

    day: NDArray[np.int64]
    cell: NDArray[np.int64]

    @classmethod
    def of(cls, events: Events, grid: SquareGrid) -> "History":
        if grid.rows * grid.columns > MOST_CELLS:
            raise CannotCompute(
                f"A forecast on {grid.rows * grid.columns:,} cells is too fine to learn; the most is {MOST_CELLS:,}."
            )
        order = np.argsort(events.days, kind="stable")
        return cls(events.days[order], grid.cell_of(events.x, events.y)[order])

    def number_before(self, day: int) -> int:
        """Events in the grid before ``day``."""
        return int((self.cell[: self._end(day)] >= 0).sum())

    def rate_before(self, day: int) -> float:
        """Events in the grid a day, over the last eight weeks before ``day`` or what there is of them."""
        end = self._end(day)
        first = max(day - RATE_DAYS, int(self.day[0]))
        return float((self.cell[self._end(first) : end] >= 0).sum()) / max(day - first, 1)

    def cells_between(self, first: int, last: int) -> NDArray[np.int64]:
        """Cells of the events of days ``first`` to ``last``, both within; -1 for those outside."""
        return self.cell[self._end(first) : self._end(last + 1)]

    def counts_before(self, day: int, size: int) -> Surface:
        """Events in each cell before ``day``."""
        return self._summed(self.cell[: self._end(day)], size, None)

    def fading_before(self, day: int, days: float, size: int) -> Surface:
        """Events in each cell before ``day``, each worth exp(-age / days)."""
        first, end = self._end(day - math.ceil(30 * days)), self._end(day)  # older ones are worth under 1e-13
        return self._summed(self.cell[first:end], size, np.exp((self.day[first:end] - day) / days))

    def _end(self, day: int) -> int:
        return int(np.searchsorted(self.day, day))

    @staticmethod
    def _summed(cell: NDArray[np.int64], size: int, weight: Surface | None) -> Surface:
        placed = cell >= 0
        if not placed.all():
            cell, weight = cell[placed], None if weight is None else weight[placed]
        return np.bincount(cell, weights=weight, minlength=size).astype(np.float64)


@dataclass
class Surfaces:
    """Spreads counts on a grid by the kernels of the forecast: one Fourier transform each way, kernels kept.

    Surfaces go in as flat arrays of all cells and come out as flat arrays of the cells inside the study area that add
    up to one.
    """

    grid: SquareGrid
    _transforms: dict[tuple[str, float], NDArray[np.complex128]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return self.grid.rows * self.grid.columns

    def inside(self, flat: Surface) -> Surface:
        """The values of the cells of the study area."""
        return flat if self.grid.inside is None else flat[self.grid.inside.ravel()]

    def places(self, cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """Flat cell numbers as places among the cells of the study area; -1 stays -1."""
        if self.grid.inside is None:
            return cells
        place = np.cumsum(self.grid.inside.ravel()) - 1
        return np.where(cells >= 0, place[cells], -1)

    def spread_out(self, values: Surface) -> Surface:
        """Values of the cells inside, back on the grid (rows, columns), nought outside."""
        if self.grid.inside is None:
            return values.reshape(self.grid.shape)
        whole_grid = np.zeros(self.grid.shape)
        whole_grid[self.grid.inside] = values
        return whole_grid

    def long(self, counts: Surface, bandwidths_m: Sequence[float]) -> list[Surface]:
        return self._spread(counts, "long", bandwidths_m)

    def near(self, fading: Surface, scales_m: Sequence[float]) -> list[Surface]:
        return self._spread(fading, "near", scales_m)

    def _spread(self, counts: Surface, kind: str, scales: Sequence[float]) -> list[Surface]:
        from scipy import fft

        padded = self._padded()
        waves = fft.rfft2(counts.reshape(self.grid.shape), padded)
        found = []
        for scale in scales:
            spread = fft.irfft2(waves * self._transform(kind, scale), padded)
            values = self.inside(spread[: self.grid.rows, : self.grid.columns].ravel())
            values = np.maximum(values, 0.0)  # the transform leaves noise of 1e-16 of the peak round nought
            total = values.sum()
            found.append(values / total if total > 0 else values)
        return found

    def _reach(self) -> tuple[int, int]:
        """Cells that kernels reach along each axis: the same for all, so that one padding serves."""
        cells = math.ceil(max(4 * max(LONG_BANDWIDTHS_M), 8 * max(NEAR_SCALES_M)) / self.grid.cell_m)
        return min(cells, self.grid.rows - 1), min(cells, self.grid.columns - 1)

    def _padded(self) -> tuple[int, int]:
        from scipy import fft

        up, across = self._reach()
        return (
            int(fft.next_fast_len(self.grid.rows + up, real=True)),
            int(fft.next_fast_len(self.grid.columns + across, real=True)),
        )

    def _transform(self, kind: str, scale: float) -> NDArray[np.complex128]:
        from scipy import fft

        if (kind, scale) not in self._transforms:
            up, across = self._reach()
            part = cell_kernel(PROFILES[kind], scale, self.grid.cell_m, up, across)
            kernel = np.zeros(self._padded())
            kernel[: up + 1, : across + 1] = part
            if up:
                kernel[-up:, : across + 1] = part[:0:-1]
            if across:
                kernel[:, -across:] = kernel[:, across:0:-1]
            self._transforms[kind, scale] = np.asarray(fft.rfft2(kernel), np.complex128)
        return self._transforms[kind, scale]


PROFILES: dict[str, Callable[[Surface], Surface]] = {
    "long": lambda ratio: np.exp(-0.5 * ratio * ratio),
    "near": lambda ratio: np.exp(-ratio),
}
_SUBDIVISIONS = 8
_AVERAGED = 2  # cells up to this far are averaged over where in the cells both ends may lie


def cell_kernel(profile: Callable[[Surface], Surface], scale: float, cell_m: float, up: int, across: int) -> Surface:
    """The profile of distance over ``scale`` between cells, float64 (up + 1, across + 1), offsets from 0.

    Near cells take the mean over all positions of both ends inside their cells, so that a scale much smaller than a
    cell still leaves part of the risk next door.
    """
    row, column = np.ogrid[: up + 1, : across + 1]
    kernel = profile(np.hypot(row, column) * cell_m / scale)
    steps = np.arange(1 - _SUBDIVISIONS, _SUBDIVISIONS)
    weight = (_SUBDIVISIONS - np.abs(steps)) / _SUBDIVISIONS**2
    shift = steps / _SUBDIVISIONS
    for i in range(min(up, _AVERAGED) + 1):
        for j in range(min(across, _AVERAGED) + 1):
            distance = np.hypot((i + shift)[:, None], (j + shift)[None, :]) * cell_m
            kernel[i, j] = weight @ profile(distance / scale) @ weight
    return np.asarray(kernel)


def mixed_risk(history: History, surfaces: Surfaces, first_day: int, settings: ForecastSettings) -> Surface:
    """Risk of the cells inside the study area, adding up to 1, from the events before ``first_day``."""
    counts = history.counts_before(first_day, surfaces.size)
    if not counts.any():
        raise CannotCompute("No event with a place in the grid comes before the day of the forecast.")
    (long,) = surfaces.long(counts, (settings.long_bandwidth_m,))
    fading = history.fading_before(first_day, settings.near_days, surfaces.size)
    (near,) = surfaces.near(fading, (settings.near_scale_m,))
    if not near.any():  # nothing recent to repeat
        near = long
    return settings.long_weight * long + settings.near_weight * near + settings.even_weight / long.size


def learn_settings(
    events: Events,
    *,
    grid: SquareGrid,
    before_day: int,
    horizon_days: int = 1,
    learning_days: int = LEARNING_DAYS,
    progress: Progress | None = None,
) -> ForecastSettings:
    """Scales and weights that forecast best the ``learning_days`` days before ``before_day``, none of the days after.

    Each learning window is forecast from the events before it. Raises CannotCompute when fewer than thirty events fall
    in the learning days or nothing comes before them.
    """
    if not 1 <= horizon_days <= LONGEST_HORIZON:
        raise CannotCompute(f"The horizon must lie between 1 and {LONGEST_HORIZON} days; it is {horizon_days}.")
    history, surfaces = History.of(events, grid), Surfaces(grid)
    return learn_on(history, surfaces, before_day, horizon_days, learning_days, progress)


def learn_on(
    history: History, surfaces: Surfaces, before_day: int, horizon_days: int, learning_days: int,
    progress: Progress | None,
) -> ForecastSettings:  # fmt: skip
    """``learn_settings`` on a history already laid on its grid."""
    windows = _learning_windows(history, before_day, horizon_days, learning_days)
    recorded = [surfaces.places(history.cells_between(day, day + horizon_days - 1)) for day in windows]
    placed = [cells[cells >= 0] for cells in recorded]
    if sum(map(len, placed)) < FEWEST_LEARNING_EVENTS:
        raise CannotCompute(
            f"Only {sum(map(len, placed))} events fall in the {len(windows) * horizon_days} days to learn from; "
            f"a forecast needs {FEWEST_LEARNING_EVENTS}. Use a longer history or a wider area."
        )
    at_events = []
    for number, (day, cells) in enumerate(zip(windows, placed, strict=True), start=1):
        at_events.append(np.stack([surface[cells] for surface in _candidate_surfaces(history, surfaces, day).values()]))
        if progress:
            progress(number, 2 * len(windows))
    shortlist = _likeliest(np.concatenate(at_events, axis=1), 1 / surfaces.grid.cells)
    flagged = [flagged_cells(surfaces.grid.cells, area) for area in LEARNING_SHARES]
    score = np.zeros(len(shortlist))
    for number, (day, cells) in enumerate(zip(windows, placed, strict=True), start=1):
        found = _candidate_surfaces(history, surfaces, day, {place for pair, _ in shortlist for place in pair})
        for place, ((long, near), weight) in enumerate(shortlist):
            score[place] += expected_hits(weight[0] * found[long] + weight[1] * found[near], cells, flagged).sum()
        if progress:
            progress(len(windows) + number, 2 * len(windows))
    (long, near), weight = shortlist[int(score.argmax())]
    scale, days = _NEAR[near - len(LONG_BANDWIDTHS_M)]
    return ForecastSettings(
        long_bandwidth_m=LONG_BANDWIDTHS_M[long],
        near_scale_m=scale,
        near_days=days,
        long_weight=float(weight[0]),
        near_weight=float(weight[1]),
        even_weight=float(weight[2]),
        horizon_days=horizon_days,
        learned_from=windows[0],
        learned_to=before_day - 1,
        learning_events=sum(map(len, placed)),
    )


_NEAR = tuple((scale, days) for days in NEAR_DAYS for scale in NEAR_SCALES_M)


def _learning_windows(history: History, before_day: int, horizon_days: int, learning_days: int) -> list[int]:
    """First days of the windows to learn on: back from ``before_day``, at most half of the history."""
    known = before_day - int(history.day[0]) if len(history.day) else 0
    number = min(learning_days, known // 2) // horizon_days
    if number < 1:
        raise CannotCompute(
            f"There are {max(known, 0)} days of history before the forecast; learning needs at least "
            f"{2 * horizon_days}."
        )
    return [before_day - horizon_days * k for k in range(number, 0, -1)]


def _candidate_surfaces(
    history: History, surfaces: Surfaces, day: int, wanted: set[int] | None = None
) -> dict[int, Surface]:
    """The long-run surfaces, then the near ones, by place, as known before ``day``; only the ``wanted`` places."""
    places = set(range(len(LONG_BANDWIDTHS_M) + len(_NEAR))) if wanted is None else wanted
    found: dict[int, Surface] = {}
    longs = [place for place in sorted(places) if place < len(LONG_BANDWIDTHS_M)]
    counts = history.counts_before(day, surfaces.size)
    if not counts.any():
        counts = np.ones(surfaces.size)  # nothing is known yet: the same everywhere
    found.update(zip(longs, surfaces.long(counts, [LONG_BANDWIDTHS_M[place] for place in longs]), strict=True))
    fallback = found[longs[0]]
    for days in NEAR_DAYS:
        nears = [
            place
            for place in sorted(places)
            if place >= len(LONG_BANDWIDTHS_M) and _NEAR[place - len(LONG_BANDWIDTHS_M)][1] == days
        ]
        if nears:
            fading = history.fading_before(day, days, surfaces.size)
            spread = surfaces.near(fading, [_NEAR[place - len(LONG_BANDWIDTHS_M)][0] for place in nears])
            found.update((place, one if one.any() else fallback) for place, one in zip(nears, spread, strict=True))
    return dict(sorted(found.items()))


def _likeliest(at_events: Surface, even: float) -> list[tuple[tuple[int, int], Surface]]:
    """The combinations of one long-run and one near surface of highest likelihood, each with its best weights.

    ``at_events`` float64 (surfaces, events): each surface where the events then fell.
    """
    longs = len(LONG_BANDWIDTHS_M)
    fitted = []
    for long in range(longs):
        weight, likelihood = _best_weights(at_events[long], at_events[longs:], even)
        fitted += [((long, longs + near), weight[near], likelihood[near]) for near in range(len(_NEAR))]
    fitted.sort(key=lambda one: -one[2])
    return [(pair, weight) for pair, weight, _ in fitted[:SHORTLIST]]


def _best_weights(long: Surface, nears: Surface, even: float, steps: int = 40) -> tuple[Surface, Surface]:
    """Weights (near surfaces, 3) of highest likelihood for one long-run surface with each near one, by EM."""
    weight = np.tile(np.array([0.6, 0.3, 0.1]), (len(nears), 1))
    for _ in range(steps):
        from_long = weight[:, :1] * long
        from_near = weight[:, 1:2] * nears
        whole_risk = from_long + from_near
        whole_risk += weight[:, 2:] * even
        from_long /= whole_risk
        from_near /= whole_risk
        first, second = from_long.mean(1), from_near.mean(1)
        weight = np.stack([first, second, np.maximum(1 - first - second, 1e-9)], axis=1)
        weight /= weight.sum(1, keepdims=True)
    likelihood = np.log(weight[:, :1] * long + weight[:, 1:2] * nears + weight[:, 2:] * even).mean(1)
    return weight, likelihood


def settings_doubts(settings: ForecastSettings) -> tuple[Doubt, ...]:
    """What to doubt about settings learned on little."""
    if settings.learned_from is None or settings.learned_to is None:
        return ()
    doubts = []
    days = settings.learned_to - settings.learned_from + 1
    if days < LEARNING_DAYS - settings.horizon_days + 1:
        sentence = Phrase(
            "The history is short: the forecast was learned on {days} days instead of {usual}.",
            days=whole(days),
            usual=whole(LEARNING_DAYS),
        )
        doubts.append(Doubt(DoubtKind.SHORT_HISTORY, sentence))
    if settings.learning_events < FEW_LEARNING_EVENTS:
        sentence = Phrase(
            "The forecast was learned on {events} events; its scales are rough.",
            events=whole(settings.learning_events),
        )
        doubts.append(Doubt(DoubtKind.SMALL_NUMBERS, sentence))
    return tuple(doubts)
