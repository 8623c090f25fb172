"""The synthetic near-repeat city, and one measured Knox test of it, for `bench_near_repeat`.

Run as a script: EVENTS PERMUTATIONS; prints figures as JSON.
"""

import json
import sys
import time

import numpy as np

from frankpledge.analysis.events import Events
from frankpledge.analysis.near_repeat import knox_test

SIDE, YEAR, DWELLINGS, NEIGHBOURHOODS = 20_000, 365, 150_000, 40
SEED = 16  # gives 100,000 events slightly more pairs within a kilometre than the 108 million the promise was made on


def city(n: int, seed: int = SEED) -> Events:
    """A year of burglaries over 20 km on whole metres: 70 % on dwellings in neighbourhoods of unlike risk, 30 %
    after another one, with an exponential lag (mean 10 days) at the same place (a fifth) or an exponential distance.
    """
    random = np.random.default_rng(seed)
    centre, spread = random.uniform(0, SIDE, (NEIGHBOURHOODS, 2)), random.uniform(300, 1_200, NEIGHBOURHOODS)
    risk = random.gamma(0.5, 2.0, NEIGHBOURHOODS + 1) + 0.05
    where = random.integers(0, NEIGHBOURHOODS, DWELLINGS * 6 // 10)
    gathered = centre[where] + random.normal(0, 1, (len(where), 2)) * spread[where, None]
    strewn = random.uniform(0, SIDE, (DWELLINGS - len(where), 2))
    dwellings = np.clip(np.rint(np.vstack([gathered, strewn])), 0, SIDE - 1)
    weight = risk[np.concatenate([where, np.full(len(strewn), NEIGHBOURHOODS)])]
    first = n * 7 // 10
    at = dwellings[random.choice(DWELLINGS, first, p=weight / weight.sum())]
    day = random.integers(0, YEAR, first)
    while len(day) < n:  # a generation at a time: offspring have offspring
        parent = random.integers(0, len(day), n - len(day))
        lag = 1 + random.exponential(10, len(parent)).astype(np.int64)
        away = np.where(random.random(len(parent)) < 0.2, 0, random.exponential(150, len(parent)))
        angle = random.uniform(0, 2 * np.pi, len(parent))
        there = np.rint(at[parent] + away[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]))
        then = day[parent] + lag
        kept = (then < YEAR) & (there >= 0).all(1) & (there < SIDE).all(1)
        kept &= np.cumsum(kept) <= max(1, n // 5)
        at, day = np.vstack([at, there[kept]]), np.concatenate([day, then[kept]])
    return Events(at[:n, 0].copy(), at[:n, 1].copy(), day[:n])


def main(n: int, permutations: int) -> None:
    """One Knox test of 11 by 8 cells, compiled beforehand on a small city."""
    from _peak_memory import peak_mb  # beside this script; `city` is also imported from the package

    knox_test(city(500), permutations=permutations and 9)
    events = city(n)
    began = time.perf_counter()
    found = knox_test(events, permutations=permutations)
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb(), "pairs": found.pairs}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
