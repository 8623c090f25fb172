"""What is true of persons and matches without a database. Pure functions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from frankpledge.records.people.vocabulary import MatchState, Part
from frankpledge.vocabulary.errors import RuleBroken

REASON_LENGTH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTold:
    """A person as one agency tells of them. ``reference`` is the agency's own number for them."""

    reference: str
    part: Part = Part.OTHER
    forename: str = ""
    surname: str = ""
    born_on: date | None = None
    address: str = ""
    postcode: str = ""
    premises: str = ""
    restricted: bool = False


def check_reason(reason: str) -> str:
    """The reason of a decision, tidied. Raises RuleBroken without one, or for a very long one."""
    tidy = " ".join(reason.split())
    if not tidy:
        raise RuleBroken("Say what makes you sure. Whoever looks at this later will need it.")
    if len(tidy) > REASON_LENGTH:
        raise RuleBroken(f"Say why in at most {REASON_LENGTH:,} characters.")
    return tidy


def check_can_decide(state: str) -> None:
    """Raise RuleBroken for a proposal that has been decided: it must be taken back first."""
    if state != MatchState.PROPOSED:
        raise RuleBroken(f"This was decided already: {state}. Take that decision back first.")


def check_can_take_back(state: str) -> None:
    """Raise RuleBroken for a proposal nobody has decided."""
    if state == MatchState.PROPOSED:
        raise RuleBroken("Nobody has decided this yet, so there is nothing to take back.")


def clusters(pairs: Iterable[tuple[int, int]]) -> list[frozenset[int]]:
    """Records that decisions have made one person, directly or through others; largest first."""
    joined: dict[int, set[int]] = defaultdict(set)
    for first, second in pairs:
        joined[first].add(second)
        joined[second].add(first)
    seen: set[int] = set()
    found = []
    for start in sorted(joined):
        if start in seen:
            continue
        cluster, waiting = set(), [start]
        while waiting:
            record = waiting.pop()
            if record not in cluster:
                cluster.add(record)
                waiting += joined[record]
        seen |= cluster
        found.append(frozenset(cluster))
    return sorted(found, key=lambda cluster: (-len(cluster), min(cluster)))
