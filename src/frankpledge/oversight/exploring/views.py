"""Pages of the explorer."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frankpledge.oversight.exploring import pages, selectors
from frankpledge.oversight.exploring.filters import PictureQuery
from frankpledge.reports.spreadsheets import as_csv
from frankpledge.ui.guards import guarded
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from frankpledge.vocabulary.permissions import Permission


@guarded(Permission.VIEW_PICTURE)
@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """One type of crime in one area."""
    page = pages.picture_page(request.GET.dict(), request.user)
    return render(request, "exploring/picture.html", {"page": page})


@guarded(Permission.VIEW_PICTURE)
@require_safe
def picture_table(request: HttpRequest) -> HttpResponse:
    """The picture's table of small areas as a file."""
    try:
        shown = selectors.picture_for(PictureQuery.read(request.GET.dict()), pages.allowed_for(request.user))
    except (DataProblem, CannotCompute):
        raise Http404 from None
    if shown is None:
        raise Http404
    name = f"{shown.picture.crime_type.value}-{shown.picture.area.code}-{shown.picture.rate_period.last}.csv"
    return HttpResponse(
        as_csv(shown.picture.table()),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
