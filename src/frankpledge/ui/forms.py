"""What every page with a form answers."""

from collections.abc import Callable
from typing import TypeVar

from django.forms import BaseForm

from frankpledge.vocabulary.errors import CannotCompute, DataProblem, RuleBroken

Made = TypeVar("Made")


def status_of(form: BaseForm) -> int:
    """422 for a form that was sent and cannot be taken, 200 for one that is only shown."""
    return 422 if form.is_bound and form.errors else 200


def done(form: BaseForm, act: Callable[[], Made], *, field: str | None = None) -> Made | None:
    """What ``act`` makes of a form that was sent whole; None else.

    What it refuses is said at the top of the form, or at ``field``; nothing typed is lost.
    """
    if not form.is_valid():
        return None
    try:
        return act()
    except (RuleBroken, DataProblem, CannotCompute) as problem:
        form.add_error(field, problem.sentence)
        return None
