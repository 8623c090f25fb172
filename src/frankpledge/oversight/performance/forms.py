"""Forms of this room."""

from django import forms
from django.utils.translation import gettext_lazy

from frankpledge.oversight.performance.vocabulary import TITLE_LENGTH


class AskForm(forms.Form):
    """A decision asked of the meeting."""

    title = forms.CharField(
        label=gettext_lazy("What should the meeting decide?"),
        help_text=gettext_lazy(
            "One sentence with the sum and the reason, such as “Move £16,000 to vehicle crime work”."
        ),
        max_length=TITLE_LENGTH,
        error_messages={"required": gettext_lazy("Say what the meeting is asked to decide.")},
    )
