"""One number with what it rests on: the same as counted by hand, refused where the data cannot bear it."""

from dataclasses import replace

import pyarrow as pa
import pytest

from frankpledge.oversight.exploring import selectors
from frankpledge.records.incidents import services as incidents
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from frankpledge.vocabulary.figures import Completeness
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.questions import Measure, Question
from tests.exploring.made_up import receive_extract
from tests.incidents.deliveries import delivery
from tests.pages.made_up import BY, NEWEST, WARDS, receive, receive_months

BURGLARY = Question(crime_types=(CrimeType.BURGLARY,))
IN_EXTRACT = Question(crime_types=(CrimeType.BURGLARY,), source="police-extract")


def test_a_count_and_a_rate_agree_and_name_their_batches(aldershire):
    batches = receive_months(12)
    count = selectors.answer(BURGLARY, Measure.COUNT)
    rate = selectors.answer(BURGLARY, Measure.RATE_PER_1000_HOUSEHOLDS)
    assert count.value == rate.numerator == count.n > 0
    assert rate.denominator == 20 * 600 and rate.value == pytest.approx(1000 * count.value / 12_000)
    assert rate.denominator_edition == "census-2021" and rate.interval[0] < rate.value < rate.interval[1]
    assert set(count.batches) == {batch.key for batch in batches}
    assert count.period == MonthSpan(NEWEST - 11, NEWEST) and count.completeness is Completeness.COMPLETE


def test_wards_add_up_to_their_district(aldershire):
    receive_months(3)
    whole = selectors.answer(BURGLARY, Measure.COUNT).value
    parts = [selectors.answer(Question(area=ward, crime_types=BURGLARY.crime_types), Measure.COUNT) for ward in WARDS]
    assert sum(part.value for part in parts) == whole


def test_a_missing_month_makes_it_at_least(aldershire):
    receive(NEWEST)
    receive(NEWEST - 2)
    assert selectors.answer(BURGLARY, Measure.COUNT).completeness is Completeness.AT_LEAST


def test_a_month_that_lost_its_positions_makes_it_at_least(aldershire):
    """March 2020 of Harborough: the file is there, hardly any crime in it has a place, and it was no quiet month."""
    lost = NEWEST - 2
    for back in range(5):
        made = delivery(NEWEST - back, rows=200)
        if NEWEST - back == lost:
            nowhere = pa.nulls(made.events.num_rows, made.events.schema.field("small_area").type)
            at = made.events.schema.get_field_index("small_area")
            made = replace(made, events=made.events.set_column(at, made.events.schema.field("small_area"), nowhere))
        incidents.accept_delivery(made, by=BY)
    for measure in (Measure.COUNT, Measure.RATE_PER_1000_HOUSEHOLDS):
        assert selectors.answer(replace(BURGLARY, first=lost), measure).completeness is Completeness.AT_LEAST
        assert selectors.answer(replace(BURGLARY, first=lost + 1), measure).completeness is Completeness.COMPLETE


def test_a_share_at_premises_hit_before(aldershire):
    receive_extract(2)
    answer = selectors.answer(IN_EXTRACT, Measure.REPEAT_SHARE)
    assert "72 burglaries whose home and day are known" in answer.sentence
    assert answer.denominator == 72 and answer.numerator == pytest.approx(72 - 27, abs=3)
    assert answer.value == pytest.approx(100 * answer.numerator / 72)
    assert answer.interval[0] < answer.value < answer.interval[1]


@pytest.mark.parametrize(
    ("question", "measure", "reason"),
    [
        (BURGLARY, Measure.REPEAT_SHARE, "does not say at which home"),
        (BURGLARY, Measure.NEAR_REPEAT_SHARE, "no exact day and place"),
        (BURGLARY, Measure.CHANGE_ON_YEAR_BEFORE, "a year earlier"),
        (BURGLARY, Measure.RATE_RATIO, "no other place"),
        (Question(weekdays=(0,)), Measure.COUNT, "only the month of each event"),
        (Question(first=Month(1999, 1), last=Month(1999, 2)), Measure.COUNT, "none of it is of"),
    ],
)
def test_what_the_data_cannot_bear_is_refused(aldershire, question, measure, reason):
    receive_months(3)
    with pytest.raises(CannotCompute) as told:
        selectors.answer(question, measure)
    assert reason in told.value.sentence


def test_nothing_here_is_said(aldershire):
    with pytest.raises(CannotCompute):
        selectors.answer(BURGLARY, Measure.COUNT)


def test_a_source_that_may_not_be_seen_answers_nothing(aldershire):
    receive_months(3)
    receive_extract(1)
    with pytest.raises(DataProblem):
        selectors.answer(IN_EXTRACT, Measure.COUNT, allowed={"police-uk-street"})


@pytest.mark.parametrize("measure", [Measure.COUNT, Measure.RATE_PER_1000_HOUSEHOLDS, Measure.CONCENTRATION])
def test_an_answer_takes_as_many_queries_whatever_the_batches(aldershire, django_assert_max_num_queries, measure):
    def asked() -> int:
        selectors.forget()
        with django_assert_max_num_queries(40) as seen:
            selectors.answer(BURGLARY, measure)
        return len(seen)

    receive_months(2)
    selectors.answer(BURGLARY, measure)
    few = asked()
    receive_months(24)
    assert asked() == few


class Quiet:
    """A job's context that says nothing."""

    job_id, attempt = 1, 1

    def progress(self, percent: float, message: str = "") -> None: ...

    def log(self, line: str) -> None: ...


def test_near_repeats_are_worked_out_as_a_job_and_then_shown(aldershire):
    from frankpledge.workflows.near_repeats import near_repeats_job

    receive_extract(2)
    found = near_repeats_job(Quiet(), **selectors.near_arguments(selectors.ask(IN_EXTRACT)))
    answer = selectors.answer(IN_EXTRACT, Measure.NEAR_REPEAT_SHARE)
    assert found["n"] == 72 and answer.numerator == found["near"]
    assert len(found["ratio"]) == len(found["p"]) == len(found["distance_bands"])
    assert found["observed"][0][0] >= 0 and found["close_ratio"] > 0
