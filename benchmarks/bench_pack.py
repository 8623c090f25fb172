"""The quarterly pack of 60 indicators over five years: page, PDF, Word and slides against its charts alone."""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.bench import Row

PROCESS = Path(__file__).with_name("_pack_process.py")
MOST_SECONDS = 5.0
MOST_TIMES_CHARTS = 2.0
MOST_READ = 0.5


def run() -> list[Row]:
    """Measure the promise about the pack, in a process and an installation of its own."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([sys.executable, str(PROCESS), folder], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.strip().splitlines()[-1])
    pack, charts, read = (statistics.median(found[name]) for name in ("pack", "charts", "read"))
    return [
        Row(
            work="pack of 60 indicators over five years, in four shapes",
            measured=f"{pack:.2f} s",
            yardstick=f"resvg draws its charts: {charts:.2f} s",
            ratio=pack / charts,
            bar=f"at most {MOST_TIMES_CHARTS:.0f}, and {MOST_SECONDS:.0f} s",
            ok=pack / charts <= MOST_TIMES_CHARTS and pack <= MOST_SECONDS,
        ),
        Row(
            work="every indicator's standing read and worked out",
            measured=f"{read:.2f} s",
            yardstick=f"the same drawing: {charts:.2f} s",
            ratio=read / charts,
            bar=f"at most {MOST_READ:g}",
            ok=read / charts <= MOST_READ,
        ),
    ]
