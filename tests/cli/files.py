"""Files an analyst might hand to a command, and what it says to them."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

PLACED = ["--x", "x", "--y", "y"]
DATED = [*PLACED, "--date", "date"]


class Told:
    """What a command said, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> dict[str, Any]:
        """The answer; a NaN or an infinity in it is an error."""
        assert self.code == 0, self.err

        def refuse(word: str) -> None:
            raise AssertionError(f"{word} is no JSON")

        found = json.loads(self.out, parse_constant=refuse)
        assert isinstance(found, dict)
        return found


Call = Callable[..., Told]


def write(file: Path, header: str, rows: Sequence[str]) -> Path:
    """A CSV file."""
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def near_repeat_events(n: int = 300, seed: int = 1) -> list[tuple[int, int, int]]:
    """Eastings, northings and day numbers; a third of the events follow another nearby within the week."""
    random = np.random.Generator(np.random.PCG64(seed))
    first = n - n // 3
    x, y, day = (random.integers(low, high, n) for low, high in ((450_000, 453_000), (260_000, 263_000), (0, 365)))
    parent = random.integers(0, first, n - first)
    x[first:] = x[parent] + random.integers(-60, 61, n - first)
    y[first:] = y[parent] + random.integers(-60, 61, n - first)
    day[first:] = day[parent] + random.integers(0, 7, n - first)
    return [(int(a), int(b), int(c)) for a, b, c in zip(x, y, day, strict=True)]
