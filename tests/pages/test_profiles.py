"""An unknown file: its columns are proposed, put right by a person, tried, saved, and known next time."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.records.incidents import selectors
from frankpledge.records.incidents.models import SourceProfile, Upload
from frankpledge.sources.profiles import Profile
from frankpledge.vocabulary.permissions import Role
from tests.pages.html import check_page
from tests.pages.test_evidence import read_to_the_end, words, work_done

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = "Complaint ref,Complainant,Logged on,Type of nuisance,Eastings,Northings"
LINES = [
    f"N{number:04d},Mrs Zyxw{number},{1 + number % 28:02d}/09/2026,{'Noise nuisance' if number % 3 else 'Barking'},"
    f"{450_000 + number},{300_000 + number}"
    for number in range(60)
]


def unknown_file(lines=LINES) -> SimpleUploadedFile:
    return SimpleUploadedFile("noise 2026-09.csv", "\n".join([HEADER, *lines]).encode())


SAID = {
    "label": "Noise complaints",
    "publisher_name": "Aldercombe District Council",
    "sent_by": "council",
    "data_class": "anti-social behaviour records",
}


def posted(proposed: dict[str, str], **more: str) -> dict[str, str]:
    return {**proposed, **SAID, **more}


@pytest.fixture
def asked(as_role, partnership):
    analyst = as_role(Role.ANALYST)
    said = read_to_the_end(analyst, unknown_file())
    assert "This file is new to us" in said
    return analyst, reverse("incidents:mapping", args=[Upload.objects.get().pk])


def proposed_values(content: str) -> dict[str, str]:
    """The chosen value of every field of the mapping form, read as a browser would."""
    from html.parser import HTMLParser

    class Form(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.sent: dict[str, str] = {}
            self.select = ""

        def handle_starttag(self, tag, attrs):
            about = dict(attrs)
            if tag == "input" and about.get("type") != "hidden" and "name" in about:
                self.sent[about["name"]] = about.get("value", "")
            elif tag == "select":
                self.select = about["name"]
            elif tag == "option" and ("selected" in about or self.select not in self.sent):
                self.sent[self.select] = about.get("value", "")

    form = Form()
    form.feed(content)
    return form.sent


def test_a_new_file_is_mapped_tried_saved_imported_and_known_next_time(asked):
    analyst, there = asked
    page = analyst.get(there)
    check_page(page.content.decode())
    shown = words(page)
    assert "6 columns" in shown and "Its values are dates" in shown
    assert "Zyxw" not in page.content.decode()
    sent = proposed_values(page.content.decode())
    tried = analyst.post(there, posted(sent, every_row="anti-social-behaviour", action="preview"))
    check_page(tried.content.decode())
    assert "60 rows read = 60 stored + 0 in quarantine" in words(tried)
    assert "Save the profile and import" in words(tried) and not SourceProfile.objects.exists()
    assert "Zyxw" not in tried.content.decode()
    done = analyst.post(there, posted(sent, every_row="anti-social-behaviour", action="save"))
    assert "60 rows read = 60 stored" in words(analyst.get(work_done(done["Location"])))
    kept = SourceProfile.objects.get()
    assert (kept.name, kept.version) == ("noise-complaints", 1)
    assert AuditEntry.objects.filter(what__startswith="saved source profile").count() == 1
    batch = selectors.batches().get()
    assert (batch.source, batch.profile, batch.data_class) == (
        "noise-complaints",
        "noise-complaints 1",
        "anti-social behaviour records",
    )
    again = unknown_file([line.replace("/09/2026", "/10/2026") for line in LINES])
    assert "60 rows read = 60 stored" in read_to_the_end(analyst, again)
    assert selectors.batches().count() == 2


def test_what_is_missing_is_told_and_nothing_is_saved(asked):
    analyst, there = asked
    sent = proposed_values(analyst.get(there).content.decode())
    no_class = analyst.post(there, {**sent, **SAID, "data_class": "", "action": "save"})
    assert no_class.status_code == 422 and "which class of data" in words(no_class)
    nothing = {name: "" for name in sent if name.startswith(("what_", "code_"))}
    no_dates = analyst.post(there, posted({**sent, **nothing}, action="preview"))
    assert no_dates.status_code == 422 and "says nowhere" in words(no_dates)
    assert not SourceProfile.objects.exists() and not selectors.batches().exists()


def test_what_would_be_set_aside_is_shown_before_it_is(asked):
    analyst, there = asked
    sent = proposed_values(analyst.get(there).content.decode())
    barking = {name: "" for name in sent if name.startswith("code_")}
    barking |= {"code_0": "anti-social-behaviour"}
    tried = words(analyst.post(there, posted({**sent, **barking}, action="preview")))
    assert "60 rows read = 40 stored + 20 in quarantine" in tried and "Line 2:" in tried


def test_only_the_sender_sees_the_file_and_it_can_be_dropped(asked, as_role):
    analyst, there = asked
    assert as_role(Role.ANALYST).get(there).status_code == 404
    assert as_role(Role.COORDINATOR).get(there).status_code == 404
    upload = Upload.objects.get()
    analyst.post(there, {"action": "drop"})
    assert not selectors.upload_path(upload).exists()
    assert analyst.get(there).status_code == 404


def test_somebody_who_may_not_save_profiles_is_told_the_file_is_unknown(as_role, partnership):
    said = read_to_the_end(as_role(Role.COORDINATOR), unknown_file())
    assert "new to us" not in said and not Upload.objects.filter(state="asking").exists()


def test_profiles_are_listed_shown_and_taken_along(as_role, partnership):
    manager = as_role(Role.MANAGER)
    assert "that come with the software" in words(manager.get(reverse("incidents:profiles")))
    page = manager.get(reverse("incidents:profile", args=["police-recorded-crime"]))
    check_page(page.content.decode())
    assert "never reach the store" in words(page)
    plain = manager.get(reverse("incidents:profile_file", args=["police-recorded-crime", 1, "profile"]))
    assert Profile.from_dict(json.loads(plain.content)).name == "police-recorded-crime"
    schema = manager.get(reverse("incidents:profile_file", args=["police-recorded-crime", 1, "table-schema"]))
    assert json.loads(schema.content)["fields"]
    assert manager.get(reverse("incidents:profile", args=["nothing-such"])).status_code == 404
    assert as_role(Role.CREW).get(reverse("incidents:profiles")).status_code == 404
