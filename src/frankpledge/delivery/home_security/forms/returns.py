"""Forms of returns to funders."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from frankpledge.delivery.home_security.vocabulary import ReturnColumn

_DAY = {"type": "date"}
WORDS = {
    ReturnColumn.MEASURE: gettext_lazy("measure"),
    ReturnColumn.WARD: gettext_lazy("ward"),
    ReturnColumn.SECTOR: gettext_lazy("postcode sector"),
    ReturnColumn.TENURE: gettext_lazy("tenure"),
    ReturnColumn.MONTH: gettext_lazy("month"),
    ReturnColumn.ADDRESS: gettext_lazy("address (names single homes)"),
    ReturnColumn.POSTCODE: gettext_lazy("postcode (names single homes)"),
    ReturnColumn.UPRN: gettext_lazy("UPRN (names single homes)"),
    ReturnColumn.FITTED_ON: gettext_lazy("day of fitting"),
    ReturnColumn.HOMES: gettext_lazy("homes, each once for each measure"),
    ReturnColumn.QUANTITY: gettext_lazy("quantity"),
    ReturnColumn.POUNDS: gettext_lazy("pounds: quantity × what the funder pays for one"),
}


class PeriodForm(forms.Form):
    """Which funder, which period."""

    funder = forms.ChoiceField(
        label=gettext_lazy("Funder"), error_messages={"invalid_choice": gettext_lazy("Choose a funder of the list.")}
    )
    first = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs=_DAY),
        error_messages={
            "required": gettext_lazy("Enter the first day."),
            "invalid": gettext_lazy("Enter the first day."),
        },
    )
    last = forms.DateField(
        label=gettext_lazy("To"),
        widget=forms.DateInput(attrs=_DAY),
        error_messages={
            "required": gettext_lazy("Enter the last day."),
            "invalid": gettext_lazy("Enter the last day."),
        },
    )

    def __init__(self, *args: Any, funders: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["funder"].choices = [(name, name) for name in funders]  # type: ignore[attr-defined]


class SentForm(forms.Form):
    """To whom a return was sent."""

    sent_to = forms.CharField(
        label=gettext_lazy("Sent to"),
        help_text=gettext_lazy("For example an e-mail address, or “by hand to the fire station”."),
        max_length=200,
        error_messages={"required": gettext_lazy("Say to whom it was sent.")},
    )


class FormatForm(forms.Form):
    """The columns a funder wants."""

    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        choices=[(column.value, word) for column, word in WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose the columns.")},
    )
    named_because = forms.CharField(
        label=gettext_lazy("Why this funder may know single homes"),
        help_text=gettext_lazy("Only if the columns name homes: the agreement or the duty that says so."),
        required=False,
        max_length=200,
    )
