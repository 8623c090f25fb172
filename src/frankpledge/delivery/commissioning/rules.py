"""Quarters, targets, schedules, unit costs and filled-in forms of an agreement. No database; today is an argument."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

from frankpledge.delivery.commissioning.vocabulary import Certainty, Counted, Delivery, PaidHow, ReturnStanding
from frankpledge.records.plan.rules import financial_year, quarter_months, quarter_of, year_label
from frankpledge.records.plan.sheet import Blank, read_amount
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.figures import Polarity
from frankpledge.vocabulary.periods import Month

ENDS_SOON_DAYS = 90
LONGEST_YEARS = 5
MOST_OUTPUTS = 20
MOST = Decimal("100000000")  # of anything delivered, and of pounds
LARGEST_FORM = 100_000  # characters of a return form that comes back
MOST_ROWS = 200
PENNY = Decimal("0.01")
TO_CONFIRM = "to be confirmed"
#: Heading of the return form, and what is read of it.
COLUMNS = ("output", "unit", "agreed for the quarter", "delivered", "of how many", "note")


class Quarter(NamedTuple):
    """A quarter of a financial year: ``Quarter(2026, 1)`` is April to June 2026."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter in which ``day`` lies."""
        return cls(financial_year(day), quarter_of(day))

    @classmethod
    def parse(cls, key: str) -> "Quarter | None":
        """The quarter that begins with the month ``2026-04``; None for anything else."""
        try:
            day = Month.parse(key).first_day
        except DataProblem:
            return None
        found = cls.of(day)
        return found if found.first_day == day else None

    @property
    def key(self) -> str:
        """Its first month, as addresses name it."""
        return str(quarter_months(*self)[0])

    @property
    def months(self) -> tuple[Month, Month, Month]:
        """Its three months."""
        first, last = quarter_months(*self)
        return first, first + 1, last

    @property
    def first_day(self) -> date:
        """The day it begins."""
        return self.months[0].first_day

    @property
    def last_day(self) -> date:
        """The day it ends."""
        return (self.months[2] + 1).first_day - timedelta(days=1)

    @property
    def label(self) -> str:
        """``2026/27 Q1``."""
        return f"{year_label(self.year)} Q{self.number}"

    @property
    def next(self) -> "Quarter":
        """The one after."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)


def quarters(first_on: date, last_on: date) -> list[Quarter]:
    """Every quarter of which a day lies in the agreement, the oldest first."""
    found = [Quarter.of(first_on)]
    while found[-1].last_day < last_on:
        found.append(found[-1].next)
    return found


def months_in(quarter: Quarter, first_on: date, last_on: date) -> int:
    """How many of a quarter's three months have a day in the agreement."""
    return sum(month.first_day <= last_on and (month + 1).first_day > first_on for month in quarter.months)


# --- what an agreement must say


def check_agreement(*, first_on: date, last_on: date, amount: Decimal | None, return_days: int) -> None:
    """Raise RuleBroken for days, a sum or a term for returns that cannot be."""
    if last_on < first_on:
        raise RuleBroken("The agreement ends before it begins. Swap the two days.")
    if (last_on - first_on).days > 366 * LONGEST_YEARS:
        raise RuleBroken(f"An agreement here runs for {LONGEST_YEARS} years at most. Write a new one for the rest.")
    if amount is not None and not 0 <= amount < MOST:
        raise RuleBroken("The sum agreed is pounds, nought or more. Leave it to be confirmed while it is not known.")
    if not 0 <= return_days <= 92:
        raise RuleBroken("A return is due at most 92 days after its quarter: before the next quarter ends.")


# --- returns


def return_due(quarter: Quarter, last_on: date, return_days: int) -> date:
    """The day a quarter's return is due: so many days after the quarter, or the agreement within it, has ended."""
    return min(quarter.last_day, last_on) + timedelta(days=return_days)


def standing(
    quarter: Quarter, *, last_on: date, return_days: int, is_in: bool, unknown: int, today: date
) -> ReturnStanding:
    """Where the return of a quarter stands. ``unknown``: outputs it leaves to be confirmed."""
    if is_in:
        return ReturnStanding.PARTLY if unknown else ReturnStanding.COMPLETE
    if today <= min(quarter.last_day, last_on):
        return ReturnStanding.AHEAD
    return ReturnStanding.LATE if today > return_due(quarter, last_on, return_days) else ReturnStanding.DUE


def agreed_for(target: Decimal | None, counted: str, months: int) -> Decimal | None:
    """What is agreed for a quarter with ``months`` (1 to 3) in the agreement: a number in proportion, a share as it is.

    None where the target is to be confirmed.
    """
    if target is None or counted == Counted.SHARE or months == 3:
        return target
    return (target * months / 3).quantize(PENNY)


@dataclass(frozen=True, slots=True)
class Told:
    """What a return says of an output: ``delivered`` (None: to be confirmed), ``of_how_many`` where it is a share."""

    delivered: Decimal | None
    of_how_many: Decimal | None = None
    note: str = ""

    def value(self, counted: str) -> Decimal | None:
        """The number, or the share in per cent; None where it is not known or nobody stands under the line."""
        if counted != Counted.SHARE or self.delivered is None:
            return self.delivered
        return self.delivered * 100 / self.of_how_many if self.of_how_many else None


def check_told(told: Told, counted: str) -> None:
    """Raise RuleBroken for a count below nought, or a share without or above what it is of."""
    for number in (told.delivered, told.of_how_many):
        if number is not None and not 0 <= number < MOST:
            raise RuleBroken("A number delivered is nought or more.")
    if counted != Counted.SHARE:
        if told.of_how_many is not None:
            raise RuleBroken("This output is a number: leave “of how many” empty.")
        return
    if told.delivered is not None and told.of_how_many is None:
        raise RuleBroken("This output is a share: say of how many, too.")
    if told.delivered is None and told.of_how_many is not None:
        raise RuleBroken("This output is a share: say how many of them, or leave both to be confirmed.")
    if told.delivered is not None and told.of_how_many is not None and told.delivered > told.of_how_many:
        raise RuleBroken(f"{told.delivered:,f} of {told.of_how_many:,f} cannot be: the part is larger than the whole.")


def judged(value: Decimal | None, agreed: Decimal | None, polarity: str) -> Delivery:
    """What was delivered beside what was agreed."""
    if polarity == Polarity.CONTEXT_ONLY:
        return Delivery.CONTEXT
    if value is None or agreed is None:
        return Delivery.UNKNOWN
    enough = value >= agreed if polarity == Polarity.MORE_IS_GOOD else value <= agreed
    return Delivery.MET if enough else Delivery.UNDER


@dataclass(frozen=True, slots=True)
class Delivered:
    """An output over the quarters whose return is in. ``certainty`` is said before the number."""

    value: Decimal | None  # a number, or per cent
    agreed: Decimal | None
    numerator: Decimal
    denominator: Decimal | None
    quarters: int
    unknown: int
    certainty: Certainty
    delivery: Delivery


def to_date(told: Iterable[tuple[Told, Decimal | None]], counted: str, polarity: str) -> Delivered:
    """All that was told of one output, with what was agreed for each of those quarters.

    What is to be confirmed is not nought: a sum with such a quarter in it is *at least*, a share is of the rest. Such
    quarters are left out on both sides when it is compared with what was agreed.
    """
    rows = list(told)
    known = [(one, agreed) for one, agreed in rows if one.delivered is not None]
    missing = len(rows) - len(known)
    top = sum((one.delivered for one, _ in known if one.delivered is not None), Decimal(0))
    terms = [agreed for _, agreed in known]
    if counted == Counted.SHARE:
        below = sum((one.of_how_many or Decimal(0) for one, _ in known), Decimal(0))
        value = top * 100 / below if below else None
        agreed_all = terms[-1] if terms else None
        return Delivered(
            value, agreed_all, top, below, len(rows), missing, Certainty.EXACT, judged(value, agreed_all, polarity)
        )
    value = top if known else None
    agreed_all = None if not terms or None in terms else sum((one for one in terms if one is not None), Decimal(0))
    certainty = Certainty.AT_LEAST if missing and known else Certainty.EXACT
    return Delivered(value, agreed_all, top, None, len(rows), missing, certainty, judged(value, agreed_all, polarity))


# --- money


@dataclass(frozen=True, slots=True)
class Due:
    """One payment of the schedule: when, how much, and the last day of what it pays for."""

    due_on: date
    amount: Decimal
    pays_until: date


def schedule(amount: Decimal, how: PaidHow | str, first_on: date, last_on: date) -> list[Due]:
    """``amount`` pounds spread over an agreement by the months in each part; the last payment takes the odd pence."""
    how = PaidHow(how)
    parts = quarters(first_on, last_on)
    size = {PaidHow.ONCE: len(parts), PaidHow.HALF_YEARLY: 2}.get(how, 1)
    groups = [parts[at : at + size] for at in range(0, len(parts), size)]
    months = [sum(months_in(one, first_on, last_on) for one in group) for group in groups]
    found: list[Due] = []
    left = amount
    for at, group in enumerate(groups):
        share = (amount * months[at] / sum(months)).quantize(PENNY, rounding=ROUND_DOWN)
        pounds = left if at == len(groups) - 1 else share
        left -= pounds
        until = min(group[-1].last_day, last_on)
        due_on = until + timedelta(days=1) if how is PaidHow.IN_ARREARS else max(group[0].first_day, first_on)
        found.append(Due(due_on, pounds, until))
    return found


def reschedule(
    amount: Decimal, how: PaidHow | str, first_on: date, last_on: date, *, paid: Decimal, paid_until: date | None
) -> list[Due]:
    """What still falls due once ``paid`` pounds were paid for the time up to ``paid_until``: with it comes ``amount``.

    The rest is spread over the parts of the schedule that nobody has paid for, as they were weighed before; where none
    is left it falls due at the end. Raises RuleBroken where more was paid than is agreed now.
    """
    if paid > amount:
        raise RuleBroken(f"£{paid:,.2f} has been paid already, more than the £{amount:,.2f} you wrote. Check the sum.")
    if paid_until is None:
        return schedule(amount, how, first_on, last_on)
    ahead = [due for due in schedule(amount, how, first_on, last_on) if due.pays_until > paid_until]
    left, weight = amount - paid, sum((due.amount for due in ahead), Decimal(0))
    if not left:
        return []
    if not weight:
        return [Due(last_on, left, last_on)]
    found = [
        Due(d.due_on, (left * d.amount / weight).quantize(PENNY, rounding=ROUND_DOWN), d.pays_until) for d in ahead
    ]
    odd = left - sum((due.amount for due in found), Decimal(0))
    return [*found[:-1], Due(found[-1].due_on, found[-1].amount + odd, found[-1].pays_until)]


@dataclass(frozen=True, slots=True)
class UnitCost:
    """Pounds for one of an output: ``pounds`` over ``count``, both for the time up to ``until``."""

    pounds: Decimal
    count: Decimal
    until: date
    certainty: Certainty

    @property
    def each(self) -> Decimal | None:
        """Pounds for one; None where nothing was delivered."""
        return (self.pounds / self.count).quantize(PENNY) if self.count else None


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that was made, and the days of the agreement it pays for."""

    pounds: Decimal
    first_on: date
    last_on: date

    def until(self, day: date) -> Decimal:
        """What of it pays for the time up to ``day``, by whole months."""
        if self.last_on <= day:
            return self.pounds
        months, over = _months(self.first_on, self.last_on), _months(self.first_on, day)
        return (self.pounds * over / months).quantize(PENNY)


def unit_cost(paid: Iterable[Paid], delivered: Delivered, until: date) -> UnitCost:
    """What was paid for the time the returns tell of, over what they say was delivered.

    With a quarter to be confirmed the count is *at least*, so the cost is *at most*.
    """
    pounds = sum((one.until(until) for one in paid), Decimal(0))
    certainty = Certainty.AT_MOST if delivered.certainty is Certainty.AT_LEAST else Certainty.EXACT
    return UnitCost(pounds, delivered.numerator, until, certainty)


def _months(first_on: date, last_on: date) -> int:
    return max(0, Month.of(last_on).number - Month.of(first_on).number + 1) if last_on >= first_on else 0


# --- the return form that a provider fills in


@dataclass(frozen=True, slots=True)
class AskedOutput:
    """One line of the return form."""

    name: str
    unit: str
    counted: str
    agreed: Decimal | None


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of a form that was not taken, as it came, and why."""

    row: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class FilledIn:
    """A form that came back: what is taken of it by output, and every row that is not. Rows in = taken + refused."""

    rows: int
    taken: Mapping[str, Told]
    refused: tuple[RefusedRow, ...]


def read_form(text: str, *, asked: Sequence[AskedOutput], reference: str, quarter: Quarter) -> FilledIn:
    """Read a return form (CSV, or cells pasted from a spreadsheet) for one agreement and quarter.

    Every row under the heading is taken or refused with its reason; blank rows are passed over. Raises DataProblem for
    text without the heading, or a form of another agreement or quarter: of those nothing is taken.
    """
    cells = _cells(text)
    at = next((n for n, row in enumerate(cells) if _plain(row)[: len(COLUMNS)] == list(COLUMNS)), None)
    if at is None:
        raise DataProblem(
            "The form has no heading that begins with “output, unit”.",
            file="the form",
            remedy="Download the form of this quarter, fill that in and send it back.",
        )
    _check_whose(cells[:at], reference, quarter)
    known = {one.name.casefold(): one for one in asked}
    taken: dict[str, Told] = {}
    refused: list[RefusedRow] = []
    rows = [(n, row) for n, row in enumerate(cells[at + 1 :], at + 2) if any(cell.strip() for cell in row)]
    for number, row in rows:
        name = _bare(row[0])
        try:
            one = known.get(name.casefold())
            if one is None:
                raise RuleBroken(f"“{name[:60]}” is no output of this agreement.")
            if one.name in taken:
                raise RuleBroken(f"“{one.name}” stands in the form twice; the first row was taken.")
            taken[one.name] = _told(row, one)
        except (RuleBroken, DataProblem) as problem:
            refused.append(RefusedRow(number, ", ".join(row)[:300], problem.sentence))
    return FilledIn(len(rows), taken, tuple(refused))


def _told(row: Sequence[str], one: AskedOutput) -> Told:
    padded = [*(_bare(cell) for cell in row), *([""] * len(COLUMNS))]
    delivered = _number(padded[3], "delivered")
    if isinstance(delivered, Blank):
        raise RuleBroken(f"Nothing is written under “delivered”. Write a number, 0 for none, or {TO_CONFIRM}.")
    of_how_many = _number(padded[4], "of how many")
    told = Told(delivered, None if isinstance(of_how_many, Blank) else of_how_many, padded[5][:500])
    check_told(told, one.counted)
    return told


def _number(text: str, what: str) -> Decimal | None | Blank:
    try:
        return read_amount(text)
    except DataProblem as problem:
        raise RuleBroken(f"“{text[:40]}” under “{what}” is no number. Write 12, 0, or {TO_CONFIRM}.") from problem


def _cells(text: str) -> list[list[str]]:
    if len(text) > LARGEST_FORM:
        raise DataProblem("That is too large to be a return form.", remedy="Send the form of one quarter alone.")
    lines = text.lstrip("\ufeff").splitlines()
    separator = "\t" if any("\t" in line for line in lines[:8]) else ","
    try:
        found = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=separator))
    except csv.Error as error:
        raise DataProblem("The form cannot be read as a table.", remedy="Save it as CSV and try again.") from error
    if len(found) > MOST_ROWS:
        raise DataProblem(f"The form has more than {MOST_ROWS} rows.", remedy="Send the form of one quarter alone.")
    return [row if row else [""] for row in found]


def _check_whose(above: Sequence[Sequence[str]], reference: str, quarter: Quarter) -> None:
    """The lines above the heading say whose form it is; one that says nothing of it is taken for this quarter's."""
    said = {_bare(row[0]).casefold(): _bare(row[1]) for row in above if len(row) > 1}
    for name, ours in (("agreement", reference), ("quarter", quarter.label)):
        theirs = said.get(name, "")
        if theirs and theirs.casefold() != ours.casefold():
            raise DataProblem(
                f"This form is for {name} {theirs[:40]}; you are filling in {ours}.",
                file="the form",
                remedy="Open the return it belongs to and send it there.",
            )


def _plain(row: Sequence[str]) -> list[str]:
    return [_bare(cell).casefold() for cell in row]


def _bare(cell: str) -> str:
    return cell.strip().removeprefix("'").strip()
