"""Times a home was offered to choose from, and what came of it."""

from django.db import models
from django.db.models import F, Q

from frankpledge.delivery.home_security.models.asking import HomeRequest
from frankpledge.delivery.home_security.models.columns import NAME_LENGTH, choices
from frankpledge.delivery.home_security.models.doing import Visit
from frankpledge.delivery.home_security.vocabulary import InvitationState


class Invitation(models.Model):
    """Times offered to one home, opened by an address nobody can guess or by a short code beside its reference.

    Neither is kept: of each stands here what a hash makes of it, and ``salt``, from which the server's own secret makes
    them again when the message goes out.
    """

    request = models.ForeignKey(HomeRequest, on_delete=models.PROTECT, related_name="invitations")
    salt = models.CharField(max_length=64, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64)
    times = models.JSONField(default=list)  # [["2026-11-25", "08:30", "10:30"], ...]: the crew comes between the two
    state = models.CharField(max_length=30, choices=choices(InvitationState), default=InvitationState.OPEN.value)
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="invitations")
    changes = models.PositiveSmallIntegerField(default=0)  # how often another time was chosen after the first
    note = models.CharField(max_length=NAME_LENGTH, blank=True)  # what would suit, in the resident's words
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=[InvitationState.OPEN.value, InvitationState.CHOSEN.value]),
                name="homes_one_live_invitation_a_request",
            ),
            models.CheckConstraint(
                condition=~Q(state=InvitationState.CHOSEN.value) | Q(visit__isnull=False),
                name="homes_chosen_invitation_has_a_visit",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="homes_invitation_forwards"),
        ]
        indexes = [models.Index(fields=["state", "expires_at"], name="homes_invitations_by_state")]

    def __str__(self) -> str:
        return f"invitation {self.pk}: {self.state}"
