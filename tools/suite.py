"""`run.py test`: the whole suite on SQLite, then everything that uses the database again on PostgreSQL.

The last lines name what could not run and how to enable it; the very last is ``N passed, N failed, N skipped``.
With ``CI=true`` nothing may be missing: a test that lacked something it needs fails the run.
"""

import os
import signal
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools import database
from tools.places import ROOT, VENV_PYTHON, say

# A test that belongs to one of the two databases skips itself on the other with a reason that starts so. Any other
# reason means that something was missing.
BY_DESIGN = "only on "
NOTHING_COLLECTED = 5  # pytest's exit status for it
WORKERS = 2
PATIENCE_S = 10


@dataclass(frozen=True)
class Tally:
    """How one or more passes ended: counts, and why tests were skipped for want of something (reason, number)."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    missing: tuple[tuple[str, int], ...] = ()

    def __add__(self, other: "Tally") -> "Tally":
        missing = Counter(dict(self.missing))
        missing.update(dict(other.missing))
        return Tally(
            passed=self.passed + other.passed,
            failed=self.failed + other.failed,
            skipped=self.skipped + other.skipped,
            missing=tuple(sorted(missing.items())),
        )

    def line(self) -> str:
        """The last line of a run."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def run_suite(arguments: list[str]) -> int:
    """Run the suite, or the part that ``arguments`` (for pytest) choose, and give back the exit status."""
    strict = os.environ.get("CI", "").lower() in ("true", "1", "yes")
    with tempfile.TemporaryDirectory(prefix="frankpledge-suite-") as name:
        folder = Path(name)
        say("On SQLite:")
        tally, uses_database = one_pass(arguments, folder / "sqlite", {"DATABASE_URL": ""})
        if uses_database:
            tally += postgres_pass(arguments, folder / "postgres")
    for reason, number in tally.missing:
        say(f"Not run: {number} {'test' if number == 1 else 'tests'}: {reason}")
    if strict and tally.missing:
        say("CI=true, so what is missing counts as failed.")
    say(tally.line())
    return verdict(tally, strict=strict)


def verdict(tally: Tally, *, strict: bool) -> int:
    """The exit status: 0 if something ran, nothing failed and, when strict, nothing was missing."""
    ran = tally.passed + tally.skipped > 0
    return 1 if tally.failed or not ran or (strict and tally.missing) else 0


def postgres_pass(arguments: list[str], folder: Path) -> Tally:
    """Run the database's tests on PostgreSQL; if there is none, say so in the tally."""
    try:
        with database.postgres_url() as address:
            say("On PostgreSQL, everything that uses the database:")
            environment = {"DATABASE_URL": address, "FRANKPLEDGE_ONLY_DATABASE_TESTS": "1"}
            return one_pass(arguments, folder, environment)[0]
    except database.NoPostgres as problem:
        reason = f"the suite on PostgreSQL needs a server ({problem}); {database.HOW_TO_ENABLE}"
        return Tally(missing=((reason, 1),))


def one_pass(arguments: list[str], folder: Path, extra: Mapping[str, str]) -> tuple[Tally, bool]:
    """Run pytest once.

    Returns:
        The tally, and whether any test uses the database.
    """
    folder.mkdir()
    report, noted = folder / "report.xml", folder / "database-tests"
    environment = {**os.environ, **extra, "FRANKPLEDGE_NOTE_DATABASE_TESTS": str(noted)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    chosen = arguments or ["-n", str(WORKERS), "--dist", "loadgroup", "-q"]
    command = [str(VENV_PYTHON), "-m", "pytest", *chosen, f"--junit-xml={report}"]
    status = run_to_the_end(command, environment)
    tally = read_report(report)
    if status not in (0, 1, NOTHING_COLLECTED) or (status == 1 and not tally.failed):
        tally += Tally(failed=1)  # pytest itself could not go on; it has said why
    return tally, noted.exists()


def run_to_the_end(command: list[str], environment: Mapping[str, str]) -> int:
    """Run pytest; after Ctrl-C give it time to stop the servers and browsers its tests started."""
    with subprocess.Popen(command, cwd=ROOT, env=environment) as pytest:
        try:
            return pytest.wait()
        except KeyboardInterrupt:
            # Ctrl-C reached pytest too; an order to end reached only this process, so it is passed on
            for order in (signal.SIGINT, signal.SIGKILL):
                try:
                    pytest.wait(timeout=PATIENCE_S)
                except subprocess.TimeoutExpired:
                    pytest.send_signal(order)
            raise


def read_report(report: Path) -> Tally:
    """Count a pytest report in JUnit form; nothing if there is none."""
    if not report.is_file():
        return Tally()
    passed = failed = skipped = 0
    missing: Counter[str] = Counter()
    for case in ET.parse(report).iter("testcase"):
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif skip is not None:
            skipped += 1
            reason = skip.get("message", "")
            if skip.get("type") == "pytest.skip" and not reason.startswith(BY_DESIGN):
                missing[reason] += 1
        else:
            passed += 1
    return Tally(passed, failed, skipped, tuple(sorted(missing.items())))
