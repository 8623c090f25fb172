"""Has the level shifted, a little but for long? Cumulative sums of what each period brings beyond what is allowed.

``cusum`` is the tabular chart on values of any kind. ``poisson_cusum`` is the one for counts: each period is weighed by
the likelihood ratio of a level ``ratio`` times the expected against the expected, and the limit is set so that a false
alarm comes as rarely as asked.
Sources: Page E (1954) Biometrika 41:100-115; Montgomery D, Introduction to Statistical Quality Control, chapter 9 (the
table); Lucas J (1985) Counted data CUSUM's, Technometrics 27:129-144; Brook D, Evans D (1972) Biometrika 59:539-549
(the average run length).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr

from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, whole

NEVER = 1e6  # periods between false alarms from which they are not worth a figure
STATES = 160  # of the Markov chain that stands for the sum
FEW_EXPECTED = 1.0  # expected count a period under which a chart of counts sees little
FEWEST_EXPECTED = 0.1  # under which it sees nothing


@dataclass(frozen=True, slots=True)
class Shift:
    """The first time a sum passed its limit: when, since when it had been above nought, and the level meanwhile."""

    alarm: int  # position of the period of the alarm, from 0
    since: int  # position of the first period of the run
    upward: bool
    level: float  # estimated new level: of the values, or for counts as a ratio to the expected


@dataclass(frozen=True, kw_only=True)
class Cusum(Result):
    """The two sums period by period. ``upper_run`` and ``lower_run`` count the periods since each left nought."""

    labels: tuple[str, ...]
    values: NDArray[np.float64]
    upper: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper_run: NDArray[np.int64]
    lower_run: NDArray[np.int64]
    upper_limit: float
    lower_limit: float
    shift: Shift | None
    ratio: float | None = None  # the multiple of the expected it looks for, for counts
    false_alarm_every: float | None = None  # periods, on average, with the limits found; None where not known or never

    def sentence(self) -> Phrase:
        if self.shift is None:
            return Phrase("No lasting shift of the level in {n} periods.", n=whole(self.n))
        said = "{level} times the expected" if self.ratio else "about {level}"
        return Phrase(
            "The level shifted {way} from {since} on, to {level}; noticed at {alarm}.",
            way=Phrase("up" if self.shift.upward else "down"),
            since=self.labels[self.shift.since],
            level=Phrase(said, level=decimal(self.shift.level, 2)),
            alarm=self.labels[self.shift.alarm],
        )

    def table(self) -> Table:
        columns = ("period", "value", "upper sum", "periods up", "lower sum", "periods down")
        return Table(
            columns,
            tuple(
                (self.labels[i], float(self.values[i]), float(self.upper[i]), int(self.upper_run[i]),
                 float(self.lower[i]), int(self.lower_run[i]))
                for i in range(self.n)
            ),
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        shift = self.shift
        return {
            "labels": list(self.labels),
            "values": [rounded(value) for value in self.values],
            "upper": [rounded(value) for value in self.upper],
            "lower": [rounded(value) for value in self.lower],
            "upper_run": self.upper_run.tolist(),
            "lower_run": self.lower_run.tolist(),
            "upper_limit": rounded(self.upper_limit),
            "lower_limit": rounded(self.lower_limit),
            "ratio": rounded(self.ratio),
            "false_alarm_every": rounded(self.false_alarm_every, 1),
            "shift": None
            if shift is None
            else {
                "alarm": self.labels[shift.alarm],
                "since": self.labels[shift.since],
                "upward": shift.upward,
                "level": rounded(shift.level),
            },
            **self.provenance(),
        }


def cusum(
    values: Sequence[float],
    *,
    target: float,
    allowance: float,
    limit: float,
    head_start: float = 0.0,
    labels: Sequence[str] | None = None,
) -> Cusum:
    """The tabular chart: sums of ``value - target`` beyond ``allowance`` either way, in the units of the values.

    ``allowance`` (K) is half the shift looked for, ``limit`` (H) often four or five standard deviations. Sums go on
    after an alarm, as in the textbook tables. Raises CannotCompute for no values, or a limit not above nought.
    """
    value = _checked(values)
    if not (allowance >= 0 and limit > 0 and 0 <= head_start < limit and math.isfinite(target)):
        raise CannotCompute("A CUSUM needs an allowance of nought or more and a limit above it and the head start.")
    upper, upper_run = _sums(value - target - allowance, head_start)
    lower, lower_run = _sums(target - allowance - value, head_start)
    shift = _first_shift(upper, upper_run, lower, lower_run, (limit, limit))
    if shift is not None:
        beyond = (upper if shift[2] else lower)[shift[0]] / (shift[0] - shift[1] + 1)
        way = 1 if shift[2] else -1
        found = Shift(shift[0], shift[1], shift[2], float(target + way * (allowance + beyond)))
    return Cusum(
        n=value.size,
        method="tabular CUSUM",
        labels=_labels(labels, value.size),
        values=value,
        upper=upper,
        lower=lower,
        upper_run=upper_run,
        lower_run=lower_run,
        upper_limit=limit,
        lower_limit=limit,
        shift=None if shift is None else found,
    )


def poisson_cusum(
    counts: Sequence[int],
    expected: Sequence[float] | float,
    *,
    ratio: float = 1.5,
    false_alarm_every: float = 120.0,
    labels: Sequence[str] | None = None,
) -> Cusum:
    """The chart for counts against ``expected`` (one, or one a period: season and month length belong in it).

    Looks for a level ``ratio`` times the expected or, downward, one over it. Each side gives a false alarm every
    2 × ``false_alarm_every`` periods on average when nothing changes, so both together about one in that many; more
    rarely where counts are so large that one period shows the ratio. The result has the figure.
    Raises CannotCompute for negative counts, nothing expected, or a ratio not above 1.
    """
    value = _checked(counts)
    mean = np.broadcast_to(np.asarray(expected, dtype=float), value.shape).copy()
    if (value < 0).any() or (value != np.rint(value)).any():
        raise CannotCompute("A chart of counts needs whole counts of nought or more.")
    if not (np.isfinite(mean) & (mean > 0)).all():
        raise CannotCompute("Every period needs an expected count above nought.")
    if not (ratio > 1 and false_alarm_every >= 2):
        raise CannotCompute("Look for a ratio above 1, with a false alarm in two periods or more.")
    usual = float(mean.mean())
    if usual < FEWEST_EXPECTED:
        raise CannotCompute(
            f"Only {usual:g} are expected in a period, too few for a chart of counts. Take longer periods."
        )
    limits = tuple(_limit_for(usual, side, 2 * false_alarm_every) for side in (ratio, 1 / ratio))
    apart = [average_run_length(usual, *side) for side in ((ratio, limits[0]), (1 / ratio, limits[1]))]
    together = 1 / sum(1 / length for length in apart) if min(apart) < math.inf else math.inf
    upper, upper_run = _sums(_weights(value, mean, ratio))
    lower, lower_run = _sums(_weights(value, mean, 1 / ratio))
    shift = _first_shift(upper, upper_run, lower, lower_run, (limits[0], limits[1]))
    found = None
    if shift is not None:
        run = slice(shift[1], shift[0] + 1)
        found = Shift(*shift, float(value[run].sum() / mean[run].sum()))
    doubts: tuple[Doubt, ...] = ()
    if usual < FEW_EXPECTED:
        sentence = Phrase("{mean} are expected in a period: longer periods would show more.", mean=decimal(usual, 2))
        doubts = (Doubt(DoubtKind.SMALL_NUMBERS, sentence),)
    return Cusum(
        n=value.size,
        method="Poisson CUSUM of likelihood ratios, limits by Markov chain at the mean expected count",
        doubts=doubts,
        labels=_labels(labels, value.size),
        values=value,
        upper=upper,
        lower=lower,
        upper_run=upper_run,
        lower_run=lower_run,
        upper_limit=limits[0],
        lower_limit=limits[1],
        shift=found,
        ratio=ratio,
        false_alarm_every=together if together < NEVER else None,
    )


def average_run_length(mean: float, ratio: float, limit: float, *, actual: float = 1.0) -> float:
    """Periods until the one-sided chart of counts passes ``limit``, on average, at ``actual`` times ``mean``.

    By the Markov chain of Brook and Evans on STATES steps of the sum. Infinite where it practically never does.
    """
    slope, level = math.log(ratio), mean * (ratio - 1)
    width = limit / STATES
    middle = (np.arange(STATES) + 0.5) * width
    middle[0] = 0.0
    edges = np.arange(1, STATES + 1) * width  # the sum ends below this edge
    # sum' = sum + count·slope − level < edge  <=>  count below (upward) or above (downward) a bound
    bound = (edges[None, :] - middle[:, None] + level) / slope
    most = np.ceil(bound) - 1 if slope > 0 else np.floor(bound)
    share = _at_most(most, mean * actual)
    moves = np.diff(share if slope > 0 else 1 - share, axis=1, prepend=0.0)
    try:
        return float(np.linalg.solve(np.eye(STATES) - moves, np.ones(STATES))[0])
    except np.linalg.LinAlgError:  # the chain cannot leave its states
        return math.inf


def _at_most(count: NDArray[np.float64], mean: float) -> NDArray[np.float64]:
    """P(a Poisson variable is ``count`` or less), by looking up each whole number once."""
    place = np.maximum(count.astype(np.int64), -1) + 1
    return np.asarray(np.concatenate(([0.0], pdtr(np.arange(place.max()), mean)))[place])


def _limit_for(mean: float, ratio: float, run_length: float) -> float:
    """The limit at which the one-sided chart runs ``run_length`` periods between false alarms, by halving."""
    low, high = 0.0, math.log(run_length) + 1
    while average_run_length(mean, ratio, high) < run_length and high < 60:
        high *= 1.5
    for _ in range(16):
        middle = (low + high) / 2
        if average_run_length(mean, ratio, middle) < run_length:
            low = middle
        else:
            high = middle
    return high


def _weights(value: NDArray[np.float64], mean: NDArray[np.float64], ratio: float) -> NDArray[np.float64]:
    """Log likelihood ratio of each count at ``ratio`` times its mean against its mean."""
    return value * math.log(ratio) - mean * (ratio - 1)


def _sums(steps: NDArray[np.float64], head_start: float = 0.0) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The sum of the steps that never falls below nought, and for how many periods it has been above."""
    sums, runs = np.zeros(steps.size), np.zeros(steps.size, np.int64)
    total, run = head_start, 0
    for i, step in enumerate(steps):
        total = max(0.0, total + float(step))
        run = run + 1 if total > 0 else 0
        sums[i], runs[i] = total, run
    return sums, runs


def _first_shift(
    upper: NDArray[np.float64],
    upper_run: NDArray[np.int64],
    lower: NDArray[np.float64],
    lower_run: NDArray[np.int64],
    limits: tuple[float, float],
) -> tuple[int, int, bool] | None:
    """Alarm, start of its run, and whether upward, of the first sum above its limit."""
    up, down = upper > limits[0], lower > limits[1]
    either = np.flatnonzero(up | down)
    if not either.size:
        return None
    alarm = int(either[0])
    upward = bool(up[alarm])
    run = int((upper_run if upward else lower_run)[alarm])
    return alarm, max(0, alarm - run + 1), upward


def _checked(values: Sequence[float]) -> NDArray[np.float64]:
    value = np.asarray(values, dtype=float)
    if value.ndim != 1 or value.size == 0 or not np.isfinite(value).all():
        raise CannotCompute("A CUSUM needs a value for every period; a missing one is not nought.")
    return value


def _labels(labels: Sequence[str] | None, n: int) -> tuple[str, ...]:
    if labels is None:
        return tuple(f"period {i + 1}" for i in range(n))
    if len(labels) != n:
        raise CannotCompute(f"There are {n} values and {len(labels)} labels; each period needs both.")
    return tuple(labels)
