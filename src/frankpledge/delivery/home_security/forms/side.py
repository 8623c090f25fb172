"""Forms of the work beside installing."""

from django import forms
from django.utils.translation import gettext_lazy

_TEXT = {"class": "govuk-input"}
_WHEN = {"type": "datetime-local", "class": "govuk-input govuk-input--width-20"}


class VoidForm(forms.Form):
    """A home that fell empty."""

    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=200,
        widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": gettext_lazy("Enter the address of the home.")},
    )
    landlord = forms.CharField(
        label=gettext_lazy("Landlord"),
        max_length=200,
        widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": gettext_lazy("Say whose home it is.")},
    )
    void_at = forms.DateTimeField(
        label=gettext_lazy("Empty since"),
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs=_WHEN),
        error_messages={
            "required": gettext_lazy("Enter the day and time at which it fell empty."),
            "invalid": gettext_lazy("Enter the day and time at which it fell empty."),
        },
    )
