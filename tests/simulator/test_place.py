"""Aldercombe looks like a place, and nothing in it can be mistaken for a real one."""

import re
from collections import Counter

import numpy as np
import shapely
from shapely.geometry import Polygon

from frankpledge.sources.positions import may_be_land_on_grid, to_degrees, to_grid
from frankpledge.sources.simulator import SimulatedPartnership
from frankpledge.sources.simulator.plan import WARDS
from frankpledge.vocabulary.areas import AreaLevel, DenominatorUnit, is_area_code
from frankpledge.vocabulary.premises import PremisesKind

PRIORITY_HOMES = {
    "Northgate": 1_240,
    "Bellfield": 980,
    "Quarry Hill": 1_120,
    "Old Station": 1_060,
    "Meadow Rise": 1_060,
}


def small_areas_of_aldercombe(partnership: SimulatedPartnership) -> list[str]:
    return partnership.geography.small_areas_in(partnership.district_code)


def test_the_district_has_the_size_of_a_district(partnership: SimulatedPartnership) -> None:
    """About 24,000 homes in 44 small areas, 13 wards and 5 priority neighbourhoods, with four neighbours."""
    geography = partnership.geography
    homes = [one for one in partnership.premises if one.kind.is_home]
    assert 20_000 <= len(homes) <= 25_000
    assert len(small_areas_of_aldercombe(partnership)) == 44
    assert len(geography.of_level(AreaLevel.WARD)) == 13
    assert len(geography.of_level(AreaLevel.DISTRICT)) == 5
    assert len(geography.of_level(AreaLevel.FORCE)) == 1
    for district in geography.of_level(AreaLevel.DISTRICT):
        assert 20 <= len(geography.small_areas_in(district.code)) <= 44


def test_every_small_area_has_the_households_a_small_area_has(partnership: SimulatedPartnership) -> None:
    """Small areas of the census hold 400 to 1,200 households; a few hundred is too few to publish."""
    counts = Counter(one.small_area for one in partnership.premises if one.kind.is_home)
    assert set(counts) == set(small_areas_of_aldercombe(partnership))
    assert min(counts.values()) >= 400
    assert max(counts.values()) <= 1_200


def test_the_priority_neighbourhoods_hold_5460_homes(partnership: SimulatedPartnership) -> None:
    """As many as Mansfield's five, so that its programme can be retold."""
    names = {area.code: area.name for area in partnership.geography.of_level(AreaLevel.PRIORITY_NEIGHBOURHOOD)}
    homes = Counter(names[one.neighbourhood] for one in partnership.premises if one.neighbourhood and one.kind.is_home)
    assert dict(homes) == PRIORITY_HOMES
    assert sum(homes.values()) == 5_460


def test_small_areas_tile_their_districts(partnership: SimulatedPartnership) -> None:
    """No gap a reader would see and no two areas on the same ground."""
    geography = partnership.geography
    for district in geography.of_level(AreaLevel.DISTRICT):
        shapes = [Polygon(geography.outlines[code][0][0]) for code in geography.small_areas_in(district.code)]
        assert all(shape.is_valid for shape in shapes)
        joined = shapely.union_all(shapes)
        overlap = sum(shape.area for shape in shapes) - joined.area
        assert overlap < 1e-4 * joined.area
        assert joined.geom_type == "Polygon"
        holes = sum(Polygon(ring).area for ring in joined.interiors)
        assert holes < 1e-4 * joined.area


def test_every_home_stands_inside_its_small_area(partnership: SimulatedPartnership) -> None:
    """Premises, area codes and outlines agree."""
    outlines = partnership.geography.outlines
    for code in small_areas_of_aldercombe(partnership):
        shape = Polygon(outlines[code][0][0])
        places = np.array([(one.easting, one.northing) for one in partnership.premises if one.small_area == code])
        assert shapely.contains_xy(shape, places[:, 0], places[:, 1]).all()


def test_premises_and_geography_say_the_same_of_wards_and_neighbourhoods(partnership: SimulatedPartnership) -> None:
    """A home's ward and neighbourhood are those of its small area."""
    parents = partnership.geography.parents
    for one in partnership.premises[::50]:
        above = parents[one.small_area]
        assert above[AreaLevel.WARD] == one.ward
        assert above.get(AreaLevel.PRIORITY_NEIGHBOURHOOD) == one.neighbourhood


def test_all_codes_are_made_up(partnership: SimulatedPartnership) -> None:
    """X and eight digits for areas, thirteen digits for premises, postcodes that begin with X: none is ever issued."""
    assert all(is_area_code(code) and code.startswith("X") for code in partnership.geography.areas)
    assert all(len(one.uprn) == 13 and one.uprn.startswith("999") for one in partnership.premises)
    assert len({one.uprn for one in partnership.premises}) == len(partnership.premises)
    assert all(re.fullmatch(r"XA\d \d[A-Z]{2}", one.postcode) for one in partnership.premises)


def test_no_two_premises_share_an_address(partnership: SimulatedPartnership) -> None:
    """A crew can find the door."""
    addresses = Counter((one.address, one.postcode) for one in partnership.premises)
    assert max(addresses.values()) == 1
    streets = {re.sub(r"^(Flat \d+, )?\d+ ", "", one.address) for one in partnership.premises}
    assert len(streets) > 400


def test_homes_of_every_kind_and_tenure_are_there(partnership: SimulatedPartnership) -> None:
    """Terraces, flats, council tenants and owners: the programme is for all of them."""
    kinds = Counter(one.kind for one in partnership.premises)
    assert set(kinds) == set(PremisesKind)
    assert kinds[PremisesKind.FLAT] > 1_000
    tenures = Counter(one.tenure for one in partnership.premises if one.kind.is_home)
    assert None not in tenures
    assert min(tenures.values()) > 1_000
    assert all(one.tenure is None for one in partnership.premises if not one.kind.is_home)


def test_positions_lie_on_british_land_and_survive_the_way_to_degrees_and_back(
    partnership: SimulatedPartnership,
) -> None:
    """Files with degrees and files with metres put a home in the same place."""
    east = np.array([one.easting for one in partnership.premises], dtype=float)
    north = np.array([one.northing for one in partnership.premises], dtype=float)
    assert may_be_land_on_grid(east, north).all()
    back_east, back_north = to_grid(*to_degrees(east, north))
    assert np.abs(back_east - east).max() < 0.1
    assert np.abs(back_north - north).max() < 0.1


def test_the_counts_call_themselves_made_up(partnership: SimulatedPartnership) -> None:
    """Nobody takes them for the census; households and residents are different editions."""
    held = partnership.geography.denominators
    assert {key: counts.edition.unit for key, counts in held.items()} == {
        "made-up-2011": DenominatorUnit.HOUSEHOLDS,
        "made-up-2021": DenominatorUnit.HOUSEHOLDS,
        "made-up-2021-residents": DenominatorUnit.RESIDENTS,
    }
    here = small_areas_of_aldercombe(partnership)
    for counts in held.values():
        assert counts.edition.label.startswith("made-up count")
        assert counts.total(here) is not None
    assert held["made-up-2011"].total(here) < held["made-up-2021"].total(here)
    homes = sum(one.kind.is_home for one in partnership.premises)
    assert 0.93 * homes < held["made-up-2021"].total(here) < homes


def test_poorer_wards_rank_as_more_deprived(partnership: SimulatedPartnership) -> None:
    """The priority neighbourhoods are among the most deprived of the force."""
    geography = partnership.geography
    assert sorted(geography.deprivation.values()) == list(range(1, len(geography.parents) + 1))
    ranks = [
        geography.deprivation[code]
        for code, above in geography.parents.items()
        if AreaLevel.PRIORITY_NEIGHBOURHOOD in above
    ]
    assert np.median(ranks) < len(geography.parents) / 6


def test_names_are_words_of_trade_and_land(partnership: SimulatedPartnership) -> None:
    """Wards and neighbourhoods bear different names, so that a name leads to one area."""
    neighbourhoods = {ward.neighbourhood for ward in WARDS if ward.neighbourhood}
    assert len(neighbourhoods) == 5
    assert neighbourhoods.isdisjoint(ward.name for ward in WARDS)
    assert partnership.geography.find("Bellfield").level is AreaLevel.PRIORITY_NEIGHBOURHOOD
    assert partnership.geography.find("Aldercombe").level is AreaLevel.DISTRICT
