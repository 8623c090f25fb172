"""Small numbers kept out of what is published: suppression that sums cannot undo, rounding, blurred places.

A table and its totals are one system of sums, so a hidden cell can often be worked out from the rest. The sums form a
network in which each number is an arc from its row to its column (totals run back), and the freedom left to a hidden
number is a largest flow: this gives the exact range an attacker can find with a linear programme, without one. Further
cells are hidden along cheapest loops until every hidden number keeps a range as wide as the policy asks, against an
attacker who also knows that noughts are never hidden.
Sources: Cox L (1980) Suppression methodology and statistical disclosure control, JASA 75:377-385; Gusfield D (1988)
A graph theoretic approach to statistical data security, SIAM J Comput 17:552-571 (flows); OpenSAFELY, statistical
disclosure control; Defence Statistics rounding policy; data.police.uk, location anonymisation.
"""

import heapq
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, whole

HIDDEN = "~"  # what stands for a hidden number
FEWEST_ADDRESSES = 8  # a map point stands for this many homes, or for none (data.police.uk)
MOST_CELLS = 20_000
MOST_CELLS_TOGETHER = 5_000

Cell = tuple[int, int]  # row and column of the table with its totals; the last row and column are the totals
Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be published. Counts from 1 (from 0 unless noughts are safe) to ``smallest - 1`` are hidden.

    ``protection``: the least width of the range in which any hidden number must remain, whatever sums are done.
    """

    smallest: int = 5
    protection: int = 5
    noughts_are_safe: bool = True

    def __post_init__(self) -> None:
        if self.smallest < 2 or self.protection < 1:
            raise CannotCompute(
                "A disclosure policy needs a smallest publishable count of at least 2 and a protection of at least 1."
            )

    @property
    def least_hidden(self) -> int:
        """The least value an attacker who knows the policy allows a hidden number."""
        return 1 if self.noughts_are_safe else 0

    def unsafe(self, counts: Counts) -> Mask:
        """Which counts may not be shown."""
        return np.asarray((counts >= self.least_hidden) & (counts < self.smallest))


DEFAULT_POLICY = Policy()
OPENSAFELY = Policy(smallest=8, protection=8)


@dataclass(frozen=True, slots=True)
class Totals:
    """Which totals of a table are published beside it."""

    rows: bool = True
    columns: bool = True
    grand: bool = True


ALL_TOTALS = Totals()


@dataclass(frozen=True, kw_only=True)
class PublishedTable(Result):
    """A table fit to publish: None where a number is hidden or was never to be shown. It carries no hidden number.

    ``n`` is the number of cells. Why a cell is hidden (small, or to protect a small one) is not told: it would help to
    undo it.
    """

    row_names: tuple[str, ...]
    column_names: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None
    hidden: int  # cells hidden, totals aside
    hidden_totals: int
    policy: Policy

    def sentence(self) -> Phrase:
        if not self.hidden and not self.hidden_totals:
            return Phrase("Nothing had to be hidden: no number rests on fewer than {k}.", k=whole(self.policy.smallest))
        return Phrase(
            "{hidden} of {n} cells and {totals} totals are hidden: they are under {k}, or would give one away.",
            hidden=whole(self.hidden),
            n=whole(self.n),
            totals=whole(self.hidden_totals),
            k=whole(self.policy.smallest),
        )

    def table(self) -> Table:
        shown = [
            (name, *map(_shown, row), _shown(total))
            for name, row, total in zip(self.row_names, self.cells, self.row_totals, strict=True)
        ]
        shown.append(("total", *map(_shown, self.column_totals), _shown(self.total)))
        return Table(("", *self.column_names, "total"), tuple(shown))

    def row_percentages(self, places: int = 0) -> tuple[tuple[float | None, ...], ...]:
        """Percentages of each row's total, from published numbers alone; None wherever either is hidden."""
        return tuple(
            tuple(None if cell is None or not total else round(100 * cell / total, places) for cell in row)
            for row, total in zip(self.cells, self.row_totals, strict=True)
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "rows": list(self.row_names),
            "columns": list(self.column_names),
            "cells": [list(row) for row in self.cells],
            "row_totals": list(self.row_totals),
            "column_totals": list(self.column_totals),
            "total": self.total,
            "hidden": self.hidden,
            "hidden_totals": self.hidden_totals,
            "smallest": self.policy.smallest,
            "protection": self.policy.protection,
            **self.provenance(),
        }


def _shown(value: int | None) -> int | str:
    return HIDDEN if value is None else value


def suppress(
    counts: ArrayLike,
    *,
    row_names: Sequence[str] = (),
    column_names: Sequence[str] = (),
    policy: Policy = DEFAULT_POLICY,
    totals: Totals = ALL_TOTALS,
) -> PublishedTable:
    """The table of ``counts`` (rows, columns), or one row of them, with every small number beyond recovery.

    Small cells and small totals are hidden, then the cheapest further cells that keep each hidden number uncertain by
    ``policy.protection``; a total is hidden only where cells alone cannot do it. A single row has its total as only
    total. Raises CannotCompute for negative, fractional or missing counts.
    """
    values = _whole_counts(counts)
    if values.ndim == 1:
        values, totals = values[None, :], Totals(rows=totals.rows, columns=False, grand=False)
    if values.ndim != 2 or not values.size:
        raise CannotCompute("A table to publish needs rows and columns of counts.")
    if values.size > MOST_CELLS:
        raise CannotCompute(f"A table of {values.size:,} cells is too large to protect. Publish it in parts.")
    named_rows = _names(row_names, values.shape[0], "row")
    named_columns = _names(column_names, values.shape[1], "column")
    full = with_totals(values)
    hidden = _Sums(full, policy, totals).protected()
    shown = ~hidden & _to_publish(full.shape, totals)
    doubts: tuple[Doubt, ...] = ()
    if hidden[-1, :].any() or hidden[:, -1].any():
        doubts = (
            Doubt(
                DoubtKind.SMALL_NUMBERS,
                Phrase("Some totals are hidden too: with them the hidden cells could be worked out."),
            ),
        )
    at = [[int(full[i, j]) if shown[i, j] else None for j in range(full.shape[1])] for i in range(full.shape[0])]
    return PublishedTable(
        n=values.size,
        method=(
            f"cells under {policy.smallest} hidden, with others so that every hidden number "
            f"stays uncertain by at least {policy.protection}"
        ),
        doubts=doubts,
        row_names=named_rows,
        column_names=named_columns,
        cells=tuple(tuple(row[:-1]) for row in at[:-1]),
        row_totals=tuple(row[-1] for row in at[:-1]),
        column_totals=tuple(at[-1][:-1]),
        total=at[-1][-1],
        hidden=int(hidden[:-1, :-1].sum()),
        hidden_totals=int(hidden.sum() - hidden[:-1, :-1].sum()),
        policy=policy,
    )


def feasible_range(counts: ArrayLike, hidden: ArrayLike, cell: Cell, *, policy: Policy = DEFAULT_POLICY,
                   totals: Totals = ALL_TOTALS) -> tuple[int, int | None]:  # fmt: skip
    """The least and greatest value a hidden ``cell`` can have, given everything shown; None where nothing bounds it.

    ``counts`` (r, c); ``hidden`` (r + 1, c + 1) with the totals last; ``cell`` in the same numbering.
    """
    full = with_totals(_whole_counts(counts))
    sums = _Sums(full, policy, totals)
    sums.hide(np.asarray(hidden, bool))
    return sums.range_of(cell)


def with_totals(values: Counts) -> Counts:
    """The table with its column of row totals, row of column totals and grand total: (r + 1, c + 1)."""
    wide = np.column_stack((values, values.sum(1)))
    return np.asarray(np.vstack((wide, wide.sum(0))), np.int64)


def _to_publish(shape: tuple[int, ...], totals: Totals) -> Mask:
    published = np.ones(shape, bool)
    published[:-1, -1] = totals.rows
    published[-1, :-1] = totals.columns
    published[-1, -1] = totals.grand
    return published


class _Sums:
    """The sums of one table as a network of arcs: row -> column for cells and grand total, column -> row for totals.

    Whatever an attacker can do with the sums is a circulation on the arcs that are not shown.
    """

    def __init__(self, full: Counts, policy: Policy, totals: Totals) -> None:
        self.full, self.policy = full, policy
        self.height, self.width = full.shape
        self.published = _to_publish(full.shape, totals)
        self.hidden: Mask = np.zeros(full.shape, bool)
        least = np.where(self.published, policy.least_hidden, 0)
        self.room: list[list[int]] = (full - least).tolist()  # how far each number could fall if it were hidden
        self.arcs = self._all_arcs(full >= least)
        # the arcs that are not shown: node -> {node: its number, whether the arc runs that way}
        self.free: list[dict[int, tuple[Cell, bool]]] = [{} for _ in range(self.height + self.width)]
        self.leans_on: dict[Cell, set[Cell]] = {}  # hidden cell -> the cells whose freedom gives it its own
        for i, j in np.argwhere(~self.published):
            self._open((int(i), int(j)))

    def protected(self) -> Mask:
        """Hide what is unsafe and whatever must go with it; the mask of what was hidden."""
        self.hide(self.policy.unsafe(self.full) & self.published)
        small = self.hidden.copy()
        waiting = self._cells(self.hidden)
        while waiting:
            cell = waiting.pop()
            while (need := self.policy.protection - self._freedom(cell, self.policy.protection)) > 0:
                waiting.extend(self._cheapest_loop(cell, need))
        self._show_what_is_not_needed(small)
        return self.hidden

    def hide(self, mask: Mask) -> None:
        for cell in self._cells(mask & self.published & ~self.hidden):
            self.hidden[cell] = True
            self._open(cell)

    def range_of(self, cell: Cell) -> tuple[int, int | None]:
        tail, head = self._ends(cell)
        bound = int(self.full.sum()) + 1
        up, _ = self._flow(head, tail, bound, without=cell)
        down, _ = self._flow(tail, head, self._room_down(cell), without=cell)
        value = int(self.full[cell])
        return value - down, None if up >= bound else value + up

    def _freedom(self, cell: Cell, enough: int) -> int:
        """Width of the range of a hidden cell, counted no further than ``enough``; what it leans on is kept."""
        tail, head = self._ends(cell)
        up, used = self._flow(head, tail, enough, without=cell)
        down, used_too = self._flow(tail, head, min(enough - up, self._room_down(cell)), without=cell)
        self.leans_on[cell] = used | used_too
        return up + down

    def _flow(self, source: int, sink: int, most: int, *, without: Cell) -> tuple[int, set[Cell]]:
        """Largest flow from ``source`` to ``sink`` over free arcs, by shortest augmenting paths, up to ``most``; and
        the cells it runs through.
        """
        changed: dict[Cell, int] = {}
        total = 0
        while total < most:
            path = self._path(source, sink, changed, without)
            if not path:
                break
            step = min(most - total, *(self._residual(cell, forward, changed) for cell, forward in path))
            for cell, forward in path:
                changed[cell] = changed.get(cell, 0) + (step if forward else -step)
            total += step
        return total, set(changed)

    def _path(
        self, source: int, sink: int, changed: Mapping[Cell, int], without: Cell
    ) -> list[tuple[Cell, bool]] | None:
        """Shortest path with room left, looking one step ahead for the sink: most loops are short, tables long."""
        came: dict[int, tuple[int, Cell, bool]] = {source: (source, without, True)}
        edge = [source]
        while edge:
            reached: list[int] = []
            for node in edge:
                for other, (cell, forward) in self.free[node].items():
                    if other in came or cell == without or self._residual(cell, forward, changed) <= 0:
                        continue
                    came[other] = (node, cell, forward)
                    reached.append(other)
                    if other != sink and sink in self.free[other]:
                        last, onward = self.free[other][sink]
                        if last == without or self._residual(last, onward, changed) <= 0:
                            continue
                        came[sink] = (other, last, onward)
                    if sink in came:
                        return _walked(came, source, sink)
            edge = reached
        return None

    def _residual(self, cell: Cell, forward: bool, changed: Mapping[Cell, int]) -> int:
        """How far a free number can still rise (without end) or fall."""
        if forward:
            return 1 << 40
        return self._room_down(cell) + changed.get(cell, 0)

    def _room_down(self, cell: Cell) -> int:
        return self.room[cell[0]][cell[1]]

    def _cheapest_loop(self, cell: Cell, need: int) -> list[Cell]:
        """Hide the cheapest cells that let ``cell`` move by ``need`` more; the cells hidden."""
        tail, head = self._ends(cell)
        rise = self._cheapest_path(head, tail, need, cell)
        fall = self._cheapest_path(tail, head, need, cell) if self._room_down(cell) >= need else (math.inf, [])
        chosen = min(rise, fall, key=lambda found: found[0])[1]
        added = [found for found in chosen if not self.hidden[found] and self.published[found]]
        if not added:
            # the cheapest way is already open but used up together with others: hide the loop through the totals
            i, j = cell
            inner = (i, j) if i < self.height - 1 and j < self.width - 1 else self._inside(cell)
            around = (inner, (inner[0], self.width - 1), (self.height - 1, inner[1]), (self.height - 1, self.width - 1))
            added = [found for found in around if not self.hidden[found] and self.published[found]]
        for found in added:
            self.hidden[found] = True
            self._open(found)
        return added

    def _inside(self, total: Cell) -> Cell:
        """The largest cell that goes into a total."""
        i, j = total
        rows = slice(0, self.height - 1) if i == self.height - 1 else slice(i, i + 1)
        columns = slice(0, self.width - 1) if j == self.width - 1 else slice(j, j + 1)
        block = self.full[rows, columns]
        row, column = np.unravel_index(int(block.argmax()), block.shape)
        return (rows.start + int(row), columns.start + int(column))

    def _cheapest_path(self, source: int, sink: int, need: int, without: Cell) -> tuple[float, list[Cell]]:
        """Dijkstra over all numbers above nought that can move by ``need``; those already free cost nothing."""
        best = {source: 0.0}
        came: dict[int, tuple[int, Cell, bool]] = {source: (source, without, True)}
        queue = [(0.0, source)]
        while queue:
            cost, node = heapq.heappop(queue)
            if node == sink:
                return cost, [cell for cell, _ in _walked(came, source, sink)]
            if cost > best[node]:
                continue
            for other, cell, forward in self.arcs[node]:
                if cell == without or (not forward and self._room_down(cell) < need):
                    continue
                further = cost + self._cost(cell)
                if further < best.get(other, math.inf):
                    best[other] = further
                    came[other] = (node, cell, forward)
                    heapq.heappush(queue, (further, other))
        return math.inf, []

    def _all_arcs(self, could_move: Mask) -> list[list[tuple[int, Cell, bool]]]:
        """All arcs that are or could be free, by node: a shown nought stays shown when noughts are safe."""
        arcs: list[list[tuple[int, Cell, bool]]] = [[] for _ in range(self.height + self.width)]
        for cell in self._cells(could_move):
            row, column = cell[0], self.height + cell[1]
            forward = self._ends(cell)[0] == row
            arcs[row].append((column, cell, forward))
            arcs[column].append((row, cell, not forward))
        return arcs

    def _cost(self, cell: Cell) -> float:
        """What a loop through this number costs: next to nothing if it is hidden already."""
        return 0.001 if self.hidden[cell] or not self.published[cell] else self._loss(cell)

    def _loss(self, cell: Cell) -> float:
        """What hiding a number loses: little for a cell, more for a large one, much for a total."""
        at_edge = (cell[0] == self.height - 1) + (cell[1] == self.width - 1)
        return (1.0, 8.0, 40.0)[at_edge] + math.log1p(float(self.full[cell])) / 10

    def _show_what_is_not_needed(self, small: Mask) -> None:
        """Show again, the dearest first, cells hidden to protect others that all others can do without."""
        leaned_on_by: dict[Cell, set[Cell]] = {}
        for cell, leant in self.leans_on.items():
            for other in leant:
                leaned_on_by.setdefault(other, set()).add(cell)
        enough = self.policy.protection
        for cell in sorted(self._cells(self.hidden & ~small), key=self._loss, reverse=True):
            self._close(cell)
            affected = [other for other in leaned_on_by.get(cell, ()) if self.hidden[other]]
            before = {other: self.leans_on[other] for other in affected}
            if all(self._freedom(other, enough) >= enough for other in affected):
                for other in affected:
                    for now_leant_on in self.leans_on[other]:
                        leaned_on_by.setdefault(now_leant_on, set()).add(other)
            else:
                self.leans_on.update(before)
                self.hidden[cell] = True
                self._open(cell)

    def _ends(self, cell: Cell) -> tuple[int, int]:
        """From and to: a cell runs from its row to its column, as does the grand total; other totals run back."""
        row, column = cell[0], self.height + cell[1]
        back = (cell[0] == self.height - 1) != (cell[1] == self.width - 1)
        return (column, row) if back else (row, column)

    def _open(self, cell: Cell) -> None:
        row, column = cell[0], self.height + cell[1]
        forward = self._ends(cell)[0] == row
        self.free[row][column] = (cell, forward)
        self.free[column][row] = (cell, not forward)

    def _close(self, cell: Cell) -> None:
        self.hidden[cell] = False
        row, column = cell[0], self.height + cell[1]
        del self.free[row][column], self.free[column][row]

    @staticmethod
    def _cells(mask: Mask) -> list[Cell]:
        return [(int(i), int(j)) for i, j in np.argwhere(mask)]


def _walked(came: Mapping[int, tuple[int, Cell, bool]], source: int, sink: int) -> list[tuple[Cell, bool]]:
    path = []
    node = sink
    while node != source:
        node, cell, forward = came[node]
        path.append((cell, forward))
    return path


# Rounding


def round_to_5(count: int) -> int | str:
    """Defence Statistics' rule: 0 stays, 1 to 4 become ``~``, the rest go to the nearest 5."""
    _check_count(count)
    if count == 0:
        return 0
    return HIDDEN if count < 5 else (count + 2) // 5 * 5


def round_to_10(count: int) -> int:
    """Defence Statistics' rule: to the nearest 10, and what ends in 5 to the nearest multiple of 20 (no drift)."""
    _check_count(count)
    return (count + 10) // 20 * 20 if count % 10 == 5 else (count + 5) // 10 * 10


def redact_and_round(
    counts: ArrayLike, *, redact_up_to: int = 7, round_to: int = 5, noughts_are_safe: bool = False
) -> tuple[tuple[int | None, ...], int]:
    """OpenSAFELY's order: redact counts up to seven, add up what is left, then round: the rounded counts (None where
    redacted) and the rounded total of those kept. Percentages are then made from these numbers alone.

    The total is of the counts kept: a total of all would give redacted ones away.
    """
    values = _whole_counts(counts)
    if values.ndim != 1 or round_to < 1 or redact_up_to < 0:
        raise CannotCompute("Redaction and rounding need one row of counts, and steps of at least one.")
    kept = (values > redact_up_to) | ((values == 0) & noughts_are_safe)
    near = [_nearest(int(value), round_to) if keep else None for value, keep in zip(values, kept, strict=True)]
    return tuple(near), _nearest(int(values[kept].sum()), round_to)


def safe_percentage(numerator: int, denominator: int, *, policy: Policy = OPENSAFELY, round_to: int = 5) -> int | None:
    """A whole percentage made from rounded counts, or None where it would rest on, or give away, a small number.

    The remainder counts too: *97 % did* tells how few did not.
    """
    _check_count(numerator)
    _check_count(denominator)
    if numerator > denominator:
        raise CannotCompute("A percentage cannot have more in its numerator than in its denominator.")
    parts = np.array([numerator, denominator - numerator, denominator], np.int64)
    below = _nearest(denominator, round_to)
    if policy.unsafe(parts).any() or not below:
        return None
    return round(100 * min(_nearest(numerator, round_to), below) / below)


def _nearest(value: int, step: int) -> int:
    return (value + step // 2) // step * step


# Differencing


@dataclass(frozen=True, kw_only=True)
class DifferencingCheck(Result):
    """Whether a part, published beside its whole, gives a small number away. ``n``: cells compared.

    ``places``: table (whole, part or rest), row and column of the numbers that could be worked out; not the numbers.
    """

    safe: bool
    places: tuple[tuple[str, str, str], ...]
    policy: Policy

    def sentence(self) -> Phrase:
        if self.safe:
            return Phrase("No small number follows from this table and the one published before.")
        return Phrase(
            "This table may not be published: with the one before it, {count} would follow. Merge categories, areas "
            "or periods until none does.",
            count="one small number" if len(self.places) == 1 else f"{len(self.places):,} small numbers",
        )

    def table(self) -> Table:
        return Table(("table", "row", "column"), self.places)

    def as_dict(self) -> dict[str, Any]:
        return {"safe": self.safe, "places": [list(place) for place in self.places], **self.provenance()}


def differencing(
    first: ArrayLike,
    second: ArrayLike,
    *,
    first_hidden: ArrayLike | None = None,
    second_hidden: ArrayLike | None = None,
    row_names: Sequence[str] = (),
    column_names: Sequence[str] = (),
    policy: Policy = DEFAULT_POLICY,
) -> DifferencingCheck:
    """May ``second`` (true counts of a part, such as men, or a smaller area or period) go out beside ``first``, the
    whole?

    What is left when one is taken from the other is a third table. No small number of the three may be known closer
    than the policy's protection to someone who has both and does all the sums at once (linear programmes).
    ``*_hidden`` (r + 1, c + 1): what was hidden in each, totals last. Tables of one row may be given as such.
    """
    large, part = (np.atleast_2d(_whole_counts(table)) for table in (first, second))
    if large.shape != part.shape:
        raise CannotCompute("Two tables can be taken from each other only if they have the same rows and columns.")
    if np.any(part > large):
        raise CannotCompute("The second table is not a part of the first: it has a larger count in the same cell.")
    if large.size > MOST_CELLS_TOGETHER:
        raise CannotCompute(f"Two tables of {large.size:,} cells are too large to compare. Compare them in parts.")
    single = large.shape[0] == 1
    published = _to_publish((large.shape[0] + 1, large.shape[1] + 1), Totals(columns=not single, grand=not single))
    shown = []
    for mask in (first_hidden, second_hidden):
        hidden = np.zeros(published.shape, bool) if mask is None else np.asarray(mask, bool)
        if hidden.shape != published.shape:
            raise CannotCompute("What was hidden must be told for every cell and total of the table.")
        shown.append(published & ~hidden)
    both = _BothTables(with_totals(large), with_totals(part), shown[0], shown[1], published, policy)
    rows = (*_names(row_names, part.shape[0], "row"), "total")
    columns = (*_names(column_names, part.shape[1], "column"), "total")
    places = tuple((table, rows[i], columns[j]) for table, (i, j) in both.leaks())
    return DifferencingCheck(
        n=int(published.sum()),
        method=f"whole, part and rest judged together by linear programmes; smallest {policy.smallest}",
        safe=not places,
        places=places,
        policy=policy,
    )


class _BothTables:
    """All that is known to someone who has a table and the table of a part of it: sums, and part <= whole."""

    def __init__(
        self, large: Counts, part: Counts, large_shown: Mask, part_shown: Mask, published: Mask, policy: Policy
    ) -> None:
        self.tables, self.shown = (large, part), (large_shown, part_shown)
        self.published, self.policy = published, policy
        self.place: dict[tuple[int, Cell], int] = {}
        for table, shown in enumerate(self.shown):
            for cell in _Sums._cells(~shown):
                self.place[table, cell] = len(self.place)
        self.least = [float(policy.least_hidden if published[cell] else 0) for _, cell in self.place]
        self.equal: list[tuple[dict[int, float], float]] = []
        self.below: list[tuple[dict[int, float], float]] = []
        self._add_sums()

    def leaks(self) -> Iterator[tuple[str, Cell]]:
        """The small numbers of whole, part and rest that are known too closely."""
        for name, signs in (("whole", (1, 0)), ("part", (0, 1)), ("rest", (1, -1))):
            values = np.asarray(signs[0] * self.tables[0] + signs[1] * self.tables[1])
            for cell in _Sums._cells(self.policy.unsafe(values) & self.published):
                terms = [((table, cell), float(sign)) for table, sign in enumerate(signs) if sign]
                if self._width(terms) < self.policy.protection - 1e-6:
                    yield name, cell

    def _width(self, terms: list[tuple[tuple[int, Cell], float]]) -> float:
        from scipy.optimize import linprog

        objective = np.zeros(len(self.place))
        for key, sign in terms:
            if key in self.place:
                objective[self.place[key]] = sign
        if not objective.any():
            return 0.0
        equal, equal_to = self._matrix(self.equal)
        below, below_to = self._matrix(self.below)
        ends = []
        for side in (1.0, -1.0):
            found = linprog(
                side * objective, A_eq=equal, b_eq=equal_to, A_ub=below, b_ub=below_to,
                bounds=[(least, None) for least in self.least], method="highs",
            )  # fmt: skip
            if found.status == 3:  # without bound
                return math.inf
            if found.status != 0:
                raise CannotCompute(f"The two tables could not be compared: {found.message}")
            ends.append(side * float(found.fun or 0.0))
        return ends[1] - ends[0]

    def _matrix(self, rows: list[tuple[dict[int, float], float]]) -> tuple[Any, NDArray[np.float64] | None]:
        from scipy.sparse import csr_array

        if not rows:
            return None, None
        entries = [(i, j, value) for i, (terms, _) in enumerate(rows) for j, value in terms.items()]
        row, column, value = zip(*entries, strict=True)
        return csr_array((value, (row, column)), shape=(len(rows), len(self.place))), np.array([to for _, to in rows])

    def _add_sums(self) -> None:
        height, width = self.published.shape
        lines = [[(i, j) for j in range(width)] for i in range(height)]
        lines += [[(i, j) for i in range(height)] for j in range(width)]
        for table in (0, 1):
            for line in lines:
                signs = [1.0] * (len(line) - 1) + [-1.0]
                self._add(self.equal, [((table, cell), sign) for cell, sign in zip(line, signs, strict=True)])
        for i in range(height):
            for j in range(width):
                self._add(self.below, [((1, (i, j)), 1.0), ((0, (i, j)), -1.0)])

    def _add(self, rows: list[tuple[dict[int, float], float]], terms: list[tuple[tuple[int, Cell], float]]) -> None:
        """Known numbers go to the right-hand side; a line without an unknown says nothing."""
        unknown: dict[int, float] = {}
        to = 0.0
        for (table, cell), sign in terms:
            if (table, cell) in self.place:
                unknown[self.place[table, cell]] = sign
            else:
                to -= sign * float(self.tables[table][cell])
        if unknown:
            rows.append((unknown, to))


def refuse_differencing(first: ArrayLike, second: ArrayLike, **options: Any) -> None:
    """Raise CannotCompute, with the reason, where `differencing` finds a leak."""
    check = differencing(first, second, **options)
    if not check.safe:
        raise CannotCompute(str(check.sentence()))


# Places


@dataclass(frozen=True, kw_only=True)
class BlurredPlaces(Result):
    """Each event at its map point: ``x``, ``y`` (n,) metres, ``point`` (n,) the index of the point; the true places
    are not kept.

    ``off_map``: events that are never shown at a point. ``shift_m``: how far events moved (median, greatest).
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    point: NDArray[np.int64]
    points: int
    off_map: int
    median_shift_m: float | None
    greatest_shift_m: float | None

    def sentence(self) -> Phrase:
        if self.median_shift_m is None:
            return Phrase("No event is shown at a point.")
        return Phrase(
            "{n} events are shown at {points} map points, each of which stands for {k} addresses or more, or for none; "
            "half of them moved {shift} metres or less.",
            n=whole(self.n),
            points=whole(self.points),
            k=whole(FEWEST_ADDRESSES),
            shift=whole(self.median_shift_m),
        )

    def table(self) -> Table:
        used, events = np.unique(self.point, return_counts=True)
        first = {int(point): k for k, point in reversed(list(enumerate(self.point.tolist())))}
        return Table(
            ("point", "x", "y", "events"),
            tuple(
                (int(p), float(self.x[first[int(p)]]), float(self.y[first[int(p)]]), int(k))
                for p, k in zip(used, events, strict=True)
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "points": self.points,
            "off_map": self.off_map,
            "median_shift_m": rounded(self.median_shift_m, 1),
            "greatest_shift_m": rounded(self.greatest_shift_m, 1),
            "x": self.x.tolist(),
            "y": self.y.tolist(),
            **self.provenance(),
        }


def blur_places(
    x: ArrayLike,
    y: ArrayLike,
    *,
    point_x: ArrayLike,
    point_y: ArrayLike,
    point_addresses: ArrayLike,
    never_at_points: ArrayLike | None = None,
    fewest_addresses: int = FEWEST_ADDRESSES,
) -> BlurredPlaces:
    """Move each event (metres) to the nearest map point whose catchment holds ``fewest_addresses`` or more, or none.

    The same place always goes to the same point, whatever the order of events and points: nothing is drawn at random,
    so repeating the question tells no more. ``never_at_points``: events (domestic abuse, sexual offences) left off.
    Raises CannotCompute where no point is fit or a place is not a number.
    """
    from scipy.spatial import cKDTree

    places = _coordinates(x, y, "event")
    candidates = _coordinates(point_x, point_y, "map point")
    addresses = np.asarray(point_addresses)
    if len(addresses) != len(candidates):
        raise CannotCompute("Every map point needs its number of addresses.")
    fit = np.flatnonzero((addresses >= fewest_addresses) | (addresses == 0))
    if not len(fit):
        raise CannotCompute(
            f"No map point stands for {fewest_addresses} addresses or more, or for none: places cannot be blurred."
        )
    fit = fit[np.lexsort((candidates[fit, 1], candidates[fit, 0]))]
    left_off = np.zeros(len(places), bool) if never_at_points is None else np.asarray(never_at_points, bool)
    if len(left_off) != len(places):
        raise CannotCompute("Every event must be said to be shown at a point or never to be.")
    shown = places[~left_off]
    nearest, shift = np.zeros(0, np.int64), np.zeros(0)
    if len(shown):
        reach = min(4, len(fit))
        distances, order = cKDTree(candidates[fit]).query(shown, k=reach)
        distances, order = np.reshape(distances, (-1, reach)), np.reshape(order, (-1, reach))
        level = distances <= distances[:, :1] + 1e-9  # of points equally near, the westernmost, then the southernmost
        nearest = fit[np.where(level, order, len(fit)).min(1)]
        shift = distances[:, 0]
    return BlurredPlaces(
        n=len(shown),
        method=f"nearest map point with {fewest_addresses} or more addresses in its catchment, or none",
        x=candidates[nearest, 0],
        y=candidates[nearest, 1],
        point=nearest,
        points=len(np.unique(nearest)),
        off_map=int(left_off.sum()),
        median_shift_m=float(np.median(shift)) if len(shift) else None,
        greatest_shift_m=float(shift.max()) if len(shift) else None,
    )


def _coordinates(x: ArrayLike, y: ArrayLike, what: str) -> NDArray[np.float64]:
    xs, ys = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if xs.ndim != 1 or xs.shape != ys.shape:
        raise CannotCompute(f"Every {what} needs an x and a y.")
    if not (np.isfinite(xs).all() and np.isfinite(ys).all()):
        raise CannotCompute(f"A {what} has no position that can be read. Leave it out and say so.")
    return np.column_stack((xs, ys))


def _whole_counts(counts: ArrayLike) -> Counts:
    array = np.asarray(counts)
    if array.dtype == object or not np.issubdtype(array.dtype, np.number):
        raise CannotCompute("A table to publish needs a count in every cell; a missing count is not nought.")
    if not np.isfinite(array).all() or np.any(array != np.floor(array)) or np.any(array < 0):
        raise CannotCompute("Counts are whole numbers from nought up: this table has something else.")
    return array.astype(np.int64)


def _check_count(count: int) -> None:
    if count < 0 or count != int(count):
        raise CannotCompute("A count is a whole number from nought up.")


def _names(given: Sequence[str], number: int, what: str) -> tuple[str, ...]:
    if given and len(given) != number:
        raise CannotCompute(f"There are {number} {what}s and {len(given)} names for them.")
    return tuple(given) or tuple(f"{what} {k}" for k in range(1, number + 1))
