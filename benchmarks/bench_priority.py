"""The list of who comes first: 20,000 requests weighed and put in order, against fetching the same rows alone."""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.bench import Row

PROCESS = Path(__file__).with_name("_priority_process.py")
MOST_S = 0.3
MOST_TIMES_FETCHED = 3.0


def run() -> list[Row]:
    """Measure the promise about the list, in a process and an installation of its own."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([sys.executable, str(PROCESS), folder], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.strip().splitlines()[-1])
    listed, fetched = (statistics.median(found[name]) for name in ("listed", "fetched"))
    work = f"priority list of {found['n']:,} requests with its order and reasons"
    return [
        Row(
            work=work,
            measured=f"{1000 * listed:.0f} ms",
            yardstick=f"fetching the same rows with a plain cursor: {1000 * fetched:.0f} ms",
            ratio=listed / fetched,
            bar=f"at most {MOST_TIMES_FETCHED:g}",
            ok=listed / fetched <= MOST_TIMES_FETCHED,
        ),
        Row(
            work=work,
            measured=f"{1000 * listed:.0f} ms",
            yardstick=f"the promise: {1000 * MOST_S:.0f} ms",
            ratio=listed / MOST_S,
            bar="at most 1",
            ok=listed <= MOST_S,
        ),
    ]
