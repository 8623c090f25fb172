"""Whether two persons that agencies told us of may be one: proposals with reasons, never a decision. Pure functions.

Each thing two records both say is weighed as in Fellegi and Sunter: the logarithm of how much more often it agrees for
one person than for two. The weights are set by hand from the shares named beside them and add up to bits; bits above
PROPOSE make a proposal. Nothing is ever joined by itself, and what one record does not say weighs nothing.
Source: Fellegi I, Sunter A (1969) A theory for record linkage, JASA 64:1183-1210.
"""

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from rapidfuzz.distance import JaroWinkler

from frankpledge.vocabulary.wording import Phrase

PROPOSE = 14.0  # bits; see docs/people.md for what this finds and misses
LARGEST_BLOCK = 200  # people who share a key so common say nothing by sharing it
NEARLY_SAME = 0.88  # Jaro-Winkler likeness of two spellings of one name


@dataclass(frozen=True, slots=True)
class Told:
    """What one agency told us of a person. Empty or None where it said nothing."""

    key: int
    forename: str = ""
    surname: str = ""
    born_on: date | None = None
    postcode: str = ""
    premises: str = ""

    @property
    def says_anything(self) -> bool:
        return bool(self.surname or self.born_on)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing compared: what was found, and the bits it adds or takes."""

    words: Phrase
    bits: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two records that may be one person, with everything that speaks for and against."""

    first: int
    second: int
    bits: float
    reasons: tuple[Reason, ...]

    @property
    def likely(self) -> float:
        """The probability that they are one, when one pair in a thousand compared is: 0 to 1."""
        return 1 / (1 + 2 ** (math.log2(999) - self.bits))


def _bits(same_person: float, two_people: float) -> float:
    return round(math.log2(same_person / two_people), 1)


# (share of pairs of one person that agree so, share of pairs of two people who do)
SURNAME_SAME, SURNAME_NEAR, SURNAME_OTHER = _bits(0.90, 0.002), _bits(0.05, 0.004), _bits(0.05, 0.99)
FORENAME_SAME, FORENAME_NEAR, FORENAME_OTHER = _bits(0.85, 0.008), _bits(0.08, 0.012), _bits(0.07, 0.98)
BORN_SAME, BORN_NEAR, BORN_OTHER = _bits(0.93, 0.00005), _bits(0.05, 0.002), _bits(0.02, 0.998)
HOME_SAME, POSTCODE_SAME, POSTCODE_OTHER = _bits(0.55, 0.0005), _bits(0.12, 0.002), _bits(0.33, 0.997)
NAMES_SWAPPED = _bits(0.01, 0.00002)


def plain(name: str) -> str:
    """A name for comparing: no accents, capitals, hyphens or apostrophes. Other alphabets stay as they are."""
    text = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in text if c.isalnum() or c == " ").strip()


def compare(one: Told, other: Told) -> Proposal:
    """Everything both records say, weighed. Symmetric."""
    first, second = sorted((one, other), key=lambda told: told.key)
    reasons = [*_names(first, second), *_born(first, second), *_homes(first, second)]
    return Proposal(first.key, second.key, round(sum(reason.bits for reason in reasons), 1), tuple(reasons))


def proposals(people: Sequence[Told]) -> list[Proposal]:
    """Pairs of records that may be one person, the likeliest first. Only pairs that share a key are compared."""
    by_key = {told.key: told for told in people}
    found = (compare(by_key[a], by_key[b]) for a, b in sorted(_pairs(people)))
    return sorted((pair for pair in found if pair.bits >= PROPOSE), key=lambda pair: (-pair.bits, pair.first))


def _pairs(people: Iterable[Told]) -> set[tuple[int, int]]:
    blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
    for told in people:
        if told.says_anything:
            for key in set(_keys(told)):
                blocks[key].append(told.key)
    pairs: set[tuple[int, int]] = set()
    for members in blocks.values():
        if 1 < len(members) <= LARGEST_BLOCK:
            pairs.update((min(a, b), max(a, b)) for a, b in combinations(members, 2))
    return pairs


def _keys(told: Told) -> Iterator[tuple[str, str]]:
    forename, surname = plain(told.forename), plain(told.surname)
    if told.born_on:
        yield "born", told.born_on.isoformat()
        yield "born", _swapped(told.born_on) or told.born_on.isoformat()
    if surname and forename:
        yield "name", " ".join(sorted((surname[:5], forename[:2])))
        yield "names", " ".join(sorted((surname, forename)))
    if surname and told.postcode:
        yield "near", f"{surname[:3]} {told.postcode}"
    if surname and told.premises:
        yield "home", f"{surname[:3]} {told.premises}"


def _names(one: Told, other: Told) -> Iterator[Reason]:
    forename, surname = plain(one.forename), plain(one.surname)
    forename_too, surname_too = plain(other.forename), plain(other.surname)
    if forename and surname and (forename, surname) == (surname_too, forename_too) and forename != surname:
        yield Reason(Phrase("the names are the same, the other way round"), NAMES_SWAPPED)
        return
    if surname and surname_too:
        yield _likeness(
            surname,
            surname_too,
            (Phrase("same surname"), SURNAME_SAME),
            (Phrase("the surname is spelt differently"), SURNAME_NEAR),
            (Phrase("another surname"), SURNAME_OTHER),
        )
    if forename and forename_too:
        yield _likeness(
            forename,
            forename_too,
            (Phrase("same forename"), FORENAME_SAME),
            (Phrase("the forename is spelt differently"), FORENAME_NEAR),
            (Phrase("another forename"), FORENAME_OTHER),
        )


def _likeness(
    one: str, other: str, same: tuple[Phrase, float], near: tuple[Phrase, float], no: tuple[Phrase, float]
) -> Reason:
    if one == other:
        return Reason(*same)
    initial = min(len(one), len(other)) == 1 and one[0] == other[0]
    return Reason(*near) if initial or JaroWinkler.similarity(one, other) >= NEARLY_SAME else Reason(*no)


def _born(one: Told, other: Told) -> Iterator[Reason]:
    if one.born_on is None or other.born_on is None:
        return
    if one.born_on == other.born_on:
        yield Reason(Phrase("born on the same day"), BORN_SAME)
    elif _swapped(one.born_on) == other.born_on.isoformat():
        yield Reason(Phrase("day and month of birth are swapped"), BORN_NEAR)
    elif sum(a != b for a, b in zip(one.born_on.isoformat(), other.born_on.isoformat(), strict=True)) == 1:
        yield Reason(Phrase("dates of birth differ in one figure"), BORN_NEAR)
    else:
        yield Reason(Phrase("born on another day"), BORN_OTHER)


def _swapped(day: date) -> str:
    """The date with day and month swapped, as text; empty where that is no date or the same."""
    if day.day > 12 or day.day == day.month:
        return ""
    return date(day.year, day.day, day.month).isoformat()


def _homes(one: Told, other: Told) -> Iterator[Reason]:
    if one.premises and one.premises == other.premises:
        yield Reason(Phrase("same home"), HOME_SAME)
    elif one.postcode and other.postcode:
        if one.postcode == other.postcode:
            yield Reason(Phrase("same postcode"), POSTCODE_SAME)
        else:
            yield Reason(Phrase("another postcode"), POSTCODE_OTHER)
