"""What an evaluation is told: what the programme cost, and what one burglary costs a budget."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from frankpledge.oversight.evaluation.models import NAME_LENGTH


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
