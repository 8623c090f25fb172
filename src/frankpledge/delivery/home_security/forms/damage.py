"""Forms of claims for damage."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.delivery.home_security.forms import fields
from frankpledge.delivery.home_security.vocabulary import ClaimOutcome


class FindVisitForm(forms.Form):
    """Which visit did the damage."""

    find = fields.line(
        _("Reference of the request, or part of the address"),
        _("Enter a reference such as H-7K3P9Q, or part of the address."),
    )


class ClaimForm(forms.Form):
    """What was damaged, and what is asked for."""

    what = fields.line(_("What was damaged"), _("Say what was damaged."))
    amount = fields.pounds(_("Asked for, in pounds"))
    claimed_on = fields.day(_("Claimed on"))


class SettleClaimForm(forms.Form):
    """How a claim is settled."""

    outcome = forms.ChoiceField(
        label=_("What becomes of it?"),
        choices=((ClaimOutcome.PAID.value, _("Paid")), (ClaimOutcome.DECLINED.value, _("Declined"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it is paid or declined.")},
    )
    paid = fields.pounds(_("Paid, in pounds"), required=False)
    because = fields.line(_("Why"), help_text=_("Needed when it is declined, or when more is paid than was asked for."))
    settled_on = fields.day(_("Settled on"))

    def told(self) -> dict[str, Any]:
        """What is to be written; the sum only where it is paid, whatever the field still holds."""
        told = self.cleaned_data
        outcome = ClaimOutcome(told["outcome"])
        paid = told["paid"] if outcome is ClaimOutcome.PAID else None
        return {"outcome": outcome, "paid": paid, "because": told["because"], "settled_on": told["settled_on"]}


class BudgetForm(forms.Form):
    """What the budget sets aside."""

    amount = fields.pounds(_("Set aside for damage this financial year, in pounds"), least="0")
