"""The files the partners would send: written month by month, with the faults real files have, every one of them known.

data.police.uk files are as clean as the publisher's. The partners' own files have a few rows that cannot be used, a few
sent twice, one month that never came and one that was sent again with changes.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from frankpledge.sources.headers import STREET_COLUMNS
from frankpledge.sources.positions import to_degrees
from frankpledge.sources.profiles import Profile, Role, shipped
from frankpledge.sources.simulator import clock, gazetteer, names, offences
from frankpledge.sources.simulator.incidents import NONE, Incidents
from frankpledge.sources.simulator.offences import ALL_OFFENCES, HOME_BURGLARY, HOME_BURGLARY_ATTEMPT
from frankpledge.sources.simulator.parameters import PERIOD
from frankpledge.sources.simulator.plan import LandPlan
from frankpledge.sources.simulator.town import Town
from frankpledge.vocabulary.deliveries import RowFault
from frankpledge.vocabulary.periods import Month

POLICE_EXTRACT = shipped()["police-extract"]
COUNCIL_ASB = shipped()["council-asb"]
FIRE_INCIDENTS = shipped()["fire-incidents"]

COUNCIL_SLUG = "aldercombe-district-council"
FIRE_SLUG = "brackenshire-fire-and-rescue"
SENT_ON_DAY = 10  # of the following month: what was recorded later is not in the file
SENT_AGAIN = Month(2026, 8)
NEVER_SENT = (COUNCIL_ASB.name, Month(2026, 2))
NO_CRIMED = 4  # records the force withdrew before it sent the month again
LATEST_OUTCOMES = 2  # months at the end in which most investigations are still open

Row = list[str]

# (source, month, edition) -> faults put into that file
_F = RowFault
_FAULTS: dict[tuple[str, str, int], tuple[RowFault, ...]] = {
    (POLICE_EXTRACT.name, "2024-02", 1): (*[_F.ENDS_BEFORE_IT_STARTS] * 3, _F.IMPOSSIBLE_DATE, _F.UNKNOWN_CRIME_TYPE),
    (POLICE_EXTRACT.name, "2025-03", 1): (
        *[_F.NO_SUCH_HOUR] * 2,
        *[_F.ENDS_BEFORE_IT_STARTS] * 2,
        _F.POSITION_IN_THE_SEA,
    ),
    (POLICE_EXTRACT.name, "2025-11", 1): (*[_F.MALFORMED_POSITION] * 3, _F.IMPOSSIBLE_TIME, _F.WRONG_NUMBER_OF_COLUMNS),
    (POLICE_EXTRACT.name, "2026-08", 1): (*[_F.ENDS_BEFORE_IT_STARTS] * 2, *[_F.UNKNOWN_CRIME_TYPE] * 3),
    (POLICE_EXTRACT.name, "2026-08", 2): (_F.ENDS_BEFORE_IT_STARTS,),
    (POLICE_EXTRACT.name, "2026-09", 1): (
        *[_F.ENDS_BEFORE_IT_STARTS] * 4,
        *[_F.POSITION_IN_THE_SEA] * 2,
        *[_F.UNKNOWN_CRIME_TYPE] * 2,
        _F.IMPOSSIBLE_DATE,
        _F.WRONG_NUMBER_OF_COLUMNS,
    ),
    (COUNCIL_ASB.name, "2025-05", 1): tuple([_F.UNKNOWN_CRIME_TYPE] * 5),
    (COUNCIL_ASB.name, "2026-06", 1): (_F.IMPOSSIBLE_DATE, _F.MALFORMED_POSITION, _F.MISSING_VALUE),
    (FIRE_INCIDENTS.name, "2025-11", 1): (_F.IMPOSSIBLE_TIME,),
}
_SENT_TWICE = {
    (POLICE_EXTRACT.name, "2025-06", 1): 4,
    (POLICE_EXTRACT.name, "2026-09", 1): 6,
    (COUNCIL_ASB.name, "2025-08", 1): 2,
}
_OLD_WORDS = {
    POLICE_EXTRACT.name: "Burglary other than dwelling",
    COUNCIL_ASB.name: "Nuisance: personal",
    FIRE_INCIDENTS.name: "Malicious false alarm",
}

_METHODS = (
    "Rear ground-floor window forced",
    "Rear door, lock cylinder snapped",
    "Front door, lock cylinder snapped",
    "Insecure front door",
    "Insecure rear window",
    "Upper-floor window, climbed",
    "Rear door panel kicked in",
    "Patio door forced",
    "Garage or outbuilding door forced",
    "Not known",
)


@dataclass(frozen=True, slots=True)
class DirtyRow:
    """A row that cannot be used, and why: line 1 is the header."""

    line: int
    fault: RowFault
    reference: str


@dataclass(frozen=True)
class RecordFile:
    """One file as a partner sends it. ``duplicates`` counts rows that stand in it twice."""

    path: str  # inside the records folder
    source: str
    month: Month
    text: str
    rows: int
    dirty: tuple[DirtyRow, ...] = ()
    duplicates: int = 0


def police_uk_files(
    land: LandPlan, points: gazetteer.MapPoints, incidents: Incidents, seed: int, rng: Generator
) -> Iterator[RecordFile]:
    """One street file a month, in the publisher's twelve columns."""
    lines = _street_lines(land, points, incidents, seed, rng)
    months = clock.month_numbers(incidents.began // clock.DAY)
    header = ",".join(STREET_COLUMNS) + "\n"
    for month in PERIOD:
        here = [lines[at] for at in np.flatnonzero(months == month.number)]
        here.sort()  # by small area, those without a place last
        text = header + "".join(line for _, _, line in here)
        path = f"police-uk/{month}-{names.FORCE_SLUG}-street.csv"
        yield RecordFile(path, "police-uk-street", month, text, len(here))


def _street_lines(
    land: LandPlan, points: gazetteer.MapPoints, incidents: Incidents, seed: int, rng: Generator
) -> list[tuple[str, str, str]]:
    """Each incident as (sort key, identifier, line)."""
    longitude, latitude = to_degrees(points.easting, points.northing)
    area_names = gazetteer.small_area_names(land)
    place = [
        f"{x:.6f},{y:.6f},On or near {name},{gazetteer.small_area_code(area)},{area_names[area]}"
        for x, y, name, area in zip(longitude, latitude, points.name, points.small_area.tolist(), strict=True)
    ]
    nowhere = rng.random(len(incidents)) < 0.013
    open_from = (PERIOD.last - (LATEST_OUTCOMES - 1)).number
    still_open = (clock.month_numbers(incidents.began // clock.DAY) >= open_from) & (rng.random(len(incidents)) < 0.6)
    outcomes = _outcomes(incidents.kind, still_open, rng)
    written_months = np.datetime_as_string((incidents.began // clock.DAY).astype("datetime64[D]"), unit="M").tolist()
    lines = []
    for at, (kind, point, lost, month, outcome) in enumerate(
        zip(
            incidents.kind.tolist(),
            incidents.map_point.tolist(),
            nowhere.tolist(),
            written_months,
            outcomes,
            strict=True,
        )
    ):
        category = ALL_OFFENCES[kind].police_uk_type
        crime = category != "Anti-social behaviour"
        token = hashlib.sha256(f"aldercombe {seed} {at}".encode()).hexdigest()
        where = ",,No Location,," if lost else place[point]
        key = "Z" if lost else gazetteer.small_area_code(int(points.small_area[point]))
        line = (
            f"{token if crime else ''},{month},{names.FORCE_NAME},{names.FORCE_NAME},{where},{category},"
            f"{outcome if crime else ''},\n"
        )
        lines.append((key, token, line))
    return lines


def _outcomes(kinds: NDArray[np.int64], still_open: NDArray[np.bool_], rng: Generator) -> list[str]:
    """Last outcome of each, by its type."""
    written = np.full(len(kinds), "", dtype=object)
    for number, offence in enumerate(ALL_OFFENCES):
        rows = np.flatnonzero(kinds == number)
        table = offences.OUTCOMES.get(offence.police_uk_type, offences.OTHER_OUTCOMES)
        shares = np.array([share for _, share in table])
        written[rows] = np.array([word for word, _ in table], dtype=object)[rng.choice(len(table), len(rows), p=shares)]
    written[still_open] = offences.UNDER_INVESTIGATION
    return list(written.tolist())


def extract_references(incidents: Incidents) -> list[str]:
    """The force's reference of each incident of the extract: by order of recording."""
    rank = np.empty(len(incidents), dtype=np.int64)
    rank[np.argsort(incidents.recorded, kind="stable")] = np.arange(len(incidents))
    years = (incidents.recorded // clock.DAY).astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    return [
        f"BK/{number + 100_001}/{year % 100:02d}" for number, year in zip(rank.tolist(), years.tolist(), strict=True)
    ]


def police_extract_files(town: Town, incidents: Incidents, seed: int, rng: Generator) -> Iterator[RecordFile]:
    """The force's own extract for Aldercombe: ``incidents`` are those of the district, in order of time."""
    rows = _extract_rows(town, incidents, seed, rng)
    for month in PERIOD:
        yield _dated_file(POLICE_EXTRACT, names.FORCE_SLUG, month, incidents, rows, rng)
    yield _sent_again(incidents, rows, rng)


def _sent_again(incidents: Incidents, rows: list[Row], rng: Generator) -> RecordFile:
    """August 2026 a month later: late records are in it, withdrawn ones are not, and some times are now known."""
    months = clock.month_numbers(incidents.began // clock.DAY)
    here = np.flatnonzero((months == SENT_AGAIN.number) & (incidents.recorded < _sent_at(SENT_AGAIN + 1)))
    withdrawn = set(rng.choice(here[incidents.burglary[here] == NONE], NO_CRIMED, replace=False).tolist())
    kept = [list(rows[at]) for at in here.tolist() if at not in withdrawn]
    ends = POLICE_EXTRACT.column_names.index("to_time"), POLICE_EXTRACT.column_names.index("from_time")
    for row, at in zip(kept, (at for at in here.tolist() if at not in withdrawn), strict=True):
        if not row[ends[0]]:
            row[ends[0]], row[ends[1]] = clock.time_text(np.array([incidents.ended[at], incidents.began[at]]))
    return _file(POLICE_EXTRACT, names.FORCE_SLUG, SENT_AGAIN, kept, rng, edition=2)


def council_files(incidents: Incidents, rng: Generator) -> Iterator[RecordFile]:
    """The council's reports, one file a month; one month was never sent."""
    days, times = clock.date_text(incidents.began), clock.time_text(incidents.began)
    rows = [
        [
            f"ADC-{100_000 + at}",
            offences.COUNCIL_CATEGORIES[kind][0],
            day,
            time,
            str(east),
            str(north),
            gazetteer.small_area_code(area),
        ]
        for at, (kind, day, time, east, north, area) in enumerate(
            zip(
                incidents.kind.tolist(),
                days,
                times,
                incidents.easting.tolist(),
                incidents.northing.tolist(),
                incidents.small_area.tolist(),
                strict=True,
            )
        )
    ]
    for month in PERIOD:
        if (COUNCIL_ASB.name, month) != NEVER_SENT:
            yield _dated_file(COUNCIL_ASB, COUNCIL_SLUG, month, incidents, rows, rng)


def fire_files(incidents: Incidents, rng: Generator) -> Iterator[RecordFile]:
    """The fire service's incidents, one file a month."""
    days, times = clock.date_text(incidents.began), clock.time_text(incidents.began)
    rows = [
        [
            f"F{100_000 + at}",
            offences.FIRE_TYPES[int(incidents.kind[at])][0],
            days[at],
            times[at],
            str(incidents.easting[at]),
            str(incidents.northing[at]),
            gazetteer.small_area_code(int(incidents.small_area[at])),
            _uprn(int(incidents.premises[at])),
        ]
        for at in range(len(incidents))
    ]
    for month in PERIOD:
        yield _dated_file(FIRE_INCIDENTS, FIRE_SLUG, month, incidents, rows, rng)


def _uprn(premises: int) -> str:
    return "" if premises == NONE else str(gazetteer.FIRST_UPRN + premises)


def _extract_rows(town: Town, incidents: Incidents, seed: int, rng: Generator) -> list[Row]:
    """Every incident of the district as the extract writes it. Some have no place, some no times."""
    count = len(incidents)
    at_home = np.isin(incidents.kind, [ALL_OFFENCES.index(HOME_BURGLARY), ALL_OFFENCES.index(HOME_BURGLARY_ATTEMPT)])
    nowhere = ~at_home & (rng.random(count) < 0.025)
    no_times = rng.random(count) < 0.03
    method = rng.integers(0, len(_METHODS), count).tolist()
    victims = _victims(incidents, seed)
    references = extract_references(incidents)
    from_date, from_time = clock.date_text(incidents.began), clock.time_text(incidents.began)
    to_date, to_time = clock.date_text(incidents.ended), clock.time_text(incidents.ended)
    rows = []
    for at in range(count):
        offence = ALL_OFFENCES[int(incidents.kind[at])]
        premises = int(incidents.premises[at])
        known = premises != NONE
        place = [
            _uprn(premises),
            town.address[premises] if known else "",
            town.postcode[premises] if known else "",
            str(incidents.easting[at]),
            str(incidents.northing[at]),
            gazetteer.small_area_code(int(incidents.small_area[at])),
        ]
        rows.append(
            [
                references[at],
                offence.title,
                offence.code,
                from_date[at],
                "" if no_times[at] else from_time[at],
                to_date[at],
                "" if no_times[at] else to_time[at],
                *(["", "", "", "", "", ""] if nowhere[at] else place),
                victims[at],
                _METHODS[method[at]] if offence.police_uk_type == "Burglary" else "",
            ]
        )
    return rows


def _victims(incidents: Incidents, seed: int) -> list[str]:
    """An opaque reference of the injured party: the same for the same premises, none for anti-social behaviour."""
    written = []
    for at, (kind, premises) in enumerate(zip(incidents.kind.tolist(), incidents.premises.tolist(), strict=True)):
        who = f"home {premises}" if premises != NONE else f"event {at}"
        crime = ALL_OFFENCES[kind].police_uk_type != "Anti-social behaviour"
        written.append("V" + hashlib.sha256(f"victim {seed} {who}".encode()).hexdigest()[:10] if crime else "")
    return written


def _sent_at(month: Month) -> int:
    """The minute a month's file is made."""
    return (clock.day_number((month + 1).first_day) + SENT_ON_DAY - 1) * clock.DAY + 8 * 60


def _dated_file(
    source: Profile, slug: str, month: Month, incidents: Incidents, rows: list[Row], rng: Generator
) -> RecordFile:
    """What had been recorded of a month when its file was made, with this file's faults put in."""
    months = clock.month_numbers(incidents.began // clock.DAY)
    here = np.flatnonzero((months == month.number) & (incidents.recorded < _sent_at(month)))
    return _file(source, slug, month, [list(rows[at]) for at in here.tolist()], rng, edition=1)


def _file(source: Profile, slug: str, month: Month, rows: list[Row], rng: Generator, *, edition: int) -> RecordFile:
    key = (source.name, str(month), edition)
    faults = _FAULTS.get(key, ())
    repeated = _SENT_TWICE.get(key, 0)
    chosen = rng.choice(len(rows), len(faults) + repeated, replace=False).tolist()
    dirty = []
    for at, fault in zip(chosen, faults, strict=False):
        rows[at] = _spoilt(rows[at], source, month, fault)
        dirty.append(DirtyRow(at + 2, fault, rows[at][0]))
    rows += [list(rows[at]) for at in chosen[len(faults) :]]
    folder = source.name if edition == 1 else "sent-again"
    path = f"{folder}/{source.name}-{slug}-{month}.csv"
    dirty.sort(key=lambda row: row.line)
    return RecordFile(path, source.name, month, _as_csv(source.column_names, rows), len(rows), tuple(dirty), repeated)


def _spoilt(row: Row, source: Profile, month: Month, fault: RowFault) -> Row:
    """The row with one thing wrong with it, as real files have it."""
    cell = {name: at for at, name in enumerate(source.column_names)}
    row = list(row)
    wrong_date = f"31/{month.month:02d}/{month.year}" if month.days < 31 else f"{month}-14"
    changes: dict[RowFault, dict[str, str]] = {
        RowFault.ENDS_BEFORE_IT_STARTS: {
            _column(source, Role.FROM_TIME): "14:20",
            _column(source, Role.TO_DATE): row[cell[_column(source, Role.FROM_DATE)]],
            _column(source, Role.TO_TIME): "09:05",
        },
        RowFault.IMPOSSIBLE_DATE: {_column(source, Role.FROM_DATE): wrong_date},
        RowFault.IMPOSSIBLE_TIME: {_column(source, Role.FROM_TIME): "25:10"},
        RowFault.NO_SUCH_HOUR: {
            _column(source, Role.FROM_DATE): "30/03/2025",
            _column(source, Role.FROM_TIME): "01:30",
            _column(source, Role.TO_DATE): "30/03/2025",
            _column(source, Role.TO_TIME): "03:15",
        },
        RowFault.UNKNOWN_CRIME_TYPE: {_column(source, Role.TYPE): _OLD_WORDS[source.name]},
        RowFault.POSITION_IN_THE_SEA: {
            _column(source, Role.EASTING): "431200",
            _column(source, Role.NORTHING): "20150",
            _column(source, Role.SMALL_AREA): "",
        },
        RowFault.MALFORMED_POSITION: {
            _column(source, Role.EASTING): "45O" + row[cell[_column(source, Role.EASTING)]][3:6].rjust(3, "1")
        },
        RowFault.MISSING_VALUE: {_column(source, Role.REFERENCE): ""},
    }
    if fault is RowFault.WRONG_NUMBER_OF_COLUMNS:
        return ["Total", "all offences"]
    for column, value in changes[fault].items():
        if column:
            row[cell[column]] = value
    if fault is RowFault.MALFORMED_POSITION and not row[cell[_column(source, Role.NORTHING)]]:
        row[cell[_column(source, Role.NORTHING)]] = "262000"
    return row


def _column(source: Profile, role: Role) -> str:
    """Name of the column with a role; empty where the file has none, which no change is made to."""
    column = source.column(role)
    return column.name if column else ""


def _as_csv(header: Sequence[str], rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
