"""What a person fills in about evidence: a file to add, and why a batch goes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from frankpledge.records.incidents.settling import LONGEST_CELL

SHORTEST_REASON, LONGEST_REASON = 10, 1_000


def _limit() -> str:
    return filesizeformat(settings.UPLOAD_LIMIT_BYTES).replace(".0\xa0", "\xa0")


def _what_fits() -> str:
    return _("CSV, Excel (.xlsx), OpenDocument (.ods), .gz or .zip, up to %(limit)s") % {"limit": _limit()}


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("Choose a file"),
        help_text=lazy(_what_fits, str)(),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("That file is empty. Ask the sender for it again."),
            "invalid": _("No file arrived. Choose it again."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.tab,.txt,.xlsx,.ods,.gz,.zip"}),
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is larger than one upload may be; what is in it is looked at by the work that reads it."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_LIMIT_BYTES:
            raise forms.ValidationError(
                _("That file is larger than %(limit)s. Send it in parts.") % {"limit": _limit()}
            )
        return file


def _because(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_REASON,
        strip=True,
        error_messages={"max_length": _("Say it in 1,000 characters or fewer.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SettleRowForm(forms.Form):
    """The cells of one row in quarantine, to correct, and the reason why it is refused."""

    CORRECT, REFUSE = "correct", "refuse"

    because = _because(_("Why is it refused?"))

    def __init__(self, cells: Mapping[str, str], open_columns: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = {f"cell_{number}": column for number, column in enumerate(cells) if column in open_columns}
        for name, column in self.columns.items():
            self.fields[name] = forms.CharField(
                label=column, required=False, max_length=LONGEST_CELL, strip=False, initial=cells[column]
            )

    @property
    def cells(self) -> list[forms.BoundField]:
        """The fields of the cells, in the order of the file."""
        return [self[name] for name in self.columns]

    def changed(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Column -> what it now says, of those that were changed."""
        said = {column: self.cleaned_data.get(name, "") for name, column in self.columns.items()}
        return {column: text for column, text in said.items() if text != cells[column]}


class SettleReasonForm(forms.Form):
    """What becomes of all rows with the same fault."""

    RELEASE, REPLACE, REFUSE = "release", "replace", "refuse"

    what = forms.ChoiceField(
        label=_("What should happen to them?"),
        choices=[
            (RELEASE, _("Read them again as they are, by the rules of today")),
            (REPLACE, _("Change the same column in all of them, then read them again")),
            (REFUSE, _("Refuse them all")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what should happen."), "invalid_choice": _("Choose one of the three.")},
    )
    column = forms.ChoiceField(label=_("Column to change"), required=False)
    text = forms.CharField(
        label=_("What it should say"),
        help_text=_("Leave it empty to clear the cell."),
        required=False,
        max_length=LONGEST_CELL,
    )
    because = _because(_("If they are refused: why?"))

    def __init__(self, columns: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].choices = [("", ""), *((column, column) for column in columns)]  # type: ignore[attr-defined]

    def clean(self) -> None:
        """A change names its column, a refusal its reason."""
        super().clean()
        if self.cleaned_data.get("what") == self.REPLACE and not self.cleaned_data.get("column"):
            self.add_error("column", _("Choose the column."))
        if self.cleaned_data.get("what") == self.REFUSE and not self.cleaned_data.get("because"):
            self.add_error("because", _("Say why the rows are refused."))


class ReminderForm(forms.Form):
    """To whom a reminder goes, and what it says."""

    to = forms.EmailField(
        label=_("Send it to"),
        max_length=254,
        error_messages={"required": _("Enter an e-mail address."), "invalid": _("This is not an e-mail address.")},
    )
    text = forms.CharField(
        label=_("What it says"),
        max_length=4_000,
        error_messages={"required": _("Write what it says.")},
        widget=forms.Textarea(attrs={"rows": 14}),
    )


class WithdrawForm(forms.Form):
    """Why a batch is withdrawn, and whether the person has seen what will happen."""

    because = forms.CharField(
        label=_("Why is it withdrawn?"),
        help_text=_("For example: the police sent a corrected file; the agreement has ended. Name no person."),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        strip=True,
        error_messages={
            "required": _("Say why the batch is withdrawn."),
            "min_length": _("Say a little more, so that somebody understands it next year."),
            "max_length": _("Say it in 1,000 characters or fewer."),
        },
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
