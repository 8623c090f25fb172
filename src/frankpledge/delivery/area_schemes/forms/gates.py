"""Forms of alley gates."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.delivery.area_schemes.forms import fields
from frankpledge.delivery.area_schemes.models.columns import NAME_LENGTH, TEXT_LENGTH
from frankpledge.delivery.area_schemes.models.gates import USUAL_SHARE
from frankpledge.delivery.area_schemes.vocabulary import ConsentState, SaidBy

CONSENTS: fields.Choices = [
    (ConsentState.ASKED.value, _("Asked, no answer yet")),
    (ConsentState.GIVEN.value, _("Agrees")),
    (ConsentState.REFUSED.value, _("Refuses")),
]
SPEAKERS: fields.Choices = [
    (SaidBy.NOT_SAID.value, _("Nobody has answered yet")),
    (SaidBy.OCCUPIER.value, _("The occupier")),
    (SaidBy.OWNER.value, _("The owner")),
    (SaidBy.LANDLORD.value, _("The landlord")),
]
TBC = _("Leave empty if it is to be confirmed.")


class ProposeForm(forms.Form):
    """A new scheme."""

    name = fields.line(_("Name of the scheme"), most=NAME_LENGTH)
    place = fields.line(_("Which alley"), most=NAME_LENGTH, hint=_("Such as: between Foundry Street and Tannery Row."))
    ward = fields.chosen(_("Ward"), [], required=False)
    gates = fields.number(_("How many gates"), low=1, high=99, initial=2)
    needed_percent = fields.number(
        _("Per cent of homes that must agree"), low=1, high=100, initial=USUAL_SHARE,
        hint=_("Your own rule: check what your council’s order needs. A home that has not answered does not agree."),
    )  # fmt: skip

    def __init__(self, *args: Any, wards: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ward"].choices = [("", _("Choose a ward")), *wards]  # type: ignore[attr-defined]


class ChangeForm(forms.Form):
    """What may change about a scheme."""

    gates = fields.number(_("How many gates"), low=1, high=99)
    needed_percent = fields.number(_("Per cent of homes that must agree"), low=1, high=100)
    legal_order = fields.line(
        _("Legal order that allows the gates"), most=NAME_LENGTH, required=False,
        hint=_("Such as: Public Spaces Protection Order no. 4 of 2026. Asked for before the gates are built."),
    )  # fmt: skip
    legal_order_on = fields.day(_("Date of the order"), required=False)


class HomesForm(forms.Form):
    """Homes ticked in a list, and UPRNs pasted."""

    uprns = forms.MultipleChoiceField(label=_("Homes"), required=False, widget=forms.CheckboxSelectMultiple)
    all_shown = forms.BooleanField(label=_("All homes shown here"), required=False)
    pasted = fields.words(
        _("Or paste property reference numbers (UPRNs)"), most=20_000,
        hint=_("One to a line, or with commas between. All are added, or none if one is not in the address list."),
    )  # fmt: skip
    closed_off = forms.BooleanField(label=_("The gates close off a way into these homes"), required=False, initial=True)

    def __init__(self, *args: Any, homes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = homes
        self.fields["uprns"].choices = homes  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Both ways of choosing together."""
        told = super().clean() or self.cleaned_data
        pasted = re.split(r"[\s,;]+", told.get("pasted", "").strip())
        ticked = [uprn for uprn, _ in self.offered] if told.get("all_shown") else told.get("uprns", [])
        return {"uprns": [*ticked, *filter(None, pasted)], "closed_off": told.get("closed_off", False)}


class ConsentForm(forms.Form):
    """What a home says."""

    state = forms.ChoiceField(label=_("What they say"), choices=CONSENTS, widget=forms.RadioSelect)
    said_by = forms.ChoiceField(label=_("Who spoke for the home"), choices=SPEAKERS, widget=forms.RadioSelect)
    on = fields.day(_("When they were asked, or answered"))
    because = fields.line(
        _("Their reason"), most=NAME_LENGTH, required=False, hint=_("In a few words. No names, no health, no money.")
    )
    closed_off = forms.BooleanField(label=_("The gates close off a way into this home"), required=False)


class CostForm(forms.Form):
    """One cost."""

    what = fields.line(_("What for"), most=NAME_LENGTH)
    estimate = fields.pounds(_("Estimate, £"), hint=TBC)
    spent = fields.pounds(_("Paid, £"), hint=_("Leave empty while nothing is paid."))


class AgreeForm(forms.Form):
    """The decision that it goes ahead."""

    on = fields.day(_("Decided on"))
    despite = fields.words(
        _("How refusals were considered"), most=TEXT_LENGTH,
        hint=_("Needed where a home that the gates close off refuses. No names."),
    )  # fmt: skip


class BuildForm(forms.Form):
    """The gates stand."""

    on = fields.day(_("Built on"))
    inspect_on = fields.day(_("Next inspection"), required=False, hint=_("Leave empty for a year later."))


class DropForm(forms.Form):
    """It is given up."""

    on = fields.day(_("Given up on"))
    because = fields.words(_("Why"), most=TEXT_LENGTH, required=True)


class InspectForm(forms.Form):
    """A look at gates that stand."""

    on = fields.day(_("Looked at on"))
    is_sound = forms.ChoiceField(
        label=_("Do all gates close and lock?"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect
    )
    found = fields.words(_("What was found"), most=TEXT_LENGTH)
    inspect_on = fields.day(_("Next inspection"))

    def clean_is_sound(self) -> bool:
        """As a yes or no."""
        return bool(self.cleaned_data["is_sound"] == "yes")


class BudgetForm(forms.Form):
    """The money for gates."""

    funder = fields.line(_("Who pays"), most=NAME_LENGTH)
    amount = fields.pounds(_("How much, £"), hint=TBC)
    ends_on = fields.day(_("To be spent by"), required=False)
