"""How a view of this room tries what a form asks for."""

from collections.abc import Callable

from django.forms import BaseForm

from frankpledge.vocabulary.errors import DataProblem, RuleBroken


def kept(form: BaseForm, write: Callable[[], object], *, field: str | None = None) -> bool:
    """Whether a sent form was right and ``write`` took it. Why not stands in the form, beside ``field`` or at its top.

    ``write`` may be called once only; it sees the form's ``cleaned_data``.
    """
    if not form.is_valid():
        return False
    try:
        write()
    except (DataProblem, RuleBroken) as problem:
        form.add_error(field, problem.sentence)
        return False
    return True
