"""Forms of crews and stock."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from frankpledge.delivery.home_security.models.columns import NAME_LENGTH
from frankpledge.delivery.home_security.selectors import doing, stock

_DATE = {"type": "date", "class": "govuk-input govuk-input--width-10"}
_TIME = {"type": "time", "class": "govuk-input govuk-input--width-5"}
_SELECT = {"class": "govuk-select"}
_TEXT = {"class": "govuk-input"}
_CHOOSE = gettext_lazy("Choose one")
_NUMBER = {"class": "govuk-input govuk-input--width-5", "inputmode": "numeric"}


def _date(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs=_DATE),
        error_messages={"required": gettext_lazy("Enter a date."), "invalid": gettext_lazy("Enter a date.")},
    )


def _number(label: Any, least: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=100_000,
        widget=forms.TextInput(attrs=_NUMBER),
        error_messages={
            "required": gettext_lazy("Enter how many."),
            "invalid": gettext_lazy("Enter a whole number."),
            "min_value": gettext_lazy("The number is too small: stock is never below nought."),
            "max_value": gettext_lazy("The number is too large."),
        },
    )


class AbsenceForm(forms.Form):
    """Somebody is away."""

    member = forms.ModelChoiceField(
        doing.members().none(),
        empty_label=_CHOOSE,
        label=gettext_lazy("Who"),
        widget=forms.Select(attrs=_SELECT),
        error_messages={"required": gettext_lazy("Choose who is away."), "invalid_choice": gettext_lazy("Choose who.")},
    )
    first_on = _date(gettext_lazy("First day"))
    last_on = _date(gettext_lazy("Last day"))
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=200,
        widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": gettext_lazy("Say why: holiday, illness or a course.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = doing.members()  # type: ignore[attr-defined]


class CrewForm(forms.Form):
    """A new crew: two people and a van. Whoever has an account sees the crew's day on a phone."""

    name = forms.CharField(
        label=gettext_lazy("Letter or short name"),
        max_length=8,
        widget=forms.TextInput(attrs={"class": "govuk-input govuk-input--width-5"}),
        error_messages={"required": gettext_lazy("Enter a letter or short name, such as A.")},
    )
    area_name = forms.CharField(
        label=gettext_lazy("Where it mostly works"),
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs=_TEXT),
    )
    registration = forms.CharField(
        label=gettext_lazy("Its van’s registration"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input govuk-input--width-10"}),
    )
    first = forms.CharField(
        label=gettext_lazy("First person"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": gettext_lazy("Enter who works in it: a crew is two people.")},
    )
    first_account = forms.ChoiceField(
        label=gettext_lazy("Account of the first person"), required=False, widget=forms.Select(attrs=_SELECT)
    )
    second = forms.CharField(
        label=gettext_lazy("Second person"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": gettext_lazy("Enter the second person: nobody works alone.")},
    )
    second_account = forms.ChoiceField(
        label=gettext_lazy("Account of the second person"), required=False, widget=forms.Select(attrs=_SELECT)
    )
    electrical = forms.BooleanField(label=gettext_lazy("May do electrical work"), required=False)

    def __init__(self, *args: Any, accounts: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext_lazy("No account")), *((str(key), name) for key, name in accounts)]
        for field in ("first_account", "second_account"):
            self.fields[field].choices = choices  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """A name no crew has yet."""
        name = str(self.cleaned_data["name"])
        if doing.crews().filter(name=name).exists():
            raise forms.ValidationError(gettext_lazy("There is a crew of this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        """Two different people, with an account each of their own."""
        told = super().clean() or self.cleaned_data
        if told.get("first") and told.get("first") == told.get("second"):
            self.add_error("second", gettext_lazy("Enter two different people: nobody works alone."))
        if told.get("first_account") and told.get("first_account") == told.get("second_account"):
            self.add_error("second_account", gettext_lazy("Choose an account of their own."))
        return told

    def people(self) -> list[tuple[str, int | None]]:
        """Name and account of both."""
        told = self.cleaned_data
        return [
            (told[one], int(told[f"{one}_account"]) if told[f"{one}_account"] else None) for one in ("first", "second")
        ]


class SupervisorForm(forms.Form):
    """Somebody who stands in for anybody."""

    supervisor = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": gettext_lazy("Enter a name.")},
    )


class ShiftForm(forms.Form):
    """A crew works on a day."""

    crew = forms.ModelChoiceField(
        doing.crews().none(),
        empty_label=_CHOOSE,
        label=gettext_lazy("Crew"),
        widget=forms.Select(attrs=_SELECT),
        error_messages={
            "required": gettext_lazy("Choose a crew."),
            "invalid_choice": gettext_lazy("Choose a crew."),
        },
    )
    day = _date(gettext_lazy("Day"))
    starts = forms.TimeField(label=gettext_lazy("From"), initial="08:15", widget=forms.TimeInput(attrs=_TIME))
    ends = forms.TimeField(label=gettext_lazy("Until"), initial="16:30", widget=forms.TimeInput(attrs=_TIME))
    break_from = forms.TimeField(
        label=gettext_lazy("Break from"), initial="11:45", required=False, widget=forms.TimeInput(attrs=_TIME)
    )
    break_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes of break"),
        initial=30,
        min_value=0,
        max_value=120,
        widget=forms.TextInput(attrs=_NUMBER),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["crew"].queryset = doing.crews()  # type: ignore[attr-defined]


class DeliveryForm(forms.Form):
    """How many came."""

    count = _number(gettext_lazy("How many came"), 0)


class CountForm(forms.Form):
    """How many there really are."""

    item = forms.ModelChoiceField(
        stock.items().none(),
        empty_label=_CHOOSE,
        label=gettext_lazy("Item"),
        widget=forms.Select(attrs=_SELECT),
        error_messages={"required": gettext_lazy("Choose an item.")},
    )
    place = forms.ModelChoiceField(
        stock.every_place().none(),
        empty_label=_CHOOSE,
        label=gettext_lazy("Where"),
        widget=forms.Select(attrs=_SELECT),
        error_messages={"required": gettext_lazy("Choose the store or a van.")},
    )
    count = _number(gettext_lazy("How many are there"), 0)
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=200, required=False, widget=forms.TextInput(attrs=_TEXT)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = stock.items()  # type: ignore[attr-defined]
        self.fields["place"].queryset = stock.every_place()  # type: ignore[attr-defined]
