"""The words of this room."""

from enum import StrEnum


class JobState(StrEnum):
    """Where a job stands. The value is the word on the screen."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"


FINISHED: frozenset[JobState] = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.STOPPED})
