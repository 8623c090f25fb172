"""Words of the action register. The value stored is the word on the page."""

from enum import StrEnum


class ActionState(StrEnum):
    """Where an action stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Origin(StrEnum):
    """Which room an action comes from."""

    PLAN = "plan"
    MEETING = "meeting"
    ALERT = "alert"
    ASSESSMENT = "assessment"
    SCRUTINY = "scrutiny"
    CASE = "case"
    OTHER = "other"


class Worked(StrEnum):
    """What came of a finished action, said some time afterwards."""

    NOT_SAID = ""
    WORKED = "worked"
    DID_NOT = "did not work"
    NOT_SURE = "not sure"


class EntryKind(StrEnum):
    """What stands in an action's history."""

    NOTE = "note"
    CHASED = "chased"
    MORE_TIME = "more time"
    CHANGED = "changed"
    DONE = "done"
    DROPPED = "dropped"
    REOPENED = "opened again"
    WORKED = "what came of it"


class Lateness(StrEnum):
    """How an open action stands on a day."""

    LATE = "late"
    TODAY = "today"
    TOMORROW = "tomorrow"
    LATER = "later"
    NO_DATE = "no date"
