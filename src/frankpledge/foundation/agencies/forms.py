"""Forms of administration: fields, words, shape of input. They never save."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.foundation.agencies import selectors, wording
from frankpledge.foundation.agencies.models import Agency
from frankpledge.foundation.agencies.services import NAME_LENGTH
from frankpledge.foundation.agencies.vocabulary import AgencyKind, DataClass, Purpose
from frankpledge.vocabulary.permissions import Role

EARLIEST_YEAR, LATEST_YEAR = 1998, 2100


def _choices(words: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    return [(word.value, said) for word, said in words.items()]


class _Date(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        faults = {"required": _("Enter a date."), "invalid": _("Enter a date such as 27/03/2026.")}
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(error_messages=faults, widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def to_python(self, value: Any) -> Any:
        day = super().to_python(value)
        if day is not None and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class RoleForm(forms.Form):
    """A part to play, for an agency."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("Agency"),
        error_messages={"required": _("Choose an agency."), "invalid_choice": _("Choose an agency from the list.")},
    )
    role = forms.ChoiceField(
        choices=_choices(wording.ROLES_IN_FULL),
        label=_("Role"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role."), "invalid_choice": _("Choose a role from the list.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = selectors.agencies()  # type: ignore[attr-defined]

    def clean_role(self) -> Role:
        """The role as the word it is."""
        return Role(self.cleaned_data["role"])


class CorrectionForm(forms.Form):
    """What somebody is called and signs in with."""

    name = forms.CharField(
        label=_("Full name"), max_length=NAME_LENGTH, error_messages={"required": _("Enter the person’s name.")}
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Their own work address. They sign in with it."),
        max_length=254,
        error_messages={
            "required": _("Enter an e-mail address."),
            "invalid": _("Enter an address such as name@council.gov.uk."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class PersonForm(CorrectionForm, RoleForm):
    """Somebody new."""

    field_order = ("name", "email", "agency", "role")


class AgencyForm(forms.Form):
    """A new agency."""

    name = forms.CharField(
        label=_("Name of the agency"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Enter the agency’s name.")},
    )
    kind = forms.ChoiceField(
        label=_("What sort of body is it?"),
        choices=_choices(wording.AGENCY_KINDS),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what sort of body it is.")},
    )

    def clean_kind(self) -> AgencyKind:
        """The kind as the word it is."""
        return AgencyKind(self.cleaned_data["kind"])


class AgreementForm(forms.Form):
    """A new sharing agreement."""

    title = forms.CharField(label=_("Title"), max_length=NAME_LENGTH, error_messages={"required": _("Enter a title.")})
    reference = forms.CharField(
        label=_("Reference"),
        help_text=_("As printed on the agreement."),
        max_length=60,
        error_messages={"required": _("Enter the reference.")},
    )
    givers = forms.ModelMultipleChoiceField(
        Agency.objects.none(),
        label=_("Who gives?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one agency that gives.")},
    )
    receivers = forms.ModelMultipleChoiceField(
        Agency.objects.none(),
        label=_("Who receives?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one agency that receives.")},
    )
    data_classes = forms.MultipleChoiceField(
        label=_("What may be shared?"),
        choices=_choices(wording.DATA_CLASSES),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what may be shared.")},
    )
    purposes = forms.MultipleChoiceField(
        label=_("What may it be used for?"),
        choices=_choices(wording.PURPOSES),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what it may be used for.")},
    )
    starts_on = _Date(label=_("First day"))
    ends_on = _Date(label=_("Last day"), help_text=_("Sharing stops when this day ends."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("givers", "receivers"):
            self.fields[name].queryset = selectors.agencies()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """An agreement must not end before it begins; the words become the vocabulary's."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        cleaned["data_classes"] = [DataClass(word) for word in cleaned.get("data_classes", [])]
        cleaned["purposes"] = [Purpose(word) for word in cleaned.get("purposes", [])]
        return cleaned


class EndAgreementForm(forms.Form):
    """Why an agreement ends."""

    because = forms.CharField(
        label=_("Why does it end?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the agreement ends.")},
    )
