"""Data the near-repeat tests share: peers' reference files where they lie beside the repository, and plain loops."""

import csv
import gzip
import importlib.util
import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from frankpledge.analysis.events import Events, events_from_arrays

SHARED = Path(__file__).resolve().parents[3] / "shared"
PEERS = SHARED / "oracles" / "peers"
CHICAGO = SHARED / "data" / "incidents" / "chicago_burglary_2014_2017.csv.gz"


def peer_oracle(name: str) -> Any:
    """The peers' reference called ``name``, or a skip."""
    file = PEERS / f"{name}.json"
    if not file.is_file():
        pytest.skip(f"the reference results ../shared/oracles/peers/{name}.json are not here")
    return json.loads(file.read_text(encoding="utf-8"))


@cache
def synthetic(n: int) -> Events:
    """The synthetic near-repeat city of ``n`` burglaries that the peers were measured on."""
    file = PEERS / "make_near_repeat.py"
    if not file.is_file():
        pytest.skip("the generator ../shared/oracles/peers/make_near_repeat.py is not here")
    spec = importlib.util.spec_from_file_location("make_near_repeat", file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    rows = module.make(n)
    return Events(rows[:, 0].copy(), rows[:, 1].copy(), rows[:, 2].astype(np.int64))


def chicago(year: int) -> Events:
    """Residential burglaries in Chicago in ``year`` (City of Chicago open data)."""
    if not CHICAGO.is_file():
        pytest.skip("the burglaries ../shared/data/incidents/chicago_burglary_2014_2017.csv.gz are not here")
    with gzip.open(CHICAGO, "rt", encoding="utf-8") as text:
        rows = [row for row in csv.DictReader(text) if row["date_single"].endswith(str(year))]
    return events_from_arrays(
        [row["x"] for row in rows], [row["y"] for row in rows], [row["date_single"] for row in rows]
    )


def plain_counts(events: Events, inside: Any, time_edges: tuple[int, ...], *, manhattan: bool = False) -> NDArray[Any]:
    """Pairs by band and time, by looking at every pair; ``inside`` are functions of the distance, one for each band."""
    counts = np.zeros((len(inside), len(time_edges) - 1), int)
    x, y, day = events.x.tolist(), events.y.tolist(), events.days.tolist()
    for i in range(len(x)):
        for j in range(i):
            dx, dy = abs(x[i] - x[j]), abs(y[i] - y[j])
            distance = dx + dy if manhattan else math.sqrt(dx * dx + dy * dy)
            lag = abs(day[i] - day[j])
            for band, holds in enumerate(inside):
                for t in range(len(time_edges) - 1):
                    counts[band, t] += holds(distance) and time_edges[t] <= lag < time_edges[t + 1]
    return counts


def near_repeat_city(
    random: np.random.Generator, *, n: int = 3_000, share: float = 0.12, metres: float = 100, days: float = 8
) -> Events:
    """A year of events at random over 8 km, ``share`` of which are followed by another, the density of which falls as
    exp(-distance / metres) and exp(-lag / days).
    """
    side, year = 8_000, 365
    x, y, t = random.uniform(0, side, n), random.uniform(0, side, n), random.uniform(0, year, n)
    followed = random.random(n) < share
    k = int(followed.sum())
    away, angle, lag = random.gamma(2, metres, k), random.uniform(0, 2 * np.pi, k), random.exponential(days, k)
    x = np.concatenate([x, x[followed] + away * np.cos(angle)])
    y = np.concatenate([y, y[followed] + away * np.sin(angle)])
    t = np.concatenate([t, t[followed] + lag])
    within = t < year
    return Events(x[within], y[within], np.floor(t[within]).astype(np.int64))
