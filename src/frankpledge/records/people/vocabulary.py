"""Words of this room. The value stored is the word on the page."""

from enum import StrEnum


class Part(StrEnum):
    """In what part an agency told us of a person."""

    VICTIM = "victim"
    SUSPECT = "suspect"
    OTHER = "other"


class MatchState(StrEnum):
    """What people have decided about a proposal."""

    PROPOSED = "proposed"
    ONE_PERSON = "one person"
    TWO_PEOPLE = "two people"
