"""Tables of this room."""

from django.conf import settings
from django.db import models


class LastLook(models.Model):
    """Until when a person has seen what is new on My work. They say so themselves; opening the page changes nothing."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    looked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person}: {self.looked_at}"
