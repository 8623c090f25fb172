"""Named reads of agreements, and each one looked at as it stands on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from frankpledge.delivery.commissioning import rules
from frankpledge.delivery.commissioning.models import Agreement, Instalment, Output, Return, ReturnLine
from frankpledge.delivery.commissioning.rules import Quarter
from frankpledge.delivery.commissioning.vocabulary import Counted, Delivery, ReturnStanding
from frankpledge.records.plan import selectors as plan
from frankpledge.records.plan.money import Certainty, Period
from frankpledge.records.plan.vocabulary import Side
from frankpledge.vocabulary.figures import Polarity


def agreements() -> QuerySet[Agreement]:
    """Every agreement with its outputs, payments and returns. Five queries, however many there are."""
    return Agreement.objects.prefetch_related("outputs", "instalments", "returns__lines")


def agreement(key: int) -> Agreement | None:
    """One agreement with its outputs, payments and returns. Five queries."""
    return agreements().filter(pk=key).first()


def agreement_of(provider: str, title: str) -> Agreement | None:
    """The agreement of this name with this provider. One query."""
    return Agreement.objects.filter(provider=provider, title=title).first()


def output(key: int) -> Output | None:
    """One output with its agreement. One query."""
    return Output.objects.select_related("agreement").filter(pk=key).first()


def instalment(key: int) -> Instalment | None:
    """One payment of a schedule with its agreement. One query."""
    return Instalment.objects.select_related("agreement").filter(pk=key).first()


def return_of(of: Agreement, quarter: Quarter) -> Return | None:
    """The return of a quarter, if it is in. One query, or none where the returns were fetched."""
    return next((one for one in of.returns.all() if one.quarter == quarter), None)


@dataclass(frozen=True, slots=True)
class Cell:
    """One output in one quarter: what was told (None: no return), what was agreed, and how the two compare."""

    told: rules.Told | None
    agreed: Decimal | None
    value: Decimal | None
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class QuarterLook:
    """One quarter of an agreement: its return and, in the order of the outputs, what it says of each."""

    quarter: Quarter
    standing: ReturnStanding
    due_on: date
    days_late: int  # to today, or to the day it came
    told: Return | None
    months: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class OutputLook:
    """One output over all returns that are in, and what one of it cost. No cost for shares and what nobody wants."""

    output: Output
    delivered: rules.Delivered
    cost: rules.UnitCost | None


@dataclass(frozen=True, slots=True)
class Look:
    """An agreement as it stands on a day."""

    agreement: Agreement
    quarters: tuple[QuarterLook, ...]
    outputs: tuple[OutputLook, ...]
    instalments: tuple[Instalment, ...]
    today: date

    @property
    def late(self) -> list[QuarterLook]:
        """Quarters whose return should be in and is not, the oldest first."""
        return [one for one in self.quarters if one.standing is ReturnStanding.LATE]

    @property
    def under(self) -> list[OutputLook]:
        """Outputs of which less was delivered than agreed, over the returns that are in."""
        return [one for one in self.outputs if one.delivered.delivery is Delivery.UNDER]

    @property
    def is_over(self) -> bool:
        """Its last day has passed."""
        return self.agreement.last_on < self.today

    @property
    def in_force(self) -> bool:
        """Today lies in it."""
        return self.agreement.first_on <= self.today <= self.agreement.last_on

    @property
    def days_left(self) -> int:
        """Days until it ends; below nought once it has."""
        return (self.agreement.last_on - self.today).days

    @property
    def ends_soon(self) -> bool:
        """In force, and over within ninety days."""
        return self.in_force and self.days_left <= rules.ENDS_SOON_DAYS

    @property
    def paid(self) -> Decimal:
        """Pounds paid."""
        return sum((one.paid for one in self.instalments if one.paid is not None), Decimal(0))

    @property
    def overdue(self) -> list[Instalment]:
        """Payments that fell due before today and were not made."""
        return [one for one in self.instalments if one.paid_on is None and one.due_on < self.today]

    @property
    def paid_ahead_of_returns(self) -> bool:
        """Money was paid while a return is late."""
        late = self.late
        return bool(late) and any(one.paid_on and one.paid_on > late[0].due_on for one in self.instalments)

    @property
    def weight(self) -> tuple[int, int, int, int]:
        """What is worst stands first: late returns, under delivery, an end near by, then whatever is over last."""
        troubled = (len(self.late), len(self.under))
        return (not any(troubled) and self.is_over, -troubled[0], -troubled[1], 0 if self.ends_soon else 1)


def look(of: Agreement, today: date) -> Look:
    """An agreement that was fetched with its rows, as it stands on a day. No query."""
    outputs = list(of.outputs.all())
    found = tuple(_quarter(of, quarter, outputs, today) for quarter in rules.quarters(of.first_on, of.last_on))
    instalments = tuple(of.instalments.all())
    return Look(
        of, found, tuple(_output(of, at, one, found, instalments) for at, one in enumerate(outputs)), instalments, today
    )


def _quarter(of: Agreement, quarter: Quarter, outputs: Sequence[Output], today: date) -> QuarterLook:
    told = return_of(of, quarter)
    lines = {line.output_id: line for line in told.lines.all()} if told else {}
    months = rules.months_in(quarter, of.first_on, of.last_on)
    cells = tuple(_cell(one, lines.get(one.pk), months, is_in=told is not None) for one in outputs)
    unknown = sum(cell.told is not None and cell.told.delivered is None for cell in cells)
    due_on = rules.return_due(quarter, of.last_on, of.return_days)
    standing = rules.standing(
        quarter, last_on=of.last_on, return_days=of.return_days, is_in=told is not None, unknown=unknown, today=today
    )
    late = max(0, ((told.received_on if told else today) - due_on).days)
    return QuarterLook(quarter, standing, due_on, late, told, months, cells)


def _cell(output: Output, line: ReturnLine | None, months: int, *, is_in: bool) -> Cell:
    agreed = rules.agreed_for(output.target, output.counted, months)
    if not is_in:
        return Cell(None, agreed, None, Delivery.UNKNOWN)
    told = rules.Told(line.delivered, line.of_how_many, line.note) if line else rules.Told(None)
    value = told.value(output.counted)
    return Cell(told, agreed, value, rules.judged(value, agreed, output.polarity))


def _output(
    of: Agreement, at: int, output: Output, found: Sequence[QuarterLook], instalments: Sequence[Instalment]
) -> OutputLook:
    ends = [min(one.quarter.last_day, of.last_on) for one in found if one.told]
    until = max(ends, default=of.first_on)
    # A quarter without a return before one that is in: what it delivered is not known, and that is not nought.
    rows = [
        (one.cells[at].told or rules.Told(None), one.cells[at].agreed)
        for one in found
        if ends and one.quarter.first_day <= until
    ]
    delivered = rules.to_date(rows, output.counted, output.polarity)
    if not ends or output.counted == Counted.SHARE or output.polarity != Polarity.MORE_IS_GOOD:
        return OutputLook(output, delivered, None)
    return OutputLook(output, delivered, rules.unit_cost(_payments(of, instalments), delivered, until))


def _payments(of: Agreement, instalments: Sequence[Instalment]) -> list[rules.Paid]:
    """Payments made, each with the days it pays for: from the day after what the one before pays for."""
    found, first_on = [], of.first_on
    for one in sorted(instalments, key=lambda one: (one.pays_until, one.pk)):
        if one.paid is not None:
            found.append(rules.Paid(one.paid, min(first_on, one.pays_until), one.pays_until))
        first_on = one.pays_until + timedelta(days=1)
    return found


# --- the plan's money


@dataclass(frozen=True, slots=True)
class LineOfPlan:
    """A line of the plan's money that agreements draw on, in one financial year. Pounds; the plan's own ledger."""

    title: str
    year: int
    planned: Decimal | None  # None: not all of it is known, or nothing is planned
    certainty: Certainty
    spent: Decimal | None  # None: no spend is recorded in that year
    quarters_in: int
    drawn: Decimal  # what falls due in that year under every agreement on the line
    paid: Decimal  # what was paid under them in the quarters with spend

    @property
    def is_over(self) -> bool:
        """More falls due under agreements than the plan has."""
        return self.planned is not None and self.drawn > self.planned

    @property
    def is_short(self) -> bool:
        """More was paid under agreements than the plan's ledger has as spent: it cannot hold all of it."""
        return self.spent is not None and self.paid > self.spent


def lines_to_choose() -> list[str]:
    """Titles of the lines of expenditure of the plan in force. Three queries."""
    current = plan.current_plan()
    if current is None:
        return []
    return [line.title for line in plan.money_lines(current) if line.side == Side.EXPENDITURE]


def line_of_plan(title: str, year: int, every: Sequence[Agreement]) -> LineOfPlan | None:
    """The line of this title in the plan in force, with what ``every`` agreement on it lets fall due in ``year``.

    None where the plan has no such line. Up to seven queries.
    """
    current = plan.current_plan() if title else None
    if current is None:
        return None
    line = next((one for one in plan.money_lines(current) if one.side == Side.EXPENDITURE and one.title == title), None)
    if line is None:
        return None
    amount = plan.as_line(line).cell(Period(year))
    spending = plan.spend_to_date(current, year)
    spent = next((one.to_date.spent for one in spending.lines if one.line.pk == line.pk), None) if spending else None
    due = [one for of in every if of.money_line == title for one in of.instalments.all()]
    drawn = sum((one.amount for one in due if Quarter.of(one.due_on).year == year), Decimal(0))
    quarters_in = spending.quarters_in if spending else 0
    covered = [Quarter(year, number) for number in range(1, quarters_in + 1)]
    paid = sum(
        (one.paid for one in due if one.paid is not None and one.paid_on and Quarter.of(one.paid_on) in covered),
        Decimal(0),
    )
    known = amount.known if amount.is_complete and not amount.is_empty else None
    return LineOfPlan(title, year, known, amount.certainty, spent, quarters_in, drawn, paid)
