"""Quarters, targets, schedules, unit costs and the form that comes back, without a database."""

from datetime import date
from decimal import Decimal

import pytest

from frankpledge.delivery.commissioning import rules
from frankpledge.delivery.commissioning.rules import AskedOutput, Due, Paid, Quarter, Told
from frankpledge.delivery.commissioning.vocabulary import Certainty, Counted, Delivery, PaidHow, ReturnStanding
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.figures import Polarity

D = Decimal
YEAR = (date(2026, 4, 1), date(2027, 3, 31))


def test_quarters_follow_the_financial_year():
    assert [one.label for one in rules.quarters(date(2026, 2, 10), date(2026, 7, 1))] == [
        "2025/26 Q4", "2026/27 Q1", "2026/27 Q2",
    ]  # fmt: skip
    assert Quarter.parse("2026-04") == Quarter(2026, 1) and Quarter(2026, 4).key == "2027-01"
    assert Quarter.parse("2026-05") is None and Quarter.parse("soon") is None
    assert Quarter(2025, 4).last_day == date(2026, 3, 31)


def test_a_quarter_in_part_asks_a_number_in_proportion_and_a_share_as_it_is():
    months = rules.months_in(Quarter(2025, 4), date(2026, 2, 10), date(2026, 7, 1))
    assert months == 2
    assert rules.agreed_for(D(30), Counted.NUMBER, months) == 20
    assert rules.agreed_for(D(80), Counted.SHARE, months) == 80
    assert rules.agreed_for(None, Counted.NUMBER, 3) is None


@pytest.mark.parametrize(
    ("today", "is_in", "unknown", "stands"),
    [
        (date(2026, 6, 30), False, 0, ReturnStanding.AHEAD),
        (date(2026, 7, 1), False, 0, ReturnStanding.DUE),
        (date(2026, 7, 20), False, 0, ReturnStanding.DUE),
        (date(2026, 7, 21), False, 0, ReturnStanding.LATE),
        (date(2026, 9, 1), True, 0, ReturnStanding.COMPLETE),
        (date(2026, 9, 1), True, 1, ReturnStanding.PARTLY),
    ],
)
def test_a_return_is_late_the_day_after_it_was_due(today, is_in, unknown, stands):
    assert stands is rules.standing(
        Quarter(2026, 1), last_on=YEAR[1], return_days=20, is_in=is_in, unknown=unknown, today=today
    )


def test_to_be_confirmed_is_not_nought():
    told = [(Told(D(30)), D(40)), (Told(None), D(40)), (Told(D(45)), D(40))]
    found = rules.to_date(told, Counted.NUMBER, Polarity.MORE_IS_GOOD)
    assert (found.value, found.agreed, found.certainty, found.unknown) == (75, 80, Certainty.AT_LEAST, 1)
    assert found.delivery is Delivery.UNDER
    nothing = rules.to_date([(Told(None), D(40))], Counted.NUMBER, Polarity.MORE_IS_GOOD)
    assert nothing.value is None and nothing.delivery is Delivery.UNKNOWN
    nought = rules.to_date([(Told(D(0)), D(40))], Counted.NUMBER, Polarity.MORE_IS_GOOD)
    assert nought.value == 0 and nought.delivery is Delivery.UNDER


def test_shares_are_of_all_people_and_not_the_mean_of_shares():
    told = [(Told(D(9), D(10)), D(80)), (Told(D(20), D(40)), D(80))]
    found = rules.to_date(told, Counted.SHARE, Polarity.MORE_IS_GOOD)
    assert (found.value, found.numerator, found.denominator) == (58, 29, 50)
    assert rules.judged(D(12), D(10), Polarity.LESS_IS_GOOD) is Delivery.UNDER
    assert rules.judged(D(12), D(10), Polarity.CONTEXT_ONLY) is Delivery.CONTEXT


@pytest.mark.parametrize(
    ("told", "counted", "sentence"),
    [
        (Told(D(5), D(4)), Counted.SHARE, "larger than the whole"),
        (Told(D(5)), Counted.SHARE, "of how many"),
        (Told(None, D(4)), Counted.SHARE, "how many of them"),
        (Told(D(5), D(9)), Counted.NUMBER, "leave “of how many” empty"),
        (Told(D(-1)), Counted.NUMBER, "nought or more"),
    ],
)
def test_counts_that_cannot_be_are_refused(told, counted, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        rules.check_told(told, counted)


@pytest.mark.parametrize("how", list(PaidHow))
@pytest.mark.parametrize("amount", [D("10000.00"), D("0.01"), D("9999.99")])
def test_a_schedule_comes_to_the_sum_agreed(how, amount):
    found = rules.schedule(amount, how, date(2026, 2, 10), date(2027, 6, 5))
    assert sum(one.amount for one in found) == amount
    assert found[-1].pays_until == date(2027, 6, 5)
    assert all(one.amount >= 0 for one in found)


def test_a_year_is_paid_in_four_and_what_was_paid_stays_when_the_sum_changes():
    assert rules.schedule(D(8000), PaidHow.IN_ADVANCE, *YEAR)[1] == Due(date(2026, 7, 1), D(2000), date(2026, 9, 30))
    assert rules.schedule(D(8000), PaidHow.IN_ARREARS, *YEAR)[3].due_on == date(2027, 4, 1)
    rest = rules.reschedule(D(9500), PaidHow.IN_ADVANCE, *YEAR, paid=D(2000), paid_until=date(2026, 6, 30))
    assert [one.amount for one in rest] == [2500, 2500, 2500]
    assert rules.reschedule(D(2000), PaidHow.IN_ADVANCE, *YEAR, paid=D(2000), paid_until=YEAR[1]) == []
    late = rules.reschedule(D(2500), PaidHow.IN_ADVANCE, *YEAR, paid=D(2000), paid_until=YEAR[1])
    assert late == [Due(YEAR[1], D(500), YEAR[1])]
    with pytest.raises(RuleBroken, match="paid already"):
        rules.reschedule(D(100), PaidHow.ONCE, *YEAR, paid=D(200), paid_until=YEAR[1])


def test_unit_cost_takes_pounds_and_count_of_the_same_time():
    paid = [Paid(D(3000), date(2026, 4, 1), date(2026, 6, 30)), Paid(D(3000), date(2026, 7, 1), date(2026, 9, 30))]
    delivered = rules.to_date([(Told(D(40)), D(40))], Counted.NUMBER, Polarity.MORE_IS_GOOD)
    found = rules.unit_cost(paid, delivered, date(2026, 6, 30))
    assert (found.pounds, found.count, found.each, found.certainty) == (3000, 40, 75, Certainty.EXACT)
    once = rules.unit_cost([Paid(D(12000), *YEAR)], delivered, date(2026, 6, 30))
    assert once.pounds == 3000
    least = rules.to_date([(Told(D(40)), D(40)), (Told(None), D(40))], Counted.NUMBER, Polarity.MORE_IS_GOOD)
    assert rules.unit_cost(paid, least, date(2026, 9, 30)).certainty is Certainty.AT_MOST
    none = rules.to_date([(Told(D(0)), D(40))], Counted.NUMBER, Polarity.MORE_IS_GOOD)
    assert rules.unit_cost(paid, none, date(2026, 6, 30)).each is None


ASKED = (
    AskedOutput("Homes secured", "homes", Counted.NUMBER, D(40)),
    AskedOutput("People content", "people", Counted.SHARE, D(80)),
    AskedOutput("Sessions", "sessions", Counted.NUMBER, None),
)
HEAD = "agreement,SLA1\nquarter,2026/27 Q1\n\noutput,unit,agreed for the quarter,delivered,of how many,note\n"


def read(text: str) -> rules.FilledIn:
    return rules.read_form(text, asked=ASKED, reference="SLA1", quarter=Quarter(2026, 1))


def test_every_row_of_a_form_is_taken_or_refused_with_its_reason():
    found = read(
        HEAD
        + "Homes secured,homes,40,38,,two cancelled\nPeople content,people,80 %,30,35,\n\n"
        + "Sessions,sessions,,to be confirmed,,\nHomes secured,homes,40,40,,\nTea,cups,,5,,\n"
    )
    assert found.rows == len(found.taken) + len(found.refused) == 5
    assert found.taken["Homes secured"] == Told(D(38), None, "two cancelled")
    assert found.taken["People content"] == Told(D(30), D(35)) and found.taken["Sessions"].delivered is None
    assert [one.row for one in found.refused] == [9, 10]
    assert "twice" in found.refused[0].reason and "no output" in found.refused[1].reason


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Homes secured,homes,40,,,", "Nothing is written"),
        ("Homes secured,homes,40,about 12,,", "is no number"),
        ("Homes secured,homes,40,-3,,", "nought or more"),
        ("People content,people,80,36,35,", "larger than the whole"),
        ("People content", "Nothing is written"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_and_kept(row, reason):
    found = read(HEAD + row)
    assert not found.taken and reason in found.refused[0].reason and found.refused[0].text


def test_a_form_of_another_quarter_or_none_is_refused_whole():
    with pytest.raises(DataProblem, match="2026/27 Q2"):
        read(HEAD.replace("Q1", "Q2") + "Homes secured,homes,40,1,,")
    with pytest.raises(DataProblem, match="SLA9"):
        read(HEAD.replace("SLA1", "SLA9"))
    with pytest.raises(DataProblem, match="no heading"):
        read("Homes secured,38")
