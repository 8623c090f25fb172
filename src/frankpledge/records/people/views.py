"""Pages of persons: pairs to decide, one pair, taking a decision back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from frankpledge.records.people import pages, selectors, services
from frankpledge.records.people.forms import DecideForm, TakeBackForm
from frankpledge.records.people.models import Match
from frankpledge.ui.forms import done, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.permissions import Permission

form_view = require_http_methods(["GET", "HEAD", "POST"])


@guarded(Permission.VIEW_PEOPLE)
@require_safe
def matches(request: HttpRequest) -> HttpResponse:
    """Pairs of records that may be one person."""
    page = pages.list_page(request.user, tab=request.GET.get("tab"), by=actor_of(request))
    return render(request, "people/matches.html", {"page": page})


@guarded(Permission.MATCH_PEOPLE)
@form_view
def match(request: HttpRequest, number: int) -> HttpResponse:
    """One pair, side by side, and the decision."""
    found = _found(request, number)
    form = DecideForm(request.POST or None)
    if done(form, lambda: services.decide(found, **form.told(), by=actor_of(request))):
        messages.success(request, gettext("Decided. It can be taken back at any time."))
        return redirect("people:matches")
    return _shown(request, found, form, "people/match.html")


@guarded(Permission.MATCH_PEOPLE)
@form_view
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Undo a decision."""
    found = _found(request, number)
    form = TakeBackForm(request.POST or None)
    if done(form, lambda: services.take_back(found, **form.cleaned_data, by=actor_of(request)), field="because"):
        messages.success(request, gettext("Taken back. The two records stand apart again."))
        return redirect("people:match", number=number)
    return _shown(request, found, form, "people/take_back.html")


def _shown(request: HttpRequest, found: Match, form: Any, template: str) -> HttpResponse:
    return render(request, template, {"form": form, "page": pages.match_page(found)}, status=status_of(form))


def _found(request: HttpRequest, number: int) -> Match:
    found = selectors.match(number, for_user=request.user, by=actor_of(request))
    if found is None:
        raise Http404
    return found
