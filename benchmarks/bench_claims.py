"""Checking claims: a thousand of them, of the kinds the worked examples hold, against reading them as JSON."""

import json
import statistics
import time
from collections.abc import Callable

from frankpledge.analysis.claims.across import check_document
from frankpledge.analysis.claims.reading import document
from frankpledge.sources import examples
from tools.bench import Row

CLAIMS = 1_000
TURNS = 5
MOST_S = 1.0


def run() -> list[Row]:
    """Measure the promise about claims: a thousand in a second or less."""
    text = json.dumps(_thousand())
    given = [document(item) for item in json.loads(text)]
    count = sum(len(one.claims) for one in given)

    def check() -> None:
        for one in given:
            check_document(one)

    read, checked = _seconds(lambda: json.loads(text)), _seconds(check)
    return [
        Row(
            work=f"check {count:,} claims with their documents",
            measured=f"{checked:.2f} s",
            yardstick=f"reading them as JSON: {read * 1000:.1f} ms",
            ratio=checked / read,
            bar=f"at most {MOST_S:.0f} s",
            ok=checked <= MOST_S,
        )
    ]


def _thousand() -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    count = 0
    while count < CLAIMS:
        given = examples.read(examples.NAMES[len(found) % len(examples.NAMES)])
        found.append(given)
        count += len(given["claims"])
    return found


def _seconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(TURNS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)
