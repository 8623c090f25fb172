"""What the pages of volunteers show."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from frankpledge.delivery.area_schemes import permissions
from frankpledge.delivery.area_schemes.models import VolunteerShift, WeekLook
from frankpledge.delivery.area_schemes.rules import volunteers as rules
from frankpledge.delivery.area_schemes.rules.volunteers import Cover, Pattern, Placed, Proposal
from frankpledge.delivery.area_schemes.selectors import volunteers as selectors
from frankpledge.delivery.area_schemes.selectors import where
from frankpledge.reports import explorer_charts as charts
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.questions import WEEKDAYS
from frankpledge.vocabulary.wording import decimal, whole

SHOWN = 10  # reported shifts on the page
SHIFTS, HOURS = (5, 1, 12), (4, 2, 8)  # proposed unless asked otherwise; the fewest and the most


def volunteers_page(person: Any, query: Any) -> dict[str, Any]:
    """Shifts planned and given, and where and when the record says to stand. A fixed number of queries."""
    today = timezone.localdate()
    planned, found = list(selectors.planned(today)), selectors.week(person)
    week = selectors.next_week(planned, today)
    given, called = selectors.given(today), where.names()
    return {
        "lead": lead(week, found, given),
        "planned": [shift_row(one, called) for one in planned],
        "to_report": [shift_row(one, called) for one in selectors.to_report(today)],
        "done": [shift_row(one, called) for one in selectors.done()[:SHOWN]],
        "given": given,
        "given_hours": whole(float(given["hours"])),
        "given_contacts": whole(given["contacts"]),
        "record": record_page(found, week, query, today, called) if found else None,
        "may_edit": permissions.can_edit(person),
    }


def lead(week: Sequence[VolunteerShift], found: tuple[WeekLook, list[Pattern]] | None, given: dict[str, Any]) -> str:
    """The finding: what the shifts of the next seven days stand in, and what was given in a year."""
    text = ngettext(
        "{n} shift is planned for the next seven days", "{n} shifts are planned for the next seven days", len(week)
    ).format(n=len(week))  # fmt: skip
    if week and found:
        reached = rules.cover(found[1], map(selectors.as_placed, week))
        text += ngettext(
            "; it stands where and when {share} of the recorded crime and disorder falls ({some} of {all}).",
            "; they stand where and when {share} of the recorded crime and disorder falls ({some} of {all}).",
            len(week),
        ).format(share=percent(reached.share), some=whole(reached.weight), all=whole(reached.total))  # fmt: skip
    else:
        text += "."
    if given["shifts"]:
        text += " " + ngettext(
            "In the last twelve months volunteers gave {hours} hours in {n} shift.",
            "In the last twelve months volunteers gave {hours} hours in {n} shifts.", given["shifts"],
        ).format(hours=whole(float(given["hours"])), n=given["shifts"])  # fmt: skip
    return text


def percent(part: float) -> str:
    """``5.4 %``: a whole per cent is too coarse for a few hours of a week."""
    return f"{decimal(100 * part)} %"


def shift_row(one: VolunteerShift, called: dict[str, str]) -> dict[str, Any]:
    """A line of shifts."""
    return {
        "shift": one,
        "ward": called.get(one.ward, one.ward),
        "when": rules.hours_words(one.starts, one.hours),
    }


def record_page(
    found: tuple[WeekLook, list[Pattern]],
    week: Sequence[VolunteerShift],
    query: Any,
    today: date,
    called: dict[str, str],
) -> dict[str, Any]:
    """What the record proposes, what the planned shifts reach of it, and the week as a picture and a table."""
    look, patterns = found
    shifts, hours = _asked(query, "shifts", SHIFTS), _asked(query, "hours", HOURS)
    proposed = rules.propose(patterns, shifts=shifts, hours=hours)
    placed = [selectors.as_placed(one) for one in week]
    reached = rules.cover(patterns, placed)
    best = rules.cover(patterns, [one.placed for one in proposed])
    return {
        "look": look,
        "kinds": ", ".join(gettext(CrimeType(kind).label) for kind in look.kinds),
        "proposed": [_proposal(one, reached, today, called) for one in proposed],
        "shifts": shifts,
        "hours": hours,
        "finding": finding(reached, best, len(week), len(proposed)),
        **_picture(patterns, placed),
    }


def finding(reached: Cover, best: Cover, planned: int, proposed: int) -> str:
    """How much of the record planned and proposed shifts stand in."""
    said = gettext("The {n} proposed shifts stand where and when {share} of it falls ({some} of {all} in the year).")
    text = said.format(n=proposed, share=percent(best.share), some=whole(best.weight), all=whole(best.total))
    if planned:
        text += " " + ngettext(
            "The {n} shift planned for the next seven days: {share} ({some}).",
            "The {n} shifts planned for the next seven days: {share} ({some}).", planned,
        ).format(n=planned, share=percent(reached.share), some=whole(reached.weight))  # fmt: skip
    return text


def _asked(query: Any, name: str, limits: tuple[int, int, int]) -> int:
    usual, low, high = limits
    text = query.get(name, "")
    return min(max(int(text), low), high) if text.isascii() and text.isdigit() and len(text) < 4 else usual


def _proposal(one: Proposal, reached: Cover, today: date, called: dict[str, str]) -> dict[str, Any]:
    placed = one.placed
    day = rules.next_day(placed.weekday, today)
    return {
        "ward": called.get(placed.ward, placed.ward),
        "day": gettext(WEEKDAYS[placed.weekday]),
        "when": rules.hours_words(placed.starts, placed.hours),
        "weight": gettext("fewer than {n}").format(n=rules.FEW) if one.weight < rules.FEW else whole(one.weight),
        "share": percent(one.weight / reached.total) if reached.total else "–",
        "query": urlencode(
            {"ward": placed.ward, "day": day.isoformat(), "starts": placed.starts, "hours": placed.hours}
        ),
    }


def _picture(patterns: Sequence[Pattern], placed: Sequence[Placed]) -> dict[str, Any]:
    """The week of all wards as a picture, hours with a planned shift starred, and the same numbers as a table."""
    week = rules.week_of(patterns)
    days = [gettext(day) for day in WEEKDAYS]
    hours = [f"{hour:02d}–{(hour + 1) % 24:02d}" for hour in range(24)]
    peak = max((week[day][hour], -day, -hour) for day in range(7) for hour in range(24))
    title = gettext("Most is recorded on {day} between {hour}:00 and {next}:00").format(
        day=days[-peak[1]], hour=f"{-peak[2]:02d}", next=f"{(1 - peak[2]) % 24:02d}"
    )
    marked = frozenset((hour, day) for shift in placed for _, day, hour in shift.cells())
    return {
        "title": title,
        "starred": bool(marked),
        "picture": charts.heat(
            hours, [day[:3] for day in days], [[week[day][hour] for day in range(7)] for hour in range(24)], places=0,
            prefix="fp-week", title=title, marked=marked,
            description=gettext("Hours of the day down, days of the week across. The table has the same numbers."),
        ),
        "days": days,
        "table": [(hours[hour], [round(week[day][hour], 1) for day in range(7)]) for hour in range(24)],
    }  # fmt: skip


def shift_title(one: VolunteerShift) -> str:
    """``Street Pastors, Friday 27 November, 20:00–00:00``."""
    return f"{one.group}, {date_format(one.day, 'l j F')}, {rules.hours_words(one.starts, one.hours)}"
