"""What every page with a form answers."""

from collections.abc import Callable
from typing import TypeVar

from django.forms import BaseForm
from django.views.decorators.http import require_http_methods

from frankpledge.vocabulary.errors import CannotCompute, DataProblem, RuleBroken

Made = TypeVar("Made")

form_view = require_http_methods(["GET", "HEAD", "POST"])
"""Decorates a view that shows a form and takes it."""


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


def kept(form: BaseForm, write: Callable[[], object], *, field: str | None = None) -> bool:
    """Whether ``write`` took a form that was sent whole; for views that need nothing of what it made. See ``done``."""
    return done(form, lambda: (write(),), field=field) is not None
