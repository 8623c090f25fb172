"""Pages of the explorer."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from frankpledge.foundation.agencies import policy
from frankpledge.oversight.exploring import explore_pages, pages, selectors, services
from frankpledge.oversight.exploring.filters import PictureQuery
from frankpledge.reports.spreadsheets import as_csv, to_csv, to_ods
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.questions import Measure, Question
from frankpledge.vocabulary.wording import said, word

ODS = "application/vnd.oasis.opendocument.spreadsheet"


@guarded(Permission.VIEW_PICTURE)
@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """One question from every side: the view in the address."""
    asked = _asked(request)
    shown = _check_events(request, asked)
    page = explore_pages.explore_page(asked, request.user)
    if shown and (page.get("picture") or page.get("events")):
        seen = explore_pages.see(asked, request.user)
        assert seen is not None  # the page was just made of it
        count = len(page["events"]) if "events" in page else seen.look.n if seen.look else 0
        services.record_look(found=seen.asked, what=shown, shown=count, by=actor_of(request))
    return render(request, "exploring/explore.html", {"page": page})


@guarded(Permission.VIEW_PICTURE)
@require_safe
def explore_table(request: HttpRequest, kind: str) -> HttpResponse:
    """The view's tables as a file, with how they were worked out."""
    asked = _asked(request)
    shown = _check_events(request, asked)
    try:
        name, sheets = explore_pages.sheets(asked, request.user)
    except (DataProblem, CannotCompute):
        raise Http404 from None
    if shown:
        seen = explore_pages.see(asked, request.user)
        assert seen is not None and seen.look is not None  # the sheets were just made of it
        services.record_look(found=seen.asked, what=f"{shown} in a file", shown=seen.look.n, by=actor_of(request))
    made: Any = to_ods(sheets) if kind == "ods" else to_csv(sheets[0])
    content_type = ODS if kind == "ods" else "text/csv; charset=utf-8"
    disposition = f'attachment; filename="{name}.{kind}"'
    return HttpResponse(made, content_type=content_type, headers={"Content-Disposition": disposition})


@guarded(Permission.FILL_FIGURES)
@require_POST
def save_figure(request: HttpRequest) -> HttpResponse:
    """Keep what is on the page as a figure."""
    asked, back = _posted(request), f"/assess/explore/?{request.POST.get('query', '')}"
    try:
        key = services.save_figure(
            question=Question.from_query(asked),
            measure=Measure(request.POST.get("measure", "")),
            name=request.POST.get("name", ""),
            allowed=pages.allowed_for(request.user),
            by=actor_of(request),
        )
    except (DataProblem, CannotCompute) as problem:
        messages.warning(request, said(word(problem.sentence), gettext))
        return redirect(back)
    except ValueError:
        raise Http404 from None
    messages.success(request, gettext("Saved as figure %(key)s.") % {"key": key})
    return redirect("indicators:figure", key=key)


@guarded(Permission.VIEW_EVENTS)
@require_POST
def work_out(request: HttpRequest) -> HttpResponse:
    """Begin working near repeats out, and show how far it is."""
    try:
        question = Question.from_query(_posted(request))
        key = services.start_near_repeats(
            question=question, allowed=pages.allowed_for(request.user), by=actor_of(request)
        )
    except (DataProblem, CannotCompute):
        raise Http404 from None
    return redirect("jobs:job", key=key)


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


def _check_events(request: HttpRequest, asked: explore_pages.Query) -> str:
    """The name of a view that shows events one by one, empty for others. NotPermitted for who may not see those."""
    view, style = explore_pages.wanted_view(asked)
    if not explore_pages.shows_events(view, style):
        return ""
    policy.check(request.user, Permission.VIEW_EVENTS)
    return "rows" if view.value == "events" else "points"


def _asked(request: HttpRequest) -> dict[str, list[str]]:
    return {name: [str(value) for value in values] for name, values in request.GET.lists()}


def _posted(request: HttpRequest) -> dict[str, list[str]]:
    return {name: [str(value) for value in values] for name, values in request.POST.lists()}
