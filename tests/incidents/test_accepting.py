"""What a publisher's delivery does to the catalogue: new, again, corrected, overlapping, back after a withdrawal."""

import pytest
from django.db import IntegrityError, transaction

from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.records.incidents import selectors, services
from frankpledge.records.incidents.models import Batch
from frankpledge.records.incidents.vocabulary import BatchState, OutcomeOfDelivery
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.deliveries import Balance, RowFault
from frankpledge.vocabulary.errors import NotPermitted, RuleBroken
from frankpledge.vocabulary.periods import Month
from tests.incidents.deliveries import OCTOBER, delivery, rejected_row
from tests.incidents.state import check_whole, state_hash

pytestmark = pytest.mark.django_db
BY = Actor.command_line("tester")


def accept(*args, **kwargs):
    return services.accept_delivery(delivery(*args, **kwargs), by=BY)


def test_a_delivery_is_stored_and_balances():
    done = accept(rejected=(rejected_row(7),), duplicates=2)
    assert done.outcome is OutcomeOfDelivery.STORED
    assert done.batch.balance == Balance(read=53, stored=50, quarantined=1, duplicates=2)
    assert done.batch.key.startswith("police-uk-street.aldershire.2022-10.")
    assert selectors.find_batch(done.batch.key) == done.batch
    check_whole()


def test_the_same_content_again_under_another_name_changes_nothing():
    first = accept()
    before, version, entries = state_hash(), selectors.store_version(), AuditEntry.objects.count()
    again = accept(file="renamed.csv.gz")
    assert again.outcome is OutcomeOfDelivery.ALREADY_HERE
    assert again.batch == first.batch
    assert (state_hash(), selectors.store_version(), AuditEntry.objects.count()) == (before, version, entries)


def test_a_corrected_month_takes_the_place_of_the_earlier_and_both_stay_known():
    old = accept().batch
    version = selectors.store_version()
    new = accept(edition=2, rows=60)
    assert new.outcome is OutcomeOfDelivery.SUPERSEDED
    assert new.replaced == old
    old.refresh_from_db()
    assert (old.state, old.superseded_by) == (BatchState.SUPERSEDED, new.batch)
    assert [entry.batch_key for entry in selectors.current_files()] == [new.batch.key]
    assert selectors.editions_of(new.batch) == [new.batch, old]
    assert selectors.store_version() != version
    check_whole()


def test_an_earlier_edition_sent_once_more_comes_back():
    first = accept().batch
    version = selectors.store_version()
    second = accept(edition=2).batch
    back = accept()
    assert back.batch == first
    assert back.replaced == second
    assert selectors.store_version() == version
    check_whole()


def test_a_withdrawn_batch_is_in_no_figure_and_comes_back_when_sent_again():
    batch = accept().batch
    version = selectors.store_version()
    withdrawn = services.withdraw_batch(batch, because="  Sent by mistake. ", by=BY)
    assert withdrawn.withdrawn_because == "Sent by mistake."
    assert selectors.current_files() == []
    assert selectors.store_version() != version
    back = accept()
    assert (back.outcome, back.batch) == (OutcomeOfDelivery.CAME_BACK, batch)
    assert selectors.store_version() == version
    check_whole()


@pytest.mark.parametrize("because", ["", "   ", "x" * 2_001])
def test_a_withdrawal_needs_a_reason_of_reasonable_length(because):
    batch = accept().batch
    with pytest.raises(RuleBroken, match="Say why"):
        services.withdraw_batch(batch, because=because, by=BY)
    assert selectors.current_files()


def test_what_is_not_current_cannot_be_withdrawn():
    old = accept().batch
    accept(edition=2)
    with pytest.raises(RuleBroken, match="superseded already"):
        services.withdraw_batch(old, because="A reason", by=BY)


def test_months_that_overlap_only_in_part_are_refused_with_a_sentence():
    accept(Month(2022, 1), last=Month(2022, 3))
    before = state_hash()
    with pytest.raises(RuleBroken, match="already sent quarter to March 2022, which shares months"):
        accept(Month(2022, 3), last=Month(2022, 5))
    services.sweep_store()
    assert state_hash() == before


def test_other_publishers_and_sources_do_not_get_in_each_others_way():
    accept()
    accept(publisher="boroughshire")
    accept(source="police-extract", last=Month(2022, 12))
    assert len(selectors.current_files()) == 3


def test_a_month_without_a_usable_row_is_refused_rather_than_looking_like_a_month_without_crime():
    with pytest.raises(RuleBroken, match="None of the 1 rows of .* line 2: It lies in the sea. Nothing was kept"):
        accept(rows=0, rejected=(rejected_row(2),))
    with pytest.raises(RuleBroken, match="has no rows for October 2022"):
        accept(rows=0)
    assert not Batch.objects.exists()


def test_characters_a_database_cannot_keep_are_written_out_not_dropped():
    batch = accept(rejected=(rejected_row(3, raw="nul \x00 and \udcff"),), file="odd \udcff name.csv").batch
    assert batch.quarantine.get().raw == "nul \\x00 and \\udcff"
    assert batch.file == "odd \\udcff name.csv"


def test_a_very_long_file_name_keeps_its_end():
    batch = accept(file="folder/" * 80 + "2022-10-street.csv").batch
    assert batch.file.endswith("2022-10-street.csv")


def test_every_act_is_in_the_audit_trail_with_who_did_it():
    old = accept().batch
    new = accept(edition=2).batch
    services.withdraw_batch(new, because="Sent by mistake", by=BY)
    told = AuditEntry.objects.order_by("sequence").values_list("act", "subject", "actor_name")
    assert list(told) == [
        ("collection", f"incidents:{old.key}", "tester"),
        ("alteration", f"incidents:{old.key}", "tester"),
        ("collection", f"incidents:{new.key}", "tester"),
        ("alteration", f"incidents:{new.key}", "tester"),
    ]


def test_if_the_audit_entry_cannot_be_written_nothing_is_accepted(monkeypatch):
    def broken(**kwargs):
        raise OSError("no audit")

    monkeypatch.setattr(services.audit, "record", broken)
    with pytest.raises(OSError, match="no audit"):
        accept()
    assert not Batch.objects.exists()
    assert services.sweep_store()


def test_two_contents_whose_keys_would_be_equal_get_longer_ones():
    first = delivery()
    twin = delivery(edition=2)
    object.__setattr__(twin, "content_sha256", first.content_sha256[:6] + twin.content_sha256[6:])
    keys = [services.accept_delivery(one, by=BY).batch.key for one in (first, twin)]
    assert len(set(keys)) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"rows_stored": 51},
        {"state": BatchState.SUPERSEDED},
        {"state": BatchState.WITHDRAWN},
        {"state": "gone"},
        {"first_month": OCTOBER.first_day.replace(year=2023)},
    ],
)
def test_the_database_itself_refuses_what_cannot_be(change):
    batch = accept().batch
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(**change)


def test_the_database_itself_refuses_a_second_current_batch():
    accept()
    old = Batch.objects.get()
    accept(edition=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=old.pk).update(state=BatchState.CURRENT, superseded_by=None)


def test_a_visitor_adds_nothing():
    with pytest.raises(NotPermitted):
        services.accept_delivery(delivery(), by=Actor.visitor())


def test_a_person_who_is_not_known_adds_nothing():
    with pytest.raises(NotPermitted):
        services.accept_delivery(delivery(), by=Actor.person(999_999, "Nobody"))


def test_a_delivery_that_contradicts_itself_is_a_bug_and_says_so():
    wrong = delivery()
    object.__setattr__(wrong, "duplicates", 3)
    with pytest.raises(ValueError, match="its balance says"):
        services.accept_delivery(wrong, by=BY)
    odd = delivery(publisher="../../etc")
    with pytest.raises(ValueError, match="cannot stand in a batch key"):
        services.accept_delivery(odd, by=BY)


def test_a_file_damaged_while_its_batch_was_withdrawn_is_written_again_when_it_comes_back():
    batch = accept().batch
    services.withdraw_batch(batch, because="Sent by mistake", by=BY)
    selectors.store().path(batch.stored_file).write_bytes(b"damaged")
    accept()
    check_whole()


def test_quarantine_reasons_are_counted_by_the_fault():
    rows = (rejected_row(3), rejected_row(4), rejected_row(5, RowFault.IMPOSSIBLE_MONTH))
    batch = accept(rejected=rows).batch
    assert [(reason.fault, reason.rows, reason.first_line) for reason in selectors.quarantine_summary(batch)] == [
        ("position in the sea", 2, 3),
        ("impossible month", 1, 5),
    ]
