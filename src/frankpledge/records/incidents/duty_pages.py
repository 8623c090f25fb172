"""What the pages of the quarterly duty say: the grid of quarters, and one reminder."""

from datetime import date
from email.message import EmailMessage
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext, gettext_noop, ngettext

from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.records.incidents import duties
from frankpledge.records.incidents.duties import DutyCell, DutyRow, DutyState
from frankpledge.records.incidents.forms import ReminderForm
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.wording import said, whole

_KINDS: dict[DutyState, tuple[str, str]] = {
    DutyState.CAME: ("good", gettext_noop("came in time")),
    DutyState.CAME_LATE: ("warning", gettext_noop("came late")),
    DutyState.HERE: ("good", gettext_noop("here")),
    DutyState.PART: ("busy", gettext_noop("in part")),
    DutyState.WAITED_FOR: ("plain", gettext_noop("not due yet")),
    DutyState.LATE: ("bad", gettext_noop("late")),
    DutyState.NOT_OWED: ("unknown", gettext_noop("not owed")),
}


def duty_page(person: Any, today: date) -> dict[str, Any]:
    """Who owes what, what came, what is late. Three queries besides the person's."""
    rows = duties.duty_rows(today)
    late = [(row, cell) for row in rows for cell in row.cells if cell.needs_reminder]
    owed = sum(cell.state is not DutyState.NOT_OWED for row in rows for cell in row.cells)
    came = sum(cell.state in (DutyState.CAME, DutyState.CAME_LATE, DutyState.HERE) for r in rows for cell in r.cells)
    quarters = duties.quarters_to(today)
    return {
        "rows": [_row(row) for row in rows],
        "quarters": [
            {"name": duties.financial_name(quarter), "words": _quarter(quarter), "due": duties.due_on(quarter)}
            for quarter in quarters
        ],
        "late": [_late(row, cell) for row, cell in late],
        "heading": _heading(len(late)),
        "lead": gettext("%(came)s of the %(owed)s data sets owed for five quarters are here.")
        % {"came": whole(came), "owed": whole(owed)},
        "next_due": duties.due_on(quarters[-1]),
        "may_manage": policy.can(person, Permission.MANAGE_AGREEMENTS),
    }


def _heading(late: int) -> str:
    if not late:
        return gettext("Nothing is overdue")
    return ngettext("%(late)s data set is overdue", "%(late)s data sets are overdue", late) % {"late": whole(late)}


def _quarter(quarter: MonthSpan) -> str:
    first = said(quarter.first, gettext).split(" ")[0]
    return gettext("%(first)s to %(last)s") % {"first": first, "last": said(quarter.last, gettext)}


def _row(row: DutyRow) -> dict[str, Any]:
    return {
        "label": gettext(row.duty.label),
        "agency": row.duty.agency_name,
        "cells": [_cell(cell) for cell in row.cells],
    }


def _cell(cell: DutyCell) -> dict[str, Any]:
    kind, word = _KINDS[cell.state]
    note = ""
    if cell.state is DutyState.CAME_LATE:
        note = ngettext("%(days)s day", "%(days)s days", cell.days_late) % {"days": whole(cell.days_late)}
    elif cell.state in (DutyState.LATE, DutyState.PART) and cell.here:
        note = gettext("%(here)s of 3 months here") % {"here": len(cell.here)}
    elif cell.state is DutyState.WAITED_FOR:
        note = gettext("due %(day)s") % {"day": _day(cell.due_on)}
    return {
        "kind": kind,
        "word": gettext(word),
        "note": note,
        "quarter": duties.financial_name(cell.quarter),
        "reminder": _address(cell),
        "late": cell.needs_reminder,
    }


def _address(cell: DutyCell) -> dict[str, Any]:
    return {"duty": cell.duty_id, "quarter": str(cell.quarter.first)}


def _day(day: date) -> str:
    return f"{day.day} {said(Month.of(day), gettext)}"


def reminders_ready(today: date) -> list[dict[str, Any]]:
    """What is overdue, each with the address of its reminder. Three queries."""
    return [_late(row, cell) for row in duties.duty_rows(today) for cell in row.cells if cell.needs_reminder]


def _late(row: DutyRow, cell: DutyCell) -> dict[str, Any]:
    return {
        "agency": row.duty.agency_name,
        "label": gettext(row.duty.label),
        "quarter": _quarter(cell.quarter),
        "due": _day(cell.due_on),
        "reminded": _day(cell.reminded_on) if cell.reminded_on else "",
        "address": _address(cell),
    }


def reminder_page(person: Any, key: int, quarter: str, today: date, posted: Any) -> dict[str, Any] | None:
    """One reminder ready to send; None where nothing is overdue."""
    first = Month.parse(quarter)
    span = MonthSpan(first, first + 2)
    found = duties.duty_rows(today, duty_id=key, quarters=[span])
    if not found or first.month % 3 != 1 or not found[0].cells[0].needs_reminder:
        return None
    duty, cell = found[0].duty, found[0].cells[0]
    named = agencies.partnership()
    text = duties.reminder_text(
        duty, cell, partnership=named.name if named else gettext("the community safety partnership"), sender=person.name
    )
    subject = duties.reminder_subject(duty, cell)
    return {
        "duty": duty,
        "cell": cell,
        "label": gettext(duty.label),
        "quarter": _quarter(cell.quarter),
        "due": _day(cell.due_on),
        "reminded": _day(cell.reminded_on) if cell.reminded_on else "",
        "subject": subject,
        "text": text,
        "mailto": f"mailto:{quote(duty.email)}?subject={quote(subject)}&body={quote(text)}",
        "address": _address(cell),
        "form": ReminderForm(posted, initial={"to": duty.email, "text": text}),
        "may_send": policy.can(person, Permission.MANAGE_AGREEMENTS),
    }


def as_eml(page: dict[str, Any]) -> bytes:
    """The reminder as a file that a mail program opens as a draft."""
    message = EmailMessage()
    message["Subject"] = page["subject"]
    if page["duty"].email:
        message["To"] = page["duty"].email
    message["X-Unsent"] = "1"
    message.set_content(page["text"])
    return message.as_bytes()
