"""The page of a piece of work: how far it is, what came of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import select_template
from django.utils.cache import patch_vary_headers
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from frankpledge.foundation.jobs import selectors, services
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Permission


@guarded(Permission.VIEW_JOB)
@require_safe
def job(request: HttpRequest, key: int) -> HttpResponse:
    """Progress and result of one job; only its changing part when the page asks for it again by itself."""
    found = selectors.job_for(key, for_user=request.user)
    # what came of it is told by the room whose work it was, in a template of the work's name
    result = select_template([f"jobs/results/{slugify(found.name)}.html", "jobs/results/any.html"])
    part = request.headers.get("HX-Request") == "true"
    context = {"job": found, "result_template": result}
    response = render(request, "jobs/_work.html" if part else "jobs/job.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@guarded(Permission.VIEW_JOB)
@require_POST
def stop(request: HttpRequest, key: int) -> HttpResponse:
    """Ask the work to end after its present step."""
    found = selectors.job_for(key, for_user=request.user)
    try:
        services.request_stop(found, by=actor_of(request))
    except RuleBroken as problem:
        messages.warning(request, gettext(problem.sentence))
    return redirect("jobs:job", key=key)
