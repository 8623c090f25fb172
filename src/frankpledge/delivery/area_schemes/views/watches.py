"""Pages of watches."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from frankpledge.delivery.area_schemes.forms.watches import WatchForm
from frankpledge.delivery.area_schemes.models import Watch
from frankpledge.delivery.area_schemes.pages import watches as pages
from frankpledge.delivery.area_schemes.selectors import watches as selectors
from frankpledge.delivery.area_schemes.services import looks
from frankpledge.delivery.area_schemes.services import watches as services
from frankpledge.ui.forms import form_view, kept, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.permissions import Permission


@guarded(Permission.VIEW_SCHEMES)
@require_safe
def watches(request: HttpRequest) -> HttpResponse:
    """Hot spots with and without a watch, and every watch. Who sees whom to write to is recorded."""
    page = pages.watches_page(request.user)
    if page["may_edit"] and any(row["watch"].coordinator or row["watch"].contact for row in page["rows"]):
        services.note_look(by=actor_of(request))
    return render(request, "area_schemes/watches.html", {"page": page})


@guarded(Permission.EDIT_SCHEMES)
@form_view
def watch(request: HttpRequest, key: int | None = None) -> HttpResponse:
    """Add a watch, or change one."""
    held, offered = _watch(key), pages.watch_form_arguments(request.user)
    initial = pages.watch_initial(held, offered)
    if held is None:
        initial["spots"] = request.GET.getlist("area")
    form = WatchForm(request.POST or None, initial=initial, **offered)
    if kept(form, lambda: services.set_watch(watch=held, **form.cleaned_data, by=actor_of(request))):
        messages.success(request, gettext("The watch is written down."))
        return redirect("area_schemes:watches")
    if held is not None:
        services.note_look(by=actor_of(request))
    return render(request, "area_schemes/watch.html", {"form": form, "watch": held}, status=status_of(form))


@guarded(Permission.EDIT_SCHEMES)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Look for hot spots in the newest records."""
    return redirect("jobs:job", key=looks.ask_again(by=actor_of(request)))


def _watch(key: int | None) -> Watch | None:
    if key is None:
        return None
    found = selectors.watch(key)
    if found is None:
        raise Http404
    return found
