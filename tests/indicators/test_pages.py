"""Pages of indicators and figures, as each person finds them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from frankpledge.records.indicators import pages, selectors, services
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.permissions import Role
from tests.indicators.made_up import a_figure, an_indicator
from tests.pages.html import check_page
from tests.people import make_person, signed_in

pytestmark = pytest.mark.django_db
READERS = (Role.ANALYST, Role.COORDINATOR, Role.OFFICER, Role.REPRESENTATIVE, Role.MANAGER, Role.SCRUTINY)


def quarters(indicator: object, *counts: int) -> None:
    """Figures of as many quarters, from April 2024, over 50,000 households."""
    first = date(2024, 4, 1)
    for count in counts:
        last = (first + timedelta(days=95)).replace(day=1) - timedelta(days=1)
        a_figure(
            indicator,
            first_on=first,
            last_on=last,
            value=Decimal(count) / 50,
            numerator=count,
            denominator=50_000,
            denominator_edition="mid-2024",
            interval_low=Decimal(count) / 60,
            interval_high=Decimal(count) / 40,
        )
        first = last + timedelta(days=1)


@pytest.mark.parametrize("role", READERS)
def test_everybody_with_the_plan_reads_the_card(role: Role) -> None:
    indicator = an_indicator(aggregation="sum")
    quarters(indicator, 300, 280, 320, 310, 200)
    browser = signed_in(role)
    page = check_page(browser.get(f"/plan/indicators/{indicator.key}/").content.decode())
    assert "4.0 per 1,000 households in the quarter to June 2025" in page.html
    assert "better, beyond chance" in page.html
    assert "300 to 200 events" in page.html
    assert "Change the description" in page.html or role not in (Role.ANALYST, Role.COORDINATOR)
    listed = check_page(browser.get("/plan/indicators/").content.decode())
    assert indicator.name in listed.html


def test_crew_find_no_indicators() -> None:
    assert signed_in(Role.CREW).get("/plan/indicators/").status_code == 404


def test_pages_are_whole_before_anything_is_measured() -> None:
    browser = signed_in(Role.COORDINATOR)
    for address in ("/plan/indicators/", "/plan/indicators/add/", "/plan/indicators/figures/"):
        check_page(browser.get(address).content.decode())


def test_more_reporting_is_never_red_for_rising() -> None:
    rising = an_indicator(name="Reports of domestic abuse", polarity="more is good")
    quarters(rising, 200, 200, 200, 200, 300)
    context = an_indicator(name="Calls", polarity="context only")
    quarters(context, 200, 200, 200, 200, 300)
    kinds = [pages.compared(selectors.series(i.pk), i)["kind"] for i in (rising, context)]
    assert kinds == ["good", "plain"]


def test_few_events_are_not_compared() -> None:
    few = an_indicator()
    quarters(few, 9, 8, 7, 8, 3)
    assert pages.compared(selectors.series(few.pk), few)["word"] == "too few to say"


def test_the_lists_and_the_card_ask_a_fixed_number_of_questions(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    """As many for one indicator with one figure as for ten with five."""
    browser = signed_in(Role.COORDINATOR)
    for number in range(10):
        quarters(an_indicator(name=f"Indicator {number}"), 300, 280, 320, 310, 200)
    with django_assert_max_num_queries(14):
        browser.get("/plan/indicators/")
    with django_assert_max_num_queries(14):
        browser.get("/plan/indicators/indicator-3/")


def test_a_coordinator_describes_an_indicator() -> None:
    browser = signed_in(Role.COORDINATOR)
    told = {
        "name": "Voids secured within a day",
        "definition": "Empty homes boarded within 24 hours.",
        "unit": "percent",
        "polarity": "more is good",
        "aggregation": "mean",
        "period": "quarter",
        "calendar": "financial",
        "due_days_after": "20",
        "disclosure": "public",
    }
    answer = browser.post("/plan/indicators/add/", told | {"name": ""})
    assert answer.status_code == 422
    assert "This must be said" in check_page(answer.content.decode()).html
    answer = browser.post("/plan/indicators/add/", told, follow=True)
    assert answer.redirect_chain[0][0] == "/plan/indicators/voids-secured-within-a-day/"
    assert browser.post("/plan/indicators/add/", told).status_code == 422


def test_the_second_of_two_writers_is_shown_both() -> None:
    indicator = an_indicator()
    browser = signed_in(Role.COORDINATOR)
    form = browser.get(f"/plan/indicators/{indicator.key}/change/").context["form"]
    told = {name: value for name, value in form.initial.items() if value not in (None, "")}
    told["area"] = ""
    services.change_indicator(indicator, version=1, definition="With attempts.", by=Actor.system("Ann"))
    answer = browser.post(f"/plan/indicators/{indicator.key}/change/", told | {"definition": "No attempts."})
    page = check_page(answer.content.decode())
    assert answer.status_code == 422
    assert "Ann changed" in page.html
    assert "With attempts." in page.html and "No attempts." in page.html
    again = told | {"definition": "No attempts.", "version": "2"}
    assert browser.post(f"/plan/indicators/{indicator.key}/change/", again).status_code == 302


def test_an_owner_fills_in_their_own_figure_from_a_link() -> None:
    owner = make_person(Role.REPRESENTATIVE)
    indicator = an_indicator(aggregation="mean", owner_id=owner.pk, owner_name=owner.name)
    other = an_indicator(name="Somebody else’s")
    browser = signed_in(Role.CREW)
    browser.force_login(owner, backend="frankpledge.foundation.agencies.sign_in.PersonBackend")
    assert browser.get(f"/plan/indicators/{other.key}/fill/").status_code == 404
    period = pages.periods_to_fill(indicator, timezone.localdate())[0][0]
    told = {"period": period, "value": "£2.70*", "completeness": "complete", "document": "Quarterly line"}
    answer = browser.post(f"/plan/indicators/{indicator.key}/fill/", told, follow=True)
    assert "2.7 per 1,000 households" in check_page(answer.content.decode()).html
    wrong = browser.post(f"/plan/indicators/{indicator.key}/fill/", told | {"value": "about three"})
    assert wrong.status_code == 422 and "is not a number" in wrong.content.decode()
    later = browser.post(f"/plan/indicators/{indicator.key}/fill/", told | {"value": "t.b.c."}, follow=True)
    assert "to be confirmed" in later.content.decode()
    assert len(selectors.series(indicator.pk)) == 1


def test_more_than_a_whole_is_refused_and_nothing_is_lost() -> None:
    owner = make_person(Role.COORDINATOR)
    indicator = an_indicator(aggregation="mean", unit="percent", denominator="Homes that fell empty")
    browser = signed_in(Role.COORDINATOR)
    browser.force_login(owner, backend="frankpledge.foundation.agencies.sign_in.PersonBackend")
    period = pages.periods_to_fill(indicator, timezone.localdate())[0][0]
    told = {"period": period, "value": "£12,000*", "completeness": "complete", "document": "Voids report"}
    answer = browser.post(f"/plan/indicators/{indicator.key}/fill/", told)
    assert answer.status_code == 422 and "12,000 % of a whole cannot be" in answer.content.decode()
    assert 'value="£12,000*"' in answer.content.decode()
    assert not selectors.series(indicator.pk)


def test_a_reminder_is_ready_to_send_with_its_link() -> None:
    owner = make_person(Role.REPRESENTATIVE, name="Jo Adeyemi")
    indicator = an_indicator(owner_id=owner.pk, owner_name=owner.name, due_days_after=0)
    page = signed_in(Role.COORDINATOR).get(f"/plan/indicators/{indicator.key}/").content.decode()
    assert f"mailto:{owner.email}" in page
    assert "Send Jo Adeyemi a reminder" in page


def test_a_figure_says_why() -> None:
    indicator = an_indicator()
    first = a_figure(indicator, numerator=2_383, denominator=5_460, denominator_edition="mid-2001")
    second = a_figure(indicator, value=Decimal("2.9"))
    browser = signed_in(Role.SCRUTINY)
    page = check_page(browser.get(f"/plan/indicators/figures/{first.key}/").content.decode())
    assert "Performance report" in page.html
    assert "but the value stated is 2.7" in page.html
    assert second.key in page.html
    assert browser.get("/plan/indicators/figures/F999999/").status_code == 404
    found = check_page(browser.get("/plan/indicators/figures/?q=performance").content.decode())
    assert "1 figures" in found.html or second.key in found.html


def test_an_address_adds_no_receivers_to_a_reminder() -> None:
    """An address may hold a question mark; what follows it must stay part of the address."""
    reminder = {"to": "tess?bcc=evil@example.org", "name": "Tess", "subject": "Burglary", "path": "/plan/"}
    address = pages.mail_address(reminder, "https://ours.example")
    assert address.startswith("mailto:tess%3Fbcc%3Devil@example.org?subject=Burglary&body=Dear%20Tess")
