"""The first page of area schemes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frankpledge.delivery.area_schemes.pages import first as pages
from frankpledge.ui.guards import guarded
from frankpledge.vocabulary.permissions import Permission


@guarded(Permission.VIEW_SCHEMES)
@require_safe
def schemes(request: HttpRequest) -> HttpResponse:
    """What is done for places, at a glance."""
    return render(request, "area_schemes/schemes.html", {"page": pages.first_page(request.user)})
