"""What a person fills in about bought services."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.delivery.commissioning import rules
from frankpledge.delivery.commissioning.models import NAME, SENTENCE
from frankpledge.delivery.commissioning.vocabulary import Counted, PaidHow, Purpose
from frankpledge.records.plan.money_forms import AmountField, PoundsField
from frankpledge.records.plan.sheet import BLANK, Blank, read_amount
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.figures import Polarity

PURPOSES = (
    (Purpose.SECURITY.value, _("fitting security")),
    (Purpose.VICTIMS.value, _("supporting victims")),
    (Purpose.OFFENDERS.value, _("helping offenders")),
    (Purpose.OTHER.value, _("something else")),
)
PAID = (
    (PaidHow.IN_ADVANCE.value, _("each quarter in advance")),
    (PaidHow.IN_ARREARS.value, _("each quarter in arrears")),
    (PaidHow.HALF_YEARLY.value, _("each half year in advance")),
    (PaidHow.ONCE.value, _("once, at the start")),
)
COUNTED = (
    (Counted.NUMBER.value, _("a number, such as 40 visits")),
    (Counted.SHARE.value, _("a share, such as 35 of 40 people")),
)
POLARITIES = (
    (Polarity.MORE_IS_GOOD.value, _("more is good")),
    (Polarity.LESS_IS_GOOD.value, _("less is good")),
    (Polarity.CONTEXT_ONLY.value, _("for context: neither")),
)


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": _("Give the day."), "invalid": _("Give the day as 21/11/2026.")},
        **options,
    )


class CountField(forms.CharField):
    """A number as people type it, ``to be confirmed`` (None), or nothing (`BLANK`)."""

    def __init__(self, *, output: str = "", **options: Any) -> None:
        super().__init__(max_length=40, required=False, **options)
        self.missing = (
            _("{output}: write a number, 0 for none, or to be confirmed.").format(output=output)
            if output
            else _("Write a number, 0 for none, or to be confirmed.")
        )

    def clean(self, value: Any) -> Any:
        """The number, None, or BLANK."""
        text = super().clean(value)
        try:
            return read_amount(text)
        except DataProblem as problem:
            raise forms.ValidationError(self.missing) from problem


class AgreementForm(forms.Form):
    """A service-level agreement. ``version`` is the one the person had before them."""

    provider = forms.CharField(label=_("Who provides it?"), max_length=NAME)
    title = forms.CharField(
        label=_("Short title"), max_length=NAME, help_text=_("Such as: locks and chains for people over 70.")
    )
    purpose = forms.ChoiceField(label=_("What is it for?"), choices=PURPOSES, widget=forms.RadioSelect)
    what = forms.CharField(
        label=_("What will the provider do?"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    first_on = _day(_("First day"))
    last_on = _day(_("Last day"))
    amount = AmountField(
        label=_("Sum agreed for the whole time, in pounds"),
        help_text=_("Write t.b.c. while it is not known: then no payment is laid out."),
    )
    paid_how = forms.ChoiceField(label=_("How is it paid?"), choices=PAID, widget=forms.RadioSelect)
    return_days = forms.IntegerField(
        label=_("Days after a quarter by which its return is due"), min_value=0, max_value=92, initial=20
    )
    money_line = forms.ChoiceField(
        label=_("Line of the plan’s money it is paid from"),
        required=False,
        help_text=_("Nothing is entered in the plan: its own ledger stays the only one."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, lines: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        titles = list(dict.fromkeys([*lines, *filter(None, [self.initial.get("money_line")])]))
        self.fields["money_line"].choices = [("", _("none")), *((one, one) for one in titles)]  # type: ignore[attr-defined]

    def clean_amount(self) -> Decimal | None:
        """Refuse an empty sum: it could mean nought or not known."""
        return _not_blank(self.cleaned_data["amount"], _("Write a sum, nought, or t.b.c."))

    def terms(self) -> dict[str, Any]:
        """What was filled in, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class OutputForm(forms.Form):
    """Something to be delivered in each quarter."""

    name = forms.CharField(
        label=_("What is to be delivered?"),
        max_length=NAME,
        help_text=_("Such as: homes of vulnerable people secured."),
    )
    unit = forms.CharField(label=_("Counted in"), max_length=60, help_text=_("Such as: homes, people, sessions."))
    counted = forms.ChoiceField(
        label=_("It is"), choices=COUNTED, widget=forms.RadioSelect, initial=Counted.NUMBER.value
    )
    target = CountField(
        label=_("Agreed for a full quarter"),
        help_text=_("A number, or per cent for a share. Write to be confirmed while nothing is agreed."),
    )
    polarity = forms.ChoiceField(
        label=_("Which way is better?"),
        choices=POLARITIES,
        widget=forms.RadioSelect,
        initial=Polarity.MORE_IS_GOOD.value,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_target(self) -> Decimal | None:
        """Refuse an empty target: it could mean nought or not agreed."""
        return _not_blank(self.cleaned_data["target"], _("Write a number, 0 for none, or to be confirmed."))

    def fields_said(self) -> dict[str, Any]:
        """What was filled in, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ReturnForm(forms.Form):
    """A quarter's return: for each output what was delivered, of how many where it is a share, and a note."""

    received_on = _day(_("When did it come?"))
    note = forms.CharField(
        label=_("What the provider says of the quarter (optional)"),
        help_text=_("Name nobody who was helped."),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, outputs: Sequence[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.outputs = outputs
        for one in outputs:
            share = one.counted == Counted.SHARE
            self.fields[f"delivered-{one.pk}"] = CountField(
                output=one.name,
                label=_("How many") if share else _("Delivered"),
                help_text=_("A number, 0 for none, or to be confirmed."),
            )
            if share:
                self.fields[f"of-{one.pk}"] = CountField(output=one.name, label=_("Of how many"))
            self.fields[f"note-{one.pk}"] = forms.CharField(label=_("Note"), required=False, max_length=SENTENCE)

    def clean(self) -> dict[str, Any]:
        """Nothing under an output could mean nought or not known: refuse it. Check parts against wholes."""
        data = super().clean() or self.cleaned_data
        for one in self.outputs:
            name = f"delivered-{one.pk}"
            if name in data and data[name] is BLANK:
                self.add_error(name, self.fields[name].missing)  # type: ignore[attr-defined]
        if not self.errors:
            for one in self.outputs:
                try:
                    rules.check_told(self._told(one), one.counted)
                except RuleBroken as broken:
                    self.add_error(f"delivered-{one.pk}", broken.sentence)
        return data

    def told(self) -> dict[int, rules.Told]:
        """What was filled in, by key of the output."""
        return {one.pk: self._told(one) for one in self.outputs}

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each output."""
        return [
            {
                "output": one,
                "fields": [
                    self[f"{part}-{one.pk}"]
                    for part in ("delivered", "of", "note")
                    if f"{part}-{one.pk}" in self.fields
                ],
            }
            for one in self.outputs
        ]

    def _told(self, one: Any) -> rules.Told:
        of = self.cleaned_data.get(f"of-{one.pk}")
        return rules.Told(
            self.cleaned_data[f"delivered-{one.pk}"],
            None if isinstance(of, Blank) else of,
            self.cleaned_data[f"note-{one.pk}"],
        )


class FilledForm(forms.Form):
    """A return form that came back, as a file or pasted."""

    file = forms.FileField(
        label=_("The form as a CSV file"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv"})
    )
    text = forms.CharField(
        label=_("Or paste its cells here"),
        required=False,
        max_length=rules.LARGEST_FORM,
        help_text=_("Copy the cells, with the heading, from the spreadsheet."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    received_on = _day(_("When did it come?"))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean(self) -> dict[str, Any]:
        """The text of the file stands in for pasted text."""
        data = super().clean() or self.cleaned_data
        file = data.get("file")
        if file is not None:
            if (file.size or 0) > rules.LARGEST_FORM:
                raise forms.ValidationError(_("That file is too large to be a return form."))
            try:
                data["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise forms.ValidationError(_("That file is no CSV file. Save the sheet as CSV (UTF-8).")) from error
        if not data.get("text", "").strip():
            raise forms.ValidationError(_("Choose the file or paste its cells."))
        return data


class PayForm(forms.Form):
    """A payment that was made."""

    paid = PoundsField(label=_("Paid, in pounds"))
    paid_on = _day(_("When?"))
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=SENTENCE,
        help_text=_("Say why, where another sum than was due is paid."),
    )


class TakeBackForm(forms.Form):
    """A payment written down in error."""

    because = forms.CharField(
        label=_("Why is it taken back?"), max_length=SENTENCE, error_messages={"required": _("Say why.")}
    )


def _not_blank(value: Any, ask: Any) -> Decimal | None:
    if isinstance(value, Blank):
        raise forms.ValidationError(ask)
    return value if isinstance(value, Decimal) else None
