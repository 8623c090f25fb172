"""A count that grows towards all there are, and when it would get there: what was, dashed what would be, shaded chance.

As ``svg``: classes instead of styles, title and description, the words said by the caller; the same numbers stand in a
table beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from frankpledge.reports.scales import axis_ticks
from frankpledge.reports.svg import image, tag

WIDE, HIGH = 560.0, 262.0
LEFT, RIGHT, TOP, BASE = 50.0, 544.0, 34.0, 218.0
ROOM = 84.0  # of the words of a month, on a phone as well


@dataclass(frozen=True, slots=True)
class Ahead:
    """Days on which all would be done: at the pace measured, and at the fastest and slowest it may be by chance.

    ``latest`` None: it may be never.
    """

    done: date
    soonest: date
    latest: date | None
    words: str  # beside the end of the dashed line
    range_words: str


def completion_chart(
    points: Sequence[tuple[date, int]],
    of: int,
    ahead: Ahead | None,
    *,
    months: Sequence[tuple[date, str]],
    now_words: str,
    all_words: str,
    figure: str,
    prefix: str,
    title: str,
    description: str,
) -> Markup:
    """Homes done by each day of ``points``, against ``of``.

    ``months``: where words stand below the line; ``now_words`` says the ``figure`` as its ``{n}``.
    """
    first, (today, done) = points[0][0], points[-1]
    last = max([today, *([months[-1][0]] if months else []), *([ahead.latest or ahead.done] if ahead else [])])
    span = max((last - first).days, 1)

    def x(day: date) -> float:
        return LEFT + (RIGHT - LEFT) * (day - first).days / span

    def y(count: float) -> float:
        return BASE - (BASE - TOP) * count / of

    parts = [
        part
        for tick in axis_ticks(of, 3)
        if tick <= 0.92 * of
        for part in (
            tag("line", x1=LEFT, x2=RIGHT, y1=y(tick), y2=y(tick), class_="fp-chart__grid"),
            tag("text", f"{tick:,.0f}", x=LEFT - 8, y=y(tick) + 5, class_="fp-chart__tick fp-chart__tick--y"),
        )
    ]
    parts += [
        tag("line", x1=LEFT, x2=RIGHT, y1=y(of), y2=y(of), class_="fp-chart__goal"),
        tag("text", all_words, x=LEFT, y=y(of) - 9, class_="fp-chart__value"),
    ]
    if ahead is not None:
        parts += _ahead(ahead, x(today), y(done), x(ahead.soonest), x(ahead.latest or last), x(ahead.done), y(of))
    line = " ".join(f"{x(day):.1f},{y(count):.1f}" for day, count in points)
    to_left = x(today) > (LEFT + RIGHT) / 2
    beside = (-10, -8, "end") if to_left else (10, 18, "start")
    parts += [
        tag("polyline", points=line, class_="fp-chart__line"),
        tag("circle", cx=x(today), cy=y(done), r=5.0, class_="fp-chart__low"),
        tag("text", now_words.format(n=figure), x=x(today) + beside[0], y=y(done) + beside[1],
            class_="fp-chart__value", text_anchor=beside[2]),
    ]  # fmt: skip
    free = LEFT
    for number, (day, words) in enumerate(months):
        if x(day) - ROOM / 2 < free and number:
            continue  # the words of the month before reach here
        css = "fp-chart__tick fp-chart__tick--first" if number == 0 else "fp-chart__tick"
        parts.append(tag("text", words, x=x(day), y=BASE + 24, class_=css))
        free = x(day) + (ROOM if number == 0 else ROOM / 2)
    parts.append(tag("line", x1=LEFT, x2=RIGHT, y1=BASE, y2=BASE, class_="fp-chart__axis"))
    return image(prefix, title, description, WIDE, HIGH, "fp-chart", *parts)


def _ahead(
    ahead: Ahead, now: float, done: float, soonest: float, latest: float, there: float, top: float
) -> list[Markup]:
    """The band between the fastest and the slowest pace, the dashed line, where it ends and its words."""
    band = f"{now:.1f},{done:.1f} {soonest:.1f},{top:.1f} {latest:.1f},{top:.1f}"
    at = max(min(there, RIGHT - 4), LEFT + 130)
    return [
        tag("polygon", points=band, class_="fp-chart__band"),
        tag("line", x1=now, y1=done, x2=there, y2=top, class_="fp-chart__ahead"),
        tag("circle", cx=there, cy=top, r=5.0, class_="fp-chart__end"),
        tag("text", ahead.words, x=at, y=top - 11, class_="fp-chart__value", text_anchor="end"),
        tag("text", ahead.range_words, x=RIGHT, y=BASE - 12, class_="fp-chart__note", text_anchor="end"),
    ]
