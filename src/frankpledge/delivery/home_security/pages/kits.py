"""What the pages of the register of marking kits show."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.utils import formats, timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import KitQuestion, MarkingKit
from frankpledge.delivery.home_security.rules import kits as rules
from frankpledge.delivery.home_security.rules.crew import spaced_code
from frankpledge.delivery.home_security.rules.kits import Confirmed, WhyNotOurs
from frankpledge.delivery.home_security.selectors import kits as selectors
from frankpledge.delivery.home_security.selectors.kits import Register
from frankpledge.delivery.home_security.services.kits import ExportRow, Found, LookedUp
from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.places import selectors as places
from frankpledge.reports.spreadsheets import Sheet
from frankpledge.vocabulary.permissions import Permission, Role
from frankpledge.vocabulary.wording import share

ON_A_PAGE = 50
NOT_OURS_SHOWN, SIGNS_SHOWN = 50, 40
TARDY_DAYS = 28  # a kit that waits longer than four weeks is marked

WHY = {
    WhyNotOurs.UNKNOWN: gettext_lazy("no kit of ours has this code"),
    WhyNotOurs.NOT_A_CODE: gettext_lazy("cannot be a code: its last sign does not fit the others"),
    WhyNotOurs.NO_HOME: gettext_lazy("our kit, but no home has it: look why the database knows it"),
    WhyNotOurs.GONE: gettext_lazy("our kit, but out of use: tell the database"),
}


def register_page(person: Any, query: Any, today: date) -> dict[str, Any]:
    """The register, what is not registered first. A fixed number of queries however many kits there are."""
    stands = selectors.register()
    shown = Paginator(selectors.unregistered(), ON_A_PAGE).get_page(query.get("page"))
    without = selectors.homes_without_code()
    return {
        "stands": stands,
        "lead": _lead(stands, today),
        "share": share(stands.registered / stands.given_out) if stands.given_out else "",
        "new": stands.unregistered - stands.sent,
        "rows": [_row(kit, today) for kit in shown],
        "pages": shown,
        "questions": [_question_line(one) for one in selectors.open_questions()],
        "without_code": without,
        "may_edit": permissions.can_edit(person),
        "may_look_up": policy.can(person, Permission.LOOK_UP_KITS),
    }


def _lead(stands: Register, today: date) -> str:
    if not stands.given_out:
        return gettext("No home has a kit with a known code yet.")
    if not stands.unregistered:
        return gettext("All {n} kits homes have are registered with the national database.").format(
            n=f"{stands.given_out:,}"
        )
    words = ngettext(
        "{n} of {all} kits homes have is not registered: a found item with its code leads to nobody.",
        "{n} of {all} kits homes have are not registered: a found item with such a code leads to nobody.",
        stands.unregistered,
    ).format(n=f"{stands.unregistered:,}", all=f"{stands.given_out:,}")
    return f"{words} " + gettext("The oldest has waited {days} days.").format(
        days=rules.days_waiting(stands.oldest, today)
    )


def _row(kit: MarkingKit, today: date) -> dict[str, Any]:
    days = rules.days_waiting(kit.issued_on, today)
    if kit.exported_at is None:
        standing = ("bad", gettext("not sent")) if days > TARDY_DAYS else ("warning", gettext("to send"))
    else:
        standing = ("busy", gettext("sent, not confirmed"))
    return {"kit": kit, "code": spaced_code(kit.code), "days": days, "standing": standing}


def _question_line(question: KitQuestion) -> dict[str, Any]:
    """A question without addresses: what the crew wrote, and what is odd about it."""
    if question.kit is None:
        about = gettext("The crew wrote “{code}”, which cannot be a code.").format(code=question.written)
    else:
        about = gettext("Two homes were given {code}.").format(code=spaced_code(question.written))
    return {"key": question.pk, "about": about, "at": question.asked_at}


def export_sheet(rows: list[ExportRow]) -> Sheet:
    """The codes for the national database. A line that was sent before says when."""
    columns = ("code", "brand", "given out on", "address", "postcode", "sent before on")
    return Sheet(
        "kits",
        columns,
        tuple(
            (
                row.code,
                row.brand,
                row.issued_on.isoformat(),
                row.address,
                row.postcode,
                timezone.localdate(row.sent_before).isoformat() if row.sent_before else "",
            )
            for row in rows
        ),
    )


def exported(rows: list[ExportRow]) -> str:
    """What was sent, for the page that comes after; says so where codes were sent before."""
    before = sum(row.sent_before is not None for row in rows)
    said = ngettext("{n} code was written for the database.", "{n} codes were written for the database.", len(rows))
    if before:
        said = f"{said} " + ngettext(
            "{before} of them had been sent before and is sent again.",
            "{before} of them had been sent before and are sent again.",
            before,
        )
    return said.format(n=f"{len(rows):,}", before=f"{before:,}")


def confirmed_page(found: Confirmed) -> dict[str, Any]:
    """What became of each row of a confirmation."""
    lead = gettext(
        "{read} rows came in: {confirmed} confirmed, {already} confirmed already, {not_ours} not ours."
    ).format(
        read=f"{found.read:,}",
        confirmed=f"{len(found.confirmed):,}",
        already=f"{len(found.already):,}",
        not_ours=f"{len(found.not_ours):,}",
    )
    return {
        "lead": lead,
        "rows": [(code[:SIGNS_SHOWN] or "–", WHY[why]) for code, why in found.not_ours[:NOT_OURS_SHOWN]],
        "more": max(len(found.not_ours) - NOT_OURS_SHOWN, 0),
    }


def question_page(question: KitQuestion) -> dict[str, Any]:
    """A code that names two homes, or none, with the homes: whoever shows it records the look."""
    kit = question.kit
    homes = places.premises_of([question.uprn, *([kit.uprn] if kit and kit.uprn else [])])
    request = question.visit.request

    def address(uprn: str) -> str:
        if uprn in homes:
            return f"{homes[uprn].address}, {homes[uprn].postcode}"
        return request.address if request and request.uprn == uprn else gettext("not in the address list any more")

    return {
        "question": question,
        "code": spaced_code(question.written) if kit else question.written,
        "first": address(kit.uprn) if kit and kit.uprn else "",
        "first_on": kit.issued_on if kit else None,
        "is_registered": bool(kit and kit.registered_on),
        "second": address(question.uprn),
        "telephone": request.telephone if request else "",
    }


# -- a recovered code -------------------------------------------------------------------------------------------------


def look_up_page(person: Any, answer: LookedUp | None = None) -> dict[str, Any]:
    """The page on which the police look up a code, with what was found. One query for whom to reach."""
    return {
        "answer": _answer(answer) if answer else None,
        "coordinators": coordinators(timezone.localdate()),
        "most": rules.LOOK_UPS_AN_HOUR,
        "sees_homes": policy.can(person, Permission.VIEW_HOMES),
    }


def coordinators(today: date) -> list[Any]:
    """Who coordinates today, with name and e-mail. One query."""
    return list(agencies.active_in(Role.COORDINATOR, today))


def _answer(answer: LookedUp) -> dict[str, Any]:
    code = spaced_code(answer.code)
    said = {
        Found.HOME: gettext("One home has this code."),
        Found.NOBODY: gettext("The kit with this code is ours, but no home has it yet. Tell the coordinator."),
        Found.GONE: gettext("This code was taken out of use and leads to no home. The coordinator knows why."),
        Found.IN_DOUBT: gettext(
            "Two homes were given this code, and it is not settled whose it is. The coordinator can find out with you."
        ),
        Found.UNKNOWN: gettext("No kit of ours has this code. Other suppliers have registers of their own."),
        Found.NOT_A_CODE: gettext(
            "This cannot be a code of ours: its last sign does not fit the others. Read it once more from the item."
        ),
    }
    return {
        "found": answer.found is Found.HOME,
        "code": code,
        "said": said[answer.found],
        "address": f"{answer.address}, {answer.postcode}" if answer.postcode else answer.address,
        "issued": formats.date_format(answer.issued_on, "j F Y") if answer.issued_on else "",
        "registered": answer.is_registered,
    }
