"""Volunteers placed where and when most is recorded, and how much of it their shifts stand in."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from frankpledge.delivery.area_schemes.models import VolunteerShift
from frankpledge.delivery.area_schemes.rules.volunteers import (
    Pattern,
    Placed,
    cover,
    hours_words,
    next_day,
    propose,
    week_of,
)
from frankpledge.delivery.area_schemes.services import looks
from frankpledge.delivery.area_schemes.services import volunteers as services
from frankpledge.delivery.area_schemes.services.looks import Rested, Week
from frankpledge.foundation.places import services as places
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.pages.html import check_page
from tests.pages.made_up import geography, receive_months
from tests.people import signed_in

BY = Actor.system("tests")
FIRST = "/deliver/schemes/volunteers/"
FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
CENTRE, HILL = "X05000001", "X05000002"


def pattern(ward: str, **cells: float) -> Pattern:
    """A ward's week from cells such as ``d4h22=8``; the rest is nought."""
    weights = [[0.0] * 24 for _ in range(7)]
    for name, weight in cells.items():
        day, hour = name[1:].split("h")
        weights[int(day)][int(hour)] = weight
    return Pattern(ward, ward, weights)


TOWN = [pattern(CENTRE, d4h22=30, d4h23=20, d5h0=25, d5h22=24, d1h12=1), pattern(HILL, d4h22=10, d2h15=10)]


def test_a_shift_past_midnight_stands_in_the_next_day() -> None:
    assert Placed("W", SUNDAY, 23, 3).cells() == [("W", 6, 23), ("W", 0, 0), ("W", 0, 1)]


def test_the_share_is_of_all_wards_and_hours_and_no_hour_counts_twice() -> None:
    night = Placed(CENTRE, FRIDAY, 22, 3)
    assert cover(TOWN, [night]).weight == 75 and cover(TOWN, [night]).total == 120
    assert cover(TOWN, [night]).share == pytest.approx(0.625)
    assert cover(TOWN, [night, Placed(CENTRE, FRIDAY, 23, 2)]).weight == 75
    assert cover(TOWN, [Placed("elsewhere", FRIDAY, 22, 3)]).weight == 0
    assert cover([], [night]).share == 0


def test_the_best_places_come_first_and_none_twice() -> None:
    found = propose(TOWN, shifts=3, hours=3)
    assert [(one.placed.ward, one.placed.weekday, one.weight) for one in found] == [
        (CENTRE, FRIDAY, 75), (CENTRE, SATURDAY, 24), (HILL, 2, 10)
    ]  # fmt: skip
    assert found[0].placed.starts == 22
    cells = [cell for one in found for cell in one.placed.cells()]
    assert len(cells) == len(set(cells))


def test_nothing_is_proposed_where_nothing_is_recorded_and_none_at_four_in_the_morning() -> None:
    assert propose([pattern(CENTRE)], shifts=5, hours=4) == []
    assert propose([pattern(CENTRE, d2h5=9)], shifts=5, hours=2) == []
    assert len(propose(TOWN, shifts=99, hours=4)) < 10


def test_weeks_add_up_and_days_are_found() -> None:
    assert week_of(TOWN)[FRIDAY][22] == 40
    assert next_day(FRIDAY, date(2026, 11, 21)) == date(2026, 11, 27)
    assert next_day(SATURDAY, date(2026, 11, 21)) == date(2026, 11, 21)
    assert hours_words(21, 4) == "21:00–01:00"


# -- pages ------------------------------------------------------------------------------------------------------------


def keep_week(source: str = "police-uk-street") -> None:
    rested = Rested(source, "council reports", "year to October 2026", 120, 11, "aoristic", ["b"])
    weeks = [Week(one.ward, one.name, round(one.total), one.weights) for one in TOWN]
    looks.keep_weeks(rested, weeks, kinds=["anti-social-behaviour"], by=BY)


def shift(day: date | None = None, **more: Any) -> VolunteerShift:
    told = {"group": "Street Pastors", "day": day or timezone.localdate(), "starts": 20, "hours": 4, "ward": CENTRE,
            "people": 4, "who": "Jo, Sam"}  # fmt: skip
    return services.plan(**(told | more), by=BY)


@pytest.mark.django_db
def test_a_proposal_is_planned_worked_and_reported() -> None:
    places.load_geography(geography(), by=BY)
    receive_months(1)
    keep_week()
    client, today = signed_in(Role.COORDINATOR), timezone.localdate()
    page = check_page(client.get(f"{FIRST}?shifts=2&hours=3").content.decode())
    assert "Friday, 22:00–01:00" in page.html and "82.5 %" in page.html and "(99 of 120 in the year)" in page.html
    friday = next_day(FRIDAY, today)
    there = f"{FIRST}plan/?ward={CENTRE}&day={friday.isoformat()}&starts=22&hours=3"
    assert f'value="{friday.isoformat()}"' in check_page(client.get(there).content.decode()).html
    told = {"group": "Street Pastors", "day": friday.isoformat(), "starts": "22", "hours": "3", "ward": CENTRE,
            "people": "4", "who": "Jo, Sam"}  # fmt: skip
    assert client.post(f"{FIRST}plan/", told).headers["Location"] == FIRST
    page = check_page(client.get(FIRST).content.decode())
    assert "1 shift is planned for the next seven days; it stands where and when 62.5 % of the recorded" in page.html
    assert "Jo, Sam" in page.html and "Jo, Sam" not in signed_in(Role.MANAGER).get(FIRST).content.decode()
    past = shift(today - timedelta(days=2))
    assert "1 shift is over and not reported yet" in client.get(FIRST).content.decode()
    client.post(f"{FIRST}{past.pk}/report/", {"came": "3", "hours_given": "", "contacts": "41", "note": "Quiet"})
    past.refresh_from_db()
    assert (past.state, past.hours_given, past.contacts, past.who) == ("done", 12, 41, ""), "names are forgotten"
    assert "gave 12 hours in 1 shift" in check_page(client.get(FIRST).content.decode()).html


@pytest.mark.django_db
def test_without_records_of_the_hour_nothing_is_proposed() -> None:
    keep_week(source="police-extract")
    page = check_page(signed_in(Role.MANAGER).get(FIRST).content.decode())
    assert "Nothing is proposed" in page.html and "No shift is planned" in page.html


@pytest.mark.django_db
def test_what_cannot_be_is_refused_in_words() -> None:
    for told in ({"people": 1}, {"starts": 24}, {"hours": 13}, {"ward": ""}):
        with pytest.raises(DataProblem):
            shift(**told)
    ahead = shift(timezone.localdate() + timedelta(days=1))
    with pytest.raises(DataProblem, match="lies ahead"):
        services.report(ahead, came=2, by=BY)
    services.cancel(ahead, by=BY)
    with pytest.raises(RuleBroken, match="cancelled already"):
        services.cancel(ahead, by=BY)
    done = services.report(shift(), came=0, hours_given=Decimal("1.5"), by=BY)
    assert done.hours_given == Decimal("1.5")


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["shifts=abc", "shifts=-1&hours=999999", "shifts=²", "hours="])
def test_any_number_in_the_address_gives_a_page(query: str) -> None:
    places.load_geography(geography(), by=BY)
    receive_months(1)
    keep_week()
    assert signed_in(Role.MANAGER).get(f"{FIRST}?{query}").status_code == 200


@pytest.mark.django_db
def test_the_first_page_shows_the_four_parts_empty_and_full() -> None:
    client = signed_in(Role.MANAGER)
    page = check_page(client.get("/deliver/schemes/").content.decode())
    assert "Nothing here is late or missing." in page.html and len(page.text("h2")) == 4
    places.load_geography(geography(), by=BY)
    receive_months(1)
    keep_week()
    shift(timezone.localdate())
    shift(timezone.localdate() - timedelta(days=1))
    page = check_page(client.get("/deliver/schemes/").content.decode())
    assert (
        "One thing needs somebody: volunteers placed, 1 shift to report." in page.html
        and "1 shift to report" in page.html
    )
    assert "Planned shifts stand where" in page.html
