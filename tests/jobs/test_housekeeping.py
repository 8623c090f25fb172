"""What a worker does between jobs."""

from datetime import timedelta

import pytest

from frankpledge.foundation.jobs import worker
from frankpledge.foundation.jobs.worker import Tick, Worker


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test moves."""
    times = [1000.0]
    monkeypatch.setattr(worker, "monotonic", lambda: times[0])
    return times


def test_housekeeping_waits_for_the_first_minute_then_comes_round_at_its_own_pace(clock):
    done = []
    present = Worker(
        ticks=[
            Tick("often", timedelta(minutes=10), lambda: done.append("often")),
            Tick("seldom", timedelta(hours=1), lambda: done.append("seldom")),
        ]
    )
    present.keep_house()
    assert done == []
    for minutes in range(60):
        clock[0] = 1060.0 + 60 * minutes
        present.keep_house()
    assert done.count("often") == 6
    assert done.count("seldom") == 1


def test_housekeeping_that_fails_is_logged_and_the_rest_is_done(clock, caplog):
    done = []

    def fail():
        raise ZeroDivisionError

    present = Worker(
        ticks=[
            Tick("sweep the attic", timedelta(hours=1), fail),
            Tick("other", timedelta(hours=1), lambda: done.append(1)),
        ]
    )
    clock[0] += 60
    present.keep_house()
    assert done == [1]
    assert "Housekeeping failed: sweep the attic" in caplog.text


@pytest.mark.django_db
def test_the_servers_own_housekeeping_works_on_an_empty_installation():
    from frankpledge.server.worker import TICKS

    for tick in TICKS:
        tick.function()
