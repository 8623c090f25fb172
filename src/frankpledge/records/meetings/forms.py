"""What a person fills in about a decision."""

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.records.meetings.rules import NAMES_LENGTH, TITLE_LENGTH, WORDS_LENGTH
from frankpledge.records.meetings.vocabulary import Outcome

OUTCOMES = (
    (Outcome.AGREED.value, _("agreed")),
    (Outcome.AGREED_IN_PART.value, _("agreed in part")),
    (Outcome.REFUSED.value, _("refused")),
    (Outcome.PUT_OFF.value, _("put off")),
    (Outcome.NOTED.value, _("noted")),
)


class DecisionForm(forms.Form):
    """One decision."""

    title = forms.CharField(
        label=_("What was decided about?"),
        help_text=_("A few words, such as: a street drinking group in Quarry."),
        max_length=TITLE_LENGTH,
        error_messages={"required": _("Say in a few words what was decided about.")},
    )
    outcome = forms.ChoiceField(label=_("Outcome"), choices=OUTCOMES, widget=forms.RadioSelect, initial="agreed")
    decided = forms.CharField(
        label=_("What was decided?"),
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what was decided.")},
    )
    reasons = forms.CharField(
        label=_("Why?"),
        help_text=_("The reasons that were given. Name no person the partnership works with."),
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Give the reasons.")},
    )
    decided_by = forms.CharField(
        label=_("Who decided?"),
        help_text=_("The board or group, or a person’s name and post."),
        max_length=NAMES_LENGTH,
        error_messages={"required": _("Say who decided.")},
    )
    decided_on = forms.DateField(
        label=_("When?"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Give the day."), "invalid": _("Give the day as 21/11/2026.")},
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )
    figures = forms.CharField(
        label=_("Figures it rests on (optional)"),
        help_text=_("Their keys with commas between, such as: F12, F15."),
        required=False,
        max_length=600,
    )

    def figure_keys(self) -> list[str]:
        """The keys typed, as a list."""
        return [key.strip().upper() for key in self.cleaned_data["figures"].split(",") if key.strip()]
