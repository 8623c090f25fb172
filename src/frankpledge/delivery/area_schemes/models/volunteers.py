"""Volunteers' shifts: how many people, where and when. No register of volunteers is kept."""

from django.db import models
from django.db.models import Q

from frankpledge.delivery.area_schemes.models.columns import CODE_LENGTH, NAME_LENGTH, choices
from frankpledge.delivery.area_schemes.vocabulary import ShiftState


class VolunteerShift(models.Model):
    """So many volunteers of a group in a ward from an hour for so many hours, perhaps past midnight."""

    group = models.CharField(max_length=NAME_LENGTH)
    day = models.DateField()
    starts = models.PositiveSmallIntegerField()  # the hour, 0 to 23
    hours = models.PositiveSmallIntegerField()
    ward = models.CharField(max_length=CODE_LENGTH)
    place = models.CharField(max_length=NAME_LENGTH, blank=True)
    people = models.PositiveSmallIntegerField()
    who = models.CharField(max_length=NAME_LENGTH, blank=True)  # first names or initials, as the organiser chose
    state = models.CharField(max_length=12, choices=choices(ShiftState), default=ShiftState.PLANNED.value)
    came = models.PositiveSmallIntegerField(null=True)
    hours_given = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    contacts = models.PositiveIntegerField(null=True)
    note = models.CharField(max_length=NAME_LENGTH, blank=True)

    class Meta:
        ordering = ["day", "starts", "pk"]
        indexes = [models.Index(fields=["state", "day"], name="areas_shifts_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(starts__lte=23), name="areas_shift_starts_at_an_hour"),
            models.CheckConstraint(condition=Q(hours__gte=1) & Q(hours__lte=12), name="areas_shift_of_1_to_12_hours"),
            models.CheckConstraint(
                condition=~Q(state=ShiftState.DONE.value) | Q(hours_given__isnull=False), name="areas_done_with_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}, {self.day}"
