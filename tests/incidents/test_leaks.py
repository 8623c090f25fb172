"""Tokens planted in every private column of every profile that ships, looked for everywhere they must not be."""

import csv
import io
import logging
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from frankpledge.foundation.agencies.vocabulary import AgencyKind, DataClass
from frankpledge.foundation.jobs.models import Job
from frankpledge.records.incidents import selectors, settling
from frankpledge.sources.profiles import Profile, shipped
from frankpledge.sources.profiles.profile import Column, Format, Role
from frankpledge.vocabulary.permissions import Role as PersonRole
from tests.incidents.test_access import agree
from tests.people import make_agency, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "Zqxtoken"
PRIVATE = [profile for profile in shipped().values() if profile.private and not profile.reader]
DATES = {
    Format.DAY_FIRST: "{day:02d}/09/2026",
    Format.ISO: "2026-09-{day:02d}",
    Format.DAY_FIRST_TIME: "{day:02d}/09/2026 14:30",
    Format.TIME: "14:30",
}


def cell(profile: Profile, column: Column, row: int) -> str:
    """A value that the column's reader accepts; a token where the column is private."""
    if column.private:
        return f"{TOKEN}{row} of {column.name}"
    if column.role is Role.TYPE:
        return next(iter(profile.codes or {"Burglary": ""}))
    if column.formats and column.formats[0] in DATES:
        return DATES[column.formats[0]].format(day=row % 28 + 1)
    values = {
        Role.REFERENCE: f"R{row:05d}",
        Role.EASTING: str(450_000 + row),
        Role.NORTHING: str(300_000 + row),
        Role.PREMISES: str(100_000_000 + row),
        Role.SMALL_AREA: "E01025600",
        Role.AREA: "E05000001",
        Role.WEIGHT: "1.0",
        Role.NAME: f"{TOKEN}-shown Arms",
        Role.ADDRESS: f"{row} {TOKEN}-shown Lane",
    }
    return values.get(column.role, "x") if column.role else "x"


def file_of(profile: Profile) -> SimpleUploadedFile:
    """Ten good rows, and rows with each kind of fault: a bad date, too many cells, an open quotation mark."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in profile.columns])
    rows = [[cell(profile, column, row) for column in profile.columns] for row in range(14)]
    dated = next(at for at, column in enumerate(profile.columns) if column.role in (Role.FROM_DATE, Role.MONTH))
    rows[10][dated] = "31/04/2026"
    rows[11].append("one too many")
    writer.writerows(rows[:12])
    open_quote = ",".join(rows[12]).replace(TOKEN, f'"{TOKEN}', 1)
    name = (
        (profile.period.called or f"{profile.name}.csv")
        .replace("PUBLISHER", "aldershire")
        .replace("YYYY-MM", "2026-09")
    )
    return SimpleUploadedFile(name, (text.getvalue() + open_quote + "\n").encode())


def texts_in_database() -> Iterator[tuple[str, str]]:
    """Every value of every table but those of the need-to-know rooms, as text."""
    for model in apps.get_models():
        if model._meta.app_label in ("people", "places"):
            continue
        for values in model._default_manager.values():
            yield model.__name__, str(values)


# The two rooms that private columns may go to: persons, and addresses that somebody must settle.
NEED_TO_KNOW = {"PersonRecord", "AddressQuestion"}


@pytest.mark.parametrize("profile", PRIVATE, ids=lambda profile: profile.name)
def test_what_is_private_leaves_no_trace_outside_its_room(profile, settings, tmp_path, caplog):
    settings.DATA_DIR = tmp_path / "data"
    if profile.sent_by in set(AgencyKind):
        sender = make_agency("Aldershire Agency", AgencyKind(profile.sent_by))
        if profile.sent_by != AgencyKind.COUNCIL:
            agree(sender, make_agency(), DataClass(profile.data_class))
    caplog.set_level(logging.DEBUG)
    analyst = signed_in(PersonRole.ANALYST)
    pages = [read_to_the_end(analyst, file_of(profile))]
    batch = selectors.batches().get()
    assert batch.rows_stored and batch.rows_quarantined, "the file must reach both the store and the quarantine"
    addresses = [
        reverse("incidents:evidence"),
        reverse("incidents:batch", args=[batch.key]),
        reverse("incidents:quarantine", args=[batch.key]),
        *(reverse("incidents:settle_row", args=[batch.key, row.pk]) for row in settling.rows_to_settle(batch)),
    ]
    for role in (PersonRole.ANALYST, PersonRole.COORDINATOR, PersonRole.MANAGER, PersonRole.REPRESENTATIVE):
        browser = signed_in(role)
        pages += [browser.get(address).content.decode() for address in addresses]
    found = {name for name, text in texts_in_database() if any(f"{TOKEN}{row} of" in text for row in range(14))}
    assert found <= NEED_TO_KNOW, f"in the tables {found}"
    assert not [page for page in pages if any(f"{TOKEN}{row} of" in page for row in range(14))]
    assert TOKEN not in caplog.text
    for path in settings.DATA_DIR.rglob("*"):
        if path.is_file():
            assert TOKEN.encode() not in path.read_bytes(), path
    for entry in selectors.current_files(shape=None):
        assert TOKEN not in str(selectors.store().read(entry.path.name).to_pylist())


def read_to_the_end(browser, file: SimpleUploadedFile) -> str:
    from frankpledge.foundation.jobs.worker import Worker
    from frankpledge.server.worker import register_work

    page = browser.post("/assess/evidence/add/", {"file": file})["Location"]
    register_work()
    Worker("tests").work_once(Job.objects.latest("pk").name)
    return browser.get(page).content.decode()
