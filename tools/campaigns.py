"""`run.py campaign [NAME ...]`: long fault, fuzz and kill campaigns. Runs inside the environment.

Each module of ``campaigns/`` has ``NAME`` (a slug), ``DESCRIPTION`` (one line), ``LONG`` and ``SHORT`` (numbers of
trials), ``run(n, seed) -> Result`` and, if it needs a database, ``USES_DATABASE = True``: it is then run once with no
``DATABASE_URL`` (SQLite) and once with one (PostgreSQL). The long form writes its figures into docs/reliability.md; the
suite runs the short form.
"""

import importlib
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType

from tools import database

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- campaigns begin -->", "<!-- campaigns end -->"
HEADING = ["| campaign | what it tries | trials | failures | true rate below | run on | took | notes |"]
RULE = ["|---|---|---|---|---|---|---|---|"]


@dataclass(frozen=True)
class Result:
    """How a campaign ended.

    Args:
        n: independent trials made.
        failures: how many of them broke the promise.
        notes: what a reader should know, one line.
        claim: what stands for the bound where a campaign measures shares instead of counting accidents.
    """

    n: int
    failures: int
    notes: str = ""
    claim: str = ""


def campaigns() -> dict[str, ModuleType]:
    """Every campaign by its name."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    files = sorted(file.stem for file in (ROOT / "campaigns").glob("[!_]*.py"))
    found = (importlib.import_module(f"campaigns.{name}") for name in files)
    return {module.NAME: module for module in found if hasattr(module, "NAME")}


def bound(result: Result) -> str:
    """Below what rate failures are with 95 % confidence: 3/N after none (the rule of three), else not claimed."""
    if result.claim and not result.failures:
        return result.claim
    return f"1 in {result.n // 3:,}" if result.n >= 3 and not result.failures else "no claim"


def line(name: str, module: ModuleType, result: Result, on: date, seconds: float) -> str:
    """One row of the record."""
    took = f"{seconds / 60:.1f} min" if seconds >= 60 else f"{seconds:.0f} s"
    cells = [name, module.DESCRIPTION, f"{result.n:,}", f"{result.failures:,}", bound(result), f"{on}", took]
    return "| " + " | ".join([*cells, result.notes.replace("|", "/").replace("\n", " ")]) + " |"


def record(text: str, name: str, row: str) -> str:
    """The text of the record with one campaign's row replaced or added between the markers.

    Raises:
        ValueError: if the markers are not there.
    """
    before, found, rest = text.partition(BEGIN)
    inside, closed, after = rest.partition(END)
    if not (found and closed):
        raise ValueError(f"docs/reliability.md has lost its markers {BEGIN} and {END}")
    rows = {cells.split("|")[1].strip(): cells for cells in inside.splitlines() if cells.startswith("| ")}
    rows.pop("campaign", None)
    rows[name] = row
    lines = [BEGIN, "", *HEADING, *RULE, *(rows[key] for key in sorted(rows)), "", END]
    return before + "\n".join(lines) + after


def where(name: str, module: ModuleType) -> Iterator[str]:
    """The names under which a campaign is recorded, with the database of each set while it is run."""
    if not getattr(module, "USES_DATABASE", False):
        yield name
        return
    os.environ["DATABASE_URL"] = ""
    yield f"{name}, SQLite"
    try:
        with database.postgres_url() as address:
            os.environ["DATABASE_URL"] = address
            yield f"{name}, PostgreSQL"
    except database.NoPostgres as problem:
        print(f"Not run: {name}, PostgreSQL: {problem}; {database.HOW_TO_ENABLE}", flush=True)


def main(arguments: list[str]) -> int:
    """Run the named campaigns, all without a name, and record each as it ends; 1 if one failed."""
    there = campaigns()
    unknown = set(arguments) - set(there)
    if unknown:
        sys.exit(f"There is no campaign {', '.join(sorted(unknown))}; there are: {', '.join(there)}.")
    failures = 0
    for chosen in arguments or there:
        module = there[chosen]
        for name in where(chosen, module):
            print(f"{name}: {module.DESCRIPTION} ({module.LONG:,} trials)", flush=True)
            began = time.monotonic()
            result = module.run(module.LONG, seed=1)
            row = line(name, module, result, date.today(), time.monotonic() - began)
            RECORD.write_text(record(RECORD.read_text(encoding="utf-8"), name, row), encoding="utf-8")
            print(row, flush=True)
            failures += result.failures
    return 1 if failures else 0


if __name__ == "__main__":
    # started as a program this module has another name than the one the campaigns import their Result from
    from tools import campaigns as this

    sys.exit(this.main(sys.argv[1:]))
