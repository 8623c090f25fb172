"""What an evaluation is told, and what was found at the visit after a burglary."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from frankpledge.oversight.evaluation.models import NAME_LENGTH, EntryFinding
from frankpledge.oversight.evaluation.vocabulary import AlarmFound, EntryFloor, EntryRoute

ALARMS = {
    AlarmFound.SET: gettext_lazy("Yes, it was set"),
    AlarmFound.NOT_SET: gettext_lazy("No, it was not set"),
    AlarmFound.NONE: gettext_lazy("There was no alarm"),
    AlarmFound.NOT_KNOWN: gettext_lazy("Not known"),
}
ENTRIES = {
    EntryRoute.DOOR: gettext_lazy("A door was forced"),
    EntryRoute.WINDOW: gettext_lazy("A window was forced"),
    EntryRoute.OPEN: gettext_lazy("A door or window was open or unlocked"),
    EntryRoute.OTHER: gettext_lazy("Another way"),
    EntryRoute.NOT_KNOWN: gettext_lazy("Not known"),
}
FLOORS = {
    EntryFloor.GROUND: gettext_lazy("Ground floor"),
    EntryFloor.UPPER: gettext_lazy("An upper floor"),
    EntryFloor.NOT_KNOWN: gettext_lazy("Not known"),
}


class EvaluateForm(forms.Form):
    """Costs are optional: without them the page says what was prevented and not what it was worth."""

    pounds = forms.DecimalField(
        label=gettext_lazy("What was spent, in pounds"), required=False, min_value=1, max_digits=11, decimal_places=2
    )
    cost_is = forms.CharField(
        label=gettext_lazy("Which cost that is"),
        help_text=gettext_lazy("For example: the full budget to March 2027, staff and vans included."),
        required=False,
        max_length=NAME_LENGTH,
    )
    cash_per_burglary = forms.DecimalField(
        label=gettext_lazy("What one burglary costs a budget, in pounds"),
        help_text=gettext_lazy("Only where somebody answers for the figure. A cost to society is not cash."),
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=2,
    )
    cash_budget = forms.CharField(label=gettext_lazy("Whose budget"), required=False, max_length=NAME_LENGTH)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("pounds") and not given.get("cost_is"):
            self.add_error("cost_is", gettext("Say which cost that is."))
        if (given.get("cash_per_burglary") is None) != (not given.get("cash_budget")):
            self.add_error("cash_budget", gettext("Give both the figure and whose budget it is, or neither."))
        return given


class FindingForm(forms.Form):
    """What was found at the visit after a burglary of a protected home."""

    visited_on = forms.DateField(
        label=gettext_lazy("Day of the visit"),
        widget=forms.DateInput(attrs={"type": "date", "class": "govuk-input govuk-input--width-10"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Enter the day of the visit.")},
    )
    alarm = forms.ChoiceField(
        label=gettext_lazy("Was the alarm set?"),
        choices=[(word.value, label) for word, label in ALARMS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether the alarm was set, or that it is not known.")},
    )
    entry = forms.ChoiceField(
        label=gettext_lazy("How did they get in?"),
        choices=[(word.value, label) for word, label in ENTRIES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say how they got in, or that it is not known.")},
    )
    floor = forms.ChoiceField(
        label=gettext_lazy("On which floor?"),
        choices=[(word.value, label) for word, label in FLOORS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say on which floor they got in, or that it is not known.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Of the home’s security, such as what failed. No names."),
        required=False,
        max_length=NAME_LENGTH,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @classmethod
    def of(cls, finding: EntryFinding | None, today: date) -> "FindingForm":
        """The form as it is first shown."""
        if finding is None:
            return cls(initial={"visited_on": today, "version": 0})
        names = ("visited_on", "alarm", "entry", "floor", "note", "version")
        return cls(initial={name: getattr(finding, name) for name in names})

    def told(self) -> dict[str, Any]:
        """What was entered, in the words of the service."""
        given = self.cleaned_data
        return {
            **given,
            "alarm": AlarmFound(given["alarm"]),
            "entry": EntryRoute(given["entry"]),
            "floor": EntryFloor(given["floor"]),
        }
