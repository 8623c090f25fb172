"""Pages of evaluation."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from frankpledge.oversight.evaluation import coverage_pages, example_pages, pages, selectors, services
from frankpledge.oversight.evaluation.forms import EvaluateForm
from frankpledge.reports.spreadsheets import Sheet, to_ods
from frankpledge.ui.guards import actor_of, guarded
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


def _last(made: Any) -> dict[str, Any]:
    """What the last evaluation was told of costs."""
    if made is None:
        return {}
    value = made.result.get("value")
    cash = value["editions"][0]["cash"] if value else None
    told = {"cash_per_burglary": cash["per_crime"], "cash_budget": cash["budget"]} if cash else {}
    return {"pounds": made.pounds, "cost_is": made.cost_is, **told}
