"""Fields of an indicator's description and of a figure filled in by hand. They never save."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.places import selectors as places
from frankpledge.records.indicators import rules
from frankpledge.records.indicators.models import NAME_LENGTH, WORDS_LENGTH
from frankpledge.records.indicators.services import LONGEST_TEXT, PAGE_LENGTH
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.figures import (
    Aggregation,
    Calendar,
    Completeness,
    DisclosureRule,
    PeriodLength,
    Polarity,
)
from frankpledge.vocabulary.questions import Measure, Question
from frankpledge.vocabulary.units import Unit

NOBODY = ("", _("Nobody yet"))
COMPUTED = (Measure.COUNT, Measure.RATE_PER_1000_HOUSEHOLDS, Measure.RATE_PER_1000_RESIDENTS)
HINTS: Mapping[str, Any] = {
    Aggregation.SUM: _("sum: quarters add up to the year"),
    Aggregation.MEAN: _("mean: the year is the average of its quarters"),
    Aggregation.ROLLING_YEAR: _("rolling year: each figure is already of twelve months"),
    Aggregation.LATEST: _("latest: the newest figure stands for the year"),
}


def _choices(words: Any) -> list[tuple[str, Any]]:
    return [(word.value, HINTS.get(word) or _(word.value)) for word in words]


def _text(label: Any, hint: Any = "", *, rows: int = 0, required: bool = False, length: int = 0) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=length or (LONGEST_TEXT if rows else WORDS_LENGTH),
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput,
        error_messages={"required": _("This must be said: figures mean nothing without it.")},
    )


class IndicatorForm(forms.Form):
    """What is counted, how it adds up, who answers for it, what to know of it."""

    name = _text(_("Name"), _("What people will read, with its unit."), required=True, length=NAME_LENGTH)
    definition = _text(_("Definition"), _("What is counted and what is not."), rows=3, required=True)
    unit = forms.ChoiceField(label=_("Unit"), choices=_choices(Unit))
    numerator = _text(_("Numerator"), _("What stands above the line."))
    denominator = _text(_("Denominator"), _("What stands below the line, for a rate."))
    denominator_edition = _text(
        _("Version of the denominator"), _("For example: mid-2001 estimate."), length=NAME_LENGTH
    )
    area = forms.ChoiceField(label=_("Place"), required=False)
    measure = forms.ChoiceField(
        label=_("Work it out from the evidence?"),
        required=False,
        choices=[("", _("No: somebody fills it in"))] + [(word.value, _(word.value)) for word in COMPUTED],
    )
    crime_type = forms.ChoiceField(
        label=_("Which events?"),
        required=False,
        choices=[("", _("All of them")), *((kind.value, _(kind.label)) for kind in CrimeType)],
        help_text=_("Only where it is worked out from the evidence."),
    )
    polarity = forms.ChoiceField(label=_("Which way is better?"), choices=_choices(Polarity), widget=forms.RadioSelect)
    aggregation = forms.ChoiceField(
        label=_("How do shorter periods make a year?"), choices=_choices(Aggregation), widget=forms.RadioSelect
    )
    period = forms.ChoiceField(label=_("A figure every"), choices=_choices(PeriodLength), initial="quarter")
    calendar = forms.ChoiceField(label=_("Years of the calendar"), choices=_choices(Calendar))
    source = _text(_("Source"), _("The system or document it comes from."))
    owed_by = forms.ChoiceField(label=_("Agency that sends it"), required=False)
    owner = forms.ChoiceField(label=_("Who answers for it?"), required=False)
    due_days_after = forms.IntegerField(
        label=_("Due how many days after the period?"), min_value=0, max_value=366, initial=28
    )
    what_good_looks_like = _text(_("What good looks like"), rows=2)
    weaknesses = _text(_("Known weaknesses"), _("One on a line."), rows=4)
    disclosure = forms.ChoiceField(label=_("Who may see it"), choices=_choices(DisclosureRule))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = _areas()  # type: ignore[attr-defined]
        self.fields["owed_by"].choices = [NOBODY, *((str(a.pk), a.name) for a in agencies.agencies())]  # type: ignore[attr-defined]
        self.fields["owner"].choices = [NOBODY, *people()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The choices become what the services take: area, agency and person by number and by name."""
        told = super().clean() or self.cleaned_data
        names = {name: dict(_flat(self.fields[name].choices)) for name in ("area", "owed_by", "owner")}  # type: ignore[attr-defined]
        area, sender, owner = told.pop("area", ""), told.pop("owed_by", ""), told.pop("owner", "")
        told |= {"area_code": area, "area_name": str(names["area"].get(area, "")) if area else ""}
        told |= {"owed_by_agency_id": int(sender) if sender else None}
        told |= {"owed_by_agency_name": str(names["owed_by"][sender]) if sender else ""}
        told |= {"owner_id": int(owner) if owner else None, "owner_name": str(names["owner"][owner]) if owner else ""}
        kind, measure = told.pop("crime_type", ""), told.get("measure", "")
        told["question"] = None
        if measure:
            if not area:
                self.add_error("area", _("Choose the place whose events are counted."))
            if Measure(measure).unit != told.get("unit"):
                self.add_error("unit", _("That is not the unit of what is worked out from the evidence."))
            asked = Question(area=area, crime_types=(CrimeType(kind),) if kind else ())
            told["question"] = asked.as_dict()
        return told


def initial_of(indicator: Any) -> dict[str, Any]:
    """What the form about an indicator holds at first."""
    held = {name: getattr(indicator, name) for name in IndicatorForm.base_fields if hasattr(indicator, name)}
    kinds = (indicator.question or {}).get("crime_types") or [""]
    return held | {
        "area": indicator.area_code,
        "owed_by": str(indicator.owed_by_agency_id or ""),
        "owner": str(indicator.owner_id or ""),
        "crime_type": kinds[0],
    }


class _Number(forms.CharField):
    """A number as people paste it, with currency signs and footnotes; None for *t.b.c.* and for nothing."""

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if not said:
            return None
        try:
            return rules.read_number(said)
        except DataProblem as problem:
            raise forms.ValidationError(problem.sentence) from problem


class FigureForm(forms.Form):
    """One period's figure, told by the person who answers for it."""

    period = forms.ChoiceField(label=_("Period"))
    value = _Number(
        label=_("Value"),
        help_text=_("As your document prints it. Write t.b.c. where it is not known yet."),
        error_messages={"required": _("Enter the value, or t.b.c.")},
    )
    completeness = forms.ChoiceField(
        label=_("Is it all of it?"),
        choices=[
            (Completeness.COMPLETE.value, _("Yes")),
            (Completeness.AT_LEAST.value, _("No: at least this many, part is to be confirmed")),
        ],
        widget=forms.RadioSelect,
        initial=Completeness.COMPLETE.value,
    )
    numerator = _Number(label=_("Numerator"), required=False, help_text=_("How many, above the line."))
    denominator = _Number(label=_("Denominator"), required=False, help_text=_("Out of how many."))
    denominator_edition = _text(_("Version of the denominator"), length=NAME_LENGTH)
    n = forms.IntegerField(
        label=_("Number of answers (n)"), required=False, min_value=0, help_text=_("For a survey: how many were asked.")
    )
    document = _text(_("Where does it stand?"), _("The report, system or e-mail it comes from."), required=True)
    page = _text(_("Page"), length=PAGE_LENGTH)

    def __init__(self, *args: Any, periods: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = periods  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A value that is to be confirmed is marked so."""
        told = super().clean() or self.cleaned_data
        if "value" in told and told["value"] is None:
            told["completeness"] = Completeness.TO_BE_CONFIRMED.value
        return told


class ReleaseForm(forms.Form):
    """Which figures the whole partnership may see, and why."""

    figures = forms.MultipleChoiceField(
        label=_("Which figures?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one figure.")},
    )
    rounded = forms.BooleanField(
        label=_("Round to the nearest 5 where fewer than five stand behind a figure"), required=False
    )
    because = _text(_("Why may everybody see them?"), _("For example: the plan’s target rests on it."), required=True)

    def __init__(self, *args: Any, figures: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["figures"].choices = [(row["figure"].key, _release_words(row)) for row in figures]  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {"keys": data["figures"], "rounded": data["rounded"], "because": data["because"]}


def _release_words(row: dict[str, Any]) -> str:
    figure = row["figure"]
    words = f"{figure.key} · {figure.name}, {row['period']}: {row['words']}"
    return words + (" · " + gettext("fewer than five stand behind it") if row["small"] else "")


class TakeBackForm(forms.Form):
    """Why a release ends."""

    because = _text(_("Why is it taken back?"), required=True)


def people() -> list[tuple[str, str]]:
    """Everybody with an open account, by name."""
    from django.utils import timezone

    return [(str(p.pk), p.name) for p in agencies.people(today=timezone.localdate()) if p.is_active]


def _areas() -> list[tuple[str, Any]]:
    welsh = get_language() == "cy"
    groups: list[tuple[str, Any]] = [("", _("The whole partnership"))]
    for level, areas in places.area_choices().items():
        named = [(area.code, (area.welsh_name if welsh else None) or area.name) for area in areas]
        groups += [(gettext(level.value), named)] if named else []
    return groups


def _flat(choices: Any) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for value, words in choices:
        pairs += list(words) if isinstance(words, list | tuple) else [(value, words)]
    return pairs
