"""Maps of cells and points over the outline of a place: hexagons, the density of events, single points.

As ``svg``: classes instead of styles, a title and a description on each image, and a table of the numbers beside it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from frankpledge.reports.scales import Classes
from frankpledge.reports.svg import MAP_MARGIN, MAP_TALLEST, MAP_WIDTH, Point, image, scale_bar, tag
from frankpledge.vocabulary.geography import Outline

Extent = tuple[float, float, float, float]
MARK = 3.4  # radius of a point with one event


@dataclass(frozen=True, slots=True)
class Sheet:
    """The land a map shows, in metres, and how it lies on the image; north is up."""

    west: float
    south: float
    east: float
    north: float

    @property
    def scale(self) -> float:
        across, down = max(self.east - self.west, 1.0), max(self.north - self.south, 1.0)
        return min((MAP_WIDTH - 2 * MAP_MARGIN) / across, (MAP_TALLEST - 2 * MAP_MARGIN) / down)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the image, with room for the scale bar."""
        across, down = (self.east - self.west) * self.scale, (self.north - self.south) * self.scale
        return across + 2 * MAP_MARGIN, down + 2 * MAP_MARGIN + 24

    def at(self, x: float, y: float) -> Point:
        return MAP_MARGIN + (x - self.west) * self.scale, MAP_MARGIN + (self.north - y) * self.scale


def sheet_of(outlines: Sequence[Outline]) -> Sheet | None:
    """The smallest sheet that holds the outlines; None without any."""
    points = [point for outline in outlines for polygon in outline for point in polygon[0]]
    if not points:
        return None
    eastings, northings = [x for x, _ in points], [y for _, y in points]
    return Sheet(min(eastings), min(northings), max(eastings), max(northings))


def hexagon_map(
    sheet: Sheet,
    outlines: Sequence[Outline],
    cells: Sequence[tuple[float, float, float, str]],
    *,
    width_m: float,
    classes: Classes,
    prefix: str,
    title: str,
    description: str,
) -> Markup:
    """Hexagons shaded by their value: ``cells`` are (x, y, value, words) of those above nought."""
    radius = width_m / math.sqrt(3) * sheet.scale
    corners = [(radius * math.sin(math.radians(60 * k)), radius * math.cos(math.radians(60 * k))) for k in range(6)]
    shapes = []
    for number, (x, y, value, words) in enumerate(cells):
        east, down = sheet.at(x, y)
        path = "L".join(f"{east + dx:.1f} {down - dy:.1f}" for dx, dy in corners)
        shade = f"fp-map__area fp-map__area--{classes.shade(value)}"
        shapes.append(
            tag(
                "path",
                tag("title", words),
                d=f"M{path}Z",
                class_=shade,
                data_words=words,
                data_code=f"hexagon-{number}",
            )
        )
    return _map(sheet, outlines, prefix, title, description, tag("g", *shapes, class_="fp-map__areas"))


def surface(
    sheet: Sheet,
    outlines: Sequence[Outline],
    values: NDArray[np.float64],
    *,
    west: float,
    south: float,
    cell_m: float,
    classes: Classes,
    prefix: str,
    title: str,
    description: str,
) -> Markup:
    """Squares shaded by value, row 0 in the south; below the first edge blank, so that the land shows."""
    edges = np.asarray(classes.edges)
    step = np.searchsorted(edges, values, side="right")
    parts = []
    for level in range(1, len(edges) + 1):
        path = "".join(_runs(step == level, sheet, west, south, cell_m))
        if path:
            parts.append(tag("path", d=path, class_=f"fp-map__cell fp-map__cell--{min(level + 1, 5)}"))
    return _map(sheet, outlines, prefix, title, description, tag("g", *parts))


def point_map(
    sheet: Sheet,
    outlines: Sequence[Outline],
    points: Sequence[tuple[float, float, int]],
    *,
    prefix: str,
    title: str,
    description: str,
) -> Markup:
    """A mark for each place with events, its surface as large as their number."""
    marks = []
    for x, y, events in points:
        east, down = sheet.at(x, y)
        radius = MARK * math.sqrt(min(events, 64))
        marks.append(tag("circle", tag("title", f"{events:,}"), cx=east, cy=down, r=radius, class_="fp-map__point"))
    return _map(sheet, outlines, prefix, title, description, tag("g", *marks))


LEAST_RING = 7.0  # a zone of a few metres must still be seen on the map of a whole district


def zone_map(
    outlines: Sequence[Outline],
    zones: Sequence[tuple[float, float, float, bool, str]],
    *,
    prefix: str,
    title: str,
    description: str,
) -> Markup | None:
    """Zones over a place: ``zones`` are (x, y, radius in metres, whether it is one address, words).

    A zone is a ring, never smaller than can be seen; an address is a diamond. None without outlines.
    """
    sheet = sheet_of(outlines)
    if sheet is None:
        return None
    marks = []
    for x, y, radius_m, is_address, words in zones:
        east, down = sheet.at(x, y)
        if is_address:
            d = f"M{east:.1f} {down - 7:.1f}l7 7l-7 7l-7 -7Z"
            marks.append(tag("path", tag("title", words), d=d, class_="fp-map__diamond"))
        else:
            radius = max(radius_m * sheet.scale, LEAST_RING)
            marks.append(tag("circle", tag("title", words), cx=east, cy=down, r=radius, class_="fp-map__zone"))
    return _map(sheet, outlines, prefix, title, description, tag("g", *marks))


def _map(
    sheet: Sheet, outlines: Sequence[Outline], prefix: str, title: str, description: str, content: Markup
) -> Markup:
    width, height = sheet.size
    land = tag("path", d="".join(_rings(outline, sheet) for outline in outlines), class_="fp-map__land")
    lines = tag("path", d="".join(_rings(outline, sheet) for outline in outlines), class_="fp-map__line")
    bar = scale_bar(MAP_MARGIN, height - 6, sheet.scale, width - 2 * MAP_MARGIN)
    return image(prefix, title, description, width, height, "fp-map", land, content, lines, *bar)


def _rings(outline: Outline, sheet: Sheet) -> str:
    """Rings as one path, points that fall on the last one left out."""
    written = []
    for polygon in outline:
        for ring in polygon:
            points, last = [], ""
            for x, y in ring:
                east, down = sheet.at(x, y)
                point = f"{east:.1f} {down:.1f}"
                if point != last:
                    points.append(point)
                last = point
            if len(points) > 2:
                written.append(f"M{'L'.join(points)}Z")
    return "".join(written)


def _runs(where: NDArray[np.bool_], sheet: Sheet, west: float, south: float, cell_m: float) -> list[str]:
    """Unbroken runs of cells in each row, so that a large grid stays a small page."""
    steps = np.diff(where.astype(np.int8), axis=1, prepend=0, append=0)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    tall = cell_m * sheet.scale
    found = []
    for row, start, end in zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True):
        x, y = sheet.at(west + start * cell_m, south + (row + 1) * cell_m)
        across = (end - start) * tall
        found.append(f"M{x:.1f} {y:.1f}h{across:.1f}v{tall:.1f}h{-across:.1f}z")
    return found
