"""What the demo partnership learned from its safe homes programme, failures included.

Everything is made up. It looks at what is there, so it may be run again.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from frankpledge.oversight.evaluation import lessons
from frankpledge.vocabulary.actors import Actor

GROUP = "Safe homes steering group"
CREWS = "Supervisor of the crews"
COORDINATOR = "Safe homes coordinator"

# about, tried, expected, happened, outcome, what next time, what it rests on, who says so, days ago
LEARNED: tuple[tuple[Any, ...], ...] = (
    ("crews and visits", "Visits on two Saturdays a month, for half a year.",
     "Residents who work on weekdays say yes.",
     "Of 214 Saturday slots offered 61 were taken; a weekday evening slot was taken twice as often.", "did not work",
     "Offer evenings until eight before weekends.", "Trial report of the crews, page 3", GROUP, 96),
    ("stock", "One supplier for all window locks, for the better price.",
     "£1.10 less for a lock, and no shortage.",
     "Two orders in five came late, by nine working days on average; 38 visits were put off.", "did not work",
     "Keep a second supplier, and order when three weeks are left.", "Orders April to September, list of deliveries",
     COORDINATOR, 61),
    ("safe homes measure", "Door chains for everybody who asked.",
     "Fewer distraction burglaries.",
     "Chains were fitted in 300 homes. There are too few distraction burglaries to compare.", "cannot be told",
     "Fit chains where residents want them, and do not promise a number.", "", GROUP, 130),
    ("communication", "A letter to the four homes on either side of every burgled one, within two days.",
     "Neighbours ask for a visit.",
     "Of 640 letters 208 led to a visit; the general leaflet led to one visit in fifty.", "worked",
     "Keep the letters; stop the general leaflet.", "Contacts by source, April to September, page 1", COORDINATOR, 33),
    ("recruitment", "Crew jobs offered first on the noticeboards of Northgate and Brackwell.",
     "Half of the crew from the two neighbourhoods.",
     "Three of eight people hired live there; two posts stayed empty for two months.", "did not work",
     "Advertise everywhere at once, and hold the interviews in the neighbourhoods.", "Staffing note, page 2", GROUP,
     210),
)  # fmt: skip


def load(*, by: Actor) -> None:
    """Write the lessons down, all or none, unless there are any."""
    if lessons.lessons():
        return
    today = timezone.localdate()
    with transaction.atomic():
        for about, tried, expected, happened, outcome, again, rests_on, said_by, days in LEARNED:
            lessons.add_lesson(
                about=about,
                tried=tried,
                expected=expected,
                happened=happened,
                outcome=outcome,
                again=again,
                rests_on=rests_on,
                said_by=said_by,
                said_on=today - timedelta(days=days),
                by=by,
            )
