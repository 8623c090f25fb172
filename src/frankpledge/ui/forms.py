"""What every page with a form answers."""

from django.forms import BaseForm


def status_of(form: BaseForm) -> int:
    """422 for a form that was sent and cannot be taken, 200 for one that is only shown."""
    return 422 if form.is_bound and form.errors else 200
