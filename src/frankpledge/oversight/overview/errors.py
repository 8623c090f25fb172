"""What a person sees when something breaks: that their data is safe, and a reference that finds the log's entry."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

log = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for an error nobody foresaw. It asks the database nothing: that may be what broke."""
    reference = secrets.token_hex(4).upper()
    log.error(
        "Reference %s: %s %s failed; its traceback stands beside this line", reference, request.method, request.path
    )
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)
