"""A worked example comes into the running installation: plan, money, indicators, figures, actions and its ledger.

Everything is marked as an example and nothing of the partnership's own is touched. Loading again finds what is there
and only says again what the checker finds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from frankpledge.analysis.claims.across import due_date
from frankpledge.analysis.claims.claims import Verdict
from frankpledge.analysis.claims.reading import span
from frankpledge.oversight.claims import selectors as ledgers
from frankpledge.oversight.claims import services as ledger_services
from frankpledge.records.actions import selectors as actions
from frankpledge.records.actions import services as action_services
from frankpledge.records.indicators import selectors as indicators
from frankpledge.records.indicators import services as indicator_services
from frankpledge.records.plan import money_services, services
from frankpledge.sources import examples
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import RuleBroken

ORIGIN = "plan"
YEAR = 12  # months
_WANTS = {"more": "more", "less": "fewer"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: ``already`` when all was there, ``refused`` in the words of whoever refused it."""

    title: str
    already: bool
    counts: Mapping[str, int]
    refused: tuple[str, ...]
    found: tuple[str, ...]
    verdicts: Mapping[str, int]


def load(name: str, *, by: Actor) -> Loaded:
    """Load the example of that name, whole or not at all. Raises RuleBroken for a name that is not shipped."""
    given = examples.read(name)
    with transaction.atomic():
        already = ledgers.find(given["key"]) is not None
        refused: list[str] = []
        counts: dict[str, int] = {}
        if not already:
            document = f"{given['title']} ({given['edition']})"
            keys = _indicators(given, document, by)
            counts = {
                "indicators": len(keys),
                **_plan(given, document, keys, refused, by),
                "actions": _actions(given, by),
            }
        ledger = ledgers.ledger(ledger_services.load_document(given, is_example=True, by=by))
    check = ledger.check
    counts["claims"] = len(check.checked)
    conflicts = [f"{one.claim.key}, “{one.claim.words}”: {one.why}" for one in check.of(Verdict.CONFLICT)]
    between = [f"{finding.kind}: {finding.sentence}" for finding in check.findings]
    verdicts = {verdict.value: len(check.of(verdict)) for verdict in Verdict}
    return Loaded(given["title"], already, counts, tuple(refused), (*conflicts, *between), verdicts)


def _indicators(given: Mapping[str, Any], document: str, by: Actor) -> dict[str, tuple[int, str]]:
    """Each indicator's id and the key of its first figure, its baseline."""
    made: dict[str, tuple[int, str]] = {}
    for item in given["indicators"]:
        key = f"{given['key']}-{item['key']}"
        held = indicators.indicator_by_key(key) or indicator_services.add_indicator(
            key=key,
            name=item["name"],
            definition=f"{item['definition']} Worked example: {document}.",
            unit=item["unit"],
            polarity=item["polarity"],
            aggregation=item["aggregation"],
            period="year",
            denominator=item.get("denominator", ""),
            denominator_edition=item.get("denominator_edition", ""),
            area_name=given["area"],
            source=item.get("source", document),
            weaknesses=item.get("weaknesses", ""),
            by=by,
        )
        figures = [_figure(given, document, item, figure, held.pk, by) for figure in item["figures"]]
        made[item["key"]] = (held.pk, figures[0].key)
    return made


def _figure(
    given: Mapping[str, Any],
    document: str,
    item: Mapping[str, Any],
    figure: Mapping[str, Any],
    indicator: int,
    by: Actor,
) -> Any:
    period = span(figure["period"])
    if period is None:
        raise RuleBroken(f"{item['name']}: a figure of the example has no period.")
    return indicator_services.save_figure(
        name=item["name"],
        area_code="",
        area_name=given["area"],
        first_on=period.first.first_day,
        last_on=date.fromordinal((period.last + 1).first_day.toordinal() - 1),
        value=Decimal(str(figure["value"])),
        unit=item["unit"],
        method="Stated in the document; worked example.",
        document=document,
        page=figure.get("page", ""),
        # An indicator holds whole years; a figure of another length stands by itself.
        indicator_id=indicator if len(period) == YEAR else None,
        by=by,
    )


def _plan(
    given: Mapping[str, Any], document: str, keys: Mapping[str, tuple[int, str]], refused: list[str], by: Actor
) -> dict[str, int]:
    plan = services.add_plan(
        title=given["title"],
        first_year=given["first_year"],
        years=given["years"],
        area_name=given["area"],
        aim=given["aim"],
        label=given["edition"],
        series=given["key"],
        is_example=True,
        document=document,
        by=by,
    )
    targets = {target["key"]: target for target in given["targets"]}
    kept = 0
    for item in given["priorities"]:
        priority = services.add_priority(
            plan=plan, key=item["key"], title=item["title"], why=item["why"], lead_agency_name=item["lead"], by=by
        )
        for target in (targets[key] for key in item["targets"]):
            kept += _target(priority, target, keys, refused, by)
    for item in given["milestones"]:
        ongoing = "ongoing" in item["due"].lower()
        services.add_milestone(
            plan=plan,
            title=item["title"],
            key_action=item.get("key_action", ""),
            due_on=due_date(item["due"]),
            due_text=item["due"],
            ongoing=ongoing,
            by=by,
        )
    for table in given.get("money", ()):
        _money(plan, table, by)
    return {
        "priorities": len(given["priorities"]),
        "targets": kept,
        "milestones": len(given["milestones"]),
        "money tables": len(given.get("money", ())),
    }


def _target(
    priority: Any, item: Mapping[str, Any], keys: Mapping[str, tuple[int, str]], refused: list[str], by: Actor
) -> int:
    """One objective with its target. A target the plan refuses stays as an objective, and the refusal is said."""
    objective = services.add_objective(
        priority=priority,
        title=item["words"],
        subject=item.get("subject", "")[:60],
        aim=_WANTS.get(item["wants"], "neither"),
        by=by,
    )
    indicator, _ = keys.get(item.get("indicator", ""), (None, ""))
    due, ends = item.get("due"), item.get("baseline_on")
    if item.get("change") is not None and item.get("baseline") and item.get("baseline_value") is None:
        refused.append(f"“{item['words']}” is kept as an aim: its baseline, {item['baseline']}, has no printed value.")
        return 0
    try:
        with transaction.atomic():
            target = services.add_target(
                objective=objective,
                title=item["words"],
                indicator_id=indicator,
                change_percent=item.get("change"),
                value=item.get("value"),
                due_on=date.fromisoformat(due) if due else None,
                baseline_value=item.get("baseline_value"),
                baseline_last_on=date.fromisoformat(ends) if ends else None,
                baseline_words=item.get("baseline", ""),
                by=by,
            )
            if "profile" in item:
                values = {
                    int(year): {int(quarter): Decimal(str(value)) for quarter, value in quarters.items()}
                    for year, quarters in item["profile"].items()
                }
                services.set_profile(target=target, values=values, method="As printed in the plan.", by=by)
    except RuleBroken as problem:
        refused.append(f"“{item['words']}”: {problem.sentence}")
        return 0
    return 1


def _money(plan: Any, table: Mapping[str, Any], by: Actor) -> None:
    """Rows with their cells: quarters of the first year, then whole years. None is to be confirmed, nought is blank."""
    kind = "capital"
    for row in table["rows"]:
        if row.get("total_of"):
            kind = "revenue"
            continue
        fund = None
        if table["key"] == "funding":
            fund = money_services.add_fund(plan=plan, name=row["name"], kind=kind, by=by)
        line = money_services.add_money_line(
            plan=plan,
            side=table["key"],
            kind=kind,
            title=row["name"],
            fund=fund,
            priority_key="burglary" if table["key"] == "expenditure" else "",
            stated_total=row["cells"][-1],
            by=by,
        )
        year = plan.first_year
        places = [(year, 1), (year, 2), (year, 3), (year, 4), None, (year + 1, 0), (year + 2, 0), None]
        for place, amount in zip(places, row["cells"], strict=True):
            if place is not None and amount != 0:
                money_services.set_cell(line=line, year=place[0], quarter=place[1], amount=amount, by=by)


def _actions(given: Mapping[str, Any], by: Actor) -> int:
    """Every row as printed, duplicates too: nothing is lost, and the checker names them."""
    origin_key = f"example:{given['key']}"
    if actions.actions(origin=ORIGIN, origin_key=origin_key).exists():
        return 0
    first = given["priorities"][0]["key"]
    for item in given["actions"]:
        try:
            due = (
                None if any(len(word) > 4 for word in item["due"].split() if word.isdigit()) else due_date(item["due"])
            )
        except ValueError:
            due = None
        action_services.add_action(
            title=item["title"],
            output=item.get("output", ""),
            lead_agency_name=item["lead"],
            funder=item.get("funder", ""),
            due_on=due,
            due_text=item["due"],
            not_before=date.fromisoformat(given["starts"]),
            origin=ORIGIN,
            origin_key=origin_key,
            priority_key=first,
            by=by,
        )
    return len(given["actions"])
