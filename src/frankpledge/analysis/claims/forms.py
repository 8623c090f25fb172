"""Questions that are not sums: named forms a claim may use in place of a formula.

Each answers with values and whether the stated value holds, or with why that cannot be said. ``docs/claims.md`` lists
the names. A form sees the claim's figures and words, and the other claims of its document where rows name them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from frankpledge.analysis.claims.claims import Claim
from frankpledge.analysis.claims.language import Quantity, month_of, months_between, nearest, total
from frankpledge.analysis.claims.stated import Stated, plain, read_stated
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase

Answer = Fraction | str | tuple[Fraction | None, ...] | None
FEWEST_ANSWERS = 10  # below this, any percentage can be some share


@dataclass(frozen=True, slots=True)
class Outcome:
    """``holds``: True, False, or None to let the stated value decide. ``nearly``: true to a kind reader only."""

    value: Answer
    holds: bool | None = None
    why: Phrase | None = None
    nearly: bool = False
    complete: bool = True
    needs: tuple[Phrase, ...] = ()
    cannot: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form may look at."""

    claim: Claim
    figures: Mapping[str, Quantity]
    others: Sequence[Claim]

    def one(self, name: str) -> Quantity:
        """The figure of that name. Raises CannotCompute without it."""
        if name not in self.figures:
            raise CannotCompute(Phrase("No figure is called “{name}”.", name=name))
        return self.figures[name]

    def number(self, name: str) -> Fraction:
        """The number of that name."""
        value = self.one(name).value
        if not isinstance(value, Fraction):
            raise CannotCompute(Phrase("“{name}” is not one number.", name=name))
        return value

    def numbers(self) -> list[Fraction]:
        """Every number given, rows taken apart."""
        found: list[Fraction] = []
        for quantity in self.figures.values():
            cells = quantity.value if isinstance(quantity.value, tuple) else (quantity.value,)
            found.extend(cell for cell in cells if isinstance(cell, Fraction))
        return found


def find(text: str) -> Callable[[Asked], Outcome] | None:
    """The form of that name, or None for a text that is a formula."""
    name = " ".join(text.lower().split())
    if name in _FORMS:
        return _FORMS[name]
    return next((form for pattern, form in _PATTERNS if pattern.fullmatch(name)), None)


# --- sums and months


def _sum(asked: Asked) -> Outcome:
    found = total(list(asked.figures.values()))
    return Outcome(found.value, complete=found.complete)


def _sum_is_year(asked: Asked) -> Outcome:
    """Quarterly cells that repeat the year are yearly rates: they may stand beside it, they must not be added up."""
    return Outcome(
        _sum(asked).value,
        why=Phrase(
            "The cells add up to {sum}: they are yearly rates and must not be summed.",
            sum=plain(_figure(_sum(asked).value)),
        ),
    )


def _product(asked: Asked) -> Outcome:
    if {"lo", "hi"} <= set(asked.figures):
        rest = Fraction(1)
        for name, quantity in asked.figures.items():
            if name not in {"lo", "hi"}:
                rest *= _figure(quantity.value)
        return Outcome((asked.number("lo") * rest, asked.number("hi") * rest))
    found = Fraction(1)
    for number in asked.numbers():
        found *= number
    return Outcome(found)


def _months(asked: Asked) -> Outcome:
    return Outcome(months_between([asked.one("start"), asked.one("end")]).value)


def _date(asked: Asked) -> Outcome:
    return Outcome(str(month_of(asked.one("start")) + int(asked.number("months"))))


def _steps(asked: Asked) -> Outcome:
    cells = asked.numbers()
    falls = [before - after for before, after in zip(cells, cells[1:], strict=False)]
    return Outcome((*falls, (cells[0] - cells[-1]) / cells[0] * 100))


def _count(asked: Asked) -> Outcome:
    counts = asked.numbers()
    if len(set(counts)) == 1:
        return Outcome(counts[0])
    said = {name: plain(_figure(quantity.value)) for name, quantity in asked.figures.items()}
    words = Phrase("{all} for one list.", all=", ".join(f"{name} {count}" for name, count in said.items()))
    return Outcome(counts[-1], holds=False, why=words)


def _columns(asked: Asked) -> Outcome:
    """The rows named by the claim, found among the document's other claims, added up column by column."""
    rows = asked.one("rows").value
    names = rows.split("|") if isinstance(rows, str) else []
    kind = {word for word in ("funding", "expenditure", "capital", "revenue") if word in asked.claim.words.lower()}
    columns: list[list[Fraction | None]] = []
    for name in names:
        columns.append(_row_of(name, kind, asked.others))
    return Outcome(tuple(sum((row[i] or Fraction(0) for row in columns), Fraction(0)) for i in range(len(columns[0]))))


def _row_of(name: str, kind: set[str], others: Sequence[Claim]) -> list[Fraction | None]:
    """Quarters, their sum, the later years, and the sum of all years, of one row."""
    cells: dict[str, list[Fraction | None]] = {}
    for other in others:
        head, _, rest = other.words.partition(": ")
        if rest.startswith(f"{name} row ") and kind <= set(head.lower().split()):
            for figure in other.figures:
                cells[figure.name] = [None if cell is None else Fraction(str(cell)) for cell in figure.value]
    if not {"quarters", "years"} <= set(cells):
        raise CannotCompute(Phrase("The row “{name}” is not among the claims.", name=name))
    years = cells["years"]
    return [*cells["quarters"], *years, sum((year or Fraction(0) for year in years), Fraction(0))]


# --- whole people


def whole_counts(percent: Stated, of: int) -> list[int]:
    """The whole numbers of ``of`` answers that the printed percentage allows."""
    low, high = percent.strict_range
    first, last = ceil(low * of / 100), floor(high * of / 100)
    return [count for count in range(max(0, first), min(of, last) + 1) if percent.fits(Fraction(100 * count, of))]


def possible_numbers(percents: Sequence[Stated], most: int) -> list[int]:
    """The numbers of answers, up to ``most``, that can give all the printed percentages."""
    return [of for of in range(FEWEST_ANSWERS, most + 1) if all(whole_counts(percent, of) for percent in percents)]


def _whole_of_each(asked: Asked) -> Outcome:
    of = int(asked.number("n"))
    cells = asked.one("percents").value
    assert isinstance(cells, tuple)
    percents = [read_stated(str(cell), asked.claim.words) for cell in cells if cell is not None]
    impossible = [percent for percent in percents if not whole_counts(percent, of)]
    if not impossible:
        return Outcome(tuple(Fraction(100 * whole_counts(percent, of)[0], of) for percent in percents), holds=True)
    return Outcome(None, holds=False, why=impossible_words(impossible, of), needs=possible_words(percents, of))


def impossible_words(impossible: Sequence[Stated], of: int) -> Phrase:
    """Why percentages cannot come from ``of`` answers."""
    said = tuple(f"{plain(percent.value)} %" for percent in impossible)
    return Phrase("No whole number of {of} gives {percents}.", of=str(of), percents=said)


def possible_words(percents: Sequence[Stated], of: int) -> tuple[Phrase, ...]:
    """Which numbers of answers would do."""
    fits = possible_numbers(percents, of)
    if not fits:
        return ()
    return (
        Phrase(
            "{numbers} answers would give all of them: print how many answered.", numbers=" or ".join(map(str, fits))
        ),
    )


def _nearest_whole(asked: Asked) -> Outcome:
    of = asked.number("total")
    stated = read_stated(str(asked.claim.stated), asked.claim.words)
    count = nearest(stated.value * of / 100, Fraction(1))
    share = count / of * 100
    fits, nearly = stated.fits(share), stated.nearly_fits(share)
    why = Phrase(
        "{count} of {of} is {share} %, and {more} of {of} is {next} %.",
        count=plain(count),
        of=plain(of),
        share=plain(share, 1),
        more=plain(count + 1),
        next=plain((count + 1) / of * 100, 1),
    )
    return Outcome(share, holds=fits or nearly, nearly=nearly and not fits, why=why)


def _whole_of_rate(asked: Asked) -> Outcome:
    of = int(asked.number("n"))
    rate = read_stated(str(_plainest(asked.number("rate"))), asked.claim.words)
    counts = whole_counts(rate, of)
    if not counts:
        return Outcome(None, holds=False, why=impossible_words([rate], of))
    return Outcome(
        nearest(Fraction(100 * counts[0], of), rate.step),
        holds=True,
        why=Phrase("{count} of {of} people.", count=str(counts[0]), of=f"{of:,}"),
    )


# --- one thing said twice


def _one_value(asked: Asked) -> Outcome:
    numbers = asked.numbers()
    return Outcome(
        numbers[-1],
        holds=len(set(numbers)) == 1,
        why=Phrase("One question cannot have the answers {all}.", all=tuple(plain(number) for number in numbers)),
    )


def _one_month(asked: Asked) -> Outcome:
    """Two values under one month's name: the label of one is wrong."""
    labels = [quantity.value for quantity in asked.figures.values() if isinstance(quantity.value, str)]
    values = [Fraction(found) for found in re.findall(r"\b\d{1,3}\b", asked.claim.words)]
    stated = Fraction(str(asked.claim.stated))
    other = next((value for value in values if value != stated), None)
    if other is None or len(set(labels)) > 1:
        return Outcome(stated, holds=True)
    return Outcome(
        other,
        holds=False,
        why=Phrase(
            "{month} is given both {a} and {b}; one is another month.",
            month=str(labels[0]),
            a=plain(stated),
            b=plain(other),
        ),
    )


def _valid_year(asked: Asked) -> Outcome:
    texts = [str(quantity.value) for quantity in asked.figures.values()]
    wrong = [text for text in texts if not re.fullmatch(r"(19|20)\d\d", text)]
    if not wrong:
        return Outcome(Fraction(texts[0]), holds=True)
    return Outcome(Fraction(wrong[0]), holds=False, why=Phrase("“{text}” is no year.", text=wrong[0]))


# --- plausibility and costs

_PER = re.compile(r"per\s+([\d,]+)\s+(.+?)(?:\s+after|[.,]|$)")
LEAST_PER_HUNDRED = 1


def _plausible(asked: Asked) -> Outcome:
    value = asked.numbers()[0]
    per = _PER.search(asked.claim.words)
    if per is not None and value < LEAST_PER_HUNDRED:
        return Outcome(
            None,
            cannot=True,
            why=Phrase(
                "{value} per {per} {things} is less than one among them all: probably {value} each. Ask the owner.",
                value=plain(value),
                per=per[1],
                things=per[2],
            ),
        )
    return Outcome(None, cannot=True, why=Phrase("Nothing in the words says what would be likely."))


def _public_cash(asked: Asked) -> Outcome:
    """Whether a cost to society was called a cost to the public purse: what victims bear is not."""
    whole = next((quantity for name, quantity in asked.figures.items() if not name.startswith("of_which")), None)
    if whole is None:
        raise CannotCompute(Phrase("No total cost is given."))
    borne = sum((_figure(q.value) for name, q in asked.figures.items() if name.startswith("of_which")), Fraction(0))
    cash = _figure(whole.value) - borne
    return Outcome(
        cash,
        holds=not borne,
        why=Phrase(
            "A cost to society, not to the public purse: £{borne} of it is property stolen or damaged.",
            borne=plain(borne),
        ),
    )


def _figure(value: object) -> Fraction:
    if not isinstance(value, Fraction):
        raise CannotCompute(Phrase("“{text}” is not a number.", text=str(value)))
    return value


def _plainest(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


_FORMS: dict[str, Callable[[Asked], Outcome]] = {
    "sum": _sum,
    "sum of quarters": _sum,
    "sum of years": _sum,
    "sum of quarters = year?": _sum_is_year,
    "column sums": _columns,
    "product": _product,
    "inclusive months": _months,
    "date": _date,
    "count": _count,
    "one question, one value": _one_value,
    "two different values for one month": _one_month,
    "valid year?": _valid_year,
    "plausibility": _plausible,
    "is the total a cost to the public purse?": _public_cash,
    "whole k with k/n = rate": _whole_of_rate,
}
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[Asked], Outcome]], ...] = (
    (re.compile(r"steps .*"), _steps),
    (re.compile(r"nearest whole count/\S+\*100"), _nearest_whole),
    (re.compile(r"is there a whole k with round\(k/\S+\*100\)=p\?"), _whole_of_each),
)
