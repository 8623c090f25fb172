"""When agencies may share, and what keeps a partnership from locking itself out. Pure: no Django, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from frankpledge.foundation.agencies.vocabulary import AgreementState, DataClass, Purpose
from frankpledge.vocabulary.errors import RuleBroken

Ground = tuple[int | None, str]  # key of the agency whose records they are (None: not known) and their class


def grounds_key(grounds: Iterable[Ground]) -> str:
    """Whose records of which class something rests on, published ones apart: ``1:crime records|3:fire ...``.

    One text, the same for the same grounds; empty where everybody may see it.
    """
    return "|".join(sorted({f"{owner or ''}:{data_class}" for owner, data_class in grounds if data_class}))


def read_grounds(key: str) -> tuple[Ground, ...]:
    """What ``grounds_key`` wrote."""
    parted = (one.split(":", 1) for one in key.split("|") if one)
    return tuple((int(owner) if owner else None, data_class) for owner, data_class in parted)


@dataclass(frozen=True, slots=True)
class Party:
    """An agency in an agreement: which way data may flow for it."""

    agency: int
    gives: bool
    receives: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement says, as plain values."""

    parties: tuple[Party, ...]
    data_classes: frozenset[DataClass]
    purposes: frozenset[Purpose]
    starts_on: date
    ends_on: date
    state: AgreementState


def is_live(terms: Terms, today: date) -> bool:
    """Whether the agreement is in force on ``today``. Its last day counts."""
    return terms.state is AgreementState.IN_FORCE and terms.starts_on <= today <= terms.ends_on


def why_not_shared(
    terms: Terms, *, giver: int, receiver: int, data_class: DataClass, purpose: Purpose, today: date
) -> str | None:
    """Why this agreement does not let ``giver`` share with ``receiver`` today, in one sentence; None when it does.

    Crime and Disorder Act 1998, s.115 gives a power to disclose, not a duty, and each owner keeps control: so what is
    not written in the agreement is refused. The last day counts; the agreement is over when that day ends.
    """
    if terms.state is not AgreementState.IN_FORCE:
        return f"The agreement is {terms.state.value}."
    if today < terms.starts_on:
        return f"The agreement begins on {terms.starts_on:%-d %B %Y}."
    if today > terms.ends_on:
        return f"The agreement ended on {terms.ends_on:%-d %B %Y}."
    if not any(party.agency == giver and party.gives for party in terms.parties):
        return "The agreement does not let this agency give."
    if giver == receiver or not any(party.agency == receiver and party.receives for party in terms.parties):
        return "The agreement does not let that agency receive."
    if data_class not in terms.data_classes:
        return f"The agreement does not cover {data_class.value}."
    if purpose not in terms.purposes:
        return f"The agreement is not for {purpose.value}."
    return None


def check_terms(terms: Terms) -> None:
    """Raise RuleBroken for an agreement under which nothing could be shared."""
    if terms.ends_on < terms.starts_on:
        raise RuleBroken("The agreement ends before it begins.")
    givers = {party.agency for party in terms.parties if party.gives}
    receivers = {party.agency for party in terms.parties if party.receives}
    if len({party.agency for party in terms.parties}) < 2 or not any(g != r for g in givers for r in receivers):
        raise RuleBroken("An agreement needs at least two agencies: one that gives and another that receives.")
    if not terms.data_classes:
        raise RuleBroken("An agreement names what may be shared.")
    if not terms.purposes:
        raise RuleBroken("An agreement names what it is for.")


def check_somebody_administers(remaining: Iterable[int]) -> None:
    """Raise RuleBroken when nobody would be left who can add people (``remaining``: keys of active administrators)."""
    if not any(True for _ in remaining):
        raise RuleBroken("This is the last administrator: make somebody else an administrator first.")
