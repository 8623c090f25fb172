"""Moments as whole minutes since 1970 by the clock on the wall in London: what a record clerk writes down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from frankpledge.vocabulary.periods import MonthSpan

Minutes = NDArray[np.int64]
DAY = 1440


def day_number(day: date) -> int:
    """Days since 1 January 1970."""
    return (day - date(1970, 1, 1)).days


def first_and_last_day(span: MonthSpan) -> tuple[int, int]:
    """Day numbers of the first day of the span and of the day after its last."""
    return day_number(span.first.first_day), day_number((span.last + 1).first_day)


def weekdays(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 Monday to 6 Sunday (1 January 1970 was a Thursday)."""
    return (days + 3) % 7


def month_numbers(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """``Month.number`` of each day."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12


def daily_weights(first: int, last: int, season: Sequence[float], weekday: Sequence[float]) -> NDArray[np.float64]:
    """Season times weekday for each day from ``first`` to before ``last``."""
    days = np.arange(first, last)
    return np.asarray(season)[month_numbers(days) % 12] * np.asarray(weekday)[weekdays(days)]


def moments(days: NDArray[np.int64], hours: Sequence[int], rng: Generator) -> Minutes:
    """A minute on each day, by the shares of the hours."""
    shares = np.asarray(hours, dtype=float)
    hour = rng.choice(24, len(days), p=shares / shares.sum())
    return days * DAY + hour * 60 + rng.integers(0, 60, len(days))


def existing(minutes: Minutes) -> Minutes:
    """The same, but no moment in the hour that is skipped when the clocks go forward: it becomes the hour after."""
    years = (
        range(1970 + int(minutes.min()) // 525_960, 1972 + int(minutes.max()) // 525_960) if len(minutes) else range(0)
    )
    result = minutes.copy()
    for year in years:
        start = skipped_hour(year)
        result[(result >= start) & (result < start + 60)] += 60
    return result


def skipped_hour(year: int) -> int:
    """The first minute of the hour that does not exist: 01:00 on the last Sunday of March."""
    last = date(year, 3, 31)
    sunday = last - timedelta(days=(last.weekday() + 1) % 7)
    return day_number(sunday) * DAY + 60


def date_text(minutes: Minutes) -> list[str]:
    """dd/mm/yyyy."""
    written = np.datetime_as_string((minutes // DAY).astype("datetime64[D]"))
    return [f"{text[8:10]}/{text[5:7]}/{text[:4]}" for text in written.tolist()]


def time_text(minutes: Minutes) -> list[str]:
    """HH:MM."""
    return [f"{minute // 60:02d}:{minute % 60:02d}" for minute in (minutes % DAY).tolist()]


def iso_text(minutes: Minutes) -> list[str]:
    """YYYY-MM-DDTHH:MM."""
    return list(np.datetime_as_string(minutes.astype("datetime64[m]"), unit="m").tolist())
