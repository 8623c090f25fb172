"""Pages of business security."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from frankpledge.delivery.area_schemes.forms import shops as forms
from frankpledge.delivery.area_schemes.models import Business, Grant
from frankpledge.delivery.area_schemes.pages import shops as pages
from frankpledge.delivery.area_schemes.selectors import gates, where
from frankpledge.delivery.area_schemes.selectors import shops as selectors
from frankpledge.delivery.area_schemes.services import shops as services
from frankpledge.delivery.area_schemes.services.money import set_pot
from frankpledge.delivery.area_schemes.vocabulary import PotKind
from frankpledge.ui.forms import form_view, kept, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.permissions import Permission


@guarded(Permission.VIEW_SCHEMES)
@require_safe
def shops(request: HttpRequest) -> HttpResponse:
    """Businesses, grants, and what is left of the pot."""
    return render(request, "area_schemes/shops.html", {"page": pages.shops_page(request.user)})


@guarded(Permission.VIEW_SCHEMES)
@require_safe
def shop(request: HttpRequest, key: int) -> HttpResponse:
    """One business."""
    return render(request, "area_schemes/shop.html", {"page": pages.shop_page(_found(key), request.user)})


@guarded(Permission.EDIT_SCHEMES)
@form_view
def business(request: HttpRequest, key: int | None = None) -> HttpResponse:
    """Add a business, or change one."""
    held = None if key is None else _found(key)
    names = ("name", "address", "ward", "trade", "keyholding_since")
    initial = {name: getattr(held, name) for name in names} if held else {"trade": "small retailer"}
    form = forms.BusinessForm(request.POST or None, initial=initial, wards=where.wards())
    if kept(form, lambda: services.set_business(business=held, **form.cleaned_data, by=actor_of(request))):
        messages.success(request, gettext("The business is written down."))
        return redirect("area_schemes:shops") if held is None else redirect("area_schemes:shop", key=held.pk)
    return render(request, "area_schemes/shop_edit.html", {"form": form, "business": held}, status=status_of(form))


@guarded(Permission.EDIT_SCHEMES)
@form_view
def visit(request: HttpRequest, key: int) -> HttpResponse:
    """Write down a risk assessment."""
    found = _found(key)
    form = forms.VisitForm(request.POST or None, initial={"on": timezone.localdate()})
    if kept(form, lambda: services.note_visit(found, **form.cleaned_data, by=actor_of(request))):
        messages.success(request, gettext("The risk assessment is written down."))
        return redirect("area_schemes:shop", key=key)
    return render(request, "area_schemes/shop_visit.html", {"form": form, "business": found}, status=status_of(form))


@guarded(Permission.EDIT_SCHEMES)
@form_view
def offer(request: HttpRequest, key: int) -> HttpResponse:
    """Offer a grant."""
    found = _found(key)
    form = forms.OfferForm(request.POST or None, initial={"offered_on": timezone.localdate()})
    if kept(form, lambda: services.offer(found, **form.cleaned_data, by=actor_of(request))):
        messages.success(request, gettext("The grant is offered."))
        return redirect("area_schemes:shop", key=key)
    context = {"form": form, "business": found, "rules": pages.rules_words(gates.pot(PotKind.BUSINESS))}
    return render(request, "area_schemes/shop_offer.html", context, status=status_of(form))


@guarded(Permission.EDIT_SCHEMES)
@form_view
def grant(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """Take a grant a step on."""
    held = _grant(key, number)
    names = ("state", "cost", "amount", "paid_on")
    form = forms.GrantForm(request.POST or None, initial={name: getattr(held, name) for name in names})
    if kept(form, lambda: services.move_grant(held, **form.cleaned_data, by=actor_of(request))):
        messages.success(request, gettext("The grant is changed."))
        return redirect("area_schemes:shop", key=key)
    context = {"form": form, "grant": held, "rules": pages.rules_words(gates.pot(PotKind.BUSINESS))}
    return render(request, "area_schemes/shop_grant.html", context, status=status_of(form))


@guarded(Permission.EDIT_SCHEMES)
@form_view
def pot(request: HttpRequest) -> HttpResponse:
    """Say what money there is for grants, and their rules."""
    held = gates.pot(PotKind.BUSINESS)
    names = ("funder", "amount", "ends_on", "cap", "match_percent")
    form = forms.PotForm(request.POST or None, initial={name: getattr(held, name) for name in names} if held else None)
    if kept(form, lambda: set_pot(PotKind.BUSINESS, **form.cleaned_data, by=actor_of(request))):
        return redirect("area_schemes:shops")
    return render(request, "area_schemes/shop_pot.html", {"form": form}, status=status_of(form))


def _found(key: int) -> Business:
    found = selectors.business(key)
    if found is None:
        raise Http404
    return found


def _grant(key: int, number: int) -> Grant:
    found = selectors.grant(key, number)
    if found is None:
        raise Http404
    return found
