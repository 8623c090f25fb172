"""A plan for the demo partnership: priorities with reasons, targets on baselines, milestones, money, a move asked for.

Everything is made up. It looks at what is there, so it may be run again.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.records.indicators import selectors as indicators
from frankpledge.records.plan import money_services, selectors, services
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import CannotCompute

if TYPE_CHECKING:
    from frankpledge.records.plan.models import Fund, MoneyLine, Objective, Plan, Priority

SERIES = "safer-aldercombe"
DUE = date(2027, 3, 31)
BASELINE_ON = date(2024, 3, 31)
FIRST_END = date(2025, 3, 31)

# key, title, lead agency, why, victims, offenders, locations, times, (objectives: title, subject, aim, targets)
# a target: title, key of the demo's indicator, change in per cent, or value; stated baseline where no figure is there
PRIORITIES: tuple[dict[str, Any], ...] = (
    {
        "key": "burglary",
        "title": "Burglary at home",
        "lead": "Brackenshire Constabulary",
        "why": "Burglary is what residents fear most, and homes near one just burgled are burgled next. The safe homes "
        "programme secures a home and its neighbours within days.",
        "victims": "Tenants, students and people over 70; one home in six was burgled before.",
        "offenders": "A small number of prolific offenders, most of them dependent on drugs.",
        "locations": "Terraces in Northgate and Brackwell, within 400 metres of an earlier burglary.",
        "times": "Weekday afternoons; late autumn, when it is dark before people are home.",
        "objectives": (
            {
                "title": "Fewer homes burgled",
                "subject": "burglary",
                "aim": "fewer",
                "targets": (
                    {
                        "title": "Domestic burglary",
                        "indicator": "burglary",
                        "percent": -12,
                        "baseline": 640,
                        "from_figures": True,
                    },
                ),
            },
            {
                "title": "More homes made secure",
                "subject": "home security",
                "aim": "more",
                "targets": (
                    {"title": "Home security visits done in the year", "value": 1_200, "baseline": 410},
                    {"title": "Homes visited within five working days", "unit": "percent", "value": 80, "baseline": 64},
                ),
            },
        ),
    },
    {
        "key": "violence-in-the-evening",
        "title": "Violence in the evening economy",
        "lead": "Brackenshire Constabulary",
        "why": "A third of violence outside the home happens in a few streets on two nights of the week.",
        "victims": "Young men, bar and door staff.",
        "offenders": "Mostly under 30, most of them after drinking.",
        "locations": "Castle Street, the bus station, two car parks.",
        "times": "Friday and Saturday, ten at night to three.",
        "objectives": (
            {
                "title": "Fewer assaults in the town centre",
                "subject": "violence",
                "aim": "fewer",
                "targets": ({"title": "Assaults with injury in the town centre", "percent": -10, "baseline": 284},),
            },
        ),
    },
    {
        "key": "domestic-abuse",
        "title": "Domestic abuse",
        "lead": "Aldercombe District Council",
        "why": "Most of it is never reported. More reporting is a success here; so is fewer people abused again.",
        "victims": "Mostly women; one in four has children under five.",
        "offenders": "Partners and former partners; a few with several victims.",
        "locations": "In every part of the district.",
        "times": "Evenings and weekends, school holidays, tournament days.",
        "objectives": (
            {"title": "More people report domestic abuse", "subject": "domestic abuse", "aim": "more",
             "targets": ({"title": "Domestic abuse incidents reported"},)},
            {
                "title": "Fewer domestic assaults are repeated",
                "subject": "domestic abuse",
                "aim": "fewer",
                "targets": (
                    {"title": "Repeats among cases at the MARAC", "unit": "percent", "value": 22, "baseline": 27},
                ),
            },
        ),
    },
    {
        "key": "anti-social-behaviour",
        "title": "Anti-social behaviour",
        "lead": "Aldercombe District Council",
        "why": "It wears people down. Who reports it wants to hear what was done, and often does not.",
        "victims": "People who live next door to it; repeat callers.",
        "offenders": "Neighbours in dispute, groups of young people, street drinkers.",
        "locations": "Larkhill, the precinct, two parks.",
        "times": "After school, light evenings, the weeks round Halloween.",
        "objectives": (
            {
                "title": "Everybody who reports nuisance is told what was done",
                "subject": "answers to reports",
                "aim": "more",
                "targets": (
                    {
                        "title": "Reports answered within ten working days",
                        "unit": "percent",
                        "value": 85,
                        "baseline": 71,
                    },
                ),
            },
            {
                "title": "Fewer deliberate fires",
                "subject": "deliberate fires",
                "aim": "fewer",
                "targets": ({"title": "Deliberate small fires", "value": 118, "baseline": 141},),
            },
        ),
    },
    {
        "key": "prolific-offenders",
        "title": "Prolific offenders",
        "lead": "Brackenshire Probation",
        "why": "Ten people account for one in five burglaries that are solved.",
        "victims": "Homes and shops across the district.",
        "offenders": "Ten people at a time, chosen and reviewed every month.",
        "locations": "Where they live and where they used to offend.",
        "times": "The first three months after release.",
        "objectives": (
            {
                "title": "Less reoffending in the cohort",
                "subject": "reoffending",
                "aim": "fewer",
                "targets": ({"title": "Proven offences of the cohort in a year", "percent": -30, "baseline": 96},),
            },
        ),
    },
)  # fmt: skip

# title, priority, agency, due, done on or None, ongoing
MILESTONES = (
    ("Fourth safe homes crew at work", "burglary", "Aldercombe District Council", date(2024, 9, 30), date(2024, 9, 16)),
    (
        "Watch coordinator for Brackwell",
        "burglary",
        "Brackenshire Constabulary",
        date(2025, 1, 31),
        date(2025, 2, 10),
    ),
    ("Gates in Mill Lane and Tan Row", "burglary", "Aldercombe District Council", date(2026, 8, 31), None),
    ("Sharing agreement with the hospital trust", "violence-in-the-evening", "Health", date(2026, 9, 30), None),
    ("Public meeting in Brackwell", None, "Aldercombe District Council", date(2026, 11, 26), None),
    ("Strategic assessment, first draft", None, "Aldercombe District Council", date(2026, 11, 30), None),
    ("Perpetrator programme evaluated", "domestic-abuse", "Brackenshire Probation", date(2027, 2, 28), None),
)
ONGOING = ("Weekly vulnerability meeting", "anti-social-behaviour", "Aldercombe District Council")

# kind, name, source, conditions, controller, next controller, from
FUNDS = (
    ("capital", "Safer streets grant", "Home Office", "For equipment and lighting; spent by March 2026.",
     "Police and Crime Commissioner", "", None),
    ("revenue", "Community safety fund", "Police and Crime Commissioner", "Report each quarter.",
     "Aldercombe District Council", "Police and Crime Commissioner", date(2026, 4, 1)),
    ("revenue", "District staff budget", "Aldercombe District Council", "", "Aldercombe District Council", "", None),
    ("revenue", "Violence reduction grant", "Police and Crime Commissioner", "Confirmed each February.",
     "Police and Crime Commissioner", "", None),
)  # fmt: skip
# side, kind, title, fund, priority, quarters of 2024/25 (or None), 2024/25 total, 2025/26, 2026/27 (None: t.b.c.)
LINES = (
    ("funding", "capital", "Safer streets grant", 0, "", (20_000, 45_000, 60_000, 25_000), 90_000, 40_000),
    ("funding", "revenue", "Community safety fund", 1, "", (42_000, 42_000, 42_000, 42_000), 172_000, 176_000),
    ("funding", "revenue", "District staff budget", 2, "", (36_500, 36_500, 36_500, 36_500), 150_380, 154_891),
    ("funding", "revenue", "Violence reduction grant", 3, "", (11_000, 11_000, 11_000, 11_000), 44_000, None),
    ("expenditure", "capital", "Locks, lights and alarms", None, "burglary",
     (15_000, 30_000, 40_000, 15_000), 70_000, 40_000),
    ("expenditure", "capital", "Alley gates", None, "burglary", (5_000, 15_000, 20_000, 10_000), 20_000, 0),
    ("expenditure", "revenue", "Safe homes crews", None, "burglary",
     (31_000, 31_000, 31_000, 31_000), 127_720, 131_552),
    ("expenditure", "revenue", "Community safety team", None, "", (25_500, 25_500, 25_500, 25_500), 105_060, 108_212),
    ("expenditure", "revenue", "Outreach for people abused", None, "domestic-abuse",
     (14_000, 14_000, 14_000, 14_000), 57_600, 59_127),
    ("expenditure", "revenue", "Town centre marshals", None, "violence-in-the-evening",
     (11_000, 11_000, 11_000, 11_000), 44_000, None),
    ("expenditure", "revenue", "Prolific offenders", None, "prolific-offenders",
     (8_000, 8_000, 8_000, 8_000), 32_000, 32_000),
)  # fmt: skip
# what the demo says was spent in the first two quarters of 2026/27, as a share of an even profile
SPENT = {
    "Locks, lights and alarms": (Decimal("0.7"), Decimal("0.9")),
    "Safe homes crews": (Decimal("0.92"), Decimal("0.88")),
    "Community safety team": (Decimal(1), Decimal("1.01")),
    "Outreach for people abused": (Decimal("0.97"), Decimal("1.02")),
    "Prolific offenders": (Decimal("0.8"), Decimal("0.95")),
}
WIDER = (
    ("Warm, safe homes", "Housing strategy"),
    ("Children grow up without fear", "Children and families plan"),
    ("A town centre people come back to", "Economic strategy"),
)
LINKS = (
    ("Fewer homes burgled", "Warm, safe homes", "both ways"),
    ("More homes made secure", "Warm, safe homes", "our objective helps their aim"),
    ("Fewer domestic assaults are repeated", "Children grow up without fear", "both ways"),
    ("Fewer assaults in the town centre", "A town centre people come back to", "our objective helps their aim"),
)


def load(*, by: Actor) -> None:
    """Write the plan, unless it is there. One transaction a step; killed in the middle, the next load finishes it."""
    plan = selectors.example_plan(SERIES) or services.add_plan(
        title="Safer Aldercombe, partnership plan",
        series=SERIES,
        first_year=2024,
        area_name="Aldercombe",
        label="Refresh 2026/27",
        aim="Fewer people harmed, more people told what was done, and every pound accounted for.",
        by=by,
    )
    if selectors.priorities(plan):
        return
    ids = {agency.name: agency.pk for agency in agencies.agencies()}
    made = {item["key"]: _priority(plan, item, ids, by) for item in PRIORITIES}
    _milestones(plan, made, ids, by)
    _money(plan, by)
    _matrix(plan, by)
    _profiles(plan, by)
    services.publish_plan(plan=plan, by=by)


def _priority(plan: "Plan", item: Mapping[str, Any], ids: Mapping[str, int], by: Actor) -> "Priority":
    four = {name: item[name] for name in ("victims", "offenders", "locations", "times")}
    keys = [figure.key for figure in (_figure(item),) if figure is not None]
    priority = services.add_priority(
        plan=plan,
        key=item["key"],
        title=item["title"],
        why=item["why"],
        figure_keys=keys,
        lead_agency_id=ids.get(item["lead"]),
        lead_agency_name=item["lead"],
        **four,
        by=by,
    )
    for wanted in item["objectives"]:
        objective = services.add_objective(
            priority=priority, title=wanted["title"], subject=wanted["subject"], aim=wanted["aim"], by=by
        )
        for target in wanted["targets"]:
            _target(objective, target, by)
    return priority


def _figure(item: Mapping[str, Any]) -> Any:
    """The newest figure of an indicator this priority's targets use, if the demo has it."""
    for objective in item["objectives"]:
        for target in objective["targets"]:
            found = _indicator(target)
            series = indicators.series(found.pk) if found is not None else []
            if series:
                return series[-1]
    return None


def _indicator(target: Mapping[str, Any]) -> Any:
    """The demo's indicator of a target: by key, or by a name that begins alike."""
    wanted = target.get("indicator", target["title"]).casefold()
    every = list(indicators.indicators())
    return next((one for one in every if wanted in (one.key, one.name.casefold())), None) or next(
        (one for one in every if one.name.casefold().startswith(wanted)), None
    )


def _target(objective: "Objective", target: Mapping[str, Any], by: Actor) -> None:
    found = _indicator(target)
    stated: dict[str, Any] = {}
    if "baseline" in target:
        stated = {
            "baseline_value": target["baseline"],
            "baseline_last_on": BASELINE_ON,
            "baseline_words": "year to March 2024",
            "due_on": DUE,
        }
    if found is not None and target.get("from_figures"):
        stated |= _first_year(found)
    services.add_target(
        objective=objective,
        title=target["title"],
        indicator_id=None if found is None else found.pk,
        value=target.get("value"),
        change_percent=target.get("percent"),
        unit=target.get("unit", "count"),
        **stated,
        by=by,
    )


def _first_year(indicator: Any) -> dict[str, Any]:
    """The plan's first year as a baseline: the sum of the quarters or months the demo's files gave."""
    inside = [f for f in indicators.series(indicator.pk) if date(2024, 4, 1) <= f.first_on and f.last_on <= FIRST_END]
    known = [f.value for f in inside if f.value is not None]
    if not known or inside[0].first_on != date(2024, 4, 1) or inside[-1].last_on != FIRST_END:
        return {}
    keys = f"{inside[0].key} to {inside[-1].key}"
    return {
        "baseline_value": sum(known),
        "baseline_last_on": FIRST_END,
        "baseline_words": f"year to March 2025, figures {keys} together",
    }


def _milestones(plan: "Plan", made: Mapping[str, "Priority"], ids: Mapping[str, int], by: Actor) -> None:
    for title, key, agency, due_on, done_on in MILESTONES:
        milestone = services.add_milestone(
            plan=plan,
            title=title,
            due_on=due_on,
            priority=made.get(key or ""),
            agency_id=ids.get(agency),
            agency_name=agency,
            by=by,
        )
        if done_on is not None:
            services.settle_milestone(milestone=milestone, state="done", done_on=done_on, by=by)
    title, key, agency = ONGOING
    services.add_milestone(
        plan=plan,
        title=title,
        ongoing=True,
        due_text="Ongoing",
        priority=made[key],
        agency_name=agency,
        agency_id=ids.get(agency),
        by=by,
    )


def _money(plan: "Plan", by: Actor) -> None:
    funds: list[Fund] = []
    for kind, name, source, conditions, controller, next_controller, changes_on in FUNDS:
        fund = money_services.add_fund(
            plan=plan,
            name=name,
            kind=kind,
            source=source,
            conditions=conditions,
            controller=controller,
            next_controller=next_controller,
            controller_changes_on=changes_on,
            by=by,
        )
        funds.append(fund)
    lines: dict[str, MoneyLine] = {}
    for side, kind, title, fund_at, priority_key, quarters, second, third in LINES:
        line = money_services.add_money_line(
            plan=plan,
            side=side,
            kind=kind,
            title=title,
            fund=None if fund_at is None else funds[fund_at],
            priority_key=priority_key,
            owner_name="Head of finance" if third is None else "",
            by=by,
        )
        lines[title] = line
        for quarter, amount in enumerate(quarters, 1):
            money_services.set_cell(line=line, year=2024, quarter=quarter, amount=amount, by=by)
        money_services.set_cell(line=line, year=2025, amount=second, by=by)
        money_services.set_cell(line=line, year=2026, amount=third, by=by)
    _spend(lines, by)
    money_services.ask_virement(
        source=lines["Safe homes crews"],
        target=lines["Outreach for people abused"],
        year=2026,
        amount=4_000,
        reason="A crew stood down for six weeks; outreach has a waiting list of eleven.",
        by=by,
    )


def _spend(lines: Mapping[str, "MoneyLine"], by: Actor) -> None:
    for title, shares in SPENT.items():
        budget = next(row for row in LINES if row[2] == title)[7]
        for quarter, share in enumerate(shares, 1):
            spent = (Decimal(str(budget)) / 4 * share).quantize(Decimal(1))
            money_services.record_spend(line=lines[title], year=2026, quarter=quarter, spent=spent, by=by)


def _matrix(plan: "Plan", by: Actor) -> None:
    aims = {title: services.add_wider_aim(plan=plan, title=title, body=body, by=by) for title, body in WIDER}
    objectives = {one.title: one for one in selectors.matrix(plan).objectives}
    for objective, aim, way in LINKS:
        services.link_aim(objective=objectives[objective], aim=aims[aim], way=way, by=by)


def _profiles(plan: "Plan", by: Actor) -> None:
    """A profile for every target that can have one."""
    for target in selectors.targets(plan):
        try:
            proposal = selectors.propose_profile(target, plan)
        except CannotCompute:
            continue
        services.set_profile(target=target, values=proposal.values, method=proposal.how, by=by)
