"""Fields of the staff's pages of requests and cocoons. They never save."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.delivery.home_security.forms.public import BURGLED, NEEDS, REACH_BY, Choice
from frankpledge.delivery.home_security.models.columns import NAME_LENGTH, TEXT_LENGTH
from frankpledge.delivery.home_security.rules import asking as rules
from frankpledge.delivery.home_security.vocabulary import (
    Channel,
    ContactKind,
    ContactOutcome,
    ErasedBecause,
    HeardFrom,
    Need,
    OfferState,
    Reason,
    RequestState,
)
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.premises import Tenure

# the words of the public form, said of somebody else
THEIR_NEEDS: tuple[Choice, ...] = tuple(
    (value, _("Somebody lives alone"), hint) if value == Need.ALONE.value else (value, words, hint)
    for value, words, hint in NEEDS
)
CHANNELS: tuple[Choice, ...] = (
    (Channel.TELEPHONE.value, _("The resident, by telephone"), ""),
    (Channel.REPEAT_VICTIM.value, _("Police: a home burgled again"), ""),
    (Channel.VICTIM.value, _("Police: a burgled home"), ""),
    (Channel.FIRE_VISIT.value, _("Fire service, after a safety visit, with consent"), ""),
    (Channel.VICTIM_SUPPORT.value, _("Victim support"), ""),
    (Channel.LANDLORD.value, _("A landlord"), ""),
    (Channel.OTHER.value, _("Another service"), ""),
)
TENURES = (
    ("", _("As the address list says")),
    (Tenure.OWNER.value, _("owner")),
    (Tenure.PRIVATE_TENANT.value, _("private tenant")),
    (Tenure.COUNCIL_TENANT.value, _("council tenant")),
    (Tenure.HOUSING_ASSOCIATION_TENANT.value, _("housing association tenant")),
)
HEARD = (
    (HeardFrom.NOT_SAID.value, _("Not said")),
    (HeardFrom.LEAFLET.value, _("A leaflet")),
    (HeardFrom.WORD_OF_MOUTH.value, _("Family, a friend or a neighbour")),
    (HeardFrom.STREET_CANVASS.value, _("Somebody at the door")),
    (HeardFrom.POLICE.value, _("The police")),
    (HeardFrom.FIRE_SERVICE.value, _("The fire service")),
    (HeardFrom.LANDLORD.value, _("Their landlord")),
    (HeardFrom.NEWS.value, _("Newspaper, radio or internet")),
    (HeardFrom.OTHER.value, _("Somewhere else")),
)
CLOSINGS = (
    (RequestState.REFUSED.value, _("They said no")),
    (RequestState.UNANSWERED.value, _("They never answered")),
    (RequestState.WITHDRAWN.value, _("They withdrew: erase their name, number and e-mail")),
)
ERASED_BECAUSE = (
    (ErasedBecause.ASKED.value, _("The resident asked for it")),
    (ErasedBecause.KEPT_LONG_ENOUGH.value, _("It has been kept long enough")),
    (ErasedBecause.MISTAKE.value, _("It was taken by mistake, or is of somebody else")),
)
OFFER_STATES = (
    (OfferState.ATTEMPTED.value, _("Tried, nobody reached")),
    (OfferState.MADE.value, _("Spoke to somebody, no answer yet")),
    (OfferState.ACCEPTED.value, _("They want a visit")),
    (OfferState.REFUSED.value, _("They said no")),
    (OfferState.UNANSWERED.value, _("Given up: no answer")),
    (OfferState.HAS_IT.value, _("They have security already")),
)
CONTACT_KINDS = tuple(
    (kind.value, words)
    for kind, words in (
        (ContactKind.TELEPHONE, _("telephone")),
        (ContactKind.DOORSTEP, _("doorstep call")),
        (ContactKind.LETTER, _("letter")),
        (ContactKind.TEXT, _("text")),
        (ContactKind.EMAIL, _("e-mail")),
    )
)
OUTCOMES = tuple(
    (outcome.value, words)
    for outcome, words in (
        (ContactOutcome.REACHED, _("spoke to somebody")),
        (ContactOutcome.NO_ANSWER, _("no answer")),
        (ContactOutcome.SENT, _("sent")),
        (ContactOutcome.REFUSED, _("said no")),
        (ContactOutcome.WRONG, _("wrong address or number")),
    )
)


def _words(choices: tuple[Choice, ...]) -> list[tuple[str, Any]]:
    return [(value, words) for value, words, _hint in choices]


class TakeForm(forms.Form):
    """A request somebody takes down for a resident."""

    channel = forms.ChoiceField(label=_("Who asks?"), choices=_words(CHANNELS))
    referred_by = forms.CharField(
        label=_("Which service and who there"),
        required=False,
        max_length=NAME_LENGTH,
        help_text=_("For referrals only"),
    )
    address = forms.CharField(
        label=_("House number or name, and street"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Enter the address.")},
    )
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    name = forms.CharField(label=_("Name"), required=False, max_length=NAME_LENGTH)
    telephone = forms.CharField(label=_("Telephone number"), required=False, max_length=30)
    email = forms.CharField(label=_("E-mail address"), required=False, max_length=NAME_LENGTH)
    reach_by = forms.ChoiceField(label=_("How do they want to be reached?"), choices=_words(REACH_BY))
    language = forms.ChoiceField(label=_("Language"), choices=(("en-gb", "English"), ("cy", "Cymraeg")))
    tenure = forms.ChoiceField(label=_("Do they own or rent?"), required=False, choices=TENURES)
    burgled = forms.ChoiceField(
        label=_("Has the home, or one near it, been burgled in the last 12 months?"),
        choices=_words(BURGLED),
        initial="not said",
    )
    needs = forms.MultipleChoiceField(
        label=_("What fits the home?"), required=False, choices=_words(THEIR_NEEDS), widget=forms.CheckboxSelectMultiple
    )
    heard_from = forms.ChoiceField(label=_("How did they hear of us?"), choices=HEARD)
    consent_contact = forms.BooleanField(label=_("They agree that we contact them about the visit"), required=False)
    consent_onward = forms.BooleanField(
        label=_("They agree that we pass their name to the fire service"), required=False
    )
    note = forms.CharField(
        label=_("What else the crew should know"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Numbers that can be dialled; a referral says from whom, and a fire visit's needs consent."""
        told = super().clean() or self.cleaned_data
        for name, check in (("telephone", rules.check_phone), ("email", rules.check_email)):
            try:
                told[name] = check(told[name]) if told.get(name) else ""
            except DataProblem as problem:
                self.add_error(name, problem.sentence)
        if told.get("channel") in rules.REFERRERS and not told.get("referred_by"):
            self.add_error("referred_by", _("Say which service refers them, and who there."))
        if told.get("channel") == Channel.FIRE_VISIT and not told.get("consent_contact"):
            self.add_error("consent_contact", _("A fire visit is passed on only with the resident’s consent."))
        return told


class SettleForm(forms.Form):
    """Which home a request is about."""

    uprn = forms.ChoiceField(
        label=_("Which home is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the home.")},
    )

    def __init__(self, *args: Any, homes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uprn"].choices = homes  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """Why nothing more is done for a home."""

    state = forms.ChoiceField(
        label=_("What happened?"),
        choices=CLOSINGS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happened.")},
    )
    because = forms.CharField(label=_("In a few words"), required=False, max_length=NAME_LENGTH)


class EraseForm(forms.Form):
    """Why who asked is erased from a finished request."""

    because = forms.ChoiceField(
        label=_("Why is it erased?"),
        help_text=_("The reason is kept in the audit trail, with your name and the time."),
        choices=ERASED_BECAUSE,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why it is erased.")},
    )


class ContactNoteForm(forms.Form):
    """An attempt to reach a home."""

    kind = forms.ChoiceField(label=_("How"), choices=CONTACT_KINDS)
    outcome = forms.ChoiceField(label=_("What came of it"), choices=OUTCOMES)
    cost = forms.DecimalField(
        label=_("Cost in pounds"), min_value=Decimal(0), max_digits=8, decimal_places=2, initial=Decimal(0)
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=NAME_LENGTH)


class OfferForm(forms.Form):
    """What became of an offer."""

    state = forms.ChoiceField(choices=OFFER_STATES)
    note = forms.CharField(required=False, max_length=NAME_LENGTH)


class WeightsForm(forms.Form):
    """The points of each reason."""

    def __init__(self, *args: Any, points: dict[Reason, int], words: dict[Reason, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, reason in enumerate(Reason):
            self.fields[f"points_{number}"] = forms.IntegerField(
                label=words[reason],
                min_value=0,
                max_value=100,
                initial=points[reason],
                error_messages={
                    "required": _("Enter points from 0 to 100."),
                    "invalid": _("Enter points from 0 to 100."),
                    "min_value": _("Enter points from 0 to 100."),
                    "max_value": _("Enter points from 0 to 100."),
                },
            )

    def points(self) -> dict[Reason, int]:
        """What was entered."""
        return {reason: self.cleaned_data[f"points_{number}"] for number, reason in enumerate(Reason)}
