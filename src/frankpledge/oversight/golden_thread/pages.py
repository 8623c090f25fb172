"""What the page of the golden thread says."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy, ngettext

from frankpledge.oversight.golden_thread import selectors
from frankpledge.oversight.golden_thread.rules import Box, Stage, Walk
from frankpledge.reports.thread_picture import Column, ThreadBox, thread_picture
from frankpledge.vocabulary.wording import whole

NAMES = {
    Stage.FIGURE: (gettext_lazy("Evidence"), gettext_lazy("figure"), gettext_lazy("figures")),
    Stage.FINDING: (gettext_lazy("Finding"), gettext_lazy("finding"), gettext_lazy("findings")),
    Stage.PRIORITY: (gettext_lazy("Priority"), gettext_lazy("priority"), gettext_lazy("priorities")),
    Stage.OBJECTIVE: (gettext_lazy("Objective"), gettext_lazy("objective"), gettext_lazy("objectives")),
    Stage.TARGET: (gettext_lazy("Target"), gettext_lazy("target"), gettext_lazy("targets")),
    Stage.ACTION: (gettext_lazy("Action"), gettext_lazy("action"), gettext_lazy("actions")),
    Stage.MONEY: (gettext_lazy("Money"), gettext_lazy("line of money"), gettext_lazy("lines of money")),
    Stage.INDICATOR: (gettext_lazy("Result"), gettext_lazy("indicator"), gettext_lazy("indicators")),
    Stage.CLAIM: (gettext_lazy("Public line"), gettext_lazy("claim"), gettext_lazy("claims")),
}
IN_A_COLUMN = 7
WORDS_OF_LOOSE = (
    ("priorities_without_action", gettext_lazy("Priorities with no action")),
    ("actions_without_priority", gettext_lazy("Actions with no priority")),
    ("spend_without_priority", gettext_lazy("Money spent for no priority")),
    ("targets_without_indicator", gettext_lazy("Targets with no indicator")),
    ("figures_used_nowhere", gettext_lazy("Figures used nowhere")),
)


def thread_page(start: str, person: Any) -> dict[str, Any] | None:
    """The whole thread, or the walk from ``kind:key``; None where there is no such thing. Fixed number of queries."""
    found = selectors.thread(person)
    walked = selectors.walk_from(found, start) if start else None
    if start and walked is None:
        return None
    boxes = list(found.web.boxes.values())
    stages = dict(walked.stages) if walked else {stage: [b for b in boxes if b.stage is stage] for stage in Stage}
    ends = selectors.loose_ends(found)
    loose = [{"name": str(name), "boxes": [_line(b) for b in getattr(ends, key)]} for key, name in WORDS_OF_LOOSE]
    strip = [_stage(stage, stages.get(stage, ()), walked) for stage in Stage]
    return {
        "start": _line(walked.start) if walked else None,
        "start_kind": str(NAMES[walked.start.stage][0]) if walked else "",
        "strip": [one for one in strip if one["count"] or one["matters"]],
        "stages": [one for one in strip if one["count"]],
        "lead": _lead(walked, loose),
        "picture": _picture(walked) if walked else "",
        "loose": loose,
        "loose_count": sum(len(one["boxes"]) for one in loose),
        "ways_in": [_line(b) for b in boxes if b.stage is Stage.PRIORITY],
        "empty": not boxes,
        "whole": reverse("golden_thread:thread"),
    }


def _stage(stage: Stage, boxes: Iterable[Box], walked: Walk | None) -> dict[str, Any]:
    lines = [_line(box) for box in boxes]
    name, one, many = NAMES[stage]
    return {
        "name": str(name),
        "count": len(lines),
        "words": str(one if len(lines) == 1 else many),
        "boxes": lines,
        "first": lines[0] if lines else None,
        "here": walked is not None and walked.start.stage is stage,
        # A thread without these is broken; without a finding or a claim it is only young.
        "matters": stage in (Stage.FIGURE, Stage.PRIORITY, Stage.TARGET, Stage.ACTION, Stage.MONEY, Stage.INDICATOR),
    }


def _line(box: Box) -> dict[str, str]:
    walk = f"{reverse('golden_thread:thread')}?{urlencode({'from': box.id})}"
    return {"id": box.id, "title": box.title, "note": box.note, "url": box.url, "walk": walk}


def _lead(walked: Walk | None, loose: list[dict[str, Any]]) -> str:
    if walked is None:
        count = sum(len(one["boxes"]) for one in loose)
        words = ngettext("%(count)s thing hangs on no thread.", "%(count)s things hang on no thread.", count)
        return words % {"count": whole(count)} if count else gettext("Everything hangs on a thread.")
    missing = [
        str(NAMES[stage][2])
        for stage in (Stage.FIGURE, Stage.PRIORITY, Stage.TARGET, Stage.ACTION, Stage.INDICATOR)
        if not walked.at(stage)
    ]
    if not missing:
        return gettext("The thread runs from the evidence to the result without a break.")
    return gettext("The thread has no %(what)s yet.") % {"what": ", ".join(missing)}


def _picture(walked: Walk) -> Any:
    columns = []
    for stage, boxes in walked.stages:
        if boxes:
            shown = [
                ThreadBox(box.id, box.title, box.note, here=box.id == walked.start.id) for box in boxes[:IN_A_COLUMN]
            ]
            columns.append(Column(str(NAMES[stage][0]), tuple(shown), more=max(0, len(boxes) - IN_A_COLUMN)))
    title = gettext("The thread of “%(name)s”") % {"name": walked.start.title}
    described = ", ".join(f"{column.name}: {len(column.boxes) + column.more}" for column in columns)
    return thread_picture(columns, walked.lines, title=title, description=described, more_words=gettext("more"))
