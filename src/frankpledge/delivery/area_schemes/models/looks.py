"""What the records said when somebody last looked: hot spots, and when in the week. Written by workflows alone."""

from django.db import models

from frankpledge.delivery.area_schemes.models.columns import CODE_LENGTH, NAME_LENGTH, TEXT_LENGTH


class HotSpotLook(models.Model):
    """One ranking of the partnership's small areas by recorded burglary a household. The newest counts."""

    made_at = models.DateTimeField()
    source = models.CharField(max_length=NAME_LENGTH)
    source_label = models.CharField(max_length=NAME_LENGTH)
    period = models.CharField(max_length=NAME_LENGTH)
    n = models.PositiveIntegerField()  # events put in a small area
    without_place = models.PositiveIntegerField()
    areas = models.PositiveIntegerField()  # small areas that were ranked
    edition = models.CharField(max_length=NAME_LENGTH)  # where the count of households comes from
    method = models.CharField(max_length=TEXT_LENGTH)
    batches = models.JSONField(default=list)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"hot spots, {self.period}"


class HotSpot(models.Model):
    """One small area of a ranking. ``rate``, ``low`` and ``high``: burglaries per 1,000 households, 95 % interval."""

    look = models.ForeignKey(HotSpotLook, on_delete=models.CASCADE, related_name="spots")
    rank = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=CODE_LENGTH)
    name = models.CharField(max_length=NAME_LENGTH)
    ward = models.CharField(max_length=CODE_LENGTH, blank=True)
    place = models.CharField(max_length=NAME_LENGTH, blank=True)  # neighbourhood or ward, as people call it
    count = models.PositiveIntegerField()
    households = models.PositiveIntegerField()
    rate = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField()

    class Meta:
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(fields=["look", "code"], name="areas_ranked_once")]

    def __str__(self) -> str:
        return f"{self.rank}: {self.code}"


class WeekLook(models.Model):
    """One look at when in the week things happen. The newest counts."""

    made_at = models.DateTimeField()
    source = models.CharField(max_length=NAME_LENGTH)
    source_label = models.CharField(max_length=NAME_LENGTH)
    kinds = models.JSONField(default=list)  # crime types
    period = models.CharField(max_length=NAME_LENGTH)
    n = models.PositiveIntegerField()
    untimed = models.PositiveIntegerField()  # of the same kinds, without a time or a place
    method = models.CharField(max_length=TEXT_LENGTH)
    batches = models.JSONField(default=list)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"week, {self.period}"


class WeekPattern(models.Model):
    """One ward's week: ``weights`` are seven days, Monday first, of 24 hours, and sum to ``n``."""

    look = models.ForeignKey(WeekLook, on_delete=models.CASCADE, related_name="patterns")
    code = models.CharField(max_length=CODE_LENGTH)
    name = models.CharField(max_length=NAME_LENGTH)
    n = models.PositiveIntegerField()
    weights = models.JSONField()

    class Meta:
        ordering = ["-n", "code"]
        constraints = [models.UniqueConstraint(fields=["look", "code"], name="areas_one_week_a_ward")]

    def __str__(self) -> str:
        return f"week of {self.code}"
