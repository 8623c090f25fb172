"""What the money pages say: two tables, four cards, what was found. No decisions and no writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from frankpledge.records.plan import money, rules, selectors, sheet
from frankpledge.records.plan.models import MoneyLine, Plan, StatedSum, Virement
from frankpledge.records.plan.money import Amount, Certainty, Period, Verdict
from frankpledge.records.plan.money_services import pounds
from frankpledge.records.plan.permissions import abilities
from frankpledge.records.plan.vocabulary import Kind, PlanState, Side, VirementState
from frankpledge.reports.plan_charts import Stack, stacked_columns
from frankpledge.ui.wording import spelled
from frankpledge.vocabulary.wording import whole

TENTHS = ("", "One pound", "Two pounds", "Three pounds", "Four pounds", "Half the money", "Six pounds", "Seven pounds",
          "Eight pounds", "Nine pounds")  # fmt: skip


def quarter_names() -> tuple[str, str, str, str]:
    """The quarters of the financial year, from April."""
    return gettext("Apr–Jun"), gettext("Jul–Sep"), gettext("Oct–Dec"), gettext("Jan–Mar")


def period_words(year: int, quarter: int) -> str:
    """``2002/03`` or ``October to December 2002/03`` in short."""
    label = rules.year_label(year)
    return label if not quarter else f"{quarter_names()[quarter - 1]} {label}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the template draws it. ``state``: blank, nil, amount, tbc, at least, unknown, even, so far, out."""

    text: str
    state: str
    shade: str
    href: str = ""
    name: str = ""


def money_page(of: Plan, person: Any) -> dict[str, Any]:
    """Everything on the page of the money. Six queries and those of the frame."""
    can = abilities(person)
    can["may_edit_money"] = can["may_edit_money"] and of.state != PlanState.SUPERSEDED
    lines = selectors.money_lines(of)
    if not lines:
        return {"plan": of, **can, "empty": True}
    tables = selectors.tables_from(selectors.money_from(of, lines, list(StatedSum.objects.filter(plan=of))))
    unknown = tables.table.unknown_cells()
    waiting = [one for one in selectors.virements(of) if one.state == VirementState.ASKED]
    funds = selectors.funds(of)
    return {
        "plan": of,
        **can,
        "empty": False,
        "lead": _lead(tables, of),
        "cards": _cards(tables),
        "heads": _heads(tables.table),
        "funding": _table(tables, Side.FUNDING, lines, can["may_edit_money"]),
        "expenditure": _table(tables, Side.EXPENDITURE, lines, can["may_edit_money"]),
        "balances": [_balance(balance) for balance in tables.balances],
        "misfits": [_misfit(fault) for fault in tables.misfits],
        "squeezes": [_squeeze(one) for one in tables.squeezes],
        "has_nil": any(value == 0 for line in tables.table.lines for value in line.cells.values()),
        "unknown_count": len(unknown),
        "unknown": _unknown(unknown, lines, can["may_edit_money"]),
        "first_unknown": _cell_address(unknown[0][0].key, unknown[0][1]) if unknown else "",
        "chart": _chart(tables.table),
        "rises": _rises(tables),
        "ties": [_tie(tie) for tie in tables.ties],
        "funds": funds,
        "moves_waiting": len(waiting),
        "notes": [line for line in lines if line.note],
        "is_draft": of.state == PlanState.DRAFT,
    }


def _unknown(
    found: Sequence[tuple[money.Line, Period]], lines: Sequence[MoneyLine], editable: bool
) -> list[dict[str, str]]:
    """Cells to be confirmed, each with who can confirm it."""
    owners = {line.pk: line.owner_name for line in lines}
    return [
        {
            "words": f"{line.title}, {period_words(at.year, at.quarter)}",
            "owner": owners[line.key],
            "href": _cell_address(line.key, at) if editable else "",
        }
        for line, at in found
    ]


def _lead(tables: selectors.MoneyTables, of: Plan) -> str:
    first = gettext("%(sum)s over %(years)s.") % {
        "sum": amount_words(tables.funding if tables.funding.parts else tables.expenditure, start=True),
        "years": ngettext("%(count)s year", "%(count)s years", of.years) % {"count": spelled(of.years)},
    }
    parts = [first, gettext("Every row and column adds up.") if tables.foots else _faults(tables)]
    count = tables.unknown_count
    if count:
        words = ngettext(
            "%(count)s cell is still to be confirmed, so totals over it are floors.",
            "%(count)s cells are still to be confirmed, so totals over them are floors.",
            count,
        )
        parts.append(words % {"count": spelled(count).capitalize()})
    return " ".join(parts)


def _faults(tables: selectors.MoneyTables) -> str:
    count = len(tables.misfits)
    said = []
    if count:
        said.append(
            ngettext("%(count)s total does not add up.", "%(count)s totals do not add up.", count)
            % {"count": spelled(count).capitalize()}
        )
    return " ".join([*said, *(_gap_words(gap) for gap in tables.gaps)])


def _gap_words(gap: money.Gap) -> str:
    words = {
        (Kind.CAPITAL, True): gettext("In %(year)s capital funding is %(sum)s more than expenditure."),
        (Kind.CAPITAL, False): gettext("In %(year)s capital funding is %(sum)s short of expenditure."),
        (Kind.REVENUE, True): gettext("In %(year)s revenue funding is %(sum)s more than expenditure."),
        (Kind.REVENUE, False): gettext("In %(year)s revenue funding is %(sum)s short of expenditure."),
    }[gap.kind, gap.difference > 0]
    return words % {"year": rules.year_label(gap.year), "sum": pounds(abs(gap.difference))}


def amount_words(amount: Amount, *, start: bool = False) -> str:
    """``£1,385,077``, ``at least £265,099`` or ``not yet known``."""
    if amount.certainty is Certainty.NOT_YET_KNOWN:
        return gettext("Not yet known") if start else gettext("not yet known")
    if amount.certainty is Certainty.COMPLETE:
        return pounds(amount.known)
    return (gettext("At least %(sum)s") if start else gettext("at least %(sum)s")) % {"sum": pounds(amount.known)}


def _cards(tables: selectors.MoneyTables) -> list[dict[str, str]]:
    table, unknown = tables.table, tables.table.unknown_cells()
    in_funding = sum(1 for line, _ in unknown if line.side is Side.FUNDING)
    last = tables.balances[-1]
    later = sum(1 for b in tables.balances if b.verdict is Verdict.SO_FAR)
    revenue = table.column(Side.FUNDING, Kind.REVENUE, None)
    return [
        {
            "label": gettext("Funding, all years"),
            "before": _certainty(tables.funding),
            "value": pounds(tables.funding.known),
            "note": _complete_year(table),
        },
        {
            "label": gettext("Funding less expenditure"),
            "value": pounds(last.difference),
            "after": gettext("so far") if last.verdict is Verdict.SO_FAR else "",
            "good": ngettext("%(count)s column proven", "%(count)s columns proven", tables.proven)
            % {"count": tables.proven},
            "note": gettext("%(count)s not yet") % {"count": later} if later else "",
        },
        {
            "label": gettext("To be confirmed"),
            "value": whole(len(unknown)),
            "after": ngettext("cell", "cells", len(unknown)),
            "note": gettext("%(funding)s of funding, %(cost)s of expenditure")
            % {"funding": in_funding, "cost": len(unknown) - in_funding},
        },
        {
            "label": gettext("Revenue, all years"),
            "before": _certainty(revenue),
            "value": pounds(revenue.known),
            "note": _revenue_note(table, revenue),
        },
    ]


def _certainty(amount: Amount) -> str:
    return "" if amount.is_complete else gettext("at least")


def _complete_year(table: money.Money) -> str:
    done = [year for year in table.years if table.column(Side.FUNDING, None, Period(year)).is_complete]
    if not done or len(done) == len(table.years):
        return gettext("every year is complete") if done else gettext("no year is complete")
    known = table.column(Side.FUNDING, None, Period(done[0])).known
    words = gettext("%(sum)s of it, %(year)s, is complete")
    return words % {"sum": pounds(known), "year": rules.year_label(done[0])}


def _revenue_note(table: money.Money, funding: Amount) -> str:
    missing = table.column(Side.EXPENDITURE, Kind.REVENUE, None).missing
    first = gettext("funding complete") if funding.is_complete else gettext("funding incomplete")
    if not missing:
        return gettext("%(funding)s; every cost known") % {"funding": first}
    return ngettext("%(funding)s; %(count)s cost t.b.c.", "%(funding)s; %(count)s costs t.b.c.", missing) % {
        "funding": first,
        "count": spelled(missing),
    }


def _heads(table: money.Money) -> dict[str, Any]:
    columns = table.columns
    with_quarters = list(dict.fromkeys(at.year for at in columns if not at.is_year))
    return {
        "groups": [gettext("%(year)s by quarter, £") % {"year": rules.year_label(year)} for year in with_quarters],
        "names": [
            {
                "words": rules.year_label(at.year) if at.is_year else quarter_names()[at.quarter - 1],
                "shade": "year" if at.is_year else "",
            }
            for at in columns
        ],
        "years": len(table.years) + 1,
        "width": len(columns) + 2,
    }


def _table(tables: selectors.MoneyTables, side: Side, lines: Sequence[MoneyLine], editable: bool) -> dict[str, Any]:
    table = tables.table
    by_key = {line.key: line for line in table.lines}
    held = {line.pk: {Period(c.year, c.quarter) for c in line.cells.all()} for line in lines}
    kinds = []
    for kind, word in ((Kind.CAPITAL, gettext("Capital")), (Kind.REVENUE, gettext("Revenue"))):
        rows = [by_key[line.pk] for line in lines if line.side == side and line.kind == kind]
        if rows:
            total = gettext("Total capital") if kind is Kind.CAPITAL else gettext("Total revenue")
            kinds.append(
                {
                    "word": word,
                    "rows": [_row(line, table, held[line.key], editable) for line in rows],
                    "total": {"title": total, "cells": _totals(table, side, kind)},
                }
            )
    name = gettext("Total funding") if side is Side.FUNDING else gettext("Total expenditure")
    return {"kinds": kinds, "total": {"title": name, "cells": _totals(table, side, None)}}


def _row(line: money.Line, table: money.Money, held: set[Period], editable: bool) -> dict[str, Any]:
    cells = [_cell(line, at, held, editable) for at in table.columns]
    every = _sum_cell(line.all_years(table.years), "all")
    return {"title": line.title, "href": reverse("plan:line", args=[line.key]), "cells": [*cells, every]}


def _cell(line: money.Line, at: Period, held: set[Period], editable: bool) -> Cell:
    shade = "year" if at.is_year else ""
    amount = line.cell(at)
    if at in line.unknown:
        href = _cell_address(line.key, at) if editable else ""
        return Cell(gettext("t.b.c."), "tbc", shade, href, f"{line.title}, {period_words(at.year, at.quarter)}")
    if amount.is_empty:
        return Cell("–", "blank", shade)
    if amount.is_complete and amount.known == 0 and at in held:
        return Cell(gettext("nil"), "nil", shade)
    return _sum_cell(amount, shade)


def _totals(table: money.Money, side: Side, kind: Kind | None) -> list[Cell]:
    cells = [_sum_cell(table.column(side, kind, at), "year" if at.is_year else "") for at in table.columns]
    return [*cells, _sum_cell(table.column(side, kind, None), "all")]


def _sum_cell(amount: Amount, shade: str) -> Cell:
    if amount.is_empty:
        return Cell("–", "blank", shade)
    if amount.certainty is Certainty.NOT_YET_KNOWN:
        return Cell(gettext("not yet known"), "unknown", shade)
    return Cell(_figure(amount.known), "amount" if amount.is_complete else "at least", shade)


def _figure(value: Decimal) -> str:
    return pounds(value).replace("£", "")


def _cell_address(key: int, at: Period) -> str:
    return f"{reverse('plan:cell')}?line={key}&year={at.year}&quarter={at.quarter}"


def _balance(balance: money.Balance) -> Cell:
    shade = "all" if balance.period is None else "year" if balance.period.is_year else ""
    state = {Verdict.BALANCED: "even", Verdict.SO_FAR: "so far", Verdict.OUT: "out"}[balance.verdict]
    return Cell(_figure(balance.difference), state, shade)


def _misfit(fault: money.Misfit) -> str:
    where = gettext("all years") if fault.period is None else period_words(fault.period.year, fault.period.quarter)
    words = gettext(
        "“%(line)s”, %(where)s: the plan says %(stated)s, its parts come to %(summed)s; %(gap)s between them."
    )
    return words % {
        "line": fault.what,
        "where": where,
        "stated": pounds(fault.stated),
        "summed": pounds(fault.summed),
        "gap": pounds(abs(fault.difference)),
    }


def _squeeze(one: money.Squeeze) -> dict[str, str]:
    year = rules.year_label(one.year)
    title = gettext("%(year)s balances only while a cost is missing.") % {"year": year}
    words = gettext("%(kind)s funding of %(sum)s is complete, but the cost of %(lines)s is still to be confirmed.") % {
        "kind": gettext("Capital") if one.kind is Kind.CAPITAL else gettext("Revenue"),
        "sum": pounds(one.funding),
        "lines": ", ".join(f"“{line}”" for line in one.lines),
    }
    if one.slack < 0:
        tail = gettext("Already %(sum)s more is planned than there is.") % {"sum": pounds(-one.slack)}
    else:
        tail = gettext("Anything above nought is a shortfall.")
    if one.last_known is not None:
        tail += " " + gettext("The year before it was %(sum)s.") % {"sum": pounds(one.last_known)}
    return {"title": title, "text": f"{words} {tail}"}


def _chart(table: money.Money) -> dict[str, Any] | None:
    """Funding by quarter of the first year that has quarters, and what share of it comes in the second half."""
    year = next((at.year for at in table.columns if not at.is_year), None)
    if year is None:
        return None
    quarters = [Period(year, quarter) for quarter in (1, 2, 3, 4)]
    rows = [
        [float(table.column(Side.FUNDING, kind, at).known) for kind in (Kind.REVENUE, Kind.CAPITAL)] for at in quarters
    ]
    if not any(sum(row) for row in rows):
        return None
    names = quarter_names()
    stacks = [Stack(names[i], tuple(row), pounds(Decimal(int(sum(row))))) for i, row in enumerate(rows)]
    every, late = sum(map(sum, rows)), sum(map(sum, rows[2:]))
    title = _late_words(late / every)
    note = gettext("%(year)s funding by quarter: %(late)s of %(every)s after September, or %(share)s %%") % {
        "year": rules.year_label(year),
        "late": pounds(Decimal(int(late))),
        "every": pounds(Decimal(int(every))),
        "share": f"{100 * late / every:.0f}",
    }
    words = (gettext("revenue"), gettext("capital"))
    drawing = stacked_columns(stacks, words, prefix="by-quarter", title=title, description=note)
    body = [
        [names[i], *(pounds(Decimal(int(part))) for part in (row[1], row[0], sum(row)))] for i, row in enumerate(rows)
    ]
    return {"svg": drawing, "title": title, "note": note, "rows": body}


def _late_words(share: float) -> str:
    tenths = round(10 * share)
    if tenths == 5 and abs(share - 0.5) < 0.02:
        return gettext("Half the money comes after September")
    if 0 < tenths < 10 and abs(share - tenths / 10) < 0.02:
        return gettext("%(pounds)s in ten come after September") % {"pounds": gettext(TENTHS[tenths])}
    return gettext("%(share)s %% of the money comes after September") % {"share": f"{100 * share:.0f}"}


def _rises(tables: selectors.MoneyTables) -> dict[str, Any] | None:
    found = tables.rises
    if not found.awards:
        return None
    rates = [f"{rate.copy_abs()} %" for rate in found.awards.values()]
    up = all(rate > 0 for rate in found.awards.values())
    joined = gettext(", then by ").join(rates)
    if len(rates) > 1 and len(set(rates)) == 1:
        joined = gettext("%(rate)s a year") % {"rate": rates[0]}
    title = (gettext("Pay rises by %(rates)s") if up else gettext("Lines change together by %(rates)s")) % {
        "rates": joined
    }
    years = tables.table.years[1:]
    hidden = [
        ngettext(
            "%(count)s line moves otherwise in %(year)s: other changes hide the rise there.",
            "%(count)s lines move otherwise in %(year)s: other changes hide the rise there.",
            len(lines),
        )
        % {"count": spelled(len(lines)).capitalize(), "year": rules.year_label(year)}
        for year in found.awards
        if (lines := found.hidden_in(year))
    ]
    rows = [
        {
            "title": title_,
            "cells": [
                {"text": _percent(by_year.get(year)), "award": by_year.get(year) == found.awards.get(year)}
                for year in years
            ],
        }
        for title_, by_year in found.changes.items()
    ]
    return {"title": title, "years": [rules.year_label(year) for year in years], "rows": rows, "hidden": hidden}


def _percent(rate: Decimal | None) -> str:
    if rate is None:
        return "–"
    return f"{'+' if rate > 0 else '−' if rate < 0 else ''}{abs(rate)} %"


def _tie(tie: money.Tie) -> str:
    words = gettext(
        "The money of “%(fund)s” equals the line “%(line)s” to the pound in every column (%(sum)s): the two are tied."
    )
    return words % {"fund": tie.funding.title, "line": tie.expenditure.title, "sum": pounds(tie.amount)}


# --- one line, one cell


def line_page(line: MoneyLine, person: Any) -> dict[str, Any]:
    """One row of the tables: its cells, its fund with conditions, its spend."""
    can = abilities(person)
    editable = can["may_edit_money"] and line.plan.state != PlanState.SUPERSEDED
    pure = selectors.as_line(line)
    with_quarters = {at.year for at in pure.cells if not at.is_year}
    rows = []
    for year in line.plan.year_numbers:
        for at in ([*sheet.quarters_of(year)] if year in with_quarters else []) + [Period(year)]:
            summed = at.is_year and year in with_quarters
            rows.append(
                {
                    "words": period_words(at.year, at.quarter),
                    "cell": _cell(pure, at, set(pure.cells), False),
                    "summed": summed,
                    "href": _cell_address(line.pk, at) if editable and not summed else "",
                }
            )
    every = pure.all_years(line.plan.year_numbers)
    return {
        "line": line,
        "plan": line.plan,
        "rows": rows,
        "lead": gettext("%(sum)s over all years of the plan.") % {"sum": amount_words(every, start=True)},
        "side": gettext("Funding") if line.side == Side.FUNDING else gettext("Expenditure"),
        "priority": selectors.priority(line.priority_key, line.plan) if line.priority_key else None,
        **can,
    }


def all_years_words(line: MoneyLine) -> str:
    """What a line comes to over the years of its plan; its cells were fetched with it."""
    return amount_words(selectors.as_line(line).all_years(line.plan.year_numbers))


def cell_page(line: MoneyLine, year: int, quarter: int) -> dict[str, Any]:
    """The form of one cell, with what the line held in the other years."""
    pure = selectors.as_line(line)
    others = [
        (rules.year_label(other), amount_words(pure.cell(Period(other))))
        for other in line.plan.year_numbers
        if other != year and not pure.cell(Period(other)).is_empty
    ]
    return {
        "line": line,
        "plan": line.plan,
        "where": period_words(year, quarter),
        "others": others,
        "year": year,
        "quarter": quarter,
    }


def cell_text(amount: Decimal | None) -> str:
    """What a cell's form holds at first."""
    return "t.b.c." if amount is None else _figure(amount)


# --- moves, spend, sheet


def moves_to_decide(person: Any) -> list[dict[str, Any]]:
    """Moves of money that wait for ``person``, who may approve those somebody else asked for. One query."""
    words = gettext("Approve or refuse %(sum)s from %(source)s to %(target)s")
    return [
        {
            "title": words % {"sum": pounds(one.amount), "source": one.source.title, "target": one.target.title},
            "about": gettext("asked by %(who)s") % {"who": one.asked_by_name},
            "key": one.pk,
            "when": one.asked_at,
        }
        for one in selectors.virements_waiting()
        if one.asked_by_id != person.pk
    ]


def moves_page(of: Plan, person: Any) -> dict[str, Any]:
    """Moves of money: those that wait, then those decided."""
    found = selectors.virements(of)
    waiting = [one for one in found if one.state == VirementState.ASKED]
    if waiting:
        words = ngettext("%(count)s move waits for a decision.", "%(count)s moves wait for a decision.", len(waiting))
        lead = words % {"count": spelled(len(waiting)).capitalize()}
    else:
        lead = gettext("No move of money waits for a decision.")
    return {
        "plan": of,
        "lead": lead,
        "waiting": [_move(one) for one in waiting],
        "decided": [_move(one) for one in found if one.state != VirementState.ASKED],
        **abilities(person),
    }


def _move(one: Virement) -> dict[str, Any]:
    states = {
        VirementState.ASKED: ("warning", gettext("waits")),
        VirementState.APPROVED: ("good", gettext("approved")),
        VirementState.REFUSED: ("bad", gettext("refused")),
        VirementState.REVERSED: ("plain", gettext("put back")),
    }
    kind, word = states[VirementState(one.state)]
    return {
        "move": one,
        "sum": pounds(one.amount),
        "where": period_words(one.year, one.quarter),
        "kind": kind,
        "word": word,
    }


def move_page(one: Virement, person: Any) -> dict[str, Any]:
    """One move: what it would do to both lines."""
    can = abilities(person)
    return {
        "plan": one.plan,
        **_move(one),
        "may_decide": can["may_approve_money"] and one.state == VirementState.ASKED,
        "may_reverse": can["may_approve_money"] and one.state == VirementState.APPROVED,
    }


def spend_page(of: Plan, person: Any) -> dict[str, Any]:
    """Spend against profile, line by line."""
    found = selectors.spend_to_date(of)
    page: dict[str, Any] = {"plan": of, "found": found, **abilities(person)}
    if found is None:
        return page
    whole_ = found.whole
    return page | {
        "lead": spend_words(whole_, found.year),
        "rows": [
            {
                "line": one.line,
                "spent": pounds(one.to_date.spent),
                "committed": pounds(one.to_date.committed),
                "profile": amount_words(one.to_date.profile),
                "gap": _gap(one.to_date),
                "budget": amount_words(one.to_date.budget),
            }
            for one in found.lines
        ],
        "total": {
            "spent": pounds(whole_.spent),
            "committed": pounds(whole_.committed),
            "profile": amount_words(whole_.profile),
            "gap": _gap(whole_),
            "budget": amount_words(whole_.budget),
        },
        "to": period_words(found.year, found.quarters_in),
    }


def _gap(to_date: money.SpendToDate) -> str:
    gap = to_date.under_profile
    if not to_date.profile.is_complete:
        # What is still to be confirmed can only make the profile larger, and so the spend further under it.
        return gettext("at least %(sum)s under") % {"sum": pounds(gap)} if gap > 0 else gettext("not yet known")
    if gap == 0:
        return gettext("on profile")
    return (gettext("%(sum)s under") if gap > 0 else gettext("%(sum)s over")) % {"sum": pounds(abs(gap))}


def spend_words(to_date: money.SpendToDate, year: int) -> str:
    """Spend against profile as a sentence."""
    percent = to_date.under_percent
    where = {"spent": pounds(to_date.spent), "year": rules.year_label(year)}
    if percent is None:
        return gettext("%(spent)s was spent in %(year)s so far; the profile had nothing by now.") % where
    share = f"{abs(percent):.0f}"
    if share == "0":
        return gettext("%(spent)s was spent in %(year)s so far, as the profile had it.") % where
    if not to_date.profile.is_complete and percent > 0:
        words = gettext("%(spent)s was spent in %(year)s so far, at least %(share)s %% under profile.")
        return words % {**where, "share": share}
    words = (
        gettext("%(spent)s was spent in %(year)s so far, %(share)s %% under profile.")
        if percent > 0
        else gettext("%(spent)s was spent in %(year)s so far, %(share)s %% over profile.")
    )
    return words % {**where, "share": share}


def change_rows(found: Sequence[sheet.Change]) -> list[dict[str, Any]]:
    """What taking a sheet would change, as words."""
    return [
        {
            "title": one.title,
            "where": period_words(one.period.year, one.period.quarter),
            "before": _value(one.before),
            "after": _value(one.after),
            "is_new": one.is_new_line,
        }
        for one in found
    ]


def _value(value: Any) -> str:
    if value is sheet.BLANK:
        return gettext("blank")
    return gettext("t.b.c.") if value is None else pounds(value)


def period_choices(of: Plan, lines: Sequence[MoneyLine], *, quarters_only: bool = False) -> list[tuple[str, str]]:
    """Periods a form offers: ``("2002-1", "Apr–Jun 2002/03")``."""
    with_quarters = {cell.year for line in lines for cell in line.cells.all() if cell.quarter}
    found = []
    for year in of.year_numbers:
        quarters = (1, 2, 3, 4) if quarters_only or year in with_quarters else ()
        found += [(f"{year}-{q}", period_words(year, q)) for q in quarters]
        if not quarters_only:
            found.append((f"{year}-0", period_words(year, 0)))
    return found


def line_choices(lines: Sequence[MoneyLine], side: Side | None = None) -> list[tuple[str, str]]:
    """Lines a form offers, each with its kind."""
    return [(str(line.pk), f"{line.title} ({line.kind})") for line in lines if side in (None, line.side)]


def reward_words(found: money.Reward) -> str:
    """What a stretch target pays, as a sentence."""
    share = f"{100 * found.share:.0f}"
    if not found.paid:
        words = gettext(
            "Nothing is paid: %(share)s %% of the stretch was reached, and payment begins at %(threshold)s %%."
        )
        return words % {"share": share, "threshold": f"{100 * found.threshold:.0f}"}
    words = gettext("%(sum)s is paid: %(share)s %% of the stretch was reached.")
    return words % {"sum": pounds(found.paid), "share": share}


def pot_rows(pot: money.Pot) -> dict[str, Any]:
    """One pot with its programmes, as words."""
    return {
        "size": pounds(pot.size),
        "cost": amount_words(pot.cost),
        "left": pounds(pot.left),
        "over": pot.left < 0,
        "programmes": [
            {"title": one.title, "cost": _value(one.cost), "chosen": len(one.chosen_by)} for one in pot.programmes
        ],
    }
