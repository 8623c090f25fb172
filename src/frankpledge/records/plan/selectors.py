"""Named reads of the plan and its money. Each takes a fixed number of queries, however much there is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from frankpledge.analysis.targets import quarterly_profile
from frankpledge.records.indicators import selectors as indicators
from frankpledge.records.indicators.permissions import Reader
from frankpledge.records.plan import money, rules
from frankpledge.records.plan.models import (
    AimLink,
    Fund,
    Milestone,
    MoneyCell,
    MoneyLine,
    Objective,
    Plan,
    Priority,
    Review,
    Spend,
    StatedSum,
    Target,
    Virement,
    WiderAim,
)
from frankpledge.records.plan.vocabulary import QUARTERS, Aim, Kind, PlanState, Side, VirementState
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.figures import Aggregation, PeriodLength
from frankpledge.vocabulary.units import Unit

# --- plans


def plans() -> QuerySet[Plan]:
    """Every version of every plan: the partnership's own first, the newest version of each first. One query."""
    return Plan.objects.all()


def current_plan() -> Plan | None:
    """The partnership's own plan in force; without one its newest draft, then a worked example. One query."""
    rank = {PlanState.CURRENT.value: 0, PlanState.DRAFT.value: 1, PlanState.SUPERSEDED.value: 2}
    found = sorted(plans(), key=lambda plan: (plan.is_example, rank[plan.state], -plan.version, -plan.pk))
    return found[0] if found else None


def plan(id: int) -> Plan | None:
    """One version. One query."""
    return Plan.objects.filter(pk=id).first()


def example_plan(series: str) -> Plan | None:
    """The current version of the plan of this series, or its newest. One query."""
    found = sorted(Plan.objects.filter(series=series), key=lambda one: (one.state != PlanState.CURRENT, -one.version))
    return found[0] if found else None


def versions(of: Plan) -> QuerySet[Plan]:
    """All versions of one plan, the newest first. One query."""
    return Plan.objects.filter(series=of.series).order_by("-version")


# --- priorities, objectives, targets


def priorities(of: Plan | None = None) -> list[Priority]:
    """A plan's priorities in order (the current plan's by default), with objectives and targets. Three queries."""
    of = of or current_plan()
    if of is None:
        return []
    targets_first = Target.objects.order_by("order", "pk")
    objectives = Objective.objects.order_by("order", "pk").prefetch_related(Prefetch("targets", targets_first))
    return list(of.priorities.order_by("order", "pk").prefetch_related(Prefetch("objectives", objectives)))


def priority(key: str, of: Plan | None = None) -> Priority | None:
    """The priority of this key: in the plan given, else in the plan in force, else in whichever plan has it."""
    found = list(Priority.objects.filter(key=key).select_related("plan"))
    if of is not None:
        return next((one for one in found if one.plan_id == of.pk), None)
    rank = {PlanState.CURRENT.value: 0, PlanState.DRAFT.value: 1, PlanState.SUPERSEDED.value: 2}
    found.sort(key=lambda one: (one.plan.is_example, rank[one.plan.state], -one.plan.version))
    return found[0] if found else None


def priority_by_id(id: int) -> Priority | None:
    """One priority with its plan. One query."""
    return Priority.objects.select_related("plan").filter(pk=id).first()


def priority_titles(keys: Iterable[str]) -> dict[str, str]:
    """Titles by key, the current plan's first. One query."""
    rank = {PlanState.SUPERSEDED.value: 0, PlanState.DRAFT.value: 1, PlanState.CURRENT.value: 2}
    found = sorted(
        Priority.objects.filter(key__in=set(keys)).select_related("plan"),
        key=lambda one: (not one.plan.is_example, rank[one.plan.state], one.plan.version),
    )
    return {one.key: one.title for one in found}


def objective(id: int) -> Objective | None:
    """One objective with its priority and plan. One query."""
    return Objective.objects.select_related("priority__plan").filter(pk=id).first()


def targets(of: Plan | None = None, *, with_dropped: bool = False) -> list[Target]:
    """A plan's targets in the order of its priorities, with their profile as ``target.profile.all()``. Two queries."""
    of = of or current_plan()
    if of is None:
        return []
    found = Target.objects.filter(objective__priority__plan=of).select_related("objective__priority")
    if not with_dropped:
        found = found.filter(dropped=False)
    return list(found.prefetch_related("profile"))


def target(id: int) -> Target | None:
    """One target with its objective, priority, plan, profile and reviews. Three queries."""
    found = Target.objects.select_related("objective__priority__plan").prefetch_related("profile", "reviews")
    return found.filter(pk=id).first()


def targets_of(indicator_id: int) -> list[Target]:
    """Targets of the current plan on one indicator, for its card. Three queries."""
    return [one for one in targets() if one.indicator_id == indicator_id]


def profile_of(one: Target) -> dict[int, dict[int, Decimal]]:
    """Values by year and quarter (0: the year). No query if the target's profile was fetched with it."""
    found: dict[int, dict[int, Decimal]] = {}
    for row in one.profile.all():
        found.setdefault(row.year, {})[row.quarter] = row.value
    return found


def reviews(of: Plan) -> list[Review]:
    """Reviews of a plan's targets, the newest first. One query."""
    found = Review.objects.filter(target__objective__priority__plan=of)
    return list(found.select_related("target__objective__priority"))


# --- what to look at again


def polarity_conflicts(found: Sequence[Priority]) -> list[rules.PolarityConflict]:
    """Objectives that pull one subject both ways. No query if objectives were fetched with the priorities."""
    return rules.polarity_conflicts(
        rules.Wanted(one.pk, one.title, one.subject, Aim(one.aim))
        for priority_ in found
        for one in priority_.objectives.all()
    )


def without_number(found: Sequence[Priority]) -> list[Priority]:
    """Priorities of which no target says how much. No query if targets were fetched with the priorities."""
    return [one for one in found if not any(t.has_number for t in _targets_in(one))]


def _targets_in(one: Priority) -> list[Target]:
    return [t for objective_ in one.objectives.all() for t in objective_.targets.all() if not t.dropped]


# --- milestones and the matrix


def milestones(
    of: Plan | None = None, *, priority_key: str = "", state: str = "", due_before: date | None = None
) -> list[Milestone]:
    """A plan's milestones by date, those without a date last; with their priority. One query, two without a plan."""
    of = of or current_plan()
    if of is None:
        return []
    found = Milestone.objects.filter(plan=of).select_related("priority")
    if priority_key:
        found = found.filter(priority__key=priority_key)
    if state:
        found = found.filter(state=state)
    if due_before is not None:
        found = found.filter(due_on__lt=due_before)
    return list(found)


def milestone(id: int) -> Milestone | None:
    """One milestone with its plan. One query."""
    return Milestone.objects.select_related("plan", "priority").filter(pk=id).first()


@dataclass(frozen=True, slots=True)
class Matrix:
    """Objectives by wider aims. ``links[(objective key, aim key)]``."""

    aims: list[WiderAim]
    objectives: list[Objective]
    links: Mapping[tuple[int, int], AimLink]


def matrix(of: Plan) -> Matrix:
    """The priorities matrix of a plan. Three queries."""
    objectives = Objective.objects.filter(priority__plan=of).select_related("priority")
    links = AimLink.objects.filter(aim__plan=of)
    return Matrix(
        list(WiderAim.objects.filter(plan=of)),
        list(objectives.order_by("priority__order", "order", "pk")),
        {(link.objective_id, link.aim_id): link for link in links},
    )


def wider_aim(id: int) -> WiderAim | None:
    """One aim of another strategy. One query."""
    return WiderAim.objects.select_related("plan").filter(pk=id).first()


# --- versions


def compare(before: Plan, after: Plan) -> list[rules.Difference]:
    """What differs between two versions: priorities, objectives, targets, milestones, money. Fourteen queries."""
    old, new = _comparable(before), _comparable(after)
    return [difference for what in old for difference in rules.compared(old[what], new[what], what=what)]


def _comparable(of: Plan) -> dict[str, dict[str, dict[str, str]]]:
    found = priorities(of)
    objectives = [(one, o) for one in found for o in one.objectives.all()]
    return {
        "priority": {
            one.key: {"title": one.title, "why": one.why, "lead agency": one.lead_agency_name} for one in found
        },
        "objective": {f"{one.key} {o.title.casefold()}": {"title": o.title, "aim": o.aim} for one, o in objectives},
        "target": {
            f"{one.key} {t.title.casefold()}": {
                "title": t.title,
                "value": target_words(t),
                "due": "" if t.due_on is None else t.due_on.isoformat(),
            }
            for one, o in objectives
            for t in o.targets.all()
            if not t.dropped
        },
        "milestone": {
            m.title.casefold(): {"title": m.title, "due": m.due_text or (m.due_on.isoformat() if m.due_on else "")}
            for m in milestones(of)
        },
        "money": {
            f"{line.side} {line.kind} {line.title.casefold()}": {"title": line.title, "all years": _all_years(line, of)}
            for line in money_of(of).lines
        },
    }


def _all_years(line: money.Line, of: Plan) -> str:
    amount = line.all_years(of.year_numbers)
    certainty = "" if amount.is_complete else f"{amount.certainty} "
    return f"{certainty}£{amount.known:,.0f}"


def target_words(one: Target) -> str:
    """``at most 560``, ``at least 85 %``; empty for a target without a number."""
    if one.value is None:
        return ""
    return f"{one.sense} {plain(one.value)} {one.unit}".strip()


def plain(value: Decimal) -> str:
    """A number without needless noughts, thousands with commas: ``1385077.00`` -> ``1,385,077``."""
    written = f"{value:,f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


# --- proposing a profile


@dataclass(frozen=True, slots=True)
class Proposal:
    """A profile drawn from history and season: ``values[year][quarter]``, quarter 0 the year; ``how`` in words."""

    values: Mapping[int, Mapping[int, Decimal]]
    how: str
    history: tuple[tuple[int, tuple[int, ...]], ...]  # (financial year, four counts)


def propose_profile(one: Target, of: Plan) -> Proposal:
    """The quarterly way from a target's baseline to its value: a straight line over the years, the season within each.

    Of an indicator that is summed over the year each quarter gets its share of past years; of one that is a mean, a
    latest value or a rolling year each quarter lies on the line. A count without an indicator is spread evenly. Raises
    CannotCompute where there is no number, no baseline, no due date or too little history. Three queries.
    """
    if one.value is None or one.due_on is None:
        raise CannotCompute("A profile needs a target with a number and a date.")
    if one.baseline_value is None or one.baseline_last_on is None:
        raise CannotCompute("A profile starts at a baseline. Name the figure this target is measured against.")
    indicator = indicators.indicator(one.indicator_id) if one.indicator_id else None
    yearly = _year_values(one, of.year_numbers)
    if indicator is None and one.unit == Unit.COUNT:
        return Proposal({year: _evenly(value) for year, value in yearly.items()}, _EVEN, ())
    if indicator is not None and indicator.period == PeriodLength.YEAR:
        return Proposal({year: {0: value} for year, value in yearly.items()}, _YEARLY, ())
    if indicator is None or Aggregation(indicator.aggregation) is not Aggregation.SUM:
        return Proposal(_on_the_line(one, of.year_numbers), _LINE, ())
    history = _past_years(one)
    if not history:
        raise CannotCompute(
            f"“{indicator.name}” has no full financial year of four quarters yet, so its season is unknown. "
            "Add the figures of one, or write the profile by hand."
        )
    values, share_of = {}, one.denominator if one.is_rate else None
    for year, value in yearly.items():
        count = value if share_of is None else value * share_of / rules.PER
        spread = quarterly_profile([counts for _, counts in history], target=int(count.to_integral_value()))
        quarters = {q: Decimal(spread.quarters[q - 1]) for q in QUARTERS}
        if share_of:
            quarters = {q: (count * rules.PER / share_of).quantize(Decimal("0.01")) for q, count in quarters.items()}
        values[year] = {0: value, **quarters}
    words = ", ".join(rules.year_label(year) for year, _ in history)
    return Proposal(values, f"{_SEASON} {words}.", tuple(history))


_EVEN = (
    "A straight line from the baseline to the target over the years; within a year the quarters are even, because no "
    "indicator’s history shows its season."
)
_YEARLY = "A straight line from the baseline to the target, one step each year, as it is measured."
_LINE = "A straight line from the baseline to the target, one step each quarter."
_SEASON = (
    "A straight line from the baseline to the target over the years; within a year each quarter has the share it had in"
)


def _evenly(value: Decimal) -> dict[int, Decimal]:
    """A year's count in four whole quarters as even as they can be, the odd ones first."""
    each, odd = divmod(int(value), len(QUARTERS))
    return {0: Decimal(int(value)), **{q: Decimal(each + (1 if q <= odd else 0)) for q in QUARTERS}}


def _year_values(one: Target, years: Sequence[int]) -> dict[int, Decimal]:
    assert one.value is not None and one.baseline_value is not None
    assert one.due_on is not None and one.baseline_last_on is not None
    base, due = rules.financial_year(one.baseline_last_on), rules.financial_year(one.due_on)
    steps = max(due - base, 1)
    return {
        year: _rounded(one, one.baseline_value + (one.value - one.baseline_value) * min(year - base, steps) / steps)
        for year in years
        if base < year <= due
    }


def _on_the_line(one: Target, years: Sequence[int]) -> dict[int, dict[int, Decimal]]:
    assert one.value is not None and one.baseline_value is not None
    assert one.due_on is not None and one.baseline_last_on is not None
    start = rules.financial_year(one.baseline_last_on) * 4 + rules.quarter_of(one.baseline_last_on)
    steps = max(rules.financial_year(one.due_on) * 4 + rules.quarter_of(one.due_on) - start, 1)
    found: dict[int, dict[int, Decimal]] = {}
    for year in years:
        for quarter in QUARTERS:
            done = year * 4 + quarter - start
            if 0 < done <= steps:
                value = one.baseline_value + (one.value - one.baseline_value) * done / steps
                found.setdefault(year, {})[quarter] = value.quantize(Decimal("0.01"))
    return found


def _rounded(one: Target, value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01") if one.is_rate else Decimal(1))


def _past_years(one: Target) -> list[tuple[int, tuple[int, ...]]]:
    """Full financial years of the target's indicator as four counts each, oldest first, up to its baseline's year."""
    counts: dict[int, dict[int, Decimal]] = {}
    months: dict[int, set[int]] = {}
    for figure in indicators.series(one.indicator_id or 0, reader=Reader.software()):
        count = figure.numerator if figure.numerator is not None else figure.value
        year, quarter = rules.financial_year(figure.last_on), rules.quarter_of(figure.last_on)
        length = (figure.last_on.year - figure.first_on.year) * 12 + figure.last_on.month - figure.first_on.month + 1
        if count is None or length not in (1, 3):
            continue
        by_quarter = counts.setdefault(year, {})
        by_quarter[quarter] = by_quarter.get(quarter, Decimal(0)) + count
        covered = range(figure.last_on.month - length + 1, figure.last_on.month + 1)
        months.setdefault(year, set()).update((month - 1) % 12 for month in covered)
    return [
        (year, tuple(int(counts[year][quarter]) for quarter in QUARTERS))
        for year in sorted(counts)
        if len(months[year]) == 12 and len(counts[year]) == len(QUARTERS)
    ]


# --- money


def funds(of: Plan) -> list[Fund]:
    """A plan's funds. One query."""
    return list(Fund.objects.filter(plan=of))


def money_lines(of: Plan) -> list[MoneyLine]:
    """A plan's money lines with their fund and cells (``line.cells.all()``), funding first. Two queries."""
    found = MoneyLine.objects.filter(plan=of).select_related("fund", "plan").prefetch_related("cells")
    order = {side: at for at, side in enumerate((Side.FUNDING, Side.EXPENDITURE))}
    kinds = {kind: at for at, kind in enumerate(Kind)}
    return sorted(found, key=lambda line: (order[Side(line.side)], kinds[Kind(line.kind)], line.order, line.pk))


def money_of(of: Plan) -> money.Money:
    """A plan's money as the arithmetic reads it. Three queries."""
    return money_from(of, money_lines(of), list(StatedSum.objects.filter(plan=of)))


def money_from(of: Plan, lines: Sequence[MoneyLine], sums: Sequence[StatedSum]) -> money.Money:
    """The same, of lines that were fetched already. No query."""
    stated = [
        money.StatedTotal(
            Side(one.side),
            Kind(one.kind) if one.kind else None,
            money.Period(one.year, one.quarter) if one.year else None,
            one.amount,
        )
        for one in sums
    ]
    return money.Money(of.year_numbers, tuple(as_line(line) for line in lines), tuple(stated))


def as_line(line: MoneyLine) -> money.Line:
    """A row of the table as the arithmetic reads it; its cells were fetched with it."""
    return money.Line(
        title=line.title,
        side=Side(line.side),
        kind=Kind(line.kind),
        cells={money.Period(cell.year, cell.quarter): cell.amount for cell in line.cells.all()},
        key=line.pk,
        note=line.note,
        stated_total=line.stated_total,
    )


def money_line(id: int) -> MoneyLine | None:
    """One line with its plan, fund and cells. Two queries."""
    found = MoneyLine.objects.select_related("plan", "fund").prefetch_related("cells")
    return found.filter(pk=id).first()


@dataclass(frozen=True, slots=True)
class MoneyTables:
    """Everything the money page says: the arithmetic, and what it found."""

    table: money.Money
    balances: list[money.Balance]
    misfits: list[money.Misfit]
    gaps: list[money.Gap]
    squeezes: list[money.Squeeze]
    rises: money.Rises
    ties: list[money.Tie]
    funding: money.Amount
    expenditure: money.Amount

    @property
    def unknown_count(self) -> int:
        """Cells to be confirmed."""
        return len(self.table.unknown_cells())

    @property
    def proven(self) -> int:
        """Columns, without all years, whose funding and expenditure are complete and equal."""
        return sum(1 for b in self.balances if b.period is not None and b.verdict is money.Verdict.BALANCED)

    @property
    def foots(self) -> bool:
        """Every row and column comes to what it says."""
        return not self.misfits and not self.gaps and all(b.verdict is not money.Verdict.OUT for b in self.balances)


def money_tables(of: Plan) -> MoneyTables:
    """A plan's money with its totals, differences, rises and ties. Three queries."""
    return tables_from(money_of(of))


def tables_from(found: money.Money) -> MoneyTables:
    """The same, of money that was fetched already. No query."""
    return MoneyTables(
        table=found,
        balances=found.balances(),
        misfits=found.misfits(),
        gaps=found.gaps(),
        squeezes=found.squeezes(),
        rises=money.rises(found),
        ties=money.ties(found),
        funding=found.column(Side.FUNDING, None, None),
        expenditure=found.column(Side.EXPENDITURE, None, None),
    )


def cell(line_id: int, year: int, quarter: int) -> MoneyCell | None:
    """One cell, if anything was planned there. One query."""
    return MoneyCell.objects.filter(line_id=line_id, year=year, quarter=quarter).first()


@dataclass(frozen=True, slots=True)
class SpendLine:
    """One line of expenditure in a year: what was planned and spent up to a quarter. Pounds."""

    line: MoneyLine
    to_date: money.SpendToDate


@dataclass(frozen=True, slots=True)
class Spending:
    """Spend against profile in one financial year, up to the newest quarter with any spend."""

    year: int
    quarters_in: int
    lines: list[SpendLine]
    whole: money.SpendToDate


def spend_to_date(of: Plan, year: int | None = None, *, today: date | None = None) -> Spending | None:
    """Spend against profile in a year of the plan (by default the newest with any); None before any. Three queries.

    Only whole quarters that have ended before ``today`` count, where it is given.
    """
    lines = [line for line in money_lines(of) if line.side == Side.EXPENDITURE]
    rows = list(Spend.objects.filter(line__plan=of))
    if today is not None:
        rows = [row for row in rows if rules.quarter_months(row.year, row.quarter)[1].first_day < today.replace(day=1)]
    if year is not None:
        rows = [row for row in rows if row.year == year]
    if not rows:
        return None
    year = year if year is not None else max(row.year for row in rows)
    rows = [row for row in rows if row.year == year]
    quarters_in = max(row.quarter for row in rows)
    spent = {line.pk: Decimal(0) for line in lines}
    committed = dict(spent)
    for row in rows:
        spent[row.line_id] += row.spent
        committed[row.line_id] += row.committed if row.quarter == quarters_in else Decimal(0)
    found = []
    for line in lines:
        pure = as_line(line)
        found.append(
            SpendLine(
                line,
                money.SpendToDate(
                    spent[line.pk],
                    committed[line.pk],
                    money.profile_to_date(pure, year, quarters_in),
                    pure.cell(money.Period(year)),
                    quarters_in,
                ),
            )
        )
    whole = money.SpendToDate(
        sum((one.to_date.spent for one in found), Decimal(0)),
        sum((one.to_date.committed for one in found), Decimal(0)),
        money.total(one.to_date.profile for one in found),
        money.total(one.to_date.budget for one in found),
        quarters_in,
    )
    return Spending(year, quarters_in, found, whole)


def virements(of: Plan) -> list[Virement]:
    """Moves of money, those that wait first, then the newest. One query."""
    found = Virement.objects.filter(plan=of).select_related("source", "target")
    return sorted(found, key=lambda one: one.state != VirementState.ASKED)


def virements_waiting() -> list[Virement]:
    """Moves of money in the partnership's own plans that wait for a manager, the oldest first. One query."""
    found = Virement.objects.filter(state=VirementState.ASKED.value, plan__is_example=False)
    return list(found.select_related("source", "target").order_by("asked_at", "pk"))


def virement(id: int) -> Virement | None:
    """One move of money with its lines. One query."""
    return Virement.objects.select_related("plan", "source", "target").filter(pk=id).first()


def lines_without_priority(of: Plan) -> list[MoneyLine]:
    """Lines of expenditure tied to no priority: spend that hangs on no thread. One query."""
    return list(MoneyLine.objects.filter(plan=of, side=Side.EXPENDITURE.value, priority_key=""))
