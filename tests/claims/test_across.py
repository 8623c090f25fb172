"""What lies between claims: found in the examples without being told, and gone once the trouble is mended."""

import copy
from typing import Any

import pytest

from frankpledge.analysis.claims.across import check_document, implied_bases
from frankpledge.analysis.claims.claims import DocumentCheck, FindingKind, Verdict
from frankpledge.analysis.claims.reading import document
from frankpledge.analysis.claims.settling import unsettled
from frankpledge.sources import examples


def given(name: str) -> dict[str, Any]:
    return copy.deepcopy(examples.read(name))


def checked(what: dict[str, Any]) -> DocumentCheck:
    return check_document(document(what))


def kinds(check: DocumentCheck) -> set[FindingKind]:
    return {finding.kind for finding in check.findings}


def verdict(check: DocumentCheck, key: str) -> Verdict:
    return next(one.verdict for one in check.checked if one.claim.key == key)


def figure(what: dict[str, Any], name: str) -> dict[str, Any]:
    return next(item for item in what["figures"] if item["name"] == name)


def test_no_example_holds_a_verdict() -> None:
    for name in examples.NAMES:
        assert "verdict" not in str(examples.read(name))


def test_a02_neither_budget_gives_175() -> None:
    plan = given("mansfield")
    assert verdict(checked(plan), "M1") is Verdict.CONFLICT
    assert any("£955,500" in need for one in checked(plan).checked if one.claim.key == "M1" for need in one.needs)
    figure(plan, "budget")["value"] = 955_500
    assert verdict(checked(plan), "M1") is Verdict.AGREES


def test_a06_one_count_with_two_values() -> None:
    plan = given("mansfield")
    found = checked(plan)
    assert FindingKind.TWO_VALUES in kinds(found)
    assert verdict(found, "M3") is Verdict.CONFLICT
    for name in ("after", "after_total"):
        figure(plan, name)["value"] = 64
    mended = checked(plan)
    assert verdict(mended, "M3") is Verdict.AGREES
    assert verdict(mended, "M8") is Verdict.AGREES
    assert not any("five neighbourhoods" in finding.sentence for finding in mended.findings)


def test_no_single_count_fits_all_statements() -> None:
    plan = document(examples.read("mansfield"))
    [one] = unsettled(plan, check_document(plan).findings)
    allowed = {statement.key: statement.allowed for statement in one.statements if statement.printed is None}
    assert allowed["M3"] == (64,)
    assert allowed["M8"] == (64,)
    assert [statement.printed for statement in one.statements if statement.printed is not None] == [65, 68]
    assert [candidate.count for candidate in one.candidates] == [64, 65, 68]


def test_a07_three_statements_about_protected_homes() -> None:
    plan = given("mansfield")
    found = checked(plan)
    assert verdict(found, "M2") is Verdict.CONFLICT
    assert verdict(found, "M11") is Verdict.CONFLICT
    figure(plan, "protected")["value"] = 5
    assert verdict(checked(plan), "M2") is Verdict.AGREES


def test_a10_a_percentage_needs_a_baseline() -> None:
    plan = given("salford")
    [finding] = [f for f in checked(plan).findings if f.kind is FindingKind.TARGET_WITHOUT_BASELINE]
    assert "needs a baseline of 60" in finding.sentence
    plan["targets"][0]["baseline"] = "60.0 in 1998/99"
    assert FindingKind.TARGET_WITHOUT_BASELINE not in kinds(checked(plan))


def test_a14_dates_and_rows() -> None:
    plan = given("salford")
    assert len(plan["actions"]) == 27
    found = checked(plan)
    assert {FindingKind.SAME_ROW_TWICE, FindingKind.IMPOSSIBLE_DATE, FindingKind.BEFORE_START} <= kinds(found)
    assert any("20023" in finding.sentence for finding in found.findings)
    plan["actions"] = [row for row in plan["actions"] if "20023" not in row["due"]]
    assert not {FindingKind.SAME_ROW_TWICE, FindingKind.IMPOSSIBLE_DATE} & kinds(checked(plan))


def test_a12_both_tables_foot_and_are_incomplete() -> None:
    plan = given("salford")
    found = checked(plan)
    assert FindingKind.DOES_NOT_FOOT not in kinds(found)
    assert FindingKind.INCOMPLETE in kinds(found)
    assert all(table["rows"][-1]["cells"][-1] == 1_385_077 for table in plan["money"])
    [uplift] = [finding for finding in found.findings if finding.kind is FindingKind.UPLIFT]
    assert "3.5 %" in uplift.sentence
    assert "3 %" in uplift.sentence
    plan["money"][0]["rows"][0]["cells"][2] += 1
    assert FindingKind.DOES_NOT_FOOT in kinds(checked(plan))


def test_a20_no_number_of_27_gives_58_per_cent() -> None:
    plan = given("harborough")
    [finding] = [f for f in checked(plan).findings if f.kind is FindingKind.NO_SUCH_SHARE]
    assert "24 or 26 answers" in finding.sentence
    for name in ("less_worried", "interested"):
        figure(plan, name)["answers"] = 24
    assert FindingKind.NO_SUCH_SHARE not in kinds(checked(plan))


def test_a21_wanted_both_more_and_fewer() -> None:
    plan = given("harborough")
    assert FindingKind.POLARITY in kinds(checked(plan))
    for target in plan["targets"]:
        target["wants"] = "less" if target["wants"] == "more" else target["wants"]
    assert FindingKind.POLARITY not in kinds(checked(plan))


def test_a25_eight_months_against_four() -> None:
    plan = given("hallmarks")
    assert FindingKind.UNEQUAL_PERIODS in kinds(checked(plan))
    figure(plan, "before")["period"] = "2007-12/2008-03"
    assert FindingKind.UNEQUAL_PERIODS not in kinds(checked(plan))


def test_a30_changes_are_not_added() -> None:
    plan = given("hallmarks")
    claim = next(item for item in plan["claims"] if item["key"] == "K5")
    claim["stated"] = -34
    assert FindingKind.ADDED_CHANGES in kinds(checked(plan))
    claim["stated"] = -31.6
    assert FindingKind.ADDED_CHANGES not in kinds(checked(plan))


def test_a35_three_denominators() -> None:
    plan = given("barnet")
    [finding] = [f for f in checked(plan).findings if f.kind is FindingKind.OTHER_POPULATION]
    for base in ("343,09", "135,341", "369,785"):
        assert base in finding.sentence
    for rate, base, _ in implied_bases(document(plan)):
        figure(plan, rate.name)["value"] = round(float(base * rate.value / 343_100), 3)
    assert FindingKind.OTHER_POPULATION not in kinds(checked(plan))


def test_a37_one_question_printed_twice() -> None:
    plan = given("barnet")
    assert {FindingKind.SAME_QUESTION, FindingKind.OTHER_SURVEY} <= kinds(checked(plan))
    figure(plan, "worried_first")["question"] = "how safe do you feel walking alone in this area after dark"
    assert FindingKind.SAME_QUESTION not in kinds(checked(plan))


def test_a38_more_offences_than_incidents() -> None:
    plan = given("barnet")
    found = checked(plan)
    assert FindingKind.SWAPPED in kinds(found)
    assert verdict(found, "B3") is Verdict.CONFLICT
    offences, incidents = figure(plan, "dv_offences"), figure(plan, "dv_incidents")
    offences["value"], incidents["value"] = incidents["value"], offences["value"]
    mended = checked(plan)
    assert FindingKind.SWAPPED not in kinds(mended)
    assert verdict(mended, "B3") is Verdict.AGREES


def test_barnets_missing_targets_are_listed() -> None:
    [finding] = [f for f in checked(given("barnet")).findings if f.kind is FindingKind.NO_TARGET]
    assert finding.sentence.startswith("18 targets")


def test_a_society_cost_called_public_money() -> None:
    plan = given("mansfield")
    assert FindingKind.SOCIETY_AS_CASH in kinds(checked(plan))
    figure(plan, "unit_cost")["where"] = "Check list: a cost to society"
    assert FindingKind.SOCIETY_AS_CASH not in kinds(checked(plan))


@pytest.mark.parametrize("name", examples.NAMES)
def test_every_conflict_is_a_sentence(name: str) -> None:
    for finding in checked(given(name)).findings:
        assert str(finding.sentence).strip()
        assert "\n" not in finding.sentence
