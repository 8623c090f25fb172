"""Starting and stopping work, as the rooms that start it see it."""

import pytest
from django.db import transaction

from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.foundation.jobs import registry, selectors, services
from frankpledge.foundation.jobs.models import Job
from frankpledge.foundation.jobs.vocabulary import JobState
from frankpledge.foundation.jobs.worker import Worker
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, NotPermitted, RuleBroken

ANALYST = Actor.person(7, "Ana Lyst")
SOMEBODY = Actor.person(8, "Some Body")


class Looker:
    """Somebody who signed in."""

    def __init__(self, actor):
        self.pk = actor.id


@pytest.fixture
def work():
    """Register functions for one test."""
    names = []

    def register(name, function, max_attempts=3):
        registry.register(name, function, max_attempts)
        names.append(name)

    yield register
    for name in names:
        registry.forget(name)


@pytest.mark.django_db
def test_a_started_job_is_done_with_its_arguments_and_shows_what_came_of_it(work):
    def count(context, upload):
        context.progress(50, "Half way")
        context.log(f"Read upload {upload}")
        return {"rows": 12, "by": str(context.by)}

    work("count rows", count)
    job = services.start("count rows", {"upload": 3}, by=ANALYST)
    assert job.state == JobState.QUEUED

    assert Worker().work_off() == 1

    job.refresh_from_db()
    assert (job.state, job.progress, job.attempts) == (JobState.SUCCEEDED, 100, 1)
    assert job.result == {"rows": 12, "by": "Ana Lyst"}
    assert job.log == "Read upload 3\n"
    assert job.finished_at is not None
    assert job.lease_until is None


@pytest.mark.django_db
def test_starting_work_is_in_the_audit_trail():
    job = services.start("count rows", {"upload": 3}, by=ANALYST)
    entry = AuditEntry.objects.get(subject=f"jobs:{job.pk}")
    assert entry.what == "started work: count rows"
    assert entry.actor_key == 7


@pytest.mark.django_db(transaction=True)
def test_work_of_a_rolled_back_transaction_never_was(work):
    done = []
    work("note", lambda context: done.append(1))

    class Change(Exception):
        pass

    with pytest.raises(Change), transaction.atomic():
        services.start("note", {}, by=ANALYST)
        raise Change
    assert Worker().work_off() == 0
    assert done == []
    assert not Job.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("", {}, ValueError),
        ("x" * 81, {}, ValueError),
        ("import", {"text": "x" * 5000}, ValueError),
        ("import", {"file": object()}, TypeError),
        ("import", {"share": float("nan")}, ValueError),
    ],
)
def test_arguments_that_are_no_ids_are_refused_where_the_work_is_started(name, arguments, error):
    with pytest.raises(error):
        services.start(name, arguments, by=ANALYST)


@pytest.mark.django_db
def test_a_file_that_cannot_be_used_fails_once_with_its_own_sentence(work):
    tries = []

    def read(context):
        tries.append(1)
        raise DataProblem("this is not police data.", file="notes.csv", line=1, remedy="Send the street file.")

    work("read", read)
    job = services.start("read", {}, by=ANALYST)
    Worker().work_off()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.message == "notes.csv, line 1: this is not police data. Send the street file."
    assert tries == [1]


@pytest.mark.django_db
def test_our_own_mistake_is_tried_again_later_then_fails_with_a_reference_and_no_detail(work, caplog):
    def burst(context):
        raise ZeroDivisionError("secret detail")

    work("burst", burst, max_attempts=3)
    job = services.start("burst", {}, by=ANALYST)
    delays = []
    for _ in range(2):
        assert Worker().work_off() == 1
        job.refresh_from_db()
        assert job.state == JobState.QUEUED
        delays.append(job.due_at)
        assert Worker().work_off() == 0, "a retry waits"
        Job.objects.update(due_at=job.created_at)
    Worker().work_off()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.FAILED, 3)
    assert job.message.startswith("Something went wrong on our side.")
    assert "secret detail" not in job.message + job.log
    reference = job.message.rsplit(" ", 1)[1].rstrip(".")
    assert reference in caplog.text
    assert "secret detail" in caplog.text
    assert delays[1] - delays[0] > (job.due_at - job.created_at)


@pytest.mark.django_db
def test_work_that_must_wait_says_why_and_comes_again(work):
    answers = iter([registry.Retry("The database of the force is closed for the night."), None])

    def fetch(context):
        if answer := next(answers):
            raise answer

    work("fetch", fetch)
    job = services.start("fetch", {}, by=ANALYST)
    Worker().work_off()
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert job.message == "The database of the force is closed for the night. It is tried again in 5 seconds."
    Job.objects.update(due_at=job.created_at)
    Worker().work_off()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.SUCCEEDED, 2)


@pytest.mark.django_db
def test_work_no_worker_knows_ends_in_a_sentence():
    job = services.start("unheard of", {}, by=ANALYST)
    for _ in range(3):
        Job.objects.update(due_at=job.created_at)
        Worker().work_off()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.FAILED, 3)
    assert "unheard of" in job.message


@pytest.mark.django_db
def test_a_result_the_table_cannot_hold_is_our_own_mistake(work):
    work("odd", lambda context: object(), max_attempts=1)
    job = services.start("odd", {}, by=ANALYST)
    Worker().work_off()
    job.refresh_from_db()
    assert job.state == JobState.FAILED


@pytest.mark.django_db
def test_waiting_work_can_be_stopped_at_once_and_ended_work_cannot(work):
    work("note", lambda context: None)
    job = services.start("note", {}, by=ANALYST)
    assert services.request_stop(job, by=ANALYST).state == JobState.STOPPED
    assert Worker().work_off() == 0
    with pytest.raises(RuleBroken, match="already ended"):
        services.request_stop(job, by=ANALYST)


@pytest.mark.django_db
def test_work_is_seen_by_who_started_it_and_by_nobody_else_unless_the_policy_says_so():
    job = services.start("note", {}, by=ANALYST)
    assert selectors.job_for(job.pk, for_user=Looker(ANALYST)) == job
    assert selectors.job_for(job.pk, for_user=Looker(SOMEBODY), sees_all=True) == job
    with pytest.raises(NotPermitted) as others:
        selectors.job_for(job.pk, for_user=Looker(SOMEBODY))
    with pytest.raises(NotPermitted) as absent:
        selectors.job_for(job.pk + 1, for_user=Looker(SOMEBODY))
    assert str(others.value) == str(absent.value)
    assert list(selectors.jobs_for(for_user=Looker(SOMEBODY))) == []
    assert list(selectors.jobs_for(for_user=Looker(ANALYST))) == [job]


@pytest.mark.django_db
def test_the_systems_own_work_is_not_some_persons():
    services.start("note", {}, by=Actor.system("housekeeping"))

    class Nobody:
        pk = None

    assert list(selectors.jobs_for(for_user=Nobody())) == []


def test_one_name_means_one_function(work):
    work("note", len)
    registry.register("note", len)
    with pytest.raises(ValueError, match="another function"):
        registry.register("note", max)
    with pytest.raises(ValueError, match="at least one"):
        registry.register("other", len, max_attempts=0)
