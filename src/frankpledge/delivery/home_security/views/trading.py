"""Pages of the trading account."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from frankpledge.delivery.home_security.forms.trading import MoneyForm, ReinvestForm, SaleForm, TakeBackForm
from frankpledge.delivery.home_security.pages import trading as pages
from frankpledge.delivery.home_security.selectors import suppliers
from frankpledge.delivery.home_security.selectors import trading as selectors
from frankpledge.delivery.home_security.services import trading as services
from frankpledge.reports.spreadsheets import to_csv, to_ods
from frankpledge.ui.forms import kept, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.permissions import Permission

form_view = require_http_methods(["GET", "HEAD", "POST"])
TYPES = {"csv": "text/csv; charset=utf-8", "ods": "application/vnd.oasis.opendocument.spreadsheet"}


@guarded(Permission.VIEW_HOMES)
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """The trading account: balance, statement by quarter, every line."""
    page = pages.account_page(request.user, timezone.localdate(), request.GET)
    return render(request, "home_security/trading.html", {"page": page})


@guarded(Permission.VIEW_HOMES)
@require_safe
def statement(request: HttpRequest, extension: str) -> HttpResponse:
    """The statement as a file."""
    if extension not in TYPES:
        raise Http404
    sheets = pages.sheets(timezone.localdate())
    made: Any = to_ods(sheets) if extension == "ods" else to_csv(sheets[0])
    disposition = f'attachment; filename="trading-account.{extension}"'
    return HttpResponse(made, content_type=TYPES[extension], headers={"Content-Disposition": disposition})


@guarded(Permission.EDIT_HOMES)
@form_view
def sell(request: HttpRequest) -> HttpResponse:
    """Write down a sale: what is sold leaves the store."""
    form = SaleForm(request.POST or None, initial={"on": timezone.localdate()})

    def write() -> object:
        return services.sell(**form.cleaned_data, by=actor_of(request))

    return _written(request, form, write, gettext("Write down a sale"), gettext("The sale is written down."))


@guarded(Permission.EDIT_HOMES)
@form_view
def reinvest(request: HttpRequest) -> HttpResponse:
    """Order more with the account's money."""
    approved = suppliers.approved_on(timezone.localdate())
    form = ReinvestForm(request.POST or None, approved=approved)

    def order() -> object:
        return services.reinvest(form.cleaned_data["item"], **form.told(), by=actor_of(request))

    return _written(request, form, order, gettext("Order more stock"), gettext("It is ordered and paid."))


@guarded(Permission.EDIT_HOMES)
@form_view
def other_money(request: HttpRequest) -> HttpResponse:
    """Money in or out that is neither a sale nor stock."""
    form = MoneyForm(request.POST or None, initial={"on": timezone.localdate()})

    def write() -> object:
        told = dict(form.cleaned_data)
        return (services.take_in if told.pop("way") == "in" else services.spend)(**told, by=actor_of(request))

    return _written(request, form, write, gettext("Other money"), gettext("It is written down."))


@guarded(Permission.EDIT_HOMES)
@form_view
def take_back(request: HttpRequest, key: int) -> HttpResponse:
    """Take a mistaken line back."""
    found = selectors.trade_lines().filter(pk=key).first()
    if found is None:
        raise Http404
    form = TakeBackForm(request.POST or None)

    def back() -> object:
        return services.take_back(found, because=form.cleaned_data["because"], by=actor_of(request))

    title, done = gettext("Take a line back"), gettext("It is taken back.")
    return _written(request, form, back, title, done, pages.line_page(found))


def _written(
    request: HttpRequest,
    form: forms.Form,
    write: Callable[[], object],
    title: str,
    done: str,
    row: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show a form of the account; once it is filled, write and go back, or say why not."""
    if kept(form, write):
        messages.success(request, done)
        return redirect("home_security:sales")
    about = {"form": form, "title": title, "row": row}
    return render(request, "home_security/trading_form.html", about, status=status_of(form))
