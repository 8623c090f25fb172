"""Pictures of the claim ledger: what is stated against what its figures give, and which counts each statement allows.

A diamond is what the document says, a dot what its figures give, shading what the words allow. The words beside a
picture hold the same numbers, so a picture says nothing of its own.
"""

from collections.abc import Sequence
from fractions import Fraction

from markupsafe import Markup

from frankpledge.analysis.claims.settling import Unsettled
from frankpledge.analysis.claims.stated import plain
from frankpledge.reports.svg import tag

WIDTH, LINE_HEIGHT = 320.0, 66.0
_LEFT, _RIGHT, _LINE = 16.0, 304.0, 34.0
_INK, _SAID, _SHADE, _RULE = "#17315c", "#8c1d18", "#efcfca", "#a9b3bc"
SMALL = 12
_LABEL_ROOM = 6.8  # units of width a letter takes at the size of the labels
_CROSS_WIDTH, _CROSS_LEFT, _ROW, _LARGE = 620.0, 270.0, 42.0, 15


def number_line(
    stated: Fraction,
    allowed: tuple[Fraction, Fraction],
    found: Sequence[tuple[Fraction, str]],
    *,
    stated_words: str,
    prefix: str,
    title: str,
) -> Markup:
    """One claim on a line: ``found`` are the recomputed values with a word each."""
    values = [stated, *(value for value, _ in found), allowed[1]]
    low, high = min(values), max(values)
    spread = (high - low) or abs(high) or Fraction(1)
    shade_low = max(allowed[0], low - spread)
    start, end = min(low, shade_low) - spread / 8, high + spread / 8

    def x(value: Fraction) -> float:
        return _LEFT + (_RIGHT - _LEFT) * float((value - start) / (end - start))

    parts = [
        tag("rect", x=x(shade_low), y=_LINE - 7, width=max(x(allowed[1]) - x(shade_low), 3.0), height=14, fill=_SHADE),
        tag("line", x1=_LEFT, x2=_RIGHT, y1=_LINE, y2=_LINE, stroke=_RULE, stroke_width=1.5),
        *(tag("circle", cx=x(value), cy=_LINE, r=5, fill=_INK) for value, _ in found),
        _diamond(x(stated), _LINE),
        _words(x(stated), 14.0, stated_words, _SAID),
    ]
    at = sorted((x(value), words) for value, words in found)
    shown = [at[0], at[-1]] if len(at) > 1 else at
    if len(shown) == 2 and shown[1][0] - shown[0][0] < _LABEL_ROOM * (len(shown[0][1]) + len(shown[1][1]) + 3) / 2:
        middle = (shown[0][0] + shown[1][0]) / 2
        shown = [(middle, f"{shown[0][1]} · {shown[1][1]}")]
    parts += [_words(place, 60.0, words, _INK) for place, words in shown]
    said = "; ".join([stated_words, *(words for _, words in found)])
    return _drawing(prefix, title, said, WIDTH, LINE_HEIGHT, parts)


def counts(one: Unsettled, *, prefix: str, title: str, labels: Sequence[str], printed: str, only: str) -> Markup:
    """Which whole counts each statement allows, a row each. ``labels`` name the rows in order."""
    everything = [
        count for s in one.statements for count in (*s.allowed, *([s.printed] if s.printed is not None else []))
    ]
    low, high = min(everything) - 2, max(everything) + 2
    step = max(1, round((high - low) / 8))
    height = 20 + _ROW * len(one.statements) + 34

    def x(count: float) -> float:
        return _CROSS_LEFT + (_CROSS_WIDTH - 80 - _CROSS_LEFT) * (count - low) / (high - low)

    bottom = 14 + _ROW * len(one.statements)
    parts = []
    for count in range(low, high + 1, step):
        parts.append(tag("line", x1=x(count), x2=x(count), y1=6, y2=bottom, stroke="#e4e8ec", stroke_width=1))
        parts.append(_words(x(count), bottom + 18, plain(count), "#505a5f", size=_LARGE))
    for i, statement in enumerate(one.statements):
        y = 14 + _ROW * i + _ROW / 2
        parts.append(_words(0.0, y + 4, labels[i], "#1f2428", anchor="start", bold=False, size=_LARGE))
        if statement.printed is not None:
            parts.append(_diamond(x(statement.printed), y))
            parts.append(
                _words(
                    x(statement.printed) + 12,
                    y + 4,
                    f"{printed} {plain(statement.printed)}",
                    _SAID,
                    "start",
                    size=_LARGE,
                )
            )
            continue
        first, last = statement.allowed[0], statement.allowed[-1]
        parts.append(
            tag("rect", x=x(first - 0.4), y=y - 7, width=x(last + 0.4) - x(first - 0.4), height=14, fill=_INK, rx=2)
        )
        words = f"{only} {plain(first)}" if first == last else f"{plain(first)}–{plain(last)}"
        parts.append(_words(x(last + 0.4) + 8, y + 4, words, _INK, "start", size=_LARGE))
    said = "; ".join(
        f"{label}: {', '.join(map(str, s.allowed)) or s.printed}"
        for label, s in zip(labels, one.statements, strict=True)
    )
    return _drawing(prefix, title, said, _CROSS_WIDTH, height, parts)


def _diamond(x: float, y: float) -> Markup:
    points = f"{x:.1f},{y - 8:.1f} {x + 8:.1f},{y:.1f} {x:.1f},{y + 8:.1f} {x - 8:.1f},{y:.1f}"
    return tag("polygon", points=points, fill="#ffffff", stroke=_SAID, stroke_width=2)


def _words(
    x: float, y: float, text: str, fill: str, anchor: str = "middle", bold: bool = True, size: int = SMALL
) -> Markup:
    half = _LABEL_ROOM * len(text) / 2
    if anchor == "middle":
        x = min(max(x, half), WIDTH - half) if size == SMALL else x
    return tag(
        "text",
        text,
        x=float(x),
        y=float(y),
        fill=fill,
        text_anchor=anchor,
        font_size=size,
        font_weight="700" if bold else None,
    )


def _drawing(prefix: str, title: str, said: str, width: float, height: float, parts: Sequence[Markup]) -> Markup:
    return tag(
        "svg",
        tag("title", title, id=f"{prefix}-title"),
        tag("desc", said, id=f"{prefix}-desc"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        class_="fp-claimline",
        role="img",
        aria_labelledby=f"{prefix}-title {prefix}-desc",
    )
