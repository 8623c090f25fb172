"""Grants to businesses, by arithmetic: where one may go from each state."""

from frankpledge.delivery.area_schemes.vocabulary import GrantState
from frankpledge.vocabulary.errors import RuleBroken

MOVES = {
    GrantState.OFFERED: (GrantState.ACCEPTED, GrantState.DECLINED, GrantState.WITHDRAWN),
    GrantState.ACCEPTED: (GrantState.PAID, GrantState.WITHDRAWN),
    GrantState.PAID: (),
    GrantState.DECLINED: (),
    GrantState.WITHDRAWN: (),
}


def check_move(now: GrantState, to: GrantState) -> None:
    """Raise RuleBroken for a step that is none of a grant's."""
    if to is not now and to not in MOVES[now]:
        raise RuleBroken(f"A grant that is {now.value} cannot become {to.value}.")
