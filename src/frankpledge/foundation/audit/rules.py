"""How entries are chained and how a broken chain is recognised. Pure: no database, no clock."""

import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

GENESIS = "0" * 64
"""What stands before the first entry."""


def canonical_json(value: Any) -> str:
    """One text for one value: sorted keys, no spaces, so that equal details always hash alike."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def storable(text: str) -> str:
    """``text`` as both databases can keep it: NUL and lone surrogates are written out, everything else stays."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00")


def one_line(text: str, length: int | None = None) -> str:
    """``storable`` text as one line without needless space, cut to ``length`` letters where one is given."""
    return " ".join(storable(text).split())[:length]


@dataclass(frozen=True, slots=True)
class Written:
    """What one entry says, without its hash. The order of the fields is the order that is hashed: never change it."""

    sequence: int
    at: datetime
    act: str
    what: str
    subject: str
    actor_kind: str
    actor_key: int | None
    actor_name: str
    purpose: str | None
    recipient: str | None
    written_details: str
    previous_hash: str


WRITTEN_FIELDS = tuple(field.name for field in fields(Written))


def entry_hash(written: Written) -> str:
    """SHA-256 of the entry and of the hash before it, as 64 hexadecimal digits."""
    return _hash(astuple(written))


def _hash(values: tuple[Any, ...]) -> str:
    sequence, at, *rest = values
    stamp = at.astimezone(UTC).isoformat(timespec="microseconds")
    return sha256(json.dumps([sequence, stamp, *rest], ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry as noted elsewhere: what the trail must still reach."""

    sequence: int
    entry_hash: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the trail found. ``first_bad``: number of the first entry that cannot be trusted."""

    entries: int
    head: str
    problem: str | None = None
    first_bad: int | None = None

    @property
    def unbroken(self) -> bool:
        """Every entry is there, in order and as it was written."""
        return self.problem is None

    def sentence(self) -> str:
        """The result in words."""
        if self.problem:
            return self.problem
        if not self.entries:
            return "The audit trail is empty."
        return f"{self.entries:,} {'entry' if self.entries == 1 else 'entries'}, unbroken, head {self.head[:12]}…"


def verify_chain(
    rows: Iterable[tuple[Any, ...]],
    *,
    head: Head | None,
    witnesses: Iterable[Head] = (),
    start: Head = Head(0, GENESIS),
) -> Verification:
    """Read the trail once and name the first entry that cannot be trusted.

    ``rows``: the fields of :class:`Written` followed by the stored hash, in order of sequence, from the entry after
    ``start``. ``head``: the last entry as the database notes it apart (None: never written). ``witnesses``: earlier
    heads kept outside the database; each must still be in the trail.
    """
    noted = {witness.sequence: witness.entry_hash for witness in witnesses}
    sequence, last_hash = start.sequence, start.entry_hash
    previous_sound = start.entry_hash
    for row in rows:
        expected = sequence + 1
        found, stored, previous = row[0], row[-1], row[-2]
        if found != expected:
            return _broken(sequence, last_hash, expected, f"Entry {expected:,} is missing from the audit trail.")
        if _hash(row[:-1]) != stored:
            return _broken(sequence, last_hash, expected, f"Entry {expected:,} of the audit trail was altered.")
        if previous != last_hash:
            bad = max(sequence, 1)
            problem = f"Entry {bad:,} of the audit trail was altered: entry {expected:,} no longer follows from it."
            return _broken(sequence, previous_sound, bad, problem)
        if noted.get(expected, stored) != stored:
            problem = (
                f"Entry {expected:,} of the audit trail is not the one an earlier check saw: the trail was rewritten."
            )
            return _broken(sequence, last_hash, expected, problem)
        sequence, previous_sound, last_hash = expected, last_hash, stored
    return _verify_end(sequence, last_hash, head, noted)


def _verify_end(sequence: int, last_hash: str, head: Head | None, noted: dict[int, str]) -> Verification:
    """Does the trail end where it should?"""
    reach = max([head.sequence if head else 0, *noted])
    if sequence < reach:
        problem = f"Entry {sequence + 1:,} is missing: the audit trail once reached entry {reach:,} and was cut short."
        return _broken(sequence, last_hash, sequence + 1, problem)
    if sequence and head is None:
        return _broken(
            sequence,
            last_hash,
            sequence,
            "The note of the last audit entry is gone: the trail may have been cut short.",
        )
    if head and sequence > head.sequence:
        bad = head.sequence + 1
        return _broken(
            sequence, last_hash, bad, f"Entry {bad:,} was slipped in after the last entry of the audit trail."
        )
    if head and head.entry_hash != last_hash:
        problem = f"Entry {sequence:,} of the audit trail was altered: it is not the one noted as last."
        return _broken(sequence, last_hash, sequence, problem)
    return Verification(sequence, last_hash)


def _broken(entries: int, head: str, first_bad: int, problem: str) -> Verification:
    return Verification(entries, head, problem, first_bad)
