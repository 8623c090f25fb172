"""What is true of jobs without a database."""

from collections.abc import Mapping
from datetime import timedelta

from frankpledge.foundation.jobs.vocabulary import JobState

#: From each state, the states a job may go to next.
TRANSITIONS: Mapping[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.STOPPED}),
    # Back to queued: another attempt, or its worker was told to leave.
    JobState.RUNNING: frozenset({JobState.QUEUED, JobState.SUCCEEDED, JobState.FAILED, JobState.STOPPED}),
    JobState.SUCCEEDED: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.STOPPED: frozenset(),
}

LEASE = timedelta(seconds=30)
FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(minutes=10)
LOG_CHARACTERS = 40_000


def may_go(old: JobState, new: JobState) -> bool:
    """Whether a job in state `old` may go to `new`."""
    return new in TRANSITIONS[old]


def delay_before(attempt: int) -> timedelta:
    """How long to wait before `attempt` (2 is the first retry): 5 s, then four times longer, at most 10 minutes."""
    if attempt < 2:
        return timedelta(0)
    # The exponent is bounded so that a long row of attempts cannot overflow.
    return min(FIRST_DELAY * 4 ** min(attempt - 2, 10), LONGEST_DELAY)


def gave_up(attempts: int) -> str:
    """The sentence for a job whose worker was lost at every attempt."""
    return f"The work broke off without a reason {attempts} times and was not tried again."


def on_our_side(reference: str) -> str:
    """The sentence for a failure nobody outside can mend; the traceback stands in the server log under `reference`."""
    return f"Something went wrong on our side. Give this reference to your administrator: {reference}."


def shorten(text: str, limit: int) -> str:
    """`text` on one line of at most `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def joined_log(old: str, lines: list[str]) -> str:
    """The log with `lines` added. A log that grows too long keeps its newest lines and says so."""
    text = old + "".join(f"{line}\n" for line in lines)
    if len(text) <= LOG_CHARACTERS:
        return text
    kept = text[-LOG_CHARACTERS:]
    return "(earlier lines were left out)\n" + kept[kept.index("\n") + 1 :]
