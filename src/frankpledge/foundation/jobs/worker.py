"""The process that does jobs: one at a time, each under a lease that a second thread renews.

The second thread also writes what the job says of itself, over a connection of its own: it costs the job nothing, and
stays when the job's own transaction is rolled back. While a job holds SQLite's one write lock the lease cannot be
renewed, but for the same reason nobody can claim it.
"""

import json
import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any

from django.db import DatabaseError, close_old_connections, connection

from frankpledge.foundation.jobs import queue, rules
from frankpledge.foundation.jobs.models import Job
from frankpledge.foundation.jobs.registry import Retry, find
from frankpledge.foundation.jobs.vocabulary import JobState
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import FrankpledgeError

log = logging.getLogger(__name__)

POLL_S = 0.5
BEAT_S = 0.5
#: The lease is renewed this often even if the job says nothing: two renewals may fail before it ends.
RENEW_S = rules.LEASE.total_seconds() / 3
#: Housekeeping waits this long after a start: the first pages and jobs come first.
SETTLE_S = 60.0


class EndedEarly(Exception):
    """Raised by `context.progress` where the work must not go on."""


class StopRequested(EndedEarly):
    """A person asked for the job to stop."""


class WorkerLeaves(EndedEarly):
    """The worker was told to go; the job waits for another."""


class ClaimLost(EndedEarly):
    """The lease ended and another worker has the job."""


@dataclass(slots=True)
class Context:
    """What a running job speaks through (see `registry.JobContext`)."""

    job: Job
    leaves: Callable[[], bool]
    listener: Callable[[int, str], None] | None = None
    percent: int = 0
    message: str = ""
    text: str = ""
    changed: bool = False
    standing: queue.Standing = queue.Standing(held=True, stop_requested=False)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Go on from what an earlier attempt wrote."""
        self.text = self.job.log

    @property
    def job_id(self) -> int:
        return self.job.pk

    @property
    def attempt(self) -> int:
        return self.job.attempts

    @property
    def by(self) -> Actor:
        return self.job.started_by

    def progress(self, percent: float, message: str = "") -> None:
        """Show how far the work is and what it does now. Raises EndedEarly where it must not go on."""
        with self.guard:
            self.percent, self.changed = min(100, max(0, int(percent))), True
            self.message = message or self.message
        if self.listener:
            self.listener(self.percent, self.message)
        if not self.standing.held:
            raise ClaimLost
        if self.standing.stop_requested:
            raise StopRequested
        if self.leaves():
            raise WorkerLeaves

    def log(self, line: str) -> None:
        """Add one line to the log people see."""
        with self.guard:
            self.text, self.changed = rules.joined_log(self.text, [line]), True

    def word(self) -> queue.Word:
        """What the job has said until now."""
        with self.guard:
            self.changed = False
            return queue.Word(self.percent, self.message, self.text)


class Keeper(threading.Thread):
    """Renews the lease of one job, writes what it says, and listens for a request to stop."""

    def __init__(self, context: Context) -> None:
        super().__init__(name=f"keeper of job {context.job_id}", daemon=True)
        self.context = context
        self.done = threading.Event()
        self.renewed_at = monotonic()

    def run(self) -> None:
        """Beat until the job is done. A beat that the database refuses is tried again at the next."""
        try:
            while not self.done.wait(BEAT_S):
                try:
                    self.beat()
                except DatabaseError:
                    log.warning(
                        "The lease of job %s could not be renewed just now.", self.context.job_id, exc_info=True
                    )
                    connection.close()
        finally:
            connection.close()

    def beat(self) -> None:
        """One look and, when there is something to say or the lease grows old, one write."""
        job = self.context.job
        self.context.standing = queue.standing(job)
        if self.context.changed or monotonic() - self.renewed_at > RENEW_S:
            queue.renew(job, self.context.word())
            self.renewed_at = monotonic()


@dataclass(frozen=True, slots=True)
class Tick:
    """Small housekeeping a worker does every so often, also after a restart. It is idempotent and never long."""

    name: str
    every: timedelta
    function: Callable[[], Any]


class Worker:
    """Does jobs until told to leave.

    `listener` hears each job's progress (percent, what it does now) as it is said, for a command that shows it.
    """

    def __init__(
        self,
        name: str | None = None,
        ticks: Sequence[Tick] = (),
        listener: Callable[[int, str], None] | None = None,
    ) -> None:
        self.name = name or new_name()
        self.ticks = tuple(ticks)
        self.listener = listener
        self._tick_due_at = dict.fromkeys((tick.name for tick in self.ticks), monotonic() + SETTLE_S)
        self._leaving = threading.Event()

    def leave(self) -> None:
        """Take no more jobs, and end the present one at its next word. Safe to call from a signal handler."""
        self._leaving.set()

    def run(self) -> None:
        """Work until told to leave. A database that is away for a while is waited for."""
        while not self._leaving.is_set():
            try:
                close_old_connections()
                if self.work_once():
                    continue
                self.keep_house()
            except DatabaseError:
                log.exception("The worker could not reach its queue; it tries again.")
                connection.close()
            self._leaving.wait(POLL_S)

    def work_once(self, name: str | None = None) -> bool:
        """Do the job (of that name, if one is given) that has been due longest; False when none is due."""
        job = queue.claim(self.name, name)
        if job is None:
            return False
        self._do(job)
        return True

    def work_off(self) -> int:
        """Do everything that is due now and return how many; what commands and tests call."""
        done = 0
        while not self._leaving.is_set() and self.work_once():
            done += 1
        return done

    def _do(self, job: Job) -> None:
        context = Context(job, self._leaving.is_set, self.listener)
        keeper = Keeper(context)
        # Inside a test's transaction there is nothing a second connection could see or write.
        if not connection.in_atomic_block:
            keeper.start()
        try:
            settle = _attempt(context)
        finally:
            keeper.done.set()
            if keeper.is_alive():
                keeper.join()
        settle()

    def keep_house(self) -> None:
        """Do the housekeeping that is due. What fails is logged and comes round again."""
        for tick in self.ticks:
            if monotonic() >= self._tick_due_at[tick.name]:
                self._tick_due_at[tick.name] = monotonic() + tick.every.total_seconds()
                try:
                    tick.function()
                except Exception:  # noqa: BLE001 - outermost door: housekeeping that fails must not end the worker
                    log.exception("Housekeeping failed: %s", tick.name)


def new_name() -> str:
    """A name no other worker has: machine, process and a random part."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def _attempt(context: Context) -> Callable[[], object]:
    """Do the job once; returns how to write what came of it, for when the second thread has ended."""
    job = context.job
    try:
        result = _call(context)
    except StopRequested:
        return lambda: queue.finish(job, JobState.STOPPED, _last_word(context, "Stopped as asked."))
    except WorkerLeaves:
        return lambda: queue.hand_back(job, context.word())
    except ClaimLost:
        log.warning("Job %s was taken by another worker.", job.pk)
        return lambda: None
    except Retry as error:
        return _again(context, str(error))
    except FrankpledgeError as error:
        # Trying again would not mend it: a person must.
        sentence = error.sentence
        return lambda: queue.finish(job, JobState.FAILED, _last_word(context, sentence))
    except Exception:  # noqa: BLE001 - outermost door: whatever a job raises, the worker goes on with the next
        reference = uuid.uuid4().hex[:8]
        log.exception("Job %s (%s) failed at attempt %s; reference %s", job.pk, job.name, job.attempts, reference)
        return _again(context, rules.on_our_side(reference))
    context.percent = 100
    return lambda: queue.finish(job, JobState.SUCCEEDED, context.word(), result=result)


def _call(context: Context) -> Any:
    registration = find(context.job.name)
    if registration is None:
        raise Retry(f"No worker here knows how to do the work called “{context.job.name}”.")
    result = registration.function(context, **context.job.arguments)
    json.dumps(result, allow_nan=False)  # a result the table cannot hold is the function's mistake, found here
    return result


def _again(context: Context, sentence: str) -> Callable[[], object]:
    job = context.job
    if job.attempts >= job.max_attempts:
        return lambda: queue.finish(job, JobState.FAILED, _last_word(context, sentence))
    seconds = int(rules.delay_before(job.attempts + 1).total_seconds())
    sentence = f"{sentence} It is tried again in {seconds} seconds."
    return lambda: queue.try_again(job, _last_word(context, sentence))


def _last_word(context: Context, sentence: str) -> queue.Word:
    if not context.text.rstrip().endswith(sentence):  # the work may have told of it already
        context.log(sentence)
    context.message = sentence
    return context.word()
