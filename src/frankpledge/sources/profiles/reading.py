"""Reading a file with a profile: from a table of text to deliveries of events, counts, premises or answers.

Every row ends stored, set aside with a sentence, or counted as a duplicate. What is private is left behind at the first
step: no judge is asked about it, no delivery holds it, and the text of a row set aside has it withheld.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from frankpledge.sources.handing_over import (
    READING_EDITION,
    BoolArray,
    IndexArray,
    PublisherMonth,
    blank_to_null,
    day_start,
    equal_rows,
    hand_over,
    month_bounds,
    place_precision,
    repeated_rows,
    shaped_table,
)
from frankpledge.sources.judging import Fault, Judge, Judged, quoted
from frankpledge.sources.opening import Candidate, Table
from frankpledge.sources.parcels import Parcel
from frankpledge.sources.police_uk import Places
from frankpledge.sources.positions import may_be_land_on_grid
from frankpledge.sources.profiles.cells import (
    Span,
    read_count,
    read_date,
    read_financial_year,
    read_header_month,
    read_moment,
    read_month,
    read_quarter,
    whole_days,
)
from frankpledge.sources.profiles.changes import renamed_words
from frankpledge.sources.profiles.profile import Column, Format, Profile, Role, Room
from frankpledge.sources.sheets import MOST_LINES, Sheet, UnusableSheet
from frankpledge.vocabulary.areas import is_area_code
from frankpledge.vocabulary.columns import PlacePrecision, Precision, Shape
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.deliveries import Delivery, RowFault
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.forces import FORCES
from frankpledge.vocabulary.land import GRID_EAST, GRID_NORTH
from frankpledge.vocabulary.periods import Month

MADE_UP = "X"  # first letter of a made-up area's code: such areas may lie anywhere, in the sea too
US_SURVEY_FOOT_M = 1200 / 3937
LARGEST_LOCAL_M = 1e8

_METRES = re.compile(r"-?\d{1,9}(?:\.\d{1,6})?", re.ASCII)
_LOCAL = re.compile(r"-?\d{1,9}(?:\.\d{1,20})?", re.ASCII)
_UPRN = re.compile(r"\d{1,13}", re.ASCII)  # thirteen digits: made up, see vocabulary.premises
_OUTWARD = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?", re.ASCII)
_IRISH_AREA = re.compile(r"\d\d[A-Z]{2}\d\d[SWC]\d", re.ASCII)  # super output areas of Northern Ireland, 2001
_TOTAL = r"(?i)^\s*((grand|sub|overall)[\s-]*)?totals?(\s*[:=].*|\s+(for|of|all|rows|offences|crimes|number)\b.*)?\s*$"
_SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True)
class Given:
    """What the person who adds a file says of it, where its name and rows do not: whose it is and for which month."""

    publisher: str = ""  # slug
    publisher_name: str = ""
    month: Month | None = None
    received: date | None = None  # for lists that say how things stand: the day they came


@dataclass(frozen=True, slots=True)
class _Said:
    publisher: str
    publisher_name: str
    month: Month | None


@dataclass(frozen=True, slots=True)
class _Point:
    easting: float
    northing: float
    made_up: bool


def header_of(profile: Profile, table: Table) -> Candidate | None:
    """The row of ``table`` that names all columns the profile cannot do without; None when there is none."""
    return next((row for row in table.candidates if not lacking(profile, row.names)), None)


def lacking(profile: Profile, names: Sequence[str]) -> list[str]:
    """Columns the profile cannot do without that are not among ``names``, by their first name."""
    there = {_key(name, profile) for name in names}
    return [
        column.name for column in profile.required if not any(_key(name, profile) in there for name in column.names)
    ]


def known_names(profile: Profile, names: Sequence[str]) -> int:
    """How many of the columns of a table the profile knows."""
    known = {_key(name, profile) for column in profile.columns for name in column.names}
    return sum(_key(name, profile) in known for name in names)


def _key(name: str, profile: Profile) -> str:
    return " ".join(name.split()).casefold() if profile.tidy else name


def read_table(
    profile: Profile,
    parcel: Parcel,
    table: Table,
    header: Candidate,
    *,
    plain: bool = False,
    given: Given | None = None,
) -> Iterator[Delivery]:
    """The deliveries of one table. Raises UnusableSheet when it holds no usable row or does not say whose it is."""
    said = _said(profile, parcel.own_name, given or Given())
    private = [name for name in header.names if _is_withheld(profile, name)]
    sheet = table.sheet(header, plain=plain, private=private)
    reading = _Reading(profile, _prepared(profile, sheet), said, tuple(private), table.notes)
    yield from reading.deliveries(replace(parcel, name=table.file))


def _is_private(profile: Profile, name: str) -> bool:
    return _key(name, profile) in {_key(private, profile) for private in profile.private}


def _is_withheld(profile: Profile, name: str) -> bool:
    """Whether the cells of a column are kept from the text of rows set aside.

    In a file with private columns one that nobody knows may be private too: “Victim” for “Victim reference”.
    """
    return _is_private(profile, name) or (bool(profile.private) and not known_names(profile, [name]))


def _said(profile: Profile, own_name: str, given: Given) -> _Said:
    """Publisher and month by the file's name, by the profile, or by who adds it. Raises UnusableSheet when unsaid."""
    match = re.fullmatch(profile.period.pattern, own_name, re.IGNORECASE | re.ASCII) if profile.period.pattern else None
    parts = match.groupdict() if match else {}
    publisher = given.publisher or profile.publisher or (parts.get("publisher") or "").lower()
    if given.publisher:
        name = given.publisher_name or FORCES.get(publisher) or as_name(publisher)
    else:
        name = profile.publisher_name or FORCES.get(publisher) or as_name(publisher)
    month = given.month or _month_of(parts)
    if profile.period.said_by == _SNAPSHOT and month is None:
        month = Month.of(given.received or date.today())
    if publisher and (month or profile.period.said_by in ("rows", "columns")):
        return _Said(publisher, name, month if profile.period.said_by in ("file name", _SNAPSHOT) else given.month)
    called = profile.period.called or "PUBLISHER-YYYY-MM.csv"
    if publisher:
        raise UnusableSheet(f"does not say for which month; call it {called}.")
    raise UnusableSheet(f"does not say whose it is and for which month; call it {called}.")


def _month_of(parts: Mapping[str, str | None]) -> Month | None:
    try:
        if month := parts.get("month"):
            year, _, number = month.partition("-")
            return Month(int(year), int(number))
        if year_alone := parts.get("year"):
            return Month(int(year_alone), 1)
    except (DataProblem, ValueError):
        return None  # the month in the name is none: the same sentence serves
    return None


def as_name(slug: str) -> str:
    """``aldercombe-borough-council`` -> ``Aldercombe Borough Council``."""
    return " ".join(word if word in ("and", "of", "the") else word.capitalize() for word in slug.split("-"))


# From the cells as written to the cells as they are judged


def _prepared(profile: Profile, sheet: Sheet) -> Sheet:
    if profile.tidy:
        sheet = _tidied(profile, sheet)
    if profile.period.said_by == "columns":
        return _one_row_a_month(profile, sheet)
    if profile.shape is Shape.ANSWERS:
        return _one_row_an_answer(profile, sheet)
    return sheet


def _tidied(profile: Profile, sheet: Sheet) -> Sheet:
    """Blanks around cells trimmed, words that mean nothing emptied, rows of nothing but blanks left out."""
    empty = pa.array([word.casefold() for word in profile.empty_words], pa.string())
    columns = []
    for column in sheet.columns:
        trimmed = pc.utf8_trim_whitespace(column)
        if profile.empty_words:
            trimmed = pc.if_else(pc.is_in(pc.utf8_lower(trimmed), value_set=empty), "", trimmed)
        columns.append(trimmed)
    filled = np.zeros(len(sheet), dtype=bool)
    for column in columns:
        filled |= pc.not_equal(column, "").to_numpy(zero_copy_only=False)
    lines = sheet.lines
    if not filled.all():
        keep = pa.array(np.flatnonzero(filled))
        columns, lines = [column.take(keep) for column in columns], lines[filled]
    return Sheet(sheet.file, sheet.header, tuple(columns), lines, sheet.rejected, sheet.typed)


_MONTH_COLUMN, _COUNT_COLUMN, _QUESTION_COLUMN, _ANSWER_COLUMN = "month", "number", "question", "answer"


def _one_row_a_month(profile: Profile, sheet: Sheet) -> Sheet:
    """A table with a column for each month as one with a row for each month: ``month`` and ``number``."""
    months = [(place, month) for place, name in enumerate(sheet.header) if (month := read_header_month(name))]
    if not months:
        raise UnusableSheet("has no column that is named by a month, such as 202504; export it again.")
    if len({month for _, month in months}) < len(months):
        raise UnusableSheet("has two columns for the same month; leave one of them out.")
    pairs = [(str(month), sheet.columns[place]) for place, month in months]
    return _unfolded(sheet, {place for place, _ in months}, pairs, _MONTH_COLUMN, _COUNT_COLUMN)


def _one_row_an_answer(profile: Profile, sheet: Sheet) -> Sheet:
    """A table with a column for each question as one with a row for each answer: ``question`` and ``answer``."""
    keys = {
        _key(name, profile): column.name
        for column in profile.columns
        if column.role is Role.ANSWER
        for name in column.names
    }
    asked = [
        (place, keys[_key(name, profile)]) for place, name in enumerate(sheet.header) if _key(name, profile) in keys
    ]
    pairs = [(name, sheet.columns[place]) for place, name in asked]
    return _unfolded(sheet, {place for place, _ in asked}, pairs, _QUESTION_COLUMN, _ANSWER_COLUMN)


def _unfolded(
    sheet: Sheet, used: set[int], pairs: Sequence[tuple[str, pa.StringArray]], name_column: str, value_column: str
) -> Sheet:
    times, rows = len(pairs), len(sheet)
    if times * rows > MOST_LINES:
        raise UnusableSheet(f"holds more than {MOST_LINES:,} figures; split it.")
    kept = [
        (name, column)
        for place, (name, column) in enumerate(zip(sheet.header, sheet.columns, strict=True))
        if place not in used
    ]
    clash = {name for name, _ in kept} & {name_column, value_column}
    if clash:
        raise UnusableSheet(f"has a column called “{clash.pop()}” beside its figures; rename it.")
    again = pa.array(np.tile(np.arange(rows), times))
    names = pa.array([name for name, _ in pairs], pa.string()).take(pa.array(np.repeat(np.arange(times), rows)))
    values = pa.concat_arrays([column for _, column in pairs]) if pairs else pa.array([], pa.string())
    columns = (*(column.take(again) for _, column in kept), names, values)
    header = (*(name for name, _ in kept), name_column, value_column)
    return Sheet(sheet.file, header, columns, np.tile(sheet.lines, times), sheet.rejected, sheet.typed)


# Judging and handing over


class _Reading:
    """One table being read with one profile."""

    def __init__(
        self, profile: Profile, sheet: Sheet, said: _Said, private: tuple[str, ...], notes: tuple[str, ...]
    ) -> None:
        self.profile = profile
        self.sheet = sheet
        self.said = said
        self.public = not profile.private and profile.legal_basis == "published"
        self.judge = Judge(sheet, private=private, public=self.public)
        self.notes = [*notes]

    @cached_property
    def _names(self) -> dict[str, str]:
        return {_key(name, self.profile): name for name in self.sheet.header}

    def find(self, role: Role) -> tuple[str, Column] | None:
        """Name in this file, and the profile's column, of what has ``role``; None when the file has none."""
        column = self.profile.column(role)
        if column is None or (column.private and self.profile.shape is not Shape.PREMISES):
            return None
        for name in column.names:
            if (found := self._names.get(_key(name, self.profile))) is not None:
                return found, column
        return None

    def name(self, role: Role) -> str | None:
        found = self.find(role)
        return found[0] if found else None

    def text(self, role: Role) -> pa.StringArray:
        """The cells of a role as they are, unknown where empty."""
        name = self.name(role)
        return blank_to_null(self.sheet.column(name)) if name else pa.nulls(len(self.sheet), pa.string())

    def deliveries(self, parcel: Parcel) -> Iterator[Delivery]:
        self._set_totals_aside()
        self._require_filled()
        makers = {
            Shape.EVENTS: self._events,
            Shape.COUNTS: self._counts,
            Shape.PREMISES: self._premises,
            Shape.ANSWERS: self._answers,
        }
        columns, months = makers[self.profile.shape]()
        subjects, subject_of_row = self._subjects(months)
        sound = self.judge.sound()
        table = shaped_table(self.profile.shape, self.sheet, **columns)
        about = self._notes_by_month(table, sound)
        edition = str(READING_EDITION) if self.profile.version == 1 else f"{READING_EDITION}.{self.profile.version}"
        return hand_over(
            parcel,
            self.profile.name,
            self.judge,
            events=table,
            subjects=subjects,
            subject_of_row=subject_of_row,
            repeated=self._repeated(sound),
            shape=self.profile.shape,
            profile=self.profile.key,
            edition=edition,
            notes=lambda subject: (*self.notes, *about.get(subject.month, ())),
        )

    def _repeated(self, sound: BoolArray) -> BoolArray:
        reference = self.name(Role.REFERENCE)
        if self.profile.shape in (Shape.COUNTS, Shape.ANSWERS) or (
            self.profile.shape is Shape.PREMISES and reference is None
        ):
            return equal_rows(self.sheet, sound)
        if reference is None:
            return np.zeros(len(self.sheet), dtype=bool)
        return repeated_rows(self.sheet, reference, sound)

    def _subjects(self, months: "Months") -> tuple[list[PublisherMonth], IndexArray]:
        subjects = [
            PublisherMonth(month, self.said.publisher, self.said.publisher_name, self.profile.period.months)
            for month in months.different
        ]
        return subjects, months.of_row

    def _notes_by_month(self, table: pa.Table, sound: BoolArray) -> dict[Month, list[str]]:
        if self.profile.shape is not Shape.COUNTS or self.profile.period.said_by != "columns":
            return {}
        return renamed_words(table.filter(pa.array(sound)), self.profile.renamed)

    def _set_totals_aside(self) -> None:
        """A row whose first words say that it is the sum of others is no row of its own."""
        first = pa.nulls(len(self.sheet), pa.string())
        for name in self.sheet.header:
            if not _is_private(self.profile, name):
                first = pc.coalesce(first, blank_to_null(self.sheet.column(name)))
        total = pc.fill_null(pc.match_substring_regex(first, _TOTAL), False)
        kind = self.name(Role.TYPE) or self.name(Role.AREA)
        if kind:
            total = pc.or_(total, pc.match_substring_regex(self.sheet.column(kind), _TOTAL))
        if not pc.any(total).as_py():
            return
        sentence = "The row is a total of other rows, which are counted one by one; it is left out."
        indices = total.to_numpy(zero_copy_only=False).astype(np.int64)
        self.judge.fault_values(indices, {1: Fault(None, RowFault.TOTAL_ROW, sentence)})

    def _require_filled(self) -> None:
        spoken = {Role.REFERENCE: "the publisher's reference"}
        late = (Role.TYPE, Role.FROM_DATE, Role.MONTH, Role.QUARTER, Role.YEAR, Role.COUNT, Role.AREA)
        for column in self.profile.columns:
            found = self.find(column.role) if column.role else None
            if column.filled and found and column.role and column.role not in late and found[1] is column:
                what = spoken.get(column.role, column.role.words)
                self.judge.each(found[0], by=_required(found[0], what))

    # types and areas

    def _types(self) -> tuple[pa.Array | str, pa.Array | str]:
        """(crime_type, publisher_type) of each row."""
        name = self.name(Role.TYPE)
        if name is None:
            kind = self.profile.otherwise or CrimeType.OTHER_CRIME
            return kind.value, self.profile.publisher_type
        judged = self.judge.each(name, by=self._type_judge(name))
        return judged.spread([kind and kind.value for kind in judged.results], pa.string()), self.sheet.column(name)

    def _type_judge(self, column: str) -> Callable[[str], CrimeType | Fault]:
        codes = self.profile.codes or {}
        if self.profile.tidy:
            codes = {_word(word): kind for word, kind in codes.items()}

        def judge(text: str) -> CrimeType | Fault:
            found = codes.get(_word(text) if self.profile.tidy else text)
            if found is None and text.strip():
                found = self.profile.otherwise
            sentence = f"{quoted(text)} is not among the agreed words for “{column}”."
            return found or Fault(column, RowFault.UNKNOWN_CRIME_TYPE, sentence)

        return judge

    # moments

    def _moments(self) -> tuple[dict[str, pa.Array], "Months"]:
        """The columns occurred_from, occurred_to, precision and month, and the month each row goes with."""
        if found := self.find(Role.FROM_DATE):
            names = [self.name(role) for role in (Role.FROM_DATE, Role.FROM_TIME, Role.TO_DATE, Role.TO_TIME)]
            here = [name for name in names if name]
            judged = self.judge.each(*here, by=self._span_judge(names, found[1]))
        else:
            name, column = self._must(Role.MONTH)
            judged = self.judge.each(name, by=self._month_span_judge(name, column))
        spans = judged.results
        utc = pa.timestamp("us", "UTC")
        columns = {
            "month": judged.spread([span and span.month for span in spans], pa.date32()),
            "occurred_from": judged.spread([span and span.start for span in spans], utc),
            "occurred_to": judged.spread([span and span.end for span in spans], utc),
            "precision": judged.spread([span and span.precision.value for span in spans], pa.string()),
        }
        if self.said.month and self.profile.period.months == 1:
            return columns, Months.all_of(self.said.month, len(self.sheet))
        return columns, Months.of([Month.of(span.month) if span else None for span in spans], judged.indices)

    def _must(self, role: Role) -> tuple[str, Column]:
        found = self.find(role)
        if found is None:
            raise UnusableSheet(f"has no column for the {role.words}; check that it is the right file.")
        return found

    def _month_span_judge(self, name: str, column: Column) -> Callable[[str], Span | Fault]:
        formats = column.formats

        def judge(text: str) -> Span | Fault:
            month = read_month(name, text, formats, typed=self.sheet.typed)
            if isinstance(month, Fault):
                return month
            if fault := self._other_month(name, text, month):
                return fault
            start, end = month_bounds(month)
            return Span(start, end, Precision.MONTH, month.first_day)

        return judge

    def _other_month(self, column: str, text: str, month: Month) -> Fault | None:
        said = self.said.month
        if said is None or 0 <= month.number - said.number < self.profile.period.months:
            return None
        sentence = f"{quoted(text)} is not in {said.label}, which the file's name says; one of them is wrong."
        return Fault(column, RowFault.OTHER_MONTH, sentence)

    def _span_judge(self, names: Sequence[str | None], begins: Column) -> Callable[..., Span | Fault]:
        """From the cells of the date and time columns to an interval in UTC. Without a time the whole day is meant."""
        from_column, from_time_column, to_column, to_time_column = names
        ends = self.profile.column(Role.TO_DATE)
        begin_formats, end_formats = begins.formats, ends.formats if ends else ()
        typed = self.sheet.typed

        def judge(*cells: str) -> Span | Fault:
            given = iter(cells)
            from_date, from_time, to_date, to_time = (next(given) if name else "" for name in names)
            first = read_date(from_column or "", from_date, begin_formats, typed=typed)
            if isinstance(first, Fault):
                return first
            last = first
            if to_date:
                read = read_date(to_column or "", to_date, end_formats, typed=typed)
                if isinstance(read, Fault):
                    return read
                last, to_time = read, to_time or read.time
            from_time = from_time or first.time
            if to_time and not to_date:
                return Fault(to_column, RowFault.MISSING_VALUE, "The row has a time of its end but no date of it.")
            if fault := self._other_month(from_column or "", from_date, Month.of(first.day)):
                return fault
            loose = typed or bool(first.time)
            start = (
                read_moment(from_time_column or from_column or "", first.day, from_time, typed=loose)
                if from_time
                else day_start(first.day)
            )
            if isinstance(start, Fault):
                return start
            exact = bool(from_time) and (bool(to_time) or not to_date)
            if to_time:
                end = read_moment(to_time_column or to_column or "", last.day, to_time, typed=loose)
            else:
                end = start if exact else day_start(last.day + timedelta(days=1))
            if isinstance(end, Fault):
                return end
            if last.day < first.day or end < start:
                swapped = (
                    f"It ends ({to_date} {to_time}) before it starts ({from_date} {from_time}); are the two swapped?"
                )
                return Fault(to_column, RowFault.ENDS_BEFORE_IT_STARTS, swapped)
            if exact:
                return Span(start, end, Precision.MINUTE, Month.of(first.day).first_day)
            return whole_days(first.day, last.day)

        return judge

    # places

    def _places(self) -> dict[str, pa.Array]:
        """easting, northing, place_precision, small_area and premises of each row."""
        eastings, precision = self._positions()
        easting, northing = eastings
        areas = self._area_codes(Role.SMALL_AREA)
        premises = self._property_numbers()
        if precision is PlacePrecision.STREET:
            known = pc.is_valid(premises)
            of_position = pc.if_else(known, PlacePrecision.ADDRESS.value, precision.value)
        else:
            of_position = pa.repeat(pa.scalar(precision.value), len(self.sheet))
        return {
            "easting": easting,
            "northing": northing,
            "place_precision": place_precision(easting, of_position, areas),
            "small_area": areas,
            "premises": premises,
        }

    def _positions(self) -> tuple[tuple[pa.Array, pa.Array], PlacePrecision]:
        if self.find(Role.EASTING) and self.find(Role.NORTHING):
            return self._grid(), self.profile.position_precision
        if (x := self.name(Role.LONGITUDE)) and (y := self.name(Role.LATITUDE)):
            places = Places(self.judge, x, y)
            return (places.easting, places.northing), self.profile.position_precision
        if self.find(Role.LOCAL_X) and self.find(Role.LOCAL_Y):
            return self._local(), PlacePrecision.LOCAL_PLANE
        nothing = pa.nulls(len(self.sheet), pa.float64())
        return (nothing, nothing), self.profile.position_precision

    def _grid(self) -> tuple[pa.Array, pa.Array]:
        easting, northing = self._must(Role.EASTING)[0], self._must(Role.NORTHING)[0]
        small_area = self.name(Role.SMALL_AREA)
        columns = [easting, northing, *([small_area] if small_area else [])]
        points: Judged[_Point | tuple[()]] = self.judge.each(
            *columns, by=_point_judge(easting, northing, self.profile.tidy)
        )
        _fault_points_at_sea(easting, self.judge, points)
        found = points.results
        return (
            points.spread([point.easting if point else None for point in found], pa.float64()),
            points.spread([point.northing if point else None for point in found], pa.float64()),
        )

    def _local(self) -> tuple[pa.Array, pa.Array]:
        (x, column), (y, _) = self._must(Role.LOCAL_X), self._must(Role.LOCAL_Y)
        scale = US_SURVEY_FOOT_M if Format.FEET in column.formats else 1.0
        judged = self.judge.each(x, y, by=_local_judge(x, y, scale))
        return (
            judged.spread([point[0] if point else None for point in judged.results], pa.float64()),
            judged.spread([point[1] if point else None for point in judged.results], pa.float64()),
        )

    def _area_codes(self, role: Role) -> pa.Array:
        name = self.name(role)
        if name is None:
            return pa.nulls(len(self.sheet), pa.string())
        judged = self.judge.each(name, by=_area_judge(name))
        return judged.spread([code or None for code in judged.results], pa.string())

    def _property_numbers(self) -> pa.Array:
        found = self.find(Role.PREMISES)
        if found is None:
            return pa.nulls(len(self.sheet), pa.string())
        name, column = found
        if column.drop_unusable:
            cells = self.sheet.column(name)
            fits = pc.match_substring_regex(cells, r"^\d{1,13}$")
            dropped = pc.sum(pc.and_(pc.invert(fits), pc.not_equal(cells, ""))).as_py() or 0
            if dropped:
                rows = "1 row" if dropped == 1 else f"{dropped:,} rows"
                self.notes.append(
                    f"“{name}” held no property number in {rows} (as when a spreadsheet cut it to 1.00E+11); "
                    "there it is unknown."
                )
            return pc.if_else(fits, cells, pa.scalar(None, pa.string()))
        judged = self.judge.each(name, by=_premises_judge(name))
        return judged.spread([uprn or None for uprn in judged.results], pa.string())

    # the four shapes

    def _events(self) -> tuple[dict[str, Any], "Months"]:
        crime_type, publisher_type = self._types()
        moments, months = self._moments()
        columns: dict[str, Any] = {
            "reference": self.text(Role.REFERENCE),
            "crime_type": crime_type,
            "publisher_type": publisher_type,
            **moments,
            **self._places(),
            "outcome": self.text(Role.OUTCOME),
        }
        return columns, months

    def _counts(self) -> tuple[dict[str, Any], "Months"]:
        crime_type, publisher_type = self._types()
        months, month_column = self._count_months()
        area, column = self._must(Role.AREA)
        areas = self.judge.each(area, by=self._counted_area_judge(area))
        codes = areas.spread([code or None for code in areas.results], pa.string())
        number = _COUNT_COLUMN if self.profile.period.said_by == "columns" else self._must(Role.COUNT)[0]
        counts = self.judge.each(number, by=lambda text: _counted(read_count(number, text)))
        values = [count[0] if count else None for count in counts.results]
        return {
            "area": codes,
            "area_level": pc.if_else(pc.is_valid(codes), self.profile.area_level, "none"),
            "month": month_column,
            "months": pa.repeat(pa.scalar(self.profile.period.months, pa.int32()), len(self.sheet)),
            "crime_type": crime_type,
            "publisher_type": publisher_type,
            "n": counts.spread(values, pa.int64()),
        }, months

    def _count_months(self) -> tuple["Months", pa.Array]:
        judged: Judged[Month]
        if self.profile.period.said_by == "columns":
            judged = self.judge.each(_MONTH_COLUMN, by=Month.parse)
        elif found := self.find(Role.QUARTER):
            judged = self._quarters(*found)
        elif found := self.find(Role.MONTH):
            name, column = found
            judged = self.judge.each(
                name, by=lambda text: read_month(name, text, column.formats, typed=self.sheet.typed)
            )
        elif found := self.find(Role.YEAR):
            name, _ = found
            judged = self.judge.each(name, by=lambda text: read_financial_year(name, text))
        elif self.said.month:
            month = self.said.month
            same = pa.repeat(pa.scalar(month.first_day, pa.date32()), len(self.sheet))
            return Months.all_of(month, len(self.sheet)), same
        else:
            raise UnusableSheet("does not say for which month; choose the month when you add it.")
        column_of = judged.spread([month and month.first_day for month in judged.results], pa.date32())
        return Months.of(judged.results, judged.indices), column_of

    def _quarters(self, name: str, column: Column) -> Judged[Month]:
        form = column.formats[0] if column.formats else Format.CALENDAR_QUARTER
        year = self.name(Role.YEAR)
        if form is Format.FINANCIAL_QUARTER and year:
            return self.judge.each(name, year, by=lambda text, said: read_quarter(name, text, form, said, year))
        return self.judge.each(name, by=lambda text: read_quarter(name, text, form))

    def _counted_area_judge(self, column: str) -> Callable[[str], str | Fault]:
        known = {_word(name): code for name, code in (self.profile.areas or {}).items()}
        outward = self.profile.area_level == "outward postcode"

        def judge(text: str) -> str | Fault:
            if not text:
                return Fault(column, RowFault.MISSING_VALUE, "The row does not say which area is counted.")
            if (code := known.get(_word(text))) is not None:
                return code
            if outward:
                if _OUTWARD.fullmatch(text.upper()):
                    return text.upper()
                sentence = (
                    f"{quoted(text)} is not the first half of a postcode, such as LE16; a whole one is never needed."
                )
                return Fault(column, RowFault.MALFORMED_POSTCODE, sentence)
            if is_area_code(text) or _IRISH_AREA.fullmatch(text):
                return text
            if known:
                return Fault(column, RowFault.UNKNOWN_AREA, f"No area is known as {quoted(text)}.")
            sentence = f"{quoted(text)} is not the code of an area; it has a letter and eight digits, as E01025631."
            return Fault(column, RowFault.MALFORMED_AREA_CODE, sentence)

        return judge

    def _premises(self) -> tuple[dict[str, Any], "Months"]:
        places = self._places()
        columns: dict[str, Any] = {
            "reference": self.text(Role.REFERENCE),
            "name": self.text(Role.NAME),
            "address": self.text(Role.ADDRESS),
            "postcode": self.text(Role.POSTCODE),
            **places,
            "ward": self._area_codes(Role.WARD),
            "kind": self.text(Role.KIND),
            "from_date": self._days(Role.FROM_DATE),
            "to_date": self._days(Role.TO_DATE),
        }
        return columns, self._one_month()

    def _one_month(self) -> "Months":
        if self.said.month is None:
            raise UnusableSheet("does not say for which month; choose the month when you add it.")
        return Months.all_of(self.said.month, len(self.sheet))

    def _days(self, role: Role) -> pa.Array:
        found = self.find(role)
        if found is None:
            return pa.nulls(len(self.sheet), pa.date32())
        name, column = found

        def judge(text: str) -> tuple[date | None] | Fault:
            if not text:
                return (None,)
            moment = read_date(name, text, column.formats, typed=self.sheet.typed)
            return moment if isinstance(moment, Fault) else (moment.day,)

        judged = self.judge.each(name, by=judge)
        return judged.spread([day and day[0] for day in judged.results], pa.date32())

    def _answers(self) -> tuple[dict[str, Any], "Months"]:
        weights: Any = pa.nulls(len(self.sheet), pa.float64())
        if name := self.name(Role.WEIGHT):
            judged = self.judge.each(name, by=_weight_judge(name))
            weights = judged.spread([weight and weight[0] for weight in judged.results], pa.float64())
        if self.find(Role.FROM_DATE) or self.find(Role.MONTH):
            moments, months = self._moments()
            month_column = moments["month"]
        else:
            months = self._one_month()
            month_column = pa.repeat(pa.scalar(months.different[0].first_day, pa.date32()), len(self.sheet))
        return {
            "respondent": self.text(Role.REFERENCE),
            "month": month_column,
            "area": self.text(Role.AREA),
            "question": self.sheet.column(_QUESTION_COLUMN),
            "answer": blank_to_null(self.sheet.column(_ANSWER_COLUMN)),
            "weight": weights,
        }, months


@dataclass(frozen=True)
class Months:
    """The different months of a table, and which of them each row goes with (meaningless for a faulty row)."""

    different: list[Month]
    of_row: IndexArray

    @classmethod
    def all_of(cls, month: Month, rows: int) -> "Months":
        return cls([month], np.zeros(rows, dtype=np.int64))

    @classmethod
    def of(cls, of_value: Sequence[Month | None], value_of_row: IndexArray) -> "Months":
        different = sorted({month for month in of_value if month})
        if not different:
            return cls([Month(1990, 1)], np.zeros(len(value_of_row), dtype=np.int64))
        number = {month: place for place, month in enumerate(different)}
        places = np.array([number[month] if month else 0 for month in of_value], dtype=np.int64)
        return cls(different, places[value_of_row])


def _word(text: str) -> str:
    return " ".join(text.split()).casefold()


def _required(column: str, what: str) -> Callable[[str], str | Fault]:
    return lambda text: text if text.strip() else Fault(column, RowFault.MISSING_VALUE, f"The row lacks {what}.")


def _counted(count: int | None | Fault) -> tuple[int | None] | Fault:
    return count if isinstance(count, Fault) else (count,)


def _weight_judge(column: str) -> Callable[[str], tuple[float | None] | Fault]:
    def judge(text: str) -> tuple[float | None] | Fault:
        if not text:
            return (None,)
        if re.fullmatch(r"\d{1,4}(?:\.\d{1,20})?", text, re.ASCII):
            return (float(text),)
        return Fault(
            column, RowFault.IMPOSSIBLE_NUMBER, f"{quoted(text)} is not a weight; it is a number such as 1.25."
        )

    return judge


def _point_judge(easting_column: str, northing_column: str, commas: bool) -> Callable[..., _Point | tuple[()] | Fault]:
    def judge(easting: str, northing: str, small_area: str = "") -> _Point | tuple[()] | Fault:
        if not easting and not northing:
            return ()
        metres = []
        for column, what, text, (low, high) in (
            (easting_column, "easting", easting, GRID_EAST),
            (northing_column, "northing", northing, GRID_NORTH),
        ):
            if not text:
                return Fault(column, RowFault.MALFORMED_POSITION, f"The row lacks {_a(what)}; a position needs both.")
            number = text.replace(",", "") if commas and re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text) else text
            if not _METRES.fullmatch(number) or not low <= float(number) <= high:
                sentence = f"{quoted(text)} is no {what} in metres of the National Grid."
                return Fault(column, RowFault.MALFORMED_POSITION, sentence)
            metres.append(float(number))
        return _Point(metres[0], metres[1], small_area.startswith(MADE_UP))

    return judge


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _fault_points_at_sea(column: str, judge: Judge, points: Judged[_Point | tuple[()]]) -> None:
    real = [(number, point) for number, point in enumerate(points.results) if point and not point.made_up]
    if not real:
        return
    metres = np.array([(point.easting, point.northing) for _, point in real])
    on_land = may_be_land_on_grid(metres[:, 0], metres[:, 1])
    faults = {}
    for (number, point), fine in zip(real, on_land.tolist(), strict=True):
        if not fine:
            where = f"{point.easting:.0f}, {point.northing:.0f} (easting, northing)"
            sentence = f"The position {where} is not on land in the United Kingdom; are the two swapped?"
            faults[number] = Fault(column, RowFault.POSITION_IN_THE_SEA, sentence)
    judge.fault_values(points.indices, faults)


def _local_judge(
    x_column: str, y_column: str, scale: float
) -> Callable[[str, str], tuple[float, float] | tuple[()] | Fault]:
    def judge(x: str, y: str) -> tuple[float, float] | tuple[()] | Fault:
        if not x and not y:
            return ()
        for column, text in ((x_column, x), (y_column, y)):
            if not _LOCAL.fullmatch(text) or abs(float(text)) > LARGEST_LOCAL_M:
                return Fault(column, RowFault.MALFORMED_POSITION, f"{quoted(text)} is no distance on a plane.")
        return round(float(x) * scale, 2), round(float(y) * scale, 2)

    return judge


def _area_judge(column: str) -> Callable[[str], str | Fault]:
    def judge(text: str) -> str | Fault:
        sentence = f"{quoted(text)} is not the code of a small area; it has a letter and eight digits, as E01025631."
        fits = not text or is_area_code(text)
        return text if fits else Fault(column, RowFault.MALFORMED_AREA_CODE, sentence)

    return judge


def _premises_judge(column: str) -> Callable[[str], str | Fault]:
    def judge(text: str) -> str | Fault:
        sentence = f"{quoted(text)} is not a unique property reference number; it has up to 13 digits and nothing else."
        fits = not text or _UPRN.fullmatch(text)
        return text if fits else Fault(column, RowFault.MALFORMED_PREMISES, sentence)

    return judge


def private_table(profile: Profile, table: Table, header: Candidate, room: Room) -> pa.Table:
    """Line, reference and the private columns that may go to ``room``, by the profile's own names for them."""
    sheet = table.sheet(header, private=header.names)
    names = {_key(name, profile): name for name in sheet.header}
    columns: dict[str, pa.Array] = {"line": pa.array(sheet.lines, pa.int32())}
    wanted = [(column.name, column) for column in profile.columns if column.private and column.goes_to is room]
    if reference := profile.column(Role.REFERENCE):
        wanted = [("reference", reference), *wanted]
    for called, column in wanted:
        here = next((names[_key(name, profile)] for name in column.names if _key(name, profile) in names), None)
        cells = blank_to_null(pc.utf8_trim_whitespace(sheet.column(here))) if here else None
        columns[called] = cells if cells is not None else pa.nulls(len(sheet), pa.string())
    return pa.table(columns)
