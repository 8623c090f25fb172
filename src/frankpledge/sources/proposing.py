"""Proposing how an unknown table could be read: what each column seems to be, from its name and its values.

Every proposal says how sure it is and why, in words, for a person to correct. Nothing is read with a proposal before
somebody has looked at it and saved it as a profile.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process

from frankpledge.sources.opening import Candidate, Table, open_tables
from frankpledge.sources.parcels import unpack, unpack_bytes
from frankpledge.sources.profiles import shipped
from frankpledge.sources.profiles.cells import read_count, read_date, read_header_month, read_month
from frankpledge.sources.profiles.profile import Column, Format, PeriodRule, Profile, Role, Room
from frankpledge.sources.profiles.reading import as_name
from frankpledge.sources.sheets import Sheet, UnusableSheet
from frankpledge.vocabulary.areas import is_area_code
from frankpledge.vocabulary.columns import Shape
from frankpledge.vocabulary.crime_types import POLICE_UK_TYPES, CrimeType
from frankpledge.vocabulary.deliveries import Refusal
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.land import GRID_EAST, GRID_NORTH

SAMPLE = 1_000  # values of a column that are looked at
ENOUGH = 0.9  # share of values that must be in a form for the column to be taken to have it
LIKE_WORDS = 82  # of 100: likeness from which a word is proposed to mean the same
MOST_CODES = 400  # different words in a column of categories
EMPTY_WORDS = ("null", "na", "n/a", "#n/a", "none", "nan", "-")
PUBLISHER = "unknown-publisher"
"""Stands in a proposal until somebody says whose file it is."""


@dataclass(frozen=True, slots=True)
class ProposedColumn:
    """What one column seems to be. ``confidence``: 0 to 1. ``examples`` are empty where the column looks private."""

    column: Column
    confidence: float
    reason: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposedCode:
    """What one of the publisher's words seems to count as; None where nothing is alike."""

    word: str
    crime_type: CrimeType | None
    confidence: float
    reason: str
    rows: int  # among those looked at


@dataclass(frozen=True)
class ProposedProfile:
    """A proposal for a whole table. ``lacking`` says in words what is still missing before it can be a profile."""

    profile: Profile | None  # None until nothing is lacking
    shape: Shape
    shape_reason: str
    columns: tuple[ProposedColumn, ...]
    codes: tuple[ProposedCode, ...]
    lacking: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownTable:
    """A table nobody has a profile for: where its header seems to be, and its rows as text."""

    table: Table
    header: Candidate
    sheet: Sheet


def open_unknown(data: Path | bytes, name: str = "") -> list[UnknownTable]:
    """The tables of a file, each with the row that most likely names its columns; the fullest first.

    Raises DataProblem, one sentence, when there is no table in it.
    """
    parcel = next(unpack_bytes(name, data) if isinstance(data, bytes) else unpack(data), None)
    if parcel is None or isinstance(parcel, Refusal):
        raise DataProblem(parcel.sentence if parcel else "There is no file here.")
    found = []
    try:
        for table in open_tables(parcel):
            header = _likely_header(table)
            if header is None:
                continue
            sheet = table.sheet(header, private=header.names)
            if len(sheet):
                found.append(UnknownTable(table, header, sheet))
    except UnusableSheet as why:
        if not found:
            raise DataProblem(f"{parcel.name} {why}") from None
    if not found:
        raise DataProblem(
            f"{parcel.name} holds no table with a row of column names and rows below it.",
            remedy="Check that it is the right file.",
        )
    if found[0].table.book is None:  # the same text cut at different marks: the cut that gives most columns
        return [max(found, key=lambda one: (len(one.header.names), len(one.sheet)))]
    return sorted(found, key=lambda one: len(one.sheet), reverse=True)


def _likely_header(table: Table) -> Candidate | None:
    """The first row as wide as the widest, all of whose cells are different words; notes above it are narrower."""
    rows = table.candidates
    if not rows:
        return None
    width = max(_filled(row) for row in rows)
    for row in rows:
        named = [name for name in row.names if not name.startswith("column ")]
        words = [name for name in named if not re.fullmatch(r"[\d.,:/£% -]+", name) or read_header_month(name)]
        if len(named) >= max(2, 0.6 * width) and len(words) >= 0.8 * len(named) and len(set(named)) == len(named):
            return row
    return None


def _filled(row: Candidate) -> int:
    return sum(not name.startswith("column ") for name in row.names)


def propose(unknown: UnknownTable, name: str = "new-profile") -> ProposedProfile:
    """Shape, columns, formats, words and private columns of a table, each with a confidence and a reason.

    ``name`` becomes the profile's name (small letters, digits, hyphens).
    """
    sheet = unknown.sheet
    views = [_View(column, _sample(sheet, column)) for column in sheet.header]
    shape, shape_reason, wide = _shape(views)
    taken: dict[Role, ProposedColumn] = {}
    columns: list[ProposedColumn] = []
    for view in views:
        if wide and read_header_month(view.name):
            continue
        columns.append(_column(view, shape, typed=sheet.typed))
    for proposed in sorted(columns, key=lambda one: -one.confidence):
        role = proposed.column.role
        if role and role is not Role.ANSWER and role not in taken:
            taken[role] = proposed
    columns = [
        one if one.column.role in (None, Role.ANSWER) or taken.get(one.column.role) is one else _second(one)
        for one in columns
    ]
    codes = _codes(sheet, taken.get(Role.TYPE))
    return _assembled(name, shape, shape_reason, wide, columns, codes, unknown)


def _second(one: ProposedColumn) -> ProposedColumn:
    """Another column is more likely to have this role, so this one is read past."""
    spare = replace(one.column, role=None, format="", filled=False)
    role = one.column.role.words if one.column.role else ""
    return ProposedColumn(spare, 0.5, f"It could also be {role}, but another column is likelier.", one.examples)


@dataclass(frozen=True)
class _View:
    """One column as it looks: its name in plain words, and the first values that are not blank."""

    name: str
    values: tuple[str, ...]

    @property
    def words(self) -> str:
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.name)
        return " ".join(re.sub(r"[^a-z0-9]+", " ", spaced.lower()).split())

    def named(self, *words: str) -> str | None:
        """The first of ``words`` that the column's name holds as whole words."""
        padded = f" {self.words} "
        return next((word for word in words if f" {word} " in padded), None)

    def share(self, fits: Callable[[str], bool]) -> float:
        return sum(fits(value) for value in self.values) / len(self.values) if self.values else 0.0

    @property
    def different(self) -> float:
        return len(set(self.values)) / len(self.values) if self.values else 0.0


def _sample(sheet: Sheet, column: str) -> tuple[str, ...]:
    values = (value.strip() for value in sheet.column(column).slice(0, 4 * SAMPLE).to_pylist())
    filled = [value for value in values if value and value.casefold() not in EMPTY_WORDS]
    return tuple(filled[:SAMPLE])


def _shape(views: Sequence[_View]) -> tuple[Shape, str, bool]:
    """What one row of the table is, why, and whether each month is a column."""
    months = [view.name for view in views if read_header_month(view.name)]
    if len(months) >= 3:
        return Shape.COUNTS, f"{len(months)} columns are named by months ({months[0]} to {months[-1]}).", True
    dated = any(_date_format(view, typed=True) for view in views)
    counted = next((view for view in views if view.named(*_COUNT_WORDS) and _is_count(view)), None)
    if (
        counted
        and any(_area_level(view) for view in views)
        and not any(view.named("easting", "latitude") for view in views)
    ):
        return Shape.COUNTS, f"“{counted.name}” holds whole numbers beside an area, so each row is a count.", False
    scaled = [view for view in views if _is_scale(view)]
    if len(scaled) >= 3 and len(scaled) >= len(views) / 3:
        return Shape.ANSWERS, f"{len(scaled)} columns hold a few answers again and again, as a survey does.", False
    if not dated and any(view.named("address", "postcode", "uprn") for view in views):
        return Shape.PREMISES, "The rows have addresses and no dates, so each is a home or building.", False
    return Shape.EVENTS, "Each row has its own date, so each is something that happened.", False


_COUNT_WORDS = ("count", "number", "total", "n", "reports", "offences", "admissions", "incidents", "crimes", "cases")
_AGREEMENT = re.compile(
    r"(very|fairly|not very|not at all|quite|somewhat)\b|(strongly )?(dis)?agree|yes|no|don.?t know|never|always|often",
    re.IGNORECASE,
)


def _is_count(view: _View) -> bool:
    return view.share(lambda value: not hasattr(read_count("", value), "sentence")) >= ENOUGH


def _is_scale(view: _View) -> bool:
    few = len(set(view.values)) <= 12
    return few and bool(view.values) and view.share(lambda value: bool(_AGREEMENT.match(value))) >= 0.6


@cache
def _known_areas() -> Mapping[str, tuple[str, str]]:
    """Names of areas, folded, that some profile knows: (code, level)."""
    return {
        _fold(name): (code, profile.area_level)
        for profile in shipped().values()
        for name, code in (profile.areas or {}).items()
    }


def _area_level(view: _View) -> str | None:
    named = [_known_areas().get(_fold(value)) for value in view.values]
    if view.values and sum(one is not None for one in named) >= ENOUGH * len(view.values):
        return next(found[1] for found in named if found)
    if view.share(is_area_code) >= ENOUGH:
        starts = {value[:3] for value in view.values if is_area_code(value)}
        if starts <= {"E01", "W01", "S01", "95A", "X01"}:
            return "small area"
        if starts <= {"E05", "W05", "S13", "X05"}:
            return "ward"
        if starts <= {"E23", "W15"}:
            return "force"
        return "district"
    if view.share(lambda value: bool(_OUTWARD.fullmatch(value))) >= ENOUGH and view.named(
        "postcode", "outcode", "district"
    ):
        return "outward postcode"
    return None


_OUTWARD = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?")
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.IGNORECASE)
_PERSON_WORDS = (
    "victim",
    "suspect",
    "offender",
    "complainant",
    "reporter",
    "informant",
    "witness",
    "tenant",
    "occupier",
)
_NAME_WORDS = ("surname", "forename", "first name", "last name", "full name", "name", "dob", "date of birth", "phone")
_PERSON_MORE = ("telephone", "mobile", "email", "nhs number", "ni number", "age", "gender", "sex", "ethnicity")
_NOT_PERSON_WORDS = ("ward", "area", "borough", "district", "force", "trading", "station", "stn", "school", "company")
_FREE_WORDS = ("mo", "modus operandi", "comments", "comment", "notes", "description", "details", "summary", "narrative")
_TITLED_NAME = re.compile(r"(?:mr|mrs|ms|miss|dr)\.? [a-z]", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+44|0)[\d ]{9,13}")


def _private(view: _View) -> ProposedColumn | None:
    """The column as a private one, when its name or its values seem to be about a person or an address."""

    def column(room: Room, reason: str, confidence: float) -> ProposedColumn:
        return ProposedColumn(Column(view.name, private=True, goes_to=room), confidence, reason)

    if word := view.named(*_PERSON_WORDS):
        return column(Room.PEOPLE, f"Its name speaks of a {word}.", 0.95)
    if view.share(lambda value: bool(_EMAIL.fullmatch(value) or _PHONE.fullmatch(value))) >= 0.5:
        return column(Room.PEOPLE, "Its values look like e-mail addresses or telephone numbers.", 0.95)
    if view.share(lambda value: bool(_TITLED_NAME.match(value))) >= 0.3:
        return column(Room.PEOPLE, "Its values look like names of people.", 0.9)
    if (word := view.named(*_NAME_WORDS, *_PERSON_MORE)) and not view.named(*_NOT_PERSON_WORDS):
        return column(Room.PEOPLE, f"“{word}” is about a person.", 0.8)
    if view.share(lambda value: bool(_POSTCODE.fullmatch(value))) >= 0.7:
        found = column(Room.PLACES, "Its values are whole postcodes, each of about fifteen homes.", 0.95)
        return replace(found, column=replace(found.column, role=Role.POSTCODE))
    if view.named("address", "street", "house", "property address", "addr"):
        found = column(Room.PLACES, "Its name says that it is an address.", 0.9)
        return replace(
            found, column=replace(found.column, role=Role.ADDRESS if view.named("address", "addr") else None)
        )
    again_and_again = len(set(view.values)) <= MOST_CODES and view.different < 0.2
    if (word := view.named(*_FREE_WORDS)) and not again_and_again:
        return column(Room.NOWHERE, f"“{word}” is free text, which may name people.", 0.85)
    long_words = view.share(lambda value: len(value) > 40 and value.count(" ") >= 5)
    if long_words >= 0.3 and view.different >= 0.5:
        return column(Room.NOWHERE, "Its values are sentences of free text, which may name people.", 0.85)
    return None


def _column(view: _View, shape: Shape, *, typed: bool) -> ProposedColumn:
    private = None if _area_level(view) else _private(view)
    if private and not (shape is Shape.PREMISES and private.column.role):
        return private
    if private:  # in a list of premises the address is what the list is for
        open_column = replace(private.column, private=False, goes_to=Room.NOWHERE)
        return ProposedColumn(open_column, private.confidence, "It is what the list is about.", view.values[:3])
    for finder in (_as_place, _as_area, _as_moment, _as_count, _as_answer, _as_reference, _as_type):
        if found := finder(view, shape, typed):
            return replace(found, examples=tuple(dict.fromkeys(view.values))[:3])
    reason = "It is empty in every row." if not view.values else "Nothing in its name or values says what it is."
    return ProposedColumn(
        Column(view.name), 0.5, f"{reason} It will be read past.", tuple(dict.fromkeys(view.values))[:3]
    )


def _number(value: str) -> float | None:
    try:
        return float(value.replace(",", ""))
    except ValueError:
        return None


def _within(view: _View, low: float, high: float) -> bool:
    return view.share(lambda value: (number := _number(value)) is not None and low <= number <= high) >= ENOUGH


def _as_place(view: _View, shape: Shape, typed: bool) -> ProposedColumn | None:
    if shape not in (Shape.EVENTS, Shape.PREMISES):
        return None
    if view.named("easting", "eastings", "x", "x coordinate", "grid x") and _within(view, *GRID_EAST):
        return ProposedColumn(
            Column(view.name, Role.EASTING, Format.METRES),
            0.95,
            "Its name and its values fit metres of the National Grid.",
        )
    if view.named("northing", "northings", "y", "y coordinate", "grid y") and _within(view, *GRID_NORTH):
        return ProposedColumn(
            Column(view.name, Role.NORTHING, Format.METRES),
            0.95,
            "Its name and its values fit metres of the National Grid.",
        )
    if view.named("longitude", "long", "lon", "lng") and _within(view, -9, 3):
        return ProposedColumn(
            Column(view.name, Role.LONGITUDE, Format.DEGREES), 0.95, "Its values are degrees within Britain."
        )
    if view.named("latitude", "lat") and _within(view, 49, 62):
        return ProposedColumn(
            Column(view.name, Role.LATITUDE, Format.DEGREES), 0.95, "Its values are degrees within Britain."
        )
    if view.named("uprn") and view.share(lambda value: value.isdigit() and len(value) <= 13) >= 0.5:
        spoilt = 1 - view.share(lambda value: value.isdigit())
        reason = "It is called a property number."
        if spoilt:
            reason += (
                f" {100 * spoilt:.0f} % of its values are none (perhaps cut by a spreadsheet) and would be unknown."
            )
        return ProposedColumn(Column(view.name, Role.PREMISES, drop_unusable=bool(spoilt)), 0.95, reason)
    return None


def _as_area(view: _View, shape: Shape, typed: bool) -> ProposedColumn | None:
    level = _area_level(view)
    if level is None:
        return None
    named = "names" if view.share(lambda value: _fold(value) in _known_areas()) >= ENOUGH else "codes"
    reason = f"Its values are {named} of {level}s."
    if shape in (Shape.COUNTS, Shape.ANSWERS):
        return ProposedColumn(Column(view.name, Role.AREA, filled=shape is Shape.COUNTS, meaning=level), 0.95, reason)
    if level == "small area":
        return ProposedColumn(Column(view.name, Role.SMALL_AREA), 0.95, reason)
    if level == "ward" and shape is Shape.PREMISES:
        return ProposedColumn(Column(view.name, Role.WARD), 0.95, reason)
    return ProposedColumn(Column(view.name), 0.9, f"{reason} The place of each row says it too, so it is read past.")


_DATE_FORMATS = (
    Format.DAY_FIRST,
    Format.DAY_FIRST_TIME,
    Format.ISO,
    Format.ISO_TIME,
    Format.DAY_FIRST_SHORT,
    Format.DAY_MONTH_WORD,
    Format.MONTH_FIRST,
)
_MONTH_FORMATS = (Format.YEAR_MONTH, Format.MONTH_WORD, Format.FIRST_OF_MONTH)
_DATE_WORDS = (
    "date",
    "when",
    "time",
    "month",
    "day",
    "on",
    "from",
    "to",
    "start",
    "end",
    "reported",
    "occurred",
    "recorded",
)


def _date_format(view: _View, *, typed: bool) -> tuple[str, float] | None:
    """The date format that fits most values, with its share; two when rows are written in two ways."""

    def share(*forms: Format) -> float:
        return view.share(lambda value: not hasattr(read_date("", value, forms), "sentence"))

    # a faulty date (31/04) still shows the form: enough is less than all
    shares = [(form, share(form)) for form in _DATE_FORMATS]
    best, first = max(shares, key=lambda pair: pair[1])
    if first >= ENOUGH:
        return best.value, first
    if first >= 0.3:
        second, _ = max((pair for pair in shares if pair[0] is not best), key=lambda pair: share(best, pair[0]))
        both = share(best, second)
        if both >= ENOUGH:
            return f"{best} or {second}", both
    if view.named(*_DATE_WORDS) and share(Format.SERIAL) >= ENOUGH:
        return Format.SERIAL.value, share(Format.SERIAL)
    return None


def _as_moment(view: _View, shape: Shape, typed: bool) -> ProposedColumn | None:
    if view.named("quarter", "qtr") and (form := _quarter_format(view)):
        return ProposedColumn(
            Column(view.name, Role.QUARTER, form, filled=True), 0.9, f"Its values are quarters, written {form}."
        )
    if shape is Shape.COUNTS and view.share(lambda value: bool(_FINANCIAL_YEAR.fullmatch(value))) >= ENOUGH:
        return ProposedColumn(
            Column(view.name, Role.YEAR, Format.FINANCIAL_YEAR, filled=True), 0.9, "Its values are financial years."
        )
    month = next(
        (
            form
            for form in _MONTH_FORMATS
            if view.share(lambda value, form=form: not hasattr(read_month("", value, (form,)), "sentence")) >= ENOUGH  # type: ignore[misc]
        ),
        None,
    )
    if month:
        return ProposedColumn(
            Column(view.name, Role.MONTH, month, filled=True), 0.95, f"Its values are months, written {month}."
        )
    if view.share(lambda value: bool(re.fullmatch(r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?", value))) >= ENOUGH:
        ends = view.named("to", "end", "until", "latest")
        return ProposedColumn(
            Column(view.name, Role.TO_TIME if ends else Role.FROM_TIME, Format.TIME),
            0.85,
            "Its values are times of day.",
        )
    found = _date_format(view, typed=typed)
    if found is None:
        return None
    written, share = found
    ends = view.named("to", "end", "until", "latest", "closed", "finish")
    late = view.named("recorded", "created", "updated", "reported", "input")
    role = Role.TO_DATE if ends else Role.FROM_DATE
    confidence = round(0.95 * share * (0.8 if late else 1), 2)
    unsure = ""
    if Format.DAY_FIRST_SHORT.value in written.split(" or "):
        unsure = " Years have two digits: 90 to 99 are taken as the last century."
    if Format.SERIAL.value in written:
        unsure = " They are a spreadsheet's day numbers."
    if late:
        unsure += f" It may be when it was {late} rather than when it happened."
    faulty = f" {100 * (1 - share):.0f} % are no such dates and would be set aside." if share < 1 else ""
    return ProposedColumn(
        Column(view.name, role, written, filled=role is Role.FROM_DATE),
        confidence,
        f"Its values are dates, written {written}.{unsure}{faulty}",
    )


_FINANCIAL_YEAR = re.compile(r"\d{4}[/-](?:\d{2}|\d{4})", re.ASCII)


def _quarter_format(view: _View) -> Format | None:
    if (
        view.share(lambda value: bool(re.fullmatch(r"\d{4}[ -]?Q[1-4]|Q[1-4][ -]\d{4}", value, re.IGNORECASE)))
        >= ENOUGH
    ):
        return Format.CALENDAR_QUARTER
    if view.share(lambda value: bool(re.fullmatch(r"Q?[1-4]", value, re.IGNORECASE))) >= ENOUGH:
        return Format.FINANCIAL_QUARTER
    return None


def _as_count(view: _View, shape: Shape, typed: bool) -> ProposedColumn | None:
    if shape is not Shape.COUNTS or not _is_count(view) or read_header_month(view.name):
        return None
    if view.named("unique", "average", "rate", "population", "percent", "rank"):
        return None
    named = view.named(*_COUNT_WORDS)
    return ProposedColumn(
        Column(view.name, Role.COUNT, filled=True),
        0.9 if named else 0.6,
        "Its values are whole numbers, so it is how many.",
    )


def _as_answer(view: _View, shape: Shape, typed: bool) -> ProposedColumn | None:
    if shape is not Shape.ANSWERS:
        return None
    if view.named("weight", "weighting"):
        return ProposedColumn(Column(view.name, Role.WEIGHT), 0.9, "It is called a weight.")
    if _is_scale(view):
        return ProposedColumn(Column(view.name, Role.ANSWER), 0.9, "The same few answers come again and again.")
    return None


def _as_reference(view: _View, shape: Shape, typed: bool) -> ProposedColumn | None:
    if shape is Shape.COUNTS or view.different < 0.98 or len(view.values) < 2:
        return None
    if word := view.named("ref", "reference", "id", "number", "no", "case", "incident", "crime", "urn", "respondent"):
        return ProposedColumn(
            Column(view.name, Role.REFERENCE, filled=True), 0.9, f"It is called “{word}” and no value comes twice."
        )
    return None


_TYPE_WORDS = (
    "type",
    "category",
    "offence",
    "crime",
    "incident",
    "class",
    "classification",
    "kind",
    "code",
    "cause",
    "text",
)


def _as_type(view: _View, shape: Shape, typed: bool) -> ProposedColumn | None:
    different = len(set(view.values))
    in_words = view.share(lambda value: bool(re.search(r"[A-Za-z]", value)))
    if in_words < 0.5 and not view.named("offence", "code", "cause"):
        return None
    if not view.values or different > MOST_CODES or (view.different > 0.5 and len(view.values) > 20):
        return None
    role = Role.KIND if shape is Shape.PREMISES else Role.TYPE
    if role not in (Role.KIND, Role.TYPE) or shape is Shape.ANSWERS:
        return None
    named = view.named(*_TYPE_WORDS)
    known = sum(_meaning(word)[0] is not None for word in set(view.values)) / different
    if not named and known < 0.3:
        return None
    confidence = round(min(0.95, (0.5 if named else 0.3) + 0.45 * known), 2)
    reason = f"It holds {different:,} different words, {100 * known:.0f} % of them like ones we know."
    if named:
        reason = f"It is called “{named}”. {reason}"
    return ProposedColumn(Column(view.name, role, filled=role is Role.TYPE), confidence, reason)


# Words to the common vocabulary


@cache
def _known_words() -> Mapping[str, CrimeType]:
    words: dict[str, CrimeType] = {_fold(word): kind for word, kind in POLICE_UK_TYPES.items()}
    for profile in shipped().values():
        for word, kind in (profile.codes or {}).items():
            if len(word) > 3 or not re.fullmatch(r"B\d+", word):
                words.setdefault(_fold(word), kind)
    words |= {_fold(kind.label): kind for kind in CrimeType if kind is not CrimeType.OUTCOME}
    words |= {_fold(word): kind for word, kind in _MORE_WORDS.items()}
    return words


_MORE_WORDS: Mapping[str, CrimeType] = {
    "asb": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "nuisance": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "nuisance youths": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "noise nuisance": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "flytipping": CrimeType.ENVIRONMENTAL_CRIME,
    "dwelling burglary": CrimeType.BURGLARY,
    "theft from vehicle": CrimeType.VEHICLE_CRIME,
    "theft of vehicle": CrimeType.VEHICLE_CRIME,
    "assault": CrimeType.VIOLENCE_AND_SEXUAL_OFFENCES,
    "harassment": CrimeType.VIOLENCE_AND_SEXUAL_OFFENCES,
    "vandalism": CrimeType.CRIMINAL_DAMAGE_AND_ARSON,
    "cycle theft": CrimeType.BICYCLE_THEFT,
    "shop theft": CrimeType.SHOPLIFTING,
    "refuse fire": CrimeType.DELIBERATE_FIRE,
    "hoax call": CrimeType.FALSE_ALARM,
    "void": CrimeType.VOID_HOME,
    "pothole": CrimeType.STREET_FAULT,
    "street lighting": CrimeType.STREET_FAULT,
}


def _fold(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9/]+", " ", text.lower()).split())


def _meaning(word: str) -> tuple[CrimeType | None, float, str]:
    """What a word counts as: the same as a known word, or one much like it."""
    lexicon = _known_words()
    folded = _fold(word)
    if (kind := lexicon.get(folded)) is not None:
        return kind, 0.98, "It is a word we know."
    if len(folded) < 4 or not re.search(r"[a-z]{3}", folded):
        return None, 0.0, "Nothing we know is like it."
    found = process.extractOne(folded, lexicon.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=LIKE_WORDS)
    if found is None:
        known = [one for one in lexicon if len(one) > 5]
        found = process.extractOne(folded, known, scorer=fuzz.token_set_ratio, score_cutoff=95)
    if found is None:
        return None, 0.0, "Nothing we know is like it."
    alike, score, _ = found
    return lexicon[alike], round(0.9 * score / 100, 2), f"It is like “{alike}”."


def _codes(sheet: Sheet, typed: ProposedColumn | None) -> list[ProposedCode]:
    if typed is None:
        return []
    counts: dict[str, int] = {}
    for value in sheet.column(typed.column.name).to_pylist():
        word = " ".join(value.split())
        if word:
            counts[word] = counts.get(word, 0) + 1
    if len(counts) > MOST_CODES:
        return []
    return [
        ProposedCode(word, *_meaning(word), rows)
        for word, rows in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        if not re.fullmatch(r"(?:grand |sub-?)?totals?", word, re.IGNORECASE)
    ]


def _assembled(
    name: str,
    shape: Shape,
    shape_reason: str,
    wide: bool,
    columns: list[ProposedColumn],
    codes: Sequence[ProposedCode],
    unknown: UnknownTable,
) -> ProposedProfile:
    roles = {one.column.role for one in columns}
    lacking = list(_lacking(shape, wide, roles, codes))
    area = next((one.column.meaning for one in columns if one.column.role is Role.AREA), "")
    mapped = _one_spelling({code.word: code.crime_type for code in codes if code.crime_type})
    unsure = sum(code.crime_type is None for code in codes)
    notes = [*unknown.table.notes]
    if unsure:
        notes.append(
            f"{unsure:,} of {len(codes):,} words are unknown: say what they mean; else their rows are set aside."
        )
    profile = None
    if not lacking:
        period = PeriodRule("columns") if wide else PeriodRule("snapshot" if shape is Shape.PREMISES else "rows")
        if Role.QUARTER in roles:
            period = PeriodRule("rows", months=3)
        if (
            shape in (Shape.COUNTS, Shape.ANSWERS)
            and not wide
            and not roles & {Role.MONTH, Role.QUARTER, Role.YEAR, Role.FROM_DATE}
        ):
            period = PeriodRule("file name", r".*?(?P<month>\d{4}-\d{1,2})(?:\.[a-z]+)?", "NAME-YYYY-MM.csv")
        profile = Profile.from_dict(
            Profile(
                name=name,
                version=1,
                label=f"a file like {name}",
                shape=shape,
                columns=tuple(one.column for one in columns),
                period=period,
                publisher=PUBLISHER,
                publisher_name=as_name(PUBLISHER),
                codes=mapped or None,
                areas=_names_of_areas(unknown.sheet, columns),
                area_level=area,
                empty_words=_empty_words(unknown.sheet),
            ).as_dict()
        )
    return ProposedProfile(profile, shape, shape_reason, tuple(columns), tuple(codes), tuple(lacking), tuple(notes))


def _names_of_areas(sheet: Sheet, columns: Sequence[ProposedColumn]) -> dict[str, str] | None:
    """Codes of the areas that are called by names we know; None when they are called by codes."""
    area = next((one.column.name for one in columns if one.column.role is Role.AREA), None)
    names = sheet.column(area).unique().to_pylist() if area else []
    known = {name.strip(): _known_areas()[_fold(name)][0] for name in names if _fold(name) in _known_areas()}
    return known or None


def _empty_words(sheet: Sheet) -> tuple[str, ...]:
    """Words that stand for nothing, as they are written."""
    cells = (cell.strip() for column in sheet.columns for cell in column.unique().to_pylist())
    return tuple(sorted({cell for cell in cells if cell.casefold() in EMPTY_WORDS}))


def _one_spelling(codes: Mapping[str, CrimeType]) -> dict[str, CrimeType]:
    """Words that differ in capitals only, once."""
    kept: dict[str, tuple[str, CrimeType]] = {}
    for word, kind in codes.items():
        kept.setdefault(word.casefold(), (word, kind))
    return dict(kept.values())


def _lacking(shape: Shape, wide: bool, roles: Iterable[Role | None], codes: Sequence[ProposedCode]) -> Iterable[str]:
    there = set(roles)
    if shape is Shape.EVENTS and not there & {Role.FROM_DATE, Role.MONTH}:
        yield "No column says when: choose the one with the date or month."
    if shape in (Shape.EVENTS, Shape.COUNTS):
        if Role.TYPE not in there:
            yield "No column says what happened: choose one, or say what every row counts as."
        elif not any(code.crime_type for code in codes):
            yield "None of the words for what happened is known: say what each counts as."
    if shape is Shape.COUNTS and Role.AREA not in there:
        yield "No column says which area is counted: choose one."
    if shape is Shape.COUNTS and not wide and Role.COUNT not in there:
        yield "No column says how many: choose one."
    if shape is Shape.PREMISES and not there & {Role.ADDRESS, Role.PREMISES, Role.REFERENCE}:
        yield "No column says which premises: choose the address or the property number."
