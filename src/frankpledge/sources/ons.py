"""The Office for National Statistics and its kin: boundaries (GeoJSON), lookups, census counts, deprivation ranks.

Reads a folder of files as people collect them: each is recognised by its own column or property names, never by being
in the right place. Outlines become whole metres on the British National Grid, repaired where they cross themselves and
simplified together, so that neighbours still share their border.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from frankpledge.sources.parcels import Parcel, unpack
from frankpledge.sources.positions import to_grid
from frankpledge.vocabulary.areas import AreaLevel, DenominatorEdition, DenominatorUnit, is_area_code
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.geography import Area, Denominator, Geography, Outline

SIMPLIFIED_TO_M = 40.0  # bends that enclose less than the square of this are smoothed away

# The first three characters of a code say what kind of area it is.
_LEVELS = {
    "E01": AreaLevel.SMALL_AREA,
    "W01": AreaLevel.SMALL_AREA,
    "E05": AreaLevel.WARD,
    "W05": AreaLevel.WARD,
    "E06": AreaLevel.DISTRICT,
    "E07": AreaLevel.DISTRICT,
    "E08": AreaLevel.DISTRICT,
    "E09": AreaLevel.DISTRICT,
    "W06": AreaLevel.DISTRICT,
    "E22": AreaLevel.PARTNERSHIP,
    "W14": AreaLevel.PARTNERSHIP,
    "E23": AreaLevel.FORCE,
    "W15": AreaLevel.FORCE,
}
_SMALL_AREA_SUFFIX = re.compile(r" \d{3}[A-Z]$")
_PROPERTIES = re.compile(rb'"properties"\s*:\s*(\{[^{}]*\})')

Polygons = np.ndarray[tuple[int], np.dtype[np.object_]]


@dataclass(frozen=True)
class _Naming:
    """Which properties of a boundary file are the code and the names: publishers call them all sorts of things."""

    level: AreaLevel
    code: str
    name: str
    welsh_name: str | None
    vintage: int | None

    @classmethod
    def of(cls, properties: Mapping[str, Any]) -> "_Naming | None":
        """``LSOA11CD`` with ``LSOA11NM``, ``lsoa21_code`` with ``lsoa21_name``, ``area_code`` with ``area_name`` ..."""
        for code, value in properties.items():
            level = _LEVELS.get(str(value)[:3]) if is_area_code(str(value)) else None
            stem = re.sub(r"(cd|code)$", "", code, flags=re.IGNORECASE)
            if level is None or stem == code:
                continue
            names = {key.casefold(): key for key in properties}
            name = _first(names, (f"{stem}nm".casefold(), f"{stem}name".casefold()))
            if name is None:
                continue
            year = re.search(r"(\d\d)_?$", stem)
            welsh = names.get(f"{stem}nmw".casefold())
            return cls(level, code, names[name], welsh, 2000 + int(year[1]) if year else None)
        return None

    def area(self, properties: Mapping[str, Any]) -> Area:
        code, name = str(properties[self.code]), str(properties[self.name])
        if not is_area_code(code):
            raise ValueError(f"{code} is no area code")
        welsh = properties.get(self.welsh_name) if self.welsh_name else None
        return Area(code, name, self.level, str(welsh) if welsh and welsh != name else None)


class Boundaries:
    """One boundary file, its areas all of one level. Names and shapes are worked out when they are asked for."""

    def __init__(self, parcel: Parcel, naming: _Naming) -> None:
        self.file = parcel.name
        self.stem = parcel.own_name.split(".")[0]
        self.level = naming.level
        year = re.search(r"(?<!\d)20\d\d(?!\d)", parcel.own_name)
        self.vintage = naming.vintage or (int(year[0]) if year else None)  # year of the codes' edition
        self._data = parcel.data
        self._naming = naming

    @classmethod
    def of(cls, parcel: Parcel) -> "Boundaries | None":
        """None when the file holds something else than areas with codes and names."""
        start = parcel.data.find(b'"features"')
        first = _PROPERTIES.search(parcel.data, start) if start >= 0 else None
        try:
            naming = _Naming.of(json.loads(first[1])) if first else None
        except ValueError:
            naming = None
        return cls(parcel, naming) if naming else None

    @property
    def own_district(self) -> str | None:
        """The district's code, when the file is named by one."""
        return self.stem if _LEVELS.get(self.stem[:3]) is AreaLevel.DISTRICT and is_area_code(self.stem) else None

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """In the order of the file."""
        try:
            return tuple(self._naming.area(feature["properties"]) for feature in self._features)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise self._unreadable() from None

    @cached_property
    def shapes(self) -> Polygons:
        """MultiPolygons in whole metres, one for each of ``areas``; self-crossing outlines are repaired."""
        try:
            shapes = np.empty(len(self._features), dtype=object)
            shapes[:] = [_shape(feature["geometry"]) for feature in self._features]
            return _to_whole_metres(shapes)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, shapely.GEOSException):
            raise self._unreadable() from None

    @cached_property
    def _features(self) -> list[dict[str, Any]]:
        try:
            return list(json.loads(self._data)["features"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise self._unreadable() from None

    def _unreadable(self) -> DataProblem:
        return DataProblem(
            "The boundaries are not whole GeoJSON in degrees (WGS84).",
            file=self.file,
            remedy="Download the file again.",
        )


@dataclass(frozen=True, slots=True)
class DistrictAbove:
    """What a district belongs to, by the lookup of 2017. Partnership and force are (code, name)."""

    code: str
    name: str
    partnership: tuple[str, str]
    force: tuple[str, str]


@dataclass(frozen=True)
class WardFit:
    """A published best fit of small areas (of the edition ``vintage``) to wards."""

    vintage: int
    wards: Mapping[str, Area]  # by the small area's code


@dataclass(frozen=True, slots=True)
class SmallAreaChange:
    """How a small area of 2011 became one or more of 2021: U unchanged, S split, M merged, X complex."""

    code_2011: str
    codes_2021: tuple[str, ...]
    kind: str


def read_geography(
    areas: Path,
    denominators: Path | None,
    *,
    lookups: Path | None = None,
    only_districts: Collection[str] | None = None,
) -> Geography:
    """Areas, parents, outlines and denominators from files.

    ``areas``: a boundary file or a folder of them, with at least one of small areas. ``denominators``: a census file
    or a folder of them. ``lookups``: the folder of ONS lookups; by default the folder ``lookups`` beside ``areas`` when
    there is one, else partnerships, forces and the 2021 census on 2011 areas stay unknown. ``only_districts`` (codes)
    leaves the rest unread. Raises DataProblem, one sentence, for what is missing or cannot be read.
    """
    lookups = lookups or _beside(areas)
    above = _districts_above(lookups)
    files = read_boundaries(areas, only_districts=only_districts)
    small = _collect(files, above, only_districts)
    parents = _Parents(small)
    ward_files = [file for file in files if file.level is AreaLevel.WARD]
    parents.put_in_published_wards(_ward_fits(areas, lookups), ward_files)
    parents.put_in_wards(ward_files)
    parents.put_under_partnerships(above)
    held, deprivation = _read_denominators(denominators, small.vintage, lookups, set(parents.parents))
    return Geography(
        small_area_vintage=small.vintage,
        areas=parents.areas,
        parents=parents.parents,
        outlines=parents.outlines(),
        denominators=held,
        best_fit_levels=frozenset({AreaLevel.WARD}) if parents.members(AreaLevel.WARD) else frozenset(),
        deprivation=deprivation,
    )


def districts_around(name: str, areas: Path, *, lookups: Path | None = None) -> frozenset[str] | None:
    """Codes of all districts of the police force in which the district, partnership or force called ``name`` lies.

    For ``read_geography(only_districts=...)``; None when the lookup is not there or knows no such name.
    """
    above = _districts_above(lookups or _beside(areas))
    wanted = name.strip().casefold()
    forces = {
        district.force
        for district in above.values()
        if wanted
        in {part.casefold() for part in (district.code, district.name, *district.partnership, *district.force)}
    }
    found = frozenset(code for code, district in above.items() if district.force in forces)
    return found or None


def read_boundaries(path: Path, *, only_districts: Collection[str] | None = None) -> list[Boundaries]:
    """Every GeoJSON boundary file in ``path`` whose areas have codes and names, in order of their paths.

    A file named by a district's code is skipped when ``only_districts`` lacks it.
    """
    read: list[Boundaries] = []
    for parcel in _parcels(path, "boundaries"):
        stem = parcel.own_name.split(".")[0]
        skipped = only_districts is not None and _LEVELS.get(stem[:3]) and stem not in only_districts
        if skipped or not parcel.own_name.endswith((".geojson", ".json")):
            continue
        boundaries = Boundaries.of(parcel)
        if boundaries:
            read.append(boundaries)
    return read


def read_lookup(path: Path, columns: Iterable[str]) -> list[tuple[str, ...]]:
    """Rows of a lookup, the cells of ``columns`` in that order; raises DataProblem when a column is missing."""
    rows = _rows(path)
    header = next(rows)
    wanted = list(columns)
    missing = [name for name in wanted if name not in header]
    if missing:
        raise DataProblem(f"The lookup lacks the column “{missing[0]}”.", file=path.name, remedy="Check the file.")
    places = [header.index(name) for name in wanted]
    return [tuple(row[place] for place in places) for row in rows]


def read_districts_above(path: Path) -> dict[str, DistrictAbove]:
    """District code -> its name, partnership and force, from the ONS lookup of 2017."""
    columns = ("LAD17CD", "LAD17NM", "CSP17CD", "CSP17NM", "PFA17CD", "PFA17NM")
    rows = read_lookup(path, columns)
    return {row[0]: DistrictAbove(row[0], row[1], (row[2], row[3]), (row[4], row[5])) for row in rows}


def read_ward_fit(path: Path) -> WardFit | None:
    """The best fit in a lookup with columns like ``LSOA21CD``, ``WD24CD`` and ``WD24NM``; None when it has none."""
    header = next(_rows(path))
    columns = [
        next((name for name in header if re.fullmatch(pattern, name, re.IGNORECASE | re.ASCII)), None)
        for pattern in (r"lsoa\d\dcd", r"wd\d\dcd", r"wd\d\dnm")
    ]
    if None in columns:
        return None
    small, ward, name = (column or "" for column in columns)
    rows = read_lookup(path, (small, ward, name))
    return WardFit(2000 + int(small[4:6]), {row[0]: Area(row[1], row[2], AreaLevel.WARD) for row in rows})


def read_small_area_changes(path: Path) -> dict[str, SmallAreaChange]:
    """Small area of 2011 -> what it became in 2021, from the ONS exact-fit lookup."""
    children: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for code, child, kind in read_lookup(path, ("LSOA11CD", "LSOA21CD", "CHGIND")):
        children.setdefault(code, []).append(child)
        kinds[code] = kind
    return {code: SmallAreaChange(code, tuple(sorted(after)), kinds[code]) for code, after in children.items()}


def read_households(path: Path, *, only: Collection[str] | None = None) -> dict[str, int]:
    """Households by small area, from any of the census files; ``only`` limits the codes."""
    header = next(_rows(path))
    code = _first(header, ("lsoa11_code", "lsoa21_code", "LSOA Code"))
    column = _first(header, ("households", "Households"))
    if code is None or column is None:
        raise DataProblem(
            "This file holds no households by small area.", file=path.name, remedy="Give the census file."
        )
    return _read_counts(path, code, column, only)


def read_population(path: Path, *, only: Collection[str] | None = None) -> dict[str, int]:
    """Usual residents by small area, from the census file whose first of three ``Persons`` columns they are."""
    header = next(_rows(path))
    if not {"LSOA Code", "Persons"} <= set(header):
        raise DataProblem("This file holds no residents by small area.", file=path.name, remedy="Give the census file.")
    return _read_counts(path, "LSOA Code", "Persons", only)


def read_deprivation(path: Path, *, only: Collection[str] | None = None) -> dict[str, int]:
    """Rank in the Index of Multiple Deprivation by small area; 1 is the most deprived."""
    if not {"lsoa11_code", "IMD_rank"} <= set(next(_rows(path))):
        raise DataProblem("This file holds no deprivation ranks.", file=path.name, remedy="Give the index's file.")
    return _read_counts(path, "lsoa11_code", "IMD_rank", only)


def carry_to_2011(by_2021: Mapping[str, int], changes: Mapping[str, SmallAreaChange]) -> dict[str, int]:
    """Counts of 2021 on the areas of 2011: unchanged and split areas only; merged and complex ones have no value."""
    carried: dict[str, int] = {}
    for code, change in changes.items():
        values = [by_2021.get(child) for child in change.codes_2021]
        if change.kind in ("U", "S") and all(value is not None for value in values):
            carried[code] = sum(value for value in values if value is not None)
    return carried


# Files


def _parcels(path: Path, what: str) -> Iterator[Parcel]:
    """Every file of ``path`` that can be opened; raises DataProblem for a single file that cannot."""
    for parcel in unpack(path):
        if isinstance(parcel, Parcel):
            yield parcel
        elif path.is_file():
            raise DataProblem(f"The {what} cannot be read: {parcel.sentence}")


def _rows(path: Path) -> Iterator[list[str]]:
    """Header and rows of one CSV file, with or without a byte order mark; raises DataProblem."""
    parcel = next(_parcels(path, "file"))
    try:
        text = parcel.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataProblem("This is not UTF-8 text.", file=path.name, remedy="Save it as “CSV UTF-8”.") from None
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [cell.strip() for cell in next(rows, [])]
        if not header:
            raise DataProblem("The file is empty.", file=path.name, remedy="Download it again.")
        yield header
        for row in rows:
            if len(row) == len(header):
                yield row
            elif row:
                problem = f"The row has {len(row)} cells where the header has {len(header)}."
                raise DataProblem(problem, file=path.name, line=rows.line_num, remedy="Download it again.")
    except csv.Error as why:
        raise DataProblem(f"This is not CSV ({why}).", file=path.name, remedy="Download it again.") from None


def _read_counts(path: Path, code_column: str, column: str, only: Collection[str] | None) -> dict[str, int]:
    """Whole numbers by code; thousands commas are taken out. Of columns with the same name the first counts."""
    rows = _rows(path)
    header = next(rows)
    code_at, value_at = header.index(code_column), header.index(column)
    counts: dict[str, int] = {}
    for line, row in enumerate(rows, start=2):
        code, text = row[code_at], row[value_at].replace(",", "").strip()
        if only is not None and code not in only:
            continue
        if not is_area_code(code) or not text.isascii() or not text.isdigit():
            problem = f"“{row[code_at]}, {row[value_at]}” is not a small area's code and a whole number."
            raise DataProblem(problem, file=path.name, line=line, remedy="Check the file.")
        counts[code] = int(text)
    return counts


def _first(header: Collection[str], names: Iterable[str]) -> str | None:
    return next((name for name in names if name in header), None)


def _beside(areas: Path) -> Path | None:
    candidate = areas.resolve().parent / "lookups"
    return candidate if candidate.is_dir() else None


def _find(folder: Path | None, columns: Collection[str]) -> Path | None:
    """The first CSV file in ``folder`` (or the file itself) that has all ``columns``."""
    for path in _csv_files(folder):
        if set(columns) <= set(next(_rows(path))):
            return path
    return None


def _csv_files(path: Path | None) -> list[Path]:
    if path is None:
        return []
    if not path.exists():
        raise DataProblem("There is no such file or folder.", file=str(path), remedy="Check the path.")
    if path.is_file():
        return [path]
    return sorted(file for file in path.iterdir() if file.name.endswith((".csv", ".csv.gz")))


def _districts_above(lookups: Path | None) -> dict[str, DistrictAbove]:
    path = _find(lookups, ("LAD17CD", "CSP17CD", "PFA17CD"))
    return read_districts_above(path) if path else {}


def _ward_fits(areas: Path, lookups: Path | None) -> list[WardFit]:
    among_boundaries = sorted([*areas.rglob("*.csv"), *areas.rglob("*.csv.gz")]) if areas.is_dir() else []
    fits = []
    for path in among_boundaries:
        with suppress(DataProblem):  # whatever else lies there is no concern of ours
            fits.append(read_ward_fit(path))
    fits += [read_ward_fit(path) for path in _csv_files(lookups)]
    return [fit for fit in fits if fit]


# Boundaries


def _shape(geometry: Mapping[str, Any]) -> shapely.MultiPolygon:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"{geometry['type']} is no area")
    return shapely.MultiPolygon([(_ring(part[0]), [_ring(hole) for hole in part[1:]]) for part in parts])


def _ring(points: Any) -> np.ndarray[Any, Any]:
    return np.asarray(points, dtype=np.float64)[:, :2]


def _to_whole_metres(shapes: Polygons) -> Polygons:
    """WGS84 degrees to whole metres on the grid, self-crossing outlines repaired."""
    degrees = shapely.get_coordinates(shapes)
    if not ((np.abs(degrees) <= (180, 90)).all()):
        raise ValueError("not in degrees")
    metres = np.column_stack(to_grid(degrees[:, 0].copy(), degrees[:, 1].copy())).round()
    if not np.isfinite(metres).all():
        raise ValueError("coordinates out of range")
    placed = shapely.set_coordinates(shapes, metres)
    broken = ~shapely.is_valid(placed)
    placed[broken] = shapely.make_valid(placed[broken], method="structure", keep_collapsed=False)
    return placed


@dataclass(frozen=True)
class _SmallAreas:
    """The small areas of a geography: one edition, each once, simplified together."""

    vintage: int
    areas: tuple[Area, ...]
    shapes: Polygons
    districts: Mapping[str, Area]  # by the small area's code


def _collect(
    files: Sequence[Boundaries], above: Mapping[str, DistrictAbove], only_districts: Collection[str] | None
) -> _SmallAreas:
    """All small areas of the earlier edition, whose codes police files use; raises DataProblem when there are none."""
    small_files = [file for file in files if file.level is AreaLevel.SMALL_AREA]
    if not small_files and only_districts is None:
        raise DataProblem(
            "There are no boundaries of small areas (LSOA, GeoJSON) among the files given.",
            remedy="Give the folder with the boundary files.",
        )
    vintage = min((file.vintage for file in small_files if file.vintage), default=None)
    names = _district_names(files, above)
    by_name = {area.name.casefold(): area for area in names.values()}
    areas: dict[str, Area] = {}
    shapes: list[Any] = []
    districts: dict[str, Area] = {}
    for file in small_files:
        if file.vintage not in (vintage, None):
            continue
        own = _district_of_file(file, names)
        wanted = []
        for number, area in enumerate(file.areas):
            district = own or by_name.get(_SMALL_AREA_SUFFIX.sub("", area.name).casefold())
            outside = only_districts is not None and (district is None or district.code not in only_districts)
            if area.code in areas or outside:
                continue
            areas[area.code] = area
            wanted.append(number)
            if district:
                districts[area.code] = district
        if wanted:
            shapes.extend(file.shapes[wanted])
    if not areas:
        raise DataProblem("None of the districts asked for is among the boundaries given.")
    return _SmallAreas(vintage or 2011, tuple(areas.values()), _simplified(_array(shapes)), districts)


def _array(shapes: Sequence[Any]) -> Polygons:
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return array


def _simplified(shapes: Polygons) -> Polygons:
    """Simplified together, so that neighbours keep their common border."""
    simplified = shapely.coverage_simplify(shapes, SIMPLIFIED_TO_M)
    # where the publisher's outlines overlap, a simplified one can vanish or cross itself: that one stays as it was
    spoilt = shapely.is_empty(simplified) | ~shapely.is_valid(simplified)
    simplified[spoilt] = shapes[spoilt]
    return simplified


def _district_of_file(file: Boundaries, names: Mapping[str, Area]) -> Area | None:
    """The district whose code is the file's name; called as its small areas are when no other file names it."""
    code = file.own_district
    if code is None or code in names:
        return names.get(code or "")
    prefixes = Counter(_SMALL_AREA_SUFFIX.sub("", area.name) for area in file.areas)
    return Area(code, prefixes.most_common(1)[0][0], AreaLevel.DISTRICT)


def _district_names(files: Iterable[Boundaries], above: Mapping[str, DistrictAbove]) -> dict[str, Area]:
    """Districts by code, from the lookup and the boundary files; a Welsh name from whichever gives one."""
    names = {code: Area(code, district.name, AreaLevel.DISTRICT) for code, district in above.items()}
    for file in files:
        if file.level is not AreaLevel.DISTRICT:
            continue
        for area in file.areas:
            known = names.setdefault(area.code, area)
            if area.welsh_name and not known.welsh_name:
                names[area.code] = replace(known, welsh_name=area.welsh_name)
    return names


class _Parents:
    """Puts each small area under its district, ward, partnership and force."""

    def __init__(self, small: _SmallAreas) -> None:
        self._small = small
        self._ward_shapes: dict[str, Any] = {}
        self.areas: dict[str, Area] = {area.code: area for area in small.areas}
        self.parents: dict[str, dict[AreaLevel, str]] = {area.code: {} for area in small.areas}
        for code, district in small.districts.items():
            self._put(code, district)

    def _put(self, code: str, area: Area) -> None:
        self.areas[area.code] = area
        self.parents[code][area.level] = area.code

    def put_in_published_wards(self, fits: Iterable[WardFit], files: Sequence[Boundaries]) -> None:
        """The publisher's own best fit, where one is at hand whose wards have boundaries here too."""
        for fit in fits:
            codes = [code for code in self.parents if code in fit.wards and AreaLevel.WARD not in self.parents[code]]
            if fit.vintage != self._small.vintage or not codes:
                continue
            wanted = {fit.wards[code].code for code in codes}
            for file in files:
                if not wanted.intersection(area.code for area in file.areas):
                    continue
                for area, shape in zip(file.areas, _simplified(file.shapes), strict=True):
                    if area.code in wanted:
                        self.areas.setdefault(area.code, area)
                        self._ward_shapes.setdefault(area.code, shape)
            for code in codes:
                if fit.wards[code].code in self._ward_shapes:
                    self._put(code, self.areas[fit.wards[code].code])

    def put_in_wards(self, files: Sequence[Boundaries]) -> None:
        """Best fit of the rest: the ward that covers most of a small area, from the first file that covers it.

        A file named by its district's code comes before files of whole regions, and serves that district only.
        """
        codes = [area.code for area in self._small.areas]
        for file in sorted(files, key=lambda file: (file.own_district is None, file.file)):
            open_ = [
                number
                for number, code in enumerate(codes)
                if AreaLevel.WARD not in self.parents[code]
                and file.own_district in (None, self.parents[code].get(AreaLevel.DISTRICT))
            ]
            if not open_:
                continue
            shapes = _simplified(file.shapes)
            for number, ward in _largest_overlaps(self._small.shapes, open_, shapes):
                self._put(codes[number], file.areas[ward])
                self._ward_shapes[file.areas[ward].code] = shapes[ward]

    def put_under_partnerships(self, above: Mapping[str, DistrictAbove]) -> None:
        for code, known in self.parents.items():
            district = above.get(known.get(AreaLevel.DISTRICT, ""))
            if district:
                self._put(code, Area(*district.partnership, AreaLevel.PARTNERSHIP))
                self._put(code, Area(*district.force, AreaLevel.FORCE))

    def members(self, level: AreaLevel) -> dict[str, list[str]]:
        """Area code of ``level`` -> codes of its small areas."""
        found: dict[str, list[str]] = {}
        for code, known in self.parents.items():
            if level in known:
                found.setdefault(known[level], []).append(code)
        return found

    def outlines(self) -> dict[str, Outline]:
        """Of small areas, wards (their own), districts and partnerships (their small areas joined)."""
        shapes = dict(zip(self.parents, self._small.shapes, strict=True)) | self._ward_shapes
        outlines = {code: as_outline(shape) for code, shape in shapes.items()}
        joined: dict[tuple[str, ...], Outline] = {}  # a partnership of one district has the district's outline
        for level in (AreaLevel.DISTRICT, AreaLevel.PARTNERSHIP):
            for code, within in self.members(level).items():
                members = tuple(within)
                if members not in joined:
                    joined[members] = as_outline(shapely.union_all([shapes[child] for child in members]))
                outlines[code] = joined[members]
        return outlines


def _largest_overlaps(shapes: Polygons, chosen: list[int], wards: Polygons) -> Iterator[tuple[int, int]]:
    """(number of a chosen small area, number of the ward that covers most of it)."""
    own = shapes[chosen]
    pair_small, pair_ward = shapely.STRtree(wards).query(own, predicate="intersects")
    overlap = shapely.area(shapely.intersection(own[pair_small], wards[pair_ward]))
    best: dict[int, tuple[float, int]] = {}
    for small, ward, size in zip(pair_small.tolist(), pair_ward.tolist(), overlap.tolist(), strict=True):
        if size > best.get(small, (0.0, -1))[0]:
            best[small] = (size, ward)
    sizes = shapely.area(own)
    for small, (size, ward) in best.items():
        if size > 0.2 * sizes[small]:  # less is a neighbour's ward touching from across the border
            yield chosen[small], ward


# Outlines


def as_outline(shape: shapely.Geometry) -> Outline:
    """Rings of whole metres; slivers left between outlines that should have met are dropped."""
    polygons = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon" or part.area < 100:
            continue
        holes = [ring for ring in part.interiors if shapely.Polygon(ring).area >= 2_500]
        polygons.append(tuple(_points(ring) for ring in (part.exterior, *holes)))
    return tuple(polygons)


def _points(ring: shapely.LinearRing) -> tuple[tuple[int, int], ...]:
    return tuple(map(tuple, shapely.get_coordinates(ring).round().astype(int).tolist()))


# Denominators


def _read_denominators(
    path: Path | None, vintage: int, lookups: Path | None, wanted: Collection[str]
) -> tuple[dict[str, Denominator], dict[str, int]]:
    """Denominators by key, and deprivation ranks, from whichever of the known files are there."""
    held: dict[str, Denominator] = {}
    ranks: dict[str, int] = {}
    problem = None
    for file in _csv_files(path):
        header = set(next(_rows(file)))
        if {"lsoa11_code", "households"} <= header:
            _hold(held, 2011, vintage, DenominatorUnit.HOUSEHOLDS, read_households(file, only=wanted))
        elif {"LSOA Code", "Persons", "Households"} <= header:
            _hold(held, 2011, vintage, DenominatorUnit.HOUSEHOLDS, read_households(file, only=wanted))
            _hold(held, 2011, vintage, DenominatorUnit.RESIDENTS, read_population(file, only=wanted))
        elif {"lsoa21_code", "households"} <= header:
            problem = _hold_2021(held, file, vintage, lookups, wanted)
        elif {"lsoa11_code", "IMD_rank"} <= header:
            ranks = read_deprivation(file, only=wanted)
        elif path is not None and path.is_file():
            problem = DataProblem(
                "This file holds no households, residents or deprivation ranks that are known here.",
                file=file.name,
                remedy="Give a census file or the folder of them.",
            )
    if path is not None and problem and (path.is_file() or not (held or ranks)):
        raise problem
    if path is not None and not (held or ranks):
        raise DataProblem(
            "There are no households, residents or deprivation ranks of these areas in the denominators given.",
            remedy="Give a census file of these areas, or the folder of them.",
        )
    return held, ranks


def _hold(held: dict[str, Denominator], year: int, vintage: int, unit: DenominatorUnit, counts: dict[str, int]) -> None:
    if not counts:
        return
    key = f"census-{year}" if unit is DenominatorUnit.HOUSEHOLDS else f"census-{year}-{unit.value}"
    held.setdefault(key, Denominator(DenominatorEdition(key, unit, f"census {year}", vintage), counts))


def _hold_2021(
    held: dict[str, Denominator], file: Path, vintage: int, lookups: Path | None, wanted: Collection[str]
) -> DataProblem | None:
    """Households of 2021 on the geography's own small areas; the reason, when they cannot be carried over."""
    if vintage == 2021:
        _hold(held, 2021, vintage, DenominatorUnit.HOUSEHOLDS, read_households(file, only=wanted))
        return None
    path = _find(lookups, ("LSOA11CD", "LSOA21CD", "CHGIND"))
    if path is None:
        return DataProblem(
            "Households of 2021 are counted on small areas of 2021, and these boundaries are of 2011.",
            file=file.name,
            remedy="Give the folder with the lookup from 2011 to 2021 (--lookups), or the census of 2011.",
        )
    changes = {code: change for code, change in read_small_area_changes(path).items() if code in wanted}
    _hold(held, 2021, vintage, DenominatorUnit.HOUSEHOLDS, carry_to_2011(read_households(file), changes))
    return None
