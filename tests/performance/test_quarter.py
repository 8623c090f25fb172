"""The quarter's page: exceptions first, with reasons; who may see and do what; a fixed number of queries."""

from datetime import date

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from frankpledge.analysis.targets import Status
from frankpledge.oversight.claims import services as claims
from frankpledge.oversight.performance import rules, selectors, services
from frankpledge.oversight.performance.rules import FinancialQuarter
from frankpledge.records.indicators import services as indicators
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from frankpledge.workflows.quarterly_pack import make_pack, remind_owners
from tests.people import TESTS, make_person, signed_in
from tests.performance import made_up

Q2 = FinancialQuarter(2026, 2)
TODAY = date(2026, 10, 20)
ADDRESS = "/account/performance/2026/2/"


@pytest.fixture
def quarter(db):
    return made_up.quarter()


def statuses(found):
    return {line.indicator.name: line.standing.status for line in found.lines}


def test_each_indicator_has_its_status(quarter):
    found = selectors.report(Q2, today=TODAY)
    assert statuses(found) == {
        "Burglary of homes": Status.ON_COURSE,
        "Thefts from vehicles": Status.AT_RISK,
        "Empty homes secured within 24 hours": Status.AT_RISK,
        "Home security visits": Status.ON_COURSE,
        "Domestic abuse reported": Status.NO_TARGET,
        "Distraction burglary": Status.TOO_FEW,
        "Deliberate small fires": Status.ON_COURSE,
        "Calls about nuisance": Status.NO_TARGET,
    }
    assert [line.indicator.name for line in found.exceptions] == [
        "Thefts from vehicles", "Empty homes secured within 24 hours",
    ]  # fmt: skip
    assert not any(line.missing for line in found.lines)


def test_the_page_says_it_all_exceptions_first(quarter):
    page = signed_in(Role.COORDINATOR).get(ADDRESS).content.decode()
    assert "Two of eight indicators need the meeting: Thefts from vehicles and Empty homes" in page
    assert "190 in the quarter to September 2026 against 139 in the quarter to September 2025." in page
    assert page.index("Thefts from vehicles: above") < page.index("Burglary of homes: no clear change")
    assert "fewer than 1 in 100" in page and "One milestone is late" in page
    assert "Serve the notice on the lock contractor" in page and "Keep a relief crew" not in page
    assert "style=" not in page and "<style" not in page


def test_a_rise_in_reporting_is_not_drawn_as_bad_news(quarter):
    page = signed_in(Role.SCRUTINY).get(ADDRESS).content.decode()
    row = page[page.index("Domestic abuse reported: above") :]
    row = row[: row.index("</tr>")]
    assert "never shown as failure" in row and "#a4201a" not in row


def test_the_number_of_queries_does_not_grow_with_the_indicators(quarter):
    with CaptureQueriesContext(
        connection,
    ) as few:
        selectors.report(Q2, today=TODAY)
    for i in range(6):
        made_up.fill(made_up.add_indicator(f"Another {i}"), [20 + i] * 8)
    with CaptureQueriesContext(connection) as more:
        found = selectors.report(Q2, today=TODAY)
    assert len(found.lines) == 14 and len(more) == len(few) <= 16


def test_without_indicators_the_page_says_what_to_do(db):
    page = signed_in(Role.COORDINATOR).get("/account/performance/").content.decode()
    assert "Nothing is measured yet." in page and "What this page is for" in page


def test_the_landing_opens_at_the_newest_quarter_with_figures(quarter):
    assert selectors.quarter_at(None, None, today=date(2027, 3, 1)) == Q2
    # a quarter that still runs is not the one to meet about
    assert selectors.quarter_at(None, None, today=date(2026, 8, 1)) == FinancialQuarter(2026, 1)


@pytest.mark.parametrize("address", ["1066/2/", "2026/0/", "2026/5/", "99999/1/"])
def test_a_quarter_that_is_none_is_not_found(db, address):
    assert signed_in(Role.ANALYST).get(f"/account/performance/{address}").status_code == 404


def test_quarters_know_their_days():
    assert Q2.first_day == date(2026, 7, 1) and Q2.last_day == date(2026, 9, 30)
    assert FinancialQuarter.of(date(2027, 3, 31)) == FinancialQuarter(2026, 4)
    assert Q2.words == "Quarter 2, 2026/27" and Q2.months_words == "July to September 2026"
    assert Q2.before().after() == Q2
    assert rules.newest_quarter(None, date(2026, 4, 1)) == FinancialQuarter(2025, 4)


def test_a_missing_figure_is_said_and_overdue_from_its_day(quarter):
    late = made_up.add_indicator("Late returns", owed_by_agency_name="Police", due_days_after=14)
    made_up.fill(late, [30] * 20)
    before, after = (selectors.report(Q2, today=day) for day in (date(2026, 10, 14), date(2026, 10, 15)))
    assert [line.indicator.name for line in before.lines if line.missing] == ["Late returns"] and not before.overdue
    assert [line.indicator.name for line in after.overdue] == ["Late returns"]
    page = signed_in(Role.ANALYST).get(ADDRESS).content.decode()
    assert "Late returns, owed by Police" in page


def test_a_figure_to_be_confirmed_is_said_to_be_and_not_judged(quarter):
    made = made_up.add_indicator("Still counting")
    made_up.fill(made, [30] * 21)
    indicators.save_figure(
        name="Still counting", **made_up.AREA, first_on=Q2.first_day, last_on=Q2.last_day, value=None, unit="count",
        completeness="to be confirmed", method="Not in.", document="A return", indicator_id=made.pk, by=TESTS,
    )  # fmt: skip
    line = next(one for one in selectors.report(Q2, today=TODAY).lines if one.indicator == made)
    assert line.missing and line.pending and not line.overdue
    assert line.standing.latest.span.label == "quarter to June 2026"
    page = signed_in(Role.ANALYST).get(ADDRESS).content.decode()
    assert "The figure for the quarter to September 2026 is still to be confirmed." in page


def test_every_figure_comes_as_a_table(quarter):
    answer = signed_in(Role.SCRUTINY).get(f"{ADDRESS}figures.ods")
    assert answer.status_code == 200 and answer.content[:2] == b"PK"


# --- decisions asked for


def test_a_decision_is_asked_shown_and_withdrawn(quarter):
    client = signed_in(Role.COORDINATOR)
    assert client.post(f"{ADDRESS}ask/", {"title": " "}).status_code == 422
    assert client.post(f"{ADDRESS}ask/", {"title": "Move £16,000 to vehicle crime"}).status_code == 302
    assert "Move £16,000 to vehicle crime" in client.get(ADDRESS).content.decode()
    asked = selectors.decisions_asked(Q2)[0]
    client.post(f"/account/performance/asked/{asked.pk}/withdraw/")
    assert selectors.decisions_asked(Q2) == []
    with pytest.raises(RuleBroken):
        services.withdraw_decision(asked, by=TESTS)
    assert client.post(f"/account/performance/asked/{asked.pk}/withdraw/").status_code == 404


def test_words_that_do_not_fit_are_refused(db):
    for words in ("", "x" * 301):
        with pytest.raises(DataProblem):
            services.ask_decision(quarter=Q2, title=words, by=TESTS)


# --- packs


def test_a_pack_is_made_kept_and_served_in_four_shapes(quarter):
    coordinator = make_person(Role.COORDINATOR)
    services.ask_decision(quarter=Q2, title="Keep a relief crew", by=TESTS)
    made = make_pack(Q2, by=Actor.person(coordinator.pk, coordinator.name))
    assert made.pdf[:5] == b"%PDF-" and made.word[:2] == made.slides[:2] == b"PK"
    client = signed_in(Role.SCRUTINY)
    page = client.get(f"/account/performance/packs/{made.pk}/").content.decode()
    assert page.index("Needs the meeting") < page.index("Decisions asked for") < page.index("Actions late")
    assert "Keep a relief crew" in page and "<style" not in page
    for kind, start in (("pdf", b"%PDF-"), ("docx", b"PK"), ("pptx", b"PK")):
        answer = client.get(f"/account/performance/packs/{made.pk}/{kind}/")
        assert answer.content.startswith(start) and "attachment" in answer["Content-Disposition"]
    assert client.get(f"/account/performance/packs/{made.pk}/exe/").status_code == 404
    assert client.get("/account/performance/packs/99999/").status_code == 404
    assert made.title in client.get("/account/performance/packs/").content.decode()


def test_a_pack_stays_as_it_was_made(quarter):
    made = make_pack(Q2, by=TESTS)
    made_up.fill(made_up.add_indicator("New afterwards"), [50] * 22)
    assert "New afterwards" not in selectors.pack(made.pk).page
    assert "New afterwards" in make_pack(Q2, by=TESTS).page
    assert len(selectors.packs(Q2)) == 2


def test_the_button_starts_the_work(quarter):
    client = signed_in(Role.COORDINATOR)
    answer = client.post(f"{ADDRESS}pack/")
    assert answer.status_code == 302 and answer.url.startswith("/work/")


def test_a_pack_waits_while_its_ledger_has_a_conflict_open_and_prints_what_is_explained(quarter):
    figures = [{"name": "spent", "value": 148_000, "unit": "£"}, {"name": "visits", "value": 1006}]
    said = {"key": "C1", "words": "each visit costs £110", "stated": 110, "unit": "£", "formulae": ["spent / visits"]}
    told = {"key": "pack-2026-q2", "title": "Our pack", "figures": figures, "claims": [said]}
    ledger = claims.load_document(told, is_example=False, by=TESTS)
    with pytest.raises(RuleBroken, match="conflicts open: C1"):
        make_pack(Q2, by=TESTS)
    claims.explain(document=ledger, trouble="C1", text="The lock fund paid half.", by=make_person(Role.MANAGER).actor)
    assert "The lock fund paid half." in make_pack(Q2, by=TESTS).page


def test_only_those_who_may_make_packs_make_them(quarter):
    officer = make_person(Role.OFFICER)
    with pytest.raises(NotPermitted):
        make_pack(Q2, by=Actor.person(officer.pk, officer.name))
    client = signed_in(Role.SCRUTINY)
    assert client.post(f"{ADDRESS}pack/").status_code == 404
    page = client.get(ADDRESS).content.decode()
    assert "Make the pack" not in page and "Ask for a decision" not in page and "Remind owners" not in page


# --- reminders


def test_owners_are_shown_then_reminded_once_a_day_and_it_is_on_record(quarter):
    owner = make_person(Role.REPRESENTATIVE, name="J. Adeyemi", email="j.adeyemi@aldercombe.example")
    mine = made_up.add_indicator("First visits in five days", owner_id=owner.pk, owner_name=owner.name)
    made_up.fill(mine, [30] * 20)
    client = signed_in(Role.COORDINATOR)
    page = client.get(f"{ADDRESS}reminders/").content.decode()
    assert "J. Adeyemi" in page and "/plan/indicators/first-visits-in-five-days/fill/" in page
    assert len(mail.outbox) == 0
    assert remind_owners(Q2, address="https://aldercombe.example", by=TESTS) == (1, 0)
    assert remind_owners(Q2, address="https://aldercombe.example", by=TESTS) == (0, 0)
    assert mail.outbox[0].to == ["j.adeyemi@aldercombe.example"]
    assert "https://aldercombe.example/plan/indicators/first-visits-in-five-days/fill/" in mail.outbox[0].body
    assert selectors.reminders(Q2)[0].text == mail.outbox[0].body
    assert "Sent before" in client.get(f"{ADDRESS}reminders/").content.decode()


def test_a_filled_line_and_one_without_an_owner_need_no_reminder(quarter):
    owner = make_person(Role.REPRESENTATIVE)
    done = made_up.add_indicator("Done already", owner_id=owner.pk, owner_name=owner.name)
    made_up.fill(done, [30] * 22)
    made_up.fill(made_up.add_indicator("Nobody’s"), [30] * 20)
    assert selectors.unfilled_by_owner(Q2) == {}
    assert "Nobody needs a reminder" in signed_in(Role.COORDINATOR).get(f"{ADDRESS}reminders/").content.decode()


def test_a_name_with_a_line_break_cannot_add_a_heading_to_a_message(quarter):
    owner = make_person(Role.REPRESENTATIVE)
    indicators.add_indicator(
        name="One\nBcc: x@x.example", definition="d", unit="count", polarity="less is good", aggregation="sum",
        owner_id=owner.pk, owner_name=owner.name, by=TESTS,
    )  # fmt: skip
    assert remind_owners(Q2, address="https://x.example", by=TESTS) == (1, 0)
    assert mail.outbox[0].recipients() == [owner.email] and "\n" not in mail.outbox[0].subject


# --- one indicator, and its areas


def test_an_indicator_has_its_chance_its_year_and_its_quarters(quarter):
    page = signed_in(Role.OFFICER).get(f"{ADDRESS}indicators/thefts-from-vehicles/").content.decode()
    assert "Chance of meeting the target" in page and "fewer than 1 in 100" in page
    assert "Where the year is expected to end" in page and "560 or less" in page
    assert "The same quarters as a table" in page and "How this was worked out" in page
    assert signed_in(Role.OFFICER).get(f"{ADDRESS}indicators/nothing-of-the-kind/").status_code == 404


def test_an_indicator_without_figures_has_a_page_too(db):
    made_up.add_indicator("Just described", "percent")
    page = signed_in(Role.OFFICER).get(f"{ADDRESS}indicators/just-described/").content.decode()
    assert "No figure has come yet." in page


def test_areas_stand_by_name_against_chance_for_their_size(quarter):
    made = made_up.add_indicator("Burglary rate", "per 1,000 households", denominator_edition="mid-2024")
    for name, count in (("Zetland", 300), ("Aldercombe", 98), ("Brackwell", 105), ("Northgate", 101)):
        area = {"area_code": f"E0700{count}", "area_name": name}
        indicators.save_figure(
            name="Burglary rate", **area, first_on=Q2.first_day, last_on=Q2.last_day, value=count / 10,
            numerator=count, denominator=10_000, denominator_edition="mid-2024", unit="per 1,000 households",
            method="Counted.", document="A return", indicator_id=made.pk, by=TESTS,
        )  # fmt: skip
    found = selectors.compare(made, Q2)
    assert [area.name for area in found.areas] == ["Aldercombe", "Brackwell", "Northgate", "Zetland"]
    assert found.whole == pytest.approx(15.1) and found.areas[-1].limits[1] < 30
    page = signed_in(Role.OFFICER).get(f"{ADDRESS}indicators/burglary-rate/areas/").content.decode()
    assert "lie outside what chance gives for their size" in page and "above, beyond chance" in page


def test_shares_are_compared_by_the_limits_of_a_proportion(quarter):
    made = made_up.add_indicator("Feel safe", "percent", "more is good", "latest")
    for name, count in (("A", 50), ("B", 52), ("C", 90)):
        indicators.save_figure(
            name="Feel safe", area_code=name, area_name=name, first_on=Q2.first_day, last_on=Q2.last_day, value=count,
            numerator=count, denominator=100, unit="percent", method="Asked.", document="A survey",
            indicator_id=made.pk, by=TESTS,
        )  # fmt: skip
    found = selectors.compare(made, Q2)
    assert [str(area.standing) for area in found.areas] == ["within chance", "within chance", "above, beyond chance"]


def test_fewer_than_three_areas_are_not_compared(quarter):
    page = signed_in(Role.OFFICER).get(f"{ADDRESS}indicators/burglary-of-homes/areas/").content.decode()
    assert "Fewer than three areas" in page and "Nothing to compare with yet" in page
