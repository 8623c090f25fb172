"""The language of formulae over named figures: arithmetic, a few functions, comparisons. No eval, no loops, no files.

``alarms / properties * 100``, ``percent(alarms, properties)``, ``months(start, end)``, ``a + b <= total``,
``annual * sum(1/1.035^t, t=1..5) / cost``. Two results are parted by ``;``. Numbers are exact fractions, so that
rounding is decided by arithmetic and not by how a machine stores a tenth. ``docs/claims.md`` lists the functions.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from frankpledge.analysis.claims.units import NUMBER, PERCENT, PERIOD_WORDS, Unit, combined, common, read_unit
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.wording import Phrase

LONGEST = 400  # characters of a formula
DEEPEST = 30  # brackets inside brackets
MOST_TERMS = 1_000  # of a series
LARGEST_POWER = 1_000
LONGEST_NUMBER = 50_000  # binary digits of a number's upper or lower part
MOST_STEPS = 50_000  # of one formula with the series and the figures' own formulae in it
LONGEST_CHAIN = 60  # figures worked out from figures

Number = Fraction | None
Value = Fraction | tuple[Number, ...] | str | None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its unit. ``complete`` is False when something in it was still to be confirmed.

    A tuple is a row of numbers (quarters, columns); None in it is a cell without a figure. Text is a month or a word.
    ``to_society`` is True when any money in it is a cost to society rather than cash.
    """

    value: Value
    unit: Unit | None = None
    complete: bool = True
    to_society: bool = False


# --- words to tokens

_TOKEN = re.compile(
    r"\s*(?:(?P<number>£?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?)|(?P<name>[^\W\d]\w*(?:-[^\W\d]\w*)*)|(?P<sign><=|>=|\.\.|[-+*/^×÷−=<>(),;])|(?P<bad>\S))"
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def _tokens(formula: str) -> list[_Token]:
    if len(formula) > LONGEST:
        raise CannotCompute(Phrase("A formula has at most {most} characters.", most=str(LONGEST)))
    found: list[_Token] = []
    for match in _TOKEN.finditer(formula):
        kind = match.lastgroup
        if kind is None:
            continue
        text = match[kind]
        if kind == "bad":
            raise CannotCompute(Phrase("“{sign}” has no meaning in a formula.", sign=text))
        if kind == "name" and "-" in text and text not in PERIOD_WORDS:
            found.extend(_parted(text))
            continue
        found.append(_Token(kind, {"×": "*", "÷": "/", "−": "-"}.get(text, text)))
    return found


def _parted(text: str) -> Iterator[_Token]:
    """``a-b`` is one taken from another: only words for periods (half-years) hold a hyphen."""
    for i, part in enumerate(text.split("-")):
        if i:
            yield _Token("sign", "-")
        yield _Token("name", part)


# --- tokens to a tree


@dataclass(frozen=True, slots=True)
class Literal:
    """A number in the formula; ``period`` is the word behind it, as in ``10 half-years``."""

    value: Fraction
    period: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A figure by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """``left sign right``."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; a series has ``counter`` running over ``first`` to ``last``."""

    function: str
    arguments: tuple["Node", ...]
    counter: str = ""
    first: "Node | None" = None
    last: "Node | None" = None


Node = Literal | Name | Operation | Call
COMPARISONS = frozenset({"=", "<", ">", "<=", ">="})


class _Parser:
    def __init__(self, formula: str) -> None:
        self.formula = formula
        self.tokens = _tokens(formula)
        self.at = 0
        self.depth = 0

    def parts(self) -> tuple[Node, ...]:
        found = [self._comparison()]
        while self._take(";"):
            found.append(self._comparison())
        if self.at < len(self.tokens):
            raise self._unexpected()
        return tuple(found)

    def _comparison(self) -> Node:
        left = self._sum()
        token = self._peek()
        if token is not None and token.text in COMPARISONS:
            self.at += 1
            return Operation(token.text, left, self._sum())
        return left

    def _sum(self) -> Node:
        left = self._product()
        while (token := self._peek()) is not None and token.text in {"+", "-"}:
            self.at += 1
            left = Operation(token.text, left, self._product())
        return left

    def _product(self) -> Node:
        left = self._signed()
        while (token := self._peek()) is not None:
            if token.text in {"*", "/"}:
                self.at += 1
                left = Operation(token.text, left, self._signed())
            elif token.text == "(":
                # (1-a)(1-b): two brackets side by side are multiplied, as on paper.
                left = Operation("*", left, self._signed())
            else:
                break
        return left

    def _signed(self) -> Node:
        if self._take("-"):
            return Operation("-", Literal(Fraction(0)), self._signed())
        base = self._atom()
        return Operation("^", base, self._signed()) if self._take("^") else base

    def _atom(self) -> Node:
        token = self._peek()
        if token is None:
            raise CannotCompute(Phrase("The formula “{formula}” stops too early.", formula=self.formula))
        self.at += 1
        if token.kind == "number":
            value = Fraction(Decimal(token.text.replace(",", "").lstrip("£")))
            after = self._peek()
            if after is not None and after.text in PERIOD_WORDS:
                self.at += 1
                return Literal(value, after.text)
            return Literal(value)
        if token.text == "(":
            return self._bracket()
        if token.kind == "name":
            after = self._peek()
            return self._call(token.text) if after is not None and after.text == "(" else Name(token.text)
        self.at -= 1
        raise self._unexpected()

    def _bracket(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise CannotCompute(Phrase("A formula has at most {most} brackets inside one another.", most=str(DEEPEST)))
        inside = self._sum()
        if not self._take(")"):
            raise CannotCompute(Phrase("A bracket in “{formula}” is not closed.", formula=self.formula))
        self.depth -= 1
        return inside

    def _call(self, function: str) -> Node:
        if function not in FUNCTIONS:
            raise CannotCompute(
                Phrase(
                    "“{name}” is no function. There are: {all}.",
                    name=function,
                    all=", ".join(sorted(FUNCTIONS)),
                )
            )
        self.at += 1  # the bracket
        arguments = [self._sum()]
        counter, first, last = "", None, None
        while self._take(","):
            if function == "sum" and self._starts_series():
                counter, first, last = self._series()
                break
            arguments.append(self._sum())
        if not self._take(")"):
            raise CannotCompute(Phrase("A bracket in “{formula}” is not closed.", formula=self.formula))
        return Call(function, tuple(arguments), counter, first, last)

    def _starts_series(self) -> bool:
        return self.at + 1 < len(self.tokens) and self.tokens[self.at + 1].text == "="

    def _series(self) -> tuple[str, Node, Node]:
        counter = self.tokens[self.at].text
        self.at += 2
        first = self._sum()
        if not self._take(".."):
            raise CannotCompute(Phrase("A series says from where to where, as in t=1..5."))
        return counter, first, self._sum()

    def _peek(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _take(self, text: str) -> bool:
        token = self._peek()
        if token is None or token.text != text:
            return False
        self.at += 1
        return True

    def _unexpected(self) -> CannotCompute:
        token = self.tokens[self.at]
        return CannotCompute(
            Phrase("The formula “{formula}” cannot be read at “{at}”.", formula=self.formula, at=token.text)
        )


@lru_cache(maxsize=4096)
def parse(formula: str) -> tuple[Node, ...]:
    """The formula as trees, one for each part between semicolons. Raises CannotCompute with what cannot be read."""
    if not formula.strip():
        raise CannotCompute(Phrase("There is no formula."))
    return _Parser(formula).parts()


def names_in(node: Node) -> frozenset[str]:
    """The figures a tree asks for."""
    if isinstance(node, Name):
        return frozenset({node.name})
    if isinstance(node, Operation):
        return names_in(node.left) | names_in(node.right)
    if isinstance(node, Call):
        inside = frozenset().union(*(names_in(argument) for argument in node.arguments))
        for end in (node.first, node.last):
            inside |= names_in(end) if end is not None else frozenset()
        return inside - {node.counter}
    return frozenset()


# --- a tree to a value

Figures = Mapping[str, "Quantity | Node"]


def evaluate(node: Node, figures: Figures) -> Quantity:
    """The value of a tree over ``figures``: name to a quantity, or to the tree of a figure that has a formula itself.

    A name may be shortened while only one figure begins with it. Raises CannotCompute, in one sentence, for an unknown
    name, a circle, a division by nothing, and units that do not belong together.
    """
    return _evaluate(node, figures, (), _Steps())


class _Steps:
    """How much work one formula has been: a short one can ask for a thousand thousand sums."""

    def __init__(self) -> None:
        self.left = MOST_STEPS

    def take(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise CannotCompute(Phrase("The formula asks for more than {most} steps.", most=f"{MOST_STEPS:,}"))


def _evaluate(node: Node, figures: Figures, asked: tuple[str, ...], steps: _Steps) -> Quantity:
    steps.take()
    if isinstance(node, Literal):
        return Quantity(node.value)
    if isinstance(node, Name):
        return _named(node.name, figures, asked, steps)
    if isinstance(node, Call):
        return _called(node, figures, asked, steps)
    left, right = _evaluate(node.left, figures, asked, steps), _evaluate(node.right, figures, asked, steps)
    return operate(node.sign, left, right)


def full_name(name: str, figures: Mapping[str, object]) -> str:
    """The name of the one figure meant. Raises CannotCompute for none, or for more than one."""
    if name in figures:
        return name
    meant = [other for other in figures if other.startswith(name)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise CannotCompute(
            Phrase("“{name}” could be {all}: write the whole name.", name=name, all=", ".join(sorted(meant)))
        )
    raise CannotCompute(Phrase("No figure is called “{name}”.", name=name))


def _named(name: str, figures: Figures, asked: tuple[str, ...], steps: _Steps) -> Quantity:
    full = full_name(name, figures)
    if full in asked:
        circle = " → ".join((*asked[asked.index(full) :], full))
        raise CannotCompute(Phrase("The formulae go round in a circle: {circle}.", circle=circle))
    if len(asked) >= LONGEST_CHAIN:
        raise CannotCompute(
            Phrase("More than {most} figures are worked out one from another.", most=str(LONGEST_CHAIN))
        )
    found = figures[full]
    return found if isinstance(found, Quantity) else _evaluate(found, figures, (*asked, full), steps)


def operate(sign: str, left: Quantity, right: Quantity) -> Quantity:
    """``left sign right``, cell by cell where a side is a row."""
    if sign in {"+", "-"}:
        unit = common(left.unit, right.unit, "added" if sign == "+" else "taken from one another")
    elif sign in COMPARISONS:
        unit = common(left.unit, right.unit, "compared")
    else:
        unit = combined(left.unit, right.unit, 1 if sign == "*" else -1) if sign != "^" else None
    value, missing = _cell_by_cell(sign, left.value, right.value)
    return Quantity(value, unit, left.complete and right.complete and not missing, left.to_society or right.to_society)


def _cell_by_cell(sign: str, left: Value, right: Value) -> tuple[Value, bool]:
    if isinstance(left, tuple) or isinstance(right, tuple):
        length = len(left) if isinstance(left, tuple) else len(right)  # type: ignore[arg-type]
        if isinstance(left, tuple) and isinstance(right, tuple) and len(left) != len(right):
            raise CannotCompute(
                Phrase("A row of {a} and a row of {b} do not fit together.", a=str(len(left)), b=str(len(right)))
            )
        lefts = left if isinstance(left, tuple) else (left,) * length
        rights = right if isinstance(right, tuple) else (right,) * length
        cells = [_of_cells(sign, a, b) for a, b in zip(lefts, rights, strict=True)]
        return tuple(cells), any(a is None or b is None for a, b in zip(lefts, rights, strict=True))
    return _of_cells(sign, left, right), left is None or right is None


def _of_cells(sign: str, left: object, right: object) -> Number:
    if isinstance(left, str) or isinstance(right, str):
        raise CannotCompute(Phrase("“{text}” is not a number.", text=left if isinstance(left, str) else str(right)))
    assert left is None or isinstance(left, Fraction)
    assert right is None or isinstance(right, Fraction)
    if left is None or right is None:
        # A cell without a figure adds nothing and is said to be missing; nothing can be multiplied by it.
        return (left if left is not None else right) if sign == "+" else left if sign == "-" else None
    return _short(_SIGNS[sign](left, right))


def _short(value: Fraction) -> Fraction:
    """The number itself. Raises CannotCompute for one so long that reckoning with it would take minutes."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > LONGEST_NUMBER:
        raise CannotCompute(Phrase("A number in the formula is too long."))
    return value


def _divided(left: Fraction, right: Fraction) -> Fraction:
    if right == 0:
        raise CannotCompute(Phrase("The formula divides by nought."))
    return left / right


def _raised(left: Fraction, right: Fraction) -> Fraction:
    length = max(left.numerator.bit_length(), left.denominator.bit_length())
    if abs(right) > LARGEST_POWER or (right.denominator == 1 and length * abs(right) > LONGEST_NUMBER):
        raise CannotCompute(Phrase("A power in the formula is too large."))
    if left == 0 and right < 0:
        raise CannotCompute(Phrase("The formula divides by nought."))
    if right.denominator == 1:
        return left**right.numerator
    if left < 0:
        raise CannotCompute(Phrase("A root of a number below nought cannot be taken."))
    return Fraction(float(left) ** float(right)).limit_denominator(10**12)


_SIGNS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divided,
    "^": _raised,
}


# --- functions


def _called(node: Call, figures: Figures, asked: tuple[str, ...], steps: _Steps) -> Quantity:
    if node.counter and node.first is not None and node.last is not None:
        return _series_sum(node, figures, asked, steps)
    return FUNCTIONS[node.function]([_evaluate(argument, figures, asked, steps) for argument in node.arguments])


def _series_sum(node: Call, figures: Figures, asked: tuple[str, ...], steps: _Steps) -> Quantity:
    assert node.first is not None and node.last is not None
    first = _number(_evaluate(node.first, figures, asked, steps), "sum")
    last = _number(_evaluate(node.last, figures, asked, steps), "sum")
    if first.denominator != 1 or last.denominator != 1 or not 0 <= last - first < MOST_TERMS:
        raise CannotCompute(Phrase("A series runs over whole numbers, at most {most} of them.", most=f"{MOST_TERMS:,}"))
    total = Quantity(Fraction(0))
    for i in range(int(first), int(last) + 1):
        total = operate(
            "+", total, _evaluate(node.arguments[0], {**figures, node.counter: Quantity(Fraction(i))}, asked, steps)
        )
    return total


def _number(quantity: Quantity, function: str) -> Fraction:
    if not isinstance(quantity.value, Fraction):
        raise CannotCompute(Phrase("{function}() needs one number.", function=function))
    return quantity.value


def _needs(count: int, function: str, given: Sequence[Quantity]) -> None:
    if len(given) != count:
        raise CannotCompute(
            Phrase(
                "{function}() needs {count} figures and has {given}.",
                function=function,
                count=str(count),
                given=str(len(given)),
            )
        )


def cells_of(given: Sequence[Quantity]) -> tuple[list[Number], Unit | None]:
    """All cells of several quantities, and the one unit they share."""
    unit: Unit | None = None
    cells: list[Number] = []
    for quantity in given:
        unit = common(unit, quantity.unit, "added")
        if isinstance(quantity.value, str):
            raise CannotCompute(Phrase("“{text}” is not a number.", text=quantity.value))
        cells.extend(quantity.value if isinstance(quantity.value, tuple) else (quantity.value,))
    return cells, unit


def total(given: Sequence[Quantity]) -> Quantity:
    """The sum of all cells; cells without a figure make it incomplete."""
    cells, unit = cells_of(given)
    known = [cell for cell in cells if cell is not None]
    complete = len(known) == len(cells) and all(quantity.complete for quantity in given)
    return Quantity(sum(known, Fraction(0)), unit, complete, any(quantity.to_society for quantity in given))


def _mean(given: Sequence[Quantity]) -> Quantity:
    cells, _ = cells_of(given)
    whole = total(given)
    known = sum(cell is not None for cell in cells)
    return replace(whole, value=_divided(_number(whole, "mean"), Fraction(known)))


def _extreme(pick: Callable[[list[Fraction]], Fraction]) -> Callable[[Sequence[Quantity]], Quantity]:
    def found(given: Sequence[Quantity]) -> Quantity:
        cells, unit = cells_of(given)
        known = [cell for cell in cells if cell is not None]
        if not known:
            raise CannotCompute(Phrase("There is no figure to choose from."))
        return Quantity(pick(known), unit, len(known) == len(cells))

    return found


def _count(given: Sequence[Quantity]) -> Quantity:
    return Quantity(Fraction(sum(len(q.value) if isinstance(q.value, tuple) else 1 for q in given)), NUMBER)


def _percent(given: Sequence[Quantity]) -> Quantity:
    """``percent(part, whole)``."""
    _needs(2, "percent", given)
    share = operate("*", operate("/", given[0], given[1]), Quantity(Fraction(100)))
    return replace(share, unit=PERCENT)


def _rate(given: Sequence[Quantity]) -> Quantity:
    """``rate(count, base)`` per 1,000, or ``rate(count, base, 100)``."""
    if len(given) not in {2, 3}:
        _needs(3, "rate", given)
    per = _number(given[2], "rate") if len(given) == 3 else Fraction(1000)
    found = operate("*", operate("/", given[0], given[1]), Quantity(per))
    bases = found.unit.bases if found.unit is not None else ()
    return replace(found, unit=Unit(bases, int(per)) if given[1].unit is not None else None)


def _change(given: Sequence[Quantity]) -> Quantity:
    """``change(before, after)`` in per cent of before."""
    _needs(2, "change", given)
    moved = operate("-", given[1], given[0])
    return replace(operate("*", operate("/", moved, given[0]), Quantity(Fraction(100))), unit=PERCENT)


def _compound(given: Sequence[Quantity]) -> Quantity:
    """``compound(-24, -10)``: changes in per cent, one after another, as one change in per cent."""
    cells, _ = cells_of(given)
    factor = Fraction(1)
    for cell in cells:
        if cell is None:
            raise CannotCompute(Phrase("A change is missing, so the changes cannot be compounded."))
        factor *= 1 + cell / 100
    return Quantity((factor - 1) * 100, PERCENT)


def _yearly(given: Sequence[Quantity]) -> Quantity:
    """``yearly(change, years)``: the same change every year that makes this change over the years, in per cent."""
    _needs(2, "yearly", given)
    change, years = _number(given[0], "yearly"), _number(given[1], "yearly")
    return Quantity((_raised(1 + change / 100, _divided(Fraction(1), years)) - 1) * 100, PERCENT)


def month_of(quantity: Quantity) -> Month:
    """The month a quantity names. Raises CannotCompute for anything else."""
    text = quantity.value
    try:
        return Month.parse(text[:7]) if isinstance(text, str) else Month.parse("")
    except ValueError as error:
        raise CannotCompute(Phrase("“{text}” is not a month such as 2003-04.", text=str(text))) from error


def months_between(given: Sequence[Quantity]) -> Quantity:
    """``months(first, last)``, both counted."""
    _needs(2, "months", given)
    first, last = month_of(given[0]), month_of(given[1])
    if last < first:
        raise CannotCompute(Phrase("{last} is before {first}.", last=last, first=first))
    return Quantity(Fraction(last.number - first.number + 1), read_unit("months"))


def nearest(value: Fraction, step: Fraction) -> Fraction:
    """To the nearest step, halves away from nought, as people round."""
    scaled = abs(value) / step
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return (whole if value >= 0 else -whole) * step


def _round(given: Sequence[Quantity]) -> Quantity:
    """``round(value)`` to whole numbers, ``round(value, 10)`` to the nearest ten."""
    step = _number(given[1], "round") if len(given) == 2 else Fraction(1)
    if len(given) > 2 or step <= 0:
        raise CannotCompute(Phrase("round() needs a figure and what to round it to."))
    return replace(given[0], value=nearest(_number(given[0], "round"), step))


def _abs(given: Sequence[Quantity]) -> Quantity:
    _needs(1, "abs", given)
    return replace(given[0], value=abs(_number(given[0], "abs")))


FUNCTIONS: dict[str, Callable[[Sequence[Quantity]], Quantity]] = {
    "abs": _abs,
    "change": _change,
    "compound": _compound,
    "count": _count,
    "max": _extreme(max),
    "mean": _mean,
    "min": _extreme(min),
    "months": months_between,
    "percent": _percent,
    "rate": _rate,
    "round": _round,
    "sum": total,
    "yearly": _yearly,
}
