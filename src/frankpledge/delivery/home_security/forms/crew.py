"""The form of a visit: the same fields whether a phone sends them later or a browser without scripts now."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from frankpledge.delivery.home_security.models import Measure
from frankpledge.delivery.home_security.models.columns import NAME_LENGTH, TEXT_LENGTH, WORD_LENGTH, choices
from frankpledge.delivery.home_security.rules import crew as rules
from frankpledge.delivery.home_security.vocabulary import ConflictChoice, Found, MeasureKind, ReferralTo, VisitState
from frankpledge.foundation.audit.rules import storable

MOST_FITTED = 50
MOST_STROKES = 30_000
PROBLEMS = {
    "backwards": gettext_lazy("The visit ends before it begins. Look at the two times once more."),
    "signature": gettext_lazy("Ask for a signature and the name, or say why there is none."),
    "why": gettext_lazy("Say in a few words what is still to be done."),
}


class VisitForm(forms.Form):
    """What a crew says of a visit. Only what cannot be kept is an error; the rest is for the coordinator to look at."""

    client_key = forms.UUIDField()
    version = forms.IntegerField(min_value=1, max_value=2_000_000_000)
    day = forms.DateField()
    outcome = forms.ChoiceField(choices=[(state.value, state.value) for state in rules.REPORTED])
    began = forms.TimeField(required=False)
    ended = forms.TimeField(required=False)
    alarm_set = forms.BooleanField(required=False)
    advice = forms.CharField(required=False, max_length=TEXT_LENGTH)
    note = forms.CharField(required=False, max_length=TEXT_LENGTH)
    kit_code = forms.CharField(required=False, max_length=WORD_LENGTH)
    content = forms.BooleanField(required=False)
    onward = forms.MultipleChoiceField(required=False, choices=choices(ReferralTo))
    signed_by = forms.CharField(required=False, max_length=NAME_LENGTH)
    signature = forms.CharField(required=False, max_length=MOST_STROKES)
    not_signed_because = forms.CharField(required=False, max_length=NAME_LENGTH)

    def __init__(self, *args: Any, measures: Sequence[Measure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measures = list(measures)
        for number, _ in enumerate(rules.LOOKED_AT):
            self.fields[f"found_{number}"] = forms.ChoiceField(required=False, choices=[("", ""), *choices(Found)])
            self.fields[f"said_{number}"] = forms.CharField(required=False, max_length=NAME_LENGTH)
        for measure in self.measures:
            self.fields[f"fitted_{measure.key}"] = forms.IntegerField(
                required=False, min_value=0, max_value=MOST_FITTED, label=measure.name
            )
            self.fields[f"serial_{measure.key}"] = forms.CharField(required=False, max_length=TEXT_LENGTH)

    def clean_signature(self) -> str:
        """Strokes only: nothing else can be drawn on a page by somebody's phone."""
        strokes = str(self.cleaned_data["signature"])
        if not rules.SIGNATURE.fullmatch(strokes):
            raise forms.ValidationError(gettext("The signature did not come through. Please sign again."))
        return strokes

    def lacking(self) -> list[str]:
        """What a report that is filled in now still lacks, in sentences. A report that was queued is never asked."""
        return [str(PROBLEMS[key]) for key in rules.reasons_not_complete(self.told())]

    def told(self) -> rules.Told:
        """The report. Only of a valid form."""
        said = self.cleaned_data
        alarm = any(part.measure in self._alarms() for part in self._parts())
        return rules.Told(
            outcome=VisitState(said["outcome"]),
            day=said["day"],
            began=said["began"],
            ended=said["ended"],
            names=tuple(_line(name) for name in self.names_chosen()),
            checks=self._checks(),
            parts=self._parts(),
            alarm_set=bool(said["alarm_set"]) if alarm else None,
            advice=_line(said["advice"]),
            note=_line(said["note"]),
            kit_code=_line(said["kit_code"]),
            content=bool(said["content"]),
            onward=tuple(said["onward"]),
            signed_by=_line(said["signed_by"]),
            signature=said["signature"],
            not_signed_because=_line(said["not_signed_because"]),
        )

    def _alarms(self) -> set[str]:
        return {measure.key for measure in self.measures if measure.kind == MeasureKind.ALARM}

    def names_chosen(self) -> list[str]:
        """Who was there, as ticked."""
        return self.data.getlist("names")[:10] if hasattr(self.data, "getlist") else []

    def _checks(self) -> dict[str, dict[str, str]]:
        return {
            thing: {"found": self.cleaned_data[f"found_{number}"], "note": _line(self.cleaned_data[f"said_{number}"])}
            for number, thing in enumerate(rules.LOOKED_AT)
            if self.cleaned_data[f"found_{number}"] or self.cleaned_data[f"said_{number}"]
        }

    def _parts(self) -> tuple[rules.Part, ...]:
        parts = []
        for measure in self.measures:
            quantity = self.cleaned_data.get(f"fitted_{measure.key}") or 0
            written = self.cleaned_data.get(f"serial_{measure.key}") or ""
            serials = tuple(_line(serial)[:WORD_LENGTH] for serial in written.split(",") if serial.strip())
            if quantity:
                parts.append(rules.Part(measure.key, quantity, serials))
        return (*parts, *self._kit(), *self._parts_gone())

    def _kit(self) -> list[rules.Part]:
        """The marking kit that was handed over: its code says so."""
        code = rules.plain_code(_line(self.cleaned_data.get("kit_code") or ""))
        kit = next((m for m in self.measures if m.kind == MeasureKind.MARKING and m.is_offered), None)
        handed = f"fitted_{kit.key}" if kit else ""
        return [rules.Part(kit.key, 1, (code,))] if kit and code and not self.cleaned_data.get(handed) else []

    def _parts_gone(self) -> list[rules.Part]:
        """What a phone fitted that the catalogue has lost meanwhile: told to the coordinator, not dropped."""
        known = {f"fitted_{measure.key}" for measure in self.measures}
        gone = {name: str(self.data[name]) for name in self.data if name.startswith("fitted_") and name not in known}
        return [
            rules.Part(_line(name.removeprefix("fitted_"))[:WORD_LENGTH], min(int(count), MOST_FITTED))
            for name, count in gone.items()
            if count.isdecimal() and len(count) < 4 and int(count)
        ]


class ConflictForm(forms.Form):
    """Which of two reports stands."""

    choice = forms.ChoiceField(choices=choices(ConflictChoice))


def _line(text: str) -> str:
    return storable(text).strip()[:TEXT_LENGTH]
