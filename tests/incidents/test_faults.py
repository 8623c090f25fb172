"""Each input, output and database call of an import is made to fail once. What is there afterwards is whole."""

import errno
import fcntl
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import OperationalError, connection, transaction

from frankpledge.records.incidents.models import Batch
from frankpledge.vocabulary.actors import Actor
from frankpledge.workflows.import_incidents import import_paths
from tests.incidents.police_files import write_street_file
from tests.incidents.state import check_whole, state_hash

BY = Actor.command_line("tester")
CALLS = [(os, "open"), (os, "fsync"), (os, "replace"), (tempfile, "mkstemp"), (fcntl, "flock"), (pq, "write_table")]


class Faults:
    """Counts calls and lets the one with number ``fails`` fail; none when that is None."""

    def __init__(self, fails: int | None) -> None:
        self.fails = fails
        self.calls = 0

    def next_call_fails(self) -> bool:
        self.calls += 1
        return self.calls == self.fails

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if self.next_call_fails():
                raise OSError(errno.EIO, "Input/output error")
            return function(*args, **kwargs)

        return call

    def execute(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.next_call_fails():
            raise OperationalError("the connection was lost")
        return execute(sql, params, many, context)


def import_with(faults: Faults, folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(faults.execute):
        for module, name in CALLS:
            patch.setattr(module, name, faults.around(getattr(module, name)))
        import_paths([folder], by=BY)


@pytest.fixture
def began(tmp_path: Path, settings) -> Callable[[str], Path]:
    """Puts a new data folder in place, with September already imported, and returns the files to import: September
    corrected, and October. Fifty rows, five of them for quarantine."""
    earlier = write_street_file(tmp_path / "earlier", "2022-09", 20)
    folder = tmp_path / "files"
    write_street_file(folder, "2022-09", 24, edition=2)
    write_street_file(folder, "2022-10", 26)

    def begin(name: str) -> Path:
        settings.DATA_DIR = tmp_path / name
        import_paths([earlier], by=BY)
        return folder

    return begin


@pytest.mark.django_db
@pytest.mark.slow
def test_whichever_call_fails_every_batch_is_whole_and_a_second_try_ends_the_same(began):
    start = transaction.savepoint()
    folder = began("whole")
    faults = Faults(None)
    import_with(faults, folder)
    expected, calls = state_hash(), faults.calls
    assert Batch.objects.count() == 3
    assert calls > 50
    for number in range(1, calls + 1):
        transaction.savepoint_rollback(start)
        folder = began(f"fault {number}")
        with pytest.raises((OSError, OperationalError)):
            import_with(Faults(number), folder)
        check_whole()
        import_paths([folder], by=BY)
        check_whole()
        assert state_hash() == expected, f"after a failure of call {number} of {calls}"
