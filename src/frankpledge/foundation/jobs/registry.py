"""Which function does the job of a name. The server process registers the workflows; a view starts them by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from frankpledge.vocabulary.actors import Actor


class JobContext(Protocol):
    """What a job's function is given to speak through.

    `progress` and `log` may be called as often as the work likes: they are written twice a second at most, in
    transactions of their own, so they stay when the work's own transaction is rolled back. `progress` is also where the
    work ends early when somebody asked for that, so call it between steps that are each whole.
    """

    @property
    def job_id(self) -> int: ...

    @property
    def attempt(self) -> int: ...

    @property
    def by(self) -> Actor:
        """Who started the job: pass it on as `by=`."""

    def progress(self, percent: float, message: str = "") -> None:
        """Show how far the work is, 0 to 100, and what it does now."""

    def log(self, line: str) -> None:
        """Add one line to the log people see. No personal data."""


class Retry(Exception):
    """Raised by a job's function: it cannot be done now, try again later. The sentence is shown meanwhile."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A job's function and how often it is tried."""

    name: str
    function: Callable[..., Any]
    max_attempts: int


_registrations: dict[str, Registration] = {}


def register(name: str, function: Callable[..., Any], max_attempts: int = 3) -> None:
    """Say that `function(context, **arguments)` does the jobs called `name`.

    The function is idempotent (see the room's first page) and returns None or something JSON can hold, shown as the
    result. Registering the same function again changes nothing; another function under a taken name is a mistake.
    """
    known = _registrations.get(name)
    if known and known.function is not function:
        raise ValueError(f"another function does the jobs called {name!r}")
    if max_attempts < 1:
        raise ValueError("a job needs at least one attempt")
    _registrations[name] = Registration(name, function, max_attempts)


def forget(name: str) -> None:
    """Take back a registration, so that a test leaves nothing behind."""
    _registrations.pop(name, None)


def find(name: str) -> Registration | None:
    """The registration for `name`, or None where this process does not know how to do it."""
    return _registrations.get(name)


def names() -> list[str]:
    """The jobs this process knows how to do."""
    return sorted(_registrations)
