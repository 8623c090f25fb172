"""A document as PDF: tagged for screen readers (PDF/UA), with bookmarks, page numbers and words for every picture.

Set by typst, offline. Words travel as data (JSON), never as typst's markup; nothing of the machine's files can be read.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from frankpledge.analysis.results import Table
from frankpledge.reports.document_words import BEHIND_CHARTS, document_words
from frankpledge.reports.documents import (
    Block,
    Bullets,
    Callout,
    Contents,
    Document,
    FigureBlock,
    Heading,
    KeyFigures,
    PageBreak,
    Paragraph,
    TableBlock,
    cell_words,
    clean,
)
from frankpledge.reports.drawing import sized, standing_alone
from frankpledge.reports.typeface import FAMILIES, fonts
from frankpledge.vocabulary.errors import CannotCompute

CANNOT_DRAW = "?"  # stands for a letter that no typeface at hand has
FULL_WIDTH = 760.0  # units of a picture that fill the page
LONG_CELL = 22  # letters from which a column shares the room that is left
_MISSING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')


def to_pdf(document: Document) -> bytes:
    """``document`` as PDF/UA-1. Letters that no typeface has are printed as a question mark.

    Raises CannotCompute when a page cannot be set (a fault of ours, not of the words).
    """
    return _compiled(document, "pdf")[0]


def to_pages(document: Document, *, dots_per_inch: int = 80) -> list[bytes]:
    """The same pages as PNG pictures, to be looked at."""
    return _compiled(document, "png", dots_per_inch)


def _compiled(document: Document, kind: str, dots_per_inch: int = 80) -> list[bytes]:
    data = json.dumps(_as_data(document), ensure_ascii=False)
    lacking: set[str] = set()
    for _ in range(20):
        shown = "".join(CANNOT_DRAW if letter in lacking else letter for letter in data)
        try:
            made = _set(shown, kind, document, dots_per_inch)
        except typst.TypstError as reason:
            more = _undrawable(f"{reason.message} {reason.diagnostic}") - lacking
            if not more:
                raise CannotCompute(f"The document could not be set as PDF: {reason.message}.") from reason
            lacking |= more
        else:
            return made if isinstance(made, list) else [made]
    raise CannotCompute("The document holds more kinds of letters that no typeface has than can be left out.")


def _set(data: str, kind: str, document: Document, dots_per_inch: int) -> Any:
    made_on = datetime(document.made_on.year, document.made_on.month, document.made_on.day, tzinfo=UTC)
    compiler = typst.Compiler(_template(), font_paths=fonts(), sys_inputs={"document": data})
    if kind == "pdf":
        return compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=made_on)
    return compiler.compile(format="png", ppi=dots_per_inch, timestamp=made_on)


def _undrawable(message: str) -> set[str]:
    """The letters the typesetter says it cannot draw; letters of plain English are always drawn."""
    found = "".join(_MISSING.findall(message))
    found = re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda match: chr(int(match[1], 16)), found)
    return {letter for letter in found if ord(letter) > 126}


@cache
def _template() -> bytes:
    return files("frankpledge.reports").joinpath("templates/document.typ").read_bytes()


# --- the document as plain data


@dataclass
class _Data:
    """Blocks as JSON values. Heading levels never skip one, as PDF/UA asks; tables of charts are kept for the end."""

    blocks: list[dict[str, Any]] = field(default_factory=list)
    behind: list[tuple[str, Table]] = field(default_factory=list)
    level: int = 0
    pictures: int = 0

    def add(self, block: Block) -> None:
        match block:
            case Heading(level, text):
                self.level = min(level, self.level + 1)
                self._put("heading", level=self.level, text=clean(text))
            case Paragraph(text):
                self._put("paragraph", text=_paragraphs(text))
            case Bullets(items):
                self._put("bullets", items=[clean(item) for item in items])
            case FigureBlock():
                self._figure(block)
            case TableBlock():
                self._put("table", **_table(block))
            case KeyFigures(items):
                self._put("key-figures", items=[{k: clean(v) for k, v in item._asdict().items()} for item in items])
            case Callout(kind, title, text):
                self._put("callout", kind=kind.value, title=clean(title), text=_paragraphs(text))
            case PageBreak():
                self._put("page-break")
            case Contents():
                self._put("contents")

    def _put(self, kind_of_block: str, **values: Any) -> None:
        self.blocks.append({"kind-of-block": kind_of_block, **values})

    def _figure(self, block: FigureBlock) -> None:
        self.pictures += 1
        svg = standing_alone(block.svg, f"p{self.pictures}-")
        percent = round(100 * sized(svg)[0] / FULL_WIDTH, 1)
        alt = alternative(block)
        self._put("figure", title=clean(block.title), svg=svg, alt=alt, percent=percent, how=clean(block.how))
        if block.table is not None and block.table.rows:
            self.behind.append((block.title, block.table))


def alternative(block: FigureBlock) -> str:
    """What a screen reader says of a picture: the finding, then what is drawn."""
    title, description = clean(block.title).rstrip("."), clean(block.description)
    return f"{title}. {description}" if description else title


def _as_data(document: Document) -> dict[str, Any]:
    words = document_words(document)
    data = _Data()
    for block in _with_tables_behind(document, data):
        data.add(block)
    lang, _, region = document.language.partition("-")
    return {
        "title": clean(document.title) or "–",
        "subtitle": clean(document.subtitle),
        "partnership": clean(document.partnership),
        "lang": lang,
        "region": region or "GB",
        "made": [document.made_on.year, document.made_on.month, document.made_on.day],
        "fonts": FAMILIES,
        "words": words,
        "blocks": data.blocks,
        "notes": [clean(note) for note in document.notes],
    }


def _with_tables_behind(document: Document, data: _Data) -> Iterator[Block]:
    """The blocks, and after them the numbers of the charts as tables."""
    yield from document.blocks
    if data.behind:
        yield Heading(1, document_words(document)[BEHIND_CHARTS])
    for title, table in data.behind:
        yield behind(title, table)


def behind(title: str, table: Table) -> TableBlock:
    """The numbers of a chart as a table block."""
    return TableBlock(title, table.columns, table.rows, numeric=figures_in(table.columns, table.rows))


def figures_in(columns: tuple[str, ...], rows: tuple[tuple[Any, ...], ...]) -> tuple[bool, ...]:
    """Which columns hold nothing but numbers."""
    return tuple(
        any(isinstance(row[i], int | float) for row in rows)
        and all(row[i] is None or isinstance(row[i], int | float) for row in rows)
        for i in range(len(columns))
    )


def _paragraphs(text: str) -> list[str]:
    return [part for part in clean(text).split("\n") if part.strip()]


def _table(block: TableBlock) -> dict[str, Any]:
    rows = [[cell_words(value) for value in row] for row in block.rows]
    columns = [clean(column) for column in block.columns]
    longest = [max([len(column) * 0.6, *(len(row[i]) for row in rows)]) for i, column in enumerate(columns)]
    return {
        "caption": clean(block.caption),
        "columns": columns,
        "rows": rows,
        "notes": [clean(note) for note in block.notes],
        "numeric": list(block.figures()),
        "widths": [round(min(long, 90) ** 0.7, 1) if long > LONG_CELL else 0 for long in longest],
    }
