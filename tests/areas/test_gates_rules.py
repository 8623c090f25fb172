"""Whether gates go ahead, and what a budget with unknown parts can say: by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from frankpledge.delivery.area_schemes.rules import gates, money
from frankpledge.delivery.area_schemes.vocabulary import ConsentState, GrantState, SchemeState
from frankpledge.vocabulary.errors import DataProblem, RuleBroken

YES, NO = (ConsentState.GIVEN, True), (ConsentState.REFUSED, True)
ASKED, SILENT = (ConsentState.ASKED, True), (ConsentState.NOT_ASKED, True)
NO_NOT_CLOSED_OFF = (ConsentState.REFUSED, False)


def test_silence_is_not_consent_and_the_share_is_rounded_up() -> None:
    counted = gates.standing([YES] * 10 + [ASKED, SILENT, SILENT], 75)
    assert (counted.homes, counted.given, counted.waiting, counted.not_asked, counted.needed) == (13, 10, 1, 2, 10)
    assert counted.carries and gates.standing([YES] * 10 + [ASKED] * 4, 75).short_by == 1


def test_a_scheme_without_homes_carries_nothing() -> None:
    counted = gates.standing([], 75)
    assert not counted.carries and counted.share is None and counted.can_carry
    with pytest.raises(RuleBroken, match="No home has been chosen"):
        gates.check_agreed(counted, "")


def test_too_many_refusals_end_the_asking() -> None:
    assert gates.standing([YES, YES, YES, NO], 75).can_carry
    assert not gates.standing([YES, YES, NO, NO], 75).can_carry


def test_a_refusal_of_a_home_closed_off_is_not_outvoted_in_silence() -> None:
    counted = gates.standing([YES] * 9 + [NO], 75)
    assert counted.blocked == 1
    with pytest.raises(RuleBroken, match="objection"):
        gates.check_agreed(counted, "")
    gates.check_agreed(counted, "Her garage gets a key of its own.")
    gates.check_agreed(gates.standing([YES] * 9 + [NO_NOT_CLOSED_OFF], 75), "")


def test_too_few_homes_is_said_with_the_numbers() -> None:
    with pytest.raises(RuleBroken, match="2 of 4 homes agree and 3 must: 1 to go"):
        gates.check_agreed(gates.standing([YES, YES, ASKED, ASKED], 75), "")


def test_nothing_is_built_without_its_legal_order() -> None:
    for words, on in (("", None), ("Order 4", None), ("", date(2026, 3, 1))):
        with pytest.raises(RuleBroken, match="legal order"):
            gates.check_built(words, on)
    gates.check_built("Order 4", date(2026, 3, 1))


@pytest.mark.parametrize(
    ("now", "to"),
    [(SchemeState.PROPOSED, SchemeState.BUILT), (SchemeState.BUILT, SchemeState.DROPPED),
     (SchemeState.AGREED, SchemeState.PROPOSED)],
)  # fmt: skip
def test_steps_that_are_none(now: SchemeState, to: SchemeState) -> None:
    with pytest.raises(RuleBroken):
        gates.check_move(now, to)


def test_an_inspection_is_late_the_day_after_it_was_due() -> None:
    today = date(2026, 11, 21)
    days = {date(2026, 11, 20): "late", today: "soon", date(2026, 12, 21): "soon", date(2026, 12, 22): "later"}
    assert {day: gates.inspection_word(day, today) for day in days} == days
    assert gates.inspection_word(None, today) == ""


# -- money ------------------------------------------------------------------------------------------------------------


def pounds(text: str) -> Decimal:
    return Decimal(text)


def test_a_cost_to_be_confirmed_makes_the_total_at_least_and_what_is_left_at_most() -> None:
    costs = [(pounds("9000"), pounds("8740.50"), True), (pounds("6000"), None, True), (None, None, True)]
    ledger = money.gates_ledger(pounds("30000"), costs)
    assert (ledger.paid.known, ledger.committed.known, ledger.used.missing) == (pounds("8740.50"), pounds("6000"), 1)
    assert ledger.left == pounds("15259.50") and ledger.is_left_at_most and not ledger.is_over


def test_a_dropped_scheme_costs_what_it_cost_and_no_more() -> None:
    ledger = money.gates_ledger(pounds("30000"), [(pounds("500"), pounds("450"), False), (pounds("7000"), None, False)])
    assert ledger.left == pounds("29550") and not ledger.is_left_at_most


def test_more_promised_than_there_is_shows() -> None:
    ledger = money.gates_ledger(pounds("1000"), [(pounds("1200"), None, True)])
    assert ledger.is_over and ledger.left == pounds("-200")
    assert money.gates_ledger(None, [(pounds("1200"), None, True)]).left is None


def test_grants_declined_or_withdrawn_cost_nothing() -> None:
    grants = [
        (GrantState.OFFERED, pounds("500")), (GrantState.ACCEPTED, None), (GrantState.PAID, pounds("800")),
        (GrantState.DECLINED, pounds("900")), (GrantState.WITHDRAWN, None),
    ]  # fmt: skip
    ledger = money.grants_ledger(pounds("2000"), grants)
    assert (ledger.committed.known, ledger.paid.known, ledger.left) == (pounds("500"), pounds("800"), pounds("700"))
    assert ledger.is_left_at_most
    money.check_left(ledger, pounds("700"))
    with pytest.raises(RuleBroken, match="£700.00 is left"):
        money.check_left(ledger, pounds("700.01"))


def test_the_cap_and_the_match_bind_whichever_is_less() -> None:
    assert money.most_for(pounds("1000"), cap=pounds("750"), match_percent=50) == pounds("500.00")
    assert money.most_for(pounds("9000"), cap=pounds("750"), match_percent=50) == pounds("750")
    assert money.most_for(pounds("99.99"), cap=None, match_percent=50) == pounds("49.99"), "pence are rounded down"
    money.check_grant(pounds("1000"), pounds("500"), cap=pounds("750"), match_percent=50)
    with pytest.raises(DataProblem, match="at most £500.00"):
        money.check_grant(pounds("1000"), pounds("500.01"), cap=pounds("750"), match_percent=50)
    with pytest.raises(DataProblem, match="at most £750.00"):
        money.check_grant(None, pounds("751"), cap=pounds("750"), match_percent=50)


def test_money_that_ends_is_warned_of_half_a_year_ahead() -> None:
    today = date(2026, 11, 21)
    assert money.ends_soon(date(2027, 3, 31), today) and money.ends_soon(date(2026, 3, 31), today)
    assert not money.ends_soon(today + timedelta(days=184), today) and not money.ends_soon(None, today)
