"""Fields that several forms of this room share."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_POUNDS = Decimal("9999999.99")
Choices = list[tuple[str, Any]]


def day(label: Any, *, required: bool = True, hint: Any = "", **more: Any) -> forms.DateField:
    """A date, as browsers ask for it."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter a date, such as 27 March 2026.")},
        **more,
    )


def pounds(label: Any, *, required: bool = False, hint: Any = "") -> forms.DecimalField:
    """A sum of money. Empty is to be confirmed, never nought."""
    return forms.DecimalField(
        label=label,
        required=required,
        help_text=hint,
        min_value=Decimal(0),
        max_value=MOST_POUNDS,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": _("Enter pounds as a number, such as 1250 or 99.50.")},
    )


def number(
    label: Any, *, low: int, high: int, required: bool = True, hint: Any = "", **more: Any
) -> forms.IntegerField:
    """A whole number between two others."""
    return forms.IntegerField(
        label=label,
        required=required,
        help_text=hint,
        min_value=low,
        max_value=high,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("Enter a whole number.")},
        **more,
    )


def line(label: Any, *, most: int, required: bool = True, hint: Any = "") -> forms.CharField:
    """One line of words."""
    return forms.CharField(label=label, required=required, max_length=most, help_text=hint)


def words(label: Any, *, most: int, required: bool = False, hint: Any = "") -> forms.CharField:
    """Several lines of words."""
    return forms.CharField(
        label=label, required=required, max_length=most, help_text=hint, widget=forms.Textarea(attrs={"rows": 3})
    )


def chosen(label: Any, choices: Choices, *, hint: Any = "", required: bool = True) -> forms.ChoiceField:
    """One of a list."""
    return forms.ChoiceField(label=label, choices=choices, help_text=hint, required=required)
