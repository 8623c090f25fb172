"""data.police.uk: street-level crimes, their outcomes, and stops and searches, as each force publishes them by month.

Files are called ``YYYY-MM-force-kind.csv``. Crimes and outcomes carry only the month, and the nearest of a fixed set of
map points ("snap points", each with at least eight addresses near it) instead of the place. Stops and searches carry
the moment. Source: data.police.uk/about, "Location anonymisation" and "Column headers".
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from frankpledge.sources.handing_over import (
    LONDON,
    UTC,
    PublisherMonth,
    blank_to_null,
    event_table,
    hand_over,
    month_bounds,
    place_precision,
    repeated_rows,
)
from frankpledge.sources.headers import OUTCOMES_COLUMNS, STOP_AND_SEARCH_COLUMNS, STREET_COLUMNS
from frankpledge.sources.judging import Fault, Judge, Judged, quoted
from frankpledge.sources.parcels import Parcel, unpack
from frankpledge.sources.positions import may_be_land, to_grid
from frankpledge.sources.reading import Source, read_path, source_of
from frankpledge.sources.sheets import UnusableSheet, read_sheet
from frankpledge.vocabulary.areas import is_area_code
from frankpledge.vocabulary.columns import PlacePrecision, Precision
from frankpledge.vocabulary.crime_types import POLICE_UK_TYPES, CrimeType
from frankpledge.vocabulary.deliveries import Delivery, Refusal, RowFault
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.forces import FORCES, force_slug
from frankpledge.vocabulary.periods import Month

_NAME = re.compile(
    r"(\d{4}-\d{2})-([a-z][a-z-]*?)-(?:street|outcomes|stop-and-search)(?:\.csv)?", re.IGNORECASE | re.ASCII
)
_DEGREES = re.compile(r"-?\d{1,3}(?:\.\d+)?(?:[eE]-\d{1,2})?", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)

PROFILE_VERSION = 1  # of the profiles that describe these files

# Of the person searched: counted nowhere, passed nowhere, not kept with a rejected row.
_PERSONAL = ("Gender", "Age range", "Self-defined ethnicity", "Officer-defined ethnicity")
_UNUSED = {"Falls within", "Location", "LSOA name", "Context"}

Position = tuple[float, float] | tuple[()]


def read(path: Path, *, progress: Callable[[str], None] | None = None) -> Iterator[Delivery | Refusal]:
    """Deliveries of a data.police.uk file, archive or folder: one for each force and month in each file.

    Yields a Refusal for a file that cannot be used; raises DataProblem when there is nothing at ``path``.
    """
    return read_path(path, SOURCES, progress)


def sniff(path: Path) -> bool:
    """Whether the first file in ``path`` has the columns of a data.police.uk file."""
    try:
        parcel = next(unpack(path), None)
        return isinstance(parcel, Parcel) and source_of(parcel, SOURCES) in SOURCES
    except (DataProblem, UnusableSheet):
        return False


def _read_street(parcel: Parcel, plain: bool) -> Iterator[Delivery]:
    return _read_monthly(parcel, plain, "police-uk-street", "Crime type", "Last outcome category", _crime_type)


def _read_outcomes(parcel: Parcel, plain: bool) -> Iterator[Delivery]:
    return _read_monthly(parcel, plain, "police-uk-outcomes", "Outcome type", "Outcome type", _outcome_type)


def _read_monthly(
    parcel: Parcel,
    plain: bool,
    source: str,
    type_column: str,
    outcome_column: str,
    type_of: Callable[[str], CrimeType | Fault],
) -> Iterator[Delivery]:
    """Crimes and outcomes: the month only, and a force in each row."""
    sheet = read_sheet(parcel.name, parcel.data, plain=plain)
    judge = Judge(sheet)
    subjects = judge.each("Month", "Reported by", by=_subject_judge(*_said_by_name(parcel.own_name)))
    places = Places(judge, "Longitude", "Latitude")
    areas = judge.each("LSOA code", by=_area_code)
    types = judge.each(type_column, by=type_of)
    small_area = areas.spread([code or None for code in areas.results], pa.string())
    named = [subject or _NOBODY for subject in subjects.results]
    bounds = [month_bounds(subject.month) for subject in named]
    return hand_over(
        parcel,
        source,
        judge,
        events=event_table(
            sheet,
            reference=blank_to_null(sheet.column("Crime ID")),
            crime_type=types.spread([kind and kind.value for kind in types.results], pa.string()),
            publisher_type=sheet.column(type_column),
            month=subjects.spread([subject.month.first_day for subject in named], pa.date32()),
            occurred_from=subjects.spread([start for start, _ in bounds], pa.timestamp("us", "UTC")),
            occurred_to=subjects.spread([end for _, end in bounds], pa.timestamp("us", "UTC")),
            precision=Precision.MONTH,
            easting=places.easting,
            northing=places.northing,
            place_precision=place_precision(places.easting, PlacePrecision.SNAP, small_area),
            small_area=small_area,
            outcome=blank_to_null(sheet.column(outcome_column)),
        ),
        subjects=named,
        subject_of_row=subjects.indices,
        repeated=repeated_rows(sheet, "Crime ID", judge.sound()),
        profile=f"{source} {PROFILE_VERSION}",
    )


def _read_stops(parcel: Parcel, plain: bool) -> Iterator[Delivery]:
    """Stops and searches: exact moments; only the file's name says whose they are."""
    month, force = _said_by_name(parcel.own_name)
    if month is None or force is None:
        raise UnusableSheet(
            "does not say whose stops and searches it holds; give it its published name, "
            "YYYY-MM-force-stop-and-search.csv."
        )
    sheet = read_sheet(parcel.name, parcel.data, plain=plain, private=_PERSONAL)
    judge = Judge(sheet, private=_PERSONAL)
    moments = judge.each("Date", by=lambda text: _moment(text, month))
    places = Places(judge, "Longitude", "Latitude")
    kinds = judge.each("Type", by=_stop_type)
    when = moments.spread(moments.results, pa.timestamp("us", "UTC"))
    local = [None if moment is None else Month.of(moment.astimezone(LONDON)).first_day for moment in moments.results]
    return hand_over(
        parcel,
        "police-uk-stop-and-search",
        judge,
        events=event_table(
            sheet,
            crime_type=kinds.spread([CrimeType.STOP_AND_SEARCH.value] * len(kinds.results), pa.string()),
            publisher_type=sheet.column("Type"),
            month=moments.spread(local, pa.date32()),
            occurred_from=when,
            occurred_to=when,
            precision=Precision.MINUTE,
            easting=places.easting,
            northing=places.northing,
            place_precision=place_precision(places.easting, PlacePrecision.SNAP, pa.nulls(len(sheet), pa.string())),
            outcome=blank_to_null(sheet.column("Outcome")),
        ),
        subjects=[PublisherMonth(month, force, FORCES[force])],
        subject_of_row=np.zeros(len(sheet), dtype=np.int64),
        repeated=np.zeros(len(sheet), dtype=bool),  # without a reference two equal rows may be two searches
        profile=f"police-uk-stop-and-search {PROFILE_VERSION}",
    )


SOURCES: tuple[Source, ...] = (
    Source(
        "police-uk-street",
        "a street-level crime file of data.police.uk",
        tuple(name for name in STREET_COLUMNS if name not in _UNUSED),
        _read_street,
    ),
    Source(
        "police-uk-outcomes",
        "an outcomes file of data.police.uk",
        tuple(name for name in OUTCOMES_COLUMNS if name not in _UNUSED),
        _read_outcomes,
    ),
    Source(
        "police-uk-stop-and-search",
        "a stop-and-search file of data.police.uk",
        tuple(name for name in STOP_AND_SEARCH_COLUMNS if name in ("Type", "Date", "Latitude", "Longitude", "Outcome")),
        _read_stops,
    ),
)


class Places:
    """Positions of the rows on the grid; rows whose position cannot be are marked."""

    def __init__(self, judge: Judge, longitude: str, latitude: str) -> None:
        judged: Judged[Position] = judge.each(longitude, latitude, by=lambda x, y: _position(x, y, longitude, latitude))
        degrees = np.array([place or (np.nan, np.nan) for place in judged.results], dtype=np.float64).reshape(-1, 2)
        known = ~np.isnan(degrees[:, 0])
        at_sea = known.copy()
        at_sea[known] = ~may_be_land(degrees[known, 0], degrees[known, 1])
        faults = {int(i): _sea_fault(longitude, *degrees[i]) for i in np.flatnonzero(at_sea)}
        judge.fault_values(judged.indices, faults)
        metres = np.full(degrees.shape, np.nan)
        good = known & ~at_sea
        metres[good] = np.column_stack(to_grid(degrees[good, 0], degrees[good, 1])).round(1)
        self.easting = self._lay_out(judged, metres[:, 0])
        self.northing = self._lay_out(judged, metres[:, 1])

    @staticmethod
    def _lay_out(judged: Judged[Position], values: Any) -> pa.DoubleArray:
        return pa.array(values, pa.float64(), from_pandas=True).take(pa.array(judged.indices))


# Stands in for the subject of a row that has none; such rows are faulty and go with the file's largest delivery.
_NOBODY = PublisherMonth(Month(1990, 1), "", "")


def _said_by_name(own_name: str) -> tuple[Month | None, str | None]:
    """Month and force of ``2021-01-leicestershire-street.csv``; None for what the name does not say."""
    match = _NAME.fullmatch(own_name)
    if not match:
        return None, None
    force = match[2].lower()
    try:
        month = Month.parse(match[1])
    except DataProblem:
        return None, None
    return month, force if force in FORCES else None


def _subject_judge(month: Month | None, force: str | None) -> Callable[[str, str], PublisherMonth | Fault]:
    def judge(month_text: str, reported_by: str) -> PublisherMonth | Fault:
        if not _MONTH.fullmatch(month_text):
            return _month_fault(month_text)
        try:
            said = Month.parse(month_text)
        except DataProblem:
            return _month_fault(month_text)
        slug = force_slug(reported_by)
        if slug is None:
            sentence = (
                f"No police force is called {quoted(reported_by)}; “Reported by” must be a force's published name."
            )
            return Fault("Reported by", RowFault.UNKNOWN_PUBLISHER, sentence)
        if month and said != month:
            sentence = f"The row is of {said.label}, but the file's name says {month.label}; one of them is wrong."
            return Fault("Month", RowFault.OTHER_MONTH, sentence)
        if force and slug != force:
            sentence = f"The row is reported by {FORCES[slug]}, but the file's name says {FORCES[force]}."
            return Fault("Reported by", RowFault.OTHER_PUBLISHER, sentence)
        return PublisherMonth(said, slug, FORCES[slug])

    return judge


def _month_fault(text: str) -> Fault:
    return Fault("Month", RowFault.IMPOSSIBLE_MONTH, f"{quoted(text)} is not a month; write YYYY-MM, such as 2022-10.")


def _crime_type(text: str) -> CrimeType | Fault:
    kind = POLICE_UK_TYPES.get(text)
    return kind or Fault("Crime type", RowFault.UNKNOWN_CRIME_TYPE, f"data.police.uk has no crime type {quoted(text)}.")


def _outcome_type(text: str) -> CrimeType | Fault:
    if not text.strip():
        return Fault("Outcome type", RowFault.MISSING_VALUE, "The row does not say what the outcome was.")
    return CrimeType.OUTCOME


def _stop_type(text: str) -> str | Fault:
    if not text.strip():
        return Fault("Type", RowFault.MISSING_VALUE, "The row does not say what kind of search it was.")
    return text


def _area_code(text: str) -> str | Fault:
    if not text or (is_area_code(text) and (text[0] not in "EW" or text[1:3] == "01")):
        return text
    sentence = f"{quoted(text)} is not the code of a small area; it has a letter and eight digits, such as E01025631."
    return Fault("LSOA code", RowFault.MALFORMED_AREA_CODE, sentence)


def _position(longitude: str, latitude: str, x_column: str, y_column: str) -> Position | Fault:
    if not longitude and not latitude:
        return ()
    for column, name, text, limit in ((x_column, "longitude", longitude, 180), (y_column, "latitude", latitude, 90)):
        if not text:
            other = "latitude" if name == "longitude" else "longitude"
            sentence = f"The row has a {other} but no {name}; a position needs both."
            return Fault(column, RowFault.MALFORMED_POSITION, sentence)
        if not _DEGREES.fullmatch(text) or abs(float(text)) > limit:
            sentence = f"{quoted(text)} is not a {name} in degrees, such as {'-1.214' if limit > 90 else '52.62'}."
            return Fault(column, RowFault.MALFORMED_POSITION, sentence)
    return float(longitude), float(latitude)


def _sea_fault(column: str, longitude: float, latitude: float) -> Fault:
    swapped = bool(may_be_land(np.array([latitude]), np.array([longitude]))[0])
    hint = " Longitude and latitude look swapped." if swapped else ""
    sentence = (
        f"The position {longitude:g}, {latitude:g} (longitude, latitude) is not on land in the United Kingdom.{hint}"
    )
    return Fault(column, RowFault.POSITION_IN_THE_SEA, sentence)


def _moment(text: str, month: Month) -> datetime | Fault:
    """An ISO 8601 moment with its offset from UTC, within the London month that the file's name says."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        sentence = f"{quoted(text)} is not a date and time; write it as 2021-01-31T22:15:00+00:00."
        return Fault("Date", RowFault.IMPOSSIBLE_DATE, sentence)
    if moment.tzinfo is None:
        sentence = f"{quoted(text)} does not say its offset from UTC; write it as 2021-01-31T22:15:00+00:00."
        return Fault("Date", RowFault.IMPOSSIBLE_TIME, sentence)
    start, end = month_bounds(month)
    if not start <= moment < end:
        sentence = f"{quoted(text)} is not in {month.label}, which the file's name says; one of them is wrong."
        return Fault("Date", RowFault.OTHER_MONTH, sentence)
    return moment.astimezone(UTC)
