"""The form that decides whether two records are one person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.records.people.rules import REASON_LENGTH


class DecideForm(forms.Form):
    """One person or two, and why."""

    answer = forms.ChoiceField(
        label=_("Are these one person?"),
        choices=[("one", _("Yes, one person")), ("two", _("No, two people"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no. Leave the page if you are not sure.")},
    )
    because = forms.CharField(
        label=_("What makes you sure?"),
        help_text=_("For example: the housing officer knows both addresses."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=REASON_LENGTH,
        error_messages={"required": _("Say what makes you sure. Whoever looks at this later will need it.")},
    )

    def told(self) -> dict[str, Any]:
        """What the service takes."""
        return {"one_person": self.cleaned_data["answer"] == "one", "because": self.cleaned_data["because"]}


class TakeBackForm(forms.Form):
    """Why a decision is taken back."""

    because = forms.CharField(
        label=_("Why do you take it back?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=REASON_LENGTH,
        error_messages={"required": _("Say why the decision is taken back.")},
    )
