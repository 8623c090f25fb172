"""What the page shows on which a resident chooses a time: times, and nothing of who lives where."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.conf import settings

from frankpledge.delivery.home_security.models import Invitation
from frankpledge.delivery.home_security.pages.public import contact_line
from frankpledge.delivery.home_security.rules import choosing as rules
from frankpledge.delivery.home_security.rules.choosing import Slot
from frankpledge.delivery.home_security.services import choosing as services
from frankpledge.delivery.home_security.vocabulary import InvitationState


def choose_page(invitation: Invitation, now: datetime) -> dict[str, Any]:
    """The times that still fit, by day; or the time that was chosen, and what else could be chosen instead."""
    visit = invitation.visit if invitation.state == InvitationState.CHOSEN else None
    found = services.choices(invitation, now=now)
    may_change = invitation.changes < rules.MOST_CHANGES
    return {
        "street": rules.street_hint(invitation.request.address),
        "visit": visit,
        "minutes": -(-visit.minutes // 5) * 5 if visit else None,
        "closes": rules.closes_at(visit.day) if visit else None,
        "days": _by_day(found.slots) if visit is None or may_change else [],
        "may_change": may_change,
        "gone": found.gone,
    } | contact_line()


def _by_day(slots: Sequence[Slot]) -> list[dict[str, Any]]:
    return [{"day": day, "slots": list(some)} for day, some in groupby(slots, key=lambda slot: slot.day)]


def language_of(invitation: Invitation, chosen: str | None) -> str:
    """The language somebody chose on our pages, else the one in which they asked."""
    known = [code for code, _name in settings.LANGUAGES]
    wanted = chosen or invitation.request.language
    return wanted if wanted in known else settings.LANGUAGE_CODE
