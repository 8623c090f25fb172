"""An empty home's day has 24 hours, also where the wall's clock shows 23 or 25."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from frankpledge.delivery.home_security.models import VoidHome
from frankpledge.delivery.home_security.rules.side import void_clock
from frankpledge.delivery.home_security.services import side as services
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.homes.asking_town import BY
from tests.people import signed_in

LONDON = ZoneInfo("Europe/London")
# Worked by hand: empty at, 24 hours end at, both as the wall's clock shows them; fold 1 is the second 01:xx of October.
BY_HAND = (
    ("2026-03-28 00:30", 0, "2026-03-29 00:30", 0),  # before the clocks go forward
    ("2026-03-28 01:30", 0, "2026-03-29 02:30", 0),  # 01:30 is not there on the 29th
    ("2026-03-28 12:00", 0, "2026-03-29 13:00", 0),
    ("2026-03-29 00:59", 0, "2026-03-30 01:59", 0),
    ("2026-03-29 02:00", 0, "2026-03-30 02:00", 0),  # after them
    ("2026-10-24 00:30", 0, "2026-10-25 00:30", 0),  # before they go back
    ("2026-10-24 01:30", 0, "2026-10-25 01:30", 0),  # the first 01:30
    ("2026-10-24 02:00", 0, "2026-10-25 01:00", 1),  # the second 01:00
    ("2026-10-24 12:00", 0, "2026-10-25 11:00", 0),
    ("2026-10-25 01:30", 0, "2026-10-26 00:30", 0),
    ("2026-10-25 01:30", 1, "2026-10-26 01:30", 0),  # after them
    ("2026-06-01 09:15", 0, "2026-06-02 09:15", 0),
)


def wall(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold)


@pytest.mark.parametrize(("empty", "fold", "strikes", "later"), BY_HAND)
def test_the_clock_strikes_when_worked_by_hand(empty: str, fold: int, strikes: str, later: int) -> None:
    clock = void_clock(wall(empty, fold), None, wall(empty, fold))
    assert clock.strikes_at == wall(strikes, later).astimezone(UTC)
    assert not clock.is_late and clock.hours == 0


def test_a_thousand_clocks_over_both_changes_count_the_hours_that_passed() -> None:
    """Every hour of the days round both changes, by a table of the hours each wall day has: 23, 25 or 24."""
    worked = 0
    for day, long in (("2026-03-28", 23), ("2026-10-24", 25)):
        first = datetime.fromisoformat(day).replace(tzinfo=UTC if long == 23 else LONDON).astimezone(UTC)
        midnights = {0: 0, 1: 24, 2: 24 + long, 3: 48 + long}  # hours passed until each wall midnight
        for hour in range(24):
            for until in range(21):
                passed = hour + until * 2
                clock = void_clock(first + timedelta(hours=hour), first + timedelta(hours=passed), first) if (
                    passed >= hour
                ) else None  # fmt: skip
                assert clock is not None
                shown = (first + timedelta(hours=passed)).astimezone(LONDON)
                since = max(n for n, hours in midnights.items() if hours <= passed)
                assert (shown.date() - first.astimezone(LONDON).date()).days == since
                assert (clock.hours, clock.is_late) == (until * 2, until * 2 > 24)
                worked += 1
    assert worked >= 1000


def test_exactly_a_day_is_in_time_and_a_second_more_is_not() -> None:
    empty = wall("2026-10-24 12:00")
    assert not void_clock(empty, wall("2026-10-25 11:00"), empty).is_late
    assert void_clock(empty, wall("2026-10-25 11:00") + timedelta(seconds=1), empty).is_late


def test_secured_before_it_was_empty_is_refused() -> None:
    with pytest.raises(DataProblem, match="before it was empty"):
        void_clock(wall("2026-06-01 09:15"), wall("2026-06-01 09:00"), wall("2026-06-02 09:00"))


@pytest.mark.django_db
def test_an_empty_home_is_taken_up_and_secured_once() -> None:
    home = services.report_void(address="4 Tannery Row", landlord="Homes", void_at=timezone.now(), by=BY)
    services.secure_void(home, secured_at=timezone.now(), by=BY)
    with pytest.raises(RuleBroken, match="secured already"):
        services.secure_void(home, secured_at=timezone.now(), by=BY)
    with pytest.raises(DataProblem, match="lies ahead"):
        services.report_void(address="4", landlord="x", void_at=timezone.now() + timedelta(hours=2), by=BY)


@pytest.mark.django_db
def test_the_page_starts_a_clock_and_stops_it() -> None:
    browser = signed_in(Role.COORDINATOR)
    assert "No empty home is listed" in browser.get("/deliver/homes/empty/").content.decode()
    assert browser.post("/deliver/homes/empty/add/", {"address": "", "landlord": "x"}).status_code == 422
    browser.post("/deliver/homes/empty/add/", {"address": "4 Row", "landlord": "x", "void_at": "2026-01-05T09:00"})
    home = VoidHome.objects.get()
    assert "past its 24 hours" in browser.get("/deliver/homes/empty/").content.decode()
    browser.post(f"/deliver/homes/empty/{home.pk}/secured/")
    assert "Of 1 secured, 0 were in time" in browser.get("/deliver/homes/empty/").content.decode()
