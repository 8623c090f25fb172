"""Who sees a figure: one of an agency's own records only those whose sight covers them, until it is released."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from frankpledge.foundation.agencies.vocabulary import AgencyKind, DataClass
from frankpledge.foundation.audit import selectors as audit
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.oversight.claims import selectors as claims
from frankpledge.oversight.performance import selectors as performance
from frankpledge.oversight.performance.rules import FinancialQuarter
from frankpledge.records.indicators import rules, selectors, services
from frankpledge.records.indicators.permissions import Reader
from frankpledge.records.plan import services as plans
from frankpledge.vocabulary.errors import NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from frankpledge.vocabulary.units import Unit
from tests.indicators.made_up import a_figure, an_indicator
from tests.made_up_place import as_role
from tests.people import TESTS, agree, make_agency, make_person

__all__ = ["as_role"]

pytestmark = pytest.mark.django_db
POLICE = "Aldershire Police"
ASK = f"a figure you may not see yet: ask {POLICE}"


def restricted(indicator: Any = None, **changes: Any) -> Any:
    """A figure of the police's own crime records."""
    police = make_agency(POLICE, AgencyKind.POLICE)
    return a_figure(indicator, grounds=[(police.pk, DataClass.CRIME.value)], **changes)


def seen_by(role: Role, figure: Any) -> Any:
    return selectors.figure(figure.key, reader=Reader(make_person(role)))


def test_only_those_whose_sight_covers_its_records_see_the_number() -> None:
    figure = restricted(name="137 burglaries in Aldershire", value=137, unit="count", numerator=None, denominator=None)
    assert seen_by(Role.ANALYST, figure).value == 137
    hidden = seen_by(Role.REPRESENTATIVE, figure)
    assert (hidden.words, hidden.value, hidden.n, hidden.numerator) == (ASK, None, None, None)
    assert "137" not in f"{hidden}{hidden.name}{hidden.period_words}"
    assert selectors.figure(figure.key).words == ASK  # type: ignore[union-attr]  # whoever names no reader
    recorded = audit.entries().filter(subject=f"indicators:{figure.key}")
    assert "137" not in str(recorded.values_list("what", "written_details"))


def test_an_agreement_opens_it_without_any_release() -> None:
    figure = restricted()
    agree(make_agency(POLICE, AgencyKind.POLICE), make_agency(), DataClass.CRIME)
    assert seen_by(Role.REPRESENTATIVE, figure).value == figure.value


def test_a_release_shows_it_to_everybody_is_on_record_and_can_be_taken_back() -> None:
    figure = restricted()
    signs = make_person(Role.MANAGER)
    services.release_figures(keys=[figure.key], because="The target rests on it.", by=signs.actor)
    assert seen_by(Role.REPRESENTATIVE, figure).value == figure.value
    entry = audit.entries(act=Act.DISCLOSURE).get()
    assert (entry.recipient, entry.purpose) == ("the partnership", "The target rests on it.")
    assert entry.details["figures"] == [figure.key]
    services.take_back_release(key=figure.key, because="The police asked.", by=signs.actor)
    assert seen_by(Role.REPRESENTATIVE, figure).words == ASK


@pytest.mark.parametrize("role", [Role.ANALYST, Role.REPRESENTATIVE, Role.SCRUTINY, Role.OFFICER])
def test_who_does_not_sign_what_is_printed_releases_nothing(role: Role) -> None:
    figure = restricted()
    with pytest.raises(NotPermitted):
        services.release_figures(keys=[figure.key], because="Because.", by=make_person(role).actor)


def test_fewer_than_five_are_released_rounded_or_not_at_all() -> None:
    figure = restricted(value=3, unit="count", numerator=None, denominator=None, interval_low=None, interval_high=None)
    with pytest.raises(RuleBroken, match=f"Fewer than five stand behind {figure.key}"):
        services.release_figures(keys=[figure.key], because="Because.", by=TESTS)
    services.release_figures(keys=[figure.key], because="Because.", rounded=True, by=TESTS)
    assert seen_by(Role.REPRESENTATIVE, figure).value == 5
    assert "rounded to the nearest 5" in seen_by(Role.REPRESENTATIVE, figure).method
    assert seen_by(Role.ANALYST, figure).value == 3


@pytest.mark.parametrize(
    ("value", "unit", "over", "under", "small"),
    [
        (4, Unit.COUNT, None, None, True),
        (0, Unit.COUNT, None, None, False),
        (5, Unit.COUNT, None, None, False),
        (2, Unit.PER_1000_HOUSEHOLDS, 4, 2000, True),
        (97, Unit.PERCENT, 97, 100, True),  # three did not: as telling as three who did
        (90, Unit.PERCENT, 90, 100, False),
    ],
)
def test_a_small_count_is_found_wherever_it_stands(value: int, unit: Unit, over: Any, under: Any, small: bool) -> None:
    assert rules.is_small(rules.counts_behind(value, unit, over, under, None)) is small  # type: ignore[arg-type]


def test_a_figure_of_published_records_is_everybodys() -> None:
    figure = a_figure()
    assert figure.is_open and seen_by(Role.SCRUTINY, figure).value == figure.value
    assert services.release_figures(keys=[figure.key], because="Because.", by=TESTS) == []


def test_a_target_needs_a_baseline_that_everybody_may_see() -> None:
    figure = restricted()
    plan = plans.add_plan(title="Plan", first_year=2026, by=TESTS)
    priority = plans.add_priority(plan=plan, title="Safer homes", by=TESTS)
    told = {
        "objective": plans.add_objective(priority=priority, title="Fewer burglaries", by=TESTS),
        "title": "Burglary down",
        "change_percent": -10,
        "baseline_figure_key": figure.key,
        "due_on": date(2029, 3, 31),
        "by": TESTS,
    }
    with pytest.raises(RuleBroken, match=f"rests on records of {POLICE} and is not released yet"):
        plans.add_target(**told)
    services.release_figures(keys=[figure.key], because="The target rests on it.", by=TESTS)
    assert plans.add_target(**told).baseline_value == figure.value


def test_a_quarter_says_whom_to_ask_and_a_claim_has_no_value_to_rest_on() -> None:
    indicator = an_indicator(aggregation="sum")
    figure = restricted(indicator)
    quarter = FinancialQuarter.of(figure.last_on)
    for role, ask in ((Role.ANALYST, ""), (Role.SCRUTINY, POLICE)):
        line = performance.line_of(indicator, quarter, today=figure.last_on, reader=Reader(make_person(role)))
        assert (line.ask, line.figure is None, line.overdue) == (ask, bool(ask), False)
    assert claims.figure_item(figure.key, figure)["value"] is None
    services.release_figures(keys=[figure.key], because="The leaflet rests on it.", by=TESTS)
    assert claims.figure_item(figure.key, selectors.figure(figure.key))["value"] == float(figure.value)


def test_no_page_shows_the_number_to_those_who_may_not_see_it(as_role: Callable) -> None:
    indicator = an_indicator(aggregation="sum")
    figure = restricted(indicator, value=7.77, interval_low=None, interval_high=None, numerator=None, denominator=None)
    pages = [
        "/plan/indicators/",
        f"/plan/indicators/{indicator.key}/",
        "/plan/indicators/figures/?q=",
        f"/plan/indicators/figures/{figure.key}/",
        f"/account/thread/?from=figure:{figure.key}",
        "/account/performance/",
    ]
    for role, may in ((Role.COORDINATOR, True), (Role.SCRUTINY, False)):
        browser = as_role(role)
        for address in pages:
            answer = browser.get(address, follow=True)
            assert answer.status_code == 200, address
            page = answer.content.decode()
            assert ("7.8" in page or "7.77" in page) <= may, (role, address)
            if not may and "performance" not in address:
                assert f"ask {POLICE}" in page, address


def test_of_two_who_release_the_same_at_once_the_second_finds_it_done(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = restricted()
    read, raced = selectors.to_release, []

    def somebody_is_quicker(keys: Any = None) -> Any:
        found = read(keys)
        if not raced:
            raced.append(figure.key)
            services.release_figures(keys=[figure.key], because="The plan rests on it.", by=TESTS)
        return found

    monkeypatch.setattr(selectors, "to_release", somebody_is_quicker)
    assert services.release_figures(keys=[figure.key], because="So does the pack.", by=TESTS) == []
    assert audit.entries(act=Act.DISCLOSURE).count() == 1


def test_it_is_released_on_a_page(as_role: Callable) -> None:
    figure = restricted()
    browser = as_role(Role.COORDINATOR)
    assert "1 figure is not released yet" in browser.get("/plan/indicators/figures/").content.decode()
    release = "/plan/indicators/figures/release/"
    assert figure.key in browser.get(f"{release}?figure={figure.key}").content.decode()
    assert browser.post(release, {"figures": [figure.key]}).status_code == 422
    assert browser.post(release, {"figures": [figure.key], "because": "The plan rests on it."}).status_code == 302
    assert seen_by(Role.REPRESENTATIVE, figure).value == figure.value
    page = f"/plan/indicators/figures/{figure.key}/"
    assert "Take the release back" in browser.get(page).content.decode()
    assert browser.post(f"{page}take-back/", {"because": "The police asked."}).status_code == 302
    assert seen_by(Role.REPRESENTATIVE, figure).words == ASK
