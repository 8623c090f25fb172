"""Words against figures, the checklist, the sum, what changed, and what may be published: no database."""

from datetime import date

import pytest

from frankpledge.oversight.assessment import documents, rules
from frankpledge.oversight.assessment.vocabulary import CheckState
from frankpledge.reports.documents import Callout, FigureBlock, TableBlock
from frankpledge.vocabulary.errors import DataProblem


def figure(slot="burglary.count", value="1,234", **more):
    return {
        "slot": slot,
        "label": "Burglaries",
        "value": value,
        "unit": "",
        "interval": "",
        "comparison": "",
        "status": "",
        "number": 1234,
        "limits": None,
        "theme": "Burglary",
        "crime_type": "burglary",
        "period": "year to October 2022",
        "source": "Police",
        "how": "",
        "n": 1234,
        **more,
    }


def content(*figures, tables=(), pictures=(), missing=()):
    return {"figures": list(figures), "tables": list(tables), "pictures": list(pictures), "missing": list(missing)}


def section(key="theme:burglary", chapter="themes", words="", held=None, included=True):
    return {
        "key": key,
        "chapter": chapter,
        "heading": key,
        "words": words,
        "written": bool(words),
        "included": included,
        "content": held or content(),
    }


@pytest.mark.parametrize(
    "text",
    ["There were 1,234 burglaries.", "There were 1234 burglaries", "burglaries: 1,234.", "(1,234)"],
)
def test_a_number_that_stood_for_a_figure_is_found_however_it_is_written(text):
    then = {"burglary.count": "1,234"}
    assert not rules.disagreements(text, then, content(figure()))
    (found,) = rules.disagreements(text, then, content(figure(value="1,300")))
    assert (found.said, found.now) == ("1,234", "1,300")


@pytest.mark.parametrize("text", ["There were many.", "In 11,234 homes", "A 1234th of it", "See F1234"])
def test_a_number_that_only_looks_like_it_is_not(text):
    assert not rules.disagreements(text, {"burglary.count": "1,234"}, content(figure(value="1,300")))


def test_a_figure_that_is_gone_is_no_disagreement():
    assert not rules.disagreements("1,234", {"burglary.count": "1,234"}, content())


def test_what_changed_says_whether_beyond_chance():
    before = {"a": figure("a", "10", limits=[8, 12]), "b": figure("b", "10", limits=[8, 12]), "c": figure("c", "1")}
    after = {"a": figure("a", "20", limits=[17, 23]), "b": figure("b", "11", limits=[9, 13]), "d": figure("d", "2")}
    verdicts = {change.slot: change.verdict for change in rules.changes(before, after)}
    assert verdicts == {
        "a": "changed, beyond chance",
        "b": "no clear change",
        "c": "no longer given",
        "d": "new in this edition",
    }


def test_the_checklist_says_what_is_missing_and_what_to_check_locally():
    checks = {one.duty.key: one for one in rules.checklist([])}
    assert {one.state for one in checks.values()} == {CheckState.MISSING}
    assert checks["delivery"].duty.mark == "check locally"
    words = "At the public meeting people spoke of burglary and of speeding."
    heard = section("voice", "voice", words, content(missing=["No survey has been brought in."]))
    (check,) = [one for one in rules.checklist([heard]) if one.duty.key == "voice"]
    assert (check.state, check.why) == (CheckState.PARTLY, "No survey has been brought in.")
    left_out = section("voice", "voice", words, included=False)
    (check,) = [one for one in rules.checklist([left_out]) if one.duty.key == "voice"]
    assert check.state is CheckState.MISSING


def edition(name="Harborough", code="E07000131", **more):
    rate = figure(
        "burglary.rate", "10.6", number=10.6, per="per 1,000 households", denominator=34898, denominator_edition="2011"
    )
    return {
        "area_name": name,
        "area_code": code,
        "edition": 1,
        "title": name,
        "made_of": {},
        "sections": [section(held=content(figure(**more), rate))],
    }


def export(held):
    return {"form": rules.EXPORT_FORM, "sha256": rules.sealed(held), "edition": held}


def test_districts_are_added_only_where_they_speak_of_the_same():
    two = [export(edition()), export(edition("Melton", "E07000133"))]
    (row,) = rules.county_table(two).rows
    assert row == ("Burglary", "per 1,000 households", 1234, 10.6, 1234, 10.6, 2468, round(2468000 / (2 * 34898), 2))
    other = [two[0], export(edition("Melton", "E07000133", period="year to March 2022"))]
    table = rules.county_table(other)
    assert table.rows[0][-2:] == (None, None) and "different periods" in table.notes[0]
    with pytest.raises(DataProblem, match="same area"):
        rules.county_table([two[0], two[0]])
    with pytest.raises(DataProblem, match="2 to"):
        rules.county_table(two[:1])


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "{}", '{"form": "other"}', "[" * 5_000])
def test_what_is_no_exported_edition_is_refused_by_name(text):
    with pytest.raises(DataProblem, match=r"leicester\.json"):
        rules.read_export(text, "leicester.json")


def test_a_public_edition_hides_small_numbers_with_what_would_give_them_away():
    table = {
        "caption": "Burglary by ward",
        "columns": ["Ward", "Count", "Per 1,000"],
        "rows": [["A", 3, "1.0"], ["B", 9, "3.1"], ["C", 40, "9.9"]],
        "notes": [],
        "numeric": [False, True, True],
        "counts": 1,
        "rates": [2],
        "level": "neighbourhood",
    }
    small = {**table, "caption": "Small areas", "level": "small area"}
    picture = {
        "title": "T",
        "svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "description": "D",
        "how": "",
        "table": None,
        "small": True,
        "level": "district",
    }
    held = content(figure(value="3", number=3, n=3, theme=""), tables=[table, small], pictures=[picture])
    document = {"title": "T", "area_name": "A", "made_of": {}, "sections": [section(held=held)]}
    public = documents.assessment_document(document, edition=1, made_on=date(2026, 1, 1), public=True)
    (shown,) = [block for block in public.blocks if isinstance(block, TableBlock)]
    cells = {row[0]: row[1:] for row in shown.rows}
    assert cells["A"] == (documents.HIDDEN, documents.HIDDEN)
    assert sum(values[0] == documents.HIDDEN for values in cells.values()) >= 2  # else the total gives it away
    assert not [block for block in public.blocks if isinstance(block, FigureBlock)]
    whole = documents.assessment_document(document, edition=1, made_on=date(2026, 1, 1))
    assert len([block for block in whole.blocks if isinstance(block, TableBlock | FigureBlock)]) == 4
    assert not [row for sheet in documents.data_sheets(document, public=True) for row in sheet.rows if 3 in row]


def test_what_is_not_known_stands_in_the_document_and_at_its_front():
    document = {
        "title": "T",
        "area_name": "A",
        "made_of": {},
        "sections": [section("voice", "voice", held=content(missing=["No survey: the council owes it."]))],
    }
    made = documents.assessment_document(document, edition=None, made_on=date(2026, 1, 1))
    said = [block.text for block in made.blocks if isinstance(block, Callout)]
    assert any("Each chapter says who owes it" in text for text in said) and "No survey: the council owes it." in said
