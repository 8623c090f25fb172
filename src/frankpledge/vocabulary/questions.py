"""What can be asked of the events, and the answer: one question in an address, a saved figure and an indicator alike.

A ``Question`` says which events (types, publisher's words, source, area, months, weekdays, hours); a ``Measure`` says
what to work out about them; an ``Answer`` is the number with everything needed to doubt or repeat it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.figures import Completeness
from frankpledge.vocabulary.periods import Month, MonthSpan

LONGEST_WORD = 80
MOST_PUBLISHER_TYPES = 20
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Measure(StrEnum):
    """What is worked out. The value is the word in addresses, saved questions and indicators."""

    COUNT = "count"
    RATE_PER_1000_HOUSEHOLDS = "rate per 1,000 households"
    RATE_PER_1000_RESIDENTS = "rate per 1,000 residents"
    CHANGE_ON_YEAR_BEFORE = "change on the year before"  # percent
    RATE_RATIO = "rate against the rest of the force"  # times
    CONCENTRATION = "share in the worst 5 % of small areas"  # percent
    REPEAT_SHARE = "share at premises hit before"  # percent
    NEAR_REPEAT_SHARE = "share soon after and near another"  # percent

    @property
    def unit(self) -> str:
        """The unit of the value, in words that indicators share."""
        return _UNITS[self]


_UNITS = {
    Measure.COUNT: "count",
    Measure.RATE_PER_1000_HOUSEHOLDS: "per 1,000 households",
    Measure.RATE_PER_1000_RESIDENTS: "per 1,000 residents",
    Measure.CHANGE_ON_YEAR_BEFORE: "percent",
    Measure.RATE_RATIO: "times",
    Measure.CONCENTRATION: "percent",
    Measure.REPEAT_SHARE: "percent",
    Measure.NEAR_REPEAT_SHARE: "percent",
}


@dataclass(frozen=True, slots=True)
class Question:
    """Which events. Empty or None always means *all*, or the best at hand; never a guess written down.

    ``area`` is a code (a name is understood too; empty: the partnership's own). ``weekdays`` count from 0, Monday;
    ``hours`` from 0 to 23, local time. ``first`` and ``last`` are months, both included.
    """

    area: str = ""
    crime_types: tuple[CrimeType, ...] = ()
    source: str | None = None
    first: Month | None = None
    last: Month | None = None
    edition: str | None = None
    publisher_types: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """One form for one meaning, so that equal questions are equal. Raises DataProblem for what makes no sense."""
        object.__setattr__(self, "crime_types", tuple(sorted({_crime_type(word) for word in self.crime_types})))
        object.__setattr__(self, "publisher_types", tuple(sorted(set(self.publisher_types))))
        object.__setattr__(self, "weekdays", _numbers(self.weekdays, 7, "a day of the week"))
        object.__setattr__(self, "hours", _numbers(self.hours, 24, "an hour of the day"))
        if self.first and self.last:
            MonthSpan(self.first, self.last)  # raises when the two are the wrong way round

    @property
    def crime_type(self) -> CrimeType | None:
        """The one type asked for; None for all or for several."""
        return self.crime_types[0] if len(self.crime_types) == 1 else None

    @property
    def needs_days(self) -> bool:
        """Whether only events whose day is known can answer."""
        return bool(self.weekdays or self.hours)

    def as_dict(self) -> dict[str, Any]:
        """A JSON form that ``from_dict`` reads again."""
        return {
            "area": self.area,
            "crime_types": [kind.value for kind in self.crime_types],
            "source": self.source,
            "first": str(self.first) if self.first else None,
            "last": str(self.last) if self.last else None,
            "edition": self.edition,
            "publisher_types": list(self.publisher_types),
            "weekdays": list(self.weekdays),
            "hours": list(self.hours),
        }

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> "Question":
        """From ``as_dict``. Raises DataProblem for what makes no sense."""
        return cls(
            area=str(found.get("area") or ""),
            crime_types=tuple(_crime_type(word) for word in found.get("crime_types") or ()),
            source=found.get("source") or None,
            first=Month.parse(found["first"]) if found.get("first") else None,
            last=Month.parse(found["last"]) if found.get("last") else None,
            edition=found.get("edition") or None,
            publisher_types=tuple(found.get("publisher_types") or ()),
            weekdays=tuple(found.get("weekdays") or ()),
            hours=tuple(found.get("hours") or ()),
        )

    def as_query(self) -> list[tuple[str, str]]:
        """The parts of an address that say this question, nothing that is left open; for ``urlencode``."""
        single = {"area": self.area, "source": self.source, "from": self.first, "to": self.last}
        pairs = [(name, str(value)) for name, value in single.items() if value]
        pairs += [("edition", self.edition)] if self.edition else []
        pairs += [("type", kind.value) for kind in self.crime_types]
        pairs += [("words", words) for words in self.publisher_types]
        pairs += [("day", str(day)) for day in self.weekdays]
        return pairs + [("hour", str(hour)) for hour in self.hours]

    @classmethod
    def from_query(cls, asked: Mapping[str, Sequence[str]]) -> "Question":
        """From an address (name -> values, as ``dict(request.GET.lists())``).

        Hours may also come as ``hour_from`` and ``hour_to`` (the hour that no longer counts; past midnight goes round).
        Raises DataProblem in one sentence for what makes no sense.
        """
        words = {name: [value.strip()[:LONGEST_WORD] for value in values] for name, values in asked.items()}
        one = {name: next((value for value in reversed(values) if value), "") for name, values in words.items()}
        return cls(
            area=one.get("area", ""),
            crime_types=tuple(_crime_type(word) for word in words.get("type", ()) if word),
            source=one.get("source") or None,
            first=Month.parse(one["from"]) if one.get("from") else None,
            last=Month.parse(one["to"]) if one.get("to") else None,
            edition=one.get("edition") or None,
            publisher_types=tuple(word for word in words.get("words", ()) if word)[:MOST_PUBLISHER_TYPES],
            weekdays=tuple(_whole(word, "a day of the week") for word in words.get("day", ()) if word),
            hours=(
                *(_whole(word, "an hour of the day") for word in words.get("hour", ()) if word),
                *_hours_between(one.get("hour_from", ""), one.get("hour_to", "")),
            ),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A number and what it rests on.

    ``value`` is in ``unit`` and None where it cannot be said (``sentence`` then says why); ``interval`` is of 95 %;
    ``n`` is how many events were looked at; ``batches`` are the keys of the files behind it; ``method`` is one line
    that names method, source and seed where there is one.
    """

    value: float | None
    unit: str
    period: MonthSpan | None
    sentence: str
    method: str
    numerator: float | None = None
    denominator: float | None = None
    denominator_edition: str = ""
    interval: tuple[float, float] | None = None
    n: int | None = None
    completeness: Completeness = Completeness.COMPLETE
    batches: tuple[str, ...] = ()
    area_code: str = ""
    area_name: str = ""


def _crime_type(word: str) -> CrimeType:
    try:
        return CrimeType(word)
    except ValueError:
        raise DataProblem(f"There is no type “{word}”.", remedy="Choose one from the list.") from None


def _whole(word: str, thing: str) -> int:
    if not (word.isascii() and word.isdigit()):
        raise DataProblem(f"“{word}” is not {thing}.", remedy="Choose one from the list.")
    return int(word[:4])


def _numbers(numbers: Sequence[int], end: int, thing: str) -> tuple[int, ...]:
    """Sorted, each once. All of them is the same as none: no limit."""
    wrong = [number for number in numbers if not 0 <= number < end]
    if wrong:
        raise DataProblem(f"“{wrong[0]}” is not {thing}.", remedy="Choose one from the list.")
    found = tuple(sorted(set(numbers)))
    return () if len(found) == end else found


def _hours_between(first: str, end: str) -> tuple[int, ...]:
    if not first and not end:
        return ()
    start = _whole(first, "an hour of the day") % 24 if first else 0
    stop = _whole(end, "an hour of the day") % 24 if end else 0
    return tuple((start + hour) % 24 for hour in range((stop - start - 1) % 24 + 1))
