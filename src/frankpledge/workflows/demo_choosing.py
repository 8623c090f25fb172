"""The demo's offered times: some residents were sent times to choose from, one chose, one said that none suits.

Made up. It looks at what is there, so it may be run again.
"""

from datetime import timedelta

from django.utils import timezone

from frankpledge.delivery.home_security.rules.choosing import Slot
from frankpledge.delivery.home_security.selectors import choosing as selectors
from frankpledge.delivery.home_security.services import choosing, setting_up
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import RuleBroken

OFFERED = 5
HEARD_MINUTES = {"A": 2, "B": 4, "C": 1, "D": 42}  # one crew is out of signal


def load(*, by: Actor) -> None:
    """Make what is missing."""
    now = timezone.now()
    for crew, minutes in HEARD_MINUTES.items():
        setting_up.put_heard(crew, now - timedelta(minutes=minutes), by=by)
    if selectors.offered_ever():
        return
    try:
        choosing.offer_to_next(OFFERED, now=now, by=by)
    except RuleBroken:  # no crew has room: then nobody was offered anything
        return
    made = selectors.newest(OFFERED)
    for invitation in made[:1]:
        choosing.choose(invitation, Slot.from_list(invitation.times[0]), now=now, by=by)
    for invitation in made[1:2]:
        choosing.none_suits(invitation, note="after 4 in the afternoon, please", now=now, by=by)
