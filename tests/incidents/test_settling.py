"""Quarantine settled: corrected, released, refused, singly and by reason; sum, store and audit stay true."""

import pytest

from frankpledge.evidence import queries
from frankpledge.foundation.agencies.vocabulary import AgencyKind, DataClass
from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.records.incidents import selectors, services, settling
from frankpledge.records.incidents.models import QuarantinedRow
from frankpledge.vocabulary.deliveries import RowFault
from frankpledge.vocabulary.errors import NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from frankpledge.workflows.import_incidents import import_paths
from tests.incidents.deliveries import delivery, rejected_row
from tests.incidents.police_files import street_rows, write_lines, write_street_file
from tests.incidents.test_access import agree, person_of
from tests.people import TESTS, make_agency

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def batch(tmp_path):
    """Forty rows of which four lie in the sea."""
    import_paths([write_street_file(tmp_path, "2022-10", 40)], by=TESTS)
    return selectors.batches().get()


def waiting(batch):
    return settling.rows_to_settle(batch)


def stored_lines(batch):
    entry = next(entry for entry in selectors.current_files() if entry.batch_key == batch.key)
    return set(selectors.store().read(entry.path.name)["line"].to_pylist())


def test_a_corrected_row_joins_its_batch_and_the_sum_stays_true(batch):
    row, version, file = waiting(batch)[0], selectors.store_version(), batch.stored_file
    before = (selectors.store().root / file).read_bytes()
    done = settling.release_rows(
        batch=batch, rows=[row], changes={row.pk: {"Longitude": "-1.13", "Latitude": "52.63"}}, by=TESTS
    )
    assert (done.released, done.still) == (1, ())
    batch.refresh_from_db()
    assert (batch.rows_stored, batch.rows_quarantined, batch.balance.holds) == (37, 3, True)
    assert row.line in stored_lines(batch) and len(stored_lines(batch)) == 37
    assert selectors.store_version() != version and batch.stored_file != file
    assert (selectors.store().root / file).read_bytes() == before
    counted = selectors.engine().run(queries.counts_by_type(), files=[e.path for e in selectors.current_files()])
    assert sum(counted["n"].to_pylist()) == 37
    assert batch.quality["rows"] == 37 and batch.quality["quarantine"] == {RowFault.POSITION_IN_THE_SEA: 3}
    entry = AuditEntry.objects.order_by("-pk").first()
    assert entry.what == "released 1 quarantined row" and entry.details["columns"] == ["Latitude", "Longitude"]
    assert "-1.13" not in str(entry.details)


def test_a_row_that_still_cannot_be_used_stays_with_its_reason(batch):
    row = waiting(batch)[0]
    done = settling.release_rows(batch=batch, rows=[row], changes={}, by=TESTS)
    assert done.released == 0 and "line" not in done.still[0][1] and done.still[0][0] == row.line
    row.refresh_from_db()
    assert row.state == "waiting"


def test_all_rows_of_a_reason_are_corrected_at_once(batch):
    rows = settling.rows_to_settle(batch, fault=RowFault.POSITION_IN_THE_SEA)
    changes = {row.pk: {"Longitude": "", "Latitude": ""} for row in rows}
    assert settling.release_rows(batch=batch, rows=rows, changes=changes, by=TESTS).released == 4
    batch.refresh_from_db()
    assert (batch.rows_stored, batch.rows_quarantined) == (40, 0)
    assert selectors.quarantine_summary(batch) == []


def test_a_row_of_another_month_or_sender_is_not_smuggled_in(batch):
    row = waiting(batch)[0]
    for column, text in (("Month", "2022-11"), ("Reported by", "Kent Police")):
        there = {column: text, "Longitude": "-1.13", "Latitude": "52.63", "Falls within": "Kent Police"}
        done = settling.release_rows(batch=batch, rows=[row], changes={row.pk: there}, by=TESTS)
        assert done.released == 0 and done.still


def test_a_refused_row_is_counted_apart_and_names_its_reason(batch):
    rows = waiting(batch)[:3]
    assert settling.refuse_rows(batch=batch, rows=rows, because="Ferry incidents, not ours.", by=TESTS) == 3
    batch.refresh_from_db()
    assert (batch.rows_quarantined, batch.rows_refused, batch.balance.holds) == (1, 3, True)
    with pytest.raises(RuleBroken, match="settled already"):
        settling.refuse_rows(batch=batch, rows=rows, because="Again.", by=TESTS)
    with pytest.raises(RuleBroken, match="Say why"):
        settling.refuse_rows(batch=batch, rows=waiting(batch), because=" ", by=TESTS)


def test_released_rows_are_still_there_when_a_withdrawn_batch_comes_back(batch, tmp_path):
    rows = waiting(batch)
    settling.release_rows(
        batch=batch, rows=rows, changes={row.pk: {"Longitude": "", "Latitude": ""} for row in rows}, by=TESTS
    )
    batch.refresh_from_db()
    version = selectors.store_version()
    services.withdraw_batch(batch, because="To be sent again.", by=TESTS)
    (selectors.store().root / batch.stored_file).unlink()
    import_paths([tmp_path], by=TESTS)
    batch.refresh_from_db()
    assert batch.is_current and len(stored_lines(batch)) == 40 == batch.rows_stored
    assert selectors.store_version() == version


def test_rows_of_a_batch_out_of_use_are_not_released(batch):
    rows = waiting(batch)
    services.withdraw_batch(batch, because="To be sent again.", by=TESTS)
    batch.refresh_from_db()
    with pytest.raises(RuleBroken, match="withdrawn"):
        settling.release_rows(batch=batch, rows=rows, by=TESTS)


def test_a_line_that_does_not_fall_into_columns_can_only_be_refused(tmp_path):
    lines = street_rows("2022-10", 12, in_the_sea=False)
    lines[3] = lines[3] + ",one,too,many"
    import_paths([write_lines(tmp_path / "2022-10-leicestershire-street.csv", lines)], by=TESTS)
    batch = selectors.batches().get()
    done = settling.release_rows(batch=batch, rows=waiting(batch), by=TESTS)
    assert done.released == 0 and "refuse it" in done.still[0][1]


def test_nobody_looks_into_or_settles_the_quarantine_of_another_agency():
    police = make_agency("Aldershire Police", AgencyKind.POLICE)
    council = make_agency()
    batch = services.accept_delivery(delivery(source="police-extract", rejected=(rejected_row(7),)), by=TESTS).batch
    assert batch.owner_name == "Aldershire Police"
    own, other = person_of(police, Role.ANALYST), person_of(council, Role.ANALYST)
    assert len(selectors.quarantine_for(batch, for_user=own)) == 1
    with pytest.raises(NotPermitted):
        selectors.quarantine_for(batch, for_user=other)
    with pytest.raises(NotPermitted):
        settling.refuse_rows(batch=batch, rows=waiting(batch), because="Not ours.", by=other.actor)
    agree(police, council, DataClass.FIRE)
    with pytest.raises(NotPermitted):
        selectors.quarantine_for(batch, for_user=other)
    agree(police, council, DataClass.CRIME, reference="A/2")
    assert len(selectors.quarantine_for(batch, for_user=other)) == 1


def test_whose_records_a_batch_holds_is_settled_when_the_agency_is_known_later():
    batch = services.accept_delivery(delivery(source="police-extract", rejected=(rejected_row(7),)), by=TESTS).batch
    police = make_agency("Brackenshire Constabulary", AgencyKind.POLICE)
    analyst = person_of(make_agency(), Role.ANALYST)
    assert batch.owner_id is None
    with pytest.raises(NotPermitted):
        selectors.quarantine_for(batch, for_user=analyst)
    assert selectors.quarantine_for(batch, for_user=person_of(police, Role.ANALYST))


def test_a_file_of_another_agency_is_refused_in_one_sentence_unless_an_agreement_lets_it_in():
    police, council = make_agency("Aldershire Police", AgencyKind.POLICE), make_agency()
    analyst = person_of(council, Role.ANALYST)
    with pytest.raises(RuleBroken, match="of Aldershire Police, and no sharing agreement lets your agency"):
        services.accept_delivery(delivery(source="police-extract"), by=analyst.actor)
    assert not selectors.batches().exists() and not QuarantinedRow.objects.exists()
    agree(police, council, DataClass.CRIME)
    assert services.accept_delivery(delivery(source="police-extract"), by=analyst.actor).batch.owner_id == police.pk
    assert services.accept_delivery(delivery(), by=person_of(council, Role.ANALYST).actor).batch.owner_id is None
