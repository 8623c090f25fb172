"""Pages of Assess."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frankpledge.oversight.assessment import pages
from frankpledge.ui.guards import guarded
from frankpledge.vocabulary.permissions import Permission


@guarded(Permission.VIEW_PICTURE)
@require_safe
def assess(request: HttpRequest) -> HttpResponse:
    """What is behind this door, with its first numbers."""
    return render(request, "assessment/assess.html", {"page": pages.assess(request.user)})
