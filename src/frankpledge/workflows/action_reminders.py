"""Whoever is late with actions gets one polite letter with a link to each; its going out stands in their history."""

import logging
from itertools import groupby
from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMessage
from django.utils import timezone

from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.jobs.registry import JobContext
from frankpledge.records.actions import pages, permissions, selectors, services
from frankpledge.vocabulary.actors import Actor

log = logging.getLogger(__name__)


def action_reminders_job(context: JobContext, *, address: str) -> dict[str, Any]:
    """The job "remind owners of actions": see ``remind_owners``."""
    sent, failed = remind_owners(address=address, by=context.by)
    return {"sent": sent, "failed": failed}


def remind_owners(*, address: str, by: Actor) -> tuple[int, int]:
    """Write to each owner of late actions once; how many letters went, and how many could not be sent.

    ``address``: where this installation is reached. Actions chased today already are left out, so doing it again
    writes to nobody twice. An owner without an open account gets no letter: the chase list says so.
    """
    permissions.check_can_edit(by)
    today = timezone.localdate()
    told = selectors.chased_since(today)
    late = [action for action in selectors.late(today) if action.owner_id and action.pk not in told]
    people = {person.pk: person for person in agencies.people(today=today) if person.is_active}
    sent = failed = 0
    for owner, group in groupby(sorted(late, key=lambda action: action.owner_id or 0), key=lambda a: a.owner_id):
        person, found = people.get(owner or 0), list(group)
        if person is None:
            continue
        subject, body = pages.letter(person.name, found, today, address)
        try:
            EmailMessage(subject, body, to=[person.email]).send()
        except (SMTPException, OSError):
            log.warning("A reminder could not be sent to person %s.", person.pk, exc_info=True)
            failed += 1
            continue
        for action in found:
            services.note_chase(action, to=person.name, by=by)
        sent += 1
    return sent, failed
