"""What a person fills in about a decision or a delegation."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.records.meetings.models import PERSON_LENGTH, Decision, Delegation
from frankpledge.records.meetings.rules import NAMES_LENGTH, TITLE_LENGTH, WORDS_LENGTH
from frankpledge.records.meetings.vocabulary import Outcome
from frankpledge.records.plan.money_forms import AmountField

OUTCOMES = (
    (Outcome.AGREED.value, _("agreed")),
    (Outcome.AGREED_IN_PART.value, _("agreed in part")),
    (Outcome.REFUSED.value, _("refused")),
    (Outcome.PUT_OFF.value, _("put off")),
    (Outcome.NOTED.value, _("noted")),
)


#: What a decision may be about, as ``room:key``; rooms that record decisions themselves name their own.
SUBJECTS = (
    ("", _("something else")),
    ("home_security:programme", _("safe homes")),
    ("area_schemes:programme", _("area schemes")),
    ("commissioning:programme", _("bought services")),
)


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Give the day."), "invalid": _("Give the day as 21/11/2026.")},
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        **options,
    )


class PoundsField(AmountField):
    """Pounds as people type them, ``£1,200``; None for nothing."""

    def clean(self, value: Any) -> Decimal | None:
        """The pounds, or None."""
        amount = super().clean(value)
        return amount if isinstance(amount, Decimal) else None


class DecisionForm(forms.Form):
    """One decision."""

    title = forms.CharField(
        label=_("What was decided about?"),
        help_text=_("A few words, such as: a street drinking group in Quarry."),
        max_length=TITLE_LENGTH,
        error_messages={"required": _("Say in a few words what was decided about.")},
    )
    outcome = forms.ChoiceField(label=_("Outcome"), choices=OUTCOMES, widget=forms.RadioSelect, initial="agreed")
    decided = forms.CharField(
        label=_("What was decided?"),
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what was decided.")},
    )
    reasons = forms.CharField(
        label=_("Why?"),
        help_text=_("The reasons that were given. Name no person the partnership works with."),
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Give the reasons.")},
    )
    decided_by = forms.CharField(
        label=_("Who decided?"),
        help_text=_("The board or group, or a person’s name and post."),
        max_length=NAMES_LENGTH,
        error_messages={"required": _("Say who decided.")},
    )
    decided_on = _day(_("When?"))
    subject = forms.ChoiceField(label=_("Which work is it about?"), choices=SUBJECTS, required=False)
    delegation = forms.TypedChoiceField(
        label=_("Was it taken under a delegation?"), required=False, coerce=int, empty_value=None
    )
    amount = PoundsField(
        label=_("Pounds it gives (optional)"),
        required=False,
        help_text=_("Checked against the limit of the delegation. One beyond it is recorded and says so."),
    )
    figures = forms.CharField(
        label=_("Figures it rests on (optional)"),
        help_text=_("Their keys with commas between, such as: F12, F15."),
        required=False,
        max_length=600,
    )

    def __init__(self, *args: Any, delegations: Iterable[Delegation] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(one.number, f"{one.reference}: {one.holder}, {one.what[:80]}") for one in delegations]
        self.fields["delegation"].choices = [("", _("no")), *known]  # type: ignore[attr-defined]

    def figure_keys(self) -> list[str]:
        """The keys typed, as a list."""
        return [key.strip().upper() for key in self.cleaned_data["figures"].split(",") if key.strip()]


class DelegationForm(forms.Form):
    """What somebody may decide alone."""

    what = forms.CharField(
        label=_("What may be decided?"),
        help_text=_("Such as: extra fitting hours and parts for safe homes."),
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what may be decided.")},
    )
    agency = forms.TypedChoiceField(label=_("Agency"), required=False, coerce=int, empty_value=None)
    person = forms.CharField(
        label=_("Person"), help_text=_("Name and post. Leave it empty if the agency as a whole may decide."),
        required=False, max_length=PERSON_LENGTH,
    )  # fmt: skip
    limit = PoundsField(label=_("Limit for one decision, in pounds"), required=False)
    limit_words = forms.CharField(
        label=_("Limit in words"),
        help_text=_("Any other limit, such as: staff time of the council only. Give one of the two, or both."),
        required=False,
        max_length=NAMES_LENGTH,
    )
    since = _day(_("Since"))
    until = _day(_("Until (optional)"), required=False)
    decision = forms.TypedChoiceField(
        label=_("By which decision?"),
        coerce=int,
        empty_value=None,
        error_messages={"required": _("Name the decision it rests on. Record that first if it is not here.")},
    )

    def __init__(self, *args: Any, agencies: Iterable[Any], decisions: Iterable[Decision], **options: Any) -> None:
        super().__init__(*args, **options)
        self.agencies = {one.pk: one.name for one in agencies}
        self.fields["agency"].choices = [("", _("none")), *self.agencies.items()]  # type: ignore[attr-defined]
        known = [(one.number, f"{one.reference}: {one.title}") for one in decisions]
        self.fields["decision"].choices = [("", _("choose")), *known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Somebody must hold it, and something must limit it."""
        told = super().clean() or self.cleaned_data
        if not told.get("agency") and not told.get("person"):
            self.add_error("person", _("Say who may decide it: an agency, a person, or both."))
        if not self.errors and told.get("limit") is None and not told.get("limit_words"):
            self.add_error("limit", _("Give the limit, in pounds or in words: without one anything may be decided."))
        return told

    def said(self) -> dict[str, Any]:
        """What was filled in, without the decision; the agency by number and name."""
        told = {name: self.cleaned_data[name] for name in ("what", "person", "limit", "limit_words", "since", "until")}
        agency = self.cleaned_data["agency"]
        return told | {"agency_id": agency, "agency_name": self.agencies.get(agency, "")}


class TakeBackForm(forms.Form):
    """A delegation ends before its time."""

    ended_on = _day(_("Its last day"))
    because = forms.CharField(
        label=_("Why is it taken back?"),
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why.")},
    )
