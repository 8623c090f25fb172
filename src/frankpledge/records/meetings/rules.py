"""What a decision must say before it is recorded. Plain values, no database, no clock."""

import re
from collections.abc import Sequence
from datetime import date

from frankpledge.vocabulary.errors import RuleBroken

TITLE_LENGTH = 200
WORDS_LENGTH = 4_000
NAMES_LENGTH = 300
SUBJECT_LENGTH = 120
MOST_FIGURES = 100
_SUBJECT = re.compile(r"[a-z_]+:[^\s:][^:]*")


def check_decision(
    *, title: str, decided: str, decided_by: str, reasons: str, decided_on: date, today: date, subject: str
) -> None:
    """Raise RuleBroken, in one sentence, for a decision that says too little or too much, or lies in the future."""
    for words, ask, most in (
        (title, "Say in a few words what was decided about.", TITLE_LENGTH),
        (decided, "Say what was decided.", WORDS_LENGTH),
        (decided_by, "Say who decided.", NAMES_LENGTH),
        (reasons, "Give the reasons: a decision without them cannot be explained next year.", WORDS_LENGTH),
    ):
        if not words.strip():
            raise RuleBroken(ask)
        if len(words) > most:
            raise RuleBroken(f"Say it in {most:,} characters or fewer: “{words[:40]}…” has {len(words):,}.")
    if decided_on > today:
        raise RuleBroken("A decision is recorded when it has been taken: its day cannot lie ahead.")
    if subject and (len(subject) > SUBJECT_LENGTH or not _SUBJECT.fullmatch(subject)):
        raise RuleBroken("What a decision is about is named as room and key, such as “assessment:R1”.")


def tidy_keys(keys: Sequence[str]) -> list[str]:
    """Figure keys, each once, in the order given. Raises RuleBroken for more than anybody could have looked at."""
    tidy = list(dict.fromkeys(key.strip() for key in keys if key.strip()))
    if len(tidy) > MOST_FIGURES:
        raise RuleBroken(f"A decision rests on {MOST_FIGURES} figures at most: name those that decided it.")
    return tidy
