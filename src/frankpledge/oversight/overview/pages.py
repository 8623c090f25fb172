"""What My work says: only what is real now. Work I started, what came in since I looked, what is missing or waits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from frankpledge.delivery.home_security.selectors import crew as crews
from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.agencies.vocabulary import HOUSE_COLOUR
from frankpledge.foundation.jobs import selectors as jobs
from frankpledge.foundation.jobs.vocabulary import JobState
from frankpledge.oversight.overview.models import LastLook
from frankpledge.records.actions.pages import due_from, late_in_agency
from frankpledge.records.incidents import selectors as incidents
from frankpledge.records.incidents.pages import name_of
from frankpledge.records.incidents.vocabulary import BatchState, CellState, source_words
from frankpledge.records.plan.money_pages import moves_to_decide
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.wording import said, whole

LINES = 8  # in each part of the page


def my_work(person: Any) -> dict[str, Any]:
    """Everything on the page. A fixed number of queries, fewer for people who may see less."""
    held = policy.permissions_of(person)
    sees_evidence = Permission.VIEW_EVIDENCE in held
    looked_at = LastLook.objects.filter(person_id=person.pk).values_list("looked_at", flat=True).first()
    work = list(jobs.jobs_for(for_user=person)[:LINES]) if Permission.VIEW_JOB in held else []
    due = [_job(job) for job in work if not job.is_finished or job.state == JobState.FAILED]
    new = _new(looked_at, work) if sees_evidence else []
    late = _missing() if sees_evidence else []
    due_actions = due_from(person, LINES) if Permission.VIEW_ACTIONS in held else []
    moves = moves_to_decide(person) if Permission.APPROVE_MONEY in held else []
    visits = _visits(person) if Permission.DO_VISITS in held else None
    late_actions = late_in_agency(person, LINES) if Permission.VIEW_ACTIONS in held else None
    return {
        "lead": _lead(due, new, late, due_actions, moves, visits["left"] if visits else 0),
        "visits": visits,
        "moves": moves,
        "late_actions": late_actions,
        "may_chase": Permission.EDIT_ACTIONS in held,
        "due_actions": due_actions,
        "looked_at": looked_at,
        "due": due,
        "new": new,
        "late": late,
        "waiting": _waiting() if sees_evidence else None,
        "sees_evidence": sees_evidence,
        "start": _start(held),
        "nothing": not (due or due_actions or moves or new or late or visits),
    }


def partnership() -> dict[str, str]:
    """What the form about the partnership holds at first."""
    ours = agencies.partnership()
    if ours is None:
        return {"colour": HOUSE_COLOUR}
    return {"name": ours.name, "welsh_name": ours.welsh_name, "colour": ours.colour, "own_area": ours.own_area}


def _lead(
    due: list[Any],
    new: list[Any],
    late: list[Any],
    actions: list[dict[str, Any]],
    moves: list[dict[str, Any]],
    visits: int,
) -> str:
    today = timezone.localdate()
    day = f"{today.day} {said(Month.of(today), gettext)}"
    parts = []
    overdue = [card for card in actions if card["kind"] == "bad"]
    if overdue:
        parts.append(
            ngettext("%(count)s of your actions is late.", "%(count)s of your actions are late.", len(overdue))
        )
    if moves:
        parts.append(ngettext("%(count)s decision waits for you.", "%(count)s decisions wait for you.", len(moves)))
    if due:
        parts.append(
            ngettext("%(count)s piece of your work needs you.", "%(count)s pieces of your work need you.", len(due))
        )
    if new:
        parts.append(ngettext("%(count)s thing is new.", "%(count)s things are new.", len(new)))
    if late:
        parts.append(ngettext("%(count)s sender is behind.", "%(count)s senders are behind.", len(late)))
    counts = [len(items) for items in (overdue, moves, due, new, late) if items]
    if visits:
        parts.insert(0, ngettext("%(count)s visit waits for you.", "%(count)s visits wait for you.", visits))
        counts.insert(0, visits)
    said_parts = [part % {"count": whole(count)} for part, count in zip(parts, counts, strict=True)]
    return f"{day}. {' '.join(said_parts) or gettext('Nothing waits for you.')}"


def _visits(person: Any) -> dict[str, Any] | None:
    """How many of my crew's visits of today are left; None without any."""
    left, all_of_them = crews.still_to_do(person.pk, timezone.localdate())
    if not all_of_them:
        return None
    words = ngettext("%(left)s of %(all)s visit is left", "%(left)s of %(all)s visits are left", all_of_them)
    return {
        "left": left,
        "words": words % {"left": whole(left), "all": whole(all_of_them)} if left else gettext("All visits are done"),
    }


def _job(job: Any) -> dict[str, Any]:
    return {"job": job, "url": reverse("jobs:job", args=[job.pk]), "when": job.created_at}


def _new(looked_at: datetime | None, work: list[Any]) -> list[dict[str, Any]]:
    """Finished work of mine and what came in, newest first."""
    batches = incidents.batches()
    if looked_at is not None:
        batches = batches.filter(received_at__gt=looked_at)
    # what one person sent in one go reads as one line; one query however many batches
    together = (
        batches.order_by()
        .values("source", "publisher_name", "received_by_name", day=TruncDate("received_at"))
        .annotate(
            count=Count("pk"),
            key=Max("key"),
            first=Min("first_month"),
            last=Max("last_month"),
            rows=Sum("rows_stored"),
            in_quarantine=Sum("rows_quarantined"),
            when=Max("received_at"),
        )
        .order_by("-when", "source", "publisher_name")
    )
    items = [_received(line) for line in together[:LINES]]
    for job in work:
        if job.state == JobState.SUCCEEDED and job.finished_at and (not looked_at or job.finished_at > looked_at):
            items.append({**_job(job), "when": job.finished_at, "finished": True})
    return sorted(items, key=lambda item: item["when"], reverse=True)[:LINES]


def _received(line: Mapping[str, Any]) -> dict[str, Any]:
    """What one person sent of one source on one day."""
    span = MonthSpan(Month.of(line["first"]), Month.of(line["last"]))
    text = gettext("%(rows)s rows, received by %(who)s") % {
        "rows": whole(line["rows"]),
        "who": line["received_by_name"],
    }
    if line["count"] > 1:
        text = gettext("%(count)s batches") % {"count": whole(line["count"])} + f" · {text}"
    if line["in_quarantine"]:
        text += " · " + gettext("%(count)s in quarantine") % {"count": whole(line["in_quarantine"])}
    return {
        "title": f"{gettext(source_words(line['source']).label)}, {line['publisher_name']}, {said(span, gettext)}",
        "url": reverse("incidents:batch", args=[line["key"]]) if line["count"] == 1 else reverse("incidents:evidence"),
        "text": text,
        "when": line["when"],
    }


def _missing() -> list[dict[str, Any]]:
    """Senders with a month missing between others they sent."""
    grid = incidents.evidence_grid()
    return [
        {
            "source": gettext(row.source_label),
            "publisher": row.publisher_name,
            "months": said(tuple(missing), gettext),
            "count": len(missing),
        }
        for row in grid.rows
        if (missing := row.months_that_are(CellState.MISSING))
    ]


def _waiting() -> dict[str, Any]:
    """How many rows wait in quarantine, and in which batch the most."""
    found = (
        incidents.batches(state=BatchState.CURRENT).filter(rows_quarantined__gt=0).order_by("-rows_quarantined", "key")
    )
    worst = list(found[:3])
    return {
        "rows": whole(incidents.balance().quarantined),
        "batches": [
            {
                "name": name_of(batch),
                "rows": whole(batch.rows_quarantined),
                "url": reverse("incidents:batch", args=[batch.key]),
            }
            for batch in worst
        ],
    }


def _start(held: frozenset[Permission]) -> list[dict[str, str]]:
    """What this person can begin."""
    ways = (
        (Permission.EDIT_HOMES, gettext("See safe homes today"), "home_security:today"),
        (Permission.VIEW_PICTURE, gettext("See the burglary picture"), "exploring:picture"),
        (Permission.ADD_EVIDENCE, gettext("Add a file"), "incidents:upload"),
        (Permission.VIEW_EVIDENCE, gettext("See what has come in"), "incidents:evidence"),
        (Permission.EDIT_ACTIONS, gettext("Add an action"), "actions:add"),
        (Permission.VIEW_PERFORMANCE, gettext("See how the quarter stands"), "performance:quarter"),
        (Permission.VIEW_CLAIMS, gettext("Check what we print"), "claims:documents"),
        (Permission.MANAGE_PEOPLE, gettext("Manage people and roles"), "agencies:people"),
        (Permission.MANAGE_AGREEMENTS, gettext("Manage sharing agreements"), "agencies:agreements"),
    )
    return [{"name": name, "url": reverse(route)} for permission, name, route in ways if permission in held]
