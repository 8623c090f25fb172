"""The made-up partnership whole: its land, homes, history and files, and the truth about how the history came about."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence

from frankpledge.sources.simulator import clock, gazetteer, names, records
from frankpledge.sources.simulator.burglary import (
    Burglaries,
    Origin,
    Programme,
    home_hazards,
    plan_programme,
    simulate_burglaries,
)
from frankpledge.sources.simulator.incidents import Incidents, Scene, council_reports, fires, police_incidents
from frankpledge.sources.simulator.parameters import PERIOD, Parameters
from frankpledge.sources.simulator.plan import PLAN_SEED, LandPlan, draw_land
from frankpledge.sources.simulator.records import RecordFile
from frankpledge.sources.simulator.town import Town, build_town
from frankpledge.vocabulary.geography import Geography
from frankpledge.vocabulary.premises import Premises

RECORDS_FOLDER = "records"
TRUTH_FILE = "truth.json"


@dataclass(frozen=True)
class Place:
    """Aldercombe and its neighbours as they stand, the same for every seed."""

    land: LandPlan
    town: Town
    map_points: gazetteer.MapPoints
    geography: Geography
    premises: tuple[Premises, ...]


@dataclass(frozen=True)
class SimulatedPartnership:
    """*Safer Aldercombe* over three years. Arrays run over incidents in order of time: ``Incidents``, ``Burglaries``.

    ``police`` are all offences of five districts, ``extract`` the positions in it of those in Aldercombe.
    ``record_files`` are the partners' files in the order in which they came: import them in that order.
    """

    seed: int
    parameters: Parameters
    place: Place
    programme: Programme
    burglaries: Burglaries
    police: Incidents
    extract: np.ndarray[Any, np.dtype[np.int64]]
    council: Incidents
    fires: Incidents
    record_files: tuple[RecordFile, ...]
    name: str = names.PARTNERSHIP
    district_code: str = names.DISTRICT_CODE

    @property
    def geography(self) -> Geography:
        """Areas of five districts, outlines of their small areas in metres, three made-up counts."""
        return self.place.geography

    @property
    def premises(self) -> tuple[Premises, ...]:
        """Homes, shops and workplaces of Aldercombe."""
        return self.place.premises


@cache
def draw_place() -> Place:
    """Aldercombe and its neighbours. Drawn once in a process; about half a second."""
    streams = [Generator(PCG64(child)) for child in SeedSequence(PLAN_SEED).spawn(4)]
    land = draw_land(streams[0])
    town = build_town(land, streams[1])
    return Place(
        land=land,
        town=town,
        map_points=gazetteer.map_points(land, town, streams[2]),
        geography=gazetteer.geography(land, streams[3]),
        premises=gazetteer.premises_list(land, town),
    )


def simulate_history(seed: int = 1, parameters: Parameters | None = None) -> tuple[Programme, Burglaries]:
    """Only the programme and the burglaries of homes that ``simulate`` has for that seed, without any file.

    A tenth of a second once the place is drawn: for trying a method on hundreds of histories.
    """
    return _history(parameters or Parameters(), _streams(seed))


def _streams(seed: int) -> list[Generator]:
    """Independent generators, one for each part of the history."""
    return [Generator(PCG64(child)) for child in SeedSequence(seed).spawn(10)]


def _history(parameters: Parameters, random: list[Generator]) -> tuple[Programme, Burglaries]:
    land, town = draw_place().land, draw_place().town
    hazard = home_hazards(land, town, parameters, random[0])
    programme = plan_programme(land, town, hazard, parameters, random[1])
    return programme, simulate_burglaries(town, hazard, programme, parameters, random[2])


def simulate(seed: int = 1, parameters: Parameters | None = None) -> SimulatedPartnership:
    """Make three years of records. The same seed and parameters give the same bytes; the place is always the same."""
    parameters = parameters or Parameters()
    place = draw_place()
    land, town = place.land, place.town
    random = _streams(seed)
    programme, burglaries = _history(parameters, random)
    scene = Scene(land, town, place.map_points)
    counts = place.geography.denominators
    households, residents = (
        np.array(list(counts[key].by_small_area.values())) for key in ("made-up-2021", "made-up-2021-residents")
    )
    police = police_incidents(scene, burglaries, residents, households, parameters, random[3])
    here = np.flatnonzero(np.array([area.district == 0 for area in land.small_areas])[police.small_area])
    council, fire = council_reports(scene, random[4]), fires(scene, random[5])
    files = (
        *records.police_uk_files(land, place.map_points, police, seed, random[6]),
        *records.police_extract_files(town, police.take(here), seed, random[7]),
        *records.council_files(council, random[8]),
        *records.fire_files(fire, random[9]),
    )
    return SimulatedPartnership(
        seed=seed,
        parameters=parameters,
        place=place,
        programme=programme,
        burglaries=burglaries,
        police=police,
        extract=here,
        council=council,
        fires=fire,
        record_files=tuple(sorted(files, key=lambda file: file.path)),
    )


def write_files(partnership: SimulatedPartnership, folder: Path) -> list[Path]:
    """Write ``records/…`` (what partners sent) and ``truth.json`` under ``folder``; returns the record files, in order.

    The order is the order to import them in: a month that was sent again comes after its first edition.
    """
    written = []
    for file in partnership.record_files:
        path = folder / RECORDS_FOLDER / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.text.encode())
        written.append(path)
    truth = json.dumps(truth_of(partnership), indent=1, ensure_ascii=False) + "\n"
    (folder / TRUTH_FILE).write_bytes(truth.encode())
    return written


def truth_of(partnership: SimulatedPartnership) -> dict[str, Any]:
    """Everything a method may be checked against, as JSON values."""
    burglaries, programme = partnership.burglaries, partnership.programme
    return {
        "seed": partnership.seed,
        "period": {"first": str(PERIOD.first), "last": str(PERIOD.last)},
        "parameters": _plain(asdict(partnership.parameters)),
        "totals": _totals(partnership),
        "hot_small_areas": [gazetteer.small_area_code(number) for number in partnership.parameters.hot_small_areas],
        "files": [_file_truth(file) for file in partnership.record_files],
        "protected_homes": [
            {"uprn": str(gazetteer.FIRST_UPRN + home), "since": str(np.datetime64(day, "D"))}
            for home, day in zip(programme.premises.tolist(), programme.since.tolist(), strict=True)
        ],
        "burglaries_of_homes": _burglary_truth(partnership, burglaries),
    }


def _totals(partnership: SimulatedPartnership) -> dict[str, int]:
    burglaries = partnership.burglaries
    happened = burglaries.happened
    origins = {
        f"burglaries of homes, {origin.word}": int((happened & (burglaries.origin == origin)).sum())
        for origin in Origin
    }
    return {
        "homes": int(partnership.place.town.is_home.sum()),
        "homes protected": len(partnership.programme.premises),
        "police rows, five districts": len(partnership.police),
        "police rows, Aldercombe": len(partnership.extract),
        "council reports": len(partnership.council),
        "fires": len(partnership.fires),
        "burglaries of homes": int(happened.sum()),
        **origins,
        "burglaries of protected homes": int((happened & burglaries.protected).sum()),
        "burglaries prevented at protected homes": int((~happened & burglaries.protected).sum()),
        "burglaries prevented elsewhere, as their cause was prevented": int((~happened & ~burglaries.protected).sum()),
    }


def _file_truth(file: RecordFile) -> dict[str, Any]:
    return {
        "file": file.path,
        "rows": file.rows,
        "stored": file.rows - len(file.dirty) - file.duplicates,
        "quarantined": [{"line": row.line, "fault": row.fault.value} for row in file.dirty],
        "duplicates": file.duplicates,
    }


def _burglary_truth(partnership: SimulatedPartnership, burglaries: Burglaries) -> list[dict[str, Any]]:
    """Every burglary of a home there would have been, the prevented ones without a reference."""
    extract = partnership.police.take(partnership.extract)
    references = records.extract_references(extract)
    reference_of = {int(number): references[at] for at, number in enumerate(extract.burglary) if number >= 0}
    moments = clock.iso_text(burglaries.moment)
    return [
        {
            "number": number,
            "crime_ref": reference_of.get(number),
            "uprn": str(gazetteer.FIRST_UPRN + int(burglaries.premises[number])),
            "moment": moments[number],
            "origin": Origin(int(burglaries.origin[number])).word,
            "brought_on_by": int(burglaries.parent[number]) if burglaries.parent[number] >= 0 else None,
            "protected": bool(burglaries.protected[number]),
            "prevented": not bool(burglaries.happened[number]),
        }
        for number in range(len(burglaries.day))
    ]


def _plain(value: Any) -> Any:
    """Dates and months as text, tuples as lists."""
    if isinstance(value, dict):
        if set(value) == {"year", "month"}:
            return f"{value['year']:04d}-{value['month']:02d}"
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if isinstance(value, (int, float, str, bool)) or value is None else str(value)
