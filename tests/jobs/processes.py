"""Worker processes on the test's own database."""

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from django.db import connection

HERE = Path(__file__).parent
SOURCE = HERE.parent.parent / "src"


def database_url() -> str:
    """The address of the test database, for another process."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    door = f"{quote(settings['USER'])}:{quote(settings['PASSWORD'])}@{quote(settings['HOST'], safe='')}"
    return f"postgres://{door}:{settings['PORT']}/{settings['NAME']}"


class Workers:
    """The worker processes of one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen] = []

    def start(self, lease_s: float = 30.0) -> subprocess.Popen:
        """A worker that is ready for work."""
        environment = {**os.environ, "DATABASE_URL": database_url(), "PYTHONPATH": str(SOURCE)}
        process = subprocess.Popen(
            [sys.executable, str(HERE / "working.py"), str(self.folder), str(lease_s)], env=environment
        )
        self.processes.append(process)
        wait_for(lambda: (self.folder / f"ready-{process.pid}").exists())
        return process

    def end(self) -> None:
        """Leave nothing running."""
        for process in self.processes:
            process.kill()
            process.wait()


def wait_for(condition, seconds: float = 30.0):
    """Wait until the condition holds and return its answer."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)
    return answer
