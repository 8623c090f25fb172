"""A document as a Word file, in plain styles or in a council's own template.

Headings are Word headings, tables have a header row that repeats, pictures say what they show, the language is set.
A template is untrusted: only the placeholders named here are filled, and nothing in it is run or fetched.
"""

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from frankpledge.reports.document_words import BEHIND_CHARTS, CONTENTS, MADE, NOTES, document_words
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
from frankpledge.reports.drawing import sized
from frankpledge.reports.pdf import alternative, behind
from frankpledge.reports.pictures import pictures_of
from frankpledge.reports.words import date_words
from frankpledge.vocabulary.errors import DataProblem

if TYPE_CHECKING:
    from docx.document import Document as WordFile

# What the filling looks into besides the text, its headers and footers.
_FILLED_TOO = ("footnotes", "endnotes", "docProps")
_PROPERTIES_FILLED = ("author", "comments", "identifier", "language", "subject", "title")
PLACEHOLDERS = ("title", "subtitle", "partnership", "made_on", "body")
BODY_MARK = "frankpledge-body-stands-here"
LARGEST_TEMPLATE = 20 * 1024 * 1024  # bytes, packed
LARGEST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 2_000
FULL_WIDTH_CM, FULL_WIDTH_UNITS = 16.5, 760.0
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_NAMED = re.compile(r"\{\{\s*(\w+)\s*\}\}", re.ASCII)
# Fields by which Word asks another program or an address for its content, as they are written in one run.
_FETCHING_FIELD = re.compile(
    rb"<w:(?:instrText[^>]*>|fldSimple[^>]*w:instr=.)\s*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK)\b", re.I
)
_FORBIDDEN_PARTS = ("vbaProject", "activeX", "embeddings/", "oleObject", "attachedToolbars")


def to_word(document: Document, template: bytes | None = None) -> bytes:
    """``document`` as .docx. A ``template`` names where things go: {{ title }}, {{ partnership }}, {{ body }} …

    Raises DataProblem for a template that is no Word file, holds macros or linked parts, or asks for anything else.
    """
    if template is None:
        made = _blank(document)
        writer = _Writer(made, document)
        writer.title_page()
        writer.body()
    else:
        made = _filled(document, template)
        mark = _marked_paragraph(made)
        before = len(made.element.body)
        writer = _Writer(made, document)
        writer.body()
        _move_to(made, mark, before)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _blank(document: Document) -> "WordFile":
    import docx
    from docx.shared import Cm, Pt

    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(10.5)
    _footer(section, document_words(document)[MADE])
    return made


def _footer(section: Any, words: str) -> None:
    """The day it was made, and the page number as a field."""
    paragraph = section.footer.paragraphs[0]
    paragraph.text = f"{words}\t\t"
    _field(paragraph, "PAGE")


def _field(paragraph: Any, code: str, shown: str = "1") -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = shown
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


# --- a council's own template


def _filled(document: Document, template: bytes) -> "WordFile":
    """The template with its placeholders filled, the body's by a mark."""
    import docx
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    _check_package(template)
    unreadable = DataProblem(
        "The template could not be read as a Word file.", remedy="Save it in Word as .docx and send that."
    )
    try:
        made = DocxTemplate(io.BytesIO(template))
        made.init_docx()
        _check_placeholders(made)
        values = {
            "title": clean(document.title),
            "subtitle": clean(document.subtitle),
            "partnership": clean(document.partnership),
            "made_on": date_words(document.made_on),
            "body": BODY_MARK,
        }
        made.render(values, SandboxedEnvironment(undefined=StrictUndefined), autoescape=True)
        out = io.BytesIO()
        made.save(out)
        return docx.Document(io.BytesIO(out.getvalue()))
    except (TemplateError, KeyError, ValueError, AttributeError, SyntaxError) as reason:
        raise unreadable from reason


def _check_package(template: bytes) -> None:
    """A Word file of a sane size, with no macro, no embedded program and nothing to be fetched from elsewhere."""
    if len(template) > LARGEST_TEMPLATE:
        raise DataProblem("The template is larger than 20 MB.", remedy="Send one with smaller pictures.")
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise DataProblem("The template unpacks to more than 100 MB.", remedy="Send a plain one.")
            if "word/document.xml" not in package.namelist():
                raise DataProblem("The template is not a Word file.", remedy="Save it in Word as .docx and send that.")
            for part in parts:
                _check_part(part.filename, package.read(part))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as reason:
        raise DataProblem(
            "The template is not a Word file.", remedy="Save it in Word as .docx and send that."
        ) from reason


def _check_part(name: str, content: bytes) -> None:
    if any(word in name for word in _FORBIDDEN_PARTS):
        raise DataProblem(
            f"The template holds a macro or an embedded program ({name}).",
            remedy="Save it in Word as .docx without macros.",
        )
    if not name.endswith((".xml", ".rels")):
        return
    if b"\x00" in content or b"<!DOCTYPE" in content:
        raise DataProblem(f"The template’s part {name} holds a document type, which no Word file has.")
    if name.endswith(".rels") and any(map(_fetches, _relationships(name, content))):
        raise DataProblem(
            "The template links to a part elsewhere (a picture or another template).",
            remedy="Put the part into the file instead of linking to it.",
        )
    if (field := _FETCHING_FIELD.search(content)) is not None:
        raise DataProblem(
            f"The template holds a field that fetches or runs something ({field[1].decode()}).",
            remedy="Take the field out, or put its result as plain text.",
        )


def _relationships(name: str, content: bytes) -> list[Any]:
    """The links of a part. No document type got this far, so nothing is expanded."""
    from docx.oxml import parse_xml

    try:
        return [one for one in parse_xml(content).iter() if isinstance(one.tag, str)]
    except SyntaxError as reason:
        raise DataProblem(f"The template’s part {name} cannot be read.") from reason


def _fetches(link: Any) -> bool:
    """Whether Word would fetch what is elsewhere: a link for somebody to click is none."""
    outside = str(link.get("TargetMode", "")).lower() == "external"
    return outside and not str(link.get("Type", "")).endswith("/hyperlink")


def _check_placeholders(template: Any) -> None:
    """Every tag of the template is one of the named placeholders, and the body is there."""
    asked: set[str] = set()
    sources = [template.patch_xml(template.get_xml())]
    for part in template.docx.part.package.iter_parts():
        if str(part.partname).endswith((".xml", ".rels")) and any(kind in str(part.partname) for kind in _FILLED_TOO):
            sources.append(template.patch_xml(part.blob.decode("utf-8", "replace")))
    properties = template.docx.core_properties
    sources += [str(getattr(properties, name) or "") for name in _PROPERTIES_FILLED]
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        sources += [template.patch_xml(template.get_part_xml(part)) for _, part in template.get_headers_footers(uri)]
    for source in sources:
        for tag in _TAG.findall(source):
            named = _NAMED.fullmatch(tag)
            if named is None or named[1] not in PLACEHOLDERS:
                plain = re.sub(r"<[^>]*>", "", tag)[:60]
                raise DataProblem(
                    f"The template asks for “{plain}”, which is not one of its placeholders.",
                    remedy="Use " + ", ".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS) + " alone.",
                )
            asked.add(named[1])
    if "body" not in asked:
        raise DataProblem(
            "The template does not say where the text goes.", remedy="Put {{ body }} on a line of its own."
        )


def _marked_paragraph(made: "WordFile") -> Any:
    for paragraph in made.paragraphs:
        if BODY_MARK in paragraph.text:
            return paragraph
    raise DataProblem(
        "The template’s {{ body }} stands in a table, header or footer.", remedy="Put it on a line of its own."
    )


def _move_to(made: "WordFile", mark: Any, before: int) -> None:
    """What was written at the end goes to the mark."""
    body = made.element.body
    # the section's properties are always last, so what is new begins one before
    for element in list(body)[before - 1 : -1]:
        mark._p.addprevious(element)
    body.remove(mark._p)


# --- the blocks


class _Writer:
    """Writes blocks at the end of a Word file, with its styles where it has them."""

    def __init__(self, made: "WordFile", document: Document) -> None:
        self.made, self.document, self.words = made, document, document_words(document)
        self.styles = {style.name for style in made.styles}
        self.behind: list[FigureBlock] = []
        self.pictures = pictures_of(document)
        properties = made.core_properties
        properties.title, properties.author = clean(document.title)[:255], clean(document.partnership)[:255]
        properties.language, properties.comments = document.language, ""
        self._set_language()

    def _set_language(self) -> None:
        from docx.oxml.ns import qn

        for run in self.made.styles.element.iter(qn("w:lang")):
            run.set(qn("w:val"), self.document.language)
        for style in self.made.styles:
            if style.name == "Normal":
                properties = style.element.get_or_add_rPr()
                for old in properties.findall(qn("w:lang")):
                    properties.remove(old)
                properties.append(properties.makeelement(qn("w:lang"), {qn("w:val"): self.document.language}))

    def title_page(self) -> None:
        self._line(self.document.partnership, "Subtitle")
        self._line(self.document.title, "Title")
        if self.document.subtitle:
            self._line(self.document.subtitle, "Subtitle")

    def body(self) -> None:
        for block in self.document.blocks:
            self.add(block)
        if self.behind:
            self._heading(1, self.words[BEHIND_CHARTS])
        for figure in self.behind:
            if figure.table is not None:
                self._table(behind(figure.title, figure.table))
        if self.document.notes:
            self._heading(1, self.words[NOTES])
            self._bullets(self.document.notes)

    def add(self, block: Block) -> None:
        match block:
            case Heading(level, text):
                self._heading(level, text)
            case Paragraph(text):
                self._paragraphs(text)
            case Bullets(items):
                self._bullets(items)
            case FigureBlock():
                self._figure(block)
            case TableBlock():
                self._table(block)
            case KeyFigures():
                self._key_figures(block)
            case Callout(_, title, text):
                self._callout(title, text)
            case PageBreak():
                self.made.add_page_break()
            case Contents():
                self._contents()

    def _line(self, text: str, style: str = "", *, bold: bool = False) -> Any:
        paragraph = self.made.add_paragraph(style=style if style in self.styles else None)
        paragraph.add_run(clean(text)).bold = bold or None
        return paragraph

    def _paragraphs(self, text: str) -> None:
        for part in clean(text).split("\n"):
            if part.strip():
                self._line(part)

    def _heading(self, level: int, text: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        name = f"Heading {level}"
        paragraph = self._line(text, name, bold=name not in self.styles)
        if name not in self.styles:
            outline = OxmlElement("w:outlineLvl")
            outline.set(qn("w:val"), str(level - 1))
            paragraph._p.get_or_add_pPr().append(outline)

    def _bullets(self, items: tuple[str, ...]) -> None:
        for item in items:
            styled = "List Bullet" in self.styles
            self._line(item if styled else f"• {item}", "List Bullet")

    def _figure(self, block: FigureBlock) -> None:
        from docx.shared import Cm

        self._line(block.title, bold=True).paragraph_format.keep_with_next = True
        share = min(1.0, sized(block.svg)[0] / FULL_WIDTH_UNITS)
        picture = self.made.add_picture(io.BytesIO(self.pictures[block.svg]), width=Cm(FULL_WIDTH_CM * share))
        described = picture._inline.docPr
        described.set("descr", alternative(block))
        described.set("title", clean(block.title))
        if block.how:
            self._line(block.how)
        if block.table is not None and block.table.rows:
            self.behind.append(block)

    def _table(self, block: TableBlock) -> None:
        if block.caption:
            self._line(block.caption, bold=True).paragraph_format.keep_with_next = True
        self._grid(block.columns, block.rows, block.figures(), block.caption)
        for note in block.notes:
            self._line(note)
        self.made.add_paragraph()

    def _grid(self, columns: Any, rows: Any, figures: Any, description: str) -> None:
        """A table written as elements: python-docx's own cells would take minutes for hundreds of rows."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        table = self.made.add_table(rows=0, cols=len(columns))
        if "Table Grid" in self.styles:
            table.style = "Table Grid"
        told = OxmlElement("w:tblDescription")
        told.set(qn("w:val"), clean(description))
        table._tbl.tblPr.append(told)
        for number, row in enumerate([columns, *rows]):
            line = OxmlElement("w:tr")
            properties = OxmlElement("w:trPr")
            properties.append(OxmlElement("w:cantSplit"))
            if number == 0:
                properties.append(OxmlElement("w:tblHeader"))
            line.append(properties)
            for value, figure in zip(row, figures, strict=True):
                line.append(_cell(cell_words(value), bold=number == 0, right=figure))
            table._tbl.append(line)

    def _key_figures(self, block: KeyFigures) -> None:
        for item in block.items:
            line = self.made.add_paragraph()
            line.add_run(f"{clean(item.label)}: ")
            line.add_run(clean(item.value)).bold = True
            rest = "; ".join(clean(part) for part in (item.interval, item.status, item.comparison) if part)
            if rest:
                line.add_run(f" ({rest})")

    def _callout(self, title: str, text: str) -> None:
        line = self._line(title, "Intense Quote", bold=True)
        line.paragraph_format.keep_with_next = True
        self._paragraphs(text)

    def _contents(self) -> None:
        """The headings as a list that Word turns into one with page numbers when asked to update it."""
        self._line(self.words[CONTENTS], bold=True)
        headings = list(self.document.headings())
        for heading in headings:
            line = self._line(heading.text)
            line.paragraph_format.left_indent = (heading.level - 1) * 228600


def _cell(text: str, *, bold: bool, right: bool) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    cell, paragraph, run = OxmlElement("w:tc"), OxmlElement("w:p"), OxmlElement("w:r")
    if right:
        properties, side = OxmlElement("w:pPr"), OxmlElement("w:jc")
        side.set(qn("w:val"), "right")
        properties.append(side)
        paragraph.append(properties)
    if bold:
        look = OxmlElement("w:rPr")
        look.append(OxmlElement("w:b"))
        run.append(look)
    shown = OxmlElement("w:t")
    shown.text = text
    shown.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(shown)
    paragraph.append(run)
    cell.append(paragraph)
    return cell
