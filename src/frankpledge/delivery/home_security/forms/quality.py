"""Forms of calls after visits."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.analysis.survey import MOST_CHECKED
from frankpledge.delivery.home_security.forms import fields
from frankpledge.delivery.home_security.models.columns import TEXT_LENGTH
from frankpledge.delivery.home_security.rules.quality import MOST_A_WEEK, QUESTIONS, USUAL_A_WEEK, Answers
from frankpledge.delivery.home_security.vocabulary import CallOutcome

OUTCOMES = (
    (CallOutcome.REACHED.value, _("Reached: they answered")),
    (CallOutcome.NO_ANSWER.value, _("No answer")),
    (CallOutcome.SAID_NO.value, _("Reached, but would not say")),
    (CallOutcome.WRONG.value, _("The number does not work, or there is none")),
)
YES_NO = (("yes", _("Yes")), ("no", _("No")), ("", _("Did not say")))


class DrawForm(forms.Form):
    """How many homes to draw."""

    wanted = fields.count(_("How many homes"), most=MOST_A_WEEK, initial=USUAL_A_WEEK)


def _question(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=YES_NO, required=False, widget=forms.RadioSelect)


class CallForm(forms.Form):
    """A call sheet. The question about the alarm is there only where one was fitted."""

    outcome = forms.ChoiceField(
        label=_("What came of the call?"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what came of the call."), "invalid_choice": _("Choose an outcome.")},
    )
    content = _question(_("Are you content with the work?"))
    feels_safer = _question(_("Do you feel safer at home since?"))
    sets_alarm = _question(_("Do you set the alarm when you go out or to bed?"))
    said = forms.CharField(
        label=_("In their words"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What they say of the work, the crew, the alarm. No names of other people."),
    )
    complains = forms.BooleanField(
        label=_("They complain: something is to be done about it"),
        required=False,
        help_text=_("It waits on the page of calls until it is a claim, another visit, or settled."),
    )

    def __init__(self, *args: Any, has_alarm: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_alarm:
            del self.fields["sets_alarm"]

    def outcome_chosen(self) -> CallOutcome:
        """What came of the call."""
        return CallOutcome(self.cleaned_data["outcome"])

    def told(self) -> Answers:
        """The answers."""
        words = {"yes": True, "no": False}
        answers = {name: words.get(self.cleaned_data.get(name, "")) for name in QUESTIONS}
        return Answers(**answers, complains=self.cleaned_data["complains"], said=self.cleaned_data["said"])


class SettleForm(forms.Form):
    """What was done about a complaint."""

    what = fields.line(_("What was done about it"), _("Say what was done about it."))


class PercentForm(forms.Form):
    """Percentages somebody printed, and of how many answers they are said to be."""

    percent = forms.CharField(
        label=_("Percentages"),
        max_length=60,
        error_messages={"required": _("Enter at least one percentage.")},
    )
    answers = fields.count(_("Of how many answers"), most=MOST_CHECKED // 100)

    def clean_percent(self) -> tuple[list[float], int]:
        """The percentages and their decimal places."""
        words = self.cleaned_data["percent"].replace("%", " ").replace(",", " ").split()
        try:
            numbers = [float(word) for word in words]
        except ValueError:
            numbers = []
        places = max((len(word.partition(".")[2]) for word in words), default=0)
        if not numbers or len(numbers) > 6 or places > 2 or not all(0 <= number <= 100 for number in numbers):
            raise forms.ValidationError(_("Enter percentages from 0 to 100, such as 58, 38."))
        return numbers, places

    def asked(self) -> tuple[list[float], int, int]:
        """The percentages, their decimal places, and of how many answers."""
        percentages, places = self.cleaned_data["percent"]
        return percentages, places, self.cleaned_data["answers"]
