"""A problem profile drawn from a question in one step: what the evidence says of victim, location and time.

Of the offender, and of who could make a difference, the evidence at hand says nothing: those parts are asked for.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from frankpledge.foundation.agencies.vocabulary import AgencyKind
from frankpledge.oversight.assessment.composing import owed_by
from frankpledge.oversight.assessment.drafting import no_figures
from frankpledge.oversight.exploring import event_looks, looks
from frankpledge.oversight.exploring.asked import Asked, resolve, sources
from frankpledge.oversight.exploring.looks import Look
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from frankpledge.vocabulary.questions import Question
from frankpledge.vocabulary.wording import in_english, said

Content = dict[str, Any]
Draw = Callable[[Asked, Callable[[str], str]], Look]

# part -> (look, level of area it shows)
DRAWN: dict[str, tuple[tuple[Draw, str], ...]] = {
    "summary": ((looks.compare, "district"),),
    "location": (
        (looks.areas_map, "small area"),
        (looks.concentration_look, "district"),
        (looks.change_look, "small area"),
    ),
    "time": ((looks.trend, "district"), (event_looks.week, "district")),
    "victim": ((event_looks.repeats, "district"),),
}


def draw_profile(question: Question, *, allowed: Any = None) -> dict[str, Any]:
    """{title, area_code, area_name, drafted, content} for ``question``, from the sources ``allowed`` (None: all).

    Raises DataProblem for an area that is not there, CannotCompute where nothing is on record.
    """
    asked = resolve(question, allowed)
    if asked is None:
        raise CannotCompute("There is nothing to draw a profile from yet: bring in a file first.")
    content: dict[str, Content] = {}
    findings = []
    used: set[str] = set(asked.batches)
    for part, drawings in DRAWN.items():
        content[part] = no_figures([])
        for draw, level in drawings:
            look = _first_look(draw, asked, question, allowed, content[part]["missing"], used)
            if look is not None:
                _add(content[part], look, level)
                findings.append(said(look.finding))
    content["victim"]["missing"].append(
        f"{asked.source.label} does not say who was harmed. Ages, sexes and what they have in common: "
        f"{owed_by(AgencyKind.POLICE)} can send an extract with victim references."
    )
    content["offender"] = no_figures(
        [
            "Nothing at hand says who does it. "
            f"{owed_by(AgencyKind.POLICE, first=True)} can say how many are detected and how many suspects are known."
        ]
    )
    return {
        "title": said(asked.title),
        "area_code": asked.area.code,
        "area_name": asked.area.name,
        "drafted": " ".join(dict.fromkeys(findings)),
        "content": content,
        "batches": sorted(used),
    }


def _first_look(
    draw: Draw, asked: Asked, question: Question, allowed: Any, missing: list[str], used: set[str]
) -> Look | None:
    """The look from the question's source, else from the first other that can bear it; else why there is none.

    The batches of another source it was drawn from are added to ``used``.
    """
    try:
        return draw(asked, in_english)
    except (CannotCompute, DataProblem) as reason:
        sentence = said(reason.sentence)
    others = [] if question.source else [one.source for one in sources(allowed) if one.source != asked.source.source]
    for source in others:
        try:
            other = resolve(replace(question, source=source), allowed)
            if other is not None and other.area == asked.area:
                look = draw(other, in_english)
                used.update(other.batches)
                return look
        except (CannotCompute, DataProblem):
            continue
    missing.append(sentence)
    return None


def _add(content: Content, look: Look, level: str) -> None:
    tables = [
        {
            "caption": said(one.caption),
            "columns": [said(column) for column in one.table.columns],
            "rows": [[_cell(value) for value in row] for row in one.table.rows[:40]],
            "notes": [],
            "numeric": list(one.numeric),
            "level": level,
        }
        for one in look.tables
    ]
    if look.picture is None:
        content["tables"] += tables
        return
    first = tables[0] if tables else None
    content["pictures"].append(
        {
            "title": said(look.finding),
            "svg": str(look.picture),
            "description": said(look.caption),
            "how": " ".join([*(said(line) for line in look.how), *(said(doubt.sentence) for doubt in look.doubts)]),
            "table": {"columns": first["columns"], "rows": first["rows"]} if first else None,
            "small": True,
            "level": level,
        }
    )


def _cell(value: Any) -> Any:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return "" if value is None else str(value)
    if isinstance(value, int | float):
        return round(value, 2)
    return said(value)
