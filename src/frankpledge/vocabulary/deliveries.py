"""What a source hands over: the events of one file and period, the rows it could not use, and the sum that proves it.

A source never mends silently. Each row it reads ends in exactly one of three places: among the events, among the
rejected rows with a sentence, or counted as a duplicate. ``Balance`` is that sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from frankpledge.vocabulary.columns import Shape

if TYPE_CHECKING:
    import pyarrow as pa

    from frankpledge.vocabulary.periods import MonthSpan

# How each source is spoken of, on pages, in reports and in files alike.
SOURCE_LABELS = {
    "police-uk-street": "data.police.uk crime",
    "police-uk-outcomes": "data.police.uk outcomes",
    "police-uk-stop-and-search": "data.police.uk stop and search",
    "police-extract": "Police recorded crime",
    "council-asb": "Council anti-social behaviour",
    "fire-incidents": "Fire incidents",
    "police-recorded-crime": "Police recorded crime",
    "fixmystreet": "FixMyStreet reports",
    "fixmystreet-district": "FixMyStreet reports by district",
    "london-animal-rescues": "London Fire Brigade animal rescues",
    "northumbria-asb": "Northumbria anti-social behaviour",
    "health-counts": "Depersonalised health counts",
    "void-homes": "Empty homes",
    "licensed-premises": "Licensed premises",
    "gambling-premises": "Licensed gambling premises",
    "gazetteer": "Address gazetteer",
    "survey-answers": "Survey answers",
    "met-borough-counts": "Metropolitan Police counts by borough",
    "met-ward-counts": "Metropolitan Police counts by ward",
    "home-office-counts": "Home Office recorded crime by force",
    "greater-manchester-points": "Greater Manchester burglary points",
    "nottingham-burglary": "Nottingham burglary points",
    "nottingham-robbery": "Nottingham robbery points",
    "chicago-burglary": "Chicago burglary",
    "washington-burglary": "Washington DC burglary",
}

RAW_LIMIT = 2_000  # characters of a rejected row that are kept


class RowFault(StrEnum):
    """Why a row could not be used. The value is the word on the quarantine page and in the quality report."""

    WRONG_NUMBER_OF_COLUMNS = "wrong number of columns"
    UNREADABLE_CHARACTERS = "unreadable characters"
    OVERSIZED_CELL = "oversized cell"
    UNFINISHED_QUOTE = "unfinished quotation mark"
    IMPOSSIBLE_MONTH = "impossible month"
    OTHER_MONTH = "another month than the file's"
    UNKNOWN_PUBLISHER = "unknown publisher"
    OTHER_PUBLISHER = "another publisher than the file's"
    UNKNOWN_CRIME_TYPE = "unknown crime type"
    MISSING_VALUE = "missing value"
    MALFORMED_POSITION = "malformed position"
    POSITION_IN_THE_SEA = "position in the sea"
    MALFORMED_AREA_CODE = "malformed area code"
    MALFORMED_PREMISES = "malformed premises number"
    IMPOSSIBLE_DATE = "impossible date"
    IMPOSSIBLE_TIME = "impossible time"
    NO_SUCH_HOUR = "an hour that does not exist"
    ENDS_BEFORE_IT_STARTS = "ends before it starts"
    TOTAL_ROW = "a total of other rows"
    IMPOSSIBLE_NUMBER = "impossible number"
    UNKNOWN_AREA = "unknown area"
    MALFORMED_POSTCODE = "malformed postcode"


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row that could not be used, with place and reason. ``line`` counts from 1, the header being line 1."""

    file: str
    line: int
    column: str | None  # the publisher's column name; None when the row as a whole is at fault
    fault: RowFault
    sentence: str
    raw: str  # the row as delivered, at most RAW_LIMIT characters


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file none of whose rows were used, with ONE sentence: what it is, where, and what to do."""

    file: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Balance:
    """Rows read = stored + quarantined + duplicates. Raises ValueError when not so: rows would have been lost."""

    read: int = 0
    stored: int = 0
    quarantined: int = 0
    duplicates: int = 0

    def __post_init__(self) -> None:
        if min(self.read, self.stored, self.quarantined, self.duplicates) < 0 or not self.holds:
            raise ValueError(
                f"rows do not balance: {self.read} read, {self.stored} stored, "
                f"{self.quarantined} quarantined, {self.duplicates} duplicates"
            )

    @property
    def holds(self) -> bool:
        return self.read == self.stored + self.quarantined + self.duplicates

    def __add__(self, other: Balance) -> Balance:
        return Balance(
            self.read + other.read,
            self.stored + other.stored,
            self.quarantined + other.quarantined,
            self.duplicates + other.duplicates,
        )


@dataclass(frozen=True)
class Delivery:
    """One publisher's rows of one period, out of one file.

    ``events`` is a table of exactly the columns that go with ``shape`` (``EVENT_COLUMNS`` unless said otherwise; see
    ``COLUMNS_OF``), in that order. ``content_sha256`` is the same for
    a renamed, re-ordered or differently compressed copy; ``file_sha256`` is of the bytes as delivered.
    """

    source: str  # police-uk-street, police-uk-outcomes, police-uk-stop-and-search, police-extract, council-asb ...
    publisher: str  # slug: leicestershire
    publisher_name: str  # Leicestershire Police
    period: MonthSpan
    file: str  # as given; archive.zip/2021-01/2021-01-leicestershire-street.csv for a member of an archive
    file_sha256: str
    content_sha256: str
    events: pa.Table
    rejected: tuple[RejectedRow, ...]
    duplicates: int
    balance: Balance
    shape: Shape = Shape.EVENTS
    profile: str = ""  # name and version of the source profile that read it: "void-homes 1"
    notes: tuple[str, ...] = ()  # what a reader of the quality report should know, one sentence each
    # The file's columns in its order: what the cells of a rejected row are called. Empty where rows are not kept.
    header: tuple[str, ...] = ()
