"""When one count is printed with two values: which whole counts each statement allows, and what each count would make.

A statement that uses the count is turned round: every whole number near the printed ones is put in its place, and those
that give what the words say are kept. Nothing is fitted; it is arithmetic over whole numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from frankpledge.analysis.claims.checking import Figures, quantity_of
from frankpledge.analysis.claims.claims import Claim, ClaimDocument, Figure, Finding, FindingKind
from frankpledge.analysis.claims.language import Node, Quantity, evaluate, full_name, names_in, parse
from frankpledge.analysis.claims.stated import read_stated
from frankpledge.vocabulary.errors import CannotCompute

REACH = Fraction(1, 20)  # beyond the printed values, on both sides
MOST_COUNTS = 2_000
MOST_CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence about the count: ``allowed`` whole numbers, and ``printed`` where it prints the count itself."""

    key: str
    words: str
    allowed: tuple[int, ...]
    printed: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A count, what it makes of each claim, and whether the words say so, in the order of ``Unsettled.claims``."""

    count: int
    values: tuple[Fraction, ...]
    fits: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Unsettled:
    """One quantity with two printed values."""

    quantity: str
    names: tuple[str, ...]
    statements: tuple[Statement, ...]
    claims: tuple[Claim, ...]
    candidates: tuple[Candidate, ...]


def unsettled(document: ClaimDocument, findings: Sequence[Finding]) -> list[Unsettled]:
    """Every count of the document that is printed with two values, set against the claims that use it."""
    found = []
    for finding in findings:
        if finding.kind is FindingKind.TWO_VALUES:
            figures = [figure for figure in document.figures if figure.name in finding.touches]
            if all(isinstance(figure.value, int) and figure.unit not in {"%", "£"} for figure in figures):
                found.append(_unsettled(document, figures))
    return found


def _unsettled(document: ClaimDocument, figures: Sequence[Figure]) -> Unsettled:
    names = tuple(figure.name for figure in figures)
    shared = {figure.name: figure for figure in document.figures}
    users = [(claim, node) for claim in document.claims if (node := _user(claim, shared, names)) is not None]
    printed = [figure.value for figure in figures]
    low, high = floor(min(printed) * (1 - REACH)), ceil(max(printed) * (1 + REACH))
    reach = range(low, min(high, low + MOST_COUNTS) + 1)
    statements, claims, at = [], [], {}
    for claim, node in users:
        values = {count: _value(claim, node, shared, names, count) for count in reach}
        stated = read_stated(claim.stated, claim.words, claim.rounding)
        allowed = tuple(count for count, value in values.items() if stated.fits(value))
        claims.append(claim)
        at[claim.key] = (values, set(allowed))
        if allowed:
            statements.append(Statement(claim.key, claim.words, allowed))
    statements += [Statement(figure.name, figure.where, (), int(figure.value)) for figure in figures]
    likely = sorted({*printed, *(count for one in statements for count in one.allowed)})
    best = sorted(likely, key=lambda count: (-sum(count in at[c.key][1] for c in claims), count not in printed))
    candidates = [
        Candidate(
            count,
            tuple(at[claim.key][0][count] for claim in claims),
            tuple(count in at[claim.key][1] for claim in claims),
        )
        for count in sorted({*best[:1], *printed})[:MOST_CANDIDATES]
    ]
    return Unsettled(figures[0].quantity, names, tuple(statements), tuple(claims), tuple(candidates))


def _user(claim: Claim, shared: Mapping[str, Figure], names: Sequence[str]) -> Node | None:
    """The first sum of a claim with a printed number that the count enters, with nothing unknown in it."""
    if not isinstance(claim.stated, int | float):
        return None
    own = Figures(claim.figures, shared)
    for formula in claim.formulae:
        try:
            node = parse(formula.text)[0]
            asked = {full_name(name, own) for name in names_in(node)}
            if asked & set(names) and isinstance(evaluate(node, own).value, Fraction):
                read_stated(claim.stated, claim.words, claim.rounding)
                return node
        except CannotCompute:
            continue
    return None


def _value(claim: Claim, node: Node, shared: Mapping[str, Figure], names: Sequence[str], count: int) -> Fraction:
    own = Figures(claim.figures, shared)
    moved = {name: own[name] for name in own}
    for name in names:
        before = quantity_of(shared[name])
        unit = before.unit if isinstance(before, Quantity) else None
        moved[name] = Quantity(Fraction(count), unit)
    value = evaluate(node, moved).value
    assert isinstance(value, Fraction)
    return value
