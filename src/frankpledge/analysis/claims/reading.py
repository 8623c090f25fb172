"""Claims and documents from plain JSON values: our own shape, and the shape of a bare list of claims."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from frankpledge.analysis.claims.claims import (
    Claim,
    ClaimDocument,
    Figure,
    Formula,
    MoneyRow,
    MoneyTable,
    PlannedAction,
    Target,
)
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.periods import Month, MonthSpan

MOST_CLAIMS = 10_000


def claims_from_list(given: object, file: str = "") -> list[Claim]:
    """Claims of a list with ``id``, ``quote``, ``inputs``, ``formula`` and ``expected``; other fields are not read.

    Raises DataProblem, naming the claim, for anything else.
    """
    if not isinstance(given, list):
        raise DataProblem(
            "a list of claims was expected.", file=file or None, remedy="See docs/claims.md for its shape."
        )
    if len(given) > MOST_CLAIMS:
        raise DataProblem(f"more than {MOST_CLAIMS:,} claims.", file=file or None, remedy="Split the file.")
    return [_listed_claim(item, i, file) for i, item in enumerate(given, start=1)]


def _listed_claim(item: object, number: int, file: str) -> Claim:
    if not isinstance(item, Mapping) or not isinstance(item.get("id"), str):
        raise DataProblem(f"claim {number} has no “id”.", file=file or None, remedy="Give every claim one.")
    inputs = item.get("inputs", {})
    formula = item.get("formula", "")
    if not isinstance(inputs, Mapping) or not isinstance(formula, str):
        raise DataProblem(f"claim {item['id']} needs “inputs” by name and a “formula” in words.", file=file or None)
    return Claim(
        key=item["id"],
        words=str(item.get("quote", "")),
        document=str(item.get("seed", item.get("document", ""))),
        stated=item.get("expected"),
        unit=str(item.get("unit", "")),
        formulae=(Formula(formula),) if formula else (),
        figures=tuple(Figure(str(name), value) for name, value in inputs.items()),
    )


def span(text: str) -> MonthSpan | None:
    """``"2003-04/2003-09"`` or one month; None for an empty text. Raises DataProblem for anything else."""
    if not text:
        return None
    first, _, last = text.partition("/")
    try:
        return MonthSpan(Month.parse(first), Month.parse(last or first))
    except ValueError as error:
        raise DataProblem(f"“{text}” is no period such as 2003-04/2003-09.") from error


def figure(item: Mapping[str, Any]) -> Figure:
    """One figure of our own shape."""
    fields = {name: item[name] for name in Figure.__dataclass_fields__ if name in item and name != "period"}
    return Figure(**fields, period=span(str(item.get("period", ""))))


def claim(item: Mapping[str, Any], document: str) -> Claim:
    """One claim of our own shape; ``formulae`` may be a text, or texts with labels."""
    given = item.get("formulae", item.get("formula", ()))
    texts = [given] if isinstance(given, str) else given
    return Claim(
        key=item["key"],
        words=item["words"],
        document=document,
        where=item.get("where", ""),
        stated=item.get("stated"),
        rounding=item.get("rounding"),
        unit=item.get("unit", ""),
        cost=item.get("cost", ""),
        formulae=tuple(Formula(text) if isinstance(text, str) else Formula(text[0], text[1]) for text in texts),
        figures=tuple(Figure(name, value) for name, value in item.get("inputs", {}).items()),
        remedy=item.get("remedy", ""),
    )


def document(given: Mapping[str, Any]) -> ClaimDocument:
    """A whole document of our own shape (``docs/examples.md``)."""
    key = str(given["key"])
    return ClaimDocument(
        key=key,
        title=str(given["title"]),
        figures=tuple(figure(item) for item in given.get("figures", ())),
        claims=tuple(claim(item, key) for item in given.get("claims", ())),
        targets=tuple(Target(**_known(Target, item)) for item in given.get("targets", ())),
        actions=tuple(PlannedAction(**_known(PlannedAction, item)) for item in given.get("actions", ())),
        money=tuple(money_table(item) for item in given.get("money", ())),
        starts=str(given.get("starts", "")),
    )


def _known(kind: Any, item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in kind.__dataclass_fields__ if name in item}


def money_table(item: Mapping[str, Any]) -> MoneyTable:
    """A budget: rows of cells, None for what is to be confirmed; ``sums`` by column number."""
    rows = tuple(MoneyRow(row["name"], _cells(row["cells"]), tuple(row.get("total_of", ()))) for row in item["rows"])
    sums = {int(column): tuple(parts) for column, parts in item.get("sums", {}).items()}
    return MoneyTable(item["key"], item["name"], tuple(item["columns"]), rows, sums)


def _cells(cells: Sequence[int | float | None]) -> tuple[Fraction | None, ...]:
    return tuple(None if cell is None else Fraction(str(cell)) for cell in cells)
