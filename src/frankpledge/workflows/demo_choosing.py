"""The demo's answers of residents: some were sent times to choose from; others said no at the door long ago.

Made up. It looks at what is there, so it may be run again.
"""

import random
from datetime import datetime, timedelta

from django.utils import timezone

from frankpledge.delivery.home_security.rules.choosing import Slot
from frankpledge.delivery.home_security.selectors import choosing as selectors
from frankpledge.delivery.home_security.selectors import knowing
from frankpledge.delivery.home_security.services import choosing, setting_up, taking_over
from frankpledge.delivery.home_security.services.taking_over import Refusal
from frankpledge.foundation.places import selectors as places
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import RuleBroken

SEED = 3
OFFERED = 5
REASONS = ("has an alarm of their own", "would rather not", "moving soon", "landlord does not agree", "no reason given")
HEARD_MINUTES = {"A": 2, "B": 4, "C": 1, "D": 42}  # one crew is out of signal


def load(*, by: Actor) -> None:
    """Make what is missing."""
    now = timezone.now()
    _refusals(now, by)
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


def _refusals(now: datetime, by: Actor) -> None:
    """About one home in thirty of each neighbourhood said no when somebody called."""
    if knowing.homes_that_said_no():
        return
    draw, protected = random.Random(SEED), knowing.first_fitted()
    found = []
    for uprns in places.homes_by_neighbourhood().values():
        free = sorted(uprns - protected.keys())
        found += draw.sample(free, min(len(free), len(uprns) // 30))
    refusals = [Refusal(uprn, now - timedelta(days=20 + draw.randrange(300)), draw.choice(REASONS)) for uprn in found]
    taking_over.take_over_refusals(refusals, by=by)
