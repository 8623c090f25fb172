"""Who may add, withdraw and look. The table of roles is in ``foundation.agencies.policy``; here is what it is asked.

The command line and the parts of the software that act on their own have passed another door: whoever can start them
can read the database anyway. Every act is recorded under their name.
"""

from typing import Any

from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies.selectors import person_by_key
from frankpledge.records.incidents import belonging
from frankpledge.records.incidents.models import Batch, Upload
from frankpledge.vocabulary.actors import Actor, ActorKind
from frankpledge.vocabulary.deliveries import Delivery
from frankpledge.vocabulary.errors import NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Permission


def check_can_add(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may add evidence."""
    policy.check_actor(by, Permission.ADD_EVIDENCE)


def check_can_withdraw(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may withdraw evidence."""
    policy.check_actor(by, Permission.WITHDRAW_EVIDENCE)


def check_can_manage_profiles(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may save source profiles."""
    policy.check_actor(by, Permission.MANAGE_PROFILES)


def check_can_manage_duties(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may list duties and send reminders: who looks after the agreements."""
    policy.check_actor(by, Permission.MANAGE_AGREEMENTS)


def check_can_view_quarantine(person: Any, batch: Batch) -> None:
    """Raise NotPermitted unless this person may see rows of this batch as they were delivered.

    The role alone does not open them: nobody sees the quarantine of another agency, unless a live agreement lets an
    agency of theirs receive that class of data from it.
    """
    policy.check(person, Permission.VIEW_QUARANTINE)
    if not belonging.may_see_rows(person, batch):
        raise NotPermitted("These rows are another agency’s, and no agreement lets yours receive them.")


def check_can_settle(by: Actor, batch: Batch) -> None:
    """Raise NotPermitted unless ``by`` may correct, release or refuse rows of this batch."""
    policy.check_actor(by, Permission.SETTLE_QUARANTINE)
    if by.kind is ActorKind.PERSON:
        check_can_view_quarantine(person_by_key(by.id or 0), batch)


def check_is_sender(by: Actor, upload: Upload) -> None:
    """Raise NotPermitted unless ``by`` sent this upload: until it is read nobody else may look into it."""
    policy.check_actor(by, Permission.ADD_EVIDENCE)
    if by.kind is not ActorKind.PERSON or by.id != upload.received_by_id:
        raise NotPermitted("Only who sent this file may answer for it.")


def check_may_bring(delivery: Delivery, by: Actor) -> None:
    """Raise RuleBroken when the file says it is the records of an agency ``by`` does not belong to and may not receive.

    Published data are anybody's to bring. The file's own header and name say whose it is, never who sends it.
    """
    if by.kind is not ActorKind.PERSON:
        return
    person = person_by_key(by.id or 0)
    words = belonging.words_of(delivery.source)
    owner = belonging.owner_of(delivery.publisher_name, words, by)
    if person is None or owner is None:
        return
    if not belonging.may_handle(person, owner[0], words.data_class):
        raise RuleBroken(
            f"{delivery.file} holds {words.label[:1].lower()}{words.label[1:]} of {owner[1]}, and no sharing agreement "
            f"lets your agency receive {words.data_class} from them. Ask them to send it, or add the agreement first."
        )
