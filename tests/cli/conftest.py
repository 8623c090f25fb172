"""A way to call the command and see what it says, and a file of events for it."""

from pathlib import Path

import pytest

from frankpledge.cli.main import run
from tests.cli.files import Call, Told, near_repeat_events, write


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Run `frankpledge` with these arguments."""

    def calling(*arguments: object) -> Told:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Told(code, said.out, said.err)

    return calling


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """Three hundred events with day numbers."""
    return write(tmp_path / "events.csv", "x,y,date", [f"{x},{y},{day}" for x, y, day in near_repeat_events()])
