"""Tables of bought services: agreements, what they deliver, what was told of it, what falls due and what was paid."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from frankpledge.delivery.commissioning.rules import Quarter
from frankpledge.delivery.commissioning.vocabulary import Counted, PaidHow, Purpose
from frankpledge.vocabulary.figures import Polarity

NAME = 200
SENTENCE = 500


def _choices(words: Any) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


def _pounds(**options: Any) -> Any:
    return models.DecimalField(max_digits=12, decimal_places=2, **options)


def _count(**options: Any) -> Any:
    return models.DecimalField(max_digits=12, decimal_places=2, **options)


class Agreement(models.Model):
    """A service-level agreement: who does what for how much, from when until when. No amount: to be confirmed."""

    provider = models.CharField(max_length=NAME)
    title = models.CharField(max_length=NAME)
    purpose = models.CharField(max_length=20, choices=_choices(Purpose))
    what = models.TextField()
    first_on = models.DateField()
    last_on = models.DateField()
    amount = _pounds(null=True)
    paid_how = models.CharField(max_length=30, choices=_choices(PaidHow))
    return_days = models.PositiveSmallIntegerField(default=20)
    # A line of expenditure in the plan's money, by its title: every version of the plan has lines of its own.
    money_line = models.CharField(max_length=NAME, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=NAME)

    class Meta:
        ordering = ["last_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="commissioning_forwards"),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gte=0), name="commissioning_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.title}"

    @property
    def reference(self) -> str:
        """What people call it by: ``SLA3``."""
        return f"SLA{self.pk}"


class Output(models.Model):
    """Something an agreement is to deliver in each quarter. No target: to be confirmed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="outputs")
    name = models.CharField(max_length=NAME)
    unit = models.CharField(max_length=60)
    counted = models.CharField(max_length=10, choices=_choices(Counted))
    target = _count(null=True)
    polarity = models.CharField(max_length=20, choices=_choices(Polarity))
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["agreement", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["agreement", "name"], name="commissioning_output_once")]

    def __str__(self) -> str:
        return self.name


class Instalment(models.Model):
    """A payment that falls due, and the last day of what it pays for. ``paid_on`` once it was paid."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="instalments")
    due_on = models.DateField()
    amount = _pounds()
    pays_until = models.DateField()
    paid_on = models.DateField(null=True)
    paid = _pounds(null=True)
    note = models.CharField(max_length=SENTENCE, blank=True)

    class Meta:
        ordering = ["agreement", "due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True, paid__isnull=True) | Q(paid_on__isnull=False, paid__gt=0),
                name="commissioning_paid_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on}: {self.amount}"


class Return(models.Model):
    """A quarter's monitoring return. ``refused``: rows of the provider's form that were not taken, each with why."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="returns")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    received_on = models.DateField()
    note = models.TextField(blank=True)
    refused = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    written_by_name = models.CharField(max_length=NAME)

    class Meta:
        ordering = ["agreement", "year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "year", "number"], name="commissioning_return_once"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=4), name="commissioning_return_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.quarter.label}"

    @property
    def quarter(self) -> Quarter:
        """The quarter it tells of."""
        return Quarter(self.year, self.number)


class ReturnLine(models.Model):
    """What a return says of one output. No ``delivered``: to be confirmed, which is not nought."""

    told_in = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="lines")
    output = models.ForeignKey(Output, on_delete=models.PROTECT, related_name="lines")
    delivered = _count(null=True)
    of_how_many = _count(null=True)
    note = models.CharField(max_length=SENTENCE, blank=True)

    class Meta:
        ordering = ["told_in", "output"]
        constraints = [
            models.UniqueConstraint(fields=["told_in", "output"], name="commissioning_line_once"),
            models.CheckConstraint(
                condition=Q(of_how_many__isnull=True) | Q(delivered__isnull=False, delivered__lte=F("of_how_many")),
                name="commissioning_part_of_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.output_id}: {self.delivered}"
