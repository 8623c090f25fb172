"""What a person fills in about money."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.records.plan import sheet
from frankpledge.records.plan.vocabulary import Kind, Side
from frankpledge.vocabulary.errors import DataProblem

REASON_ROWS = 3


class AmountField(forms.CharField):
    """Pounds as people type them: ``£1,234``, ``(200)``, ``t.b.c.``. Empty is `sheet.BLANK`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, strip=True, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **options)

    def clean(self, value: Any) -> Any:
        """The amount, None for to be confirmed, or BLANK."""
        text = super().clean(value)
        try:
            return sheet.read_amount(text)
        except DataProblem as problem:
            raise forms.ValidationError(problem.sentence) from problem


class PoundsField(AmountField):
    """An amount that must be known."""

    def clean(self, value: Any) -> Any:
        """The amount."""
        amount = super().clean(value)
        if not isinstance(amount, Decimal):
            raise forms.ValidationError(_("Write an amount in pounds, such as 12,345."))
        return amount


class CellForm(forms.Form):
    """One amount. ``seen`` is the edition of the cell the person had before them."""

    amount = AmountField(
        label=_("Amount in pounds"),
        help_text=_("For example 17,850. Write t.b.c. while it is not known. Nought means nothing will be spent."),
        required=False,
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean_amount(self) -> Any:
        """Refuse an empty cell: it could mean nought or not known."""
        amount = self.cleaned_data["amount"]
        if amount is sheet.BLANK:
            raise forms.ValidationError(_("Write an amount, nought, or t.b.c."))
        return amount


class FundForm(forms.Form):
    """A pot of money."""

    name = forms.CharField(label=_("Name of the fund"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Capital or revenue"),
        choices=[(Kind.CAPITAL.value, _("Capital")), (Kind.REVENUE.value, _("Revenue"))],
        widget=forms.RadioSelect,
    )
    source = forms.CharField(label=_("Where it comes from"), max_length=200, required=False)
    conditions = forms.CharField(
        label=_("Conditions"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": REASON_ROWS})
    )
    controller = forms.CharField(label=_("Who controls it now"), max_length=200, required=False)
    next_controller = forms.CharField(label=_("Who controls it next, if that changes"), max_length=200, required=False)
    controller_changes_on = forms.DateField(
        label=_("From which day"), required=False, help_text=_("For example 1/4/2026")
    )


class LineForm(forms.Form):
    """A row of the money tables."""

    side = forms.ChoiceField(
        label=_("Which table"),
        choices=[(Side.FUNDING.value, _("Funding by source")), (Side.EXPENDITURE.value, _("Expenditure by category"))],
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label=_("Capital or revenue"),
        choices=[(Kind.CAPITAL.value, _("Capital")), (Kind.REVENUE.value, _("Revenue"))],
        widget=forms.RadioSelect,
    )
    title = forms.CharField(label=_("Name of the line"), max_length=200)
    fund = forms.ChoiceField(label=_("Fund it comes from"), required=False)
    priority_key = forms.ChoiceField(label=_("Priority it pays for"), required=False)
    owner_name = forms.CharField(label=_("Who can confirm its amounts"), max_length=200, required=False)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)

    def __init__(self, *args: Any, funds: list[tuple[str, str]], priorities: list[tuple[str, str]], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["fund"].choices = [("", _("none")), *funds]  # type: ignore[attr-defined]
        self.fields["priority_key"].choices = [("", _("none")), *priorities]  # type: ignore[attr-defined]


class SpendForm(forms.Form):
    """What a line really cost in a quarter."""

    line = forms.ChoiceField(label=_("Line of expenditure"))
    period = forms.ChoiceField(label=_("Quarter"))
    spent = PoundsField(label=_("Spent, in pounds"))
    committed = PoundsField(label=_("Promised but not yet paid, in pounds"), initial="0")

    def __init__(self, *args: Any, lines: list[tuple[str, str]], periods: list[tuple[str, str]], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["line"].choices = lines  # type: ignore[attr-defined]
        self.fields["period"].choices = periods  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """A move of money that somebody else must approve."""

    source = forms.ChoiceField(label=_("From"))
    target = forms.ChoiceField(label=_("To"))
    period = forms.ChoiceField(label=_("In"))
    amount = PoundsField(label=_("Amount in pounds"))
    reason = forms.CharField(
        label=_("Why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": REASON_ROWS}),
        help_text=_("The manager who decides reads this, and so does next year’s auditor."),
    )

    def __init__(self, *args: Any, lines: list[tuple[str, str]], periods: list[tuple[str, str]], **kw: Any) -> None:
        super().__init__(*args, **kw)
        for name in ("source", "target"):
            self.fields[name].choices = lines  # type: ignore[attr-defined]
        self.fields["period"].choices = periods  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """A manager's answer to a move."""

    answer = forms.CharField(
        label=_("What do you answer?"),
        required=False,
        max_length=4000,
        help_text=_("A reason is needed to refuse a move or to put it back."),
        widget=forms.Textarea(attrs={"rows": REASON_ROWS}),
    )


class SheetForm(forms.Form):
    """A sheet pasted or sent as a file. ``taken`` says that the differences were seen."""

    text = forms.CharField(
        label=_("Paste the sheet here"),
        required=False,
        max_length=sheet.LARGEST_SHEET,
        help_text=_("Copy the cells, with the heading, from your spreadsheet."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    file = forms.FileField(
        label=_("Or choose a CSV file"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv"})
    )
    taken = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """The text of the file stands in for pasted text."""
        data = super().clean() or self.cleaned_data
        file = data.get("file")
        if file is not None:
            if (file.size or 0) > sheet.LARGEST_SHEET:
                raise forms.ValidationError(_("That file is too large to be a budget."))
            try:
                data["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise forms.ValidationError(_("That file is no CSV file. Save the sheet as CSV (UTF-8).")) from error
        if not data.get("text", "").strip():
            raise forms.ValidationError(_("Paste a sheet or choose a file."))
        return data


class RewardForm(forms.Form):
    """What a stretch target pays. Sent in the address, so that a working can be shared."""

    whole = PoundsField(label=_("Reward if the stretch is met in full, in pounds"))
    baseline = forms.DecimalField(label=_("Baseline"))
    stretch = forms.DecimalField(label=_("Stretch target"))
    reached = forms.DecimalField(label=_("Reached"))
    threshold = forms.DecimalField(
        label=_("Nothing is paid below this share of the stretch, per cent"),
        min_value=0,
        max_value=100,
        initial=60,
        help_text=_("60 in the agreements we know. Check yours."),
    )


class SplitForm(forms.Form):
    """Programmes that neighbourhoods chose, and two pots."""

    strategic = PoundsField(label=_("Strategic pot, in pounds"))
    local = PoundsField(label=_("Local pot, in pounds"))
    neighbourhoods = forms.CharField(
        label=_("Neighbourhoods"), max_length=2000, help_text=_("One on each line."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    needed = forms.IntegerField(label=_("Strategic if at least so many choose it"), min_value=1, initial=3)
    programmes = forms.CharField(
        label=_("Programmes"),
        max_length=8000,
        help_text=_("One on each line: name; cost; the neighbourhoods that chose it, with commas."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
