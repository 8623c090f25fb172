"""Tables of this room."""

from django.db import models
from django.db.models import F, Q

from frankpledge.foundation.jobs.vocabulary import FINISHED, JobState
from frankpledge.vocabulary.actors import Actor, ActorKind

NAME_LENGTH = 80
PERSON_LENGTH = 200
MESSAGE_LENGTH = 300
CLAIMANT_LENGTH = 120


class Job(models.Model):
    """One piece of work, by the name of the function that does it. Kept after it ends, as a record."""

    name = models.CharField(max_length=NAME_LENGTH)
    arguments = models.JSONField(default=dict)
    state = models.CharField(
        max_length=12, default=JobState.QUEUED.value, choices=[(s.value, s.value) for s in JobState]
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    progress = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=MESSAGE_LENGTH, blank=True)
    log = models.TextField(blank=True)
    result = models.JSONField(null=True)
    stop_requested = models.BooleanField(default=False)
    # Who started it, as the audit trail names them. People live above this room, so there is no foreign key.
    started_by_kind = models.CharField(max_length=20)
    started_by_id = models.BigIntegerField(null=True)
    started_by_name = models.CharField(max_length=PERSON_LENGTH)
    created_at = models.DateTimeField()
    # A queued job may be claimed from this moment on; a retry waits a while.
    due_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=CLAIMANT_LENGTH, blank=True)
    lease_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in JobState]), name="jobs_job_state_is_known"
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="jobs_job_progress_is_a_percentage"),
            models.CheckConstraint(condition=Q(attempts__lte=F("max_attempts")), name="jobs_job_attempts_are_limited"),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING.value, lease_until__isnull=False)
                | (~Q(state=JobState.RUNNING.value) & Q(lease_until__isnull=True)),
                name="jobs_job_lease_only_while_running",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="jobs_job_waiting"),
            models.Index(fields=["started_by_id", "-created_at"], name="jobs_job_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"

    @property
    def is_finished(self) -> bool:
        """Nothing more will happen to it."""
        return self.state in FINISHED

    @property
    def started_by(self) -> Actor:
        """Who started it: passed on to the work as `by=`."""
        return Actor(ActorKind(self.started_by_kind), self.started_by_id, self.started_by_name)
