"""Numbers, intervals and months as British readers expect them, for templates."""

from datetime import date

from frankpledge.analysis.picture_results import AreaPicture
from frankpledge.analysis.results import Interval
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.wording import Phrase, Translate, decimal, in_english, said, share, whole

__all__ = [
    "date_words",
    "decimal",
    "interval_words",
    "month_short",
    "places_for",
    "rate_places",
    "said",
    "share",
    "span_words",
    "whole",
]


def interval_words(interval: Interval, places: int = 1, scale: float = 1.0) -> Phrase:
    """``9.5 to 11.7``; a lower limit that is not given is said so, never shown as nought."""
    if interval.lower is None:
        return Phrase("up to {high}", high=decimal(interval.upper * scale, places))
    return Phrase(
        "{low} to {high}", low=decimal(interval.lower * scale, places), high=decimal(interval.upper * scale, places)
    )


def month_short(month: Month, translate: Translate = in_english) -> str:
    """``Oct``: three letters for an axis, of the month's name in the reader's language."""
    return translate(month.label.split(" ")[0])[:3]


def span_words(span: MonthSpan, translate: Translate = in_english) -> str:
    """``year to October 2022``."""
    return said(span, translate)


def date_words(day: date) -> str:
    """``21 November 2026``."""
    return f"{day.day} {Month.of(day).label}"


def rate_places(picture: AreaPicture) -> int:
    """Decimals of every rate on a picture: two where its own is below one in 1,000, so that few never read as none."""
    return 2 if picture.rate is not None and picture.rate.value < 1 else 1


def places_for(values: list[float]) -> int:
    """Decimals that tell these values apart without false precision: none from 100, two where all are below one."""
    top = max((abs(value) for value in values), default=0.0)
    if top >= 100:
        return 0
    return 1 if top >= 1 else 2
