"""Named writes of the plan's money: funds, lines, cells, stated totals, spend, virements."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.records.plan import money, permissions, rules, selectors
from frankpledge.records.plan.models import (
    NAME,
    SENTENCE,
    Fund,
    MoneyCell,
    MoneyLine,
    Plan,
    Spend,
    StatedSum,
    Virement,
)
from frankpledge.records.plan.vocabulary import WHOLE_YEAR, Kind, PlanState, Side, VirementState
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import RuleBroken

LONG = 4_000
MOST_POUNDS = Decimal("999999999999")


class CellChanged(RuleBroken):
    """Somebody else changed the cell meanwhile. Both values are kept: theirs in the cell, yours here."""

    def __init__(self, theirs: Decimal | None, who: str, edition: int, yours: Decimal | None) -> None:
        self.theirs, self.who, self.edition, self.yours = theirs, who, edition, yours
        super().__init__(
            f"{who or 'Somebody'} changed this amount while you had it open: it is now {pounds(theirs)}, "
            f"you wrote {pounds(yours)}. Choose which holds."
        )


def pounds(amount: Decimal | None) -> str:
    """``£1,385,077``, pence only where there are any; to be confirmed without an amount."""
    if amount is None:
        return "to be confirmed"
    written = f"{abs(amount):,.0f}" if amount == amount.to_integral_value() else f"{abs(amount):,.2f}"
    return f"{'−' if amount < 0 else ''}£{written}"


@transaction.atomic
def add_fund(
    *,
    plan: Plan,
    name: str,
    kind: Kind | str,
    source: str = "",
    conditions: str = "",
    controller: str = "",
    next_controller: str = "",
    controller_changes_on: date | None = None,
    by: Actor,
) -> Fund:
    """Add a fund: capital or revenue, its source, its conditions, who controls it now and who from when.

    Raises RuleBroken for a fund the plan has already, and for a next controller without a day (or the other way round).
    """
    permissions.check_can_edit_money(by)
    _check_open(plan)
    name = rules.needed(storable(name), NAME, "The fund’s name")
    if bool(next_controller.strip()) != (controller_changes_on is not None):
        raise RuleBroken("Say who controls the fund next and from which day: both or neither.")
    if Fund.objects.filter(plan=plan, name=name, kind=Kind(kind).value).exists():
        raise RuleBroken(f"The plan has a {Kind(kind).value} fund “{name}” already.")
    found = Fund.objects.create(
        plan=plan,
        name=name,
        kind=Kind(kind).value,
        source=rules.fitting(storable(source), NAME, "The source"),
        conditions=rules.fitting(storable(conditions), LONG, "The conditions"),
        controller=rules.fitting(storable(controller), NAME, "Who controls it"),
        next_controller=rules.fitting(storable(next_controller), NAME, "Who controls it next"),
        controller_changes_on=controller_changes_on,
        order=(plan.funds.aggregate(last=Max("order"))["last"] or 0) + 1,
    )
    _note(Act.COLLECTION, f"added the fund “{found.name}”", f"plan:fund {found.pk}", by)
    return found


@transaction.atomic
def add_money_line(
    *,
    plan: Plan,
    side: Side | str,
    kind: Kind | str,
    title: str,
    fund: Fund | None = None,
    priority_key: str = "",
    owner_id: int | None = None,
    owner_name: str = "",
    note: str = "",
    stated_total: Decimal | int | None = None,
    by: Actor,
) -> MoneyLine:
    """Add a row: funding (from a fund) or expenditure (on a category, for a priority).

    Raises RuleBroken for a second of the same name in that part of the table, and for a fund of the other kind.
    """
    permissions.check_can_edit_money(by)
    _check_open(plan)
    title = rules.needed(storable(title), NAME, "The line’s name")
    side, kind = Side(side), Kind(kind)
    if fund is not None and (fund.plan_id != plan.pk or fund.kind != kind):
        raise RuleBroken(f"“{fund.name}” is a {fund.kind} fund, so it cannot stand among the {kind.value} lines.")
    if MoneyLine.objects.filter(plan=plan, side=side.value, kind=kind.value, title=title).exists():
        raise RuleBroken(f"There is a line “{title}” among the {kind.value} {side.value} already.")
    found = MoneyLine.objects.create(
        plan=plan,
        side=side.value,
        kind=kind.value,
        title=title,
        fund=fund,
        priority_key=priority_key,
        owner_id=owner_id,
        owner_name=rules.fitting(storable(owner_name), NAME, "The owner’s name"),
        note=rules.fitting(storable(note), SENTENCE, "The note"),
        stated_total=None if stated_total is None else Decimal(stated_total),
        order=(plan.money_lines.aggregate(last=Max("order"))["last"] or 0) + 1,
    )
    _note(Act.COLLECTION, f"added the money line “{found.title}”", f"plan:moneyline {found.pk}", by)
    return found


@transaction.atomic
def set_cell(
    *,
    line: MoneyLine,
    year: int,
    quarter: int = WHOLE_YEAR,
    amount: Decimal | int | None,
    seen: int | None = None,
    by: Actor,
) -> MoneyCell:
    """Write an amount in pounds, or None for *to be confirmed*.

    ``seen``: the edition of the cell the person had before them (0 for a blank one). Raises CellChanged where somebody
    else wrote another amount meanwhile; RuleBroken for a year outside the plan or no such quarter.
    """
    permissions.check_can_edit_money(by)
    _check_open(line.plan)
    value = _checked(line, year, quarter, amount)
    held = MoneyCell.objects.select_for_update().filter(line=line, year=year, quarter=quarter).first()
    edition = 0 if held is None else held.edition
    if seen is not None and seen != edition and (held is None or held.amount != value):
        raise CellChanged(held.amount if held else None, held.changed_by_name if held else "", edition, value)
    if held is not None and held.amount == value:
        return held
    before = held.amount if held is not None else None
    if held is None:
        held = MoneyCell(line=line, year=year, quarter=quarter)
    else:
        held.edition += 1
    held.amount, held.changed_by_name = value, storable(by.name)[:NAME]
    held.save()
    where = f"“{line.title}”, {period_words(year, quarter)}"
    change = {"before": None if before is None else str(before), "after": None if value is None else str(value)}
    audit.record(
        act=Act.ALTERATION,
        what=f"set {where} to {pounds(value)}",
        subject=f"plan:moneycell {held.pk}",
        by=by,
        details=change,
    )
    return held


@transaction.atomic
def clear_cell(*, line: MoneyLine, year: int, quarter: int = WHOLE_YEAR, by: Actor) -> None:
    """Leave a cell blank again: nothing is planned there."""
    permissions.check_can_edit_money(by)
    _check_open(line.plan)
    gone, _ = MoneyCell.objects.filter(line=line, year=year, quarter=quarter).delete()
    if gone:
        where = f"“{line.title}”, {period_words(year, quarter)}"
        _note(Act.ALTERATION, f"left {where} blank", f"plan:moneyline {line.pk}", by)


def _checked(line: MoneyLine, year: int, quarter: int, amount: Decimal | int | None) -> Decimal | None:
    if not 0 <= quarter <= 4:
        raise RuleBroken(f"There is no quarter {quarter}. Quarters are 1 (April to June) to 4.")
    if year not in line.plan.year_numbers:
        first, last = (rules.year_label(line.plan.year_numbers[at]) for at in (0, -1))
        raise RuleBroken(
            f"“{line.title}” has an amount in {rules.year_label(year)}, outside the plan ({first} to {last}). "
            "Move it to the right year."
        )
    if amount is None:
        return None
    value = Decimal(amount).quantize(Decimal("0.01"))
    if abs(value) > MOST_POUNDS:
        raise RuleBroken(f"“{line.title}”: {value:,.0f} pounds cannot be meant.")
    return value


@transaction.atomic
def state_total(
    *,
    plan: Plan,
    side: Side | str,
    kind: Kind | str | None = None,
    year: int | None = None,
    quarter: int = WHOLE_YEAR,
    amount: Decimal | int,
    by: Actor,
) -> StatedSum:
    """Keep a total as the plan prints it, to be held against the lines. No ``kind``: both; no ``year``: all years."""
    permissions.check_can_edit_money(by)
    _check_open(plan)
    return StatedSum.objects.update_or_create(
        plan=plan,
        side=Side(side).value,
        kind="" if kind is None else Kind(kind).value,
        year=year or 0,
        quarter=quarter,
        defaults={"amount": Decimal(amount)},
    )[0]


@transaction.atomic
def record_spend(
    *, line: MoneyLine, year: int, quarter: int, spent: Decimal | int, committed: Decimal | int = 0, by: Actor
) -> Spend:
    """What a line really cost in a quarter, and what is promised but not paid by its end. Writing again replaces it."""
    permissions.check_can_edit_money(by)
    if line.side != Side.EXPENDITURE:
        raise RuleBroken("Spend is recorded against a line of expenditure.")
    if not 1 <= quarter <= 4:
        raise RuleBroken(f"There is no quarter {quarter}. Quarters are 1 (April to June) to 4.")
    amounts = {"spent": _checked(line, year, quarter, spent), "committed": _checked(line, year, quarter, committed)}
    found = Spend.objects.update_or_create(line=line, year=year, quarter=quarter, defaults=amounts)[0]
    where = f"“{line.title}”, {period_words(year, quarter)}"
    _note(Act.COLLECTION, f"recorded spend on {where}: {pounds(amounts['spent'])}", f"plan:spend {found.pk}", by)
    return found


# --- virements


@transaction.atomic
def ask_virement(
    *,
    source: MoneyLine,
    target: MoneyLine,
    year: int,
    quarter: int = WHOLE_YEAR,
    amount: Decimal | int,
    reason: str,
    by: Actor,
) -> Virement:
    """Ask to move money from one line to another. Nothing moves until somebody else approves it."""
    permissions.check_can_edit_money(by)
    _check_open(source.plan)
    reason = rules.fitting(rules.check_reason(storable(reason), "why the money is to be moved"), LONG, "The reason")
    value = Decimal(amount).quantize(Decimal("0.01"))
    _check_move(source, target, year, quarter, value)
    found = Virement.objects.create(
        plan=source.plan,
        source=source,
        target=target,
        year=year,
        quarter=quarter,
        amount=value,
        reason=reason,
        asked_at=timezone.now(),
        asked_by_id=by.id,
        asked_by_name=storable(by.name)[:NAME],
    )
    what = f"asked to move {pounds(value)} from “{source.title}” to “{target.title}”"
    _note(Act.COLLECTION, what, f"plan:virement {found.pk}", by, purpose=reason)
    return found


@transaction.atomic
def approve_virement(*, virement: Virement, answer: str = "", by: Actor) -> Virement:
    """Approve a move and make it: both cells change, their sum does not. Not by the person who asked."""
    permissions.check_can_approve_money(by)
    found = _waiting(virement, by)
    _move(found, forwards=True, by=by)
    return _decided(found, VirementState.APPROVED, answer, by)


@transaction.atomic
def refuse_virement(*, virement: Virement, answer: str, by: Actor) -> Virement:
    """Refuse a move, with the reason. Nothing moves."""
    permissions.check_can_approve_money(by)
    rules.check_reason(answer, "why the move is refused")
    return _decided(_waiting(virement, by), VirementState.REFUSED, answer, by)


@transaction.atomic
def reverse_virement(*, virement: Virement, answer: str, by: Actor) -> Virement:
    """Put an approved move back, with the reason. Raises RuleBroken where the money has gone elsewhere since."""
    permissions.check_can_approve_money(by)
    rules.check_reason(answer, "why the move is put back")
    found = Virement.objects.select_for_update().get(pk=virement.pk)
    if found.state != VirementState.APPROVED:
        raise RuleBroken(f"This move is {found.state}, so there is nothing to put back.")
    _move(found, forwards=False, by=by)
    return _decided(found, VirementState.REVERSED, answer, by)


def _waiting(virement: Virement, by: Actor) -> Virement:
    found = Virement.objects.select_for_update().get(pk=virement.pk)
    if found.state != VirementState.ASKED:
        raise RuleBroken(f"This move is {found.state} already.")
    if by.id is not None and by.id == found.asked_by_id:
        raise RuleBroken("Somebody other than the person who asked must decide about a move of money.")
    return found


def _check_move(
    source: MoneyLine, target: MoneyLine, year: int, quarter: int, amount: Decimal
) -> tuple[Decimal, Decimal]:
    # Read again: what the caller holds may be older than the cells.
    start, end = selectors.money_line(source.pk), selectors.money_line(target.pk)
    assert start is not None and end is not None
    for line in (start, end):
        _checked(line, year, quarter, None)
    return money.check_virement(
        source=selectors.as_line(start),
        target=selectors.as_line(end),
        period=money.Period(year, quarter),
        amount=amount,
        same_plan=source.plan_id == target.plan_id,
    )


def _move(found: Virement, *, forwards: bool, by: Actor) -> None:
    start, end = (found.source, found.target) if forwards else (found.target, found.source)
    # Locked in one order whichever way the money goes, so that two moves cannot wait for each other.
    keys = sorted((start.pk, end.pk))
    list(MoneyCell.objects.select_for_update().filter(line_id__in=keys).order_by("line_id", "year", "quarter"))
    left, there = _check_move(start, end, found.year, found.quarter, found.amount)
    for line, amount in ((start, left), (end, there)):
        cell, _ = MoneyCell.objects.get_or_create(line=line, year=found.year, quarter=found.quarter)
        cell.amount, cell.edition, cell.changed_by_name = amount, cell.edition + 1, storable(by.name)[:NAME]
        cell.save()


def _decided(found: Virement, state: VirementState, answer: str, by: Actor) -> Virement:
    found.state, found.decided_at = state.value, timezone.now()
    found.decided_by_name = storable(by.name)[:NAME]
    found.answer = rules.fitting(storable(answer), LONG, "The answer")
    found.save(update_fields=["state", "decided_at", "decided_by_name", "answer"])
    what = f"{state.value} the move of {pounds(found.amount)} from “{found.source.title}” to “{found.target.title}”"
    _note(Act.ALTERATION, what, f"plan:virement {found.pk}", by, purpose=found.answer or None)
    return found


# --- shared


def period_words(year: int, quarter: int) -> str:
    """``2002/03``, ``quarter 3 of 2002/03``."""
    label = rules.year_label(year)
    return label if quarter == WHOLE_YEAR else f"quarter {quarter} of {label}"


def _check_open(plan: Plan) -> None:
    if plan.state == PlanState.SUPERSEDED:
        raise RuleBroken("This version of the plan is history. Change the newest version instead.")


def _note(act: Act, what: str, subject: str, by: Actor, purpose: str | None = None) -> None:
    audit.record(act=act, what=what, subject=subject, by=by, purpose=purpose)
