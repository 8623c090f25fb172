"""Charts of results as SVG files that stand alone, and as PNG. Text is text.

Pieces for every method: a table of shaded cells, a surface on squares, a line with its band, bars, and values with
their intervals. Styles are classes in the file itself; nothing is fetched and nothing runs. Colour is never alone:
cells carry their figure, surfaces a legend in figures, lines and dots a label.
"""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from frankpledge.reports.scales import Classes, axis_ticks, classes_for, edge_labels
from frankpledge.reports.svg import tag
from frankpledge.reports.words import decimal, places_for, whole
from frankpledge.vocabulary.errors import DataProblem

WIDTH = 760.0
MARGIN = 20.0
LEGEND_LINE = 20.0
TITLE_LINE, TITLE_LETTERS = 24.0, 80
PNG_ZOOM = 2  # two pixels for each unit, so that print is sharp
MOST_LABELS = 14

Scale = Callable[[float], float]
Body = Callable[[float], list[Markup]]

STYLE = """
text { font-family: "Atkinson Hyperlegible Next", Arial, "Liberation Sans", "DejaVu Sans", sans-serif; font-size: 14px }
text { fill: #0b0c0c } .paper { fill: #fff } .title { font-size: 18px; font-weight: 700 }
.note, .tick { fill: #505a5f; font-size: 13px } .middle, .figure { text-anchor: middle } .end { text-anchor: end }
.figure { font-size: 12px } .light { fill: #fff }
.shade0 { fill: #f4f6f8 } .shade1 { fill: #fdf1e7 } .shade2 { fill: #f8cfae } .shade3 { fill: #ee9a6d }
.shade4 { fill: #cf5a3c } .shade5 { fill: #8c1d18 }
.cold1 { fill: #dbe7f5 } .cold2 { fill: #9dbce3 } .cold3 { fill: #4a78b5 }
.grid { stroke: #e3e7eb } .axis { stroke: #8a949c } .band { fill: #9dbce3; fill-opacity: 0.36 }
.line { fill: none; stroke: #17315c; stroke-width: 2.2; stroke-linejoin: round }
.second { fill: none; stroke: #a4201a; stroke-width: 2; stroke-dasharray: 6 4 }
.dot { fill: #17315c } .bar { fill: #1d5ba8 } .interval { stroke: #17315c; stroke-width: 3 }
.reference { stroke: #8a949c; stroke-width: 1.5; stroke-dasharray: 3 3 } .scale { stroke: #0b0c0c; stroke-width: 2 }
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """A value with its interval, for one row of an interval chart. No lower limit: the line starts at the axis."""

    label: str
    value: float
    lower: float | None
    upper: float | None


def as_png(svg: str) -> bytes:
    """The chart as PNG. DataProblem where the machine has no typeface: the picture would have no words."""
    import resvg_py

    if not _has_typeface():
        raise DataProblem(
            "There is no typeface on this machine, so a PNG would have no words in it.",
            remedy="Write an .svg instead, or install a typeface such as DejaVu Sans.",
        )
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=PNG_ZOOM))


@cache
def _has_typeface() -> bool:
    import resvg_py

    def drawn(words: str) -> bytes:
        mark = f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="16">{words}</text></svg>'
        return bytes(resvg_py.svg_to_bytes(svg_string=mark))

    return drawn("H") != drawn("")


def heat_table(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    title: str,
    description: str,
    note: str = "",
    marked: Sequence[tuple[int, int]] = (),
    edges: Sequence[float] | None = None,
) -> str:
    """Cells shaded by value with the figure in each, rows down and columns across; ``marked`` cells get a star.

    ``edges`` between the shades, lowest first; chosen from the values without.
    """
    known = [value for row in values for value in row if value is not None]
    classes = classes_for(known) if edges is None else Classes(tuple(edges))
    places = 0 if all(value == int(value) for value in known) else places_for([*known, 0.0])
    left = 24.0 + 7.4 * max(len(label) for label in rows)
    wide = max(30.0, (WIDTH - left - MARGIN) / len(columns))
    tall, stars = 28.0, set(marked)
    upright = 7.2 * max(len(label) for label in columns) > wide - 6
    head = 14.0 + (6.4 * max(len(label) for label in columns) if upright else 12.0)
    width = left + wide * len(columns) + MARGIN

    def body(top: float) -> list[Markup]:
        parts = []
        for j, label in enumerate(columns):
            x, y = left + wide * (j + 0.5), top + head - 8
            turn = f"rotate(-90 {x:.1f} {y:.1f})" if upright else None
            class_ = "tick" if upright else "tick middle"
            parts.append(tag("text", label, x=x + (4 if upright else 0), y=y, transform=turn, class_=class_))
        for i, row in enumerate(rows):
            y = top + head + tall * i
            parts.append(tag("text", row, x=left - 10, y=y + tall / 2, dy="0.36em", class_="tick end"))
            for j in range(len(columns)):
                parts += _heat_cell(values[i][j], left + wide * j, y, wide, tall, classes, places, (i, j) in stars)
        return parts

    height = head + tall * len(rows)
    return _chart(body, width=width, height=height, title=title, description=description, note=note)


def _heat_cell(
    value: float | None, x: float, y: float, wide: float, tall: float, classes: Classes, places: int, star: bool
) -> list[Markup]:
    shade = 0 if value is None else classes.shade(value)
    words = "–" if value is None else decimal(value, places)
    figure = f"figure{' light' if shade >= 4 else ''}"
    return [
        tag("rect", x=x, y=y, width=wide - 2, height=tall - 2, class_=f"shade{shade}"),
        tag("text", f"{words}*" if star else words, x=x + wide / 2 - 1, y=y + tall / 2 - 1, dy="0.36em", class_=figure),
    ]


def surface_map(
    values: NDArray[np.float64],
    *,
    west: float,
    south: float,
    cell_m: float,
    title: str,
    description: str,
    unit: str,
    note: str = "",
    edges: Sequence[float] | None = None,
) -> str:
    """A surface on squares, row 0 in the south, north up; nought and unknown cells stay blank.

    Classes are round numbers of what is above nought, or the ``edges`` given (below nought: cold colours).
    """
    shown = values[np.isfinite(values) & (values > 0)]
    classes = Classes(tuple(edges)) if edges is not None else classes_for(_sample(shown))
    shade = _shades(values, classes, signed=edges is not None)
    legend = [*_legend_entries(classes, signed=edges is not None), ("", unit)]
    rows, columns = values.shape
    size = min((WIDTH - 2 * MARGIN) / columns, 620.0 / rows)
    width = max(WIDTH, columns * size + 2 * MARGIN)

    def body(top: float) -> list[Markup]:
        parts = [tag("rect", x=MARGIN, y=top, width=columns * size, height=rows * size, class_="shade0")]
        for name, path in _runs(shade, MARGIN, top, size):
            parts.append(tag("path", d=path, class_=name))
        parts += _scale_bar(MARGIN, top + rows * size + 22, size / cell_m, columns * size)
        return parts + _legend(legend, top + rows * size + 46, width)

    corner = f"South-western corner {west:.0f}, {south:.0f}; cells of {cell_m:g} m; north is up."
    height = rows * size + 42 + LEGEND_LINE * (1 + max(line for _, line, _, _ in _placed(legend, width)))
    return _chart(
        body, width=width, height=height, title=title, description=description, note=f"{note} {corner}".strip()
    )


def _sample(values: NDArray[np.float64]) -> list[float]:
    """Values to cut classes by: all of them, or an even choice of them in order where there are very many."""
    ordered = np.sort(values)
    return [float(value) for value in ordered[:: max(1, len(ordered) // 20_000)]]


def _shades(values: NDArray[np.float64], classes: Classes, *, signed: bool) -> NDArray[np.int8]:
    """The class of each cell: 1 to 5 hot, -1 to -3 cold, 0 blank."""
    shade = np.zeros(values.shape, np.int8)
    if signed:
        for step, edge in enumerate(classes.edges, start=1):
            shade[values >= edge] = 2 + step
            shade[values <= -edge] = -step
        return shade
    full = np.isfinite(values) & (values > 0)
    ramp = np.array([classes.shade(value) for value in (*(edge - 1e-12 for edge in classes.edges), np.inf)], np.int8)
    shade[full] = ramp[np.searchsorted(np.asarray(classes.edges), values[full], "right")]
    return shade


def _runs(shade: NDArray[np.int8], left: float, top: float, size: float) -> list[tuple[str, str]]:
    """For each class one path of the unbroken runs of cells in each row, so that a large grid stays a small file."""
    paths = []
    rows = len(shade)
    for value in sorted(set(np.unique(shade).tolist()) - {0}):
        steps = np.diff((shade == value).astype(np.int8), axis=1, prepend=0, append=0)
        row, start = np.nonzero(steps == 1)
        _, end = np.nonzero(steps == -1)
        parts = [
            f"M{left + a * size:.1f} {top + (rows - 1 - r) * size:.1f}"
            f"h{(b - a) * size:.1f}v{size:.1f}h{(a - b) * size:.1f}z"
            for r, a, b in zip(row.tolist(), start.tolist(), end.tolist(), strict=True)
        ]
        paths.append((f"shade{value}" if value > 0 else f"cold{-value}", "".join(parts)))
    return paths


def _scale_bar(x: float, y: float, units_per_m: float, room: float) -> list[Markup]:
    metres = max(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
                 if step * units_per_m <= max(room / 3, units_per_m))  # fmt: skip
    words = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres} m"
    end = x + metres * units_per_m
    return [
        tag("line", x1=x, x2=end, y1=y - 4, y2=y - 4, class_="scale"),
        tag("text", words, x=end + 8, y=y, class_="note"),
    ]


def _legend_entries(classes: Classes, *, signed: bool) -> list[tuple[str, str]]:
    """The class and the figures of each shade."""
    if signed:
        edges = [f"{edge:g}" for edge in classes.edges]
        cold = [(f"cold{i}", f"-{edge} and below") for i, edge in reversed(list(enumerate(edges, start=1)))]
        return cold + [(f"shade{2 + i}", f"{edge} and above") for i, edge in enumerate(edges, start=1)]
    entries = []
    for (low, high), value in zip(edge_labels(classes), (*classes.edges, np.inf), strict=True):
        shade = classes.shade(value - 1e-12 if np.isfinite(value) else np.inf)
        words = f"under {high}" if low is None else f"{low} and over" if high is None else f"{low} to {high}"
        entries.append((f"shade{shade}", "above 0" if low is None and high is None else words))
    return entries


def _placed(entries: Sequence[tuple[str, str]], width: float) -> list[tuple[float, int, str, str]]:
    """Where each entry stands: across, and in which line."""
    placed, x, line = [], MARGIN, 0
    for name, words in entries:
        wide = 36 + 7.0 * len(words)
        if x > MARGIN and x + wide > width:
            x, line = MARGIN, line + 1
        placed.append((x, line, name, words))
        x += wide
    return placed


def _legend(entries: Sequence[tuple[str, str]], y: float, width: float) -> list[Markup]:
    """A square and its figures for each class; an entry without a class is words alone."""
    parts = []
    for x, line, name, words in _placed(entries, width):
        level = y + LEGEND_LINE * line
        if name:
            parts.append(tag("rect", x=x, y=level - 11, width=14.0, height=14.0, class_=name))
        parts.append(tag("text", words, x=x + (19 if name else 0), y=level, class_="note"))
    return parts


def line_chart(
    labels: Sequence[str],
    values: Sequence[float | None],
    *,
    title: str,
    description: str,
    lower: Sequence[float | None] | None = None,
    upper: Sequence[float | None] | None = None,
    second: Sequence[float | None] | None = None,
    second_label: str = "",
    reference: float | None = None,
    change_after: int | None = None,
    note: str = "",
) -> str:
    """A line over its interval (band), with a second dashed line, a level line or a change marked where given."""
    series = [series for series in (values, lower, upper, second, [reference]) if series is not None]
    known = [value for part in series for value in part if value is not None]
    low, high = min([*known, 0.0]), max([*known, 0.0])
    left, inner, tall = 70.0, WIDTH - 70.0 - MARGIN - 10, 300.0
    ticks = _ticks(low, high)

    def x(i: float) -> float:
        return left + (inner * i / (len(labels) - 1) if len(labels) > 1 else inner / 2)

    def body(top: float) -> list[Markup]:
        def y(value: float) -> float:
            return top + tall * (1 - (value - ticks[0]) / (ticks[-1] - ticks[0]))

        parts = _level_lines(ticks, left, left + inner, y)
        if lower is not None and upper is not None:
            parts += _band(lower, upper, x, y)
        if reference is not None:
            parts.append(tag("line", x1=left, x2=left + inner, y1=y(reference), y2=y(reference), class_="reference"))
        if change_after is not None:
            at = x(change_after - 0.5)
            parts.append(tag("line", x1=at, x2=at, y1=top, y2=top + tall, class_="reference"))
        if second is not None:
            parts.append(tag("path", d=_path(second, x, y), class_="second"))
            parts.append(tag("text", f"dashed: {second_label}", x=left + inner, y=top - 8, class_="note end"))
        parts.append(tag("path", d=_path(values, x, y), class_="line"))
        for i, value in enumerate(values):
            if value is not None and len(labels) <= 120:
                words = f"{labels[i]}: {_figure(value)}"
                parts.append(tag("circle", tag("title", words), cx=x(i), cy=y(value), r=2.8, class_="dot"))
        return parts + _labels_below(labels, x, top + tall + 20)

    return _chart(body, width=WIDTH, height=tall + 30, title=title, description=description, note=note, above=14.0)


def bar_chart(
    labels: Sequence[str],
    values: Sequence[float],
    *,
    title: str,
    description: str,
    note: str = "",
    heading: bool = True,
) -> str:
    """Bars from nought, the figure at the end of each, in the order given.

    ``heading`` False: the page has the title.
    """
    left = 24.0 + 7.4 * max(len(label) for label in labels)
    room, tall = WIDTH - left - 90, 26.0
    top_value = max([*(abs(value) for value in values), 1e-12])

    def body(top: float) -> list[Markup]:
        parts = []
        for i, (label, value) in enumerate(zip(labels, values, strict=True)):
            y, wide = top + tall * i, room * max(value, 0.0) / top_value
            parts.append(tag("text", label, x=left - 10, y=y + tall / 2, dy="0.36em", class_="tick end"))
            parts.append(tag("rect", x=left, y=y + 3, width=wide, height=tall - 6, class_="bar"))
            parts.append(tag("text", _figure(value), x=left + wide + 8, y=y + tall / 2, dy="0.36em", class_="tick"))
        return parts

    return _chart(
        body,
        width=WIDTH,
        height=tall * len(labels),
        title=title,
        description=description,
        note=note,
        heading=heading,
    )


def interval_chart(
    rows: Sequence[Measured],
    *,
    title: str,
    description: str,
    reference: float | None = None,
    note: str = "",
    heading: bool = True,
) -> str:
    """A dot for each value on the line of its interval, with the figures beside it; ``reference`` is a dotted line.

    ``heading`` False: the page has the title.
    """
    left = 24.0 + 7.4 * max(len(row.label) for row in rows)
    known = [part for row in rows for part in (row.value, row.lower, row.upper) if part is not None]
    words = [_measured_words(row, _measured_places(known)) for row in rows]
    right = 24.0 + 7.0 * max(len(word) for word in words)
    inner, tall = max(WIDTH - left - right, 200.0), 34.0
    ticks = _ticks(min([*known, 0.0]), max([*known, reference or 0.0, 0.0]))

    def x(value: float) -> float:
        return left + inner * (value - ticks[0]) / (ticks[-1] - ticks[0])

    def body(top: float) -> list[Markup]:
        bottom = top + tall * len(rows)
        parts = [tag("line", x1=x(tick), x2=x(tick), y1=top, y2=bottom, class_="grid") for tick in ticks]
        parts += [tag("text", _figure(tick), x=x(tick), y=bottom + 18, class_="tick middle") for tick in ticks]
        if reference is not None:
            parts.append(tag("line", x1=x(reference), x2=x(reference), y1=top, y2=bottom, class_="reference"))
        for i, row in enumerate(rows):
            y = top + tall * (i + 0.5)
            low = row.value if row.upper is None else ticks[0] if row.lower is None else row.lower
            high = row.value if row.upper is None else row.upper
            parts.append(tag("text", row.label, x=left - 10, y=y, dy="0.36em", class_="tick end"))
            parts.append(tag("line", x1=x(low), x2=x(high), y1=y, y2=y, class_="interval"))
            parts.append(tag("circle", cx=x(row.value), cy=y, r=6.0, class_="dot"))
            parts.append(tag("text", words[i], x=left + inner + 14, y=y, dy="0.36em", class_="tick"))
        return parts

    width = left + inner + right
    return _chart(
        body,
        width=width,
        height=tall * len(rows) + 26,
        title=title,
        description=description,
        note=note,
        heading=heading,
    )


def _measured_places(known: Sequence[float]) -> int:
    """Decimals for all rows alike: none for whole numbers, two below ten, where ratios need them."""
    if all(value == int(value) for value in known):
        return 0
    return 2 if max(abs(value) for value in known) < 10 else places_for([*known])


def _measured_words(row: Measured, places: int) -> str:
    if row.upper is None:
        return decimal(row.value, places)
    if row.lower is None:
        return f"{decimal(row.value, places)} (up to {decimal(row.upper, places)})"
    return f"{decimal(row.value, places)} ({decimal(row.lower, places)} to {decimal(row.upper, places)})"


# --- parts that all charts share


def _chart(
    body: Body,
    *,
    width: float,
    height: float,
    title: str,
    description: str,
    note: str,
    above: float = 0.0,
    heading: bool = True,
) -> str:
    """The file: paper, title in lines, the body below it, the note at the foot."""
    titles = (textwrap.wrap(title, int(TITLE_LETTERS * width / WIDTH)) or [""]) if heading else []
    notes = textwrap.wrap(note, int(104 * width / WIDTH)) if note else []
    top = MARGIN + TITLE_LINE * len(titles) + above
    foot = top + height + 24
    tall = foot + 18.0 * len(notes)
    parts = [
        tag("title", title, id="chart-title"),
        tag("desc", description, id="chart-desc"),
        tag("style", Markup(STYLE)),
        tag("rect", width=width, height=tall, class_="paper"),
        *(tag("text", line, x=MARGIN, y=MARGIN + 10 + TITLE_LINE * i, class_="title") for i, line in enumerate(titles)),
        *body(top),
        *(tag("text", line, x=MARGIN, y=foot + 18.0 * i, class_="note") for i, line in enumerate(notes)),
    ]
    return str(
        tag(
            "svg",
            *parts,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width:.0f} {tall:.0f}",
            width=f"{width:.0f}",
            height=f"{tall:.0f}",
            role="img",
            aria_labelledby="chart-title chart-desc",
        )
    )


def _ticks(low: float, high: float) -> list[float]:
    """Round steps from at or below ``low`` to at or above ``high``, nought among them."""
    if low >= 0:
        return axis_ticks(high)
    step = axis_ticks(max(high, -low))[1]
    down = int(np.ceil(-low / step - 1e-9))
    up = int(np.ceil(max(high, 0.0) / step - 1e-9))
    return [round(step * i, 6) for i in range(-down, up + 1)]


def _level_lines(ticks: Sequence[float], left: float, right: float, y: Scale) -> list[Markup]:
    parts = []
    for tick in ticks:
        parts.append(tag("line", x1=left, x2=right, y1=y(tick), y2=y(tick), class_="axis" if tick == 0 else "grid"))
        parts.append(tag("text", _figure(tick), x=left - 8, y=y(tick), dy="0.36em", class_="tick end"))
    return parts


def _band(lower: Sequence[float | None], upper: Sequence[float | None], x: Scale, y: Scale) -> list[Markup]:
    known = [(i, a, b) for i, (a, b) in enumerate(zip(lower, upper, strict=True)) if a is not None and b is not None]
    if len(known) < 2:
        return []
    points = [f"{x(i):.1f} {y(b):.1f}" for i, _, b in known] + [f"{x(i):.1f} {y(a):.1f}" for i, a, _ in reversed(known)]
    return [tag("path", d=f"M{'L'.join(points)}Z", class_="band")]


def _path(values: Sequence[float | None], x: Scale, y: Scale) -> str:
    """A line that breaks where a value is missing."""
    written, pen_down = [], False
    for i, value in enumerate(values):
        if value is None:
            pen_down = False
            continue
        written.append(f"{'L' if pen_down else 'M'}{x(i):.1f} {y(value):.1f}")
        pen_down = True
    return "".join(written) or "M0 0"


def _labels_below(labels: Sequence[str], x: Scale, y: float) -> list[Markup]:
    """As many labels as fit, evenly, the first among them."""
    most = max(1, min(MOST_LABELS, int(650 / (8 * max(len(label) for label in labels) + 8))))
    every = -(-len(labels) // most)
    return [tag("text", labels[i], x=x(i), y=y, class_="tick middle") for i in range(0, len(labels), every)]


def _figure(value: float) -> str:
    if value == int(value) and abs(value) < 1e15:
        return whole(value)
    return f"{value:.3g}" if abs(value) < 100 else decimal(value, places_for([value]))
