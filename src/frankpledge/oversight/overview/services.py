"""What a person does on My work."""

from django.db import transaction
from django.utils import timezone

from frankpledge.oversight.overview.models import LastLook
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import NotPermitted


@transaction.atomic
def mark_as_read(*, by: Actor) -> LastLook:
    """Remember that this person has seen everything that is new up to now. NotPermitted for who is not a person."""
    if by.id is None:
        raise NotPermitted("Only somebody who signed in has a page of their own.")
    look, _made = LastLook.objects.update_or_create(person_id=by.id, defaults={"looked_at": timezone.now()})
    return look
