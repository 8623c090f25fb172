"""What people fill in: which area, words beside figures, who decided, scores, requests."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.analysis.scan_matrix import Confidence
from frankpledge.oversight.assessment.rules import WORDS_LENGTH
from frankpledge.oversight.assessment.vocabulary import PROFILE_PARTS, RequestKind
from frankpledge.records.meetings.forms import OUTCOMES
from frankpledge.records.meetings.rules import NAMES_LENGTH
from frankpledge.vocabulary.crime_types import CrimeType

TITLE_LENGTH = 200
Groups = list[tuple[str, list[tuple[str, str]]]]


class AreaForm(forms.Form):
    """Which area an assessment, a scan or a request is about."""

    area = forms.ChoiceField(label=_("Area"), help_text=_("A district, a ward or a priority neighbourhood."))

    def __init__(self, *args: Any, areas: Groups, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    """An analyst's words beside a section's figures."""

    words = forms.CharField(
        label=_("Your words"),
        help_text=_(
            "What the figures mean, and what is known besides. Left empty, the first sentences above are printed. "
            "Name no person."
        ),
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    included = forms.BooleanField(label=_("This section is part of the assessment"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class DecisionForm(forms.Form):
    """Who decided, when and why."""

    decided_by = forms.CharField(
        label=_("Who decided?"),
        help_text=_("The board or group, or a person’s name and post."),
        max_length=NAMES_LENGTH,
        error_messages={"required": _("Say who decided.")},
    )
    decided_on = forms.DateField(
        label=_("When?"),
        widget=forms.DateInput(attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": _("Give the day."), "invalid": _("Give the day as 21/11/2026.")},
    )
    reasons = forms.CharField(
        label=_("Why?"),
        help_text=_("The reasons given. Name no person the partnership works with."),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Give the reasons.")},
    )


class AnswerForm(DecisionForm):
    """The answer to a request."""

    outcome = forms.ChoiceField(label=_("Answer"), choices=OUTCOMES, widget=forms.RadioSelect)
    decided = forms.CharField(
        label=_("What was decided?"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what was decided.")},
    )
    field_order = ("outcome", "decided", "reasons", "decided_by", "decided_on")


class TemplateForm(forms.Form):
    """The council's own Word template."""

    file = forms.FileField(
        label=_("Your council’s Word template (.docx)"),
        help_text=_("It holds {{ title }}, {{ partnership }} and, where the text goes, {{ body }}."),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={"required": _("Choose a file first.")},
    )


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


LARGEST_EXPORTS = 20 * 1024 * 1024  # bytes of all exported editions of one county view


class _FilesField(forms.FileField):
    """Several files in one field."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file, checked alone."""
        files = data if isinstance(data, list | tuple) else [data]
        checked = [super(_FilesField, self).clean(one, initial) for one in files]
        if sum(one.size or 0 for one in checked if one) > LARGEST_EXPORTS:
            raise forms.ValidationError(_("These files are larger than 20 MB together. Send exported editions alone."))
        return checked


class CountyForm(forms.Form):
    """Exported editions of several districts."""

    title = forms.CharField(
        label=_("Name of the view"),
        help_text=_("Such as: Leicestershire, spring 2026."),
        max_length=TITLE_LENGTH,
        error_messages={"required": _("Give the view a name, such as the county’s.")},
    )
    editions = _FilesField(
        label=_("Exported editions"),
        help_text=_("The files that “Data (JSON)” of each district’s edition gives; choose two or more together."),
        widget=_SeveralFiles(attrs={"accept": ".json"}),
        error_messages={"required": _("Choose the files first.")},
    )


class DrawForm(forms.Form):
    """The name of a problem profile; the question stands in the address."""

    title = forms.CharField(label=_("Name of the profile"), max_length=TITLE_LENGTH, required=False)


class ProfileWordsForm(forms.Form):
    """Words for each part of a profile."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for part in PROFILE_PARTS:
            self.fields[part.key] = forms.CharField(
                label=_(part.label),
                help_text=_(part.ask),
                required=False,
                max_length=WORDS_LENGTH,
                widget=forms.Textarea(attrs={"rows": 4}),
            )


class RequestForm(AreaForm):
    """A request for a new group or service."""

    title = forms.CharField(
        label=_("What is asked for?"),
        help_text=_("Such as: a street drinking group in Quarry."),
        max_length=TITLE_LENGTH,
        error_messages={"required": _("Say what is asked for.")},
    )
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[
            (RequestKind.GROUP.value, _("a new group")),
            (RequestKind.SERVICE.value, _("a new service")),
            (RequestKind.FUNDING.value, _("money for something that runs already")),
            (RequestKind.OTHER.value, _("something else")),
        ],
        widget=forms.RadioSelect,
    )
    asked_by = forms.CharField(
        label=_("Who asks?"), max_length=TITLE_LENGTH, error_messages={"required": _("Say who asks.")}
    )
    asked_on = forms.DateField(
        label=_("When?"),
        widget=forms.DateInput(attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": _("Give the day."), "invalid": _("Give the day as 21/11/2026.")},
    )
    why = forms.CharField(
        label=_("What do they say is the need?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4_000,
        error_messages={"required": _("Say what need is claimed.")},
    )
    themes = forms.MultipleChoiceField(
        label=_("Which types of crime or disorder is it about?"),
        help_text=_("The assessment answers for these."),
        choices=[(kind.value, _(kind.label)) for kind in CrimeType if kind.counted],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one: else the assessment has nothing to answer.")},
    )
    field_order = ("title", "kind", "asked_by", "asked_on", "why", "themes", "area")


class ScanStartForm(AreaForm):
    """A new scan."""

    title = forms.CharField(label=_("Name of the scan"), required=False, max_length=TITLE_LENGTH)
    field_order = ("title", "area")


CONFIDENCES = (
    (Confidence.HIGH.value, _("high")),
    (Confidence.MEDIUM.value, _("medium")),
    (Confidence.LOW.value, _("low")),
)


class ScoresForm(forms.Form):
    """Weights, and for each issue its scores, confidence and reasons; three empty rows to add issues."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, criteria: list[dict[str, Any]], top: int, issues: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.criteria, self.rows = criteria, len(issues)
        for one in criteria:
            self.fields[f"weight-{one['key']}"] = forms.FloatField(
                label=_("Weight of %(name)s") % {"name": _(one["label"])}, min_value=0, max_value=1_000
            )
        choices = [("", "–"), *((str(score), str(score)) for score in range(top + 1))]
        for row in range(self.rows):
            self.fields[f"name-{row}"] = forms.CharField(label=_("Issue"), required=False, max_length=TITLE_LENGTH)
            for one in criteria:
                self.fields[f"{one['key']}-{row}"] = forms.ChoiceField(
                    label=_(one["label"]), choices=choices, required=False
                )
            self.fields[f"confidence-{row}"] = forms.ChoiceField(
                label=_("Confidence"), choices=CONFIDENCES, required=False
            )
            self.fields[f"reasons-{row}"] = forms.CharField(
                label=_("Reasons"), required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 2})
            )

    def weights(self) -> dict[str, float]:
        """key -> weight."""
        return {one["key"]: self.cleaned_data[f"weight-{one['key']}"] for one in self.criteria}

    def issues(self) -> list[dict[str, Any]]:
        """The rows that have a name."""
        said = self.cleaned_data
        return [
            {
                "name": said[f"name-{row}"],
                "scores": {
                    one["key"]: int(said[f"{one['key']}-{row}"])
                    for one in self.criteria
                    if said.get(f"{one['key']}-{row}") not in ("", None)
                },
                "confidence": said.get(f"confidence-{row}") or Confidence.MEDIUM.value,
                "reasons": said.get(f"reasons-{row}", ""),
            }
            for row in range(self.rows)
            if said.get(f"name-{row}")
        ]
