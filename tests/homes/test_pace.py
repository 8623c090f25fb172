"""How fast homes are protected and when all would be: Mansfield's pace, and programmes that stand still."""

from datetime import date

import pytest

from frankpledge.delivery.home_security.rules.pace import Pace, completion, counted_until, pace
from frankpledge.vocabulary.errors import CannotCompute


def test_mansfield_would_be_done_in_7_7_months() -> None:
    found = completion(2_383, 5_460, Pace(2_383, 26))
    assert f"{found.pace.a_week:.1f}" == "91.7"
    assert found.left == 3_077
    assert f"{found.months:.1f}" == "7.7"
    assert found.soonest < found.months < found.latest


def test_nothing_fitted_lately_is_never_done() -> None:
    found = completion(100, 200, Pace(0, 26))
    assert found.months is None and found.latest is None
    assert found.soonest is not None  # chance alone may have made the nought
    with pytest.raises(CannotCompute):
        completion(3, 2, Pace(1, 1))


def test_the_pace_is_that_of_half_a_year_or_of_the_time_since_the_first_home() -> None:
    days = [date(2026, 1, 5), date(2026, 1, 9), date(2026, 3, 2)]
    assert pace(days, date(2026, 4, 1)) == Pace(3, pytest.approx(87 / 7))
    assert pace(days, date(2026, 8, 1)) == Pace(1, 26.0)
    assert pace([], date(2026, 4, 1)) == Pace(0, 26.0)


def test_a_programme_that_stands_still_is_counted_to_its_last_home() -> None:
    days = [date(2026, 1, 5), date(2026, 3, 2)]
    assert counted_until(days, date(2026, 3, 20)) == date(2026, 3, 20)
    assert counted_until(days, date(2026, 8, 1)) == date(2026, 3, 2)
    assert counted_until([], date(2026, 8, 1)) == date(2026, 8, 1)
