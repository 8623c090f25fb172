"""What a person fills in about evidence: a file to add, and why a batch goes."""

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

SHORTEST_REASON, LONGEST_REASON = 10, 1_000


def _limit() -> str:
    return filesizeformat(settings.UPLOAD_LIMIT_BYTES).replace(".0\xa0", "\xa0")


def _what_fits() -> str:
    return _("CSV, .gz or .zip, up to %(limit)s") % {"limit": _limit()}


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
        widget=forms.FileInput(attrs={"accept": ".csv,.gz,.zip"}),
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is larger than one upload may be; what is in it is looked at by the work that reads it."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_LIMIT_BYTES:
            raise forms.ValidationError(
                _("That file is larger than %(limit)s. Send it in parts.") % {"limit": _limit()}
            )
        return file


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
