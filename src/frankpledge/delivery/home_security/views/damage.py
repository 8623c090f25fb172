"""Pages of claims for damage."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.delivery.home_security.forms.damage import BudgetForm, ClaimForm, FindVisitForm, SettleClaimForm
from frankpledge.delivery.home_security.pages import damage as pages
from frankpledge.delivery.home_security.rules.damage import financial_year
from frankpledge.delivery.home_security.selectors import damage as selectors
from frankpledge.delivery.home_security.services import damage as services
from frankpledge.ui.forms import kept, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.permissions import Permission

form_view = require_http_methods(["GET", "HEAD", "POST"])


@guarded(Permission.VIEW_HOMES)
@require_safe
def damage(request: HttpRequest) -> HttpResponse:
    """Claims for damage, how often a job ends in a payment, and the budget's line for it."""
    page = pages.claims_page(request.user, timezone.localdate(), request.GET)
    form = BudgetForm(initial={"amount": page["budget"]})
    return render(request, "home_security/damage.html", {"page": page, "budget_form": form})


@guarded(Permission.EDIT_HOMES)
@require_POST
def claims_budget(request: HttpRequest) -> HttpResponse:
    """Say what the budget of this financial year sets aside."""
    form, today = BudgetForm(request.POST), timezone.localdate()
    if form.is_valid():
        services.set_budget(year=financial_year(today), amount=form.cleaned_data["amount"], by=actor_of(request))
        messages.success(request, gettext("The sum set aside is saved."))
        return redirect("home_security:damage")
    page = pages.claims_page(request.user, today, request.GET)
    return render(request, "home_security/damage.html", {"page": page, "budget_form": form}, status=422)


@guarded(Permission.EDIT_HOMES)
@form_view
def find_visit(request: HttpRequest) -> HttpResponse:
    """Find the visit a claim is about; that somebody looked is recorded. What is looked for stays out of histories."""
    form = FindVisitForm(request.POST if request.method == "POST" else None)
    page = None
    if form.is_valid():
        found = selectors.visits_matching(form.cleaned_data["find"])
        services.note_search(len(found), by=actor_of(request))
        page = pages.found_page(found, form.cleaned_data["find"])
    return render(request, "home_security/damage_find.html", {"form": form, "page": page}, status=status_of(form))


@guarded(Permission.EDIT_HOMES)
@form_view
def raise_claim(request: HttpRequest, key: int) -> HttpResponse:
    """Raise a claim against a visit."""
    found = selectors.visit(key)
    if found is None:
        raise Http404
    form = ClaimForm(request.POST or None, initial={"claimed_on": timezone.localdate()})
    if kept(form, lambda: services.raise_claim(found, **form.cleaned_data, by=actor_of(request))):
        messages.success(request, gettext("The claim is written down."))
        return redirect("home_security:damage")
    services.note_look_at_visit(found, by=actor_of(request))
    about = {"form": form, "page": pages.visit_page(found)}
    return render(request, "home_security/damage_raise.html", about, status=status_of(form))


@guarded(Permission.EDIT_HOMES)
@form_view
def claim(request: HttpRequest, key: int) -> HttpResponse:
    """One claim, and settling it; the look is recorded."""
    found = selectors.claim(key)
    if found is None:
        raise Http404
    page = pages.claim_page(found)
    form = SettleClaimForm(request.POST or None, initial={"paid": page["amount"], "settled_on": timezone.localdate()})
    if kept(form, lambda: services.settle_claim(found, **form.told(), by=actor_of(request))):
        messages.success(request, gettext("The claim is settled."))
        return redirect("home_security:damage")
    services.note_look(found, by=actor_of(request))
    return render(request, "home_security/damage_claim.html", {"form": form, "page": page}, status=status_of(form))
