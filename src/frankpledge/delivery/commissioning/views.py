"""Pages of bought services: agreements, their outputs, returns and payments."""

import csv
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.delivery.commissioning import pages, selectors, services
from frankpledge.delivery.commissioning.forms import (
    AgreementForm,
    FilledForm,
    OutputForm,
    PayForm,
    ReturnForm,
    TakeBackForm,
)
from frankpledge.delivery.commissioning.models import Agreement, Instalment
from frankpledge.delivery.commissioning.rules import Quarter
from frankpledge.ui.forms import status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Permission

# Two forms on one page: their fields have ids of their own.
FILLED = "filled_%s"
form_view = require_http_methods(["GET", "HEAD", "POST"])


@guarded(Permission.VIEW_SERVICES)
@require_safe
def services_list(request: HttpRequest) -> HttpResponse:
    """Every agreement, what is worst first."""
    page = pages.services_page(request.user, request.GET.get("show"), timezone.localdate())
    return render(request, "commissioning/services.html", {"page": page})


@guarded(Permission.VIEW_SERVICES)
@require_safe
def agreement(request: HttpRequest, key: int) -> HttpResponse:
    """One agreement."""
    page = pages.agreement_page(_found(key), request.user, timezone.localdate())
    return render(request, "commissioning/agreement.html", {"page": page})


@guarded(Permission.EDIT_SERVICES)
@form_view
def add(request: HttpRequest) -> HttpResponse:
    """Write down an agreement."""
    form = AgreementForm(request.POST or None, lines=selectors.lines_to_choose())
    if form.is_valid():
        made = _done(form, lambda: services.add_agreement(**form.terms(), by=actor_of(request)))
        if made:
            return redirect("commissioning:agreement", key=made.pk)
    return render(request, "commissioning/edit.html", {"form": form}, status=status_of(form))


@guarded(Permission.EDIT_SERVICES)
@form_view
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Change what an agreement says."""
    held = _found(key)
    initial = {name: getattr(held, name) for name in AgreementForm.base_fields} | {"amount": _typed(held)}
    form = AgreementForm(request.POST or None, lines=selectors.lines_to_choose(), initial=initial)
    clash: list[Any] = []
    if form.is_valid():
        seen, terms = form.cleaned_data["version"] or 0, form.terms()
        if _done(form, lambda: services.change_agreement(held, version=seen, **terms, by=actor_of(request)), clash):
            return redirect("commissioning:agreement", key=key)
    version = clash[0].version if clash else form["version"].value()
    clashes = pages.differences(clash[0], form) if clash else []
    context = {"form": form, "agreement": held, "version": version, "clashes": clashes}
    return render(request, "commissioning/edit.html", context, status=status_of(form))


@guarded(Permission.EDIT_SERVICES)
@form_view
def add_output(request: HttpRequest, key: int) -> HttpResponse:
    """Something more to be delivered in each quarter."""
    held = _found(key)
    form = OutputForm(request.POST or None)
    if form.is_valid() and _done(form, lambda: services.add_output(held, **form.fields_said(), by=actor_of(request))):
        return redirect("commissioning:agreement", key=key)
    return render(request, "commissioning/output.html", {"form": form, "agreement": held}, status=status_of(form))


@guarded(Permission.EDIT_SERVICES)
@form_view
def change_output(request: HttpRequest, key: int) -> HttpResponse:
    """Change an output."""
    held = selectors.output(key)
    if held is None:
        raise Http404
    initial = {name: getattr(held, name) for name in OutputForm.base_fields if name != "version"}
    initial |= {"target": pages.typed(held.target)}
    form = OutputForm(request.POST or None, initial=initial | {"version": held.agreement.version})
    clash: list[Any] = []
    if form.is_valid():
        said, seen = form.fields_said(), form.cleaned_data["version"] or 0
        if _done(form, lambda: services.change_output(held, version=seen, **said, by=actor_of(request)), clash):
            return redirect("commissioning:agreement", key=held.agreement_id)
    version = clash[0].version if clash else form["version"].value()
    clashes = pages.differences(held, form) if clash else []
    context = {"form": form, "agreement": held.agreement, "output": held, "version": version, "clashes": clashes}
    return render(request, "commissioning/output.html", context, status=status_of(form))


# --- returns


@guarded(Permission.VIEW_SERVICES)
@require_safe
def return_form(request: HttpRequest, key: int, quarter: str) -> HttpResponse:
    """The form of one quarter's return, to print."""
    return render(request, "commissioning/return_form.html", {"page": _return(request, key, quarter)})


@guarded(Permission.VIEW_SERVICES)
@require_safe
def return_csv(request: HttpRequest, key: int, quarter: str) -> HttpResponse:
    """The same form for a spreadsheet."""
    page = _return(request, key, quarter)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    csv.writer(answer).writerows(pages.form_rows(page["agreement"], page["quarter"]))
    name = f"return-{page['agreement'].reference}-{page['quarter'].key}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@guarded(Permission.EDIT_SERVICES)
@form_view
def write_return(request: HttpRequest, key: int, quarter: str) -> HttpResponse:
    """Write down a quarter's return, or correct it."""
    page = _return(request, key, quarter)
    held, outputs = page["agreement"], list(page["agreement"].outputs.all())
    initial = pages.filled_in(page["told"], outputs, timezone.localdate())
    clash: list[Any] = []
    form = ReturnForm(request.POST or None, outputs=outputs, initial=initial)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("received_on", "note", "seen")}
        if _done(
            form,
            lambda: services.keep_return(held, quarter=page["quarter"], told=form.told(), **said, by=actor_of(request)),
            clash,
        ):
            messages.success(request, gettext("The return is written down."))
            return redirect("commissioning:agreement", key=key)
    return _return_page(request, page, form, FilledForm(initial=initial, auto_id=FILLED), clash)


@guarded(Permission.EDIT_SERVICES)
@require_POST
def take_form(request: HttpRequest, key: int, quarter: str) -> HttpResponse:
    """A filled-in form comes back: every row is stored, or refused with its reason."""
    page = _return(request, key, quarter)
    filled = FilledForm(request.POST, request.FILES, auto_id=FILLED)
    clash: list[Any] = []
    if filled.is_valid():
        said = {name: filled.cleaned_data[name] for name in ("text", "received_on", "seen")}
        kept = _done(
            filled,
            lambda: services.take_form(page["agreement"], quarter=page["quarter"], **said, by=actor_of(request)),
            clash,
        )
        if kept:
            say = messages.warning if kept[1].refused else messages.success
            say(request, pages.taken_words(kept[1]))
            return redirect("commissioning:write_return", key=key, quarter=quarter)
    outputs = list(page["agreement"].outputs.all())
    blank = ReturnForm(outputs=outputs, initial=pages.filled_in(page["told"], outputs, timezone.localdate()))
    return _return_page(request, page, blank, filled, clash)


def _return_page(
    request: HttpRequest, page: dict[str, Any], form: ReturnForm, filled: FilledForm, clash: list[Any]
) -> HttpResponse:
    """The page with both forms. After a clash both go on from what stands now."""
    now = pages.stands_now(page["agreement"], page["quarter"], with_words=bool(clash))
    context = {"page": page | now, "form": form, "filled": filled}
    return render(request, "commissioning/return.html", context, status=max(status_of(form), status_of(filled)))


# --- payments


@guarded(Permission.EDIT_SERVICES)
@form_view
def pay(request: HttpRequest, key: int) -> HttpResponse:
    """Write down that a payment was made."""
    due = _due(key)
    form = PayForm(request.POST or None, initial={"paid": f"{due.amount:f}", "paid_on": timezone.localdate()})
    if form.is_valid() and _done(form, lambda: services.pay(due, **form.cleaned_data, by=actor_of(request))):
        return redirect("commissioning:agreement", key=due.agreement_id)
    page = {"form": form, "due": due, **pages.payment_words(due)}
    return render(request, "commissioning/pay.html", page, status=status_of(form))


@guarded(Permission.EDIT_SERVICES)
@form_view
def take_back(request: HttpRequest, key: int) -> HttpResponse:
    """A payment was written down in error."""
    due = _due(key)
    form = TakeBackForm(request.POST or None)
    if form.is_valid() and _done(
        form, lambda: services.take_back_payment(due, **form.cleaned_data, by=actor_of(request))
    ):
        return redirect("commissioning:agreement", key=due.agreement_id)
    page = {"form": form, "due": due, "back": True, **pages.payment_words(due)}
    return render(request, "commissioning/pay.html", page, status=status_of(form))


# --- parts


def _done(form: Any, act: Callable[[], Any], clash: list[Any] | None = None) -> Any:
    """What ``act`` gives, or None with its sentence on the form. ``clash`` takes what somebody else saved first."""
    try:
        return act()
    except services.ChangedMeanwhile as changed:
        form.add_error(None, changed.sentence)
        if clash is not None:
            clash.append(changed.current)
    except (DataProblem, RuleBroken) as problem:
        form.add_error(None, problem.sentence)
    return None


def _found(key: int) -> Agreement:
    found = selectors.agreement(key)
    if found is None:
        raise Http404
    return found


def _due(key: int) -> Instalment:
    found = selectors.instalment(key)
    if found is None:
        raise Http404
    return found


def _return(request: HttpRequest, key: int, quarter: str) -> dict[str, Any]:
    asked = Quarter.parse(quarter)
    page = pages.return_page(_found(key), asked, request.user) if asked else None
    if page is None:
        raise Http404
    return page


def _typed(held: Agreement) -> str:
    return "t.b.c." if held.amount is None else f"{held.amount:f}"
