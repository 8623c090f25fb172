"""Forms of business security."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.delivery.area_schemes.forms import fields
from frankpledge.delivery.area_schemes.models.columns import NAME_LENGTH, TEXT_LENGTH
from frankpledge.delivery.area_schemes.vocabulary import GrantState, Risk, Trade

TRADES: fields.Choices = [
    (Trade.SMALL_RETAILER.value, _("Small retailer")),
    (Trade.LARGER_SHOP.value, _("Larger shop")),
    (Trade.FOOD_AND_DRINK.value, _("Pub, café or restaurant")),
    (Trade.WORKSHOP.value, _("Workshop or office")),
    (Trade.OTHER.value, _("Another business")),
]
RISKS: fields.Choices = [
    (Risk.LOW.value, _("Low")),
    (Risk.MEDIUM.value, _("Medium")),
    (Risk.HIGH.value, _("High")),
]
GRANT_STATES: fields.Choices = [
    (GrantState.OFFERED.value, _("Offered")),
    (GrantState.ACCEPTED.value, _("Accepted")),
    (GrantState.PAID.value, _("Paid")),
    (GrantState.DECLINED.value, _("Declined by the business")),
    (GrantState.WITHDRAWN.value, _("Withdrawn by us")),
]
TBC = _("Leave empty if it is to be confirmed.")


class BusinessForm(forms.Form):
    """A business."""

    name = fields.line(_("Name of the business"), most=NAME_LENGTH)
    address = fields.line(_("Address"), most=NAME_LENGTH)
    ward = fields.chosen(_("Ward"), [], required=False)
    trade = forms.ChoiceField(label=_("What kind of business"), choices=TRADES, widget=forms.RadioSelect)
    keyholding_since = fields.day(
        _("In the key-holding scheme since"), required=False, hint=_("Leave empty if it is not a member.")
    )

    def __init__(self, *args: Any, wards: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ward"].choices = [("", _("Choose a ward")), *wards]  # type: ignore[attr-defined]

    def clean_trade(self) -> Trade:
        """As its kind."""
        return Trade(self.cleaned_data["trade"])


class VisitForm(forms.Form):
    """A risk assessment."""

    on = fields.day(_("Visited on"))
    risk = forms.ChoiceField(label=_("Risk"), choices=RISKS, widget=forms.RadioSelect)
    found = fields.words(_("What was found, and advised"), most=TEXT_LENGTH, required=True)

    def clean_risk(self) -> Risk:
        """As its kind."""
        return Risk(self.cleaned_data["risk"])


class OfferForm(forms.Form):
    """A grant that is offered."""

    what = fields.line(_("What for"), most=NAME_LENGTH, hint=_("Such as: roller shutter, fog alarm, new door."))
    cost = fields.pounds(_("Cost of the work, £"), hint=TBC)
    amount = fields.pounds(_("Grant, £"), hint=TBC)
    offered_on = fields.day(_("Offered on"))


class GrantForm(forms.Form):
    """Where a grant stands."""

    state = forms.ChoiceField(label=_("How it stands"), choices=GRANT_STATES, widget=forms.RadioSelect)
    cost = fields.pounds(_("Cost of the work, £"), hint=TBC)
    amount = fields.pounds(_("Grant, £"), hint=TBC)
    paid_on = fields.day(_("Paid on"), required=False, hint=_("Only for a grant that is paid."))

    def clean_state(self) -> GrantState:
        """As its kind."""
        return GrantState(self.cleaned_data["state"])


class PotForm(forms.Form):
    """The pot of grants and its rules."""

    funder = fields.line(_("Who pays"), most=NAME_LENGTH)
    amount = fields.pounds(_("How much, £"), hint=TBC)
    ends_on = fields.day(_("To be spent by"), required=False)
    cap = fields.pounds(_("The most that one grant may be, £"), hint=_("Leave empty if there is no cap."))
    match_percent = fields.number(
        _("Per cent of the cost that the business pays itself"), low=0, high=100, initial=50,
        hint=_("Your own rule: check it with whoever pays."),
    )  # fmt: skip
