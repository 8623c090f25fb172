"""Named reads of decisions. Each says how many queries it takes."""

from django.db.models import QuerySet

from frankpledge.records.meetings.models import Decision


def decisions(*, subject: str | None = None, room: str | None = None) -> QuerySet[Decision]:
    """Decisions, the newest first; of one ``subject`` (``room:key``) or of every subject of one ``room``. Lazy."""
    found = Decision.objects.all()
    if subject is not None:
        found = found.filter(subject=subject)
    if room is not None:
        found = found.filter(subject__startswith=f"{room}:")
    return found


def decision(reference: str) -> Decision | None:
    """The decision ``D12``, or None. One query at most."""
    number = reference[1:] if reference[:1] in ("D", "d") else ""
    if not (number.isascii() and number.isdigit()) or len(number) > 9:
        return None
    return Decision.objects.filter(number=int(number)).first()
