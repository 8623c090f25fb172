"""Signing in by the partnership's own provider (OpenID Connect), when the settings name one."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class ProviderDoorKeeper(DefaultSocialAccountAdapter):
    """Lets in people an administrator added, known by the e-mail address the provider vouches for, and nobody else."""

    def is_open_for_signup(self, _request: HttpRequest, _sociallogin: Any) -> bool:
        """Never: a provider may hold the whole county, the partnership does not."""
        return False
