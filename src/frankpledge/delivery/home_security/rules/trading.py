"""The trading account by arithmetic: balance and statement are sums of lines, worked out whenever they are asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from frankpledge.delivery.home_security.vocabulary import TradeKind
from frankpledge.vocabulary.errors import RuleBroken

NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its day, kind and pounds. ``of``: for a line that takes one back, the kind of that one."""

    on: date
    kind: TradeKind
    amount: Decimal
    of: TradeKind | None = None

    @property
    def change(self) -> Decimal:
        """What it adds to the balance."""
        return self.amount if self.kind.is_in else -self.amount

    @property
    def counts_as(self) -> TradeKind:
        """The column in which it stands: what takes a sale back stands among the sales, as a minus."""
        return self.of or self.kind


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of the account; ``closing`` is ``opening`` and the four changes. Costs are below nought."""

    first: date
    last: date
    opening: Decimal
    sold: Decimal
    given: Decimal
    reinvested: Decimal
    spent: Decimal

    @property
    def closing(self) -> Decimal:
        """What is there at its end."""
        return self.opening + self.sold + self.given + self.reinvested + self.spent


def balance(lines: Iterable[Line]) -> Decimal:
    """What the account holds."""
    return sum((line.change for line in lines), NOUGHT)


def quarter_of(day: date) -> tuple[date, date]:
    """First and last day of a day's quarter."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return first, _next(first) - timedelta(days=1)


def _next(first: date) -> date:
    return date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)


def statement(lines: Sequence[Line], today: date) -> list[Quarter]:
    """Every quarter from the first line's until today's, the quiet ones too. Empty without a line."""
    if not lines:
        return []
    opening, found = NOUGHT, []
    first = quarter_of(min(line.on for line in lines))[0]
    until = max(today, max(line.on for line in lines))
    while first <= until:
        last = _next(first) - timedelta(days=1)
        within = [line for line in lines if first <= line.on <= last]
        sums = [
            sum((line.change for line in within if line.counts_as is kind), NOUGHT)
            for kind in (TradeKind.SOLD, TradeKind.GIVEN, TradeKind.REINVESTED, TradeKind.SPENT)
        ]
        found.append(Quarter(first, last, opening, *sums))
        opening, first = found[-1].closing, _next(first)
    return found


def check_can_spend(there: Decimal, cost: Decimal) -> None:
    """Raise RuleBroken for more than the account holds: it lives on what it sold."""
    if cost > there:
        raise RuleBroken(f"The account holds £{there:,.2f}, so £{cost:,.2f} cannot be spent from it.")
