"""The page of the golden thread."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frankpledge.oversight.golden_thread import pages
from frankpledge.ui.guards import guarded
from frankpledge.vocabulary.permissions import Permission


@guarded(Permission.VIEW_PERFORMANCE)
@require_safe
def thread(request: HttpRequest) -> HttpResponse:
    """The whole thread with its loose ends, or both ways from one thing (``?from=action:A12``)."""
    page = pages.thread_page(request.GET.get("from", "").replace("\x00", ""), request.user)
    if page is None:
        raise Http404
    return render(request, "golden_thread/thread.html", {"page": page})
