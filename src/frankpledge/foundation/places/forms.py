"""The form that settles which home an address is."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

NONE = "none"


class SettleForm(forms.Form):
    """One of the homes offered, or none of them."""

    home = forms.ChoiceField(
        label=_("Which home is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a home, or none of these.")},
    )

    def __init__(self, *args: Any, homes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home"].choices = [*homes, (NONE, _("None of these"))]  # type: ignore[attr-defined]

    @property
    def uprn(self) -> str:
        """The home chosen; empty for none."""
        chosen = self.cleaned_data["home"]
        return "" if chosen == NONE else chosen
