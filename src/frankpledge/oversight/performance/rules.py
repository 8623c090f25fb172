"""Quarters of the financial year, and what needs the meeting. No database, no clock."""

from dataclasses import dataclass
from datetime import date, timedelta

from frankpledge.analysis.status import Standing
from frankpledge.analysis.targets import Polarity, Status
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.periods import FIRST_YEAR, LAST_YEAR, Month, MonthSpan
from frankpledge.vocabulary.wording import Phrase

# The order of the statuses that do not need the meeting, as they are listed.
QUIET_ORDER = (
    Status.NO_CLEAR_CHANGE,
    Status.TOO_FEW,
    Status.ON_COURSE,
    Status.MET,
    Status.NO_TARGET,
    Status.AT_RISK,
    Status.MISSED,
)


@dataclass(frozen=True, slots=True, order=True)
class FinancialQuarter:
    """A quarter (1 to 4) of the financial year that begins in April of ``year``."""

    year: int
    quarter: int

    def __post_init__(self) -> None:
        if not (FIRST_YEAR < self.year < LAST_YEAR and 1 <= self.quarter <= 4):
            raise DataProblem(f"Quarter {self.quarter} of {self.year} is no quarter of a financial year.")

    @classmethod
    def of(cls, day: date) -> "FinancialQuarter":
        """The quarter a day lies in."""
        months = Month.of(day).number - 3
        return cls(months // 12, months % 12 // 3 + 1)

    @property
    def span(self) -> MonthSpan:
        first = Month(self.year, 4) + 3 * (self.quarter - 1)
        return MonthSpan(first, first + 2)

    @property
    def first_day(self) -> date:
        return self.span.first.first_day

    @property
    def last_day(self) -> date:
        return self.span.last.last_day

    @property
    def year_words(self) -> str:
        """``2026/27``."""
        return f"{self.year}/{(self.year + 1) % 100:02d}"

    @property
    def words(self) -> Phrase:
        """``Quarter 2, 2026/27``."""
        return Phrase("Quarter {quarter}, {year}", quarter=str(self.quarter), year=self.year_words)

    @property
    def months_words(self) -> Phrase:
        """``July to September 2026``."""
        return Phrase("{first} to {last}", first=Phrase(self.span.first.label.split(" ")[0]), last=self.span.last)

    def before(self) -> "FinancialQuarter":
        return FinancialQuarter.of(self.first_day - timedelta(days=1))

    def after(self) -> "FinancialQuarter":
        return FinancialQuarter.of(self.last_day + timedelta(days=1))


def newest_quarter(last_figure: date | None, today: date) -> FinancialQuarter:
    """The quarter a page opens at: the newest that has ended and has a figure; without figures the last that ended."""
    ended = FinancialQuarter.of(today).before()
    if last_figure is None:
        return ended
    return min(FinancialQuarter.of(last_figure), ended)


def needs_the_meeting(found: Standing) -> bool:
    """At risk or missed; or, without a target that says otherwise, moving the wrong way beyond what was expected.

    A rise in what we want to hear of never does, nor anything shown for context.
    """
    if found.polarity is Polarity.CONTEXT_ONLY:
        return False
    if found.status in (Status.AT_RISK, Status.MISSED):
        return True
    if found.status not in (Status.NO_TARGET, Status.NO_CLEAR_CHANGE):
        return False
    known = [quarter for quarter in found.quarters if not quarter.ahead and quarter.value is not None]
    if not known:
        return False
    return known[-1].below if found.polarity is Polarity.MORE_IS_GOOD else known[-1].above


def worst_first(found: Standing) -> tuple[float, str]:
    """The key exceptions are ordered by: the worst chance of meeting the target first."""
    chance = found.ahead.chance if found.ahead and found.ahead.chance is not None else 0.5
    return (-1.0 if found.status is Status.MISSED else chance, found.name)


def quiet_order(found: Standing) -> tuple[int, str]:
    """The key the others are ordered by: what cannot be said first, then what goes well."""
    return QUIET_ORDER.index(found.status), found.name


@dataclass(frozen=True, slots=True)
class Letter:
    """A reminder as it would be sent. ``links``: name and address of each line to fill in."""

    to_id: int
    to_name: str
    to_email: str
    subject: str
    text: str
    keys: tuple[str, ...]


def letter(
    *,
    to_id: int,
    to_name: str,
    to_email: str,
    quarter: FinancialQuarter,
    lines: list[tuple[str, str, str]],
    due_on: str,
    partnership: str,
    words: tuple[str, str],
) -> Letter:
    """A reminder of ``lines`` (key, name, address). ``words``: the subject and text with their placeholders."""
    subject, text = words
    listed = "\n".join(f"- {' '.join(name.split())}\n  {address}" for _, name, address in lines)
    values = {
        "name": " ".join(to_name.split()),
        "quarter": str(quarter.words),
        "months": str(quarter.months_words),
        "due": due_on,
        "lines": listed,
        "partnership": " ".join(partnership.split()),
    }
    return Letter(to_id, to_name, to_email, subject % values, text % values, tuple(key for key, _, _ in lines))
