"""Tables of this room: persons as agencies told us of them, and what was decided about two of them being one."""

from django.db import models
from django.db.models import F, Q

from frankpledge.records.people.vocabulary import MatchState, Part

NAME_LENGTH = 120
ADDRESS_LENGTH = 200
REFERENCE_LENGTH = 120


class PersonRecord(models.Model):
    """A person as one agency tells of them. Two agencies telling of one person are two records."""

    agency_id = models.BigIntegerField()
    agency_name = models.CharField(max_length=NAME_LENGTH)
    reference = models.CharField(max_length=REFERENCE_LENGTH)
    part = models.CharField(max_length=10, choices=[(part.value, part.value) for part in Part])
    forename = models.CharField(max_length=NAME_LENGTH, blank=True)
    surname = models.CharField(max_length=NAME_LENGTH, blank=True)
    born_on = models.DateField(null=True)
    address = models.CharField(max_length=ADDRESS_LENGTH, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    premises = models.CharField(max_length=13, blank=True)
    # Seen by the telling agency only, and by nobody through a match.
    restricted = models.BooleanField(default=False)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency_id", "reference"], name="people_once_by_agency_reference"),
        ]
        indexes = [
            models.Index(fields=["surname", "forename"], name="people_by_name"),
            models.Index(fields=["premises"], name="people_by_premises"),
        ]

    def __str__(self) -> str:
        return f"person record {self.pk}"

    @property
    def name(self) -> str:
        """Forename and surname, or the agency's reference where no name was told."""
        return f"{self.forename} {self.surname}".strip() or self.reference


class Match(models.Model):
    """That two records may be one person, with the reasons, and what somebody decided. Taken back: proposed again."""

    first = models.ForeignKey(PersonRecord, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(PersonRecord, on_delete=models.PROTECT, related_name="+")
    bits = models.FloatField()
    reasons = models.JSONField()
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in MatchState])
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    decided_because = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "matches"
        ordering = ["-bits", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="people_one_match_a_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="people_pairs_in_order"),
            models.CheckConstraint(
                condition=Q(state=MatchState.PROPOSED.value, decided_at__isnull=True, decided_because="")
                | (~Q(state=MatchState.PROPOSED.value) & Q(decided_at__isnull=False) & ~Q(decided_because="")),
                name="people_decided_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="people_matches_by_state")]

    def __str__(self) -> str:
        return f"match {self.pk}: {self.state}"
