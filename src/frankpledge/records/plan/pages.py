"""What the pages of the plan say: findings as sentences, numbers as people read them. No decisions and no writes."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.records.indicators import selectors as indicators
from frankpledge.records.indicators.permissions import Reader
from frankpledge.records.plan import money_pages, rules, selectors
from frankpledge.records.plan.models import Milestone, Objective, Plan, Priority, Review, StatedSum, Target
from frankpledge.records.plan.permissions import abilities
from frankpledge.records.plan.vocabulary import (
    QUARTERS,
    Aim,
    LinkWay,
    MilestoneStanding,
    PlanState,
    ReviewOutcome,
    TargetSense,
)
from frankpledge.reports.plan_charts import ProfilePoint, profile_chart
from frankpledge.ui.wording import spelled
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.units import Unit, amount_words
from frankpledge.vocabulary.wording import said

FIGURES_OFFERED = 200
BESIDE = 8  # milestones beside the priorities

_STANDINGS = {
    MilestoneStanding.DONE: "good",
    MilestoneStanding.LATE: "bad",
    MilestoneStanding.DUE: "warning",
    MilestoneStanding.LATER: "plain",
    MilestoneStanding.ONGOING: "busy",
    MilestoneStanding.DROPPED: "unknown",
    MilestoneStanding.UNDATED: "unknown",
}


# As a meeting wants to hear them.
_IN_ORDER = (
    MilestoneStanding.LATE,
    MilestoneStanding.DUE,
    MilestoneStanding.LATER,
    MilestoneStanding.ONGOING,
    MilestoneStanding.UNDATED,
    MilestoneStanding.DONE,
    MilestoneStanding.DROPPED,
)


def _standing_word(standing: MilestoneStanding) -> str:
    words = {
        MilestoneStanding.DONE: gettext("done"),
        MilestoneStanding.LATE: gettext("late"),
        MilestoneStanding.DUE: gettext("due"),
        MilestoneStanding.LATER: gettext("later"),
        MilestoneStanding.ONGOING: gettext("ongoing"),
        MilestoneStanding.DROPPED: gettext("dropped"),
        MilestoneStanding.UNDATED: gettext("no date"),
    }
    return words[standing]


def years_words(of: Plan) -> str:
    """``2024/25 to 2026/27``."""
    first, last = rules.year_label(of.year_numbers[0]), rules.year_label(of.year_numbers[-1])
    return first if first == last else gettext("%(first)s to %(last)s") % {"first": first, "last": last}


# --- the plan at a glance


def plan_page(of: Plan | None, person: Any) -> dict[str, Any]:
    """Everything on the landing page. A fixed number of queries."""
    every = list(selectors.plans())
    page: dict[str, Any] = {**abilities(person), "examples": [one for one in every if one.is_example]}
    if of is None:
        return page | {"plan": None}
    today = timezone.localdate()
    found = selectors.priorities(of)
    held = [_milestone(one, today) for one in selectors.milestones(of)]
    lines = selectors.money_lines(of)
    tables = selectors.tables_from(selectors.money_from(of, lines, list(StatedSum.objects.filter(plan=of))))
    spent = selectors.spend_to_date(of)
    latest = _latest(found, Reader(person))
    return page | {
        "plan": of,
        "years": years_words(of),
        "lead": _lead(found, held),
        "priorities": [_priority_row(one, latest) for one in found],
        "milestones": _next_milestones(held),
        "milestones_finding": _milestones_finding(held),
        "money": _money_line(tables, bool(lines)),
        "spend": money_pages.spend_words(spent.whole, spent.year) if spent else "",
        "missing": _missing(found, tables, len([m for m in held if m["standing"] is MilestoneStanding.UNDATED])),
        "conflicts": selectors.polarity_conflicts(found),
        "others": [one for one in every if one.pk != of.pk and one.series == of.series],
        "examples": [one for one in page["examples"] if one.pk != of.pk],
        "may_write": page["may_edit"] and of.state != PlanState.SUPERSEDED,
        "may_publish": page["may_edit"] and of.state == PlanState.DRAFT and bool(found),
    }


def _lead(found: Sequence[Priority], held: Sequence[dict[str, Any]]) -> str:
    targets = [t for one in found for t in _targets(one)]
    numbers = sum(1 for t in targets if t.has_number)
    first = ngettext("%(count)s priority", "%(count)s priorities", len(found)) % {"count": spelled(len(found))}
    second = ngettext("%(count)s target", "%(count)s targets", len(targets)) % {"count": spelled(len(targets))}
    words = gettext("%(priorities)s, %(targets)s of which %(numbers)s say how much.") % {
        "priorities": first.capitalize(),
        "targets": second,
        "numbers": spelled(numbers) if numbers != len(targets) or not targets else gettext("all"),
    }
    late = sum(1 for m in held if m["standing"] is MilestoneStanding.LATE)
    if late:
        words += " " + ngettext("%(count)s milestone is late.", "%(count)s milestones are late.", late) % {
            "count": spelled(late).capitalize()
        }
    elif held:
        words += " " + gettext("No milestone is late.")
    return words


def _targets(one: Priority) -> list[Target]:
    return [t for objective in one.objectives.all() for t in objective.targets.all() if not t.dropped]


def _latest(found: Sequence[Priority], reader: Reader) -> dict[int, Any]:
    """The newest figure of each indicator the plan's targets use, by indicator. One query."""
    keys = {t.indicator_id for one in found for t in _targets(one) if t.indicator_id}
    return {key: series[-1] for key, series in indicators.series_of(sorted(keys), reader=reader).items() if series}


def _priority_row(one: Priority, latest: dict[int, Any]) -> dict[str, Any]:
    return {
        "priority": one,
        "targets": [_target_row(t, latest) for t in _targets(one)],
        "objectives": list(one.objectives.all()),
    }


def _target_row(one: Target, latest: dict[int, Any]) -> dict[str, Any]:
    figure = latest.get(one.indicator_id or 0)
    return {
        "target": one,
        "words": sense_words(one),
        "baseline": _baseline_words(one),
        "latest": _latest_words(figure),
        "latest_period": "" if figure is None else figure.short_period,
    }


def _latest_words(figure: Any) -> str:
    """The newest figure as printed; nothing where it is to be confirmed, whom to ask where it may not be seen."""
    if figure is None or (figure.value is None and not figure.is_hidden):
        return ""
    return str(figure.words) if figure.is_hidden else amount_words(figure.value, figure.unit)


def _tidy(value: Decimal) -> Decimal:
    return round(value, 1) if value != value.to_integral_value() else value


def sense_words(one: Target) -> str:
    """``at most 560 by March 2027``; says plainly where there is no number."""
    if one.value is None:
        return gettext("no number set")
    number = f"{selectors.plain(_tidy(one.value))}{_unit(one.unit)}"
    words = gettext("at most %(number)s") if one.sense == TargetSense.AT_MOST else gettext("at least %(number)s")
    said = words % {"number": number}
    return (
        said if one.due_on is None else gettext("%(target)s by %(date)s") % {"target": said, "date": _month(one.due_on)}
    )


def _unit(unit: str) -> str:
    if unit in ("", Unit.COUNT):
        return ""
    return "\u00a0%" if unit == Unit.PERCENT else f" {gettext(unit)}"


def _month(day: date) -> str:
    return date_format(day, "F Y")


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _baseline_words(one: Target) -> str:
    if one.baseline_value is None:
        return gettext("no baseline")
    start = gettext("from %(number)s") % {"number": f"{selectors.plain(_tidy(one.baseline_value))}{_unit(one.unit)}"}
    if one.baseline_last_on is not None:
        start += " " + gettext("in the period to %(date)s") % {"date": _month(one.baseline_last_on)}
    return f"{start}{_change_words(one)}"


def _change_words(one: Target) -> str:
    """How far the target lies from its baseline: in points for what is a percentage, in per cent for all else."""
    if one.value is None or one.baseline_value is None:
        return ""
    in_points = one.unit == Unit.PERCENT
    gap = one.value - one.baseline_value
    change = gap if in_points else rules.required_change_percent(one.value, one.baseline_value)
    if change is None:
        return ""
    sign = "+" if change > 0 else "−" if change < 0 else ""
    number = f"{sign}{selectors.plain(abs(_tidy(change)))}"
    return ", " + (gettext("%(number)s points") % {"number": number} if in_points else f"{number}\u00a0%")


def _money_line(tables: selectors.MoneyTables, has_lines: bool) -> dict[str, Any] | None:
    if not has_lines:
        return None
    return {
        "funding": money_pages.amount_words(tables.funding),
        "expenditure": money_pages.amount_words(tables.expenditure),
        "unknown": tables.unknown_count,
        "foots": tables.foots,
    }


def _missing(found: Sequence[Priority], tables: selectors.MoneyTables, undated: int) -> list[str]:
    """What the plan still lacks, one sentence each."""
    lacking = (
        (gettext("No target says how much: %(titles)s."), selectors.without_number(found)),
        (gettext("No reason is given: %(titles)s."), [one for one in found if not one.why.strip()]),
        (gettext("Rests on no figure: %(titles)s."), [one for one in found if not one.figure_keys]),
        (gettext("No lead agency: %(titles)s."), [one for one in found if not one.lead_agency_name]),
    )
    sentences = [
        words % {"titles": said([f"“{one.title}”" for one in which], gettext)} for words, which in lacking if which
    ]
    unprofiled = [t.title for one in found for t in _targets(one) if t.has_number and not t.due_on]
    sentences += [gettext("“%(title)s” has a number but no date.") % {"title": title} for title in unprofiled]
    if undated:
        sentences.append(
            ngettext("%(count)s milestone has no date.", "%(count)s milestones have no date.", undated)
            % {"count": spelled(undated).capitalize()}
        )
    if tables.unknown_count:
        words = ngettext(
            "%(count)s amount of money is still to be confirmed.",
            "%(count)s amounts of money are still to be confirmed.",
            tables.unknown_count,
        )
        sentences.append(words % {"count": spelled(tables.unknown_count).capitalize()})
    return sentences


# --- one priority


def priority_page(one: Priority, person: Any) -> dict[str, Any]:
    """A priority: why, what it wants, its targets, milestones and money. A fixed number of queries."""
    found = next(p for p in selectors.priorities(one.plan) if p.pk == one.pk)
    today = timezone.localdate()
    can = abilities(person)
    reader = Reader(person)
    figures = indicators.figures(found.figure_keys, reader=reader)
    lines = [line for line in selectors.money_lines(one.plan) if line.priority_key == one.key]
    latest = _latest([found], reader)
    return {
        "plan": one.plan,
        "priority": found,
        "figures": [{"key": key, "figure": figures.get(key)} for key in found.figure_keys],
        "four": [
            (gettext("Victims"), found.victims),
            (gettext("Offenders"), found.offenders),
            (gettext("Location"), found.locations),
            (gettext("Time"), found.times),
        ],
        "objectives": [_objective(o, latest) for o in found.objectives.all()],
        "milestones": [_milestone(m, today) for m in selectors.milestones(one.plan, priority_key=one.key)],
        "money": [(line, money_pages.all_years_words(line)) for line in lines],
        "lead": _priority_lead(found),
        "may_write": can["may_edit"] and one.plan.state != PlanState.SUPERSEDED,
        **can,
    }


def _priority_lead(one: Priority) -> str:
    targets = _targets(one)
    numbers = [t for t in targets if t.has_number]
    if numbers:
        return gettext("%(target)s: %(words)s.") % {"target": numbers[0].title, "words": sense_words(numbers[0])}
    if targets:
        return gettext("Its targets say which way, but none says how much.")
    return gettext("No target is set yet.")


def _objective(one: Objective, latest: dict[int, Any]) -> dict[str, Any]:
    aims = {Aim.MORE.value: gettext("more"), Aim.FEWER.value: gettext("fewer")}
    targets = [_target_row(t, latest) for t in one.targets.all() if not t.dropped]
    return {"objective": one, "aim": aims.get(one.aim, ""), "targets": targets}


# --- one target: its baseline, its profile, its reviews


def target_page(one: Target, person: Any) -> dict[str, Any]:
    """A target with its profile as count and rate, a chart, and its reviews. A fixed number of queries."""
    plan = one.objective.priority.plan
    can = abilities(person)
    values = selectors.profile_of(one)
    figures = indicators.series(one.indicator_id, reader=Reader(person)) if one.indicator_id else []
    actual = {at: f.value for f in figures if f.value is not None and (at := _period_of(f)) is not None}
    if one.unit == Unit.COUNT:
        actual = _with_years(actual)
    rows = [
        _profile_row(one, year, quarter, value, actual)
        for year, by_quarter in sorted(values.items())
        for quarter, value in sorted(by_quarter.items(), key=lambda item: item[0] or 9)
    ]
    return {
        "plan": plan,
        "target": one,
        "lead": _target_lead(one),
        "baseline": _baseline_words(one),
        "rows": rows,
        "heading": _profile_heading(one),
        "has_rate": any(row["rate"] != "–" for row in rows),
        "chart": _profile_chart(one, rows),
        "reviews": [_review(review) for review in one.reviews.all()],
        "may_write": can["may_edit"] and plan.state != PlanState.SUPERSEDED,
        "why_none": _why_no_proposal(one),
        **can,
    }


def _with_years(actual: dict[tuple[int, int], Decimal]) -> dict[tuple[int, int], Decimal]:
    """The same with the sum of every year of which all four quarters came in."""
    sums = {
        (year, 0): sum((actual[year, quarter] for quarter in QUARTERS), Decimal(0))
        for year in {year for year, _ in actual}
        if all((year, quarter) in actual for quarter in QUARTERS)
    }
    return sums | actual


def _period_of(figure: Any) -> tuple[int, int] | None:
    """The financial year and quarter (0: the year) a figure covers, or None for another period."""
    days = (figure.last_on - figure.first_on).days
    year = rules.financial_year(figure.last_on)
    if 80 <= days <= 95:
        return year, rules.quarter_of(figure.last_on)
    return (year, 0) if 360 <= days <= 367 and figure.last_on.month == 3 else None


def _target_lead(one: Target) -> str:
    if one.value is None:
        return gettext("This target says which way, not how much, so nobody can say whether it was met.")
    return gettext("%(words)s, %(baseline)s.") % {
        "words": sense_words(one)[:1].upper() + sense_words(one)[1:],
        "baseline": _baseline_words(one),
    }


def _why_no_proposal(one: Target) -> str:
    if one.value is None or one.due_on is None:
        return gettext("A profile needs a number and a date first.")
    if one.baseline_value is None or one.baseline_last_on is None:
        return gettext("A profile starts at a baseline: name its figure first.")
    return ""


def _profile_heading(one: Target) -> str:
    if one.is_rate or one.unit in ("", Unit.COUNT):
        return gettext("Profile, count")
    return gettext("Profile, %(unit)s") % {"unit": gettext(one.unit)}


def _profile_row(
    one: Target, year: int, quarter: int, value: Decimal, actual: dict[tuple[int, int], Decimal]
) -> dict[str, Any]:
    counted = one.is_rate or one.unit in ("", Unit.COUNT)  # a percentage has no rate beside it
    denominator = one.denominator if counted else None
    count, rate = rules.count_and_rate(value, is_rate=one.is_rate, denominator=denominator)
    came = actual.get((year, quarter))
    return {
        "words": money_pages.period_words(year, quarter),
        "is_year": quarter == 0,
        "value": value,
        "count": "–" if count is None else selectors.plain(_tidy(count)),
        "rate": "–" if rate is None else f"{rate:.2f}",
        "actual": "" if came is None else selectors.plain(_tidy(came)),
        "came": came,
        "short": f"{rules.quarter_months(year, quarter or 1)[0].short_label}",
    }


def _profile_chart(one: Target, rows: Sequence[dict[str, Any]]) -> dict[str, str] | None:
    points = [
        ProfilePoint(row["short"], float(row["value"]), None if row["came"] is None else float(row["came"]))
        for row in rows
        if not row["is_year"]
    ]
    if len(points) < 2:
        return None
    so_far = [point for point in points if point.actual is not None]
    if so_far:
        within = sum(_is_met(one, point) for point in so_far)
        title = ngettext(
            "%(within)s of %(count)s quarter so far met its profile",
            "%(within)s of %(count)s quarters so far met their profile",
            len(so_far),
        ) % {"within": spelled(within).capitalize(), "count": spelled(len(so_far))}
    else:
        title = gettext("The way to the target, quarter by quarter")
    note = gettext("Dark lines: the profile. Columns: what came in. One quarter alone says little.")
    return {"svg": profile_chart(points, prefix="profile", title=title, description=note), "title": title, "note": note}


def _is_met(one: Target, point: ProfilePoint) -> bool:
    assert point.actual is not None
    return point.actual <= point.profile if one.sense == TargetSense.AT_MOST else point.actual >= point.profile


def profile_quarters(one: Target) -> list[tuple[int, int, str]]:
    """The quarters the form of a profile asks for."""
    plan = one.objective.priority.plan
    return [(year, q, money_pages.period_words(year, q)) for year in plan.year_numbers for q in QUARTERS]


def proposed(one: Target) -> tuple[dict[str, Any], str]:
    """What the form of a profile holds at first: what is set, else what history and season propose; and a sentence."""
    held = selectors.profile_of(one)
    if held:
        words = gettext("Every quarter in the target’s own unit.")
        return {**_as_fields(held), "method": one.profile_method}, words
    try:
        proposal = selectors.propose_profile(one, one.objective.priority.plan)
    except CannotCompute as refused:
        return {}, refused.sentence
    values = {year: dict(quarters) for year, quarters in proposal.values.items()}
    return {**_as_fields(values), "method": proposal.how}, gettext(
        "Proposed from history. Change what you know better."
    )


def _as_fields(values: dict[int, dict[int, Decimal]]) -> dict[str, Any]:
    fields = {
        f"q{year}_{quarter}": f"{value.normalize():f}"
        for year, quarters in values.items()
        for quarter, value in quarters.items()
        if quarter
    }
    return {**fields, "adds_up": any(0 in quarters for quarters in values.values())}


def _review(review: Review) -> dict[str, Any]:
    words = {
        ReviewOutcome.KEEP.value: ("plain", gettext("kept")),
        ReviewOutcome.CHANGE.value: ("warning", gettext("changed")),
        ReviewOutcome.DROP.value: ("unknown", gettext("dropped")),
    }
    kind, word = words[review.outcome]
    before = "–" if review.value_before is None else selectors.plain(_tidy(review.value_before))
    after = "–" if review.value_after is None else selectors.plain(_tidy(review.value_after))
    return {"review": review, "kind": kind, "word": word, "before": before, "after": after, "moved": before != after}


# --- milestones, matrix, versions, reviews


def _milestone(one: Milestone, today: date) -> dict[str, Any]:
    standing = rules.standing(one.state, one.due_on, ongoing=one.ongoing, today=today)
    when = one.due_text or ("" if one.due_on is None else _day(one.due_on))
    if one.done_on is not None:
        when = gettext("done on %(day)s") % {"day": _day(one.done_on)}
    return {
        "milestone": one,
        "standing": standing,
        "kind": _STANDINGS[standing],
        "word": _standing_word(standing),
        "when": when,
    }


def _next_milestones(held: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    wanted = [m for standing in _IN_ORDER[:4] for m in held if m["standing"] is standing]
    return wanted[:BESIDE]


def _milestones_finding(held: Sequence[dict[str, Any]]) -> str:
    counts = Counter(m["standing"] for m in held)
    if counts[MilestoneStanding.LATE]:
        late = counts[MilestoneStanding.LATE]
        return ngettext("%(count)s milestone is late", "%(count)s milestones are late", late) % {
            "count": spelled(late).capitalize()
        }
    if counts[MilestoneStanding.DUE]:
        due = counts[MilestoneStanding.DUE]
        return ngettext("%(count)s milestone is due soon", "%(count)s milestones are due soon", due) % {
            "count": spelled(due).capitalize()
        }
    return gettext("No milestone is late") if held else gettext("Milestones")


def milestones_page(of: Plan, person: Any) -> dict[str, Any]:
    """All milestones: the late ones first."""
    today = timezone.localdate()
    held = [_milestone(one, today) for one in selectors.milestones(of)]
    groups = [(standing, [m for m in held if m["standing"] is standing]) for standing in _IN_ORDER]
    done = sum(1 for m in held if m["standing"] is MilestoneStanding.DONE)
    can = abilities(person)
    return {
        "plan": of,
        "lead": gettext("%(done)s of %(all)s are done. %(finding)s.")
        % {"done": done, "all": len(held), "finding": _milestones_finding(held)},
        "groups": [(_standing_word(standing).capitalize(), found) for standing, found in groups if found],
        "may_write": can["may_edit"] and of.state != PlanState.SUPERSEDED,
    }


def milestone_page(one: Milestone, person: Any) -> dict[str, Any]:
    """One milestone."""
    can = abilities(person)
    return {"plan": one.plan, **_milestone(one, timezone.localdate()), "may_write": can["may_edit"]}


def matrix_page(of: Plan, person: Any) -> dict[str, Any]:
    """Objectives by wider aims."""
    found = selectors.matrix(of)
    shown = {LinkWay.WE_HELP.value: "→", LinkWay.THEY_HELP.value: "←", LinkWay.BOTH.value: "↔"}
    words = {
        LinkWay.WE_HELP.value: gettext("our objective helps their aim"),
        LinkWay.THEY_HELP.value: gettext("their aim helps our objective"),
        LinkWay.BOTH.value: gettext("both ways"),
    }
    rows = []
    for objective in found.objectives:
        cells = []
        for aim in found.aims:
            link = found.links.get((objective.pk, aim.pk))
            cells.append(
                None if link is None else {"sign": shown[link.way], "words": words[link.way], "note": link.note}
            )
        rows.append({"objective": objective, "cells": cells, "alone": not any(cells)})
    alone = sum(1 for row in rows if row["alone"])
    lead = gettext("%(links)s links between %(objectives)s objectives and %(aims)s aims of others.") % {
        "links": len(found.links),
        "objectives": len(rows),
        "aims": len(found.aims),
    }
    if alone and found.aims:
        lead += " " + ngettext(
            "%(count)s objective helps no wider aim.", "%(count)s objectives help no wider aim.", alone
        ) % {"count": spelled(alone).capitalize()}
    can = abilities(person)
    may = can["may_edit"] and of.state != PlanState.SUPERSEDED
    return {"plan": of, "aims": found.aims, "rows": rows, "lead": lead, "may_write": may}


def versions_page(of: Plan, person: Any, *, before: str | None, after: str | None) -> dict[str, Any]:
    """Versions of a plan, and what differs between two of them."""
    every = list(selectors.versions(of))
    by_key = {str(one.pk): one for one in every}
    new = by_key.get(after or "", every[0])
    old = by_key.get(before or "") or next((one for one in every if one.version < new.version), None)
    found = selectors.compare(old, new) if old is not None and old.pk != new.pk else []
    can = abilities(person)
    if old is None:
        lead = gettext("There is one version so far. The yearly refresh makes the next.")
    else:
        lead = ngettext("%(count)s thing differs.", "%(count)s things differ.", len(found)) % {"count": len(found)}
    drafts = any(one.state == PlanState.DRAFT for one in every)
    return {
        "plan": of,
        "versions": every,
        "old": old,
        "new": new,
        "differences": found,
        "lead": lead,
        "may_refresh": can["may_edit"] and not drafts,
        "may_publish": can["may_edit"] and new.state == PlanState.DRAFT,
    }


def reviews_page(of: Plan, person: Any) -> dict[str, Any]:
    """The yearly review of targets: what was decided and what waits."""
    found = selectors.reviews(of)
    reviewed = {review.target_id for review in found}
    waiting = [one for one in selectors.targets(of) if one.pk not in reviewed]
    return {
        "plan": of,
        "reviews": [_review(review) for review in found],
        "waiting": [{"target": one, "words": sense_words(one)} for one in waiting],
        **abilities(person),
    }


def summary_page(of: Plan) -> dict[str, Any]:
    """The public summary: what, why, how much by when, who leads, the money in one line."""
    found = selectors.priorities(of)
    latest: dict[int, Any] = {}
    partnership = agencies.partnership()
    return {
        "plan": of,
        "years": years_words(of),
        "partnership": partnership.name if partnership else "",
        "priorities": [_priority_row(one, latest) for one in found],
        "milestones": [
            m for m in (_milestone(one, timezone.localdate()) for one in selectors.milestones(of)) if m["when"]
        ],
        "money": _money_line(selectors.money_tables(of), bool(selectors.money_lines(of))),
        "reviews": [_review(review) for review in selectors.reviews(of)],
    }


def agency_choices() -> list[tuple[str, str]]:
    """Agencies a form offers."""
    return [(str(one.pk), one.name) for one in agencies.agencies()]


def indicator_choices() -> list[tuple[str, str]]:
    """Indicators a form offers."""
    return [(str(one.pk), one.name) for one in indicators.indicators()]


def figure_choices(one: Target | None = None) -> list[tuple[str, str]]:
    """Figures a form offers as a baseline, the newest first, each with its value; the one held among them.

    Only such as everybody who reads the plan may see: a target shows its baseline.
    """
    everybody = Reader()
    offered = indicators.recent_figures(FIGURES_OFFERED, reader=everybody)
    found = {f.key: f.words for f in offered if f.value is not None}
    if one is not None and one.baseline_figure_key and one.baseline_figure_key not in found:
        held = indicators.figure(one.baseline_figure_key, reader=everybody)
        found[one.baseline_figure_key] = held.words if held is not None else ""
    return [(key, f"{key} · {words}") for key, words in found.items()]
