"""The golden thread walked both ways, and its loose ends."""

from datetime import date

import pytest
from django.utils import timezone

from frankpledge.oversight.golden_thread import selectors as threads
from frankpledge.oversight.golden_thread.rules import Box, Stage, Web, walk
from frankpledge.records.actions import services as actions
from frankpledge.records.plan import money_services
from frankpledge.records.plan import services as plans
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.permissions import Role
from tests.indicators.made_up import a_figure, an_indicator
from tests.pages.html import check_page
from tests.people import make_person, signed_in

BY = Actor.system("tests")


def box(stage: Stage, key: str) -> Box:
    return Box(stage, key, f"{stage} {key}")


def test_a_circle_of_lines_ends_the_walk() -> None:
    web = Web()
    web.add(box(Stage.PRIORITY, "a"), "action:1")
    web.add(box(Stage.ACTION, "1"), "priority:a")
    found = walk(web, "priority:a")
    assert found is not None and [b.key for b in found.at(Stage.ACTION)] == ["1"]


def test_a_walk_from_nothing_is_no_walk() -> None:
    assert walk(Web(), "action:A1") is None


@pytest.fixture
def thread(db: None) -> dict[str, object]:
    """One whole thread and one of each loose end."""
    indicator = an_indicator(aggregation="sum")
    evidence = a_figure(name="One home in six was burgled before", first_on=date(2025, 4, 1), last_on=date(2026, 3, 31))
    result = a_figure(indicator)
    plan = plans.add_plan(title="Plan", series="plan", first_year=2026, by=BY)
    priority = plans.add_priority(plan=plan, key="burglary", title="Safer homes", figure_keys=[evidence.key], by=BY)
    lonely = plans.add_priority(plan=plan, key="arson", title="Fewer fires", by=BY)
    objective = plans.add_objective(priority=priority, title="Fewer homes burgled", by=BY)
    target = plans.add_target(objective=objective, title="Burglary down", indicator_id=indicator.pk, by=BY)
    without = plans.add_target(objective=objective, title="People feel safer", by=BY)
    action = actions.add_action(title="Fit 40 locks", priority_key="burglary", by=BY)
    loose = actions.add_action(title="Print a leaflet", by=BY)
    actions.drop_action(actions.add_action(title="Dropped", by=BY), because="no money", by=BY)
    money = money_services.add_money_line(
        plan=plan, side="expenditure", kind="capital", title="Locks", priority_key="burglary", by=BY
    )
    spare = money_services.add_money_line(plan=plan, side="expenditure", kind="revenue", title="Flags", by=BY)
    unused = a_figure(name="Nobody asked for this")
    plans.publish_plan(plan=plan, by=BY)
    return dict(locals())


def seen(role: Role = Role.COORDINATOR) -> threads.Thread:
    """The thread as somebody with that role may see it."""
    return threads.thread(make_person(role))


def titles(found: object, stage: Stage) -> list[str]:
    return [one.title for one in found.at(stage)]  # type: ignore[attr-defined]


def test_from_the_evidence_one_walks_to_the_result(thread: dict) -> None:
    found = threads.walk_from(seen(), f"figure:{thread['evidence'].key}")
    assert titles(found, Stage.PRIORITY) == ["Safer homes"]
    assert titles(found, Stage.TARGET) == ["Burglary down", "People feel safer"]
    assert titles(found, Stage.ACTION) == ["Fit 40 locks"]
    assert titles(found, Stage.MONEY) == ["Locks"]
    assert titles(found, Stage.INDICATOR) == [thread["indicator"].name]


def test_from_the_result_one_walks_back_to_the_evidence(thread: dict) -> None:
    """Only by its own target, not by its neighbours."""
    found = threads.walk_from(seen(), f"indicator:{thread['indicator'].key}")
    assert titles(found, Stage.TARGET) == ["Burglary down"]
    assert titles(found, Stage.PRIORITY) == ["Safer homes"]
    assert titles(found, Stage.FIGURE) == ["One home in six was burgled before"]
    assert titles(found, Stage.ACTION) == ["Fit 40 locks"]


def test_a_figure_of_a_series_belongs_to_its_indicator(thread: dict) -> None:
    found = threads.walk_from(seen(), f"figure:{thread['result'].key}")
    assert titles(found, Stage.INDICATOR) == [thread["indicator"].name]
    assert titles(found, Stage.PRIORITY) == ["Safer homes"]


def test_a_finding_of_the_assessment_stands_before_the_priority_that_cites_it(thread: dict) -> None:
    from frankpledge.oversight.assessment.models import Assessment, Section

    made = Assessment.objects.create(title="S", area_code="X1", area_name="X", composed_at=timezone.now())
    content = {"figures": [{"slot": "a", "key": thread["evidence"].key}]}
    Section.objects.create(
        assessment=made, key="homes", chapter="context", position=1, heading="Homes are hit again", content=content
    )
    found = threads.walk_from(seen(), "priority:burglary")
    assert titles(found, Stage.FINDING) == ["Homes are hit again"]
    back = threads.walk_from(seen(), f"finding:{made.reference}-homes")
    assert titles(back, Stage.ACTION) == ["Fit 40 locks"]
    assert titles(threads.walk_from(seen(Role.SCRUTINY), "priority:burglary"), Stage.FINDING) == []  # a draft


def test_a_plan_in_draft_hangs_on_the_thread_of_those_who_write_it_alone(db: None) -> None:
    plan = plans.add_plan(title="Plan", series="plan", first_year=2026, by=BY)
    plans.add_priority(plan=plan, key="burglary", title="Safer homes", by=BY)
    assert threads.walk_from(seen(), "priority:burglary") is not None
    assert threads.walk_from(seen(Role.REPRESENTATIVE), "priority:burglary") is None


def test_a_public_line_stands_behind_the_result_it_names(thread: dict) -> None:
    from frankpledge.oversight.claims.models import Claim, Document

    document = Document.objects.create(key="plan", title="Our plan", made_at=timezone.now(), made_by_name="tests")
    content = {"words": "Burglary fell to 2.7", "formulae": [thread["result"].key]}
    Claim.objects.create(
        document=document, key="c1", order=1, content=content, made_at=timezone.now(), made_by_name="tests"
    )
    found = threads.walk_from(seen(), f"indicator:{thread['indicator'].key}")
    assert titles(found, Stage.CLAIM) == ["Burglary fell to 2.7"]
    back = threads.walk_from(seen(), "claim:plan.c1")
    assert titles(back, Stage.PRIORITY) == ["Safer homes"]


def test_an_action_says_why_it_is_done(thread: dict) -> None:
    found = threads.walk_from(seen(), f"action:{thread['action'].reference}")
    assert titles(found, Stage.ACTION) == ["Fit 40 locks"]
    assert titles(found, Stage.FIGURE) == ["One home in six was burgled before"]
    assert titles(found, Stage.MONEY) == ["Locks"]


def test_what_hangs_on_no_thread_is_listed(thread: dict) -> None:
    ends = threads.loose_ends(seen())
    assert [one.title for one in ends.priorities_without_action] == ["Fewer fires"]
    assert [one.title for one in ends.actions_without_priority] == ["Print a leaflet"]
    assert [one.title for one in ends.spend_without_priority] == ["Flags"]
    assert [one.title for one in ends.targets_without_indicator] == ["People feel safer"]
    assert [one.title for one in ends.figures_used_nowhere] == ["Nobody asked for this"]


def test_the_thread_is_a_fixed_number_of_questions(thread: dict, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(10):
        actions.add_action(title=f"More {number}", priority_key="burglary", by=BY)
    person = make_person(Role.COORDINATOR)
    with django_assert_max_num_queries(18):
        threads.loose_ends(threads.thread(person))


@pytest.mark.parametrize(
    "role", [Role.ANALYST, Role.COORDINATOR, Role.OFFICER, Role.REPRESENTATIVE, Role.MANAGER, Role.SCRUTINY]
)
def test_everybody_who_accounts_walks_it(thread: dict, role: Role) -> None:
    browser = signed_in(role)
    page = check_page(browser.get("/account/thread/").content.decode())
    assert "5 things hang on no thread." in page.html
    walked = check_page(browser.get("/account/thread/?from=priority:burglary").content.decode())
    assert "The thread runs from the evidence to the result without a break." in walked.html
    broken = check_page(browser.get("/account/thread/?from=priority:arson").content.decode())
    assert "The thread has no figures, targets, actions, indicators yet." in broken.html


def test_a_thread_of_nothing_is_absent(thread: dict) -> None:
    browser = signed_in(Role.COORDINATOR)
    for start in ("action:A999999", "figure:F999999", "nonsense", "priority:", "priority:\x00"):
        assert browser.get("/account/thread/", {"from": start}).status_code == 404
    assert signed_in(Role.CREW).get("/account/thread/").status_code == 404


@pytest.mark.django_db
def test_the_page_is_whole_before_there_is_a_plan() -> None:
    check_page(signed_in(Role.COORDINATOR).get("/account/thread/").content.decode())
