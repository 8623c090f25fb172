"""A quarter of a made-up partnership, described and filled in through the services the pages use."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from frankpledge.records.actions import services as actions
from frankpledge.records.indicators import services as indicators
from frankpledge.records.indicators.models import Figure
from frankpledge.records.plan import services as plans
from frankpledge.vocabulary.periods import Month
from tests.people import TESTS

AREA = {"area_code": "E07000999", "area_name": "Aldercombe"}
FIRST = Month(2021, 4)
SEASON = (0, -6, 10, 14)

# name, unit, polarity, aggregation, quarterly values (last: July to September 2026) or (count, base)
BURGLARY = [152 + SEASON[i % 4] - 2 * i for i in range(22)]
THEFTS = [140 + SEASON[i % 4] // 2 + (i % 3) for i in range(20)] + [168, 190]
HOMES = [(80 + (i % 3), 86) for i in range(21)] + [(66, 86)]
VISITS = [180 + 8 * i for i in range(22)]
ABUSE = [600 + 8 * i for i in range(21)] + [846]
DISTRACTION = [2, 1, 3, 2] * 5 + [3, 6]
FIRES = [60 + SEASON[i % 4] - i for i in range(22)]
MADE = (
    ("Burglary of homes", "count", "less is good", "sum", BURGLARY),
    ("Thefts from vehicles", "count", "less is good", "sum", THEFTS),
    ("Empty homes secured within 24 hours", "percent", "more is good", "mean", HOMES),
    ("Home security visits", "count", "more is good", "sum", VISITS),
    ("Domestic abuse reported", "count", "more is good", "sum", ABUSE),
    ("Distraction burglary", "count", "less is good", "sum", DISTRACTION),
    ("Deliberate small fires", "count", "less is good", "sum", FIRES),
    ("Calls about nuisance", "count", "context only", "sum", [400 + SEASON[i % 4] for i in range(22)]),
)
TARGETS = {
    "Burglary of homes": 480,
    "Thefts from vehicles": 560,
    "Empty homes secured within 24 hours": 93,
    "Home security visits": 1200,
    "Deliberate small fires": 200,
}


def add_indicator(name, unit="count", polarity="less is good", aggregation="sum", **more):
    return indicators.add_indicator(
        name=name, definition=f"What {name} means.", unit=unit, polarity=polarity, aggregation=aggregation,
        **AREA, **more, by=TESTS,
    )  # fmt: skip


def fill(indicator, values, first=FIRST):
    """One figure for each quarter from ``first``, in one go: saving each by itself would take most of a test's time."""
    rows = []
    for i, value in enumerate(values):
        start = first + 3 * i
        count, base = value if isinstance(value, tuple) else (None, None)
        rows.append(
            Figure(
                indicator=indicator, name=indicator.name, **AREA, first_on=start.first_day,
                last_on=_last_day(start + 2), value=value if base is None else Decimal(100 * count) / base,
                unit=indicator.unit, numerator=count, denominator=base, completeness="complete",
                method="Counted by hand.", document="A return", page="1", made_at=timezone.now(), made_by_name="tests",
            )
        )  # fmt: skip
    Figure.objects.bulk_create(rows)


def _last_day(month):
    return date.fromordinal((month + 1).first_day.toordinal() - 1)


def quarter(**more):
    """Eight indicators to September 2026, a plan with targets, milestones, and two actions. Gives the plan back."""
    made = {}
    for name, unit, polarity, aggregation, values in MADE:
        made[name] = add_indicator(name, unit, polarity, aggregation, owner_name="Insp. L. Marsh", **more)
        fill(made[name], values)
    plan = plans.add_plan(title="Safer Aldercombe", first_year=2026, years=3, by=TESTS)
    priority = plans.add_priority(plan=plan, title="Safer homes", why="Half of it is burglary.", by=TESTS)
    objective = plans.add_objective(priority=priority, title="Fewer burglaries", by=TESTS)
    for name, value in TARGETS.items():
        plans.add_target(
            objective=objective, title=name, indicator_id=made[name].pk, value=value, due_on=date(2027, 3, 31),
            sense="at least" if made[name].polarity == "more is good" else "at most", by=TESTS,
        )  # fmt: skip
    plans.publish_plan(plan=plan, by=TESTS)
    plans.add_milestone(plan=plan, title="Gates in Mill Lane and Tan Row", due_on=date(2026, 8, 31), by=TESTS)
    plans.add_milestone(plan=plan, title="Strategic assessment, first draft", due_on=date(2026, 11, 30), by=TESTS)
    actions.add_action(title="Serve the notice on the lock contractor", due_on=date(2026, 9, 1), by=TESTS)
    actions.add_action(title="Keep a relief crew on call", due_on=date(2099, 3, 1), by=TESTS)
    return plan
