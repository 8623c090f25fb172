"""A source profile: how one partner's file becomes events, counts, premises or answers, in a file people can read.

It names the columns and what each means, the words and what they count as, what is about a person and which room that
goes to, whose file it is and for which period, and by what right it may be shared. A profile is data: the shipped ones
are JSON files beside this module, a partnership's own are kept by the incidents room as the same dictionary.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from frankpledge.vocabulary.columns import PlacePrecision, Shape
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import DataProblem

PROFILE_FORMAT = 1  # edition of the layout of these files
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


class Role(StrEnum):
    """What a column is to us. A column without a role is read past."""

    REFERENCE = "reference"
    TYPE = "type"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    FROM_DATE = "from date"
    FROM_TIME = "from time"
    TO_DATE = "to date"
    TO_TIME = "to time"
    EASTING = "easting"
    NORTHING = "northing"
    LONGITUDE = "longitude"
    LATITUDE = "latitude"
    LOCAL_X = "local x"
    LOCAL_Y = "local y"
    SMALL_AREA = "small area"
    WARD = "ward"
    AREA = "area"
    PREMISES = "premises"
    OUTCOME = "outcome"
    COUNT = "count"
    NAME = "name"
    ADDRESS = "address"
    POSTCODE = "postcode"
    KIND = "kind"
    ANSWER = "answer"
    WEIGHT = "weight"
    VICTIM = "victim"
    SUSPECT = "suspect"
    FORENAME = "forename"
    SURNAME = "surname"
    BORN_ON = "date of birth"

    @property
    def words(self) -> str:
        """The role as a person reads it."""
        return _ROLE_WORDS[self]


_ROLE_WORDS: dict[Role, str] = {
    Role.REFERENCE: "the sender's reference",
    Role.TYPE: "what happened",
    Role.MONTH: "month",
    Role.QUARTER: "quarter",
    Role.YEAR: "year",
    Role.FROM_DATE: "date it began",
    Role.FROM_TIME: "time it began",
    Role.TO_DATE: "date it ended",
    Role.TO_TIME: "time it ended",
    Role.EASTING: "easting (National Grid)",
    Role.NORTHING: "northing (National Grid)",
    Role.LONGITUDE: "longitude",
    Role.LATITUDE: "latitude",
    Role.LOCAL_X: "x on the sender's own plane",
    Role.LOCAL_Y: "y on the sender's own plane",
    Role.SMALL_AREA: "small area (LSOA)",
    Role.WARD: "ward",
    Role.AREA: "area counted",
    Role.PREMISES: "property number (UPRN)",
    Role.OUTCOME: "outcome",
    Role.COUNT: "how many",
    Role.NAME: "name of the business",
    Role.ADDRESS: "address",
    Role.POSTCODE: "postcode",
    Role.KIND: "kind of premises",
    Role.ANSWER: "answer to a question",
    Role.WEIGHT: "weight of the answer",
    Role.VICTIM: "the sender's number for the victim",
    Role.SUSPECT: "the sender's number for the suspect",
    Role.FORENAME: "forename of a person",
    Role.SURNAME: "surname of a person",
    Role.BORN_ON: "date of birth of a person",
}

# Which roles a table of each shape can use; the first of them it cannot do without.
ROLES_OF: Mapping[Shape, tuple[Role, ...]] = {
    Shape.EVENTS: (
        *(Role.REFERENCE, Role.TYPE, Role.MONTH, Role.FROM_DATE, Role.FROM_TIME, Role.TO_DATE, Role.TO_TIME),
        *(Role.EASTING, Role.NORTHING, Role.LONGITUDE, Role.LATITUDE, Role.LOCAL_X, Role.LOCAL_Y),
        *(Role.SMALL_AREA, Role.PREMISES, Role.OUTCOME),
    ),
    Shape.COUNTS: (Role.AREA, Role.TYPE, Role.MONTH, Role.QUARTER, Role.YEAR, Role.COUNT),
    Shape.PREMISES: (
        *(Role.REFERENCE, Role.PREMISES, Role.NAME, Role.ADDRESS, Role.POSTCODE, Role.EASTING, Role.NORTHING),
        *(Role.LONGITUDE, Role.LATITUDE, Role.SMALL_AREA, Role.WARD, Role.KIND, Role.FROM_DATE, Role.TO_DATE),
    ),
    Shape.ANSWERS: (Role.REFERENCE, Role.MONTH, Role.FROM_DATE, Role.AREA, Role.ANSWER, Role.WEIGHT),
}


class Room(StrEnum):
    """Where the content of a private column may go. Never into events."""

    PEOPLE = "people"
    PLACES = "places"
    NOWHERE = "nowhere"  # read past and forgotten


class Format(StrEnum):
    """How dates, months, quarters and positions are written."""

    DAY_FIRST = "dd/mm/yyyy"
    DAY_FIRST_SHORT = "dd/mm/yy"
    ISO = "yyyy-mm-dd"
    MONTH_FIRST = "mm/dd/yyyy"
    DAY_MONTH_WORD = "dd Mmm yyyy"
    DAY_FIRST_TIME = "dd/mm/yyyy HH:MM"
    ISO_TIME = "yyyy-mm-dd HH:MM"
    SERIAL = "spreadsheet day number"
    TIME = "HH:MM"
    YEAR_MONTH = "yyyy-mm"
    MONTH_WORD = "Mmm yyyy"
    FIRST_OF_MONTH = "yyyy-mm-01"
    FINANCIAL_QUARTER = "1 to 4, from April"
    CALENDAR_QUARTER = "yyyy Qn"
    FINANCIAL_YEAR = "yyyy/yy"
    CALENDAR_YEAR = "yyyy"
    METRES = "metres"
    FEET = "US survey feet"
    DEGREES = "degrees"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the partner's file.

    ``also``: other names that other editions of the file give it. ``format``: several are separated by `` or ``.
    ``filled``: a row without it cannot be used. ``may_lack``: the file may come without the column. ``private``: about
    a person or an address; it goes to the room ``goes_to`` and never into events. ``drop_unusable``: what cannot be
    right leaves the value unknown, and how many is said, instead of setting the row aside. ``meaning``: for people.
    """

    name: str
    role: Role | None = None
    format: str = ""
    meaning: str = ""
    also: tuple[str, ...] = ()
    filled: bool = False
    may_lack: bool = False
    private: bool = False
    goes_to: Room = Room.NOWHERE
    drop_unusable: bool = False

    @property
    def formats(self) -> tuple[Format, ...]:
        return tuple(Format(word) for word in self.format.split(" or ")) if self.format else ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.also)


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """Where a file says which months it is about.

    ``said_by``: ``file name`` (``pattern``, a regular expression with the groups ``month`` or ``year`` and optionally
    ``publisher``), ``rows`` (each row its own), ``columns`` (each month a column), ``snapshot`` (as things stood in
    the month it came, or the month in its name). ``months``: how many one delivery covers.
    """

    said_by: str = "rows"
    pattern: str = ""
    called: str = ""  # the name in words: police-extract-PUBLISHER-YYYY-MM.csv
    months: int = 1


@dataclass(frozen=True, slots=True)
class Rename:
    """A word the publisher gave up for another. Both count as the same, so the series stays whole."""

    old: str
    new: str
    since: str  # YYYY-MM
    why: str = ""


@dataclass(frozen=True)
class Profile:
    """How one partner's file is read. Made by ``from_dict``; raises DataProblem there when it cannot be right."""

    name: str
    version: int
    label: str  # with its article: "a police extract"
    shape: Shape
    columns: tuple[Column, ...]
    period: PeriodRule
    publisher: str = ""  # slug; empty when the file's name says it
    publisher_name: str = ""
    sent_by: str = ""  # kind of agency: police, council, fire and rescue, health, housing provider, other
    codes: Mapping[str, CrimeType] | None = None  # the publisher's word -> what it counts as
    otherwise: CrimeType | None = None  # what a word that is not in ``codes`` counts as; None sets the row aside
    publisher_type: str = ""  # the publisher's word for every row, when no column says it
    renamed: tuple[Rename, ...] = ()
    areas: Mapping[str, str] | None = None  # the publisher's name of an area -> its code, "" for no area
    area_level: str = ""
    position_precision: PlacePrecision = PlacePrecision.STREET  # of a position without a property number
    empty_words: tuple[str, ...] = ()  # cells that mean nothing: NULL, NA
    tidy: bool = True  # blanks around a cell and capitals in a word do not matter
    file_names: tuple[str, ...] = ()  # patterns (``*burglary*``) that tell files with the same columns apart
    reader: str = ""  # a reader made for this very file; the columns then only describe it
    unit: str = ""  # what one row is, in words: "one crime"
    legal_basis: str = ""
    data_class: str = ""  # a DataClass value of foundation.agencies
    agreement: str = ""  # the sharing agreement or licence that covers it
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """``void-homes 1``: what a batch remembers of how it was read."""
        return f"{self.name} {self.version}"

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @cached_property
    def private(self) -> tuple[str, ...]:
        """Names of the columns that never reach events nor the text of a rejected row."""
        return tuple(name for column in self.columns if column.private for name in column.names)

    @cached_property
    def required(self) -> tuple[Column, ...]:
        """The columns a file must have to be one of these."""
        return tuple(column for column in self.columns if not column.may_lack)

    def column(self, role: Role) -> Column | None:
        """The column with this role; None when the file has none."""
        return next((column for column in self.columns if column.role is role), None)

    def as_dict(self) -> dict[str, Any]:
        """The profile as its JSON file holds it, without what is as usual."""
        plain: dict[str, Any] = {"format": PROFILE_FORMAT}
        for key in _KEYS:
            value = getattr(self, key)
            if key in _ALWAYS or value not in (None, "", (), _USUAL.get(key)):
                plain[key] = _plain(value)
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Reads ``as_dict``'s form; raises DataProblem, one sentence, for what is missing, misspelt or at odds."""
        if not isinstance(plain, Mapping):
            raise DataProblem("This is not a source profile.", remedy="It should be a JSON object.")
        name = str(plain.get("name", ""))
        try:
            if plain.get("format", PROFILE_FORMAT) != PROFILE_FORMAT:
                raise ValueError(f"it is of format {plain.get('format')}, and this version reads {PROFILE_FORMAT}")
            if unknown := sorted(set(plain) - {*_KEYS, "format"}):
                raise ValueError(f"“{unknown[0]}” is not a part of a profile")
            profile = cls(**{key: _read(key, plain[key]) for key in _KEYS if key in plain})
            profile._check()
        except (ValueError, TypeError, KeyError, AttributeError, re.error) as why:
            raise DataProblem(f"The source profile “{name[:80]}” cannot be used: {_words(why)}.") from None
        return profile

    def _check(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.name) > 60:
            raise ValueError("its name must be small letters, digits and hyphens, at most 60")
        if self.version < 1:
            raise ValueError("its version must be a whole number from 1")
        if not self.label:
            raise ValueError("it lacks a label")
        names = [name.strip().casefold() for column in self.columns for name in column.names]
        if not names or len(names) != len(set(names)):
            raise ValueError("it has no columns, or two of the same name")
        roles = [column.role for column in self.columns if column.role and column.role is not Role.ANSWER]
        if twice := next((role for role in roles if roles.count(role) > 1), None):
            raise ValueError(f"two columns are “{twice}”")
        used = [column.role for column in self.columns if column.role and not column.private]
        if stray := next((role for role in used if role not in ROLES_OF[self.shape]), None):
            raise ValueError(f"a table of {self.shape} has no use for “{stray}”")
        if leak := next((column for column in self.columns if column.private and column.role in _OPEN_ROLES), None):
            raise ValueError(f"“{leak.name}” is private and may not become part of {self.shape}")
        for column in self.columns:
            _ = column.formats
        re.compile(self.period.pattern)
        if self.period.said_by not in ("file name", "rows", "columns", "snapshot"):
            raise ValueError(f"“{self.period.said_by}” is not a way to say the period")
        if self.period.months not in (1, 3, 12):
            raise ValueError("a delivery covers 1, 3 or 12 months")
        if not self.reader:
            self._check_needs(set(roles))

    def _check_needs(self, roles: set[Role]) -> None:
        """That a table of this shape can be made of the columns there are."""
        typed = bool(self.publisher_type) or Role.TYPE in roles
        needs: dict[Shape, tuple[tuple[bool, str], ...]] = {
            Shape.EVENTS: (
                (typed, "it says nowhere what happened"),
                (self.otherwise is not None or bool(self.codes), "no word counts as anything"),
                (bool(roles & {Role.FROM_DATE, Role.MONTH}), "it says nowhere when"),
            ),
            Shape.COUNTS: (
                (typed, "it says nowhere what is counted"),
                (Role.AREA in roles, "it says nowhere which area is counted"),
                (Role.COUNT in roles or self.period.said_by == "columns", "it says nowhere how many"),
            ),
            Shape.PREMISES: (
                (bool(roles & {Role.ADDRESS, Role.PREMISES, Role.REFERENCE}), "it says nowhere which premises"),
            ),
            Shape.ANSWERS: ((any(c.role is Role.ANSWER for c in self.columns), "it holds no question"),),
        }
        for met, problem in needs[self.shape]:
            if not met:
                raise ValueError(problem)

    def as_table_schema(self) -> dict[str, Any]:
        """The file's layout as Frictionless Table Schema (specs.frictionlessdata.io/table-schema), for publishing."""
        return {
            "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
            "name": self.name,
            "title": self.label,
            "fields": [_schema_field(column, self) for column in self.columns],
            "missingValues": ["", *self.empty_words],
            **({"primaryKey": [reference.name]} if (reference := self.column(Role.REFERENCE)) else {}),
        }


# A private column with one of these roles would carry what is about a person into the store. In a list of premises the
# address is what the list is for, and the list goes to the places room.
_OPEN_ROLES = frozenset(Role) - {
    *(Role.ADDRESS, Role.POSTCODE, Role.NAME),
    *(Role.VICTIM, Role.SUSPECT, Role.FORENAME, Role.SURNAME, Role.BORN_ON),
}

_KEYS = tuple(Profile.__dataclass_fields__)
_ALWAYS = ("name", "version", "label", "shape", "columns", "period")
_USUAL: dict[str, Any] = {"tidy": True, "position_precision": PlacePrecision.STREET}


def _read(key: str, value: Any) -> Any:
    readers: dict[str, Any] = {
        "shape": Shape,
        "columns": lambda columns: tuple(_read_column(column) for column in columns),
        "period": lambda rule: PeriodRule(**rule),
        "codes": lambda codes: {str(word): CrimeType(kind) for word, kind in codes.items()},
        "otherwise": CrimeType,
        "renamed": lambda renamed: tuple(Rename(**one) for one in renamed),
        "areas": lambda areas: {str(name): str(code) for name, code in areas.items()},
        "position_precision": PlacePrecision,
        "empty_words": tuple,
        "file_names": tuple,
        "notes": tuple,
    }
    return readers[key](value) if key in readers and value is not None else value


def _read_column(plain: Mapping[str, Any]) -> Column:
    given = dict(plain)
    if given.get("role") is not None:
        given["role"] = Role(given["role"])
    if "goes_to" in given:
        given["goes_to"] = Room(given["goes_to"])
    given["also"] = tuple(given.get("also", ()))
    return Column(**given)


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Column | PeriodRule | Rename):
        fields = {name: getattr(value, name) for name in value.__dataclass_fields__}
        fresh = value.__dataclass_fields__
        return {name: _plain(held) for name, held in fields.items() if held != fresh[name].default or name == "said_by"}
    if isinstance(value, Mapping):
        return {key: _plain(held) for key, held in value.items()}
    if isinstance(value, tuple):
        return [_plain(held) for held in value]
    return value


def _words(why: Exception) -> str:
    if isinstance(why, KeyError):
        return f"it lacks {why}"
    return str(why).replace("Profile.__init__() ", "it ").replace("Column.__init__() ", "a column ").rstrip(".")


def _schema_field(column: Column, profile: Profile) -> dict[str, Any]:
    kind, layout = _schema_type(column)
    field: dict[str, Any] = {"name": column.name, "type": kind}
    if layout:
        field["format"] = layout
    if column.meaning or column.role:
        field["description"] = column.meaning or (column.role.words if column.role else "")
    constraints: dict[str, Any] = {}
    if column.filled:
        constraints["required"] = True
    if column.role is Role.TYPE and profile.codes and profile.otherwise is None:
        constraints["enum"] = list(profile.codes)
    if constraints:
        field["constraints"] = constraints
    return field


_STRPTIME = {
    Format.DAY_FIRST: ("date", "%d/%m/%Y"),
    Format.DAY_FIRST_SHORT: ("date", "%d/%m/%y"),
    Format.ISO: ("date", "default"),
    Format.MONTH_FIRST: ("date", "%m/%d/%Y"),
    Format.DAY_MONTH_WORD: ("date", "%d %b %Y"),
    Format.FIRST_OF_MONTH: ("date", "default"),
    Format.DAY_FIRST_TIME: ("datetime", "%d/%m/%Y %H:%M"),
    Format.ISO_TIME: ("datetime", "%Y-%m-%d %H:%M"),
    Format.TIME: ("time", "%H:%M"),
    Format.YEAR_MONTH: ("yearmonth", ""),
}
_NUMERIC = frozenset(
    {Role.EASTING, Role.NORTHING, Role.LONGITUDE, Role.LATITUDE, Role.LOCAL_X, Role.LOCAL_Y, Role.WEIGHT}
)


def _schema_type(column: Column) -> tuple[str, str]:
    if column.role is Role.COUNT:
        return "integer", ""
    if column.role in _NUMERIC:
        return "number", ""
    if len(column.formats) == 1 and column.formats[0] in _STRPTIME:
        return _STRPTIME[column.formats[0]]
    return "string", ""
