"""A partner's file of 100,000 rows, from the file to its quality report, against DuckDB reading it into a table.

The file has the columns of a police recorded-crime extract with dates, positions, addresses and free text, a year of
it, one row in a hundred with a date that does not exist. Each import runs in a process of its own, on a new store.
"""

import csv
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

from tools.bench import Row

ROOT = Path(__file__).resolve().parent.parent
PROCESS = Path(__file__).with_name("_import_process.py")
ROWS = 100_000
TURNS = 3
MOST_SECONDS = 20.0
MOST_TIMES_DUCKDB = 25.0
COLUMNS = (
    *("Crime Reference", "Offence Code", "From", "To", "UPRN", "Address", "Postcode"),
    *("Easting", "Northing", "LSOA", "Victim Reference", "Suspect Reference", "Modus Operandi", "Outcome"),
)
OFFENCES = ("28E", "30C", "45", "48", "105A", "8N", "58A", "149", "49", "34B")


def run() -> list[Row]:
    """Measure the promise about one partner's file."""
    with tempfile.TemporaryDirectory(prefix="frankpledge-bench-") as folder:
        path = _made_up_file(Path(folder))
        reads = [_read_with_duckdb(path) for _ in range(TURNS)]
        imports = [_import(path) for _ in range(TURNS)]
    seconds, yardstick = statistics.median(one["seconds"] for one in imports), statistics.median(reads)
    work = f"a police extract of {imports[0]['rows']:,} rows, to its quality report"
    return [
        Row(
            work=work,
            measured=f"{seconds:.2f} s",
            yardstick=f"promised: {MOST_SECONDS:.0f} s",
            ratio=seconds / MOST_SECONDS,
            bar="at most 1",
            ok=seconds <= MOST_SECONDS,
        ),
        Row(
            work=work,
            measured=f"{seconds:.2f} s",
            yardstick=f"DuckDB reads it into a table: {yardstick:.2f} s",
            ratio=seconds / yardstick,
            bar=f"at most {MOST_TIMES_DUCKDB:.0f}",
            ok=seconds <= MOST_TIMES_DUCKDB * yardstick,
        ),
    ]


def _made_up_file(folder: Path) -> Path:
    """A year of one force's crimes: every row different, as in a real extract."""
    path, chance = folder / "recorded-crime-aldershire.csv", random.Random(1)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for number in range(ROWS):
            month, day, hour = 1 + number % 12, 1 + number % 28, number % 23
            began = f"{'31/02' if number % 100 == 7 else f'{day:02d}/{month:02d}'}/2025 {hour:02d}:15"
            writer.writerow(
                [
                    f"AL/{number:07d}/25",
                    chance.choice(OFFENCES),
                    began,
                    f"{day:02d}/{month:02d}/2025 {hour + 1:02d}:05",
                    100_000_000 + number,
                    f"{number} Made Up Lane",
                    "ZZ1 1ZZ",
                    450_000 + chance.randrange(20_000),
                    300_000 + chance.randrange(20_000),
                    f"E010256{number % 90:02d}",
                    f"V{number}",
                    f"S{number}",
                    "Rear window forced while nobody was at home",
                    "Under investigation",
                ]
            )
    return path


def _read_with_duckdb(path: Path) -> float:
    """Seconds DuckDB needs to read the file into a table, every column as text."""
    connection = duckdb.connect(config={"threads": 2})
    began = time.perf_counter()
    connection.read_csv(str(path), all_varchar=True).create("extract")
    return time.perf_counter() - began


def _import(path: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="frankpledge-bench-") as data:
        environment = {
            **os.environ,
            "DATABASE_URL": "",
            "FRANKPLEDGE_DATA": data,
            "DJANGO_SETTINGS_MODULE": "frankpledge.server.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }
        command = [sys.executable, str(PROCESS), "report", str(path)]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told
