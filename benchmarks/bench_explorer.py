"""The explorer over a million events, any view and filter: cold, warm and with one filter changed, beside plain DuckDB.

Everything runs in a process of its own on a new installation with the embedded database. The yardstick is a grouped
count of the same types by hand in DuckDB over the same files, timed between the looks.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tools.bench import Row

PROCESS = Path(__file__).with_name("_explorer_process.py")
EVENTS = 1_000_000
MOST_WARM_S, MOST_CHANGED_S, MOST_COLD_S = 0.4, 0.4, 1.5
MOST_TIMES_PLAIN = 10.0  # the look counts, chooses its source, tests every area and draws


def run() -> list[Row]:
    """Measure what the explorer promises."""
    found = _process()
    looks = found["looks"]
    plain = statistics.median(look["plain_s"] for look in looks)
    queries = {look["view"]: {other["queries"] for other in looks if other["view"] == look["view"]} for look in looks}
    most = max(max(counts) for counts in queries.values())
    return [
        _worst(looks, "warm_s", "the same question again", MOST_WARM_S),
        _worst(looks, "changed_s", "one filter changed, files warm", MOST_CHANGED_S),
        _worst(looks, "cold_s", "a question nobody asked before", MOST_COLD_S),
        _times(looks, plain),
        Row("database queries of a cold look", f"{most}", "90", most / 90, "at most 1", most <= 90),
    ]


def _worst(looks: list[dict[str, Any]], figure: str, work: str, bar: float) -> Row:
    worst = max(looks, key=lambda look: look[figure])
    ratio = worst[figure] / bar
    return Row(
        work=f"{work}, the slowest: {worst['view']}, {worst['filter']}",
        measured=f"{worst[figure]:.2f} s",
        yardstick=f"{bar:g} s",
        ratio=ratio,
        bar="at most 1",
        ok=ratio <= 1,
    )


def _times(looks: list[dict[str, Any]], plain: float) -> Row:
    middle = statistics.median(look["cold_s"] for look in looks)
    ratio = middle / plain
    return Row(
        work=f"a cold look, median of {len(looks)}",
        measured=f"{middle:.2f} s",
        yardstick=f"DuckDB counts by hand: {plain:.2f} s",
        ratio=ratio,
        bar=f"at most {MOST_TIMES_PLAIN:.0f}",
        ok=ratio <= MOST_TIMES_PLAIN,
    )


def _process() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="frankpledge-bench-") as folder:
        environment = {**os.environ, "FRANKPLEDGE_DATA": folder, "DATABASE_URL": "",
                       "DJANGO_SETTINGS_MODULE": "frankpledge.server.settings"}  # fmt: skip
        done = subprocess.run(
            [sys.executable, str(PROCESS), str(EVENTS)], capture_output=True, text=True, env=environment, check=False
        )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
