"""Boundaries, lookups and census counts: the shapes publishers give them, made small."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from frankpledge.sources.ons import (
    as_outline,
    carry_to_2011,
    districts_around,
    read_boundaries,
    read_deprivation,
    read_geography,
    read_households,
    read_lookup,
    read_population,
    read_small_area_changes,
    read_ward_fit,
)
from frankpledge.vocabulary.areas import AreaLevel, DenominatorUnit
from frankpledge.vocabulary.errors import DataProblem

# A made-up corner of the map: squares of about 700 by 1,100 m near 52.6 N, 1.2 W
WEST, SOUTH, STEP = -1.2, 52.6, 0.01


def _square(column: float, row: float = 0, width: float = 1) -> list[list[list[float]]]:
    west, south = WEST + column * STEP, SOUTH + row * STEP
    east, north = west + width * STEP, south + STEP
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def _feature(properties: dict[str, Any], rings: list[list[list[float]]]) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": rings}}


def _write_geojson(path: Path, features: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    text = json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)


def _lsoa(number: int, name: str, column: float) -> dict[str, Any]:
    return _feature({"LSOA11CD": f"E0100000{number}", "LSOA11NM": name}, _square(column))


@pytest.fixture
def areas(tmp_path: Path) -> Path:
    """Two districts of one force, the first with three small areas in two wards, and lookups beside them."""
    folder = tmp_path / "boundaries"
    small = [_lsoa(1, "Alford 001A", 0), _lsoa(2, "Alford 001B", 1), _lsoa(3, "Alford 002A", 2)]
    _write_geojson(folder / "small" / "E07000001.geojson.gz", small)
    _write_geojson(folder / "small" / "E07000002.geojson", [_lsoa(4, "Bentham 001A", 3)])
    wards = [
        _feature({"WD13CD": "E05000001", "WD13NM": "Mill", "WD13NMW": "Melin"}, _square(0, width=1.7)),
        _feature({"WD13CD": "E05000002", "WD13NM": "Church", "WD13NMW": None}, _square(1.7, width=1.3)),
    ]
    _write_geojson(folder / "wards" / "E07000001.geojson.gz", wards)
    lookups = tmp_path / "lookups"
    lookups.mkdir()
    (lookups / "csp.csv").write_bytes(
        b"\xef\xbb\xbfLAD17CD,LAD17NM,CSP17CD,CSP17NM,PFA17CD,PFA17NM,FID\r\n"
        b'E07000001,"Alford, Borough of",E22000001,Alford and Bentham,E23000001,Fenshire,1\r\n'
        b"E07000002,Bentham,E22000001,Alford and Bentham,E23000001,Fenshire,2\r\n"
        b"E07000009,Elsewhere,E22000009,Elsewhere,E23000009,Moorshire,3\r\n"
    )
    (lookups / "changes.csv").write_bytes(
        b"\xef\xbb\xbfLSOA11CD,LSOA11NM,LSOA21CD,LSOA21NM,CHGIND,LAD22CD,ObjectId\n"
        b"E01000001,Alford 001A,E01000001,Alford 001A,U,E07000001,1\n"
        b"E01000002,Alford 001B,E01000012,Alford 001C,S,E07000001,2\n"
        b"E01000002,Alford 001B,E01000013,Alford 001D,S,E07000001,3\n"
        b"E01000003,Alford 002A,E01000014,Alford 002B,M,E07000001,4\n"
        b"E01000004,Bentham 001A,E01000014,Alford 002B,M,E07000002,5\n"
    )
    return folder


@pytest.fixture
def counts(tmp_path: Path) -> Path:
    folder = tmp_path / "denominators"
    folder.mkdir()
    (folder / "2011.csv").write_bytes(
        b"Region code,LSOA Code,LSOA Name,,Persons,Persons,Persons,Hectares,Households\r\n"
        b'E12,E01000001,Alford 001A,,"1,563","1,517",46,650,666\r\n'
        b'E12,E01000002,Alford 001B,,"1,379","1,379",0,170,"1,015"\r\n'
        b"E12,E01000003,Alford 002A,,900,900,0,170,400\r\n"
        b"E12,E01000004,Bentham 001A,,800,800,0,170,300\r\n"
    )
    rows = "lsoa21_code,households\nE01000001,700\nE01000012,600\nE01000013,601\nE01000014,999\n"
    (folder / "2021.csv.gz").write_bytes(gzip.compress(rows.encode()))
    (folder / "imd.csv").write_text("lsoa11_code,IMD_decile,IMD_rank\nE01000001,9,29199\nE01000002,1,12\n")
    (folder / "wards.xlsx").write_bytes(b"PK not for us")
    (folder / "other.csv").write_text("a,b\n1,2\n")
    return folder


def test_a_folder_becomes_a_geography(areas: Path, counts: Path) -> None:
    geography = read_geography(areas, counts)
    assert geography.small_area_vintage == 2011
    assert geography.parents["E01000001"] == {
        AreaLevel.DISTRICT: "E07000001",
        AreaLevel.WARD: "E05000001",
        AreaLevel.PARTNERSHIP: "E22000001",
        AreaLevel.FORCE: "E23000001",
    }
    assert geography.areas["E07000001"].name == "Alford, Borough of"
    assert geography.areas["E05000001"].welsh_name == "Melin"
    assert geography.areas["E05000002"].welsh_name is None
    assert geography.small_areas_in("E22000001") == ["E01000001", "E01000002", "E01000003", "E01000004"]
    assert geography.deprivation == {"E01000001": 29_199, "E01000002": 12}


def test_a_small_area_belongs_to_the_ward_that_covers_most_of_it(areas: Path) -> None:
    geography = read_geography(areas, None)
    wards = {code: above.get(AreaLevel.WARD) for code, above in geography.parents.items()}
    assert wards == {"E01000001": "E05000001", "E01000002": "E05000001", "E01000003": "E05000002", "E01000004": None}
    assert geography.best_fit_levels == {AreaLevel.WARD}


def test_a_published_best_fit_goes_before_ours(areas: Path) -> None:
    (areas / "wards" / "fit.csv").write_text(
        "lsoa11cd,wd13cd,wd13nm\nE01000001,E05000002,Church\nE01000002,E05000777,No boundary\n"
    )
    wards = {code: above.get(AreaLevel.WARD) for code, above in read_geography(areas, None).parents.items()}
    assert wards["E01000001"] == "E05000002"  # as published
    assert wards["E01000002"] == "E05000001"  # by its land: the published ward has no boundary here
    assert read_ward_fit(areas.parent / "lookups" / "changes.csv") is None
    (areas / "wards" / "notes.csv").write_bytes(b"\xff\xfe\x00\xd8")
    read_geography(areas, None)


def test_households_residents_and_editions_are_kept_apart(areas: Path, counts: Path) -> None:
    held = read_geography(areas, counts).denominators
    assert {key: (one.edition.unit, one.edition.label) for key, one in held.items()} == {
        "census-2011": (DenominatorUnit.HOUSEHOLDS, "census 2011"),
        "census-2011-residents": (DenominatorUnit.RESIDENTS, "census 2011"),
        "census-2021": (DenominatorUnit.HOUSEHOLDS, "census 2021"),
    }
    assert held["census-2011"].by_small_area["E01000002"] == 1_015
    assert held["census-2011-residents"].by_small_area["E01000001"] == 1_563
    # unchanged and split areas carry the count of 2021; merged ones have none
    assert held["census-2021"].by_small_area == {"E01000001": 700, "E01000002": 1_201}
    assert held["census-2021"].total(["E01000001", "E01000003"]) is None


def test_outlines_are_whole_metres_and_neighbours_meet(areas: Path) -> None:
    geography = read_geography(areas, None)
    shapes = {code: shapely.Polygon(geography.outlines[code][0][0]) for code in ("E01000001", "E01000002")}
    assert all(isinstance(number, int) for point in geography.outlines["E01000001"][0][0] for number in point)
    assert shapes["E01000001"].intersection(shapes["E01000002"]).length > 1_000
    district = shapely.Polygon(geography.outlines["E07000001"][0][0])
    assert district.area == pytest.approx(3 * shapes["E01000001"].area, rel=0.01)
    assert geography.outlines["E22000001"] != geography.outlines["E07000001"]
    assert "E23000001" not in geography.outlines  # a force is seldom whole in the files given


def test_only_the_districts_asked_for_are_read(areas: Path, counts: Path) -> None:
    (areas / "small" / "E07000002.geojson").write_text('{"features": [{"properties": {"LSOA11CD": "E01000004", "broken')
    geography = read_geography(areas, counts, only_districts={"E07000001"})
    assert set(geography.parents) == {"E01000001", "E01000002", "E01000003"}
    assert set(geography.denominators["census-2011"].by_small_area) == set(geography.parents)
    with pytest.raises(DataProblem, match="None of the districts asked for"):
        read_geography(areas, counts, only_districts={"E07000777"})


def test_the_districts_of_a_force_are_found_by_any_of_its_names(areas: Path) -> None:
    both = {"E07000001", "E07000002"}
    for name in ("bentham", "E07000002", "Alford and Bentham", "Fenshire"):
        assert districts_around(name, areas) == both
    assert districts_around("Nowhere", areas) is None


def test_without_lookups_there_are_districts_and_no_force(areas: Path, counts: Path) -> None:
    for file in (areas.parent / "lookups").iterdir():
        file.unlink()
    (areas.parent / "lookups").rmdir()
    geography = read_geography(areas, counts)
    assert geography.areas["E07000001"].name == "Alford"  # as its small areas are called
    assert set(geography.parents["E01000004"]) == {AreaLevel.DISTRICT}
    assert "census-2021" not in geography.denominators
    with pytest.raises(DataProblem, match="counted on small areas of 2021"):
        read_geography(areas, counts / "2021.csv.gz")


def test_denominators_without_any_of_these_areas_are_refused(areas: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with pytest.raises(DataProblem, match="no households, residents or deprivation ranks of these areas"):
        read_geography(areas, folder)
    (folder / "2011.csv").write_text("lsoa11_code,households\nE01099999,5\n")
    for given in (folder, folder / "2011.csv"):
        with pytest.raises(DataProblem, match="no households, residents or deprivation ranks of these areas"):
            read_geography(areas, given)


def test_other_publishers_names_for_code_and_name(tmp_path: Path) -> None:
    squares = {
        "lsoa2011_generalised.geojson": {"area_code": "E01000001", "area_name": "Alford 001A", "area": 1.5},
        "lsoa21_generalised.geojson": {"lsoa21_name": "Alford 001A", "lsoa21_code": "E01000001"},
        "districts.geojson": {"area_code": "E07000001", "area_name": "Alford"},
        "wards2017.geojson": {"area_code": "E05000001", "area_name": "Mill"},
    }
    for name, properties in squares.items():
        _write_geojson(tmp_path / name, [_feature(properties, _square(0))])
    _write_geojson(tmp_path / "points.geojson", [_feature({"id": 1}, _square(0))])
    (tmp_path / "topology.json").write_text('{"type": "Topology", "objects": {"a": {"properties": {"LAD13CD": "x"}}}}')
    levels = {boundaries.file: (boundaries.level.value, boundaries.vintage) for boundaries in read_boundaries(tmp_path)}
    assert levels == {
        "districts.geojson": ("district", None),
        "lsoa2011_generalised.geojson": ("small area", 2011),
        "lsoa21_generalised.geojson": ("small area", 2021),
        "wards2017.geojson": ("ward", 2017),
    }
    geography = read_geography(tmp_path, None)
    assert geography.small_area_vintage == 2011
    assert geography.parents == {"E01000001": {AreaLevel.DISTRICT: "E07000001", AreaLevel.WARD: "E05000001"}}


def test_small_areas_of_2021_take_households_of_2021_as_they_are(tmp_path: Path, counts: Path) -> None:
    properties = {"lsoa21_name": "Alford 001A", "lsoa21_code": "E01000001"}
    _write_geojson(tmp_path / "b" / "lsoa2021.geojson", [_feature(properties, _square(0))])
    geography = read_geography(tmp_path / "b", counts)
    assert geography.small_area_vintage == 2021
    assert geography.denominators["census-2021"].by_small_area == {"E01000001": 700}


def test_an_outline_that_crosses_itself_is_repaired(tmp_path: Path) -> None:
    bow_tie = [[[-1.2, 52.6], [-1.19, 52.61], [-1.19, 52.6], [-1.2, 52.61], [-1.2, 52.6]]]
    properties = {"LSOA11CD": "E01000001", "LSOA11NM": "Alford 001A"}
    _write_geojson(tmp_path / "E07000001.geojson", [_feature(properties, bow_tie)])
    (outline,) = [read_geography(tmp_path, None).outlines["E01000001"]]
    assert len(outline) == 2
    assert all(shapely.Polygon(polygon[0]).is_valid for polygon in outline)


def test_slivers_and_pinholes_are_left_out_of_outlines() -> None:
    big = shapely.box(0, 0, 1000, 1000) - shapely.box(10, 10, 12, 12) - shapely.box(100, 100, 400, 400)
    outline = as_outline(shapely.union(big, shapely.box(2000, 0, 2001, 5)))
    assert [len(polygon) for polygon in outline] == [2]


def test_the_changes_of_small_areas(areas: Path) -> None:
    changes = read_small_area_changes(areas.parent / "lookups" / "changes.csv")
    assert changes["E01000002"].codes_2021 == ("E01000012", "E01000013")
    assert changes["E01000002"].kind == "S"
    assert carry_to_2011({"E01000012": 5}, changes) == {}  # half of a split area is no count of it


PROBLEMS = [
    (lambda path: read_households(path), "a,b\n1,2\n", "no households by small area"),
    (lambda path: read_population(path), "a,b\n1,2\n", "no residents by small area"),
    (lambda path: read_deprivation(path), "a,b\n1,2\n", "no deprivation ranks"),
    (lambda path: read_households(path), "lsoa11_code,households\nE01000001,many\n", "line 2: “E01000001, many”"),
    (lambda path: read_households(path), "lsoa11_code,households\nHere,5\n", "“Here, 5” is not a small area's code"),
    (lambda path: read_households(path), "lsoa11_code,households\nE01000001,²\n", "a whole number"),
    (lambda path: read_households(path), "lsoa11_code,households\nE01000001\n", "1 cells where the header has 2"),
    (lambda path: read_households(path), "\n", "is empty"),
    (lambda path: read_lookup(path, ("x",)), "a,b\n1,2\n", "lacks the column “x”"),
    (lambda path: read_geography(path, None), "a,b\n1,2\n", "no boundaries of small areas"),
]


@pytest.mark.parametrize(("read", "text", "words"), PROBLEMS)
def test_files_that_cannot_be_used_are_said_in_one_sentence(tmp_path: Path, read: Any, text: str, words: str) -> None:
    path = tmp_path / "file.csv"
    path.write_text(text)
    with pytest.raises(DataProblem) as problem:
        read(path)
    assert words in problem.value.sentence
    assert "\n" not in problem.value.sentence


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[0, 0]]]},
        {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]},
        {"type": "Polygon", "coordinates": [[[450_000, 300_000], [450_100, 300_000], [450_000, 300_100]]]},
    ],
)
def test_boundaries_that_are_none_are_said_in_one_sentence(tmp_path: Path, geometry: Any) -> None:
    properties = {"LSOA11CD": "E01000001", "LSOA11NM": "Alford 001A"}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    _write_geojson(tmp_path / "E07000001.geojson", [feature])
    with pytest.raises(DataProblem, match="not whole GeoJSON"):
        read_geography(tmp_path, None)


def test_cut_boundaries_missing_paths_and_unknown_counts(areas: Path, counts: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.geojson.gz"
    cut.write_bytes((areas / "small" / "E07000001.geojson.gz").read_bytes()[:-20])
    with pytest.raises(DataProblem, match="is cut short"):
        read_geography(cut, None)
    half = tmp_path / "E07000001.geojson"
    half.write_bytes(gzip.decompress((areas / "small" / "E07000001.geojson.gz").read_bytes())[:400])
    with pytest.raises(DataProblem, match="not whole GeoJSON"):
        read_geography(half, None)
    with pytest.raises(DataProblem, match="There is no such file"):
        read_geography(tmp_path / "nowhere", None)
    with pytest.raises(DataProblem, match="There is no such file"):
        read_geography(areas, tmp_path / "nowhere")
    with pytest.raises(DataProblem, match="no households, residents or deprivation ranks"):
        read_geography(areas, counts / "other.csv")
    with pytest.raises(DataProblem, match="not UTF-8"):
        (tmp_path / "latin.csv").write_bytes("lsoa11_code,households\nÉ,1\n".encode("latin-1"))
        read_geography(areas, tmp_path / "latin.csv")


# The real files


@pytest.mark.slow
def test_the_real_boundaries_counts_and_lookups(shared: Path) -> None:
    geography = read_geography(shared / "data/boundaries", shared / "data/denominators")
    districts = {area.name: area.code for area in geography.of_level(AreaLevel.DISTRICT)}
    assert len(districts) == 56
    assert len(geography.parents) == 4_254 + 1_673 - 150  # Salford is in both sets
    assert all(len(above) == 4 for above in geography.parents.values())
    harborough = geography.small_areas_in(districts["Harborough"])
    assert len(harborough) == 47
    totals = {key: held.total(harborough) for key, held in geography.denominators.items()}
    assert totals == {"census-2011": 34_898, "census-2011-residents": 85_382, "census-2021": 40_413}
    assert geography.find("Casnewydd").name == "Newport"
    assert geography.find("South Nottinghamshire").level is AreaLevel.PARTNERSHIP
    assert len(geography.small_areas_in(districts["Salford"])) == 150
    assert set(geography.parents) <= set(geography.outlines)
    assert all(polygon[0][0] == polygon[0][-1] for polygon in geography.outlines[districts["Mansfield"]])


def test_the_real_files_of_one_force(shared: Path) -> None:
    boundaries = shared / "data/boundaries"
    around = districts_around("Harborough", boundaries)
    assert around is not None
    assert len(around) == 9
    geography = read_geography(boundaries, shared / "data/denominators", only_districts=around)
    assert {area.name for area in geography.of_level(AreaLevel.FORCE)} == {"Leicestershire"}
    assert len(geography.parents) == 611
    # the outlines of one district meet: their union has no gap worth a house
    parts = [shapely.Polygon(geography.outlines[code][0][0]) for code in geography.small_areas_in("E07000131")]
    whole = shapely.union_all(parts)
    assert sum(part.area for part in parts) == pytest.approx(whole.area, rel=0.001)


def test_greater_manchester_under_its_own_property_names(shared: Path) -> None:
    geography = read_geography(shared / "data/boundaries/greater_manchester", None, lookups=shared / "data/lookups")
    assert len(geography.parents) == 1_673
    assert len(geography.of_level(AreaLevel.DISTRICT)) == 10
    assert {area.name for area in geography.of_level(AreaLevel.FORCE)} == {"Greater Manchester"}
    assert geography.small_area_vintage == 2011


def test_the_published_best_fit_to_wards_is_nearly_ours_and_goes_first(shared: Path, tmp_path: Path) -> None:
    """ONS puts a small area where its people's centre lies, we where most of its land lies: 1 in 18 differs."""
    folder = shared / "data/boundaries/greater_manchester"
    for name in ("lsoa2011_generalised.geojson.gz", "wards2017_generalised.geojson.gz"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    fit = read_ward_fit(folder / "lsoa2011_to_ward2017_best_fit.csv.gz")
    assert fit is not None
    assert (fit.vintage, len(fit.wards)) == (2011, 1_673)
    ours = read_geography(tmp_path, None).parents
    agree = sum(above[AreaLevel.WARD] == fit.wards[code].code for code, above in ours.items())
    assert 0.94 < agree / len(fit.wards) < 1
    theirs = read_geography(folder, None, lookups=shared / "data/lookups").parents
    assert all(above[AreaLevel.WARD] == fit.wards[code].code for code, above in theirs.items())


def test_real_households_agree_between_the_two_census_files(shared: Path) -> None:
    folder = shared / "data/denominators"
    households = read_households(folder / "census2011_households_lsoa2011.csv.gz")
    assert households == read_households(folder / "census2011_population_households_lsoa2011.csv.gz")
    assert sum(households.values()) == 23_366_044
    changes = read_small_area_changes(shared / "data/lookups/lsoa2011_to_lsoa2021_to_lad2022.csv.gz")
    assert len(changes) == 34_753
    assert {change.kind for change in changes.values()} == {"U", "S", "M", "X"}
    assert len(read_deprivation(folder / "imd2019_lsoa2011_england.csv.gz")) == 32_844
