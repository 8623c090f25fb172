"""The golden thread as boxes and the lines between them: walked both ways, and what hangs on none. No database."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Stage(StrEnum):
    """The stretches of the thread, in the order they are walked."""

    FIGURE = "figure"
    FINDING = "finding"
    PRIORITY = "priority"
    OBJECTIVE = "objective"
    TARGET = "target"
    ACTION = "action"
    MONEY = "money"
    INDICATOR = "indicator"
    CLAIM = "claim"


STAGES = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Box:
    """One thing on the thread. ``key`` is unique in its stage; ``note`` says how it stands; ``url`` is its own page."""

    stage: Stage
    key: str
    title: str
    note: str = ""
    url: str = ""

    @property
    def id(self) -> str:
        """What addresses call it by: ``action:A12``."""
        return f"{self.stage.value}:{self.key}"


@dataclass(slots=True)
class Web:
    """All boxes by id, and the lines between them, from cause to effect."""

    boxes: dict[str, Box] = field(default_factory=dict)
    lines: set[tuple[str, str]] = field(default_factory=set)

    def add(self, box: Box, *causes: str) -> str:
        """Hang a box on the web behind its ``causes`` (ids that need not be there yet); returns its id."""
        self.boxes.setdefault(box.id, box)
        self.lines |= {(cause, box.id) for cause in causes if cause}
        return box.id

    def join(self, cause: str, effect: str) -> None:
        """Draw a line between two boxes."""
        self.lines.add((cause, effect))


@dataclass(frozen=True, slots=True)
class Walk:
    """What hangs together with where a walk began, stage by stage, and the lines between."""

    start: Box
    stages: tuple[tuple[Stage, tuple[Box, ...]], ...]
    lines: tuple[tuple[str, str], ...]

    def at(self, stage: Stage) -> tuple[Box, ...]:
        """The boxes of one stage."""
        return next((boxes for found, boxes in self.stages if found is stage), ())


def walk(web: Web, start: str, *also: str) -> Walk | None:
    """Both ways from ``start`` (and ``also``, which is the same thing by another name); None where it is not there.

    Backwards and forwards along the lines. Where that reaches nothing of a stage, the stage shows what the priorities
    reached have there: from a target one asks for its actions, though both hang on the priority.
    """
    if start not in web.boxes:
        return None
    begun = [one for one in (start, *also) if one in web.boxes]
    forwards, backwards = _neighbours(web)
    reached = {one for begin in begun for way in (forwards, backwards) for one in _reach(begin, way)}
    by_stage = _by_stage(web, reached)
    own = web.boxes[start].stage
    around: set[str] = set()
    for priority in by_stage.get(Stage.PRIORITY, ()):
        around |= _reach(priority, forwards) | _reach(priority, backwards)
    for stage, ids in _by_stage(web, around).items():
        if stage is not own and not by_stage.get(stage):
            by_stage[stage] = ids
    shown = {one for ids in by_stage.values() for one in ids}
    stages = tuple(
        (stage, tuple(sorted((web.boxes[one] for one in by_stage.get(stage, ())), key=lambda box: _order(web, box))))
        for stage in STAGES
    )
    lines = tuple(sorted(line for line in web.lines if line[0] in shown and line[1] in shown))
    return Walk(web.boxes[start], stages, lines)


def loose(web: Web, stage: Stage, *, without: Sequence[Stage], behind: bool) -> list[Box]:
    """Boxes of a stage with no line to any stage of ``without``: behind them (``behind``) or before them."""
    held = set()
    for cause, effect in web.lines:
        if cause in web.boxes and effect in web.boxes:
            here, there = (cause, effect) if behind else (effect, cause)
            if web.boxes[there].stage in without:
                held.add(here)
    return [box for box in web.boxes.values() if box.stage is stage and box.id not in held]


def _neighbours(web: Web) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    forwards: dict[str, set[str]] = defaultdict(set)
    backwards: dict[str, set[str]] = defaultdict(set)
    for cause, effect in web.lines:
        if cause in web.boxes and effect in web.boxes:
            forwards[cause].add(effect)
            backwards[effect].add(cause)
    return forwards, backwards


def _reach(start: str, way: dict[str, set[str]]) -> set[str]:
    """Everything that can be walked to, the start included. Each box once, so a circle ends."""
    seen, waiting = {start}, [start]
    while waiting:
        for one in way.get(waiting.pop(), ()):
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return seen


def _by_stage(web: Web, ids: Iterable[str]) -> dict[Stage, set[str]]:
    found: dict[Stage, set[str]] = defaultdict(set)
    for one in ids:
        found[web.boxes[one].stage].add(one)
    return found


def _order(web: Web, box: Box) -> int:
    """Boxes stand in the order they were hung: the plan's own order."""
    return next((i for i, one in enumerate(web.boxes) if one == box.id), 0)
