"""Settling quarantine on its pages, and the quarantine of another agency."""

import pytest
from django.urls import reverse

from frankpledge.foundation.agencies.vocabulary import AgencyKind
from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.records.incidents import selectors, settling
from frankpledge.vocabulary.permissions import Role
from frankpledge.workflows.import_incidents import import_paths
from tests.incidents.deliveries import rejected_row
from tests.incidents.police_files import write_street_file
from tests.pages.html import check_page
from tests.pages.made_up import receive
from tests.pages.test_evidence import words
from tests.people import TESTS, make_agency

pytestmark = pytest.mark.django_db(transaction=True)
SEA = "position in the sea"


@pytest.fixture
def batch(tmp_path, partnership):
    import_paths([write_street_file(tmp_path, "2022-10", 40)], by=TESTS)
    return selectors.batches().get()


def test_an_analyst_corrects_one_row_and_it_counts(as_role, batch):
    analyst, row = as_role(Role.ANALYST), settling.rows_to_settle(batch)[0]
    listed = analyst.get(reverse("incidents:quarantine", args=[batch.key]))
    there = reverse("incidents:settle_row", args=[batch.key, row.pk])
    assert there in listed.content.decode()
    form = check_page(analyst.get(there).content.decode())
    fields = {field["name"]: field.get("value", "") for field in form.all("input") if field["name"].startswith("cell_")}
    names = dict(zip(fields, batch.header, strict=True))
    still = analyst.post(there, {**fields, "action": "correct"})
    assert still.status_code == 422 and "It still cannot be used" in still.content.decode()
    fixed = {name: "" if names[name] in ("Longitude", "Latitude") else text for name, text in fields.items()}
    done = analyst.post(there, {**fixed, "action": "correct"}, follow=True)
    assert "The row has joined its batch" in done.content.decode()
    shown = words(analyst.get(reverse("incidents:batch", args=[batch.key])))
    assert "40 rows read = 37 stored + 3 in quarantine" in shown
    assert analyst.get(there).status_code == 302


def test_all_rows_of_a_reason_are_refused_with_a_reason(as_role, batch):
    analyst = as_role(Role.ANALYST)
    there = reverse("incidents:settle_reason", args=[batch.key]) + f"?reason={SEA}"
    assert "4 rows: position in the sea" in words(analyst.get(there))
    assert analyst.post(there, {"what": "refuse"}).status_code == 422
    assert analyst.post(there, {"what": "replace"}).status_code == 422
    done = analyst.post(there, {"what": "refuse", "because": "Ferry incidents."}, follow=True)
    assert "4 rows are refused" in done.content.decode() and "No row is waiting" in words(done)
    shown = words(analyst.get(reverse("incidents:batch", args=[batch.key])))
    assert "36 stored + 0 in quarantine + 4 refused" in shown and "No row is in quarantine" in shown


def test_one_column_is_changed_in_all_rows_of_a_reason(as_role, batch):
    analyst = as_role(Role.ANALYST)
    there = reverse("incidents:settle_reason", args=[batch.key]) + f"?reason={SEA}"
    answer = analyst.post(there, {"what": "replace", "column": "Longitude", "text": "-1.13"})
    assert "None of them can be used yet" in answer.content.decode()
    done = analyst.post(there, {"what": "replace", "column": "Latitude", "text": ""})
    assert done.status_code in (302, 422)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MANAGER, Role.REPRESENTATIVE, Role.OFFICER])
def test_others_find_no_way_to_settle(as_role, batch, role):
    row = settling.rows_to_settle(batch)[0]
    assert as_role(role).get(reverse("incidents:settle_row", args=[batch.key, row.pk])).status_code == 404


def test_the_quarantine_of_another_agency_looks_absent_and_the_try_is_recorded(as_role, partnership):
    make_agency("Aldershire Police", AgencyKind.POLICE)
    batch = receive(source="police-extract", rejected=(rejected_row(7, raw="Jane Roe,1 Mill Lane"),))
    analyst = as_role(Role.ANALYST)
    shown = analyst.get(reverse("incidents:batch", args=[batch.key]))
    assert "Belongs to" in words(shown) and "See rows" not in words(shown)
    row = settling.rows_to_settle(batch)[0]
    before = AuditEntry.objects.filter(act=Act.REFUSAL).count()
    for name, args in (("quarantine", [batch.key]), ("settle_row", [batch.key, row.pk])):
        answer = analyst.get(reverse(f"incidents:{name}", args=args))
        assert answer.status_code == 404 and "Jane Roe" not in answer.content.decode()
    there = reverse("incidents:settle_reason", args=[batch.key]) + f"?reason={SEA}"
    assert analyst.get(there).status_code == 404
    assert AuditEntry.objects.filter(act=Act.REFUSAL).count() == before + 3
