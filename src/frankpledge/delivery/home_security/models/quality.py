"""What residents say of the work afterwards: calls to a drawn sample of homes, and claims that a visit did damage."""

from django.db import models
from django.db.models import F, Q

from frankpledge.delivery.home_security.models.columns import NAME_LENGTH, TEXT_LENGTH, WORD_LENGTH, choices
from frankpledge.delivery.home_security.models.doing import Visit
from frankpledge.delivery.home_security.vocabulary import CallOutcome, ClaimOutcome


class CallDraw(models.Model):
    """A week's draw of homes to call. ``seed`` and ``eligible_keys`` say how it came about: anybody can draw again."""

    week_on = models.DateField(unique=True)  # its Monday
    first_day = models.DateField()  # visits of these days could be drawn, both included
    last_day = models.DateField()
    wanted = models.PositiveSmallIntegerField()
    eligible_keys = models.JSONField(default=list)  # visits in the order in which they went into the draw
    seed = models.CharField(max_length=WORD_LENGTH)
    drawn_at = models.DateTimeField()
    by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-week_on"]
        constraints = [
            models.CheckConstraint(condition=Q(wanted__gte=1), name="homes_draw_of_one_or_more"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="homes_draw_forwards"),
        ]

    def __str__(self) -> str:
        return f"draw of {self.week_on}"


class QualityCall(models.Model):
    """A drawn home: whether somebody was reached, what they say of the work, and whether the alarm is used."""

    draw = models.ForeignKey(CallDraw, on_delete=models.PROTECT, related_name="calls")
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="quality_call")
    place = models.PositiveSmallIntegerField()  # in which order they were drawn
    outcome = models.CharField(max_length=20, choices=choices(CallOutcome), default=CallOutcome.TO_CALL.value)
    tries = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField(null=True)  # the last try
    content = models.BooleanField(null=True)  # None here and below: not answered, or does not apply
    sets_alarm = models.BooleanField(null=True)
    feels_safer = models.BooleanField(null=True)
    complains = models.BooleanField(default=False)
    said = models.TextField(blank=True, max_length=TEXT_LENGTH)
    settled = models.CharField(max_length=NAME_LENGTH, blank=True)  # what was done about a complaint
    by_name = models.CharField(max_length=NAME_LENGTH, blank=True)

    class Meta:
        ordering = ["-draw__week_on", "place"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "place"], name="homes_one_call_a_place"),
            models.CheckConstraint(
                condition=Q(outcome=CallOutcome.REACHED.value)
                | Q(
                    content__isnull=True,
                    sets_alarm__isnull=True,
                    feels_safer__isnull=True,
                    complains=False,
                ),
                name="homes_answers_of_those_reached",
            ),
            models.CheckConstraint(
                condition=Q(outcome=CallOutcome.TO_CALL.value) | Q(called_at__isnull=False, tries__gte=1),
                name="homes_call_made_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"quality call {self.pk}: {self.outcome}"


class DamageClaim(models.Model):
    """A claim that a visit damaged something, and how it was settled."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="damage_claims")
    claimed_on = models.DateField()
    what = models.CharField(max_length=NAME_LENGTH)
    amount = models.DecimalField(max_digits=8, decimal_places=2)  # pounds asked for
    outcome = models.CharField(max_length=10, choices=choices(ClaimOutcome), default=ClaimOutcome.OPEN.value)
    paid = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    because = models.CharField(max_length=NAME_LENGTH, blank=True)  # why declined, or why not the sum asked for
    settled_on = models.DateField(null=True)
    settled_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-claimed_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="homes_claim_of_more_than_0"),
            models.CheckConstraint(
                condition=Q(settled_on__isnull=True) | Q(settled_on__gte=F("claimed_on")), name="homes_settled_later"
            ),
            models.CheckConstraint(
                condition=Q(outcome=ClaimOutcome.OPEN.value, settled_on__isnull=True, paid__isnull=True)
                | Q(outcome=ClaimOutcome.DECLINED.value, settled_on__isnull=False, paid__isnull=True)
                | Q(outcome=ClaimOutcome.PAID.value, settled_on__isnull=False, paid__gt=0),
                name="homes_paid_claims_have_a_sum",
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.pk}: {self.outcome}"


class ClaimsBudget(models.Model):
    """What the budget sets aside for damage in a financial year."""

    year = models.PositiveSmallIntegerField(unique=True)  # the year it begins in: 2026 is April 2026 to March 2027
    amount = models.DecimalField(max_digits=10, decimal_places=2)  # pounds
    set_at = models.DateTimeField()
    set_by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["year"]
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="homes_budget_no_less_than_0")]

    def __str__(self) -> str:
        return f"{self.year}: {self.amount}"
