"""One measured import, for `bench_import`. Run as a script: import|report|query PATH...; prints figures as JSON."""

import json
import sys
import time
from pathlib import Path

import django
from _peak_memory import peak_mb


def main(what: str, paths: list[Path]) -> None:
    """Make the tables, import, and ask one question of what is there."""
    django.setup()
    from django.core.management import call_command

    from frankpledge.vocabulary.actors import Actor
    from frankpledge.workflows.import_incidents import import_paths

    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    report = import_paths(paths, by=Actor.system("benchmark"))
    if what == "report":
        report.lines()
    seconds = time.perf_counter() - began
    figures = {
        "seconds": seconds,
        "peak_mb": peak_mb(),
        "rows": report.balance.read,
        "batches": len(report.acceptances),
    }
    print(json.dumps({**figures, "query_s": _query() if what == "query" else None}))


def _query() -> float:
    """Seconds of the second of two equal questions."""
    from frankpledge.evidence import queries
    from frankpledge.records.incidents import selectors
    from frankpledge.vocabulary.crime_types import CrimeType

    files = [entry.path for entry in selectors.current_files("police-uk-street")]
    for _ in range(2):
        began = time.perf_counter()
        selectors.engine().run(queries.monthly_counts(CrimeType.BURGLARY), files=files)
        seconds = time.perf_counter() - began
    return seconds


if __name__ == "__main__":
    main(sys.argv[1], [Path(name) for name in sys.argv[2:]])
