"""What the pages of bought services say."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from frankpledge.delivery.commissioning import permissions, rules, selectors, services
from frankpledge.delivery.commissioning.forms import PAID, PURPOSES
from frankpledge.delivery.commissioning.models import Agreement, Instalment, Output, Return
from frankpledge.delivery.commissioning.rules import Quarter
from frankpledge.delivery.commissioning.selectors import Cell, LineOfPlan, Look, OutputLook, QuarterLook
from frankpledge.delivery.commissioning.vocabulary import Certainty, Counted, Delivery, ReturnStanding
from frankpledge.records.plan.money import Certainty as OfPlan
from frankpledge.records.plan.rules import year_label
from frankpledge.reports.spreadsheets import safe_cell
from frankpledge.ui.wording import spelled
from frankpledge.vocabulary.units import Unit, amount_words
from frankpledge.vocabulary.wording import whole

STANDINGS: dict[ReturnStanding, tuple[str, Any]] = {
    ReturnStanding.COMPLETE: ("good", gettext_lazy("in")),
    ReturnStanding.PARTLY: ("unknown", gettext_lazy("in, part to be confirmed")),
    ReturnStanding.LATE: ("late", gettext_lazy("late")),
    ReturnStanding.DUE: ("warning", gettext_lazy("due")),
    ReturnStanding.AHEAD: ("none", gettext_lazy("not due yet")),
}
DELIVERIES: dict[Delivery, tuple[str, Any]] = {
    Delivery.MET: ("met", gettext_lazy("as agreed")),
    Delivery.UNDER: ("bad", gettext_lazy("under what was agreed")),
    Delivery.UNKNOWN: ("unknown", gettext_lazy("to be confirmed")),
    Delivery.CONTEXT: ("plain", gettext_lazy("for context")),
}
SHOWS = (("now", gettext_lazy("In force or to come")), ("over", gettext_lazy("Over")), ("all", gettext_lazy("All")))


# --- all agreements


def services_page(person: Any, show: str | None, today: date) -> dict[str, Any]:
    """Every agreement, what is worst first. A fixed number of queries."""
    looks = sorted((selectors.look(one, today) for one in selectors.agreements()), key=lambda one: one.weight)
    show = show if show in dict(SHOWS) else "now"
    shown = [one for one in looks if show == "all" or (show == "over") == one.is_over]
    # What is over and still owes a return is not put away.
    shown += [one for one in looks if show == "now" and one.is_over and one.late]
    return {
        "rows": [_row(one) for one in shown],
        "any": bool(looks),
        "lead": _lead(looks),
        "shows": [{"key": key, "name": name, "here": key == show} for key, name in SHOWS],
        "sums": _sums([one for one in looks if one.in_force]),
        "may_edit": permissions.can_edit(person),
    }


def _row(one: Look) -> dict[str, Any]:
    return {
        "agreement": one.agreement,
        "purpose": dict(PURPOSES)[one.agreement.purpose],
        "amount": _pounds(one.agreement.amount),
        "paid": _pounds(one.paid),
        "troubles": troubles(one),
    }


def troubles(one: Look) -> list[dict[str, str]]:
    """What somebody must look after, worst first; one line that says all is well where nothing is."""
    found = []
    for late in one.late:
        days = ngettext("%(n)s day late", "%(n)s days late", late.days_late) % {"n": whole(late.days_late)}
        text = gettext("return for %(quarter)s") % {"quarter": late.quarter.label}
        url = reverse("commissioning:write_return", args=[one.agreement.pk, late.quarter.key])
        found.append({"kind": "late", "words": days, "text": text, "url": url, "act": gettext("Write it down")})
    if one.paid_ahead_of_returns:
        found.append({"kind": "warning", "words": gettext("Paid while a return was late")})
    for output in one.under:
        text = gettext("%(name)s: %(done)s, agreed %(agreed)s") % {
            "name": output.output.name,
            "done": _done_words(output),
            "agreed": _in_unit(output.delivered.agreed, output.output),
        }
        found.append({"kind": "bad", "words": gettext("under what was agreed"), "text": text})
    if one.ends_soon:
        days = ngettext("Ends in %(days)s day", "Ends in %(days)s days", one.days_left) % {"days": whole(one.days_left)}
        found.append({"kind": "warning", "words": days})
    if one.overdue:
        words = ngettext("%(count)s payment is overdue", "%(count)s payments are overdue", len(one.overdue))
        words %= {"count": spelled(len(one.overdue)).capitalize()}
        found.append({"kind": "warning", "words": words, "url": "#money", "act": gettext("See the payments")})
    if not one.outputs:
        url = reverse("commissioning:add_output", args=[one.agreement.pk])
        found.append(
            {
                "kind": "unknown",
                "words": gettext("No output is agreed yet"),
                "url": url,
                "act": gettext("Add an output"),
            }
        )
    if one.agreement.amount is None:
        found.append({"kind": "unknown", "words": gettext("The sum is to be confirmed")})
    return found or [{"kind": "none" if one.is_over else "good", "words": _well(one)}]


def _well(one: Look) -> str:
    if one.is_over:
        return gettext("Over")
    return gettext("In order") if one.in_force else gettext("Not begun yet")


def _lead(looks: Sequence[Look]) -> str:
    if not looks:
        return ""
    force = [one for one in looks if one.in_force]
    late, under = sum(len(one.late) for one in looks), sum(bool(one.under) for one in looks if not one.is_over)
    soon = sum(one.ends_soon for one in looks)
    words = ngettext("%(n)s agreement is in force.", "%(n)s agreements are in force.", len(force))
    said = [words % {"n": spelled(len(force)).capitalize()}]
    if late:
        words = ngettext("%(n)s return is late.", "%(n)s returns are late.", late)
        said.append(words % {"n": spelled(late).capitalize()})
    if under:
        words = ngettext("%(n)s delivers less than was agreed.", "%(n)s deliver less than was agreed.", under)
        said.append(words % {"n": spelled(under).capitalize()})
    if soon:
        words = ngettext("%(n)s ends within 90 days.", "%(n)s end within 90 days.", soon)
        said.append(words % {"n": spelled(soon).capitalize()})
    if not (late or under or soon):
        said.append(gettext("Every return that is due is in, and nothing is under what was agreed."))
    return " ".join(said)


def _sums(force: Sequence[Look]) -> dict[str, str] | None:
    """Pounds agreed and paid under the agreements in force."""
    if not force:
        return None
    known = [one.agreement.amount for one in force if one.agreement.amount is not None]
    least = gettext("at least") + " " if len(known) < len(force) else ""
    words = ngettext("agreed, in %(n)s agreement in force", "agreed, in %(n)s agreements in force", len(force))
    return {
        "agreed": least + _pounds(sum(known, Decimal(0))),
        "paid": _pounds(sum((one.paid for one in force), Decimal(0))),
        "of": words % {"n": whole(len(force))},
    }


# --- one agreement


def agreement_page(of: Agreement, person: Any, today: date) -> dict[str, Any]:
    """One agreement: what is wrong, what was delivered, what it cost, what is due. A fixed number of queries."""
    one = selectors.look(of, today)
    every = list(selectors.agreements()) if of.money_line else []
    year = Quarter.of(min(max(today, of.first_on), of.last_on)).year
    line = selectors.line_of_plan(of.money_line, year, every)
    return {
        "agreement": of,
        "purpose": dict(PURPOSES)[of.purpose],
        "paid_how": dict(PAID)[of.paid_how],
        "amount": _pounds(of.amount),
        "paid": _pounds(one.paid),
        "troubles": troubles(one),
        "outputs": [_output(found) for found in one.outputs],
        "quarters": [
            _quarter(found, one) for found in reversed(one.quarters) if found.standing != ReturnStanding.AHEAD
        ],
        "ahead": [found for found in one.quarters if found.standing is ReturnStanding.AHEAD][:1],
        "instalments": [_instalment(found, today) for found in one.instalments],
        "scheduled": _pounds(sum((found.amount for found in one.instalments), Decimal(0))),
        "line": _line(line) if line else None,
        "may_edit": permissions.can_edit(person),
    }


def _output(one: OutputLook) -> dict[str, Any]:
    output, so_far = one.output, one.delivered
    kind, word = DELIVERIES[so_far.delivery] if so_far.quarters else ("none", gettext("no return yet"))
    return {
        "output": output,
        "target": _in_unit(output.target, output),
        "polarity": gettext(output.polarity),
        "done": _done_words(one) if so_far.quarters else "–",
        "agreed": _in_unit(so_far.agreed, output) if so_far.quarters else "–",
        "quarters": so_far.quarters,
        "unknown": so_far.unknown,
        "kind": kind,
        "word": word,
        "cost": _cost(one),
        "how": _cost_how(one),
    }


def _done_words(one: OutputLook) -> str:
    so_far = one.delivered
    words = _in_unit(so_far.value, one.output)
    if one.output.counted == Counted.SHARE and so_far.denominator:
        return f"{words} ({so_far.numerator:,.0f}/{so_far.denominator:,.0f})"
    return f"{gettext(so_far.certainty.value)} {words}" if so_far.certainty else words


def _cost(one: OutputLook) -> str:
    if one.cost is None:
        return ""
    if one.cost.each is None or not one.cost.pounds:
        return gettext("cannot be told yet")
    words = _pounds(one.cost.each)
    return f"{gettext(one.cost.certainty.value)} {words}" if one.cost.certainty else words


def _cost_how(one: OutputLook) -> str:
    if one.cost is None:
        return ""
    count = f"{one.cost.count:,.2f}".removesuffix(".00")
    least = f"{gettext('at least')} " if one.cost.certainty is Certainty.AT_MOST else ""
    return gettext("%(pounds)s paid for the time to %(day)s, over %(count)s %(unit)s") % {
        "pounds": _pounds(one.cost.pounds),
        "day": _day(one.cost.until),
        "count": least + count,
        "unit": one.output.unit,
    }


def _quarter(one: QuarterLook, of: Look) -> dict[str, Any]:
    kind, word = STANDINGS[one.standing]
    return {
        "quarter": one.quarter,
        "kind": kind,
        "word": word,
        "when": _when(one),
        "cells": [_cell(cell, found.output) for cell, found in zip(one.cells, of.outputs, strict=True)],
        "refused": len(one.told.refused) if one.told else 0,
        "note": one.told.note if one.told else "",
        "part": one.months < 3,
        "is_in": one.told is not None,
    }


def _when(one: QuarterLook) -> str:
    late = ngettext("%(n)s day late", "%(n)s days late", one.days_late) % {"n": whole(one.days_late)}
    if one.told:
        came = gettext("came %(day)s") % {"day": _day(one.told.received_on)}
        return f"{came}, {late}" if one.days_late else came
    due = gettext("due %(day)s") % {"day": _day(one.due_on)}
    return f"{due}, {late}" if one.days_late else due


def _cell(cell: Cell, output: Output) -> dict[str, Any]:
    if cell.told is None:
        return {"words": "–", "kind": "", "note": "", "name": output.name}
    words = _in_unit(cell.value, output)
    if output.counted == Counted.SHARE and cell.told.of_how_many is not None and cell.told.delivered is not None:
        words = f"{words} ({cell.told.delivered:,.0f}/{cell.told.of_how_many:,.0f})"
        if not cell.told.of_how_many:
            words = gettext("nobody to count (0/0)")
    under = cell.delivery is Delivery.UNDER
    return {
        "words": words,
        "kind": "bad" if under else "",
        "word": gettext("%(agreed)s agreed") % {"agreed": _in_unit(cell.agreed, output)} if under else "",
        "note": cell.told.note,
        "name": output.name,
    }


def _instalment(one: Instalment, today: date) -> dict[str, Any]:
    if one.paid is not None:
        kind, word = "good", gettext("paid %(day)s") % {"day": _day(one.paid_on)}
    elif one.due_on < today:
        kind, word = "late", gettext("overdue")
    elif one.due_on == today:
        kind, word = "warning", gettext("due today")
    else:
        kind, word = "none", gettext("not due yet")
    differs = one.paid is not None and one.paid != one.amount
    return {
        "one": one,
        "amount": _pounds(one.amount),
        "paid": _pounds(one.paid) if one.paid is not None else "",
        "differs": differs,
        "kind": kind,
        "word": word,
    }


def _line(line: LineOfPlan) -> dict[str, Any]:
    known = {OfPlan.COMPLETE: "", OfPlan.AT_LEAST: gettext("at least") + " "}.get(line.certainty)
    planned = gettext("to be confirmed") if known is None or line.planned is None else known + _pounds(line.planned)
    return {
        "title": line.title,
        "year": year_label(line.year),
        "planned": planned,
        "drawn": _pounds(line.drawn),
        "spent": _pounds(line.spent) if line.spent is not None else "",
        "quarters": line.quarters_in,
        "is_over": line.is_over,
        "short": _pounds(line.paid - line.spent) if line.spent is not None and line.is_short else "",
        "over": _pounds(line.drawn - line.planned) if line.planned is not None and line.is_over else "",
    }


# --- a return


def return_page(of: Agreement, quarter: Quarter, person: Any) -> dict[str, Any] | None:
    """The return of one quarter and its form; None for a quarter the agreement does not run in."""
    if quarter not in rules.quarters(of.first_on, of.last_on):
        return None
    told = selectors.return_of(of, quarter)
    return {
        "agreement": of,
        "quarter": quarter,
        "told": told,
        "rows": [
            {"one": one, "agreed": _asked_words(one), "is_share": one.counted == Counted.SHARE}
            for one in services.asked_outputs(of, quarter)
        ],
        "due": (due := rules.return_due(quarter, of.last_on, of.return_days)),
        "is_late": due < timezone.localdate(),
        "months": rules.months_in(quarter, of.first_on, of.last_on),
        "refused": told.refused if told else [],
        "may_edit": permissions.can_edit(person),
    }


def filled_in(told: Return | None, outputs: Sequence[Output], today: date) -> dict[str, Any]:
    """What the form of a return begins with: what is there, or nothing."""
    first: dict[str, Any] = {"received_on": told.received_on if told else today, "seen": told.version if told else 0}
    if told is None:
        return first
    lines = {line.output_id: line for line in told.lines.all()}
    for one in outputs:
        line = lines.get(one.pk)
        first[f"delivered-{one.pk}"] = typed(line.delivered if line else None)
        if line and line.of_how_many is not None:
            first[f"of-{one.pk}"] = typed(line.of_how_many)
        first[f"note-{one.pk}"] = line.note if line else ""
    return first | {"note": told.note}


def stands_now(of: Agreement, quarter: Quarter, *, with_words: bool) -> dict[str, Any]:
    """The version of a quarter's return that is there now, and in words what it says. Two queries."""
    told = Return.objects.filter(agreement=of, year=quarter.year, number=quarter.number).first()
    lines = told.lines.select_related("output") if told and with_words else []
    rows = [{"name": line.output.name, "words": typed(line.delivered)} for line in lines]
    return {"seen": told.version if told else 0, "now": rows}


def typed(value: Decimal | None) -> str:
    return rules.TO_CONFIRM if value is None else f"{value:f}".removesuffix(".00")


def form_rows(of: Agreement, quarter: Quarter) -> list[list[Any]]:
    """The return form as rows of cells: whose it is, the heading, one row for each output with empty cells to fill."""
    asked = services.asked_outputs(of, quarter)
    head: list[list[Any]] = [
        ["agreement", of.reference],
        ["quarter", quarter.label],
        ["provider", safe_cell(of.provider)],
        ["due back", rules.return_due(quarter, of.last_on, of.return_days).isoformat()],
        [],
        list(rules.COLUMNS),
    ]
    return head + [[safe_cell(one.name), safe_cell(one.unit), _asked_words(one), "", "", ""] for one in asked]


def _asked_words(one: rules.AskedOutput) -> str:
    if one.agreed is None:
        return rules.TO_CONFIRM
    words = f"{one.agreed:,.2f}".removesuffix(".00")
    return f"{words} %" if one.counted == Counted.SHARE else words


def taken_words(found: rules.FilledIn) -> str:
    """``Rows in the form: 4 = 3 stored + 1 refused.``"""
    return gettext("Rows in the form: %(rows)s = %(stored)s stored + %(refused)s refused.") % {
        "rows": whole(found.rows),
        "stored": whole(len(found.taken)),
        "refused": whole(len(found.refused)),
    }


def differences(current: Any, form: Any) -> list[dict[str, Any]]:
    """Field by field what stands now and what was written, where the two differ."""
    told = getattr(form, "cleaned_data", {})
    pairs = [
        (field.label, getattr(current, name, None), told.get(name))
        for name, field in form.fields.items()
        if name != "version" and hasattr(current, name)
    ]
    return [{"label": label, "now": now, "written": written} for label, now, written in pairs if now != written]


def payment_words(due: Instalment) -> dict[str, str]:
    """What a payment comes to and what was paid of it, as sums of money are written."""
    return {"amount": _pounds(due.amount), "paid": _pounds(due.paid)}


# --- words


def _pounds(value: Decimal | None) -> str:
    return gettext("to be confirmed") if value is None else amount_words(value, Unit.POUNDS)


def _in_unit(value: Decimal | None, output: Output) -> str:
    if value is None:
        return gettext("to be confirmed")
    if output.counted == Counted.SHARE:
        return f"{value:.0f} %"
    return f"{value:,.2f}".removesuffix(".00")


def _day(day: date | None) -> str:
    return formats.date_format(day, "j F Y") if day else ""
