"""Charts of the plan: money by quarter in stacked columns, and the profile of a target beside what came in.

Drawn as in ``svg``: text is text, styles are classes, the value stands on its column, a table beside it says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from frankpledge.reports.scales import axis_ticks
from frankpledge.reports.svg import image, tag
from frankpledge.reports.words import whole

WIDTH, HEIGHT = 560.0, 250.0
LEFT, TOP, BASE = 66.0, 34.0, 206.0


@dataclass(frozen=True, slots=True)
class Stack:
    """One column: its label below, its parts from the bottom up, and the words on its top."""

    label: str
    parts: tuple[float, ...]
    words: str


def stacked_columns(stacks: Sequence[Stack], names: Sequence[str], *, prefix: str, title: str, description: str) -> str:
    """Columns of parts, of which ``names`` says what each is; the name is written in the column where it fits."""
    most = max((sum(stack.parts) for stack in stacks), default=0.0)
    ticks = axis_ticks(most or 1.0)
    step = (WIDTH - LEFT) / max(len(stacks), 1)
    wide = min(78.0, step * 0.66)

    def y(value: float) -> float:
        return BASE - (BASE - TOP) * value / ticks[-1]

    parts: list[Markup] = []
    for tick in ticks:
        css = "fp-chart__axis" if tick == 0 else "fp-chart__grid"
        parts.append(tag("line", x1=LEFT, x2=WIDTH, y1=y(tick), y2=y(tick), class_=css))
        parts.append(tag("text", _short(tick), x=LEFT - 10, y=y(tick) + 5, class_="fp-chart__tick fp-chart__tick--y"))
    named: set[str] = set()
    for at, stack in reversed(list(enumerate(stacks))):
        x, level = LEFT + step * (at + 0.5) - wide / 2, 0.0
        for number, value in enumerate(stack.parts):
            tall = y(level) - y(level + value)
            parts.append(
                tag("rect", x=x, y=y(level + value), width=wide, height=tall, class_=f"fp-stack fp-stack--{number}")
            )
            if tall >= 18 and names[number] not in named:
                named.add(names[number])
                css = f"fp-stack__name fp-stack__name--{number}"
                parts.append(tag("text", names[number], x=x + wide / 2, y=y(level + value / 2) + 5, class_=css))
            level += value
        parts.append(tag("text", stack.words, x=x + wide / 2, y=y(level) - 8, class_="fp-chart__value fp-stack__top"))
        parts.append(tag("text", stack.label, x=x + wide / 2, y=BASE + 24, class_="fp-chart__tick"))
    return str(image(prefix, title, description, WIDTH, HEIGHT, "fp-chart fp-plan-chart", *parts))


@dataclass(frozen=True, slots=True)
class ProfilePoint:
    """One quarter: what the profile asks for, and what came in (None while it has not)."""

    label: str
    profile: float
    actual: float | None


def profile_chart(points: Sequence[ProfilePoint], *, prefix: str, title: str, description: str) -> str:
    """The profile as a stepped dashed line, what came in as columns."""
    known = [value for point in points for value in (point.profile, point.actual) if value is not None]
    ticks = axis_ticks(max(known, default=1.0) or 1.0)
    step = (WIDTH - LEFT) / max(len(points), 1)

    def y(value: float) -> float:
        return BASE - (BASE - TOP) * value / ticks[-1]

    parts: list[Markup] = []
    for tick in ticks:
        css = "fp-chart__axis" if tick == 0 else "fp-chart__grid"
        parts.append(tag("line", x1=LEFT, x2=WIDTH, y1=y(tick), y2=y(tick), class_=css))
        parts.append(tag("text", _short(tick), x=LEFT - 10, y=y(tick) + 5, class_="fp-chart__tick fp-chart__tick--y"))
    for at, point in enumerate(points):
        x = LEFT + step * at
        if point.actual is not None:
            tall = y(0) - y(point.actual)
            parts.append(
                tag("rect", x=x + step * 0.22, y=y(point.actual), width=step * 0.56, height=tall, class_="fp-stack")
            )
        every = -(-len(points) // 6)
        if at % every == 0:
            parts.append(tag("text", point.label, x=x + step / 2, y=BASE + 24, class_="fp-chart__tick"))
        parts.append(
            tag(
                "line",
                x1=x + step * 0.08,
                x2=x + step * 0.92,
                y1=y(point.profile),
                y2=y(point.profile),
                class_="fp-profile",
            )
        )
    return str(image(prefix, title, description, WIDTH, HEIGHT, "fp-chart fp-plan-chart", *parts))


def _short(value: float) -> str:
    """An axis figure: ``400000`` -> ``400k``."""
    if value >= 1_000_000:
        return f"{value / 1_000_000:g}m"
    if value >= 10_000:
        return f"{value / 1_000:g}k"
    return whole(value) if value == int(value) else f"{value:g}"
