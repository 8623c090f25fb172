"""The arithmetic of a plan's money: totals that know what they lack, rows and columns that foot, rises and ties found.

An amount to be confirmed (t.b.c.) is unknown, never nought: a total over it is a floor ("at least"), and one
in which nothing is known is "not yet known". That reading takes an unknown amount to be nought or more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from frankpledge.records.plan.vocabulary import QUARTERS, WHOLE_YEAR, Kind, Side
from frankpledge.vocabulary.errors import RuleBroken

NOUGHT = Decimal(0)
PAY_RATE_STEP = Decimal("0.1")  # per cent: rises equal to this are taken for one award
FEWEST_FOR_A_RISE = 2  # lines that rise alike
REWARD_FROM = Decimal("0.60")  # share of the stretch below which nothing is paid: a local setting, rules.md 4.7
NEIGHBOURHOODS_NEEDED = 3


class Period(NamedTuple):
    """A cell's place in time: the financial year that begins in April of ``year``, and its quarter, or 0 for all."""

    year: int
    quarter: int = WHOLE_YEAR

    @property
    def is_year(self) -> bool:
        """It stands for the whole financial year."""
        return self.quarter == WHOLE_YEAR


class Certainty(StrEnum):
    """What a total can say."""

    COMPLETE = "complete"
    AT_LEAST = "at least"
    NOT_YET_KNOWN = "not yet known"


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of pounds of which ``missing`` parts are still to be confirmed. ``parts``: how many are known."""

    known: Decimal = NOUGHT
    missing: int = 0
    parts: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.known + other.known, self.missing + other.missing, self.parts + other.parts)

    @property
    def certainty(self) -> Certainty:
        """Complete without a missing part; "not yet known" where all that is known comes to nought."""
        if not self.missing:
            return Certainty.COMPLETE
        return Certainty.AT_LEAST if self.known else Certainty.NOT_YET_KNOWN

    @property
    def is_complete(self) -> bool:
        """Nothing is missing."""
        return not self.missing

    @property
    def is_empty(self) -> bool:
        """Nothing was planned here, and nothing is missing."""
        return not self.parts and not self.missing


EMPTY = Amount()
UNKNOWN = Amount(missing=1)


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum, with everything that is missing in any part."""
    return sum(amounts, EMPTY)


def exactly(pounds: Decimal) -> Amount:
    """A known amount."""
    return Amount(pounds, 0, 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a money table. ``cells``: amount by period, None = to be confirmed; a period not in it is blank."""

    title: str
    side: Side
    kind: Kind
    cells: Mapping[Period, Decimal | None]
    key: int = 0
    note: str = ""
    stated_total: Decimal | None = None

    def cell(self, period: Period) -> Amount:
        """One cell; a whole year with quarters is their sum, whatever its own cell says."""
        quarters = [at for at in self.cells if at.year == period.year and not at.is_year]
        if period.is_year and quarters:
            return total(self.cell(at) for at in quarters)
        if period not in self.cells:
            return EMPTY
        value = self.cells[period]
        return UNKNOWN if value is None else exactly(value)

    def all_years(self, years: Sequence[int]) -> Amount:
        """The sum over ``years``."""
        return total(self.cell(Period(year)) for year in years)

    @property
    def unknown(self) -> list[Period]:
        """Periods to be confirmed, in order; a year that its quarters make up is not asked for twice."""
        with_quarters = {at.year for at in self.cells if not at.is_year}
        return sorted(
            at for at, value in self.cells.items() if value is None and not (at.is_year and at.year in with_quarters)
        )


@dataclass(frozen=True, slots=True)
class StatedTotal:
    """A total printed in the plan: checked against the lines, never added."""

    side: Side
    kind: Kind | None  # None: of capital and revenue together
    period: Period | None  # None: of all years
    amount: Decimal


class Verdict(StrEnum):
    """What a column's difference between funding and expenditure can say."""

    BALANCED = "balanced"
    SO_FAR = "so far"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Balance:
    """Funding less expenditure of one column. *so far*: something in it is still to be confirmed."""

    period: Period | None
    funding: Amount
    expenditure: Amount

    @property
    def difference(self) -> Decimal:
        """Funding less expenditure, of what is known."""
        return self.funding.known - self.expenditure.known

    @property
    def verdict(self) -> Verdict:
        """Proven only when both sides are complete."""
        if not (self.funding.is_complete and self.expenditure.is_complete):
            return Verdict.SO_FAR
        return Verdict.OUT if self.difference else Verdict.BALANCED


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something that does not add up: what was stated, what the parts come to."""

    what: str
    period: Period | None
    stated: Decimal
    summed: Decimal
    at_least: bool

    @property
    def difference(self) -> Decimal:
        """Stated less summed."""
        return self.stated - self.summed


@dataclass(frozen=True, slots=True)
class Squeeze:
    """A year whose funding is complete while a cost is still missing: ``slack`` must pay for whatever it will be."""

    year: int
    kind: Kind
    funding: Decimal
    slack: Decimal
    lines: tuple[str, ...]
    last_known: Decimal | None  # what the missing lines came to the year before, None where that is not known


@dataclass(frozen=True, slots=True)
class Gap:
    """Funding less expenditure of one kind in a year in which both are complete; one cannot fill the other."""

    year: int
    kind: Kind
    difference: Decimal


@dataclass(frozen=True, slots=True)
class Money:
    """A plan's money: all its lines over its years, and what the plan states as totals."""

    years: tuple[int, ...]
    lines: tuple[Line, ...]
    stated: tuple[StatedTotal, ...] = field(default=())

    @property
    def columns(self) -> tuple[Period, ...]:
        """Quarters of every year that has any, each followed by its year; then the years without quarters."""
        with_quarters = {at.year for line in self.lines for at in line.cells if not at.is_year}
        found: list[Period] = []
        for year in self.years:
            if year in with_quarters:
                found += [Period(year, quarter) for quarter in QUARTERS]
        return (*found, *(Period(year) for year in self.years))

    def of(self, side: Side, kind: Kind | None = None) -> list[Line]:
        """Lines of a side, and of a kind if given."""
        return [line for line in self.lines if line.side is side and kind in (None, line.kind)]

    def column(self, side: Side, kind: Kind | None, period: Period | None) -> Amount:
        """The total of a column; ``period`` None is all years."""
        lines = self.of(side, kind)
        if period is None:
            return total(line.all_years(self.years) for line in lines)
        return total(line.cell(period) for line in lines)

    def balances(self) -> list[Balance]:
        """Funding against expenditure in every column, all years last."""
        return [
            Balance(at, self.column(Side.FUNDING, None, at), self.column(Side.EXPENDITURE, None, at))
            for at in (*self.columns, None)
        ]

    def unknown_cells(self) -> list[tuple[Line, Period]]:
        """Every cell to be confirmed."""
        return [(line, at) for line in self.lines for at in line.unknown]

    def misfits(self) -> list[Misfit]:
        """Years that are not the sum of their quarters, and stated totals the lines do not come to.

        A stated total over something missing is held against what is known: "at least" is no misfit with itself.
        """
        found = [fault for line in self.lines for fault in _row_misfits(line, self.years)]
        for stated in self.stated:
            summed = self.column(stated.side, stated.kind, stated.period)
            if stated.amount != summed.known:
                name = f"total {stated.kind or ''} {stated.side}".replace("  ", " ")
                found.append(Misfit(name, stated.period, stated.amount, summed.known, not summed.is_complete))
        return found

    def gaps(self) -> list["Gap"]:
        """Years in which the funding and the expenditure of one kind are complete and differ."""
        return [
            Gap(year, kind, funding.known - cost.known)
            for year in self.years
            for kind in Kind
            if (funding := self.column(Side.FUNDING, kind, Period(year))).is_complete
            and (cost := self.column(Side.EXPENDITURE, kind, Period(year))).is_complete
            and funding.known != cost.known
        ]

    def squeezes(self) -> list[Squeeze]:
        """Years and kinds in which complete funding is all spoken for while a cost is still missing."""
        return [
            squeeze
            for year in self.years
            for kind in Kind
            if (squeeze := self._squeeze(year, kind)) is not None and squeeze.slack <= 0
        ]

    def _squeeze(self, year: int, kind: Kind) -> Squeeze | None:
        funding = self.column(Side.FUNDING, kind, Period(year))
        cost = self.column(Side.EXPENDITURE, kind, Period(year))
        if not funding.is_complete or cost.is_complete or not funding.parts:
            return None
        lacking = [line for line in self.of(Side.EXPENDITURE, kind) if not line.cell(Period(year)).is_complete]
        before = total(line.cell(Period(year - 1)) for line in lacking)
        known = before.known if before.is_complete and before.parts else None
        return Squeeze(
            year, kind, funding.known, funding.known - cost.known, tuple(line.title for line in lacking), known
        )


def _row_misfits(line: Line, years: Sequence[int]) -> list[Misfit]:
    found = []
    for year in years:
        stated, summed = line.cells.get(Period(year)), line.cell(Period(year))
        if stated is not None and stated != summed.known:
            found.append(Misfit(line.title, Period(year), stated, summed.known, not summed.is_complete))
    every = line.all_years(years)
    if line.stated_total is not None and line.stated_total != every.known:
        found.append(Misfit(line.title, None, line.stated_total, every.known, not every.is_complete))
    return found


# --- rises and ties


@dataclass(frozen=True, slots=True)
class Rises:
    """A pay award seen in several lines. ``changes``: line title -> per cent by year, None where it cannot be said."""

    awards: Mapping[int, Decimal]  # year -> the change several lines share, per cent
    changes: Mapping[str, Mapping[int, Decimal | None]]

    def hidden_in(self, year: int) -> list[str]:
        """Lines that moved otherwise in a year with an award: other changes hide it there."""
        award = self.awards.get(year)
        return [title for title, by_year in self.changes.items() if award is not None and by_year.get(year) != award]


def change_percent(before: Amount, after: Amount) -> Decimal | None:
    """Change to a tenth of a per cent; None unless both years are complete and the first is above nought."""
    if not (before.is_complete and after.is_complete and before.known > 0 and after.parts):
        return None
    return (100 * (after.known - before.known) / before.known).quantize(PAY_RATE_STEP, ROUND_HALF_EVEN)


def rises(money: Money) -> Rises:
    """Rises that several revenue lines share to a tenth of a per cent, year by year: a pay award, stated or not.

    No change is no award. Lines that share none of them are left out.
    """
    lines = money.of(Side.EXPENDITURE, Kind.REVENUE)
    changes = {
        line.title: {
            after: change_percent(line.cell(Period(before)), line.cell(Period(after)))
            for before, after in pairwise(money.years)
        }
        for line in lines
    }
    awards: dict[int, Decimal] = {}
    for year in money.years[1:]:
        seen = [by_year[year] for by_year in changes.values()]
        alike = {rate: seen.count(rate) for rate in seen if rate is not None and rate != 0}
        most = max(alike.values(), default=0)
        if most >= FEWEST_FOR_A_RISE:
            awards[year] = min((rate for rate, times in alike.items() if times == most), key=abs)
    shown = {
        title: by_year
        for title, by_year in changes.items()
        if any(by_year[year] == award for year, award in awards.items())
    }
    return Rises(awards, shown)


@dataclass(frozen=True, slots=True)
class Tie:
    """A funding line and an expenditure line that are the same to the pound in every column."""

    funding: Line
    expenditure: Line
    amount: Decimal


def ties(money: Money) -> list[Tie]:
    """Pairs of lines that agree in every column, with nothing missing and something in at least two columns."""

    def shape(line: Line) -> tuple[Decimal, ...] | None:
        amounts = [line.cell(at) for at in money.columns]
        if any(not amount.is_complete for amount in amounts) or sum(1 for a in amounts if a.known) < 2:
            return None
        return tuple(amount.known for amount in amounts)

    costs = [(line, shape(line)) for line in money.of(Side.EXPENDITURE)]
    return [
        Tie(source, cost, source.all_years(money.years).known)
        for source in money.of(Side.FUNDING)
        if (wanted := shape(source)) is not None
        for cost, found in costs
        if found == wanted
    ]


# --- spend against profile


@dataclass(frozen=True, slots=True)
class SpendToDate:
    """What was spent up to a quarter against what the profile had by then. Pounds."""

    spent: Decimal
    committed: Decimal
    profile: Amount
    budget: Amount
    quarters_in: int

    @property
    def under_profile(self) -> Decimal:
        """Profile less spend: above nought, less was spent than planned."""
        return self.profile.known - self.spent

    @property
    def under_percent(self) -> Decimal | None:
        """The same as a percentage of the profile; None where nothing was planned yet."""
        if self.profile.known <= 0:
            return None
        return (100 * self.under_profile / self.profile.known).quantize(Decimal("0.1"), ROUND_HALF_EVEN)


def profile_to_date(line: Line, year: int, quarters_in: int) -> Amount:
    """What a line's profile had by the end of a quarter; a year without quarters counts evenly, to the pound."""
    quarters = [at for at in line.cells if at.year == year and not at.is_year]
    if quarters:
        return total(line.cell(at) for at in quarters if at.quarter <= quarters_in)
    whole = line.cell(Period(year))
    return Amount((whole.known * quarters_in / 4).quantize(Decimal(1)), whole.missing, whole.parts)


# --- reward, split, virement


@dataclass(frozen=True, slots=True)
class Reward:
    """What a stretch target pays. ``share`` of the stretch reached, ``paid`` pounds of ``whole``."""

    share: Decimal
    paid: Decimal
    whole: Decimal
    threshold: Decimal

    @property
    def still_needed(self) -> Decimal:
        """Share of the stretch still missing before anything is paid; nought once it is."""
        return max(NOUGHT, self.threshold - self.share)


def reward(
    *, baseline: Decimal, stretch: Decimal, reached: Decimal, whole: Decimal, threshold: Decimal = REWARD_FROM
) -> Reward:
    """Reward grant: nothing below ``threshold`` of the way from ``baseline`` to ``stretch``, then pro rata up to all.

    Works for targets that go down or up. Raises RuleBroken where there is no way to go or the terms make no sense.
    Source: local public service agreements, as worked in Bath and North East Somerset and York; the threshold is local.
    """
    if stretch == baseline:
        raise RuleBroken("The stretch target equals its baseline, so there is nothing to reward.")
    if not 0 <= threshold <= 1:
        raise RuleBroken("The threshold is a share between 0 and 100 %.")
    if whole < 0:
        raise RuleBroken("A reward cannot be below nought.")
    share = (reached - baseline) / (stretch - baseline)
    counted = min(max(share, NOUGHT), Decimal(1))
    paid = (whole * counted).quantize(Decimal("0.01"), ROUND_HALF_EVEN) if share >= threshold and share > 0 else NOUGHT
    return Reward(share, paid, whole, threshold)


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme neighbourhoods may choose. ``cost`` in pounds, None where it is to be confirmed."""

    title: str
    cost: Decimal | None
    chosen_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pot:
    """One pot with the programmes in it. ``left`` is what remains of what is known."""

    name: str
    size: Decimal
    programmes: tuple[Programme, ...]

    @property
    def cost(self) -> Amount:
        """What its programmes come to."""
        return total(UNKNOWN if one.cost is None else exactly(one.cost) for one in self.programmes)

    @property
    def left(self) -> Decimal:
        """Pounds not spoken for; below nought it is overdrawn."""
        return self.size - self.cost.known


def split(
    programmes: Sequence[Programme],
    *,
    neighbourhoods: Sequence[str],
    strategic: Decimal,
    local: Decimal,
    needed: int = NEIGHBOURHOODS_NEEDED,
) -> tuple[Pot, Pot, tuple[Programme, ...]]:
    """The strategic pot, the local pot and the programmes nobody chose.

    Strategic if at least ``needed`` neighbourhoods choose it, local if fewer do. Raises RuleBroken for a neighbourhood
    that is not in the list and for a number needed that could never or always be reached.
    """
    known = set(neighbourhoods)
    if len(known) != len(neighbourhoods):
        raise RuleBroken("A neighbourhood stands in the list twice.")
    if not 1 <= needed <= len(known):
        raise RuleBroken(f"Strategic needs between 1 and {len(known)} neighbourhoods, not {needed}.")
    for one in programmes:
        strangers = sorted(one.chosen_by - known)
        if strangers:
            raise RuleBroken(f"“{one.title}” is chosen by {strangers[0]}, which is not in the list of neighbourhoods.")
    chosen = [one for one in programmes if one.chosen_by]
    return (
        Pot("strategic", strategic, tuple(one for one in chosen if len(one.chosen_by) >= needed)),
        Pot("local", local, tuple(one for one in chosen if len(one.chosen_by) < needed)),
        tuple(one for one in programmes if not one.chosen_by),
    )


def check_virement(
    *, source: Line, target: Line, period: Period, amount: Decimal, same_plan: bool = True
) -> tuple[Decimal, Decimal]:
    """What both cells hold after moving ``amount`` pounds from ``source`` to ``target``; the sum stays the same.

    Raises RuleBroken for a move that the tables could not show: from or to an unknown cell, more than is there, between
    funding and expenditure, from capital to revenue, or into the line it came from.
    """
    if amount <= 0:
        raise RuleBroken("Say how many pounds to move: more than nought.")
    if not same_plan or source.key == target.key:
        raise RuleBroken("Choose two different lines of one plan.")
    if source.side is not target.side:
        raise RuleBroken(
            "Money moves between two lines of expenditure or two of funding, not from one side to the other."
        )
    if source.kind is Kind.CAPITAL and target.kind is Kind.REVENUE:
        raise RuleBroken("Capital money may not pay for revenue costs. Choose a capital line.")
    held, there = source.cells.get(period), target.cells.get(period, NOUGHT)
    if held is None:
        raise RuleBroken(f"“{source.title}” has no confirmed amount there, so nothing can be moved from it.")
    if there is None:
        raise RuleBroken(f"“{target.title}” is still to be confirmed there. Confirm its amount first.")
    if amount > held:
        raise RuleBroken(f"“{source.title}” holds £{held:,.0f} there, less than the £{amount:,.0f} to be moved.")
    return held - amount, there + amount
