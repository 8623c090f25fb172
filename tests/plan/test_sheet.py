"""Sheets out and back: what people paste, what is named as wrong, what would change. No database."""

from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.records.plan import sheet
from frankpledge.records.plan.money import Line, Money, Period
from frankpledge.records.plan.vocabulary import Kind, Side
from frankpledge.vocabulary.errors import DataProblem
from tests.plan.salford import budget

HEAD = "Side\tKind\tLine\t2002/03 Q1\t2003/04"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("£12,345", 12_345),
        ("12 345.50", "12345.5"),
        ("(1,200)", -1_200),
        ("−£1,200", -1_200),
        ("12,345*", 12_345),
        ("12,345 [a]", 12_345),
        ("12,345 (2)", 12_345),
        ("12,345¹", 12_345),
        ("-", 0),
        ("nil", 0),
        ("nought", 0),
        ("dim", 0),
    ],
)
def test_amounts_are_read_as_people_paste_them(text, amount):
    assert sheet.read_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["t.b.c.", "TBC", "tbc", "to be confirmed", "t.b.c.*", "TBA", "i’w gadarnhau"])
def test_to_be_confirmed_is_unknown_and_not_nought(text):
    assert sheet.read_amount(text) is None


def test_nothing_is_blank():
    assert sheet.read_amount("  ") is sheet.BLANK


@pytest.mark.parametrize("text", ["12,34", "about 12", "1e5", "=SUM(A1)", "12.3.4", "£", "NaN", "∞"])
def test_what_is_no_amount_is_refused_with_a_sentence(text):
    with pytest.raises(DataProblem, match="is not an amount"):
        sheet.read_amount(text)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        found = sheet.read_amount(text)
    except DataProblem as problem:
        assert "is not an amount" in problem.sentence
        return
    assert found is None or found is sheet.BLANK or found == found


def test_a_sheet_that_went_out_comes_back_without_a_difference():
    salford = budget()
    rows = sheet.as_rows(salford)
    text = "\n".join("\t".join(str(cell) for cell in row) for row in rows)
    assert sheet.changes(salford, sheet.read_sheet(text, years=salford.years)) == []


def test_differences_are_named_before_anything_is_taken():
    held = Line("Team", Side.FUNDING, Kind.REVENUE, {Period(2002, 1): Decimal(100), Period(2003): None}, key=7)
    text = f"{HEAD}\nFunding\tRevenue\tteam\t£110\t1,200*\nfunding\trevenue\tTotal revenue\t110\t1,200"
    first, second = sheet.changes(Money((2002, 2003), (held,)), sheet.read_sheet(text, years=(2002, 2003)))
    assert (first.period, first.before, first.after, first.line_key) == (Period(2002, 1), 100, 110, 7)
    assert (second.period, second.before, second.after) == (Period(2003), None, 1_200)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("funding\trevenue\tTeam\t1\t2", "no heading"),
        (
            "Side\tKind\tLine\t2031/32\nfunding\trevenue\tTeam\t1",
            "“2031/32” is outside the plan, which runs from 2002/03",
        ),
        ("Side\tKind\tLine\tSpring\nfunding\trevenue\tTeam\t1", "no year or quarter"),
        (f"{HEAD}\nfunding\trevenue\tTeam\tabout 5\t", "row|line 2.*“Team”, 2002/03 Q1: “about 5” is not an amount"),
        (f"{HEAD}\nfunding\trevenue\tTeam\t1\t2\nfunding\trevenue\tTEAM\t1\t2", "twice"),
        (f"{HEAD}\ngifts\trevenue\tTeam\t1\t2", "not funding or expenditure"),
        (HEAD, "no line of money"),
    ],
)
def test_a_sheet_that_cannot_be_taken_says_where_and_why(text, words):
    with pytest.raises(DataProblem, match=words):
        sheet.read_sheet(text, years=(2002, 2003))


@pytest.mark.parametrize("text", ["1" + "*" * 60 + "x", "1" + " " * 50_000 + "x", "1" + "[a]" * 30_000 + "x"])
def test_marks_without_end_do_not_keep_the_computer_busy(text: str) -> None:
    """Sixty stars behind a number kept it busy for ever."""
    began = process_time()
    with pytest.raises(DataProblem):
        sheet.read_amount(text)
    assert process_time() - began < 1
