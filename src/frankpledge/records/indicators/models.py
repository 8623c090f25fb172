"""Tables of this room: what is measured, and every figure. A figure never changes; a newer one takes its place."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from frankpledge.records.indicators.rules import Part, period_words, short_period
from frankpledge.vocabulary.figures import (
    Aggregation,
    Calendar,
    Completeness,
    DisclosureRule,
    PeriodLength,
    Polarity,
)
from frankpledge.vocabulary.units import Unit, amount_words

NAME_LENGTH = 200
AREA_CODE_LENGTH = 20
KEY_LENGTH = 80
WORDS_LENGTH = 300
DIGITS, PLACES = 20, 6


def _choices(words: Any) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Indicator(models.Model):
    """One thing the partnership measures again and again, with all that makes its figures mean the same each time."""

    key = models.SlugField(max_length=KEY_LENGTH, unique=True)
    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    definition = models.TextField()
    unit = models.CharField(max_length=30, choices=_choices(Unit))
    numerator = models.CharField(max_length=WORDS_LENGTH, blank=True)
    denominator = models.CharField(max_length=WORDS_LENGTH, blank=True)
    denominator_edition = models.CharField(max_length=NAME_LENGTH, blank=True)
    polarity = models.CharField(max_length=20, choices=_choices(Polarity))
    aggregation = models.CharField(max_length=20, choices=_choices(Aggregation))
    period = models.CharField(max_length=10, choices=_choices(PeriodLength))
    calendar = models.CharField(max_length=10, choices=_choices(Calendar))
    area_code = models.CharField(max_length=AREA_CODE_LENGTH, blank=True)
    area_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    source = models.CharField(max_length=WORDS_LENGTH, blank=True)
    # Who sends it and who answers for it. Agencies and people are another room: no foreign keys.
    owed_by_agency_id = models.BigIntegerField(null=True)
    owed_by_agency_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    owner_id = models.BigIntegerField(null=True)
    owner_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    due_days_after = models.PositiveSmallIntegerField(default=28)  # after the period's last day
    what_good_looks_like = models.TextField(blank=True)
    weaknesses = models.TextField(blank=True)  # one a line
    disclosure = models.CharField(max_length=30, choices=_choices(DisclosureRule), default=DisclosureRule.PUBLIC.value)
    question = models.JSONField(null=True)
    measure = models.CharField(max_length=60, blank=True)
    # Raised with every change: whoever saves an older one is shown both.
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(question__isnull=True, measure="") | (Q(question__isnull=False) & ~Q(measure="")),
                name="indicators_computed_has_a_measure",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_computed(self) -> bool:
        """Its figures are worked out from the evidence, not told by somebody."""
        return self.question is not None

    @property
    def known_weaknesses(self) -> list[str]:
        """One sentence each."""
        return [line.strip() for line in self.weaknesses.splitlines() if line.strip()]


class Figure(models.Model):
    """A number and all that it rests on. The database refuses to change one (see ``triggers``)."""

    indicator = models.ForeignKey(Indicator, null=True, on_delete=models.PROTECT, related_name="figures")
    name = models.CharField(max_length=NAME_LENGTH)
    area_code = models.CharField(max_length=AREA_CODE_LENGTH)
    area_name = models.CharField(max_length=NAME_LENGTH)
    first_on = models.DateField()
    last_on = models.DateField()
    value = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)
    unit = models.CharField(max_length=30, choices=_choices(Unit))
    numerator = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)
    denominator = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)
    denominator_edition = models.CharField(max_length=NAME_LENGTH, blank=True)
    interval_low = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)
    interval_high = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)
    n = models.BigIntegerField(null=True)
    completeness = models.CharField(max_length=20, choices=_choices(Completeness))
    method = models.TextField()
    question = models.JSONField(null=True)
    measure = models.CharField(max_length=60, blank=True)
    batches = models.JSONField(default=list)
    # Whose records of which class it rests on, as ``agencies.rules.grounds_key`` writes them; empty: published ones.
    grounds = models.TextField(blank=True)
    document = models.CharField(max_length=WORDS_LENGTH, blank=True)
    page = models.CharField(max_length=60, blank=True)
    # A figure takes the place of at most one, and is followed by at most one.
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=NAME_LENGTH)

    #: On a copy shown to somebody who may not see the number yet: whom to ask for it (``permissions.Reader``).
    ask = ""

    class Meta:
        ordering = ["-last_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="indicators_figure_period_in_order"),
            models.CheckConstraint(
                condition=Q(value__isnull=True, completeness=Completeness.TO_BE_CONFIRMED.value)
                | (Q(value__isnull=False) & ~Q(completeness=Completeness.TO_BE_CONFIRMED.value)),
                name="indicators_figure_has_its_value",
            ),
            models.CheckConstraint(
                condition=Q(question__isnull=False) | ~Q(document=""), name="indicators_figure_has_a_source"
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0), name="indicators_figure_can_be_divided"
            ),
        ]
        indexes = [models.Index(fields=["indicator", "area_code", "last_on"], name="indicators_figure_series")]

    def __str__(self) -> str:
        return f"{self.key}: {self.name}, {self.period_words}"

    @property
    def key(self) -> str:
        """What people call it by: ``F12``."""
        return f"F{self.pk}"

    @property
    def is_stated(self) -> bool:
        """Told by a document, not worked out from the evidence."""
        return self.question is None

    @property
    def is_hidden(self) -> bool:
        """Whether this copy is without its number, for somebody who may not see it yet."""
        return bool(self.ask)

    @property
    def released(self) -> "FigureRelease | None":
        """Its release to the whole partnership, if there is one."""
        return getattr(self, "release", None)

    @property
    def is_open(self) -> bool:
        """Whether everybody who reads the plan may see it: it rests on published records alone, or is released."""
        return not self.grounds or self.released is not None

    @property
    def period_words(self) -> str:
        """``quarter to June 2026``."""
        return period_words(self.first_on, self.last_on)

    @property
    def short_period(self) -> str:
        """``Q1 2026/27``: by the financial calendar; pages of an indicator use its own."""
        return short_period(self.first_on, self.last_on, Calendar.FINANCIAL)

    @property
    def words(self) -> str:
        """The value as printed; *at least* where a part is to be confirmed; whom to ask where it may not be seen."""
        if self.is_hidden:
            return gettext("a figure you may not see yet: ask %(agency)s") % {"agency": self.ask}
        said = amount_words(self.value, self.unit)
        return f"at least {said}" if self.completeness == Completeness.AT_LEAST else said

    @property
    def part(self) -> Part:
        """The figure as the arithmetic of ``rules`` needs it."""
        return Part(
            first_on=self.first_on,
            last_on=self.last_on,
            value=self.value,
            completeness=Completeness(self.completeness),
            numerator=self.numerator,
            denominator=self.denominator,
            denominator_edition=self.denominator_edition,
        )


class FigureRelease(models.Model):
    """Somebody entitled has released a figure of restricted records to the whole partnership."""

    figure = models.OneToOneField(Figure, on_delete=models.PROTECT, related_name="release")
    rounded = models.BooleanField()  # others see it rounded: it is, or gives away, a small count
    because = models.TextField()
    released_at = models.DateTimeField()
    released_by_id = models.BigIntegerField(null=True)
    released_by_name = models.CharField(max_length=NAME_LENGTH)

    def __str__(self) -> str:
        return f"release of F{self.figure_id}"
