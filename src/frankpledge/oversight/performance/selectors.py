"""Named reads of a quarter: every indicator with its standing, and what stands around it.

The number of queries is the same however many indicators, milestones, actions and pounds there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from frankpledge.analysis import funnel, status
from frankpledge.analysis.indicator_models import Aim, Reading, Series
from frankpledge.analysis.status import Standing
from frankpledge.analysis.targets import Polarity
from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.oversight.performance import rules
from frankpledge.oversight.performance.models import DecisionAsked, Pack, Reminder
from frankpledge.oversight.performance.rules import FinancialQuarter
from frankpledge.records.actions import selectors as actions
from frankpledge.records.actions.vocabulary import ActionState
from frankpledge.records.indicators import selectors as indicators
from frankpledge.records.indicators.permissions import Reader
from frankpledge.records.indicators.rules import span_of
from frankpledge.records.plan import selectors as plans
from frankpledge.records.plan.rules import standing as milestone_standing
from frankpledge.records.plan.vocabulary import WHOLE_YEAR, MilestoneStanding, TargetSense, VirementState
from frankpledge.reports.words import date_words
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.figures import Aggregation, Calendar, Completeness, PeriodLength
from frankpledge.vocabulary.periods import MonthSpan
from frankpledge.vocabulary.units import SCALES, Unit, is_rate
from frankpledge.vocabulary.wording import Phrase

LATE_ACTIONS_SHOWN = 8
PACK_LIST = ("pk", "year", "quarter", "title", "finding", "indicators", "made_at", "made_by_name")


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator in a quarter. ``missing``: its figure has not come, or (``pending``) is there but marked to be
    confirmed or at least so much; ``overdue``: nothing has come, and it is due. ``ask``: whom to ask for a figure that
    has come and that the reader may not see yet.
    """

    indicator: Any
    standing: Standing
    target: Any | None
    figure: Any | None
    needed: Phrase | None
    missing: bool
    pending: bool
    overdue: bool
    ask: str = ""

    @property
    def needs_the_meeting(self) -> bool:
        return rules.needs_the_meeting(self.standing)


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    milestone: Any
    standing: MilestoneStanding


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a quarter's page and pack say."""

    quarter: FinancialQuarter
    today: date
    plan: Any | None
    lines: list[Line]
    milestones: list[MilestoneLine]
    spending: Any | None
    actions_open: int
    actions_late: list[Any]
    asked: list[DecisionAsked]
    moves_asked: list[Any]
    newest_made_at: datetime | None
    batches: list[str]

    @property
    def exceptions(self) -> list[Line]:
        """Those that need the meeting, the worst chance first."""
        found = [line for line in self.lines if line.needs_the_meeting]
        return sorted(found, key=lambda line: rules.worst_first(line.standing))

    @property
    def others(self) -> list[Line]:
        found = [line for line in self.lines if not line.needs_the_meeting]
        return sorted(found, key=lambda line: rules.quiet_order(line.standing))

    @property
    def late_milestones(self) -> list[MilestoneLine]:
        return [one for one in self.milestones if one.standing is MilestoneStanding.LATE]

    @property
    def overdue(self) -> list[Line]:
        return [line for line in self.lines if line.overdue]


def quarter_at(year: int | None, quarter: int | None, *, today: date) -> FinancialQuarter:
    """The quarter asked for, or the newest with figures. One query without one. Raises DataProblem for none."""
    if year is not None and quarter is not None:
        return FinancialQuarter(year, quarter)
    newest = indicators.all_figures().filter(indicator__isnull=False, last_on__lt=today).order_by("-last_on").first()
    return rules.newest_quarter(newest.last_on if newest else None, today)


def report(quarter: FinancialQuarter, *, today: date, reader: Reader | None = None) -> Report:
    """A quarter whole, as ``reader`` may see it (None: everybody). As many queries whatever there is."""
    found = list(indicators.indicators())
    series = indicators.series_of([one.pk for one in found], reader=reader)
    plan = plans.current_plan()
    targets = {one.indicator_id: one for one in reversed(plans.targets(plan))} if plan else {}
    lines = [_line(one, series.get(one.pk, []), targets.get(one.pk), quarter, today) for one in found]
    open_actions = list(actions.actions(state=ActionState.OPEN))
    figures = [line.figure for line in lines if line.figure is not None]
    return Report(
        quarter=quarter,
        today=today,
        plan=plan,
        lines=lines,
        milestones=_milestones(plan, today),
        spending=plans.spend_to_date(plan, quarter.year, today=quarter.after().first_day) if plan else None,
        actions_open=len(open_actions),
        actions_late=[one for one in open_actions if one.due_on is not None and one.due_on < today],
        asked=decisions_asked(quarter),
        moves_asked=[one for one in plans.virements(plan) if one.state == VirementState.ASKED] if plan else [],
        newest_made_at=max((figure.made_at for figure in figures), default=None),
        batches=sorted({batch for figure in figures for batch in figure.batches}),
    )


def line_of(indicator: Any, quarter: FinancialQuarter, *, today: date, reader: Reader | None = None) -> Line:
    """One indicator in a quarter, for its own page. Four queries."""
    targets = plans.targets_of(indicator.pk)
    figures = indicators.series(indicator.pk, reader=reader)
    return _line(indicator, figures, targets[0] if targets else None, quarter, today)


def _line(indicator: Any, figures: Sequence[Any], target: Any | None, quarter: FinancialQuarter, today: date) -> Line:
    known = [figure for figure in figures if figure.last_on <= quarter.last_day]
    series = series_from(indicator, known)
    aim = aim_of(target, indicator, known, quarter.year)
    calendar = Calendar(indicator.calendar)
    year, at = divmod(status.quarter_number(quarter.span.last, calendar), 4)
    usable = [figure for figure in known if figure.value is not None and figure.completeness == Completeness.COMPLETE]
    newest = usable[-1] if usable else None
    found = status.standing(series, aim, year=year, quarter=at + 1, batches=tuple(newest.batches) if newest else ())
    missing = _due_in(indicator, quarter) and (newest is None or newest.last_on < quarter.last_day)
    pending = missing and any(figure.last_on == quarter.last_day for figure in known)
    due_on = quarter.last_day + timedelta(days=indicator.due_days_after)
    needed = status.needed(series, aim, year=year, quarter=at + 1) if aim else None
    late = missing and not pending and due_on < today
    ask = next((figure.ask for figure in reversed(known) if figure.is_hidden), "") if missing else ""
    return Line(indicator, found, target, newest, needed, missing, pending, late, ask)


def _due_in(indicator: Any, quarter: FinancialQuarter) -> bool:
    """Whether a figure falls due for this quarter: yearly ones only in the last of their year."""
    last = 4 if indicator.calendar == Calendar.FINANCIAL else 3
    return indicator.period != PeriodLength.YEAR or quarter.quarter == last


def series_from(indicator: Any, figures: Sequence[Any]) -> Series:
    """An indicator's figures as the analysis reads them; those to be confirmed and odd periods are left out."""
    readings = []
    for figure in figures:
        span = span_of(figure.first_on, figure.last_on)
        if figure.value is None or span is None or len(span) not in (1, 3, 12):
            continue
        if figure.completeness != Completeness.COMPLETE:
            continue
        readings.append(
            Reading(
                span,
                float(figure.value),
                _float(figure.numerator) if figure.unit != Unit.COUNT else float(figure.value),
                _float(figure.denominator),
                _float(figure.interval_low),
                _float(figure.interval_high),
            )
        )
    return Series(
        name=indicator.name,
        unit=Unit(indicator.unit),
        polarity=Polarity(indicator.polarity),
        aggregation=Aggregation(indicator.aggregation),
        readings=tuple(readings),
        calendar=Calendar(indicator.calendar),
    )


def aim_of(target: Any | None, indicator: Any, figures: Sequence[Any], year: int) -> Aim | None:
    """What a target asks of one year, in the indicator's unit: its profile, or the value of a target due in that year.

    None where it asks nothing of the year: it is for later, and no profile says where it should stand by then.
    """
    if target is None:
        return None
    profile = plans.profile_of(target).get(year, {})
    value = profile.get(WHOLE_YEAR)
    if value is None and len(profile) == 4:
        summed = indicator.aggregation == Aggregation.SUM and not is_rate(Unit(indicator.unit))
        value = sum(profile.values(), Decimal(0)) if summed else profile[4]
    if value is None and target.due_on is not None and FinancialQuarter.of(target.due_on).year == year:
        value = target.value
    if value is None:
        return None
    return Aim(_in_unit(float(value), target, indicator, figures), target.sense == TargetSense.AT_MOST)


def _in_unit(value: float, target: Any, indicator: Any, figures: Sequence[Any]) -> float:
    """A target's value in its indicator's unit: a count of a rate, or a rate of a count, over the target's base."""
    base = target.denominator or next((f.denominator for f in reversed(figures) if f.denominator), None)
    unit = Unit(indicator.unit)
    if not base or unit is Unit.PERCENT:
        return value
    if target.is_rate and unit is Unit.COUNT:
        return value * float(base) / SCALES[Unit.PER_1000_HOUSEHOLDS]
    if not target.is_rate and unit in SCALES and target.unit == Unit.COUNT:
        return value * SCALES[unit] / float(base)
    return value


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _milestones(plan: Any | None, today: date) -> list[MilestoneLine]:
    """Late ones first, then those due soon, then those done lately."""
    if plan is None:
        return []
    found = [
        MilestoneLine(one, milestone_standing(one.state, one.due_on, ongoing=one.ongoing, today=today))
        for one in plans.milestones(plan)
    ]
    order = (MilestoneStanding.LATE, MilestoneStanding.DUE, MilestoneStanding.DONE)
    return sorted(found, key=lambda one: order.index(one.standing) if one.standing in order else len(order))


def decisions_asked(quarter: FinancialQuarter) -> list[DecisionAsked]:
    """Decisions asked of the meeting about this quarter. One query."""
    found = DecisionAsked.objects.filter(year=quarter.year, quarter=quarter.quarter, withdrawn_at__isnull=True)
    return list(found)


def decision_asked(id: int) -> DecisionAsked | None:
    """One decision asked for."""
    return DecisionAsked.objects.filter(pk=id, withdrawn_at__isnull=True).first()


def packs(quarter: FinancialQuarter | None = None) -> list[Pack]:
    """Packs, the newest first, without their files. One query."""
    found = Pack.objects.only(*PACK_LIST)
    return list(found if quarter is None else found.filter(year=quarter.year, quarter=quarter.quarter))


def pack(id: int) -> Pack | None:
    """One pack with its files."""
    return Pack.objects.filter(pk=id).first()


def reminders(quarter: FinancialQuarter) -> list[Reminder]:
    """Reminders that went out about a quarter, the newest first. One query."""
    return list(Reminder.objects.filter(year=quarter.year, quarter=quarter.quarter))


def unfilled_by_owner(quarter: FinancialQuarter) -> dict[int, list[Any]]:
    """Indicators people fill in whose figure of this quarter has not come, by their owner. Two queries."""
    found = [one for one in indicators.indicators() if not one.is_computed and one.owner_id is not None]
    series = indicators.series_of([one.pk for one in found], reader=Reader.software())
    missing: dict[int, list[Any]] = {}
    for one in found:
        last = max((figure.last_on for figure in series.get(one.pk, [])), default=None)
        if _due_in(one, quarter) and (last is None or last < quarter.last_day):
            missing.setdefault(one.owner_id or 0, []).append(one)
    return missing


def letters(quarter: FinancialQuarter, *, address: str, today: date, words: tuple[str, str]) -> list[rules.Letter]:
    """The reminders there are to send now: one to each owner with an unfilled line who may sign in. Four queries.

    ``address``: where this installation is reached, such as ``https://example.org``.
    """
    unfilled = unfilled_by_owner(quarter)
    ours = agencies.partnership()
    people = {person.pk: person for person in agencies.people(today=today) if person.is_active}
    return [
        rules.letter(
            to_id=key,
            to_name=people[key].name,
            to_email=people[key].email,
            quarter=quarter,
            lines=[(one.key, one.name, address + reverse("indicators:fill", args=[one.key])) for one in lines],
            due_on=date_words(quarter.last_day + timedelta(days=min(one.due_days_after for one in lines))),
            partnership=ours.name if ours else "Frankpledge",
            words=words,
        )
        for key, lines in sorted(unfilled.items())
        if key in people
    ]


# --- areas side by side


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One area's newest reading, and between what chance would have it for an area of its size (95 and 99.8 %)."""

    name: str
    reading: Reading
    limits: tuple[float, float]
    wide_limits: tuple[float, float]
    standing: funnel.Standing


@dataclass(frozen=True, slots=True)
class Comparison:
    """An indicator's areas in one period, by name. Without areas ``why_not`` says what is missing."""

    indicator: Any
    quarter: FinancialQuarter
    areas: list[AreaLine]
    whole: float = 0.0
    why_not: str = ""


def compare(indicator: Any, quarter: FinancialQuarter, *, reader: Reader | None = None) -> Comparison:
    """An indicator's areas in the newest period that three or more of them have. One query."""
    figures = indicators.all_figures(indicator_id=indicator.pk).filter(
        last_on__lte=quarter.last_day, numerator__isnull=False, denominator__isnull=False
    )
    by_period: dict[tuple[date, date], dict[str, Any]] = {}
    for figure in (one for one in (reader or Reader()).all_shown(figures) if one.numerator is not None):
        by_period.setdefault((figure.last_on, figure.first_on), {})[figure.area_code] = figure
    periods = sorted((at for at, areas in by_period.items() if len(areas) >= funnel.FEWEST_AREAS), reverse=True)
    if not periods:
        return Comparison(
            indicator,
            quarter,
            [],
            why_not="Fewer than three areas have this figure with its numerator and denominator.",
        )
    areas = sorted(by_period[periods[0]].values(), key=lambda figure: figure.area_name)
    try:
        lines, whole = _side_by_side(Unit(indicator.unit), areas)
    except CannotCompute as reason:
        return Comparison(indicator, quarter, [], why_not=str(reason.sentence))
    return Comparison(indicator, quarter, lines, whole)


def _side_by_side(unit: Unit, figures: Sequence[Any]) -> tuple[list[AreaLine], float]:
    """Each area against the whole of them: rates by a funnel of counts, shares by the limits of a proportion."""
    counts = [float(figure.numerator) for figure in figures]
    bases = [float(figure.denominator) for figure in figures]
    whole = sum(counts) / sum(bases)
    scale = SCALES.get(unit, 1)
    lines = []
    points = (
        None
        if unit is Unit.PERCENT
        else funnel.funnel([figure.area_code for figure in figures], [round(count) for count in counts], bases).points
    )
    for i, figure in enumerate(figures):
        if points is None:
            narrow, wide = (funnel.proportion_limits(whole, bases[i], confidence) for confidence in (0.95, 0.998))
            limits, far = (narrow.lower or 0.0, narrow.upper), (wide.lower or 0.0, wide.upper)
            share = counts[i] / bases[i]
            outside = funnel.Standing.ABOVE if share > far[1] else funnel.Standing.BELOW
            standing = outside if not far[0] <= share <= far[1] else funnel.Standing.WITHIN
        else:
            point = points[i]
            limits = (point.limits_95[0] / bases[i], point.limits_95[1] / bases[i])
            far = (point.limits_998[0] / bases[i], point.limits_998[1] / bases[i])
            standing = point.standing
        span = span_of(figure.first_on, figure.last_on)
        reading = Reading(span or quarter_span(figure.last_on), float(figure.value or 0), counts[i], bases[i])
        scaled = [(low * scale, high * scale) for low, high in (limits, far)]
        lines.append(AreaLine(figure.area_name or figure.area_code, reading, scaled[0], scaled[1], standing))
    return lines, whole * scale


def quarter_span(day: date) -> MonthSpan:
    """The months of the quarter a day lies in."""
    return FinancialQuarter.of(day).span
