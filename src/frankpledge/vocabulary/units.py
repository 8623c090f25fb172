"""What a number is counted in. Numbers of two units are never added, and a rate names what stands under the line."""

from decimal import Decimal
from enum import StrEnum


class Unit(StrEnum):
    """A figure's unit. The value is the word on the page."""

    COUNT = "count"
    PER_1000_HOUSEHOLDS = "per 1,000 households"
    PER_1000_RESIDENTS = "per 1,000 residents"
    PER_10000_RESIDENTS = "per 10,000 residents"
    PER_OFFENDER = "per offender"
    PERCENT = "percent"
    PERCENTAGE_POINTS = "percentage points"
    POUNDS = "pounds"
    DAYS = "days"
    HOURS = "hours"
    TIMES = "times"
    SCORE = "score"


#: By what numerator over denominator is multiplied to give a figure of this unit.
SCALES: dict[Unit, int] = {
    Unit.PER_1000_HOUSEHOLDS: 1_000,
    Unit.PER_1000_RESIDENTS: 1_000,
    Unit.PER_10000_RESIDENTS: 10_000,
    Unit.PER_OFFENDER: 1,
    Unit.PERCENT: 100,
    Unit.TIMES: 1,
}

#: Rates over people or homes: their denominators come in versions, and one without its version means nothing.
OVER_A_POPULATION: frozenset[Unit] = frozenset(
    {Unit.PER_1000_HOUSEHOLDS, Unit.PER_1000_RESIDENTS, Unit.PER_10000_RESIDENTS}
)

#: Units that count things: they may be added, and none of them falls below nought.
ADDITIVE: frozenset[Unit] = frozenset({Unit.COUNT, Unit.POUNDS, Unit.DAYS, Unit.HOURS})

#: Units no figure of which is below nought. Pounds may be (an overspend), and so may a difference of percentages.
NEVER_NEGATIVE: frozenset[Unit] = frozenset(Unit) - {Unit.POUNDS, Unit.PERCENTAGE_POINTS, Unit.PERCENT, Unit.SCORE}


def is_rate(unit: Unit) -> bool:
    """Whether figures of this unit have something under the line."""
    return unit in SCALES


def worked_out(unit: Unit, numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """What numerator over denominator gives in this unit: 560 and 51,480 are 10.878 per 1,000.

    None where the unit has nothing under the line or the denominator is nought.
    """
    scale = SCALES.get(unit)
    if scale is None or not denominator:
        return None
    return numerator * scale / denominator


def amount_words(value: Decimal | None, unit: str) -> str:
    """A value as it is printed: ``560``, ``10.9``, ``44.5 %``, ``£1,385,077``; *to be confirmed* where none is."""
    if value is None:
        return "to be confirmed"
    if unit == Unit.POUNDS:
        sign = "−" if value < 0 else ""
        return f"{sign}£{abs(value):,.2f}".removesuffix(".00")
    if unit == Unit.PERCENT:
        return f"{_places(value)} %"
    return _places(value, exact=unit not in OVER_A_POPULATION)


def _places(value: Decimal, *, exact: bool = True) -> str:
    """Whole numbers whole (but not rates: ``4.0``); others to one place, small ones to two."""
    if exact and value == value.to_integral_value():
        return f"{value:,.0f}".replace("-", "−")
    return f"{value:,.{2 if abs(value) < 1 else 1}f}".replace("-", "−")
