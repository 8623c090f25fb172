"""An empty home's day has 24 hours, also where the wall's clock shows 23 or 25."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
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


def by_gnu_date() -> list[dict[str, str]]:
    """The rows of ``void_clocks.csv``, whose head says how they were worked out."""
    lines = Path(__file__).with_name("void_clocks.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def shown(text: str, zone: str) -> datetime:
    """What the wall’s clock shows and the time it keeps; of the hour that comes twice GMT is the later."""
    moment = wall(text, int(zone == "GMT"))
    assert moment.tzname() == zone, f"{text} is not {zone}"
    return moment


def test_a_thousand_clocks_over_both_changes_equal_a_table_worked_out_elsewhere() -> None:
    rows = by_gnu_date()
    assert len(rows) == 1_000
    assert {(row["empty_zone"], row["strikes_zone"]) for row in rows} >= {("GMT", "BST"), ("BST", "GMT")}
    for row in rows:
        empty, secured = shown(row["empty_at"], row["empty_zone"]), shown(row["secured_at"], row["secured_zone"])
        clock = void_clock(empty, secured, empty)
        strikes = clock.strikes_at.astimezone(LONDON)
        found = (clock.hours, f"{strikes:%Y-%m-%d %H:%M}", strikes.tzname(), clock.is_late)
        assert found == (int(row["hours_ran"]), row["strikes_at"], row["strikes_zone"], row["late"] == "yes"), row
        running = void_clock(empty, None, secured)
        assert (running.hours, running.is_late) == (clock.hours, clock.is_late)


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
