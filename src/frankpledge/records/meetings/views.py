"""Pages of decisions: all of them, one, and recording one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from frankpledge.records.meetings import pages, selectors, services
from frankpledge.records.meetings.forms import DecisionForm
from frankpledge.records.meetings.vocabulary import Outcome
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Permission


@guarded(Permission.VIEW_ACTIONS)
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """All decisions."""
    return render(
        request, "meetings/decisions.html", {"page": pages.list_page(request.user, page=request.GET.get("page"))}
    )


@guarded(Permission.VIEW_ACTIONS)
@require_safe
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    """One decision."""
    found = selectors.decision(reference)
    if found is None:
        raise Http404
    return render(request, "meetings/decision.html", {"page": pages.decision_page(found)})


@guarded(Permission.EDIT_ACTIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """Write down a decision."""
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("title", "decided", "reasons", "decided_by", "decided_on")}
        outcome = Outcome(form.cleaned_data["outcome"])
        try:
            kept = services.record_decision(
                **said, outcome=outcome, figure_keys=form.figure_keys(), by=actor_of(request)
            )
            messages.success(request, gettext("Recorded as %(reference)s.") % {"reference": kept.reference})
            return redirect("meetings:decision", reference=kept.reference)
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
    return render(request, "meetings/record.html", {"form": form}, status=422 if form.is_bound else 200)
