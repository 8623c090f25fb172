"""The demonstration's door: it opens to this computer only."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseForbidden
from django.utils.translation import gettext


class LoopbackOnlyMiddleware:
    """While the demonstration runs, refuses every request that did not start on this computer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let it through, or say in one sentence why not."""
        if settings.DEMO and not from_this_computer(request):
            sentence = gettext("The demonstration of Frankpledge answers on the computer it runs on, and nowhere else.")
            return HttpResponseForbidden(sentence, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


def from_this_computer(request: HttpRequest) -> bool:
    """Did the request start here? A request a proxy passed on did not, whatever address the proxy has."""
    forwarded = any(name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"))
    try:
        return not forwarded and ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
