"""What the page of lessons learned shows: our own, and Mansfield's as its case study tells them."""

from collections.abc import Sequence
from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy, ngettext

from frankpledge.foundation.agencies import policy
from frankpledge.oversight.evaluation import lessons
from frankpledge.oversight.evaluation.lesson_forms import ABOUTS, OUTCOMES
from frankpledge.oversight.evaluation.models import Lesson
from frankpledge.oversight.evaluation.vocabulary import LessonOutcome
from frankpledge.records.indicators import selectors as indicators
from frankpledge.records.indicators.permissions import Reader
from frankpledge.sources import examples
from frankpledge.ui.wording import spelled
from frankpledge.vocabulary.permissions import Permission

EXAMPLE = "mansfield"
NONE: list[dict[str, Any]] = []
KINDS = {LessonOutcome.DID_NOT: "bad", LessonOutcome.CANNOT_TELL: "unknown", LessonOutcome.WORKED: "good"}


def lessons_page(person: Any, *, outcome: str | None, about: str | None) -> dict[str, Any]:
    """Lessons, failures first; of one outcome or about one thing where asked. Two queries."""
    ours = lessons.lessons()
    theirs = examples.read(EXAMPLE)
    asked = {
        "outcome": outcome if outcome in dict(OUTCOMES) else "",
        "about": about if about in dict(ABOUTS) else "",
    }
    figures = indicators.figures([one.figure_key for one in ours if one.figure_key], reader=Reader(person))
    rows = [_own(one, figures) for one in ours if _wanted(one.outcome, one.about, asked)]
    order = [outcome.value for outcome in LessonOutcome]
    told = sorted(theirs["lessons"], key=lambda one: order.index(one["outcome"]))
    return {
        "rows": rows,
        "any": bool(ours),
        "lead": _lead(ours),
        "example": [_told(one) for one in told if _wanted(one["outcome"], one["about"], asked)],
        "example_title": theirs["title"],
        "example_edition": theirs["edition"],
        "outcomes": _links(OUTCOMES, "outcome", asked),
        "abouts": _links(ABOUTS, "about", asked),
        "may_edit": policy.can(person, Permission.EDIT_HOMES),
    }


def _wanted(outcome: str, about: str, asked: dict[str, str]) -> bool:
    return asked["outcome"] in ("", outcome) and asked["about"] in ("", about)


def _links(words: Sequence[tuple[str, Any]], name: str, asked: dict[str, str]) -> list[dict[str, Any]]:
    every = [("", gettext_lazy("All"))]
    return [
        {
            "name": word,
            "here": asked[name] == key,
            "url": f"?{urlencode({one: value for one, value in (asked | {name: key}).items() if value})}",
        }
        for key, word in [*every, *words]
    ]


def _own(one: Lesson, figures: Any) -> dict[str, Any]:
    figure = figures.get(one.figure_key)
    rests = [one.rests_on] if one.rests_on else []
    if figure is not None:
        rests.insert(0, f"{figure.key}: {figure.name}, {figure.period_words}, {figure.words}")
    return {
        **_words(one.outcome, one.about),
        "key": one.pk,
        "tried": one.tried,
        "expected": one.expected,
        "happened": one.happened,
        "again": one.again,
        "rests_on": "; ".join(rests),
        "said_by": one.said_by,
        "said_on": one.said_on,
    }


def _told(one: dict[str, str]) -> dict[str, Any]:
    said = {name: one[name] for name in ("tried", "expected", "happened", "again")}
    return {**_words(one["outcome"], one["about"]), **said, "rests_on": one["where"]}


def _words(outcome: str, about: str) -> dict[str, Any]:
    return {
        "kind": KINDS[LessonOutcome(outcome)],
        "outcome": dict(OUTCOMES)[outcome],
        "about": dict(ABOUTS)[about],
    }


def _lead(ours: Sequence[Lesson]) -> str:
    if not ours:
        return gettext("No lesson of our own is written down yet; below is what another programme learned.")
    count = {outcome: sum(one.outcome == outcome for one in ours) for outcome in LessonOutcome}
    words = ngettext("%(n)s lesson:", "%(n)s lessons:", len(ours)) % {"n": spelled(len(ours)).capitalize()}
    parts = gettext("%(no)s that did not work, %(unknown)s that cannot be told, %(yes)s that worked.") % {
        "no": spelled(count[LessonOutcome.DID_NOT]),
        "unknown": spelled(count[LessonOutcome.CANNOT_TELL]),
        "yes": spelled(count[LessonOutcome.WORKED]),
    }
    return f"{words} {parts}"


def differences(current: Lesson, told: dict[str, Any], labels: dict[str, Any]) -> list[dict[str, Any]]:
    """Field by field what stands now and what was written, where the two differ."""
    return [
        {"label": labels[name], "now": getattr(current, name) or "–", "written": told.get(name) or "–"}
        for name in lessons.FIELDS
        if getattr(current, name) != told.get(name)
    ]
