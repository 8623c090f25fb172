"""The strategic assessment, as an analyst and a coordinator meet it."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from frankpledge.foundation.agencies.vocabulary import AgencyKind, DataClass
from frankpledge.foundation.jobs import selectors as jobs
from frankpledge.oversight.assessment import documents, rules, selectors, services
from frankpledge.records.incidents.models import Batch
from frankpledge.records.indicators import selectors as indicators
from frankpledge.records.meetings import selectors as meetings
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Role
from frankpledge.workflows.compose_assessment import compose_assessment
from tests.pages.html import check_page
from tests.pages.made_up import BY, DISTRICT, NEWEST, receive
from tests.people import agree, make_agency

DECISION = {"decided_by": "The strategy group", "decided_on": "2026-01-20", "reasons": "It is a fair account."}


def page_of(browser, address: str):
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return check_page(answer.content.decode())


def approved(assessment):
    from datetime import date

    return services.approve(
        assessment, decided_by="The strategy group", decided_on=date(2026, 1, 20), reasons="Fair.", by=BY
    )


def burglary(assessment):
    return selectors.section(assessment, "theme:burglary")


def count_of(assessment) -> str:
    return rules.values_of(burglary(assessment).content)["burglary.count"]


def test_one_click_starts_the_work_and_the_draft_is_there(as_role, evidence):
    browser = as_role(Role.ANALYST)
    answer = browser.post("/assess/strategic/compose/", {"area": DISTRICT})
    job = jobs.newest("compose assessment")
    assert answer.status_code == 302 and str(job.pk) in answer["Location"]
    made = compose_assessment(area=job.arguments["area"], by=BY)
    text = " ".join(page_of(browser, f"/assess/strategic/{made.reference}/").text("main"))
    assert "In short" in text and "Burglary" in text and "Not known yet" in text


def test_what_is_not_known_says_so_and_who_owes_it(assessment):
    said = {section.key: section.content["missing"] for section in selectors.sections(assessment)}
    assert "No survey of residents has been brought in" in said["voice"][0]
    assert "reg 12" in said["voice"][0]
    assert "No plan of this partnership is on record" in said["delivery"][0]
    assert any("Nothing on record says who offends" in sentence for sentence in said["offending"])


def test_every_figure_has_a_key_and_the_same_evidence_gives_the_same_keys(assessment):
    before = selectors.document_of(assessment, selectors.sections(assessment))
    again = compose_assessment(area="", by=BY)
    after = selectors.document_of(again, selectors.sections(again))
    assert before["sections"] == after["sections"]
    figure = rules.figures_by_slot(after["sections"])["burglary.rate"]
    assert round(float(indicators.figure(figure["key"]).value), 2) == round(figure["number"], 2)


def test_new_files_move_the_figures_and_leave_the_words(assessment):
    was = count_of(assessment)
    one = burglary(assessment)
    words = f"There were {was} burglaries, and that is a matter for us."
    services.write_section(assessment, one.key, words=words, included=True, version=one.version, by=BY)
    receive(NEWEST + 1, rows=900)
    compose_assessment(area="", by=BY)
    one = burglary(assessment)
    assert one.words == words and count_of(assessment) != was
    (flag,) = selectors.flags(selectors.sections(assessment))
    assert (flag.disagreement.said, flag.disagreement.now) == (was, count_of(assessment))
    with pytest.raises(RuleBroken, match="Correct it before you approve"):
        approved(assessment)
    newer = rules.figures_by_slot([{"content": one.content}])["burglary.count"]["key"]
    assert indicators.figure(newer).replaces is not None


def test_the_page_says_that_files_have_come_in_since(as_role, assessment):
    browser = as_role(Role.ANALYST)
    address = f"/assess/strategic/{assessment.reference}/"
    assert "Files have come in" not in page_of(browser, address).html
    receive(NEWEST + 1, rows=900)
    assert "Files have come in" in page_of(browser, address).html


def test_words_written_by_two_at_once_are_not_lost(as_role, assessment):
    browser = as_role(Role.ANALYST)
    one = burglary(assessment)
    address = f"/assess/strategic/{assessment.reference}/sections/{one.key}/words/"
    first = {"words": "The first words of one of us.", "included": "on", "version": one.version}
    assert browser.post(address, first).status_code == 302
    answer = browser.post(address, {**first, "words": "The words of the other."})
    assert answer.status_code == 422
    assert "saved this while you were writing" in answer.content.decode()
    assert "The words of the other." in answer.content.decode()
    assert burglary(assessment).words == "The first words of one of us."


def test_an_approved_edition_is_frozen_with_its_decision(as_role, assessment):
    browser = as_role(Role.COORDINATOR)
    answer = browser.post(f"/assess/strategic/{assessment.reference}/approve/", DECISION)
    assert answer.status_code == 302
    one = selectors.edition(assessment, 1)
    assert selectors.is_intact(one)
    assert meetings.decision(one.decision_reference).subject == f"assessment:{assessment.reference}/edition 1"
    for act in (one.save, one.delete):
        with pytest.raises(RuleBroken):
            act()
    assert "as approved" in page_of(browser, answer["Location"]).html


def test_the_same_edition_is_not_approved_twice(assessment):
    approved(assessment)
    with pytest.raises(RuleBroken, match="Nothing has changed"):
        approved(assessment)


def test_an_edition_changed_outside_the_software_is_seen(as_role, assessment):
    from frankpledge.oversight.assessment.models import Edition

    one = approved(assessment)
    Edition.objects.filter(pk=one.pk).update(document={**one.document, "title": "Another"})
    page = page_of(as_role(Role.ANALYST), f"/assess/strategic/{assessment.reference}/editions/1/")
    assert "not as approved" in page.html


def test_the_next_edition_says_what_changed(as_role, assessment):
    was = count_of(assessment)
    approved(assessment)
    receive(NEWEST + 1, rows=900)
    compose_assessment(area="", by=BY)
    page = page_of(as_role(Role.ANALYST), f"/assess/strategic/{assessment.reference}/")
    rows = [text for text in page.text("tr") if text.startswith("Burglaries")]
    assert any(was in row and count_of(assessment) in row for row in rows)


def test_an_analyst_may_not_approve_and_a_councillor_may_only_read(as_role, assessment):
    address = f"/assess/strategic/{assessment.reference}/"
    assert as_role(Role.ANALYST).get(f"{address}approve/").status_code == 404
    reader = as_role(Role.SCRUTINY)
    page = page_of(reader, address)
    assert "/approve/" not in page.html
    assert "words/" not in page_of(reader, f"{address}sections/overview/").html
    assert reader.get(f"{address}sections/overview/words/").status_code == 404


def test_a_ward_has_an_assessment_of_its_own(evidence):
    made = compose_assessment(area="Quarry", by=BY)
    assert made.area_name == "Quarry"
    assert burglary(made) is not None


@pytest.mark.parametrize(
    ("kind", "starts"), [("pdf", b"%PDF"), ("docx", b"PK"), ("ods", b"PK"), ("csv", b"key,"), ("summary", b"%PDF")]
)
def test_a_draft_is_taken_away_in_every_form(as_role, assessment, kind, starts):
    answer = as_role(Role.SCRUTINY).get(f"/assess/strategic/{assessment.reference}/files/{kind}/")
    assert answer.status_code == 200 and answer.content.startswith(starts)
    assert "attachment" in answer["Content-Disposition"]


def test_a_file_of_no_kind_is_absent(as_role, assessment):
    browser = as_role(Role.ANALYST)
    assert browser.get(f"/assess/strategic/{assessment.reference}/files/exe/").status_code == 404
    assert browser.get("/assess/strategic/S999/").status_code == 404
    assert browser.get("/assess/strategic/X1/").status_code == 404


def test_two_districts_make_a_county(as_role, assessment):
    approved(assessment)
    browser = as_role(Role.ANALYST)
    own = browser.get(f"/assess/strategic/{assessment.reference}/editions/1/json/").content
    other = json.loads(own)
    other["edition"] |= {"area_code": "X99000002", "area_name": "Bramshire"}
    other["sha256"] = rules.sealed(other["edition"])
    files = [
        SimpleUploadedFile("aldershire.json", own),
        SimpleUploadedFile("bramshire.json", json.dumps(other).encode()),
    ]
    answer = browser.post("/assess/strategic/county/", {"title": "The county", "editions": files})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    page = page_of(browser, answer["Location"])
    number = int(count_of(assessment).replace(",", ""))
    assert any(text.startswith("Burglary") and f"{2 * number:,}" in text for text in page.text("tr"))
    assert browser.get(f"{answer['Location']}ods/").content.startswith(b"PK")


def test_an_export_that_was_changed_is_refused(as_role, assessment):
    approved(assessment)
    browser = as_role(Role.ANALYST)
    own = browser.get(f"/assess/strategic/{assessment.reference}/editions/1/json/").content
    changed = json.loads(own)
    changed["edition"]["area_name"] = "Bramshire"
    files = [SimpleUploadedFile("a.json", own), SimpleUploadedFile("b.json", json.dumps(changed).encode())]
    answer = browser.post("/assess/strategic/county/", {"title": "The county", "editions": files})
    assert answer.status_code == 422 and "its sum does not agree" in answer.content.decode()


def test_word_files_are_made_in_the_councils_own_template(as_role, assessment):
    from docx import Document

    template = Document()
    template.add_paragraph("Aldershire Council")
    template.add_paragraph("{{ title }}")
    template.add_paragraph("{{ body }}")
    out = io.BytesIO()
    template.save(out)
    browser = as_role(Role.ANALYST)
    address = f"/assess/strategic/{assessment.reference}/"
    wrong = browser.post(f"{address}template/", {"file": SimpleUploadedFile("t.docx", b"no Word file")})
    assert wrong.status_code == 422
    assert (
        browser.post(f"{address}template/", {"file": SimpleUploadedFile("t.docx", out.getvalue())}).status_code == 302
    )
    made = Document(io.BytesIO(browser.get(f"{address}files/docx/").content))
    words = [paragraph.text for paragraph in made.paragraphs]
    assert "Aldershire Council" in words and any("What is recorded" in word for word in words)


def test_a_page_asks_the_same_of_the_database_however_many_sections(as_role, assessment, django_assert_max_num_queries):
    browser = as_role(Role.ANALYST)
    address = f"/assess/strategic/{assessment.reference}/"
    browser.get(address)
    with django_assert_max_num_queries(30):
        browser.get(address)


def test_every_page_of_it_is_whole_before_anything_is_there(as_role, aldershire):
    browser = as_role(Role.ANALYST)
    for part in ("strategic", "strategic/compose", "strategic/county", "problems", "scan", "scan/start", "requests"):
        page_of(browser, f"/assess/{part}/")
    page_of(browser, "/assess/requests/ask/")


@pytest.fixture
def closed(assessment):
    """What it was made of turns out to be the police's own, and nobody has agreed to share it."""
    police = make_agency("Aldershire Police", AgencyKind.POLICE)
    assert Batch.objects.update(owner_id=police.pk, data_class=DataClass.CRIME.value)
    return police


def test_a_draft_is_absent_for_whoever_may_not_have_the_records_it_rests_on(as_role, assessment, closed):
    """The draft, its sections and its files; the analyst of the partnership still sees it."""
    browser, address = as_role(Role.REPRESENTATIVE), f"/assess/strategic/{assessment.reference}/"
    assert assessment.title not in browser.get("/assess/strategic/").content.decode()
    for part in ("", "sections/overview/", "files/pdf/", "files/ods/", "files/csv/", "files/summary/"):
        assert as_role(Role.ANALYST).get(f"{address}{part}").status_code == 200, part
        assert browser.get(f"{address}{part}").status_code == 404, part
    agree(closed, make_agency(), DataClass.CRIME)
    assert browser.get(address).status_code == 200


def test_an_approved_edition_is_read_in_its_public_form_without_an_agreement(as_role, assessment, closed):
    approved(assessment)
    browser, address = as_role(Role.SCRUTINY), f"/assess/strategic/{assessment.reference}/"
    assert browser.get(address).url == f"{address}editions/1/"
    page = browser.get(f"{address}editions/1/?section=theme:burglary").content.decode()
    assert "This is the public edition" in page and "A picture is left out here" in page
    for kind, status in (("public", 200), ("public-ods", 200), ("summary", 200), ("ods", 404), ("json", 404)):
        assert browser.get(f"{address}editions/1/{kind}/").status_code == status, kind


def test_the_summary_gives_no_small_count_away_by_its_rate():
    document = {
        "area_name": "Aldershire",
        "sections": [
            {
                "key": "overview",
                "chapter": "themes",
                "heading": "",
                "words": "",
                "written": False,
                "included": True,
                "content": {
                    "figures": [
                        {"slot": "robbery.count", "theme": "Robbery", "crime_type": "robbery", "number": 2,
                         "value": "2", "moved": "from 1 to 2", "period": "2026"},
                        {"slot": "robbery.rate", "value": "0.04"},
                    ]
                },
            },
            {
                "key": "places",
                "chapter": "places",
                "heading": "",
                "words": "Robbery stands out in Canary Close.",
                "written": False,
                "included": True,
                "content": {},
            },
        ],
    }  # fmt: skip
    blocks = str(documents.summary_document(document, edition=1).blocks)
    assert "fewer than 5" in blocks and "0.04" not in blocks and "from 1 to 2" not in blocks
    assert "Canary Close" not in blocks
