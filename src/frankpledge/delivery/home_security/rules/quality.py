"""Calls after visits: whom chance draws, what an answer may be, and groups too small to be shown.

Who is called is drawn by a seed that the software makes once a week and writes down: whoever knows seed and homes can
draw again and finds the same, and nobody could have chosen.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from frankpledge.delivery.home_security.vocabulary import CallOutcome
from frankpledge.vocabulary.errors import DataProblem

FROM_WEEKS, UNTIL_WEEKS = 3, 8  # after a visit: the work has been lived with, and is remembered
USUAL_A_WEEK, MOST_A_WEEK = 12, 200
FEWEST_ANSWERS = 10  # a group with fewer is shown together with others
QUESTIONS = ("content", "feels_safer", "sets_alarm")


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def window(day: date) -> tuple[date, date]:
    """First and last day of the visits that may be called on ``day``: 8 to 3 weeks before it."""
    return day - timedelta(weeks=UNTIL_WEEKS), day - timedelta(weeks=FROM_WEEKS)


def drawn(keys: Sequence[int], wanted: int, seed: str) -> list[int]:
    """``wanted`` of the ``keys`` in the order in which they are drawn: each is as likely as any other.

    Every key is ranked by the SHA-256 of seed and key; the order in which the keys are given does not matter.
    """
    if not 1 <= wanted <= MOST_A_WEEK:
        raise DataProblem(f"Draw 1 to {MOST_A_WEEK} homes a week.")
    return sorted(set(keys), key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).hexdigest())[:wanted]


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody said. None: not answered, or it does not apply."""

    content: bool | None = None
    feels_safer: bool | None = None
    sets_alarm: bool | None = None
    complains: bool = False
    said: str = ""


def check_call(outcome: CallOutcome, told: Answers, *, has_alarm: bool) -> None:
    """Raise DataProblem for what cannot be: answers of nobody, an alarm set where none is, nothing said at all."""
    given = [getattr(told, name) for name in QUESTIONS]
    if outcome is CallOutcome.TO_CALL:
        raise DataProblem("Say what came of the call.")
    if outcome is not CallOutcome.REACHED:
        if any(one is not None for one in given) or told.complains:
            raise DataProblem("There are answers although nobody was reached. Choose “reached”, or clear the answers.")
        return
    if told.sets_alarm is not None and not has_alarm:
        raise DataProblem("That visit fitted no alarm, so nobody sets one. Leave the question about the alarm open.")
    if all(one is None for one in given) and not told.complains:
        raise DataProblem("Nothing was answered. Choose “would not say”, or enter at least one answer.")
    if told.complains and not told.said.strip():
        raise DataProblem("Write down what they complain of, in their words.")


@dataclass(frozen=True, slots=True)
class Group:
    """One group's answers to a question: ``names`` are the groups put together in it."""

    names: tuple[str, ...]
    yes: int
    n: int


def shown_groups(counts: Mapping[str, tuple[int, int]]) -> list[Group]:
    """Groups by name as (yes, answers), those of fewer than ten answers put together so that none can be worked out.

    If the small ones together are still too few, the smallest of the others joins them. Nothing is shown where all
    together have fewer than ten.
    """
    left = sorted(((n, name, yes) for name, (yes, n) in counts.items() if n), reverse=True)
    together: list[tuple[int, str, int]] = []
    while left and (left[-1][0] < FEWEST_ANSWERS or 0 < sum(one[0] for one in together) < FEWEST_ANSWERS):
        together.append(left.pop())
    found = [Group((name,), yes, n) for n, name, yes in sorted(left, key=lambda one: one[1])]
    pooled = Group(
        tuple(sorted(one[1] for one in together)), sum(one[2] for one in together), sum(one[0] for one in together)
    )
    if not together:
        return found
    return [*found, pooled] if pooled.n >= FEWEST_ANSWERS else []
