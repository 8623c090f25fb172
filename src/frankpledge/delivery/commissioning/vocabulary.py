"""Words of bought services: the value stored is the word on the page."""

from enum import StrEnum


class Purpose(StrEnum):
    """What a voluntary body is asked to do."""

    SECURITY = "fitting security"
    VICTIMS = "supporting victims"
    OFFENDERS = "helping offenders"
    OTHER = "something else"


class Counted(StrEnum):
    """How an output is told: how many, or how many of how many."""

    NUMBER = "a number"
    SHARE = "a share"


class PaidHow(StrEnum):
    """When the money of an agreement falls due."""

    IN_ADVANCE = "each quarter in advance"
    IN_ARREARS = "each quarter in arrears"
    HALF_YEARLY = "each half year in advance"
    ONCE = "once, at the start"


class ReturnStanding(StrEnum):
    """Where a quarter's monitoring return stands today."""

    COMPLETE = "in"
    PARTLY = "in, part to be confirmed"
    LATE = "late"
    DUE = "due"
    AHEAD = "not due yet"


class Delivery(StrEnum):
    """What was delivered against what was agreed."""

    MET = "met"
    UNDER = "under what was agreed"
    UNKNOWN = "to be confirmed"
    CONTEXT = "for context"


class Certainty(StrEnum):
    """What stands before a number of which a part is not known yet."""

    EXACT = ""
    AT_LEAST = "at least"
    AT_MOST = "at most"
