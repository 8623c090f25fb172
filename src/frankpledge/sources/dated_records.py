"""Partners' own dated records: the police extract, council anti-social behaviour reports and fire service incidents.

Each is a CSV file named ``SOURCE-PUBLISHER-YYYY-MM.csv`` (``police-extract-brackenshire-2025-04.csv``), UTF-8, the
header on the first line. The name says who publishes it and for which month. Dates are ``dd/mm/yyyy``, times ``HH:MM``
by the clock on the wall in London. Columns, words and what becomes of them are declared below, one ``DatedSource`` a
file.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from frankpledge.sources.handing_over import (
    LONDON,
    UTC,
    PublisherMonth,
    blank_to_null,
    day_start,
    event_table,
    hand_over,
    place_precision,
    repeated_rows,
)
from frankpledge.sources.judging import Fault, Judge, Judged, quoted
from frankpledge.sources.parcels import Parcel
from frankpledge.sources.positions import may_be_land_on_grid
from frankpledge.sources.reading import Source, read_path
from frankpledge.sources.sheets import UnusableSheet, read_sheet
from frankpledge.vocabulary.areas import is_area_code
from frankpledge.vocabulary.columns import PlacePrecision, Precision
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.deliveries import Delivery, Refusal, RowFault
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.forces import FORCES
from frankpledge.vocabulary.land import GRID_EAST, GRID_NORTH
from frankpledge.vocabulary.periods import FIRST_YEAR, LAST_YEAR, Month

# The police's words for an offence (Home Office counting rules titles, shortened) and ours.
OFFENCES: dict[str, CrimeType] = {
    "Burglary - residential": CrimeType.BURGLARY,
    "Burglary - residential - attempt": CrimeType.BURGLARY,
    "Burglary - business and community": CrimeType.BURGLARY,
    "Burglary - business and community - attempt": CrimeType.BURGLARY,
    "Theft of a motor vehicle": CrimeType.VEHICLE_CRIME,
    "Theft from a motor vehicle": CrimeType.VEHICLE_CRIME,
    "Vehicle interference": CrimeType.VEHICLE_CRIME,
    "Theft of a pedal cycle": CrimeType.BICYCLE_THEFT,
    "Theft from the person": CrimeType.THEFT_FROM_THE_PERSON,
    "Shoplifting": CrimeType.SHOPLIFTING,
    "Other theft": CrimeType.OTHER_THEFT,
    "Robbery - personal": CrimeType.ROBBERY,
    "Robbery - business": CrimeType.ROBBERY,
    "Violence with injury": CrimeType.VIOLENCE_AND_SEXUAL_OFFENCES,
    "Violence without injury": CrimeType.VIOLENCE_AND_SEXUAL_OFFENCES,
    "Stalking and harassment": CrimeType.VIOLENCE_AND_SEXUAL_OFFENCES,
    "Sexual offence": CrimeType.VIOLENCE_AND_SEXUAL_OFFENCES,
    "Criminal damage": CrimeType.CRIMINAL_DAMAGE_AND_ARSON,
    "Criminal damage to a dwelling": CrimeType.CRIMINAL_DAMAGE_AND_ARSON,
    "Criminal damage to a vehicle": CrimeType.CRIMINAL_DAMAGE_AND_ARSON,
    "Arson": CrimeType.CRIMINAL_DAMAGE_AND_ARSON,
    "Drug possession": CrimeType.DRUGS,
    "Drug trafficking": CrimeType.DRUGS,
    "Possession of weapons": CrimeType.POSSESSION_OF_WEAPONS,
    "Public order": CrimeType.PUBLIC_ORDER,
    "Other crime": CrimeType.OTHER_CRIME,
    "Anti-social behaviour": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
}

# The council's words. Environmental crime is a crime type of its own in the statutory exchange.
COUNCIL_CATEGORIES: dict[str, CrimeType] = {
    "Noise": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Rowdy or inconsiderate behaviour": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Neighbour dispute": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Nuisance vehicles": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Street drinking": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Begging": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Animal nuisance": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Fireworks": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Drug paraphernalia": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Fly-tipping": CrimeType.ENVIRONMENTAL_CRIME,
    "Graffiti": CrimeType.ENVIRONMENTAL_CRIME,
    "Litter": CrimeType.ENVIRONMENTAL_CRIME,
    "Dog fouling": CrimeType.ENVIRONMENTAL_CRIME,
    "Abandoned vehicle": CrimeType.ENVIRONMENTAL_CRIME,
    "Fly-posting": CrimeType.ENVIRONMENTAL_CRIME,
}

# The fire service's words. A fire set on purpose in a home counts as deliberate.
FIRE_TYPES: dict[str, CrimeType] = {
    "Accidental dwelling fire": CrimeType.DWELLING_FIRE,
    "Deliberate dwelling fire": CrimeType.DELIBERATE_FIRE,
    "Deliberate primary fire": CrimeType.DELIBERATE_FIRE,
    "Deliberate secondary fire": CrimeType.DELIBERATE_FIRE,
    "Deliberate vehicle fire": CrimeType.DELIBERATE_FIRE,
}


@dataclass(frozen=True)
class DatedSource:
    """What the columns of one kind of partner file mean. A role that the file does not have is None.

    ``private`` columns are read and go no further: not into events, not into the text of a quarantined row.
    """

    name: str
    label: str
    columns: tuple[str, ...]
    reference: str
    type_column: str
    types: Mapping[str, CrimeType]
    from_date: str
    from_time: str
    to_date: str | None = None
    to_time: str | None = None
    easting: str = "easting"
    northing: str = "northing"
    small_area: str = "lsoa"
    premises: str | None = None
    position_precision: PlacePrecision = PlacePrecision.STREET  # of a position without a premises number
    private: tuple[str, ...] = ()


POLICE_EXTRACT = DatedSource(
    name="police-extract",
    label="a police extract",
    columns=(
        "crime_ref",
        "offence",
        "hocode",
        "from_date",
        "from_time",
        "to_date",
        "to_time",
        "uprn",
        "address",
        "postcode",
        "easting",
        "northing",
        "lsoa",
        "victim_ref",
        "mo",
    ),
    reference="crime_ref",
    type_column="offence",
    types=OFFENCES,
    from_date="from_date",
    from_time="from_time",
    to_date="to_date",
    to_time="to_time",
    premises="uprn",
    private=("address", "postcode", "victim_ref", "mo"),
)

COUNCIL_ASB = DatedSource(
    name="council-asb",
    label="a file of council anti-social behaviour reports",
    columns=("report_ref", "category", "reported_on", "reported_time", "easting", "northing", "lsoa"),
    reference="report_ref",
    type_column="category",
    types=COUNCIL_CATEGORIES,
    from_date="reported_on",
    from_time="reported_time",
)

FIRE_INCIDENTS = DatedSource(
    name="fire-incidents",
    label="a file of fire service incidents",
    columns=("incident_no", "type", "alarm_date", "alarm_time", "easting", "northing", "lsoa", "uprn"),
    reference="incident_no",
    type_column="type",
    types=FIRE_TYPES,
    from_date="alarm_date",
    from_time="alarm_time",
    premises="uprn",
)

DATED_SOURCES: tuple[DatedSource, ...] = (POLICE_EXTRACT, COUNCIL_ASB, FIRE_INCIDENTS)


_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_METRES = re.compile(r"-?\d{1,9}(?:\.\d{1,6})?", re.ASCII)
_UPRN = re.compile(r"\d{1,13}", re.ASCII)  # thirteen digits: made up, see vocabulary.premises

_MADE_UP = "X"  # first letter of a made-up area's code: such areas may lie anywhere, in the sea too


@dataclass(frozen=True, slots=True)
class _Span:
    start: datetime
    end: datetime
    precision: Precision
    month: date


@dataclass(frozen=True, slots=True)
class _Point:
    easting: float
    northing: float
    made_up: bool


def read(path: Path, *, progress: Callable[[str], None] | None = None) -> Iterator[Delivery | Refusal]:
    """Deliveries of partners' dated files in ``path`` (a file, an archive or a folder), one for each file."""
    return read_path(path, SOURCES, progress)


def _reader(source: DatedSource) -> Callable[[Parcel, bool], Iterator[Delivery]]:
    return lambda parcel, plain: _read(source, parcel, plain)


def _read(source: DatedSource, parcel: Parcel, plain: bool) -> Iterator[Delivery]:
    subject = _said_by_name(source, parcel.own_name)
    sheet = read_sheet(parcel.name, parcel.data, plain=plain, private=source.private)
    judge = Judge(sheet, private=source.private, public=False)
    judge.each(source.reference, by=_required(source.reference, "the publisher's reference"))
    types = judge.each(source.type_column, by=_type_judge(source))
    moments = [name for name in (source.from_date, source.from_time, source.to_date, source.to_time) if name]
    spans = judge.each(*moments, by=_span_judge(source, subject.month))
    points: Judged[_Point | tuple[()]] = judge.each(
        source.easting, source.northing, source.small_area, by=_point_judge(source)
    )
    _fault_points_at_sea(source, judge, points)
    areas = judge.each(source.small_area, by=_area_judge(source))
    small_area = areas.spread([code or None for code in areas.results], pa.string())
    if source.premises:
        homes = judge.each(source.premises, by=_premises_judge(source.premises))
        premises = homes.spread([uprn or None for uprn in homes.results], pa.string())
    else:
        premises = pa.nulls(len(sheet), pa.string())
    easting = points.spread([point.easting if point else None for point in points.results], pa.float64())
    of_position = pc.if_else(pc.is_valid(premises), PlacePrecision.ADDRESS.value, source.position_precision.value)
    return hand_over(
        parcel,
        source.name,
        judge,
        events=event_table(
            sheet,
            reference=blank_to_null(sheet.column(source.reference)),
            crime_type=types.spread([kind and kind.value for kind in types.results], pa.string()),
            publisher_type=sheet.column(source.type_column),
            month=spans.spread([span and span.month for span in spans.results], pa.date32()),
            occurred_from=spans.spread([span and span.start for span in spans.results], pa.timestamp("us", "UTC")),
            occurred_to=spans.spread([span and span.end for span in spans.results], pa.timestamp("us", "UTC")),
            precision=spans.spread([span and span.precision.value for span in spans.results], pa.string()),
            easting=easting,
            northing=points.spread([point.northing if point else None for point in points.results], pa.float64()),
            place_precision=place_precision(easting, of_position, small_area),
            small_area=small_area,
            premises=premises,
        ),
        subjects=[subject],
        subject_of_row=np.zeros(len(sheet), dtype=np.int64),
        repeated=repeated_rows(sheet, source.reference, judge.sound()),
    )


SOURCES: tuple[Source, ...] = tuple(
    Source(source.name, source.label, source.columns, _reader(source)) for source in DATED_SOURCES
)


def _said_by_name(source: DatedSource, own_name: str) -> PublisherMonth:
    """Publisher and month of ``council-asb-aldercombe-2025-04.csv``; raises UnusableSheet when it does not say."""
    pattern = rf"{source.name}-([a-z0-9]+(?:-[a-z0-9]+)*)-(\d{{4}}-\d{{2}})(?:\.csv)?"
    match = re.fullmatch(pattern, own_name, re.IGNORECASE | re.ASCII)
    try:
        if match:
            publisher = match[1].lower()
            return PublisherMonth(Month.parse(match[2]), publisher, FORCES.get(publisher) or _as_name(publisher))
    except DataProblem:
        pass  # the month in the name is none: the same sentence serves
    raise UnusableSheet(f"does not say whose it is and for which month; call it {source.name}-PUBLISHER-YYYY-MM.csv.")


def _as_name(slug: str) -> str:
    """``aldercombe-borough-council`` -> ``Aldercombe Borough Council``."""
    return " ".join(word if word in ("and", "of", "the") else word.capitalize() for word in slug.split("-"))


def _required(column: str, what: str) -> Callable[[str], str | Fault]:
    return lambda text: text if text.strip() else Fault(column, RowFault.MISSING_VALUE, f"The row lacks {what}.")


def _type_judge(source: DatedSource) -> Callable[[str], CrimeType | Fault]:
    def judge(text: str) -> CrimeType | Fault:
        sentence = f"{quoted(text)} is not among the agreed words for “{source.type_column}”."
        return source.types.get(text) or Fault(source.type_column, RowFault.UNKNOWN_CRIME_TYPE, sentence)

    return judge


def _span_judge(source: DatedSource, month: Month) -> Callable[..., _Span | Fault]:
    """From the cells of the date and time columns to an interval in UTC. Without a time the whole day is meant."""

    def judge(from_date: str, from_time: str, to_date: str = "", to_time: str = "") -> _Span | Fault:
        first = _date(source.from_date, from_date)
        if isinstance(first, Fault):
            return first
        last = _date(source.to_date or "", to_date) if to_date else first
        if isinstance(last, Fault):
            return last
        if to_time and not to_date:
            return Fault(source.to_date, RowFault.MISSING_VALUE, "The row has a time of its end but no date of it.")
        if Month.of(first) != month:
            sentence = f"{quoted(from_date)} is not in {month.label}, which the file's name says; one of them is wrong."
            return Fault(source.from_date, RowFault.OTHER_MONTH, sentence)
        start = _moment(source.from_time, first, from_time) if from_time else day_start(first)
        if isinstance(start, Fault):
            return start
        exact = bool(from_time) and (bool(to_time) or not to_date)
        if to_time:
            end = _moment(source.to_time or "", last, to_time)
        else:
            end = start if exact else day_start(last + timedelta(days=1))
        if isinstance(end, Fault):
            return end
        if last < first or end < start:
            sentence = f"It ends ({to_date} {to_time}) before it starts ({from_date} {from_time}); are the two swapped?"
            return Fault(source.to_date, RowFault.ENDS_BEFORE_IT_STARTS, sentence)
        if exact:
            return _Span(start, end, Precision.MINUTE, month.first_day)
        return _Span(day_start(first), day_start(last + timedelta(days=1)), Precision.DAY, month.first_day)

    return judge


def _date(column: str, text: str) -> date | Fault:
    if not text:
        return Fault(column, RowFault.MISSING_VALUE, f"The row lacks a date in “{column}”.")
    match = _DATE.fullmatch(text)
    if not match:
        return Fault(
            column, RowFault.IMPOSSIBLE_DATE, f"{quoted(text)} is not a date; write dd/mm/yyyy, as 30/04/2025."
        )
    try:
        day = date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return Fault(column, RowFault.IMPOSSIBLE_DATE, f"The date {text} does not exist.")
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        return Fault(column, RowFault.IMPOSSIBLE_DATE, f"The year of {text} cannot be right.")
    return day


def _moment(column: str, day: date, text: str) -> datetime | Fault:
    """London wall-clock time to UTC. Of an hour that comes twice, the first; an hour that is skipped does not exist."""
    match = _TIME.fullmatch(text)
    if not match:
        return Fault(column, RowFault.IMPOSSIBLE_TIME, f"{quoted(text)} is not a time of day; write HH:MM, as 23:05.")
    wall = datetime(day.year, day.month, day.day, int(match[1]), int(match[2]))
    moment = wall.replace(tzinfo=LONDON).astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) != wall:
        sentence = f"On {day:%d/%m/%Y} the clocks went forward and there was no {text}; say the time by the new clock."
        return Fault(column, RowFault.NO_SUCH_HOUR, sentence)
    return moment


def _point_judge(source: DatedSource) -> Callable[[str, str, str], _Point | tuple[()] | Fault]:
    def judge(easting: str, northing: str, small_area: str) -> _Point | tuple[()] | Fault:
        if not easting and not northing:
            return ()
        for column, text, (low, high) in (
            (source.easting, easting, GRID_EAST),
            (source.northing, northing, GRID_NORTH),
        ):
            if not text:
                return Fault(column, RowFault.MALFORMED_POSITION, f"The row lacks a {column}; a position needs both.")
            if not _METRES.fullmatch(text) or not low <= float(text) <= high:
                sentence = f"{quoted(text)} is no {column} in metres of the National Grid."
                return Fault(column, RowFault.MALFORMED_POSITION, sentence)
        return _Point(float(easting), float(northing), small_area.startswith(_MADE_UP))

    return judge


def _fault_points_at_sea(source: DatedSource, judge: Judge, points: Judged[_Point | tuple[()]]) -> None:
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
            faults[number] = Fault(source.easting, RowFault.POSITION_IN_THE_SEA, sentence)
    judge.fault_values(points.indices, faults)


def _area_judge(source: DatedSource) -> Callable[[str], str | Fault]:
    def judge(text: str) -> str | Fault:
        sentence = f"{quoted(text)} is not the code of a small area; it has a letter and eight digits, as E01025631."
        fits = not text or is_area_code(text)
        return text if fits else Fault(source.small_area, RowFault.MALFORMED_AREA_CODE, sentence)

    return judge


def _premises_judge(column: str) -> Callable[[str], str | Fault]:
    def judge(text: str) -> str | Fault:
        sentence = f"{quoted(text)} is not a unique property reference number; it has up to 13 digits and nothing else."
        fits = not text or _UPRN.fullmatch(text)
        return text if fits else Fault(column, RowFault.MALFORMED_PREMISES, sentence)

    return judge
