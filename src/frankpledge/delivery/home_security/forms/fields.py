"""Fields that several forms of this room have: a day, a sum, a count, a line of text."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

MOST_COUNT = 100_000


def day(label: Any, **more: Any) -> forms.DateField:
    """A day, from the browser's own calendar."""
    words = gettext_lazy("Enter a date.")
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": words, "invalid": words},
        **more,
    )


def pounds(label: Any, least: str = "0.01", **more: Any) -> forms.DecimalField:
    """Pounds and pence."""
    words = gettext_lazy("Enter a sum in pounds, such as 12.50.")
    return forms.DecimalField(
        label=label,
        min_value=Decimal(least),
        max_digits=7,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"), words
        ),
        **more,
    )


def count(label: Any, least: int = 1, most: int = MOST_COUNT, **more: Any) -> forms.IntegerField:
    """A whole number."""
    words = gettext_lazy("Enter a whole number.")
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": words, "invalid": words},
        **more,
    )


def line(label: Any, missing: Any = None, **more: Any) -> forms.CharField:
    """A line of text; without ``missing`` (what is said when it is empty) it may stay empty."""
    return forms.CharField(
        label=label,
        max_length=200,
        required=missing is not None,
        error_messages={"required": missing} if missing else {},
        **more,
    )
