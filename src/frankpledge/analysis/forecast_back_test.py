"""The forecast tried on the last days there are, against simply counting events per cell.

Each window of the test is forecast from the events before it, with settings learned before the first of them. Both
surfaces flag the same share of the area; hits are pooled over all windows. Events outside the grid count as missed.
Intervals: Wilson for hit rates and PAI; PEI, RRI and the difference between the two by drawing whole test days (or
windows) again with replacement, so that events of one day stay together.
Sources: Chainey S, Tompson L, Uhlig S (2008) Security Journal 21:4-28; Wilson E (1927) JASA 22:209-212; Efron B,
Tibshirani R (1993) An Introduction to the Bootstrap, ch. 13.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankpledge.analysis.events import Events
from frankpledge.analysis.forecast import (
    LEARNING_DAYS,
    ForecastSettings,
    History,
    Progress,
    Surfaces,
    learn_on,
    mixed_risk,
    settings_doubts,
)
from frankpledge.analysis.forecast_accuracy import expected_hits, flagged_cells, most_hits
from frankpledge.analysis.grids import SquareGrid, left_out_doubts, square_grid
from frankpledge.analysis.rates import wilson_limits
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

AREA_SHARES = (0.01, 0.05)
CONFIDENCE = 0.95
DRAWS = 2_000
FEWEST_BLOCKS = 8  # days or windows, below which drawing them again says little
FEW_EVENTS = 100


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """How one method did at one share of the area.

    ``pei`` is None where the best choice would have caught every event, so that PEI would be the hit rate again;
    ``rri`` (predicted over recorded in the flagged cells) is None where nothing was hit and for counts, which predict
    no number.
    """

    area_share: float  # of the cells, as flagged
    hits: float
    hit_rate: float
    hit_rate_interval: Interval
    pai: float
    pai_interval: Interval
    pei: float | None
    pei_interval: Interval | None
    rri: float | None
    rri_interval: Interval | None


@dataclass(frozen=True, kw_only=True)
class BackTest(Result):
    """The forecast and counts per cell on the same windows. ``n``: events in the test. One entry per area share."""

    grid: SquareGrid
    first_day: int
    last_day: int
    windows: int
    settings: ForecastSettings
    area_shares: tuple[float, ...]
    model: tuple[Accuracy, ...]
    counts: tuple[Accuracy, ...]
    difference: tuple[float, ...]  # hit rate of the model less that of counts
    difference_interval: tuple[Interval | None, ...]

    @property
    def better(self) -> bool | None:
        """Whether the forecast beats counting at the largest area, beyond chance; None when that cannot be told."""
        interval = self.difference_interval[-1]
        return None if interval is None or interval.lower is None else interval.lower > 0

    def sentence(self) -> Phrase:
        model, counts, interval = self.model[-1], self.counts[-1], self.difference_interval[-1]
        return Phrase(
            "The most likely {area} % of the area held {hit} % ({low} to {high} %) of {n} events over {days} days not "
            "used to learn, {pai} times its share; counts per cell held {simple} %. {verdict}",
            area=f"{100 * self.area_shares[-1]:g}",
            hit=decimal(100 * model.hit_rate),
            low=decimal(100 * (model.hit_rate_interval.lower or 0.0)),
            high=decimal(100 * model.hit_rate_interval.upper),
            n=whole(self.n),
            days=whole(self.last_day - self.first_day + 1),
            pai=decimal(model.pai),
            simple=decimal(100 * counts.hit_rate),
            verdict=_verdict(self.difference[-1], interval, self.better),
        )

    def table(self) -> Table:
        rows = []
        for place, area in enumerate(self.area_shares):
            for name, one in (("model", self.model[place]), ("counts per cell", self.counts[place])):
                low, high = one.hit_rate_interval.lower, one.hit_rate_interval.upper
                rows.append((name, area, one.hits, one.hit_rate, low, high, one.pai, one.pei, one.rri))
        names = ("method", "share of area", "hits", "hit rate", "lower", "upper", "PAI", "PEI", "RRI")
        return Table(names, tuple(rows))

    def as_dict(self) -> dict[str, Any]:
        methods = {"model": self.model, "counts_per_cell": self.counts}
        labels = [f"{100 * area:g}%" for area in self.area_shares]

        def measured(name: str) -> dict[str, Any]:
            return {
                method: {
                    label: _with_interval(getattr(one, name), getattr(one, f"{name}_interval"))
                    for label, one in zip(labels, found, strict=True)
                }
                for method, found in methods.items()
            }

        return {
            "shape": list(self.grid.shape),
            "cell": self.grid.cell_m,
            "origin": [self.grid.west, self.grid.south],
            "cells": self.grid.cells,
            "first_day": self.first_day,
            "last_day": self.last_day,
            "windows": self.windows,
            "settings": self.settings.as_dict(),
            "hit_rate": measured("hit_rate"),
            "pai": measured("pai"),
            "pei": measured("pei"),
            "rri": measured("rri"),
            "difference": {
                label: _with_interval(value, interval)
                for label, value, interval in zip(labels, self.difference, self.difference_interval, strict=True)
            },
            "better_than_counts": self.better,
            **self.provenance(),
        }


def _with_interval(value: float | None, interval: Interval | None) -> dict[str, Any]:
    return {
        "value": rounded(value),
        "lower": None if interval is None else rounded(interval.lower),
        "upper": None if interval is None else rounded(interval.upper),
    }


def _verdict(difference: float, interval: Interval | None, better: bool | None) -> Phrase:
    if interval is None or interval.lower is None:
        return Phrase("Too few days to say whether that is better.")
    values = {
        "points": decimal(100 * difference),
        "low": decimal(100 * interval.lower),
        "high": decimal(100 * interval.upper),
    }
    if better:
        return Phrase("The forecast is better by {points} points ({low} to {high}).", **values)
    return Phrase(
        "The forecast is not shown to be better than counting: the difference is {points} points ({low} to {high}).",
        **values,
    )


def back_test(
    events: Events,
    *,
    cell_m: float | None = None,
    grid: SquareGrid | None = None,
    test_days: int = 30,
    horizon_days: int = 1,
    area_shares: Sequence[float] = AREA_SHARES,
    settings: ForecastSettings | None = None,
    learning_days: int = LEARNING_DAYS,
    seed: int = 1,
    batches: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> BackTest:
    """Forecast each window of ``horizon_days`` days of the last ``test_days`` from the days before it, and score it.

    Without a ``grid``, squares of ``cell_m`` over the events before the test, so that not even the extent knows what
    came after. Without ``settings`` they are learned on the ``learning_days`` before the test; given ones must have
    been learned before it. Raises CannotCompute for too few days or events.
    """
    _check(events, test_days, horizon_days, area_shares)
    last_day = int(events.days.max())
    windows = [last_day + 1 - horizon_days * k for k in range(test_days // horizon_days, 0, -1)]
    if grid is None:
        grid = _grid_before(events, windows[0], cell_m)
    history, surfaces = History.of(events, grid), Surfaces(grid)
    if settings is None:
        settings = learn_on(history, surfaces, windows[0], horizon_days, learning_days, progress)
    elif settings.learned_to is not None and settings.learned_to >= windows[0]:
        raise CannotCompute("These settings were learned on days of the test. Learn them on days before it.")
    flagged = [flagged_cells(grid.cells, area) for area in area_shares]
    scores = [_Scores(flagged), _Scores(flagged)]
    for window in windows:
        cells = surfaces.places(history.cells_between(window, window + horizon_days - 1))
        level = history.rate_before(window) * horizon_days
        counted = surfaces.inside(history.counts_before(window, surfaces.size))
        scores[0].add(mixed_risk(history, surfaces, window, settings), cells, level)
        scores[1].add(counted, cells, None)
    first, end = np.searchsorted(history.day, [windows[0], last_day + 1])
    days = history.day[first:end] - windows[0]
    if not len(days):
        raise CannotCompute("No event falls in the test days, so there is nothing to score.")
    draws = np.random.Generator(np.random.PCG64(seed))
    per_window = _resamples(draws, len(windows))
    model, counts = (one.accuracy(per_window, grid.cells) for one in scores)
    difference, intervals = _differences(scores, days, _resamples(draws, last_day - windows[0] + 1))
    outside = int((history.cell[first:end] < 0).sum())
    return BackTest(
        n=len(days),
        method=f"{len(windows)} forecasts of {_days(horizon_days)}, each from the days before it; "
        f"{grid.cell_m:g} m cells; ties shared",
        seed=seed,
        batches=batches,
        doubts=(
            *left_out_doubts(events, outside),
            *settings_doubts(settings),
            *_test_doubts(len(days), intervals[-1]),
        ),
        grid=grid,
        first_day=windows[0],
        last_day=last_day,
        windows=len(windows),
        settings=settings,
        area_shares=tuple(area_shares),
        model=model,
        counts=counts,
        difference=difference,
        difference_interval=intervals,
    )


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _check(events: Events, test_days: int, horizon_days: int, area_shares: Sequence[float]) -> None:
    if not len(events):
        raise CannotCompute("There is no event with a place and a day.")
    if not 1 <= horizon_days <= test_days:
        raise CannotCompute(
            f"The test days ({test_days}) must hold at least one horizon ({_days(horizon_days)}), and both be at "
            "least 1."
        )
    if not area_shares or not all(0 < area < 1 for area in area_shares):
        raise CannotCompute("Shares of the area must lie between 0 and 1.")
    known = int(events.days.max()) - int(events.days.min()) + 1
    if known < test_days + 2 * horizon_days:
        raise CannotCompute(
            f"The events span {_days(known)}; a test of {_days(test_days)} needs some before it to learn from. "
            "Use fewer test days or a longer history."
        )


def _grid_before(events: Events, day: int, cell_m: float | None) -> SquareGrid:
    if cell_m is None:
        raise CannotCompute("Give the size of the cells, or a grid.")
    past = events.days < day
    return square_grid(cell_m=cell_m, events=Events(events.x[past], events.y[past]))


class _Scores:
    """What one method hit, window by window."""

    def __init__(self, flagged: Sequence[int]) -> None:
        self.flagged = flagged
        self.hits: list[NDArray[np.float64]] = []  # (events, areas) of each window
        self.best: list[list[int]] = []
        self.predicted: list[list[float]] = []

    def add(self, risk: NDArray[np.float64], cells: NDArray[np.int64], level: float | None) -> None:
        """Score one window: ``level`` is how many events the method predicts in all, None if it predicts no number."""
        self.hits.append(expected_hits(risk, cells, self.flagged))
        self.best.append([most_hits(cells, number) for number in self.flagged])
        if level is not None:
            ordered = np.sort(risk)[::-1].cumsum()
            self.predicted.append([level * float(ordered[number - 1]) for number in self.flagged])

    def accuracy(self, drawn: NDArray[np.int64] | None, cells: int) -> tuple[Accuracy, ...]:
        """One entry per share of the area; ``drawn`` (draws, windows) says how often each window was drawn."""
        hits = np.array([window.sum(0) for window in self.hits])
        best = np.array(self.best, np.float64)
        n = sum(len(window) for window in self.hits)
        everything = sum(int(window.shape[0]) for window in self.hits)
        return tuple(
            self._at(place, hits[:, place], best[:, place], n, cells, drawn, trivial=best[:, place].sum() >= everything)
            for place in range(len(self.flagged))
        )

    def _at(
        self, place: int, hits: NDArray[np.float64], best: NDArray[np.float64], n: int, cells: int,
        drawn: NDArray[np.int64] | None, *, trivial: bool,
    ) -> Accuracy:  # fmt: skip
        area, total = self.flagged[place] / cells, float(hits.sum())
        rate = wilson_limits(min(total, n), n, CONFIDENCE)
        pai = Interval(None if rate.lower is None else rate.lower / area, rate.upper / area, CONFIDENCE, "Wilson")
        pei = None if trivial or best.sum() == 0 else total / float(best.sum())
        predicted = np.array([window[place] for window in self.predicted]) if self.predicted else None
        rri = None if predicted is None or total == 0 else float(predicted.sum()) / total
        return Accuracy(
            area_share=area,
            hits=total,
            hit_rate=total / n,
            hit_rate_interval=rate,
            pai=total / n / area,
            pai_interval=pai,
            pei=pei,
            pei_interval=None if pei is None else _ratio_interval(hits, best, drawn),
            rri=rri,
            rri_interval=None if rri is None or predicted is None else _ratio_interval(predicted, hits, drawn),
        )


def _resamples(draws: np.random.Generator, blocks: int) -> NDArray[np.int64] | None:
    """How often each block is drawn in each resample, int64 (draws, blocks); None for too few blocks."""
    if blocks < FEWEST_BLOCKS:
        return None
    return draws.multinomial(blocks, np.full(blocks, 1 / blocks), size=DRAWS)


def _ratio_interval(
    top: NDArray[np.float64], bottom: NDArray[np.float64], drawn: NDArray[np.int64] | None
) -> Interval | None:
    """Percentile interval of sum(top) / sum(bottom) over the drawn blocks."""
    if drawn is None:
        return None
    below = drawn @ bottom
    ratios = (drawn @ top)[below > 0] / below[below > 0]
    if len(ratios) < DRAWS // 2:
        return None
    low, high = np.quantile(ratios, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(float(low), float(high), CONFIDENCE, "bootstrap")


def _differences(
    scores: Sequence[_Scores], days: NDArray[np.int64], drawn: NDArray[np.int64] | None
) -> tuple[tuple[float, ...], tuple[Interval | None, ...]]:
    """Hit rate of the first less that of the second, and its interval over days drawn again."""
    apart = np.concatenate(scores[0].hits) - np.concatenate(scores[1].hits)
    number = len(drawn[0]) if drawn is not None else int(days.max()) + 1
    per_day = np.bincount(days, minlength=number).astype(np.float64)
    found, intervals = [], []
    for place in range(apart.shape[1]):
        found.append(float(apart[:, place].mean()))
        moved = np.bincount(days, weights=apart[:, place], minlength=number).astype(np.float64)
        intervals.append(_ratio_interval(moved, per_day, drawn))
    return tuple(found), tuple(intervals)


def _test_doubts(n: int, difference: Interval | None) -> tuple[Doubt, ...]:
    doubts = []
    if n < FEW_EVENTS:
        sentence = Phrase("The test holds {n} events; a hit rate of so few moves much by luck.", n=whole(n))
        doubts.append(Doubt(DoubtKind.SMALL_NUMBERS, sentence))
    if difference is None or difference.lower is None or difference.lower <= 0:
        sentence = Phrase(
            "On these days the forecast is not shown to be better than counting events per cell; counting is simpler."
        )
        doubts.append(Doubt(DoubtKind.NO_BETTER, sentence))
    return tuple(doubts)
