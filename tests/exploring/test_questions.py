"""A question survives its address and its JSON, and says in one sentence what makes no sense."""

from urllib.parse import parse_qs, urlencode

import pytest

from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.questions import Measure, Question
from frankpledge.vocabulary.units import Unit

FULL = Question(
    area="X07000001",
    crime_types=(CrimeType.ROBBERY, CrimeType.BURGLARY),
    source="police-extract",
    first=Month(2022, 1),
    last=Month(2022, 10),
    edition="census-2021",
    publisher_types=("Burglary dwelling", "a & b = c"),
    weekdays=(6, 0),
    hours=(23, 0, 1),
)


@pytest.mark.parametrize("question", [Question(), FULL, Question(area="Quarry", hours=(5,))])
def test_a_question_is_the_same_after_its_address_and_its_json(question):
    assert Question.from_query(parse_qs(urlencode(question.as_query()))) == question
    assert Question.from_dict(question.as_dict()) == question


def test_the_order_and_repeats_of_choices_make_no_difference():
    assert Question(weekdays=(0, 6, 6)) == Question(weekdays=(6, 0))
    assert Question(crime_types=(CrimeType.BURGLARY,) * 2).crime_type is CrimeType.BURGLARY


def test_all_days_and_all_hours_are_no_limit():
    assert not Question(weekdays=tuple(range(7)), hours=tuple(range(24))).needs_days


def test_hours_go_round_midnight():
    assert Question.from_query({"hour_from": ["22"], "hour_to": ["2"]}).hours == (0, 1, 22, 23)
    assert Question.from_query({"hour_from": ["9"], "hour_to": [""]}).hours == tuple(range(9, 24))


def test_an_empty_form_asks_for_everything():
    form = {name: [""] for name in ("area", "from", "to", "source", "edition", "hour_from", "hour_to")}
    assert Question.from_query(form) == Question()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"type": ["witchcraft"]}, "There is no type “witchcraft”"),
        ({"day": ["7"]}, "is not a day of the week"),
        ({"day": ["-1"]}, "is not a day of the week"),
        ({"hour": ["x"]}, "is not an hour"),
        ({"hour": ["²"]}, "is not an hour"),
        ({"from": ["2022-13"]}, "is not a month"),
        ({"from": ["2022-05"], "to": ["2022-01"]}, "ends (January 2022) before it starts"),
    ],
)
def test_what_makes_no_sense_is_told(asked, sentence):
    with pytest.raises(DataProblem, match=None) as told:
        Question.from_query(asked)
    assert sentence in told.value.sentence


def test_every_measure_has_a_unit_that_figures_know():
    assert {measure.unit for measure in Measure} <= set(Unit)
