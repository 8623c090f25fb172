"""The pages as people meet them: what they say, what they offer to whom, how many queries they take."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from frankpledge.records.plan import money_services, selectors, services
from frankpledge.vocabulary.permissions import Role
from tests.pages.html import check_page
from tests.people import TESTS, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(db):
    from frankpledge.workflows import demo_plan

    demo_plan.load(by=TESTS)
    return selectors.current_plan()


def page(browser, address, status=200):
    answer = browser.get(address)
    assert answer.status_code == status, address
    return check_page(answer.content.decode())


def text(browser, address):
    return " ".join(page(browser, address).html.replace("&nbsp;", " ").split())


def addresses(plan):
    first = selectors.priorities(plan)[0]
    target = selectors.targets(plan)[0]
    return [
        "/plan/",
        f"/plan/priorities/{first.pk}/",
        f"/plan/targets/{target.pk}/",
        "/plan/milestones/",
        f"/plan/milestones/{selectors.milestones(plan)[0].pk}/",
        "/plan/matrix/",
        "/plan/versions/",
        "/plan/reviews/",
        "/plan/summary/",
        "/plan/money/",
        f"/plan/money/lines/{selectors.money_lines(plan)[0].pk}/",
        "/plan/money/moves/",
        f"/plan/money/moves/{selectors.virements(plan)[0].pk}/",
        "/plan/money/spend/",
        "/plan/money/reward/",
        "/plan/money/split/",
    ]


def forms(plan):
    first = selectors.priorities(plan)[0]
    target, objective = selectors.targets(plan)[0], first.objectives.all()[0]
    line = selectors.money_lines(plan)[0]
    return [
        "/plan/begin/",
        "/plan/change/",
        f"/plan/objectives/{objective.pk}/change/",
        "/plan/priorities/add/",
        f"/plan/priorities/{first.pk}/change/",
        f"/plan/priorities/{first.pk}/objectives/add/",
        f"/plan/objectives/{objective.pk}/targets/add/",
        f"/plan/targets/{target.pk}/change/",
        f"/plan/targets/{target.pk}/profile/",
        f"/plan/targets/{target.pk}/review/",
        "/plan/milestones/add/",
        "/plan/matrix/aims/add/",
        "/plan/matrix/link/",
        "/plan/versions/refresh/",
        "/plan/versions/publish/",
        f"/plan/money/cell/?line={line.pk}&year=2024&quarter=1",
        "/plan/money/lines/add/",
        "/plan/money/funds/add/",
        "/plan/money/moves/ask/",
        "/plan/money/spend/record/",
        "/plan/money/sheet/take/",
    ]


def test_every_page_is_whole_for_who_writes_and_for_who_reads(as_role, demo):
    for role in (Role.COORDINATOR, Role.MANAGER):
        browser = as_role(role)
        for address in addresses(demo):
            page(browser, address)
    writer = as_role(Role.COORDINATOR)
    for address in forms(demo):
        page(writer, address)


@pytest.mark.parametrize("role", [Role.REPRESENTATIVE, Role.SCRUTINY])
def test_readers_find_the_plan_but_no_form(as_role, demo, role):
    browser = as_role(role)
    assert {browser.get(address).status_code for address in ("/plan/", "/plan/money/")} == {200}
    assert {browser.get(address).status_code for address in forms(demo)[:3]} == {404}
    assert "/plan/priorities/add/" not in text(browser, "/plan/")


@pytest.mark.parametrize("role", [Role.CREW, Role.ADMINISTRATOR])
def test_who_may_not_read_the_plan_finds_nothing(as_role, demo, role):
    browser = as_role(role)
    assert {browser.get(address).status_code for address in addresses(demo)} == {404}


def test_without_a_plan_the_page_says_what_to_do_next(as_role):
    browser = as_role(Role.COORDINATOR)
    assert "There is no plan yet" in text(browser, "/plan/") and "/plan/begin/" in text(browser, "/plan/")
    assert "/plan/begin/" not in text(as_role(Role.SCRUTINY), "/plan/")
    assert browser.get("/plan/money/").status_code == 404


def test_the_money_page_says_what_the_mockup_says(as_role, salford):
    said = text(as_role(Role.COORDINATOR), f"/plan/money/?plan={salford.pk}")
    for words in (
        "At least £1,385,077 over three years. Every row and column adds up. Eight cells are still to be confirmed",
        "£919,924 of it, 2002/03, is complete",
        "5 columns proven",
        "3 not yet",
        "6 of funding, 2 of expenditure",
        "funding complete; one cost t.b.c.",
        "Nine pounds in ten come after September",
        "£814,702 of £919,924 after September, or 89 %",
        "Pay rises by 3.5 %, then by 3.0 %",
        "Two lines move otherwise in 2003/04",
        "2004/05 balances only while a cost is missing.",
        "The year before it was £17,850.",
        "to the pound in every column (£80,000)",
        "not yet known",
        "Worked example.",
    ):
        assert words in said, words


def test_only_who_may_write_amounts_can_fill_a_cell(as_role, salford):
    assert 'class="fp-tbc" href' in text(as_role(Role.COORDINATOR), f"/plan/money/?plan={salford.pk}")
    assert 'class="fp-tbc" href' not in text(as_role(Role.MANAGER), f"/plan/money/?plan={salford.pk}")


def cell_address(line, year, quarter=0):
    return f"/plan/money/cell/?line={line.pk}&year={year}&quarter={quarter}"


def test_filling_a_cell_and_the_second_person_sees_both(as_role, salford):
    line = next(one for one in selectors.money_lines(salford) if one.title.startswith("Co-ordinator"))
    address = cell_address(line, 2004)
    first, second = as_role(Role.COORDINATOR), as_role(Role.COORDINATOR)
    seen = selectors.cell(line.pk, 2004, 0).edition
    assert first.post(address, {"amount": "£18,400", "seen": seen}).status_code == 302
    answer = second.post(address, {"amount": "18,000", "seen": seen})
    said = check_page(answer.content.decode()).html
    assert answer.status_code == 422 and "Two people wrote this amount" in said
    assert "£18,400" in said and "£18,000" in said
    assert second.post(address, {"amount": "18,000", "seen": seen + 1}).status_code == 302
    assert selectors.cell(line.pk, 2004, 0).amount == 18_000
    assert "shortfall" not in text(first, f"/plan/money/?plan={salford.pk}")
    assert "In 2004/05 revenue funding is £18,000 short of expenditure" in text(
        first, f"/plan/money/?plan={salford.pk}"
    )


@pytest.mark.parametrize("query", ["", "?line=1", "?line=x&year=2002&quarter=0", "?line=1&year=²&quarter=0"])
def test_an_address_of_no_cell_is_absent(as_role, salford, query):
    assert as_role(Role.COORDINATOR).get(f"/plan/money/cell/{query}").status_code == 404


def test_a_cell_without_a_sensible_amount_is_asked_again(as_role, salford):
    line = selectors.money_lines(salford)[0]
    answer = as_role(Role.COORDINATOR).post(cell_address(line, 2004), {"amount": "lots", "seen": 1})
    assert answer.status_code == 422 and "“lots” is not an amount" in answer.content.decode()
    answer = as_role(Role.COORDINATOR).post(cell_address(line, 2031), {"amount": "5", "seen": 0})
    assert "outside the plan" in answer.content.decode()


def test_a_manager_approves_what_a_coordinator_asked(as_role, demo):
    asked = selectors.virements(demo)[0]
    line = asked.source
    before = selectors.cell(line.pk, asked.year, asked.quarter).amount
    assert (
        as_role(Role.COORDINATOR).post(f"/plan/money/moves/{asked.pk}/decide/", {"decision": "approve"}).status_code
        == 404
    )
    manager = as_role(Role.MANAGER)
    assert manager.post(f"/plan/money/moves/{asked.pk}/decide/", {"decision": "refuse"}).status_code == 422
    assert manager.post(f"/plan/money/moves/{asked.pk}/decide/", {"decision": "approve"}).status_code == 302
    assert selectors.cell(line.pk, asked.year, asked.quarter).amount == before - asked.amount
    assert "approved" in text(manager, "/plan/money/moves/")


def test_a_sheet_goes_out_and_comes_back_with_its_differences_first(as_role, salford):
    browser = as_role(Role.COORDINATOR)
    out = browser.get(f"/plan/money/sheet/?plan={salford.pk}")
    assert out["Content-Type"].startswith("text/csv")
    sent = out.content.decode("utf-8-sig").replace("182951", "183000")
    address = f"/plan/money/sheet/take/?plan={salford.pk}"
    said = browser.post(address, {"text": sent}).content.decode()
    assert "1 amount would change" in said and "£182,951" in said and "£183,000" in said
    assert selectors.money_tables(salford).foots
    assert browser.post(address, {"text": sent, "taken": "on"}).status_code == 302
    assert not selectors.money_tables(salford).foots
    assert "Nothing would change" in browser.post(address, {"text": sent}).content.decode()


def test_a_percentage_without_a_baseline_is_refused_on_the_page(as_role, demo):
    objective = selectors.priorities(demo)[0].objectives.all()[0]
    answer = as_role(Role.COORDINATOR).post(
        f"/plan/objectives/{objective.pk}/targets/add/",
        {"title": "Reduce burglary by 29 %", "change_percent": "-29", "due_on": "31/3/2027"},
    )
    assert answer.status_code == 422 and "cannot be set without its baseline" in answer.content.decode()


def test_the_plan_lists_what_pulls_apart_and_what_it_lacks(as_role, demo):
    said = text(as_role(Role.SCRUTINY), "/plan/")
    assert "Two aims pull apart on domestic abuse." in said
    assert "amounts of money are still to be confirmed" in said
    assert "Add a priority" not in said


def test_the_reward_and_the_split_are_worked_out(as_role):
    browser = as_role(Role.MANAGER)
    said = text(browser, "/plan/money/reward/?whole=100000&baseline=100&stretch=80&reached=84&threshold=60")
    assert "£80,000 is paid: 80 % of the stretch was reached." in said
    answer = browser.get("/plan/money/reward/?whole=100000&baseline=80&stretch=80&reached=84&threshold=60")
    assert answer.status_code == 422 and "nothing to reward" in answer.content.decode()
    query = "strategic=2600000&local=2600000&neighbourhoods=A%0AB%0AC%0AD%0AE&needed=3"
    query += "&programmes=Locks;500000;A,B,C%0APlay;9000;D"
    said = text(browser, f"/plan/money/split/?{query}")
    assert "£500,000 of £2,600,000; £2,100,000 left." in said and "£9,000 of £2,600,000" in said


def test_a_refresh_is_begun_compared_and_published(as_role, demo):
    browser = as_role(Role.COORDINATOR)
    assert browser.post("/plan/versions/refresh/", {"label": "Refresh 2027/28"}).status_code == 302
    draft = next(one for one in selectors.versions(demo) if one.state == "draft")
    services.add_priority(plan=draft, title="Retail crime", by=TESTS)
    said = text(browser, f"/plan/versions/?plan={draft.pk}")
    assert "1 thing differs." in said and "Retail crime" in said
    assert browser.post(f"/plan/versions/publish/?plan={draft.pk}").status_code == 302
    assert selectors.current_plan() == draft


def queries(browser, address):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        page(browser, address)
    return len(caught)


def test_pages_take_the_same_number_of_queries_however_much_there_is(demo):
    from django.test import Client

    browser = Client()
    browser.force_login(make_person(Role.COORDINATOR), backend="frankpledge.foundation.agencies.sign_in.PersonBackend")
    watched = ["/plan/", "/plan/money/", "/plan/milestones/", "/plan/matrix/", "/plan/summary/", "/plan/money/spend/"]
    browser.get("/plan/")
    before = {address: queries(browser, address) for address in watched}
    for n in range(6):
        one = services.add_priority(plan=demo, title=f"More {n}", by=TESTS)
        objective = services.add_objective(priority=one, title=f"Objective {n}", by=TESTS)
        services.add_target(objective=objective, title=f"Target {n}", value=5, due_on=date(2027, 3, 31), by=TESTS)
        services.add_milestone(plan=demo, title=f"Step {n}", due_on=date(2027, 1, 1), priority=one, by=TESTS)
        line = money_services.add_money_line(plan=demo, side="expenditure", kind="revenue", title=f"Line {n}", by=TESTS)
        money_services.set_cell(line=line, year=2025, amount=None, by=TESTS)
    assert {address: queries(browser, address) for address in watched} == before
    assert max(before.values()) <= 25, before


def test_the_summary_and_the_sheet_can_be_saved(as_role, demo):
    browser = as_role(Role.SCRUTINY)
    assert browser.get("/plan/summary/file/").content.startswith(b"%PDF")
    assert browser.get("/plan/summary/file/?as=word").content.startswith(b"PK")
    assert browser.get("/plan/money/sheet/?as=ods").content.startswith(b"PK")


def test_a_profile_changed_by_hand_keeps_its_year(as_role, demo):
    target = selectors.targets(demo)[0]
    sent = {f"q{year}_{q}": 100 + q for year in demo.year_numbers for q in (1, 2, 3, 4)}
    answer = as_role(Role.COORDINATOR).post(
        f"/plan/targets/{target.pk}/profile/", {**sent, "method": "By hand.", "adds_up": "on"}
    )
    assert answer.status_code == 302
    assert selectors.profile_of(selectors.target(target.pk))[2026] == {0: 410, 1: 101, 2: 102, 3: 103, 4: 104}
