"""A document as slides: one finding to a slide, its words in the notes, its picture described."""

import io
from collections.abc import Sequence
from typing import Any

from frankpledge.reports.document_words import CONTINUED, NOTES, document_words
from frankpledge.reports.documents import (
    Block,
    Bullets,
    Callout,
    Document,
    FigureBlock,
    Heading,
    KeyFigures,
    Paragraph,
    TableBlock,
    cell_words,
    clean,
)
from frankpledge.reports.drawing import sized
from frankpledge.reports.pdf import alternative
from frankpledge.reports.pictures import pictures_of

WIDE, TALL = 13.333, 7.5  # inches
SIDE, TOP, ROOM = 0.7, 1.75, 4.9
ROWS_TO_A_SLIDE = 10
LINES_TO_A_SLIDE = 12
LETTERS_TO_A_LINE = 95
NAVY = "17315C"


def to_slides(document: Document) -> bytes:
    """``document`` as .pptx: a title slide, then a slide for each finding, table, callout and stretch of text."""
    import pptx
    from pptx.util import Inches

    made = pptx.Presentation()
    made.slide_width, made.slide_height = Inches(WIDE), Inches(TALL)
    properties = made.core_properties
    properties.title, properties.author = clean(document.title)[:255], clean(document.partnership)[:255]
    properties.language = document.language
    writer = _Slides(made, document)
    writer.title_slide()
    for block in document.blocks:
        writer.add(block)
    writer.say_text()
    if document.notes:
        writer.under = document_words(document)[NOTES]
        writer.lines += [f"• {clean(note)}" for note in document.notes]
        writer.say_text()
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


class _Slides:
    """Slides as they are written; text waits until the next finding, so that it is not one slide to a paragraph."""

    def __init__(self, made: Any, document: Document) -> None:
        self.made, self.document, self.words = made, document, document_words(document)
        self.under = clean(document.title)  # the heading that text stands under
        self.lines: list[str] = []
        self.pictures = pictures_of(document)

    def title_slide(self) -> None:
        slide = self._slide(self.document.title)
        below = "\n".join(filter(None, (clean(self.document.subtitle), clean(self.document.partnership))))
        self._box(slide, below, top=3.4, size=24)
        slide.shapes.title.top = self._inches(2.0)

    def add(self, block: Block) -> None:
        match block:
            case Heading(_, text):
                self.say_text()
                self.under = clean(text)
            case Paragraph(text):
                self.lines += [part for part in clean(text).split("\n") if part.strip()]
            case Bullets(items):
                self.lines += [f"• {clean(item)}" for item in items]
            case Callout(_, title, text):
                self.say_text()
                self._box(self._slide(title), clean(text), size=24)
            case FigureBlock():
                self.say_text()
                self._figure(block)
            case TableBlock():
                self.say_text()
                self._table(block)
            case KeyFigures(items):
                self.say_text()
                rows = [(i.label, f"{i.value}  {i.interval}".strip(), i.comparison, i.status) for i in items]
                self._grid(self._slide(self.under), rows, heading=False)
            case _:
                pass  # a slide is a page, and slides need no list of contents

    def say_text(self) -> None:
        """The waiting lines, as many slides as they need."""
        waiting, self.lines = self.lines, []
        part: list[str] = []
        used, first = 0, True
        for line in [*waiting, None]:
            tall = 0 if line is None else 1 + len(line) // LETTERS_TO_A_LINE
            if part and (line is None or used + tall > LINES_TO_A_SLIDE):
                title = self.under if first else f"{self.under} ({self.words[CONTINUED]})"
                self._box(self._slide(title), "\n".join(part), size=20)
                part, used, first = [], 0, False
            if line is not None:
                part.append(line)
                used += tall

    def _figure(self, block: FigureBlock) -> None:
        slide = self._slide(block.title)
        wide, tall = sized(block.svg)
        scale = min((WIDE - 2 * SIDE) / wide, ROOM / tall)
        left = (WIDE - wide * scale) / 2
        picture = slide.shapes.add_picture(
            io.BytesIO(self.pictures[block.svg]), self._inches(left), self._inches(TOP), self._inches(wide * scale)
        )
        picture._element.nvPicPr.cNvPr.set("descr", alternative(block))
        picture.name = clean(block.title)[:200]
        said = [alternative(block), clean(block.how)]
        if block.table is not None:
            said += [" | ".join(map(cell_words, row)) for row in (block.table.columns, *block.table.rows)]
        slide.notes_slide.notes_text_frame.text = "\n".join(filter(None, said))

    def _table(self, block: TableBlock) -> None:
        rows = list(block.rows)
        for start in range(0, max(len(rows), 1), ROWS_TO_A_SLIDE):
            title = block.caption or self.under
            slide = self._slide(title if start == 0 else f"{title} ({self.words[CONTINUED]})")
            self._grid(slide, [block.columns, *rows[start : start + ROWS_TO_A_SLIDE]], numeric=block.figures())
            if block.notes:
                slide.notes_slide.notes_text_frame.text = "\n".join(clean(note) for note in block.notes)

    def _slide(self, title: str) -> Any:
        from pptx.dml.color import RGBColor
        from pptx.util import Pt

        slide = self.made.slides.add_slide(self.made.slide_layouts[5])  # title only
        shape = slide.shapes.title
        shape.left, shape.top = self._inches(SIDE), self._inches(0.45)
        shape.width, shape.height = self._inches(WIDE - 2 * SIDE), self._inches(1.2)
        shape.text_frame.word_wrap = True
        paragraph = shape.text_frame.paragraphs[0]
        run = paragraph.add_run()
        run.text = clean(title).replace("\n", " ")
        run.font.size, run.font.bold = Pt(32 if len(title) < 70 else 26), True
        run.font.color.rgb = RGBColor.from_string(NAVY)
        self._speak(run)
        paragraph.alignment = 1  # left
        return slide

    def _box(self, slide: Any, text: str, *, size: int, top: float = TOP) -> None:
        from pptx.util import Pt

        box = slide.shapes.add_textbox(
            self._inches(SIDE), self._inches(top), self._inches(WIDE - 2 * SIDE), self._inches(ROOM)
        )
        frame = box.text_frame
        frame.word_wrap = True
        for number, line in enumerate(text.split("\n")):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = line
            run.font.size = Pt(size)
            self._speak(run)
            paragraph.space_after = Pt(8)

    def _grid(
        self, slide: Any, rows: Sequence[Sequence[Any]], *, heading: bool = True, numeric: Sequence[bool] = ()
    ) -> None:
        from pptx.util import Pt

        columns = len(rows[0])
        frame = slide.shapes.add_table(
            len(rows), columns, self._inches(SIDE), self._inches(TOP), self._inches(WIDE - 2 * SIDE), self._inches(0.4)
        )
        table = frame.table
        table.first_row = heading
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                paragraph = table.cell(i, j).text_frame.paragraphs[0]
                run = paragraph.add_run()
                run.text = cell_words(value)
                run.font.size = Pt(14)
                self._speak(run)
                if numeric and numeric[j]:
                    paragraph.alignment = 3  # right

    def _speak(self, run: Any) -> None:
        run._r.get_or_add_rPr().set("lang", self.document.language)

    def _inches(self, value: float) -> Any:
        from pptx.util import Inches

        return Inches(value)
