"""Forms of approved suppliers, and of ordering from them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.delivery.home_security.forms import fields

ELSEWHERE = "somebody else"


class RenewForm(forms.Form):
    """A time for which a supplier is approved."""

    approved_on = fields.day(_("Approved from"))
    expires_on = fields.day(_("Until, that day included"))
    ground = fields.line(_("On what ground"), help_text=_("The check, tender or framework it rests on."))


class SupplierForm(RenewForm):
    """A supplier for the list."""

    name = fields.line(_("Name"), _("Enter the supplier’s name."))
    service = fields.line(_("What it supplies"), _("Say what it supplies."))

    field_order = ["name", "service", "approved_on", "expires_on", "ground"]


class OrderForm(forms.Form):
    """How many to order, and from whom. ``approved``: names and what each supplies."""

    count = fields.count(_("How many"))
    supplier = forms.ChoiceField(
        label=_("From"), required=False, error_messages={"invalid_choice": _("Choose a supplier.")}
    )
    other = fields.line(_("Somebody else: name"), help_text=_("Only where no approved supplier has it."))
    because = fields.line(
        _("Why not an approved one"), help_text=_("The order then stands on the exception list, with this reason.")
    )

    def __init__(self, *args: Any, approved: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", _("Choose a supplier")),
            *((name, f"{name}: {service}") for name, service in approved),
            (ELSEWHERE, _("Somebody else, named below")),
        ]
        self.fields["supplier"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Somebody is chosen or named, or it is said that nobody can be."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if "supplier" in told and not told["supplier"] and not told.get("other"):
            self.add_error("supplier", _("Choose a supplier."))
        return told

    def told(self) -> dict[str, Any]:
        """How many, from whom (empty if nobody is named), and why from somebody who is not approved."""
        told = self.cleaned_data
        return {
            "count": told["count"],
            "supplier_name": told["other"] if told["supplier"] in ("", ELSEWHERE) else told["supplier"],
            "because": told["because"],
        }
