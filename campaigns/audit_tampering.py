"""The audit trail is spoilt at random by somebody who owns the database: every spoiling is found and rightly blamed."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.campaigns import Result

NAME = "audit-tampering"
DESCRIPTION = (
    "random edits of the audit trail with triggers lifted: altered, deleted, moved, slipped in, cut off, rewritten"
)
LONG = 1_000
SHORT = 120
USES_DATABASE = True
SCRIPT = Path(__file__).with_name("_audit_spoiler.py")
SOURCE = Path(__file__).parent.parent / "src"


def run(n: int, seed: int) -> Result:
    """Spoil the trail ``n`` times on the database of DATABASE_URL (empty: SQLite). A failure: one not found."""
    with tempfile.TemporaryDirectory(prefix="frankpledge-audit-tampering-") as folder, _address() as url:
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "FRANKPLEDGE_DATA": folder,
            "PYTHONPATH": str(SOURCE),
            "DJANGO_SETTINGS_MODULE": "frankpledge.server.settings",
        }
        command = [sys.executable, str(SCRIPT), str(n), str(seed)]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    misses = json.loads(done.stdout)
    return Result(n=n, failures=len(misses), notes=misses[0] if misses else "each blamed on the right entry")


@contextmanager
def _address() -> Iterator[str]:
    """A database of our own: on the server of DATABASE_URL, dropped afterwards, or a file in the campaign's folder."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"audit_tampering_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f"create database {name}")
        try:
            yield f"{given.rsplit('/', 1)[0]}/{name}"
        finally:
            connection.execute(f"drop database {name} with (force)")
