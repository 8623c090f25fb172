"""Forms of the register of marking kits."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from frankpledge.delivery.home_security.vocabulary import KitAnswer, KitFate

MOST_BYTES = 2**20
FATES = ((KitFate.DAMAGED.value, gettext_lazy("damaged")), (KitFate.LOST.value, gettext_lazy("lost")))
TWO_HOMES = (
    (KitAnswer.FIRST.value, gettext_lazy("The first home keeps it; the second needs a new kit")),
    (KitAnswer.SECOND.value, gettext_lazy("It belongs to the second home")),
    (KitAnswer.NEITHER.value, gettext_lazy("Neither keeps it: take the code out of use")),
)
UNREADABLE = (
    (KitAnswer.READ.value, gettext_lazy("The code was read again; it is:")),
    (KitAnswer.NO_KIT.value, gettext_lazy("No kit was left there")),
)


class ConfirmForm(forms.Form):
    """Codes the national database confirms, pasted or as a file."""

    codes = forms.CharField(
        label=gettext_lazy("Codes it confirms"),
        help_text=gettext_lazy("One to a line, or a table with a heading “code”."),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    file = forms.FileField(label=gettext_lazy("or the file it sent (CSV)"), required=False)
    on = forms.DateField(
        label=gettext_lazy("Day on which it registered them"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Enter the day on which they were registered."),
            "invalid": gettext_lazy("Enter the day on which they were registered."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        """The text of whichever was given; both together are too many."""
        told = super().clean() or self.cleaned_data
        file = told.get("file")
        if file and told.get("codes", "").strip():
            raise forms.ValidationError(gettext("Paste the codes or choose a file, not both."))
        told["text"] = self._text(file) if file else told.get("codes", "")
        if not told["text"].strip():
            raise forms.ValidationError(gettext("Paste the codes, or choose the file the database sent."))
        return told

    def _text(self, file: UploadedFile) -> str:
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(gettext("The file is larger than 1 MB: that is no list of codes."))
        content = file.read()
        if b"\0" in content:
            raise forms.ValidationError(gettext("This is not a text file. Save the sheet as CSV and choose that."))
        try:
            return str(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return str(content.decode("cp1252", errors="replace"))


class OutOfUseForm(forms.Form):
    """A kit that was damaged or lost."""

    code = forms.CharField(
        label=gettext_lazy("Code of the kit"),
        max_length=40,
        error_messages={"required": gettext_lazy("Enter the code of the kit.")},
    )
    because = forms.ChoiceField(label=gettext_lazy("What became of it"), choices=FATES, widget=forms.RadioSelect)


class SettleCodeForm(forms.Form):
    """Whose a code is."""

    answer = forms.ChoiceField(label=gettext_lazy("What did you find out?"), widget=forms.RadioSelect)
    code = forms.CharField(label=gettext_lazy("The code, read again"), max_length=40, required=False)

    def __init__(self, *args: Any, two_homes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = TWO_HOMES if two_homes else UNREADABLE  # type: ignore[attr-defined]
        if two_homes:
            del self.fields["code"]


class LookUpForm(forms.Form):
    """The code of a recovered item, and why it is looked up."""

    code = forms.CharField(
        label=gettext_lazy("Code on the item"),
        help_text=gettext_lazy("For example SD7 4413 90K. Gaps and capitals do not matter; O is read as 0, I as 1."),
        max_length=40,
        error_messages={"required": gettext_lazy("Enter the code on the item.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Crime reference, or why you look it up"),
        help_text=gettext_lazy("It is kept with your name, whether the code is found or not."),
        max_length=200,
        error_messages={
            "required": gettext_lazy("Say why you look it up: the crime reference, or where the item was found.")
        },
    )
