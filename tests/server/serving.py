"""A server process on a data folder and database of its own."""

import contextlib
import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
import psycopg

SOURCE = Path(__file__).parents[2] / "src"


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def hear_ctrl_c() -> None:
    """A suite started in the background of a shell is deaf to Ctrl-C, and so would be what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Server:
    """`python -m frankpledge.server serve` in a process group of its own, as a terminal would start it."""

    def __init__(self, data: Path, database_url: str = "", output: Path | None = None) -> None:
        self.data = data
        self.port = free_port()
        self.output = output or data.with_name("output")
        settings = {name: word for name, word in os.environ.items() if not name.startswith(("FRANKPLEDGE_", "DJANGO_"))}
        self.environment = {**settings, "DATABASE_URL": database_url, "PYTHONPATH": str(SOURCE)}
        self.process: subprocess.Popen | None = None

    def command(self, *arguments: str) -> list[str]:
        """The whole command line."""
        return [
            *(sys.executable, "-m", "frankpledge.server", "serve"),
            *("--port", str(self.port), "--data", str(self.data)),
            *arguments,
        ]

    def start(self, *arguments: str) -> float:
        """Start it and wait for the first page; returns the seconds that took."""
        began = time.monotonic()
        self.begin(*arguments)
        while self.status("/") is None:
            assert self.process.poll() is None, self.said()
            assert time.monotonic() - began < 120, self.said()
            time.sleep(0.02)
        return time.monotonic() - began

    def begin(self, *arguments: str) -> None:
        """Start it without waiting for anything."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                self.command(*arguments),
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=hear_ctrl_c,
            )

    def refuse(self, *arguments: str) -> str:
        """Start it where it must not start; returns the sentence it says."""
        told = subprocess.run(
            self.command(*arguments), env=self.environment, capture_output=True, text=True, timeout=60
        )
        assert told.returncode == 2, told
        assert "Traceback" not in told.stderr
        return told.stderr.strip()

    def status(self, path: str, host: str = "127.0.0.1") -> int | None:
        """The HTTP status of a page, or None where nobody answers."""
        connection = http.client.HTTPConnection(host, self.port, timeout=60)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (ConnectionError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def text(self, path: str) -> str:
        """A page or file as it is sent."""
        return self._answer(path)[0]

    def headers(self, path: str) -> Message:
        """What is sent along with a page or file."""
        return self._answer(path)[1]

    def _answer(self, path: str) -> tuple[str, Message]:
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return answer.read().decode(), answer.headers

    def said(self) -> str:
        """What it printed."""
        return self.output.read_text(errors="replace")

    def ask(self, question: str) -> Any:
        """Put one statement to its database; returns the first value of the answer, if there is one."""
        if url := self.environment["DATABASE_URL"]:
            with psycopg.connect(url) as database:
                answer = database.execute(question)
                return answer.fetchone()[0] if answer.description else None
        with contextlib.closing(sqlite3.connect(self.data / "frankpledge.sqlite3")) as database, database:
            row = database.execute(question).fetchone()
            return row[0] if row else None

    def processes(self) -> list[psutil.Process]:
        """It and everything it started."""
        whole = psutil.Process(self.process.pid)
        return [whole, *whole.children(recursive=True)]

    def spent_s(self) -> float:
        """Processor seconds it has used until now: what a start costs, however busy the machine is."""
        used = [process.cpu_times() for process in self.processes()]
        return sum(times.user + times.system for times in used)

    def stop(self, number: signal.Signals = signal.SIGINT) -> float:
        """Signal the whole group as Ctrl-C does; returns the seconds until the process has gone."""
        began = time.monotonic()
        os.killpg(self.process.pid, number)
        self.process.wait(timeout=20)
        return time.monotonic() - began

    def clear(self) -> None:
        """Leave nothing running, whatever the test did."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
