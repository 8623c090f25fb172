"""Named reads of times residents were offered to choose from."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from frankpledge.delivery.home_security.models import Invitation
from frankpledge.delivery.home_security.vocabulary import InvitationState

LIVE = (InvitationState.OPEN.value, InvitationState.CHOSEN.value)


def unanswered_of(requests: Collection[int]) -> dict[int, Invitation]:
    """Request -> the times it was offered and has not answered yet. One query."""
    rows = Invitation.objects.filter(request_id__in=list(requests), state=InvitationState.OPEN.value)
    return {one.request_id: one for one in rows}


def by_token(token_hash: str) -> Invitation | None:
    """The invitation an address opens, with its request and visit. One query."""
    rows = Invitation.objects.select_related("request", "visit")
    return rows.filter(token_hash=token_hash).first()


def by_code(reference: str, code_hash: str) -> Invitation | None:
    """The live invitation of a reference that this code opens. One query."""
    rows = Invitation.objects.filter(request__reference=reference, code_hash=code_hash, state__in=LIVE)
    return rows.select_related("request", "visit").first()


def offered_ever() -> bool:
    """Whether any home was ever offered times. One query."""
    return Invitation.objects.exists()


def newest(most: int) -> list[Invitation]:
    """The offers made last, still open, the newest first. One query."""
    rows = Invitation.objects.filter(state=InvitationState.OPEN.value).select_related("request", "visit")
    return list(rows[:most])


def of_request(request: int) -> list[Invitation]:
    """All times one home was offered, the newest first. One query."""
    return list(Invitation.objects.filter(request_id=request).select_related("visit"))


def lapsed(now: datetime) -> QuerySet[Invitation]:
    """Invitations nobody answered in time. Lazy."""
    return Invitation.objects.filter(state=InvitationState.OPEN.value, expires_at__lte=now).select_related("request")
