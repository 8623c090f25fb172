"""What every view with a form does."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.views.decorators.http import require_http_methods

from frankpledge.vocabulary.errors import DataProblem, RuleBroken

form_view = require_http_methods(["GET", "HEAD", "POST"])


def done(form: Form, act: Callable[..., Any]) -> bool:
    """Whether the form was sent whole and ``act`` took its answers; a refusal is said at the top of the form."""
    if not form.is_valid():
        return False
    try:
        act(**form.cleaned_data)
    except (DataProblem, RuleBroken) as problem:
        form.add_error(None, problem.sentence)
        return False
    return True
