"""What a claim, a figure and a document are, for checking. Plain values: where they come from is not this module's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from frankpledge.vocabulary.periods import MonthSpan
from frankpledge.vocabulary.wording import Phrase


class Verdict(StrEnum):
    """What the recomputation says of a claim."""

    AGREES = "agrees"
    ROUNDING = "rounding"
    CONFLICT = "conflict"
    CANNOT = "cannot be checked"
    DERIVED = "derived"


class FindingKind(StrEnum):
    """What is wrong between claims, or around them."""

    TWO_VALUES = "one quantity, two values"
    TWO_DENOMINATORS = "two denominators"
    OTHER_POPULATION = "a rate implies another population"
    NO_SUCH_SHARE = "percentages no number of answers can give"
    UNEQUAL_PERIODS = "unequal periods compared"
    BASE_NOT_STATED = "base not stated"
    SAME_ROW_TWICE = "the same row twice"
    POLARITY = "wanted both more and fewer"
    IMPOSSIBLE_DATE = "impossible date"
    BEFORE_START = "due before the plan starts"
    ADDED_CHANGES = "compound changes wrongly added"
    SOCIETY_AS_CASH = "cost to society called cash"
    SWAPPED = "labels suspected of being swapped"
    SAME_QUESTION = "one question printed twice"
    OTHER_SURVEY = "two surveys side by side"
    TARGET_WITHOUT_BASELINE = "percentage target without a baseline"
    NO_TARGET = "direction without a target"
    DOES_NOT_FOOT = "sums that do not foot"
    INCOMPLETE = "cells to be confirmed"
    UPLIFT = "uplift detected"
    AMBIGUOUS_TOTAL = "periods that must not be summed"


# These hold publication back until they are explained; the rest is said and does not.
CONFLICTS = frozenset(
    {
        FindingKind.TWO_VALUES,
        FindingKind.TWO_DENOMINATORS,
        FindingKind.OTHER_POPULATION,
        FindingKind.NO_SUCH_SHARE,
        FindingKind.UNEQUAL_PERIODS,
        FindingKind.SAME_ROW_TWICE,
        FindingKind.POLARITY,
        FindingKind.IMPOSSIBLE_DATE,
        FindingKind.ADDED_CHANGES,
        FindingKind.SOCIETY_AS_CASH,
        FindingKind.SWAPPED,
        FindingKind.SAME_QUESTION,
        FindingKind.TARGET_WITHOUT_BASELINE,
        FindingKind.DOES_NOT_FOOT,
    }
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One input. ``value``: a number, a row with None for what is to be confirmed, or text (a month, a date).

    ``quantity`` names what is measured, so that two figures of one quantity, period and place must be equal.
    ``numerator`` names the figure a rate was made from and ``per`` its scale; ``answers`` is how many were asked.
    ``cost`` is "society" or "cash".
    """

    name: str
    value: Any = None
    unit: str = ""
    quantity: str = ""
    period: MonthSpan | None = None
    place: str = ""
    base: str = ""
    source: str = ""
    where: str = ""
    numerator: str = ""
    per: int | None = None
    answers: int | None = None
    question: str = ""
    survey: str = ""
    cost: str = ""
    formula: str = ""
    counts: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """One way to recompute a claim, with what it rests on in words: ``for 15 months``."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """Words, where they stand, the value they state, and how it would follow from the figures.

    ``stated`` is None where no figure is printed; a list states several values. ``cost`` says what the words call a
    sum of money. ``figures`` are its own inputs, beside those of its document.
    """

    key: str
    words: str
    document: str = ""
    where: str = ""
    stated: Any = None
    rounding: float | None = None
    unit: str = ""
    cost: str = ""
    formulae: tuple[Formula, ...] = ()
    figures: tuple[Figure, ...] = ()
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Recomputed:
    """One formula worked out. ``sum_words`` is the formula with its figures in: ``12 ÷ 68 × 100``."""

    formula: str
    label: str
    sum_words: str
    value: Fraction | tuple[Fraction | None, ...] | str
    complete: bool
    fits: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim with its verdict, the reason in a sentence, and what would make it true."""

    claim: Claim
    verdict: Verdict
    why: Phrase
    results: tuple[Recomputed, ...] = ()
    allowed: tuple[Fraction, Fraction] | None = None
    needs: tuple[Phrase, ...] = ()
    doubts: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong across a document, in a sentence, and the claims, figures or rows it touches."""

    kind: FindingKind
    sentence: Phrase
    touches: tuple[str, ...] = ()

    @property
    def is_conflict(self) -> bool:
        """Whether it holds publication back."""
        return self.kind in CONFLICTS

    @property
    def key(self) -> str:
        """Stable for the same trouble: what a signed explanation is tied to."""
        return f"{self.kind}:{':'.join(self.touches)}"


@dataclass(frozen=True, slots=True)
class Target:
    """A wish with a direction: ``wants`` "more" or "less"; ``change`` in per cent or ``value`` as a level."""

    key: str
    words: str
    wants: str = ""
    subject: str = ""
    change: float | None = None
    value: float | None = None
    baseline: str = ""
    due: str = ""
    ends_at: float | None = None
    current: float | None = None


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One row of an action list, as printed: ``due`` keeps the source's words."""

    key: str
    title: str
    lead: str = ""
    output: str = ""
    funder: str = ""
    due: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One line of a budget by ``columns``; None is a cell to be confirmed. ``total_of`` names the rows it adds up."""

    name: str
    cells: tuple[Fraction | None, ...]
    total_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MoneyTable:
    """A budget. ``sums``: column number to the columns it adds up."""

    key: str
    name: str
    columns: tuple[str, ...]
    rows: tuple[MoneyRow, ...]
    sums: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClaimDocument:
    """Everything one publication says, for the checks that look across it."""

    key: str
    title: str
    figures: tuple[Figure, ...] = ()
    claims: tuple[Claim, ...] = ()
    targets: tuple[Target, ...] = ()
    actions: tuple[PlannedAction, ...] = ()
    money: tuple[MoneyTable, ...] = ()
    starts: str = ""


@dataclass(frozen=True, slots=True)
class DocumentCheck:
    """A document after checking."""

    document: ClaimDocument
    checked: tuple[Checked, ...]
    findings: tuple[Finding, ...]

    @property
    def conflicts(self) -> tuple[str, ...]:
        """Keys of everything that holds publication back: claims first, then findings."""
        claims = [one.claim.key for one in self.checked if one.verdict is Verdict.CONFLICT]
        return (*claims, *(finding.key for finding in self.findings if finding.is_conflict))

    def of(self, verdict: Verdict) -> tuple[Checked, ...]:
        """The claims of one verdict."""
        return tuple(one for one in self.checked if one.verdict is verdict)
