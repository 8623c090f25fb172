"""Months, quarters and years as a partnership speaks of them. The financial year starts in April."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from frankpledge.vocabulary.errors import DataProblem

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month. Orders by time; ``number`` counts months since year 0 for arithmetic."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and FIRST_YEAR <= self.year <= LAST_YEAR):
            raise DataProblem(
                f"“{self.year:04d}-{self.month:02d}” is not a month.", remedy="Write YYYY-MM, such as 2022-10."
            )

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read ``YYYY-MM``; raises DataProblem for anything else."""
        match = _MONTH.fullmatch(text.strip())
        if not match:
            raise DataProblem(f"“{text}” is not a month.", remedy="Write YYYY-MM, such as 2022-10.")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def from_number(cls, number: int) -> "Month":
        return cls(number // 12, number % 12 + 1)

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @property
    def number(self) -> int:
        return self.year * 12 + self.month - 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, self.days)

    @property
    def days(self) -> int:
        return calendar.monthrange(self.year, self.month)[1]

    @property
    def label(self) -> str:
        """As British people write it: ``October 2022``."""
        return f"{calendar.month_name[self.month]} {self.year}"

    @property
    def short_label(self) -> str:
        """For axes: ``Oct 2022``."""
        return f"{calendar.month_abbr[self.month]} {self.year}"

    def __add__(self, months: int) -> "Month":
        return Month.from_number(self.number + months)

    def __sub__(self, months: int) -> "Month":
        return Month.from_number(self.number - months)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, slots=True)
class MonthSpan:
    """Months from ``first`` to ``last``, both included."""

    first: Month
    last: Month

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise DataProblem(
                f"The period ends ({self.last.label}) before it starts ({self.first.label}).", remedy="Swap the two."
            )

    @classmethod
    def year_to(cls, last: Month) -> "MonthSpan":
        """The twelve months ending with ``last``."""
        return cls(last - 11, last)

    def __len__(self) -> int:
        return self.last.number - self.first.number + 1

    def __iter__(self) -> Iterator[Month]:
        return (Month.from_number(n) for n in range(self.first.number, self.last.number + 1))

    def __contains__(self, month: Month) -> bool:
        return self.first <= month <= self.last

    def before(self) -> "MonthSpan":
        """The span of the same length that ends just before this one."""
        return MonthSpan(self.first - len(self), self.first - 1)

    def year_earlier(self) -> "MonthSpan":
        """The same months one year before."""
        return MonthSpan(self.first - 12, self.last - 12)

    @property
    def label(self) -> str:
        """``year to October 2022``, ``quarter to June 2026`` or ``May to June 2026``."""
        names = {12: "year to", 3: "quarter to"}
        if len(self) == 1:
            return self.last.label
        if len(self) in names:
            return f"{names[len(self)]} {self.last.label}"
        if self.first.year == self.last.year:
            return f"{calendar.month_name[self.first.month]} to {self.last.label}"
        return f"{self.first.label} to {self.last.label}"


# Recorded crime from April 2020 to June 2021 moved with the lockdowns, not with what police or partners did.
LOCKDOWNS = MonthSpan(Month(2020, 4), Month(2021, 6))
