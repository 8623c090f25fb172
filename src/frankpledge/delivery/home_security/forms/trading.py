"""Forms of the trading account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.delivery.home_security.forms import fields
from frankpledge.delivery.home_security.forms.suppliers import OrderForm
from frankpledge.delivery.home_security.selectors import stock


def _item() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        stock.items().none(),
        label=_("Item"),
        empty_label=_("Choose an item"),
        error_messages={"required": _("Choose an item."), "invalid_choice": _("Choose an item.")},
    )


class _WithItem(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = stock.items()  # type: ignore[attr-defined]


class SaleForm(_WithItem):
    """What was sold at a stall."""

    item = _item()
    count = fields.count(_("How many"))
    price = fields.pounds(_("Price of one, in pounds"))
    on = fields.day(_("Sold on"))
    where = fields.line(_("Which stall"))


class ReinvestForm(_WithItem, OrderForm):
    """More stock, paid from the account."""

    item = _item()

    field_order = ["item", "count", "supplier", "other", "because"]


class MoneyForm(forms.Form):
    """Money in or out that is neither a sale nor stock."""

    way = forms.ChoiceField(
        label=_("Which way?"),
        choices=(("in", _("In: a grant or gift")), ("out", _("Out: a stall’s fee or another cost"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether money came in or went out.")},
    )
    amount = fields.pounds(_("Pounds"))
    on = fields.day(_("Day"))
    note = fields.line(_("What for, or from whom"), _("Say what it was for, or where it came from."))


class TakeBackForm(forms.Form):
    """Why a line is taken back."""

    because = fields.line(_("Why it is taken back"), _("Say why it is taken back."))
