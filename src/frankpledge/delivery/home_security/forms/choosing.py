"""What a resident says of offered times, and how many homes staff offer them to. They never save."""

from datetime import date, time

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.delivery.home_security.models.columns import NAME_LENGTH
from frankpledge.delivery.home_security.rules import asking
from frankpledge.delivery.home_security.rules import choosing as rules
from frankpledge.delivery.home_security.rules.choosing import Slot
from frankpledge.delivery.home_security.services.choosing import MOST_AT_ONCE

WRONG = _("Choose a time.")


class SlotForm(forms.Form):
    """One of the times on the page."""

    time = forms.CharField(max_length=20, error_messages={"required": WRONG, "max_length": WRONG})

    def clean_time(self) -> Slot:
        """A day and one of the hours at which crews arrive."""
        day, _sign, hour = self.cleaned_data["time"].partition(" ")
        ends = {f"{starts:%H:%M}": ends for starts, ends in rules.SLOTS}
        try:
            return Slot(date.fromisoformat(day), time.fromisoformat(hour), ends[hour])
        except (KeyError, ValueError) as problem:
            raise forms.ValidationError(WRONG) from problem


class NoneSuitsForm(forms.Form):
    """What would suit, in a few words; nothing need be said."""

    note = forms.CharField(
        label=_("What would suit you?"),
        help_text=_("For example: after 4 in the afternoon, or Fridays. You do not have to say."),
        max_length=NAME_LENGTH,
        required=False,
    )


class CodeForm(forms.Form):
    """What stands in the letter."""

    reference = forms.CharField(
        label=_("Your reference number"),
        help_text=_("For example H-7K3P9Q"),
        max_length=20,
        error_messages={"required": _("Enter your reference number.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("The code in your letter"),
        help_text=_("Eight letters and digits, for example 7K3P-9QXM"),
        max_length=20,
        error_messages={"required": _("Enter the code in your letter.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_reference(self) -> str:
        """In our form; one that can be none finds nothing."""
        return asking.tidy_reference(self.cleaned_data["reference"])

    def clean_code(self) -> str:
        """In our form; one that can be none finds nothing."""
        return rules.tidy_code(self.cleaned_data["code"])


class NextForm(forms.Form):
    """To how many homes of the list times are offered."""

    count = forms.IntegerField(
        label=_("How many homes"), min_value=1, max_value=MOST_AT_ONCE, initial=5, widget=forms.TextInput
    )
