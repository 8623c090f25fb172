"""Pages of requests: the list with its reasons, one request, taking one, cocoons, and the public form."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frankpledge.delivery.home_security.pages import asking as pages
from frankpledge.ui.guards import guarded
from frankpledge.vocabulary.permissions import Permission


@guarded(Permission.VIEW_HOMES)
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Homes that wait, with the reasons for each place."""
    return render(request, "home_security/requests.html", {"page": pages.list_page(request.user, request.GET)})
