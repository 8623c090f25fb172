"""Times residents choose from: which may be offered, until when one may choose or change, what a code looks like."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from frankpledge.delivery.home_security.rules.asking import ALPHABET, street_of, tidy_letters
from frankpledge.delivery.home_security.rules.doing import LONDON, minute_of
from frankpledge.delivery.home_security.vocabulary import ContactKind

SLOTS = (
    (time(8, 30), time(10, 30)),
    (time(10, 30), time(12, 30)),
    (time(12, 30), time(14, 30)),
    (time(14, 30), time(16, 30)),
)
"""Hours between which a crew arrives. Two hours: what a resident can wait for, and what a day can keep."""

MOST_TIMES, MOST_A_DAY = 6, 2
EVENING = time(18, 0)
POST_DAYS = 4  # calendar days a letter takes there, the reading of it included
MOST_CHANGES = 5
CODE_LETTERS = 8
SHOWN_LETTERS = 3  # of a street's name: enough to know one's own, too little to learn another's


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A day, and the hours between which the crew arrives."""

    day: date
    starts: time
    ends: time

    @property
    def value(self) -> str:
        """``2026-11-25 08:30``: how a form says it."""
        return f"{self.day.isoformat()} {self.starts:%H:%M}"

    @property
    def minutes(self) -> tuple[int, int]:
        """Both hours as minutes since midnight."""
        return minute_of(self.starts), minute_of(self.ends)

    def as_list(self) -> list[str]:
        """As it is stored."""
        return [self.day.isoformat(), f"{self.starts:%H:%M}", f"{self.ends:%H:%M}"]

    @classmethod
    def from_list(cls, stored: Sequence[str]) -> "Slot":
        """What ``as_list`` wrote."""
        return cls(date.fromisoformat(stored[0]), time.fromisoformat(stored[1]), time.fromisoformat(stored[2]))


def closes_at(day: date) -> datetime:
    """Until when a time of this day may be chosen, changed or called off: six in the evening before."""
    return datetime.combine(day - timedelta(days=1), EVENING, LONDON)


def first_day(now: datetime, kind: ContactKind) -> date:
    """The earliest day worth offering: the message must be there, and read, before the evening before."""
    today = now.astimezone(LONDON)
    away = POST_DAYS if kind not in (ContactKind.TEXT, ContactKind.EMAIL) else 1
    day = today.date() + timedelta(days=away)
    return day if closes_at(day) > now else day + timedelta(days=1)


def picked(fits: Iterable[Slot]) -> list[Slot]:
    """Of all that fit, those to offer: at most two a day and six altogether, the earliest first.

    Two of a day lie as far apart as they can, so that somebody who works in the morning has a choice too.
    """
    by_day: dict[date, list[Slot]] = {}
    for slot in sorted(fits):
        by_day.setdefault(slot.day, []).append(slot)
    found = [one for slots in by_day.values() for one in ([slots[0], slots[-1]] if len(slots) > 1 else slots)]
    return found[:MOST_TIMES]


def is_open(slot: Slot, now: datetime) -> bool:
    """Whether it may still be chosen."""
    return closes_at(slot.day) > now


def expires_at(slots: Sequence[Slot]) -> datetime:
    """When the last of them may be chosen no more."""
    return max(closes_at(slot.day) for slot in slots)


def new_code(number: int) -> str:
    """Eight letters from a large number, in two groups: ``7K3P-9QXM``."""
    letters = ""
    for _ in range(CODE_LETTERS):
        number, place = divmod(number, len(ALPHABET))
        letters += ALPHABET[place]
    return f"{letters[:4]}-{letters[4:]}"


def tidy_code(written: str) -> str:
    """A code as people write it, in our form; empty if it can be none."""
    letters = tidy_letters(written)
    good = len(letters) == CODE_LETTERS and all(letter in ALPHABET for letter in letters)
    return f"{letters[:4]}-{letters[4:]}" if good else ""


def street_hint(address: str) -> str:
    """The first letters of a street, for whoever lives there: ``Qua``. Empty where no street is known."""
    return street_of(address).title()[:SHOWN_LETTERS]


def sort_fitting(slots: Iterable[Slot], fits: Callable[[Slot], bool], now: datetime) -> tuple[list[Slot], list[Slot]]:
    """Those that may still be chosen and fit a crew's day, and those that are gone."""
    there: list[Slot] = []
    gone: list[Slot] = []
    for slot in slots:
        (there if is_open(slot, now) and fits(slot) else gone).append(slot)
    return there, gone
