"""Pages of the work beside installing."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from frankpledge.delivery.home_security.forms.side import VoidForm
from frankpledge.delivery.home_security.pages import side as pages
from frankpledge.delivery.home_security.selectors import side as selectors
from frankpledge.delivery.home_security.services import side as services
from frankpledge.ui.forms import done, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Permission


@guarded(Permission.VIEW_HOMES)
@require_safe
def voids(request: HttpRequest) -> HttpResponse:
    """Empty homes and their 24 hours."""
    page = pages.voids_page(request.user, timezone.now())
    return render(request, "home_security/voids.html", {"page": page, "form": VoidForm()})


@guarded(Permission.EDIT_HOMES)
@require_POST
def add_void(request: HttpRequest) -> HttpResponse:
    """A home fell empty."""
    form = VoidForm(request.POST)
    if done(form, lambda: services.report_void(**form.cleaned_data, by=actor_of(request))) is None:
        page = pages.voids_page(request.user, timezone.now())
        return render(request, "home_security/voids.html", {"page": page, "form": form}, status=status_of(form))
    messages.success(request, gettext("Its 24 hours run."))
    return redirect("home_security:voids")


@guarded(Permission.EDIT_HOMES)
@require_POST
def secure_void(request: HttpRequest, key: int) -> HttpResponse:
    """It was secured now."""
    found = selectors.void(key)
    if found is None:
        raise Http404
    try:
        services.secure_void(found, secured_at=timezone.now(), by=actor_of(request))
        messages.success(request, gettext("It is secured."))
    except (DataProblem, RuleBroken) as problem:
        messages.error(request, str(problem))
    return redirect("home_security:voids")
