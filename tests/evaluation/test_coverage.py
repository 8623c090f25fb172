"""Coverage: groups and months."""

from datetime import date
from decimal import Decimal

import pytest

from frankpledge.oversight.evaluation import coverage_pages
from frankpledge.oversight.evaluation.models import Evaluation
from frankpledge.oversight.evaluation.rules import ServedHome, by_month, covered, shares_by_month
from frankpledge.oversight.evaluation.selectors import Coverage
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.permissions import Role
from tests.people import make_person


def home(street="Mill Lane", protected_on=None, said_no=False):
    return ServedHome(street, "Meadow", "Meadow Rise", "owner", protected_on, said_no)


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


def test_each_neighbourhood_has_its_share_of_every_month():
    homes = [ServedHome("a", "w", "Bellfield", "", date(2026, 1, 5) if n < 5 else None, False) for n in range(10)]
    homes += [ServedHome("a", "w", "Northgate", "", date(2026, 2, 5) if n < 4 else None, False) for n in range(16)]
    homes += [ServedHome("a", "w", "Tiny", "", None, False)]
    found = shares_by_month(homes, lambda one: one.neighbourhood, date(2026, 3, 1))
    assert found == [("Bellfield", [50, 50, 50]), ("Northgate", [0, 25, 25])]


def test_what_a_home_cost_divides_money_and_homes_of_the_same_time():
    """Homes protected and visits finished after the evaluation's last day are not in what it says was spent."""
    spent_to = date(2026, 9, 30)
    days = [date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 20)]
    homes = tuple(ServedHome(f"{n} Elm Row", "W", "N", "owner", day, False) for n, day in enumerate(days))
    made = Evaluation(pounds=Decimal(600), cost_is="all money spent", last_on=spent_to)
    visits = {date(2026, 9, 1): 2, spent_to: 1, date(2026, 10, 20): 4}
    costs = coverage_pages._costs(Coverage(homes, date(2026, 11, 21), None, visits), made)
    assert [cost["value"] for cost in costs] == ["£300.00", "£200.00", "£200.00"]
    assert costs[0]["sum"] == "£600 ÷ 2, to 30 September 2026"


@pytest.mark.django_db
def test_only_who_delivers_the_programme_is_told_which_streets_have_little():
    found = Coverage((home(protected_on=date(2026, 5, 1)), *[home()] * 11), date(2026, 6, 30), None, 1)
    seen = {
        role: coverage_pages.coverage_page(found, None, make_person(role)) for role in (Role.MANAGER, Role.SCRUTINY)
    }
    assert seen[Role.MANAGER]["streets"]["rows"][0]["name"] == "Mill Lane"
    assert seen[Role.SCRUTINY]["streets"] is None
