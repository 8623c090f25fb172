"""Alley gates, by arithmetic: whether enough homes agree, who stands against it, and when gates are due a look."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from frankpledge.delivery.area_schemes.vocabulary import ConsentState, SchemeState
from frankpledge.vocabulary.errors import RuleBroken

INSPECT_EVERY = timedelta(days=365)  # proposed when gates are built; a date is entered each time
SOON = timedelta(days=30)

# Where a scheme may go from each state.
MOVES = {
    SchemeState.PROPOSED: (SchemeState.AGREED, SchemeState.DROPPED),
    SchemeState.AGREED: (SchemeState.BUILT, SchemeState.DROPPED),
    SchemeState.BUILT: (),
    SchemeState.DROPPED: (SchemeState.PROPOSED,),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the homes of a scheme say. ``blocked``: homes that the gates close off and that refuse."""

    homes: int
    given: int
    refused: int
    waiting: int
    not_asked: int
    blocked: int
    needed: int

    @property
    def share(self) -> float | None:
        """Homes that agree out of all homes of the scheme, 0 to 1; None without homes. Silence is not consent."""
        return self.given / self.homes if self.homes else None

    @property
    def short_by(self) -> int:
        """How many more homes must agree."""
        return max(self.needed - self.given, 0)

    @property
    def carries(self) -> bool:
        """Whether enough homes agree."""
        return self.homes > 0 and self.short_by == 0

    @property
    def can_carry(self) -> bool:
        """Whether enough homes could still agree, if all that have not answered did."""
        return self.homes == 0 or self.homes - self.refused >= self.needed


def standing(said: Iterable[tuple[ConsentState, bool]], needed_percent: int) -> Standing:
    """The answers counted. ``said``: what each home says, and whether the gates close it off."""
    answers = list(said)
    states = [state for state, _ in answers]
    return Standing(
        homes=len(answers),
        given=states.count(ConsentState.GIVEN),
        refused=states.count(ConsentState.REFUSED),
        waiting=states.count(ConsentState.ASKED),
        not_asked=states.count(ConsentState.NOT_ASKED),
        blocked=sum(state is ConsentState.REFUSED and closed_off for state, closed_off in answers),
        needed=math.ceil(len(answers) * needed_percent / 100),
    )


def check_move(now: SchemeState, to: SchemeState) -> None:
    """Raise RuleBroken for a step that is none of a scheme's."""
    if to not in MOVES[now]:
        raise RuleBroken(f"A scheme that is {now.value} cannot become {to.value}.")


def check_agreed(counted: Standing, despite: str) -> None:
    """Raise RuleBroken, with the reason, unless the homes agree to it.

    A refusal by a home the gates close off does not end a scheme by itself: but whoever decides says how it was met.
    """
    if not counted.homes:
        raise RuleBroken("No home has been chosen yet: choose the homes behind the gates and ask them first.")
    if not counted.carries:
        raise RuleBroken(
            f"{counted.given} of {counted.homes} homes agree and {counted.needed} must: {counted.short_by} to go."
        )
    if counted.blocked and not despite:
        raise RuleBroken(
            "A home that the gates close off refuses. Write down how its objection was considered, or do not go ahead."
        )


def check_built(legal_order: str, order_on: date | None) -> None:
    """Raise RuleBroken unless the order that allows the gates is named with its date."""
    if not legal_order or order_on is None:
        raise RuleBroken("Name the legal order that allows the gates, and its date, before they are built.")


def inspection_word(inspect_on: date | None, today: date) -> str:
    """``late``, ``soon``, ``later`` or nothing, of the next look at gates that stand."""
    if inspect_on is None:
        return ""
    if inspect_on < today:
        return "late"
    return "soon" if inspect_on <= today + SOON else "later"
