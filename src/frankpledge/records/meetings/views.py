"""Pages of decisions and delegations: all of them, one, and recording one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.records.meetings import pages, selectors, services
from frankpledge.records.meetings.forms import DecisionForm, DelegationForm, TakeBackForm
from frankpledge.records.meetings.vocabulary import Outcome
from frankpledge.ui.forms import status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Permission

MOST_CHOICES = 300
SAID = ("title", "decided", "reasons", "decided_by", "decided_on", "subject", "delegation", "amount")


@guarded(Permission.VIEW_ACTIONS)
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """All decisions."""
    page = pages.list_page(request.user, page=request.GET.get("page"), about=request.GET.get("about"))
    return render(request, "meetings/decisions.html", {"page": page})


@guarded(Permission.VIEW_ACTIONS)
@require_safe
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    """One decision."""
    found = selectors.decision(reference)
    if found is None:
        raise Http404
    return render(request, "meetings/decision.html", {"page": pages.decision_page(found, request.user)})


@guarded(Permission.EDIT_ACTIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """Write down a decision."""
    known = [one.delegation for one in selectors.held(timezone.localdate())]
    form = DecisionForm(request.POST or None, delegations=known, initial={"subject": request.GET.get("about", "")})
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in SAID}
        outcome = Outcome(form.cleaned_data["outcome"])
        try:
            kept = services.record_decision(
                **said, outcome=outcome, figure_keys=form.figure_keys(), by=actor_of(request)
            )
            messages.success(request, gettext("Recorded as %(reference)s.") % {"reference": kept.reference})
            return redirect("meetings:decision", reference=kept.reference)
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
    return render(request, "meetings/record.html", {"form": form}, status=status_of(form))


@guarded(Permission.VIEW_ACTIONS)
@require_safe
def delegations(request: HttpRequest) -> HttpResponse:
    """Who may decide what alone today, and what that was before."""
    page = pages.delegations_page(request.user, timezone.localdate())
    return render(request, "meetings/delegations.html", {"page": page})


@guarded(Permission.EDIT_ACTIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: HttpRequest) -> HttpResponse:
    """Write down what somebody may decide alone."""
    agreed = {one.number: one for one in selectors.agreed()[:MOST_CHOICES]}
    form = DelegationForm(request.POST or None, agencies=agencies.agencies(), decisions=agreed.values())
    if form.is_valid():
        try:
            services.delegate(**form.said(), decision=agreed[form.cleaned_data["decision"]], by=actor_of(request))
            return redirect("meetings:delegations")
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
    return render(request, "meetings/delegate.html", {"form": form, "any": bool(agreed)}, status=status_of(form))


@guarded(Permission.EDIT_ACTIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """End a delegation before its time."""
    held = selectors.delegation(number)
    if held is None:
        raise Http404
    form = TakeBackForm(request.POST or None)
    if form.is_valid():
        try:
            services.take_back(held, **form.cleaned_data, by=actor_of(request))
            return redirect("meetings:delegations")
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
    return render(request, "meetings/take_back.html", {"form": form, "delegation": held}, status=status_of(form))
