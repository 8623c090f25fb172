"""Computed indicators: worked out for the periods at hand, and anew only where the files behind them changed."""

import pytest

from frankpledge.records.indicators import selectors
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.questions import Question
from frankpledge.workflows.compute_figures import compute_figures
from tests.indicators.made_up import an_indicator
from tests.made_up_place import aldershire, data_folder, partnership

__all__ = ["aldershire", "data_folder", "partnership"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("aldershire")]
BY = Actor.system("tests")


def burglary(**changes: object) -> object:
    from tests.pages.made_up import DISTRICT

    told = {
        "area_code": DISTRICT,
        "area_name": "Aldershire",
        "aggregation": "sum",
        "question": Question(area=DISTRICT, crime_types=(CrimeType.BURGLARY,)).as_dict(),
        "measure": "rate per 1,000 households",
    }
    return an_indicator(**(told | changes))


def test_every_whole_quarter_at_hand_has_its_figure_and_nothing_is_done_twice() -> None:
    from tests.pages.made_up import receive_months

    receive_months(8, last=Month(2022, 10))  # March to October: two whole quarters
    indicator = burglary()
    done = compute_figures(by=BY)
    series = selectors.series(indicator.pk)  # type: ignore[attr-defined]
    assert [figure.short_period for figure in series] == ["Q1 2022/23", "Q2 2022/23"]
    assert all(len(figure.batches) == 3 and figure.denominator == 12_000 for figure in series)
    assert all(figure.interval_low <= figure.value <= figure.interval_high for figure in series)
    again = compute_figures(by=BY)
    assert (len(done.made), again.made, again.kept) == (2, [], 2)


def test_a_new_month_makes_only_the_quarter_it_completes() -> None:
    from tests.pages.made_up import receive_months

    receive_months(8, last=Month(2022, 10))
    burglary()
    compute_figures(by=BY)
    receive_months(2, last=Month(2022, 12))
    done = compute_figures(by=BY)
    assert (len(done.made), done.kept) == (1, 2)


def test_without_events_there_is_no_figure_and_the_reason_is_said() -> None:
    burglary()
    done = compute_figures(by=BY)
    assert not done.made
    assert "nothing to work it out from" in done.refused[0]


def test_a_file_that_came_in_has_figures_worked_out_once() -> None:
    from frankpledge.records.indicators.services import compute_after_import

    assert compute_after_import() is None
    burglary()
    assert compute_after_import() == compute_after_import()
