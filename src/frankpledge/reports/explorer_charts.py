"""Charts of the explorer: the week, repeats, concentration, a funnel, changes, a journey through time.

As ``svg``: classes instead of styles, so that a strict content security policy holds; each with title and description;
numbers written beside what they belong to. All words are said by the caller.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from frankpledge.reports.scales import axis_ticks, classes_for
from frankpledge.reports.svg import CHART_HEIGHT, CHART_WIDTH, Scale, image, tag
from frankpledge.reports.words import decimal, whole

WIDE = 640.0
ROW = 30.0


@dataclass(frozen=True, slots=True)
class RatioRow:
    """One row of ``ratio_rows``: a ratio on its interval; ``standing`` is up, down or none."""

    label: str
    value: float | None
    lower: float | None
    upper: float
    figures: str
    standing: str = ""


@dataclass(frozen=True, slots=True)
class FunnelDot:
    """One place of a funnel plot: its size, its rate, and how it stands."""

    label: str
    size: float
    rate: float
    here: bool
    named: bool
    outside: bool


def heat(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    places: int,
    prefix: str,
    title: str,
    description: str,
    marked: frozenset[tuple[int, int]] = frozenset(),
) -> Markup:
    """Cells shaded by value, the figure in each; a ``marked`` cell has a star. ``values[row][column]``."""
    known = [value for row in values for value in row if value is not None]
    classes = classes_for(known)
    left, top, tall = 16.0 + 8.4 * max(len(row) for row in rows), 30.0, 25.0
    wide = (WIDE - left) / len(columns)
    parts = [
        tag("text", label, x=left + wide * (j + 0.5), y=top - 10, class_="fp-chart__tick")
        for j, label in enumerate(columns)
    ]
    for i, label in enumerate(rows):
        y = top + tall * i
        parts.append(
            tag("text", label, x=left - 8, y=y + tall / 2, dy="0.36em", class_="fp-chart__tick fp-chart__tick--y")
        )
        for j, value in enumerate(values[i]):
            shade = 0 if not value else classes.shade(value)
            star = "*" if (i, j) in marked else ""
            words = "–" if value is None else f"{decimal(value, places)}{star}"
            light = " fp-chart__cell-figure--light" if shade >= 4 else ""
            x = left + wide * j
            parts.append(
                tag("rect", x=x, y=y, width=wide - 2, height=tall - 2, class_=f"fp-chart__cell fp-chart__cell--{shade}")
            )
            parts.append(
                tag("text", words, x=x + wide / 2 - 1, y=y + tall / 2 - 1, dy="0.36em",
                    class_=f"fp-chart__cell-figure{light}")
            )  # fmt: skip
    return image(prefix, title, description, WIDE, top + tall * len(rows), "fp-chart fp-chart--wide", *parts)


def bars(
    rows: Sequence[tuple[str, float, str]],
    *,
    prefix: str,
    title: str,
    description: str,
    marks: Sequence[float | None] = (),
) -> Markup:
    """Bars from nought: (label, value, figures). ``marks`` puts a line across each bar, such as what chance gives."""
    top = max([value for _, value, _ in rows] + [mark for mark in marks if mark is not None] + [1e-9])
    left = 16.0 + 8.2 * max(len(label) for label, _, _ in rows)
    right = max(110.0, 20.0 + 8.8 * max(len(figures) for _, _, figures in rows))  # the words behind the longest bar
    parts = []
    for i, (label, value, figures) in enumerate(rows):
        y, across = ROW * i, (WIDE - left - right) * value / top
        parts.append(
            tag("text", label, x=left - 8, y=y + ROW / 2, dy="0.36em", class_="fp-chart__tick fp-chart__tick--y")
        )
        parts.append(tag("rect", x=left, y=y + 5, width=max(across, 1.0), height=ROW - 10, class_="fp-chart__bar"))
        end = across
        mark = marks[i] if i < len(marks) else None
        if mark is not None:
            at = left + (WIDE - left - right) * mark / top
            parts.append(tag("line", x1=at, x2=at, y1=y + 2, y2=y + ROW - 2, class_="fp-chart__mark"))
            end = max(across, at - left)
        parts.append(tag("text", figures, x=left + end + 8, y=y + ROW / 2, dy="0.36em", class_="fp-chart__value"))
    return image(prefix, title, description, WIDE, ROW * len(rows), "fp-chart fp-chart--wide", *parts)


def lorenz_curve(
    shares: Sequence[tuple[float, float]], *, across: str, up: str, prefix: str, title: str, description: str
) -> Markup:
    """Share of the events (up) in the share of the places (across), worst first, over the line of equal places."""
    left, right, top, bottom = 52.0, 24.0, 12.0, 52.0
    inner, tall = CHART_WIDTH - left - right, CHART_HEIGHT + 60 - top - bottom

    def x(value: float) -> float:
        return left + inner * value

    def y(value: float) -> float:
        return top + tall * (1 - value)

    parts = _percent_axes(x, y, left, CHART_WIDTH - right, top + tall)
    parts.append(tag("path", d=_path([(x(0), y(0)), (x(1), y(1))]), class_="fp-chart__line fp-chart__line--compared"))
    parts.append(tag("path", d=_path([(x(a), y(b)) for a, b in shares]), class_="fp-chart__line"))
    parts.append(tag("text", across, x=left + inner / 2, y=top + tall + 44, class_="fp-chart__tick"))
    parts.append(tag("text", up, x=left + 8, y=top + 14, class_="fp-chart__note"))
    return image(prefix, title, description, CHART_WIDTH, CHART_HEIGHT + 60, "fp-chart", *parts)


def funnel_plot(
    dots: Sequence[FunnelDot],
    limits: Sequence[tuple[float, float, float]],
    overall: float,
    *,
    across: str,
    prefix: str,
    title: str,
    description: str,
) -> Markup:
    """Rates against size, with the limits within which chance alone puts 95 in 100: (size, lower, upper)."""
    left, right, top, bottom = 52.0, 30.0, 14.0, 52.0
    ticks = axis_ticks(max([dot.rate for dot in dots] + [min(upper, 4 * overall) for _, _, upper in limits]))
    widest = axis_ticks(1.03 * max(dot.size for dot in dots))
    least = 0.6 * min(dot.size for dot in dots)  # no place is smaller, so the axis need not begin at nought
    limits = [limit for limit in limits if limit[0] >= least]
    inner, tall = CHART_WIDTH - left - right, CHART_HEIGHT + 60 - top - bottom

    def x(value: float) -> float:
        return left + inner * (value - least) / (widest[-1] - least)

    def y(value: float) -> float:
        return top + tall * (1 - min(value, ticks[-1]) / ticks[-1])

    parts = _axes(ticks, [tick for tick in widest if tick >= least], x, y, left, CHART_WIDTH - right, top + tall)
    upper = [(x(size), y(high)) for size, _, high in limits]
    lower = [(x(size), y(low)) for size, low, _ in limits]
    parts.append(tag("path", d=f"{_path([*upper, *reversed(lower)])}Z", class_="fp-chart__band"))
    parts.append(tag("line", x1=left, x2=CHART_WIDTH - right, y1=y(overall), y2=y(overall), class_="fp-chart__mark"))
    for dot in sorted(dots, key=lambda dot: (dot.here, dot.named)):
        kind = "fp-chart__high" if dot.here else f"fp-chart__dot fp-chart__dot--{'always' if dot.outside else 'in'}"
        mark = (
            tag("path", d=_diamond(x(dot.size), y(dot.rate)), class_=kind)
            if dot.here
            else tag("circle", cx=x(dot.size), cy=y(dot.rate), r=5.0, class_=kind)
        )
        parts.append(tag("g", tag("title", f"{dot.label}: {decimal(dot.rate, 1)}"), mark))
    parts += _dot_labels([(x(dot.size), y(dot.rate), dot) for dot in dots if dot.here or dot.named])
    parts.append(tag("text", across, x=left + inner / 2, y=top + tall + 44, class_="fp-chart__tick"))
    return image(prefix, title, description, CHART_WIDTH, CHART_HEIGHT + 60, "fp-chart", *parts)


def _dot_labels(named: Sequence[tuple[float, float, FunnelDot]]) -> list[Markup]:
    """Names beside their dots, moved down where they would lie on one another, each then joined to its dot."""
    parts, last = [], -1e9
    for x, y, dot in sorted(named, key=lambda found: found[1]):
        end = x > CHART_WIDTH * 0.5
        level = max(y - 6, last + 17)
        last = level
        at = x - 12 if end else x + 12
        if level > y + 8:
            parts.append(tag("line", x1=x, y1=y, x2=at, y2=level - 4, class_="fp-chart__axis"))
        kind = "fp-chart__value" if dot.here else "fp-chart__note"
        parts.append(tag("text", dot.label, x=at, y=level, class_=kind + (" fp-chart__note--end" if end else "")))
    return parts


def ratio_rows(rows: Sequence[RatioRow], *, prefix: str, title: str, description: str) -> Markup:
    """Ratios on their intervals, on an axis where twice and half stand as far from the middle line of no change."""
    least, most = 0.2, 5.0
    left, right = 16.0 + 8.0 * max(len(row.label) for row in rows), 96.0

    def x(value: float) -> float:
        at = math.log(min(max(value, least), most) / least) / math.log(most / least)
        return left + (WIDE - left - right) * at

    height = ROW * len(rows) + 34
    parts = [tag("line", x1=x(1), x2=x(1), y1=0.0, y2=height - 30, class_="fp-chart__mark")]
    for tick in (0.25, 0.5, 1.0, 2.0, 4.0):
        parts.append(tag("text", f"× {tick:g}", x=x(tick), y=height - 10, class_="fp-chart__tick"))
    for i, row in enumerate(rows):
        y = ROW * i + ROW / 2
        parts.append(tag("text", row.label, x=left - 8, y=y, dy="0.36em", class_="fp-chart__tick fp-chart__tick--y"))
        upper = row.upper if math.isfinite(row.upper) else most
        parts.append(tag("line", x1=x(row.lower or least), x2=x(upper), y1=y, y2=y, class_="fp-dot__line"))
        value = most if row.value is None and not math.isfinite(row.upper) else row.value  # from nought: off the scale
        if value is not None:
            parts.append(_standing_mark(x(value), y, row.standing))
        parts.append(tag("text", row.figures, x=WIDE - right + 12, y=y, dy="0.36em", class_="fp-chart__value"))
    return image(prefix, title, description, WIDE, height, "fp-chart fp-chart--wide", *parts)


def journey(
    labels: Sequence[str],
    values: Sequence[float | None],
    band: Sequence[tuple[float, float]],
    *,
    ranks: Sequence[str],
    up: str,
    prefix: str,
    title: str,
    description: str,
) -> Markup:
    """A rate through time over the band in which chance alone would put it; each end bears its rank."""
    left, right, top, bottom = 44.0, 92.0, 26.0, 34.0
    known = [value for value in values if value is not None]
    ticks = axis_ticks(max([*known, *(high for _, high in band), 1e-9]))
    inner, tall = CHART_WIDTH - left - right, CHART_HEIGHT - top - bottom

    def x(place: float) -> float:
        return left + inner * place / max(len(values) - 1, 1)

    def y(value: float) -> float:
        return top + tall * (1 - value / ticks[-1])

    parts = _levels(ticks, y, left, CHART_WIDTH - right)
    upper = [(x(i), y(high)) for i, (_, high) in enumerate(band)]
    lower = [(x(i), y(low)) for i, (low, _) in enumerate(band)]
    parts.append(tag("path", d=f"{_path([*upper, *reversed(lower)])}Z", class_="fp-chart__band"))
    parts.append(
        tag(
            "path",
            d=_path([(x(i), y(value)) for i, value in enumerate(values) if value is not None]),
            class_="fp-chart__line",
        )
    )
    for i, value in enumerate(values):
        if value is None:
            continue
        low, high = band[i]
        mark = "up" if value > high else "down" if value < low else ""
        shown = _standing_mark(x(i), y(value), mark) if mark else tag("circle", cx=x(i), cy=y(value), r=2.6,
                                                                      class_="fp-chart__dot")  # fmt: skip
        parts.append(tag("g", tag("title", f"{labels[i]}: {decimal(value, 1)}, {ranks[i]}"), shown))
    every = max(1, math.ceil(len(labels) / 4))
    for i in range(0, len(labels), every):
        anchor = " fp-chart__tick--first" if i == 0 else ""
        parts.append(tag("text", labels[i], x=x(i), y=top + tall + 24, class_=f"fp-chart__tick{anchor}"))
    if known:
        parts.append(tag("text", ranks[-1], x=x(len(values) - 1) + 9, y=y(known[-1]), dy="0.36em",
                         class_="fp-chart__value"))  # fmt: skip
    parts.append(tag("text", up, x=left, y=14.0, class_="fp-chart__note"))
    return image(prefix, title, description, CHART_WIDTH, CHART_HEIGHT, "fp-chart", *parts)


def _standing_mark(x: float, y: float, standing: str) -> Markup:
    """A shape beside the colour: a triangle up for more, down for fewer, a dot for what is not clear."""
    if standing == "up":
        return tag("path", d=_path([(x, y - 8), (x + 7, y + 5), (x - 7, y + 5)]) + "Z", class_="fp-chart__high")
    if standing == "down":
        return tag("path", d=_path([(x, y + 8), (x + 7, y - 5), (x - 7, y - 5)]) + "Z", class_="fp-chart__low")
    return tag("circle", cx=x, cy=y, r=5.0, class_="fp-chart__dot fp-chart__dot--always")


def _diamond(x: float, y: float) -> str:
    return _path([(x, y - 8), (x + 8, y), (x, y + 8), (x - 8, y)]) + "Z"


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else "M0 0"


def _levels(ticks: Sequence[float], y: Scale, left: float, right: float) -> list[Markup]:
    parts = []
    for tick in ticks:
        words = whole(tick) if tick == int(tick) else f"{tick:g}"
        parts.append(tag("line", x1=left, x2=right, y1=y(tick), y2=y(tick), class_="fp-chart__grid"))
        parts.append(tag("text", words, x=left - 8, y=y(tick), dy="0.36em", class_="fp-chart__tick fp-chart__tick--y"))
    return parts


def _axes(
    ticks: Sequence[float], widest: Sequence[float], x: Scale, y: Scale, left: float, right: float, base: float
) -> list[Markup]:
    parts = _levels(ticks, y, left, right)
    for tick in widest:
        parts.append(tag("text", whole(tick), x=x(tick), y=base + 22, class_="fp-chart__tick"))
    return parts


def _percent_axes(x: Scale, y: Scale, left: float, right: float, base: float) -> list[Markup]:
    parts = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        words = f"{100 * tick:.0f} %"
        parts.append(tag("line", x1=left, x2=right, y1=y(tick), y2=y(tick), class_="fp-chart__grid"))
        parts.append(tag("text", words, x=left - 8, y=y(tick), dy="0.36em", class_="fp-chart__tick fp-chart__tick--y"))
        parts.append(tag("text", words, x=x(tick), y=base + 22, class_="fp-chart__tick"))
    return parts
