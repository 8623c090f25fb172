"""Words of decisions and delegations: the value stored is the word on the page."""

from enum import StrEnum


class Outcome(StrEnum):
    """What was decided about what was asked or proposed."""

    AGREED = "agreed"
    AGREED_IN_PART = "agreed in part"
    REFUSED = "refused"
    PUT_OFF = "put off"
    NOTED = "noted"


class Standing(StrEnum):
    """Where a delegation stands on a day."""

    LIVE = "live"
    TO_COME = "to come"
    ENDED = "ended"
