"""`run.py bench [NAME ...]`: measures the speed promises. Runs inside the environment.

Each ``benchmarks/bench_*.py`` has a docstring that says what it measures and a function ``run() -> list[Row]``.
What counts is the ratio to a yardstick measured in the same run, so that a busy machine slows both.
"""

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADINGS = ("work", "measured", "yardstick", "ratio", "bar", "")


@dataclass(frozen=True)
class Row:
    """One promise, measured.

    Args:
        work: what was done.
        measured: how long it took or how much it needed, with its unit.
        yardstick: what it is compared with, with its own figure.
        ratio: measured over yardstick.
        bar: the promise, such as "at most 6".
        ok: whether it is kept.
    """

    work: str
    measured: str
    yardstick: str
    ratio: float
    bar: str
    ok: bool

    def cells(self) -> tuple[str, ...]:
        """The row as it is printed."""
        kept = "kept" if self.ok else "BROKEN"
        return self.work, self.measured, self.yardstick, f"{self.ratio:.2f}", self.bar, kept


class NothingToMeasure(Exception):
    """A benchmark lacks the files it measures with; the message says which."""


def benchmarks(chosen: list[str]) -> list[str]:
    """The names of the benchmarks there are, or those of them that were chosen."""
    there = sorted(file.stem.removeprefix("bench_") for file in (ROOT / "benchmarks").glob("bench_*.py"))
    unknown = set(chosen) - set(there)
    if unknown:
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(there)}.")
    return chosen or there


def table(rows: list[Row]) -> str:
    """The rows as a table in plain text, which is also Markdown."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(3, *(len(line[column]) for line in lines)) for column in range(len(HEADINGS))]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines]
    printed = ["| " + " | ".join(line) + " |" for line in padded]
    printed.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(printed)


def main(chosen: list[str]) -> int:
    """Run the chosen benchmarks, all without a choice; 1 if a promise is broken."""
    sys.path.insert(0, str(ROOT))
    rows: list[Row] = []
    for name in benchmarks(chosen):
        try:
            rows += importlib.import_module(f"benchmarks.bench_{name}").run()
        except NothingToMeasure as reason:
            print(f"Not measured: {name}: {reason}", flush=True)
    print(table(rows))
    return 0 if rows and all(row.ok for row in rows) else 1


if __name__ == "__main__":
    # started as a program this module has another name than the one the benchmarks import their Row from
    from tools import bench

    sys.exit(bench.main(sys.argv[1:]))
