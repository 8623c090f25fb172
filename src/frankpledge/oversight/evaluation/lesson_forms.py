"""What a person fills in about a lesson learned."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.oversight.evaluation.lessons import LONGEST
from frankpledge.oversight.evaluation.models import NAME_LENGTH, SENTENCE_LENGTH, WORD_LENGTH
from frankpledge.oversight.evaluation.vocabulary import LessonAbout, LessonOutcome

OUTCOMES = (
    (LessonOutcome.DID_NOT.value, _("did not work")),
    (LessonOutcome.CANNOT_TELL.value, _("cannot be told")),
    (LessonOutcome.WORKED.value, _("worked")),
)
ABOUTS = (
    (LessonAbout.MEASURE.value, _("a safe homes measure")),
    (LessonAbout.VISITS.value, _("crews and visits")),
    (LessonAbout.STOCK.value, _("stock")),
    (LessonAbout.RECRUITMENT.value, _("recruitment")),
    (LessonAbout.COMMUNICATION.value, _("communication")),
    (LessonAbout.PARTNERSHIP.value, _("the partnership")),
)


def _text(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}), **options)


class LessonForm(forms.Form):
    """A lesson. ``version`` is the one the person had before them."""

    about = forms.ChoiceField(label=_("What is it about?"), choices=ABOUTS)
    tried = _text(_("What was tried?"))
    expected = _text(_("What was expected of it?"))
    happened = _text(_("What happened?"), help_text=_("With the numbers, of how many. Name nobody."))
    outcome = forms.ChoiceField(
        label=_("Did it work?"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        help_text=_("Without a figure, claim or page it rests on, it cannot be told."),
    )
    figure_key = forms.CharField(
        label=_("Key of the figure it rests on (optional)"),
        help_text=_("Such as F12."),
        required=False,
        max_length=WORD_LENGTH,
    )
    rests_on = forms.CharField(
        label=_("Or the claim, or the document and its page (optional)"), required=False, max_length=SENTENCE_LENGTH
    )
    again = _text(_("What would you do again, or otherwise?"))
    said_by = forms.CharField(
        label=_("Who says so?"), max_length=NAME_LENGTH, help_text=_("Name and post, or a group.")
    )
    said_on = forms.DateField(
        label=_("When?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": _("Give the day."), "invalid": _("Give the day as 21/11/2026.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def said(self) -> dict[str, Any]:
        """What was filled in, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
