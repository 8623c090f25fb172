"""Coverage: Mansfield's pace, groups, months."""

from datetime import date

import pytest

from frankpledge.oversight.evaluation.rules import ServedHome, by_month, completion, covered, recent
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.periods import Month


def home(street="Mill Lane", protected_on=None, said_no=False):
    return ServedHome(street, "Meadow", "Meadow Rise", "owner", protected_on, said_no)


def test_mansfield_would_be_done_in_7_7_months():
    found = completion(2_383, 5_460, fitted=2_383, weeks=26)
    assert round(found.a_week, 1) == 91.7
    assert found.left == 3_077
    assert f"{found.months:.1f}" == "7.7"
    assert found.soonest < found.months < found.latest


def test_nothing_fitted_lately_is_never_done():
    found = completion(100, 200, fitted=0, weeks=26)
    assert found.months is None and found.latest is None
    assert found.soonest is not None  # chance alone may have made the nought
    with pytest.raises(CannotCompute):
        completion(3, 2, fitted=1, weeks=1)


def test_small_streets_stand_together_and_the_least_covered_first():
    day = date(2026, 3, 1)
    homes = [home("Long Row", day if n < 3 else None) for n in range(20)]
    homes += [home("Mill Lane", day if n < 9 else None, said_no=True) for n in range(10)]
    homes += [home("Short Street", day) for _ in range(4)] + [home("Tiny Court") for _ in range(4)]
    found = covered(homes, lambda one: one.street)
    assert [(one.name, one.protected, one.homes, one.said_no) for one in found] == [
        ("Long Row", 3, 20, 0), ("Mill Lane", 9, 10, 1), ("", 4, 8, 0),
    ]  # fmt: skip


def test_months_run_on_without_a_fitting():
    days = [date(2026, 1, 5), date(2026, 1, 9), date(2026, 3, 2)]
    assert by_month(days, date(2026, 4, 1)) == [
        (Month(2026, 1), 2), (Month(2026, 2), 2), (Month(2026, 3), 3), (Month(2026, 4), 3),
    ]  # fmt: skip
    assert recent(days, date(2026, 4, 1)) == (3, pytest.approx(87 / 7))
    assert recent([], date(2026, 4, 1))[0] == 0
