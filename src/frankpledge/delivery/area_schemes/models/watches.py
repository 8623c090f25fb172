"""Watch schemes and the areas they watch."""

from django.db import models
from django.db.models import Q

from frankpledge.delivery.area_schemes.models.columns import CODE_LENGTH, NAME_LENGTH, choices
from frankpledge.delivery.area_schemes.vocabulary import WatchKind, WatchState


class Watch(models.Model):
    """A home, neighbourhood or business watch. Whom to write to is seen only by those who run area schemes."""

    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    kind = models.CharField(max_length=24, choices=choices(WatchKind))
    state = models.CharField(max_length=12, choices=choices(WatchState), default=WatchState.FORMING.value)
    coordinator = models.CharField(max_length=NAME_LENGTH, blank=True)
    contact = models.CharField(max_length=NAME_LENGTH, blank=True)
    members = models.PositiveIntegerField(null=True)
    counted_on = models.DateField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(members__isnull=True) | Q(counted_on__isnull=False), name="areas_members_counted_on_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.name


class WatchedArea(models.Model):
    """A small area or ward that a watch watches."""

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="areas")
    code = models.CharField(max_length=CODE_LENGTH)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["watch", "code"], name="areas_watched_once")]

    def __str__(self) -> str:
        return self.code
