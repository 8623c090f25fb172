"""What residents were offered beyond the visit, and what they said: known, not assumed from who was passed on."""

from django.db import models

from frankpledge.delivery.home_security.models.asking import HomeRequest
from frankpledge.delivery.home_security.models.columns import NAME_LENGTH, WORD_LENGTH, choices
from frankpledge.delivery.home_security.vocabulary import OfferAnswer, ReferralTo


class ServiceOffer(models.Model):
    """One offer of another service to one home, and the answer at the time. Asked again, it is another row."""

    request = models.ForeignKey(HomeRequest, on_delete=models.PROTECT, related_name="service_offers")
    to = models.CharField(max_length=WORD_LENGTH, choices=choices(ReferralTo))
    answer = models.CharField(max_length=12, choices=choices(OfferAnswer))
    at = models.DateTimeField()
    by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"offer {self.pk} of {self.to}: {self.answer}"
