"""Words of alerts. The value stored is the word on the page."""

from enum import StrEnum


class AlertKind(StrEnum):
    """What a batch gives reason to act on."""

    NEAR_REPEAT = "near repeat"
    HIT_AGAIN = "hit again"
    EXCEPTIONAL_MONTH = "exceptional month"
    NEW_HOT_SPOT = "new hot spot"


class AlertState(StrEnum):
    """Where an alert is in its life."""

    OPEN = "open"
    DISMISSED = "dismissed"
    ENDED = "ended"


class Outcome(StrEnum):
    """Whether what an alert warned of came about, judged once its time was over and the records had come in."""

    CAME_TRUE = "came true"
    DID_NOT = "did not come true"
