"""Tables of this room."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from frankpledge.foundation.agencies import wording
from frankpledge.foundation.agencies.vocabulary import HOUSE_COLOUR, AgencyKind, AgreementState
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.permissions import Role


def _choices(words: Any) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Partnership(models.Model):
    """The community safety partnership this installation serves."""

    name = models.CharField(max_length=120)
    welsh_name = models.CharField(max_length=120, blank=True)
    colour = models.CharField(max_length=7, default=HOUSE_COLOUR)
    # The code of the area it serves, where its name does not say so. Places are another room: no foreign key.
    own_area = models.CharField(max_length=9, blank=True)
    logo = models.FileField(upload_to="partnership/", blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_partnership")]

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """A body that works in the partnership."""

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=30, choices=_choices(AgencyKind))

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Finds people by e-mail address, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person with this e-mail address. Raises Person.DoesNotExist."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who signs in. There is no flag that lets anybody do everything."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    added_at = models.DateTimeField(default=timezone.now)
    # Part of every session's seal: raising it ends all sessions of this person at their next request.
    session_version = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_email_whatever_its_capitals")]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        """This person as services and the audit trail name them."""
        return Actor.person(self.pk, self.name)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        sealed = f"{self.password}|{self.session_version}"
        return salted_hmac("frankpledge.agencies.session", sealed, secret=secret, algorithm="sha256").hexdigest()


class Membership(models.Model):
    """A part a person plays for an agency, from a day until a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=_choices(Role))
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["agency__name", "role", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "agency", "role"],
                condition=models.Q(ends_on__isnull=True),
                name="one_current_membership",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="membership_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} as {self.role} for {self.agency}"

    @property
    def role_said(self) -> str:
        """The role in the reader's language."""
        return str(wording.ROLES[Role(self.role)])


class SharingAgreement(models.Model):
    """What agencies have agreed to share, for what and for how long."""

    title = models.CharField(max_length=200)
    reference = models.CharField(max_length=60, unique=True)
    agencies = models.ManyToManyField(Agency, through="AgreementParty", related_name="agreements")
    data_classes = models.JSONField(default=list)
    purposes = models.JSONField(default=list)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=20, choices=_choices(AgreementState), default=AgreementState.IN_FORCE.value)
    ended_because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="agreement_dates_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_said(self) -> str:
        """The state in the reader's language."""
        return str(wording.AGREEMENT_STATES[AgreementState(self.state)])


class AgreementParty(models.Model):
    """An agency in an agreement, and which way data flows for it."""

    agreement = models.ForeignKey(SharingAgreement, on_delete=models.CASCADE, related_name="parties")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="parties")
    gives = models.BooleanField(default=True)
    receives = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "agency"], name="one_place_in_an_agreement"),
            models.CheckConstraint(
                condition=models.Q(gives=True) | models.Q(receives=True), name="party_gives_or_receives"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} in {self.agreement}"


class SharedCacheEntry(models.Model):
    """A row of Django's database cache: attempts counted and codes used at the door, seen by every process.

    Django's cache backend reads and writes the table itself; the model only makes it part of the migrations.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key
