"""Money in the database: cells, who changed them, moves with approval."""

from decimal import Decimal

import pytest
from django.core.exceptions import ObjectDoesNotExist

from frankpledge.foundation.audit import selectors as audit
from frankpledge.records.plan import money_services, selectors
from frankpledge.records.plan.vocabulary import VirementState
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.people import TESTS, make_person

pytestmark = pytest.mark.django_db


def line(plan, title, kind="revenue", side="expenditure", **amounts):
    made = money_services.add_money_line(plan=plan, side=side, kind=kind, title=title, by=TESTS)
    for year, amount in amounts.items():
        money_services.set_cell(line=made, year=int(year[1:]), amount=amount, by=TESTS)
    return made


def amount(line, year, quarter=0):
    return selectors.cell(line.pk, year, quarter).amount


def test_salford_loads_and_foots(salford, django_assert_num_queries):
    with django_assert_num_queries(3):
        tables = selectors.money_tables(salford)
    assert tables.funding.known == tables.expenditure.known == Decimal(1_385_077)
    assert tables.foots and not tables.funding.is_complete
    assert (tables.unknown_count, tables.proven) == (8, 5)
    assert list(tables.rises.awards.values()) == [Decimal("3.5"), Decimal("3.0")]


def test_two_people_editing_one_cell_the_second_is_shown_both(plan):
    one = line(plan, "Wardens", y2024=100)
    seen = selectors.cell(one.pk, 2024, 0).edition
    money_services.set_cell(line=one, year=2024, amount=120, seen=seen, by=Actor.system("Asha"))
    with pytest.raises(money_services.CellChanged) as refused:
        money_services.set_cell(line=one, year=2024, amount=130, seen=seen, by=Actor.system("Ben"))
    assert (refused.value.theirs, refused.value.yours, refused.value.who) == (120, 130, "Asha")
    assert "£120" in refused.value.sentence and "£130" in refused.value.sentence
    assert amount(one, 2024) == 120
    money_services.set_cell(line=one, year=2024, amount=130, seen=refused.value.edition, by=Actor.system("Ben"))
    assert amount(one, 2024) == 130


def test_the_same_amount_twice_is_no_quarrel(plan):
    one = line(plan, "Wardens", y2024=100)
    money_services.set_cell(line=one, year=2024, amount=120, seen=1, by=TESTS)
    assert money_services.set_cell(line=one, year=2024, amount=120, seen=1, by=TESTS).amount == 120


def test_a_budget_line_in_the_wrong_year_is_named(plan):
    with pytest.raises(RuleBroken, match="“Wardens” has an amount in 2031/32, outside the plan"):
        line(plan, "Wardens", y2031=100)


def test_a_move_is_asked_for_by_one_and_approved_by_another(plan):
    start, end = line(plan, "Patrols", y2024=500), line(plan, "Locks", y2024=100)
    coordinator, manager = make_person(Role.COORDINATOR), make_person(Role.MANAGER)
    with pytest.raises(NotPermitted):
        money_services.ask_virement(
            source=start, target=end, year=2024, amount=200, reason="Locks run out.", by=manager.actor
        )
    asked = money_services.ask_virement(
        source=start, target=end, year=2024, amount=200, reason="Locks run out in May.", by=coordinator.actor
    )
    assert (amount(start, 2024), amount(end, 2024)) == (500, 100)
    with pytest.raises(NotPermitted):
        money_services.approve_virement(virement=asked, by=coordinator.actor)
    money_services.approve_virement(virement=asked, by=manager.actor)
    assert (amount(start, 2024), amount(end, 2024)) == (300, 300)
    put_back = money_services.reverse_virement(virement=asked, answer="The grant came after all.", by=manager.actor)
    assert (amount(start, 2024), amount(end, 2024)) == (500, 100)
    assert put_back.state == VirementState.REVERSED
    trail = [entry.what for entry in audit.entries_about(f"plan:virement {asked.pk}")]
    assert len(trail) == 3 and any("approved the move of £200" in what for what in trail)


def test_a_move_waits_on_the_home_page_of_whoever_may_decide_it(plan, as_role):
    start, end = line(plan, "Patrols", y2024=500), line(plan, "Locks", y2024=100)
    asker = make_person(Role.COORDINATOR)
    money_services.ask_virement(
        source=start, target=end, year=2024, amount=200, reason="Locks run out in May.", by=asker.actor
    )
    seen = as_role(Role.MANAGER).get("/").content.decode()
    assert "Approve or refuse £200 from Patrols to Locks" in seen and "1 decision waits for you." in seen
    assert "Approve or refuse" not in as_role(Role.COORDINATOR).get("/").content.decode()


def test_nobody_approves_their_own_move(plan):
    both = make_person(Role.COORDINATOR, Role.MANAGER)
    start, end = line(plan, "Patrols", y2024=500), line(plan, "Locks", y2024=100)
    asked = money_services.ask_virement(
        source=start, target=end, year=2024, amount=200, reason="Locks run out in May.", by=both.actor
    )
    with pytest.raises(RuleBroken, match="other than the person who asked"):
        money_services.approve_virement(virement=asked, by=both.actor)


def test_money_spent_elsewhere_meanwhile_cannot_be_moved(plan):
    start, end = line(plan, "Patrols", y2024=500), line(plan, "Locks", y2024=100)
    asked = money_services.ask_virement(
        source=start, target=end, year=2024, amount=400, reason="Locks run out in May.", by=TESTS
    )
    money_services.set_cell(line=start, year=2024, amount=50, by=TESTS)
    with pytest.raises(RuleBroken, match="holds £50 there"):
        money_services.approve_virement(virement=asked, by=make_person(Role.MANAGER).actor)
    assert selectors.virement(asked.pk).state == VirementState.ASKED


def test_spend_to_date_is_held_against_the_profile(plan):
    one = line(plan, "Team", y2024=400)
    money_services.record_spend(line=one, year=2024, quarter=1, spent=80, by=TESTS)
    money_services.record_spend(line=one, year=2024, quarter=2, spent=90, committed=20, by=TESTS)
    found = selectors.spend_to_date(plan)
    assert (found.quarters_in, found.whole.spent, found.whole.committed) == (2, 170, 20)
    assert found.whole.profile.known == 200 and found.whole.under_percent == 15


def test_a_fund_says_who_controls_it_from_when(plan):
    with pytest.raises(RuleBroken, match="both or neither"):
        money_services.add_fund(
            plan=plan, name="Community safety fund", kind="revenue", next_controller="PCC", by=TESTS
        )


def test_a_line_twice_is_refused(plan):
    line(plan, "Team")
    with pytest.raises(RuleBroken, match="already"):
        line(plan, "Team")
    with pytest.raises(ObjectDoesNotExist):
        plan.money_lines.get(title="Other")
