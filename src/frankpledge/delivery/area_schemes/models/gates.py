"""Alley gates: schemes, the homes behind them and what those say, what it costs, and looking after what was built."""

from django.db import models
from django.db.models import F, Q

from frankpledge.delivery.area_schemes.models.columns import (
    CODE_LENGTH,
    NAME_LENGTH,
    TEXT_LENGTH,
    UPRN_LENGTH,
    WORD_LENGTH,
    choices,
)
from frankpledge.delivery.area_schemes.vocabulary import ConsentState, SaidBy, SchemeState

USUAL_SHARE = 75  # per cent of homes that must agree: a local setting, chosen anew for each scheme


class AlleyScheme(models.Model):
    """Gates across an alley. ``needed_percent``: the share of its homes that must agree before it goes ahead."""

    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    place = models.CharField(max_length=NAME_LENGTH)
    ward = models.CharField(max_length=CODE_LENGTH, blank=True)
    state = models.CharField(max_length=12, choices=choices(SchemeState), default=SchemeState.PROPOSED.value)
    gates = models.PositiveSmallIntegerField(default=1)
    needed_percent = models.PositiveSmallIntegerField(default=USUAL_SHARE)
    legal_order = models.CharField(max_length=NAME_LENGTH, blank=True)
    legal_order_on = models.DateField(null=True)
    proposed_on = models.DateField()
    agreed_on = models.DateField(null=True)
    agreed_despite = models.CharField(max_length=TEXT_LENGTH, blank=True)  # how refusals of homes closed off were met
    built_on = models.DateField(null=True)
    dropped_on = models.DateField(null=True)
    dropped_because = models.CharField(max_length=TEXT_LENGTH, blank=True)
    inspect_on = models.DateField(null=True)  # when the gates are next to be looked at

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(built_on__isnull=True) | Q(built_on__gte=F("proposed_on")), name="areas_gates_built_later"
            ),
            models.CheckConstraint(
                condition=Q(needed_percent__gte=1) & Q(needed_percent__lte=100), name="areas_needed_percent_is_a_share"
            ),
            models.CheckConstraint(condition=Q(gates__gte=1), name="areas_one_gate_or_more"),
        ]

    def __str__(self) -> str:
        return self.name


class AlleyConsent(models.Model):
    """One home of a scheme and what it says. ``closed_off``: the gates lock a way into this home."""

    scheme = models.ForeignKey(AlleyScheme, on_delete=models.PROTECT, related_name="consents")
    uprn = models.CharField(max_length=UPRN_LENGTH)
    closed_off = models.BooleanField(default=True)
    state = models.CharField(max_length=24, choices=choices(ConsentState), default=ConsentState.NOT_ASKED.value)
    on = models.DateField(null=True)  # when it was asked, or answered
    said_by = models.CharField(max_length=20, choices=choices(SaidBy), default=SaidBy.NOT_SAID.value)
    because = models.CharField(max_length=NAME_LENGTH, blank=True)
    by_name = models.CharField(max_length=NAME_LENGTH, blank=True)  # who wrote it down

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "uprn"], name="areas_one_consent_a_property"),
            models.CheckConstraint(
                condition=Q(state=ConsentState.NOT_ASKED.value) | Q(on__isnull=False), name="areas_said_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}: {self.state}"


class AlleyCost(models.Model):
    """One cost of a scheme. ``estimate`` None: to be confirmed. ``spent`` None: nothing is paid yet."""

    scheme = models.ForeignKey(AlleyScheme, on_delete=models.PROTECT, related_name="costs")
    what = models.CharField(max_length=NAME_LENGTH)
    estimate = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    spent = models.DecimalField(max_digits=10, decimal_places=2, null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(estimate__isnull=True) | Q(estimate__gte=0)) & (Q(spent__isnull=True) | Q(spent__gte=0)),
                name="areas_cost_no_less_than_0",
            )
        ]

    def __str__(self) -> str:
        return self.what


class GateInspection(models.Model):
    """A look at gates that stand: whether they lock, and what was found."""

    scheme = models.ForeignKey(AlleyScheme, on_delete=models.PROTECT, related_name="inspections")
    on = models.DateField()
    is_sound = models.BooleanField()
    found = models.CharField(max_length=TEXT_LENGTH, blank=True)
    by_name = models.CharField(max_length=WORD_LENGTH)

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"inspection {self.pk} on {self.on}"
