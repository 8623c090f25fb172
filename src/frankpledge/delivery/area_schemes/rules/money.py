"""The money of area schemes: what is promised and paid of a pot, what is left, and when it ends.

The arithmetic of unknown amounts is the plan's: one to be confirmed makes its total "at least".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from frankpledge.delivery.area_schemes.vocabulary import GrantState
from frankpledge.records.plan.money import EMPTY, UNKNOWN, Amount, exactly, total
from frankpledge.vocabulary.errors import DataProblem, RuleBroken

WARN_AHEAD = timedelta(days=183)  # half a year: what it takes to find the next funding
PENCE = Decimal("0.01")


def amounts(values: Iterable[Decimal | None]) -> Amount:
    """The sum of amounts, those to be confirmed counted as unknown."""
    return total(UNKNOWN if value is None else exactly(value) for value in values)


@dataclass(frozen=True, slots=True)
class Ledger:
    """A pot with what was promised and paid of it. ``pot`` None: how much there is is to be confirmed."""

    pot: Decimal | None
    committed: Amount
    paid: Amount

    @property
    def used(self) -> Amount:
        """Promised and paid together."""
        return self.committed + self.paid

    @property
    def left(self) -> Decimal | None:
        """What is left, or the most that can be (``is_left_at_most``); None while the pot is to be confirmed."""
        return None if self.pot is None else self.pot - self.used.known

    @property
    def is_left_at_most(self) -> bool:
        """Whether a promise without an amount makes what is left smaller than it looks."""
        return not self.used.is_complete

    @property
    def is_over(self) -> bool:
        """Whether more is promised and paid than there is."""
        return self.left is not None and self.left < 0


def gates_ledger(pot: Decimal | None, costs: Iterable[tuple[Decimal | None, Decimal | None, bool]]) -> Ledger:
    """The budget of gates. ``costs``: estimate, spent, and whether its scheme still goes ahead.

    What is paid is paid, also on a scheme that was dropped; of an open scheme the estimate stands until it is paid.
    """
    committed, paid = EMPTY, EMPTY
    for estimate, spent, goes_ahead in costs:
        if spent is not None:
            paid += exactly(spent)
        elif goes_ahead:
            committed += amounts([estimate])
    return Ledger(pot, committed, paid)


def grants_ledger(pot: Decimal | None, grants: Iterable[tuple[GrantState, Decimal | None]]) -> Ledger:
    """The pot of grants: those offered or accepted are committed, those declined or withdrawn cost nothing."""
    held = list(grants)
    committed = amounts(amount for state, amount in held if state.is_committed)
    return Ledger(pot, committed, amounts(amount for state, amount in held if state is GrantState.PAID))


def most_for(cost: Decimal, *, cap: Decimal | None, match_percent: int) -> Decimal:
    """The largest grant towards work of that cost: the business pays its match, and no grant is above the cap."""
    share = (cost * (100 - match_percent) / 100).quantize(PENCE, ROUND_DOWN)
    return share if cap is None else min(share, cap)


def check_grant(cost: Decimal | None, amount: Decimal | None, *, cap: Decimal | None, match_percent: int) -> None:
    """Raise DataProblem for a grant above its rules. An amount or cost to be confirmed cannot break them yet."""
    if amount is None:
        return
    if cap is not None and amount > cap:
        raise DataProblem(f"A grant is at most £{cap:,.2f}.", remedy="Enter a smaller amount.")
    if cost is None:
        return
    most = most_for(cost, cap=cap, match_percent=match_percent)
    if amount > most:
        raise DataProblem(
            f"Of £{cost:,.2f} the business pays {match_percent} % itself, so the grant is at most £{most:,.2f}.",
            remedy="Enter a smaller amount.",
        )


def check_left(ledger: Ledger, amount: Decimal | None) -> None:
    """Raise RuleBroken if the pot does not hold that much more. A pot to be confirmed refuses nothing."""
    if amount is not None and ledger.left is not None and amount > ledger.left:
        raise RuleBroken(f"£{max(ledger.left, Decimal(0)):,.2f} is left of the pot: too little for £{amount:,.2f}.")


def ends_soon(ends_on: date | None, today: date) -> bool:
    """Whether the money ends within half a year, or has ended: time to look for the next."""
    return ends_on is not None and ends_on <= today + WARN_AHEAD
