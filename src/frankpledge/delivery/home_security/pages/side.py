"""What the page of empty homes shows."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.rules.side import VoidClock, void_clock
from frankpledge.delivery.home_security.selectors import side as selectors

SHOWN = 100


def voids_page(person: Any, now: datetime) -> dict[str, Any]:
    """Empty homes with their clocks. One query."""
    rows = [(home, void_clock(home.void_at, home.secured_at, now)) for home in selectors.voids()[:SHOWN]]
    waiting = [clock for _, clock in rows if not clock.is_secured]
    late = sum(clock.is_late for clock in waiting)
    done = [clock for _, clock in rows if clock.is_secured]
    lead = ngettext("{n} empty home is to be secured", "{n} empty homes are to be secured", len(waiting)).format(
        n=len(waiting)
    )
    if not waiting:
        lead = gettext("No empty home waits to be secured")
    lead += gettext(", {late} past its 24 hours.").format(late=late) if late else "."
    if done:
        lead += " " + gettext("Of {all} secured, {n} were in time.").format(
            all=len(done), n=sum(not clock.is_late for clock in done)
        )
    return {
        "rows": [{"home": home, "clock": clock, "standing": _standing(clock)} for home, clock in rows],
        "lead": lead,
        "may_edit": permissions.can_edit(person),
    }


def _standing(clock: VoidClock) -> tuple[str, str]:
    if clock.is_secured:
        return ("warning", gettext("secured late")) if clock.is_late else ("good", gettext("secured in time"))
    return ("bad", gettext("late")) if clock.is_late else ("warning", gettext("to secure"))
