"""What people are told about the evidence: the grid, the sums, the quality, the quarantine. In few queries."""

import pytest

from frankpledge.evidence import queries
from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.records.incidents import selectors, services
from frankpledge.records.incidents.vocabulary import BatchState, CellState, Verdict
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.deliveries import Balance, RowFault
from frankpledge.vocabulary.errors import NotPermitted
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.permissions import Role
from tests.incidents.deliveries import OCTOBER, delivery, rejected_row

pytestmark = pytest.mark.django_db
BY = Actor.command_line("tester")


def accept(*args, **kwargs):
    return services.accept_delivery(delivery(*args, **kwargs), by=BY).batch


@pytest.fixture
def year():
    """January to December 2021 without June; July withdrawn; August sent again."""
    batches = {month: accept(Month(2021, month)) for month in range(1, 13) if month != 6}
    services.withdraw_batch(batches[7], because="Sent by mistake", by=BY)
    batches[8] = accept(Month(2021, 8), edition=2, rows=70)
    return batches


def test_the_grid_tells_in_missing_withdrawn_and_sent_again(year, django_assert_num_queries):
    accept(Month(2022, 2), publisher="boroughshire", rejected=(rejected_row(3),))
    with django_assert_num_queries(1):
        grid = selectors.evidence_grid()
    assert grid.months[0] == Month(2021, 1)
    assert grid.months[-1] == Month(2022, 2)
    aldershire, boroughshire = grid.rows
    states = {cell.month.month: cell.state for cell in aldershire.cells if cell.month.year == 2021}
    assert states[6] is CellState.MISSING
    assert states[7] is CellState.WITHDRAWN
    assert states[8] is CellState.IN
    assert aldershire.cells[7].sent_again
    assert aldershire.cells[7].rows == 70
    assert not aldershire.cells[8].sent_again
    assert aldershire.cells[-1].state is CellState.OUTSIDE
    assert boroughshire.cells[-1].quarantined == 1
    assert grid.count(CellState.MISSING) == 1


def test_the_grid_of_an_empty_store_is_empty():
    assert selectors.evidence_grid().rows == ()
    assert selectors.store_version()
    assert selectors.balance() == Balance()
    assert selectors.sources_present() == []


def test_a_batch_of_several_months_fills_several_cells_with_their_own_rows():
    accept(Month(2022, 1), last=Month(2022, 3))
    cells = selectors.evidence_grid().rows[0].cells
    assert [(cell.state, cell.rows) for cell in cells] == [(CellState.IN, 50), (CellState.IN, 0), (CellState.IN, 0)]


def test_the_grid_can_be_limited_to_some_months(year):
    grid = selectors.evidence_grid(span=MonthSpan(Month(2021, 6), Month(2021, 8)))
    assert [cell.state for cell in grid.rows[0].cells] == [CellState.MISSING, CellState.WITHDRAWN, CellState.IN]


def test_current_files_are_those_of_the_source_publisher_and_months_asked_for(year, django_assert_num_queries):
    accept(Month(2021, 3), publisher="boroughshire")
    with django_assert_num_queries(1):
        files = selectors.current_files("police-uk-street", {"aldershire"}, MonthSpan(Month(2021, 3), Month(2021, 9)))
    assert [entry.period.first.month for entry in files] == [3, 4, 5, 8, 9]
    assert all(entry.path.is_file() for entry in files)
    assert selectors.current_files("police-extract") == []


def test_the_engine_counts_what_the_catalogue_says_is_there(year, django_assert_num_queries):
    with django_assert_num_queries(1):
        files = [entry.path for entry in selectors.current_files()]
    counts = selectors.engine().run(queries.monthly_counts(), files=files)
    assert sum(counts["n"].to_pylist()) == selectors.balance().stored == 9 * 50 + 70


def test_months_present_are_those_that_count(year, django_assert_num_queries):
    with django_assert_num_queries(1):
        present = selectors.months_present("police-uk-street")
    assert present == {"aldershire": {Month(2021, month) for month in range(1, 13) if month not in (6, 7)}}


def test_the_store_version_is_one_query_and_says_whether_the_current_set_is_the_same(django_assert_num_queries):
    empty = selectors.store_version()
    first, second = accept(), accept(Month(2022, 11))
    both = selectors.store_version()
    with django_assert_num_queries(1):
        selectors.store_version()
    services.withdraw_batch(first, because="Sent by mistake", by=BY)
    services.withdraw_batch(second, because="Sent by mistake", by=BY)
    assert selectors.store_version() == empty
    accept(Month(2022, 11))
    accept()
    assert selectors.store_version() == both


def test_the_balance_is_over_what_is_current(django_assert_num_queries):
    accept(rejected=(rejected_row(3),), duplicates=4)
    accept(Month(2022, 11), edition=1)
    accept(Month(2022, 11), edition=2)
    with django_assert_num_queries(1):
        assert selectors.balance() == Balance(read=105, stored=100, quarantined=1, duplicates=4)


def test_sources_present_name_their_publishers_and_months(year, django_assert_num_queries):
    accept(Month(2022, 2), publisher="boroughshire")
    with django_assert_num_queries(1):
        (source,) = selectors.sources_present()
    assert source.label == "data.police.uk crime"
    assert source.publishers == (("aldershire", "Aldershire Police"), ("boroughshire", "Boroughshire Police"))
    assert source.period == MonthSpan(Month(2021, 1), Month(2022, 2))


def test_quality_says_how_complete_a_batch_is_and_stands_out_when_it_is_not(django_assert_num_queries):
    for month in range(1, 11):
        accept(Month(2021, month), rows=500)
    short = accept(Month(2021, 11), rows=200)
    usual = selectors.find_batch(selectors.current_files()[4].batch_key)
    with django_assert_num_queries(1):
        report = selectors.quality_report(short)
    assert [check.label for check in report.unusual][0] == "Rows in the file"
    assert "200, usually 450 to 550" in report.unusual[0].sentence()
    assert "Only the month of each event is known, so nothing here can speak of days or hours." in report.words
    assert selectors.quality_report(usual).checks[0].verdict is Verdict.AS_USUAL


def test_with_few_months_around_it_nothing_is_called_unusual():
    report = selectors.quality_report(accept())
    assert {check.verdict for check in report.checks} == {Verdict.NOTHING_TO_COMPARE}
    assert "Too few months" in report.checks[0].sentence()


def test_batches_are_listed_in_one_query_however_many(year, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(selectors.batches("police-uk-street", "aldershire")) == 12
    assert selectors.batches(state=BatchState.WITHDRAWN).get() == year[7]


def test_looking_at_quarantined_rows_is_recorded_and_only_for_those_who_may(person_with):
    rows = tuple(rejected_row(line) for line in range(3, 8)) + (rejected_row(9, RowFault.IMPOSSIBLE_MONTH),)
    batch = accept(rejected=rows)
    analyst, officer = person_with(Role.ANALYST), person_with(Role.OFFICER)
    seen = selectors.quarantine_for(batch, for_user=analyst, offset=1, limit=2)
    assert [row.line for row in seen] == [4, 5]
    entry = AuditEntry.objects.get(act="consultation")
    assert (entry.subject, entry.actor_key) == (f"incidents:{batch.key}", analyst.pk)
    assert [row.line for row in selectors.quarantine_for(batch, for_user=analyst, fault="impossible month")] == [9]
    with pytest.raises(NotPermitted):
        selectors.quarantine_for(batch, for_user=officer)
    assert AuditEntry.objects.filter(act="consultation").count() == 2


def test_if_the_look_cannot_be_recorded_no_row_is_shown(person_with, monkeypatch):
    batch = accept(rejected=(rejected_row(3),))

    def broken(**kwargs):
        raise OSError("no audit")

    monkeypatch.setattr(selectors.audit, "record", broken)
    with pytest.raises(OSError, match="no audit"):
        selectors.quarantine_for(batch, for_user=person_with(Role.ANALYST))


def test_an_analyst_may_add_and_withdraw_and_an_officer_may_not(person_with):
    analyst, officer = person_with(Role.ANALYST).actor, person_with(Role.OFFICER).actor
    with pytest.raises(NotPermitted):
        services.accept_delivery(delivery(), by=officer)
    batch = services.accept_delivery(delivery(), by=analyst).batch
    assert batch.received_by_id == analyst.id
    with pytest.raises(NotPermitted):
        services.withdraw_batch(batch, because="A reason", by=officer)
    services.withdraw_batch(batch, because="A reason", by=analyst)


def test_a_batch_is_known_by_its_period(year):
    assert selectors.find_batch("nothing") is None
    assert accept().period == MonthSpan(OCTOBER, OCTOBER)
