"""The arithmetic of indicators, with the source documents' own traps."""

from datetime import date
from decimal import Decimal

import pytest

from frankpledge.records.indicators import rules
from frankpledge.records.indicators.rules import Part
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.figures import Aggregation, Calendar, Completeness, PeriodLength
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.units import Unit, amount_words, worked_out

HOUSEHOLDS = Unit.PER_1000_HOUSEHOLDS
QUARTERS = list(rules.periods_between(Month(2003, 4), Month(2004, 3), PeriodLength.QUARTER, Calendar.FINANCIAL))


def parts(*values: str | None, **more: object) -> list[Part]:
    made = []
    for span, value in zip(QUARTERS, values, strict=False):
        number = None if value is None else Decimal(value)
        state = Completeness.COMPLETE if value is not None else Completeness.TO_BE_CONFIRMED
        made.append(Part(*rules.days_of(span), number, state, **more))  # type: ignore[arg-type]
    return made


def test_salfords_four_equal_quarters_are_not_added() -> None:
    """48.4 in all four quarters and for the year: adding gives 193.6, which is refused with that number in it."""
    with pytest.raises(CannotCompute, match="193.6"):
        rules.aggregate(parts("48.4", "48.4", "48.4", "48.4"), how=Aggregation.SUM, unit=HOUSEHOLDS)


def test_a_rolling_rate_is_not_summed() -> None:
    whole = rules.aggregate(parts("48.4", "47.7", "46.9", "45.5"), how=Aggregation.ROLLING_YEAR, unit=HOUSEHOLDS)
    assert whole.value == Decimal("45.5")


def test_quarterly_rates_of_one_denominator_make_a_year_through_their_numerators() -> None:
    under = {"denominator": Decimal(94_224), "denominator_edition": "mid-2001"}
    counts = zip(QUARTERS, ("12.0", "12.2", "12.1", "12.1"), (1_131, 1_150, 1_140, 1_139), strict=True)
    four = [
        Part(*rules.days_of(span), Decimal(rate), numerator=Decimal(n), **under)  # type: ignore[arg-type]
        for span, rate, n in counts
    ]
    whole = rules.aggregate(four, how=Aggregation.SUM, unit=HOUSEHOLDS)
    assert whole.value is not None and round(whole.value, 1) == Decimal("48.4")
    assert "mid-2001" in whole.sentence


def test_a_part_to_be_confirmed_makes_the_total_at_least() -> None:
    whole = rules.aggregate(parts("40", None, "38", "41"), how=Aggregation.SUM, unit=Unit.COUNT)
    assert (whole.value, whole.completeness) == (Decimal(119), Completeness.AT_LEAST)
    assert "at least 119" in whole.sentence


def test_all_parts_to_be_confirmed_make_no_number() -> None:
    whole = rules.aggregate(parts(None, None), how=Aggregation.SUM, unit=Unit.COUNT)
    assert (whole.value, whole.completeness) == (None, Completeness.TO_BE_CONFIRMED)


def test_a_mean_needs_every_period() -> None:
    assert rules.aggregate(parts("80", None), how=Aggregation.MEAN, unit=Unit.PERCENT).value is None
    assert rules.aggregate(parts("80", "90"), how=Aggregation.MEAN, unit=Unit.PERCENT).value == 85


def test_a_missing_period_is_named() -> None:
    with pytest.raises(CannotCompute, match="quarter to March 2004"):
        rules.aggregate(parts("1", "2", "3"), how=Aggregation.SUM, unit=Unit.COUNT, expected=QUARTERS)


def test_households_and_residents_are_never_put_together() -> None:
    with pytest.raises(CannotCompute, match="different units"):
        rules.check_units([Unit.PER_1000_HOUSEHOLDS, Unit.PER_1000_RESIDENTS])


def test_years_begin_in_april_or_in_january() -> None:
    day = date(2026, 2, 14)
    assert rules.year_containing(day, Calendar.FINANCIAL).first == Month(2025, 4)
    assert rules.year_containing(day, Calendar.CALENDAR).first == Month(2026, 1)
    assert rules.short_period(date(2026, 1, 1), date(2026, 3, 31), Calendar.FINANCIAL) == "Q4 2025/26"
    assert rules.short_period(date(2026, 1, 1), date(2026, 3, 31), Calendar.CALENDAR) == "Q1 2026"
    assert rules.short_period(date(1999, 4, 1), date(2000, 3, 31), Calendar.FINANCIAL) == "1999/00"
    assert rules.short_period(date(2026, 2, 1), date(2026, 2, 28), Calendar.FINANCIAL) == "Feb 2026"


def test_only_whole_periods_are_at_hand() -> None:
    """From May to December there are two whole quarters."""
    found = rules.periods_between(Month(2026, 5), Month(2026, 12), PeriodLength.QUARTER, Calendar.FINANCIAL)
    assert [span.last for span in found] == [Month(2026, 9), Month(2026, 12)]


def test_a_value_is_held_against_its_own_numerator_and_denominator() -> None:
    agrees = rules.arithmetic_sentence(Decimal("43.64"), Unit.PERCENT, Decimal(2_383), Decimal(5_460))
    differs = rules.arithmetic_sentence(Decimal("44.6"), Unit.PERCENT, Decimal(2_383), Decimal(5_460))
    assert agrees and "agrees" in agrees
    assert differs and "but the value stated is 44.6 %" in differs
    assert worked_out(Unit.COUNT, Decimal(1), Decimal(2)) is None
    assert worked_out(Unit.PERCENT, Decimal(1), Decimal(0)) is None


def test_amounts_are_printed_as_people_write_them() -> None:
    assert amount_words(Decimal(1_385_077), "pounds") == "£1,385,077"
    assert amount_words(Decimal("-12.5"), "pounds") == "−£12.50"
    assert amount_words(Decimal("10.878"), "per 1,000 households") == "10.9"
    assert amount_words(Decimal("0.62"), "times") == "0.62"
    assert amount_words(None, "count") == "to be confirmed"
    assert amount_words(Decimal("43.6"), "percent") == "43.6 %"
