"""Questions of the public form, one to a page. They never save."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.delivery.home_security.models.columns import NAME_LENGTH
from frankpledge.delivery.home_security.rules import asking as rules
from frankpledge.delivery.home_security.vocabulary import Burgled, ContactKind, HeardFrom, Need
from frankpledge.foundation.places.matching import postcode_in
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.premises import Tenure

NONE_OF_THESE = "none"

# value, words, hint
Choice = tuple[str, Any, Any]
TENURES: tuple[Choice, ...] = (
    (Tenure.OWNER.value, _("I own it, or have a mortgage"), ""),
    (Tenure.COUNCIL_TENANT.value, _("I rent from the council"), ""),
    (Tenure.HOUSING_ASSOCIATION_TENANT.value, _("I rent from a housing association"), ""),
    (Tenure.PRIVATE_TENANT.value, _("I rent from a private landlord"), _("We ask your landlord before we drill")),
    ("", _("I do not know, or something else"), ""),
)
BURGLED: tuple[Choice, ...] = (
    (Burgled.MY_HOME.value, _("Yes, my home"), _("Includes sheds and garages, and someone trying to get in")),
    (Burgled.NEAR.value, _("Yes, a home near mine"), _("On the same street, or behind")),
    (Burgled.NO.value, _("No, or I do not know"), ""),
    (Burgled.NOT_SAID.value, _("I would rather not say"), ""),
)
NEEDS: tuple[Choice, ...] = (
    (Need.AGED.value, _("Somebody is aged 75 or over"), ""),
    (Need.ALONE.value, _("I live alone"), ""),
    (Need.DISABLED.value, _("Somebody has a disability or long illness"), ""),
    (Need.CHILDREN.value, _("There are children under 5"), ""),
    (Need.FEAR.value, _("Somebody is afraid at home"), ""),
    (Need.THREATENED.value, _("Somebody has been threatened or targeted"), ""),
)
REACH_BY: tuple[Choice, ...] = (
    (ContactKind.TEXT.value, _("Text message"), ""),
    (ContactKind.TELEPHONE.value, _("Telephone call"), ""),
    (ContactKind.EMAIL.value, _("E-mail"), ""),
    (ContactKind.LETTER.value, _("Letter"), ""),
)
HEARD: tuple[Choice, ...] = (
    (HeardFrom.LEAFLET.value, _("A leaflet"), ""),
    (HeardFrom.WORD_OF_MOUTH.value, _("Family, a friend or a neighbour"), ""),
    (HeardFrom.STREET_CANVASS.value, _("Somebody at my door"), ""),
    (HeardFrom.POLICE.value, _("The police"), ""),
    (HeardFrom.FIRE_SERVICE.value, _("The fire service"), ""),
    (HeardFrom.LANDLORD.value, _("My landlord"), ""),
    (HeardFrom.NEWS.value, _("Newspaper, radio or internet"), ""),
    (HeardFrom.NOT_SAID.value, _("Somewhere else, or I would rather not say"), ""),
)


def words_of(choices: Sequence[Choice], value: str) -> str:
    """What the page calls an answer."""
    return next((str(words) for key, words, _hint in choices if key == value), "")


def _pairs(choices: Sequence[Choice]) -> list[tuple[str, Any]]:
    return [(value, words) for value, words, _hint in choices]


class AddressForm(forms.Form):
    """Where the home is."""

    address = forms.CharField(
        label=_("House number or name, and street"),
        help_text=_("For example 39 Quarry Lane, or Flat 2, 14 High Street"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Enter your house number or name, and street.")},
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postcode = forms.CharField(
        label=_("Postcode"),
        max_length=12,
        error_messages={"required": _("Enter your postcode.")},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )

    def clean_postcode(self) -> str:
        """In the usual form."""
        found = postcode_in(self.cleaned_data["postcode"])
        if not found:
            raise forms.ValidationError(_("Enter a full postcode, like XA1 1AA."))
        return found


class ChoiceForm(forms.Form):
    """One question with radio buttons."""

    answer = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": _("Choose an answer.")})

    def __init__(self, *args: Any, choices: Sequence[Choice], required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["answer"]
        field.choices, field.required = _pairs(choices), required
        self.hints = {value: hint for value, _words, hint in choices}


class NeedsForm(forms.Form):
    """What makes a visit more urgent: none has to be answered."""

    answer = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False, choices=_pairs(NEEDS))
    hints: dict[str, str] = {}  # noqa: RUF012 - no form changes it


class ContactForm(forms.Form):
    """How the resident wants to be reached."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    reach_by = forms.ChoiceField(
        label=_("How shall we reach you?"),
        widget=forms.RadioSelect,
        choices=_pairs(REACH_BY),
        error_messages={"required": _("Choose how we shall reach you.")},
    )
    telephone = forms.CharField(
        label=_("Telephone number"),
        help_text=_("For a text message or a call"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.CharField(
        label=_("E-mail address"),
        required=False,
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email", "spellcheck": "false"}),
    )

    def clean_telephone(self) -> str:
        """Something that can be dialled."""
        return self._checked("telephone", rules.check_phone)

    def clean_email(self) -> str:
        """Something that can be written to."""
        return self._checked("email", rules.check_email)

    def _checked(self, name: str, check: Any) -> str:
        value = self.cleaned_data[name].strip()
        try:
            return str(check(value)) if value else ""
        except DataProblem as problem:
            words = {
                "telephone": _("Enter a telephone number, like 01632 960 001 or 07700 900 982."),
                "email": _("Enter an e-mail address in the right form, like name@example.com."),
            }
            raise forms.ValidationError(words[name]) from problem

    def clean(self) -> dict[str, Any]:
        """The number or address the chosen way needs."""
        told = super().clean() or self.cleaned_data
        way = told.get("reach_by")
        if way in (ContactKind.TEXT, ContactKind.TELEPHONE) and not told.get("telephone") and not self.errors:
            self.add_error("telephone", _("Enter the number we shall use."))
        if way == ContactKind.EMAIL and not told.get("email") and not self.errors:
            self.add_error("email", _("Enter the e-mail address we shall use."))
        return told


class AgreeForm(forms.Form):
    """What the resident agrees to, asked beside the answers they check."""

    consent_contact = forms.BooleanField(
        label=_("You may keep these answers and contact me about the visit"),
        error_messages={"required": _("Say that we may contact you: without that we cannot arrange a visit.")},
    )
    consent_onward = forms.BooleanField(
        label=_("You may pass my name to the fire service for a free fire safety visit"),
        help_text=_("You do not have to. Saying no changes nothing."),
        required=False,
    )


class ChangeForm(forms.Form):
    """Which request somebody means who wants no visit any more."""

    reference = forms.CharField(
        label=_("Your reference number"),
        help_text=_("For example H-7K3P9Q"),
        max_length=20,
        error_messages={"required": _("Enter your reference number.")},
    )
    postcode = forms.CharField(
        label=_("Postcode"), max_length=12, error_messages={"required": _("Enter your postcode.")}
    )
