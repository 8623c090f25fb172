"""Degrees to metres, and land to sea."""

from math import radians

import numpy as np
import pytest

from frankpledge.sources.positions import (
    _by_helmert,
    _project,
    may_be_land,
    may_be_land_on_grid,
    to_degrees,
    to_grid,
)

ON_LAND = {
    "Leicester": (-1.1332, 52.6369),
    "Land's End": (-5.7160, 50.0657),
    "St Mary's, Scilly": (-6.3000, 49.9150),
    "Lundy": (-4.6700, 51.1800),
    "Ventnor, Wight": (-1.2070, 50.5950),
    "Dover Harbour": (1.3200, 51.1200),
    "Lowestoft": (1.7600, 52.4800),
    "Spurn Head": (0.1200, 53.5750),
    "Holy Island": (-1.8000, 55.6800),
    "Holyhead": (-4.6300, 53.3100),
    "Bardsey": (-4.7900, 52.7600),
    "St Davids": (-5.3200, 51.8800),
    "Walney": (-3.2600, 54.0800),
    "Lerwick": (-1.1450, 60.1550),
    "Stornoway": (-6.3870, 58.2090),
    "Kirkwall": (-2.9600, 58.9800),
    "Belfast": (-5.9300, 54.6000),
    "Rathlin": (-6.2000, 55.2950),
    "Enniskillen": (-7.6300, 54.3440),
    "Crossmaglen": (-6.6100, 54.0770),
}
AT_SEA = {
    "nowhere": (0.0, 0.0),
    "Leicester swapped": (52.6369, -1.1332),
    "mid North Sea": (3.0, 55.0),
    "off the Humber": (1.2, 54.0),
    "mid Irish Sea": (-5.2, 53.6),
    "Isle of Man (not in the United Kingdom)": (-4.5, 54.2),
    "St George's Channel": (-5.8, 52.2),
    "Atlantic": (-10.0, 50.0),
    "mid Channel": (-1.5, 50.1),
    "Dublin": (-6.26, 53.35),
    "Paris": (2.35, 48.86),
    "Moray Firth": (-1.0, 58.3),
}


@pytest.mark.parametrize("place", ON_LAND)
def test_places_on_land(place: str) -> None:
    lon, lat = np.array([ON_LAND[place][0]]), np.array([ON_LAND[place][1]])
    assert may_be_land(lon, lat).all()
    assert may_be_land_on_grid(*to_grid(lon, lat)).all()


@pytest.mark.parametrize("place", AT_SEA)
def test_places_at_sea_or_abroad(place: str) -> None:
    assert not may_be_land(np.array([AT_SEA[place][0]]), np.array([AT_SEA[place][1]])).any()


def test_the_ordnance_surveys_worked_example_of_the_projection() -> None:
    """Guide to coordinate systems in Great Britain, annex C: 52°39'27.2531"N 1°43'4.5177"E on the Airy ellipsoid."""
    lam, phi = radians(1 + 43 / 60 + 4.5177 / 3600), radians(52 + 39 / 60 + 27.2531 / 3600)
    easting, northing = _project(np.array([lam]), np.array([phi]))
    assert easting[0] == pytest.approx(651409.903, abs=0.001)
    assert northing[0] == pytest.approx(313177.270, abs=0.001)


def test_the_fallback_agrees_with_the_definitive_grid_within_five_metres() -> None:
    lon, lat = (axis.ravel() for axis in np.meshgrid(np.linspace(-5, 1.5, 60), np.linspace(50.2, 58.5, 60)))
    by_helmert = np.column_stack(_by_helmert(lon, lat))
    exact = np.column_stack(to_grid(lon, lat))
    assert np.hypot(*(by_helmert - exact).T).max() < 5


def test_no_position_in_the_kingdom_is_left_without_metres() -> None:
    lon, lat = np.array(list(ON_LAND.values())).T
    metres = np.column_stack(to_grid(lon, lat))
    assert np.isfinite(metres).all()
    back = np.column_stack(to_degrees(*to_grid(np.array([-1.1332]), np.array([52.6369]))))
    assert back[0] == pytest.approx((-1.1332, 52.6369), abs=1e-6)


def test_nothing_in_nothing_out() -> None:
    assert [len(axis) for axis in (*to_grid(np.empty(0), np.empty(0)), *to_degrees(np.empty(0), np.empty(0)))] == [
        0
    ] * 4
