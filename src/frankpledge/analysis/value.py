"""What avoided crime is worth, against what was paid: by whom, in which year's prices, and how sure.

A unit cost is a cost to *society*; cash to a budget is another sum and is only ever given by the caller. The interval
of the number avoided runs through to saving, ratio and break-even time. Costs are taken as paid at the start, savings
at the end of each year.
Sources: HM Treasury, The Green Book (3.5 % a year to year 30, 3.0 % to year 75); Brand S, Price R (2000) Home Office
Research Study 217; Dubourg R et al (2005) Online Report 30/05; Heeks M et al (2018) Research Report 99; Zou G, Donner A
(2008) Stat Med 27:1693-1702 (interval of a difference from the intervals of its parts).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from frankpledge.analysis.rates import exact_limits
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.unit_costs import (
    BURGLARY_DWELLING,
    FigureStatus,
    UnitCost,
    UnitCostEdition,
    unit_cost_edition,
)
from frankpledge.vocabulary.wording import Phrase, decimal, whole

GREEN_BOOK_RATE = 0.035
LATER_RATE, LATER_FROM = 0.030, 31  # Green Book: 3.0 % from year 31
LAST_YEAR = 75


# Prices and years


@dataclass(frozen=True)
class PriceIndex:
    """A deflator: ``values`` by year as its publisher writes it. Financial and calendar years are separate series."""

    name: str
    values: Mapping[str, float]

    def factor(self, from_year: str, to_year: str) -> float:
        """What turns pounds of ``from_year`` into pounds of ``to_year``."""
        for year in (from_year, to_year):
            if year not in self.values:
                raise CannotCompute(
                    f"{self.name} has no value for {year}. Financial years are written 2003-04, calendar years 2003: "
                    "they are different series."
                )
        if self.values[from_year] <= 0:
            raise CannotCompute(f"{self.name} must be above nought in {from_year}.")
        return self.values[to_year] / self.values[from_year]


@dataclass(frozen=True, slots=True)
class Money:
    """Pounds that know the year of their prices, so that nothing is uprated twice or added across years."""

    pounds: float
    price_year: str

    def uprated(self, to_year: str, index: PriceIndex) -> "Money":
        return Money(self.pounds * index.factor(self.price_year, to_year), to_year)

    def __add__(self, other: "Money") -> "Money":
        if other.price_year != self.price_year:
            raise CannotCompute(
                f"Pounds of {self.price_year} and of {other.price_year} cannot be added. Uprate one of them first."
            )
        return Money(self.pounds + other.pounds, self.price_year)


def discount_factor(year: int, rate: float | None = None) -> float:
    """What a pound in ``year`` is worth now (year 0): by the Green Book, or at one ``rate`` throughout."""
    if year < 0 or year > LAST_YEAR:
        raise CannotCompute(f"Discounting runs from year 0 to year {LAST_YEAR}.")
    if rate is not None:
        if rate <= -1:
            raise CannotCompute("A discount rate is a share a year, such as 0.035.")
        return (1 + rate) ** -year
    early = min(year, LATER_FROM - 1)
    return float((1 + GREEN_BOOK_RATE) ** -early * (1 + LATER_RATE) ** -(year - early))


def present_value(yearly: float, years: float, rate: float | None = None) -> float:
    """Worth now of ``yearly`` at the end of each of ``years``; a last part of a year counts by its share."""
    if years < 0:
        raise CannotCompute("A number of years cannot be below nought.")
    full = math.floor(years)
    worth = sum(discount_factor(year, rate) for year in range(1, full + 1))
    if years > full:
        worth += (years - full) * discount_factor(full + 1, rate)
    return yearly * worth


def break_even_years(cost: float, yearly: float, *, rate: float | None = 0.0) -> float | None:
    """Years until savings of ``yearly`` cover ``cost``: ``rate`` 0 undiscounted, None by the Green Book.

    None when there is no saving, or discounting lets it never catch up within 75 years.
    """
    _check_cost(cost)
    if yearly <= 0:
        return None
    if rate == 0:
        return cost / yearly
    left = cost
    for year in range(1, LAST_YEAR + 1):
        worth = yearly * discount_factor(year, rate)
        if worth >= left:
            return year - 1 + left / worth
        left -= worth
    return None


# What one thing cost


@dataclass(frozen=True, kw_only=True)
class CostPerOutcome(Result):
    """Pounds per outcome, naming what was divided by what. ``n``: outcomes."""

    cost: float
    cost_is: str
    outcome: str
    value: float

    def sentence(self) -> Phrase:
        return Phrase(
            "{value} per {outcome}: {cost_is} of {cost} over {n}.",
            value=pounds(self.value, pence=True),
            outcome=self.outcome,
            cost_is=self.cost_is,
            cost=pounds(self.cost),
            n=whole(self.n),
        )

    def table(self) -> Table:
        return Table(("cost", "of", "outcomes", "per"), ((self.cost, self.cost_is, self.n, self.value),))

    def as_dict(self) -> dict[str, Any]:
        return {
            "value": rounded(self.value),
            "cost": self.cost,
            "cost_is": self.cost_is,
            "outcome": self.outcome,
            **self.provenance(),
        }


def cost_per_outcome(cost: float, outcomes: int, *, cost_is: str, outcome: str) -> CostPerOutcome:
    """``cost`` (named by ``cost_is``: *the full budget*) over ``outcomes`` (named in the singular: *home fitted*)."""
    _check_cost(cost)
    if outcomes <= 0:
        raise CannotCompute(f"A cost per {outcome} needs at least one {outcome}.")
    if not cost_is.strip() or not outcome.strip():
        raise CannotCompute("A cost per outcome must name which cost it divides, and by what.")
    return CostPerOutcome(
        n=outcomes, method="cost over outcomes", cost=cost, cost_is=cost_is, outcome=outcome, value=cost / outcomes
    )


# How many were avoided


@dataclass(frozen=True, kw_only=True)
class Avoided(Result):
    """Crimes avoided in ``months``, with the interval that everything made from them inherits."""

    value: float
    interval: Interval
    months: float

    @property
    def a_year(self) -> float:
        return self.value * 12 / self.months

    def sentence(self) -> Phrase:
        return Phrase(
            "{value} avoided in {months} months ({low} to {high}).",
            value=_number(self.value),
            months=_number(self.months),
            low=_number(self.interval.lower or 0.0),
            high=_number(self.interval.upper),
        )

    def table(self) -> Table:
        return Table(
            ("avoided", "lower", "upper", "months"),
            ((self.value, self.interval.lower, self.interval.upper, self.months),),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "value": rounded(self.value),
            "interval": self.interval.as_dict(),
            "months": self.months,
            **self.provenance(),
        }


def avoided_before_after(
    before: int, after: int, *, months_before: float, months_after: float | None = None, confidence: float = 0.95
) -> Avoided:
    """What is missing in ``after`` against ``before`` scaled to the same length of time.

    31 in eight months and then 1 in four are 14.5 avoided, not 30. There is no comparison in it, and it says so.
    """
    if before < 0 or after < 0:
        raise CannotCompute("A count cannot be below nought.")
    months_after = months_before if months_after is None else months_after
    if months_before <= 0 or months_after <= 0:
        raise CannotCompute("A period needs a length above nought.")
    scale = months_after / months_before
    early, late = exact_limits(before, confidence), exact_limits(after, confidence)
    value = scale * before - after
    below = math.hypot(scale * (before - (early.lower or 0.0)), late.upper - after)
    above = math.hypot(scale * (early.upper - before), after - (late.lower or 0.0))
    doubts = [
        Doubt(
            DoubtKind.NO_COMPARISON,
            Phrase("Before against after, without a comparison area: part of this may have happened anyway."),
        )
    ]
    if months_before != months_after:
        sentence = Phrase(
            "The periods differ ({before} and {after} months): the first is scaled to the second, season is not.",
            before=_number(months_before),
            after=_number(months_after),
        )
        doubts.append(Doubt(DoubtKind.UNEQUAL_PERIODS, sentence))
    return Avoided(
        n=before + after,
        method="before scaled to the length of after, less after; interval from exact Poisson limits of both",
        doubts=tuple(doubts),
        value=value,
        interval=Interval(value - below, value + above, confidence, "MOVER"),
        months=months_after,
    )


def avoided_from_ratio(after: int, ratio: float, interval: Interval, *, months: float) -> Avoided:
    """Crimes avoided when an evaluation says that ``after`` is ``ratio`` times what it would have been."""
    if ratio <= 0 or interval.lower is None or interval.lower <= 0 or months <= 0 or after < 0:
        raise CannotCompute("Crimes avoided need a ratio with limits above nought, a count and a period.")
    return Avoided(
        n=after,
        method="count after over the effect's ratio, less the count; interval of the ratio",
        value=after / ratio - after,
        interval=Interval(
            after / interval.upper - after, after / interval.lower - after, interval.confidence, interval.method
        ),
        months=months,
    )


def avoided_as_estimated(value: float, interval: Interval, *, months: float, n: int, method: str) -> Avoided:
    """Crimes avoided as another method estimated them: a difference-in-differences, a displacement difference."""
    if months <= 0:
        raise CannotCompute("A period needs a length above nought.")
    return Avoided(n=n, method=method, value=value, interval=interval, months=months)


# What they are worth


@dataclass(frozen=True, slots=True)
class Cash:
    """What one avoided crime leaves in a named budget: money that can be spent again, unlike the cost to society."""

    budget: str
    per_crime: float


@dataclass(frozen=True, kw_only=True)
class Value(Result):
    """Saving to society, and to a budget where the caller said what that is, against the cost.

    Intervals are those of the number avoided. An infinite upper limit of a break-even time (None in ``as_dict``) means
    that it may never come.
    """

    avoided: Avoided
    edition: UnitCostEdition
    unit: UnitCost
    unit_pounds: float  # in ``price_year`` prices
    price_year: str
    recorded_to_actual: float | None
    cost: float
    saving: float  # to society, in the months of ``avoided``
    saving_interval: Interval
    over_years: float
    benefit_cost_ratio: float  # over ``over_years``, undiscounted
    benefit_cost_interval: Interval
    discounted_ratio: float
    discounted_net: float
    discount_rate: float | None  # None: Green Book
    break_even_years: float | None
    break_even_interval: Interval | None
    discounted_break_even_years: float | None
    cash: Cash | None
    cash_saving: float | None

    @property
    def saving_a_year(self) -> float:
        return self.saving * 12 / self.avoided.months

    def break_even_month(self, start: Month) -> Month | None:
        """The month in which the cost is covered if savings begin with ``start``."""
        return None if self.break_even_years is None else start + max(math.ceil(12 * self.break_even_years) - 1, 0)

    def sentence(self) -> Phrase:
        if self.break_even_years is None:
            return Phrase(
                "No saving: {avoided} avoided in {months} months against {cost}.",
                avoided=_number(self.avoided.value),
                months=_number(self.avoided.months),
                cost=pounds(self.cost),
            )
        return Phrase(
            "{avoided} avoided in {months} months save society {saving} ({low} to {high}) at {unit} each ({edition}, "
            "{year} prices); {cost} is covered after {years} years ({soonest} to {latest}) if that lasts.",
            avoided=_number(self.avoided.value),
            months=_number(self.avoided.months),
            saving=pounds(self.saving),
            low=pounds(self.saving_interval.lower or 0.0),
            high=pounds(self.saving_interval.upper),
            unit=pounds(self.unit_pounds),
            edition=self.edition.title,
            year=self.price_year,
            cost=pounds(self.cost),
            years=decimal(self.break_even_years),
            **self._span_said(),
        )

    def _span_said(self) -> dict[str, Any]:
        if self.break_even_interval is None:
            return {"soonest": Phrase("not known"), "latest": Phrase("not known")}
        latest = self.break_even_interval.upper
        return {
            "soonest": decimal(self.break_even_interval.lower or 0.0),
            "latest": Phrase("never") if math.isinf(latest) else decimal(latest),
        }

    def table(self) -> Table:
        rows: list[tuple[Any, ...]] = [
            ("avoided", self.avoided.value, self.avoided.interval.lower, self.avoided.interval.upper),
            ("saving to society", self.saving, self.saving_interval.lower, self.saving_interval.upper),
            ("cost", self.cost, None, None),
            (
                f"benefit-cost ratio over {_number(self.over_years)} years",
                self.benefit_cost_ratio, self.benefit_cost_interval.lower, self.benefit_cost_interval.upper,
            ),
            ("the same, discounted", self.discounted_ratio, None, None),
        ]  # fmt: skip
        latest = self.break_even_interval
        rows.append(
            (
                "break-even, years", self.break_even_years, latest.lower if latest else None,
                latest.upper if latest and math.isfinite(latest.upper) else None,
            )
        )  # fmt: skip
        if self.cash:
            rows.append((f"cash to {self.cash.budget}", self.cash_saving, None, None))
        return Table(("what", "value", "lower", "upper"), tuple(rows))

    def as_dict(self) -> dict[str, Any]:
        return {
            "avoided": rounded(self.avoided.value),
            "avoided_interval": self.avoided.interval.as_dict(),
            "period_months": self.avoided.months,
            "offence": self.unit.offence,
            "unit_cost": rounded(self.unit_pounds, 2),
            "unit_cost_edition": self.edition.key,
            "unit_cost_source": self.unit.source,
            "unit_cost_status": self.unit.status.value,
            "price_year": self.price_year,
            "recorded_to_actual": self.recorded_to_actual,
            "cost": self.cost,
            "saving": rounded(self.saving, 2),
            "saving_interval": self.saving_interval.as_dict(),
            "saving_to": "society",
            "saving_per_year": rounded(self.saving_a_year, 2),
            "years": self.over_years,
            "benefit_cost_ratio": rounded(self.benefit_cost_ratio),
            "benefit_cost_ratio_interval": self.benefit_cost_interval.as_dict(),
            "discount_rate": "green book" if self.discount_rate is None else self.discount_rate,
            "discounted_benefit_cost_ratio": rounded(self.discounted_ratio),
            "discounted_net": rounded(self.discounted_net, 2),
            "break_even_years": rounded(self.break_even_years),
            "break_even_interval": _interval_as_dict(self.break_even_interval),
            "discounted_break_even_years": rounded(self.discounted_break_even_years),
            "cash": (
                None
                if self.cash is None
                else {
                    "budget": self.cash.budget,
                    "per_crime": self.cash.per_crime,
                    "saving": rounded(self.cash_saving, 2),
                }
            ),
            **self.provenance(),
        }


def value_of_avoided(
    avoided: Avoided,
    *,
    edition: str | UnitCostEdition,
    cost: float,
    offence: str = BURGLARY_DWELLING,
    recorded_to_actual: float | None = None,
    cash: Cash | None = None,
    over_years: float = 5,
    discount_rate: float | None = None,
    price_year: str | None = None,
    price_index: PriceIndex | None = None,
    unconfirmed: bool = False,
) -> Value:
    """What ``avoided`` is worth against ``cost`` (pounds of ``price_year``), if the saving lasts ``over_years``.

    ``recorded_to_actual``: actual crimes for each recorded one. ``discount_rate``: None for the Green Book's. Raises
    CannotCompute for an edition, offence or year that is not there, and for unconfirmed figures unless allowed.
    """
    _check_cost(cost)
    if over_years <= 0:
        raise CannotCompute("Value needs a number of years above nought over which the saving is counted.")
    if recorded_to_actual is not None and recorded_to_actual < 1:
        raise CannotCompute("There is at least one actual crime for each recorded one: the multiplier is 1 or more.")
    chosen = unit_cost_edition(edition) if isinstance(edition, str) else edition
    unit = chosen.cost_of(offence, unconfirmed=unconfirmed)
    each, year = _priced(unit, chosen, price_year, price_index)
    per_avoided = each * (recorded_to_actual or 1.0)
    spread = _times(avoided.interval, per_avoided)
    saving, periods_a_year = per_avoided * avoided.value, 12 / avoided.months
    yearly = saving * periods_a_year
    discounted = present_value(yearly, over_years, discount_rate)
    return Value(
        n=avoided.n,
        method=f"{avoided.method}; unit cost of {chosen.title}; benefits at year ends, cost at the start",
        doubts=(*avoided.doubts, *_doubts(unit, chosen, recorded_to_actual, cash, over_years, avoided, price_index)),
        batches=avoided.batches,
        avoided=avoided,
        edition=chosen,
        unit=unit,
        unit_pounds=each,
        price_year=year,
        recorded_to_actual=recorded_to_actual,
        cost=cost,
        saving=saving,
        saving_interval=spread,
        over_years=over_years,
        benefit_cost_ratio=over_years * yearly / cost,
        benefit_cost_interval=_times(spread, over_years * periods_a_year / cost),
        discounted_ratio=discounted / cost,
        discounted_net=discounted - cost,
        discount_rate=discount_rate,
        break_even_years=break_even_years(cost, yearly),
        break_even_interval=_break_even_span(cost, _times(spread, periods_a_year)),
        discounted_break_even_years=break_even_years(cost, yearly, rate=discount_rate),
        cash=cash,
        cash_saving=None if cash is None else cash.per_crime * avoided.value,
    )


@dataclass(frozen=True, kw_only=True)
class ValueByEdition(Result):
    """The same effect under several editions of unit costs; an edition that refused says why."""

    values: tuple[Value, ...]
    refused: tuple[tuple[str, str], ...]  # edition key, reason

    def sentence(self) -> Phrase:
        found = [value.break_even_years for value in self.values if value.break_even_years is not None]
        if not found:
            return Phrase("Under none of these editions is there a saving that could cover the cost.")
        return Phrase(
            "The cost is covered after {low} to {high} years, by which edition of unit costs is used.",
            low=decimal(min(found)),
            high=decimal(max(found)),
        )

    def table(self) -> Table:
        return Table(
            ("edition", "price year", "unit cost", "status", "saving", "ratio", "break-even, years"),
            tuple(
                (
                    v.edition.title, v.price_year, v.unit_pounds, v.unit.status.value, v.saving,
                    v.benefit_cost_ratio, v.break_even_years,
                )
                for v in self.values
            ),
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        return {
            "editions": [value.as_dict() for value in self.values],
            "refused": [{"edition": key, "reason": reason} for key, reason in self.refused],
            **self.provenance(),
        }


def value_by_edition(avoided: Avoided, *, editions: Sequence[str], cost: float, **options: Any) -> ValueByEdition:
    """`value_of_avoided` under each of ``editions``, side by side. Raises CannotCompute when all refuse."""
    values, refused = [], []
    for key in editions:
        try:
            values.append(value_of_avoided(avoided, edition=key, cost=cost, **options))
        except CannotCompute as why:
            refused.append((key, str(why)))
    if not values:
        raise CannotCompute(" ".join(reason for _, reason in refused) or "Name at least one edition of unit costs.")
    return ValueByEdition(
        n=avoided.n,
        method="one effect under several editions of unit costs",
        batches=avoided.batches,
        values=tuple(values),
        refused=tuple(refused),
    )


def _priced(
    unit: UnitCost, edition: UnitCostEdition, price_year: str | None, index: PriceIndex | None
) -> tuple[float, str]:
    """The unit cost and the year of its prices, uprated once if the caller asked for it."""
    if price_year is None or price_year == edition.price_year:
        return unit.pounds, edition.price_year
    if index is None:
        raise CannotCompute(
            f"{edition.title} is in {edition.price_year} prices. To have {price_year} prices, give the deflator to use."
        )
    money = Money(unit.pounds, edition.price_year).uprated(price_year, index)
    return money.pounds, money.price_year


def _break_even_span(cost: float, yearly: Interval) -> Interval | None:
    soonest = break_even_years(cost, yearly.upper)
    if soonest is None:
        return None
    latest = break_even_years(cost, yearly.lower or 0.0)
    return Interval(soonest, math.inf if latest is None else latest, yearly.confidence, yearly.method)


def _times(interval: Interval, factor: float) -> Interval:
    lower = None if interval.lower is None else interval.lower * factor
    return Interval(lower, interval.upper * factor, interval.confidence, interval.method)


def _interval_as_dict(interval: Interval | None) -> dict[str, Any] | None:
    if interval is None:
        return None
    return {**interval.as_dict(), "upper": rounded(interval.upper) if math.isfinite(interval.upper) else None}


def _doubts(
    unit: UnitCost,
    edition: UnitCostEdition,
    recorded_to_actual: float | None,
    cash: Cash | None,
    over_years: float,
    avoided: Avoided,
    index: PriceIndex | None,
) -> list[Doubt]:
    found = []
    if unit.status is FigureStatus.UNCONFIRMED:
        sentence = Phrase("The unit cost of {edition} was not read in its source.", edition=edition.title)
        found.append(Doubt(DoubtKind.UNCONFIRMED_FIGURE, sentence))
    if cash is None:
        found.append(Doubt(DoubtKind.SOCIETY_NOT_CASH, _society_sentence(unit)))
    if recorded_to_actual is None:
        sentence = Phrase("Unit costs are of actual crimes and these are recorded ones: the saving is at least this.")
        found.append(Doubt(DoubtKind.RECORDED_NOT_ACTUAL, sentence))
    if index is None:
        sentence = Phrase("Unit costs are in {year} prices, the cost is as given.", year=edition.price_year)
        found.append(Doubt(DoubtKind.PRICES_NOT_ALIGNED, sentence))
    if 12 * over_years > avoided.months:
        sentence = Phrase(
            "{months} months were measured: beyond them the saving is assumed to last.", months=_number(avoided.months)
        )
        found.append(Doubt(DoubtKind.ASSUMED_TO_LAST, sentence))
    return found


def _society_sentence(unit: UnitCost) -> Phrase:
    if unit.of_which_property is None:
        return Phrase("This is what crime costs everyone. It is not cash to any budget.")
    return Phrase(
        "This is what crime costs everyone, {part} of each {unit} being property lost. It is not cash to any budget.",
        part=pounds(unit.of_which_property),
        unit=pounds(unit.pounds),
    )


def pounds(value: float, *, pence: bool = False) -> str:
    """``94300`` -> ``£94,300``; a loss as ``-£94,300``."""
    return f"{'-' if value < 0 else ''}£{abs(value):,.{2 if pence else 0}f}"


def _number(value: float) -> str:
    return whole(value) if float(value).is_integer() else decimal(value)


def _check_cost(cost: float) -> None:
    if not math.isfinite(cost) or cost <= 0:
        raise CannotCompute("A cost is a sum of pounds above nought.")
