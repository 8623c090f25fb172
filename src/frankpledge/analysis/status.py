"""Where an indicator stands at the end of a quarter: a status word with its reason, against chance, season and history.

What was to be expected comes from `indicator_models`, by the kind of figure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from frankpledge.analysis.change import touches_lockdowns
from frankpledge.analysis.indicator_models import (
    RATES,
    SHARES,
    Aim,
    Counts,
    Model,
    Reading,
    Series,
    YearAhead,
    model_of,
)
from frankpledge.analysis.rates import Verdict
from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.analysis.targets import QUARTERS, SURE, TOO_FEW, UNLIKELY, Polarity, Status
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.figures import Aggregation, Calendar
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.units import SCALES, Unit
from frankpledge.vocabulary.wording import Phrase, decimal, ordinary, whole


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter as it is drawn: its value and, where history allows, what was to be expected. ``ahead``: not yet."""

    span: MonthSpan
    value: float | None
    lower: float | None = None
    upper: float | None = None
    ahead: bool = False

    @property
    def above(self) -> bool:
        return self.value is not None and self.upper is not None and self.value > self.upper

    @property
    def below(self) -> bool:
        return self.value is not None and self.lower is not None and self.value < self.lower


@dataclass(frozen=True, kw_only=True)
class Standing(Result):
    """An indicator at the end of a quarter. ``n``: cases, answers or quarters it rests on."""

    name: str
    unit: Unit
    polarity: Polarity
    status: Status
    reason: Phrase
    latest: Reading | None
    before: Reading | None  # the same period a year earlier
    direction: Verdict
    aim: Aim | None
    ahead: YearAhead | None
    quarters: tuple[Quarter, ...] = field(default=())
    like_for_like: bool = True  # False: one of the two periods compared had lockdowns and the other had none

    @property
    def better(self) -> bool | None:
        """Whether the direction of travel is a good one; None where it is not clear or neither way is better."""
        if self.direction is Verdict.NOT_CLEAR or self.polarity is Polarity.CONTEXT_ONLY:
            return None
        return (self.direction is Verdict.HIGHER) == (self.polarity is Polarity.MORE_IS_GOOD)

    @property
    def outside(self) -> bool:
        """The newest quarter lies outside what season and history lead one to expect."""
        known = [quarter for quarter in self.quarters if not quarter.ahead and quarter.value is not None]
        return bool(known) and (known[-1].above or known[-1].below)

    def finding(self) -> Phrase:
        """The headline: what moved, or that nothing did."""
        words = {"name": self.name}
        known = [quarter for quarter in self.quarters if not quarter.ahead and quarter.value is not None]
        if not known:
            return Phrase("{name}: no figure yet", **words)
        if not self.like_for_like:  # the range was learned from the lockdowns, too
            return Phrase("{name}: not like for like with a year before", **words)
        if known[-1].above:
            return Phrase("{name}: above what season and history explain", **words)
        if known[-1].below:
            return Phrase("{name}: below what season and history explain", **words)
        if self.direction is Verdict.HIGHER:
            return Phrase("{name}: higher than a year before, beyond chance", **words)
        if self.direction is Verdict.LOWER:
            return Phrase("{name}: lower than a year before, beyond chance", **words)
        return Phrase("{name}: no clear change", **words)

    def comparison(self) -> Phrase:
        """``171 in the quarter to June 2026 against 134 in the quarter to June 2025``."""
        if self.latest is None:
            return Phrase("No figure has come yet.")
        now = {"now": said_value(self.latest, self.unit), "period": self.latest.span}
        if self.before is None:
            return Phrase("{now} in the {period}; there is no figure for a year before.", **now)
        return Phrase(
            "{now} in the {period} against {before} in the {earlier}.",
            **now,
            before=said_value(self.before, self.unit),
            earlier=self.before.span,
        )

    def sentence(self) -> Phrase:
        return Phrase("{status}: {reason}", status=Phrase(self.status.value.capitalize()), reason=self.reason)

    def table(self) -> Table:
        return Table(
            ("period", "value", "expected from", "to", "standing"),
            tuple(
                (
                    str(Phrase("{span}", span=quarter.span)),
                    rounded(quarter.value, 2),
                    rounded(quarter.lower, 2),
                    rounded(quarter.upper, 2),
                    "forecast" if quarter.ahead else "above" if quarter.above else "below" if quarter.below else "",
                )
                for quarter in self.quarters
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        ahead = self.ahead
        return {
            "name": self.name,
            "status": self.status.value,
            "reason": str(self.reason),
            "direction": self.direction.value,
            "comparison": str(self.comparison()),
            "aim": None if self.aim is None else {"value": self.aim.value, "at_most": self.aim.at_most},
            "expected": None if ahead is None else [rounded(v) for v in (ahead.expected, ahead.lower, ahead.upper)],
            "chance": None
            if ahead is None
            else [rounded(v) for v in (ahead.chance, ahead.chance_low, ahead.chance_high)],
            **self.provenance(),
        }


def said_value(reading: Reading, unit: Unit) -> str:
    """``171``, ``86 % (74 of 86)``, ``2.3``: a value as it is said, with what it is of where it is a share."""
    text = amount(reading.value, unit)
    if unit in SHARES and reading.count is not None and reading.base:
        return f"{text} ({whole(reading.count)} of {whole(reading.base)})"
    return text


def amount(value: float, unit: Unit) -> str:
    """A value in its unit, to the places people use: counts whole, rates to one, shares whole with their sign."""
    if unit is Unit.PERCENT:
        return f"{decimal(value, 0 if abs(value) >= 1 else 1)} %"
    if unit is Unit.POUNDS:
        return f"£{whole(value)}"
    if unit is Unit.COUNT or abs(value) >= 100:
        return whole(value)
    return decimal(value, 1 if abs(value) >= 1 else 2)


def chance_words(chance: float) -> Phrase:
    """``75 in 100``; near the ends *fewer than 1 in 100* and *more than 99 in 100*, never none or all."""
    if chance < 0.01:
        return Phrase("fewer than 1 in 100")
    if chance > 0.99:
        return Phrase("more than 99 in 100")
    return Phrase("{chance} in 100", chance=whole(100 * chance))


def standing(series: Series, aim: Aim | None, *, year: int, quarter: int, batches: tuple[str, ...] = ()) -> Standing:
    """Where ``series`` stands at the end of ``quarter`` (1 to 4) of the year that begins in ``year``.

    Figures of later periods are not looked at. Where the history is too short for a prediction the status says so.
    """
    upto = year * QUARTERS + quarter - 1
    readings = _by_quarter(series, upto)
    model = model_of(series, readings)
    latest = max(readings, default=None)
    now = readings[latest] if latest is not None else None
    before = readings.get(latest - QUARTERS) if latest is not None else None
    alike = now is None or before is None or touches_lockdowns(now.span) == touches_lockdowns(before.span)
    known = latest is not None and before is not None and alike
    direction = model.direction(latest) if known and latest is not None else Verdict.NOT_CLEAR
    ahead, doubt = _ahead(model, aim, year, series.polarity)
    status, reason = _judged(series, model, aim, ahead, year, direction, doubt)
    if status is Status.NO_TARGET and series.polarity is not Polarity.CONTEXT_ONLY and not alike:
        reason = Phrase("No target is set. A year before there were lockdowns: the two are not like for like.")
    quarters = _drawn(series, readings, model, latest, year)
    return Standing(
        n=model.n(latest),
        method=f"{model.method}; on course from {100 * SURE:.0f} in 100, at risk up to {100 * UNLIKELY:.0f} in 100",
        doubts=(*_lockdown_doubts(readings, alike), *model.doubts()),
        batches=batches,
        name=series.name,
        unit=series.unit,
        polarity=series.polarity,
        status=status,
        reason=reason,
        latest=now,
        before=before,
        direction=direction,
        aim=aim,
        ahead=ahead,
        quarters=quarters,
        like_for_like=alike,
    )


def _lockdown_doubts(readings: Mapping[int, Reading], alike: bool) -> Iterator[Doubt]:
    """What lockdowns make of a comparison, and of the season and scatter learned from years that had them."""
    if not alike:
        yield Doubt(
            DoubtKind.COVID_PERIOD,
            Phrase("One of the two periods had lockdowns and the other had none: they are not like for like."),
        )
    if any(touches_lockdowns(reading.span) for reading in readings.values()):
        yield Doubt(
            DoubtKind.COVID_PERIOD,
            Phrase("Season and usual scatter are learned from years of which one or more had lockdowns."),
        )


def _by_quarter(series: Series, upto: int) -> dict[int, Reading]:
    """Readings by the number of the quarter they end in; months of a sum are added up, incomplete quarters left out."""
    found: dict[int, Reading] = {}
    months: dict[int, list[Reading]] = {}
    for reading in series.readings:
        at = quarter_number(reading.span.last, series.calendar)
        if at > upto:
            continue
        if len(reading.span) == 1:
            months.setdefault(at, []).append(reading)
        else:
            found[at] = reading
    for at, parts in months.items():
        whole_quarter = _joined(parts, series)
        if whole_quarter is not None:
            found.setdefault(at, whole_quarter)
    return found


def quarter_number(month: Month, calendar: Calendar) -> int:
    """Four times the year's first calendar year, and which of its quarters from 0: higher is later."""
    shift = 3 if calendar is Calendar.FINANCIAL else 0
    return (month.number - shift) // 3


def _joined(parts: Sequence[Reading], series: Series) -> Reading | None:
    """Three months as their quarter: counts added, shares over their bases, other values averaged or the last."""
    if len(parts) != 3:
        return None
    ordered = sorted(parts, key=lambda part: part.span.last)
    span = MonthSpan(ordered[0].span.first, ordered[-1].span.last)
    counts, bases = [part.count for part in ordered], [part.base for part in ordered]
    if series.unit in SHARES and None not in counts and None not in bases:
        count, base = sum(filter(None, counts)), sum(filter(None, bases))
        return Reading(span, 100 * count / base, count, base) if base else None
    if series.unit in RATES and None not in counts and ordered[-1].base:
        count = sum(filter(None, counts))
        return Reading(span, SCALES[series.unit] * count / ordered[-1].base, count, ordered[-1].base)
    values = [part.value for part in ordered]
    if series.aggregation is Aggregation.SUM:
        return Reading(span, sum(values), sum(values))
    return Reading(span, values[-1] if series.aggregation is Aggregation.LATEST else sum(values) / 3)


# --- the word and its reason


def _ahead(
    model: Model, aim: Aim | None, year: int, polarity: Polarity
) -> tuple[YearAhead | None, CannotCompute | None]:
    """What the year comes to; or why that cannot be said."""
    try:
        return model.ahead(None if polarity is Polarity.CONTEXT_ONLY else aim, year), None
    except CannotCompute as reason:
        return None, reason
    except ValueError:  # max() of no figure
        return None, CannotCompute(Phrase("No figure has come yet."))


def _judged(
    series: Series,
    model: Model,
    aim: Aim | None,
    ahead: YearAhead | None,
    year: int,
    direction: Verdict,
    doubt: CannotCompute | None,
) -> tuple[Status, Phrase]:
    if not series.readings:
        return Status.TOO_FEW, Phrase("No figure has come yet.")
    if series.polarity is Polarity.CONTEXT_ONLY:
        return Status.NO_TARGET, Phrase("Shown for context: neither more nor fewer is better.")
    if aim is None:
        if model.few(year):
            return Status.TOO_FEW, Phrase("Under {few} a year: watched, not judged.", few=whole(TOO_FEW))
        return Status.NO_TARGET, _no_target_reason(series.polarity, direction)
    finished = model.finished(year)
    if finished is not None:
        met = finished <= aim.value if aim.at_most else finished >= aim.value
        words = {"value": amount(finished, series.unit), "aim": aim_words(aim, series.unit)}
        return (Status.MET if met else Status.MISSED), Phrase(
            "The year came to {value}; the target was {aim}.", **words
        )
    settled = model.settled(aim, year)
    if settled is not None:
        words = {"aim": aim_words(aim, series.unit)}
        if settled:
            return Status.MET, Phrase("Already at the target of {aim}, with the year not over.", **words)
        return Status.MISSED, Phrase("Already past the target of {aim}, with the year not over.", **words)
    if model.few(year):
        return Status.TOO_FEW, Phrase("Under {few} a year: a status would follow single cases.", few=whole(TOO_FEW))
    if ahead is None or ahead.chance is None:
        return Status.TOO_FEW, Phrase(doubt.sentence if doubt else "No chance can be given.")
    reason = _chance_reason(series, ahead, aim)
    if ahead.chance >= SURE:
        return Status.ON_COURSE, reason
    if ahead.chance <= UNLIKELY:
        return Status.AT_RISK, reason
    if direction is Verdict.NOT_CLEAR:
        return Status.NO_CLEAR_CHANGE, reason
    return (Status.ON_COURSE if ahead.chance >= 0.5 else Status.AT_RISK), reason


def aim_words(aim: Aim, unit: Unit) -> Phrase:
    """``10.7 or less``, ``85 % or more``."""
    words = {"value": amount(aim.value, unit)}
    return Phrase("{value} or less", **words) if aim.at_most else Phrase("{value} or more", **words)


def _no_target_reason(polarity: Polarity, direction: Verdict) -> Phrase:
    if polarity is Polarity.MORE_IS_GOOD and direction is Verdict.HIGHER:
        return Phrase("No target is set. More is good here: a rise is never shown as failure.")
    words = {
        Verdict.HIGHER: "No target is set. Higher than a year before, beyond chance.",
        Verdict.LOWER: "No target is set. Lower than a year before, beyond chance.",
        Verdict.NOT_CLEAR: "No target is set, and no clear change on a year before.",
    }
    return Phrase(words[direction])


def _chance_reason(series: Series, ahead: YearAhead, aim: Aim) -> Phrase:
    return Phrase(
        "The year is expected to come to {expected} ({low} to {high}); the target is {aim}.",
        expected=amount(ahead.expected, series.unit),
        low=amount(ahead.lower, series.unit),
        high=amount(ahead.upper, series.unit),
        aim=aim_words(aim, series.unit),
    )


def needed(series: Series, aim: Aim, *, year: int, quarter: int) -> Phrase | None:
    """What the rest of the year would have to be, for counts; None where that cannot be said."""
    readings = _by_quarter(series, year * QUARTERS + quarter - 1)
    model: object = model_of(series, readings)
    if type(model) is not Counts or not readings:
        return None
    left, months, before = model.needed(aim, year)
    if not months or left < 0 or before is None:
        return None
    words = {"left": whole(left), "months": ordinary(months), "before": whole(before)}
    if aim.at_most:
        return Phrase(
            "Meeting the target would need {left} or fewer in the {months} months left; the same months last year saw "
            "{before}.",
            **words,
        )
    return Phrase(
        "Meeting the target needs {left} more in the {months} months left; the same months last year saw {before}.",
        **words,
    )


# --- what is drawn


def _drawn(
    series: Series, readings: Mapping[int, Reading], model: Model, latest: int | None, year: int
) -> tuple[Quarter, ...]:
    """Every quarter from the first figure to the end of the year, with what was to be expected of it."""
    if latest is None:
        return ()
    shift = 3 if series.calendar is Calendar.FINANCIAL else 0
    drawn = []
    yearly = _yearly(readings)
    last = latest if yearly else max(latest, year * QUARTERS + QUARTERS - 1)
    for at in range(min(readings), last + 1):
        if yearly and at not in readings:
            continue
        first = Month.from_number(3 * at + shift)
        reading = readings.get(at)
        band = model.band(at) if at <= latest + 1 else None
        span = reading.span if reading else MonthSpan(first, first + 2)
        low, high = band or (None, None)
        drawn.append(Quarter(span, reading.value if reading else None, low, high, ahead=at > latest))
    return tuple(drawn)


def _yearly(readings: Iterable[int]) -> bool:
    """Figures come once a year."""
    ordered = sorted(readings)
    return len(ordered) > 1 and all(b - a >= QUARTERS for a, b in zip(ordered, ordered[1:], strict=False))
