"""Priorities, targets, profiles, milestones, versions: what is refused and what is kept."""

from datetime import date
from decimal import Decimal

import pytest

from frankpledge.records.indicators import services as indicators
from frankpledge.records.plan import rules, selectors, services
from frankpledge.records.plan.vocabulary import Aim, MilestoneStanding, PlanState, TargetSense
from frankpledge.vocabulary.errors import NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.people import TESTS, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def objective(plan):
    burglary = services.add_priority(plan=plan, title="Burglary", why="It is the most feared.", by=TESTS)
    return services.add_objective(priority=burglary, title="Reduce burglary", subject="burglary", aim="fewer", by=TESTS)


def figure(value=616, last_on=date(2024, 3, 31), **more):
    return indicators.save_figure(
        name="Burglary in a year",
        area_code="E07000999",
        area_name="Aldershire",
        first_on=date(last_on.year - 1, 4, 1),
        last_on=last_on,
        value=value,
        unit="count",
        method="counted",
        document="Police extract",
        page="1",
        by=TESTS,
        **more,
    )


def test_salfords_twenty_nine_per_cent_is_refused_for_want_of_a_baseline(objective):
    with pytest.raises(RuleBroken, match="-29 % cannot be set without its baseline"):
        services.add_target(
            objective=objective, title="Domestic burglary", change_percent=-29, due_on=date(2026, 3, 31), by=TESTS
        )
    assert selectors.targets(objective.priority.plan) == []


def test_a_percentage_becomes_a_number_on_its_baseline(objective):
    made = services.add_target(
        objective=objective,
        title="A fifth fewer burglaries",
        change_percent=-20,
        baseline_figure_key=figure().key,
        due_on=date(2027, 3, 31),
        by=TESTS,
    )
    assert made.value == 492 and made.sense == TargetSense.AT_MOST
    assert (made.baseline_value, made.baseline_last_on, made.unit) == (616, date(2024, 3, 31), "count")


def test_a_target_before_its_baseline_is_refused(objective):
    with pytest.raises(RuleBroken, match="due on 31 March 2023, before its baseline ends on 31 March 2024"):
        services.add_target(
            objective=objective,
            title="Too early",
            value=500,
            baseline_figure_key=figure().key,
            due_on=date(2023, 3, 31),
            by=TESTS,
        )


def test_a_figure_nobody_has_is_no_baseline_and_no_evidence(objective):
    with pytest.raises(RuleBroken, match="no figure F999"):
        services.add_target(objective=objective, title="T", value=5, baseline_figure_key="F999", by=TESTS)
    with pytest.raises(RuleBroken, match="no figure F999"):
        services.add_priority(plan=objective.priority.plan, title="Violence", figure_keys=["F999"], by=TESTS)


def test_a_priority_without_a_number_is_listed(objective):
    plan = objective.priority.plan
    services.add_target(objective=objective, title="Reduction in burglary", by=TESTS)
    assert [one.title for one in selectors.without_number(selectors.priorities(plan))] == ["Burglary"]


def test_harboroughs_aims_that_pull_apart_are_listed(plan):
    wants = (
        ("Supporting vulnerable people", "Increase the reporting of domestic incidents", Aim.MORE),
        ("Reducing violent crime", "Reduce the number of domestic assaults", Aim.FEWER),
    )
    for title, words, aim in wants:
        made = services.add_priority(plan=plan, title=title, by=TESTS)
        services.add_objective(priority=made, title=words, subject="domestic abuse", aim=aim, by=TESTS)
    (found,) = selectors.polarity_conflicts(selectors.priorities(plan))
    assert found.subject == "domestic abuse" and found.more.title.startswith("Increase")


def quarters(indicator, counts):
    for at, n in enumerate(counts):
        year, quarter = 2021 + at // 4, at % 4 + 1
        first, last = rules.quarter_months(year, quarter)
        indicators.save_figure(
            name="Burglary",
            area_code="E07000999",
            area_name="Aldershire",
            first_on=first.first_day,
            last_on=last.first_day.replace(day=last.days),
            value=n,
            unit="count",
            method="counted",
            document="Police extract",
            page="1",
            indicator_id=indicator.pk,
            by=TESTS,
        )


def burglary_indicator():
    return indicators.add_indicator(
        name="Burglary",
        definition="Domestic burglary recorded by the police.",
        unit="count",
        polarity="less is good",
        aggregation="sum",
        period="quarter",
        calendar="financial",
        area_code="E07000999",
        area_name="Aldershire",
        by=TESTS,
    )


def test_a_profile_follows_history_and_season_and_adds_up(objective):
    indicator = burglary_indicator()
    quarters(indicator, [100, 120, 180, 200] * 3)
    made = services.add_target(
        objective=objective,
        title="Fewer",
        indicator_id=indicator.pk,
        value=480,
        baseline_figure_key=figure(600).key,
        due_on=date(2027, 3, 31),
        denominator=40_000,
        by=TESTS,
    )
    plan = objective.priority.plan
    proposal = selectors.propose_profile(made, plan)
    assert [proposal.values[year][0] for year in plan.year_numbers] == [560, 520, 480]
    for by_quarter in proposal.values.values():
        assert sum(by_quarter[q] for q in (1, 2, 3, 4)) == by_quarter[0]
    assert proposal.values[2026][4] == 160 and proposal.values[2026][1] == 80
    services.set_profile(target=made, values=proposal.values, method=proposal.how, by=TESTS)
    assert selectors.profile_of(selectors.target(made.pk))[2026][4] == 160
    assert rules.count_and_rate(Decimal(160), is_rate=False, denominator=Decimal(40_000)) == (160, Decimal("4.00"))


def test_a_profile_in_a_year_of_another_plan_is_refused(objective):
    made = services.add_target(objective=objective, title="Fewer", by=TESTS)
    with pytest.raises(RuleBroken, match="2030/31 lies outside the plan"):
        services.set_profile(target=made, values={2030: {1: 5}}, by=TESTS)


def test_a_milestone_is_late_the_day_after_it_was_due(plan):
    day = date(2024, 6, 30)
    assert rules.standing("open", day, ongoing=False, today=day) is MilestoneStanding.DUE
    assert rules.standing("open", day, ongoing=False, today=date(2024, 7, 1)) is MilestoneStanding.LATE
    assert rules.standing("open", None, ongoing=True, today=day) is MilestoneStanding.ONGOING
    made = services.add_milestone(plan=plan, title="Watch in Larkhill", due_on=day, by=TESTS)
    with pytest.raises(RuleBroken, match="on which day"):
        services.settle_milestone(milestone=made, state="done", by=TESTS)
    done = services.settle_milestone(milestone=made, state="done", done_on=date(2024, 6, 1), by=TESTS)
    assert done.done_on == date(2024, 6, 1)


def test_a_refresh_copies_all_and_what_changed_stands_side_by_side(objective):
    plan = objective.priority.plan
    target = services.add_target(objective=objective, title="Fewer", value=500, due_on=date(2026, 3, 31), by=TESTS)
    services.publish_plan(plan=plan, by=TESTS)
    refreshed = services.new_version(plan=plan, label="Refresh 2025/26", by=TESTS)
    copy = selectors.targets(refreshed)[0]
    services.change_target(target=copy, title="Fewer", value=480, due_on=date(2026, 3, 31), by=TESTS)
    services.add_priority(plan=refreshed, title="Retail crime", by=TESTS)
    found = {(one.what, one.where): (one.before, one.after) for one in selectors.compare(plan, refreshed)}
    assert found[("priority", "Retail crime")] == ("", "Retail crime")
    assert found[("target: value", "Fewer")] == ("at most 500", "at most 480")
    services.publish_plan(plan=refreshed, by=TESTS)
    assert selectors.plan(plan.pk).state == PlanState.SUPERSEDED
    assert selectors.current_plan() == refreshed
    assert selectors.priority("burglary").plan_id == refreshed.pk
    with pytest.raises(RuleBroken, match="history"):
        services.add_target(objective=target.objective, title="Late", by=TESTS)


def test_a_number_in_force_changes_only_in_a_review_with_a_reason(objective):
    plan = objective.priority.plan
    target = services.add_target(objective=objective, title="Fewer", value=500, due_on=date(2026, 3, 31), by=TESTS)
    services.publish_plan(plan=plan, by=TESTS)
    with pytest.raises(RuleBroken, match="in a review"):
        services.change_target(target=target, title="Fewer", value=480, due_on=date(2026, 3, 31), by=TESTS)
    with pytest.raises(RuleBroken, match="Say why"):
        services.review_target(
            target=target, outcome="change", value=480, reason="so", reviewed_on=date(2025, 3, 1), by=TESTS
        )
    services.review_target(
        target=target,
        outcome="change",
        value=480,
        reason="Met a year early; the partnership wants more.",
        reviewed_on=date(2025, 3, 1),
        by=TESTS,
    )
    (review,) = selectors.reviews(plan)
    assert (review.value_before, review.value_after) == (500, 480)


def test_only_the_coordinator_writes_the_plan(plan):
    for role in (Role.MANAGER, Role.ANALYST, Role.REPRESENTATIVE, Role.SCRUTINY):
        with pytest.raises(NotPermitted):
            services.add_priority(plan=plan, title="Mine", by=make_person(role).actor)
    assert services.add_priority(plan=plan, title="Ours", by=make_person(Role.COORDINATOR).actor).key == "ours"


def test_words_longer_than_their_column_are_refused_on_every_database(plan):
    with pytest.raises(RuleBroken, match="Write at most 200"):
        services.add_priority(plan=plan, title="x" * 201, by=TESTS)
