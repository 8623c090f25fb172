"""The quarter's pack in one click, and reminders to whoever owes it a figure.

The pack is made once as a document and written as a web page, PDF, Word and slides; it is kept as it was made.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from smtplib import SMTPException
from typing import TYPE_CHECKING, Any

from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext

from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.jobs.registry import JobContext
from frankpledge.oversight.claims import services as claims
from frankpledge.oversight.claims.rules import Signed
from frankpledge.oversight.performance import pages, permissions, selectors, services
from frankpledge.oversight.performance.rules import FinancialQuarter
from frankpledge.oversight.performance.selectors import Line, Report
from frankpledge.records.indicators.permissions import Reader
from frankpledge.records.plan.vocabulary import MilestoneStanding
from frankpledge.reports.document_page import to_html
from frankpledge.reports.documents import (
    Block,
    Bullets,
    Callout,
    CalloutKind,
    Contents,
    Document,
    FigureBlock,
    Heading,
    KeyFigure,
    KeyFigures,
    PageBreak,
    Paragraph,
    TableBlock,
)
from frankpledge.reports.pdf import to_pdf
from frankpledge.reports.slides import to_slides
from frankpledge.reports.word import to_word
from frankpledge.reports.words import date_words
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.wording import said, whole

if TYPE_CHECKING:
    from frankpledge.oversight.performance.models import Pack

log = logging.getLogger(__name__)
Progress = Callable[[float, str], None]
ACTIONS_SHOWN = 40


def make_pack_job(context: JobContext, *, year: int, quarter: int) -> dict[str, Any]:
    """The job: see `make_pack`."""
    made = make_pack(FinancialQuarter(year, quarter), by=context.by, progress=context.progress)
    return {"pack": made.pk, "title": made.title, "finding": made.finding}


def make_pack(quarter: FinancialQuarter, *, by: Actor, progress: Progress = lambda percent, words: None) -> "Pack":
    """Make and keep the pack of a quarter. Raises NotPermitted for whoever may not.

    What the pack claims may have a ledger of its own, under the pack's name (``pack-2026-q2``). RuleBroken while a
    conflict in it is neither mended nor explained; what is explained and signed is printed.
    """
    permissions.check_can_make_pack(by)
    claimed = claims.may_publish(ledger_key(quarter))
    if not claimed.may:
        open_ = ", ".join(trouble.key for trouble in claimed.open)
        raise RuleBroken(
            f"The ledger of this pack’s claims has conflicts open: {open_}. Correct them, or have them explained and "
            "signed, then make the pack."
        )
    today = timezone.localdate()
    progress(5, "Reading the quarter")
    found = selectors.report(quarter, today=today, reader=Reader())  # a pack goes to everybody
    document = pack_document(found, made_on=today, signed=claimed.signed)
    progress(30, "Writing the page")
    page = to_html(document)
    progress(40, "Setting the PDF")
    pdf = to_pdf(document)
    progress(60, "Writing the Word file")
    word = to_word(document)
    progress(80, "Drawing the slides")
    slides = to_slides(slides_document(found, made_on=today))
    progress(95, "Keeping the pack")
    return services.keep_pack(
        quarter=quarter,
        title=document.title,
        finding=pages.finding(found),
        indicators=len(found.lines),
        page=page,
        pdf=pdf,
        word=word,
        slides=slides,
        by=by,
    )


def ledger_key(quarter: FinancialQuarter) -> str:
    """The key under which the ledger of claims looks after this pack: ``pack-2026-q2``."""
    return f"pack-{quarter.year}-q{quarter.quarter}"


def pack_document(found: Report, *, made_on: date, signed: Sequence[Signed] = ()) -> Document:
    """The whole pack: exceptions first, then decisions, milestones, money, risks, late actions and every indicator."""
    blocks: list[Block] = [Paragraph(pages.finding(found)), KeyFigures(tuple(_counts(found))), Contents()]
    blocks += _exceptions(found)
    blocks += _decisions(found)
    blocks += _milestones(found)
    blocks += _money(found)
    blocks += _risks(found)
    blocks += _late_actions(found)
    if signed:
        blocks += [Heading(1, gettext("Explained and signed")), Bullets(tuple(_signed_words(one) for one in signed))]
    blocks += [PageBreak(), Heading(1, gettext("Every indicator"))]
    for number, line in enumerate(found.others):
        blocks += _card(line, found, f"o{number}")
    return _document(found, tuple(blocks), made_on)


def _signed_words(one: Signed) -> str:
    return gettext("%(words)s %(text)s (%(name)s, %(day)s)") % {
        "words": one.trouble.words,
        "text": one.text,
        "name": one.by_name,
        "day": date_words(date.fromisoformat(one.on)),
    }


def slides_document(found: Report, *, made_on: date) -> Document:
    """What the meeting looks at together: the exceptions, and what it is asked; the rest stays in the pack."""
    blocks: list[Block] = [
        Heading(1, _title(found)),
        Paragraph(pages.finding(found)),
        KeyFigures(tuple(_counts(found))),
    ]
    blocks += [_figure(line, f"e{number}") for number, line in enumerate(found.exceptions)]
    blocks += [*_decisions(found), *_milestones(found), *_money(found), *_risks(found), *_late_actions(found)]
    blocks.append(_summary(found))
    return _document(found, tuple(blocks), made_on)


def _document(found: Report, blocks: tuple[Block, ...], made_on: date) -> Document:
    ours = agencies.partnership()
    return Document(
        title=_title(found),
        subtitle=said(found.quarter.months_words, gettext),
        partnership=ours.name if ours else "Frankpledge",
        language="cy" if translation.get_language() == "cy" else "en-GB",
        made_on=made_on,
        blocks=blocks,
        notes=(pages.how(), *_sources(found)),
    )


def _title(found: Report) -> str:
    return gettext("Performance: %(quarter)s") % {"quarter": said(found.quarter.words, gettext)}


def _sources(found: Report) -> Iterator[str]:
    if found.batches:
        yield gettext("Batches behind the figures: %(batches)s.") % {"batches": ", ".join(found.batches)}
    yield from dict.fromkeys(said(doubt.sentence, gettext) for line in found.lines for doubt in line.standing.doubts)


def _counts(found: Report) -> Iterator[KeyFigure]:
    for item in pages.quarter_counts(found):
        yield KeyFigure(gettext("Indicators"), whole(item["count"]), status=item["word"])


def _exceptions(found: Report) -> Iterator[Block]:
    if not found.exceptions:
        return
    yield Heading(1, gettext("Needs the meeting"))
    for number, line in enumerate(found.exceptions):
        yield from _card(line, found, f"e{number}")


def _card(line: Line, found: Report, prefix: str) -> Iterator[Block]:
    """An indicator's card: its finding and why, its figures, its chart."""
    words = pages.line_words(line, found.quarter, prefix)
    yield Heading(2, line.indicator.name)
    yield Paragraph(f"{capfirst(words['status'])}. {words['reason']}")
    yield KeyFigures(
        (
            KeyFigure(
                capfirst(words["period"]) or gettext("Now"),
                f"{words['value']} {words['unit']}".strip(),
                words["interval"],
                words["comparison"],
            ),
            KeyFigure(
                gettext("Target for %(year)s") % {"year": words["target_year"]},
                words["target"],
                "",
                gettext("Owner: %(who)s") % {"who": words["owner"] or gettext("nobody named")},
            ),
            KeyFigure(
                gettext("Chance of meeting it"),
                words["chance"] or "–",
                pages.chance_range(line.standing),
                words["stale"],
                words["status"],
            ),
        )
    )
    if line.standing.quarters:
        yield _figure(line, prefix)


def _figure(line: Line, prefix: str) -> FigureBlock:
    found = line.standing
    return FigureBlock(
        title=said(found.finding(), gettext),
        svg=str(pages.chart(line, prefix, large=True)),
        description=f"{pages.chart_title(line)}. {pages.reason(line)} {said(found.comparison(), gettext)}",
        how=" ".join(
            [
                gettext("How this was worked out: %(method)s.") % {"method": found.method},
                *(said(doubt.sentence, gettext) for doubt in found.doubts),
            ]
        ),
    )


def _decisions(found: Report) -> Iterator[Block]:
    asked = [f"{one.title} ({one.asked_by_name})" for one in found.asked]
    asked += [
        gettext("Approve a move of money from %(source)s to %(target)s.")
        % {"source": move.source.title, "target": move.target.title}
        for move in found.moves_asked
    ]
    if asked:
        yield Heading(1, gettext("Decisions asked for"))
        for one in asked:
            yield Callout(CalloutKind.DECISION, gettext("The meeting is asked to decide"), one)


def _milestones(found: Report) -> Iterator[Block]:
    shown = [one for one in found.milestones if one.standing in (MilestoneStanding.LATE, MilestoneStanding.DUE)]
    if not shown:
        return
    yield Heading(1, gettext("Milestones"))
    rows = tuple(
        (
            gettext(one.standing.value),
            one.milestone.title,
            one.milestone.due_text or one.milestone.due_on,
            one.milestone.owner_name or one.milestone.agency_name,
            one.milestone.note,
        )
        for one in shown
    )
    columns = tuple(gettext(word) for word in ("state", "milestone", "due", "owner", "note"))
    yield TableBlock(gettext("Milestones late and due"), columns, rows)


def _money(found: Report) -> Iterator[Block]:
    if found.spending is None:
        return
    whole_year = found.spending.whole
    yield Heading(1, gettext("Money"))
    rows = [(spend.line.title, *_sums(spend.to_date)) for spend in found.spending.lines if spend.to_date.budget.parts]
    columns = tuple(gettext(word) for word in ("line", "spent", "committed", "profile by now", "budget of the year"))
    notes = (
        () if whole_year.budget.is_complete else (gettext("A budget marked “at least” has a part to be confirmed."),)
    )
    yield TableBlock(
        gettext("Spend against profile, to %(day)s")
        % {"day": date_words(FinancialQuarter(found.spending.year, found.spending.quarters_in).last_day)},
        columns,
        (*rows, (gettext("All"), *_sums(whole_year))),
        notes,
        (False, True, True, True, True),
    )


def _sums(sums: Any) -> tuple[str, ...]:
    budget = pages.pounds(sums.budget.known)
    if not sums.budget.is_complete:
        budget = gettext("at least %(sum)s") % {"sum": budget}
    return pages.pounds(sums.spent), pages.pounds(sums.committed), pages.pounds(sums.profile.known), budget


def _risks(found: Report) -> Iterator[Block]:
    """What stands in the way, from the records: nothing here is a matter of opinion."""
    risks = [
        gettext("%(name)s: no figure for the quarter yet, owed by %(who)s.")
        % {"name": line.indicator.name, "who": pages.owner(line) or gettext("nobody named")}
        for line in found.overdue
    ]
    unowned = [one.milestone.title for one in found.late_milestones if not one.milestone.owner_name]
    risks += [gettext("Late, with nobody named: %(title)s") % {"title": title} for title in unowned]
    if found.spending is not None and not found.spending.whole.budget.is_complete:
        risks.append(
            gettext("%(count)s budget cells of the year are still to be confirmed.")
            % {"count": found.spending.whole.budget.missing}
        )
    if risks:
        yield Heading(1, gettext("Risks"))
        yield Bullets(tuple(risks))


def _late_actions(found: Report) -> Iterator[Block]:
    if not found.actions_late:
        return
    yield Heading(1, gettext("Actions late"))
    rows = tuple(
        (one.reference, one.title, one.owner_name or one.lead_agency_name, one.due_on)
        for one in found.actions_late[:ACTIONS_SHOWN]
    )
    more = len(found.actions_late) - ACTIONS_SHOWN
    notes = (gettext("%(count)s more are late.") % {"count": more},) if more > 0 else ()
    columns = tuple(gettext(word) for word in ("action", "what", "owner", "due"))
    yield TableBlock(gettext("Open actions whose day has passed"), columns, rows, notes)


def _summary(found: Report) -> TableBlock:
    columns = tuple(gettext(word) for word in ("indicator", "status", "now", "target", "chance"))
    words = [pages.line_words(line, found.quarter, "s") for line in found.others]
    rows = tuple((one["indicator"].name, one["status"], one["value"], one["target"], one["chance"]) for one in words)
    return TableBlock(gettext("The other indicators"), columns, rows)


# --- reminders


def remind_owners_job(context: JobContext, *, year: int, quarter: int, address: str) -> dict[str, Any]:
    """The job: see `remind_owners`."""
    sent, failed = remind_owners(FinancialQuarter(year, quarter), address=address, by=context.by)
    return {"sent": sent, "failed": failed, "year": year, "quarter": quarter}


def remind_owners(quarter: FinancialQuarter, *, address: str, by: Actor) -> tuple[int, int]:
    """Send each owner one message about the lines of ``quarter`` they have not filled in; how many went, how many not.

    ``address``: where this installation is reached. Whoever was reminded of the same lines today is left alone.
    """
    permissions.check_can_make_pack(by)
    today = timezone.localdate()
    told = {(one.to_id, tuple(one.indicators)) for one in selectors.reminders(quarter) if one.sent_at.date() == today}
    sent = failed = 0
    for letter in selectors.letters(quarter, address=address, today=today, words=pages.letter_words()):
        if (letter.to_id, letter.keys) in told:
            continue
        try:
            EmailMessage(letter.subject.replace("\n", " "), letter.text, to=[letter.to_email]).send()
        except (SMTPException, OSError):
            log.warning("A reminder could not be sent to person %s.", letter.to_id, exc_info=True)
            failed += 1
            continue
        services.record_reminder(
            quarter=quarter,
            to_id=letter.to_id,
            to_name=letter.to_name,
            indicators=letter.keys,
            subject=letter.subject,
            text=letter.text,
            by=by,
        )
        sent += 1
    return sent, failed
