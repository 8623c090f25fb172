"""Several worker processes, some of them killed: every job is done, and once."""

import signal
import time

from frankpledge.foundation.jobs import queue, services
from frankpledge.foundation.jobs.models import Job
from frankpledge.foundation.jobs.vocabulary import JobState
from frankpledge.vocabulary.actors import Actor
from tests.jobs.processes import wait_for
from tests.jobs.working import STEPS

ANALYST = Actor.person(7, "Ana Lyst")


def ended(job):
    """The job, once it has ended."""

    def look():
        job.refresh_from_db()
        return job if job.is_finished else None

    return look


def test_workers_that_claim_at_the_same_time_never_do_a_job_twice_or_leave_one_out(workers):
    for _ in range(3):
        workers.start()
    for number in range(60):
        services.start("note", {"number": number}, by=ANALYST)
    wait_for(lambda: not Job.objects.exclude(state=JobState.SUCCEEDED).exists())
    noted = sorted(int(line) for line in (workers.folder / "notes").read_text().split())
    assert noted == list(range(60))
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}


def test_the_job_of_a_killed_worker_is_taken_up_by_another_and_ends_as_if_nothing_had_happened(workers):
    first = workers.start(lease_s=2)
    job = services.start("count", {"seconds_a_step": 0.1}, by=ANALYST)
    wait_for(lambda: (workers.folder / "step-3").exists())
    first.send_signal(signal.SIGKILL)
    first.wait()
    workers.start(lease_s=2)
    wait_for(ended(job))
    assert (job.state, job.attempts) == (JobState.SUCCEEDED, 2)
    assert job.result == sum(step**3 for step in range(STEPS))


def test_a_job_is_not_taken_from_a_worker_that_lives_however_long_it_takes(workers):
    workers.start(lease_s=1)
    workers.start(lease_s=1)
    job = services.start("count", {"seconds_a_step": 0.25}, by=ANALYST)
    wait_for(ended(job))
    assert (job.state, job.attempts) == (JobState.SUCCEEDED, 1)


def test_a_job_that_takes_its_worker_with_it_every_time_is_given_up_with_a_sentence(workers):
    job = services.start("die", {}, by=ANALYST)
    Job.objects.update(max_attempts=2)
    for _ in range(2):
        assert workers.start(lease_s=0.5).wait() == -signal.SIGKILL
        time.sleep(0.6)
    workers.start(lease_s=0.5)
    wait_for(ended(job))
    assert (job.state, job.attempts) == (JobState.FAILED, 2)
    assert job.message == "The work broke off without a reason 2 times and was not tried again."


def test_running_work_shows_its_progress_and_stops_when_somebody_asks(workers):
    workers.start()
    job = services.start("sleep", {}, by=ANALYST)

    def speaks():
        job.refresh_from_db()
        return job.message == "Sleeping" and "still asleep" in job.log

    wait_for(speaks)
    services.request_stop(job, by=ANALYST)
    wait_for(ended(job))
    assert (job.state, job.message) == (JobState.STOPPED, "Stopped as asked.")


def test_a_worker_told_to_leave_hands_its_job_back_and_the_attempt_does_not_count(workers):
    worker = workers.start()
    job = services.start("sleep", {}, by=ANALYST)
    wait_for(lambda: (workers.folder / "asleep").exists())
    started = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait() == 0
    assert time.monotonic() - started < 2
    job.refresh_from_db()
    assert (job.state, job.attempts, job.claimed_by) == (JobState.QUEUED, 0, "")


def test_whoever_lost_a_claim_changes_nothing(transactional_db):
    services.start("note", {"number": 1}, by=ANALYST)
    slow = queue.claim("slow worker")
    assert slow is not None
    assert queue.claim("another") is None
    Job.objects.update(lease_until=slow.created_at)
    quick = queue.claim("quick worker")
    assert quick is not None
    word = queue.Word(99, "Nearly there", "")
    assert not queue.standing(slow).held
    assert not queue.renew(slow, word)
    assert not queue.finish(slow, JobState.SUCCEEDED, word)
    assert not queue.try_again(slow, word)
    assert not queue.hand_back(slow, word)
    quick.refresh_from_db()
    assert (quick.state, quick.attempts, quick.message) == (JobState.RUNNING, 2, "")


def test_jobs_of_a_worker_that_is_known_to_be_gone_need_not_wait_for_their_lease(transactional_db):
    services.start("note", {"number": 1}, by=ANALYST)
    assert queue.claim("gone") is not None
    assert queue.release("gone", counts=True) == 1
    again = queue.claim("gone")
    assert again is not None
    assert again.attempts == 2
    assert queue.release("gone", counts=False) == 1
    again.refresh_from_db()
    assert (again.state, again.attempts) == (JobState.QUEUED, 1)
