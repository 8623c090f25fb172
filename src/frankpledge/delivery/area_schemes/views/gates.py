"""Pages of alley gates."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from frankpledge.delivery.area_schemes import permissions
from frankpledge.delivery.area_schemes.forms import gates as forms
from frankpledge.delivery.area_schemes.models import AlleyConsent, AlleyCost, AlleyScheme
from frankpledge.delivery.area_schemes.pages import gates as pages
from frankpledge.delivery.area_schemes.selectors import gates as selectors
from frankpledge.delivery.area_schemes.selectors import where
from frankpledge.delivery.area_schemes.services import gates as services
from frankpledge.delivery.area_schemes.services.money import set_pot
from frankpledge.delivery.area_schemes.vocabulary import ConsentState, PotKind, SaidBy
from frankpledge.ui.forms import form_view, kept, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Permission

STEPS: dict[str, type[Form]] = {
    "agree": forms.AgreeForm,
    "build": forms.BuildForm,
    "drop": forms.DropForm,
    "inspect": forms.InspectForm,
}


@guarded(Permission.VIEW_SCHEMES)
@require_safe
def gates(request: HttpRequest) -> HttpResponse:
    """All schemes of alley gates, and their budget."""
    return render(request, "area_schemes/gates.html", {"page": pages.gates_page(request.user)})


@guarded(Permission.EDIT_SCHEMES)
@form_view
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a scheme."""
    form = forms.ProposeForm(request.POST or None, wards=where.wards())
    if form.is_valid():
        try:
            made = services.propose(**form.cleaned_data, by=actor_of(request))
            return redirect("area_schemes:gate", key=made.pk)
        except DataProblem as problem:
            form.add_error(None, problem.sentence)
    return render(request, "area_schemes/gate_add.html", {"form": form}, status=status_of(form))


@guarded(Permission.EDIT_SCHEMES)
@form_view
def budget(request: HttpRequest) -> HttpResponse:
    """Say what money there is for gates."""
    held = selectors.pot(PotKind.GATES)
    known = {"funder": held.funder, "amount": held.amount, "ends_on": held.ends_on} if held else None
    form = forms.BudgetForm(request.POST or None, initial=known)
    if kept(form, lambda: set_pot(PotKind.GATES, **form.cleaned_data, by=actor_of(request))):
        return redirect("area_schemes:gates")
    return render(request, "area_schemes/gate_budget.html", {"form": form}, status=status_of(form))


@guarded(Permission.VIEW_SCHEMES)
@require_safe
def gate(request: HttpRequest, key: int) -> HttpResponse:
    """One scheme. Whoever sees its addresses is recorded."""
    return _gate(request, _found(key))


@guarded(Permission.EDIT_SCHEMES)
@form_view
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Change the gates, the share or the legal order of a scheme."""
    found = _found(key)
    names = ("gates", "needed_percent", "legal_order", "legal_order_on")
    form = forms.ChangeForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if kept(form, lambda: services.change(found, **form.cleaned_data, by=actor_of(request))):
        messages.success(request, gettext("The scheme is changed."))
        return redirect("area_schemes:gate", key=key)
    return render(request, "area_schemes/gate_change.html", {"form": form, "scheme": found}, status=status_of(form))


@guarded(Permission.EDIT_SCHEMES)
@form_view
def homes(request: HttpRequest, key: int) -> HttpResponse:
    """Choose the homes behind the gates, by street or postcode, or paste their numbers."""
    found, words = _found(key), request.GET.get("q", "")[:100]
    offered = pages.homes_found(words)
    form = forms.HomesForm(request.POST or None, homes=offered)
    if form.is_valid():
        try:
            n = services.add_homes(found, **form.cleaned_data, by=actor_of(request))
            messages.success(request, ngettext("{n} home is added.", "{n} homes are added.", n).format(n=n))
            return redirect("area_schemes:gate", key=key)
        except (DataProblem, RuleBroken) as problem:
            form.add_error(None, problem.sentence)
    if offered:
        services.note_search(found, found=len(offered), by=actor_of(request))
    context = {"form": form, "scheme": found, "words": words, "offered": len(offered), "most": pages.MOST_FOUND}
    return render(request, "area_schemes/gate_homes.html", context, status=status_of(form))


@guarded(Permission.EDIT_SCHEMES)
@form_view
def consent(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """Write down what one home says."""
    home = _home(key, number)
    form = forms.ConsentForm(request.POST or None, initial=_said(home))
    if form.is_valid():
        told = form.cleaned_data | {
            "state": ConsentState(form.cleaned_data["state"]), "said_by": SaidBy(form.cleaned_data["said_by"])
        }  # fmt: skip
        try:
            services.note_consent(home, **told, by=actor_of(request))
            return redirect("area_schemes:gate", key=key)
        except (DataProblem, RuleBroken) as problem:
            form.add_error(None, problem.sentence)
    services.note_look(home.scheme, by=actor_of(request))
    context = {"form": form, "home": home, "address": pages.address_of(home)}
    return render(request, "area_schemes/gate_consent.html", context, status=status_of(form))


@guarded(Permission.EDIT_SCHEMES)
@require_POST
def take_out(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """Take out a home that was added by mistake."""
    try:
        services.take_out(_home(key, number), by=actor_of(request))
        messages.success(request, gettext("The home is taken out."))
    except RuleBroken as problem:
        messages.error(request, problem.sentence)
    return redirect("area_schemes:gate", key=key)


@guarded(Permission.EDIT_SCHEMES)
@form_view
def cost(request: HttpRequest, key: int, number: int | None = None) -> HttpResponse:
    """Add a cost, or change one."""
    found, held = _found(key), _cost(key, number)
    known = {"what": held.what, "estimate": held.estimate, "spent": held.spent} if held else None
    form = forms.CostForm(request.POST or None, initial=known)
    if kept(form, lambda: services.set_cost(found, cost=held, **form.cleaned_data, by=actor_of(request))):
        return redirect("area_schemes:gate", key=key)
    return render(request, "area_schemes/gate_cost.html", {"form": form, "scheme": found}, status=status_of(form))


@guarded(Permission.EDIT_SCHEMES)
@require_POST
def agree(request: HttpRequest, key: int) -> HttpResponse:
    """Decide that the gates go ahead."""
    return _step(request, key, "agree", services.agree, gettext("The scheme is agreed."))


@guarded(Permission.EDIT_SCHEMES)
@require_POST
def build(request: HttpRequest, key: int) -> HttpResponse:
    """The gates stand."""
    return _step(request, key, "build", services.build, gettext("The gates stand."))


@guarded(Permission.EDIT_SCHEMES)
@require_POST
def drop(request: HttpRequest, key: int) -> HttpResponse:
    """Give a scheme up."""
    return _step(request, key, "drop", services.drop, gettext("The scheme is given up."))


@guarded(Permission.EDIT_SCHEMES)
@require_POST
def take_up(request: HttpRequest, key: int) -> HttpResponse:
    """Take up again a scheme that was dropped."""
    try:
        services.take_up_again(_found(key), on=timezone.localdate(), by=actor_of(request))
    except RuleBroken as problem:
        messages.error(request, problem.sentence)
    return redirect("area_schemes:gate", key=key)


@guarded(Permission.EDIT_SCHEMES)
@require_POST
def inspect(request: HttpRequest, key: int) -> HttpResponse:
    """Gates that stand were looked at."""
    return _step(request, key, "inspect", services.inspect, gettext("The inspection is written down."))


def _step(request: HttpRequest, key: int, name: str, act: Any, words: str) -> HttpResponse:
    found, form = _found(key), STEPS[name](request.POST, auto_id=f"{name}_%s")
    if kept(form, lambda: act(found, **form.cleaned_data, by=actor_of(request))):
        messages.success(request, words)
        return redirect("area_schemes:gate", key=key)
    return _gate(request, found, {name: form})


def _gate(request: HttpRequest, found: AlleyScheme, sent: dict[str, Form] | None = None) -> HttpResponse:
    """One scheme with the forms of its next steps, one of which may have been ``sent`` and refused."""
    if permissions.can_edit(request.user) and found.consents.all():
        services.note_look(found, by=actor_of(request))
    today = {"on": timezone.localdate()}
    steps = {name: form(initial=today, auto_id=f"{name}_%s") for name, form in STEPS.items()} | (sent or {})
    context = {
        "page": pages.gate_page(found, request.user),
        "forms": steps,
        "sent": next(iter(sent), "") if sent else "",
        "refused": next(iter(sent.values())) if sent else None,
    }
    return render(request, "area_schemes/gate.html", context, status=422 if sent else 200)


def _said(home: AlleyConsent) -> dict[str, Any]:
    asked = home.state != ConsentState.NOT_ASKED
    return {
        "state": home.state if asked else ConsentState.ASKED.value,
        "said_by": home.said_by,
        "on": home.on or timezone.localdate(),
        "because": home.because,
        "closed_off": home.closed_off,
    }


def _found(key: int) -> AlleyScheme:
    found = selectors.scheme(key)
    if found is None:
        raise Http404
    return found


def _home(key: int, number: int) -> AlleyConsent:
    found = selectors.consent(key, number)
    if found is None:
        raise Http404
    return found


def _cost(key: int, number: int | None) -> AlleyCost | None:
    if number is None:
        return None
    found = selectors.cost(key, number)
    if found is None:
        raise Http404
    return found
