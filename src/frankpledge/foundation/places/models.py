"""Tables of this room. Areas are joined by their published codes, which never change, not by our own row numbers."""

from django.db import models
from django.db.models import Q

from frankpledge.foundation.places.rules import (
    GRID_EAST,
    GRID_NORTH,
    LONGEST_KEY,
    LONGEST_LABEL,
    LONGEST_NAME,
    LONGEST_POSTCODE,
    LONGEST_UPRN,
)
from frankpledge.foundation.places.vocabulary import QuestionState
from frankpledge.vocabulary.areas import AreaLevel, DenominatorUnit
from frankpledge.vocabulary.premises import PremisesKind, Tenure

CODE_LENGTH = 9
LONGEST_CLASS = 40


class PlacesVersion(models.Model):
    """One row: changes with every load that changed something. ``fingerprint`` is of the last geography loaded."""

    version = models.CharField(max_length=32)
    fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="places_version_is_single")]

    def __str__(self) -> str:
        return self.version


class Area(models.Model):
    """One area of one level, as it stands over one vintage of small areas."""

    code = models.CharField(max_length=CODE_LENGTH)
    level = models.CharField(max_length=24, choices=[(level.value, level.value) for level in AreaLevel])
    vintage = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=LONGEST_NAME)
    welsh_name = models.CharField(max_length=LONGEST_NAME, null=True)
    outline = models.TextField(null=True)  # JSON: polygons, rings, whole metres run together x, y, x, y
    deprivation_rank = models.PositiveIntegerField(null=True)  # of a small area, 1 the most deprived

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "level", "vintage"], name="places_area_code_is_unique"),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in AreaLevel]), name="places_area_level_is_known"
            ),
        ]
        indexes = [models.Index(fields=["vintage", "level"], name="places_area_of_level")]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class AreaParent(models.Model):
    """A small area lies in an area of a higher level; by best fit where the two do not nest exactly."""

    vintage = models.PositiveSmallIntegerField()
    small_area = models.CharField(max_length=CODE_LENGTH)
    level = models.CharField(max_length=24)
    parent = models.CharField(max_length=CODE_LENGTH)
    best_fit = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["small_area", "vintage", "level"], name="places_one_parent_a_level"),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in AreaLevel if level is not AreaLevel.SMALL_AREA]),
                name="places_parent_level_is_higher",
            ),
        ]
        indexes = [models.Index(fields=["parent", "vintage"], name="places_area_children")]

    def __str__(self) -> str:
        return f"{self.small_area} in {self.parent}"


class DenominatorEdition(models.Model):
    """One version of one denominator, counted on one vintage of small areas."""

    key = models.CharField(max_length=LONGEST_KEY)
    unit = models.CharField(max_length=12, choices=[(unit.value, unit.value) for unit in DenominatorUnit])
    label = models.CharField(max_length=LONGEST_LABEL)
    vintage = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "vintage"], name="places_edition_key_is_unique"),
            models.CheckConstraint(
                condition=Q(unit__in=[unit.value for unit in DenominatorUnit]), name="places_edition_unit_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.unit})"


class Denominator(models.Model):
    """An edition's value for one small area."""

    edition = models.ForeignKey(DenominatorEdition, on_delete=models.PROTECT, related_name="values_by_area")
    small_area = models.CharField(max_length=CODE_LENGTH)
    value = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "small_area"], name="places_one_value_an_area"),
            models.CheckConstraint(condition=Q(value__gte=0), name="places_value_is_not_negative"),
        ]
        indexes = [models.Index(fields=["small_area"], name="places_values_of_area")]

    def __str__(self) -> str:
        return f"{self.small_area}: {self.value}"


class Premises(models.Model):
    """A home or building. Its address stands here and nowhere in the evidence."""

    uprn = models.CharField(max_length=LONGEST_UPRN, unique=True)
    address = models.CharField(max_length=LONGEST_NAME)
    postcode = models.CharField(max_length=LONGEST_POSTCODE)
    easting = models.IntegerField()
    northing = models.IntegerField()
    small_area = models.CharField(max_length=CODE_LENGTH)
    ward = models.CharField(max_length=CODE_LENGTH)
    neighbourhood = models.CharField(max_length=CODE_LENGTH, null=True)
    kind = models.CharField(max_length=24, choices=[(kind.value, kind.value) for kind in PremisesKind])
    tenure = models.CharField(max_length=30, null=True, choices=[(tenure.value, tenure.value) for tenure in Tenure])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(easting__gte=0, easting__lte=GRID_EAST, northing__gte=0, northing__lte=GRID_NORTH),
                name="places_premises_on_the_grid",
            ),
        ]
        indexes = [models.Index(fields=["small_area"], name="places_premises_of_area")]

    def __str__(self) -> str:
        return f"premises {self.uprn}"


class AddressQuestion(models.Model):
    """An address in a file that no single home fits clearly: somebody who knows the place says which it is."""

    batch_key = models.CharField(max_length=220)
    # Whose file it stands in, and the class of its records; without a class it was published.
    owner_id = models.BigIntegerField(null=True)
    data_class = models.CharField(max_length=LONGEST_CLASS, blank=True)
    line = models.PositiveIntegerField()
    reference = models.CharField(max_length=LONGEST_NAME, blank=True)
    address = models.CharField(max_length=LONGEST_NAME)
    postcode = models.CharField(max_length=LONGEST_POSTCODE, blank=True)
    # The homes it may mean, the best first: [{"uprn", "score", "reasons"}]. Addresses are read from Premises.
    candidates = models.JSONField()
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in QuestionState])
    uprn = models.CharField(max_length=LONGEST_UPRN, blank=True)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by_id = models.BigIntegerField(null=True)
    settled_by_name = models.CharField(max_length=LONGEST_NAME, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch_key", "line"], name="places_one_question_a_row"),
            models.CheckConstraint(
                condition=Q(state=QuestionState.WAITING.value, uprn="", settled_at__isnull=True)
                | (Q(state=QuestionState.FOUND.value, settled_at__isnull=False) & ~Q(uprn=""))
                | Q(state=QuestionState.NOT_HERE.value, uprn="", settled_at__isnull=False),
                name="places_question_is_answered_once",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="places_questions_by_state")]

    def __str__(self) -> str:
        return f"address question {self.pk}: {self.state}"
