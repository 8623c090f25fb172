"""Fields of the action register's pages. They never save."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.records.actions.models import NAME_LENGTH, TITLE_LENGTH
from frankpledge.records.actions.services import LONGEST_TEXT
from frankpledge.records.actions.vocabulary import Worked
from frankpledge.records.plan import selectors as plan

NOBODY = ("", _("Nobody yet"))


class ActionForm(forms.Form):
    """What is to be done, by whom, by when, and what for."""

    title = forms.CharField(
        label=_("What is to be done?"),
        help_text=_("Begin with a verb: “Fit locks at 40 homes on Tanner’s Row”."),
        max_length=TITLE_LENGTH,
        error_messages={"required": _("Say what is to be done.")},
    )
    output = forms.CharField(
        label=_("How will we see that it is done?"),
        help_text=_("The output: what will be there that was not there before."),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    lead = forms.ChoiceField(label=_("Lead agency"), required=False)
    owner = forms.ChoiceField(label=_("Who does it?"), required=False)
    due_text = forms.CharField(
        label=_("By when?"),
        help_text=_("For example 31/03/2027, March 2027 or “ongoing”. What is no date is kept as you write it."),
        required=False,
        max_length=NAME_LENGTH,
    )
    funder = forms.CharField(label=_("Whose money?"), required=False, max_length=NAME_LENGTH)
    priority_key = forms.ChoiceField(label=_("For which priority of the plan?"), required=False)
    milestone = forms.CharField(label=_("Milestone"), required=False, max_length=TITLE_LENGTH)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = agencies.people(today=timezone.localdate())
        choices = {
            "lead": [NOBODY, *((str(a.pk), a.name) for a in agencies.agencies())],
            "owner": [NOBODY, *((str(p.pk), p.name) for p in people if p.is_active)],
            "priority_key": [("", _("None yet")), *((p.key, p.title) for p in plan.priorities())],
        }
        for name, known in choices.items():
            given = str((self.initial or {}).get(name) or "")
            # What an older plan or a left colleague is called stays a choice, so that saving loses nothing.
            extra = [(given, given)] if given and given not in dict(known) else []
            self.fields[name].choices = known + extra  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Agency and person by number and by name."""
        told = super().clean() or self.cleaned_data
        for name, field in (("lead", "lead_agency"), ("owner", "owner")):
            chosen = told.pop(name, "")
            words = str(dict(self.fields[name].choices).get(chosen, "")) if chosen else ""  # type: ignore[attr-defined]
            told |= {f"{field}_id": int(chosen) if chosen.isdigit() else None, f"{field}_name": words}
        told["due_on"] = None
        return told


def initial_of(action: Any) -> dict[str, Any]:
    """What the form about an action holds at first."""
    return {
        "title": action.title,
        "output": action.output,
        "lead": str(action.lead_agency_id or action.lead_agency_name or ""),
        "owner": str(action.owner_id or action.owner_name or ""),
        "due_text": f"{action.due_on:%d/%m/%Y}" if action.due_on else action.due_text,
        "funder": action.funder,
        "priority_key": action.priority_key,
        "milestone": action.milestone,
        "version": action.version,
    }


class SayForm(forms.Form):
    """A few words: a note, what was done, or why."""

    text = forms.CharField(
        label=_("In a sentence or two"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say it in a sentence.")},
    )


class MoreTimeForm(SayForm):
    """A later day, and why."""

    due_on = forms.DateField(
        label=_("New date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": _("Enter a date."), "invalid": _("Enter a date such as 27/03/2027.")},
    )
    field_order = ("due_on", "text")


class WorkedForm(forms.Form):
    """Whether a finished action worked."""

    worked = forms.ChoiceField(choices=[(word.value, word.value) for word in Worked if word])
