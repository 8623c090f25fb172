"""Pages of the alerts: the list, one alert, the homes in its zone, and putting it aside."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from frankpledge.records.alerts import pages, permissions, selectors, services
from frankpledge.records.alerts.forms import DismissForm
from frankpledge.records.alerts.models import Alert
from frankpledge.ui.forms import done, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.permissions import Permission


@guarded(Permission.VIEW_ALERTS)
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """What calls for acting now, and what became of earlier alerts."""
    wanted = {name: request.GET.get(name) for name in ("kind", "state", "page")}
    return render(request, "alerts/alerts.html", {"page": pages.list_page(request.user, **wanted)})


@guarded(Permission.VIEW_ALERTS)
@require_safe
def alert(request: HttpRequest, number: int) -> HttpResponse:
    """One alert."""
    return render(request, "alerts/alert.html", {"page": pages.alert_page(_found(request, number), request.user)})


@guarded(Permission.VIEW_PEOPLE)
@require_safe
def homes(request: HttpRequest, number: int) -> HttpResponse:
    """The homes in an alert's zone; the look is recorded."""
    page = pages.homes_page(_found(request, number), request.user, by=actor_of(request))
    return render(request, "alerts/homes.html", {"page": page})


@guarded(Permission.DECIDE_ALERTS)
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request: HttpRequest, number: int) -> HttpResponse:
    """Put an alert aside, with a reason."""
    found = _found(request, number)
    form = DismissForm(request.POST or None)
    if done(form, lambda: services.dismiss(found, **form.cleaned_data, by=actor_of(request)), field="because"):
        messages.success(request, gettext("The alert is dismissed. It is still judged when its time is over."))
        return redirect("alerts:alert", number=number)
    page = {"line": pages.alert_page(found, request.user)["line"]}
    return render(request, "alerts/dismiss.html", {"form": form, "page": page}, status=status_of(form))


def _found(request: HttpRequest, number: int) -> Alert:
    found = selectors.alert(number)
    if found is None:
        raise Http404
    permissions.check_can_see(request.user, found)
    return found
