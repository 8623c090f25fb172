"""Maps and charts as hand-made SVG: text is text, meaning has a shape beside its colour, styles are classes.

No style attribute and no script, so a strict content security policy holds; nothing is fetched. Every image has a title
and a description and stands beside a table of the same numbers. Identifiers carry the prefix they are given.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup, escape

from frankpledge.analysis.expected_range import ExpectedRange, MonthStanding
from frankpledge.analysis.picture_results import AreaRow, MonthCount
from frankpledge.reports.scales import Classes, axis_ticks
from frankpledge.reports.words import decimal, month_short, said, whole
from frankpledge.vocabulary.geography import Outline
from frankpledge.vocabulary.wording import Translate

Point = tuple[float, float]
Scale = Callable[[float], float]

MAP_WIDTH = 640.0
MAP_TALLEST = 760.0
MAP_MARGIN = 14.0
MARKER = 12.0  # radius
CHART_WIDTH, CHART_HEIGHT = 560.0, 300.0


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """One element. ``class_`` and ``data_code`` become ``class`` and ``data-code``; None leaves an attribute out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_figure(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(escape(child) for child in children)
    return Markup(f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>")


def _figure(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def image(
    prefix: str, title: str, description: str, width: float, height: float, class_: str, *parts: Markup
) -> Markup:
    """An SVG of a fixed shape and any size, named by its title and description."""
    return tag(
        "svg",
        tag("title", title, id=f"{prefix}-title"),
        tag("desc", description, id=f"{prefix}-desc"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_figure(width)} {_figure(height)}",
        class_=class_,
        role="img",
        aria_labelledby=f"{prefix}-title {prefix}-desc",
    )


# --- map


@dataclass(frozen=True, slots=True)
class _Projection:
    """Metres on the national grid to units of the image; north is up."""

    west: float
    north: float
    scale: float

    def __call__(self, point: tuple[int, int]) -> Point:
        x, y = point
        return MAP_MARGIN + (x - self.west) * self.scale, MAP_MARGIN + (self.north - y) * self.scale


def choropleth(
    rows: Sequence[AreaRow],
    outlines: Mapping[str, Outline],
    classes: Classes,
    *,
    numbered: Mapping[str, int],
    prefix: str,
    title: str,
    description: str,
    hover: Mapping[str, str],
) -> Markup | None:
    """A map of ``rows`` shaded by rate, with numbers on the areas of ``numbered``; None when there are no outlines.

    An area without a rate is hatched. ``hover`` gives the words for each code, shown by the browser without any script.
    """
    drawn = [row for row in rows if row.area.code in outlines]
    points = [point for row in drawn for polygon in outlines[row.area.code] for point in polygon[0]]
    if not points:
        return None
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    across, down = max(east - west, 1), max(north - south, 1)
    scale = min((MAP_WIDTH - 2 * MAP_MARGIN) / across, (MAP_TALLEST - 2 * MAP_MARGIN) / down)
    project = _Projection(west, north, scale)
    width, height = across * scale + 2 * MAP_MARGIN, down * scale + 2 * MAP_MARGIN
    hatch = f"{prefix}-hatch"
    shapes = [
        _area_shape(row, outlines[row.area.code], project, classes, hover.get(row.area.code, "")) for row in drawn
    ]
    anchors = {
        numbered[row.area.code]: _inside_point(outlines[row.area.code], project)
        for row in drawn
        if row.area.code in numbered
    }
    return image(
        prefix,
        title,
        description,
        width,
        height,
        "fp-map",
        tag("defs", _hatch(hatch)),
        # the hatch lies under areas without a rate, whose own fill is clear
        tag("g", *(_hatched(row, outlines[row.area.code], project, hatch) for row in drawn if row.rate is None)),
        tag("g", *shapes, class_="fp-map__areas"),
        tag("g", *_markers(anchors, width, height), class_="fp-map__markers", aria_hidden="true"),
    )


def _area_shape(row: AreaRow, outline: Outline, project: _Projection, classes: Classes, words: str) -> Markup:
    shade = f"fp-map__area--{classes.shade(row.rate.value)}" if row.rate else "fp-map__area--none"
    return tag(
        "path",
        tag("title", words),
        d=_path(outline, project),
        class_=f"fp-map__area {shade}",
        data_code=row.area.code,
        data_words=words,
    )


def _hatched(row: AreaRow, outline: Outline, project: _Projection, hatch: str) -> Markup:
    return tag("path", d=_path(outline, project), fill=f"url(#{hatch})")


def _hatch(name: str) -> Markup:
    return tag(
        "pattern",
        tag("path", d="M0 8L8 0", class_="fp-map__hatch"),
        id=name,
        width="8",
        height="8",
        patternUnits="userSpaceOnUse",
    )


def _path(outline: Outline, project: _Projection) -> str:
    """Rings as one path; points that fall on the last one at this size are left out."""
    parts = []
    for polygon in outline:
        for ring in polygon:
            kept: list[str] = []
            for point in ring:
                x, y = project(point)
                words = f"{_figure(x)} {_figure(y)}"
                if not kept or kept[-1] != words:
                    kept.append(words)
            if len(kept) > 1 and kept[0] == kept[-1]:
                kept.pop()
            if len(kept) > 2:
                parts.append(f"M{'L'.join(kept)}Z")
    return "".join(parts)


def _inside_point(outline: Outline, project: _Projection) -> Point:
    """A point well inside the largest polygon: the middle of its widest stretch at the height of its centre."""
    ring = max((polygon[0] for polygon in outline), key=_ring_size)
    points = [project(point) for point in ring]
    best: tuple[float, Point] | None = None
    low, high = min(y for _, y in points), max(y for _, y in points)
    for share in (0.5, 0.4, 0.6, 0.3, 0.7):
        y = low + share * (high - low)
        crossings = sorted(_crossings(points, y))
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            if best is None or right - left > best[0] * 1.25:
                best = (right - left, ((left + right) / 2, y))
    return best[1] if best else points[0]


def _ring_size(ring: Sequence[tuple[int, int]]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)))


def _crossings(points: Sequence[Point], y: float) -> Iterable[float]:
    for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
        if (y1 <= y) != (y2 <= y):
            yield x1 + (y - y1) * (x2 - x1) / (y2 - y1)


def _markers(anchors: Mapping[int, Point], width: float, height: float) -> list[Markup]:
    """Numbers in black discs, moved apart where they would hide one another, each with a line to its area."""
    places = _moved_apart(anchors, width, height)
    lines = [
        tag("line", x1=anchors[n][0], y1=anchors[n][1], x2=places[n][0], y2=places[n][1], class_="fp-map__leader")
        for n in places
        if math.dist(anchors[n], places[n]) > 2
    ]
    discs = []
    for n, (x, y) in sorted(places.items(), reverse=True):
        discs.append(tag("circle", cx=x, cy=y, r=MARKER, class_="fp-map__marker"))
        discs.append(tag("text", str(n), x=x, y=y, dy="0.36em", class_="fp-map__number"))
    return lines + discs


def _moved_apart(anchors: Mapping[int, Point], width: float, height: float) -> dict[int, Point]:
    places = dict(sorted(anchors.items()))
    clear = 2 * MARKER + 6
    for _ in range(60):
        moved = False
        for a in places:
            for b in places:
                if a >= b:
                    continue
                (ax, ay), (bx, by) = places[a], places[b]
                apart = math.hypot(bx - ax, by - ay)
                if apart >= clear - 0.1:
                    continue
                moved = True
                dx, dy = ((bx - ax) / apart, (by - ay) / apart) if apart > 0.01 else (1.0, 0.0)
                push = (clear - apart) / 2
                places[a] = (ax - dx * push, ay - dy * push)
                places[b] = (bx + dx * push, by + dy * push)
        if not moved:
            break
    edge = MARKER + 1
    return {n: (min(max(x, edge), width - edge), min(max(y, edge), height - edge)) for n, (x, y) in places.items()}


# --- trend


class Series(Protocol):
    """What a trend is drawn from: an ``AreaPicture``, or anything with its months and their expected range."""

    @property
    def months(self) -> tuple[MonthCount, ...]: ...

    @property
    def expected(self) -> ExpectedRange | None: ...


def trend(
    picture: Series,
    *,
    prefix: str,
    title: str,
    description: str,
    translate: Translate,
    compared: Sequence[float] | None = None,
) -> Markup:
    """Counts by month as a line, over the expected band and the shaded lockdowns; unusual months carry a shape.

    A missing month is a gap in the line. Triangles point up above the band and down below it; a hollow diamond marks a
    month that is not believed. ``compared``, of the same months, is drawn as a dashed line.
    """
    left, right, top, bottom = 40.0, 92.0, 22.0, 34.0
    months = picture.months
    counts = [month.count for month in months if month.count is not None]
    expected = picture.expected.months if picture.expected else ()
    ticks = axis_ticks(max([*counts, *(month.upper for month in expected), *(compared or ()), 1]))
    inner_width, inner_height = CHART_WIDTH - left - right, CHART_HEIGHT - top - bottom

    def x(position: float) -> float:
        return left + (inner_width * position / max(len(months) - 1, 1) if len(months) > 1 else inner_width / 2)

    def y(value: float) -> float:
        return top + inner_height * (1 - value / ticks[-1])

    parts: list[Markup] = []
    for tick in ticks:
        parts.append(tag("line", x1=left, x2=CHART_WIDTH - right, y1=y(tick), y2=y(tick), class_="fp-chart__grid"))
        parts.append(
            tag(
                "text",
                _figure_label(tick),
                x=left - 8,
                y=y(tick),
                dy="0.36em",
                class_="fp-chart__tick fp-chart__tick--y",
            )
        )
    locked = [i for i, month in enumerate(months) if month.lockdown]
    if locked:
        start, end = max(x(locked[0] - 0.5), left), min(x(locked[-1] + 0.5), CHART_WIDTH - right)
        parts.append(tag("rect", x=start, y=top, width=end - start, height=inner_height, class_="fp-chart__shade"))
        if end - start > 90:
            parts.append(tag("text", translate("lockdowns"), x=start + 6, y=top + 15, class_="fp-chart__note"))
    if expected:
        upper = [f"{_figure(x(i))} {_figure(y(month.upper))}" for i, month in enumerate(expected)]
        lower = [f"{_figure(x(i))} {_figure(y(month.lower))}" for i, month in enumerate(expected)]
        parts.append(tag("path", d=f"M{'L'.join([*upper, *reversed(lower)])}Z", class_="fp-chart__band"))
    if compared:
        path = _line([(x(i), y(value)) for i, value in enumerate(compared)])
        parts.append(tag("path", d=path, class_="fp-chart__line fp-chart__line--compared"))
    parts.append(
        tag(
            "path",
            d=_line([(x(i), None if m.count is None else y(m.count)) for i, m in enumerate(months)]),
            class_="fp-chart__line",
        )
    )
    standing = {month.month: month.standing for month in expected}
    for i, month in enumerate(months):
        if month.count is not None:
            words = f"{said(month.month, translate)}: {whole(month.count)}"
            shape = _month_shape(x(i), y(month.count), standing.get(month.month), month.doubtful, month.lockdown)
            parts.append(tag("g", tag("title", words), *shape))
    parts += _month_axis(picture, x, CHART_HEIGHT - bottom, translate)
    parts += _end_labels(picture, x, y, translate)
    return image(prefix, title, description, CHART_WIDTH, CHART_HEIGHT, "fp-chart", *parts)


def _figure_label(value: float) -> str:
    return whole(value) if value == int(value) else f"{value:g}"


def _line(points: Sequence[tuple[float, float | None]]) -> str:
    """A path that breaks where a value is missing."""
    written, pen_down = [], False
    for x, y in points:
        if y is None:
            pen_down = False
            continue
        written.append(f"{'L' if pen_down else 'M'}{_figure(x)} {_figure(y)}")
        pen_down = True
    return "".join(written) or "M0 0"


def _month_shape(x: float, y: float, standing: MonthStanding | None, doubtful: bool, lockdown: bool) -> list[Markup]:
    if doubtful:
        return [_polygon([(x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y)], "fp-chart__doubtful")]
    if standing is MonthStanding.HIGH:
        return [_polygon([(x, y - 8), (x + 7, y + 5), (x - 7, y + 5)], "fp-chart__high")]
    if standing is MonthStanding.LOW and not lockdown:
        return [_polygon([(x, y + 8), (x + 7, y - 5), (x - 7, y - 5)], "fp-chart__low")]
    return [tag("circle", cx=x, cy=y, r=2.6, class_="fp-chart__dot")]


def _polygon(points: Sequence[Point], class_: str) -> Markup:
    return tag("path", d=f"M{'L'.join(f'{_figure(x)} {_figure(y)}' for x, y in points)}Z", class_=class_)


def _month_axis(picture: Series, x: Scale, base: float, translate: Translate) -> list[Markup]:
    """Januaries with their year, and for short periods every month or quarter between."""
    months = [month.month for month in picture.months]
    every = 1 if len(months) <= 6 else 3 if len(months) <= 18 else 6 if len(months) <= 48 else 12
    parts = []
    for i, month in enumerate(months):
        january = month.month == 1
        if not january and (month.month - 1) % every:
            continue
        first = i == 0 or january
        words = f"{month_short(month, translate)} {month.year}" if first else month_short(month, translate)
        minor = "" if january or len(months) <= 6 else " fp-chart__tick--minor"
        if not january and i and i < 3 and every > 1:
            continue
        parts.append(tag("line", x1=x(i), x2=x(i), y1=base, y2=base + 5, class_="fp-chart__axis"))
        anchor = " fp-chart__tick--first" if i == 0 and len(months) > 1 else ""
        parts.append(tag("text", words, x=x(i), y=base + 24, class_=f"fp-chart__tick{minor}{anchor}"))
    return parts


def _end_labels(picture: Series, x: Scale, y: Scale, translate: Translate) -> list[Markup]:
    """The last count at the end of the line, and *expected* at the end of the band where it keeps clear of it."""
    known = [(i, month) for i, month in enumerate(picture.months) if month.count is not None]
    i, last = known[-1]
    count = last.count or 0
    level = y(count)
    words = f"{whole(count)} {translate('in')} {month_short(last.month, translate)}"
    parts = [tag("text", words, x=x(i) + 8, y=level, dy="0.36em", class_="fp-chart__value")]
    if picture.expected and picture.expected.months:
        band = picture.expected.months[-1]
        place = y(band.upper) if abs(y(band.upper) - level) > 20 else y(band.lower)
        if abs(place - level) > 20:
            parts.append(
                tag(
                    "text",
                    translate("expected"),
                    x=x(len(picture.months) - 1) + 8,
                    y=place,
                    dy="0.36em",
                    class_="fp-chart__note",
                )
            )
    return parts


def scale_bar(x: float, y: float, units_per_m: float, room: float) -> list[Markup]:
    """A line of a round number of metres, with its length in words, at most a third of ``room``."""
    steps = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
    metres = max(step for step in steps if step * units_per_m <= max(room / 3, units_per_m))
    words = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres} m"
    end = x + metres * units_per_m
    return [
        tag("line", x1=x, x2=end, y1=y - 4, y2=y - 4, class_="fp-chart__axis"),
        tag("text", words, x=end + 8, y=y, class_="fp-chart__note"),
    ]


# --- comparison


def interval_dot(
    value: float, lower: float | None, upper: float, *, top: float, reference: float | None, here: bool, words: str
) -> Markup:
    """One row's dot on its interval, on an axis from nought to ``top``, with a dotted line at ``reference``.

    Hidden from screen readers: the row of the table says the same in figures.
    """
    width, height = 300.0, 26.0

    def x(at: float) -> float:
        return 6 + (width - 12) * min(at / top, 1.0)

    middle = height / 2
    mark = "fp-dot__here" if here else "fp-dot__mark"
    shape = (
        _polygon([(x(value), middle - 8), (x(value) + 8, middle), (x(value), middle + 8), (x(value) - 8, middle)], mark)
        if here
        else tag("circle", cx=x(value), cy=middle, r=5.5, class_=mark)
    )
    parts = [
        tag("title", words),
        tag(
            "line",
            x1=x(lower or 0.0),
            x2=x(upper),
            y1=middle,
            y2=middle,
            class_="fp-dot__here-line" if here else "fp-dot__line",
        ),
        shape,
    ]
    if reference is not None:
        parts.insert(1, tag("line", x1=x(reference), x2=x(reference), y1=0.0, y2=height, class_="fp-dot__reference"))
    return tag(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_figure(width)} {_figure(height)}",
        class_="fp-dot",
        aria_hidden="true",
        focusable="false",
    )


def legend_words(low: str | None, high: str | None, translate: Translate) -> str:
    """``under 5``, ``5 to 8``, ``17 and over``."""
    if low is None:
        return f"{translate('under')} {high}"
    if high is None:
        return f"{low} {translate('and over')}"
    return f"{low} {translate('to')} {high}"


def rate_words(row: AreaRow, translate: Translate, places: int = 1) -> str:
    """``Harborough 008D: 27, which is 39.7 per 1,000``: what the map says of one area."""
    if row.rate is None:
        return f"{row.area.name}: {whole(row.count)}"
    return f"{row.area.name}: {whole(row.count)}, {decimal(row.rate.value, places)} {translate('per 1,000')}"
