"""A figure period by period: values with their intervals, years marked, and the line they are held against."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from markupsafe import Markup

from frankpledge.reports.scales import axis_ticks
from frankpledge.reports.svg import image, tag

Scale = Callable[[float], float]

WIDTH, HEIGHT = 760.0, 320.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 104.0, 26.0, 54.0
MOST_VALUES = 14  # more points than that, and only the last carries its figure
MOST_LABELS = 20
SPARK_WIDTH, SPARK_HEIGHT = 96.0, 26.0


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One period: its label (``Q1``), the year it stands under, its value and interval, and the words printed."""

    label: str
    year: str
    value: float | None
    words: str
    low: float | None = None
    high: float | None = None
    profile: float | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A level line across the chart, with its words: ``target 10.7 or less``."""

    value: float
    words: str


def series_chart(
    points: Sequence[SeriesPoint],
    *,
    prefix: str,
    title: str,
    description: str,
    band_words: str = "95 % interval",
    profile_words: str = "profile",
    reference: Reference | None = None,
) -> Markup:
    """The chart. A period without a value is a gap; boxes are intervals, dashes the profile, each named beside it."""
    tops = [number for p in points for number in (p.value, p.high, p.profile) if number is not None]
    lows = [number for p in points for number in (p.value, p.low) if number is not None]
    tops += [reference.value] if reference else []
    ticks = axis_ticks(max([*tops, 0.0]) or 1.0)
    floor = min([0.0, *lows])
    wide, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    step = wide / max(len(points), 1)

    def x(position: float) -> float:
        return LEFT + step * (position + 0.5)

    def y(value: float) -> float:
        return TOP + tall * (1 - (value - floor) / (ticks[-1] - floor))

    parts = [part for tick in ticks for part in _grid_line(tick, y(tick))]
    parts += _years(points, x, step)
    parts += [
        _box(p.low, p.high, x(i), y, step) for i, p in enumerate(points) if p.low is not None and p.high is not None
    ]
    parts += [_dash(x(i), y(p.profile), step) for i, p in enumerate(points) if p.profile is not None]
    if reference:
        parts += _reference(reference, y(reference.value))
    places = [(x(i), None if p.value is None else y(p.value)) for i, p in enumerate(points)]
    parts.append(tag("path", d=_line(places), class_="fp-chart__line"))
    for i, p in enumerate(points):
        parts += _point(p, x(i), y, last=i == len(points) - 1, all_of_them=len(points) <= MOST_VALUES)
    parts += _end_words(points, y, band_words, profile_words)
    return image(prefix, title, description, WIDTH, HEIGHT, "fp-chart", *parts)


def sparkline(values: Sequence[float | None], *, prefix: str, title: str) -> Markup:
    """A line the height of a word, its last value a dot. The title says the same in words."""
    known = [value for value in values if value is not None]
    low, high = min([*known, 0.0]), max([*known, 0.0]) or 1.0
    step = (SPARK_WIDTH - 10) / max(len(values) - 1, 1)

    def at(i: int, value: float | None) -> tuple[float, float | None]:
        return 5 + step * i, None if value is None else 4 + (SPARK_HEIGHT - 8) * (1 - (value - low) / (high - low))

    places = [at(i, value) for i, value in enumerate(values)]
    parts = [tag("path", d=_line(places), class_="fp-chart__line")]
    drawn = [(x, y) for x, y in places if y is not None]
    parts += [tag("circle", cx=drawn[-1][0], cy=drawn[-1][1], r=3.5, class_="fp-chart__dot")] if drawn else []
    return image(prefix, title, title, SPARK_WIDTH, SPARK_HEIGHT, "fp-spark", *parts)


def _grid_line(tick: float, y: float) -> list[Markup]:
    words = f"{tick:,.1f}".removesuffix(".0")
    return [
        tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="fp-chart__grid"),
        tag("text", words, x=LEFT - 8, y=y, dy="0.36em", class_="fp-chart__tick fp-chart__tick--y"),
    ]


def _years(points: Sequence[SeriesPoint], x: Scale, step: float) -> list[Markup]:
    """Labels of the periods, the years under them, and a thin line where a year begins."""
    base, parts = HEIGHT - BOTTOM, []
    every = 1 + len(points) // MOST_LABELS
    for i, p in enumerate(points):
        if p.label != p.year and i % every == 0:
            parts.append(tag("text", p.label, x=x(i), y=base + 20, class_="fp-chart__tick"))
    start = 0
    for year, group in groupby(points, key=lambda p: p.year):
        size = len(list(group))
        parts.append(tag("text", year, x=x(start + (size - 1) / 2), y=base + 42, class_="fp-chart__year"))
        if start:
            edge = x(start) - step / 2
            parts.append(tag("line", x1=edge, x2=edge, y1=TOP - 6, y2=base + 46, class_="fp-chart__grid"))
        start += size
    return parts


def _box(low: float, high: float, x: float, y: Scale, step: float) -> Markup:
    wide = min(34.0, step * 0.72)
    top, bottom = y(high), y(low)
    return tag("rect", x=x - wide / 2, y=top, width=wide, height=bottom - top, class_="fp-chart__band")


def _dash(x: float, y: float, step: float) -> Markup:
    half = min(17.0, step * 0.36)
    return tag("line", x1=x - half, x2=x + half, y1=y, y2=y, class_="fp-chart__profile")


def _reference(reference: Reference, y: float) -> list[Markup]:
    return [
        tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="fp-chart__reference"),
        tag("text", reference.words, x=LEFT + 4, y=y - 6, class_="fp-chart__note"),
    ]


def _point(p: SeriesPoint, x: float, y: Scale, *, last: bool, all_of_them: bool) -> list[Markup]:
    if p.value is None:
        return []
    parts = [tag("circle", cx=x, cy=y(p.value), r=5.0, class_="fp-chart__dot")]
    if last or all_of_them:
        parts.append(tag("text", p.words, x=x, y=y(p.value) - 11, class_="fp-chart__figure"))
    return parts


def _end_words(points: Sequence[SeriesPoint], y: Scale, band_words: str, profile_words: str) -> list[Markup]:
    """What boxes and dashes are, beside the last of them, kept apart."""
    last = points[-1] if points else None
    if last is None:
        return []
    wanted = []
    if last.high is not None and last.low is not None:
        wanted.append((y(last.high) + 8, band_words, "fp-chart__note"))
    if last.profile is not None:
        wanted.append((y(last.profile) + 5, profile_words, "fp-chart__profile-words"))
    wanted.sort()
    for i, (before, after) in enumerate(pairwise(wanted)):
        wanted[i + 1] = (max(after[0], before[0] + 18), *after[1:])
    return [tag("text", words, x=WIDTH - RIGHT + 8, y=at, class_=css) for at, words, css in wanted]


def _line(places: Sequence[tuple[float, float | None]]) -> str:
    """A path that breaks where a value is missing."""
    written, pen = [], False
    for x, y in places:
        if y is None:
            pen = False
            continue
        written.append(f"{'L' if pen else 'M'}{x:.1f} {y:.1f}")
        pen = True
    return "".join(written)
