"""What holds of priorities, objectives, targets, profiles and milestones without a database. Today is an argument."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any

from frankpledge.records.plan.vocabulary import Aim, MilestoneStanding, MilestoneState, TargetSense
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.periods import FIRST_YEAR, LAST_YEAR, Month

DUE_SOON_DAYS = 60
MOST_YEARS = 6
PER = 1_000
SHORTEST_REASON = 10


# --- financial years


def year_label(first: int) -> str:
    """The financial year that begins in April of ``first``: ``2024`` -> ``2024/25``."""
    return f"{first}/{(first + 1) % 100:02d}"


def financial_year(day: date) -> int:
    """The year in which the financial year of ``day`` began."""
    return day.year if day.month >= 4 else day.year - 1


def quarter_of(day: date) -> int:
    """The quarter of the financial year, 1 to 4, in which ``day`` lies."""
    return (day.month - 4) % 12 // 3 + 1


def quarter_months(year: int, quarter: int) -> tuple[Month, Month]:
    """First and last month of a quarter of the financial year."""
    first = Month(year, 4) + 3 * (quarter - 1)
    return first, first + 2


def check_years(first_year: int, years: int) -> None:
    """Raise RuleBroken for a plan that covers no year or years nobody plans."""
    if not FIRST_YEAR <= first_year <= LAST_YEAR:
        raise RuleBroken(
            f"“{first_year}” is not a year a plan can begin in. Write four digits, such as 2024 for April 2024."
        )
    if not 1 <= years <= MOST_YEARS:
        raise RuleBroken(f"A plan covers between one and {MOST_YEARS} years.")


# --- targets


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a target is measured against: a value, the last day of its period, and the unit it is in."""

    value: Decimal | None
    last_on: date | None
    unit: str = ""
    words: str = ""


def target_value(*, value: Decimal | None, change_percent: Decimal | None, baseline: Baseline | None) -> Decimal | None:
    """The number a target stands for: itself, or a percentage of its baseline; None for a target without a number.

    Raises RuleBroken for a percentage without a baseline (or of nought), and for a target given both ways.
    """
    if value is not None and change_percent is not None:
        raise RuleBroken("Give the target as a value or as a percentage of the baseline, not as both.")
    if change_percent is None:
        return value
    if not -100 <= change_percent <= 1000:
        raise RuleBroken("A percentage target lies between -100 (none left) and 1,000.")
    if baseline is None or baseline.value is None:
        raise RuleBroken(
            f"A target of {change_percent:+f} % cannot be set without its baseline: "
            "name the figure it is a percentage of, with its period."
        )
    if baseline.value <= 0:
        raise RuleBroken("A percentage of a baseline of nought means nothing. Set the target as a number.")
    return (baseline.value * (1 + change_percent / 100)).quantize(Decimal("0.0001"), ROUND_HALF_EVEN)


def check_target_date(due_on: date | None, baseline: Baseline | None) -> None:
    """Raise RuleBroken for a target that falls due before its baseline ends."""
    if due_on is None:
        return
    if baseline is not None and baseline.last_on is not None and due_on <= baseline.last_on:
        raise RuleBroken(
            f"The target is due on {_day(due_on)}, before its baseline ends on {_day(baseline.last_on)}. "
            "Give a later date, or an earlier baseline."
        )


def whole_count(value: Decimal, sense: TargetSense) -> Decimal:
    """A count is whole: at most 563.2 burglaries is at most 563, at least 12.5 visits is at least 13."""
    return value.to_integral_value(ROUND_FLOOR if sense is TargetSense.AT_MOST else ROUND_CEILING)


def sense_of(value: Decimal | None, baseline: Baseline | None, aim: Aim) -> TargetSense:
    """Whether a target is a ceiling or a floor: by where it lies from its baseline, or else by what is wanted."""
    if value is not None and baseline is not None and baseline.value is not None and value != baseline.value:
        return TargetSense.AT_MOST if value < baseline.value else TargetSense.AT_LEAST
    return TargetSense.AT_LEAST if aim is Aim.MORE else TargetSense.AT_MOST


def required_change_percent(value: Decimal | None, baseline: Decimal | None) -> Decimal | None:
    """How far a target lies from its baseline, in per cent; None where that cannot be said."""
    if value is None or baseline is None or baseline <= 0:
        return None
    return (100 * (value - baseline) / baseline).quantize(Decimal("0.1"), ROUND_HALF_EVEN)


# --- profiles


def count_and_rate(value: Decimal, *, is_rate: bool, denominator: Decimal | None, per: int = PER) -> tuple[Any, Any]:
    """``value`` as (count, rate per ``per``), whichever of the two it was given as."""
    if is_rate:
        return (None if denominator is None else (value * denominator / per).quantize(Decimal(1)), value)
    if not denominator:
        return value, None
    return value, (value * per / denominator).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


# --- milestones


def standing(
    state: MilestoneState | str, due_on: date | None, *, ongoing: bool, today: date, soon_days: int = DUE_SOON_DAYS
) -> MilestoneStanding:
    """Where a milestone stands on ``today``: late from the day after it was due, due within ``soon_days``."""
    if state == MilestoneState.DONE:
        return MilestoneStanding.DONE
    if state == MilestoneState.DROPPED:
        return MilestoneStanding.DROPPED
    if due_on is None:
        return MilestoneStanding.ONGOING if ongoing else MilestoneStanding.UNDATED
    if due_on < today:
        return MilestoneStanding.ONGOING if ongoing else MilestoneStanding.LATE
    return MilestoneStanding.DUE if due_on <= today + timedelta(days=soon_days) else MilestoneStanding.LATER


# --- aims that pull against each other


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one objective wants: more or fewer of a subject, such as domestic abuse."""

    key: int
    title: str
    subject: str
    aim: Aim


@dataclass(frozen=True, slots=True)
class PolarityConflict:
    """Two objectives about one subject of which one wants more and the other fewer."""

    subject: str
    more: Wanted
    fewer: Wanted


def polarity_conflicts(wanted: Iterable[Wanted]) -> list[PolarityConflict]:
    """Every pair of objectives that want one subject to go both ways, in the order given.

    That may be right (more reporting, fewer assaults); what it needs is a sentence in the plan and two indicators, of
    which the first is never called worse for rising.
    """
    by_subject: dict[str, list[Wanted]] = {}
    for one in wanted:
        if one.subject.strip() and one.aim is not Aim.NEITHER:
            by_subject.setdefault(one.subject.strip().casefold(), []).append(one)
    return [
        PolarityConflict(more.subject.strip(), more, fewer)
        for found in by_subject.values()
        for more in found
        if more.aim is Aim.MORE
        for fewer in found
        if fewer.aim is Aim.FEWER
    ]


# --- versions side by side


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs between two versions: ``before`` or ``after`` is empty where it is only in one."""

    what: str
    where: str
    before: str
    after: str


def compared(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]], *, what: str
) -> list[Difference]:
    """What differs between two versions' things of one sort, each a mapping of key -> field -> words.

    A thing in one version only gives one difference, under its ``title``.
    """
    found = []
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if old is None and new is not None:
            found.append(Difference(what, new["title"], "", new["title"]))
        elif new is None and old is not None:
            found.append(Difference(what, old["title"], old["title"], ""))
        elif old is not None and new is not None:
            found += [
                Difference(f"{what}: {field}", new["title"], old.get(field, ""), new.get(field, ""))
                for field in new
                if old.get(field, "") != new.get(field, "")
            ]
    return found


def fitting(text: str, length: int, what: str) -> str:
    """``text`` without spaces round it; raises RuleBroken where it is longer than its column."""
    text = text.strip()
    if len(text) > length:
        raise RuleBroken(f"{what} is {len(text):,} characters long. Write at most {length:,}.")
    return text


def needed(text: str, length: int, what: str) -> str:
    """Like `fitting`, and refuses nothing at all."""
    text = fitting(text, length, what)
    if not text:
        raise RuleBroken(f"{what} is missing. Write it in a few words.")
    return text


def check_reason(text: str, what: str) -> str:
    """A reason that somebody understands next year, or RuleBroken."""
    text = text.strip()
    if len(text) < SHORTEST_REASON:
        raise RuleBroken(f"Say {what}, in a few words that somebody understands next year.")
    return text


def words_of(items: Sequence[str]) -> list[str]:
    """Items without blanks and repeats, in the order given."""
    return list(dict.fromkeys(item.strip() for item in items if item.strip()))


def _day(day: date) -> str:
    return f"{day.day} {Month.of(day).label}"
