"""Chains of near repeats: which events hang together, and which of them came first.

Two events are linked when they lie within a distance and a number of days of each other; a chain is everything linked,
directly or through others (a connected component). All neighbours count, however many there are: a cap on neighbours
drops links in silence and breaks chains. An event's role follows from its own links: a *near repeat* has a linked
event before it, an *originator* has none before but one after, an *isolate* has none. Of two linked events on one day
the earlier row of the file counts as first, so every event has one role and every chain at least one originator.
Sources: Haberman C, Ratcliffe J (2012) Policing 6:151-166 (chains); Tarjan R (1975) J ACM 22:215-225 (union-find).
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankpledge.analysis.events import Events, left_out_doubts
from frankpledge.analysis.kernels import inlined, kernel
from frankpledge.analysis.neighbours import EUCLIDEAN, MANHATTAN, METRICS, into_cells
from frankpledge.analysis.results import Result, Table
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, share, whole

LARGE_SHARE = 0.05  # a chain of more of all events than this...
LARGE_CHAIN = 20  # ...and of more events than this is flagged


class Role(IntEnum):
    """What an event is to the events linked with it."""

    ISOLATE = 0
    ORIGINATOR = 1
    NEAR_REPEAT = 2


@dataclass(frozen=True, kw_only=True)
class NearRepeatChains(Result):
    """Chains by number from 0 in the order of their first rows; an event linked with no other is a chain of one.

    ``chain`` int64 (n,): each event's chain. ``sizes`` int64 (chains,): events in each. ``role`` int8 (n,): a ``Role``.
    ``repeats`` bool (n,): a near repeat with an earlier linked event at the very same place.
    ``first_day``, ``last_day`` int64 (chains,). Events stand in the order they were given.
    """

    within_m: float
    within_days: int
    strict: bool
    metric: str
    chain: NDArray[np.int64]
    sizes: NDArray[np.int64]
    role: NDArray[np.int8]
    repeats: NDArray[np.bool_]
    first_day: NDArray[np.int64]
    last_day: NDArray[np.int64]

    @property
    def chains(self) -> int:
        """All chains, those of one event among them."""
        return len(self.sizes)

    @property
    def linked_chains(self) -> int:
        """Chains of two events or more."""
        return int((self.sizes > 1).sum())

    @property
    def longest(self) -> int:
        """Events in the largest chain."""
        return int(self.sizes.max())

    @property
    def events_in_chains(self) -> int:
        """Events linked with at least one other."""
        return int(self.sizes[self.sizes > 1].sum())

    def size_counts(self) -> dict[int, int]:
        """How many chains there are of each size."""
        sizes, counts = np.unique(self.sizes, return_counts=True)
        return dict(zip(sizes.tolist(), counts.tolist(), strict=True))

    def role_counts(self) -> dict[Role, int]:
        return {role: int((self.role == role).sum()) for role in Role}

    def sentence(self) -> Phrase:
        if not self.linked_chains:
            return Phrase("None of the {n} events is linked with another.", n=whole(self.n))
        days = int(self._days()[self.sizes.argmax()])
        return Phrase(
            "{share} of the {n} events lie in chains of two or more ({chains}); the longest has {longest} events "
            "{days}.",
            share=share(self.events_in_chains / self.n),
            n=whole(self.n),
            chains=whole(self.linked_chains),
            longest=whole(self.longest),
            days=Phrase("on one day") if days == 1 else Phrase("over {days} days", days=whole(days)),
        )

    def _days(self) -> NDArray[np.int64]:
        return self.last_day - self.first_day + 1

    def table(self) -> Table:
        """A row for each size of chain."""
        rows = tuple((size, count, size * count) for size, count in self.size_counts().items())
        return Table(("events in the chain", "chains", "events"), rows)

    def as_dict(self) -> dict[str, Any]:
        roles = self.role_counts()
        return {
            "within_m": self.within_m,
            "within_days": self.within_days,
            "strict": self.strict,
            "metric": self.metric,
            "chains": self.chains,
            "linked_chains": self.linked_chains,
            "longest": self.longest,
            "longest_days": int(self._days()[self.sizes.argmax()]),
            "sizes": {str(size): count for size, count in self.size_counts().items()},
            "events_in_chains": self.events_in_chains,
            "originators": roles[Role.ORIGINATOR],
            "near_repeats": roles[Role.NEAR_REPEAT],
            "isolates": roles[Role.ISOLATE],
            "repeats_at_the_same_place": int(self.repeats.sum()),
            **self.provenance(),
        }


def near_repeat_chains(
    events: Events,
    *,
    within_m: float = 200,
    within_days: int = 14,
    strict: bool = False,
    metric: str = EUCLIDEAN,
) -> NearRepeatChains:
    """Chains of events linked by ``within_m`` metres and ``within_days`` days or less; less than both when ``strict``.

    Raises CannotCompute for no events, distances or days below nought, or events without days.
    """
    day = events.days
    if len(events) < 2:
        raise CannotCompute(f"A chain needs at least two events with a place and a day; there are {len(events)}.")
    if not within_m >= 0 or not np.isfinite(within_m) or within_days < 0:
        raise CannotCompute("Chains need a distance in metres and a number of days, neither below nought.")
    if metric not in METRICS:
        raise CannotCompute(f"The distance “{metric}” is not known. Use {' or '.join(METRICS)}.")
    cells = into_cells(events.x, events.y, within_m)
    order, n = cells.order, len(events)
    root, before, after, again = np.arange(n), np.zeros(n, np.bool_), np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    _link(
        cells.x, cells.y, day[order], order, *cells.runs, float(within_m), within_days, strict, metric == MANHATTAN,
        root, before, after, again,
    )  # fmt: skip
    role = np.empty(n, np.int8)
    role[order] = np.where(before, Role.NEAR_REPEAT, np.where(after, Role.ORIGINATOR, Role.ISOLATE))
    repeats = np.empty(n, np.bool_)
    repeats[order] = again
    chain = _numbered(root, order)
    first_day, last_day = np.full(chain.max() + 1, np.iinfo(np.int64).max), np.full(chain.max() + 1, -(2**62))
    np.minimum.at(first_day, chain, day)
    np.maximum.at(last_day, chain, day)
    sizes = np.bincount(chain)
    rule = "less than" if strict else "up to"
    return NearRepeatChains(
        n=n,
        method=f"connected components of pairs {rule} {within_m:g} m ({metric}) and {rule} {within_days} days apart",
        doubts=(*left_out_doubts(events), *_dense(int(sizes.max()), n)),
        within_m=float(within_m),
        within_days=int(within_days),
        strict=strict,
        metric=metric,
        chain=chain,
        sizes=sizes,
        role=role,
        repeats=repeats,
        first_day=first_day,
        last_day=last_day,
    )


def _dense(longest: int, n: int) -> tuple[Doubt, ...]:
    """A warning where events lie so densely that chains run together."""
    if longest <= max(LARGE_CHAIN, LARGE_SHARE * n):
        return ()
    sentence = Phrase(
        "One chain holds {share} of all events: events lie so densely here that many links are chance. Use shorter "
        "limits.",
        share=share(longest / n),
    )
    return (Doubt(DoubtKind.CHANCE_LINKS, sentence),)


def _numbered(root: NDArray[np.int64], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Chains of the events as given, numbered in the order of their first rows."""
    given = np.empty_like(root)
    given[order] = root
    _, first, chain = np.unique(given, return_index=True, return_inverse=True)
    number = np.empty(len(first), np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    return np.asarray(number[chain], np.int64)


@inlined
def _root_of(root: Any, i: Any) -> Any:
    """The event that stands for i's chain; the path to it is halved on the way."""
    while root[i] != i:
        root[i] = root[root[i]]
        i = root[i]
    return i


@kernel
def _link(
    x: Any, y: Any, day: Any, row: Any, end_here: Any, start_above: Any, end_above: Any, within_m: float,
    within_days: int, strict: bool, manhattan: bool, root: Any, before: Any, after: Any, again: Any,
) -> None:  # fmt: skip
    """Union of every linked pair, keeping none; afterwards ``root`` holds each event's chain."""
    for i in range(x.shape[0]):
        for run in range(2):
            start, end = (i + 1, end_here[i]) if run == 0 else (start_above[i], end_above[i])
            for j in range(start, end):
                apart = abs(day[i] - day[j])
                if apart > within_days or (strict and apart == within_days):
                    continue
                dx, dy = x[i] - x[j], y[i] - y[j]
                d = abs(dx) + abs(dy) if manhattan else np.sqrt(dx * dx + dy * dy)
                if d > within_m or (strict and d == within_m):
                    continue
                first, second = i, j
                if day[j] < day[i] or (day[j] == day[i] and row[j] < row[i]):
                    first, second = j, i
                after[first] = True
                before[second] = True
                if d == 0.0:
                    again[second] = True
                a, b = _root_of(root, i), _root_of(root, j)
                if a < b:
                    root[b] = a
                elif b < a:
                    root[a] = b
    for i in range(x.shape[0]):
        root[i] = _root_of(root, i)
