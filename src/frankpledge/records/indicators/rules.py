"""Arithmetic of indicators: periods, aggregation, completeness, and what a figure must be. No database, no clock."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from frankpledge.analysis.disclosure import DEFAULT_POLICY
from frankpledge.vocabulary.errors import CannotCompute, DataProblem, RuleBroken
from frankpledge.vocabulary.figures import (
    MONTHS_IN,
    YEAR_BEGINS_IN,
    Aggregation,
    Calendar,
    Completeness,
    PeriodLength,
    joined,
)
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.units import NEVER_NEGATIVE, OVER_A_POPULATION, Unit, amount_words, is_rate, worked_out
from frankpledge.vocabulary.wording import Phrase, decimal

LARGEST = Decimal(10) ** 13  # what the columns hold: 20 digits, 6 of them after the point


@dataclass(frozen=True, slots=True)
class Part:
    """One period's figure as the arithmetic needs it. ``value`` None: to be confirmed."""

    first_on: date
    last_on: date
    value: Decimal | None
    completeness: Completeness = Completeness.COMPLETE
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    denominator_edition: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """A longer period's figure made of parts, and how, in a sentence."""

    value: Decimal | None
    completeness: Completeness
    sentence: Phrase


# -- periods


def span_of(first_on: date, last_on: date) -> MonthSpan | None:
    """The whole months a period consists of; None for a period that is not of whole months."""
    if first_on.day != 1 or (last_on + timedelta(days=1)).day != 1 or last_on < first_on:
        return None
    return MonthSpan(Month.of(first_on), Month.of(last_on))


def days_of(span: MonthSpan) -> tuple[date, date]:
    """First and last day of a span of months."""
    return span.first.first_day, span.last.last_day


def year_containing(day: date, calendar: Calendar) -> MonthSpan:
    """The twelve months of the year ``day`` lies in: 1 April 2026 to 31 March 2027 for any day of them."""
    first = Month(day.year, YEAR_BEGINS_IN[calendar])
    if Month.of(day) < first:
        first = first - 12
    return MonthSpan(first, first + 11)


def period_containing(day: date, length: PeriodLength, calendar: Calendar) -> MonthSpan:
    """The month, quarter or year that ``day`` lies in. Quarters of both calendars begin in the same months."""
    months = MONTHS_IN[length]
    year = year_containing(day, calendar)
    into = (Month.of(day).number - year.first.number) // months * months
    return MonthSpan(year.first + into, year.first + into + months - 1)


def periods_between(first: Month, last: Month, length: PeriodLength, calendar: Calendar) -> Iterator[MonthSpan]:
    """All whole periods that lie inside ``first`` to ``last``, oldest first."""
    span = period_containing(first.first_day, length, calendar)
    if span.first < first:
        span = _next(span)
    while span.last <= last:
        yield span
        span = _next(span)


def _next(span: MonthSpan) -> MonthSpan:
    return MonthSpan(span.first + len(span), span.last + len(span))


def period_words(first_on: date, last_on: date) -> str:
    """``quarter to June 2026``, ``year to March 2005``; days where it is not of whole months."""
    span = span_of(first_on, last_on)
    if span is not None:
        return span.label
    return f"{first_on.day} {Month.of(first_on).label} to {last_on.day} {Month.of(last_on).label}"


def short_period(first_on: date, last_on: date, calendar: Calendar) -> str:
    """For axes and tables: ``Q1 2026/27``, ``Q3 2026``, ``2026/27``, ``Jun 2026``."""
    span = span_of(first_on, last_on)
    if span is None or len(span) not in (3, 12):
        return Month.of(last_on).short_label
    year = year_containing(last_on, calendar)
    name = str(year.first.year)
    if calendar is Calendar.FINANCIAL:
        name += f"/{(year.first.year + 1) % 100:02d}"
    into = span.first.number - year.first.number
    if len(span) == 3:
        return f"Q{into // 3 + 1} {name}"
    return name if into == 0 else span.label


# -- what may be released


def counts_behind(
    value: Decimal | None, unit: Unit, numerator: Decimal | None, denominator: Decimal | None, n: int | None
) -> list[Decimal]:
    """The counts a figure is or gives away: its value, what stands above the line, and of a share the rest too."""
    found = [value if unit is Unit.COUNT else None, numerator, None if n is None else Decimal(n)]
    if unit is Unit.PERCENT and numerator is not None and denominator is not None:
        found.append(denominator - numerator)
    return [count for count in found if count is not None]


def is_small(counts: Iterable[Decimal]) -> bool:
    """Whether one of these is a count the disclosure policy would hide: 1 to 4."""
    return any(DEFAULT_POLICY.least_hidden <= count < DEFAULT_POLICY.smallest for count in counts)


def rounded_figure(
    value: Decimal | None, unit: Unit, numerator: Decimal | None, denominator: Decimal | None
) -> tuple[Decimal, Decimal | None]:
    """Value and numerator with the count behind them rounded to the nearest 5.

    Raises RuleBroken where the value does not follow from counts, so that rounding them would not hide it.
    """
    if unit is Unit.COUNT and value is not None:
        near = _nearest(value)
        return near, None if numerator is None else near
    if numerator is not None and denominator is not None:
        near = _nearest(numerator)
        if (worked := worked_out(unit, near, denominator)) is not None:
            return worked, near
    raise RuleBroken(
        "It rests on fewer than five and cannot be rounded. Save one of a longer period or a larger place."
    )


def _nearest(count: Decimal) -> Decimal:
    step = DEFAULT_POLICY.smallest
    return (count / step).quantize(Decimal(1), ROUND_HALF_UP) * step


# -- what a figure must be


def check_figure(
    *,
    name: str,
    first_on: date,
    last_on: date,
    value: Decimal | None,
    unit: Unit,
    numerator: Decimal | None,
    denominator: Decimal | None,
    denominator_edition: str,
    interval_low: Decimal | None,
    interval_high: Decimal | None,
    n: int | None,
    completeness: Completeness,
) -> None:
    """Raise DataProblem, naming the figure and the fault, for a figure that cannot be true as it is written."""
    if last_on < first_on:
        raise DataProblem(f"{name}: the period ends on {last_on} before it starts on {first_on}.")
    for word, number in (("value", value), ("numerator", numerator), ("denominator", denominator)):
        if number is not None and (not number.is_finite() or abs(number) >= LARGEST):
            raise DataProblem(f"{name}: the {word} is not a number that can be kept.")
    if (value is None) != (completeness is Completeness.TO_BE_CONFIRMED):
        raise DataProblem(
            f"{name}: a figure without a value is “to be confirmed”, and only such a figure has none.",
            remedy="Give the value, or mark it to be confirmed.",
        )
    if value is not None and value < 0 and unit in NEVER_NEGATIVE:
        raise DataProblem(f"{name}: {value} is below nought, and a figure of “{unit}” cannot be.")
    if numerator is not None and numerator < 0 and unit is not Unit.POUNDS:
        raise DataProblem(f"{name}: the numerator {numerator} is below nought, and one cannot count fewer than none.")
    if unit is Unit.COUNT and value is not None and value != value.to_integral_value():
        raise DataProblem(f"{name}: {value} is not a whole number, and a count is one.")
    if denominator is not None and denominator <= 0:
        raise DataProblem(f"{name}: the denominator is {denominator}, and nothing can be divided by that.")
    if denominator is not None and unit in OVER_A_POPULATION and not denominator_edition:
        raise DataProblem(f"{name}: say which version of the denominator {denominator:,} is, such as “mid-2001”.")
    if interval_low is not None and interval_high is not None and interval_low > interval_high:
        raise DataProblem(
            f"{name}: the interval runs from {interval_low} down to {interval_high}.", remedy="Swap them."
        )
    if n is not None and n < 0:
        raise DataProblem(f"{name}: n is {n}, and nobody can ask fewer than none.")


def check_period(first_on: date, last_on: date, length: PeriodLength, calendar: Calendar, *, rolling: bool) -> None:
    """Raise DataProblem unless these days are one period of an indicator; a rolling year ends with such a period."""
    span = span_of(first_on, last_on)
    due = period_containing(last_on, length, calendar)
    if rolling and span is not None and len(span) == 12 and span.last == due.last:
        return
    if span != due:
        raise DataProblem(
            f"{period_words(first_on, last_on)} is not one {length.value} of the {calendar.value} calendar.",
            remedy=f"The {length.value} it ends in is {period_words(*days_of(due))}.",
        )


def check_units(units: Iterable[Unit]) -> Unit:
    """The one unit of figures to be added or compared. Raises CannotCompute naming the units where there are two."""
    found = sorted(set(units))
    if len(found) != 1:
        raise CannotCompute(
            Phrase("Figures of different units cannot be put together: {units}.", units=tuple(str(u) for u in found))
        )
    return found[0]


def _plain(number: Decimal) -> str:
    """``51,480`` or ``12.5``, whatever noughts the database keeps behind the point."""
    words = f"{number:,f}"
    return words.rstrip("0").rstrip(".") if "." in words else words


def arithmetic_sentence(
    value: Decimal | None, unit: Unit, numerator: Decimal | None, denominator: Decimal | None
) -> Phrase | None:
    """Whether the value is what its own numerator and denominator give, in a sentence; None where one is missing."""
    if value is None or numerator is None or denominator is None:
        return None
    exact = worked_out(unit, numerator, denominator)
    if exact is None:
        return None
    words = {"over": _plain(numerator), "under": _plain(denominator), "exact": decimal(float(exact), 2)}
    places = max(0, -int(value.normalize().as_tuple().exponent))
    if round(exact, places) == round(value, places):
        return Phrase("{over} over {under} is {exact}: it agrees with the value shown.", **words)
    return Phrase(
        "{over} over {under} is {exact}, but the value stated is {value}.", value=amount_words(value, unit), **words
    )


# -- aggregation


def same_rate_sentence(parts: Sequence[Part], unit: Unit) -> Phrase | None:
    """A doubt about quarterly rates that are all the same: they are yearly or rolling rates, and adding them is wrong.

    Salford's target table shows 48.4 per 1,000 in all four quarters and for the year: their sum is 193.6.
    """
    values = [part.value for part in parts if part.value is not None]
    if not is_rate(unit) or len(values) < 3 or len(set(values)) > 1:
        return None
    return Phrase(
        "All {count} periods show {value}. That is a yearly or rolling rate, not each period’s own: "
        "added up they would give {total}, which is no rate of the year.",
        count=str(len(values)),
        value=amount_words(values[0], unit),
        total=amount_words(sum(values, Decimal(0)), unit),
    )


def aggregate(parts: Sequence[Part], *, how: Aggregation, unit: Unit, expected: Sequence[MonthSpan] = ()) -> Whole:
    """One figure of ``parts``. A part to be confirmed makes a sum *at least* what is known.

    ``expected``: the periods that make the whole; CannotCompute names those of which no figure is there at all (a
    period to be confirmed is there). Rates are added only through numerators over one denominator of one version.
    """
    if not parts:
        raise CannotCompute(Phrase("There is no figure to put together."))
    _refuse_missing(parts, expected)
    ordered = sorted(parts, key=lambda part: part.last_on)
    if how in (Aggregation.ROLLING_YEAR, Aggregation.LATEST):
        return _newest(ordered, how, unit)
    if how is Aggregation.MEAN:
        return _mean(ordered, unit)
    return _rate_of_sums(ordered, unit) if is_rate(unit) else _sum(ordered, unit)


def _refuse_missing(parts: Sequence[Part], expected: Sequence[MonthSpan]) -> None:
    there = {(part.first_on, part.last_on) for part in parts}
    missing = [span for span in expected if days_of(span) not in there]
    if missing:
        raise CannotCompute(
            Phrase("No figure is there for {periods}, so the whole cannot be said.", periods=tuple(missing))
        )


def _newest(parts: Sequence[Part], how: Aggregation, unit: Unit) -> Whole:
    known = [part for part in parts if part.value is not None]
    if not known:
        return Whole(None, Completeness.TO_BE_CONFIRMED, Phrase("Every period is to be confirmed."))
    last = known[-1]
    words = {"value": amount_words(last.value, unit), "period": period_words(last.first_on, last.last_on)}
    if how is Aggregation.ROLLING_YEAR:
        sentence = Phrase("Each figure is of a year already; the newest, {period}, is {value}.", **words)
    else:
        sentence = Phrase("The newest, {period}, is {value}.", **words)
    return Whole(last.value, last.completeness, sentence)


def _mean(parts: Sequence[Part], unit: Unit) -> Whole:
    known = [part.value for part in parts if part.value is not None]
    if len(known) < len(parts):
        return Whole(None, Completeness.TO_BE_CONFIRMED, Phrase("A mean needs every period, and one is unconfirmed."))
    mean = sum(known, Decimal(0)) / len(known)
    words = Phrase("The mean of {count} periods is {value}.", count=str(len(known)), value=amount_words(mean, unit))
    return Whole(mean, joined([part.completeness for part in parts]), words)


def _sum(parts: Sequence[Part], unit: Unit) -> Whole:
    known = [part.value for part in parts if part.value is not None]
    completeness = joined([part.completeness for part in parts])
    if not known:
        return Whole(None, Completeness.TO_BE_CONFIRMED, Phrase("Every period is to be confirmed."))
    total = sum(known, Decimal(0))
    words = {"count": str(len(parts)), "total": amount_words(total, unit)}
    if completeness is Completeness.COMPLETE:
        return Whole(total, completeness, Phrase("{count} periods add up to {total}.", **words))
    unknown = str(sum(part.completeness is not Completeness.COMPLETE for part in parts))
    return Whole(
        total,
        completeness,
        Phrase("{count} periods add up to at least {total}: {unknown} not complete.", unknown=unknown, **words),
    )


def _rate_of_sums(parts: Sequence[Part], unit: Unit) -> Whole:
    """A rate of the whole: numerators added, over the one denominator. The rates themselves are never added."""
    doubt = same_rate_sentence(parts, unit)
    if doubt is not None:
        raise CannotCompute(doubt)
    numerators = [part.numerator for part in parts if part.numerator is not None]
    if len(numerators) < len(parts):
        raise CannotCompute(Phrase("Rates are not added. Their numerators would be, and one of them is not known."))
    under = {(part.denominator, part.denominator_edition) for part in parts}
    denominator, edition = next(iter(under))
    if len(under) > 1 or denominator is None:
        raise CannotCompute(
            Phrase(
                "Rates over different denominators, or none, are not put together: {count} are used.", count=len(under)
            )
        )
    total = sum(numerators, Decimal(0))
    value = worked_out(unit, total, denominator)
    sentence = Phrase(
        "{total} over {under} ({edition}) is {value} {unit}.",
        total=f"{total:,f}",
        under=f"{denominator:,f}",
        edition=edition,
        value=amount_words(value, unit),
        unit=Phrase(unit.value),
    )
    return Whole(value, joined([part.completeness for part in parts]), sentence)


# -- numbers as people type or paste them

_UNSURE = ("tbc", "t.b.c", "t.b.c.", "to be confirmed", "n/k", "not known")
_FOOTNOTE = re.compile(r"[*†‡¹²³]+$|\s*\([a-z]\)$")


def read_number(text: str) -> Decimal | None:
    """A number as typed or pasted: ``£1,385,077*``, ``43.6 %``, ``(120)`` for minus 120; None for ``t.b.c.``.

    Raises DataProblem, quoting nothing longer than a cell, for what is no number.
    """
    said = text.strip()
    plain = said.lower()
    if plain in _UNSURE:
        return None
    plain = _FOOTNOTE.sub("", plain)
    negative = plain.startswith(("-", "−")) or (plain.startswith("(") and plain.endswith(")"))
    plain = re.sub(r"[£€,\s%()−-]", "", plain)
    if not re.fullmatch(r"\d+(\.\d+)?|\.\d+", plain, re.ASCII):
        raise DataProblem(
            f"“{said[:40]}” is not a number.", remedy="Write figures, or “t.b.c.” where it is not known yet."
        )
    return -Decimal(plain) if negative else Decimal(plain)
