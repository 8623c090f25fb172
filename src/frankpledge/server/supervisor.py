"""Keeps the processes of `serve` together: what dies is started again or ends all; nothing outlives the whole."""

import gc
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from types import FrameType

from django.db import connections

STOP_S = 2.5
#: A process that dies sooner than this after its start is started again ever more slowly.
SOON_S = 10.0
LONGEST_PAUSE_S = 30.0
WATCH_S = 0.5


@dataclass(slots=True)
class Child:
    """One process: what it runs, and what to do when it ends unasked.

    `run` gets the child's exit code. `mourn(by_itself)` is called when the process has gone, before another is started.
    `vital`: without it the whole makes no sense.
    """

    name: str
    run: Callable[[], int | None]
    vital: bool = False
    mourn: Callable[[bool], object] = lambda by_itself: None
    pid: int | None = None
    born_at: float = 0.0
    start_at: float = 0.0
    quick_deaths: int = 0


@dataclass(slots=True)
class Supervisor:
    """The parent of the web process and the worker. Single-threaded, so that it may fork at any time."""

    children: list[Child]
    reasons: Path  # the log a person is pointed to
    ending: bool = False
    exit_code: int = 0
    _awake: tuple[int, int] = field(default_factory=os.pipe)

    def run(self) -> int:
        """Start all children and stay until told to stop or a vital one dies; returns the exit code."""
        self._listen_for_signals()
        try:
            for child in self.children:
                self._start(child)
            while not self.ending:
                self._sleep(1.0)
                self._reap()
                self._start_what_is_due()
        finally:
            self._end()
        return self.exit_code

    def _listen_for_signals(self) -> None:
        for end in self._awake:
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._awake[1], warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)  # only to wake the loop

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.ending = True

    def _sleep(self, seconds: float) -> None:
        if select.select([self._awake[0]], [], [], seconds)[0]:
            os.read(self._awake[0], 4096)

    def _start(self, child: Child) -> None:
        close_connections()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            self._become(child)
        child.pid, child.born_at = pid, monotonic()

    def _become(self, child: Child) -> None:
        gc.freeze()  # what the parent loaded stays; not touching it keeps it shared memory
        gc.enable()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        for end in self._awake:
            os.close(end)
        try:
            code = child.run() or 0
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 0
        except BaseException:  # noqa: BLE001 - outermost door of a process: say what happened, never run the parent's code
            import logging

            logging.getLogger(__name__).exception("The %s ended by an error.", child.name)
            code = 1
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

    def _reap(self) -> None:
        for child in self.children:
            if child.pid is not None and os.waitpid(child.pid, os.WNOHANG)[0]:
                self._died(child)

    def _died(self, child: Child) -> None:
        child.pid = None
        if self.ending:
            return
        if child.vital:
            print(
                f"The {child.name} ended by itself; stopping. {self.reasons} may say why.", file=sys.stderr, flush=True
            )
            self.ending, self.exit_code = True, 1
            return
        child.mourn(True)
        child.quick_deaths = child.quick_deaths + 1 if monotonic() - child.born_at < SOON_S else 0
        pause = min(2.0 ** (child.quick_deaths - 1), LONGEST_PAUSE_S) if child.quick_deaths else 0.0
        child.start_at = monotonic() + pause
        print(f"The {child.name} ended by itself and is started again.", file=sys.stderr, flush=True)

    def _start_what_is_due(self) -> None:
        for child in self.children:
            if child.pid is None and not self.ending and monotonic() >= child.start_at:
                self._start(child)

    def _end(self) -> None:
        """Ask all to stop, wait a little, and end what has not."""
        self.ending = True
        deadline = monotonic() + STOP_S
        self._signal_all(signal.SIGTERM)
        while self._living() and monotonic() < deadline:
            self._sleep(0.05)
            self._reap()
        self._signal_all(signal.SIGKILL)
        for child in self._living():
            assert child.pid is not None
            os.waitpid(child.pid, 0)
            child.pid = None
        for child in self.children:
            child.mourn(False)

    def _living(self) -> list[Child]:
        return [child for child in self.children if child.pid is not None]

    def _signal_all(self, number: signal.Signals) -> None:
        for child in self._living():
            assert child.pid is not None
            os.kill(child.pid, number)


def follow_parent(parent: int, leave: Callable[[], object]) -> None:
    """Call `leave` once this process has lost its parent, the process `parent`: nobody would stop it any more."""

    def watch() -> None:
        asleep = threading.Event()
        while os.getppid() == parent:
            asleep.wait(WATCH_S)
        leave()

    threading.Thread(target=watch, daemon=True, name="follows its parent").start()


def close_connections() -> None:
    """Before a fork: two processes must not share a connection, nor one inherit a pool whose threads it has not."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
