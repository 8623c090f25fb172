"""What the pages of performance say."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from frankpledge.analysis import status
from frankpledge.analysis.funnel import Standing as AreaStanding
from frankpledge.analysis.rates import Verdict, exact_limits, wilson_limits
from frankpledge.analysis.status import Standing
from frankpledge.analysis.targets import SURE, TOO_FEW, UNLIKELY, Polarity, Status
from frankpledge.oversight.performance import permissions, selectors
from frankpledge.oversight.performance.models import Pack
from frankpledge.oversight.performance.rules import FinancialQuarter
from frankpledge.oversight.performance.selectors import Comparison, Line, MilestoneLine, Report
from frankpledge.records.plan import selectors as plans
from frankpledge.records.plan.vocabulary import MilestoneStanding
from frankpledge.reports.indicator_charts import chance_dots, profile_bar, quarters_chart, spark, year_chart
from frankpledge.reports.words import date_words
from frankpledge.ui.wording import spelled
from frankpledge.vocabulary.figures import Aggregation
from frankpledge.vocabulary.units import Unit
from frankpledge.vocabulary.wording import Phrase, decimal, said, whole

# status -> kind of the status component
KINDS = {
    Status.MET: "met",
    Status.ON_COURSE: "on-course",
    Status.AT_RISK: "bad",
    Status.MISSED: "late",
    Status.NO_CLEAR_CHANGE: "same",
    Status.TOO_FEW: "few",
    Status.NO_TARGET: "none",
}
MILESTONE_KINDS = {MilestoneStanding.LATE: "late", MilestoneStanding.DUE: "warning", MilestoneStanding.DONE: "good"}
MILESTONES_SHOWN = 6
NAMED = 3


def quarter_page(found: Report, person: Any) -> dict[str, Any]:
    """The quarter whole: exceptions first."""
    exceptions, others = found.exceptions, found.others
    return {
        **permissions.abilities(person),
        "quarter": found.quarter,
        "title": said(Phrase("Performance, quarter {quarter}", quarter=str(found.quarter.quarter)), gettext),
        "here": said(found.quarter.words, gettext),
        "subtitle": said(found.quarter.months_words, gettext),
        "sentence": finding(found),
        "counts": quarter_counts(found),
        "exceptions": [line_words(line, found.quarter, f"e{i}") for i, line in enumerate(exceptions)],
        "others": [line_words(line, found.quarter, f"o{i}") for i, line in enumerate(others)],
        "others_title": _others_title(len(others), bool(exceptions)),
        "milestones": _milestones(found),
        "money": _money(found),
        "asked": found.asked,
        "moves": found.moves_asked,
        "actions": _actions(found),
        "data": _data(found),
        "how": how(),
        "packs": selectors.packs(found.quarter)[:5],
        "before": found.quarter.before(),
        "after": found.quarter.after() if found.quarter.last_day < found.today else None,
    }


def finding(found: Report) -> str:
    """The first paragraph: how many need the meeting, and which."""
    if not found.lines:
        return gettext("Nothing is measured yet.")
    exceptions = found.exceptions
    if not exceptions:
        return gettext("No indicator needs the meeting.")
    words = ngettext(
        "%(count)s of %(all)s indicators needs the meeting: %(names)s.",
        "%(count)s of %(all)s indicators need the meeting: %(names)s.",
        len(exceptions),
    )
    names = [line.indicator.name for line in exceptions[:NAMED]]
    if len(exceptions) > NAMED:
        more = len(exceptions) - NAMED
        names.append(ngettext("%(count)s more", "%(count)s more", more) % {"count": whole(more)})
    count = spelled(len(exceptions)).capitalize()
    return words % {"count": count, "all": spelled(len(found.lines)), "names": said(tuple(names), gettext)}


def _others_title(count: int, beside: bool) -> str:
    if not beside:
        return gettext("All indicators")
    if count == 1:
        return gettext("The other one")
    return gettext("The other %(count)s") % {"count": spelled(count)}


def standing_page(line: Line, quarter: FinancialQuarter, person: Any) -> dict[str, Any]:
    """One indicator in a quarter: what it came to, its chance, its year quarter by quarter."""
    found = line.standing
    words = line_words(line, quarter, "w")
    return {
        **permissions.abilities(person),
        "quarter": quarter,
        "here": said(quarter.words, gettext),
        "line": words,
        "lead": f"{words['reason']} {words['comparison']}".strip(),
        "range": chance_range(found),
        "baseline": _baseline(line),
        "chart": chart(line, "large", large=True),
        "rows": [
            (
                said(one.span, gettext),
                status.amount(one.value, found.unit) if one.value is not None else "",
                _band_words(one, found.unit),
                gettext("above") if one.above else gettext("below") if one.below else "",
            )
            for one in reversed(found.quarters)
        ],
        "year": _year_chart(line),
        "expected": _expected(line),
        "this_year": _this_year(line, quarter),
        "method": found.method,
        "doubts": [said(doubt.sentence, gettext) for doubt in found.doubts],
    }


def _band_words(one: status.Quarter, unit: Unit) -> str:
    if one.lower is None or one.upper is None:
        return ""
    low, high = status.amount(one.lower, unit).removesuffix(" %"), status.amount(one.upper, unit)
    return gettext("%(low)s to %(high)s") % {"low": low, "high": high}


def _baseline(line: Line) -> dict[str, str] | None:
    """The baseline the target is measured against, as it is recorded."""
    target = line.target
    if target is None or target.baseline_value is None:
        return None
    day = date_words(target.baseline_last_on) if target.baseline_last_on else ""
    note = target.baseline_words or (gettext("to %(day)s") % {"day": day} if day else "")
    return {"value": decimal(float(target.baseline_value), 0 if target.baseline_value >= 100 else 1), "note": note}


def _expected(line: Line) -> str:
    ahead, unit = line.standing.ahead, line.standing.unit
    if ahead is None:
        return ""
    words = {
        "expected": status.amount(ahead.expected, unit),
        "low": status.amount(ahead.lower, unit),
        "high": status.amount(ahead.upper, unit),
    }
    return (
        gettext("The year is expected to come to %(expected)s; 95 of 100 such years lie from %(low)s to %(high)s.")
        % words
    )


def _year_chart(line: Line) -> Any:
    found = line.standing
    if found.ahead is None or found.latest is None:
        return None
    return year_chart(
        found.ahead.expected,
        found.ahead.lower,
        found.ahead.upper,
        aim=found.aim.value if found.aim else None,
        unit=found.unit,
        prefix="year",
        title=gettext("Where the year is expected to end"),
        description=_expected(line),
        translate=gettext,
    )


def _this_year(line: Line, quarter: FinancialQuarter) -> list[dict[str, str]]:
    """Each quarter of the year: profile, expected, actual and the gap between profile and actual."""
    found, rows = line.standing, []
    profile = plans.profile_of(line.target).get(quarter.year, {}) if line.target else {}
    drawn = {one.span.last: one for one in found.quarters}
    for number in range(1, 5):
        at = FinancialQuarter(quarter.year, number)
        one, planned = drawn.get(at.span.last), profile.get(number)
        value = one.value if one else None
        gap = "" if value is None or planned is None else status.amount(abs(value - float(planned)), found.unit)
        sign = (
            "−" if gap and value is not None and planned is not None and value < float(planned) else "+" if gap else ""
        )
        rows.append(
            {
                "quarter": said(at.span, gettext),
                "profile": status.amount(float(planned), found.unit) if planned is not None else "–",
                "expected": _band_words(one, found.unit) if one else "",
                "actual": status.amount(value, found.unit) if value is not None else gettext("to come"),
                "gap": f"{sign}{gap}",
            }
        )
    return rows


def compare_page(found: Comparison, person: Any) -> dict[str, Any]:
    """Areas of one indicator side by side, against the limits chance sets: by name, never ranked."""
    unit = Unit(found.indicator.unit)
    return {
        **permissions.abilities(person),
        "quarter": found.quarter,
        "here": said(found.quarter.words, gettext),
        "indicator": found.indicator,
        "sentence": _compared(found),
        "whole": status.amount(found.whole, unit) if found.areas else "",
        "rows": [
            {
                "name": area.name,
                "value": said(Phrase("{value}", value=status.said_value(area.reading, unit)), gettext),
                "limits": _range_words(area.limits, unit),
                "wide": _range_words(area.wide_limits, unit),
                "kind": "plain" if area.standing is AreaStanding.WITHIN else "warning",
                "word": gettext(area.standing.value),
            }
            for area in found.areas
        ],
    }


def _compared(found: Comparison) -> str:
    if not found.areas:
        return said(Phrase(found.why_not), gettext)
    outside = [area.name for area in found.areas if area.standing is not AreaStanding.WITHIN]
    period = said(found.areas[0].reading.span, gettext)
    if not outside:
        return gettext("In the %(period)s no area lies outside what chance gives for its size.") % {"period": period}
    words = ngettext(
        "In the %(period)s one area lies outside what chance gives for its size: %(names)s.",
        "In the %(period)s %(count)s areas lie outside what chance gives for their size: %(names)s.",
        len(outside),
    )
    return words % {"period": period, "count": len(outside), "names": said(tuple(outside), gettext)}


def _range_words(limits: tuple[float, float], unit: Unit) -> str:
    low, high = status.amount(limits[0], unit).removesuffix(" %"), status.amount(limits[1], unit)
    return gettext("%(low)s to %(high)s") % {"low": low, "high": high}


def quarter_counts(found: Report) -> list[dict[str, Any]]:
    """How many indicators have each status, those that need the meeting first."""
    order = (
        Status.MISSED,
        Status.AT_RISK,
        Status.NO_CLEAR_CHANGE,
        Status.TOO_FEW,
        Status.ON_COURSE,
        Status.MET,
        Status.NO_TARGET,
    )
    counted = [(word, sum(line.standing.status is word for line in found.lines)) for word in order]
    return [{"count": count, "kind": KINDS[word], "word": gettext(word.value)} for word, count in counted if count]


def line_words(line: Line, quarter: FinancialQuarter, prefix: str) -> dict[str, Any]:
    """One indicator as the page and the card show it."""
    found, unit = line.standing, line.standing.unit
    title = chart_title(line)
    return {
        "indicator": line.indicator,
        "kind": KINDS[found.status],
        "status": gettext(found.status.value),
        "finding": said(found.finding(), gettext),
        "reason": reason(line),
        "comparison": said(found.comparison(), gettext),
        "value": status.amount(found.latest.value, unit) if found.latest else "–",
        "unit": "" if unit in (Unit.PERCENT, Unit.POUNDS, Unit.COUNT) else gettext(unit.value),
        "interval": interval_words(line),
        "period": said(found.latest.span, gettext) if found.latest else "",
        "stale": _stale(line, quarter),
        "target": said(status.aim_words(found.aim, unit), gettext) if found.aim else gettext("no target"),
        "target_year": quarter.year_words,
        "chance": chance(found),
        "chance_range": chance_range(found),
        "dots": chance_dots(found.ahead.chance) if found.ahead and found.ahead.chance is not None else "",
        "owner": owner(line),
        "url": reverse("indicators:card", args=[line.indicator.key]),
        "more": reverse("performance:standing", args=[quarter.year, quarter.quarter, line.indicator.key]),
        "chart_title": title,
        "chart": chart(line, prefix),
        "spark": spark(found.quarters, unit=unit, worse=worse(found), translate=gettext),
    }


def chart(line: Line, prefix: str, *, large: bool = False) -> Any:
    """The indicator's quarters on their expected band."""
    found = line.standing
    return quarters_chart(
        found.quarters,
        unit=found.unit,
        prefix=prefix,
        title=said(found.finding(), gettext),
        description=gettext("%(what)s: the quarters shown on the range to expect of them.")
        % {"what": chart_title(line)},
        level=level(line),
        worse=worse(found),
        large=large,
        translate=gettext,
    )


def worse(found: Standing) -> Verdict | None:
    """The way that is bad news. A rise in what we want to hear of is none, nor is anything shown for context."""
    ways = {Polarity.LESS_IS_GOOD: Verdict.HIGHER, Polarity.MORE_IS_GOOD: Verdict.LOWER}
    return ways.get(found.polarity)


def level(line: Line) -> float | None:
    """The target as a level each quarter can be read against; a year's sum is none."""
    found = line.standing
    summed = line.indicator.aggregation == Aggregation.SUM and found.unit is not Unit.PERCENT
    return None if found.aim is None or summed else found.aim.value


def chart_title(line: Line) -> str:
    """``Thefts from vehicles, count each quarter``."""
    unit = gettext("per cent") if line.standing.unit is Unit.PERCENT else gettext(line.standing.unit.value)
    if line.indicator.aggregation == Aggregation.ROLLING_YEAR:
        return gettext("%(unit)s, year to each quarter") % {"unit": unit.capitalize()}
    return gettext("%(unit)s, by quarter") % {"unit": unit.capitalize()}


def reason(line: Line) -> str:
    """Why the status is what it is, and what meeting the target would take."""
    parts = [said(line.standing.reason, gettext)]
    if line.needed is not None and line.standing.status not in (Status.MET, Status.MISSED):
        parts.append(said(line.needed, gettext))
    return " ".join(parts)


def interval_words(line: Line) -> str:
    """The newest figure's interval, and n where it is a share.

    Where none came with it: of a share Wilson's, of a count worked out from events the exact one; of what somebody
    counted themselves none.
    """
    latest, unit = line.standing.latest, line.standing.unit
    if latest is None:
        return ""
    parts, ends = [], (latest.low, latest.high)
    if ends[0] is None and unit is Unit.COUNT and line.indicator.is_computed:
        limits = exact_limits(round(latest.value))
        ends = (limits.lower, limits.upper)
    if ends[0] is None and unit is Unit.PERCENT and latest.count is not None and latest.base:
        limits = wilson_limits(latest.count, latest.base)
        ends = (100 * (limits.lower or 0.0), 100 * limits.upper)
    if ends[0] is not None and ends[1] is not None:
        low, high = (status.amount(edge, unit).removesuffix(" %") for edge in ends if edge is not None)
        parts.append(gettext("%(low)s to %(high)s") % {"low": low, "high": high})
    if unit is Unit.PERCENT and latest.base:
        parts.append(f"n = {whole(latest.base)}")
    return ", ".join(parts)


def chance(found: Standing) -> str:
    """The chance of meeting the target in words; nothing without one."""
    if found.ahead is None or found.ahead.chance is None:
        return ""
    return said(status.chance_words(found.ahead.chance), gettext)


def chance_range(found: Standing) -> str:
    """``between 60 and 85 in 100``: how far the chance itself is in doubt."""
    ahead = found.ahead
    if ahead is None or ahead.chance_low is None or ahead.chance_high is None:
        return ""
    low, high = whole(100 * ahead.chance_low), whole(100 * ahead.chance_high)
    return gettext("between %(low)s and %(high)s in 100") % {"low": low, "high": high} if low != high else ""


def owner(line: Line) -> str:
    """Who answers for it, and their agency."""
    return ", ".join(filter(None, (line.indicator.owner_name, line.indicator.owed_by_agency_name)))


def _stale(line: Line, quarter: FinancialQuarter) -> str:
    if not line.missing:
        return ""
    months = said(quarter.span, gettext)
    if line.ask:
        words = gettext("The figure for the %(quarter)s is one you may not see yet: ask %(agency)s.")
        return words % {"quarter": months, "agency": line.ask}
    if line.pending:
        return gettext("The figure for the %(quarter)s is still to be confirmed.") % {"quarter": months}
    return gettext("The figure for the %(quarter)s has not come.") % {"quarter": months}


def _milestones(found: Report) -> dict[str, Any]:
    shown = [one for one in found.milestones if one.standing in MILESTONE_KINDS][:MILESTONES_SHOWN]
    late = len(found.late_milestones)
    due = [one for one in found.milestones if one.milestone.due_on and one.milestone.due_on < found.today]
    done = sum(one.standing is MilestoneStanding.DONE for one in due)
    title = ngettext("%(count)s milestone is late", "%(count)s milestones are late", late)
    return {
        "title": title % {"count": spelled(late).capitalize()} if late else gettext("No milestone is late"),
        "summary": gettext("%(done)s of %(due)s due by now are done.") % {"done": done, "due": len(due)} if due else "",
        "shown": [_milestone(one) for one in shown],
        "all": len(found.milestones),
        "plan": found.plan,
    }


def _milestone(one: MilestoneLine) -> dict[str, Any]:
    milestone = one.milestone
    if one.standing is MilestoneStanding.DONE and milestone.done_on:
        when = date_words(milestone.done_on)
    else:
        day = milestone.due_text or (date_words(milestone.due_on) if milestone.due_on else "")
        when = gettext("due %(day)s") % {"day": day}
    return {
        "title": milestone.title,
        "when": "; ".join(filter(None, (when, milestone.note or milestone.owner_name or milestone.agency_name))),
        "kind": MILESTONE_KINDS[one.standing],
        "word": gettext(one.standing.value),
    }


def _money(found: Report) -> dict[str, Any] | None:
    if found.spending is None:
        return None
    whole_year = found.spending.whole
    percent = whole_year.under_percent
    under = whole_year.under_profile
    if percent is None or abs(percent) < 1:
        title = gettext("Spending is on its profile")
    elif percent > 0:
        title = gettext("Spending is %(percent)s %% under profile") % {"percent": decimal(float(percent), 0)}
    else:
        title = gettext("Spending is %(percent)s %% over profile") % {"percent": decimal(float(-percent), 0)}
    budget = whole_year.budget
    return {
        "title": title,
        "to": date_words(FinancialQuarter(found.spending.year, found.spending.quarters_in).last_day),
        "spent": pounds(whole_year.spent),
        "committed": pounds(whole_year.committed),
        "profile": pounds(whole_year.profile.known),
        "budget": pounds(budget.known)
        if budget.is_complete
        else gettext("at least %(sum)s") % {"sum": pounds(budget.known)},
        "under": pounds(abs(under)),
        "is_over": under < 0,
        "unsure": not budget.is_complete,
        "bar": profile_bar(
            *(float(sum_) for sum_ in (whole_year.spent, whole_year.committed, whole_year.profile.known, budget.known))
        ),
    }


def pounds(amount: Any) -> str:
    """``£16,660``."""
    return f"£{whole(float(amount))}"


def _actions(found: Report) -> dict[str, Any]:
    return {
        "open": found.actions_open,
        "late": len(found.actions_late),
        "unowned": sum(not one.owner_name for one in found.actions_late),
        "shown": found.actions_late[: selectors.LATE_ACTIONS_SHOWN],
    }


def _data(found: Report) -> dict[str, Any]:
    overdue = found.overdue
    return {
        "newest": found.newest_made_at,
        "batches": len(found.batches),
        "overdue": [
            gettext("%(name)s, owed by %(who)s")
            % {"name": line.indicator.name, "who": owner(line) or gettext("nobody named")}
            for line in overdue
        ],
        "missing": sum(line.missing and not line.ask for line in found.lines),
    }


def how() -> str:
    """How the statuses are worked out."""
    return gettext(
        "The band holds 95 of 100 quarters that follow the season and level of those before. The chance of meeting a "
        "target comes from where the year has got to, its season, and how far levels have drifted: on course from "
        "%(sure)s in 100, at risk up to %(unlikely)s in 100, and between them by the direction of travel. Too few to "
        "say: under %(few)s a year."
    ) % {"sure": whole(100 * SURE), "unlikely": whole(100 * UNLIKELY), "few": whole(TOO_FEW)}


def table_rows(found: Report) -> list[tuple[Any, ...]]:
    """Every figure of the page as rows, for a spreadsheet."""
    return [
        (
            line.indicator.name,
            str(line.standing.status.value),
            str(line.standing.reason),
            line.figure.period_words if line.figure else None,
            line.standing.latest.value if line.standing.latest else None,
            line.standing.unit.value,
            line.standing.latest.low if line.standing.latest else None,
            line.standing.latest.high if line.standing.latest else None,
            line.standing.before.value if line.standing.before else None,
            line.standing.direction.value,
            line.standing.aim.value if line.standing.aim else None,
            round(line.standing.ahead.chance, 3)
            if line.standing.ahead and line.standing.ahead.chance is not None
            else None,
            owner(line),
        )
        for line in [*found.exceptions, *found.others]
    ]


TABLE_COLUMNS = (
    "indicator", "status", "reason", "period", "value", "unit", "interval from", "to", "a year before", "direction",
    "target of the year", "chance of meeting it", "owner",
)  # fmt: skip


def pack_page(found: Pack) -> dict[str, Any]:
    """A pack as it was made."""
    quarter = FinancialQuarter(found.year, found.quarter)
    return {"pack": found, "quarter": quarter, "here": said(quarter.words, gettext)}


def letter_words() -> tuple[str, str]:
    """Subject and text of a reminder, with their placeholders, in the language of whoever sends it."""
    return (
        gettext("%(partnership)s: your figures for %(quarter)s"),
        gettext(
            "Dear %(name)s,\n\nThese lines of %(quarter)s (%(months)s) are yours and not filled in yet. They are due "
            "on %(due)s.\n\n%(lines)s\n\nOpen a line and sign in; it takes you straight to it. If a figure cannot be "
            "had, mark it to be confirmed: that is better than a guess.\n\n%(partnership)s"
        ),
    )


def reminders_page(quarter: FinancialQuarter, letters: Sequence[Any], today: date) -> dict[str, Any]:
    """Who would be reminded of what, and what went out before."""
    return {
        "quarter": quarter,
        "here": said(quarter.words, gettext),
        "letters": letters,
        "sent": selectors.reminders(quarter),
        "closed": quarter.last_day < today,
        "last_day": date_words(quarter.last_day),
    }
