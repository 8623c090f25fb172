"""What the evidence pages say: findings as sentences, numbers as people read them. No decisions and no writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, ngettext

from frankpledge.foundation.agencies import policy
from frankpledge.records.incidents import belonging, permissions, rules, selectors, settling
from frankpledge.records.incidents.duty_pages import reminders_ready
from frankpledge.records.incidents.editions import EditionChange, type_words
from frankpledge.records.incidents.forms import SettleReasonForm, SettleRowForm
from frankpledge.records.incidents.models import Batch, QuarantinedRow, Upload
from frankpledge.records.incidents.vocabulary import BatchState, CellState, Verdict, source_words
from frankpledge.sources.judging import WITHHELD
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.columns import PlacePrecision, Precision
from frankpledge.vocabulary.deliveries import RowFault
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.wording import said, whole

MONTHS_SHOWN = 12
BATCHES_SHOWN = 12
ROWS_SHOWN = 25
BESIDE = 6  # lines in a list beside the grid
LOOK_SHARE = 0.02  # of a file's rows in quarantine, from which the grid asks for a look

CURES: dict[str, str] = {
    RowFault.WRONG_NUMBER_OF_COLUMNS: gettext_noop("Ask for the file again: a line was cut or joined."),
    RowFault.UNREADABLE_CHARACTERS: gettext_noop("Ask for the file as UTF-8."),
    RowFault.OVERSIZED_CELL: gettext_noop("Ask for the file again: two lines may have run together."),
    RowFault.UNFINISHED_QUOTE: gettext_noop("Ask for the file again: it may have been cut short."),
    RowFault.IMPOSSIBLE_MONTH: gettext_noop("Ask the sender for the right month."),
    RowFault.OTHER_MONTH: gettext_noop("Send the row with the file of its own month."),
    RowFault.UNKNOWN_PUBLISHER: gettext_noop("Ask who sent this row."),
    RowFault.OTHER_PUBLISHER: gettext_noop("Send the row with its own sender’s file."),
    RowFault.UNKNOWN_CRIME_TYPE: gettext_noop("Ask what this category counts."),
    RowFault.MISSING_VALUE: gettext_noop("Ask the sender to fill it in."),
    RowFault.MALFORMED_POSITION: gettext_noop("Ask for the position again."),
    RowFault.POSITION_IN_THE_SEA: gettext_noop("Two numbers may be swapped, or the grid is another."),
    RowFault.MALFORMED_AREA_CODE: gettext_noop("Ask for the nine-character area code."),
    RowFault.MALFORMED_PREMISES: gettext_noop("Ask for the property reference number."),
    RowFault.IMPOSSIBLE_DATE: gettext_noop("Day and month may be swapped."),
    RowFault.IMPOSSIBLE_TIME: gettext_noop("Ask for the time again."),
    RowFault.NO_SUCH_HOUR: gettext_noop("The clocks went forward in that hour. Ask for the time again."),
    RowFault.ENDS_BEFORE_IT_STARTS: gettext_noop("Start and end may be swapped."),
}

_VERDICTS: dict[Verdict, tuple[str, str]] = {
    Verdict.AS_USUAL: ("good", gettext_noop("as usual")),
    Verdict.UNUSUAL: ("bad", gettext_noop("unusual")),
    Verdict.NOTHING_TO_COMPARE: ("unknown", gettext_noop("too few to say")),
}


def name_of(batch: Batch) -> str:
    """``data.police.uk crime, Leicestershire Police, October 2022``, in the reader's language."""
    return f"{gettext(source_words(batch.source).label)}, {batch.publisher_name}, {said(batch.period, gettext)}"


def sum_of(batch: Batch) -> dict[str, str]:
    """The balance of a batch as figures and sentences."""
    read = batch.rows_read
    stored = 100 * batch.rows_stored / read if read else 0.0
    rest = read - batch.rows_stored
    return {
        "read": whole(read),
        "stored": whole(batch.rows_stored),
        "quarantined": whole(batch.rows_quarantined),
        "refused": whole(batch.rows_refused) if batch.rows_refused else "",
        "duplicates": whole(batch.rows_duplicate),
        "stored_share": gettext("%(share)s %% stored") % {"share": _percent(stored, rest == 0)},
        "rest_share": gettext("%(share)s %% not: see below") % {"share": _percent(100 - stored, rest == 0)}
        if rest
        else "",
        **_read_by(batch),
    }


def _read_by(batch: Batch) -> dict[str, str]:
    """The profile a batch was read by, as people call it, and where it is described; empty for a batch without one."""
    name, _, version = batch.profile.rpartition(" ")
    if not (name and version.isdigit()):
        return {"read_by": batch.profile, "read_by_url": ""}
    label = gettext(source_words(batch.source).label)
    words = gettext("%(source)s, version %(version)s") % {"source": label, "version": version}
    return {"read_by": words, "read_by_url": reverse("incidents:profile", args=[name])}


def _percent(value: float, exact: bool) -> str:
    """One decimal, and never 100.0 or 0.0 for what is only nearly so."""
    if exact:
        return f"{value:.0f}"
    return f"{min(99.9, max(0.1, value)):.1f}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the grid as the template draws it."""

    state: str
    rows: str
    sent_again: bool
    look: bool
    batch_key: str | None


def evidence_page(person: Any, *, to: str | None, page: str | None) -> dict[str, Any]:
    """Everything on the page of what has come in. A fixed number of queries."""
    may_add = policy.can(person, Permission.ADD_EVIDENCE)
    grid = selectors.evidence_grid()
    if not grid.months:
        return {"newest": None, "may_add": may_add, "asking": list(selectors.uploads_asking(person.pk))}
    span = _window(grid.months, to)
    shown = [grid.months.index(month) for month in span if month in grid.months]
    newest = selectors.batches().order_by("-received_at", "-pk").first()
    late = reminders_ready(timezone.localdate())
    listed: Page[Batch] = Paginator(
        selectors.batches().order_by("-first_month", "source", "publisher", "-current_since"), BATCHES_SHOWN
    ).get_page(page)
    return {
        "may_add": may_add,
        "reminders": len(late),
        "asking": list(selectors.uploads_asking(person.pk)),
        "late": late,
        "newest": newest,
        "newest_heading": _newest_heading(newest) if newest else "",
        "about": batch_page(newest, person) if newest else {},
        "lead": _lead(grid),
        "finding": _finding(grid),
        "missing_count": grid.count(CellState.MISSING),
        "months": [grid.months[at] for at in shown],
        "rows": [_row(row, shown) for row in grid.rows],
        "earlier": str(span.first - 1) if span.first > grid.months[0] else "",
        "later": str(min(grid.months[-1], span.last + MONTHS_SHOWN)) if span.last < grid.months[-1] else "",
        "quarantined": _quarantined(),
        "replaced": _replaced(),
        "batch_page": listed,
        "batches": [_listed(batch) for batch in listed],
    }


def _window(months: Sequence[Month], to: str | None) -> MonthSpan:
    """The twelve months that end with ``to``, inside what there is; the newest ones without a good wish."""
    try:
        last = Month.parse(to) if to else months[-1]
    except DataProblem:
        last = months[-1]
    earliest_end = min(months[0] + (MONTHS_SHOWN - 1), months[-1])
    last = min(max(last, earliest_end), months[-1])
    return MonthSpan(max(months[0], last - (MONTHS_SHOWN - 1)), last)


def _row(row: selectors.GridRow, shown: Sequence[int]) -> dict[str, Any]:
    return {
        "label": gettext(row.source_label),
        "publisher_name": row.publisher_name,
        "rhythm": gettext(row.rhythm) if row.rhythm else "",
        "cells": [_cell(row.cells[at]) for at in shown],
    }


def _cell(cell: selectors.GridCell) -> Cell:
    total = cell.rows + cell.quarantined
    return Cell(
        state=cell.state.value,
        rows=whole(cell.rows),
        sent_again=cell.sent_again,
        look=bool(total) and cell.quarantined / total >= LOOK_SHARE,
        batch_key=cell.batch_key,
    )


def _lead(grid: selectors.EvidenceGrid) -> str:
    here, missing = grid.count(CellState.IN), grid.count(CellState.MISSING)
    sentences = [
        ngettext(
            "%(here)s month’s file is here, from %(first)s to %(last)s.",
            "%(here)s months’ files are here, from %(first)s to %(last)s.",
            here,
        )
        % {
            "here": whole(here),
            "first": said(grid.months[0], gettext),
            "last": said(grid.months[-1], gettext),
        }
    ]
    if missing:
        sentences.append(
            ngettext("%(count)s month is missing.", "%(count)s months are missing.", missing)
            % {"count": whole(missing)}
        )
    again = sum(cell.sent_again for row in grid.rows for cell in row.cells)
    if again:
        sentences.append(
            ngettext("%(count)s month was sent again.", "%(count)s months were sent again.", again)
            % {"count": whole(again)}
        )
    return " ".join(sentences)


def _finding(grid: selectors.EvidenceGrid) -> str:
    gaps = [
        gettext("%(source)s for %(months)s")
        % {"source": gettext(row.source_label), "months": said(tuple(missing), gettext)}
        for row in grid.rows
        if (missing := row.months_that_are(CellState.MISSING))
    ]
    count = grid.count(CellState.MISSING)
    if not count:
        return gettext("No month is missing between the first and the last of each sender")
    if count > 3:
        return ngettext("%(count)s month is missing", "%(count)s months are missing", count) % {"count": whole(count)}
    return gettext("Missing: %(gaps)s") % {"gaps": said(tuple(gaps), gettext)}


def _newest_heading(batch: Batch) -> str:
    return gettext("The newest adds up: %(name)s") % {"name": name_of(batch)}


def _quarantined() -> list[dict[str, str]]:
    found = selectors.batches(state=BatchState.CURRENT).filter(rows_quarantined__gt=0)
    return [
        {"key": batch.key, "name": name_of(batch), "rows": whole(batch.rows_quarantined)}
        for batch in found.order_by("-rows_quarantined", "key")[:BESIDE]
    ]


def _replaced() -> list[dict[str, str]]:
    found = selectors.batches().exclude(state=BatchState.CURRENT).select_related("superseded_by")
    return [
        {"key": batch.key, "name": name_of(batch), "what": _why_gone(batch)}
        for batch in found.order_by("-current_since", "key")[:BESIDE]
    ]


def _why_gone(batch: Batch) -> str:
    if batch.superseded_by is None:
        return gettext("Withdrawn: %(why)s") % {"why": batch.withdrawn_because}
    before, after = whole(batch.rows_stored), whole(batch.superseded_by.rows_stored)
    words = gettext("Sent again: %(before)s rows became %(after)s.") % {"before": before, "after": after}
    change = _change_of(batch.superseded_by)
    return f"{words} {change.sentence.said(gettext)}" if change else words


def _change_of(batch: Batch) -> EditionChange | None:
    plain = batch.quality.get("change")
    return EditionChange.from_dict(plain) if plain else None


def _listed(batch: Batch) -> dict[str, Any]:
    return {
        "batch": batch,
        "label": gettext(source_words(batch.source).label),
        "period": said(batch.period, gettext),
        "read": whole(batch.rows_read),
        "quarantined": whole(batch.rows_quarantined),
    }


def batch_page(batch: Batch, person: Any) -> dict[str, Any]:
    """One batch: its sum, its checks, its quarantine by reason."""
    report = selectors.quality_report(batch)
    faults = _faults(selectors.quarantine_summary(batch))
    return {
        "batch": batch,
        "name": name_of(batch),
        "heading": f"{gettext(source_words(batch.source).label)}, {said(batch.period, gettext)}",
        "lead": _batch_lead(batch),
        "sum": sum_of(batch),
        "checks": [_check(check) for check in report.checks],
        "checks_finding": _checks_finding(report),
        "changes": [change.said(gettext) for change in report.changes],
        "edition": _edition(batch),
        "words": _precision_words(batch),
        "faults": faults,
        "most": max((fault["count"] for fault in faults), default=0),
        "quarantine_finding": _quarantine_finding(batch, len(faults)),
        "may_see_rows": _may_see_rows(batch, person),
        "may_settle": batch.is_current and policy.can(person, Permission.SETTLE_QUARANTINE),
        "may_withdraw": batch.is_current and policy.can(person, Permission.WITHDRAW_EVIDENCE),
    }


def _edition(batch: Batch) -> str:
    """What the batch changed of the edition it took the place of, in words; empty for a first edition."""
    change = _change_of(batch)
    if change is None:
        return ""
    return " ".join([change.sentence.said(gettext), *(one.said(gettext) for one in change.type_sentences()[:4])])


def _may_see_rows(batch: Batch, person: Any) -> bool:
    if not (batch.rows_quarantined and policy.can(person, Permission.VIEW_QUARANTINE)):
        return False
    return belonging.may_see_rows(person, batch)


def _batch_lead(batch: Batch) -> str:
    return gettext("%(rows)s rows from %(sender)s, received on %(day)s.") % {
        "rows": whole(batch.rows_stored),
        "sender": batch.publisher_name,
        "day": _day(batch.received_at.date()),
    }


def _day(day: date) -> str:
    return f"{day.day} {said(Month.of(day), gettext)}"


def _check(check: rules.Check) -> dict[str, Any]:
    kind, word = _VERDICTS[check.verdict]
    return {
        "label": gettext(check.label),
        "shown": check.shown,
        "usual": check.usual.replace(" to ", f" {gettext('to')} "),
        "value": check.value,
        "low": check.low,
        "high": check.high,
        "has_range": check.low is not None,
        "kind": kind,
        "word": gettext(word),
    }


def _checks_finding(report: selectors.QualityReport) -> str:
    unusual = [gettext(check.label).lower() for check in report.unusual]
    if report.renamings:
        unusual.append(gettext("a category renamed"))
    elif report.changes and not unusual:
        unusual.append(gettext("something changed"))
    if unusual:
        return gettext("Needs a look: %(checks)s") % {"checks": said(tuple(unusual), gettext)}
    if all(check.verdict is Verdict.NOTHING_TO_COMPARE for check in report.checks):
        return gettext("Too few months around it to say what is usual")
    return gettext("All checks are as usual")


def _precision_words(batch: Batch) -> list[str]:
    words = []
    if Precision.MONTH in batch.quality["precision"]:
        words.append(gettext("Only the month of each event is known, so nothing here can speak of days or hours."))
    if PlacePrecision.SNAP in batch.quality["place_precision"]:
        words.append(gettext("Positions are the nearest published map point, not the address."))
    return [*words, *batch.quality.get("notes", [])]


def _faults(reasons: Sequence[selectors.QuarantineReason]) -> list[dict[str, Any]]:
    return [
        {
            "fault": reason.fault,
            "word": gettext(reason.fault).capitalize(),
            "rows": whole(reason.rows),
            "count": reason.rows,
            "cure": gettext(CURES[reason.fault]) if reason.fault in CURES else "",
        }
        for reason in reasons
    ]


def _quarantine_finding(batch: Batch, reasons: int) -> str:
    if not batch.rows_quarantined:
        return gettext("No row is in quarantine")
    rows = ngettext("%(rows)s row is in quarantine", "%(rows)s rows are in quarantine", batch.rows_quarantined)
    why = ngettext("for %(reasons)s reason", "for %(reasons)s reasons", reasons)
    return f"{rows}, {why}" % {"rows": whole(batch.rows_quarantined), "reasons": reasons}


def quarantine_page(batch: Batch, person: Any, *, reason: str | None, page: str | None) -> dict[str, Any]:
    """Rows of a batch as delivered. The look is recorded before a row is shown."""
    reasons = selectors.quarantine_summary(batch)
    counts = {found.fault: found.rows for found in reasons}
    chosen = reason if reason in counts else None
    total = counts[chosen] if chosen else sum(counts.values())
    listed = Paginator(range(total), ROWS_SHOWN).get_page(page)
    rows: list[QuarantinedRow] = selectors.quarantine_for(
        batch, for_user=person, fault=chosen, offset=(listed.number - 1) * ROWS_SHOWN, limit=ROWS_SHOWN
    )
    return {
        "batch": batch,
        "name": name_of(batch),
        "heading": _quarantine_finding(batch, len(reasons)),
        "faults": _faults(reasons),
        "reason": chosen,
        "reason_rows": whole(counts[chosen]) if chosen else "",
        "several": chosen is not None and counts[chosen] > 1,
        "rows": rows,
        "may_settle": batch.is_current and policy.can(person, Permission.SETTLE_QUARANTINE),
        "row_page": listed,
    }


def settle_row_page(batch: Batch, row_id: int, person: Any, posted: Any) -> dict[str, Any] | None:
    """One row to correct, release or refuse; None when it is settled already. The look is recorded."""
    row = selectors.quarantined_row(batch, row_id, for_user=person)
    if row is None:
        return None
    cells = settling.cells_of(row, batch.header) or {}
    shown = [column for column, text in cells.items() if text != WITHHELD]
    return {
        "batch": batch,
        "name": name_of(batch),
        "row": row,
        "fault": gettext(row.fault).capitalize(),
        "cure": gettext(CURES[row.fault]) if row.fault in CURES else "",
        "cells": cells,
        "withheld": [column for column in cells if column not in shown],
        "form": SettleRowForm(cells, shown, posted),
    }


def settle_row(page: dict[str, Any], action: str, by: Actor) -> str:
    """Do what was asked with the row; returns what to say, or nothing when the form now says why not."""
    batch, row, form = page["batch"], page["row"], page["form"]
    try:
        if action == SettleRowForm.REFUSE:
            settling.refuse_rows(batch=batch, rows=[row], because=form.cleaned_data["because"], by=by)
            return gettext("The row is refused. Its line and your reason stay on record.")
        done = settling.release_rows(batch=batch, rows=[row], changes={row.pk: form.changed(page["cells"])}, by=by)
    except RuleBroken as broken:
        form.add_error("because" if action == SettleRowForm.REFUSE else None, broken.sentence)
        return ""
    if done.released:
        return gettext("The row has joined its batch. Figures count it from now on.")
    form.add_error(None, gettext("It still cannot be used: %(why)s") % {"why": done.still[0][1]})
    return ""


def settle_reason_page(batch: Batch, reason: str, person: Any, posted: Any) -> dict[str, Any] | None:
    """All rows with one fault; None when none waits. Shows no row."""
    permissions.check_can_view_quarantine(person, batch)
    count = next((found.rows for found in selectors.quarantine_summary(batch) if found.fault == reason), 0)
    if not count:
        return None
    words = ngettext("%(rows)s row: %(why)s", "%(rows)s rows: %(why)s", count)
    return {
        "batch": batch,
        "name": name_of(batch),
        "reason": reason,
        "heading": words % {"rows": whole(count), "why": gettext(reason)},
        "cure": gettext(CURES[reason]) if reason in CURES else "",
        "form": SettleReasonForm(batch.header, posted),
    }


def settle_reason(page: dict[str, Any], by: Actor) -> str:
    """Do what was asked with all rows of the reason; what to say, or nothing when the form now says why not."""
    batch, form, said_ = page["batch"], page["form"], page["form"].cleaned_data
    rows = settling.rows_to_settle(batch, fault=page["reason"])
    try:
        if said_["what"] == SettleReasonForm.REFUSE:
            count = settling.refuse_rows(batch=batch, rows=rows, because=said_["because"], by=by)
            return ngettext("%(count)s row is refused.", "%(count)s rows are refused.", count) % {"count": whole(count)}
        change = {said_["column"]: said_["text"]} if said_["what"] == SettleReasonForm.REPLACE else {}
        done = settling.release_rows(batch=batch, rows=rows, changes={row.pk: change for row in rows}, by=by)
    except RuleBroken as broken:
        form.add_error(None, broken.sentence)
        return ""
    if not done.released:
        form.add_error(None, gettext("None of them can be used yet. %(why)s") % {"why": done.still[0][1]})
        return ""
    words = ngettext(
        "%(released)s row has joined its batch; %(still)s still wait.",
        "%(released)s rows have joined their batch; %(still)s still wait.",
        done.released,
    )
    return words % {"released": whole(done.released), "still": whole(len(done.still))}


def editions_page(upload: Upload) -> dict[str, Any]:
    """What newer editions in an upload would change of what is here: one part for each. One query."""
    asked = (upload.asked or {}).get("editions", [])
    held = {batch.key: batch for batch in selectors.batches().filter(key__in=[one["batch"] for one in asked])}
    parts = []
    for one in asked:
        if one["batch"] not in held:
            continue
        change = EditionChange.from_dict(one["change"])
        parts.append(
            {
                "batch": held[one["batch"]],
                "name": name_of(held[one["batch"]]),
                "sentence": change.sentence.said(gettext),
                "before": whole(change.before),
                "after": whole(change.after),
                "counts": [
                    (gettext("Changed"), whole(change.changed)),
                    (gettext("New"), whole(change.added)),
                    (gettext("Gone"), whole(change.removed)),
                ],
                "types": [
                    (gettext(type_words(kind)), whole(was), whole(now), f"{now - was:+,}".replace("-", "−"))
                    for kind, (was, now) in change.types.items()
                ],
            }
        )
    heading = ngettext("%(count)s file was sent again", "%(count)s files were sent again", len(parts))
    return {"upload": upload, "parts": parts, "heading": heading % {"count": whole(len(parts))}}


def withdraw_page(batch: Batch, *, sure: bool, because: str, back: str) -> dict[str, Any]:
    """The question before a batch goes, and the question after the reason."""
    rows = ngettext("%(count)s row", "%(count)s rows", batch.rows_stored) % {"count": whole(batch.rows_stored)}
    return {
        "batch": batch,
        "name": name_of(batch),
        "rows": rows,
        "sure": sure,
        "because": because,
        "back": back,
        "warning": gettext("%(rows)s will leave every figure and picture of the partnership at once.") % {"rows": rows},
    }
