"""A round of leaflets, letters or doors, as staff write it down."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.delivery.home_security.models.columns import NAME_LENGTH
from frankpledge.delivery.home_security.vocabulary import ContactKind

KINDS = (
    (ContactKind.LEAFLET.value, _("leaflets")),
    (ContactKind.LETTER.value, _("letters")),
    (ContactKind.STREET_CANVASS.value, _("every door of a street")),
)


class RoundForm(forms.Form):
    """What was done, where nobody had asked yet."""

    kind = forms.ChoiceField(label=_("What was done?"), choices=KINDS, widget=forms.RadioSelect)
    on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date", "class": "govuk-input govuk-input--width-10"}),
        error_messages={"required": _("Enter the day."), "invalid": _("Enter the day.")},
    )
    homes = forms.IntegerField(
        label=_("Homes tried"),
        min_value=1,
        max_value=1_000_000,
        error_messages={"required": _("Enter how many homes were tried.")},
    )
    spoke = forms.IntegerField(
        label=_("Of them, homes where somebody spoke to you"),
        help_text=_("For doors only"),
        min_value=0,
        max_value=1_000_000,
        required=False,
    )
    cost = forms.DecimalField(
        label=_("What it cost in all, in pounds"),
        help_text=_("Printing and postage, and the time of whoever went"),
        min_value=Decimal(0),
        max_digits=8,
        decimal_places=2,
        error_messages={"required": _("Enter what it cost; 0 if nothing.")},
    )
    note = forms.CharField(label=_("Where"), required=False, max_length=NAME_LENGTH)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("spoke") or 0) > (given.get("homes") or 0):
            self.add_error("spoke", _("No more homes can have spoken to you than were tried."))
        return given

    def told(self) -> dict[str, Any]:
        """What was entered, in the words of the service."""
        given = self.cleaned_data
        return {**given, "kind": ContactKind(given["kind"]), "spoke": given["spoke"] or 0}
