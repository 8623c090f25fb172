"""Words of this room."""

from enum import StrEnum


class Standing(StrEnum):
    """Whether a document may go out."""

    CLEAR = "nothing contradicts it"
    SIGNED = "conflicts explained and signed"
    BLOCKED = "publication is blocked"


# What a document's page can show: the word in its address, and the verdicts behind it.
TABS = ("all", "conflict", "rounding", "agrees", "derived")
