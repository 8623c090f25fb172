"""Pages of volunteers."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from frankpledge.delivery.area_schemes.forms import volunteers as forms
from frankpledge.delivery.area_schemes.models import VolunteerShift
from frankpledge.delivery.area_schemes.pages import volunteers as pages
from frankpledge.delivery.area_schemes.selectors import volunteers as selectors
from frankpledge.delivery.area_schemes.selectors import where
from frankpledge.delivery.area_schemes.services import volunteers as services
from frankpledge.ui.forms import form_view, kept, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Permission

GIVEN = ("ward", "day", "starts", "hours")


@guarded(Permission.VIEW_SCHEMES)
@require_safe
def volunteers(request: HttpRequest) -> HttpResponse:
    """Where and when volunteers are to stand, and what they gave."""
    page = pages.volunteers_page(request.user, request.GET)
    return render(request, "area_schemes/volunteers.html", {"page": page})


@guarded(Permission.EDIT_SCHEMES)
@form_view
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a shift, perhaps one that the record proposes."""
    initial = {name: request.GET[name][:20] for name in GIVEN if name in request.GET} or {"starts": "20", "hours": "4"}
    form = forms.ShiftForm(request.POST or None, initial=initial, wards=where.wards())
    if kept(form, lambda: services.plan(**form.cleaned_data, by=actor_of(request))):
        messages.success(request, gettext("The shift is planned."))
        return redirect("area_schemes:volunteers")
    return render(request, "area_schemes/shift_plan.html", {"form": form}, status=status_of(form))


@guarded(Permission.EDIT_SCHEMES)
@form_view
def report(request: HttpRequest, key: int) -> HttpResponse:
    """Say what became of a shift."""
    found = _found(key)
    form = forms.ReportForm(request.POST or None, initial={"came": found.people})
    if kept(form, lambda: services.report(found, **form.cleaned_data, by=actor_of(request))):
        messages.success(request, gettext("The shift is reported."))
        return redirect("area_schemes:volunteers")
    context = {"form": form, "title": pages.shift_title(found)}
    return render(request, "area_schemes/shift_report.html", context, status=status_of(form))


@guarded(Permission.EDIT_SCHEMES)
@require_POST
def cancel(request: HttpRequest, key: int) -> HttpResponse:
    """A shift does not take place."""
    try:
        services.cancel(_found(key), by=actor_of(request))
        messages.success(request, gettext("The shift is cancelled."))
    except RuleBroken as problem:
        messages.error(request, problem.sentence)
    return redirect("area_schemes:volunteers")


def _found(key: int) -> VolunteerShift:
    found = selectors.shift(key)
    if found is None:
        raise Http404
    return found
