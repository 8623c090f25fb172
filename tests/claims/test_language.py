"""The language of formulae: what it works out, and one sentence for everything it cannot."""

from fractions import Fraction
from time import process_time

import pytest

from frankpledge.analysis.claims.checking import check_claim, quantity_of
from frankpledge.analysis.claims.claims import Claim, Figure, Formula, Verdict
from frankpledge.analysis.claims.language import Quantity, evaluate, parse
from frankpledge.vocabulary.errors import CannotCompute


def work_out(formula: str, **figures: object) -> object:
    named = {
        name: value if isinstance(value, Quantity) else quantity_of(Figure(name, value))
        for name, value in figures.items()
    }
    return evaluate(parse(formula)[0], named).value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("2 ^ 3 ^ 2", 512),
        ("-2 + 5", 3),
        ("10 half-years", 10),
        ("(1-0.24)(1-0.1)", Fraction("0.684")),
        ("a-b", 4),
        ("percent(3, 12)", 25),
        ("rate(65, 5460)", Fraction(65000, 5460)),
        ("change(44, 42.6)", Fraction("-1.4") / 44 * 100),
        ("compound(-24, -10)", Fraction("-31.6")),
        ("round(16.5)", 17),
        ("round(94300, 10000)", 90000),
        ("sum(1, 2, 3) / count(1, 2, 3)", 2),
        ("sum(t, t=1..4)", 10),
        ("max(1, 7) - min(1, 7) + mean(2, 4)", 9),
        ("£1,000 ÷ 4 × 2 − 1", 499),
    ],
)
def test_it_works_out(formula: str, value: object) -> None:
    assert work_out(formula, a=9, b=5) == value


def test_months_count_both_ends() -> None:
    assert work_out("months(a, b)", a="2003-04", b="2004-06") == 15


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("", "There is no formula"),
        ("a +", "stops too early"),
        ("(a", "not closed"),
        ("a $ b", "no meaning"),
        ("a b", "cannot be read at “b”"),
        ("open('x')", "no meaning"),
        ("eval(a)", "no function"),
        ("c", "No figure is called “c”"),
        ("a / (b - b)", "divides by nought"),
        ("a ^ 9999", "too large"),
        ("sum(t, t=1..99999)", "whole numbers"),
        ("(" * 40 + "a" + ")" * 40, "brackets inside"),
        ("a" * 500, "at most 400"),
        ("percent(a)", "needs 2 figures"),
    ],
)
def test_it_refuses_in_one_sentence(formula: str, sentence: str) -> None:
    with pytest.raises(CannotCompute, match=None) as refused:
        work_out(formula, a=9, b=5)
    assert sentence in refused.value.sentence
    assert "\n" not in refused.value.sentence


def test_a_circle_is_named() -> None:
    claim = Claim(
        "C1", "x", stated=1, formulae=(Formula("a"),), figures=(Figure("a", formula="b"), Figure("b", formula="a"))
    )
    checked = check_claim(claim)
    assert checked.verdict is Verdict.CANNOT
    assert "a → b → a" in checked.why


def test_a_rate_per_household_and_a_rate_per_resident_are_not_added() -> None:
    figures = (Figure("a", 12, "per 1,000 households"), Figure("b", 9, "per 1,000 residents"))
    checked = check_claim(Claim("C1", "x", stated=21, formulae=(Formula("a + b"),), figures=figures))
    assert checked.verdict is Verdict.CANNOT
    assert checked.why == "“per 1,000 households” and “per 1,000 residents” cannot be added: they are different units."


def test_rates_of_different_scales_are_not_added() -> None:
    figures = (Figure("a", 12, "per 1,000 households"), Figure("b", 9, "per 100 households"))
    assert (
        check_claim(Claim("C1", "x", stated=21, formulae=(Formula("a + b"),), figures=figures)).verdict
        is Verdict.CANNOT
    )


def test_a_name_may_be_shortened_only_while_it_is_clear() -> None:
    assert work_out("unit * 2", unit_cost=3) == 6
    with pytest.raises(CannotCompute, match="could be"):
        work_out("unit * 2", unit_cost=3, unit_price=4)


def test_a_cell_to_be_confirmed_is_left_out_and_said() -> None:
    figures = (Figure("quarters", [None, None, 10, 10]),)
    checked = check_claim(Claim("C1", "x", stated=20, formulae=(Formula("sum(quarters)"),), figures=figures))
    assert checked.verdict is Verdict.AGREES
    assert "at least" in checked.why


@pytest.mark.parametrize(
    ("words", "stated", "value", "verdict"),
    [
        ("44% of homes", 44, 43.64, "agrees"),
        ("44% of homes", 44, 43.49, "conflict"),
        ("fewer than 8%", 8, 7.9, "agrees"),
        ("fewer than 8%", 8, 8.1, "conflict"),
        ("over 14%", 14, 16, "agrees"),
        ("over 14%", 14, 13.2, "conflict"),
        ("almost £100,000", 100000, 94300, "rounding"),
        ("almost £100,000", 100000, 80000, "conflict"),
        ("40%", 40, 38.7, "rounding"),
        ("a saving of £98,000", 98000, 98040, "rounding"),
        ("at least a quarter", 25, 27.4, "agrees"),
        ("at least a quarter", 25, 79.5, "conflict"),
    ],
)
def test_the_words_say_what_is_allowed(words: str, stated: float, value: float, verdict: str) -> None:
    claim = Claim("C1", words, stated=stated, formulae=(Formula("n * 1"),), figures=(Figure("n", value),))
    assert check_claim(claim).verdict == verdict


def test_a_conflict_says_what_would_make_it_true() -> None:
    claim = Claim(
        "C1",
        "just £175 per house",
        stated=175,
        formulae=(Formula("budget / homes"),),
        figures=(Figure("budget", 1_000_000, "£"), Figure("homes", 5460, "households")),
    )
    checked = check_claim(claim)
    assert checked.verdict is Verdict.CONFLICT
    assert "175 would need budget of £955,500." in checked.needs


def test_a_cost_to_society_is_not_called_cash() -> None:
    claim = Claim(
        "C1",
        "saved £94,300 of public money",
        stated=94300,
        cost="cash",
        formulae=(Formula("41 * unit_cost"),),
        figures=(Figure("unit_cost", 2300, "£", cost="society"),),
    )
    checked = check_claim(claim)
    assert checked.verdict is Verdict.CONFLICT
    assert "cost to society" in checked.why


@pytest.mark.parametrize(
    "formula",
    [
        "(((1/9)^1000)^1000)^1000",
        "(((9^1000)^10)*(9^1000)^10)^900",
        "sum(sum(sum(1, a=1..900), b=1..900), c=1..900)",
        "sum(1/(7^t+1), t=1..1000)",
        "9" * 390 + "^999",
    ],
)
def test_a_short_formula_cannot_keep_the_computer_busy(formula: str) -> None:
    """Each of these took minutes or for ever; now each is one sentence at once."""
    began = process_time()
    with pytest.raises(CannotCompute):
        evaluate(parse(formula)[0], {})
    assert process_time() - began < 2


def test_figures_that_double_one_another_do_not_keep_it_busy() -> None:
    doubling = {"a0": Quantity(Fraction(1)), **{f"a{n}": parse(f"a{n - 1}+a{n - 1}")[0] for n in range(1, 50)}}
    chain = {"b0": Quantity(Fraction(1)), **{f"b{n}": parse(f"b{n - 1}+1")[0] for n in range(1, 900)}}
    for name, figures in (("a49", doubling), ("b899", chain)):
        with pytest.raises(CannotCompute):
            evaluate(parse(name)[0], figures)
