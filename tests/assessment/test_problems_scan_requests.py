"""Problem profiles, the scan and the evidence gate, as the people who need them walk through."""

import pytest

from frankpledge.oversight.assessment import selectors
from frankpledge.records.meetings import selectors as meetings
from frankpledge.vocabulary.permissions import Role
from tests.pages.html import check_page
from tests.pages.made_up import DISTRICT

DECISION = {"decided_by": "The strategy group", "decided_on": "2026-01-20", "reasons": "The figures say so."}


def page_of(browser, address: str):
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return check_page(answer.content.decode())


def text_of(page) -> str:
    return " ".join(page.text("main")[0].split())


def test_a_profile_is_drawn_from_a_question_in_one_step(as_role, evidence):
    browser = as_role(Role.ANALYST)
    page_of(browser, "/assess/problems/draw/?type=burglary&area=Quarry")
    answer = browser.post("/assess/problems/draw/?type=burglary&area=Quarry", {"title": ""})
    page = page_of(browser, answer["Location"])
    assert page.text("h1") == ["Burglary in Quarry"]
    for part in ("Victim", "Offender", "Location", "Time", "Guardians of the victim", "Managers of the place"):
        assert part in page.text("h3"), part
    assert "Nothing at hand says who does it" in text_of(page)
    assert browser.get(f"{answer['Location']}files/pdf/").content.startswith(b"%PDF")
    assert page_of(browser, "/assess/problems/").text("th")[-1] == "Burglary in Quarry"


def test_words_stand_beside_the_figures_and_stay_when_it_is_drawn_anew(as_role, evidence):
    browser = as_role(Role.ANALYST)
    address = browser.post("/assess/problems/draw/?type=robbery", {"title": "Robbery at the station"})["Location"]
    said = {"version": "1", "victim": "Pupils between four and six."}
    assert browser.post(f"{address}words/", said).status_code == 302
    assert browser.post(f"{address}words/", said).status_code == 422  # somebody saved meanwhile
    assert browser.post(f"{address}refresh/").status_code == 302
    page = page_of(browser, address)
    assert page.text("h1") == ["Robbery at the station"]
    assert "Pupils between four and six." in text_of(page)


def test_a_question_that_makes_no_sense_is_said_in_one_sentence(as_role, evidence):
    browser = as_role(Role.ANALYST)
    assert "There is no type" in page_of(browser, "/assess/problems/draw/?type=witchcraft").html
    answer = browser.post("/assess/problems/draw/?type=burglary&area=Nowhere", {})
    assert answer.status_code == 422 and "There is no area called" in answer.content.decode()


def test_a_reader_sees_a_profile_and_no_button(as_role, evidence):
    address = as_role(Role.ANALYST).post("/assess/problems/draw/?type=burglary", {})["Location"]
    reader = as_role(Role.SCRUTINY)
    assert "words/" not in page_of(reader, address).html
    assert reader.get(f"{address}words/").status_code == 404
    assert as_role(Role.CREW).get(address).status_code == 404


@pytest.fixture
def scan(as_role, assessment):
    browser = as_role(Role.ANALYST)
    answer = browser.post("/assess/scan/start/", {"title": "Spring scan", "area": assessment.area_code})
    return selectors.scan(answer["Location"].split("/")[-3])


def filled(scan, score=3) -> dict[str, str]:
    said = {"version": str(scan.version)}
    for one in scan.criteria:
        said[f"weight-{one['key']}"] = str(one["weight"])
    for row, issue in enumerate(scan.issues):
        said |= {f"name-{row}": issue["name"], f"confidence-{row}": "medium", f"reasons-{row}": "Agreed in the room."}
        said |= {f"{one['key']}-{row}": str((score + row) % 6) for one in scan.criteria}
    return said


def test_a_scan_opens_with_the_types_of_the_assessment_and_what_figures_propose(scan):
    issues = {issue["name"]: issue for issue in scan.issues}
    assert issues["Burglary"]["scores"]["likelihood"] in range(1, 6)
    assert "harm" not in issues["Burglary"]["scores"]
    assert issues["Burglary"]["figure_keys"]


def test_an_issue_without_all_scores_is_not_ranked_and_cannot_be_recorded(as_role, scan):
    browser = as_role(Role.ANALYST)
    page = page_of(browser, f"/assess/scan/{scan.reference}/")
    assert "none is ranked" in text_of(page) and "/decide/" not in page.html
    answer = browser.post(f"/assess/scan/{scan.reference}/decide/", DECISION)
    assert answer.status_code == 422 and "lacks a score" in answer.content.decode()


def test_scores_give_ranks_sensitivity_and_a_decision(as_role, scan):
    browser = as_role(Role.ANALYST)
    said = filled(scan) | {f"name-{len(scan.issues)}": "Exploitation", f"harm-{len(scan.issues)}": "5"}
    assert browser.post(f"/assess/scan/{scan.reference}/scores/", said).status_code == 302
    page = page_of(browser, f"/assess/scan/{scan.reference}/")
    assert "If the weights were others" in page.text("h2")
    assert "not scored" in text_of(page)  # the issue that was added
    said.pop(f"name-{len(scan.issues)}")
    said["version"] = "2"
    browser.post(f"/assess/scan/{scan.reference}/scores/", said)
    assert browser.post(f"/assess/scan/{scan.reference}/decide/", DECISION).status_code == 302
    recorded = selectors.scan(scan.reference)
    decision = meetings.decision(recorded.decision_reference)
    assert decision.details["ranking"]["issues"][0]["rank"] == 1 and "F" in decision.figure_keys[0]
    again = browser.post(f"/assess/scan/{scan.reference}/scores/", {**said, "version": "3"})
    assert again.status_code == 422 and "recorded as a decision" in again.content.decode()


def test_a_request_is_answered_with_what_the_assessment_says(as_role, assessment):
    browser = as_role(Role.COORDINATOR)
    asked = {
        "title": "A burglary group in Quarry",
        "kind": "a new group",
        "asked_by": "Ward councillors",
        "asked_on": "2026-01-10",
        "why": "Neighbours say it has got worse.",
        "themes": ["burglary"],
        "area": assessment.area_code,
    }
    address = browser.post("/assess/requests/ask/", asked)["Location"]
    page = page_of(browser, address)
    assert "What does the assessment say?" in page.text("h2")
    assert "Burglaries, " in text_of(page)
    answer = {**DECISION, "outcome": "refused", "decided": "No new group; the tasking group takes it up."}
    assert browser.post(f"{address}decide/", answer).status_code == 302
    page = page_of(browser, address)
    assert "What the assessment said when it was decided" in page.text("h2")
    assert "the tasking group takes it up" in text_of(page)
    kept = selectors.request(address.split("/")[-2])
    assert meetings.decision(kept.decision_reference).figure_keys
    twice = browser.post(f"{address}decide/", answer)
    assert twice.status_code == 422 and "decided already" in twice.content.decode()


def test_a_request_without_an_assessment_says_so(as_role, aldershire):
    browser = as_role(Role.ANALYST)
    asked = {"title": "A", "kind": "a new group", "asked_by": "B", "asked_on": "2026-01-10", "why": "C"}
    empty = browser.post("/assess/requests/ask/", {**asked, "area": "X90000001"})
    assert empty.status_code == 422
    area = DISTRICT
    address = browser.post("/assess/requests/ask/", {**asked, "themes": ["burglary"], "area": area})["Location"]
    assert "There is no assessment of this area yet" in page_of(browser, address).html
