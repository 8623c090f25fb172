"""Forms of watches."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.delivery.area_schemes.forms import fields
from frankpledge.delivery.area_schemes.models.columns import NAME_LENGTH
from frankpledge.delivery.area_schemes.vocabulary import WatchKind, WatchState

KINDS: fields.Choices = [
    (WatchKind.HOME.value, _("Home watch")),
    (WatchKind.NEIGHBOURHOOD.value, _("Neighbourhood watch")),
    (WatchKind.BUSINESS.value, _("Business watch")),
]
STATES: fields.Choices = [
    (WatchState.FORMING.value, _("Forming")),
    (WatchState.ACTIVE.value, _("Active")),
    (WatchState.RESTING.value, _("Resting")),
    (WatchState.ENDED.value, _("Ended")),
]


class WatchForm(forms.Form):
    """A watch and the areas it watches."""

    name = fields.line(_("Name of the watch"), most=NAME_LENGTH)
    kind = forms.ChoiceField(label=_("Whose watch it is"), choices=KINDS, widget=forms.RadioSelect)
    state = forms.ChoiceField(label=_("How it stands"), choices=STATES, widget=forms.RadioSelect)
    spots = forms.MultipleChoiceField(
        label=_("Hot spots it watches"), required=False, widget=forms.CheckboxSelectMultiple
    )
    wards = forms.MultipleChoiceField(
        label=_("Whole wards it watches"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = fields.words(
        _("Other small areas"), most=2_000, hint=_("Codes or names, one to a line: a small area is a few streets.")
    )
    members = fields.number(_("Members"), low=0, high=100_000, required=False)
    counted_on = fields.day(_("Counted on"), required=False)
    coordinator = fields.line(
        _("Coordinator"), most=NAME_LENGTH, required=False, hint=_("Seen only by those who run area schemes.")
    )
    contact = forms.EmailField(
        label=_("Mailbox"), required=False, max_length=NAME_LENGTH,
        help_text=_("A mailbox of the watch, not somebody’s own. Seen only by those who run area schemes."),
        error_messages={"invalid": _("Enter an e-mail address, such as watch@aldercombe.example.")},
    )  # fmt: skip

    def __init__(self, *args: Any, spots: list[tuple[str, str]], wards: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["spots"].choices = spots  # type: ignore[attr-defined]
        self.fields["wards"].choices = wards  # type: ignore[attr-defined]
        if not spots:
            del self.fields["spots"]

    def clean(self) -> dict[str, Any]:
        """All areas as one list, words as their kinds."""
        told = dict(super().clean() or self.cleaned_data)
        others = [part.strip() for part in re.split(r"[\n,;]+", told.pop("others", "")) if part.strip()]
        told["areas"] = [*told.pop("spots", []), *told.pop("wards", []), *others]
        if told.get("kind"):
            told["kind"] = WatchKind(told["kind"])
        if told.get("state"):
            told["state"] = WatchState(told["state"])
        return told
