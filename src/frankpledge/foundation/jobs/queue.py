"""What workers do to jobs: claim, renew, hand back, finish.

Each is one short transaction. A claim carries a token made for it alone; whoever no longer holds the token (the lease
ended while the machine slept, say, and another worker took the job) changes nothing and is told so.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from frankpledge.foundation.jobs import rules
from frankpledge.foundation.jobs.models import MESSAGE_LENGTH, Job
from frankpledge.foundation.jobs.vocabulary import JobState


@dataclass(frozen=True, slots=True)
class Word:
    """What a working job says about itself: how far it is (0 to 100), what it does now, and its log so far."""

    progress: int
    message: str
    log: str

    def columns(self) -> dict[str, Any]:
        return {"progress": self.progress, "message": rules.shorten(self.message, MESSAGE_LENGTH), "log": self.log}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a claim stands: whether this worker still holds it, and whether somebody asked the job to stop."""

    held: bool
    stop_requested: bool


def claim(worker: str, name: str | None = None) -> Job | None:
    """Take the job (of that name, if one is given) that has been due longest, or None. No two workers get the same one.

    On PostgreSQL the row is locked and locked rows are passed over; on SQLite the transaction is immediate, so claims
    come one after another. A job whose worker was lost at its last permitted attempt is failed here.
    """
    # A plain read first: an idle worker must not take SQLite's one write lock twice a second.
    while _claimable(name).exists():
        with transaction.atomic():
            job = _locked(_claimable(name).order_by("due_at", "pk")).first()
            if job is None:
                return None
            if job.attempts < job.max_attempts:
                return _claimed(job, worker)
            _end(_running(job.pk), JobState.FAILED, message=rules.gave_up(job.attempts))
    return None


def standing(job: Job) -> Standing:
    """How this claim of `job` stands now."""
    row = _held(job).values_list("stop_requested", flat=True).first()
    return Standing(held=row is not None, stop_requested=bool(row))


def renew(job: Job, word: Word) -> bool:
    """Prolong the lease and write what the job says. False: the claim was lost."""
    return bool(_held(job).update(lease_until=timezone.now() + rules.LEASE, **word.columns()))


def finish(job: Job, state: JobState, word: Word, *, result: Any = None) -> bool:
    """Write how the job ended. False: the claim was lost and nothing was written."""
    return _end(_held(job), state, **word.columns(), result=result)


def try_again(job: Job, word: Word) -> bool:
    """Back into the queue for another attempt after a delay that grows. False: the claim was lost."""
    due_at = timezone.now() + rules.delay_before(job.attempts + 1)
    return bool(
        _held(job).update(state=JobState.QUEUED, lease_until=None, claimed_by="", due_at=due_at, **word.columns())
    )


def hand_back(job: Job, word: Word) -> bool:
    """Back into the queue because the worker must leave; the attempt does not count. False: the claim was lost."""
    return bool(_held(job).update(**_handed_back(), **word.columns()))


def release(worker: str, *, counts: bool) -> int:
    """Take back the jobs of a worker that is known to be gone, without waiting for its lease; returns how many.

    `counts`: whether the lost attempt counts. It does when the worker died of the job, not when we ended it.
    """
    lost = Job.objects.filter(state=JobState.RUNNING, claimed_by__startswith=f"{worker}#")
    if not counts:
        return lost.update(**_handed_back())
    return lost.update(lease_until=timezone.now())


def _claimable(name: str | None) -> QuerySet[Job]:
    now = timezone.now()
    jobs = Job.objects.all() if name is None else Job.objects.filter(name=name)
    return jobs.filter(Q(state=JobState.QUEUED, due_at__lte=now) | Q(state=JobState.RUNNING, lease_until__lte=now))


def _locked(jobs: QuerySet[Job]) -> QuerySet[Job]:
    if connection.features.has_select_for_update_skip_locked:
        return jobs.select_for_update(skip_locked=True)
    return jobs


def _claimed(job: Job, worker: str) -> Job:
    now = timezone.now()
    job.state = JobState.RUNNING
    job.attempts += 1
    job.claimed_by = f"{worker}#{uuid.uuid4().hex[:12]}"
    job.lease_until = now + rules.LEASE
    job.started_at = job.started_at or now
    job.save(update_fields=["state", "attempts", "claimed_by", "lease_until", "started_at"])
    return job


def _held(job: Job) -> QuerySet[Job]:
    return _running(job.pk).filter(claimed_by=job.claimed_by)


def _running(key: int) -> QuerySet[Job]:
    return Job.objects.filter(pk=key, state=JobState.RUNNING)


def _handed_back() -> dict[str, Any]:
    return {
        "state": JobState.QUEUED,
        "attempts": F("attempts") - 1,
        "lease_until": None,
        "claimed_by": "",
        "due_at": timezone.now(),
    }


def _end(jobs: QuerySet[Job], state: JobState, **columns: Any) -> bool:
    return bool(jobs.update(state=state, lease_until=None, finished_at=timezone.now(), **columns))
