"""Pages of the action register."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.records.actions import pages, permissions, selectors, services
from frankpledge.records.actions.forms import ActionForm, MoreTimeForm, SayForm, WorkedForm, initial_of
from frankpledge.records.actions.models import Action
from frankpledge.ui.forms import done, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Permission

form_view = require_http_methods(["GET", "HEAD", "POST"])


@guarded(Permission.VIEW_ACTIONS)
@require_safe
def actions(request: HttpRequest) -> HttpResponse:
    """All actions by lead agency, late first."""
    return render(request, "actions/actions.html", {"page": pages.register_page(request.user, request.GET)})


@guarded(Permission.VIEW_ACTIONS)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My own actions."""
    return render(request, "actions/mine.html", {"page": pages.mine_page(request.user, request.GET.get("show", ""))})


@guarded(Permission.EDIT_ACTIONS)
@require_safe
def chase(request: HttpRequest) -> HttpResponse:
    """Who is late with what, and a reminder ready to send."""
    base = request.build_absolute_uri("/").rstrip("/")
    return render(request, "actions/chase.html", {"page": pages.chase_page(request.user, base)})


@guarded(Permission.EDIT_ACTIONS)
@require_POST
def chased(request: HttpRequest) -> HttpResponse:
    """Note that a reminder went out."""
    for reference in request.POST.get("actions", "").split(",")[:100]:
        services.note_chase(_found(reference), to=request.POST.get("to", "")[:200], by=actor_of(request))
    messages.success(request, gettext("Noted. Their history says when they were chased."))
    return redirect("actions:chase")


@guarded(Permission.EDIT_ACTIONS)
@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Write to every owner of a late action; the work that does it has a page of its own."""
    base = request.build_absolute_uri("/").rstrip("/")
    return redirect("jobs:job", key=services.start_reminding(address=base, by=actor_of(request)))


@guarded(Permission.VIEW_ACTIONS)
@require_safe
def action(request: HttpRequest, reference: str) -> HttpResponse:
    """One action."""
    return render(request, "actions/action.html", {"page": pages.action_page(_found(reference), request.user)})


@guarded(Permission.EDIT_ACTIONS)
@form_view
def add(request: HttpRequest) -> HttpResponse:
    """Put an action on the register."""
    form = ActionForm(request.POST or None, initial={"priority_key": request.GET.get("priority", "")})
    if made := done(form, lambda: services.add_action(**_told(form), by=actor_of(request))):
        return redirect("actions:action", reference=made.reference)
    return render(request, "actions/edit.html", {"form": form, "action": None}, status=status_of(form))


@guarded(Permission.EDIT_ACTIONS)
@form_view
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """Change what an action says; whoever comes second is shown both."""
    found, both = _found(reference), []
    form = ActionForm(request.POST or None, initial=initial_of(found))
    if form.is_valid():
        try:
            services.change_action(
                found, version=form.cleaned_data["version"] or 0, **_told(form), by=actor_of(request)
            )
            return redirect("actions:action", reference=found.reference)
        except services.ChangedMeanwhile as meanwhile:
            both = pages.differences(meanwhile.current, form)
            form = _with_version(request, meanwhile)
        except (DataProblem, RuleBroken) as problem:
            form.add_error(None, problem.sentence)
    return render(request, "actions/edit.html", {"form": form, "action": found, "both": both}, status=status_of(form))


@guarded(Permission.VIEW_ACTIONS)
@form_view
def say(request: HttpRequest, reference: str, what: str) -> HttpResponse:
    """A note, done, more time, dropped or open again: each with a few words."""
    found = _found(reference)
    held = permissions.permissions_of(request.user)
    if not permissions.can_report(request.user, found, held):
        raise Http404
    form = (MoreTimeForm if what == "more-time" else SayForm)(request.POST or None)
    if form.is_valid():
        try:
            _said(found, what, form.cleaned_data, actor_of(request))
            messages.success(request, gettext("It is saved."))
            return redirect(_back(request, found))
        except (DataProblem, RuleBroken) as problem:
            form.add_error("text", problem.sentence)
    about = {"form": form, "action": found, "what": what, "back": _back(request, found)}
    return render(request, "actions/say.html", about, status=status_of(form))


@guarded(Permission.VIEW_ACTIONS)
@require_POST
def worked(request: HttpRequest, reference: str) -> HttpResponse:
    """What came of a finished action."""
    found, form = _found(reference), WorkedForm(request.POST)
    if form.is_valid():
        services.say_what_came(found, worked=form.cleaned_data["worked"], by=actor_of(request))
        messages.success(request, gettext("Thank you. It is saved."))
    return redirect(_back(request, found))


def _said(found: Action, what: str, told: dict[str, Any], by: Any) -> None:
    """Do what the address says."""
    text = told["text"]
    if what == "more-time":
        services.give_more_time(found, due_on=told["due_on"], because=text, by=by)
    elif what == "done":
        services.finish_action(found, outcome=text, by=by)
    elif what == "drop":
        services.drop_action(found, because=text, by=by)
    elif what == "reopen":
        services.reopen_action(found, because=text, by=by)
    else:
        services.add_note(found, text=text, by=by)


def _told(form: ActionForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name in services.FIELDS}


def _with_version(request: HttpRequest, meanwhile: services.ChangedMeanwhile) -> ActionForm:
    """What was written, once more, ready to be saved over what stands now."""
    told = request.POST.copy()
    told["version"] = str(meanwhile.current.version)
    form = ActionForm(told, initial=initial_of(meanwhile.current))
    form.is_valid()
    form.add_error(None, meanwhile.sentence)
    return form


def _back(request: HttpRequest, found: Action) -> str:
    """Where the person came from, if that is one of our pages; else the action."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if ours else f"/task/{found.reference}/"


def _found(reference: str) -> Action:
    found = selectors.action(reference)
    if found is None:
        raise Http404
    return found
