"""Counts of what strangers may try keep to their hour, and nobody gets round them by many addresses."""

import pytest
from django.conf import settings
from django.core.cache import cache

from frankpledge.delivery.home_security.services import limits


@pytest.fixture(autouse=True)
def empty(db: None) -> None:
    cache.clear()


def test_a_count_lasts_its_hour_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [limits.allowed("try", "192.0.2.1", 2) for _ in range(2)] == [True, True]
    kept: list[float] = []
    monkeypatch.setattr(limits.cache, "set", lambda _key, _value, seconds: kept.append(seconds))
    assert not limits.allowed("try", "192.0.2.1", 2)
    assert 3000 < kept[0] <= 3600, "it would be forgotten after five minutes"


def test_later_tries_do_not_make_the_hour_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    limits.allowed("try", "192.0.2.1", 1, seconds=100)
    began = limits.time.time()
    monkeypatch.setattr(limits.time, "time", lambda: began + 90)
    kept: list[float] = []
    monkeypatch.setattr(limits.cache, "set", lambda _key, _value, seconds: kept.append(seconds))
    assert not limits.allowed("try", "192.0.2.1", 1, seconds=100)
    assert kept[0] <= 11


def test_all_addresses_of_one_subscriber_are_one() -> None:
    assert limits.allowed("try", "2001:db8:1:2::1", 1)
    assert not limits.allowed("try", "2001:db8:1:2:ffff::9", 1)
    assert limits.allowed("try", "2001:db8:1:3::1", 1), "a neighbour"


def test_a_crowd_of_addresses_does_not_push_a_count_out() -> None:
    assert limits.allowed("try", "198.51.100.1", 1)
    for number in range(320):
        limits.allowed("try", f"203.0.113.{number}", 1)
    assert not limits.allowed("try", "198.51.100.1", 1)
    assert settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 20_000
