"""Charts of one indicator: its quarters against what was to be expected, and the chance of meeting its target.

Colours and type stand in attributes, so one picture serves a page with a strict policy, a PDF, Word and slides.
"""

from collections.abc import Sequence
from math import ceil, floor, log10

from markupsafe import Markup

from frankpledge.analysis.rates import Verdict
from frankpledge.analysis.status import Quarter, amount
from frankpledge.reports.svg import Scale, tag
from frankpledge.vocabulary.periods import MonthSpan
from frankpledge.vocabulary.units import Unit
from frankpledge.vocabulary.wording import Translate, in_english, said

NAVY, RED, BLUE, BAND, GREY, GRID, INK = "#17315c", "#a4201a", "#1d5ba8", "#dbe7f5", "#505a5f", "#e3e7eb", "#0b0c0c"
SHOWN = 12  # quarters: three years
DOTS = 10


def quarters_chart(
    quarters: Sequence[Quarter],
    *,
    unit: Unit,
    prefix: str,
    title: str,
    description: str,
    level: float | None = None,
    worse: Verdict | None = None,
    large: bool = False,
    translate: Translate = in_english,
) -> Markup:
    """The last twelve quarters on their expected band; a diamond where one lies outside it; ``level``: dashed target.

    ``worse``: the way that is bad news, HIGHER or LOWER, which alone is drawn red. ``large``: with the band of the
    quarter to come, for a page of its own. Colour never stands alone: see the diamond.
    """
    shown = list(quarters) if large else [q for q in quarters if not q.ahead]
    shown = shown[-(SHOWN + 4 if large else SHOWN) :]
    width, height = (540.0, 220.0) if large else (330.0, 140.0)
    left, right, top, bottom = 44.0, 96.0, 14.0, 26.0
    values = [v for q in shown for v in (q.value, q.lower, q.upper) if v is not None] + (
        [] if level is None else [level]
    )
    if not values:
        return _image(prefix, title, description, width, height)
    ticks = _ticks(min(values), max(values), from_nought=large and unit is not Unit.PERCENT)

    def x(i: float) -> float:
        return left + (width - left - right) * (i / (len(shown) - 1) if len(shown) > 1 else 0.5)

    def y(value: float) -> float:
        return top + (height - top - bottom) * (1 - (value - ticks[0]) / (ticks[-1] - ticks[0]))

    parts = [_tick(tick, y(tick), left, width - right) for tick in ticks]
    parts += _band(shown, x, y)
    if level is not None:
        parts += _level(level, unit, left, width - right, y, translate)
    parts.append(tag("path", d=_line(shown, x, y), fill="none", stroke=NAVY, stroke_width="2", stroke_linejoin="round"))
    for i, quarter in enumerate(shown):
        if quarter.value is not None:
            parts.append(_mark(quarter, x(i), y(quarter.value), unit, worse, translate))
    parts += _ends(shown, x, y, unit, height, worse, level, translate)
    return _image(prefix, title, description, width, height, *parts)


def spark(
    quarters: Sequence[Quarter], *, unit: Unit, worse: Verdict | None = None, translate: Translate = in_english
) -> Markup:
    """The same without axis, small, for a row of a table that says the numbers itself; hidden from screen readers."""
    shown = [quarter for quarter in quarters if not quarter.ahead][-SHOWN:]
    values = [v for quarter in shown for v in (quarter.value, quarter.lower, quarter.upper) if v is not None]
    width, height, right = 230.0, 62.0, 62.0
    if not values:
        return Markup("")
    low, high = min(values), max(values)

    def x(i: float) -> float:
        return 5 + (width - right - 5) * (i / (len(shown) - 1) if len(shown) > 1 else 0.5)

    def y(value: float) -> float:
        return 8 + 30 * (1 - (value - low) / ((high - low) or 1))

    parts = _band(shown, x, y)
    parts.append(tag("path", d=_line(shown, x, y), fill="none", stroke=NAVY, stroke_width="1.8"))
    known = [(i, quarter) for i, quarter in enumerate(shown) if quarter.value is not None]
    for i, quarter in known:
        if quarter.above or quarter.below or (i, quarter) == known[-1]:
            parts.append(_mark(quarter, x(i), y(quarter.value or 0.0), unit, worse, translate))
    if known:
        i, last = known[-1]
        words = amount(last.value or 0.0, unit)
        parts.append(_text(words, x(i) + 9, y(last.value or 0.0), 13, NAVY, bold=True, middle=True))
        parts.append(_text(_month(shown[0].span, translate), 0, height - 4, 11, GREY))
        parts.append(_text(_month(last.span, translate), x(i), height - 4, 11, GREY, anchor="end"))
    return tag(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        class_="fp-spark",
        aria_hidden="true",
        focusable="false",
    )


def chance_dots(chance: float) -> Markup:
    """Ten dots, as many filled as there are chances in ten, to the half; the words beside say the number."""
    halves = round(2 * DOTS * chance)
    parts = []
    for i in range(DOTS):
        at = 6.5 + 13 * i
        parts.append(tag("circle", cx=at, cy=7.0, r="4.6", fill="#ffffff", stroke=NAVY, stroke_width="1.1"))
        if halves >= 2 * i + 2:
            parts.append(tag("circle", cx=at, cy=7.0, r="4.6", fill=NAVY))
        elif halves == 2 * i + 1:
            parts.append(tag("path", d=f"M{at:g} 2.4A4.6 4.6 0 0 0 {at:g} 11.6Z", fill=NAVY))
    return tag(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox="0 0 130 14",
        width="130",
        height="14",
        class_="fp-dots",
        aria_hidden="true",
        focusable="false",
    )


def profile_bar(spent: float, committed: float, profile: float, budget: float) -> Markup:
    """Spent and committed as a bar against the year's budget, with a line where the profile stands."""
    whole = max(budget, spent + committed, profile, 1.0)

    def x(pounds: float) -> float:
        return 300 * max(pounds, 0.0) / whole

    return tag(
        "svg",
        tag("rect", x=0, y=6, width=300, height=14, fill="#e3e7eb"),
        tag("rect", x=x(spent), y=6, width=x(committed), height=14, fill="#9dbce3"),
        tag("rect", x=0, y=6, width=x(spent), height=14, fill=NAVY),
        tag("rect", x=max(x(profile) - 1, 0), y=1, width=2, height=24, fill=INK),
        xmlns="http://www.w3.org/2000/svg",
        viewBox="0 0 300 26",
        class_="fp-profile-bar",
        aria_hidden="true",
        focusable="false",
    )


# --- parts


def _image(prefix: str, title: str, description: str, width: float, height: float, *parts: Markup) -> Markup:
    return tag(
        "svg",
        tag("title", title, id=f"{prefix}-title"),
        tag("desc", description, id=f"{prefix}-desc"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        class_="fp-quarters",
        role="img",
        aria_labelledby=f"{prefix}-title {prefix}-desc",
    )


def _ticks(low: float, high: float, *, from_nought: bool) -> list[float]:
    """Three to five round numbers from at or below the lowest to at or above the highest."""
    if from_nought:
        low = min(low, 0.0)
    reach = (high - low) or abs(high) or 1.0
    rough = reach / 3
    power = 10.0 ** floor(log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(step * i, 6) for i in range(first, max(last, first + 1) + 1)]


def _tick(value: float, y: float, left: float, right: float) -> Markup:
    words = f"{value:,.0f}" if value == int(value) else f"{value:g}"
    line = tag("line", x1=left, x2=right, y1=y, y2=y, stroke=GRID, stroke_width="1")
    return tag("g", line, _text(words, left - 8, y, 11, GREY, anchor="end", middle=True))


def _band(shown: Sequence[Quarter], x: Scale, y: Scale) -> list[Markup]:
    """The expected range as one shape for each unbroken stretch; a single quarter as a bar."""
    parts, stretch = [], list[int]()
    for i in range(len(shown) + 1):
        if i < len(shown) and shown[i].lower is not None:
            stretch.append(i)
            continue
        if stretch:
            parts.append(_stretch(shown, stretch, x, y))
        stretch = []
    return parts


def _stretch(shown: Sequence[Quarter], stretch: Sequence[int], x: Scale, y: Scale) -> Markup:
    if len(stretch) == 1:
        one = shown[stretch[0]]
        height = y(one.lower or 0.0) - y(one.upper or 0.0)
        return tag("rect", x=x(stretch[0]) - 4, y=y(one.upper or 0.0), width=8.0, height=height, fill=BAND)
    upper = [f"{x(i):.1f} {y(shown[i].upper or 0.0):.1f}" for i in stretch]
    lower = [f"{x(i):.1f} {y(shown[i].lower or 0.0):.1f}" for i in reversed(stretch)]
    return tag("path", d=f"M{'L'.join(upper + lower)}Z", fill=BAND)


def _line(shown: Sequence[Quarter], x: Scale, y: Scale) -> str:
    written, pen_down = [], False
    for i, quarter in enumerate(shown):
        if quarter.value is None:
            pen_down = False
            continue
        written.append(f"{'L' if pen_down else 'M'}{x(i):.1f} {y(quarter.value):.1f}")
        pen_down = True
    return "".join(written) or "M0 0"


def _mark(quarter: Quarter, x: float, y: float, unit: Unit, worse: Verdict | None, translate: Translate) -> Markup:
    """A dot; a diamond outside the expected range, red where that is bad news."""
    words = f"{said(quarter.span, translate)}: {amount(quarter.value or 0.0, unit)}"
    if quarter.above or quarter.below:
        points = f"M{x:.1f} {y - 6:.1f}L{x + 6:.1f} {y:.1f}L{x:.1f} {y + 6:.1f}L{x - 6:.1f} {y:.1f}Z"
        return tag(
            "path", tag("title", words), d=points, fill=_colour(quarter, worse), stroke="#ffffff", stroke_width="1"
        )
    return tag("circle", tag("title", words), cx=x, cy=y, r="2.6", fill=NAVY)


def _colour(quarter: Quarter, worse: Verdict | None) -> str:
    bad = (worse is Verdict.HIGHER and quarter.above) or (worse is Verdict.LOWER and quarter.below)
    return RED if bad else NAVY


def _level(level: float, unit: Unit, left: float, right: float, y: Scale, translate: Translate) -> list[Markup]:
    words = f"{translate('target')} {amount(level, unit)}"
    return [
        tag(
            "line", x1=left, x2=right, y1=y(level), y2=y(level), stroke=INK, stroke_width="1.2", stroke_dasharray="3 3"
        ),
        _text(words, right + 8, y(level), 11, INK, middle=True),
    ]


def _ends(
    shown: Sequence[Quarter],
    x: Scale,
    y: Scale,
    unit: Unit,
    height: float,
    worse: Verdict | None,
    level: float | None,
    translate: Translate,
) -> list[Markup]:
    """The newest value, the word for the band where it keeps clear of it, and the first and last quarter."""
    known = [(i, quarter) for i, quarter in enumerate(shown) if quarter.value is not None]
    if not known:
        return []
    i, last = known[-1]
    at = y(last.value or 0.0)
    colour = _colour(last, worse)
    parts = [_text(amount(last.value or 0.0, unit), x(i) + 10, at, 14, colour, bold=True, middle=True)]
    if last.lower is not None and last.upper is not None:
        taken = [at, *([] if level is None else [y(level)])]
        places = (y((last.lower + last.upper) / 2), y(last.upper), y(last.lower))
        free = [place for place in places if all(abs(place - other) > 15 for other in taken)]
        if free:
            parts.append(_text(translate("expected"), x(len(shown) - 1) + 8, free[0], 11, BLUE, middle=True))
    parts.append(_text(f"{translate('to')} {_month(shown[0].span, translate)}", x(0), height - 6, 11, GREY))
    if len(shown) > 1:
        words = f"{translate('to')} {_month(shown[-1].span, translate)}"
        parts.append(_text(words, x(len(shown) - 1), height - 6, 11, GREY, anchor="end"))
    return parts


def _month(span: MonthSpan, translate: Translate) -> str:
    name, year = span.last.label.split(" ")
    return f"{translate(name)[:3]} {year}"


def _text(
    words: str,
    x: float,
    y: float,
    size: int,
    colour: str,
    *,
    anchor: str = "start",
    bold: bool = False,
    middle: bool = False,
) -> Markup:
    return tag(
        "text",
        words,
        x=x,
        y=y,
        dy="0.36em" if middle else None,
        font_size=str(size),
        fill=colour,
        text_anchor=anchor if anchor != "start" else None,
        font_weight="700" if bold else None,
    )


def year_chart(
    expected: float,
    lower: float,
    upper: float,
    *,
    aim: float | None,
    unit: Unit,
    prefix: str,
    title: str,
    description: str,
    translate: Translate = in_english,
) -> Markup:
    """Where the year is expected to come to, as a dot on its 95 % interval, with the target as a dashed line."""
    width, height, left, right = 460.0, 130.0, 24.0, 24.0
    values = [expected, lower, upper] + ([] if aim is None else [aim])
    ticks = _ticks(min(values), max(values), from_nought=False)

    def x(value: float) -> float:
        return left + (width - left - right) * (value - ticks[0]) / (ticks[-1] - ticks[0])

    middle, base = 62.0, 100.0
    parts = []
    for tick in ticks:
        parts.append(tag("line", x1=x(tick), x2=x(tick), y1=30.0, y2=base, stroke=GRID))
        words = f"{tick:,.0f}" if tick == int(tick) else f"{tick:g}"
        parts.append(_text(words, x(tick), base + 18, 12, GREY, anchor="middle"))
    parts.append(tag("line", x1=x(lower), x2=x(upper), y1=middle, y2=middle, stroke="#9dbce3", stroke_width="12"))
    parts.append(tag("circle", cx=x(expected), cy=middle, r="6", fill="#ffffff", stroke=NAVY, stroke_width="2.5"))
    words = f"{amount(expected, unit)} {translate('likely')}"
    parts.append(_text(words, x(expected), middle + 26, 14, NAVY, anchor=_side(x(expected), width), bold=True))
    if aim is not None:
        dashes = {"stroke": INK, "stroke_width": "1.4", "stroke_dasharray": "4 3"}
        parts.append(tag("line", x1=x(aim), x2=x(aim), y1=26.0, y2=base, **dashes))
        words = f"{translate('target')} {amount(aim, unit)}"
        parts.append(_text(words, x(aim), 18, 13, INK, anchor=_side(x(aim), width), bold=True))
    return _image(prefix, title, description, width, height, *parts)


def _side(x: float, width: float) -> str:
    """Words near an edge lean away from it."""
    return "start" if x < 0.2 * width else "end" if x > 0.8 * width else "middle"
