"""Words of evaluation. The value stored is the word on the page."""

from enum import StrEnum


class AlarmFound(StrEnum):
    """What was found of the alarm at the visit after a burglary."""

    SET = "set"
    NOT_SET = "not set"
    NONE = "no alarm"
    NOT_KNOWN = "not known"


class EntryRoute(StrEnum):
    """How the burglar got in."""

    DOOR = "a door, forced"
    WINDOW = "a window, forced"
    OPEN = "left open or unlocked"
    OTHER = "another way"
    NOT_KNOWN = "not known"


class EntryFloor(StrEnum):
    """Where the burglar got in."""

    GROUND = "ground floor"
    UPPER = "an upper floor"
    NOT_KNOWN = "not known"


class Reached(StrEnum):
    """Whether an alarm could have told of the burglar at all."""

    NOT_SET = "the alarm was not set, or there was none"
    ABOVE = "set, and the burglar came in by an upper floor"
    PASSED = "set, and passed on the ground floor"


class LessonOutcome(StrEnum):
    """Whether what was tried worked. Failures stand first."""

    DID_NOT = "did not work"
    CANNOT_TELL = "cannot be told"
    WORKED = "worked"


class LessonAbout(StrEnum):
    """What a lesson applies to."""

    MEASURE = "safe homes measure"
    VISITS = "crews and visits"
    STOCK = "stock"
    RECRUITMENT = "recruitment"
    COMMUNICATION = "communication"
    PARTNERSHIP = "partnership"
