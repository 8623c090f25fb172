"""What may become of an action, when it is late, and what is doubtful about a list of them. No database, no clock."""

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from frankpledge.records.actions.vocabulary import ActionState, Lateness
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.wording import Phrase

FIRST_YEAR, LAST_YEAR = 1990, 2100
STANDING = (
    "ongoing",
    "on going",
    "on-going",
    "continuous",
    "ad hoc",
    "as required",
    "tbc",
    "t.b.c",
    "to be confirmed",
)
SHORTEST_REASON = 3

#: What may follow what. A finished or dropped action may be opened again, never turned into the other.
TRANSITIONS: Mapping[ActionState, frozenset[ActionState]] = {
    ActionState.OPEN: frozenset({ActionState.DONE, ActionState.DROPPED}),
    ActionState.DONE: frozenset({ActionState.OPEN}),
    ActionState.DROPPED: frozenset({ActionState.OPEN}),
}

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {
    name.lower(): number for number, name in enumerate(calendar.month_abbr) if name
}
_NUMBERS = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{2}|\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_WORDS = re.compile(r"(?:by |end |end of |from )?(?:(\d{1,2})(?:st|nd|rd|th)? )?([a-z]+),? (\d{4,})", re.ASCII)


class Known(Protocol):
    """What the rules need to know of an action."""

    @property
    def pk(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def output(self) -> str: ...
    @property
    def lead_agency_name(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def due_text(self) -> str: ...
    @property
    def not_before(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due: a day, or the source's own words where they are none. ``doubt`` says what is odd."""

    on: date | None
    text: str
    doubt: Phrase | None = None


def check_transition(current: ActionState, wanted: ActionState) -> None:
    """Raise RuleBroken unless an action may go from ``current`` to ``wanted``."""
    if wanted not in TRANSITIONS[current]:
        raise RuleBroken(f"An action that is {current.value} cannot become {wanted.value}.")


def check_said(words: str, what: str) -> str:
    """``words`` trimmed. Raises RuleBroken where nothing is said."""
    said = words.strip()
    if len(said) < SHORTEST_REASON:
        raise RuleBroken(f"Say {what}, so that somebody understands it next year.")
    return said


def read_due(text: str) -> Due:
    """A due date as people write it: ``31/03/2003``, ``31 March 2003``, ``March 2003`` (its last day), ``ongoing``.

    What is no date stays as it was written, with the doubt in words: “August 20023”, “31/04/2003”.
    """
    said = " ".join(text.split())
    plain = said.lower().rstrip(".")
    if not plain or plain in STANDING:
        return Due(None, said)
    found = _day(plain)
    if isinstance(found, date):
        return Due(found, said)
    return Due(None, said, found or Phrase("“{text}” is not a date we can read; it is kept as written.", text=said))


def _day(plain: str) -> date | Phrase | None:
    """A day, a doubt, or None for words that look like no date at all."""
    if match := _ISO.fullmatch(plain):
        return _date(int(match[1]), int(match[2]), int(match[3]), plain)
    if match := _NUMBERS.fullmatch(plain):
        year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
        return _date(year, int(match[2]), int(match[1]), plain)
    if (match := _WORDS.fullmatch(plain)) and match[2] in _MONTHS:
        return _date(int(match[3]), _MONTHS[match[2]], int(match[1]) if match[1] else None, plain)
    return None


def _date(year: int, month: int, day: int | None, text: str) -> date | Phrase:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Phrase("“{text}” is an impossible date: the year is {year}.", text=text.capitalize(), year=str(year))
    if not 1 <= month <= 12:
        return Phrase("“{text}” is an impossible date: there is no month {month}.", text=text, month=str(month))
    last = calendar.monthrange(year, month)[1]
    if day is not None and not 1 <= day <= last:
        return Phrase(
            "“{text}” is an impossible date: {month} {year} has {last} days.",
            text=text.capitalize(),
            month=Phrase(calendar.month_name[month]),
            year=str(year),
            last=str(last),
        )
    return date(year, month, day or last)


# -- lateness


def lateness(due_on: date | None, today: date) -> Lateness:
    """How an open action due on that day stands today."""
    if due_on is None:
        return Lateness.NO_DATE
    if due_on < today:
        return Lateness.LATE
    if due_on == today:
        return Lateness.TODAY
    return Lateness.TOMORROW if due_on == today + timedelta(days=1) else Lateness.LATER


def days_late(due_on: date | None, today: date) -> int:
    """Days since the day it was due; nought where it is not late."""
    return max(0, (today - due_on).days) if due_on else 0


def is_new(created_at: datetime, now: datetime) -> bool:
    """Added within the last day."""
    return now - created_at < timedelta(days=1)


# -- what is doubtful


def doubts(action: Known) -> list[Phrase]:
    """What is odd about one action's date, each in a sentence."""
    found = []
    if action.due_on is None and (doubt := read_due(action.due_text).doubt):
        found.append(doubt)
    if action.due_on and action.not_before and action.due_on < action.not_before:
        found.append(
            Phrase(
                "It is due on {due}, before the plan it belongs to begins on {start}.",
                due=_said(action.due_on),
                start=_said(action.not_before),
            )
        )
    return found


def duplicates(actions: Iterable[Known]) -> list[tuple[Known, ...]]:
    """Groups of actions that promise the same: one output, or one title where no output is written.

    Salford's plan lists one training output under two leads: 27 rows, 26 different ones. Dropped actions do not count.
    """
    groups: dict[str, list[Known]] = defaultdict(list)
    for action in actions:
        if action.state != ActionState.DROPPED and (key := same_words(action.output or action.title)):
            groups[key].append(action)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def duplicates_of(action: Known, others: Sequence[Known]) -> list[Known]:
    """The others that promise what ``action`` promises."""
    key = same_words(action.output or action.title)
    return [
        other
        for other in others
        if other.pk != action.pk
        and other.state != ActionState.DROPPED
        and same_words(other.output or other.title) == key
    ]


def same_words(text: str) -> str:
    """Letters and figures alone, so that capitals, dots and spaces make no difference."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _said(day: date) -> Phrase:
    return Phrase(
        "{day} {month} {year}", day=str(day.day), month=Phrase(calendar.month_name[day.month]), year=str(day.year)
    )
