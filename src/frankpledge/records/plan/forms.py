"""What a person fills in about the plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.records.plan.vocabulary import QUARTERS, WHOLE_YEAR, Aim, LinkWay, MilestoneState, ReviewOutcome

DAY = _("For example 31/3/2027")
FORMATS = ["%d/%m/%Y", "%d %B %Y", "%Y-%m-%d"]


def _text(label: Any, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=FORMATS,
        help_text=options.pop("help_text", DAY),
        widget=forms.DateInput(format="%d/%m/%Y"),
        error_messages={"invalid": _("That is not a date. Write it as 31/3/2027.")},
        **options,
    )


class PlanForm(forms.Form):
    """The head of a plan."""

    title = forms.CharField(label=_("Title of the plan"), max_length=200)
    first_year = forms.IntegerField(
        label=_("First year"), help_text=_("2024 for the financial year that begins in April 2024")
    )
    years = forms.IntegerField(label=_("How many years"), initial=3, min_value=1, max_value=6)
    aim = _text(_("What the partnership wants, in a sentence or two"))


class HeadForm(forms.Form):
    """What stands at the head of a plan."""

    title = forms.CharField(label=_("Title of the plan"), max_length=200)
    label = forms.CharField(label=_("Name of this version"), max_length=200, required=False)
    area_name = forms.CharField(label=_("Area"), max_length=200, required=False)
    aim = _text(_("What the partnership wants, in a sentence or two"))


class VersionForm(forms.Form):
    """The yearly refresh."""

    label = forms.CharField(
        label=_("Name of the new version"), max_length=200, help_text=_("For example Refresh 2025/26")
    )


class PublishForm(forms.Form):
    """Nothing to fill in: the button is the answer."""


class PriorityForm(forms.Form):
    """A priority: why, on what evidence, who leads, and the four questions."""

    title = forms.CharField(label=_("Priority"), max_length=200)
    why = _text(_("Why is it a priority?"), 4)
    figure_keys = forms.CharField(
        label=_("Figures it rests on"), required=False, max_length=400, help_text=_("Their keys, such as F12, F15")
    )
    lead_agency = forms.ChoiceField(label=_("Lead agency"), required=False)
    victims = _text(_("Victims: who suffers?"), 2)
    offenders = _text(_("Offenders: who does it?"), 2)
    locations = _text(_("Location: where?"), 2)
    times = _text(_("Time: when?"), 2)

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["lead_agency"].choices = [("", _("not decided yet")), *agencies]  # type: ignore[attr-defined]

    def clean_figure_keys(self) -> list[str]:
        """Keys as a list."""
        return [key.strip().upper() for key in self.cleaned_data["figure_keys"].replace(";", ",").split(",")]


class ObjectiveForm(forms.Form):
    """What a priority wants to change."""

    title = forms.CharField(label=_("Objective"), max_length=400)
    subject = forms.CharField(
        label=_("Its subject, in a word or two"),
        required=False,
        max_length=80,
        help_text=_("Such as burglary or domestic abuse. Two objectives on one subject are compared."),
    )
    aim = forms.ChoiceField(
        label=_("Which way should it go?"),
        choices=[
            (Aim.FEWER.value, _("Fewer")),
            (Aim.MORE.value, _("More")),
            (Aim.NEITHER.value, _("Neither, or not to be counted")),
        ],
        widget=forms.RadioSelect,
    )


class TargetForm(forms.Form):
    """A target on its baseline."""

    title = forms.CharField(label=_("Target, in words"), max_length=400)
    indicator_id = forms.ChoiceField(label=_("Indicator"), required=False)
    baseline_figure_key = forms.ChoiceField(
        label=_("Baseline: the figure it is measured against"),
        required=False,
        help_text=_("Its value, its period and its unit come with it."),
    )
    value = forms.DecimalField(label=_("Target value"), required=False)
    change_percent = forms.DecimalField(
        label=_("Or a change of the baseline, in per cent"),
        required=False,
        help_text=_("Such as -20 for a fifth fewer"),
    )
    due_on = _day(_("To be reached by"), required=False)

    def __init__(
        self, *args: Any, indicators: list[tuple[str, str]], figures: list[tuple[str, str]], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.fields["baseline_figure_key"].choices = [("", _("none yet")), *figures]  # type: ignore[attr-defined]
        self.fields["indicator_id"].choices = [("", _("none yet")), *indicators]  # type: ignore[attr-defined]

    def clean_indicator_id(self) -> int | None:
        """Its number."""
        return int(self.cleaned_data["indicator_id"]) if self.cleaned_data["indicator_id"] else None


class ProfileForm(forms.Form):
    """The quarters of a target, four fields for each year."""

    method = _text(_("How it was drawn"), 2)
    adds_up = forms.BooleanField(label=_("The four quarters add up to their year"), required=False)

    def __init__(self, *args: Any, quarters: list[tuple[int, int, str]], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.quarters = [(year, quarter) for year, quarter, _label in quarters]
        for year, quarter, label in quarters:
            self.fields[f"q{year}_{quarter}"] = forms.DecimalField(label=label, required=False, min_value=0)

    def values(self) -> dict[int, dict[int, Any]]:
        """Values by year and quarter; quarter 0 is their sum where they add up."""
        found: dict[int, dict[int, Any]] = {}
        for year, quarter in self.quarters:
            value = self.cleaned_data.get(f"q{year}_{quarter}")
            if value is not None:
                found.setdefault(year, {})[quarter] = value
        for by_quarter in found.values():
            if self.cleaned_data["adds_up"] and len(by_quarter) == len(QUARTERS):
                by_quarter[WHOLE_YEAR] = sum(by_quarter.values())
        return found


class ReviewForm(forms.Form):
    """The yearly review of a target."""

    outcome = forms.ChoiceField(
        label=_("What did the partnership decide?"),
        choices=[
            (ReviewOutcome.KEEP.value, _("Keep it")),
            (ReviewOutcome.CHANGE.value, _("Change it")),
            (ReviewOutcome.DROP.value, _("Drop it")),
        ],
        widget=forms.RadioSelect,
    )
    value = forms.DecimalField(label=_("New value, if it changes"), required=False)
    due_on = _day(_("New date, if it changes"), required=False)
    reason = forms.CharField(
        label=_("Why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Published with the plan."),
    )
    reviewed_on = _day(_("Day of the review"))


class MilestoneForm(forms.Form):
    """A dated step, or one that goes on."""

    title = forms.CharField(label=_("Milestone"), max_length=400)
    key_action = _text(_("Key action"), 2)
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    due_on = _day(_("Due on"), required=False)
    ongoing = forms.BooleanField(label=_("It goes on: there is no last day"), required=False)
    agency = forms.ChoiceField(label=_("Agency"), required=False)
    owner_name = forms.CharField(label=_("Owner"), required=False, max_length=200)

    def __init__(
        self, *args: Any, priorities: list[tuple[str, str]], agencies: list[tuple[str, str]], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.fields["priority"].choices = [("", _("none")), *priorities]  # type: ignore[attr-defined]
        self.fields["agency"].choices = [("", _("none")), *agencies]  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    """What became of a milestone."""

    state = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[
            (MilestoneState.DONE.value, _("Done")),
            (MilestoneState.OPEN.value, _("Still open")),
            (MilestoneState.DROPPED.value, _("Dropped")),
        ],
        widget=forms.RadioSelect,
    )
    done_on = _day(_("Done on"), required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=400, help_text=_("To drop a milestone, say why.")
    )


class AimForm(forms.Form):
    """An aim of another strategy."""

    title = forms.CharField(label=_("Aim of another strategy"), max_length=200)
    body = forms.CharField(label=_("Whose strategy"), required=False, max_length=200)


class LinkForm(forms.Form):
    """A cell of the priorities matrix."""

    objective = forms.ChoiceField(label=_("Our objective"))
    aim = forms.ChoiceField(label=_("Their aim"))
    way = forms.ChoiceField(
        label=_("Who helps whom"),
        choices=[
            (LinkWay.WE_HELP.value, _("Our objective helps their aim")),
            (LinkWay.THEY_HELP.value, _("Their aim helps our objective")),
            (LinkWay.BOTH.value, _("Both ways")),
            ("", _("Neither: empty the cell")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("How"), required=False, max_length=400)

    def __init__(self, *args: Any, objectives: list[tuple[str, str]], aims: list[tuple[str, str]], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["objective"].choices = objectives  # type: ignore[attr-defined]
        self.fields["aim"].choices = aims  # type: ignore[attr-defined]
