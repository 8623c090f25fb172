"""Several people import at the same moment. The catalogue ends as if one had come after the other."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from frankpledge.records.incidents import selectors, services
from frankpledge.records.incidents.models import Batch
from frankpledge.records.incidents.vocabulary import BatchState, OutcomeOfDelivery
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.periods import Month
from tests.incidents.deliveries import delivery, rejected_row
from tests.incidents.state import check_whole

BY = Actor.command_line("tester")
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(deliveries):
    """Accept all in threads of their own; the outcomes, a refusal being its sentence."""

    def accept(one):
        try:
            services.sweep_store()
            return services.accept_delivery(one, by=BY).outcome
        except RuleBroken as refused:
            return refused.sentence
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deliveries)) as pool:
        return list(pool.map(accept, deliveries))


def test_the_same_delivery_many_times_at_once_is_stored_once():
    outcomes = at_once([delivery(rejected=(rejected_row(3),)) for _ in range(8)])
    assert sorted(outcomes) == sorted([OutcomeOfDelivery.STORED, *[OutcomeOfDelivery.ALREADY_HERE] * 7])
    assert Batch.objects.count() == 1
    check_whole()


def test_of_several_editions_at_once_exactly_one_is_current():
    at_once([delivery(edition=number % 4) for number in range(8)])
    assert Batch.objects.filter(state=BatchState.CURRENT).count() == 1
    assert Batch.objects.count() == 4
    check_whole()


def test_of_overlapping_periods_at_once_only_one_is_taken():
    spans = [(Month(2022, 1), Month(2022, 3)), (Month(2022, 2), Month(2022, 4)), (Month(2022, 3), Month(2022, 5))]
    outcomes = at_once([delivery(first, last=last) for first, last in spans])
    assert outcomes.count(OutcomeOfDelivery.STORED) == 1
    assert len(selectors.current_files()) == 1
    services.sweep_store()
    assert len(list(selectors.store().root.glob("*.parquet"))) == 1
    check_whole()


def test_a_delivery_is_not_accepted_inside_somebody_elses_transaction():
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        services.accept_delivery(delivery(), by=BY)
