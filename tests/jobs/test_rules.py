"""What is true of jobs without a database."""

from datetime import timedelta

import pytest

from frankpledge.foundation.jobs import rules
from frankpledge.foundation.jobs.vocabulary import FINISHED, JobState


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 0), (2, 5), (3, 20), (4, 80), (5, 320), (6, 600), (7, 600), (500, 600)]
)
def test_each_retry_waits_longer_up_to_ten_minutes(attempt, seconds):
    assert rules.delay_before(attempt) == timedelta(seconds=seconds)


def test_what_has_ended_stays_ended():
    for state in JobState:
        assert (not rules.TRANSITIONS[state]) == (state in FINISHED)
        assert not rules.may_go(state, state)


def test_a_long_message_is_shortened_to_one_line():
    assert rules.shorten("two\nlines  and   blanks", 100) == "two lines and blanks"
    assert rules.shorten("x" * 400, 300) == "x" * 299 + "…"
    assert rules.shorten("x" * 300, 300) == "x" * 300


def test_a_log_that_grows_too_long_keeps_its_newest_whole_lines_and_says_so():
    log = ""
    for number in range(10_000):
        log = rules.joined_log(log, [f"line {number}"])
    lines = log.splitlines()
    assert lines[0] == "(earlier lines were left out)"
    assert lines[-1] == "line 9999"
    assert all(line.startswith("line ") for line in lines[1:])
    assert len(log) < rules.LOG_CHARACTERS + 100


def test_a_single_line_longer_than_the_log_is_cut_and_nothing_breaks():
    assert rules.joined_log("", ["x" * (rules.LOG_CHARACTERS * 2)]).startswith("(earlier lines")
