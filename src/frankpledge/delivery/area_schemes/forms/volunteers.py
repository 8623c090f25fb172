"""Forms of volunteers' shifts."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.delivery.area_schemes.forms import fields
from frankpledge.delivery.area_schemes.models.columns import NAME_LENGTH

HOURS: fields.Choices = [(str(hour), f"{hour:02d}:00") for hour in range(24)]


class ShiftForm(forms.Form):
    """A shift to plan."""

    group = fields.line(_("Group"), most=NAME_LENGTH, hint=_("Such as: Street Pastors."))
    day = fields.day(_("Day"))
    starts = fields.chosen(_("From"), HOURS)
    hours = fields.number(_("For how many hours"), low=1, high=12, hint=_("It may end after midnight."))
    ward = fields.chosen(_("Ward"), [])
    place = fields.line(_("Where in the ward"), most=NAME_LENGTH, required=False)
    people = fields.number(_("How many people"), low=2, high=200, hint=_("Two or more: nobody stands there alone."))
    who = fields.line(
        _("First names or initials"), most=NAME_LENGTH, required=False,
        hint=_("Only if the group wants them here. Seen by those who run area schemes, forgotten after the shift."),
    )  # fmt: skip

    def __init__(self, *args: Any, wards: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ward"].choices = [("", _("Choose a ward")), *wards]  # type: ignore[attr-defined]

    def clean_starts(self) -> int:
        """As an hour."""
        return int(self.cleaned_data["starts"])


class ReportForm(forms.Form):
    """What became of a shift."""

    came = fields.number(_("How many people came"), low=0, high=200)
    hours_given = forms.DecimalField(
        label=_("Hours given, all together"), required=False, min_value=Decimal(0), max_value=Decimal("99999.9"),
        decimal_places=1, help_text=_("Leave empty for people times the hours of the shift."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    contacts = fields.number(
        _("People they spoke to or helped"), low=0, high=100_000, required=False, hint=_("A number, never names.")
    )
    note = fields.line(_("Anything to know next time"), most=NAME_LENGTH, required=False, hint=_("No names."))
