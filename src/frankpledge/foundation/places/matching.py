"""Which home an address means: candidates from the gazetteer, each with a score and its reasons. Pure functions.

The number must be the same, the street nearly so, the postcode or the place must not speak against it. Only one home
that stands clear of every other is taken; two that fit equally well, or one that fits roughly, are asked about.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from rapidfuzz import fuzz

from frankpledge.vocabulary.wording import Phrase

# Words of a street's kind as people shorten them. ``ST`` at the front of a name is a saint, at its end a street.
_SHORT = {
    "RD": "ROAD", "LN": "LANE", "AVE": "AVENUE", "AV": "AVENUE", "CL": "CLOSE", "CT": "COURT", "DR": "DRIVE",
    "CRES": "CRESCENT", "CRS": "CRESCENT", "GDNS": "GARDENS", "GDN": "GARDENS", "GRN": "GREEN", "GR": "GROVE",
    "GRV": "GROVE", "PL": "PLACE", "SQ": "SQUARE", "TER": "TERRACE", "TERR": "TERRACE", "PK": "PARK", "HSE": "HOUSE",
    "BLDG": "BUILDING", "BLDGS": "BUILDINGS", "MT": "MOUNT", "STR": "STREET", "WK": "WALK", "FLT": "FLAT",
    "APT": "FLAT", "APARTMENT": "FLAT", "UNIT": "FLAT",
}  # fmt: skip
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})")
_NUMBER = re.compile(r"\d+[A-Z]?")
_FLAT = re.compile(r"\bFLAT\s+(\w+)\b")

# Scores, 0 to 1. A match is taken from SURE up when the next best lies LEAD below; from ASK up it is asked about.
SURE, ASK, LEAD = 0.9, 0.6, 0.08
SAME_POSTCODE, NO_POSTCODE, SAME_SECTOR, OTHER_POSTCODE = 1.0, 0.9, 0.8, 0.6
MOST_CANDIDATES = 5

Key = TypeVar("Key")


class Decision(StrEnum):
    """What became of an address."""

    MATCHED = "matched"
    ASK = "ask"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart: flat, house number, the words of the street, postcode; empty where it says none."""

    flat: str
    number: str
    street: str
    postcode: str

    @property
    def sector(self) -> str:
        """The postcode without its last two letters: ``XA1 1``."""
        return self.postcode[:-2]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A home an address may mean."""

    uprn: str
    address: str
    score: float
    reasons: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class AddressMatch:
    """``uprn`` only where the decision is MATCHED. ``candidates`` the best first."""

    decision: Decision
    uprn: str = ""
    score: float = 0.0
    candidates: tuple[Candidate, ...] = ()


def postcode_in(text: str) -> str:
    """The postcode written in ``text``, as ``XA1 1AA``; empty without one."""
    found = _POSTCODE.search(text.upper())
    return f"{found[1]} {found[2]}" if found else ""


def take_apart(address: str, postcode: str = "") -> Address:
    """An address as people write it: ``Flat 2, 39 Quarry Ln, Aldercombe XA1 1AA``."""
    code = postcode_in(postcode) or postcode_in(address)
    text = _POSTCODE.sub(" ", address.upper())
    words = re.sub(r"[^A-Z0-9 ]", " ", text.replace("'", "").replace("’", "")).split()
    words = [_SHORT.get(word, word) for word in words]
    words = [_saint_or_street(words, i) for i in range(len(words))]
    text = " ".join(words)
    flat = ""
    if found := _FLAT.search(text):
        flat = found[1]
        text = text[: found.start()] + text[found.end() :]
    numbers = [word for word in text.split() if _NUMBER.fullmatch(word)]
    number = numbers[0] if numbers else ""
    rest = text.split()
    if number:
        rest = rest[rest.index(number) + 1 :] or [word for word in rest if word != number]
    return Address(flat, number, " ".join(rest), code)


def _saint_or_street(words: Sequence[str], at: int) -> str:
    if words[at] != "ST":
        return words[at]
    before = words[at - 1] if at else ""
    return "SAINT" if not before or _NUMBER.fullmatch(before) else "STREET"


@dataclass(frozen=True)
class Gazetteer:
    """Homes by UPRN with their address and postcode, ready to be searched."""

    known: Mapping[str, tuple[str, Address]]
    by_number: Mapping[tuple[str, str], tuple[str, ...]]
    by_postcode: Mapping[tuple[str, str, str], tuple[str, ...]]

    @classmethod
    def of(cls, homes: Iterable[tuple[str, str, str]]) -> "Gazetteer":
        """From (UPRN, address, postcode) of every home."""
        known = {uprn: (f"{address}, {code}", take_apart(address, code)) for uprn, address, code in homes}
        by_number: dict[tuple[str, str], list[str]] = defaultdict(list)
        by_postcode: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for uprn, (_, parts) in known.items():
            by_number[parts.number, parts.flat].append(uprn)
            by_postcode[parts.number, parts.flat, parts.postcode].append(uprn)
        return cls(known, _fixed(by_number), _fixed(by_postcode))

    def match(self, address: str, postcode: str = "") -> AddressMatch:
        """Which home an address means, if any. An address without a number is never taken, at most asked about."""
        parts = take_apart(address, postcode)
        if not parts.street and not parts.postcode:
            return AddressMatch(Decision.NOT_FOUND)
        found = self._ranked(self.by_postcode.get((parts.number, parts.flat, parts.postcode), ()), parts)
        # Elsewhere nothing can come near a home that fits in its own postcode: see SAME_SECTOR and LEAD.
        if not found or found[0].score < SURE:
            found = self._ranked(self._alike(parts), parts)
        if not found or found[0].score < ASK:
            return AddressMatch(Decision.NOT_FOUND, candidates=tuple(found))
        best, rival = found[0], found[1].score if len(found) > 1 else 0.0
        if best.score >= SURE and best.score - rival >= LEAD and parts.number:
            return AddressMatch(Decision.MATCHED, best.uprn, best.score, tuple(found))
        return AddressMatch(Decision.ASK, "", best.score, tuple(found))

    def _ranked(self, uprns: Iterable[str], parts: Address) -> list[Candidate]:
        judged = (self._judged(uprn, parts) for uprn in uprns)
        found = sorted((one for one in judged if one is not None), key=lambda one: (-one.score, one.uprn))
        return found[:MOST_CANDIDATES]

    def _alike(self, parts: Address) -> Sequence[str]:
        """Homes of the same number and flat; without a flat also the flats of that number, to be asked about."""
        exact = self.by_number.get((parts.number, parts.flat), ())
        if exact or not parts.number:
            return exact
        return [uprn for (number, _), found in self.by_number.items() if number == parts.number for uprn in found]

    def _judged(self, uprn: str, parts: Address) -> Candidate | None:
        address, other = self.known[uprn]
        alike = _street_likeness(parts.street, other.street)
        if alike < 0.7:
            return None
        place, place_words = _place(parts, other)
        flat = 1.0 if parts.flat == other.flat else 0.75
        reasons = [_street_words(alike), place_words]
        if flat < 1:
            reasons.append(Phrase("the flat is not the same"))
        return Candidate(uprn, address, round(alike * place * flat, 4), tuple(reasons))


def _fixed(lists: Mapping[Key, Sequence[str]]) -> dict[Key, tuple[str, ...]]:
    return {key: tuple(found) for key, found in lists.items()}


def _street_likeness(given: str, known: str) -> float:
    """0 to 1. What follows the street (a town, a county) does not count against it."""
    if not given or not known:
        return 0.7 if given == known else 0.0
    whole = fuzz.ratio(given, known) / 100
    first = " ".join(given.split()[: len(known.split())])
    return max(whole, fuzz.ratio(first, known) / 100)


def _street_words(alike: float) -> Phrase:
    if alike == 1:
        return Phrase("same street")
    return Phrase("the street is written differently")


def _place(given: Address, known: Address) -> tuple[float, Phrase]:
    if not given.postcode:
        return NO_POSTCODE, Phrase("no postcode given")
    if given.postcode == known.postcode:
        return SAME_POSTCODE, Phrase("same postcode")
    if given.sector == known.sector:
        return SAME_SECTOR, Phrase("a neighbouring postcode")
    return OTHER_POSTCODE, Phrase("another postcode")
