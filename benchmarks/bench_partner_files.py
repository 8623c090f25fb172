"""A partner's file of 100,000 rows, as text and as a spreadsheet, from the file to its quality report.

The rows are made up: a police extract with times, places, addresses and free text, twelve columns, four months.
"""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.sources.books import Cell, SheetOf, xlsx
from tools.bench import Row

ROOT = Path(__file__).resolve().parent.parent
PROCESS = Path(__file__).with_name("_import_process.py")
ROWS = 100_000
MOST_S = 20.0
MOST_MB = 512
HEADER = ["Crime Reference", "Offence Code", "From", "To", "UPRN", "Address", "Postcode", "Easting", "Northing"]
HEADER += ["LSOA", "Victim Reference", "Modus Operandi"]


def run() -> list[Row]:
    """Measure the promises about a partner's file."""
    rows = _rows(random.Random(1))
    found = []
    with tempfile.TemporaryDirectory(prefix="frankpledge-bench-") as folder:
        text = Path(folder) / "recorded-crime-leicestershire.csv"
        with text.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerows([HEADER, *([_written(cell) for cell in row] for row in rows)])
        book = Path(folder) / "recorded-crime-leicestershire.xlsx"
        book.write_bytes(xlsx({"Extract": SheetOf([list(HEADER), *rows])}))
        for path in (text, book):
            figures = _import(path, Path(folder) / f"state{path.suffix}")
            work = f"import of {figures['rows']:,} rows of a {path.suffix[1:].upper()} file to its quality report"
            found.append(_row(work, figures["seconds"], MOST_S, "s"))
            found.append(_row("peak memory of that import", figures["peak_mb"], MOST_MB, "MB"))
    return found


def _row(work: str, measured: float, most: float, unit: str) -> Row:
    ratio = measured / most
    return Row(work, f"{measured:.1f} {unit}", f"{most:.0f} {unit}", ratio, "at most 1", ratio <= 1)


def _rows(chance: random.Random) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for at in range(ROWS):
        began = datetime(2025, 4, 1) + timedelta(minutes=chance.randrange(120 * 1440))
        ended = began + timedelta(minutes=chance.randrange(900))
        where = [450_000 + chance.randrange(9_000), 300_000 + chance.randrange(9_000), "E01025631"]
        rows.append([f"26/{at}/25", chance.choice(("28E", "58A", "104", "45", "46")), began, ended])
        rows[-1] += [100_000_000_000 + at, f"{at} High Street", "LE16 7AA", *where, f"V{at}", "Rear window forced"]
    return rows


def _written(cell: Cell) -> str:
    return cell.strftime("%d/%m/%Y %H:%M") if isinstance(cell, datetime) else str(cell)


def _import(path: Path, state: Path) -> dict[str, Any]:
    """The figures of one import into an installation of its own."""
    environment = {
        **os.environ,
        "DATABASE_URL": "",
        "FRANKPLEDGE_DATA": str(state),
        "DJANGO_SETTINGS_MODULE": "frankpledge.server.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [sys.executable, str(PROCESS), "import", str(path)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures
