"""Classes and axes that a person would have chosen: round numbers, few of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

CLASSES = 5
# shares of the areas below each edge: the deepest class is for few
_SHARES = (0.15, 0.42, 0.66, 0.85)
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Classes:
    """Edges between the colour classes of a map, lowest first; a value on an edge belongs to the class above it."""

    edges: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.edges) + 1

    def of(self, value: float) -> int:
        """1 for the lightest class."""
        return 1 + sum(value >= edge for edge in self.edges)

    def shade(self, value: float) -> int:
        """The place of the value's class on the five-step ramp, so that few classes still span it."""
        if len(self) == 1:
            return 3
        return 1 + round((self.of(value) - 1) * (CLASSES - 1) / (len(self) - 1))


def classes_for(values: Sequence[float]) -> Classes:
    """Up to five classes, the higher the rarer, their edges rounded; fewer where values hardly differ."""
    ordered = sorted(values)
    if not ordered or ordered[0] == ordered[-1]:
        return Classes(())
    spread = _quantile(ordered, 0.9) - _quantile(ordered, 0.1) or ordered[-1] - ordered[0]
    step = _round_step(spread / 20)
    edges: list[float] = []
    for below in _SHARES:
        edge = round(_quantile(ordered, below) / step) * step
        edge = round(edge, 6)
        if ordered[0] < edge <= ordered[-1] and (not edges or edge > edges[-1]):
            edges.append(edge)
    return Classes(tuple(edges))


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def _round_step(rough: float) -> float:
    """The nearest of 1, 2, 2.5, 5 times a power of ten at or above ``rough``."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough - 1e-12)


def axis_ticks(top: float, about: int = 5) -> list[float]:
    """From nought to at least ``top`` in about ``about`` round steps; whole steps where ``top`` is above five."""
    if top <= 0:
        return [0.0, 1.0]
    step = _round_step(top / about)
    if top >= 5:
        step = max(1.0, step)
        step = math.ceil(step) if step < 10 and step != 2.5 else step
        step = 5.0 if step in (2.5, 3.0, 4.0) and top > 10 else step
    count = math.ceil(top / step - 1e-9)
    return [round(step * i, 6) for i in range(count + 1)]


def edge_labels(classes: Classes) -> list[tuple[str | None, str | None]]:
    """For each class its lower and upper edge in figures; None where the class is open."""
    figures = [f"{edge:g}" for edge in classes.edges]
    bounds = [None, *figures, None]
    return list(pairwise(bounds))
