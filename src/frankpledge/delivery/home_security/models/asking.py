"""Who asked, who was offered, what was said to them. Names and addresses of residents stand here: see permissions."""

from django.db import models
from django.db.models import Q

from frankpledge.delivery.home_security.models.columns import (
    CODE_LENGTH,
    NAME_LENGTH,
    PHONE_LENGTH,
    POSTCODE_LENGTH,
    TEXT_LENGTH,
    UPRN_LENGTH,
    WORD_LENGTH,
    choices,
)
from frankpledge.delivery.home_security.vocabulary import (
    LIVE,
    Burgled,
    Channel,
    ContactKind,
    ContactOutcome,
    HeardFrom,
    MessageState,
    OfferPart,
    OfferState,
    Reason,
    RequestState,
)
from frankpledge.vocabulary.premises import Tenure


class HomeRequest(models.Model):
    """One home that asked or was referred. One home has at most one live request; others of it are joined to it."""

    reference = models.CharField(max_length=12, unique=True)  # "H-7K3P9Q": drawn, not counted, so nobody can guess one
    password = models.CharField(max_length=WORD_LENGTH)  # what the crew says at the door: only we and they know it
    uprn = models.CharField(max_length=UPRN_LENGTH, blank=True)  # empty until somebody settled which home it is
    address = models.CharField(max_length=NAME_LENGTH)
    postcode = models.CharField(max_length=POSTCODE_LENGTH, blank=True)
    small_area = models.CharField(max_length=CODE_LENGTH, blank=True)
    ward = models.CharField(max_length=CODE_LENGTH, blank=True)
    neighbourhood = models.CharField(max_length=CODE_LENGTH, blank=True)
    tenure = models.CharField(max_length=30, blank=True, choices=choices(Tenure))
    channel = models.CharField(max_length=30, choices=choices(Channel))
    referred_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    heard_from = models.CharField(max_length=30, choices=choices(HeardFrom), default=HeardFrom.NOT_SAID.value)
    burgled = models.CharField(max_length=20, choices=choices(Burgled), default=Burgled.NOT_SAID.value)
    burgled_times = models.PositiveSmallIntegerField(default=0)  # in the last 12 months, as the police record says
    vulnerability = models.JSONField(default=list)  # words of Need
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    telephone = models.CharField(max_length=PHONE_LENGTH, blank=True)
    email = models.CharField(max_length=NAME_LENGTH, blank=True)
    reach_by = models.CharField(max_length=20, choices=choices(ContactKind), default=ContactKind.LETTER.value)
    language = models.CharField(max_length=10, default="en")
    note = models.TextField(blank=True, max_length=TEXT_LENGTH)
    consent_contact = models.BooleanField(default=False)
    consent_onward = models.BooleanField(default=False)
    # services consented to by name (words of ReferralTo); empty: the form's consent, which names the fire service
    consent_for = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=choices(RequestState), default=RequestState.WAITING.value)
    joined_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined")
    missed_visits = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=NAME_LENGTH, blank=True)
    onward_ended_at = models.DateTimeField(null=True)  # consent to be passed on was taken back: older ones do not count
    erased_at = models.DateTimeField(null=True)  # who asked, and what was written of them
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["uprn"],
                condition=Q(state__in=[state.value for state in LIVE]) & ~Q(uprn=""),
                name="homes_one_live_request_a_home",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.JOINED.value, joined_to__isnull=False)
                | (~Q(state=RequestState.JOINED.value) & Q(joined_to__isnull=True)),
                name="homes_joined_to_a_request",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "asked_at"], name="homes_requests_by_state"),
            models.Index(fields=["uprn"], name="homes_requests_of_home"),
        ]

    def __str__(self) -> str:
        return f"request {self.reference}"

    @property
    def is_live(self) -> bool:
        """Whether something is still to be done."""
        return RequestState(self.state).is_live

    @property
    def is_forgotten(self) -> bool:
        """Whether nothing the resident gave for themselves is kept, nor taken any more."""
        return self.erased_at is not None or self.state == RequestState.WITHDRAWN


class PriorityWeight(models.Model):
    """The points a reason counts, as the coordinator set them. A reason without a row counts what rules.py says."""

    reason = models.CharField(max_length=WORD_LENGTH, unique=True, choices=choices(Reason))
    points = models.SmallIntegerField()
    set_at = models.DateTimeField()
    set_by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=0, points__lte=100), name="homes_points_0_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.points}"


class Contact(models.Model):
    """One attempt to reach a home or a street, with what came of it and what it cost."""

    request = models.ForeignKey(HomeRequest, null=True, on_delete=models.PROTECT, related_name="contacts")
    uprn = models.CharField(max_length=UPRN_LENGTH, blank=True)
    kind = models.CharField(max_length=20, choices=choices(ContactKind))
    outcome = models.CharField(max_length=30, choices=choices(ContactOutcome))
    homes = models.PositiveIntegerField(default=1)  # a leaflet round or a canvass reaches many at once
    cost = models.DecimalField(max_digits=8, decimal_places=2, default=0)  # pounds, all homes together
    note = models.CharField(max_length=NAME_LENGTH, blank=True)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(cost__gte=0), name="homes_contact_costs_no_less_than_0")]
        indexes = [models.Index(fields=["uprn"], name="homes_contacts_of_home")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.outcome}"


class Message(models.Model):
    """A letter, e-mail or text to a resident. It waits here until the sender has taken it: an outbox."""

    request = models.ForeignKey(HomeRequest, null=True, on_delete=models.PROTECT, related_name="messages")
    uprn = models.CharField(max_length=UPRN_LENGTH, blank=True)
    # the times it offers: their address and code are put in only when it is sent
    invitation = models.ForeignKey("Invitation", null=True, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=20, choices=choices(ContactKind))
    about = models.CharField(max_length=WORD_LENGTH)  # which message of ours it is: "received", "times offered" ...
    to = models.CharField(max_length=NAME_LENGTH * 2)
    language = models.CharField(max_length=10, default="en")
    subject = models.CharField(max_length=NAME_LENGTH, blank=True)
    body = models.TextField()
    state = models.CharField(max_length=30, choices=choices(MessageState), default=MessageState.WAITING.value)
    problem = models.CharField(max_length=NAME_LENGTH, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["state"], name="homes_messages_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} about {self.about}: {self.state}"


class Cocoon(models.Model):
    """A burgled home and those round it, offered together because risk near a burglary is raised for a while."""

    alert = models.CharField(max_length=200, unique=True)  # fingerprint of the alert: never answered twice
    uprn = models.CharField(max_length=UPRN_LENGTH, blank=True)  # the burgled home; empty if only its place is known
    easting = models.FloatField(null=True)
    northing = models.FloatField(null=True)
    area_name = models.CharField(max_length=NAME_LENGTH)
    street = models.CharField(max_length=NAME_LENGTH, blank=True)
    way = models.CharField(max_length=WORD_LENGTH)  # "four homes either side" or "80 m round it"
    why = models.TextField(blank=True)  # what was measured, in a sentence
    burgled_on = models.DateField()
    alive_until = models.DateField()
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    approved_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["alive_until"], name="homes_cocoons_alive")]

    def __str__(self) -> str:
        return f"cocoon {self.pk} in {self.area_name}"


class CocoonOffer(models.Model):
    """What became of the offer to one home of a cocoon."""

    cocoon = models.ForeignKey(Cocoon, on_delete=models.PROTECT, related_name="offers")
    uprn = models.CharField(max_length=UPRN_LENGTH)
    part = models.CharField(max_length=20, choices=choices(OfferPart))
    doors = models.SmallIntegerField(
        default=0
    )  # place along the street from the burgled home: -1 is the next lower one
    state = models.CharField(max_length=12, choices=choices(OfferState), default=OfferState.TO_OFFER.value)
    request = models.ForeignKey(HomeRequest, null=True, on_delete=models.PROTECT, related_name="offers")
    note = models.CharField(max_length=NAME_LENGTH, blank=True)
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["doors", "pk"]
        constraints = [models.UniqueConstraint(fields=["cocoon", "uprn"], name="homes_one_offer_a_home_and_cocoon")]
        indexes = [models.Index(fields=["uprn"], name="homes_offers_of_home")]

    def __str__(self) -> str:
        return f"offer {self.pk}: {self.state}"
