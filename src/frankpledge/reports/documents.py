"""A document as a list of blocks, written once and made into PDF, Word, slides, a web page or a spreadsheet.

All text is plain text: nothing in it is ever read as markup, a formula or a path. Writers: `pdf.to_pdf`,
`word.to_word`, `slides.to_slides`, `document_page.to_html`, `spreadsheets.to_ods` and `to_csv`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from frankpledge.analysis.results import Table
from frankpledge.reports.words import date_words
from frankpledge.vocabulary.errors import CannotCompute

DEEPEST_HEADING = 4


class CalloutKind(StrEnum):
    """What a callout is for; its word stands in it, so that meaning never rests on colour."""

    NOTE = "note"
    WARNING = "warning"
    DECISION = "decision"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` 1 to 4; the document's title stands above them all."""

    level: int
    text: str

    def __post_init__(self) -> None:
        if not 1 <= self.level <= DEEPEST_HEADING:
            raise CannotCompute(f"A heading has a level from 1 to {DEEPEST_HEADING}, not {self.level}.")


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A chart as SVG. ``title`` says the finding, ``description`` what is drawn (the alternative text), ``how`` how it
    was worked out; ``table`` holds the same numbers.
    """

    title: str
    svg: str
    description: str
    table: Table | None = None
    how: str = ""


@dataclass(frozen=True, slots=True)
class TableBlock:
    """``rows`` are as wide as ``columns``; ``numeric`` says which columns are figures, set right."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...] = ()
    numeric: tuple[bool, ...] = ()

    def __post_init__(self) -> None:
        wide = len(self.columns)
        if wide == 0:
            raise CannotCompute(f"The table “{self.caption}” has no column.")
        for number, row in enumerate(self.rows, start=1):
            if len(row) != wide:
                raise CannotCompute(
                    f"Row {number} of the table “{self.caption}” has {len(row)} cells; its heading has {wide}."
                )
        if self.numeric and len(self.numeric) != wide:
            raise CannotCompute(
                f"The table “{self.caption}” says of {len(self.numeric)} columns whether they are figures."
            )

    def figures(self) -> tuple[bool, ...]:
        """Which columns are figures, one for each column."""
        return self.numeric or (False,) * len(self.columns)


class KeyFigure(NamedTuple):
    """A figure with its interval, what it is compared with and its status word; what is empty is left out."""

    label: str
    value: str
    interval: str = ""
    comparison: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Figures side by side. Plain tuples of (label, value, interval, comparison, status) will do."""

    items: tuple[KeyFigure, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(KeyFigure(*item) for item in self.items))


@dataclass(frozen=True, slots=True)
class Callout:
    """A box with a title. ``kind``: a `CalloutKind` or its word."""

    kind: CalloutKind
    title: str
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", CalloutKind(self.kind))


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


@dataclass(frozen=True, slots=True)
class Contents:
    """A list of the headings of levels 1 and 2, made by the writer."""


Block = Heading | Paragraph | Bullets | FigureBlock | TableBlock | KeyFigures | Callout | PageBreak | Contents


@dataclass(frozen=True, slots=True)
class Document:
    """``language``: ``en-GB`` or ``cy``. ``notes``: sources, method and what is not known, printed at the end."""

    title: str
    subtitle: str
    partnership: str
    language: str
    made_on: date
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()

    def headings(self, deepest: int = 2) -> Iterator[Heading]:
        """The headings down to level ``deepest``, in order."""
        return (block for block in self.blocks if isinstance(block, Heading) and block.level <= deepest)


def clean(text: object) -> str:
    """``text`` without the characters that no XML or PDF can carry; line ends become ``\\n``."""
    words = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        letter
        for letter in words
        if letter in "\t\n" or (letter >= " " and not "\x7f" <= letter <= "\x9f" and not _unpaired(letter))
    )


def _unpaired(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff" or letter in "\ufffe\uffff"


def cell_words(value: Any) -> str:
    """One cell as it is read: None is empty, numbers have commas, a day is ``21 November 2026``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, datetime):
        return f"{date_words(value.date())}, {value:%H:%M}"
    if isinstance(value, date):
        return date_words(value)
    return clean(value)
