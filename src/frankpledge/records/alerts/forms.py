"""The one form of this room: why an alert is dismissed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.records.alerts.rules import REASON_LENGTH


class DismissForm(forms.Form):
    """A reason in the reader's own words."""

    because = forms.CharField(
        label=_("Why does nothing need doing?"),
        help_text=_("For example: already visited on 3 October, or the two reports are one incident."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=REASON_LENGTH,
        error_messages={"required": _("Say why the alert is dismissed.")},
    )
