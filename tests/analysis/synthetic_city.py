"""Events for tests of hotspots and forecasts: the generator of the peers' measurements, and a small city of our own."""

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from frankpledge.analysis.events import Events, events_from_arrays

from .oracles import ORACLES

EXTENT = (400_000.0, 300_000.0, 420_000.0, 320_000.0)  # of the peers' city


@cache
def _generator() -> Any:
    file = ORACLES.parent / "peers" / "make_near_repeat.py"
    if not file.is_file():
        pytest.skip("the generator ../shared/oracles/peers/make_near_repeat.py is not here")
    spec = importlib.util.spec_from_file_location("make_near_repeat", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def peers_city(n: int) -> Events:
    """The synthetic near-repeat city that every peer was measured on, seed 42: days 0 to 364."""
    rows = _generator().make(n)
    return events_from_arrays(rows[:, 0], rows[:, 1], rows[:, 2].astype(int))


def small_city(n: int = 3_000, days: int = 240, repeats: float = 0.4, seed: int = 1) -> Events:
    """A city 6 km square with ten neighbourhoods, a share of whose events follow another nearby within days."""
    random = np.random.default_rng(seed)
    middle = random.uniform(500, 5_500, (10, 2))
    home = random.choice(10, n, p=random.dirichlet(np.ones(10)))
    place = middle[home] + random.normal(0, 350, (n, 2))
    day = random.integers(0, days, n)
    for i in np.flatnonzero(random.uniform(size=n) < repeats):
        if i:
            other = int(random.integers(i))
            place[i] = place[other] + random.laplace(0, 60, 2)
            day[i] = min(day[other] + 1 + int(random.exponential(7)), days - 1)
    place = np.clip(place, 0, 5_999)
    return events_from_arrays(place[:, 0], place[:, 1], day)


def on_page(page: str) -> str:
    """The text of a page of docs/methods on one line, to find the sentence of its worked example in."""
    file = Path(__file__).resolve().parents[2] / "docs" / "methods" / f"{page}.md"
    return " ".join(file.read_text(encoding="utf-8").split())
