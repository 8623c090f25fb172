"""The form about the partnership itself: fields, words, shape of input. It never saves."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from frankpledge.foundation.agencies.services import NAME_LENGTH
from frankpledge.foundation.agencies.vocabulary import COLOUR
from frankpledge.foundation.places import selectors as places
from frankpledge.vocabulary.areas import AreaLevel

Choices = list[tuple[str, Any]]


class PartnershipForm(forms.Form):
    """What the partnership is called, its colour, and its own area."""

    name = forms.CharField(
        label=_("Name of the partnership"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Enter the partnership’s name.")},
    )
    welsh_name = forms.CharField(
        label=_("Its name in Welsh"),
        help_text=_("Leave it empty if it has none."),
        max_length=NAME_LENGTH,
        required=False,
    )
    colour = forms.RegexField(
        rf"^{COLOUR.pattern}\Z",
        label=_("Colour of the band at the top of each page"),
        help_text=_("Such as #17315c. On a light colour the words turn dark by themselves."),
        error_messages={
            "required": _("Enter a colour such as #17315c."),
            "invalid": _("Enter a colour such as #17315c."),
        },
    )
    own_area = forms.ChoiceField(
        label=_("Its own area"),
        help_text=_("Pages begin with it."),
        required=False,
        error_messages={"invalid_choice": _("Choose an area from the list.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["own_area"].choices = _areas()  # type: ignore[attr-defined]


def _areas() -> Choices:
    known = places.area_choices()
    welsh = get_language() == "cy"
    groups: Choices = [("", _("The district it is named after"))]
    for level, words in ((AreaLevel.DISTRICT, gettext("Districts")), (AreaLevel.PARTNERSHIP, gettext("Partnerships"))):
        areas = [(area.code, (area.welsh_name if welsh else None) or area.name) for area in known.get(level, [])]
        groups += [(words, areas)] if areas else []
    return groups
