"""How the trail is narrowed down."""

from django import forms
from django.utils.translation import gettext_lazy as _

from frankpledge.foundation.audit.vocabulary import Act

ACTS = {
    Act.COLLECTION: _("Collection"),
    Act.ALTERATION: _("Alteration"),
    Act.CONSULTATION: _("Consultation"),
    Act.DISCLOSURE: _("Disclosure"),
    Act.COMBINATION: _("Combination"),
    Act.ERASURE: _("Erasure"),
    Act.SIGN_IN: _("Sign-in"),
    Act.SIGN_IN_REFUSED: _("Sign-in refused"),
    Act.SIGN_OUT: _("Sign-out"),
    Act.REFUSAL: _("Refusal"),
}


class TrailForm(forms.Form):
    """All fields may stay empty."""

    act = forms.ChoiceField(
        label=_("Act"),
        required=False,
        choices=[("", _("All acts")), *((act.value, said) for act, said in ACTS.items())],
    )
    actor = forms.CharField(label=_("Name of who did it"), required=False, max_length=120)
    first_day = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def chosen(self) -> dict[str, object]:
        """Arguments for the selector; what cannot be read narrows nothing."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return {**given, "act": Act(given["act"])} if "act" in given else given
