"""The whole thread, read from the rooms it runs through. A fixed number of queries, however much hangs on it."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from frankpledge.foundation.agencies import policy
from frankpledge.oversight.assessment import selectors as assessments
from frankpledge.oversight.assessment.permissions import may_see
from frankpledge.oversight.claims import selectors as claims
from frankpledge.oversight.golden_thread.rules import Box, Stage, Walk, Web, loose, walk
from frankpledge.records.actions import selectors as actions
from frankpledge.records.actions.vocabulary import ActionState
from frankpledge.records.indicators import selectors as indicators
from frankpledge.records.indicators.permissions import Reader
from frankpledge.records.plan import selectors as plan
from frankpledge.records.plan.vocabulary import PlanState
from frankpledge.reports.words import date_words
from frankpledge.vocabulary.permissions import Permission

UNUSED_SHOWN = 20
NOTE_LENGTH = 90


@dataclass(frozen=True, slots=True)
class Thread:
    """The web of one plan, and what hangs on no thread."""

    web: Web
    plan: Any
    elsewhere: frozenset[str]  # keys of priorities of other plans: worked examples, earlier versions
    reader: Reader


def thread(person: Any) -> Thread:
    """Everything that hangs on the plan in force, and everything that hangs on nothing, as this person may see it.

    What is still a draft hangs on the thread of those alone who may write it.
    """
    web, reader, held = Web(), Reader(person), policy.permissions_of(person)
    current = plan.current_plan()
    if current is not None and current.state == PlanState.DRAFT and Permission.EDIT_PLAN not in held:
        current = None
    priorities = plan.priorities(current) if current else []
    served = actions.by_priority()
    titles = plan.priority_titles(served)
    by_number = {one.pk: one for one in indicators.indicators()}
    series = indicators.series_of(list(by_number), reader=reader)
    for indicator in by_number.values():
        _hang_indicator(web, indicator, series.get(indicator.pk, []))
    for priority in priorities:
        _hang_priority(web, priority, by_number)
    ours = {priority.key for priority in priorities}
    for key, found in served.items():
        if not key or key in ours or key not in titles:
            for action in found:
                _hang_action(web, action, f"{Stage.PRIORITY}:{key}" if key in ours else "")
    if current:
        for line in plan.money_lines(current):
            _hang_money(web, line)
    _hang_findings(web, priorities, person, may_write=Permission.WRITE_ASSESSMENT in held)
    _hang_claims(web)
    _hang_figures(web, reader)
    return Thread(web, current, frozenset(titles) - ours, reader)


def walk_from(found: Thread, start: str) -> Walk | None:
    """Both ways from ``kind:key``. A figure that is not on the web yet is hung on it first."""
    stage, _, key = start.partition(":")
    also: list[str] = []
    if stage == Stage.FIGURE:
        figure = indicators.figure(key, reader=found.reader)
        if figure is None:
            return None
        found.web.add(figure_box(figure))
        start = f"{Stage.FIGURE}:{figure.key}"
        if figure.indicator is not None:
            also.append(f"{Stage.INDICATOR}:{figure.indicator.key}")
            found.web.join(start, also[0])
    return walk(found.web, start, *also)


@dataclass(frozen=True, slots=True)
class LooseEnds:
    """What hangs on no thread, each kind with its boxes."""

    priorities_without_action: list[Box]
    actions_without_priority: list[Box]
    spend_without_priority: list[Box]
    targets_without_indicator: list[Box]
    figures_used_nowhere: list[Box]


def loose_ends(found: Thread) -> LooseEnds:
    """Five lists. Figures that are an indicator's own series are used by it; of the others the newest twenty show."""
    web = found.web
    unused = [f for f in indicators.recent_figures(reader=found.reader) if f.indicator_id is None]
    spare = [figure_box(f) for f in unused if f"{Stage.FIGURE}:{f.key}" not in web.boxes]
    return LooseEnds(
        priorities_without_action=loose(web, Stage.PRIORITY, without=(Stage.ACTION,), behind=True),
        actions_without_priority=loose(web, Stage.ACTION, without=(Stage.PRIORITY,), behind=False),
        spend_without_priority=loose(web, Stage.MONEY, without=(Stage.PRIORITY,), behind=False),
        targets_without_indicator=loose(web, Stage.TARGET, without=(Stage.INDICATOR,), behind=True),
        figures_used_nowhere=spare[:UNUSED_SHOWN],
    )


def figure_box(figure: Any) -> Box:
    """A figure on the thread."""
    note = f"{figure.words}, {figure.period_words}"
    return Box(Stage.FIGURE, figure.key, figure.name, note, address("indicators:figure", figure.key))


def address(route: str, *arguments: Any) -> str:
    """The page of a thing; nothing where this installation has none."""
    try:
        return reverse(route, args=arguments)
    except NoReverseMatch:
        return ""


def _hang_indicator(web: Web, indicator: Any, series: list[Any]) -> None:
    note = f"{series[-1].words}, {series[-1].period_words}" if series else ""
    web.add(Box(Stage.INDICATOR, indicator.key, indicator.name, note, address("indicators:card", indicator.key)))


def _hang_priority(web: Web, priority: Any, by_number: dict[int, Any]) -> None:
    url = address("plan:priority", priority.key)
    causes = [f"{Stage.FIGURE}:{key}" for key in priority.figure_keys]
    here = web.add(Box(Stage.PRIORITY, priority.key, priority.title, priority.lead_agency_name, url), *causes)
    for objective in priority.objectives.all():
        aim = web.add(Box(Stage.OBJECTIVE, str(objective.pk), objective.title, "", url), here)
        for target in objective.targets.all():
            if not target.dropped:
                _hang_target(web, target, aim, by_number)


def _hang_target(web: Web, target: Any, aim: str, by_number: dict[int, Any]) -> None:
    due = date_words(target.due_on) if target.due_on else ""
    value = plan.target_words(target).removesuffix(" count").replace(" percent", " %")
    note = " · ".join(part for part in (value, due) if part)
    baseline = f"{Stage.FIGURE}:{target.baseline_figure_key}" if target.baseline_figure_key else ""
    url = address("plan:target", target.pk)
    here = web.add(Box(Stage.TARGET, str(target.pk), target.title, note, url), aim, baseline)
    measured = by_number.get(target.indicator_id or 0)
    if measured is not None:
        web.join(here, f"{Stage.INDICATOR}:{measured.key}")


def _hang_action(web: Web, action: Any, cause: str) -> None:
    if action.state == ActionState.DROPPED:
        return
    note = " · ".join(part for part in (action.state, action.owner_name or action.lead_agency_name) if part)
    web.add(Box(Stage.ACTION, action.reference, action.title, note, address("actions:action", action.reference)), cause)


def _hang_money(web: Web, line: Any) -> None:
    if line.side != "expenditure":
        return
    amounts = [cell.amount for cell in line.cells.all()]
    known = sum(amount for amount in amounts if amount is not None)
    note = f"at least £{known:,.0f}" if None in amounts else f"£{known:,.0f}"
    cause = f"{Stage.PRIORITY}:{line.priority_key}" if line.priority_key else ""
    web.add(Box(Stage.MONEY, str(line.pk), line.title, note, address("plan:money")), cause)


def _hang_findings(web: Web, priorities: list[Any], person: Any, *, may_write: bool) -> None:
    """Sections of the assessment: each rests on its figures, and priorities that cite one of those rest on it.

    A draft's are for those who may write it and see what it is made of; of an approved one others see the headings.
    """
    found = assessments.assessments().first()
    if found is None:
        return
    may_read = may_write and may_see(person, found.made_of)
    if not may_read and assessments.newest_edition(found) is None:
        return
    for section in assessments.sections(found):
        keys = [figure["key"] for figure in section.content.get("figures", ()) if figure.get("key")]
        words = " ".join((section.words or section.drafted).split())
        url = address("assessment:section", found.reference, section.key)
        finding = Box(
            Stage.FINDING,
            f"{found.reference}-{section.key}",
            section.heading,
            words[:NOTE_LENGTH] if may_read else "",
            url,
        )
        here = web.add(finding, *(f"{Stage.FIGURE}:{key}" for key in keys))
        for priority in priorities:
            if set(keys) & set(priority.figure_keys):
                web.join(here, f"{Stage.PRIORITY}:{priority.key}")


def _hang_claims(web: Web) -> None:
    """What is said in public, behind the figures it names."""
    for claim, keys in claims.naming_figures():
        url = address("claims:document", claim.document.key)
        public = Box(
            Stage.CLAIM, f"{claim.document.key}.{claim.key}", claim.content["words"], claim.document.title, url
        )
        web.add(public, *(f"{Stage.FIGURE}:{key}" for key in keys))


def _hang_figures(web: Web, reader: Reader) -> None:
    """The figures that findings, priorities, baselines and claims rest on, read in one query.

    A figure of an indicator's series stands before a claim as that indicator's result does.
    """
    wanted = {cause.partition(":")[2] for cause, _ in web.lines if cause.startswith(f"{Stage.FIGURE}:")}
    public = [(cause, effect) for cause, effect in web.lines if effect.startswith(f"{Stage.CLAIM}:")]
    for figure in indicators.figures(wanted, reader=reader).values():
        here = web.add(figure_box(figure))
        if figure.indicator is not None:
            measured = f"{Stage.INDICATOR}:{figure.indicator.key}"
            for cause, effect in public:
                if cause == here:
                    web.join(measured, effect)
