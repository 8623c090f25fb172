"""Hot spots over time: which are new, growing, lasting, fading, or only now and then.

The days are cut into slices of equal length, counted back from the last day so that the latest slice is whole. Gi* is
computed on each slice by itself, and a cell is hot in a slice after Benjamini and Hochberg's correction within it. The
trend of a cell is the Mann-Kendall test on its Gi* over the slices, corrected for all cells that were ever hot.

The rules, in this order; the first that fits names the cell:
    never       hot in no slice
    new         hot in the latest slice and in none before
    emerging    hot in the latest slice, with a rising trend
    diminishing hot in some slice, with a falling trend
    persistent  hot in at least nine slices of ten
    sporadic    hot now and then, without a trend
Sources: Mann H (1945) Econometrica 13:245-259; Kendall M (1975) Rank Correlation Methods, ch. 4; Hamed K (2009) J
Hydrology 368:143-155 (ties); the idea of naming cells so: Esri's emerging hot spot analysis, whose rules differ.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankpledge.analysis.events import Events
from frankpledge.analysis.funnel import benjamini_hochberg
from frankpledge.analysis.getis_ord import LEVEL, square_gi_star, two_sided
from frankpledge.analysis.grids import SquareGrid, left_out_doubts
from frankpledge.analysis.results import Result, Table, rows_left_out
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, whole

FEWEST_SLICES = 5  # a two-sided Mann-Kendall p under 0.05 needs five
FEW_SLICES = 10
MOST_SLICES = 400
LASTING = 0.9


class Course(StrEnum):
    """What became of a cell over the slices; the rules are in the module's description."""

    NEVER = "never"
    NEW = "new"
    EMERGING = "emerging"
    DIMINISHING = "diminishing"
    PERSISTENT = "persistent"
    SPORADIC = "sporadic"


COURSES = tuple(Course)


@dataclass(frozen=True, kw_only=True)
class HotSpotHistory(Result):
    """The course of every cell. Arrays have row 0 in the south.

    ``course`` int8 (rows, columns): place in ``COURSES``. ``times_hot`` int (rows, columns): slices in which it was
    hot. ``z`` float64 (slices, rows, columns): Gi* (NaN outside the study area). ``trend_z`` and ``trend_p`` float64:
    Mann-Kendall.
    """

    grid: SquareGrid
    slice_days: int
    first_days: tuple[int, ...]  # first day of each slice, days since 1 January 1970
    course: NDArray[np.int8]
    times_hot: NDArray[np.int64]
    z: NDArray[np.float64]
    trend_z: NDArray[np.float64]
    trend_p: NDArray[np.float64]

    def cells(self, course: Course) -> NDArray[np.bool_]:
        """Where cells of this course are, bool (rows, columns)."""
        return (self.course == COURSES.index(course)) & self.grid.mask

    def number(self, course: Course) -> int:
        return int(self.cells(course).sum())

    def sentence(self) -> Phrase:
        ever = self.grid.cells - self.number(Course.NEVER)
        return Phrase(
            "Of {cells} cells, {ever} were ever hot over {slices} slices of {days} days: {new} new, {emerging} "
            "emerging, {persistent} persistent, {diminishing} diminishing, {sporadic} sporadic.",
            cells=whole(self.grid.cells),
            ever=whole(ever),
            slices=whole(len(self.first_days)),
            days=whole(self.slice_days),
            new=whole(self.number(Course.NEW)),
            emerging=whole(self.number(Course.EMERGING)),
            persistent=whole(self.number(Course.PERSISTENT)),
            diminishing=whole(self.number(Course.DIMINISHING)),
            sporadic=whole(self.number(Course.SPORADIC)),
        )

    def table(self) -> Table:
        row, column = np.nonzero(self.times_hot)
        return Table(
            ("row", "column", "course", "slices hot", "trend z", "trend p"),
            tuple(
                (int(r), int(c), COURSES[self.course[r, c]].value, int(self.times_hot[r, c]),
                 float(self.trend_z[r, c]), float(self.trend_p[r, c]))
                for r, c in zip(row, column, strict=True)
            ),
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        return {
            "shape": list(self.grid.shape),
            "cell": self.grid.cell_m,
            "origin": [self.grid.west, self.grid.south],
            "slice_days": self.slice_days,
            "slices": len(self.first_days),
            "first_days": list(self.first_days),
            "numbers": {course.value: self.number(course) for course in COURSES},
            "courses": [course.value for course in COURSES],
            "course": np.where(self.grid.mask, self.course, -1).tolist(),
            "times_hot": self.times_hot.tolist(),
            **self.provenance(),
        }


def hot_spot_history(
    events: Events,
    *,
    grid: SquareGrid,
    slice_days: int = 28,
    reach_cells: int = 1,
    level: float = LEVEL,
    batches: tuple[str, ...] = (),
) -> HotSpotHistory:
    """Gi* of each slice, the trend of each cell, and its course.

    Days before the first whole slice are left out and said. Raises CannotCompute for fewer than five slices.
    """
    slices, first_days, early = _slices(events, slice_days)
    cell = grid.cell_of(events.x, events.y)
    used = (cell >= 0) & (slices >= 0)
    size = grid.rows * grid.columns
    counts = np.bincount(slices[used] * size + cell[used], minlength=len(first_days) * size)
    per_slice = counts.reshape(len(first_days), *grid.shape).astype(np.float64)
    z = np.stack([_z_of_slice(one, grid, reach_cells) for one in per_slice])
    hot = np.stack([_hot(one, level) for one in z])
    trend_z = mann_kendall(z)
    trend_p = two_sided(trend_z)
    return HotSpotHistory(
        n=int(used.sum()),
        method=f"Gi* on slices of {slice_days} days, Mann-Kendall trend, each with Benjamini-Hochberg at {level:g}",
        batches=batches,
        doubts=_doubts(events, int((cell < 0).sum()), int((early & (cell >= 0)).sum()), len(first_days)),
        grid=grid,
        slice_days=slice_days,
        first_days=first_days,
        course=_courses(hot, trend_z, trend_p, level),
        times_hot=hot.sum(0),
        z=z,
        trend_z=trend_z,
        trend_p=trend_p,
    )


def _slices(events: Events, slice_days: int) -> tuple[NDArray[np.int64], tuple[int, ...], NDArray[np.bool_]]:
    """Slice of each event (-1 before the first whole one), the first day of each slice, and who came too early."""
    if slice_days < 1:
        raise CannotCompute("A slice must be at least one day long.")
    if not len(events):
        raise CannotCompute("There is no event with a place and a day.")
    last, first = int(events.days.max()), int(events.days.min())
    number = (last - first + 1) // slice_days
    if number < FEWEST_SLICES:
        raise CannotCompute(
            f"The days hold {number} whole slices of {slice_days} days; a trend needs {FEWEST_SLICES}. "
            "Use shorter slices or a longer history."
        )
    if number > MOST_SLICES:
        raise CannotCompute(f"That makes {number:,} slices; the most is {MOST_SLICES}. Use longer slices.")
    start = last - number * slice_days + 1
    slices = (events.days - start) // slice_days
    return np.maximum(slices, -1), tuple(start + slice_days * k for k in range(number)), events.days < start


def _z_of_slice(counts: NDArray[np.float64], grid: SquareGrid, reach_cells: int) -> NDArray[np.float64]:
    """Gi* of one slice; nought everywhere in a slice without any difference, where nothing stands out."""
    if np.ptp(counts[grid.mask]) == 0:
        return np.where(grid.mask, 0.0, np.nan)
    return square_gi_star(counts, grid.inside, reach_cells=reach_cells)


def _hot(z: NDArray[np.float64], level: float) -> NDArray[np.bool_]:
    known = np.isfinite(z)
    hot = np.zeros(z.shape, bool)
    hot[known] = (benjamini_hochberg(two_sided(z[known])) <= level) & (z[known] > 0)
    return hot


def mann_kendall(series: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mann-Kendall z along the first axis, with the correction for continuity and for ties; 0 where all are equal.

    Every pair of times is compared over all cells at once: memory stays at a few copies of one slice.
    """
    times = series.shape[0]
    score = np.zeros(series.shape[1:])
    ties = np.zeros(series.shape[1:])  # sum of t (t - 1) (2 t + 5) over groups of ties
    for t in range(times):
        above = np.zeros(series.shape[1:])
        equal = np.ones(series.shape[1:])
        for other in range(times):
            if other == t:
                continue
            equal += series[other] == series[t]
            if other < t:
                above += np.sign(series[t] - series[other])
        score += above
        ties += (equal - 1) * (2 * equal + 5)  # every member of a group adds its share of it
    variance = (times * (times - 1) * (2 * times + 5) - ties) / 18
    moved = np.sign(score) * np.maximum(np.abs(score) - 1, 0)
    return np.asarray(np.divide(moved, np.sqrt(variance), out=np.zeros_like(score), where=variance > 0))


def _courses(
    hot: NDArray[np.bool_], trend_z: NDArray[np.float64], trend_p: NDArray[np.float64], level: float
) -> NDArray[np.int8]:
    """The first rule that fits each cell."""
    times_hot, now = hot.sum(0), hot[-1]
    ever = times_hot > 0
    trending = np.zeros(ever.shape, bool)
    trending[ever] = benjamini_hochberg(trend_p[ever]) <= level
    rules = (
        (Course.NEVER, ~ever),
        (Course.NEW, now & (times_hot == 1)),
        (Course.EMERGING, now & trending & (trend_z > 0)),
        (Course.DIMINISHING, trending & (trend_z < 0)),
        (Course.PERSISTENT, times_hot >= LASTING * len(hot)),
    )
    return np.select(
        [where for _, where in rules],
        [np.int8(COURSES.index(course)) for course, _ in rules],
        default=np.int8(COURSES.index(Course.SPORADIC)),
    ).astype(np.int8)


def _doubts(events: Events, outside: int, early: int, slices: int) -> tuple[Doubt, ...]:
    doubts = list(left_out_doubts(events, outside))
    if early:
        sentence = rows_left_out(early, "before the first whole slice")
        doubts.append(Doubt(DoubtKind.ROWS_LEFT_OUT, sentence))
    if slices < FEW_SLICES:
        sentence = Phrase(
            "With {slices} slices only a trend that hardly ever turns back can be seen.", slices=whole(slices)
        )
        doubts.append(Doubt(DoubtKind.SHORT_HISTORY, sentence))
    return tuple(doubts)
