"""Who is offered a visit first and why, which homes lie round a burgled one, and what a request must say."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import hypot
from statistics import median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from frankpledge.delivery.home_security.vocabulary import Burgled, Channel, Need, Reason
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.premises import Premises

LONDON = ZoneInfo("Europe/London")

# -- references -------------------------------------------------------------------------------------------------------

# Read out over a telephone: no letter that sounds or looks like another letter or a digit. 29^6 is 595 million.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXY"
REFERENCE_LETTERS = 6
_LOOKALIKE = str.maketrans({"O": "Q", "0": "Q", "I": "J", "1": "J", "L": "J", "U": "V", "Z": "2"})
_FIRST = ("copper", "silver", "amber", "purple", "yellow", "crimson", "golden", "quiet", "merry", "early", "gentle",
          "rapid", "sunny", "frosty", "velvet", "wooden")  # fmt: skip
_SECOND = ("kettle", "lantern", "teapot", "garden", "window", "button", "basket", "ladder", "blanket", "pencil",
           "harbour", "meadow", "orchard", "pigeon", "saddle", "thimble")  # fmt: skip


def new_reference(draw: Callable[[int], int]) -> str:
    """A reference such as ``H-7K3P9Q``; ``draw(n)`` gives a number below ``n`` that nobody can foretell."""
    return "H-" + "".join(ALPHABET[draw(len(ALPHABET))] for _ in range(REFERENCE_LETTERS))


def new_password(draw: Callable[[int], int]) -> str:
    """Two words the crew says at the door."""
    return f"{_FIRST[draw(len(_FIRST))]} {_SECOND[draw(len(_SECOND))]}"


def tidy_letters(written: str) -> str:
    """Letters and digits alone, each in the form that looks like no other."""
    return re.sub(r"[^A-Z0-9]", "", written.upper()).translate(_LOOKALIKE)


def tidy_reference(written: str) -> str:
    """A reference as people write it, in our form: ``h 7k3p9q`` is ``H-7K3P9Q``. Empty if it can be none."""
    letters = tidy_letters(written)
    letters = letters.removeprefix("H") if len(letters) == REFERENCE_LETTERS + 1 else letters
    good = len(letters) == REFERENCE_LETTERS and all(letter in ALPHABET for letter in letters)
    return f"H-{letters}" if good else ""


# -- what a request says ----------------------------------------------------------------------------------------------

_PHONE = re.compile(r"\+?\d[\d ()-]{8,24}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def check_phone(written: str) -> str:
    """A telephone number, tidied. Raises DataProblem for what cannot be one."""
    tidy = " ".join(written.split())
    if not _PHONE.fullmatch(tidy):
        raise DataProblem("Enter a telephone number, like 01632 960 001 or 07700 900 982.")
    return tidy


def check_email(written: str) -> str:
    """An e-mail address, tidied. Raises DataProblem for what cannot be one."""
    tidy = written.strip()
    if len(tidy) > 200 or not _EMAIL.fullmatch(tidy):
        raise DataProblem("Enter an e-mail address in the right form, like name@example.com.")
    return tidy


# -- who first --------------------------------------------------------------------------------------------------------

POINTS: Mapping[Reason, int] = {
    Reason.JUST_BURGLED: 60,
    Reason.BURGLED_TWICE: 45,
    Reason.NEAR_BURGLARY: 40,
    Reason.BURGLED: 25,
    Reason.REFERRED: 20,
    Reason.THREATENED: 20,
    Reason.NEIGHBOUR_SAID: 15,
    Reason.AGED: 10,
    Reason.DISABLED: 10,
    Reason.FEAR: 10,
    Reason.ALONE: 5,
    Reason.CHILDREN: 5,
    Reason.AREA: 5,
    Reason.MISSED: 5,
    Reason.WAITING: 3,
}
"""Points as installed; the coordinator may set others. Waiting counts once for each full week."""

MOST_WEEKS = 12
"""Weeks of waiting beyond these add nothing: 36 points as installed, less than a burglary next door."""

_NEEDS: Mapping[str, Reason] = {
    Need.AGED.value: Reason.AGED,
    Need.DISABLED.value: Reason.DISABLED,
    Need.ALONE.value: Reason.ALONE,
    Need.CHILDREN.value: Reason.CHILDREN,
    Need.FEAR.value: Reason.FEAR,
    Need.THREATENED.value: Reason.THREATENED,
}
REFERRERS = frozenset(
    one.value
    for one in (Channel.REPEAT_VICTIM, Channel.VICTIM, Channel.FIRE_VISIT, Channel.VICTIM_SUPPORT, Channel.LANDLORD,
                Channel.OTHER)
)  # fmt: skip

_POLICE = (Channel.REPEAT_VICTIM.value, Channel.VICTIM.value)


class Facts(NamedTuple):
    """What is known of a waiting home on a day."""

    burgled: str = Burgled.NOT_SAID.value
    times: int = 0  # burglaries in twelve months, as the police record says
    just_burgled: bool = False  # its own burglary's zone is still alive
    near_burglary: bool = False  # it lies in the cocoon of another home's burglary that is still alive
    needs: Sequence[str] = ()
    channel: str = Channel.FORM.value
    in_priority_area: bool = False
    missed: int = 0
    days: int = 0  # since it asked


Points = tuple[tuple[Reason, int], ...]


def reasons(facts: Facts, weights: Mapping[Reason, int]) -> Points:
    """Every reason that counts for a home, with its points, the heaviest first. Reasons of no points are left out.

    Of what says the same only the stronger counts: a home that was burgled itself is not also next to a burglary, and
    what the police record says goes before what the resident says.
    """
    found: list[tuple[Reason, int]] = []

    def count(reason: Reason, times: int = 1) -> None:
        if points := weights[reason] * times:
            found.append((reason, points))

    own = facts.just_burgled or facts.times > 0 or facts.burgled == Burgled.MY_HOME
    if facts.just_burgled:
        count(Reason.JUST_BURGLED)
    if facts.times > 1:
        count(Reason.BURGLED_TWICE)
    elif own and not facts.just_burgled:
        count(Reason.BURGLED)
    if facts.near_burglary and not own:
        count(Reason.NEAR_BURGLARY)
    elif facts.burgled == Burgled.NEAR and not own:
        count(Reason.NEIGHBOUR_SAID)
    for need in facts.needs:
        if need in _NEEDS:
            count(_NEEDS[need])
    if facts.channel in REFERRERS and facts.channel not in _POLICE:  # what the police refer for is counted above
        count(Reason.REFERRED)
    if facts.in_priority_area:
        count(Reason.AREA)
    if facts.missed:
        count(Reason.MISSED, facts.missed)
    if facts.days >= 7:
        count(Reason.WAITING, min(facts.days // 7, MOST_WEEKS))
    found.sort(key=lambda one: -one[1])
    return tuple(found)


class PartPoints(dict[Any, int]):
    """Points of one part of what is known, worked out once for each way it can be, however many homes are so.

    Parts do not touch each other: the points of a home are the sum over its parts. ``facts`` makes a part's facts of
    its key, everything else left as it is for a home of which nothing is known.
    """

    def __init__(self, weights: Mapping[Reason, int], facts: Callable[[Any], Facts]) -> None:
        super().__init__()
        self._weights, self._facts = weights, facts

    def __missing__(self, key: Any) -> int:
        found = self[key] = sum(points for _, points in reasons(self._facts(key), self._weights))
        return found


class Standing(NamedTuple):
    """A home's place in the list: ``place`` from 1. Its reasons are put into words only where somebody looks."""

    key: int
    place: int
    points: int
    facts: Facts
    weights: Mapping[Reason, int]
    asked: str  # the moment, in ISO 8601; UTC where it does not say otherwise
    tenure: str
    ward: str
    neighbourhood: str

    @property
    def reasons(self) -> Points:
        """The reasons that put it there, the heaviest first."""
        return reasons(self.facts, self.weights)

    @property
    def asked_on(self) -> date:
        """The day it asked."""
        moment = datetime.fromisoformat(self.asked)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(LONDON).date()


def differences(first: Points, second: Points) -> list[tuple[Reason, int, int]]:
    """Reasons in which two homes differ, with the points of each, the widest difference first."""
    one, other = Counter(dict(first)), Counter(dict(second))
    found = [(reason, one[reason], other[reason]) for reason in Reason if one[reason] != other[reason]]
    return sorted(found, key=lambda row: -abs(row[1] - row[2]))


@dataclass(frozen=True, slots=True)
class Share:
    """A group's part of the whole list and of its first homes: numbers of requests, and days waited."""

    group: str
    listed: int
    first: int
    listed_share: float  # 0 to 1
    first_share: float
    median_days: float


def fairness(standings: Sequence[Standing], group: Callable[[Standing], str], first: int, today: date) -> list[Share]:
    """How each group fares: its share of all that wait against its share of the ``first`` homes of the list."""
    listed, ahead = Counter(map(group, standings)), Counter(map(group, standings[:first]))
    head = min(first, len(standings)) or 1
    waited: dict[str, list[int]] = {}
    for one in standings:
        waited.setdefault(group(one), []).append((today - one.asked_on).days)
    return [
        Share(name, n, ahead[name], n / len(standings), ahead[name] / head, float(median(waited[name])))
        for name, n in listed.most_common()
    ]


# -- who lives round a burgled home -----------------------------------------------------------------------------------

EITHER_SIDE = 4
_NUMBER = re.compile(r"(?:FLAT\s+\w+\s*,?\s*)?(\d+)\s*([A-Z]?)\b(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A home of a cocoon; ``doors`` its place along the street from the burgled home, below it negative."""

    home: Premises
    doors: int


def street_of(address: str) -> str:
    """``39 Quarry Lane`` lies in ``QUARRY LANE``; empty without a house number."""
    found = _NUMBER.match(address.strip())
    return " ".join(found[3].upper().replace(",", " ").split()) if found else ""


def _number(address: str) -> tuple[int, str, str]:
    found = _NUMBER.match(address.strip())
    return (int(found[1]), found[2].upper(), address) if found else (0, "", address)


def neighbours(victim: Premises, around: Iterable[Premises], each_side: int = EITHER_SIDE) -> list[Neighbour]:
    """Homes up to ``each_side`` doors away on the victim's side of the same street; shops and workplaces left out.

    Odd and even numbers are two sides where homes two numbers apart lie nearer than homes one number apart, as on most
    streets; else the numbers run on. Without a house number or a street there are none to be found this way.
    """
    street = street_of(victim.address)
    homes = [home for home in around if home.kind.is_home and street_of(home.address) == street and street]
    if street and _alternate(homes):
        side = _number(victim.address)[0] % 2
        homes = [home for home in homes if _number(home.address)[0] % 2 == side]
    others = [home for home in homes if home.uprn != victim.uprn]
    own = (*_number(victim.address), victim.uprn)
    line = sorted((*_number(home.address), home.uprn) for home in others)
    by_uprn = {home.uprn: home for home in others}
    below, above = [key for key in line if key < own], [key for key in line if key > own]
    return [
        *(Neighbour(by_uprn[key[-1]], -n) for n, key in reversed(list(enumerate(reversed(below[-each_side:]), 1)))),
        *(Neighbour(by_uprn[key[-1]], n) for n, key in enumerate(above[:each_side], 1)),
    ]


def _alternate(homes: Sequence[Premises]) -> bool:
    """Whether a street has odd numbers on one side and even ones on the other."""
    at = {_number(home.address)[0]: home for home in homes}

    def step(size: int) -> list[float]:
        return [_metres(home, at[number + size]) for number, home in at.items() if number + size in at]

    one, two = step(1), step(2)
    return bool(two) and (not one or median(two) < median(one))


def _metres(first: Premises, second: Premises) -> float:
    return hypot(first.easting - second.easting, first.northing - second.northing)


def within(
    victim: Premises | None, easting: float, northing: float, around: Iterable[Premises], radius_m: float
) -> list[Neighbour]:
    """Homes inside the measured zone, numbered outwards from the nearest."""
    inside = [
        (hypot(home.easting - easting, home.northing - northing), home.uprn, home)
        for home in around
        if home.kind.is_home and (victim is None or home.uprn != victim.uprn)
    ]
    near = sorted(one for one in inside if one[0] <= radius_m)
    return [Neighbour(home, n) for n, (_, _, home) in enumerate(near, 1)]
