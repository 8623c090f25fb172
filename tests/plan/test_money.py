"""The arithmetic of money: what foots, what is unknown, what rises and what is tied. No database."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.records.plan import money
from frankpledge.records.plan.money import Amount, Certainty, Line, Money, Period, Programme, Verdict
from frankpledge.records.plan.vocabulary import Kind, Side
from frankpledge.vocabulary.errors import RuleBroken
from tests.plan.salford import YEARS, budget

D = Decimal


def test_salfords_tables_foot_to_the_pound_and_say_they_are_incomplete():
    salford = budget()
    funding = salford.column(Side.FUNDING, None, None)
    assert funding.known == D(1_385_077) and funding.certainty is Certainty.AT_LEAST
    assert salford.column(Side.EXPENDITURE, None, None).known == D(1_385_077)
    assert salford.misfits() == []
    assert len(salford.unknown_cells()) == 8
    assert sum(1 for line, _ in salford.unknown_cells() if line.side is Side.FUNDING) == 6


def test_only_columns_with_nothing_missing_are_proven():
    balances = budget().balances()
    assert [balance.verdict for balance in balances] == [Verdict.BALANCED] * 5 + [Verdict.SO_FAR] * 3
    assert all(balance.difference == 0 for balance in balances)


def test_a_column_of_unknowns_is_not_nought():
    salford = budget()
    assert salford.column(Side.FUNDING, Kind.CAPITAL, Period(2004)).certainty is Certainty.NOT_YET_KNOWN
    assert salford.column(Side.EXPENDITURE, Kind.CAPITAL, Period(2004)).certainty is Certainty.NOT_YET_KNOWN
    assert salford.column(Side.FUNDING, Kind.REVENUE, Period(2004)) == Amount(D(200_054), 0, 2)


def test_the_pay_awards_nobody_wrote_down_are_found():
    found = money.rises(budget())
    assert found.awards == {2003: D("3.5"), 2004: D("3.0")}
    assert list(found.changes) == [
        "Burglary Reduction Team",
        "Community Safety Unit staff",
        "Communities Against Drugs co-ordinator",
        "Neighbourhood wardens",
    ]
    assert found.changes["Neighbourhood wardens"] == {2003: D("-9.4"), 2004: D("3.0")}
    assert found.hidden_in(2003) == ["Community Safety Unit staff", "Neighbourhood wardens"]


def test_the_agreement_money_is_tied_to_the_prolific_offender_line():
    (tie,) = money.ties(budget())
    assert (tie.funding.title, tie.expenditure.title, tie.amount) == ("PSA", "Tackling prolific offenders", D(80_000))


def test_a_year_that_balances_only_because_a_cost_is_missing_is_named():
    (squeeze,) = budget().squeezes()
    assert (squeeze.year, squeeze.slack, squeeze.funding) == (2004, 0, D(200_054))
    assert squeeze.lines == ("Co-ordinator, SRB5 and New Deal initiatives",) and squeeze.last_known == D(17_850)


def test_a_year_that_is_not_the_sum_of_its_quarters_is_named():
    cells = {Period(2002, 1): D(10), Period(2002, 2): D(20), Period(2002): D(31)}
    (misfit,) = Money((2002,), (Line("Patrols", Side.FUNDING, Kind.REVENUE, cells),)).misfits()
    assert (misfit.what, misfit.stated, misfit.summed, misfit.difference) == ("Patrols", D(31), D(30), D(1))


def test_too_little_money_is_out_by_how_much():
    lines = (
        Line("Grant", Side.FUNDING, Kind.REVENUE, {Period(2002): D(90)}),
        Line("Team", Side.EXPENDITURE, Kind.REVENUE, {Period(2002): D(100)}),
    )
    first = Money((2002,), lines).balances()[0]
    assert first.verdict is Verdict.OUT and first.difference == D(-10)


amounts = st.one_of(st.none(), st.integers(0, 10**9).map(D))
periods = st.sampled_from([Period(2002, q) for q in (1, 2, 3, 4)] + [Period(2003), Period(2004)])
lines = st.builds(
    Line,
    title=st.text(min_size=1, max_size=8),
    side=st.sampled_from(Side),
    kind=st.sampled_from(Kind),
    cells=st.dictionaries(periods, amounts, max_size=6),
)


@given(st.lists(lines, max_size=8))
def test_adding_by_rows_and_by_columns_comes_to_the_same(rows):
    found = Money(YEARS, tuple(rows))
    for side in Side:
        by_rows = money.total(line.all_years(YEARS) for line in found.of(side))
        by_columns = money.total(found.column(side, None, Period(year)) for year in YEARS)
        by_kinds = money.total(found.column(side, kind, None) for kind in Kind)
        assert by_rows == by_columns == by_kinds == found.column(side, None, None)


@given(st.lists(lines, min_size=1, max_size=8), st.integers(0, 10**9))
def test_confirming_a_cell_never_lowers_a_total_and_removes_one_unknown(rows, amount):
    before = Money(YEARS, tuple(rows))
    if not before.unknown_cells():
        return
    line, at = before.unknown_cells()[0]
    at_row = next(i for i, row in enumerate(rows) if row is line)
    filled = Line(line.title, line.side, line.kind, {**line.cells, at: D(amount)})
    after = Money(YEARS, tuple(filled if i == at_row else row for i, row in enumerate(rows)))
    assert len(after.unknown_cells()) == len(before.unknown_cells()) - 1
    was, now = before.column(line.side, None, None), after.column(line.side, None, None)
    assert now.known == was.known + amount and now.missing == was.missing - 1


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_move_keeps_the_sum(held, moved):
    source = Line("A", Side.EXPENDITURE, Kind.REVENUE, {Period(2002): D(held)}, key=1)
    target = Line("B", Side.EXPENDITURE, Kind.REVENUE, {Period(2002): D(5)}, key=2)
    if moved > held:
        with pytest.raises(RuleBroken, match="less than"):
            money.check_virement(source=source, target=target, period=Period(2002), amount=D(moved))
        return
    left, there = money.check_virement(source=source, target=target, period=Period(2002), amount=D(moved))
    assert left + there == held + 5 and left >= 0


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        (("A", Side.EXPENDITURE, Kind.CAPITAL, D(9)), ("B", Side.EXPENDITURE, Kind.REVENUE, D(1)), "Capital money"),
        (("A", Side.EXPENDITURE, Kind.REVENUE, D(9)), ("B", Side.FUNDING, Kind.REVENUE, D(1)), "one side to the other"),
        (("A", Side.EXPENDITURE, Kind.REVENUE, None), ("B", Side.EXPENDITURE, Kind.REVENUE, D(1)), "no confirmed"),
        (
            ("A", Side.EXPENDITURE, Kind.REVENUE, D(9)),
            ("B", Side.EXPENDITURE, Kind.REVENUE, None),
            "Confirm its amount",
        ),
    ],
)
def test_a_move_the_tables_could_not_show_is_refused(source, target, words):
    made = [
        Line(name, side, kind, {Period(2002): amount}, key=key)
        for key, (name, side, kind, amount) in enumerate((source, target), 1)
    ]
    with pytest.raises(RuleBroken, match=words):
        money.check_virement(source=made[0], target=made[1], period=Period(2002), amount=D(3))


@pytest.mark.parametrize(
    ("reached", "share", "paid"),
    [
        (100, "0", 0),
        (89, "0.55", 0),
        (88, "0.6", 60_000),
        (84, "0.8", 80_000),
        (80, "1", 100_000),
        (70, "1.5", 100_000),
    ],
)
def test_the_reward_begins_at_sixty_per_cent_and_ends_at_all(reached, share, paid):
    found = money.reward(baseline=D(100), stretch=D(80), reached=D(reached), whole=D(100_000))
    assert found.share == D(share) and found.paid == paid


def test_a_reward_for_going_nowhere_is_refused():
    with pytest.raises(RuleBroken, match="nothing to reward"):
        money.reward(baseline=D(80), stretch=D(80), reached=D(70), whole=D(1))


FIVE = ("Bellamy", "Bull Farm", "Ladybrook", "Oak Tree", "Ravensdale")


def test_a_programme_is_strategic_when_three_of_five_choose_it():
    strategic, local, nobody = money.split(
        [
            Programme("Home security", D(1_000_000), frozenset(FIVE[:3])),
            Programme("Play area", D(90_000), frozenset(FIVE[:2])),
            Programme("Lighting", None, frozenset({"Oak Tree"})),
            Programme("Statue", D(5), frozenset()),
        ],
        neighbourhoods=FIVE,
        strategic=D(2_600_000),
        local=D(2_600_000),
    )
    assert [one.title for one in strategic.programmes] == ["Home security"] and strategic.left == D(1_600_000)
    assert [one.title for one in local.programmes] == ["Play area", "Lighting"]
    assert local.cost.certainty is Certainty.AT_LEAST and [one.title for one in nobody] == ["Statue"]


def test_a_neighbourhood_nobody_knows_is_named():
    with pytest.raises(RuleBroken, match="Atlantis"):
        money.split(
            [Programme("Dykes", D(1), frozenset({"Atlantis"}))], neighbourhoods=FIVE, strategic=D(1), local=D(1)
        )
