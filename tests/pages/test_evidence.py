"""What has come in: the grid, one batch, its quarantine, a file added, a batch withdrawn."""

import gzip
import io
import zipfile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.foundation.jobs.models import Job
from frankpledge.records.incidents import selectors
from frankpledge.records.incidents.models import Upload
from frankpledge.vocabulary.permissions import Role
from tests.incidents.deliveries import rejected_row
from tests.incidents.police_files import HEADER, street_rows
from tests.pages.html import Page, check_page
from tests.pages.made_up import NEWEST, receive, receive_months


@pytest.fixture
def analyst(as_role, partnership):
    return as_role(Role.ANALYST)


def words(answer) -> str:
    """The main part of a page as a reader sees it."""
    return Page(answer.content.decode()).text("main")[0]


def test_an_empty_store_offers_the_first_button(analyst):
    shown = words(analyst.get("/assess/evidence/"))
    assert "Nothing has come in yet" in shown and "Add a file" in shown


def test_the_grid_says_what_is_missing_in_words(analyst):
    for back in (0, 1, 3):
        receive(NEWEST - back)
    answer = analyst.get("/assess/evidence/")
    assert "Missing: data.police.uk crime for August 2022" in words(answer)
    cells = [cell for cell in Page(answer.content.decode()).text("td") if cell]
    assert cells[:4] == ["50 here", "missing", "50 here", "50 here"]


def test_a_month_sent_again_and_one_withdrawn_are_told_apart(analyst):
    receive(NEWEST - 1)
    receive(NEWEST - 1, edition=2, rows=60)
    batch = receive(NEWEST)
    withdraw = reverse("incidents:withdraw", args=[batch.key])
    analyst.post(withdraw, {"because": "The police will send it again.", "confirmed": "on"})
    cells = Page(analyst.get("/assess/evidence/").content.decode()).text("td")
    assert cells[:2] == ["60 sent again", "withdrawn"]
    shown = words(analyst.get("/assess/evidence/"))
    assert "Sent again: 50 rows became 60." in shown
    assert "Withdrawn: The police will send it again." in shown


def test_older_months_are_a_click_away(analyst):
    receive_months(30)
    first = analyst.get("/assess/evidence/")
    assert "?to=2021-10" in first.content.decode()
    older = Page(analyst.get("/assess/evidence/?to=2021-10").content.decode())
    months = "Nov Dec Jan Feb Mar Apr May Jun Jul Aug Sep Oct"
    assert " ".join(text[:3] for text in older.text("th")[1:13]) == months
    assert analyst.get("/assess/evidence/?to=never").status_code == 200


def test_a_batch_adds_up(analyst):
    batch = receive(rows=95, rejected=(rejected_row(7), rejected_row(9)), duplicates=3)
    shown = words(analyst.get(reverse("incidents:batch", args=[batch.key])))
    assert "100 rows read = 95 stored + 2 in quarantine + 3 twice in the file balances" in shown
    assert "95.0 % stored" in shown and "2 rows are in quarantine, for 1 reason" in shown
    assert "Position in the sea" in shown


def test_unusual_files_need_a_look(analyst):
    receive_months(12, last=NEWEST - 1)
    batch = receive(NEWEST, rows=900)
    shown = words(analyst.get(reverse("incidents:batch", args=[batch.key])))
    assert "Needs a look: rows in the file" in shown and "unusual" in shown


def test_every_look_into_quarantine_is_recorded(analyst):
    batch = receive(rejected=tuple(rejected_row(line, raw=f"row {line}") for line in range(2, 42)))
    before = AuditEntry.objects.count()
    page = analyst.get(reverse("incidents:quarantine", args=[batch.key]))
    assert "row 2" in words(page) and "row 30" not in words(page)
    assert AuditEntry.objects.count() == before + 1
    assert "row 30" in words(analyst.get(reverse("incidents:quarantine", args=[batch.key]) + "?page=2"))
    assert AuditEntry.objects.count() == before + 2


def test_who_may_not_see_rows_is_shown_no_way_to_them(as_role, partnership):
    batch = receive(rejected=(rejected_row(7),))
    manager = as_role(Role.MANAGER)
    assert "See rows" not in words(manager.get(reverse("incidents:batch", args=[batch.key])))
    assert manager.get(reverse("incidents:quarantine", args=[batch.key])).status_code == 404
    assert "Add a file" not in words(manager.get("/assess/evidence/"))


def street_file(name: str = "2022-10-leicestershire-street.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([HEADER, *street_rows("2022-10", 40)]).encode())


@pytest.mark.django_db(transaction=True)
def test_a_file_becomes_work_with_a_page_and_then_a_batch(as_role, partnership):
    from frankpledge.foundation.jobs.worker import Worker
    from frankpledge.server.worker import register_work

    analyst = as_role(Role.ANALYST)
    answer = analyst.post("/assess/evidence/add/", {"file": street_file()})
    job = Job.objects.get()
    assert answer["Location"] == reverse("jobs:job", args=[job.pk])
    waiting = check_page(analyst.get(answer["Location"]).content.decode())
    assert waiting.text("h1") == ["Reading your file"]
    assert [meta for meta in waiting.all("meta") if meta.get("http-equiv") == "refresh"]
    assert "Reading your file" in words(analyst.get("/"))
    register_work()
    Worker("tests").work_once(job.name)
    done = analyst.get(answer["Location"])
    assert "40 rows read = 36 stored + 4 in quarantine" in words(done)
    batch = selectors.batches().get()
    assert batch.key in done.content.decode() and batch.received_by_name in words(done)
    assert 'http-equiv="refresh"' not in done.content.decode()


def test_a_page_that_asks_again_gets_only_what_changed(analyst):
    analyst.post("/assess/evidence/add/", {"file": street_file()})
    job = Job.objects.get()
    part = analyst.get(reverse("jobs:job", args=[job.pk]), headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="work" hx-get=')
    assert "HX-Request" in part["Vary"]


def test_work_can_be_stopped_before_it_begins(analyst):
    analyst.post("/assess/evidence/add/", {"file": street_file()})
    job = Job.objects.get()
    answer = analyst.post(reverse("jobs:stop", args=[job.pk]), follow=True)
    assert "stopped" in words(answer)
    again = analyst.post(reverse("jobs:stop", args=[job.pk]), follow=True)
    assert "already ended" in words(again)


def test_other_peoples_work_is_not_there(analyst, as_role):
    analyst.post("/assess/evidence/add/", {"file": street_file()})
    job = Job.objects.get()
    assert as_role(Role.ANALYST).get(reverse("jobs:job", args=[job.pk])).status_code == 404
    assert analyst.get(reverse("jobs:job", args=[job.pk + 1])).status_code == 404


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "Choose a file first."),
        (SimpleUploadedFile("empty.csv", b""), "That file is empty."),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_in_one_sentence(analyst, file, sentence):
    answer = analyst.post("/assess/evidence/add/", {"file": file} if file else {})
    page = check_page(answer.content.decode())
    assert answer.status_code == 422
    assert sentence in page.text("main")[0] and page.text("title")[0].startswith("Error:")
    assert not Job.objects.exists()


def zip_bomb() -> bytes:
    """A small archive whose one member says it is a crime file and unpacks to a thousand times its size of nothing."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2022-10/2022-10-leicestershire-street.csv", bytes(200 * 2**20))
    return packed.getvalue()


NOT_POLICE_DATA = {
    "2022-10-a.csv": (lambda: b"<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n", "web page"),
    "2022-10-b.csv": (lambda: "\n".join([HEADER, *street_rows("2022-10", 5)]).encode("utf-16"), "UTF-16"),
    "2022-10-c.csv": (lambda: b"\n", "empty"),
    "2022-10-d.zip": (zip_bomb, "unpack"),
    "2022-10-e.gz": (lambda: gzip.compress(HEADER.encode() * 500)[:60], "cut short"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", NOT_POLICE_DATA)
def test_what_is_not_police_data_ends_in_one_sentence_on_its_page_and_leaves_nothing(as_role, partnership, name):
    make, says = NOT_POLICE_DATA[name]
    said = read_to_the_end(as_role(Role.ANALYST), SimpleUploadedFile(name, make()))
    assert says in said and name in said, said
    assert said.count(name) == 2 and "Traceback" not in said  # on the page, and in the steps that open below it
    assert not selectors.batches().exists()
    assert not list(settings.DATA_DIR.rglob("*.parquet"))


@pytest.mark.django_db(transaction=True)
def test_a_month_sent_again_shows_what_would_change_and_asks_before_it_is_replaced(as_role, partnership):
    analyst = as_role(Role.ANALYST)
    read_to_the_end(analyst, street_file())
    assert "waits for you" in read_to_the_end(analyst, newer_edition())
    assert [batch.rows_read for batch in selectors.batches()] == [40]
    question = reverse("incidents:upload_question", args=[Upload.objects.latest("pk").pk])
    shown = words(analyst.get(question))
    assert "1 file was sent again" in shown and "It held 36 rows and would hold 54." in shown
    assert as_role(Role.ANALYST).get(question).status_code == 404
    said = words(analyst.get(work_done(analyst.post(question, {"answer": "yes"})["Location"])))
    assert "newer edition" in said
    assert [batch.rows_read for batch in selectors.batches() if batch.state == "current"] == [60]
    assert analyst.get(question).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_newer_edition_can_be_turned_down_and_its_bytes_are_erased(as_role, partnership):
    analyst = as_role(Role.ANALYST)
    read_to_the_end(analyst, street_file())
    read_to_the_end(analyst, newer_edition())
    upload = Upload.objects.latest("pk")
    assert selectors.upload_path(upload).exists()
    analyst.post(reverse("incidents:upload_question", args=[upload.pk]), {"answer": "no"})
    assert not selectors.upload_path(upload).exists()
    assert [batch.rows_read for batch in selectors.batches()] == [40]


def newer_edition() -> SimpleUploadedFile:
    rows = "\n".join([HEADER, *street_rows("2022-10", 60, edition=2)])
    return SimpleUploadedFile("2022-10-leicestershire-street.csv", rows.encode())


def work_done(page: str) -> str:
    """Do the newest work; returns the address of its page."""
    from frankpledge.foundation.jobs.worker import Worker
    from frankpledge.server.worker import register_work

    register_work()
    Worker("tests").work_once(Job.objects.latest("pk").name)
    return page


def read_to_the_end(browser, file: SimpleUploadedFile) -> str:
    """Send a file, let the work be done, and read the page about it."""
    return words(browser.get(work_done(browser.post("/assess/evidence/add/", {"file": file})["Location"])))


def test_a_file_larger_than_allowed_is_refused_before_it_is_read(analyst, settings):
    settings.UPLOAD_LIMIT_BYTES = 1_000
    answer = analyst.post("/assess/evidence/add/", {"file": street_file()})
    assert "larger than 1000\xa0bytes" in answer.content.decode()
    assert not Job.objects.exists()


def test_withdrawing_is_asked_twice_and_needs_a_reason(analyst):
    batch = receive()
    address = reverse("incidents:withdraw", args=[batch.key])
    assert "Say why" in words(analyst.post(address, {"because": " "}))
    assert "Say a little more" in words(analyst.post(address, {"because": "oops"}))
    sure = analyst.post(address, {"because": "The agreement has ended."})
    assert "Are you sure?" in words(sure) and "50 rows will leave every figure" in words(sure)
    assert selectors.find_batch(batch.key).is_current
    done = analyst.post(address, {"because": "The agreement has ended.", "confirmed": "on"}, follow=True)
    assert "The batch is withdrawn." in words(done)
    assert "The agreement has ended." in words(done)
    assert not selectors.find_batch(batch.key).is_current
    assert analyst.get(address)["Location"] == reverse("incidents:batch", args=[batch.key])


def test_who_may_not_withdraw_finds_no_button_and_no_page(as_role, partnership):
    batch = receive()
    coordinator = as_role(Role.COORDINATOR)
    assert "Withdraw" not in words(coordinator.get(reverse("incidents:batch", args=[batch.key])))
    assert coordinator.post(reverse("incidents:withdraw", args=[batch.key]), {}).status_code == 404


def test_there_is_no_page_for_a_batch_that_never_was(analyst):
    assert analyst.get(reverse("incidents:batch", args=["police-uk-street.nowhere.2022-10.abcdef"])).status_code == 404
