"""The work beside installing: empty homes and passing on."""

from django.db import models
from django.db.models import F, Q

from frankpledge.delivery.home_security.models.asking import HomeRequest
from frankpledge.delivery.home_security.models.columns import (
    NAME_LENGTH,
    UPRN_LENGTH,
    WORD_LENGTH,
    choices,
)
from frankpledge.delivery.home_security.models.doing import Visit
from frankpledge.delivery.home_security.vocabulary import ReferralState, ReferralTo


class VoidHome(models.Model):
    """An empty home, and when it was made safe. The clock runs in hours as they pass, also over a clock change."""

    uprn = models.CharField(max_length=UPRN_LENGTH, blank=True)
    address = models.CharField(max_length=NAME_LENGTH)
    landlord = models.CharField(max_length=NAME_LENGTH)
    void_at = models.DateTimeField()
    secured_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=NAME_LENGTH, blank=True)

    class Meta:
        ordering = ["-void_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(secured_at__isnull=True) | Q(secured_at__gte=F("void_at")), name="homes_secured_after_void"
            ),
        ]

    def __str__(self) -> str:
        return f"void home {self.pk}"


class Referral(models.Model):
    """Somebody passed on to another service, with their consent."""

    request = models.ForeignKey(HomeRequest, null=True, on_delete=models.PROTECT, related_name="referrals")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="referrals")
    uprn = models.CharField(max_length=UPRN_LENGTH, blank=True)
    to = models.CharField(max_length=WORD_LENGTH, choices=choices(ReferralTo))
    why = models.CharField(max_length=NAME_LENGTH, blank=True)  # the need, in a word; empty where the crew asked
    state = models.CharField(max_length=12, choices=choices(ReferralState), default=ReferralState.SENT.value)
    made_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True)  # when its particulars were last given out
    chased_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)  # the resident took the consent back
    told_at = models.DateTimeField(null=True)  # when the service was told to stop
    by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["uprn"], name="homes_referrals_of_home")]

    def __str__(self) -> str:
        return f"referral {self.pk} to {self.to}"
