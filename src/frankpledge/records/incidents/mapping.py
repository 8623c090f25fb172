"""What a person says of an unknown file's columns, on top of what is proposed for it, as a source profile.

Pure: a proposal and the answers of a form in, the dictionary of a profile out. No Django.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from frankpledge.sources.profiles import Format, PeriodRule, Role, Room
from frankpledge.sources.profiles.profile import ROLES_OF
from frankpledge.sources.proposing import ProposedColumn, ProposedProfile
from frankpledge.vocabulary.columns import Shape
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.periods import Month

READ_PAST = ""
PRIVATE = "private "
PRIVATE_ROOMS = {f"{PRIVATE}{room.value}": room for room in Room}
_SLUG = re.compile(r"[^a-z0-9]+")
LONGEST_TEXT = 200
LONGEST_NAME = 55


@dataclass(frozen=True, slots=True)
class ColumnAnswer:
    """One column of the file as the page shows it: what it is taken for, how sure, why, and three examples."""

    number: int
    name: str
    what: str
    format: str
    confidence: float
    reason: str
    examples: tuple[str, ...]

    @property
    def private(self) -> bool:
        """It is about a person or an address."""
        return self.what.startswith(PRIVATE)


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """One of the sender's words and what it counts as (empty: its rows are set aside)."""

    number: int
    word: str
    crime_type: str
    reason: str
    rows: int


def slug(label: str) -> str:
    """``Noise complaints, Weir Homes`` -> ``noise-complaints-weir-homes``."""
    return _SLUG.sub("-", label.casefold()).strip("-")[:LONGEST_NAME].strip("-")


def column_answers(proposed: ProposedProfile, posted: Mapping[str, str]) -> list[ColumnAnswer]:
    """Every column, with what the person chose where they did."""
    return [
        ColumnAnswer(
            number,
            one.column.name,
            posted.get(f"what_{number}", _proposed_what(one)),
            posted.get(f"format_{number}", one.column.format),
            one.confidence,
            one.reason,
            () if one.column.private else one.examples,
        )
        for number, one in enumerate(proposed.columns)
    ]


def _proposed_what(one: ProposedColumn) -> str:
    if one.column.private:
        return f"{PRIVATE}{one.column.goes_to.value}"
    return one.column.role.value if one.column.role else READ_PAST


def code_answers(proposed: ProposedProfile, posted: Mapping[str, str]) -> list[CodeAnswer]:
    """Every word for what happened, with what the person chose where they did."""
    return [
        CodeAnswer(
            number,
            code.word,
            posted.get(f"code_{number}", code.crime_type.value if code.crime_type else ""),
            code.reason,
            code.rows,
        )
        for number, code in enumerate(proposed.codes)
    ]


def body_of(proposed: ProposedProfile, posted: Mapping[str, str], *, shape: Shape) -> dict[str, Any]:
    """The profile as its dictionary; ``Profile.from_dict`` says what is wrong with it."""
    label = _text(posted, "label")
    columns = [
        _column(one, answer) for one, answer in zip(proposed.columns, column_answers(proposed, posted), strict=True)
    ]
    roles = {column.get("role") for column in columns}
    codes = {answer.word: answer.crime_type for answer in code_answers(proposed, posted) if answer.crime_type}
    every_row = posted.get("every_row", "")
    body: dict[str, Any] = {
        "name": slug(label),
        "version": 1,
        "label": label,
        "shape": shape.value,
        "columns": columns,
        "period": _period(proposed, shape, roles),
        "publisher": slug(_text(posted, "publisher_name")),
        "publisher_name": _text(posted, "publisher_name"),
        "sent_by": _text(posted, "sent_by"),
        "legal_basis": _text(posted, "legal_basis"),
        "data_class": _text(posted, "data_class"),
        "agreement": _text(posted, "agreement"),
    }
    if Role.TYPE.value in roles:
        body["codes"] = _one_spelling(codes)
        body["otherwise"] = every_row or None
    elif every_row and shape in (Shape.EVENTS, Shape.COUNTS):
        body["publisher_type"], body["otherwise"] = label, every_row
    area = next((one.column.meaning for one in proposed.columns if one.column.role is Role.AREA), "")
    if shape is Shape.COUNTS:
        body["area_level"] = area
    return {key: value for key, value in body.items() if value not in (None, "", {})}


def _text(posted: Mapping[str, str], name: str) -> str:
    return " ".join(posted.get(name, "").replace("\x00", "").split())[:LONGEST_TEXT]


def _one_spelling(codes: Mapping[str, str]) -> dict[str, str]:
    kept: dict[str, tuple[str, str]] = {}
    for word, kind in codes.items():
        kept.setdefault(word.casefold(), (word, kind))
    return dict(kept.values())


def _column(one: ProposedColumn, answer: ColumnAnswer) -> dict[str, Any]:
    column: dict[str, Any] = {"name": one.column.name}
    if one.column.meaning:
        column["meaning"] = one.column.meaning
    if answer.what in PRIVATE_ROOMS:
        column |= {"private": True, "goes_to": PRIVATE_ROOMS[answer.what].value}
        if one.column.private and one.column.role:
            column["role"] = one.column.role.value
    elif answer.what:
        column["role"] = answer.what
        if answer.format:
            column["format"] = answer.format
        if one.column.filled or answer.what in (Role.TYPE.value, Role.FROM_DATE.value, Role.MONTH.value):
            column["filled"] = True
    return column


def _period(proposed: ProposedProfile, shape: Shape, roles: set[Any]) -> dict[str, Any]:
    if proposed.profile is not None and proposed.profile.shape is shape:
        rule = proposed.profile.period
    elif shape is Shape.PREMISES:
        rule = PeriodRule("snapshot")
    elif shape is Shape.COUNTS and Role.COUNT.value not in roles:
        rule = PeriodRule("columns")
    elif shape in (Shape.COUNTS, Shape.ANSWERS) and not roles & {
        r.value for r in (Role.MONTH, Role.QUARTER, Role.FROM_DATE)
    }:
        rule = PeriodRule("file name", r".*?(?P<month>\d{4}-\d{1,2})(?:\.[a-z]+)?", "NAME-YYYY-MM.csv")
    else:
        rule = PeriodRule("rows")
    plain = {"said_by": rule.said_by, "pattern": rule.pattern, "called": rule.called, "months": rule.months}
    return {key: value for key, value in plain.items() if value}


def role_choices(shape: Shape) -> Sequence[Role]:
    """What a column of a table of that shape may be."""
    return ROLES_OF[shape]


FORMATS = tuple(Format)
CRIME_TYPES = tuple(kind for kind in CrimeType)


def month_of(posted: Mapping[str, str]) -> Month | None:
    """The month a person gave for a file that says none. Raises DataProblem for what is no month."""
    text = posted.get("month", "").strip()
    return Month.parse(text) if text else None
