"""Random tables of small counts are published, then attacked: every sum an outsider can do, by linear programmes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from frankpledge.analysis.disclosure import (
    DEFAULT_POLICY,
    OPENSAFELY,
    Policy,
    PublishedTable,
    Totals,
    differencing,
    feasible_range,
    redact_and_round,
    safe_percentage,
    suppress,
    with_totals,
)
from tools.campaigns import Result

NAME = "disclosure"
DESCRIPTION = "random tables of small counts published and attacked by sums: no small number shown or worked out"
LONG = 10_000
SHORT = 150

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
POLICIES = (
    DEFAULT_POLICY,
    DEFAULT_POLICY,
    OPENSAFELY,
    Policy(3, 3),
    Policy(10, 6),
    Policy(5, 5, noughts_are_safe=False),
)


@dataclass(frozen=True)
class Published:
    """A table and what an outsider sees of it. Arrays (r + 1, c + 1), totals last; ``part`` of the table it is."""

    counts: Counts
    full: Counts
    announced: Mask  # what the table has a place for
    shown: Mask
    policy: Policy
    totals: Totals
    table: PublishedTable


def random_table(chance: np.random.Generator) -> Counts:
    """Skewed small counts with many noughts; one in six has a single row."""
    rows, columns = int(chance.integers(1, 7)), int(chance.integers(2, 8))
    level = chance.gamma(0.6, chance.choice([1.0, 4.0, 12.0, 40.0]), size=(rows, columns))
    counts = chance.poisson(level)
    return np.asarray(counts[0] if chance.random() < 1 / 6 else counts, np.int64)


def publish(counts: Counts, policy: Policy, totals: Totals) -> Published:
    """Publish and look at it from outside."""
    table = suppress(counts, policy=policy, totals=totals)
    single = counts.ndim == 1
    used = Totals(totals.rows, totals.columns and not single, totals.grand and not single)
    full = with_totals(np.atleast_2d(counts))
    announced = np.ones(full.shape, bool)
    announced[:-1, -1], announced[-1, :-1], announced[-1, -1] = used.rows, used.columns, used.grand
    seen = [[*row, total] for row, total in zip(table.cells, table.row_totals, strict=True)]
    seen.append([*table.column_totals, table.total])
    shown = np.array([[value is not None for value in row] for row in seen])
    return Published(np.atleast_2d(counts), full, announced, shown, policy, used, table)


def attack(published: Published, cell: tuple[int, int]) -> tuple[float, float]:
    """Least and greatest value of a hidden number that agree with all that is shown, by linear programmes."""
    full, height, width = published.full, *published.full.shape
    unknown = [(int(i), int(j)) for i, j in np.argwhere(~published.shown)]
    at = {place: k for k, place in enumerate(unknown)}
    lines = [[(i, j) for j in range(width)] for i in range(height)]
    lines += [[(i, j) for i in range(height)] for j in range(width)]
    matrix, to = [], []
    for line in lines:
        row, right = np.zeros(len(unknown)), 0.0
        for place, sign in zip(line, [1.0] * (len(line) - 1) + [-1.0], strict=True):
            if place in at:
                row[at[place]] += sign
            else:
                right -= sign * full[place]
        matrix.append(row)
        to.append(right)
    least = [float(published.policy.least_hidden if published.announced[place] else 0) for place in unknown]
    aim = np.zeros(len(unknown))
    aim[at[cell]] = 1.0
    ends = []
    for side in (1.0, -1.0):
        found = linprog(side * aim, A_eq=np.array(matrix), b_eq=to, bounds=[(low, None) for low in least])
        if found.status not in (0, 3):
            raise RuntimeError(f"the attack failed: {found.message}")
        ends.append(side * float(found.fun) if found.status == 0 else side * -np.inf)
    return ends[0], ends[1]


def objections(published: Published, chance: np.random.Generator) -> Iterator[str]:
    """Everything that is wrong with what was published, in words."""
    policy, full = published.policy, published.full
    if (policy.unsafe(full) & published.shown).any():
        yield "a small number is shown"
    for row, total, percentages in zip(
        published.table.cells, published.table.row_totals, published.table.row_percentages(), strict=True
    ):
        for value, percentage in zip(row, percentages, strict=True):
            if percentage is not None and (value is None or total is None):
                yield "a percentage rests on a hidden number"
    hidden = published.announced & ~published.shown
    for i, j in np.argwhere(hidden):
        low, high = attack(published, (int(i), int(j)))
        if not low - 1e-6 <= full[i, j] <= high + 1e-6:
            yield "the attack shuts out the truth"
        if high - low < policy.protection - 1e-6:
            yield f"a hidden {full[i, j]} is known to lie between {low:g} and {high:g}"
    if hidden.any():
        place = tuple(int(k) for k in chance.choice(np.argwhere(hidden)))
        found = feasible_range(published.counts, hidden, (place[0], place[1]), policy=policy, totals=published.totals)
        low, high = attack(published, (place[0], place[1]))
        if abs(found[0] - low) > 1e-6 or abs((np.inf if found[1] is None else found[1]) - high) > 1e-6:
            yield f"the range by flows {found} is not that by linear programmes {low:g} to {high:g}"
    yield from _about_rounding(published)


def _about_rounding(published: Published) -> Iterator[str]:
    for row in published.counts:
        near, total = redact_and_round(row)
        if any(value is not None and (count <= 7 or value % 5) for value, count in zip(near, row, strict=True)):
            yield "a count of seven or fewer is shown, or one that is not rounded"
        if total % 5 or abs(total - int(row[row > 7].sum())) > 2:
            yield "a total is not of the counts kept"
        for count in row:
            whole = int(row.sum())
            share = safe_percentage(int(count), whole)
            if share is not None and (0 < count < 8 or 0 < whole - count < 8):
                yield "a percentage rests on a small number, or leaves one"


def run(n: int, seed: int) -> Result:
    """Publishes and attacks ``n`` tables; in every third also a part beside its whole. Prints the seed of failures."""
    failures = hidden = cells = refused = 0
    for trial in range(n):
        chance = np.random.default_rng((seed, trial))
        policy = POLICIES[int(chance.integers(len(POLICIES)))]
        totals = Totals(*(bool(yes) for yes in chance.random(3) < 0.85))
        published = publish(random_table(chance), policy, totals)
        wrong = list(objections(published, chance))
        if trial % 3 == 0:
            refusals, found = _part_beside_whole(chance)
            refused += refusals
            wrong += found
        if wrong:
            failures += 1
            print(f"seed {seed}-{trial}: {wrong[0]}\n{published.counts}")
        hidden, cells = hidden + published.table.hidden, cells + published.table.n
    return Result(
        n=n, failures=failures, notes=f"{hidden:,} of {cells:,} cells hidden; {refused:,} parts refused beside a whole"
    )


def _part_beside_whole(chance: np.random.Generator) -> tuple[int, list[str]]:
    """Whether a part published unhidden beside its whole is refused exactly when their difference is small."""
    whole = chance.poisson(chance.gamma(4.0, 15.0, size=(3, 3))) + 10
    part = chance.binomial(whole, chance.choice([0.5, 0.9, 0.98]))
    part[part < 5] = 0
    rest = with_totals(np.asarray(whole - part, np.int64))
    leaks = bool(((rest > 0) & (rest < 5)).any())
    check = differencing(whole, part)
    return int(not check.safe), ["differencing was judged wrongly"] if check.safe == leaks else []
