"""Pages of evaluation."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.oversight.evaluation import burglary_pages, coverage_pages, example_pages, pages, selectors, services
from frankpledge.oversight.evaluation.forms import EvaluateForm, FindingForm
from frankpledge.reports.spreadsheets import Sheet, to_ods
from frankpledge.ui.forms import status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Permission

ODS = "application/vnd.oasis.opendocument.spreadsheet"
EARLIER = 10


@guarded(Permission.VIEW_EVALUATION)
@require_safe
def did_it_work(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """The newest evaluation, or an earlier one by its number."""
    made = selectors.newest() if number is None else selectors.evaluation(number)
    if number is not None and made is None:
        raise Http404
    page = pages.worked_page(made, selectors.evaluations()[:EARLIER], request.user, EvaluateForm(initial=_last(made)))
    return render(request, "evaluation/did_it_work.html", {"page": page, "example": example_pages.is_loaded()})


@guarded(Permission.EDIT_HOMES)
@require_POST
def evaluate(request: HttpRequest) -> HttpResponse:
    """Start an evaluation and show how far it is."""
    form = EvaluateForm(request.POST)
    if not form.is_valid():
        page = pages.worked_page(selectors.newest(), selectors.evaluations()[:EARLIER], request.user, form)
        context = {"page": page, "example": example_pages.is_loaded()}
        return render(request, "evaluation/did_it_work.html", context, status=422)
    return redirect("jobs:job", key=services.start(**form.cleaned_data, by=actor_of(request)))


@guarded(Permission.VIEW_EVALUATION)
@require_safe
def numbers(request: HttpRequest, number: int) -> HttpResponse:
    """Every number of an evaluation as a spreadsheet."""
    made = selectors.evaluation(number)
    if made is None:
        raise Http404
    sheets = [Sheet(*one) for one in pages.sheets(made)]
    return HttpResponse(
        to_ods(sheets),
        content_type=ODS,
        headers={"Content-Disposition": f'attachment; filename="did-it-work-{made.pk}.ods"'},
    )


@guarded(Permission.VIEW_EVALUATION)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """How far the programme has come."""
    page = coverage_pages.coverage_page(selectors.coverage(timezone.localdate()), selectors.newest(), request.user)
    return render(request, "evaluation/coverage.html", {"page": page})


@guarded(Permission.VIEW_EVALUATION)
@require_safe
def mansfield(request: HttpRequest) -> HttpResponse:
    """The worked example: Mansfield's own counts asked the same questions, once the example is loaded."""
    if not example_pages.is_loaded():
        raise Http404
    return render(request, "evaluation/mansfield.html", {"page": example_pages.mansfield_page(request.user)})


@guarded(Permission.EDIT_HOMES)
@require_safe
def burglaries(request: HttpRequest) -> HttpResponse:
    """Burglaries of protected homes, and what was found after each. The look is recorded."""
    page = burglary_pages.burglaries_page(selectors.burglaries_shown_to(request.user), request.GET.get("page"))
    services.note_look_at_burglaries(len(page["rows"]), by=actor_of(request))
    return render(request, "evaluation/burglaries.html", {"page": page})


@guarded(Permission.EDIT_HOMES)
@require_http_methods(["GET", "HEAD", "POST"])
def burglary(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down what was found after one burglary. The look is recorded."""
    found = next((one for one in selectors.burglaries_shown_to(request.user).burglaries if one.mark == reference), None)
    if found is None:
        raise Http404
    services.note_look_at_burglary(found, by=actor_of(request))
    form = FindingForm(request.POST) if request.POST else FindingForm.of(found.finding, timezone.localdate())
    if form.is_bound and form.is_valid():
        try:
            services.write_finding(found, **form.told(), by=actor_of(request))
            messages.success(request, gettext("What was found is written down."))
            return redirect("evaluation:burglaries")
        except (DataProblem, RuleBroken) as problem:
            form.add_error(None, problem.sentence)
    page = burglary_pages.burglary_row(found, burglary_pages.area_names())
    return render(request, "evaluation/burglary.html", {"page": page, "form": form}, status=status_of(form))


def _last(made: Any) -> dict[str, Any]:
    """What the last evaluation was told of costs."""
    if made is None:
        return {}
    value = made.result.get("value")
    cash = value["editions"][0]["cash"] if value else None
    told = {"cash_per_burglary": cash["per_crime"], "cash_budget": cash["budget"]} if cash else {}
    return {"pounds": made.pounds, "cost_is": made.cost_is, **told}
