"""A document as a fragment of a web page, in the classes the pages use; all words are escaped."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from frankpledge.reports.document_words import AS_TABLE, CONTENTS, NOTES, document_words
from frankpledge.reports.documents import (
    Block,
    Contents,
    Document,
    FigureBlock,
    Heading,
    PageBreak,
    Paragraph,
    cell_words,
    clean,
)
from frankpledge.reports.drawing import standing_alone
from frankpledge.reports.pdf import alternative, figures_in


def to_html(document: Document) -> str:
    """``document`` without its title, as HTML with headings from ``h2`` down; a chart’s table is one click away."""
    words = document_words(document)
    blocks = [_shown(number, block) for number, block in enumerate(document.blocks) if not isinstance(block, PageBreak)]
    headings = [(f"part-{number}", b) for number, b in enumerate(document.blocks) if isinstance(b, Heading)]
    return _template().render(
        document=document,
        blocks=blocks,
        contents=[(name, clean(heading.text), heading.level) for name, heading in headings if heading.level <= 2],
        contents_word=words[CONTENTS],
        notes_word=words[NOTES],
        table_word=words[AS_TABLE],
        notes=[clean(note) for note in document.notes],
        cell_words=cell_words,
    )


def _shown(number: int, block: Block) -> dict[str, Any]:
    shown: dict[str, Any] = {"kind": type(block).__name__, "block": block, "name": f"part-{number}"}
    if isinstance(block, FigureBlock):
        # attributes only, no classes and nothing that runs: see `drawing`
        shown["svg"] = Markup(standing_alone(block.svg, f"part-{number}-"))
        shown["alternative"] = alternative(block)
        shown["figures"] = figures_in(block.table.columns, block.table.rows) if block.table else ()
    if isinstance(block, Paragraph):
        shown["paragraphs"] = [part for part in clean(block.text).split("\n") if part.strip()]
    if isinstance(block, Contents):
        shown["kind"] = "Contents"
    return shown


@cache
def _template() -> Any:
    environment = Environment(
        loader=PackageLoader("frankpledge.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("document_fragment.html")
