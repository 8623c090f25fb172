"""Charts of *Did it work?*: how a fall divides, rates and ratios on their intervals, two paths, rings, a cover growing.

As ``svg``: presentation attributes and classes instead of styles; each with title and description; every number is
written beside its mark and stands in a table as well. All words are said by the caller.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from frankpledge.reports.scales import axis_ticks
from frankpledge.reports.svg import Scale, image, tag
from frankpledge.reports.words import decimal

WIDE = 560.0
ROW = 52.0
NAVY, BLUE, RED, GREY, PALE, AMBER = "#17315c", "#9dbce3", "#a4201a", "#8a949c", "#c5ccd5", "#8a5a00"
CSS = "fp-chart fp-worked__chart"
LEAST_RATIO, MOST_RATIO = 0.2, 3.0


@dataclass(frozen=True, slots=True)
class Step:
    """One column of ``waterfall``: where it starts and ends, its words, and what kind it is."""

    label: tuple[str, ...]
    start: float
    end: float
    figure: str
    kind: str  # "whole", "elsewhere", "ours" or "unknown"


@dataclass(frozen=True, slots=True)
class Mark:
    """One row with an interval. ``kind``: "answer", "plain", "against" or "check" (which must find nothing)."""

    label: str
    note: str
    value: float
    lower: float
    upper: float
    figures: str
    kind: str = "plain"


def waterfall(steps: Sequence[Step], *, prefix: str, title: str, description: str) -> Markup:
    """Columns that lead from the first count to the last; what nobody can explain is hatched."""
    top, base = 30.0, 208.0
    most = max(max(step.start, step.end) for step in steps) or 1.0
    room = WIDE / len(steps)
    wide = room * 0.58

    def y(value: float) -> float:
        return base - (base - top) * value / most

    hatch = tag(
        "pattern",
        tag("path", d="M0 8L8 0", stroke=GREY, stroke_width=1.4),
        id=f"{prefix}-hatch", width=8, height=8, patternUnits="userSpaceOnUse",
    )  # fmt: skip
    fills = {"whole": PALE, "elsewhere": GREY, "ours": NAVY, "unknown": f"url(#{prefix}-hatch)"}
    parts = [tag("defs", hatch), tag("line", x1=0, x2=WIDE, y1=base, y2=base, class_="fp-chart__axis")]
    for at, step in enumerate(steps):
        x, high, low = room * at + (room - wide) / 2, y(max(step.start, step.end)), y(min(step.start, step.end))
        edge = GREY if step.kind == "unknown" else None
        parts.append(
            tag("rect", x=x, y=high, width=wide, height=max(low - high, 1.5), fill=fills[step.kind], stroke=edge)
        )
        if at + 1 < len(steps):
            level = y(step.end)
            line = {"x1": x + wide, "x2": x + room, "y1": level, "y2": level}
            parts.append(tag("line", **line, class_="fp-chart__reference"))
        parts.append(_text(x + wide / 2, high - 8, step.figure, middle=True, bold=True))
        for row, words in enumerate(step.label):
            parts.append(
                _text(x + wide / 2, base + 20 + 18 * row, words, middle=True, bold=step.kind == "ours" and row < 2)
            )
    return image(prefix, title, description, WIDE, base + 66, CSS, *parts)


def rates(rows: Sequence[Mark], *, prefix: str, title: str, description: str) -> Markup:
    """Rates on an axis from nought, the figure over its mark."""
    left, right = 190.0, WIDE - 16
    ticks = axis_ticks(max(row.upper if math.isfinite(row.upper) else row.value for row in rows) or 1.0)

    def x(value: float) -> float:
        return left + (right - left) * min(value / ticks[-1], 1.0)

    base = ROW * len(rows) + 6
    parts = []
    for tick in ticks:
        parts.append(tag("line", x1=x(tick), x2=x(tick), y1=0.0, y2=base, class_="fp-chart__grid"))
        parts.append(tag("text", f"{tick:g}", x=x(tick), y=base + 20, class_="fp-chart__tick"))
    for at, row in enumerate(rows):
        y = ROW * at + 30
        parts += [_text(0, y - 4, row.label, bold=True), _text(0, y + 15, row.note, small=True)]
        parts += _interval(x, row, y)
        parts.append(_text(x(row.value), y - 13, row.figures, middle=True, bold=True))
    return image(prefix, title, description, WIDE, base + 30, CSS, *parts)


def forest(rows: Sequence[Mark], *, prefix: str, title: str, description: str) -> Markup:
    """Ratios on a scale where half and twice stand as far from the dashed line of no difference."""
    left, right, row_high = 236.0, WIDE - 128, 34.0

    def x(value: float) -> float:
        inside = min(max(value, LEAST_RATIO), MOST_RATIO)
        return left + (right - left) * math.log(inside / LEAST_RATIO) / math.log(MOST_RATIO / LEAST_RATIO)

    base = row_high * len(rows) + 4
    parts = [tag("line", x1=x(1), x2=x(1), y1=0.0, y2=base, class_="fp-chart__reference")]
    for tick in (0.25, 0.5, 1.0, 2.0):
        parts.append(tag("text", f"{tick:g}", x=x(tick), y=base + 20, class_="fp-chart__tick"))
    for at, row in enumerate(rows):
        y = row_high * at + row_high / 2
        answer = row.kind == "answer"
        lines = _in_lines(row.label, 31)
        for number, words in enumerate(lines):
            parts.append(_text(0, y + 5 + 15 * (number - (len(lines) - 1) / 2), words, bold=answer))
        parts += _interval(x, row, y)
        parts.append(_text(WIDE, y + 5, row.figures, bold=answer, end=True))
    return image(prefix, title, description, WIDE, base + 28, CSS, *parts)


def two_paths(
    labels: Sequence[str],
    ours: Sequence[float],
    theirs: Sequence[float],
    *,
    from_at: int | None,
    words: tuple[str, str, str],
    prefix: str,
    title: str,
    description: str,
) -> Markup:
    """Our path and that of similar areas; the time of the programme is shaded. ``words``: ours, theirs, programme."""
    left, right, top, base = 34.0, WIDE - 118, 28.0, 220.0
    ticks = axis_ticks(max([*ours, *theirs]) or 1.0)

    def x(at: float) -> float:
        return left + (right - left) * at / max(len(labels) - 1, 1)

    def y(value: float) -> float:
        return base - (base - top) * value / ticks[-1]

    parts = []
    if from_at is not None:
        start = x(max(from_at - 0.5, 0))
        parts.append(
            tag("rect", x=start, y=top - 20, width=right - start, height=base - top + 20, class_="fp-chart__shade")
        )
        parts.append(_text(start + 6, top - 4, words[2], small=True))
    for tick in ticks:
        parts.append(tag("line", x1=left, x2=right, y1=y(tick), y2=y(tick), class_="fp-chart__grid"))
        parts.append(tag("text", f"{tick:g}", x=left - 8, y=y(tick) + 5, class_="fp-chart__tick fp-chart__tick--y"))
    every = -(-len(labels) // 4)
    for at in range(0, len(labels), every):
        parts.append(tag("text", labels[at], x=x(at), y=base + 22, class_="fp-chart__tick"))
    other = " ".join(f"{x(i):.1f},{y(value):.1f}" for i, value in enumerate(theirs))
    mine = " ".join(f"{x(i):.1f},{y(value):.1f}" for i, value in enumerate(ours))
    parts.append(tag("polyline", points=other, fill="none", stroke=GREY, stroke_width=2, stroke_dasharray="5 4"))
    parts.append(tag("polyline", points=mine, class_="fp-chart__line"))
    parts += [tag("circle", cx=x(i), cy=y(value), r=3.6, class_="fp-chart__low") for i, value in enumerate(ours)]
    low, high = sorted((y(ours[-1]), y(theirs[-1])))
    apart = max(high - low, 18.0)
    at_ours, at_theirs = (low, low + apart) if y(ours[-1]) <= y(theirs[-1]) else (low + apart, low)
    parts += [
        _text(right + 10, at_ours + 5, words[0], bold=True),
        _text(right + 10, at_theirs + 5, words[1], small=True),
    ]
    return image(prefix, title, description, WIDE, base + 34, CSS, *parts)


def rings(
    lines: Sequence[tuple[str, str]], middle: tuple[str, str], *, prefix: str, title: str, description: str
) -> Markup:
    """The served area with the rings round it, and each ring's line of words beside it, inner first."""
    high = 190.0
    parts = [
        tag("ellipse", cx=150, cy=95, rx=144, ry=90, fill="#eef1f4", stroke=GREY, stroke_dasharray="4 4"),
        tag("ellipse", cx=150, cy=95, rx=104, ry=64, fill="#dbe7f5", stroke=GREY, stroke_dasharray="4 4"),
        tag("ellipse", cx=150, cy=95, rx=64, ry=38, fill=NAVY),
        tag("text", middle[0], x=150, y=91, fill="#ffffff", text_anchor="middle", font_size=15, font_weight=700),
        tag("text", middle[1], x=150, y=111, fill="#ffffff", text_anchor="middle", font_size=15),
    ]
    ends = ((238.0, 62.0), (286.0, 122.0))
    for (x, y), (head, note), level in zip(ends, lines, (44.0, 128.0), strict=False):
        parts.append(tag("line", x1=x, y1=y, x2=322.0, y2=level - 4, class_="fp-chart__axis"))
        parts += [_text(328, level, head, bold=True), _text(328, level + 19, note, small=True)]
    return image(prefix, title, description, WIDE, high, CSS, *parts)


def spans(
    lower: float, value: float, upper: float, ticks: Sequence[float], *, label: str, prefix: str, title: str
) -> Markup:
    """A time with its interval on an axis of years; an arrow where it runs past the end."""
    wide, end = 260.0, ticks[-1]

    def x(at: float) -> float:
        return 8 + (wide - 22) * (min(at, end) - ticks[0]) / (end - ticks[0])

    parts = [tag("line", x1=x(tick), x2=x(tick), y1=0, y2=44, class_="fp-chart__grid") for tick in ticks]
    parts.append(tag("line", x1=x(lower), x2=x(upper), y1=30, y2=30, stroke=NAVY, stroke_width=3))
    if upper > end:
        parts.append(tag("path", d=f"M{x(end):.1f} 24l10 6l-10 6z", fill=NAVY))
    if value <= end:
        parts.append(tag("circle", cx=x(value), cy=30, r=6, fill=NAVY))
    middle = min(max(x(value), 52), wide - 52)
    parts.append(_text(middle, 16, label, middle=True, bold=True))
    return image(prefix, title, title, wide, 46, CSS, *parts)


def years_axis(ticks: Sequence[float]) -> Markup:
    """The years under which ``spans`` with the same ticks stand; the table's column says what they are."""
    wide = 260.0
    parts = []
    for tick in ticks:
        at = 8 + (wide - 22) * (tick - ticks[0]) / (ticks[-1] - ticks[0])
        parts.append(tag("text", f"{int(tick)}", x=at, y=14, text_anchor="middle", font_size=13, fill="#505a5f"))
    return tag(
        "svg", *parts, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {wide:g} 18", class_=CSS, aria_hidden="true",
        focusable="false",
    )  # fmt: skip


def growth(
    labels: Sequence[str], counts: Sequence[int], of: int, *, words: str, prefix: str, title: str, description: str
) -> Markup:
    """Homes protected by the end of each month, against all there are."""
    left, right, top, base = 54.0, WIDE - 10, 26.0, 210.0

    def x(at: float) -> float:
        return left + (right - left) * at / max(len(labels) - 1, 1)

    def y(value: float) -> float:
        return base - (base - top) * value / of

    parts = []
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(tag("line", x1=left, x2=right, y1=y(part * of), y2=y(part * of), class_="fp-chart__grid"))
        parts.append(
            tag(
                "text", f"{100 * part:.0f} %", x=left - 8, y=y(part * of) + 5, class_="fp-chart__tick fp-chart__tick--y"
            )
        )
    points = [f"{x(i):.1f},{y(count):.1f}" for i, count in enumerate(counts)]
    area = f"{x(0):.1f},{base:.1f} {' '.join(points)} {x(len(counts) - 1):.1f},{base:.1f}"
    parts += [
        tag("polygon", points=area, class_="fp-chart__band"),
        tag("polyline", points=" ".join(points), class_="fp-chart__line"),
        tag("circle", cx=x(len(counts) - 1), cy=y(counts[-1]), r=5, class_="fp-chart__low"),
        _text(right, y(counts[-1]) - 12, words, bold=True, end=True),
    ]
    every = -(-len(labels) // 5)
    for at in range(0, len(labels), every):
        anchor = "fp-chart__tick fp-chart__tick--first" if at == 0 else "fp-chart__tick"
        parts.append(tag("text", labels[at], x=x(at), y=base + 22, class_=anchor))
    return image(prefix, title, description, WIDE, base + 34, CSS, *parts)


def ratio_figures(value: float, lower: float, upper: float) -> str:
    """``0.66 (0.45–0.99)``."""
    high = decimal(upper, 2) if math.isfinite(upper) else "∞"
    return f"{decimal(value, 2)} ({decimal(lower, 2)}–{high})"


def _interval(x: Scale, row: Mark, y: float) -> list[Markup]:
    """The line of the interval and its mark: a square, a dot, a hollow diamond; a shape for every kind."""
    colour = {"answer": NAVY, "against": RED, "check": AMBER}.get(row.kind, NAVY)
    at, line = x(row.value), tag("line", x1=x(row.lower), x2=x(row.upper), y1=y, y2=y, stroke=colour, stroke_width=2.6)
    if row.kind == "against":
        return [line, tag("rect", x=at - 6, y=y - 6, width=12, height=12, fill=colour)]
    if row.kind == "check":
        return [
            line,
            tag("path", d=f"M{at:.1f} {y - 8:.1f}l8 8l-8 8l-8 -8z", fill="#ffffff", stroke=colour, stroke_width=2),
        ]
    return [line, tag("circle", cx=at, cy=y, r=7 if row.kind == "answer" else 5.5, fill=colour)]


def _text(
    x: float, y: float, words: str, *, bold: bool = False, small: bool = False, middle: bool = False, end: bool = False
) -> Markup:
    anchor = "middle" if middle else "end" if end else None
    return tag(
        "text", words, x=x, y=y, text_anchor=anchor, font_size=13.5 if small else 15,
        font_weight=700 if bold else None, fill="#505a5f" if small else "#0b0c0c",
    )  # fmt: skip


def _in_lines(words: str, most: int) -> list[str]:
    """One line, or two where the words are longer than ``most`` letters."""
    if len(words) <= most:
        return [words]
    middle = words.rfind(" ", 0, most + 1)
    return [words[:middle], words[middle + 1 :]]
