"""How long a sign-in lasts, and what browsers and proxies may keep of the pages it opens."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext

BEGAN_AT = "frankpledge_began_at"
SEEN_AT = "frankpledge_seen_at"
SEEN_EVERY_S = 30
"""A session is written again only after this long: one database write a page would make readers queue."""

NOT_NEEDED_HERE = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self)"


def begin(request: HttpRequest) -> None:
    """Start the clocks of a new sign-in."""
    request.session[BEGAN_AT] = request.session[SEEN_AT] = time.time()


class SessionLimitsMiddleware:
    """Ends a session left idle, and any session after its longest time, whatever the browser's cookie says."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Sign out who stayed too long; note that the others are here."""
        if request.user.is_authenticated:
            if is_over(request, time.time()):
                logout(request)
                messages.info(request, gettext("You were signed out because time ran out. Nothing you saved is lost."))
            else:
                _note(request)
        return self.get_response(request)


def is_over(request: HttpRequest, now: float) -> bool:
    """Has this session been idle too long, or lasted too long? ``now`` in seconds since the epoch."""
    began, seen = request.session.get(BEGAN_AT), request.session.get(SEEN_AT)
    if began is None or seen is None:
        return False
    return now - seen > settings.SESSION_IDLE_MINUTES * 60 or now - began > settings.SESSION_LIMIT_HOURS * 3600


def _note(request: HttpRequest) -> None:
    if BEGAN_AT not in request.session:
        begin(request)
    elif time.time() - request.session[SEEN_AT] > SEEN_EVERY_S:
        request.session[SEEN_AT] = time.time()


class PrivateAnswersMiddleware:
    """Nothing a signed-in person sees is kept by a browser or proxy, and no page may use a device it has no use for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the two headers."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", NOT_NEEDED_HERE)
        if request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response
