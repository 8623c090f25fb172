"""A document comes out of every writer with the words that went in, read by no one as a command."""

import io
import re
import time
import zipfile
from datetime import date

import docx
import pptx
import pytest
import python_calamine

from frankpledge.analysis.results import Table
from frankpledge.reports.document_page import to_html
from frankpledge.reports.documents import (
    Bullets,
    Callout,
    CalloutKind,
    Contents,
    Document,
    FigureBlock,
    Heading,
    KeyFigures,
    PageBreak,
    Paragraph,
    TableBlock,
)
from frankpledge.reports.drawing import standing_alone
from frankpledge.reports.pdf import to_pages, to_pdf
from frankpledge.reports.plots import line_chart
from frankpledge.reports.slides import to_slides
from frankpledge.reports.spreadsheets import Sheet, to_csv, to_ods
from frankpledge.reports.typeface import as_truetype
from frankpledge.reports.word import to_word
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from tests.reports.pdf_text import pages_text

HOSTILE = '#read("/etc/passwd") $x$ *b* {{ body }} {% raw %} <script>alert(1)</script> &amp; ]]> =1+1'
CHART = line_chart(["June", "September"], [134, 171], title="Thefts rose", description="Two quarters")
FIGURE = FigureBlock(
    "Thefts rose", CHART, "Counts of two quarters", Table(("quarter", "thefts"), (("June", 134), ("September", 171)))
)


def document(*blocks, notes=("Source: police.",), language="en-GB"):
    return Document(
        "Quarter 2", "July to September 2026", "Safer Aldercombe", language, date(2026, 10, 14), blocks, notes
    )


FULL = document(
    Contents(),
    Heading(1, "Needs the meeting"),
    Paragraph("Tŷ ŵyl: £500, ≥ 5 “quoted”.\nA second paragraph."),
    KeyFigures((("Rate", "10.9", "10.0 to 11.8", "against 616", "no clear change"),)),
    Callout(CalloutKind.DECISION, "Move £16,000", "Asked by Insp. Marsh."),
    FIGURE,
    Bullets(("first point", "second point")),
    PageBreak(),
    Heading(2, "Milestones"),
    TableBlock("Late", ("What", "Days"), (("Gates", 44),), ("A note of the table.",), (False, True)),
)
SAID = (
    "Needs the meeting", "Tŷ ŵyl: £500, ≥ 5 “quoted”.", "A second paragraph.", "10.9", "10.0 to 11.8", "against 616",
    "no clear change", "Move £16,000", "Asked by Insp. Marsh.", "first point", "Milestones", "Gates", "44",
    "A note of the table.", "Source: police.", "Thefts rose",
)  # fmt: skip


def word_text(made: bytes) -> str:
    file = docx.Document(io.BytesIO(made))
    return "\n".join(element.text or "" for element in file.element.iter() if element.tag.endswith("}t"))


def slides_text(made: bytes) -> list[str]:
    shown = pptx.Presentation(io.BytesIO(made))
    return ["\n".join(e.text or "" for e in slide._element.iter() if e.tag.endswith("}t")) for slide in shown.slides]


def test_every_writer_says_all_that_went_in():
    written = {
        "pdf": "\n".join(pages_text(to_pdf(FULL))),
        "word": word_text(to_word(FULL)),
        "slides": "\n".join(slides_text(to_slides(FULL))),
        "page": to_html(FULL).replace("&gt;", ">"),
    }
    for kind, text in written.items():
        missing = [words for words in SAID if _bare(words) not in _bare(text)]
        # on slides a heading gives way to the title of what stands under it, and notes of a table are the speaker's
        assert missing == (["Milestones", "A note of the table."] if kind == "slides" else []), kind


def _bare(text: str) -> str:
    """Without the spaces a line break may take."""
    return re.sub(r"\s+", "", text)


def test_hostile_words_are_shown_and_never_run():
    hostile = document(
        Heading(1, HOSTILE), Paragraph(HOSTILE), Bullets((HOSTILE,)), Callout(CalloutKind.NOTE, HOSTILE, HOSTILE),
        TableBlock(HOSTILE, (HOSTILE,), ((HOSTILE,),)), FigureBlock(HOSTILE, CHART, HOSTILE),
    )  # fmt: skip
    pdf = _bare("\n".join(pages_text(to_pdf(hostile))))
    assert _bare(HOSTILE) in pdf and "root:" not in pdf
    assert HOSTILE in word_text(to_word(hostile))
    assert HOSTILE in slides_text(to_slides(hostile))[1]
    page = to_html(hostile)
    assert "<script" not in page and "&lt;script&gt;" in page


def test_control_letters_and_letters_without_a_typeface_do_not_stop_a_document():
    odd = document(Paragraph("before\x00\x0b\x1b\ufffe \ue000 after"))
    assert "before" in _bare(pages_text(to_pdf(odd))[0])
    assert "before" in word_text(to_word(odd))
    assert slides_text(to_slides(odd))


def test_the_pdf_is_tagged_named_and_has_bookmarks_and_words_for_its_picture():
    made = to_pdf(FULL)
    assert b"pdfuaid:part>1<" in made and b"/StructTreeRoot" in made and b"/MarkInfo" in made
    assert b"/Lang(en-GB)" in made and b"/Outlines" in made
    assert b"/Alt(Thefts rose. Counts of two quarters)" in made
    assert b"/Lang(cy" in to_pdf(document(Paragraph("Helo"), language="cy"))
    assert made == to_pdf(FULL), "the same document gives the same file"


def test_heading_levels_that_skip_one_are_set_without_a_gap():
    assert to_pdf(document(Heading(3, "Deep"), Heading(4, "Deeper"), Heading(2, "Up")))


def test_word_has_real_headings_a_header_row_a_language_and_words_for_its_picture():
    file = docx.Document(io.BytesIO(to_word(FULL)))
    assert [p.text for p in file.paragraphs if p.style.name == "Heading 1"][0] == "Needs the meeting"
    assert file.inline_shapes[0]._inline.docPr.get("descr") == "Thefts rose. Counts of two quarters"
    assert all("w:tblHeader" in table._tbl.xml for table in file.tables)
    assert file.core_properties.language == "en-GB" and 'w:lang w:val="en-GB"' in file.styles.element.xml
    assert "PAGE" in file.sections[0].footer._element.xml


def test_slides_hold_one_finding_each_with_its_numbers_in_the_notes():
    shown = pptx.Presentation(io.BytesIO(to_slides(FULL)))
    titles = [slide.shapes.title.text_frame.text for slide in shown.slides]
    assert titles == [
        "Quarter 2", "Needs the meeting", "Needs the meeting", "Move £16,000", "Thefts rose", "Needs the meeting",
        "Late", "Notes",
    ]  # fmt: skip
    finding = shown.slides[titles.index("Thefts rose")]
    picture = next(shape for shape in finding.shapes if shape.shape_type == 13)
    assert picture._element.nvPicPr.cNvPr.get("descr") == "Thefts rose. Counts of two quarters"
    assert "September | 171" in finding.notes_slide.notes_text_frame.text


def test_six_hundred_rows_are_quick_and_all_there():
    rows = tuple((f"Gates number {i}", "Insp. L. Marsh", date(2026, 8, 31), i) for i in range(600))
    long = document(TableBlock("Late", ("What", "Owner", "Due", "Days"), rows, (), (False, False, False, True)))
    started = time.perf_counter()
    pdf, word = to_pdf(long), to_word(long)
    assert time.perf_counter() - started < 15
    text = _bare("".join(pages_text(pdf)))
    assert all(f"Gatesnumber{i}Insp" in text for i in range(600))
    assert len(docx.Document(io.BytesIO(word)).tables[0].rows) == 601
    # the heading stands on every page the table runs over
    assert all("Owner" in page for page in pages_text(pdf)[:-1])


def test_pages_can_be_looked_at():
    assert all(page.startswith(b"\x89PNG") for page in to_pages(FULL))


# --- a council's own template


def template(*lines: str) -> bytes:
    file = docx.Document()
    file.sections[0].header.paragraphs[0].text = "{{ partnership }}"
    for line in lines:
        file.add_paragraph(line)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def test_a_template_is_filled_where_it_says():
    made = docx.Document(io.BytesIO(to_word(FULL, template("Borough of {{ title }}", "{{ body }}", "The end"))))
    lines = [paragraph.text for paragraph in made.paragraphs]
    assert lines[0] == "Borough of Quarter 2" and lines[-1] == "The end" and "Needs the meeting" in lines
    assert made.sections[0].header.paragraphs[0].text == "Safer Aldercombe"


@pytest.mark.parametrize(
    "line",
    ["{{ title.__class__ }}", "{% for x in title %}{% endfor %}", "{{ secret }}", "{{ title|upper }}", "{# note #}"],
)
def test_a_template_that_asks_for_anything_else_is_refused_with_what_it_asked(line):
    with pytest.raises(DataProblem, match="not one of its placeholders"):
        to_word(FULL, template(line, "{{ body }}"))


def test_a_template_without_a_body_or_that_is_no_word_file_is_refused():
    with pytest.raises(DataProblem, match="where the text goes"):
        to_word(FULL, template("{{ title }}"))
    for other in (b"", b"plain text", b"PK\x03\x04 broken"):
        with pytest.raises(DataProblem, match="not a Word file"):
            to_word(FULL, other)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("word/vbaProject.bin", b"macro", "macro"),
        (
            "word/_rels/settings.xml.rels",
            b'<Relationships><Relationship Type="http://x/attachedTemplate" Target="http://x/a.dotm" '
            b'TargetMode="External"/></Relationships>',
            "elsewhere",
        ),
        ("word/extra.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
    ],
)
def test_a_template_with_macros_or_parts_from_elsewhere_is_refused(name, content, why):
    out = io.BytesIO(template("{{ body }}"))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(name, content)
    with pytest.raises(DataProblem, match=why):
        to_word(FULL, out.getvalue())


# --- spreadsheets


def test_a_spreadsheet_keeps_numbers_days_and_text_and_runs_nothing():
    sheet = Sheet("Budget: 2026/27", ("what", "£"), (("=SUM(A1)", 1385077), ("@now", None), ("gap", 2.5)), ("t.b.c.",))
    made = to_ods([sheet, Sheet("budget- 2026/27", ("day",), ((date(2026, 3, 31),),))])
    assert b"formula" not in zipfile.ZipFile(io.BytesIO(made)).read("content.xml")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(made))
    assert len(book.sheet_names) == 3 and book.sheet_names[-1] == "Notes"
    assert book.get_sheet_by_index(0).to_python() == [
        ["what", "£"], ["=SUM(A1)", 1385077.0], ["@now", ""], ["gap", 2.5],
    ]  # fmt: skip
    assert book.get_sheet_by_index(1).to_python()[1] == [date(2026, 3, 31)]
    assert book.get_sheet_by_index(2).to_python()[1][1] == "t.b.c."
    assert to_csv(sheet).splitlines() == ["what,£", "'=SUM(A1),1385077", "'@now,", "gap,2.5", "", "t.b.c."]


def test_rows_that_do_not_fit_their_heading_are_refused():
    with pytest.raises(CannotCompute, match="Row 1"):
        TableBlock("T", ("a", "b"), ((1,),))
    with pytest.raises(CannotCompute, match="Row 2"):
        Sheet("S", ("a",), ((1,), (1, 2)))


# --- pictures


def test_a_picture_stands_alone_with_its_colours_and_nothing_that_runs():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" onload="x()"><style>.a { fill: #123456 }</style>'
        '<script>x()</script><image href="http://x/y.png"/><foreignObject/><rect class="a" id="r" width="5" '
        'height="5"/><path d="M0 0L1 1" class="fp-chart__line"/><rect fill="url(http://x)"/></svg>'
    )
    alone = standing_alone(svg, "p-")
    assert 'fill="#123456"' in alone and 'stroke="#17315c"' in alone and 'id="p-r"' in alone
    assert not re.search(r"script|image|foreignObject|onload|class=|http://x|<style", alone)


@pytest.mark.parametrize("text", ["no picture", "<html/>", '<!DOCTYPE x [<!ENTITY a "b">]><svg/>'])
def test_what_is_no_picture_is_refused(text):
    with pytest.raises(DataProblem):
        standing_alone(text)


# --- the typeface


def test_documents_are_set_in_the_house_typeface_in_both_weights_and_in_welsh():
    made = to_pdf(document(Heading(1, "Ŵyl"), Paragraph("Tŷ")))
    named = set(re.findall(rb"/BaseFont/\w+\+([\w-]+)", made))
    if not any(b"Atkinson" in name for name in named):
        pytest.skip("the assets are not built, so documents are set in the machine's typeface")
    assert all(b"Atkinson" in name for name in named)
    # a change of typeface breaks a word into pieces
    text = pages_text(made)[0].replace("\n", "")
    assert "Ŵyl" in text and "Tŷ" in text


@pytest.mark.parametrize("bad", [b"", b"wOFF" + bytes(60), b"wOF2" + bytes(60), b"wOF2\x00\x01\x00\x00" + b"\xff" * 60])
def test_what_is_no_typeface_is_refused(bad):
    with pytest.raises(DataProblem):
        as_truetype(bad)
