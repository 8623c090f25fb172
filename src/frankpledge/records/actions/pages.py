"""What the pages of the action register say."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy, ngettext

from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.records.actions import permissions, rules, selectors
from frankpledge.records.actions.models import Action
from frankpledge.records.actions.vocabulary import ActionState, Lateness, Worked
from frankpledge.records.plan import selectors as plan
from frankpledge.ui.wording import spelled
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.wording import said, whole

ASKED_AFTER = timedelta(days=42)  # six weeks after an action is finished its owner is asked what came of it
NOBODY_LEADS = gettext_lazy("No lead agency")
FINISHED_SHOWN = 30
SHOWS = (("open", gettext_lazy("Open")), ("late", gettext_lazy("Late")), ("done", gettext_lazy("Finished")),
         ("doubtful", gettext_lazy("Look again")), ("all", gettext_lazy("All")))  # fmt: skip


def register_page(person: Any, query: Any) -> dict[str, Any]:
    """All actions by lead agency, late first. A fixed number of queries."""
    today = timezone.localdate()
    every = list(selectors.actions())
    words = (query.get("q") or "").replace("\x00", "").strip()[:100].casefold()
    lead, priority = query.get("lead") or "", query.get("priority") or ""
    show = query.get("show") if query.get("show") in dict(SHOWS) else "open"
    groups = rules.duplicates(every)
    same = {action.pk: group for group in groups for action in group}
    titles = plan.priority_titles({a.priority_key for a in every if a.priority_key})
    shown = [a for a in every if _wanted(a, str(show), today, bool(same.get(a.pk)))]
    shown = [
        a for a in shown if (not lead or a.lead_agency_name == lead) and (not priority or a.priority_key == priority)
    ]
    shown = [a for a in shown if words in f"{a.title} {a.output} {a.owner_name}".casefold()]
    rows = [_row(a, today, same.get(a.pk, ()), titles) for a in shown]
    rows.sort(key=lambda row: (row["lead"] or "\uffff", not row["late"], row["action"].due_on or date.max))
    held = permissions.permissions_of(person)
    return {
        "groups": _by_lead(rows),
        "count": len(rows),
        "total": len(every),
        "lead": _register_lead(every, groups, today),
        "shows": [{"name": str(name), "here": key == show, "url": _address(query, show=key)} for key, name in SHOWS],
        "leads": sorted({a.lead_agency_name for a in every if a.lead_agency_name}),
        "lead_chosen": lead,
        "priorities": sorted(titles.items(), key=lambda pair: pair[1]),
        "priority_chosen": priority,
        "words": words,
        "show": show,
        "may_edit": Permission.EDIT_ACTIONS in held,
    }


def _by_lead(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    grouped = groupby(rows, key=lambda row: str(row["lead"]))
    return [{"name": name or str(NOBODY_LEADS), "rows": list(found)} for name, found in grouped]


def _wanted(action: Action, show: str, today: date, doubled: bool) -> bool:
    if show == "all":
        return True
    if show == "done":
        return not action.is_open
    if show == "doubtful":
        return bool(rules.doubts(action)) or doubled
    return action.is_open and (show == "open" or rules.days_late(action.due_on, today) > 0)


def _address(query: Any, **changes: str) -> str:
    told = {name: query.get(name) for name in ("show", "lead", "priority", "q") if query.get(name)} | changes
    return f"?{urlencode(told)}"


def _register_lead(every: Sequence[Action], groups: Sequence[Any], today: date) -> str:
    open_ones = [a for a in every if a.is_open]
    late = sum(rules.days_late(a.due_on, today) > 0 for a in open_ones)
    words = ngettext("%(count)s action is open", "%(count)s actions are open", len(open_ones)) % {
        "count": whole(len(open_ones))
    }
    words += ", " + (
        ngettext("%(count)s is late.", "%(count)s are late.", late) % {"count": spelled(late)}
        if late
        else gettext("none is late.")
    )
    different = len(every) - sum(len(group) - 1 for group in groups)
    if groups:
        words += " " + gettext("%(rows)s rows promise %(different)s different things.") % {
            "rows": whole(len(every)),
            "different": whole(different),
        }
    return words


def _row(action: Action, today: date, group: Sequence[Any], titles: dict[str, str]) -> dict[str, Any]:
    late = rules.days_late(action.due_on, today) if action.is_open else 0
    return {
        "action": action,
        "lead": action.lead_agency_name,
        "late": late,
        "when": when_words(action),
        "status": status_words(action, today),
        "doubts": [said(doubt, gettext) for doubt in rules.doubts(action)],
        "same": [other for other in group if other.pk != action.pk],
        "priority": titles.get(action.priority_key, ""),
    }


def status_words(action: Action, today: date) -> tuple[str, str]:
    """Kind and word of an action's status."""
    if action.state == ActionState.DONE:
        return "good", gettext("done")
    if action.state == ActionState.DROPPED:
        return "unknown", gettext("dropped")
    standing = rules.lateness(action.due_on, today)
    if standing is Lateness.LATE:
        days = rules.days_late(action.due_on, today)
        return "bad", ngettext("%(count)s day late", "%(count)s days late", days) % {"count": whole(days)}
    if standing is Lateness.TODAY:
        return "warning", gettext("today")
    if standing is Lateness.TOMORROW:
        return "warning", gettext("tomorrow")
    return "plain", gettext("open")


def when_words(action: Action) -> str:
    """The day it is due, or the source's own words."""
    return day_words(action.due_on) if action.due_on else action.due_text


def day_words(day: date | None) -> str:
    """``9 Nov 2026``."""
    return formats.date_format(day, "j M Y") if day else ""


def mine_page(person: Any, show: str) -> dict[str, Any]:
    """My actions, on a phone in a corridor: late, today, tomorrow, later; then what to say of finished ones."""
    today = timezone.localdate()
    if show == "finished":
        return _mine_finished(person)
    area = show == "agency"
    found = _of_my_agencies(person) if area else list(selectors.actions(state=ActionState.OPEN, owner_id=person.pk))
    named = plan.priority_titles({a.priority_key for a in found if a.priority_key})
    cards = [_card(action, today, named, person) for action in found]
    parts = []
    for standing, name in _PARTS:
        inside = [card for card in cards if card["standing"] is standing]
        if inside:
            day = today if standing is Lateness.TODAY else today + timedelta(days=1)
            shown = (
                formats.date_format(day, "l j F")
                if standing in (Lateness.TODAY, Lateness.TOMORROW)
                else str(len(inside))
            )
            full = standing in (Lateness.LATE, Lateness.TODAY, Lateness.TOMORROW)
            parts.append(
                {
                    "name": str(name),
                    "beside": shown,
                    "cards": inside,
                    "full": full,
                    "id": standing.value.replace(" ", "-"),
                }
            )
    asked = [] if area else list(selectors.awaiting_result(person.pk, today - ASKED_AFTER))
    return {
        "show": "agency" if area else "mine",
        "lead": _mine_lead(found, today),
        "parts": parts,
        "asked": asked[:1],
        "more_asked": max(0, len(asked) - 1),
        "none": not found,
    }


_PARTS = (
    (Lateness.LATE, gettext_lazy("Late")),
    (Lateness.TODAY, gettext_lazy("Today")),
    (Lateness.TOMORROW, gettext_lazy("Tomorrow")),
    (Lateness.LATER, gettext_lazy("Later")),
    (Lateness.NO_DATE, gettext_lazy("No date")),
)


def _mine_finished(person: Any) -> dict[str, Any]:
    found = (
        selectors.actions(owner_id=person.pk).exclude(state=ActionState.OPEN).order_by("-closed_at")[:FINISHED_SHOWN]
    )
    rows = list(found)
    words = ngettext("You have finished %(count)s action.", "You have finished %(count)s actions.", len(rows))
    return {"show": "finished", "lead": words % {"count": whole(len(rows))}, "finished": rows, "none": not rows}


def _mine_lead(found: Sequence[Action], today: date) -> str:
    late = sum(rules.days_late(a.due_on, today) > 0 for a in found)
    due = sum(a.due_on == today for a in found)
    if not found:
        return gettext("No action is open.")
    words = [gettext("%(count)s open.") % {"count": whole(len(found))}]
    if late:
        words.append(
            ngettext("%(count)s is late.", "%(count)s are late.", late) % {"count": spelled(late).capitalize()}
        )
    if due:
        words.append(
            ngettext("%(count)s is due today.", "%(count)s are due today.", due) % {"count": spelled(due).capitalize()}
        )
    return " ".join(words)


def _card(action: Action, today: date, titles: dict[str, str], person: Any) -> dict[str, Any]:
    kind, word = status_words(action, today)
    origin = titles.get(action.priority_key) or gettext(action.origin)
    is_new, own = rules.is_new(action.created_at, timezone.now()), action.owner_id == person.pk
    return {
        "action": action,
        "standing": rules.lateness(action.due_on, today),
        "kind": kind,
        "word": word,
        "when": formats.date_format(action.due_on, "D j M") if action.due_on else action.due_text,
        "about": " · ".join(part for part in (origin, "" if own else action.owner_name) if part),
        "is_new": is_new,
        "own": own,
    }


def _of_my_agencies(person: Any) -> list[Action]:
    mine = agencies.agencies_of(person, timezone.localdate())
    return [a for a in selectors.actions(state=ActionState.OPEN) if a.lead_agency_id in mine]


def due_from(person: Any, limit: int) -> list[dict[str, Any]]:
    """Somebody's open actions for My work, late ones first. Two queries."""
    today = timezone.localdate()
    found = list(selectors.actions(state=ActionState.OPEN, owner_id=person.pk)[:limit])
    named = plan.priority_titles({a.priority_key for a in found if a.priority_key})
    return [_card(action, today, named, person) for action in found]


def late_in_agency(person: Any, limit: int) -> dict[str, Any]:
    """What is late and led by somebody's own agencies, not owned by them, worst first. Three queries."""
    today = timezone.localdate()
    led = [a for a in _of_my_agencies(person) if a.owner_id != person.pk]
    late = sorted((a for a in led if rules.days_late(a.due_on, today)), key=lambda a: (a.due_on or date.max, a.pk))
    shown = [
        {"action": a, "when": day_words(a.due_on), "days": whole(rules.days_late(a.due_on, today))}
        for a in late[:limit]
    ]
    return {"rows": shown, "late": len(late), "open": len(led)}


def action_page(action: Action, person: Any) -> dict[str, Any]:
    """One action: who, what, by when, what for, and all that happened."""
    today = timezone.localdate()
    held = permissions.permissions_of(person)
    others = rules.duplicates_of(action, list(selectors.actions()))
    kind, word = status_words(action, today)
    owner = agencies.person_by_key(action.owner_id) if action.owner_id else None
    titles = plan.priority_titles([action.priority_key]) if action.priority_key else {}
    may_report = permissions.can_report(person, action, held)
    walk = urlencode({"from": f"action:{action.reference}"})
    done = action.state == ActionState.DONE
    return {
        "action": action,
        "kind": kind,
        "word": word,
        "when": when_words(action),
        "doubts": [said(doubt, gettext) for doubt in rules.doubts(action)],
        "same": others,
        "history": selectors.history(action),
        "priority": titles.get(action.priority_key, action.priority_key),
        "may_report": may_report,
        "may_edit": Permission.EDIT_ACTIONS in held,
        "may_chase": Permission.EDIT_ACTIONS in held and action.is_open and owner is not None,
        "owner_email": owner.email if owner and Permission.EDIT_ACTIONS in held else "",
        "thread": f"{reverse('golden_thread:thread')}?{walk}" if Permission.VIEW_PERFORMANCE in held else "",
        "worked": [(word.value, gettext(word.value)) for word in Worked if word] if done else [],
    }


def chase_page(person: Any, base: str) -> dict[str, Any]:
    """Everything late by the person to ask, each with a reminder ready to send from one's own mail program."""
    today = timezone.localdate()
    late = list(selectors.late(today))
    known = {p.pk: p for p in agencies.people(today=today)}
    asked = [_asked(found, known, today, base) for found in _by_owner(late)]
    words = ngettext("%(count)s action is late.", "%(count)s actions are late.", len(late))
    lead = words % {"count": whole(len(late))} if late else gettext("Nothing is late.")
    may_send = any(one["mail"] for one in asked)
    return {"asked": asked, "lead": lead, "none": not late, "may_send": may_send}


def _by_owner(late: Sequence[Action]) -> list[list[Action]]:
    ordered = sorted(late, key=lambda a: (a.owner_name or a.lead_agency_name, a.due_on or date.max))
    return [
        list(found) for _, found in groupby(ordered, key=lambda a: (a.owner_id, a.owner_name or a.lead_agency_name))
    ]


def _asked(found: list[Action], known: dict[int, Any], today: date, base: str) -> dict[str, Any]:
    first = found[0]
    person = known.get(first.owner_id or 0)
    return {
        "name": first.owner_name or first.lead_agency_name or gettext("Nobody"),
        "left": first.owner_id is not None and (person is None or not person.is_active),
        "mail": reminder(person, found, today, base) if person is not None and person.is_active else "",
        "rows": [{"action": a, "days": rules.days_late(a.due_on, today), "when": day_words(a.due_on)} for a in found],
        "keys": ",".join(a.reference for a in found),
    }


def reminder(person: Any, found: Sequence[Action], today: date, base: str) -> str:
    """An address that opens one's mail program with a polite reminder of these actions and links to each."""
    subject, body = letter(person.name, found, today, base)
    # An address may hold a question mark, behind which a mail program would read more receivers.
    asked = urlencode({"subject": subject, "body": body}).replace("+", "%20")
    return f"mailto:{quote(person.email, safe='@')}?{asked}"


def letter(name: str, found: Sequence[Action], today: date, base: str) -> tuple[str, str]:
    """Subject and text of a reminder of these actions, with a link to each; ``base`` is where we are reached."""
    lines = [
        f"- {a.title} ({status_words(a, today)[1]}): {base}{reverse('actions:action', args=[a.reference])}"
        for a in found
    ]
    body = gettext(
        "Dear %(name)s,\n\nthese actions are still open on our register:\n\n%(lines)s\n\n"
        "Please say how each stands: done, in hand, or more time needed. Sign in and press the button.\n\nThank you."
    ) % {"name": name, "lines": "\n".join(lines)}
    subject = ngettext("%(count)s action is late", "%(count)s actions are late", len(found)) % {"count": len(found)}
    return subject, body


def differences(current: Action, form: Any) -> list[dict[str, Any]]:
    """Field by field what stands now and what was written, where the two differ."""
    told = getattr(form, "cleaned_data", {})
    now = {"lead_agency_name": gettext("Lead agency"), "owner_name": gettext("Who does it?")}
    labels = now | {name: str(field.label) for name, field in form.fields.items()}
    pairs = [
        (label, getattr(current, name, None), told.get(name)) for name, label in labels.items() if name != "version"
    ]
    return [
        {"label": label, "now": held or "–", "written": written or "–"}
        for label, held, written in pairs
        if held is not None and written is not None and str(held) != str(written)
    ]
