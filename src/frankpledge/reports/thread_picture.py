"""The golden thread as a picture: stages from left to right, boxes under one another, lines between them."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from frankpledge.reports.svg import image, tag

BOX_WIDE, BOX_TALL, GAP_WIDE, GAP_TALL, HEAD = 138.0, 74.0, 34.0, 12.0, 30.0
LETTERS, LINES = 20, 3


@dataclass(frozen=True, slots=True)
class ThreadBox:
    """One thing; ``here`` where the walk began."""

    id: str
    title: str
    note: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A stage of the thread; ``more`` boxes are not drawn."""

    name: str
    boxes: tuple[ThreadBox, ...]
    more: int = 0


def thread_picture(
    columns: Sequence[Column], lines: Iterable[tuple[str, str]], *, title: str, description: str, more_words: str
) -> Markup:
    """The picture. Lines to boxes that are not drawn are left out; the list beside it has everything."""
    width = len(columns) * (BOX_WIDE + GAP_WIDE) - GAP_WIDE + 8
    rows = max((len(column.boxes) for column in columns), default=0)
    height = HEAD + rows * (BOX_TALL + GAP_TALL) + 22
    places = {
        box.id: (4 + i * (BOX_WIDE + GAP_WIDE), HEAD + j * (BOX_TALL + GAP_TALL))
        for i, column in enumerate(columns)
        for j, box in enumerate(column.boxes)
    }
    parts = [_line(places[a], places[b]) for a, b in lines if a in places and b in places]
    for i, column in enumerate(columns):
        x = 4 + i * (BOX_WIDE + GAP_WIDE)
        parts.append(tag("text", column.name, x=x, y=18.0, class_="fp-web__head"))
        for box in column.boxes:
            parts += _box(box, *places[box.id])
        if column.more:
            y = HEAD + len(column.boxes) * (BOX_TALL + GAP_TALL) + 12
            parts.append(tag("text", f"+ {column.more} {more_words}", x=x, y=y, class_="fp-web__kind"))
    return image("thread", title, description, width, height, "fp-web", *parts)


def _line(start: tuple[float, float], end: tuple[float, float]) -> Markup:
    """A smooth line from the right side of one box to the left side of another."""
    x1, y1 = start[0] + BOX_WIDE, start[1] + BOX_TALL / 2
    x2, y2 = end[0], end[1] + BOX_TALL / 2
    middle = (x1 + x2) / 2
    path = f"M{x1:.0f} {y1:.0f}C{middle:.0f} {y1:.0f} {middle:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
    return tag("path", d=path, class_="fp-web__line")


def _box(box: ThreadBox, x: float, y: float) -> list[Markup]:
    css = "fp-web__box fp-web__box--here" if box.here else "fp-web__box"
    words = textwrap.wrap(box.title, LETTERS) or [""]
    if len(words) > LINES:
        words = [*words[: LINES - 1], textwrap.shorten(" ".join(words[LINES - 1 :]), LETTERS, placeholder="…")]
    parts = [tag("rect", x=x, y=y, width=BOX_WIDE, height=BOX_TALL, class_=css)]
    parts += [tag("text", line, x=x + 7, y=y + 17 + 16 * i, class_="fp-web__words") for i, line in enumerate(words)]
    if box.note:
        note = textwrap.shorten(box.note, LETTERS, placeholder="…")
        parts.append(tag("text", note, x=x + 7, y=y + BOX_TALL - 8, class_="fp-web__kind"))
    return parts
