"""Pages of calls after visits."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.delivery.home_security.forms.quality import CallForm, DrawForm, PercentForm, SettleForm
from frankpledge.delivery.home_security.models import QualityCall
from frankpledge.delivery.home_security.pages import quality as pages
from frankpledge.delivery.home_security.selectors import quality as selectors
from frankpledge.delivery.home_security.services import quality as services
from frankpledge.ui.forms import kept, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Permission

form_view = require_http_methods(["GET", "HEAD", "POST"])


@guarded(Permission.VIEW_HOMES)
@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """What homes say some weeks after the visit, this week's draw, and complaints."""
    return _shown(request, DrawForm())


@guarded(Permission.EDIT_HOMES)
@require_POST
def draw_calls(request: HttpRequest) -> HttpResponse:
    """Draw the homes to call this week."""
    form = DrawForm(request.POST)
    if kept(form, lambda: services.draw_week(wanted=form.cleaned_data["wanted"], by=actor_of(request))):
        messages.success(request, gettext("This week’s homes are drawn."))
        return redirect("home_security:quality")
    return _shown(request, draw_form=form)


@guarded(Permission.EDIT_HOMES)
@form_view
def quality_call(request: HttpRequest, key: int) -> HttpResponse:
    """A call sheet; opening it is recorded, since it names the resident."""
    found = _found(key)
    form = CallForm(request.POST or None, has_alarm=selectors.has_alarm(found.visit_id))
    by = actor_of(request)
    if kept(form, lambda: services.note_call(found, outcome=form.outcome_chosen(), told=form.told(), by=by)):
        messages.success(request, gettext("Written down."))
        if form.told().complains:
            return redirect("home_security:quality_call", key=key)
        return redirect("home_security:quality")
    return _sheet(request, found, form=form)


@guarded(Permission.EDIT_HOMES)
@require_POST
def settle_complaint(request: HttpRequest, key: int) -> HttpResponse:
    """Say what was done about a complaint."""
    found, form = _found(key), SettleForm(request.POST)
    if kept(form, lambda: services.settle_complaint(found, what=form.cleaned_data["what"], by=actor_of(request))):
        messages.success(request, gettext("The complaint is settled."))
        return redirect("home_security:quality")
    return _sheet(request, found, settle_form=form)


@guarded(Permission.EDIT_HOMES)
@require_POST
def visit_after_complaint(request: HttpRequest, key: int) -> HttpResponse:
    """Let a home that complains wait for another visit."""
    try:
        made = services.visit_again(_found(key), by=actor_of(request))
    except (DataProblem, RuleBroken) as problem:
        messages.error(request, problem.sentence)
        return redirect("home_security:quality_call", key=key)
    waits = (made.joined_to or made).reference
    messages.success(request, gettext("The home waits for another visit as {reference}.").format(reference=waits))
    return redirect("home_security:request", reference=waits)


def _shown(request: HttpRequest, draw_form: DrawForm) -> HttpResponse:
    check = PercentForm(request.GET if "percent" in request.GET else None)
    about: dict[str, Any] = {
        "page": pages.quality_page(request.user, timezone.localdate()),
        "draw_form": draw_form,
        "check_form": check,
        "checked": pages.checked(*check.asked()) if check.is_valid() else None,
    }
    return render(request, "home_security/quality.html", about, status=status_of(draw_form))


def _sheet(
    request: HttpRequest, found: QualityCall, form: CallForm | None = None, settle_form: SettleForm | None = None
) -> HttpResponse:
    services.note_look(found, by=actor_of(request))
    forms = {
        "form": form or CallForm(has_alarm=selectors.has_alarm(found.visit_id)),
        "settle_form": settle_form or SettleForm(),
    }
    status = max(status_of(one) for one in forms.values())
    return render(request, "home_security/quality_call.html", {"page": pages.call_page(found), **forms}, status=status)


def _found(key: int) -> QualityCall:
    found = selectors.call(key)
    if found is None:
        raise Http404
    return found
