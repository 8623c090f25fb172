"""Which times are offered, until when one may choose, and what a code looks like."""

from datetime import date, datetime, time, timedelta

from frankpledge.delivery.home_security.rules import choosing as rules
from frankpledge.delivery.home_security.rules.choosing import Slot
from frankpledge.delivery.home_security.rules.doing import LONDON
from frankpledge.delivery.home_security.vocabulary import ContactKind

NOW = datetime(2026, 9, 28, 9, 0, tzinfo=LONDON)  # a Monday
WEDNESDAY = date(2026, 9, 30)


def test_a_time_may_be_chosen_until_six_in_the_evening_before() -> None:
    slot = Slot(WEDNESDAY, *rules.SLOTS[0])
    assert rules.is_open(slot, datetime(2026, 9, 29, 17, 59, tzinfo=LONDON))
    assert not rules.is_open(slot, datetime(2026, 9, 29, 18, 0, tzinfo=LONDON))


def test_the_evening_before_is_by_the_wall_clock_when_the_clocks_go_back() -> None:
    assert rules.closes_at(date(2026, 10, 26)).utcoffset() == timedelta(0)
    assert rules.closes_at(date(2026, 10, 25)).utcoffset() == timedelta(hours=1)


def test_a_letter_needs_the_post() -> None:
    assert rules.first_day(NOW, ContactKind.TEXT) == date(2026, 9, 29)
    assert rules.first_day(NOW, ContactKind.LETTER) == date(2026, 10, 2)
    assert rules.first_day(NOW.replace(hour=19), ContactKind.TEXT) == WEDNESDAY, "tomorrow is closed already"


def test_two_a_day_as_far_apart_as_they_can_and_six_altogether() -> None:
    every = [Slot(WEDNESDAY + timedelta(days=day), *slot) for day in range(4) for slot in rules.SLOTS]
    found = rules.picked(every)
    assert len(found) == 6
    assert [slot.starts for slot in found[:2]] == [time(8, 30), time(14, 30)]
    assert rules.picked(every[:1]) == every[:1]


def test_a_code_is_read_however_it_is_written() -> None:
    code = rules.new_code(2**200 + 12345)
    assert rules.tidy_code(code.lower().replace("-", " ")) == code
    assert rules.tidy_code("short") == ""


def test_a_street_shows_its_first_letters_only() -> None:
    assert rules.street_hint("Flat 2, 39 Quarry Lane") == "Qua"
    assert rules.street_hint("The Lodge") == ""
