"""The work beside installing: empty homes, suppliers, quality, claims, kit sales and passing on."""

from django.db import models
from django.db.models import F, Q

from frankpledge.delivery.home_security.models.asking import HomeRequest
from frankpledge.delivery.home_security.models.columns import (
    NAME_LENGTH,
    TEXT_LENGTH,
    UPRN_LENGTH,
    WORD_LENGTH,
    choices,
)
from frankpledge.delivery.home_security.models.doing import Visit
from frankpledge.delivery.home_security.vocabulary import (
    ClaimOutcome,
    ReferralState,
    ReferralTo,
)


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


class Supplier(models.Model):
    """An approved supplier, until a day."""

    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    service = models.CharField(max_length=NAME_LENGTH)
    approved_on = models.DateField()
    expires_on = models.DateField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_on__gte=F("approved_on")), name="homes_supplier_forwards")
        ]

    def __str__(self) -> str:
        return self.name


class QualityCall(models.Model):
    """A call some weeks after a visit: what the resident says of the work, and whether the alarm is used."""

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="quality_call")
    called_at = models.DateTimeField()
    reached = models.BooleanField()
    content = models.BooleanField(null=True)
    sets_alarm = models.BooleanField(null=True)
    feels_safer = models.BooleanField(null=True)
    said = models.TextField(blank=True, max_length=TEXT_LENGTH)
    by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-called_at", "-pk"]

    def __str__(self) -> str:
        return f"quality call {self.pk}"


class Compensation(models.Model):
    """A claim that a visit damaged something."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="claims")
    claimed_on = models.DateField()
    what = models.CharField(max_length=NAME_LENGTH)
    amount = models.DecimalField(max_digits=8, decimal_places=2)  # pounds asked for
    paid = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    outcome = models.CharField(max_length=10, choices=choices(ClaimOutcome), default=ClaimOutcome.OPEN.value)
    settled_on = models.DateField(null=True)

    class Meta:
        ordering = ["-claimed_on", "-pk"]

    def __str__(self) -> str:
        return f"claim {self.pk}: {self.outcome}"


class KitSale(models.Model):
    """Kits and locks sold at stalls; what comes in is spent on more of them (``is_spent``)."""

    on = models.DateField()
    item = models.CharField(max_length=NAME_LENGTH)
    count = models.PositiveIntegerField(default=1)
    amount = models.DecimalField(max_digits=8, decimal_places=2)  # pounds, all together
    is_spent = models.BooleanField(default=False)
    note = models.CharField(max_length=NAME_LENGTH, blank=True)
    by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.count} {self.item}"


class Referral(models.Model):
    """Somebody passed on to another service, with their consent."""

    request = models.ForeignKey(HomeRequest, null=True, on_delete=models.PROTECT, related_name="referrals")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="referrals")
    uprn = models.CharField(max_length=UPRN_LENGTH, blank=True)
    to = models.CharField(max_length=WORD_LENGTH, choices=choices(ReferralTo))
    state = models.CharField(max_length=12, choices=choices(ReferralState), default=ReferralState.SENT.value)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"referral {self.pk} to {self.to}"
