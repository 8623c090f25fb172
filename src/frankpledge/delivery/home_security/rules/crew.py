"""How a crew's report of a visit is read, and what happens when two meet. Pure: no database, no clock.

The check letter of a kit's code
    A code is written like ``SD7 4413 90K``. Capitals, gaps and hyphens do not matter; O is read as 0 and I as 1, which
    is how people mistake them, so neither letter is in the alphabet of 34 signs. The last sign is a check by Luhn's
    method over that alphabet (ISO/IEC 7812-1 annex B has it for ten digits): from the right, every second sign counts
    twice and the digits of its product in base 34 are added; the check sign makes the sum a multiple of 34. It catches
    every single wrong sign, and every swap of two neighbours but one pair (0 and Z).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from frankpledge.delivery.home_security.vocabulary import CrewDoubt, Found, SentState, VisitState

ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SHORTEST_CODE, LONGEST_CODE = 6, 20
LONDON = ZoneInfo("Europe/London")
CLOCK_SLACK = timedelta(minutes=5)
WIPED_AT = time(18, 0)
WIPED_AFTER_SHIFT = timedelta(hours=1)
LOOKED_AT = ("front door", "back door", "windows", "outside lights", "keys and habits", "upstairs and shed")
SIGNATURE = re.compile(r"(?:M\d{1,4} \d{1,4}(?: L\d{1,4} \d{1,4})* ?)*")
FINAL = frozenset({VisitState.DONE, VisitState.NO_ANSWER, VisitState.NOT_FINISHED, VisitState.CANCELLED})
REPORTED = (VisitState.DONE, VisitState.NOT_FINISHED, VisitState.NO_ANSWER)


# -- the code on a kit ------------------------------------------------------------------------------------------------


def plain_code(written: str) -> str:
    """A code without gaps and hyphens, in capitals, with O and I read as the digits they are mistaken for."""
    return re.sub(r"[\s-]", "", written).upper().replace("O", "0").replace("I", "1")


def check_letter(body: str) -> str:
    """The sign that belongs at the end of ``body``. Raises ValueError for a sign that is not in the alphabet."""
    return ALPHABET[-_luhn(body, doubled_first=True) % len(ALPHABET)]


def is_well_formed(written: str) -> bool:
    """Whether a code could be one: long enough, all its signs known, and the check sign fits."""
    code = plain_code(written)
    if not SHORTEST_CODE <= len(code) <= LONGEST_CODE or set(code) - set(ALPHABET):
        return False
    return check_letter(code[:-1]) == code[-1]


def spaced_code(code: str) -> str:
    """A code as it is printed: ``SD7 4413 90K``."""
    plain = plain_code(code)
    return " ".join(part for part in (plain[:3], plain[3:7], plain[7:]) if part)


def _luhn(signs: str, *, doubled_first: bool) -> int:
    """The sum over ``signs`` from the right, every second one counted twice."""
    base, total, doubled = len(ALPHABET), 0, doubled_first
    for sign in reversed(signs):
        value = ALPHABET.index(sign) * (2 if doubled else 1)
        total += value // base + value % base
        doubled = not doubled
    return total


# -- what a crew said ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """So many of a measure, with the serial numbers of those that have one."""

    measure: str
    quantity: int
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A report of a visit, as the crew told it. Kept as JSON: ``as_dict`` and ``from_dict``."""

    outcome: VisitState
    day: date
    began: time | None = None
    ended: time | None = None
    names: tuple[str, ...] = ()
    checks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # thing -> {"found": word, "note": text}
    parts: tuple[Part, ...] = ()
    alarm_set: bool | None = None  # the residents set it themselves, shown how; None: no alarm fitted
    advice: str = ""
    note: str = ""
    kit_code: str = ""
    content: bool = False
    onward: tuple[str, ...] = ()
    signed_by: str = ""
    signature: str = ""
    not_signed_because: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self) | {
            "outcome": self.outcome.value,
            "day": self.day.isoformat(),
            "began": self.began.isoformat("minutes") if self.began else None,
            "ended": self.ended.isoformat("minutes") if self.ended else None,
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Told":
        """Back from JSON."""
        return cls(
            **{
                **kept,
                "outcome": VisitState(kept["outcome"]),
                "day": date.fromisoformat(kept["day"]),
                "began": time.fromisoformat(kept["began"]) if kept["began"] else None,
                "ended": time.fromisoformat(kept["ended"]) if kept["ended"] else None,
                "names": tuple(kept["names"]),
                "parts": tuple(Part(p["measure"], p["quantity"], tuple(p["serials"])) for p in kept["parts"]),
                "onward": tuple(kept["onward"]),
            }
        )

    def without_the_resident(self) -> "Told":
        """The report with everything gone that a resident gave for themselves and may take back."""
        given = asdict(self) | {"parts": self.parts, "signed_by": "", "signature": "", "onward": (), "note": ""}
        checks = {thing: {"found": said["found"], "note": ""} for thing, said in self.checks.items()}
        return Told(**{**given, "checks": checks, "not_signed_because": "", "advice": ""})


def found_words() -> tuple[Found, ...]:
    """What may be found of a thing that is looked at, best first."""
    return (Found.GOOD, Found.PUT_RIGHT, Found.WEAK, Found.NOT_SEEN)


# -- when it was ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Times:
    """When a visit was, as far as it can be believed, and what is odd about it."""

    started_at: datetime | None
    finished_at: datetime
    doubts: tuple[tuple[CrewDoubt, str], ...]


def believed_times(told: Told, received_at: datetime) -> Times:
    """Read a report's times. A visit that ended before it began keeps its end; one of the future ends as it came in."""
    doubts: list[tuple[CrewDoubt, str]] = []
    received = received_at.astimezone(LONDON)
    finished = datetime.combine(told.day, told.ended, LONDON) if told.ended else None
    if finished is None:
        finished = received if told.day >= received.date() else datetime.combine(told.day, WIPED_AT, LONDON)
    if finished > received + CLOCK_SLACK:
        doubts.append((CrewDoubt.CLOCK, ""))
        finished = received
    started = datetime.combine(told.day, told.began, LONDON) if told.began else None
    if started and started > finished:
        doubts.append((CrewDoubt.BACKWARDS, ""))
        started = None
    days = (received.date() - finished.date()).days
    if days > 0:
        doubts.append((CrewDoubt.LATE, str(days)))
    return Times(started, finished, tuple(doubts))


def agreed_from(told: Told, times: Times) -> datetime:
    """The earliest moment at which the resident can have agreed to anything: when the visit began, else that day."""
    if times.started_at is not None:
        return times.started_at
    return datetime.combine(min(told.day, times.finished_at.astimezone(LONDON).date()), time.min, LONDON)


def wiped_at(day: date, shift_ends: time | None) -> datetime:
    """When a day's visits go from the phone: at 18:00, or an hour after the shift if that is later."""
    evening = datetime.combine(day, WIPED_AT, LONDON)
    return max(evening, datetime.combine(day, shift_ends, LONDON) + WIPED_AFTER_SHIFT) if shift_ends else evening


# -- when two meet ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a report: taken as the visit's outcome, or kept beside the one that stands."""

    state: SentState
    doubts: tuple[tuple[CrewDoubt, str], ...] = ()


def judge(state: VisitState, version: int, *, outcome: VisitState, version_seen: int) -> Verdict:
    """What becomes of a new report of a visit that stands at ``state`` and ``version``.

    A report never changes one that stands: it is kept beside it for a person. Work that was done is never turned away
    because the visit was called off or moved meanwhile; a call without an answer is, for it says nothing about the
    new plan.
    A report sent twice does not come here: its key is known and its first answer is given again.
    """
    if state in FINAL and not (state is VisitState.CANCELLED and outcome is not VisitState.NO_ANSWER):
        return Verdict(SentState.BESIDE)
    if version == version_seen:
        return Verdict(SentState.TAKEN)
    if outcome is VisitState.NO_ANSWER:
        return Verdict(SentState.BESIDE, ((CrewDoubt.PLAN_CHANGED, ""),))
    return Verdict(SentState.TAKEN, ((CrewDoubt.PLAN_CHANGED, ""),))


def stock_moves(wanted: Mapping[int, int], held: Mapping[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    """How many of each item leave the van, and how many were fitted that its count does not know of.

    ``wanted`` and ``held``: item -> count. A level never goes below nought; the rest is for a person to count.
    """
    taken = {item: min(count, max(held.get(item, 0), 0)) for item, count in wanted.items()}
    missing = {item: count - taken[item] for item, count in wanted.items() if count > taken[item]}
    return {item: count for item, count in taken.items() if count}, missing


def reasons_not_complete(told: Told) -> Sequence[str]:
    """Words (keys, for a page to say) of what a report that is filled in now still lacks."""
    lacking = []
    if told.began and told.ended and told.ended < told.began:
        lacking.append("backwards")
    if told.outcome is VisitState.DONE and not (told.signed_by or told.not_signed_because):
        lacking.append("signature")
    if told.outcome is VisitState.NOT_FINISHED and not told.note:
        lacking.append("why")
    return lacking
