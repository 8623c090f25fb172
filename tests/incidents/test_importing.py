"""An import as people meet it: from the command line, and by a file sent through the browser."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.foundation.jobs.models import Job
from frankpledge.foundation.jobs.registry import forget, register
from frankpledge.foundation.jobs.services import request_stop
from frankpledge.foundation.jobs.worker import Worker
from frankpledge.records.incidents import selectors, services
from frankpledge.records.incidents.models import Batch, Upload
from frankpledge.records.incidents.vocabulary import OutcomeOfDelivery, UploadState
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.deliveries import Balance
from frankpledge.vocabulary.errors import DataProblem, NotPermitted
from frankpledge.vocabulary.permissions import Role
from frankpledge.workflows.import_incidents import import_paths, import_upload
from tests.incidents.police_files import street_rows, write_lines, write_street_file
from tests.incidents.state import check_whole, state_hash

BY = Actor.command_line("tester")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for month in ("2022-08", "2022-09", "2022-10"):
        write_street_file(tmp_path / "files", month, 40)
    return tmp_path / "files"


@pytest.fixture
def worker():
    register(services.IMPORT_JOB, import_upload)
    yield Worker("tester")
    forget(services.IMPORT_JOB)


@pytest.mark.django_db
def test_a_folder_is_read_and_the_sum_is_told(folder):
    report = import_paths([folder], by=BY)
    assert report.balance == Balance(read=120, stored=108, quarantined=12)
    assert report.lines()[0] == "read 120 = stored 108 + quarantined 12 + duplicates 0"
    assert report.lines()[1] == "3 batches: 3 new."
    assert any("in quarantine: 12 position in the sea" in line for line in report.lines())
    check_whole()


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["renamed", "joined into one file in another order"])
def test_importing_again_renamed_joined_or_reordered_changes_nothing(tmp_path, change):
    months = ("2022-10", "2022-08", "2022-09")
    files = [write_street_file(tmp_path / "files", month, 40, in_the_sea=False) for month in months]
    import_paths(files, by=BY)
    before = state_hash()
    if change == "renamed":
        again = import_paths([path.rename(path.with_name(f"copy {path.name}")) for path in files], by=BY)
    else:
        rows = [row for month in months for row in reversed(street_rows(month, 40, in_the_sea=False))]
        again = import_paths([write_lines(tmp_path / "everything.csv", rows)], by=BY)
    assert again.outcomes == {OutcomeOfDelivery.ALREADY_HERE: 3}
    assert again.lines()[1] == "3 batches: 3 already here, nothing new."
    assert state_hash() == before


@pytest.mark.django_db
def test_a_month_sent_again_with_other_content_replaces_it_and_says_so(folder):
    import_paths([folder], by=BY)
    write_street_file(folder, "2022-09", 60, edition=2)
    report = import_paths([folder], by=BY)
    assert "3 batches: 1 in place of an earlier edition; 2 already here, nothing new." in report.lines()
    assert "Leicestershire Police, September 2022: 54 rows in place of the 36 sent earlier." in report.lines()
    assert selectors.balance().read == 140
    check_whole()


@pytest.mark.django_db
def test_a_file_that_is_not_police_data_is_named_and_the_others_go_on(folder):
    (folder / "minutes.csv").write_text("Item,Who\n1,Chair\n", encoding="utf-8")
    told: list[str] = []
    report = import_paths([folder], by=BY, progress=told.append)
    assert len(report.acceptances) == 3
    (refusal,) = report.refusals
    assert refusal.file == "minutes.csv"
    assert any(line.startswith("Not used: minutes.csv") for line in report.lines())
    assert len(told) == 4


@pytest.mark.django_db
def test_missing_months_between_the_first_and_the_last_are_named(folder):
    (folder / "2022-09-leicestershire-street.csv").unlink()
    assert "  missing: September 2022" in import_paths([folder], by=BY).lines()


@pytest.mark.django_db
def test_files_left_by_a_killed_import_are_swept(folder):
    orphan = selectors.store().root / "police-uk-street.nowhere.2020-01.abc.parquet"
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"half a file")
    import_paths([folder], by=BY)
    assert not orphan.exists()
    assert len(list(selectors.store().root.glob("*.parquet"))) == 3


@pytest.mark.django_db
def test_an_upload_is_read_by_a_job_and_its_bytes_are_erased(folder, worker, person_with):
    analyst = person_with(Role.ANALYST).actor
    content = (folder / "2022-10-leicestershire-street.csv").read_bytes()
    upload = services.receive_upload(chunks=[content[:100], content[100:]], name="C:\\Desktop\\oct.csv", by=analyst)
    assert (upload.name, upload.size_bytes, upload.state) == ("oct.csv", len(content), UploadState.WAITING)
    assert selectors.upload_path(upload).read_bytes() == content
    assert worker.work_off() == 3  # the file, and the alerts and hot spots that follow it
    upload.refresh_from_db()
    assert upload.state == UploadState.IMPORTED
    assert upload.report["rows"] == {"read": 40, "stored": 36, "quarantined": 4, "duplicates": 0}
    assert not selectors.upload_path(upload).exists()
    batch = Batch.objects.get()
    assert (batch.received_by_id, batch.file) == (analyst.id, "oct.csv")
    job = Job.objects.get(pk=upload.job_id)
    assert job.state == "succeeded"
    assert "read 40 = stored 36 + quarantined 4 + duplicates 0" in job.log
    assert AuditEntry.objects.filter(subject=f"incidents:upload {upload.pk}", act="erasure").count() == 1


@pytest.mark.django_db
def test_an_upload_that_is_not_police_data_fails_with_its_sentence_and_keeps_nothing(worker):
    upload = services.receive_upload(chunks=[b"<html>Not found</html>"], name="street.csv", by=BY)
    worker.work_off()
    upload.refresh_from_db()
    job = Job.objects.get(pk=upload.job_id)
    assert (job.state, job.attempts) == ("failed", 1)
    assert job.message.startswith("street.csv")
    assert upload.state == UploadState.REFUSED
    assert not selectors.upload_path(upload).exists()


@pytest.mark.django_db
def test_reading_an_upload_again_after_a_kill_changes_nothing(folder, worker):
    content = (folder / "2022-10-leicestershire-street.csv").read_bytes()
    upload = services.receive_upload(chunks=[content], name="oct.csv", by=BY)
    raw = selectors.upload_path(upload)
    # Killed after the deliveries were accepted: the file is still there, and so is the job.
    import_paths([raw], by=BY)
    before = state_hash()
    worker.work_off()
    assert state_hash() == before
    # Killed after the note was committed and before the bytes were erased.
    raw.parent.mkdir()
    raw.write_bytes(content)
    job = Job.objects.get(pk=upload.job_id)
    assert import_upload(FakeContext(job), upload.pk)["rows"]["read"] == 40
    assert not raw.exists()


class FakeContext:
    """As much of a job's context as a finished upload needs."""

    def __init__(self, job: Job) -> None:
        self.by = job.started_by


@pytest.mark.django_db
def test_an_upload_whose_work_was_stopped_is_erased_at_the_next(folder, worker):
    stopped = services.receive_upload(chunks=[b"something"], name="stopped.csv", by=BY)
    request_stop(Job.objects.get(pk=stopped.job_id), by=BY)
    content = (folder / "2022-10-leicestershire-street.csv").read_bytes()
    services.receive_upload(chunks=[content], name="oct.csv", by=BY)
    worker.work_off()
    stopped.refresh_from_db()
    assert stopped.state == UploadState.REFUSED
    assert not selectors.upload_path(stopped).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chunks", "says"), [([], "is empty"), ([b"x" * 600, b"x" * 600], "is larger than"), ([b""], "is empty")]
)
def test_an_upload_that_is_empty_or_too_large_is_refused_and_nothing_is_kept(settings, chunks, says):
    settings.UPLOAD_LIMIT_BYTES = 1_000
    with pytest.raises(DataProblem, match=says):
        services.receive_upload(chunks=chunks, name="big.csv", by=BY)
    assert not Upload.objects.exists()
    assert list(selectors.raw_files().root.iterdir()) == []


@pytest.mark.django_db
def test_only_those_who_may_add_evidence_may_upload(person_with):
    with pytest.raises(NotPermitted):
        services.receive_upload(chunks=[b"x"], name="a.csv", by=person_with(Role.MANAGER).actor)
    assert not selectors.raw_files().root.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..", "file"),
        (".htaccess", "htaccess"),
        ("a\x00b\n\udcff.csv", "a_b__.csv"),
        ("Awst 2022 – Aldercombe.csv", "Awst 2022 _ Aldercombe.csv"),
    ],
)
def test_the_name_of_an_upload_cannot_lead_elsewhere(given, kept):
    upload = services.receive_upload(chunks=[b"x"], name=given, by=BY)
    assert selectors.upload_path(upload).resolve().is_relative_to(selectors.raw_files().root.resolve())
    assert upload.name == kept


def frankpledge(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "frankpledge.cli.main", *arguments, "--data", str(data)],
        capture_output=True,
        text=True,
        env=environment,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """An installation of its own, new at the first command."""
    return tmp_path_factory.mktemp("installations") / "new installation"


def test_the_command_makes_its_database_prints_the_sum_and_can_be_run_again(folder, data):
    first = frankpledge("import", str(folder), data=data)
    assert first.returncode == 0, first.stderr
    assert "read 120 = stored 108 + quarantined 12 + duplicates 0" in first.stdout.splitlines()
    assert "Leicestershire Police, October 2022: 36 rows stored." in first.stderr
    again = frankpledge("import", str(folder), "--json", "-", "--quiet", data=data)
    report = json.loads(again.stdout)
    assert report["rows"] == {"read": 120, "stored": 108, "quarantined": 12, "duplicates": 0}
    assert {batch["outcome"] for batch in report["batches"]} == {"already here"}


@pytest.mark.parametrize("content", [b"", b"<html></html>", "Crime ID,Month".encode("utf-16"), b"\x1f\x8b\x08broken"])
def test_the_command_ends_with_a_sentence_and_code_2_when_nothing_can_be_read(tmp_path, data, content):
    path = tmp_path / "2022-10-leicestershire-street.csv"
    path.write_bytes(content)
    done = frankpledge("import", str(path), "--quiet", data=data)
    assert done.returncode == 2
    assert "2022-10-leicestershire-street.csv" in done.stderr
    assert done.stderr.splitlines()[-1] == "Nothing could be read, so nothing was changed."
    assert "Traceback" not in done.stderr


def test_the_command_ends_with_code_1_when_some_files_went_in_and_others_were_refused(tmp_path, data):
    write_street_file(tmp_path, "2021-03", 20)
    (tmp_path / "notes.csv").write_text("<html></html>")
    done = frankpledge("import", str(tmp_path), "--quiet", data=data)
    assert done.returncode == 1, done.stderr
    assert "read 20 = stored 18 + quarantined 2 + duplicates 0" in done.stdout
    assert "notes.csv is a web page" in done.stdout


def test_the_command_says_when_there_is_no_such_file(tmp_path):
    done = frankpledge("import", str(tmp_path / "nothing"), data=tmp_path / "data")
    assert done.returncode == 2
    assert done.stderr.startswith("There is no file or folder called")
    assert not (tmp_path / "data").exists()
