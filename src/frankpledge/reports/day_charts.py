"""A working day drawn: the routes of crews on a map, and each crew's day along a line of hours.

A crew is told by colour, by dash and by letter; a visit by its mark and its words. Drawn as in ``svg``: text is text
and styles are classes, so the page's own style sheet colours them. ``route_picture`` is the same map as a file.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from markupsafe import Markup

from frankpledge.reports.plots import STYLE
from frankpledge.reports.svg import Point, image, scale_bar, tag
from frankpledge.vocabulary.geography import Outline

Project = Callable[[tuple[float, float]], Point]

WIDTH, TALLEST, MARGIN = 640.0, 560.0, 34.0
LOOKS = 6  # colours and dashes there are; a seventh crew looks like the first but for its letter
LINE_WIDTH, LINE_HEIGHT = 440.0, 34.0
_TURNS = [math.pi * step / 4 for step in range(8)]
FEWEST_M = 400.0  # a day in one street is not blown up to fill the map

# For a file of its own; a page takes these from its style sheet
LOOK = """
.fp-day__area { fill: #fdf6e3; stroke: #c9b98a; stroke-dasharray: 4 4 } .fp-day__name { fill: #505a5f; font-size: 13px }
.fp-day__route { fill: none; stroke-width: 3; stroke-linejoin: round; stroke-linecap: round }
.fp-day__route--0, .fp-day__mark--0 { stroke: #1d5ba8 } .fp-day__route--1, .fp-day__mark--1 { stroke: #a5421b }
.fp-day__route--2, .fp-day__mark--2 { stroke: #0b6b4b } .fp-day__route--3, .fp-day__mark--3 { stroke: #6b3fa0 }
.fp-day__route--4, .fp-day__mark--4 { stroke: #0b0c0c } .fp-day__route--5, .fp-day__mark--5 { stroke: #8a6500 }
.fp-day__route--1 { stroke-dasharray: 8 5 } .fp-day__route--2 { stroke-dasharray: 2 5 }
.fp-day__route--3 { stroke-dasharray: 10 4 2 4 } .fp-day__route--4 { stroke-dasharray: 14 4 }
.fp-day__route--5 { stroke-dasharray: 5 3 }
.fp-day__mark { fill: #fff; stroke-width: 2 } .fp-day__label { font-size: 11px; font-weight: 700; text-anchor: middle }
.fp-day__leader { stroke: #505a5f }
.fp-day__store { fill: #0b0c0c } .fp-map__scale { stroke: #0b0c0c; stroke-width: 2 }
"""


class Mark(StrEnum):
    """What became of a visit so far."""

    TO_GO = "to-go"
    NOW = "now"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Spot:
    """One visit on the map: metres on the national grid, its label (``A4``), its mark and the words for it."""

    place: tuple[float, float]
    label: str
    mark: Mark
    words: str


@dataclass(frozen=True, slots=True)
class CrewLine:
    """One crew's way: ``look`` picks colour and dash."""

    letter: str
    look: int
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """One visit along the hours, in minutes since midnight."""

    starts: int
    ends: int
    label: str
    mark: Mark
    words: str


def route_map(
    lines: Sequence[CrewLine],
    store: tuple[float, float],
    *,
    prefix: str,
    title: str,
    description: str,
    areas: Sequence[tuple[str, Outline]] = (),
    streets: Sequence[Sequence[tuple[float, float]]] = (),
    alarms: Sequence[tuple[tuple[float, float], str]] = (),
    store_name: str = "Store",
) -> Markup:
    """Routes of all crews from the store and back, over outlines of neighbourhoods and quiet lines of streets.

    ``alarms`` are new burglaries with the words beside each.
    """
    width, height, parts = _map_parts(lines, store, areas, streets, alarms, store_name)
    return image(prefix, title, description, width, height, "fp-day", *parts)


def route_picture(lines: Sequence[CrewLine], store: tuple[float, float], *, title: str, description: str) -> str:
    """The map as a file that stands alone."""
    width, height, parts = _map_parts(lines, store, (), (), (), "Store")
    paper = tag("rect", width=width, height=height, fill="#ffffff")
    return str(
        image("chart", title, description, width, height, "fp-day", tag("style", Markup(STYLE + LOOK)), paper, *parts)
    )


def _map_parts(
    lines: Sequence[CrewLine],
    store: tuple[float, float],
    areas: Sequence[tuple[str, Outline]],
    streets: Sequence[Sequence[tuple[float, float]]],
    alarms: Sequence[tuple[tuple[float, float], str]],
    store_name: str,
) -> tuple[float, float, list[Markup]]:
    places = [store, *(spot.place for line in lines for spot in line.spots), *(place for place, _ in alarms)]
    west, east = _spread([x for x, _ in places])
    south, north = _spread([y for _, y in places])
    scale = min((WIDTH - 2 * MARGIN) / (east - west), (TALLEST - 2 * MARGIN) / (north - south))
    height = (north - south) * scale + 2 * MARGIN + 20  # the scale bar lies below every home
    left = (WIDTH - (east - west) * scale) / 2

    def at(place: tuple[float, float]) -> Point:
        return left + (place[0] - west) * scale, MARGIN + (north - place[1]) * scale

    parts = [_area(outline, at) for _, outline in areas]
    parts += _streets(streets, at, height)
    parts += [_way(line, at, store) for line in lines]
    marks = _apart([(line.look, spot, at(spot.place)) for line in lines for spot in line.spots])
    x, y = at(store)
    taken = [*(point for _, _, point in marks), (x, y), (x + 30, y), *(at(place) for place, _ in alarms)]
    parts += _area_names(areas, at, height, taken)
    parts += [_spot(look, spot, point, at(spot.place)) for look, spot, point in marks]
    parts += [_alarm(at(place), words) for place, words in alarms]
    parts.append(tag("rect", x=x - 8, y=y - 8, width=16.0, height=16.0, rx=2.0, class_="fp-day__store"))
    parts.append(tag("text", store_name, x=x + 13, y=y + 5, class_="fp-day__name fp-day__name--store"))
    parts += scale_bar(MARGIN, height - 14, scale, 150)
    return WIDTH, height, parts


def _spread(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    short = max(FEWEST_M - (high - low), 0) / 2
    return low - short, high + short


def _rings(outline: Outline, at: Project) -> str:
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in map(at, ring)) + "Z" for polygon in outline for ring in polygon
    )


def _area(outline: Outline, at: Project) -> Markup:
    return tag("path", d=_rings(outline, at), class_="fp-day__area")


def _streets(streets: Sequence[Sequence[tuple[float, float]]], at: Project, height: float) -> list[Markup]:
    """All streets that reach into the map, as one quiet path."""
    lines = [[at(place) for place in street] for street in streets]
    seen = [line for line in lines if any(-40 <= x <= WIDTH + 40 and -40 <= y <= height + 40 for x, y in line)]
    path = "".join("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in line) for line in seen)
    return [tag("path", d=path, class_="fp-day__street")] if path else []


def _area_names(
    areas: Sequence[tuple[str, Outline]], at: Project, height: float, taken: Sequence[Point]
) -> list[Markup]:
    """The name of each neighbourhood in sight, in that place of it that lies farthest from any mark."""
    found = []
    for name, outline in areas:
        half = 4.2 * len(name)
        xs, ys = zip(*(at(point) for polygon in outline for point in polygon[0]), strict=True)
        left, right = max(min(xs), 0) + half, min(max(xs), WIDTH) - half
        top, bottom = max(min(ys), 0) + 18, min(max(ys), height - 30) - 6
        if left > right or top > bottom:
            continue
        places = [(left + (right - left) * i / 4, top + (bottom - top) * j / 4) for j in range(5) for i in range(5)]
        rings = [[at(point) for point in polygon[0]] for polygon in outline]
        inside = [place for place in places if any(_holds(ring, place) for ring in rings)] or places
        x, y = max(inside, key=lambda place: _room(place, half, taken))
        taken = [*taken, (x, y)]
        found.append(tag("text", name, x=x, y=y, class_="fp-day__name fp-day__name--area"))
    return found


def _room(place: Point, half: float, taken: Sequence[Point]) -> float:
    """How far words of this half width, written at ``place``, stay from every mark; far enough is all alike."""
    gaps = (math.hypot(max(abs(x - place[0]) - half, 0), y - place[1]) for x, y in taken)
    return min(min(gaps, default=60.0), 60.0)


def _holds(ring: Sequence[Point], place: Point) -> bool:
    x, y = place
    crossed = [
        (ax + (y - ay) * (bx - ax) / (by - ay)) > x
        for (ax, ay), (bx, by) in pairwise([*ring, ring[0]])
        if (ay > y) != (by > y)
    ]
    return sum(crossed) % 2 == 1


def _way(line: CrewLine, at: Project, store: tuple[float, float]) -> Markup:
    points = [at(store), *(at(spot.place) for spot in line.spots), at(store)]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return tag("path", d=path, class_=f"fp-day__route fp-day__route--{line.look % LOOKS}")


def _apart(marks: Sequence[tuple[int, Spot, Point]]) -> list[tuple[int, Spot, Point]]:
    """Marks of homes close together, moved round their home until none hides another."""
    placed: list[tuple[int, Spot, Point]] = []
    for look, spot, (x, y) in marks:
        around = [(x + r * math.cos(turn), y + r * math.sin(turn)) for r in (0.0, 25.0, 34.0, 46.0) for turn in _TURNS]
        free = (
            (px, py)
            for px, py in around
            if 14 <= px <= WIDTH - 14
            and py >= 14
            and all(abs(px - ox) >= 25 or abs(py - oy) >= 23 for _, _, (ox, oy) in placed)
        )
        placed.append((look, spot, next(free, (x, y))))
    return placed


def _spot(look: int, spot: Spot, point: Point, home: Point) -> Markup:
    x, y = point
    mark = f"fp-day__mark fp-day__mark--{look % LOOKS} fp-day__mark--{spot.mark.value}"
    label = f"fp-day__label fp-day__label--{spot.mark.value}"
    leader = []
    if math.dist(point, home) > 2:
        leader = [tag("line", x1=home[0], y1=home[1], x2=x, y2=y, class_="fp-day__leader")]
    if spot.mark is Mark.DONE:
        shape = [
            tag("circle", cx=x, cy=y, r=8.0, class_=mark),
            tag("path", d=f"M{x - 3.6:.1f} {y:.1f}l2.6 2.8l4.6 -5.4", class_="fp-day__tick"),
        ]
    elif spot.mark is Mark.FAILED:
        shape = [
            tag("rect", x=x - 15, y=y - 9, width=30.0, height=18.0, rx=3.0, class_=mark),
            tag("text", f"×{spot.label}", x=x, y=y + 4, class_=label),
        ]
    else:
        wide = 15.0 if spot.mark is Mark.NOW or len(spot.label) > 2 else 11.0
        shape = [
            tag("rect", x=x - wide, y=y - 11, width=2 * wide, height=22.0, rx=11.0, class_=mark),
            tag("text", spot.label, x=x, y=y + 4, class_=label),
        ]
    return tag("g", tag("title", spot.words), *leader, *shape)


def _alarm(point: Point, words: str) -> Markup:
    """A triangle with its words beside it, on the side where there is room."""
    x, y = point
    ends = x > WIDTH / 2
    return tag(
        "g",
        tag("path", d=f"M{x:.1f} {y - 12:.1f}l13 22h-26z", class_="fp-day__alarm"),
        tag("text", "!", x=x, y=y + 7, class_="fp-day__label"),
        tag("text", words, x=x - 18 if ends else x + 18, y=y + 6, class_="fp-day__name",
            text_anchor="end" if ends else "start"),
    )  # fmt: skip


def crew_line(
    boxes: Sequence[Box],
    *,
    look: int,
    first: int,
    last: int,
    prefix: str,
    title: str,
    description: str,
    break_at: tuple[int, int] | None = None,
    now: int | None = None,
) -> Markup:
    """One crew's day from ``first`` to ``last`` minute: visits as boxes, the break grey, a line at ``now``."""

    def x(minute: int) -> float:
        return LINE_WIDTH * (min(max(minute, first), last) - first) / (last - first)

    parts: list[Markup] = []
    for hour in range(-(-first // 60), last // 60 + 1):
        parts.append(tag("line", x1=x(hour * 60), x2=x(hour * 60), y1=2.0, y2=LINE_HEIGHT, class_="fp-chart__grid"))
    if break_at:
        wide = x(break_at[1]) - x(break_at[0])
        parts.append(tag("rect", x=x(break_at[0]), y=11.0, width=wide, height=14.0, class_="fp-day__break"))
    for box in boxes:
        left, wide = x(box.starts) + 1, max(x(box.ends) - x(box.starts) - 2, 8.0)
        mark = f"fp-day__mark fp-day__mark--{look % LOOKS} fp-day__mark--{box.mark.value}"
        label = {Mark.DONE: "✓", Mark.FAILED: "×"}.get(box.mark, box.label if wide >= 19 else "")
        css = f"fp-day__label fp-day__label--{box.mark.value}"
        parts.append(
            tag(
                "g",
                tag("title", box.words),
                tag("rect", x=left, y=6.0, width=wide, height=24.0, rx=2.0, class_=mark),
                tag("text", label, x=left + wide / 2, y=22.0, class_=css),
            )
        )
    if now is not None and first <= now <= last:
        parts.append(tag("path", d=f"M{x(now):.1f} 6l-5 -6h10zv{LINE_HEIGHT - 6:.0f}", class_="fp-day__now"))
    return image(prefix, title, description, LINE_WIDTH, LINE_HEIGHT, "fp-day fp-day--line", *parts)


def hours(first: int, last: int, now: int | None = None) -> Markup:
    """The hours above the lines of crews: every second one, and now."""
    marks = [
        tag("text", f"{hour:02d}:00", x=LINE_WIDTH * (hour * 60 - first) / (last - first), y=12.0, class_=css)
        for hour in range(-(-first // 60), last // 60 + 1, 2)
        if 18 <= LINE_WIDTH * (hour * 60 - first) / (last - first) <= LINE_WIDTH - 18
        and (css := "fp-chart__tick")
        and (now is None or LINE_WIDTH * abs(hour * 60 - now) / (last - first) > 42)  # two words side by side
    ]
    if now is not None and first <= now <= last:
        words = f"{now // 60:02d}:{now % 60:02d}"
        where = min(max(LINE_WIDTH * (now - first) / (last - first), 18.0), LINE_WIDTH - 18.0)  # whole at both ends
        marks.append(tag("text", words, x=where, y=12.0, class_="fp-chart__tick fp-day__clock"))
    size = f"0 0 {LINE_WIDTH:.0f} 16"
    return tag("svg", *marks, viewBox=size, class_="fp-day fp-day--line", aria_hidden="true")
