"""One claim recomputed: the verdict, why, what the words allow and what would make it true."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

from frankpledge.analysis.claims import forms
from frankpledge.analysis.claims.claims import Checked, Claim, Figure, Formula, Recomputed, Verdict
from frankpledge.analysis.claims.language import (
    COMPARISONS,
    Call,
    Literal,
    Name,
    Node,
    Operation,
    Quantity,
    evaluate,
    full_name,
    names_in,
    parse,
)
from frankpledge.analysis.claims.stated import Bound, Stated, last_place, plain, read_stated
from frankpledge.analysis.claims.units import common, read_unit
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase

MOST_ROUNDED = 4  # rounded inputs whose corners are tried together
_LABEL = re.compile(r"^(?P<sum>.+?)\s*=\s*(?P<label>[^\W\d][^=<>?]*)$")


def quantity_of(figure: Figure) -> Quantity | Node:
    """A figure as the language wants it. Raises CannotCompute for a formula that cannot be read."""
    if figure.formula:
        return parse(figure.formula)[0]
    unit = read_unit(figure.unit)
    value = figure.value
    society = figure.cost == "society"
    if isinstance(value, str):
        return Quantity(value, unit)
    if isinstance(value, list | tuple):
        if any(isinstance(cell, str) for cell in value):
            return Quantity("|".join(str(cell) for cell in value), unit)
        cells = tuple(None if cell is None else exact(cell) for cell in value)
        return Quantity(cells, unit, None not in cells, society)
    return Quantity(None if value is None else exact(value), unit, value is not None, society)


def exact(value: int | float | Fraction | Decimal) -> Fraction:
    """A number as it is written: 0.1 is a tenth."""
    return value if isinstance(value, Fraction) else Fraction(str(value))


class Figures(Mapping[str, "Quantity | Node"]):
    """A claim's own figures before its document's, made into quantities when they are asked for."""

    def __init__(self, own: Sequence[Figure], shared: Mapping[str, Figure]) -> None:
        self._figures = {**shared, **{figure.name: figure for figure in own}}
        self._made: dict[str, Quantity | Node] = {}

    def __getitem__(self, name: str) -> "Quantity | Node":
        if name not in self._made:
            self._made[name] = quantity_of(self._figures[name])
        return self._made[name]

    def __iter__(self) -> Any:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    def figure(self, name: str) -> Figure:
        """The figure itself."""
        return self._figures[name]


def check_claim(claim: Claim, shared: Mapping[str, Figure] | None = None, others: Sequence[Claim] = ()) -> Checked:
    """The verdict on one claim. Never raises for what people write: what cannot be computed is said in ``why``.

    ``shared`` are the figures of its document by name, ``others`` its other claims.
    """
    try:
        return _Check(claim, shared or {}, others).verdict()
    except CannotCompute as problem:
        return Checked(claim, Verdict.CANNOT, _phrase(problem))


def _phrase(problem: CannotCompute) -> Phrase:
    sentence = problem.sentence
    return sentence if isinstance(sentence, Phrase) else Phrase("{sentence}", sentence=sentence)


@dataclass
class _Check:
    claim: Claim
    shared: Mapping[str, Figure]
    others: Sequence[Claim]

    def verdict(self) -> Checked:
        claim = self.claim
        if not claim.formulae:
            return Checked(claim, Verdict.CANNOT, Phrase("Nothing is given that it could be worked out from."))
        self.figures = Figures(claim.figures, self.shared)
        form = forms.find(claim.formulae[0].text)
        found = self._by_form(form) if form is not None else self._by_sums()
        return self._called_cash(found)

    # --- by a named form

    def _by_form(self, form: Any) -> Checked:
        claim = self.claim
        names = [figure.name for figure in claim.figures] or list(self.figures)
        given = {name: self.figures[name] for name in names}
        quantities = {name: value for name, value in given.items() if isinstance(value, Quantity)}
        outcome = form(forms.Asked(claim, quantities, self.others))
        text = claim.formulae[0].text
        if outcome.cannot:
            return Checked(claim, Verdict.CANNOT, outcome.why, doubts=(outcome.why,))
        result = Recomputed(text, "", text, _shown_value(outcome.value), outcome.complete, bool(outcome.holds))
        if outcome.holds is not None:
            verdict = Verdict.CONFLICT if not outcome.holds else Verdict.ROUNDING if outcome.nearly else Verdict.AGREES
            why = outcome.why or Phrase("It holds.")
            return Checked(claim, verdict, why, (result,), needs=outcome.needs)
        return self._against([(result, None)], outcome.why)

    # --- by formulae

    def _by_sums(self) -> Checked:
        worked: list[tuple[Recomputed, Node | None]] = []
        for formula in self.claim.formulae:
            text = self._without_label(formula.text)
            for node in parse(text.rstrip("?").strip()):
                if isinstance(node, Operation) and node.sign in COMPARISONS:
                    return self._compared(node, formula)
                found = evaluate(node, self.figures)
                self._check_stated_unit(found)
                if found.value is None:
                    return Checked(self.claim, Verdict.CANNOT, Phrase("A figure it rests on is still to be confirmed."))
                words = _in_figures(node, self.figures)
                worked.append(
                    (Recomputed(formula.text, formula.label, words, found.value, found.complete, False), node)
                )
        return self._against(worked, None)

    def _without_label(self, text: str) -> str:
        """“count/rate*1000 = population used”: words that name no figure say what the result is."""
        match = _LABEL.match(text)
        if match is None:
            return text
        try:
            parsed = parse(match["label"])
            for part in parsed:
                for name in names_in(part):
                    full_name(name, self.figures)
        except CannotCompute:
            return match["sum"]
        return text

    def _check_stated_unit(self, found: Quantity) -> None:
        unit = read_unit(self.claim.unit)
        if unit is None or found.unit is None or not (unit.divided_by and found.unit.divided_by):
            return
        common(replace(unit, per=None), replace(found.unit, per=None), "compared")

    def _compared(self, node: Operation, formula: Formula) -> Checked:
        left, right = evaluate(node.left, self.figures), evaluate(node.right, self.figures)
        common(left.unit, right.unit, "compared")
        a, b = _one(left), _one(right)
        holds = {"=": a == b, "<=": a <= b, ">=": a >= b, "<": a < b, ">": a > b}[node.sign]
        value = b if node.sign == "=" and isinstance(node.left, Name) else a
        result = Recomputed(formula.text, formula.label, _in_figures(node, self.figures), value, left.complete, holds)
        if holds:
            return Checked(self.claim, Verdict.AGREES, Phrase("{sum} holds.", sum=result.sum_words), (result,))
        why = (
            Phrase("It is given as {a} and as {b}.", a=plain(a), b=plain(b))
            if node.sign == "="
            else Phrase("{a} {sign} {b} does not hold.", a=plain(a), sign=node.sign, b=plain(b))
        )
        return Checked(self.claim, Verdict.CONFLICT, why, (result,))

    # --- what is stated against what comes out

    def _against(self, worked: Sequence[tuple[Recomputed, Node | None]], why: Phrase | None) -> Checked:
        claim = self.claim
        results = tuple(result for result, _ in worked)
        if claim.stated is None:
            incomplete = any(not result.complete for result in results)
            words = (
                Phrase("No figure is printed; something in it is still to be confirmed, so it is at least this.")
                if incomplete
                else Phrase("No figure is printed. This is what its own figures give.")
            )
            return Checked(claim, Verdict.DERIVED, words, results)
        if isinstance(claim.stated, list | tuple):
            return self._row_against(results)
        if isinstance(claim.stated, str):
            return self._text_against(results)
        return self._number_against(worked, why)

    def _row_against(self, results: tuple[Recomputed, ...]) -> Checked:
        stated = [Fraction(str(cell)) for cell in self.claim.stated]
        row = results[0].value if len(results) == 1 and isinstance(results[0].value, tuple) else None
        given = row if row is not None else tuple(r.value for r in results)
        cells = [cell if isinstance(cell, Fraction) else Fraction(0) for cell in given]
        wrong = [i for i, (a, b) in enumerate(zip(stated, cells, strict=False)) if a != b]
        if len(stated) != len(cells) or wrong:
            at = wrong[0] if wrong else min(len(stated), len(cells)) - 1
            words = Phrase(
                "Column {n} is printed as {stated} and adds up to {sum}.",
                n=str(at + 1),
                stated=plain(stated[at]),
                sum=plain(cells[at]),
            )
            return Checked(self.claim, Verdict.CONFLICT, words, results)
        return Checked(self.claim, Verdict.AGREES, _complete_words(results, Phrase("Every column adds up.")), results)

    def _text_against(self, results: tuple[Recomputed, ...]) -> Checked:
        same = str(results[0].value) == str(self.claim.stated)
        words = Phrase("It comes to {value}.", value=str(results[0].value))
        return Checked(self.claim, Verdict.AGREES if same else Verdict.CONFLICT, words, results)

    def _number_against(self, worked: Sequence[tuple[Recomputed, Node | None]], why: Phrase | None) -> Checked:
        stated = read_stated(self.claim.stated, self.claim.words, self.claim.rounding)
        results: list[Recomputed] = []
        best: tuple[Verdict, Phrase] | None = None
        for result, node in worked:
            if not isinstance(result.value, Fraction):
                raise CannotCompute(Phrase("The formula gives a row, and one number is stated."))
            verdict, words = self._one_against(stated, result.value, node)
            results.append(replace(result, fits=verdict is not Verdict.CONFLICT))
            if best is None or _ORDER[verdict] < _ORDER[best[0]]:
                best = verdict, words
        assert best is not None
        verdict, words = best
        if verdict is Verdict.CONFLICT:
            words = why or self._conflict_words(stated, results)
        needs = self._needs(stated, worked) if verdict is Verdict.CONFLICT else ()
        allowed = stated.allowed
        return Checked(self.claim, verdict, _complete_words(results, words), tuple(results), allowed, needs)

    def _one_against(self, stated: Stated, value: Fraction, node: Node | None) -> tuple[Verdict, Phrase]:
        shown = plain(value)
        printed = plain(stated.value)
        if stated.fits(value):
            if value == stated.value:
                return Verdict.AGREES, Phrase("It comes to exactly {value}.", value=shown)
            if stated.value < 0 or stated.strict_range[0] <= value <= stated.strict_range[1]:
                return Verdict.AGREES, Phrase("{value} rounds to {stated}.", value=shown, stated=printed)
            return Verdict.AGREES, Phrase("{value} is what the words say.", value=shown)
        base = self._as_base(stated, node)
        if base is not None:
            return Verdict.AGREES, base
        if stated.nearly_fits(value):
            return Verdict.ROUNDING, Phrase(
                "{value} is called {stated}: right only to a kind reader.", value=shown, stated=printed
            )
        spread = self._spread(node)
        if spread is not None and _reaches(stated, spread):
            return Verdict.ROUNDING, Phrase(
                "{value}, but its rounded inputs allow {low} to {high}.",
                value=shown,
                low=plain(spread[0]),
                high=plain(spread[1]),
            )
        return Verdict.CONFLICT, Phrase("It comes to {value}.", value=shown)

    def _as_base(self, stated: Stated, node: Node | None) -> Phrase | None:
        """A base worked back from a rate agrees when it gives back the printed rate."""
        rate = base_from_rate(node)
        if rate is None or stated.value == 0:
            return None
        name = full_name(rate, self.figures)
        printed = self._number(name)
        step = self._place(name)
        if not step:
            return None
        assert node is not None
        solved = _solve(node, name, stated.value, self.figures, printed)
        if solved is None or not printed - step / 2 <= solved <= printed + step / 2:
            return None
        return Phrase("{base} gives back the printed rate, {rate}.", base=plain(stated.value), rate=plain(printed, 3))

    def _number(self, name: str) -> Fraction:
        found = self.figures[name]
        if not isinstance(found, Quantity) or not isinstance(found.value, Fraction):
            raise CannotCompute(Phrase("“{name}” is not one number.", name=name))
        return found.value

    def _place(self, name: str) -> Fraction:
        """The last printed place of a rounded figure; nought for a count."""
        figure = self.figures.figure(name)
        if not isinstance(figure.value, int | float):
            return Fraction(0)
        step = last_place(figure.value, f"{figure.where} {self.claim.words}")
        if not step and read_unit(figure.unit) is not None and read_unit(figure.unit).is_percent:  # type: ignore[union-attr]
            return Fraction(1)
        return step

    def _spread(self, node: Node | None) -> tuple[Fraction, Fraction] | None:
        """What the formula gives when its rounded inputs lie anywhere in what was rounded away."""
        if node is None:
            return None
        names = [full_name(name, self.figures) for name in sorted(names_in(node))]
        steps = {name: self._place(name) for name in names}
        rounded = [name for name, step in steps.items() if step][:MOST_ROUNDED]
        if not rounded:
            return None
        found: list[Fraction] = []
        for ends in product((-1, 1), repeat=len(rounded)):
            moved = {
                name: Quantity(self._number(name) + end * steps[name] / 2)
                for name, end in zip(rounded, ends, strict=True)
            }
            found.append(_one(evaluate(node, _bare(self.figures, moved))))
        return min(found), max(found)

    def _conflict_words(self, stated: Stated, results: Sequence[Recomputed]) -> Phrase:
        values = tuple(plain(result.value) for result in results if isinstance(result.value, Fraction))
        return Phrase("The words allow {allowed}; the figures give {values}.", allowed=stated.words(), values=values)

    def _needs(self, stated: Stated, worked: Sequence[tuple[Recomputed, Node | None]]) -> tuple[Phrase, ...]:
        """For each input of the first sum: the value that would make the words true."""
        result, node = worked[0]
        if node is None or isinstance(node, Name):
            return ()
        found: list[Phrase] = []
        for name in sorted(names_in(node)):
            full = full_name(name, self.figures)
            value = self.figures[full]
            if not isinstance(value, Quantity) or not isinstance(value.value, Fraction):
                continue
            needed = _solve(node, full, stated.value, self.figures, value.value)
            if needed is not None and needed > 0:
                figure = self.figures.figure(full)
                money = "£" if (unit := read_unit(figure.unit)) is not None and unit.is_money else ""
                found.append(
                    Phrase(
                        "{stated} would need {name} of {value}.",
                        stated=plain(stated.value),
                        name=Phrase("{name}", name=(figure.quantity or full).replace("_", " ")),
                        value=f"{money}{plain(needed)}",
                    )
                )
        return tuple(found)

    def _called_cash(self, found: Checked) -> Checked:
        """Money that is a cost to society is not called cash."""
        if self.claim.cost != "cash":
            return found
        used = [name for result in self.claim.formulae for name in _names_of(result.text, self.figures)]
        society = [figure for name in used if (figure := self.figures.figure(name)).cost == "society"]
        if not society:
            return found
        largest = max(society, key=lambda figure: (figure.value, figure.name))
        name = (largest.quantity or largest.name).replace("_", " ")
        why = Phrase("The {name} is a cost to society; the words call it cash.", name=name)
        return replace(found, verdict=Verdict.CONFLICT, why=why, needs=())


_ORDER = {Verdict.AGREES: 0, Verdict.ROUNDING: 1, Verdict.CONFLICT: 2, Verdict.CANNOT: 3, Verdict.DERIVED: 4}


def _reaches(stated: Stated, spread: tuple[Fraction, Fraction]) -> bool:
    """Whether anything between the two ends is what the words say."""
    low, high = stated.strict_range
    between = stated.bound not in {Bound.BELOW, Bound.ABOVE} and spread[0] <= high and low <= spread[1]
    return between or stated.fits(spread[0]) or stated.fits(spread[1])


def _names_of(text: str, figures: Figures) -> list[str]:
    try:
        return [full_name(name, figures) for node in parse(text) for name in names_in(node)]
    except CannotCompute:
        return []


def _complete_words(results: Sequence[Recomputed], words: Phrase) -> Phrase:
    if all(result.complete for result in results):
        return words
    return Phrase("{words} Cells to be confirmed are left out, so it is at least this.", words=words)


def _shown_value(value: forms.Answer) -> Any:
    return "" if value is None else value


def _one(quantity: Quantity) -> Fraction:
    if not isinstance(quantity.value, Fraction):
        raise CannotCompute(Phrase("One number is needed here."))
    return quantity.value


def _bare(figures: Mapping[str, "Quantity | Node"], moved: Mapping[str, Quantity]) -> Mapping[str, "Quantity | Node"]:
    return {**{name: figures[name] for name in figures}, **moved}


def base_from_rate(node: Node | None) -> str | None:
    """The name of the rate when the formula works a base back from it: ``count/rate*1000``, ``add/share``."""
    while isinstance(node, Operation) and node.sign == "*" and isinstance(node.right, Literal):
        node = node.left
    if (
        isinstance(node, Operation)
        and node.sign == "/"
        and isinstance(node.right, Name)
        and isinstance(node.left, Name)
    ):
        name = node.right.name
        return name if name.startswith(("rate", "share")) or name.endswith(("rate", "share")) else None
    return None


def _solve(
    node: Node, name: str, wanted: Fraction, figures: Mapping[str, "Quantity | Node"], start: Fraction
) -> Fraction | None:
    """The value of ``name`` that makes the formula give ``wanted``, by the secant, or None where none is found.

    Exact in one step where the figure enters linearly, or as one over it.
    """

    def at(value: Fraction) -> Fraction:
        return _one(evaluate(node, _bare(figures, {name: Quantity(value)})))

    try:
        first, second = start, start * Fraction(11, 10) or Fraction(1)
        f_first, f_second = at(first) - wanted, at(second) - wanted
        for _ in range(24):
            if abs(f_second) <= abs(wanted) * Fraction(1, 10**9):
                return second.limit_denominator(10**9)
            if f_first == f_second:
                return None
            third = second - f_second * (second - first) / (f_second - f_first)
            third = third.limit_denominator(10**12)
            first, f_first, second, f_second = second, f_second, third, at(third) - wanted
    except CannotCompute:
        return None
    return None


def _in_figures(node: Node, figures: Mapping[str, "Quantity | Node"]) -> str:
    """The formula with its figures in place of their names: ``12 ÷ 68 × 100``."""
    if isinstance(node, Literal):
        return f"{plain(node.value, 4)} {node.period}".strip()
    if isinstance(node, Name):
        found = figures.get(full_name(node.name, figures))
        return _value_words(found.value) if isinstance(found, Quantity) else f"({node.name})"
    if isinstance(node, Call):
        if node.function in _WRITTEN and len(node.arguments) == 2:
            return _WRITTEN[node.function].format(*(_in_brackets(argument, figures) for argument in node.arguments))
        inside = ", ".join(_in_figures(argument, figures) for argument in node.arguments if not node.counter)
        return f"{node.function}({inside or '…'})"
    left, right = _in_figures(node.left, figures), _in_figures(node.right, figures)
    if node.sign in {"*", "/", "^"}:
        left = f"({left})" if isinstance(node.left, Operation) and node.left.sign in {"+", "-"} else left
        right = f"({right})" if isinstance(node.right, Operation) else right
    elif node.sign == "-" and isinstance(node.right, Operation) and node.right.sign in {"+", "-"}:
        right = f"({right})"
    sign = {"*": "×", "/": "÷", "-": "−", "<=": "≤", ">=": "≥"}.get(node.sign, node.sign)
    return f"{left} {sign} {right}"


# How a function of two figures is written out.
_WRITTEN = {"percent": "{0} ÷ {1} × 100", "rate": "{0} ÷ {1} × 1,000", "change": "({1} − {0}) ÷ {0} × 100"}


def _in_brackets(node: Node, figures: Mapping[str, "Quantity | Node"]) -> str:
    words = _in_figures(node, figures)
    return f"({words})" if isinstance(node, Operation) else words


def _value_words(value: object) -> str:
    if isinstance(value, tuple):
        return "(" + ", ".join("t.b.c." if cell is None else plain(cell, 4) for cell in value) + ")"
    return plain(value, 4) if isinstance(value, Fraction) else str(value)
