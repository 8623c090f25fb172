"""What people and workflows do to jobs. What workers do to them stands in `queue`."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.jobs import registry
from frankpledge.foundation.jobs.models import NAME_LENGTH, PERSON_LENGTH, Job
from frankpledge.foundation.jobs.vocabulary import JobState
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import RuleBroken

DEFAULT_ATTEMPTS = 3
ARGUMENTS_LENGTH = 4_000


@transaction.atomic
def start(name: str, arguments: Mapping[str, Any], *, by: Actor) -> Job:
    """Put a job in the queue, in the caller's transaction: if that is rolled back, the job never was.

    `arguments` are passed to the registered function by name: record ids and plain choices, never personal data. Raises
    ValueError for arguments that are too long, TypeError for arguments JSON cannot hold: both are mistakes in the code.
    """
    if not name or len(name) > NAME_LENGTH:
        raise ValueError(f"a job's name has 1 to {NAME_LENGTH} characters")
    if len(json.dumps(dict(arguments), allow_nan=False)) > ARGUMENTS_LENGTH:
        raise ValueError("a job's arguments are ids and choices, not the data itself")
    registration = registry.find(name)
    now = timezone.now()
    job = Job.objects.create(
        name=name,
        arguments=dict(arguments),
        max_attempts=registration.max_attempts if registration else DEFAULT_ATTEMPTS,
        started_by_kind=by.kind.value,
        started_by_id=by.id,
        started_by_name=by.name[:PERSON_LENGTH],
        created_at=now,
        due_at=now,
    )
    _record("started work", job, by)
    return job


@transaction.atomic
def request_stop(job: Job, *, by: Actor) -> Job:
    """Ask a job to end early. One that waits is stopped at once; one that runs stops after its present step.

    Raises RuleBroken if it has already ended.
    """
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.is_finished:
        raise RuleBroken("This work has already ended.")
    job.stop_requested = True
    if job.state == JobState.QUEUED:
        job.state, job.finished_at, job.message = JobState.STOPPED, timezone.now(), "Stopped before it began."
    job.save(update_fields=["stop_requested", "state", "finished_at", "message"])
    _record("asked to stop work", job, by)
    return job


def _record(what: str, job: Job, by: Actor) -> None:
    audit.record(act=Act.ALTERATION, what=f"{what}: {job.name}", subject=f"jobs:{job.pk}", by=by)
