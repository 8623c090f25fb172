"""Lengths and choices the tables of this room share."""

from enum import StrEnum

NAME_LENGTH = 200
TEXT_LENGTH = 2_000
CODE_LENGTH = 9
UPRN_LENGTH = 13
WORD_LENGTH = 60


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """The words of an enumeration as choices of a column."""
    return [(word.value, word.value) for word in words]
