"""Named reads of jobs. A job is seen by the person who started it, and by those the policy lets see everybody's."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.db.models import QuerySet

from frankpledge.foundation.jobs.models import Job
from frankpledge.foundation.jobs.vocabulary import FINISHED, JobState
from frankpledge.vocabulary.actors import ActorKind
from frankpledge.vocabulary.errors import NotPermitted


class Viewer(Protocol):
    """Whoever looks: a person of `foundation.agencies`, which stands above this room."""

    @property
    def pk(self) -> Any: ...


def job_for(key: int, *, for_user: Viewer, sees_all: bool = False) -> Job:
    """The job `key`. `sees_all`: the policy lets this person see work that others started.

    Raises NotPermitted, in the same words, for a job that is somebody else's and for one that does not exist.
    """
    job = jobs_for(for_user=for_user, sees_all=sees_all).filter(pk=key).first()
    if job is None:
        raise NotPermitted("There is no such work for you to see.")
    return job


def jobs_for(*, for_user: Viewer, sees_all: bool = False) -> QuerySet[Job]:
    """The jobs this person may see, newest first."""
    jobs = Job.objects.order_by("-created_at", "-pk")
    if sees_all:
        return jobs
    return jobs.filter(started_by_kind=ActorKind.PERSON, started_by_id=for_user.pk)


def newest(name: str) -> Job | None:
    """The newest job of that name, whoever started it; for workflows, not for pages."""
    return Job.objects.filter(name=name).order_by("-created_at", "-pk").first()


def newest_result(name: str, arguments: Mapping[str, Any]) -> Any:
    """What the newest finished job of that name with exactly these arguments gave, or None. One query."""
    done = Job.objects.filter(name=name, arguments=dict(arguments), state=JobState.SUCCEEDED)
    return done.order_by("-pk").values_list("result", flat=True).first()


def unfinished(name: str) -> QuerySet[Job]:
    """Jobs of that name that wait or run."""
    return Job.objects.filter(name=name).exclude(state__in=FINISHED)
