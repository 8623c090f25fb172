"""Import of real police files against DuckDB reading the same files into a table; memory; growth; a warm query.

Every import runs in a process of its own, on a new installation with the embedded database. The yardsticks run in this
one, in the same minute, taking turns with the import.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

from tools.bench import NothingToMeasure, Row

ROOT = Path(__file__).resolve().parent.parent
POLICE = ROOT.parent / "shared" / "data" / "police_uk"
PROCESS = Path(__file__).with_name("_import_process.py")
TURNS = 3
MOST_TIMES_DUCKDB = 6.0
MOST_MB, MOST_MB_FOR_ALL = 500, 1_000
MOST_GROWTH = 1.3  # seconds for each row of all files, over the same of the 35
MOST_QUERY_S = 0.1


def run() -> list[Row]:
    """Measure the promises about import. Raises NothingToMeasure without the folder of real police files."""
    if not POLICE.is_dir():
        raise NothingToMeasure("needs the folder of real police files, ../shared/data/police_uk")
    leicestershire = [POLICE / "leicestershire"]
    imports, reads = [], []
    for _ in range(TURNS):
        reads.append(_read_with_duckdb(leicestershire))
        imports.append(_import(leicestershire))
    everything = _import(sorted(path for path in POLICE.iterdir() if path.name != "stop_and_search"), query=True)
    return [
        _speed(imports, reads),
        _memory("peak memory of that import", max(one["peak_mb"] for one in imports), MOST_MB),
        _growth(imports, everything),
        _memory(f"peak memory for {everything['rows']:,} rows", everything["peak_mb"], MOST_MB_FOR_ALL),
        _query(everything),
    ]


def _speed(imports: list[dict[str, Any]], reads: list[float]) -> Row:
    seconds, yardstick = statistics.median(one["seconds"] for one in imports), statistics.median(reads)
    ratio = seconds / yardstick
    return Row(
        work=f"import of the 35 Leicestershire files ({imports[0]['rows']:,} rows)",
        measured=f"{seconds:.2f} s",
        yardstick=f"DuckDB reads them into a table: {yardstick:.2f} s",
        ratio=ratio,
        bar=f"at most {MOST_TIMES_DUCKDB:.0f}",
        ok=ratio <= MOST_TIMES_DUCKDB,
    )


def _memory(work: str, peak_mb: float, most_mb: int) -> Row:
    ratio = peak_mb / most_mb
    return Row(work, f"{peak_mb:.0f} MB", f"{most_mb} MB", ratio, "at most 1", ratio <= 1)


def _growth(imports: list[dict[str, Any]], everything: dict[str, Any]) -> Row:
    each = statistics.median(one["seconds"] / one["rows"] for one in imports)
    each_of_all = everything["seconds"] / everything["rows"]
    ratio = each_of_all / each
    return Row(
        work=f"import of all street files ({everything['rows']:,} rows)",
        measured=f"{everything['seconds']:.2f} s, {1e6 * each_of_all:.2f} µs a row",
        yardstick=f"the 35 files: {1e6 * each:.2f} µs a row",
        ratio=ratio,
        bar=f"at most {MOST_GROWTH}",
        ok=ratio <= MOST_GROWTH,
    )


def _query(everything: dict[str, Any]) -> Row:
    ratio = everything["query_s"] / MOST_QUERY_S
    return Row(
        work=f"monthly burglary counts over {everything['batches']} files, warm",
        measured=f"{1000 * everything['query_s']:.0f} ms",
        yardstick=f"{1000 * MOST_QUERY_S:.0f} ms",
        ratio=ratio,
        bar="at most 1",
        ok=ratio <= 1,
    )


def _read_with_duckdb(folders: list[Path]) -> float:
    """Seconds DuckDB needs to read every file into a table, with its own guess of the types."""
    files = [str(path) for folder in folders for path in sorted(folder.rglob("*.csv.gz"))]
    connection = duckdb.connect(config={"threads": 2})
    began = time.perf_counter()
    connection.read_csv(files).create("street")
    return time.perf_counter() - began


def _import(paths: list[Path], *, query: bool = False) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="frankpledge-bench-") as data:
        environment = {
            **os.environ,
            "DATABASE_URL": "",
            "FRANKPLEDGE_DATA": data,
            "DJANGO_SETTINGS_MODULE": "frankpledge.server.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }
        command = [sys.executable, str(PROCESS), "query" if query else "import", *map(str, paths)]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told
