"""Words of this room. The value stored is the word on the page."""

from enum import StrEnum


class QuestionState(StrEnum):
    """Where an address that no home fits clearly stands."""

    WAITING = "waiting"
    FOUND = "found"
    NOT_HERE = "not here"
