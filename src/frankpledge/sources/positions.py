"""Positions: degrees to metres on the British National Grid, and whether a point can be on land.

Conversion is by OSTN15, Ordnance Survey's definitive shift grid. Where it has no values (parts of Northern Ireland, the
Isles of Scilly, a few kilometres out to sea) the seven-parameter shift serves instead, good to about 5 m.
Source: Ordnance Survey, "A guide to coordinate systems in Great Britain", annexes B and C.
"""

from functools import cache
from math import radians

import numpy as np
import shapely
from convertbng import cutil

from frankpledge.vocabulary import land

FloatArray = np.ndarray[tuple[int], np.dtype[np.float64]]
BoolArray = np.ndarray[tuple[int], np.dtype[np.bool_]]


def to_grid(longitude: FloatArray, latitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Eastings and northings in metres of WGS84 degrees; arrays of equal length."""
    if not len(longitude):
        return np.empty(0), np.empty(0)
    easting, northing = cutil.convert_bng(np.ascontiguousarray(longitude), np.ascontiguousarray(latitude))
    outside = np.isnan(easting)
    if outside.any():
        easting, northing = easting.copy(), northing.copy()
        easting[outside], northing[outside] = _by_helmert(longitude[outside], latitude[outside])
    return easting, northing


def to_degrees(easting: FloatArray, northing: FloatArray) -> tuple[FloatArray, FloatArray]:
    """WGS84 longitudes and latitudes of grid metres; NaN where OSTN15 has no values."""
    if not len(easting):
        return np.empty(0), np.empty(0)
    return cutil.convert_lonlat(np.ascontiguousarray(easting), np.ascontiguousarray(northing))


def may_be_land(longitude: FloatArray, latitude: FloatArray) -> BoolArray:
    """Whether each point lies within the hand-drawn outlines of ``vocabulary.land``."""
    result: BoolArray = shapely.contains_xy(_kingdom(), longitude, latitude)
    return result


def may_be_land_on_grid(easting: FloatArray, northing: FloatArray) -> BoolArray:
    """The same for grid metres."""
    result: BoolArray = shapely.contains_xy(_kingdom_on_grid(), easting, northing)
    return result


@cache
def _kingdom() -> shapely.MultiPolygon:
    outline = shapely.MultiPolygon([shapely.Polygon(ring) for ring in land.UNITED_KINGDOM])
    shapely.prepare(outline)
    return outline


@cache
def _kingdom_on_grid() -> shapely.MultiPolygon:
    # projecting with one method throughout keeps the ring whole where it crosses OSTN15's own edge
    outline = shapely.transform(_kingdom(), lambda points: np.column_stack(_by_helmert(points[:, 0], points[:, 1])))
    shapely.prepare(outline)
    return outline


def _by_helmert(longitude: FloatArray, latitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """WGS84 degrees to OSGB36 grid metres by the published seven parameters and the transverse Mercator projection."""
    x, y, z = _to_cartesian(np.radians(longitude), np.radians(latitude))
    scale, turn = 20.4894e-6, np.radians(np.array([-0.1502, -0.2470, -0.8421]) / 3600)
    shifted_x = -446.448 + (1 + scale) * x - turn[2] * y + turn[1] * z
    shifted_y = 125.157 + turn[2] * x + (1 + scale) * y - turn[0] * z
    shifted_z = -542.060 - turn[1] * x + turn[0] * y + (1 + scale) * z
    return _project(*_to_airy(shifted_x, shifted_y, shifted_z))


_WGS84 = (6378137.0, 6356752.314245)
_AIRY = (6377563.396, 6356256.909)


def _to_cartesian(lam: FloatArray, phi: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    a, b = _WGS84
    e2 = 1 - (b / a) ** 2
    nu = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    return nu * np.cos(phi) * np.cos(lam), nu * np.cos(phi) * np.sin(lam), (1 - e2) * nu * np.sin(phi)


def _to_airy(x: FloatArray, y: FloatArray, z: FloatArray) -> tuple[FloatArray, FloatArray]:
    a, b = _AIRY
    e2 = 1 - (b / a) ** 2
    p = np.hypot(x, y)
    phi = np.arctan2(z, p * (1 - e2))
    for _ in range(5):  # converges to well under a millimetre
        nu = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
        phi = np.arctan2(z + e2 * nu * np.sin(phi), p)
    return np.arctan2(y, x), phi


def _project(lam: FloatArray, phi: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Transverse Mercator of the National Grid (annex C.1); names follow the guide."""
    a, b = _AIRY
    f0, phi0, lam0, e0, n0 = 0.9996012717, radians(49), radians(-2), 400_000.0, -100_000.0
    e2, n = 1 - (b / a) ** 2, (a - b) / (a + b)
    sin2 = np.sin(phi) ** 2
    nu = a * f0 / np.sqrt(1 - e2 * sin2)
    rho = a * f0 * (1 - e2) / (1 - e2 * sin2) ** 1.5
    eta2 = nu / rho - 1
    d, s = phi - phi0, phi + phi0
    m = (b * f0) * (
        (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * d
        - (3 * n + 3 * n**2 + 21 / 8 * n**3) * np.sin(d) * np.cos(s)
        + (15 / 8 * n**2 + 15 / 8 * n**3) * np.sin(2 * d) * np.cos(2 * s)
        - 35 / 24 * n**3 * np.sin(3 * d) * np.cos(3 * s)
    )
    cos, tan2, dl = np.cos(phi), np.tan(phi) ** 2, lam - lam0
    northing = (
        m
        + n0
        + nu / 2 * np.sin(phi) * cos * dl**2
        + nu / 24 * np.sin(phi) * cos**3 * (5 - tan2 + 9 * eta2) * dl**4
        + nu / 720 * np.sin(phi) * cos**5 * (61 - 58 * tan2 + tan2**2) * dl**6
    )
    easting = (
        e0
        + nu * cos * dl
        + nu / 6 * cos**3 * (nu / rho - tan2) * dl**3
        + nu / 120 * cos**5 * (5 - 18 * tan2 + tan2**2 + 14 * eta2 - 58 * tan2 * eta2) * dl**5
    )
    return easting, northing
