"""Forms of passing residents on."""

from django import forms
from django.utils.translation import gettext_lazy

from frankpledge.delivery.home_security.vocabulary import OfferAnswer, ReferralState, ReferralTo

SERVICES = {
    ReferralTo.HANDY_PERSON: gettext_lazy("the handy-person service"),
    ReferralTo.FIRE_SERVICE: gettext_lazy("the fire service"),
    ReferralTo.ENERGY: gettext_lazy("the energy scheme"),
    ReferralTo.VICTIM_SUPPORT: gettext_lazy("victim support"),
}
ANSWERS = {
    OfferAnswer.YES: gettext_lazy("Yes: pass me on"),
    OfferAnswer.NO: gettext_lazy("No"),
    OfferAnswer.NOT_REACHED: gettext_lazy("Nobody was reached"),
}


class ServiceOfferForm(forms.Form):
    """Another service that was offered, and the answer."""

    to = forms.ChoiceField(
        label=gettext_lazy("Service that was offered"), choices=[(to.value, word) for to, word in SERVICES.items()]
    )
    answer = forms.ChoiceField(
        label=gettext_lazy("What they said"),
        choices=[(answer.value, word) for answer, word in ANSWERS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what they said.")},
    )


class ServiceForm(forms.Form):
    """A service alone, sent by a button."""

    to = forms.ChoiceField(choices=[(to.value, to.value) for to in ReferralTo])


class ReferralForm(forms.Form):
    """What happened to a referral, sent by a button."""

    done = forms.ChoiceField(
        choices=[
            (word, word)
            for word in (ReferralState.TAKEN_UP.value, ReferralState.DECLINED.value, "chased", "told", "withdrawn")
        ]
    )
