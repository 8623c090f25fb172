"""What a cell says: dates and times in the form a profile names, months and quarters, numbers, codes.

Every judge takes the text of a cell and gives its meaning, or a Fault with one sentence. Nothing is guessed: a date
that is not in the form the profile names is a fault even where another form would fit.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from frankpledge.sources.handing_over import LONDON, UTC, day_start
from frankpledge.sources.judging import Fault, quoted
from frankpledge.sources.profiles.profile import Format
from frankpledge.vocabulary.columns import Precision
from frankpledge.vocabulary.deliveries import RowFault
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.periods import FIRST_YEAR, LAST_YEAR, Month

SERIAL_START = date(1899, 12, 30)  # day 0 of spreadsheets, as far as any date after February 1900 goes
FIRST_SERIAL, LAST_SERIAL = 32_874, 73_050  # 1990 to 2099
FIRST_SHORT_YEAR = 90  # 90 to 99 are of the last century, 00 to 89 of this

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_TIME_WITH_SECONDS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?", re.ASCII)
_MONEY = re.compile(r"[£$€]|(?:GBP|EUR|USD)\b")
_WITHHELD = re.compile(r"\*+|[<≤]\s*\d{1,2}|(?:less|fewer) than \d{1,2}|suppressed|withheld|\[[cx]\]", re.IGNORECASE)
_MONTH_NAMES = {
    name: number
    for number, (short, full) in enumerate(
        zip(
            ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
            [
                "january",
                "february",
                "march",
                "april",
                "may",
                "june",
                "july",
                "august",
                "september",
                "october",
                "november",
                "december",
            ],
            strict=True,
        ),
        start=1,
    )
    for name in (short, full)
} | {"sept": 9}

_DATE_FORMS: Mapping[Format, tuple[re.Pattern[str], str]] = {
    Format.DAY_FIRST: (re.compile(r"(?P<d>\d{2})/(?P<m>\d{2})/(?P<y>\d{4})", re.ASCII), "30/04/2025"),
    Format.DAY_FIRST_SHORT: (re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{2})", re.ASCII), "30/04/25"),
    Format.ISO: (re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?:[T ]00:00(?::00)?)?", re.ASCII), "2025-04-30"),
    Format.MONTH_FIRST: (re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})", re.ASCII), "04/30/2025"),
    Format.DAY_MONTH_WORD: (
        re.compile(r"(?P<d>\d{1,2})[ -](?P<w>[A-Za-z]{3,9})[ -](?P<y>\d{4})", re.ASCII),
        "30 Apr 2025",
    ),
    Format.DAY_FIRST_TIME: (
        re.compile(r"(?P<d>\d{2})/(?P<m>\d{2})/(?P<y>\d{4}) (?P<t>\d{1,2}:\d{2}(?::\d{2})?)", re.ASCII),
        "30/04/2025 23:05",
    ),
    Format.ISO_TIME: (
        re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})[T ](?P<t>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)", re.ASCII),
        "2025-04-30 23:05",
    ),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and the text of the time where the cell holds one too."""

    day: date
    time: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """When something happened, in UTC, and the first day of the London month it began in."""

    start: datetime
    end: datetime
    precision: Precision
    month: date


def read_date(column: str, text: str, formats: Sequence[Format], *, typed: bool = False) -> Moment | Fault:
    """A date, or a date with a time, in one of ``formats``. ``typed``: a spreadsheet's own form, too."""
    if not text:
        return Fault(column, RowFault.MISSING_VALUE, f"The row lacks a date in “{column}”.")
    for form in (*formats, *((Format.ISO, Format.ISO_TIME) if typed else ())):
        if form is Format.SERIAL:
            if text.isdigit() and FIRST_SERIAL <= int(text) <= LAST_SERIAL:
                return Moment(SERIAL_START + timedelta(days=int(text)))
            continue
        pattern, _ = _DATE_FORMS[form]
        if match := pattern.fullmatch(text):
            return _day(column, text, match)
    return Fault(column, RowFault.IMPOSSIBLE_DATE, _no_date(text, formats))


def _day(column: str, text: str, match: re.Match[str]) -> Moment | Fault:
    parts = match.groupdict()
    month = _MONTH_NAMES.get(parts["w"].lower(), 0) if parts.get("w") else int(parts["m"])
    year = int(parts["y"])
    if len(parts["y"]) == 2:
        year += 1900 if year >= FIRST_SHORT_YEAR else 2000
    try:
        day = date(year, month, int(parts["d"]))
    except ValueError:
        return Fault(column, RowFault.IMPOSSIBLE_DATE, f"The date {text} does not exist.")
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        return Fault(column, RowFault.IMPOSSIBLE_DATE, f"The year of {text} cannot be right.")
    return Moment(day, parts.get("t") or "")


def _no_date(text: str, formats: Sequence[Format]) -> str:
    known = [(form, _DATE_FORMS[form][1]) for form in formats if form in _DATE_FORMS]
    form, example = known[0] if known else (Format.DAY_FIRST, "30/04/2025")
    told = f"{quoted(text)} is not a date; write {form}, as {example}"
    if text.isdigit() and FIRST_SERIAL <= int(text) <= LAST_SERIAL:
        day = SERIAL_START + timedelta(days=int(text))
        return f"{told} (it may be a spreadsheet's number for {day:%d/%m/%Y})."
    return f"{told}."


def read_moment(column: str, day: date, text: str, *, typed: bool = False) -> datetime | Fault:
    """London wall-clock time to UTC. Of an hour that comes twice, the first; an hour that is skipped does not exist."""
    match = (_TIME_WITH_SECONDS if typed else _TIME).fullmatch(text)
    if not match:
        return Fault(column, RowFault.IMPOSSIBLE_TIME, f"{quoted(text)} is not a time of day; write HH:MM, as 23:05.")
    hour, minute = int(match[1]), int(match[2])
    if (start := _plain_day_start(day)) is not None:
        return start + timedelta(hours=hour, minutes=minute)
    wall = datetime.combine(day, time(hour, minute))
    moment = wall.replace(tzinfo=LONDON).astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) != wall:
        sentence = f"On {day:%d/%m/%Y} the clocks went forward and there was no {text}; say the time by the new clock."
        return Fault(column, RowFault.NO_SUCH_HOUR, sentence)
    return moment


@lru_cache(maxsize=4_000)
def _plain_day_start(day: date) -> datetime | None:
    """Midnight in London at the start of ``day``, in UTC; None for a day on which the clocks change."""
    start = day_start(day)
    return start if day_start(day + timedelta(days=1)) - start == timedelta(days=1) else None


def read_month(column: str, text: str, formats: Sequence[Format], *, typed: bool = False) -> Month | Fault:
    """A month in one of ``formats``."""
    if not text:
        return Fault(column, RowFault.MISSING_VALUE, f"The row lacks a month in “{column}”.")
    for form in (*formats, *((Format.FIRST_OF_MONTH,) if typed else ())):
        if (month := _month_as(form, text)) is not None:
            return month
    example = {Format.MONTH_WORD: "Oct 2022", Format.FIRST_OF_MONTH: "2022-10-01"}.get(formats[0], "2022-10")
    return Fault(column, RowFault.IMPOSSIBLE_MONTH, f"{quoted(text)} is not a month; write it as {example}.")


def _month_as(form: Format, text: str) -> Month | None:
    try:
        if form is Format.YEAR_MONTH:
            return Month.parse(text)
        if form is Format.FIRST_OF_MONTH and (match := re.fullmatch(r"(\d{4}-\d{2})-01(?: 00:00)?", text, re.ASCII)):
            return Month.parse(match[1])
        if form is Format.MONTH_WORD and (match := re.fullmatch(r"([A-Za-z]{3,9})[ -](\d{4}|\d{2})", text, re.ASCII)):
            year = int(match[2]) + (2000 if len(match[2]) == 2 else 0)
            return Month(year, _MONTH_NAMES.get(match[1].lower(), 0))
        if form in (Format.DAY_FIRST, Format.DAY_FIRST_SHORT, Format.ISO, Format.DAY_MONTH_WORD, Format.MONTH_FIRST):
            moment = read_date("", text, (form,))
            return Month.of(moment.day) if isinstance(moment, Moment) else None
    except DataProblem:
        return None
    return None


def read_quarter(column: str, text: str, form: Format, year: str = "", year_column: str = "") -> Month | Fault:
    """First month of a quarter: ``2025 Q2``, or a number 1 to 4 with the financial year ``2017/18`` beside it."""
    if form is Format.CALENDAR_QUARTER:
        match = re.fullmatch(r"(\d{4})[ -]?Q([1-4])|Q([1-4])[ -](\d{4})", text, re.ASCII | re.IGNORECASE)
        if match:
            return _checked_month(column, text, int(match[1] or match[4]), 3 * int(match[2] or match[3]) - 2)
        return Fault(column, RowFault.IMPOSSIBLE_MONTH, f"{quoted(text)} is not a quarter; write it as 2025 Q2.")
    match = re.fullmatch(r"Q?([1-4])", text, re.ASCII | re.IGNORECASE)
    if not match:
        return Fault(column, RowFault.IMPOSSIBLE_MONTH, f"{quoted(text)} is not a quarter; write 1, 2, 3 or 4.")
    first = read_financial_year(year_column, year)
    if isinstance(first, Fault):
        return first
    return first + 3 * (int(match[1]) - 1)


def read_financial_year(column: str, text: str) -> Month | Fault:
    """April of the financial year ``2017/18`` or ``2017/2018``."""
    match = re.fullmatch(r"(\d{4})[/-](\d{2}|\d{4})", text, re.ASCII)
    if match and (int(match[1]) + 1) % 100 == int(match[2]) % 100:
        return _checked_month(column, text, int(match[1]), 4)
    return Fault(column, RowFault.IMPOSSIBLE_MONTH, f"{quoted(text)} is not a financial year; write it as 2017/18.")


def _checked_month(column: str, text: str, year: int, month: int) -> Month | Fault:
    try:
        return Month(year, month)
    except DataProblem:
        return Fault(column, RowFault.IMPOSSIBLE_MONTH, f"The year of {quoted(text)} cannot be right.")


def read_count(column: str, text: str) -> int | None | Fault:
    """A whole number, thousands commas allowed; None for a small number that the publisher withheld (``<5``, ``*``)."""
    if not text:
        return Fault(column, RowFault.MISSING_VALUE, "The row does not say how many.")
    if _WHOLE.fullmatch(text) and len(text) <= 20:
        return int(text.replace(",", "").split(".")[0])
    if _WITHHELD.fullmatch(text):
        return None
    if _MONEY.search(text):
        return Fault(
            column, RowFault.IMPOSSIBLE_NUMBER, f"{quoted(text)} is an amount of money, not a number of cases."
        )
    return Fault(column, RowFault.IMPOSSIBLE_NUMBER, f"{quoted(text)} is not a whole number.")


def read_header_month(name: str) -> Month | None:
    """The month a column of counts is named by: ``202312``, ``2023-12``, ``Dec 2023``, ``Dec-23``; None for others."""
    try:
        if match := re.fullmatch(r"(\d{4})-?(\d{2})(?:-01)?", name, re.ASCII):
            return Month(int(match[1]), int(match[2]))
        return _month_as(Format.MONTH_WORD, name)
    except DataProblem:
        return None


def whole_days(first: date, last: date) -> Span:
    """From the start of one London day to the end of another."""
    month = date(first.year, first.month, 1)
    return Span(day_start(first), day_start(last + timedelta(days=1)), Precision.DAY, month)
