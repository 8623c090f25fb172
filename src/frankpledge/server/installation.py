"""One installation's data folder: what it remembers of itself, its logs, and how Django is started on it."""

import contextlib
import fcntl
import json
import logging
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from frankpledge.vocabulary.errors import RuleBroken

LOG_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Memory:
    """What one start notes for the next.

    `demo`: whether the database held the demo partnership. `demo_password`: the one made for its accounts, where none
    was given. `sign_ins`: a fingerprint of the database, password and kind of sign-in its accounts were last given.
    `static_files`: a fingerprint of the styles and scripts that were last collected.
    """

    demo: bool | None = None
    demo_password: str | None = None
    sign_ins: str | None = None
    static_files: str | None = None


@dataclass(frozen=True, slots=True)
class Installation:
    """The folder everything of one installation is in, apart from a PostgreSQL database."""

    data: Path

    @classmethod
    def open(cls, data: Path) -> "Installation":
        """The installation in `data`, made if it is new. Raises OSError where the folder cannot be made or written."""
        installation = cls(data.expanduser().resolve())
        installation.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        installation.logs.mkdir(mode=0o700, exist_ok=True)
        (installation.data / "static").mkdir(
            mode=0o700, exist_ok=True
        )  # whitenoise complains of a folder that is absent
        return installation

    @property
    def logs(self) -> Path:
        """The folder of the logs."""
        return self.data / "log"

    @property
    def server_log(self) -> Path:
        """Warnings and errors, with tracebacks under the references people are shown."""
        return self.logs / "server.log"

    @property
    def access_log(self) -> Path:
        """One line for each request, without query, cookie or browser."""
        return self.logs / "access.log"

    def memory(self) -> Memory:
        """What the last start noted; empty before the first. The database is the truth, this only saves time."""
        try:
            noted = json.loads(self._memory.read_text(encoding="utf-8"))
            return Memory(**{field.name: noted.get(field.name) for field in fields(Memory)})
        except (FileNotFoundError, json.JSONDecodeError, AttributeError):
            return Memory()

    def remember(self, memory: Memory) -> None:
        """Note it for the next start."""
        draft = self._memory.with_suffix(f".{secrets.token_hex(8)}")
        draft.write_text(json.dumps(asdict(memory), indent=1) + "\n", encoding="utf-8")
        draft.replace(self._memory)

    @property
    def _memory(self) -> Path:
        return self.data / "installation.json"

    @contextlib.contextmanager
    def prepared_alone(self, *, say: Callable[[str], object]) -> Iterator[None]:
        """Only one process at a time migrates or loads the demo; another one says so and waits here."""
        with (self.data / "prepare.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another process is preparing this installation; waiting for it.")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def start_django(self, *, demo: bool, host: str | None = None, demo_password: str | None = None) -> None:
        """Set the environment the settings read, and start Django on this installation, once for each process.

        Raises RuleBroken for settings that contradict each other.
        """
        os.environ["FRANKPLEDGE_DATA"] = str(self.data)
        os.environ["DJANGO_SETTINGS_MODULE"] = "frankpledge.server.settings"
        _set_or_unset("FRANKPLEDGE_DEMO", "1" if demo else None)
        _set_or_unset("FRANKPLEDGE_DEMO_PASSWORD", demo_password if demo else None)
        if host is not None:
            os.environ["FRANKPLEDGE_BIND"] = host
        import django
        from django.core.exceptions import ImproperlyConfigured

        try:
            django.setup()
        except ImproperlyConfigured as error:
            raise RuleBroken(str(error)) from error

    def log_to_file(self) -> None:
        """From now on what would be logged to standard error goes to the server log, in the same safe form."""
        for path in (self.server_log, self.access_log):
            if path.exists() and path.stat().st_size > LOG_BYTES:
                path.replace(path.with_suffix(".log.1"))
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(self.server_log.open("a", encoding="utf-8", buffering=1))


def _set_or_unset(name: str, value: str | None) -> None:
    if value:
        os.environ[name] = value
    else:
        os.environ.pop(name, None)
