"""What a person fills in about claims."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _text(label: Any, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": rows}), **options)


class DocumentForm(forms.Form):
    """A document to keep a ledger of."""

    title = forms.CharField(label=_("Title of the document"), max_length=200)
    edition = forms.CharField(
        label=_("Edition"), max_length=200, required=False, help_text=_("For example “Autumn 2026, to every home”")
    )


class ClaimForm(forms.Form):
    """A claim over figures."""

    words = _text(_("The words, as they are printed"), help_text=_("Copy the sentence with its number."))
    where = forms.CharField(label=_("Where they stand"), max_length=200, required=False)
    stated = forms.CharField(
        label=_("The number they state"),
        max_length=40,
        required=False,
        help_text=_("As printed, such as 44 or £98,000. Leave it empty if no figure is printed."),
    )
    unit = forms.CharField(
        label=_("Its unit"),
        max_length=60,
        required=False,
        help_text=_("For example %, £ per property, per 1,000 households"),
    )
    formula = forms.CharField(
        label=_("How it follows from figures"),
        max_length=400,
        help_text=_("Name figures by their key, as in F12 / F13 * 100, or percent(F12, F13)."),
    )


class CorrectForm(forms.Form):
    """A correction of a claim's words and number."""

    words = _text(_("The words, corrected"))
    stated = forms.CharField(label=_("The number they state"), max_length=40, required=False)
    because = _text(_("Why it is corrected"), 2)
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ExplainForm(forms.Form):
    """A signed explanation."""

    text = _text(_("The explanation, as it will be printed"), 4)


class SettleForm(forms.Form):
    """One count for the whole document."""

    quantity = forms.CharField(max_length=200, widget=forms.HiddenInput)
    value = forms.IntegerField(label=_("The count"), min_value=0)
    because = forms.CharField(
        label=_("Who says so"), max_length=2000, help_text=_("For example “police, letter of 3 October”")
    )
